//! Primitives of reading: look at the next piece, take it, complain, recover.

use crate::lexer::{Kind, Piece, lex};
use crate::notes::{Item, Notes};
use crate::symbol::Symbol;
use saldo_diag::{Diagnostic, FileId, Span};
use std::collections::BTreeSet;

/// Deepest nesting of brackets, formulas and blocks.
pub const MAX_DEPTH: u32 = 200;

/// Most operators in one formula: it is a tree as deep as it is long.
pub const MAX_OPERATORS: u32 = 2000;

/// Most problems told about one file.
pub const MAX_PROBLEMS: usize = 100;

pub struct Parser<'t> {
    pub(crate) file: FileId,
    pub(crate) text: &'t str,
    pub(crate) pieces: Vec<Piece>,
    pub(crate) at: usize,
    pub(crate) problems: Vec<Diagnostic>,
    depth: u32,
    /// Open formulas, and the operators of the outermost one.
    formulas: u32,
    pub(crate) operators: u32,
    /// Where the lexer complained, in order.
    pub(crate) broken: Vec<usize>,
    /// Names that unread declarations would have given.
    pub(crate) lost: BTreeSet<Symbol>,
    notes: Option<Notes>,
}

/// Reading a declaration failed; the problem has been reported.
pub struct Failed;
pub type Read<T> = Result<T, Failed>;

impl<'t> Parser<'t> {
    pub fn new(file: FileId, text: &'t str) -> Self {
        let mut problems = Vec::new();
        let pieces = lex(file, text, &mut problems);
        let place = |problem: &Diagnostic| {
            problem
                .labels
                .first()
                .map(|label| label.span.start as usize)
        };
        let broken = problems.iter().filter_map(place).collect();
        Parser {
            file,
            text,
            pieces,
            at: 0,
            problems,
            depth: 0,
            formulas: 0,
            operators: 0,
            broken,
            lost: BTreeSet::new(),
            notes: None,
        }
    }

    /// A parser that also notes what the typed view drops.
    pub fn with_notes(file: FileId, text: &'t str) -> Self {
        Parser {
            notes: Some(Notes::default()),
            ..Self::new(file, text)
        }
    }

    /// The pieces and what was noted about them.
    pub(crate) fn into_pieces(self) -> (Vec<Piece>, Notes, Vec<Diagnostic>) {
        (self.pieces, self.notes.unwrap_or_default(), self.problems)
    }

    // --- notes

    /// The next piece stands right behind the one before.
    pub(crate) fn tight(&mut self) {
        if let Some(notes) = &mut self.notes {
            notes.tight.push(self.at);
        }
    }

    /// A line of the language begins with the next piece.
    pub(crate) fn begins(&mut self, item: Item) {
        if let Some(notes) = &mut self.notes {
            notes.items.push((self.at, item));
        }
    }

    /// A formula or a list of arguments reached from piece `began` to here.
    pub(crate) fn reached(&mut self, began: usize) {
        if let Some(notes) = &mut self.notes {
            notes.formulas.push((began, self.at));
        }
    }

    pub(crate) fn peek(&self) -> Piece {
        self.pieces[self.at]
    }

    pub(crate) fn ahead(&self, n: usize) -> Piece {
        self.pieces[(self.at + n).min(self.pieces.len() - 1)]
    }

    pub(crate) fn show(&self, piece: Piece) -> &'t str {
        &self.text[piece.start()..piece.end()]
    }

    pub(crate) fn span_of(&self, piece: Piece) -> Span {
        Span::new(self.file, piece.start(), piece.end())
    }

    pub(crate) fn next(&mut self) -> Piece {
        let piece = self.peek();
        if self.at < self.pieces.len() - 1 {
            self.at += 1;
        }
        piece
    }

    pub(crate) fn next_text(&mut self) -> &'t str {
        let piece = self.next();
        self.show(piece)
    }

    /// From `start` to the end of the piece before.
    pub(crate) fn span_from(&self, start: usize) -> Span {
        let end = if self.at == 0 {
            start
        } else {
            self.pieces[self.at - 1].end()
        };
        Span::new(self.file, start, end.max(start))
    }

    pub(crate) fn done(&self) -> bool {
        self.peek().kind == Kind::End
    }

    pub(crate) fn is_word(&self, word: &str) -> bool {
        self.peek().kind == Kind::Word && self.show(self.peek()) == word
    }

    pub(crate) fn is_sign(&self, sign: &str) -> bool {
        self.peek().kind == Kind::Sign && self.show(self.peek()) == sign
    }

    pub(crate) fn take_word(&mut self, word: &str) -> bool {
        let found = self.is_word(word);
        if found {
            self.next();
        }
        found
    }

    pub(crate) fn take_sign(&mut self, sign: &str) -> bool {
        let found = self.is_sign(sign);
        if found {
            self.next();
        }
        found
    }

    /// The next piece begins a line (or ends the block).
    pub(crate) fn line_ended(&self) -> bool {
        self.peek().new_line || self.done() || self.is_sign("}")
    }

    /// The piece before the next one.
    pub(crate) fn behind(&self) -> Piece {
        self.pieces[self.at.saturating_sub(1)]
    }

    pub(crate) fn enter_formula(&mut self) {
        if self.formulas == 0 {
            self.operators = 0;
        }
        self.formulas += 1;
    }

    pub(crate) fn leave_formula(&mut self) {
        self.formulas -= 1;
    }

    /// Runs `inside` one level deeper; too deep is an error, not a crash.
    pub(crate) fn nested<T>(&mut self, inside: impl FnOnce(&mut Self) -> Read<T>) -> Read<T> {
        if self.depth >= MAX_DEPTH {
            let problem = Diagnostic::error(
                "too-deep",
                format!("more than {MAX_DEPTH} levels of brackets"),
            )
            .at(self.span_of(self.peek()), "here it becomes too deep")
            .why("A formula that deep cannot be read by people either.")
            .help("give parts of it names of their own");
            return Err(self.complain(problem));
        }
        self.depth += 1;
        let result = inside(self);
        self.depth -= 1;
        result
    }

    pub(crate) fn place(&self) -> usize {
        self.at
    }

    /// Reads the lines of a block up to its `}`; one bad line costs one line.
    pub(crate) fn block<T>(
        &mut self,
        item: Item,
        mut line: impl FnMut(&mut Self) -> Read<T>,
    ) -> Read<Vec<T>> {
        let open = self.peek();
        self.need_sign("{", "open the block with  {")?;
        let mut items = Vec::new();
        loop {
            while self.take_sign(",") {}
            if self.take_sign("}") {
                return Ok(items);
            }
            let foreign = item != Item::Decl && self.begins_top_level();
            if self.done() || foreign {
                let problem = Diagnostic::error("block-open", "this block is never closed")
                    .at(self.span_of(open), "opened here")
                    .why("Everything after it would belong to the block.")
                    .help("add  }  where the block ends");
                return Err(self.complain(problem));
            }
            let began = self.at;
            self.begins(item);
            match self.nested(&mut line) {
                Ok(item) => items.push(item),
                Err(Failed) => self.recover(began),
            }
            if self.at == began {
                self.next();
            }
        }
    }
}
