//! What is not known for certain: priors of parameters, doubts about measurements.

use super::literals::Literal;
use super::{Entity, Env, Lowerer};
use crate::ir::*;
use crate::laws;
use saldo_diag::{Diagnostic, Span};
use saldo_syntax::Symbol;
use saldo_syntax::ast::{self, ExprKind};

impl<'a> Lowerer<'a> {
    pub(crate) fn lower_prior(&mut self, prior: &ast::Prior) {
        let part = &prior.target.parts[0];
        self.check_ground(&prior.ground, &part.name, "prior");
        let index = self.resolve_index(&part.index, &Env::default());
        let Some(entity) = self.element(&part.name, &index, prior.target.span) else {
            return;
        };
        let set_by_scenario = self
            .overrides
            .sets
            .iter()
            .any(|set| set.target.parts[0].name.text == part.name.text);
        match entity {
            Entity::Input(input) if self.model.inputs[input.at()].kind == InputKind::Param => {
                let Some((law, args)) = self.law_of(&prior.distribution, input) else {
                    return;
                };
                let within = prior
                    .within
                    .as_ref()
                    .map(|(low, high)| (self.in_unit_of(input, low), self.in_unit_of(input, high)));
                if within.is_some_and(|(low, high)| low >= high) {
                    return self.prior_empty(prior);
                }
                if let Some(within) = within
                    && !self.prior_meets(prior, input, law, args, within)
                {
                    return;
                }
                if let (Some(within), true) = (within, set_by_scenario) {
                    self.set_outside(&part.name.text, input, within);
                }
                // A number that was set on purpose is not drawn.
                if !set_by_scenario {
                    self.model.priors.push(Prior {
                        input,
                        law,
                        args,
                        within,
                        span: prior.target.span,
                    });
                }
            }
            _ => {
                let problem = Diagnostic::error("prior-not-param", format!("`{}` is no parameter", part.name.text))
                    .at(prior.target.span, "computed, not given")
                    .why("A prior says what a given number could be instead; what the model computes follows from it.")
                    .help("name the `param` whose value is uncertain");
                self.report(problem);
            }
        }
    }

    fn prior_empty(&mut self, prior: &ast::Prior) {
        let problem = Diagnostic::error("prior-empty", "no number lies in this range")
            .at(
                prior.target.span,
                "its lower end is not below its upper end",
            )
            .why("A draw outside the range is made again, so the range must hold some numbers.")
            .help("write the lower end first:  within 0 .. 1");
        self.report(problem);
    }

    /// Whether the law can give a number in the range at all.
    fn prior_meets(
        &mut self,
        prior: &ast::Prior,
        input: InputId,
        law: Law,
        args: [f64; 2],
        within: (f64, f64),
    ) -> bool {
        let (low, high) = laws::support(law, args);
        if within.0 <= high && low <= within.1 {
            return true;
        }
        let factor = self.model.inputs[input.at()].factor;
        let scale = match law {
            Law::Uniform => factor,
            _ => 1.0,
        };
        let (law, range) = (laws::words(law, args, factor), laws::range(within, factor));
        let problem = Diagnostic::error("prior-empty", format!("{law} has no number within {range}"))
            .at(
                prior.target.span,
                format!("the law gives {}", laws::range((low, high), scale)),
            )
            .why("A draw outside the range is made again, so the range must hold some numbers of the law.")
            .help("let the range and the law overlap");
        self.report(problem);
        false
    }

    /// A run sets a parameter to what its own prior holds impossible.
    fn set_outside(&mut self, name: &Symbol, input: InputId, (low, high): (f64, f64)) {
        let input = &self.model.inputs[input.at()];
        let Values::Const(value) = input.values else {
            return;
        };
        let mut sets = self.overrides.sets.iter().rev();
        let set = sets.find(|set| set.target.parts[0].name.text == *name);
        let Some(set) = set.filter(|_| value < low || high < value) else {
            return;
        };
        let range = laws::range((low, high), input.factor);
        let problem = Diagnostic::warning("set-outside", format!("`{name}` is set outside the range that its prior allows"))
            .at(set.target.span, format!("allowed is {range}"))
            .why("The range says beyond which numbers the parameter has no meaning or no evidence; a result from there is a thought experiment.")
            .help("set it inside the range, or widen the range after  within  in the evidence");
        self.report(problem);
    }

