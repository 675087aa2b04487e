//! Text to tree: lexer, lossless tree, typed view and formatter of the Saldo language.
//!
//! Parsing never fails: it returns a tree and a list of problems.

pub mod ast;
