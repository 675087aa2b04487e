//! The page's sentences in both of its languages.
//!
//! A sentence stands once in each language's file, by a key; `{0}` is the place of its first part.
//! Only what depends on a number or a title is put together in code.

use crate::number;
use serde::{Deserialize, Serialize};

const ENGLISH: &str = include_str!("language/english.txt");
const RUSSIAN: &str = include_str!("language/russian.txt");

/// A text in both languages.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Said {
    pub english: String,
    pub russian: String,
}

impl Said {
    pub(crate) fn new(english: impl Into<String>, russian: impl Into<String>) -> Said {
        Said {
            english: english.into(),
            russian: russian.into(),
        }
    }

    /// Both languages changed in the same way.
    pub(crate) fn map(&self, make: impl Fn(&str) -> String) -> Said {
        Said::new(make(&self.english), make(&self.russian))
    }

    /// Several in a row.
    pub(crate) fn joined(all: &[Said], between: &str) -> Said {
        let join = |of: fn(&Said) -> &str| {
            let texts: Vec<&str> = all.iter().map(of).collect();
            texts.join(between)
        };
        Said::new(join(|it| &it.english), join(|it| &it.russian))
    }
}

/// The same in both languages: names, units, texts of the model.
impl From<&str> for Said {
    fn from(text: &str) -> Said {
        Said::new(text, text)
    }
}

impl From<usize> for Said {
    fn from(count: usize) -> Said {
        Said::from(count.to_string().as_str())
    }
}

/// A sentence with its parts.
pub(crate) fn say(key: &str, parts: &[Said]) -> Said {
    let fill = |texts: &str, of: fn(&Said) -> &str| {
        let mut text = template(texts, key).to_string();
        for (at, part) in parts.iter().enumerate() {
            text = text.replace(&format!("{{{at}}}"), of(part));
        }
        text
    };
    Said::new(
        fill(ENGLISH, |it| &it.english),
        fill(RUSSIAN, |it| &it.russian),
    )
}

fn template<'a>(texts: &'a str, key: &str) -> &'a str {
    let mut pairs = texts.lines().filter_map(pair);
    let found = pairs.find(|(known, _)| *known == key);
    found.map_or("", |(_, text)| text)
}

fn pair(line: &str) -> Option<(&str, &str)> {
    let (key, text) = line.split_once(" =")?;
    Some((key, text.trim_start()))
}

/// A date of the calendar: `1992-01`, in Russian `01.1992`; a bare number is a period's.
pub(crate) fn date(label: &str) -> Said {
    if label.len() < 4 && label.bytes().all(|it| it.is_ascii_digit()) {
        return Said::new(format!("period {label}"), format!("период {label}"));
    }
    let month = label.split_once('-').filter(|(year, month)| {
        let digits =
            |text: &str, count| text.len() == count && text.bytes().all(|it| it.is_ascii_digit());
        digits(year, 4) && digits(month, 2)
    });
    match month {
        Some((year, month)) => Said::new(label, format!("{month}.{year}")),
        None => label.into(),
    }
}

/// A number as a table shows it.
pub(crate) fn figure(value: f64) -> Said {
    comma(number::figure(value))
}

/// A number with a decimal point, in Russian with a comma.
pub(crate) fn comma(text: String) -> Said {
    let russian = text.replace('.', ",");
    Said::new(text, russian)
}

/// A number in a sentence: `28.4 billion` reads better than eleven digits.
pub(crate) fn spoken(value: f64) -> Said {
    const NAMES: [(f64, &str, &str); 3] = [
        (1e12, "trillion", "трлн"),
        (1e9, "billion", "млрд"),
        (1e6, "million", "млн"),
    ];
    let size = value.abs();
    let mut fitting = NAMES.iter().filter(|(by, ..)| size >= *by && size < 1e15);
    match fitting.next() {
        Some((by, english, russian)) => {
            let it = figure(value / by);
            Said::new(
                format!("{} {english}", it.english),
                format!("{} {russian}", it.russian),
            )
        }
        None => figure(value),
    }
}

/// `12.3 % more`, `unchanged`, and `47 times as much` where a percentage says nothing any more.
pub(crate) fn change(from: f64, to: f64) -> Said {
    let ratio = to / from;
    let percent = |share: f64| comma(format!("{:.1}", share * 100.0));
    match ratio {
        _ if (ratio - 1.0).abs() < 5e-4 || from == to => say("same", &[]),
        _ if !ratio.is_finite() || ratio <= 0.0 => {
            let way = if to < from { "down" } else { "up" };
            say(way, &[spoken((to - from).abs())])
        }
        _ if ratio >= 3.0 => say("times", &[spoken(ratio)]),
        _ if ratio >= 1.0 => say("more", &[percent(ratio - 1.0)]),
        _ => say("less", &[percent(1.0 - ratio)]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(texts: &'static str) -> Vec<(&'static str, Vec<String>)> {
        let pairs = texts.lines().map(|line| pair(line).expect("key = text"));
        let parts = |text: &str| {
            let all = (0..9).map(|at| format!("{{{at}}}"));
            all.filter(|part| text.contains(part)).collect()
        };
        pairs.map(|(key, text)| (key, parts(text))).collect()
    }

    #[test]
    fn both_languages_have_the_same_sentences_with_the_same_parts() {
        assert_eq!(keys(ENGLISH), keys(RUSSIAN));
    }

    #[test]
    fn every_sentence_is_said_somewhere_and_every_key_is_known() {
        let sources = [
            include_str!("said.rs"),
            include_str!("document/mod.rs"),
            include_str!("gather/assumed.rs"),
            include_str!("gather/books.rs"),
            include_str!("gather/equations.rs"),
            include_str!("gather/evidence.rs"),
            include_str!("gather/why.rs"),
            include_str!("write/assumed.rs"),
            include_str!("write/books.rs"),
            include_str!("write/charts.rs"),
            include_str!("write/data.rs"),
            include_str!("write/equations.rs"),
            include_str!("write/evidence.rs"),
            include_str!("write/flowchart.rs"),
            include_str!("write/misses.rs"),
            include_str!("write/mod.rs"),
            include_str!("write/rivals.rs"),
            include_str!("write/says.rs"),
            include_str!("write/tested.rs"),
            include_str!("write/timeline.rs"),
            include_str!("write/why.rs"),
        ];
        for (key, _) in keys(ENGLISH) {
            let quoted = format!("\"{key}\"");
            assert!(sources.iter().any(|text| text.contains(&quoted)), "{key}");
        }
        let said = sources.iter().flat_map(|text| text.split("say(\"").skip(1));
        for key in said.filter_map(|rest| rest.split('"').next()) {
            assert!(
                keys(ENGLISH).iter().any(|(known, _)| *known == key),
                "{key}"
            );
        }
    }

    #[test]
    fn numbers_and_dates_follow_the_language() {
        assert_eq!(change(0.0, 0.0).english, "unchanged");
        assert_eq!(spoken(2.84e10), Said::new("28.40 billion", "28,40 млрд"));
        assert_eq!(date("1992-01"), Said::new("1992-01", "01.1992"));
        assert_eq!(date("1992Q1"), "1992Q1".into());
        assert_eq!(date("60"), Said::new("period 60", "период 60"));
        assert_eq!(
            change(1.0, 1.5),
            Said::new("50.0 % more", "на 50,0 % больше")
        );
        assert_eq!(
            change(2.0, 1.0),
            Said::new("50.0 % less", "на 50,0 % меньше")
        );
        assert_eq!(
            change(1.0, -1.0),
            Said::new("down by 2.000", "ниже на 2,000")
        );
    }
}
