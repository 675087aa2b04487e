//! Many messages at once: the same mistake made many times is told a few times in full, and the
//! further places in one line.

use crate::{Diagnostic, FileId, Paint, Sources, terminal, visible};
use std::collections::BTreeMap;

/// How often a mistake is told in full before its further places are only listed.
const IN_FULL: usize = 3;

/// Further places that are listed by line; the rest is a number.
const LISTED: usize = 8;

/// What the mistakes of one file that call for the same answer have in common.
type Kind<'a> = (FileId, &'static str, &'a str, &'a [String]);

/// None for a message without a place: there is no line that could stand for it.
fn kind(problem: &Diagnostic) -> Option<Kind<'_>> {
    let file = problem.labels.first()?.span.file;
    Some((file, problem.id, &problem.headline, &problem.help))
}

/// The messages for a person, in their order; the third of a kind says where the others are.
pub fn terminal_all(problems: &[Diagnostic], sources: &Sources, paint: Paint) -> Vec<String> {
    let mut seen: BTreeMap<Kind, usize> = BTreeMap::new();
    let mut told = Vec::new();
    for (at, problem) in problems.iter().enumerate() {
        let nth = kind(problem).map_or(1, |kind| {
            let count = seen.entry(kind).or_default();
            *count += 1;
            *count
        });
        if nth <= IN_FULL {
            told.push(terminal(problem, sources, paint));
        }
        if let (Some(last), IN_FULL) = (told.last_mut(), nth) {
            last.push_str(&further(problem, &problems[at + 1..], sources));
        }
    }
    told
}

/// `= the same 12 times more in model.saldo: lines 4, 8, …`, or nothing if there are none.
fn further(problem: &Diagnostic, rest: &[Diagnostic], sources: &Sources) -> String {
    let places: Vec<_> = (rest.iter())
        .filter(|it| kind(it) == kind(problem))
        .filter_map(|it| it.labels.first())
        .map(|label| {
            (
                label.span.file,
                sources.line_column(label.span.file, label.span.start).0,
            )
        })
        .collect();
    let Some((file, _)) = places.first() else {
        return String::new();
    };
    let mut lines: Vec<_> = places
        .iter()
        .take(LISTED)
        .map(|(_, line)| line.to_string())
        .collect();
    if places.len() > LISTED {
        lines.push("…".to_string());
    }
    format!(
        "  = the same {} in {}: line{} {}\n",
        match places.len() {
            1 => "once more".to_string(),
            many => format!("{many} times more"),
        },
        visible(&sources.get(*file).path),
        if places.len() == 1 { "" } else { "s" },
        lines.join(", ")
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Span;

    fn told(lines: usize) -> Vec<String> {
        let mut sources = Sources::default();
        let file = sources.add("m.saldo", "needs\n".repeat(lines));
        let problems: Vec<_> = (0..lines)
            .map(|line| {
                Diagnostic::error("expected", "`=` is missing here")
                    .at(Span::new(file, 6 * line, 6 * line + 5), "")
            })
            .collect();
        terminal_all(&problems, &sources, Paint::Plain)
    }

    #[test]
    fn three_of_a_kind_stand_alone() {
        assert_eq!(told(3).len(), 3);
        assert!(!told(3).concat().contains("the same"));
    }

    #[test]
    fn further_ones_are_listed() {
        let four = told(4);
        assert_eq!(four.len(), 3);
        assert!(
            four[2].ends_with("  = the same once more in m.saldo: line 4\n"),
            "{}",
            four[2]
        );
        let many = told(20);
        assert!(
            many[2].ends_with(
                "the same 17 times more in m.saldo: lines 4, 5, 6, 7, 8, 9, 10, 11, …\n"
            ),
            "{}",
            many[2]
        );
    }

    #[test]
    fn other_headlines_are_other_mistakes() {
        let problems: Vec<_> = (0..5)
            .map(|n| Diagnostic::error("unknown-name", format!("no `a{n}`")))
            .collect();
        assert_eq!(
            terminal_all(&problems, &Sources::default(), Paint::Plain).len(),
            5
        );
    }
}
