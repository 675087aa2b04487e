//! The texts of a model, read once for all the runs that are made of them.

use crate::build::{Built, Inventory, ScenarioInfo, Setup};
use crate::causes::{Causes, calendar_told};
use crate::frame::{calendar, header};
use crate::ir::Model;
use crate::lower::{Lowerer, title_or};
use crate::reading;
use crate::scenario::{Overrides, overrides};
use crate::together::Together;
use crate::units::UnitTable;
use saldo_diag::{Diagnostic, Sources, Span};
use saldo_exchange::{Files, Tables, TextFile};
use saldo_syntax::Symbol;
use saldo_syntax::ast::{self, DeclKind, FileKind};
use std::collections::BTreeSet;

/// What one pass over the texts follows.
struct Pass<'p> {
    overrides: &'p Overrides,
    sources: &'p Sources,
    all_rivals: bool,
}

pub struct Texts {
    sources: Sources,
    files: Vec<ast::File>,
    problems: Vec<Diagnostic>,
    causes: Causes,
}

impl Texts {
    pub(crate) fn read(files: &[TextFile], tables: &dyn Files) -> Self {
        let read = reading::read(files, tables);
        Texts {
            causes: Causes::of_reading(&read.files, read.lost, &read.problems),
            sources: read.sources,
            files: read.files,
            problems: read.problems,
        }
    }

    /// How many texts there are, those that `use` names included.
    pub(crate) fn count(&self) -> usize {
        self.files.len()
    }

    /// The model of one run, with everything that is wrong in it.
    pub(crate) fn build(&self, tables: &Tables, setup: &Setup) -> Built {
        let mut built = self.look(tables, setup);
        if let Some(model) = &mut built.model {
            crate::titles::russian(&self.files, &mut model.russian);
            model.sources = crate::titles::sources(&self.files);
        }
        built
    }

    /// As [`Texts::build`], without what only a run shows.
    pub(crate) fn look(&self, tables: &Tables, setup: &Setup) -> Built {
        let mut sources = self.sources.clone();
        let mut problems = self.problems.clone();
        crate::belongs::check_files(&self.files, &mut problems);
        let mut inventory = self.inventory();
        let overrides = overrides(&self.files, setup, &mut sources, &mut problems);
        note_plans(&mut inventory, setup, &overrides, &sources);
        let pass = Pass {
            overrides: &overrides,
            sources: &sources,
            all_rivals: false,
        };
        let (model, _) = self.lowered(tables, &pass, &mut problems);
        let model = model.filter(|_| !problems.iter().any(Diagnostic::is_error));
        Built {
            sources,
            inventory,
            model,
            problems,
            texts: None,
        }
    }

    /// The problems of all scenarios and rivals that one pass can show, and which these are.
    pub(crate) fn look_together(
        &self,
        tables: &Tables,
        setup: &Setup,
    ) -> (Together, Vec<Diagnostic>) {
        let mut sources = self.sources.clone();
        let mut problems = self.problems.clone();
        crate::belongs::check_files(&self.files, &mut problems);
        let mut overrides = overrides(&self.files, setup, &mut sources, &mut problems);
        let mut together = Together::of(&self.files, &sources, &mut overrides);
        let pass = Pass {
            overrides: &overrides,
            sources: &sources,
            all_rivals: together.all_rivals(),
        };
        let (_, structural) = self.lowered(tables, &pass, &mut problems);
        together.leave_out(&structural);
        (together, problems)
    }

    pub(crate) fn is_shown(&self, together: &Together, other: &Setup) -> bool {
        together.shows(other, &self.files)
    }

    /// Lowers, drops what follows from other problems, and puts the rest in order.
    fn lowered(
        &self,
        tables: &Tables,
        pass: &Pass,
        problems: &mut Vec<Diagnostic>,
    ) -> (Option<Model>, BTreeSet<Symbol>) {
        let mut causes = self.causes.clone();
        let mut structural = BTreeSet::new();
        let model = self.lower(tables, pass, problems, &mut causes, &mut structural);
        forget_library(problems, pass.sources);
        causes.keep(problems, self.problems.len(), pass.sources);
        tidy(problems);
        (model, structural)
    }

    fn lower(
        &self,
        tables: &Tables,
        pass: &Pass,
        problems: &mut Vec<Diagnostic>,
        causes: &mut Causes,
        structural: &mut BTreeSet<Symbol>,
    ) -> Option<Model> {
        let Pass {
            overrides, sources, ..
        } = pass;
        let decls = self.model_decls();
        let (name, title) = header(&self.files, problems)?;
        let timed = decls
            .iter()
            .any(|decl| matches!(decl.kind, DeclKind::Time(_)));
        if !timed && calendar_told(problems, sources) {
            return None;
        }
        let calendar = calendar(&decls, overrides, problems)?;
        let units: Vec<&ast::Unit> = decls.iter().filter_map(|decl| unit(decl)).collect();
        let (standard, faults) = crate::standard::units();
        problems.extend(faults.iter().cloned());
        let units_known = UnitTable::build(standard, &units, calendar.frequency, problems);
        let mut lowerer = Lowerer::new(name, title, calendar, units_known, tables, overrides);
        lowerer.model.currency = units
            .iter()
            .find(|it| is_money(it))
            .map(|it| it.names[0].text);
        lowerer.model.nodes.reserve(self.formulas());
        std::mem::swap(&mut lowerer.causes, causes);
        if lowerer.later(&decls) {
            problems.append(&mut lowerer.problems);
            return None;
        }
        lowerer.all_rivals = pass.all_rivals;
        lowerer.run(&decls, &self.evidence_decls());
        structural.append(&mut lowerer.structural);
        std::mem::swap(&mut lowerer.causes, causes);
        if lowerer.overfull {
            let full = |problem: &Diagnostic| problem.id == "too-many-elements";
            problems.extend(lowerer.problems.into_iter().filter(full));
            return None;
        }
        problems.append(&mut lowerer.problems);
        let mut model = lowerer.model;
        problems.extend(crate::units::check_units(&mut model, sources));
        problems.extend(crate::headroom::warnings(&model));
        Some(model)
    }

