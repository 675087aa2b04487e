//! The texts of a model: those it was called with, and those that `use` names.

use saldo_diag::{Diagnostic, Sources};
use saldo_exchange::Files;
use saldo_syntax::Symbol;
use saldo_syntax::ast::{self, DeclKind};
use std::collections::BTreeSet;

/// Everything that was read.
#[derive(Default)]
pub(crate) struct Texts {
    pub sources: Sources,
    pub files: Vec<ast::File>,
    pub problems: Vec<Diagnostic>,
    /// Names that declarations with mistakes would have given.
    pub lost: BTreeSet<Symbol>,
    /// Paths as the user knows them.
    names: Vec<String>,
}

/// Reads all files of a model; each once, whoever names it.
pub(crate) fn read(files: &[(String, String)], tables: &dyn Files) -> Texts {
    let mut texts = Texts::default();
    for (path, text) in files {
        texts.add(path.clone(), text);
    }
    let mut at = 0;
    while at < texts.files.len() {
        let used = texts.files[at]
            .decls
            .iter()
            .filter_map(|decl| match &decl.kind {
                DeclKind::Use { path } => Some(path.clone()),
                _ => None,
            });
        for path in used.collect::<Vec<_>>() {
            texts.use_file(&path, tables);
        }
        at += 1;
    }
    texts
}

impl Texts {
    fn add(&mut self, path: String, text: &str) {
        let id = self.sources.add(path.clone(), text);
        let parse = saldo_syntax::parse(id, text);
        self.lost.extend(parse.lost);
        self.problems.extend(parse.problems);
        self.files.push(parse.file);
        self.names.push(path);
    }

    /// A path is meant from the model's folder, as those of tables are.
    fn use_file(&mut self, path: &ast::Text, tables: &dyn Files) {
        let text = match tables.read(&path.text) {
            Ok(text) => text,
            Err(error) => {
                let problem = Diagnostic::error(error.id, error.what)
                    .at(path.span, "used here")
                    .why("What a file would have declared is missing from the model without it.")
                    .help(error.help);
                return self.problems.push(problem);
            }
        };
        let wanted = path.text.trim_start_matches("./");
        let known = |name: &String| name == wanted || name.ends_with(&format!("/{wanted}"));
        if !self.names.iter().any(known) {
            let folder = self.names[0].rsplit_once('/').map(|(folder, _)| folder);
            let shown = folder.map_or(wanted.to_string(), |folder| format!("{folder}/{wanted}"));
            self.add(shown, &text);
        }
    }
}
