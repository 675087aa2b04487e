//! What a scenario, the command line and the choices change before a model is lowered.

use crate::build::Setup;
use crate::lower::{meant, near, title_or};
use saldo_diag::{Diagnostic, Sources, Span};
use saldo_syntax::Symbol;
use saldo_syntax::ast::{self, DeclKind, FileKind};
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

/// The scenario's declarations, then the command line's.
pub(crate) fn overrides(
    files: &[ast::File],
    setup: &Setup,
    sources: &mut Sources,
    problems: &mut Vec<Diagnostic>,
) -> Overrides {
    let mut all = Overrides::default();
    if let Some(wanted) = &setup.scenario {
        let scenario = files.iter().find(
            |file| matches!(&file.kind, FileKind::Scenario { name, .. } if *name.text == **wanted),
        );
        match scenario {
            Some(file) => file.decls.iter().for_each(|decl| all.add(decl)),
            None => problems.push(no_scenario(files, wanted)),
        }
    }
    let nothing = setup.set.iter().filter(|(_, value)| value.is_empty());
    problems.extend(nothing.map(|(name, _)| set_nothing(files, name)));
    let text = command_line(setup);
    if !text.is_empty() {
        let id = sources.add("command line", text.as_str());
        let parse = saldo_syntax::parse(id, &text);
        problems.extend(parse.problems);
        parse.file.decls.iter().for_each(|decl| all.add(decl));
    }
    if !setup.shows_of.is_empty() {
        all.shows = shows_of(files, &setup.shows_of);
    }
    check_choices(files, &all, problems);
    all
}

/// `--set theta=`
fn set_nothing(files: &[ast::File], name: &str) -> Diagnostic {
    let decls = files.iter().flat_map(|file| &file.decls);
    let given = decls.filter_map(|decl| match &decl.kind {
        DeclKind::Param(it) => Some((it.name.text, title_or(&it.title, &it.name.text))),
        DeclKind::Series(it) => Some((it.name.text, title_or(&it.title, &it.name.text))),
        _ => None,
    });
    let given: Vec<_> = given.collect();
    let known = given.iter().any(|(known, _)| **known == *name);
    let help = match known {
        true => format!("write the value behind the sign:  --set {name}=VALUE"),
        false => meant(name, &given),
    };
    Diagnostic::error("set-nothing", format!("`{name}` is set to nothing"))
        .why("Every number that enters a result is given by somebody; there is none to fall back on.")
        .help(help)
}

/// The `show` lines of several scenarios, one after the other.
fn shows_of(files: &[ast::File], scenarios: &[String]) -> Vec<ast::Show> {
    let mut all = Overrides::default();
    for wanted in scenarios {
        let scenario = files.iter().find(
            |file| matches!(&file.kind, FileKind::Scenario { name, .. } if *name.text == **wanted),
        );
        let decls = scenario.map_or(&[][..], |file| &file.decls[..]);
        decls.iter().for_each(|decl| all.add(decl));
    }
    all.shows
}

/// Settings of the command line in the words of a scenario file.
fn command_line(setup: &Setup) -> String {
    let sets = setup
        .set
        .iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| format!("set {name} = {value}\n"));
    let choices = setup
        .choose
        .iter()
        .map(|(choice, member)| format!("use {choice} = {member}\n"));
    let to = setup.to.iter().map(|to| format!("run to {to}\n"));
    let body: String = sets.chain(choices).chain(to).collect();
    if body.is_empty() {
        body
    } else {
        format!("scenario command_line for model_\n{body}")
    }
}

fn check_choices(files: &[ast::File], all: &Overrides, problems: &mut Vec<Diagnostic>) {
    let mut known = Vec::new();
    for decl in files.iter().flat_map(|file| &file.decls) {
        if let DeclKind::Choice(choice) = &decl.kind {
            known.push(choice.name.text);
        }
    }
    for (name, (choice, _)) in all.choices.iter().filter(|(name, _)| !known.contains(name)) {
        let problem = Diagnostic::error("choice-unknown", format!("there is no choice `{name}`"))
            .at(choice.span, "chosen here")
            .why("A run must know which rival it follows.");
        problems.push(match near(name, &known) {
            Some(close) => problem.help(format!("did you mean `{close}`?")),
            None => problem.help("declare it in the model:  choice NAME { first, second }"),
        });
    }
}

fn no_scenario(files: &[ast::File], wanted: &str) -> Diagnostic {
    let known: Vec<Symbol> = files
        .iter()
        .filter_map(|file| match &file.kind {
            FileKind::Scenario { name, .. } => Some(name.text),
            _ => None,
        })
        .collect();
    let problem = Diagnostic::error(
        "scenario-unknown",
        format!("there is no scenario `{wanted}`"),
    )
    .why("A scenario is found by the name it declares, in a file that begins with `scenario`.");
    match (near(wanted, &known), known.is_empty()) {
        (Some(close), _) => problem.help(format!("did you mean `{close}`?")),
        (None, false) => problem.help(format!("choose one of: {}", Symbol::list(&known))),
        (None, true) => problem.help("write one:  scenario NAME for MODEL \"what is different\""),
    }
}