    /// About how many expressions the texts hold: one in every eight letters.
    fn formulas(&self) -> usize {
        let letters = self.sources.files.iter().map(|file| file.text.len());
        letters.sum::<usize>() / 8
    }

    /// All declarations of model files.
    fn model_decls(&self) -> Vec<&ast::Decl> {
        let models = self
            .files
            .iter()
            .filter(|file| matches!(file.kind, FileKind::Model(_)));
        models.flat_map(|file| &file.decls).collect()
    }

    /// All declarations of evidence files. The model text never sees them.
    fn evidence_decls(&self) -> Vec<&ast::Decl> {
        let evidence = self
            .files
            .iter()
            .filter(|file| matches!(file.kind, FileKind::Evidence { .. }));
        let sources = self
            .model_decls()
            .into_iter()
            .filter(|decl| matches!(decl.kind, DeclKind::Source(_)));
        evidence
            .flat_map(|file| &file.decls)
            .chain(sources)
            .collect()
    }

    /// What the files offer.
    fn inventory(&self) -> Inventory {
        let mut found = Inventory::default();
        for file in &self.files {
            match &file.kind {
                FileKind::Model(Some((name, title))) => {
                    found.name = name.text;
                    found.title = title_or(title, &name.text);
                }
                FileKind::Scenario { name, title, .. } => {
                    found.scenarios.push(scenario_info(file, name, title));
                }
                _ => {}
            }
            for decl in &file.decls {
                if let DeclKind::Choice(choice) = &decl.kind {
                    let members = choice.members.iter().map(|(name, _)| name.text);
                    found.choices.push((choice.name.text, members.collect()));
                }
            }
        }
        found.scenarios.sort_by_key(|info| info.name);
        found
    }
}

fn scenario_info(file: &ast::File, name: &ast::Name, title: &ast::Title) -> ScenarioInfo {
    let mut own = Overrides::default();
    file.decls.iter().for_each(|decl| own.add(decl));
    ScenarioInfo {
        name: name.text,
        title: title_or(title, &name.text),
        draws: own.draws,
        seed: own.seed,
        compare: own.compare.map(|with| with.text),
        uses: own.choices.into_keys().collect(),
        plans: Vec::new(),
    }
}

fn unit(decl: &ast::Decl) -> Option<&ast::Unit> {
    match &decl.kind {
        DeclKind::Unit(unit) => Some(unit),
        _ => None,
    }
}

fn is_money(unit: &ast::Unit) -> bool {
    let kind = unit.kind.as_ref();
    kind.is_some_and(|kind| &*kind.text == "money")
}

/// The hands of the scenario that is run, in the words of its file.
fn note_plans(inventory: &mut Inventory, setup: &Setup, overrides: &Overrides, sources: &Sources) {
    let run = |info: &&mut ScenarioInfo| Some(&*info.name) == setup.scenario.as_deref();
    if let Some(info) = inventory.scenarios.iter_mut().find(run) {
        let plans = overrides.plans.iter();
        info.plans = plans
            .map(|plan| sources.slice(plan.span()).to_string())
            .collect();
    }
}

/// A place in the library of units is none that the user could mend.
fn forget_library(problems: &mut [Diagnostic], sources: &Sources) {
    let known = |label: &saldo_diag::Label| (label.span.file.0 as usize) < sources.files.len();
    for problem in problems {
        problem.labels.retain(known);
    }
}

/// Most problems told about one model.
pub(crate) const MAX_PROBLEMS: usize = 200;

/// Problems follow the order of the text, and none is told twice.
pub(crate) fn tidy(problems: &mut Vec<Diagnostic>) {
    let place = |problem: &Diagnostic| {
        let first = problem.labels.first();
        first.map_or(Span::default(), |label| label.span)
    };
    problems.sort_by_key(|problem| (place(problem), problem.id, problem.headline.clone()));
    problems.dedup_by(|a, b| a.id == b.id && place(a) == place(b));
    if problems.len() > MAX_PROBLEMS {
        shorten(problems);
        problems.sort_by_key(place);
    }
}

/// Keeps the weightiest problems and counts the others.
fn shorten(problems: &mut Vec<Diagnostic>) {
    problems.sort_by_key(|problem| problem.severity);
    let more = problems.len() - MAX_PROBLEMS;
    problems.truncate(MAX_PROBLEMS);
    let headline = format!("{more} further problems are not shown");
    let problem = Diagnostic::new("many-problems", problems[0].severity, headline)
        .why("So many problems usually have few causes.")
        .help("mend the first ones and look again");
    problems.push(problem);
}