    /// `normal(0.2, 0.05)`: a law and its numbers, which must be given outright.
    fn law_of(&mut self, distribution: &ast::Expr, input: InputId) -> Option<(Law, [f64; 2])> {
        let problem = |help: String| {
            Diagnostic::error(
                "prior-law",
                "this is no distribution that can be drawn from",
            )
            .at(distribution.span, "not a law with its numbers")
            .why("The numbers of a prior are fixed beforehand; they may not follow from results.")
            .help(help)
        };
        let ExprKind::Call { function, args } = &distribution.kind else {
            self.report(problem("write  normal(0.2, 0.05)".into()));
            return None;
        };
        let Some(law) = super::calls::known_law(&function.text) else {
            self.report(problem(
                "use normal, lognormal, uniform, beta, gamma, pareto, bernoulli or poisson".into(),
            ));
            return None;
        };
        let literal = |expr: &ast::Expr| super::literals::is_literal(expr);
        if args.len() != super::calls::arity(law) || !args.iter().all(literal) {
            self.report(problem(format!(
                "write  {}",
                super::calls::form(&function.text)
            )));
            return None;
        }
        let mut numbers = [0.0; 2];
        for (at, arg) in args.iter().enumerate() {
            let scaled = matches!(
                (law, at),
                (Law::Normal | Law::Uniform, _) | (Law::Lognormal, 0)
            );
            numbers[at] = match scaled {
                true => {
                    let told = self.problems.len();
                    let value = self.in_unit_of(input, arg);
                    if self.problems.len() > told {
                        return None;
                    }
                    value
                }
                false => self.literal(arg).map_or(f64::NAN, |literal| literal.value),
            };
        }
        match laws::fault(law, numbers) {
            None => Some((law, numbers)),
            Some(fault) => {
                self.no_such_law(distribution.span, &function.text, fault);
                None
            }
        }
    }

    fn no_such_law(&mut self, span: Span, name: &Symbol, fault: &str) {
        let problem = Diagnostic::error("prior-law", format!("no `{name}` has these numbers"))
            .at(span, fault)
            .why("The numbers of a law say where it lies and how far it spreads; with these no value can be drawn.")
            .help(format!("write for example  {}", super::calls::form(name)));
        self.report(problem);
    }

    /// A number without a unit is meant in the parameter's own.
    fn in_unit_of(&mut self, input: InputId, expr: &ast::Expr) -> f64 {
        let Some(Literal { value, dim, unit }) = self.literal(expr) else {
            return f64::NAN;
        };
        let input = &self.model.inputs[input.at()];
        if unit.is_none() && dim.is_number() {
            return value * input.factor;
        }
        if dim != input.dim {
            let shown = self.model.units.display(dim);
            let problem = Diagnostic::error(
                "unit-declared-differs",
                format!(
                    "this should be in {}, but it is in {shown}",
                    self.model.units.display(input.dim)
                ),
            )
            .at(expr.span, format!("in {shown}"))
            .why("The prior's numbers are drawn in the unit of the parameter.")
            .help("give them in the parameter's unit, or without one");
            self.report(problem);
        }
        value
    }

    /// How much wider the doubts make the band of a quantity in a span of periods.
    pub(crate) fn widened(
        &mut self,
        quantity: &ast::Expr,
        points: &mut [ObservedPoint],
        doubts: &[&ast::Doubt],
        used: &mut [bool],
    ) {
        let name = match &quantity.kind {
            ExprKind::Path(path) | ExprKind::Timed { path, .. } => super::lines::path_text(path),
            _ => return,
        };
        for (at, doubt) in doubts.iter().enumerate() {
            if super::lines::path_text(&doubt.on) != name {
                continue;
            }
            let calendar = &self.model.calendar;
            let from = doubt.from.map_or(i64::MIN, |date| calendar.period_of(date));
            let to = doubt
                .to
                .map_or(i64::MAX, |date| calendar.last_period_of(date));
            let wider = doubt.widen.as_ref().and_then(|it| self.literal(it));
            for point in points.iter_mut() {
                if point.periods.0 <= to && from <= point.periods.1 {
                    point.within += wider.as_ref().map_or(0.0, |literal| literal.value);
                    used[at] = true;
                }
            }
        }
    }

    /// A doubt about nothing that was observed changes nothing.
    pub(crate) fn doubts_idle(&mut self, doubts: &[&ast::Doubt], used: &[bool]) {
        for (doubt, _) in doubts.iter().zip(used).filter(|(_, used)| !**used) {
            let shown = super::lines::path_text(&doubt.on);
            let span: Span = doubt.on.span;
            let problem = Diagnostic::warning(
                "doubt-idle",
                format!("nothing is observed of `{shown}` in that time"),
            )
            .at(span, "the doubt widens no band")
            .why("A doubt that reaches no measurement leaves the score as sharp as it was.")
            .help("name the quantity as the observation does, and the years it covers");
            self.report(problem);
        }
    }
}
