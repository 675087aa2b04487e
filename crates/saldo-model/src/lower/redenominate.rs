//! `redenominate RUB 1000 to 1 on 1998-01-01`: a new unit for showing amounts.
//!
//! The meaning of `RUB` never changes within a run, so no formula and no balance is touched and
//! no gain can arise.

use super::Lowerer;
use crate::ir::Redenomination;
use saldo_diag::Diagnostic;
use saldo_syntax::Symbol;
use saldo_syntax::ast::{self, DeclKind};

impl<'a> Lowerer<'a> {
    pub(crate) fn redenominate(&mut self, decls: &[&'a ast::Decl]) {
        for decl in decls {
            if let DeclKind::Redenominate(it) = &decl.kind {
                self.redenominate_one(it, decl.span);
            }
        }
    }

    fn redenominate_one(&mut self, it: &ast::Redenominate, span: saldo_diag::Span) {
        let name = &it.unit.text;
        let known = self.model.units.units.values();
        let moneys: Vec<Symbol> = known
            .filter(|unit| unit.kind.as_deref() == Some("money"))
            .map(|unit| unit.name)
            .collect();
        if !moneys.contains(name) {
            return self.unknown(&it.unit, "the money", &moneys);
        }
        let ratio = it.old.value / it.new.value;
        let period = self.model.calendar.period_of(it.on);
        if !(ratio.is_finite() && ratio > 0.0) {
            let problem = Diagnostic::error(
                "redenominate-ratio",
                "a new money unit is worth some of the old one",
            )
            .at(span, "not a positive ratio")
            .why("A redenomination cuts or adds zeros; it neither takes nor gives.")
            .help(format!("write  redenominate {name} 1000 to 1 on DATE"));
            return self.report(problem);
        }
        self.model.redenominations.push(Redenomination {
            money: *name,
            ratio,
            period,
        });
    }
}
