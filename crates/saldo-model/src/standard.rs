//! The standard library of units and measures, written in the language itself.

use saldo_diag::{Diagnostic, FileId};
use saldo_syntax::ast::{DeclKind, Measure, Unit};
use std::sync::OnceLock;

/// The text of the library's units.
pub const UNITS: &str = include_str!("../../../stdlib/units.saldo");

/// The library's units, and any problem in its own text.
pub fn units() -> (Vec<Unit>, Vec<Diagnostic>) {
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

/// The text of the library's measures.
pub const MEASURES: &str = include_str!("../../../stdlib/measures.saldo");

/// The library's measures with parameters.
pub fn measures() -> Vec<Measure> {
    static READ: OnceLock<Vec<Measure>> = OnceLock::new();
    let read = || {
        let decls = saldo_syntax::parse(FileId(u32::MAX), MEASURES).file.decls;
        let measure = |kind| match kind {
            DeclKind::Measure(measure) => Some(measure),
            _ => None,
        };
        decls
            .into_iter()
            .filter_map(|decl| measure(decl.kind))
            .collect()
    };
    READ.get_or_init(read).clone()
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_library_reads_without_a_problem() {
        let (units, problems) = super::units();
        assert!(problems.is_empty(), "{problems:?}");
        assert!(units.len() > 15);
        let parse = saldo_syntax::parse(saldo_diag::FileId(0), super::MEASURES);
        assert!(parse.problems.is_empty(), "{:?}", parse.problems);
        assert_eq!(parse.file.decls.len(), super::measures().len());
        assert!(super::measures().iter().all(|it| !it.params.is_empty()));
    }
}
