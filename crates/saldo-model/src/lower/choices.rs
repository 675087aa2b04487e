//! Rival explanations: one is taken in a run, and no formula may ask for one that nobody named.

use super::{Lowerer, title_or};
use saldo_diag::Diagnostic;
use saldo_syntax::Symbol;
use saldo_syntax::ast::{self, BinaryOp, ExprKind};

impl<'a> Lowerer<'a> {
    pub(crate) fn declare_choice(&mut self, choice: &ast::Choice) {
        let members: Vec<_> = choice
            .members
            .iter()
            .map(|(name, title)| (name.text, title_or(title, &name.text)))
            .collect();
        if members.len() < 2 {
            let problem = Diagnostic::error(
                "choice-single",
                format!("`{}` leaves nothing to choose", choice.name.text),
            )
            .at(choice.name.span, "fewer than two explanations")
            .why("A choice sets rival explanations side by side; one alone has no rival.")
            .help("name the rival, or delete the choice");
            self.report(problem);
        }
        let wanted = self.overrides.choices.get(&choice.name.text).cloned();
        let at = |name: &ast::Name| members.iter().position(|(known, _)| *known == name.text);
        let taken = match &wanted {
            None => 0,
            Some((_, member)) => at(member).unwrap_or_else(|| {
                let known: Vec<Symbol> = members.iter().map(|(name, _)| *name).collect();
                let problem = Diagnostic::error(
                    "choice-unknown",
                    format!(
                        "`{}` has no explanation `{}`",
                        choice.name.text, member.text
                    ),
                )
                .at(member.span, "chosen here")
                .why("A run must know which rival it follows.")
                .help(format!("choose one of: {}", Symbol::list(&known)));
                self.problems.push(problem);
                0
            }),
        };
        self.choice_spans.insert(choice.name.text, choice.name.span);
        self.model.choices.push(crate::ir::Choice {
            name: choice.name.text,
            title: title_or(&choice.title, &choice.name.text),
            members,
            taken,
        });
    }

    /// Lowers what decides about structure: which lines and flows there are, how the books open.
    /// There each run follows the rival that it takes, even where all of them are checked.
    pub(crate) fn structure<T>(&mut self, lower: impl FnOnce(&mut Self) -> T) -> T {
        let (all, asked) = (self.all_rivals, std::mem::take(&mut self.choices_asked));
        self.all_rivals = false;
        let lowered = lower(self);
        self.all_rivals = all;
        let here = self.choices_asked.iter().map(|(choice, _)| *choice);
        self.structural.extend(here);
        self.choices_asked.extend(asked);
        lowered
    }

    /// `output_fall == credit`: is it the one that is taken? `None` if `name` is no choice.
    pub(crate) fn asks_choice(&mut self, name: &ast::Name, member: &ast::Name) -> Option<bool> {
        let choice = self
            .model
            .choices
            .iter()
            .find(|choice| choice.name == name.text)?;
        let taken = choice.members.get(choice.taken)?.0 == member.text;
        let known: Vec<Symbol> = choice.members.iter().map(|it| it.0).collect();
        self.choices_asked.insert((name.text, member.text));
        if !known.contains(&member.text) {
            let problem = Diagnostic::error(
                "choice-unknown",
                format!("`{}` has no explanation `{}`", name.text, member.text),
            )
            .at(member.span, "no run can ever reach this branch")
            .why("A rival that is not among the explanations cannot be chosen.")
            .help(match super::near(&member.text, &known) {
                Some(close) => format!("did you mean `{close}`?"),
                None => format!("the choice offers: {}", Symbol::list(&known)),
            });
            self.report(problem);
        }
        Some(taken)
    }

    /// Questions about choices in a branch that this run does not take.
    pub(crate) fn look_into(&mut self, expr: &ast::Expr) {
        match &expr.kind {
            ExprKind::Binary { op, left, right } => {
                if matches!(op, BinaryOp::Eq | BinaryOp::Ne)
                    && let (Some(a), Some(b)) =
                        (super::expr::single(left), super::expr::single(right))
                {
                    self.asks_choice(a, b);
                }
                self.look_into(left);
                self.look_into(right);
            }
            ExprKind::Unary { value, .. } | ExprKind::Under { value, .. } => self.look_into(value),
            ExprKind::If {
                condition,
                then,
                otherwise,
            } => [condition, then, otherwise]
                .into_iter()
                .for_each(|part| self.look_into(part)),
            ExprKind::Call { args, .. } => args.iter().for_each(|arg| self.look_into(arg)),
            ExprKind::Reduce {
                body: Some(body), ..
            } => self.look_into(body),
            _ => {}
        }
    }

    /// Two explanations that no formula asks for are one and the same.
    pub(crate) fn idle_choices(&mut self) {
        for choice in &self.model.choices {
            let asked = |name: &Symbol| self.choices_asked.contains(&(choice.name, *name));
            let idle: Vec<&str> = choice
                .members
                .iter()
                .map(|(name, _)| name)
                .filter(|name| !asked(name))
                .map(|name| &**name)
                .collect();
            if idle.len() < 2 {
                continue;
            }
            let problem = Diagnostic::warning(
                "choice-idle",
                format!(
                    "nothing tells `{}` apart in `{}`",
                    idle.join("` from `"),
                    choice.name
                ),
            )
            .at(self.choice_spans[&choice.name], "no formula asks for them")
            .why(
                "Rivals that give the same result in every run are one explanation with two names.",
            )
            .help(format!(
                "ask for one of them:  if {} == {} then … else …",
                choice.name, idle[0]
            ));
            self.problems.push(problem);
        }
    }
}
