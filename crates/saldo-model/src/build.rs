//! The one public entry: files to a checked model.

use crate::ir::Model;
use crate::texts::{Texts, tidy};
use saldo_diag::{Diagnostic, Sources};
use saldo_exchange::{Files, Tables, TextFile};
use saldo_syntax::Symbol;
use std::num::NonZero;
use std::thread;

/// What one run changes: a scenario, and settings of the command line.
#[derive(Clone, Debug, Default)]
pub struct Setup {
    /// Name of a declared scenario.
    pub scenario: Option<String>,
    /// `NAME=VALUE` in the language's own words.
    pub set: Vec<(String, String)>,
    /// Which explanation of a choice to follow.
    pub choose: Vec<(String, String)>,
    /// Last period to run.
    pub to: Option<String>,
    /// Scenarios whose `show` lines are looked at, in this order. Empty: those of the scenario
    /// itself. Runs that are compared look at the same quantities.
    pub shows_of: Vec<String>,
}

/// What the files offer, known even when the model has errors.
#[derive(Clone, Debug, Default)]
pub struct Inventory {
    pub name: Symbol,
    pub title: Symbol,
    /// Scenarios: name, title, draws and seed asked for, what to compare with.
    pub scenarios: Vec<ScenarioInfo>,
    pub choices: Vec<(Symbol, Vec<Symbol>)>,
}

#[derive(Clone, Debug, Default)]
pub struct ScenarioInfo {
    pub name: Symbol,
    pub title: Symbol,
    pub draws: Option<u64>,
    pub seed: Option<u64>,
    pub compare: Option<Symbol>,
    /// The choices for which it says which rival to follow.
    pub uses: Vec<Symbol>,
    /// Each hand on an equation, in the words of the file.
    pub plans: Vec<String>,
}

/// Everything that came of reading a model.
pub struct Built {
    pub sources: Sources,
    pub inventory: Inventory,
    /// Absent if anything is an error.
    pub model: Option<Model>,
    pub problems: Vec<Diagnostic>,
    /// What the model was made of: who is done with everything at once may leave it whole.
    pub texts: Option<Texts>,
}

/// The files of a model to the model of one run.
pub fn build(files: &[TextFile], tables: &dyn Files, setup: &Setup) -> Built {
    let texts = Texts::read(files, tables);
    let built = texts.build(&Tables::new(tables), setup);
    Built {
        texts: Some(texts),
        ..built
    }
}

/// As [`build`], and every scenario and every rival explanation is looked at too: what is wrong
/// in a branch that this run does not take comes to light before somebody takes it.
pub fn check_all(files: &[TextFile], tables: &dyn Files, setup: &Setup) -> Built {
    let (texts, tables) = (Texts::read(files, tables), Tables::new(tables));
    let mut built = texts.build(&tables, setup);
    let mut others = others(&built.inventory, setup);
    if setup.scenario.is_none() && others.len() > 1 {
        let (together, problems) = texts.look_together(&tables, setup);
        if problems.iter().all(|it| built.problems.contains(it)) {
            others.retain(|other| !texts.is_shown(&together, other));
        }
    }
    for problems in side_by_side(&others, |other| texts.look(&tables, other).problems) {
        // Texts of the command line are places in their own build alone.
        let shared = |problem: &Diagnostic| {
            let known = |label: &saldo_diag::Label| (label.span.file.0 as usize) < texts.count();
            problem.labels.iter().all(known)
        };
        built.problems.extend(problems.into_iter().filter(shared));
    }
    tidy(&mut built.problems);
    Built {
        texts: Some(texts),
        ..built
    }
}

/// Room for formulas as deep as the language allows.
const STACK: usize = 16 << 20;

/// What `look` says of each, in their order, however many are looked at at a time.
fn side_by_side<T: Sync, R: Send>(all: &[T], look: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let at_a_time = thread::available_parallelism().map_or(1, NonZero::get);
    let share = all.len().div_ceil(at_a_time).max(1);
    let look = &look;
    thread::scope(|scope| {
        let look_at = |some: &'_ [T]| some.iter().map(look).collect::<Vec<R>>();
        let parts: Vec<_> = all
            .chunks(share)
            .map(|some| {
                let spawned = thread::Builder::new()
                    .stack_size(STACK)
                    .spawn_scoped(scope, move || some.iter().map(look).collect::<Vec<R>>());
                spawned.map_err(|_| look_at(some))
            })
            .collect();
        let told = parts.into_iter().flat_map(|part| match part {
            Ok(thread) => thread
                .join()
                .unwrap_or_else(|panic| std::panic::resume_unwind(panic)),
            Err(looked_at) => looked_at,
        });
        told.collect()
    })
}

/// Each scenario, and each explanation that is not the first of its choice.
fn others(inventory: &Inventory, setup: &Setup) -> Vec<Setup> {
    let mut all = Vec::new();
    for scenario in &inventory.scenarios {
        all.push(Setup {
            scenario: Some(scenario.name.to_string()),
            to: None,
            ..setup.clone()
        });
    }
    for (choice, members) in &inventory.choices {
        for member in members.iter().skip(1) {
            let mut other = setup.clone();
            other.choose.push((choice.to_string(), member.to_string()));
            all.push(other);
        }
    }
    all
}
