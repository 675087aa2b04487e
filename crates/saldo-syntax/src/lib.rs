//! Text to declarations: pieces, formulas, declarations of the Saldo language.
//!
//! Parsing never fails: it returns what could be read and a list of problems.

mod accounts;
mod agents;
pub mod ast;
mod atoms;
mod books;
mod complaints;
mod decl;
mod expr;
mod file;
mod first_word;
pub mod format;
mod givens;
mod habits;
mod keywords;
mod lexer;
mod lines;
mod notes;
mod parser;
mod recover;
mod side_files;
mod symbol;
pub mod tree;

pub use file::{MAX_FILE, Parse, parse};
pub use symbol::{Quick, Symbol};
