//! A hand on an equation: `fix`, `target`, `given`. Only scenarios have them, and they are printed.

use super::{Context, Entity, Env, Lowerer};
use crate::ir::*;
use crate::scenario::PlanText;
use crate::units::Dim;
use saldo_diag::Diagnostic;
use saldo_syntax::ast;

impl<'a> Lowerer<'a> {
    pub(crate) fn apply_plans(&mut self) {
        for plan in &self.overrides.plans {
            match plan {
                PlanText::Fix(plan) => self.fix(plan),
                PlanText::Given(plan, log) => self.correct(plan, *log),
                PlanText::Target(plan, by) => self.target(plan, by),
            }
        }
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
        let calendar = &self.model.calendar;
        let from = plan.from.map_or(1, |date| calendar.period_of(date));
        let to = plan
            .to
            .map_or(calendar.len as i64, |date| calendar.last_period_of(date));
        let span = plan.target.span;
        let name = format!(
            "plan for {} from {from} to {to}",
            super::lines::path_text(&plan.target)
        );
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
        if let Def::Is(own) = self.model.vars[var.at()].def {
            let node = self.node(Op::If(force, path, own), plan.target.span);
            self.model.vars[var.at()].def = Def::Is(node);
        }
    }

    fn correct(&mut self, plan: &ast::Plan, log: bool) {
        let Some(var) = self.planned(plan) else {
            return;
        };
        let force = self.in_force(plan);
        let size = self.lower(&plan.value, &Context::default());
        let span = plan.target.span;
        if let Def::Is(own) = self.model.vars[var.at()].def {
            let op = if log { Binary::Mul } else { Binary::Add };
            let corrected = self.binary(op, own, size, span);
            let node = self.node(Op::If(force, corrected, own), span);
            self.model.vars[var.at()].def = Def::Is(node);
        }
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
            self.model.inputs[input.at()].title.clone(),
            by.span,
            VarRole::Param,
        );
        self.replace_input(input, free);
        let goal = self.lower(&plan.value, &Context::default());
        let base = self.node(Op::Input(input), by.span);
        let (now, own) = (
            self.node(Op::Var(line), span),
            self.node(Op::Var(free), by.span),
        );
        let off_path = self.binary(Binary::Sub, now, goal, span);
        let moved = self.binary(Binary::Sub, own, base, by.span);
        let zero = self.nothing(span);
        let scaled = self.node(Op::If(force, off_path, moved), span);
        let free_line = &mut self.model.vars[free.at()];
        free_line.def = Def::Solves {
            left: scaled,
            right: zero,
        };
        free_line.guess = Some(base);
        free_line.dim = Some(self.model.inputs[input.at()].dim.clone());
        free_line.past = Some(Past::All(base));
    }

    /// Every formula that read the parameter reads the freed line from now on.
    fn replace_input(&mut self, input: InputId, line: VarId) {
        for node in &mut self.model.nodes {
            if matches!(node.op, Op::Input(id) if id == input) {
                node.op = Op::Var(line);
            }
        }
    }
}
