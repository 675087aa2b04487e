//! The standard library of units, written in the language itself.

use saldo_diag::{Diagnostic, FileId};
use saldo_syntax::ast::{DeclKind, Unit};
use std::sync::OnceLock;

/// The text of the library's units.
pub const UNITS: &str = include_str!("../../../stdlib/units.saldo");

/// The library's units, and any problem in its own text.
pub fn units() -> &'static (Vec<Unit>, Vec<Diagnostic>) {
    static LIBRARY: OnceLock<(Vec<Unit>, Vec<Diagnostic>)> = OnceLock::new();
    LIBRARY.get_or_init(read)
}

fn read() -> (Vec<Unit>, Vec<Diagnostic>) {
    let parse = saldo_syntax::parse(FileId(u32::MAX), UNITS);
    let units = parse
        .file
        .decls
        .into_iter()
        .filter_map(|decl| match decl.kind {
            DeclKind::Unit(unit) => Some(unit),
            _ => None,
        });
    (units.collect(), parse.problems)
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_library_reads_without_a_problem() {
        let (units, problems) = super::units();
        assert!(problems.is_empty(), "{problems:?}");
        assert!(units.len() > 15);
    }
}
