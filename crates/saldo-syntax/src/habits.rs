//! What people bring along from other tools, and what it is called here.

use crate::ast::*;
use crate::lexer::Kind;
use crate::parser::{Failed, Parser};
use saldo_diag::{Diagnostic, Span};

/// A sign of other languages: what it is, headline, reason, help.
const SIGNS: &[(&str, &str, &str, &str)] = &[
    (
        ";",
        "lines end without a semicolon",
        "A line end is enough to end a declaration.",
        "delete the  ;",
    ),
    (
        ":=",
        "a line is explained with `=`",
        "One sign defines: `=`. One compares: `==`.",
        "write  =  instead of  :=",
    ),
    (
        "//",
        "comments begin with #",
        "Two slashes would divide twice.",
        "write  #  instead of  //",
    ),
    (
        "==",
        "a line is explained with `=`, `==` compares",
        "One sign defines, the other asks.",
        "write  =  instead of  ==",
    ),
    (
        "**",
        "powers are written with ^",
        "Two stars would multiply twice.",
        "write  ^  instead of  **",
    ),
];

impl Parser<'_> {
    /// The next piece is a sign of another language, where `wanted` would stand here.
    pub(crate) fn foreign_sign(&self, wanted: &str) -> Option<Diagnostic> {
        let piece = self.peek();
        let twice = self.place() > 0 && self.show(piece) == "*" && {
            let before = self.behind();
            self.show(before) == "*" && before.end() == piece.start()
        };
        let text = if twice { "**" } else { self.show(piece) };
        let compares = text == "==" && wanted != "`=`" && wanted != "the end of the line";
        if piece.kind != Kind::Sign || compares {
            return None;
        }
        let (_, headline, why, help) = SIGNS.iter().find(|(sign, ..)| *sign == text)?;
        let problem = Diagnostic::error("foreign-sign", *headline)
            .at(self.span_of(piece), "not expected here")
            .why(*why)
            .help(*help);
        Some(problem)
    }

    /// `=>`, where an arrow of this language would stand.
    pub(crate) fn foreign_arrow(&self, wanted: &str) -> Option<Diagnostic> {
        let (first, second) = (self.peek(), self.ahead(1));
        let arrow = self.show(first) == "=" && self.show(second) == ">";
        if wanted != "`->`" || !arrow {
            return None;
        }
        let whole = Span::new(self.file, first.start(), second.end());
        let problem = Diagnostic::error("foreign-sign", "payments go along  ->")
            .at(whole, "not expected here")
            .why("The arrow points from who gives to who takes.")
            .help("write  ->  instead of  =>");
        Some(problem)
    }

    /// `var x = 1`
    pub(crate) fn foreign_word(&mut self, word: &str) -> Failed {
        let problem = Diagnostic::error("foreign-word", format!("lines need no `{word}`"))
            .at(self.span_of(self.peek()), "a habit of other tools")
            .why("A name is declared by explaining it.")
            .help("write  NAME = FORMULA");
        self.complain(problem)
    }

    /// `x(t) = …`
    pub(crate) fn period_in_round(&mut self, target: &Path) -> Failed {
        let name = &target.parts[0].name.text;
        let problem = Diagnostic::error(
            "period-in-brackets",
            format!("`{name}` is explained for all periods at once"),
        )
        .at(self.span_of(self.peek()), "no period belongs here")
        .why("A line holds in every period; earlier values are read with `opening` or `lag`.")
        .help(format!(
            "write  {name} = …  and read the past as  opening {name}"
        ));
        self.complain(problem)
    }

    /// `x[-1]`, and `x(-1)` where no function of that name takes a number below zero.
    pub(crate) fn period_in_brackets(&mut self, what: &str, open: usize) -> Failed {
        while !self.is_sign("]") && !self.is_sign(")") && !self.line_ended() {
            self.next();
        }
        if !self.take_sign("]") {
            self.take_sign(")");
        }
        let problem = Diagnostic::error("lag-in-brackets", format!("an earlier `{what}` is read with a word"))
            .at(Span::new(self.file, open, self.span_from(open).end as usize), "brackets hold members of sets or arguments, no periods")
            .why("How far back a formula looks is a distance in calendar time, the same in a monthly and a yearly model.")
            .help(format!("write  opening {what}  for the period before, or  lag({what}, 1 year)"));
        self.complain(problem)
    }
}
