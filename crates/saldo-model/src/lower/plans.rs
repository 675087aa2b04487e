//! A hand on an equation: `fix`, `target`, `given`. Only scenarios have them, and they are printed.

use super::lines::path_text;
use super::{Context, Entity, Env, Lowerer};
use crate::ir::*;
use crate::scenario::PlanText;
use crate::units::Dim;
use saldo_diag::{Diagnostic, Span};
use saldo_syntax::ast;

impl<'a> Lowerer<'a> {
    pub(crate) fn apply_plans(&mut self) {
        self.contradictions();
        for plan in &self.overrides.plans {
            let own = plan.plan();
            self.warn_without_effect(&own.target, own.from, own.to);
            match plan {
                PlanText::Fix(plan) => self.fix(plan),
                PlanText::Given(plan, log) => self.correct(plan, *log),
                PlanText::Target(plan, by) => self.target(plan, by),
            }
        }
    }

    /// Two hands on one line at a time, or one parameter freed for two targets.
    fn contradictions(&mut self) {
        let plans = &self.overrides.plans;
        let mut found = Vec::new();
        for (at, later) in plans.iter().enumerate() {
            for earlier in &plans[..at] {
                let (a, b) = (self.span_of(earlier.plan()), self.span_of(later.plan()));
                if a.0 > b.1 || b.0 > a.1 {
                    continue;
                }
                let same = |x: &ast::Path, y: &ast::Path| path_text(x) == path_text(y);
                let (old, new) = (earlier.plan(), later.plan());
                let freed = match (earlier, later) {
                    (PlanText::Target(_, x), PlanText::Target(_, y)) => same(x, y).then_some(y),
                    _ => None,
                };
                let what = match (same(&old.target, &new.target), freed) {
                    (true, _) => &new.target,
                    (false, Some(by)) => by,
                    (false, None) => continue,
                };
                found.push(
                    Diagnostic::error(
                        "scenario-contradicts",
                        format!("two hands on `{}` at the same time", path_text(what)),
                    )
                    .at(what.span, "given again for the same periods")
                    .also(old.target.span, "first here")
                    .why("One number cannot follow two paths; which of them counts must not be left to the order of lines.")
                    .help("keep one, or let their periods follow each other:  from … to …"),
                );
            }
        }
        found.into_iter().for_each(|problem| self.report(problem));
    }

    /// First and last period of a plan.
    fn span_of(&self, plan: &ast::Plan) -> (i64, i64) {
        let calendar = &self.model.calendar;
        let from = plan.from.map_or(1, |date| calendar.period_of(date));
        let last = |date| calendar.last_period_of(date);
        (from, plan.to.map_or(calendar.len as i64, last))
    }

    /// Keeps what a hand moves, so that its size is reported.
    fn hand(&mut self, name: String, moved: NodeId, own: NodeId, span: Span) {
        let size = self.binary(Binary::Sub, moved, own, span);
        self.model.hands.push(Hand {
            name: name.into(),
            show: self.model.shows.len(),
        });
        self.model.shows.push(Show {
            title: "size of a hand on an equation".into(),
            span,
            value: size,
            dim: None,
            unit: "".into(),
            factor: 1.0,
            style: "evidence".into(),
            bands: Vec::new(),
        });
    }

    /// The behavioural line a plan touches.
    fn planned(&mut self, plan: &ast::Plan) -> Option<VarId> {
        let part = &plan.target.parts[0];
        let index = self.resolve_index(&part.index, &Env::default());
        let entity = self.element(&part.name, &index, plan.target.span)?;
        match entity {
            Entity::Var(var) if self.model.vars[var.at()].role == VarRole::Equation => Some(var),
            _ => {
                let problem = Diagnostic::error("plan-not-equation", format!("`{}` is no behavioural equation", part.name.text))
                    .at(plan.target.span, "cannot be overridden")
                    .why("Flows belong to the books and parameters are given; a plan may only bend behaviour.")
                    .help(format!("for a parameter write  set {} = …", part.name.text));
                self.report(problem);
                None
            }
        }
    }

    /// One while the plan is in force.
    fn in_force(&mut self, plan: &ast::Plan) -> NodeId {
        let (from, to) = self.span_of(plan);
        let span = plan.target.span;
        let name = format!("plan for {} from {from} to {to}", path_text(&plan.target));
        let input = self.path_input(name, Dim::number(), span, move |t| {
            f64::from((from..=to).contains(&t))
        });
        self.node(Op::Input(input), span)
    }

