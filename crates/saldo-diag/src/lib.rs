//! Diagnostics as data: what went wrong, where, why it matters in economics, and the way out.
//!
//! A [`Diagnostic`] is built where the problem is found and rendered elsewhere
//! (terminal, JSON, editors, pages). Nothing here prints.

mod alike;
mod circle;
mod compact;
mod diagnostic;
mod nearest;
mod pages;
mod span;
mod terminal;

pub use alike::terminal_all;
pub use circle::Link;
pub use compact::{JSON_VERSION, github, json, short};
pub use diagnostic::{Diagnostic, Label, Severity, Statement, StatementRow};
pub use nearest::nearest;
pub use pages::{Page, pages};
pub use span::{FileId, Source, Sources, Span};
pub use terminal::{Paint, terminal, visible};
