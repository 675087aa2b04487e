//! Text to declarations: pieces, formulas, declarations of the Saldo language.
//!
//! Parsing never fails: it returns what could be read and a list of problems.

mod agents;
pub mod ast;
mod books;
mod decl;
mod expr;
mod file;
pub mod format;
mod habits;
mod lexer;
mod notes;
mod parser;
mod recover;
mod side_files;
pub mod tree;

pub use decl::KEYWORDS;
pub use file::{MAX_FILE, Parse, parse};
