//! What a scenario, the command line and the choices change before a model is lowered.

use saldo_diag::Span;
use saldo_syntax::Symbol;
use saldo_syntax::ast::{self, DeclKind};
use std::collections::BTreeMap;

/// Everything a scenario may touch. Accounting is not among it.
#[derive(Default)]
pub struct Overrides {
    pub sets: Vec<ast::SetValue>,
    pub moves: BTreeMap<Symbol, (ast::Name, ast::DateRange)>,
    pub cancels: BTreeMap<Symbol, ast::Name>,
    pub choices: BTreeMap<Symbol, (ast::Name, ast::Name)>,
    pub plans: Vec<PlanText>,
    pub shows: Vec<ast::Show>,
    /// An opening in place of the model's.
    pub starts: Vec<(ast::Start, Span)>,
    pub to: Option<ast::Date>,
    pub draws: Option<u64>,
    pub seed: Option<u64>,
    pub compare: Option<ast::Name>,
}

/// A hand on an equation, printed as such.
pub enum PlanText {
    Fix(ast::Plan),
    Target(ast::Plan, ast::Path),
    Given(ast::Plan, bool),
}

impl Overrides {
    /// Adds one declaration of a scenario file; a later one wins.
    pub fn add(&mut self, decl: &ast::Decl) {
        match decl.kind.clone() {
            DeclKind::SetValue(set) => self.sets.push(*set),
            DeclKind::Move { event, to } => {
                self.moves.insert(event.text, (event, to));
            }
            DeclKind::Cancel { event } => {
                self.cancels.insert(event.text, event);
            }
            DeclKind::UseChoice { choice, member } => {
                self.choices.insert(choice.text, (choice, member));
            }
            DeclKind::Fix(plan) => self.plans.push(PlanText::Fix(plan)),
            DeclKind::Target { plan, by } => self.plans.push(PlanText::Target(plan, by)),
            DeclKind::Given { plan, log } => self.plans.push(PlanText::Given(plan, log)),
            DeclKind::Show(show) => self.shows.push(*show),
            DeclKind::Run { draws, seed, to } => {
                self.draws = draws.map(|n| n.value as u64).or(self.draws);
                self.seed = seed.map(|n| n.value as u64).or(self.seed);
                self.to = to.or(self.to);
            }
            DeclKind::Start(start) => self.starts.push((start, decl.span)),
            DeclKind::Compare { with } => self.compare = Some(with),
            _ => {}
        }
    }

    /// Every event a scenario names.
    pub fn events(&self) -> impl Iterator<Item = &ast::Name> {
        self.moves
            .values()
            .map(|(name, _)| name)
            .chain(self.cancels.values())
    }
}

impl PlanText {
    /// What is bent, to what, and when.
    pub fn plan(&self) -> &ast::Plan {
        let (PlanText::Fix(plan) | PlanText::Target(plan, _) | PlanText::Given(plan, _)) = self;
        plan
    }

    /// Where the plan is written.
    pub fn span(&self) -> Span {
        let plan = self.plan();
        let whole = plan.target.span.to(plan.value.span);
        match self {
            PlanText::Target(_, by) => whole.to(by.span),
            _ => whole,
        }
    }
}
