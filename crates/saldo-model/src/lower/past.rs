//! Every line that is looked back at needs a past.

use super::Lowerer;
use crate::ir::*;
use saldo_diag::Diagnostic;
use std::collections::BTreeSet;

impl<'a> Lowerer<'a> {
    /// Lines over given numbers alone have their past from them; the others must be told.
    pub(crate) fn settle_past(&mut self) {
        self.check_lines();
        for at in 0..self.model.vars.len() {
            if self.model.vars[at].max_lag == 0 {
                continue;
            }
            match &self.model.vars[at].past {
                Some(Past::All(_)) => {}
                Some(Past::Dated(values)) => {
                    self.check_dated(at, values.iter().map(|(period, _)| *period).collect())
                }
                None => self.derive_past(at),
            }
        }
        self.check_balance_lags();
    }

    /// A line without an expression has been reported; give it a harmless one.
    fn check_lines(&mut self) {
        let open = NodeId(u32::MAX);
        for at in 0..self.model.vars.len() {
            if matches!(self.model.vars[at].def, Def::Is(node) if node == open) {
                let span = self.model.vars[at].span;
                let node = self.nothing(span);
                self.model.vars[at].def = Def::Is(node);
            }
        }
    }

    fn derive_past(&mut self, at: usize) {
        if let Def::Is(node) = self.model.vars[at].def
            && self.is_given(node, 0)
        {
            self.model.vars[at].past = Some(Past::All(node));
            return;
        }
        if self.start_unread || self.model.start.stationary.is_some() {
            return;
        }
        let line = &self.model.vars[at];
        let readers: BTreeSet<_> = self
            .model
            .nodes
            .iter()
            .filter(|node| matches!(node.op, Op::Lag(var, _) if var.at() == at))
            .map(|node| node.span)
            .collect();
        let name = line.name;
        let first = self.model.calendar.label(1 - i64::from(line.max_lag));
        let mut problem = Diagnostic::error(
            "start-missing",
            format!("`{name}` has no value before the first period"),
        )
        .at(line.span, "looked back at");
        if let Some(reader) = readers.first() {
            problem = problem.also(*reader, format!("reads it for {first}"));
        }
        let problem = problem
            .why("In the first period this line would read a past that nobody gave.")
            .help(format!("add to `start`:  {name} = …"));
        self.report(problem);
    }

    /// Built from inputs, constants, and lines whose past is known in turn.
    fn is_given(&self, node: NodeId, depth: u32) -> bool {
        const DEEPEST: u32 = 50;
        let given = |id: &NodeId| self.is_given(*id, depth + 1);
        if depth > DEEPEST {
            return false;
        }
        match &self.model.nodes[node.at()].op {
            Op::Const(_) | Op::Input(_) => true,
            Op::Var(line) => match (
                &self.model.vars[line.at()].past,
                self.model.vars[line.at()].def,
            ) {
                (Some(_), _) => true,
                (None, Def::Is(node)) if node.0 != u32::MAX => given(&node),
                _ => false,
            },
            Op::Unary(_, a) => given(a),
            Op::Binary(_, a, b) => given(a) && given(b),
            Op::If(a, b, c) => given(a) && given(b) && given(c),
            _ => false,
        }
    }

    fn check_dated(&mut self, at: usize, periods: Vec<i64>) {
        let line = &self.model.vars[at];
        let missing = (1 - i64::from(line.max_lag)..=0).find(|period| !periods.contains(period));
        let Some(missing) = missing else { return };
        let label = self.model.calendar.label(missing);
        let problem = Diagnostic::error(
            "start-history",
            format!("`{}` has no value for {label}", line.name),
        )
        .at(
            line.span,
            format!("looked back at {} periods", line.max_lag),
        )
        .why("Every earlier period that a formula reads must be given.")
        .help(format!(
            "add  {label} = …  to its line in `start`, or one value for all earlier periods"
        ));
        self.report(problem);
    }

    /// Balances are known from the opening on, not before.
    fn check_balance_lags(&mut self) {
        let mut seen = BTreeSet::new();
        let far: Vec<_> = self
            .model
            .nodes
            .iter()
            .filter_map(|node| match node.op {
                Op::Balance(account, back) if back > 1 => Some((account, back, node.span)),
                _ => None,
            })
            .filter(|(_, _, span)| seen.insert(*span))
            .collect();
        for (account, _, span) in far {
            let shown = self.model.accounts[account.at()].name;
            let problem = Diagnostic::error("balance-history", format!("{shown} is read before the opening"))
                .at(span, "further back than the opening balance")
                .why("The books begin with the opening; what was there before is not recorded.")
                .help(format!("keep it in a line:  before = opening {shown}  and lag that line, with a value in `start`"));
            self.report(problem);
        }
    }
}
