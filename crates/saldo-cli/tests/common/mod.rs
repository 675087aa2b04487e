//! From a text to a run, without a process in between.
#![allow(dead_code)] // each test file takes what it needs

pub mod economy;
pub mod place;

use saldo_engine::{Keep, Trace};
use saldo_model::ir::Model;
use saldo_model::{Built, Setup, build};
use saldo_plan::{Program, plan};
use std::path::{Path, PathBuf};

pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// A model of the gallery.
pub fn gallery(name: &str) -> Model {
    let project =
        saldo_exchange::load(&root().join("models").join(name), &[]).expect("a readable model");
    let built = build(&project.files, &project.tables, &Setup::default());
    built.model.expect("a model without errors")
}

fn built(text: &str) -> Built {
    let files = [("model.saldo".to_string(), text.into())];
    build(
        &files,
        &saldo_exchange::Memory::default(),
        &Setup::default(),
    )
}

/// A model of one text; the ids of what is wrong with it otherwise.
pub fn model(text: &str) -> Result<Model, Vec<String>> {
    let built = built(text);
    let told = |problem: &saldo_diag::Diagnostic| format!("{}: {}", problem.id, problem.headline);
    let errors = built.problems.iter().filter(|problem| problem.is_error());
    let problems = errors.map(told);
    built.model.ok_or(problems.collect())
}

pub const ALL: Keep = Keep {
    lines: None,
    books: true,
};

pub fn run(model: &Model, program: &Program, seed: u64) -> Trace {
    saldo_engine::run(model, program, seed, &ALL, &|_| true)
}

pub fn plan_and_run(model: &Model) -> Trace {
    run(model, &plan(model), 0)
}

/// What stands beside the places of a text's problems.
pub fn labels(text: &str) -> Vec<String> {
    let built = built(text);
    let labels = built.problems.iter().flat_map(|problem| &problem.labels);
    labels.map(|label| label.text.clone()).collect()
}
