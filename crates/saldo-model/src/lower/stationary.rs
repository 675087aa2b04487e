//! `start { stationary }`: what is given, and what is left to be sought when the run begins.

use super::{Bound, Context, Env, Lowerer};
use crate::ir::*;
use saldo_diag::{Diagnostic, Span};
use saldo_syntax::Symbol;
use saldo_syntax::ast::{self, StartValue};

impl<'a> Lowerer<'a> {
    /// Notes that the opening is sought, and refuses what contradicts it.
    pub(super) fn stationary(&mut self, starts: &[(&ast::Start, Span)]) {
        let Some((_, asked)) = starts.iter().find(|(start, _)| start.stationary) else {
            return;
        };
        self.model.start.stationary = Some(*asked);
        if let Some((_, empty)) = starts.iter().find(|(it, _)| it.empty || it.others_empty) {
            let headline = "an opening is either sought or empty, not both";
            let problem = Diagnostic::error("stationary-empty", headline)
                .at(*empty, "`empty` gives every account that is not mentioned")
                .why("A stationary start seeks the balances that are not given; with all others empty nothing is left to seek.")
                .help("keep one of the two; a single account can still be given:  households.bonds = 0");
            self.report(problem);
        }
    }

    /// The model's own opening, which a scenario replaces by one that is sought.
    pub(super) fn hints(&mut self, own: &[(&'a ast::Start, Span)]) {
        if own.iter().any(|(start, _)| start.stationary) {
            return;
        }
        for (start, _) in own {
            start.lines.iter().for_each(|line| self.start_line(line));
        }
        self.model.start.hints = std::mem::take(&mut self.model.start.positions);
        self.model.start.splits.clear();
        for line in &mut self.model.vars {
            line.hint = line.past.take();
        }
    }

    /// `bills = 100 usd` in a stationary start.
    pub(super) fn start_total(&mut self, line: &'a ast::StartLine) {
        let name = &line.path.parts[0].name;
        let instrument = self.instruments[&name.text];
        let is_claim = self.model.instruments[instrument.at()].kind == Kind::Claim;
        match &line.value {
            StartValue::Value(value) if self.model.start.stationary.is_some() && is_claim => {
                self.condition(line, &line.path, value, &Env::default());
            }
            _ => self.total_misplaced(name, is_claim),
        }
    }

    /// `central_bank.net_worth = 0 usd` in a stationary start.
    pub(super) fn is_condition(&self, line: &ast::StartLine) -> bool {
        let part = line.path.parts.get(1);
        self.model.start.stationary.is_some()
            && part.is_some_and(|part| &*part.name.text == "net_worth")
            && matches!(line.value, StartValue::Value(_))
    }

    pub(super) fn start_net_worth(&mut self, line: &'a ast::StartLine) {
        let StartValue::Value(value) = &line.value else {
            return;
        };
        for (sector, env) in self.start_elements(&line.path) {
            let letter = Symbol::new("(start)");
            let env = env.with(&letter, Bound::Sector(sector));
            let mut path = line.path.clone();
            path.parts[0].name.text = letter;
            path.parts[0].index.clear();
            self.condition(line, &path, value, &env);
        }
    }

    fn condition(
        &mut self,
        line: &'a ast::StartLine,
        left: &ast::Path,
        right: &ast::Expr,
        env: &Env,
    ) {
        let context = Context {
            bare_is_closing: true,
            ..Context::of(env)
        };
        let left = self.path(left, None, &context, line.span);
        let right = self.lower(right, &context);
        let span = line.span;
        self.model
            .start
            .conditions
            .push(StartCondition { left, right, span });
    }

    fn total_misplaced(&mut self, name: &ast::Name, is_claim: bool) {
        let headline = format!("this does not say who has the {}", name.text);
        let problem = Diagnostic::error("start-total", headline)
            .at(name.span, "no holder")
            .why("An opening gives each holder's balance. Only a stationary start can find out by itself how a claim that is outstanding is spread over its holders.");
        let problem = match is_claim {
            true => problem.help(format!(
                "say who holds it:  households.{} = …  (or begin the block with `stationary`)",
                name.text
            )),
            false => problem.help(format!("say who has it:  firms.{} = …", name.text)),
        };
        self.report(problem);
    }

    /// In a stationary start the past is like the present: it cannot have a history.
    pub(super) fn no_history(&mut self, line: &ast::StartLine) {
        let headline = "a stationary start has no history: nothing has changed before it";
        let problem = Diagnostic::error("stationary-history", headline)
            .at(line.span, "values by date")
            .why("The opening is sought in which a period repeats the one before it, so every earlier period was the same.")
            .help("give one value for all earlier periods, or leave the line out and let it be found");
        self.report(problem);
    }
}