    fn fix(&mut self, plan: &ast::Plan) {
        let Some(var) = self.planned(plan) else {
            return;
        };
        let force = self.in_force(plan);
        let path = self.lower(&plan.value, &Context::default());
        let span = plan.target.span;
        let line = self.node(Op::Var(var), span);
        match self.model.vars[var.at()].def {
            Def::Is(own) => {
                let node = self.node(Op::If(force, path, own), span);
                self.model.vars[var.at()].def = Def::Is(node);
                self.hand(path_text(&plan.target), line, own, span);
            }
            // What was found before is now the path: the size is how far apart the two sides of
            // its condition then stand.
            Def::Solves { left, right } => {
                let name = format!("the condition of {}", path_text(&plan.target));
                self.hand(name, left, right, span);
                let left = self.node(Op::If(force, line, left), span);
                let right = self.node(Op::If(force, path, right), span);
                self.model.vars[var.at()].def = Def::Solves { left, right };
            }
        }
    }

    fn correct(&mut self, plan: &ast::Plan, log: bool) {
        let Some(var) = self.planned(plan) else {
            return;
        };
        let span = plan.target.span;
        let Def::Is(own) = self.model.vars[var.at()].def else {
            let problem = Diagnostic::error(
                "plan-not-equation",
                format!("`{}` is found, not computed", path_text(&plan.target)),
            )
            .at(span, "has no value of its own to correct")
            .why("A correction adds to what an equation says; a `find` says only what must hold.")
            .help("fix it to a path instead:  fix NAME = …");
            return self.report(problem);
        };
        let force = self.in_force(plan);
        let size = self.lower(&plan.value, &Context::default());
        let op = if log { Binary::Mul } else { Binary::Add };
        let corrected = self.binary(op, own, size, span);
        let node = self.node(Op::If(force, corrected, own), span);
        self.model.vars[var.at()].def = Def::Is(node);
        let line = self.node(Op::Var(var), span);
        self.hand(path_text(&plan.target), line, own, span);
    }

    /// The parameter becomes an unknown that makes the line hit its path.
    fn target(&mut self, plan: &ast::Plan, by: &ast::Path) {
        let part = &plan.target.parts[0];
        let index = self.resolve_index(&part.index, &Env::default());
        let Some(Entity::Var(line)) = self.element(&part.name, &index, plan.target.span) else {
            return;
        };
        let by_part = &by.parts[0];
        let by_index = self.resolve_index(&by_part.index, &Env::default());
        let Some(Entity::Input(input)) = self.element(&by_part.name, &by_index, by.span) else {
            let problem = Diagnostic::error(
                "target-by",
                format!("`{}` is no parameter that could move", by_part.name.text),
            )
            .at(by.span, "not a given number")
            .why("A target is hit by freeing one parameter for each target.")
            .help("name a `param` that the target depends on");
            return self.report(problem);
        };
        let force = self.in_force(plan);
        let span = plan.target.span;
        let free = self.line(
            format!("{} (freed)", self.model.inputs[input.at()].name).into(),
            self.model.inputs[input.at()].title,
            by.span,
            VarRole::Param,
        );
        self.replace_input(input, free, 0);
        let goal = self.lower(&plan.value, &Context::default());
        let base = self.node(Op::Input(input), by.span);
        let (now, own) = (
            self.node(Op::Var(line), span),
            self.node(Op::Var(free), by.span),
        );
        let off_path = self.binary(Binary::Sub, now, goal, span);
        let moved = self.binary(Binary::Sub, own, base, by.span);
        // One equation in two units, one at a time: the factor lends the second the first's.
        let unit = self.node(Op::Const(1.0), by.span);
        let moved = self.binary(Binary::Mul, moved, unit, by.span);
        let zero = self.nothing(span);
        let scaled = self.node(Op::If(force, off_path, moved), span);
        let free_line = &mut self.model.vars[free.at()];
        free_line.def = Def::Solves {
            left: scaled,
            right: zero,
        };
        free_line.guess = Some(base);
        free_line.dim = Some(self.model.inputs[input.at()].dim);
        free_line.past = Some(Past::All(base));
        self.hand(path_text(by), own, base, span);
        self.freed.push((input, free, self.model.nodes.len()));
    }

    /// Measures, checks and evidence come later: they too read the freed lines.
    pub(crate) fn settle_freed(&mut self) {
        for (input, line, since) in std::mem::take(&mut self.freed) {
            self.replace_input(input, line, since);
        }
    }

    /// Every formula that read the parameter reads the freed line from now on.
    fn replace_input(&mut self, input: InputId, line: VarId, since: usize) {
        for node in &mut self.model.nodes[since..] {
            if matches!(node.op, Op::Input(id) if id == input) {
                node.op = Op::Var(line);
            }
        }
    }
}
