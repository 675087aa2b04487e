//! A line that begins with no word of the language: which word was meant.

use crate::keywords::{all, is_keyword, keyword};
use crate::lexer::Kind;
use crate::parser::Parser;
use saldo_diag::{Diagnostic, nearest};

/// What other tools and plain speech call a declaration, and what it is called here.
const ELSEWHERE: &[(&str, &str)] = &[
    ("account", "instrument"),
    ("actor", "sector"),
    ("agent", "sector"),
    ("agents", "population"),
    ("asset", "instrument"),
    ("assert", "check"),
    ("constant", "param"),
    ("data", "series"),
    ("exogenous", "series"),
    ("for", "each"),
    ("foreach", "each"),
    ("forall", "each"),
    ("import", "use"),
    ("include", "use"),
    ("initial", "start"),
    ("init", "start"),
    ("parameter", "param"),
    ("parameters", "param"),
    ("payments", "flows"),
    ("policy", "event"),
    ("shock", "event"),
    ("solve", "find"),
    ("transactions", "flows"),
];

impl Parser<'_> {
    /// The word a line was meant to begin with, where its first word is none of the language but
    /// is followed by what follows one. The mistake is told, and the line can be read as meant.
    pub(crate) fn meant_word(&mut self) -> Option<&'static str> {
        let word = self.show(self.peek());
        if is_keyword(word) || !self.looks_declared() {
            return None;
        }
        let elsewhere = ELSEWHERE.iter().find(|(other, _)| *other == word);
        let meant = match elsewhere {
            Some((_, meant)) => keyword(meant)?,
            None => keyword(nearest(word, all())?)?,
        };
        let problem = Diagnostic::error(
            "first-word",
            format!("no declaration begins with `{word}`: is `{meant}` meant?"),
        )
        .at(self.span_of(self.peek()), format!("perhaps {meant}"))
        .why("The first word of a line says what it declares; a line that explains a quantity is  NAME = FORMULA.")
        .help(format!("write  {meant} {}", self.rest_of_head()));
        self.complain(problem);
        Some(meant)
    }

    /// `word name …`, `word "title" more`, `word {`: no equation goes on like that.
    fn looks_declared(&self) -> bool {
        let [next, after] = [1, 2].map(|n| self.ahead(n));
        if next.new_line {
            return false;
        }
        match next.kind {
            Kind::Word => true,
            // An equation may have a title, in several languages: it goes on with `=`.
            Kind::Text => after.kind == Kind::Word && !after.new_line && !self.line_equates(),
            Kind::Sign => self.show(next) == "{",
            _ => false,
        }
    }

    fn line_equates(&self) -> bool {
        let mut line = (1..)
            .map(|n| self.ahead(n))
            .take_while(|it| !it.new_line && it.kind != Kind::End);
        line.any(|it| it.kind == Kind::Sign && self.show(it) == "=")
    }

    /// What follows the first word, as far as it names what is declared.
    fn rest_of_head(&self) -> String {
        let next = self.ahead(1);
        match next.kind {
            Kind::Sign => "{ … }".to_string(),
            _ => format!("{} …", self.show(next).chars().take(30).collect::<String>()),
        }
    }
}
