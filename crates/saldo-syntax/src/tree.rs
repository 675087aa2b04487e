//! The whole text, without loss: pieces, the space between them, and what the parser noted.
//!
//! Every byte belongs to a piece or to the space before one (the last piece is the empty one at
//! the end), so that putting spaces and pieces together again gives the text. The typed view of
//! [`crate::ast`] points into the same bytes with its spans.

use crate::lexer::{Kind, Piece};
use crate::notes::Notes;
use crate::parser::Parser;
use saldo_diag::{Diagnostic, FileId};

/// A text that was read, with nothing dropped.
pub struct Tree<'t> {
    pub text: &'t str,
    pub pieces: Vec<Piece>,
    pub notes: Notes,
    pub problems: Vec<Diagnostic>,
}

/// What stands between two pieces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trivia<'t> {
    /// From `#` to the end of the line, without it.
    Comment(&'t str),
    /// The line ends.
    LineEnd,
    /// Blanks, tabulators, carriage returns, a byte order mark.
    Space(&'t str),
}

impl Trivia<'_> {
    pub fn text(&self) -> &str {
        match self {
            Trivia::Comment(text) | Trivia::Space(text) => text,
            Trivia::LineEnd => "\n",
        }
    }
}

/// Reads a text and keeps everything.
pub fn tree(file: FileId, text: &str) -> Tree<'_> {
    let mut parser = Parser::with_notes(file, text);
    parser.whole_file();
    let (pieces, notes, problems) = parser.into_pieces();
    Tree {
        text,
        pieces,
        notes,
        problems,
    }
}

impl<'t> Tree<'t> {
    pub fn show(&self, piece: usize) -> &'t str {
        &self.text[self.pieces[piece].start()..self.pieces[piece].end()]
    }

    /// The text between a piece and the one before it.
    pub fn before(&self, piece: usize) -> &'t str {
        let start = if piece == 0 {
            0
        } else {
            self.pieces[piece - 1].end()
        };
        &self.text[start..self.pieces[piece].start()]
    }

    pub fn trivia(&self, piece: usize) -> Vec<Trivia<'t>> {
        cut(self.before(piece))
    }

    /// Number of pieces, without the empty one at the end.
    pub fn len(&self) -> usize {
        self.pieces.len() - 1
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    pub(crate) fn kind(&self, piece: usize) -> Kind {
        self.pieces[piece].kind
    }
}

fn cut(space: &str) -> Vec<Trivia<'_>> {
    let mut found = Vec::new();
    let mut rest = space;
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '\n' => 1,
            '#' => rest.find('\n').unwrap_or(rest.len()),
            _ => rest.find(['\n', '#']).unwrap_or(rest.len()),
        };
        let (this, after) = rest.split_at(length);
        found.push(match first {
            '\n' => Trivia::LineEnd,
            '#' => Trivia::Comment(this),
            _ => Trivia::Space(this),
        });
        rest = after;
    }
    found
}
