//! A whole file: what it is, and its declarations.

use crate::ast::*;
use crate::notes::Item;
use crate::parser::{Failed, Parser, Read};
use crate::symbol::Symbol;
use saldo_diag::{Diagnostic, FileId};
use std::collections::BTreeSet;

/// Largest file that is read, in bytes.
pub const MAX_FILE: usize = 64 << 20;

/// A file as read: every declaration that could be understood, and every problem.
pub struct Parse {
    pub file: File,
    pub problems: Vec<Diagnostic>,
    /// Names that declarations with mistakes would have given: what misses them has no cause
    /// of its own.
    pub lost: BTreeSet<Symbol>,
}

/// Reads one file. Never fails: a declaration that cannot be read costs itself only.
pub fn parse(file: FileId, text: &str) -> Parse {
    if text.len() > MAX_FILE {
        let problem = Diagnostic::error("file-size", "this file is too large")
            .at(
                saldo_diag::Span::new(file, 0, 0),
                format!("{} MB", text.len() >> 20),
            )
            .why("A model is a text for people; data belong into tables.")
            .help("move the data into a CSV file and read it with  from \"file.csv\"");
        return Parse {
            file: File {
                kind: FileKind::Model(None),
                decls: Vec::new(),
            },
            problems: vec![problem],
            lost: BTreeSet::new(),
        };
    }
    let mut parser = Parser::new(file, text);
    let file = parser.whole_file();
    Parse {
        file,
        problems: parser.problems,
        lost: parser.lost,
    }
}

impl Parser<'_> {
    /// Header and declarations up to the end.
    pub(crate) fn whole_file(&mut self) -> File {
        self.begins(Item::Decl);
        let kind = self.header().unwrap_or_else(|Failed| {
            self.recover(0);
            FileKind::Model(None)
        });
        let mut decls = Vec::new();
        while !self.done() {
            let began = self.place();
            self.begins(Item::Decl);
            match self.decl() {
                Ok(decl) => decls.push(decl),
                Err(Failed) => self.recover(began),
            }
            if self.place() == began {
                self.next();
            }
        }
        File { kind, decls }
    }

    fn header(&mut self) -> Read<FileKind> {
        if self.take_word("model") {
            let name = self.name("the name of the model")?;
            return Ok(FileKind::Model(Some((name, self.title()))));
        }
        if self.is_word("evidence") && self.show(self.ahead(1)) == "for" {
            self.next();
            self.next();
            return Ok(FileKind::Evidence {
                of: self.name("the name of the model")?,
            });
        }
        if self.is_word("scenario") {
            self.next();
            let name = self.name("the name of the scenario")?;
            self.need_word("for", "write  scenario NAME for MODEL \"title\"")?;
            let of = self.name("the name of the model")?;
            return Ok(FileKind::Scenario {
                name,
                of,
                title: self.title(),
            });
        }
        Ok(FileKind::Model(None))
    }
}
