//! What declarations are made of: names, texts, titles, numbers, dates.

use crate::ast::*;
use crate::lexer::{Kind, Piece};
use crate::parser::{Parser, Read};
use crate::symbol::Symbol;
use saldo_diag::{Diagnostic, Span};

impl Parser<'_> {
    pub(crate) fn name(&mut self, what: &str) -> Read<Name> {
        let piece = self.peek();
        match piece.kind {
            Kind::Word => {
                self.next();
                Ok(Name {
                    text: self.show(piece).into(),
                    span: self.span_of(piece),
                })
            }
            Kind::Quoted => {
                self.next();
                let inner = self.show(piece).trim_matches('`');
                Ok(Name {
                    text: inner.into(),
                    span: self.span_of(piece),
                })
            }
            _ => Err(self.expected(what, "names begin with a letter")),
        }
    }

    pub(crate) fn names(&mut self, what: &str) -> Read<Vec<Name>> {
        let mut names = vec![self.name(what)?];
        while self.take_sign(",") {
            names.push(self.name(what)?);
        }
        Ok(names)
    }

    pub(crate) fn string(&mut self) -> Option<Text> {
        let piece = self.peek();
        if piece.kind != Kind::Text {
            return None;
        }
        self.next();
        let inner: Symbol = self.show(piece).trim_matches('"').into();
        Some(Text {
            text: inner,
            span: self.span_of(piece),
        })
    }

    pub(crate) fn need_string(&mut self, what: &str) -> Read<Text> {
        match self.string() {
            Some(text) => Ok(text),
            None => Err(self.expected(what, "write it between two quotes")),
        }
    }

    /// `"Coal" ru "Уголь"`, on the same line.
    pub(crate) fn title(&mut self) -> Title {
        if self.peek().new_line {
            return Title::default();
        }
        match self.string() {
            Some(main) => self.title_after(main),
            None => Title::default(),
        }
    }

    /// The forms of a title in other languages.
    pub(crate) fn title_after(&mut self, main: Text) -> Title {
        let mut title = Title {
            main: Some(main.text),
            other: Vec::new(),
            span: main.span,
        };
        while self.peek().kind == Kind::Word
            && self.show(self.peek()).len() == 2
            && self.ahead(1).kind == Kind::Text
            && !matches!(
                self.show(self.peek()),
                "at" | "by" | "on" | "of" | "in" | "to" | "as"
            )
            && !self.peek().new_line
        {
            let Ok(language) = self.name("a language") else {
                break;
            };
            if let Some(text) = self.string() {
                title.other.push((language, text.text));
            }
        }
        title
    }

    pub(crate) fn number(&mut self) -> Read<Number> {
        let negative = self.take_sign("-");
        if negative {
            self.tight();
        }
        let piece = self.peek();
        if !matches!(piece.kind, Kind::Number | Kind::Percent) {
            return Err(self.expected("a number", "write it in figures, for example  1_000.5"));
        }
        self.next();
        let number = self.number_of(piece);
        Ok(Number {
            value: if negative {
                -number.value
            } else {
                number.value
            },
            ..number
        })
    }

    pub(crate) fn number_of(&mut self, piece: Piece) -> Number {
        let percent = piece.kind == Kind::Percent;
        let digits = self.show(piece).replace('_', "");
        let parsed: f64 = digits
            .trim_end_matches('%')
            .parse()
            .unwrap_or(f64::INFINITY);
        if !parsed.is_finite() {
            let problem =
                Diagnostic::error("number-range", "this number is too large to compute with")
                    .at(self.span_of(piece), "beyond 1.8e308")
                    .why("Formulas are computed with about 16 digits and an exponent of 308.")
                    .help("choose a larger unit, for example  unit bn_RUB = 1e9 RUB");
            self.complain(problem);
        }
        let value = if !parsed.is_finite() {
            0.0
        } else if percent {
            parsed / 100.0
        } else {
            parsed
        };
        Number {
            span: self.span_of(piece),
            value,
            percent,
        }
    }

    pub(crate) fn is_date(&self) -> bool {
        self.peek().kind == Kind::Number
    }

    /// `1992`, `1992Q1`, `1992-01`, `1992-01-02`, without spaces.
    pub(crate) fn date(&mut self) -> Read<Date> {
        let start = self.peek().start();
        if !self.is_date() {
            return Err(self.expected("a date", "write  1992,  1992Q1,  1992-01  or  1992-01-02"));
        }
        let rest = &self.text[start..];
        let mut length = rest
            .find(|c: char| !(c.is_ascii_digit() || c == 'Q' || c == '-'))
            .unwrap_or(rest.len());
        // `1990->` and `1990 - x` are no dates: a date ends in a digit.
        while length > 0 && !rest.as_bytes()[length - 1].is_ascii_digit() {
            length -= 1;
        }
        while self.peek().start() < start + length && !self.done() {
            if self.peek().start() > start {
                self.tight();
            }
            self.next();
        }
        let span = Span::new(self.file, start, start + length);
        match date_of(&rest[..length], span) {
            Some(date) => Ok(date),
            None => {
                let problem = Diagnostic::error(
                    "date-impossible",
                    format!("`{}` is no date", &rest[..length]),
                )
                .at(span, "not in the calendar")
                .why("Events and observations are placed in time by their dates.")
                .help("write  1992,  1992Q1,  1992-01  or  1992-01-02");
                Err(self.complain(problem))
            }
        }
    }

    /// A number that begins a date with a month, quarter or day.
    pub(crate) fn is_long_date(&self) -> bool {
        let rest = &self.text[self.peek().start()..];
        let bytes = rest.as_bytes();
        self.is_date()
            && bytes.len() > 5
            && bytes[..4].iter().all(u8::is_ascii_digit)
            && ((bytes[4] == b'-'
                && bytes.len() > 6
                && bytes[5].is_ascii_digit()
                && bytes[6].is_ascii_digit())
                || (bytes[4] == b'Q' && (b'1'..=b'4').contains(&bytes[5])))
    }
}

fn date_of(text: &str, span: Span) -> Option<Date> {
    if let Some((year, quarter)) = text.split_once('Q') {
        let quarter: u8 = quarter.parse().ok().filter(|q| (1..=4).contains(q))?;
        return Some(Date {
            span,
            year: year.parse().ok()?,
            part: DatePart::Quarter(quarter),
        });
    }
    let parts: Vec<&str> = text.split('-').collect();
    let year: i32 = parts[0].parse().ok()?;
    let month = |text: &str| text.parse::<u8>().ok().filter(|m| (1..=12).contains(m));
    let part = match parts.as_slice() {
        [_] => DatePart::Year,
        [_, m] => DatePart::Month(month(m)?),
        [_, m, d] => {
            let m = month(m)?;
            let leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
            let longest = match m {
                2 if leap => 29,
                2 => 28,
                4 | 6 | 9 | 11 => 30,
                _ => 31,
            };
            DatePart::Day(m, d.parse().ok().filter(|d| (1..=longest).contains(d))?)
        }
        _ => return None,
    };
    Some(Date { span, year, part })
}
