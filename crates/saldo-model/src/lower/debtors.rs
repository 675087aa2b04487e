//! Openings of claims with several debtors: who owes how much, and whether the parts add up.

use super::{Context, Env, Lowerer};
use crate::ir::*;
use saldo_diag::{Diagnostic, Span};
use saldo_syntax::ast;

impl Lowerer<'_> {
    /// A debtor of several holders owes the sum of what each line says.
    pub(super) fn owe(&mut self, issuer: AccountId, amount: NodeId, span: Span) {
        let owed = self.node(Op::Unary(Unary::Neg, amount), span);
        if !self.opened.contains_key(&issuer) {
            return self.position(issuer, owed, span);
        }
        let mut positions = self.model.start.positions.iter();
        if let Some(at) = positions.position(|known| known.account == issuer) {
            let before = self.model.start.positions[at].value;
            let value = self.binary(Binary::Add, before, owed, span);
            self.model.start.positions[at].value = value;
        }
    }

    /// The stated total must be the sum of its parts (what the text alone decides is compared here).
    pub(super) fn compare_total(
        &mut self,
        line: &ast::StartLine,
        total: Option<&ast::Expr>,
        sum: NodeId,
        env: &Env,
        instrument: InstrumentId,
    ) {
        let Some(total) = total else { return };
        let stated = self.lower(total, &Context::of(env));
        let (Some(stated), Some(sum)) = (self.folded(stated), self.folded(sum)) else {
            return;
        };
        // Far below the resolution of any books, far above the error of adding doubles.
        if (stated - sum).abs() <= 1e-12 * stated.abs() {
            return;
        }
        let it = &self.model.instruments[instrument.at()];
        let [stated, sum] = [stated, sum].map(|amount| amount / it.factor);
        let shown = super::lines::path_text(&line.path);
        let headline = format!("the opening of {shown} does not balance");
        let found = format!(
            "total {stated}, parts {sum}, gap {} {}",
            stated - sum,
            it.unit
        );
        let problem = Diagnostic::error("start-unbalanced", headline)
            .at(line.span, found)
            .why("Every claim is somebody's debt. A gap in the opening would stay in the books for ever.")
            .help("make the parts add up to the total, or leave the total away");
        self.report(problem);
    }

    /// The value of a node that only adds and multiplies constants and parameters.
    fn folded(&self, id: NodeId) -> Option<f64> {
        match &self.model.nodes[id.at()].op {
            Op::Const(value) => Some(*value),
            Op::Input(input) => match self.model.inputs[input.at()].values {
                Values::Const(value) => Some(value),
                Values::Path(_) => None,
            },
            Op::Unary(Unary::Neg, a) => self.folded(*a).map(|a| -a),
            Op::Binary(op, a, b) => {
                let (a, b) = (self.folded(*a)?, self.folded(*b)?);
                match op {
                    Binary::Add => Some(a + b),
                    Binary::Sub => Some(a - b),
                    Binary::Mul => Some(a * b),
                    Binary::Div => Some(a / b),
                    _ => None,
                }
            }
            _ => None,
        }
    }
}
