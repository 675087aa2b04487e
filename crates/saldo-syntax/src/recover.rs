//! Going on after a mistake: which line can be the next declaration, and what was lost.

use crate::keywords::{is_keyword, is_top_level};
use crate::lexer::{Kind, Piece};
use crate::parser::Parser;

/// Words that go on with the declaration of the line before.
const GOES_ON: &[&str] = &[
    "cite", "assumed", "at", "with", "within", "then", "else", "skip", "short", "by", "from",
    "for", "where", "as", "guess", "until", "on", "and", "or", "limit", "column", "split",
    "rounds", "visits", "widen",
];

impl Parser<'_> {
    /// Moves to the next line that can begin a declaration of this block.
    pub(crate) fn recover(&mut self, began: usize) {
        let began = began.min(self.at);
        self.skip_line(began);
        self.lose(began);
    }

    pub(crate) fn skip_line(&mut self, began: usize) {
        let (mut braces, mut round) = (0i32, 0i32);
        for at in began..self.at {
            let (brace, bracket) = self.brackets(self.pieces[at]);
            (braces, round) = (braces + brace, round + bracket);
        }
        while !self.done() {
            if braces <= 0 && self.is_sign("}") {
                break;
            }
            if self.peek().new_line && self.at > began && self.may_begin(braces, round) {
                break;
            }
            let (brace, bracket) = self.brackets(self.peek());
            (braces, round) = (braces + brace, round + bracket);
            self.next();
        }
    }

    /// The line that begins here can be a declaration after a mistake in the one before.
    fn may_begin(&self, braces: i32, round: i32) -> bool {
        let explains = || {
            let line = (1..12)
                .map(|n| self.ahead(n))
                .take_while(|piece| !piece.new_line);
            line.into_iter()
                .any(|piece| matches!(self.show(piece), "=" | ":"))
        };
        self.begins_top_level() || (braces <= 0 && !self.goes_on() && (round <= 0 || explains()))
    }

    /// A sign, a text or a joining word begins no declaration.
    fn goes_on(&self) -> bool {
        let named = matches!(self.show(self.ahead(1)), "=" | ":");
        match self.peek().kind {
            Kind::Sign => !self.is_sign("}"),
            Kind::Text => true,
            Kind::Word => GOES_ON.contains(&self.show(self.peek())) && !named,
            _ => false,
        }
    }

    /// A declaration that stands in no block: `param x …` at the start of a line.
    pub(crate) fn begins_top_level(&self) -> bool {
        let (piece, next) = (self.peek(), self.ahead(1));
        // A line of a block is usually indented; its words may be anything.
        let outside = piece.start() == 0 || self.text.as_bytes()[piece.start() - 1] == b'\n';
        piece.new_line && outside && !next.new_line && self.declares(self.show(piece))
    }

    /// `word` is followed by what follows it in a declaration.
    fn declares(&self, word: &str) -> bool {
        let [next, after] = [1, 2].map(|n| self.ahead(n));
        let named = next.kind == Kind::Word;
        match word {
            "start" => named || self.show(next) == "{",
            "check" => next.kind == Kind::Text && after.kind == Kind::Word,
            "find" => named && matches!(self.show(after), "such" | "["),
            _ => is_top_level(word) && named && self.show(next) != "in",
        }
    }

    /// Remembers the names that an unread declaration would have given.
    pub(crate) fn lose(&mut self, began: usize) {
        let first = self.show(self.pieces[began]);
        let mut led = false;
        let lists = matches!(first, "set" | "choice" | "unit" | "sector");
        for at in began..self.at {
            let piece = self.pieces[at];
            let next = self.pieces[at + 1];
            let named = matches!(self.show(next), "=" | ":" | "[" | "==" | ":=");
            let word = matches!(piece.kind, Kind::Word | Kind::Quoted);
            let leads = !led && (at > began || !is_keyword(first));
            if word && (leads || named || lists) {
                led = true;
                let name = self.show(piece).trim_matches('`');
                self.lost.insert(name.into());
            }
        }
    }

    /// How a piece changes the count of open braces and of open brackets.
    fn brackets(&self, piece: Piece) -> (i32, i32) {
        match (piece.kind, self.show(piece)) {
            (Kind::Sign, "{") => (1, 0),
            (Kind::Sign, "}") => (-1, 0),
            (Kind::Sign, "(" | "[") => (0, 1),
            (Kind::Sign, ")" | "]") => (0, -1),
            _ => (0, 0),
        }
    }
}
