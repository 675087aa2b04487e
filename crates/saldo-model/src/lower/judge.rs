//! What can be said of the lowered lines before anything is computed.

use super::Lowerer;
use crate::ir::*;
use saldo_diag::Diagnostic;
use std::collections::{BTreeMap, BTreeSet};

impl<'a> Lowerer<'a> {
    /// The condition of a `find` must depend on what it is to find.
    pub(crate) fn judge_finds(&mut self) {
        for at in 0..self.model.vars.len() {
            let Def::Solves { left, right } = self.model.vars[at].def else {
                continue;
            };
            if self.reaches(&[left, right], VarId(at as u32)) {
                continue;
            }
            let line = &self.model.vars[at];
            let name = line.name;
            let problem = Diagnostic::error("find-unrelated", format!("nothing in this condition depends on `{name}`"))
                .at(line.span, "to be found")
                .why("The two sides are what they are, whatever its value: it stays undetermined, and they have one condition too many.")
                .help(format!("use `{name}` on one side of the condition, or in a line that the condition reads"));
            self.problems.push(problem);
        }
    }

    /// Two unknowns with one condition between them.
    pub(crate) fn judge_twins(&mut self) {
        let mut seen: BTreeMap<[Vec<u64>; 2], usize> = BTreeMap::new();
        for at in 0..self.model.vars.len() {
            let Def::Solves { left, right } = self.model.vars[at].def else {
                continue;
            };
            let mut sides = [left, right].map(|side| {
                let mut words = Vec::new();
                self.spell(side, &mut words);
                words
            });
            sides.sort();
            match seen.get(&sides) {
                Some(first) => self.report_twin(*first, at),
                None => drop(seen.insert(sides, at)),
            }
        }
    }

    fn report_twin(&mut self, first: usize, second: usize) {
        let [first, second] = [first, second].map(|at| &self.model.vars[at]);
        let headline = format!("`{}` and `{}` have one condition", first.name, second.name);
        let problem = Diagnostic::error("find-twice", headline)
            .at(second.span, "to be found by the same condition")
            .also(first.span, "found by it already")
            .why("One condition settles one unknown; with two of them any mixture would do.")
            .help(format!(
                "give `{}` a condition of its own, or explain it by an equation",
                second.name
            ));
        self.problems.push(problem);
    }

    /// A formula as a row of numbers: the same for formulas that say the same.
    fn spell(&self, node: NodeId, words: &mut Vec<u64>) {
        let Some(node) = self.model.nodes.get(node.at()) else {
            return;
        };
        let (kind, what, back) = match &node.op {
            Op::Const(value) => (0, value.to_bits(), 0),
            Op::Input(id) => (1, u64::from(id.0), 0),
            Op::InputLag(id, back) => (2, u64::from(id.0), *back),
            Op::Var(id) => (3, u64::from(id.0), 0),
            Op::Lag(id, back) => (4, u64::from(id.0), *back),
            Op::Balance(id, back) => (5, u64::from(id.0), *back),
            Op::Unary(op, _) => (6, *op as u64, 0),
            Op::Binary(op, ..) => (7, *op as u64, 0),
            Op::If(..) => (8, 0, 0),
            // Every draw is its own.
            Op::Random(it) => (9, saldo_math::random::name_hash(&it.line), 0),
        };
        words.extend([kind, what, u64::from(back)]);
        for part in node.op.parts() {
            self.spell(part, words);
        }
    }

    /// A parameter is given before the run: it may follow from other parameters, not from results.
    pub(crate) fn judge_params(&mut self) {
        for at in 0..self.model.vars.len() {
            let line = &self.model.vars[at];
            let (VarRole::Param, Def::Is(node)) = (line.role, line.def) else {
                continue;
            };
            let Some(read) = self.result_in(node) else {
                continue;
            };
            let problem = Diagnostic::error(
                "param-not-given",
                format!("the parameter `{}` depends on a result", line.name),
            )
            .at(
                self.model.nodes[read.at()].span,
                "known only when the model runs",
            )
            .why("A parameter is a number with a source, the same whatever happens in the model.")
            .help(format!("write it as an equation:  {} = …", line.name));
            self.problems.push(problem);
        }
    }

    /// A line or balance of the model inside an expression.
    fn result_in(&self, root: NodeId) -> Option<NodeId> {
        let mut open = vec![root];
        while let Some(node) = open.pop() {
            let op = &self.model.nodes.get(node.at())?.op;
            match op {
                Op::Var(id) | Op::Lag(id, _) if self.model.vars[id.at()].role != VarRole::Param => {
                    return Some(node);
                }
                Op::Balance(..) => return Some(node),
                _ => open.extend(op.parts()),
            }
        }
        None
    }

    /// Does an expression, through the lines of the same period, depend on a line?
    fn reaches(&self, roots: &[NodeId], wanted: VarId) -> bool {
        let mut open = roots.to_vec();
        let mut seen = BTreeSet::new();
        while let Some(node) = open.pop() {
            let Some(node) = self.model.nodes.get(node.at()) else {
                continue;
            };
            if let Op::Var(id) = node.op {
                if id == wanted {
                    return true;
                }
                if seen.insert(id.0) {
                    open.extend(self.model.vars[id.at()].def.sides());
                }
            }
            open.extend(node.op.parts());
        }
        false
    }
}
