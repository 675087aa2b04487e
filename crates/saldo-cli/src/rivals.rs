//! Rival explanations for the page: each that a run does not take, alone against the run.

use crate::args::ModelArgs;
use crate::session;
use crate::worlds::{self, Variant};
use rayon::prelude::*;
use saldo_engine::Keep;
use saldo_model::ir::Model;
use saldo_report::RivalRun;
use std::process::ExitCode;

/// Rival explanations that a page runs.
const MOST: usize = 16;
/// Lines times periods that a run spends on rivals nobody asked for: about a second on two cores.
/// A count, not a clock, so that the same command gives the same page on any machine.
const CHEAP: usize = 60_000_000;

/// Whether all rivals of a model may be run beside it without being asked for.
pub fn cheap(args: &ModelArgs, model: &Model) -> bool {
    let each = model.vars.len() * model.calendar.len;
    each * open(args, model).len() <= CHEAP
}

/// Runs the baseline under every rival once, with parameters as stated.
pub fn run(args: &ModelArgs, base: &Variant, seed: u64) -> Result<Vec<RivalRun>, ExitCode> {
    let mut variants = Vec::new();
    for (choose, title) in open(args, base.model()) {
        let mut own = args.clone();
        own.scenario.clear();
        own.choose.push(choose);
        let setup = session::setup_of(&own)?;
        variants.push((worlds::variant(&own, &setup, false)?, title));
    }
    let keep = Keep {
        lines: None,
        books: true,
    };
    let run = |(variant, title): &(Variant, String)| {
        let model = variant.model();
        let go_on = |_: usize| !crate::progress::stopped();
        let trace = saldo_engine::run(model, &variant.program, seed, &keep, &go_on);
        RivalRun::of(title, model, &trace)
    };
    Ok(variants.par_iter().map(run).collect())
}

/// Alternatives that are neither taken nor settled: option and title.
fn open(args: &ModelArgs, model: &Model) -> Vec<(String, String)> {
    let settled = |name: &str| {
        let mut pairs = args.choose.iter().filter_map(|it| it.split_once('='));
        pairs.any(|(choice, _)| choice.trim() == name)
    };
    let open = model.choices.iter().filter(|it| !settled(&it.name));
    let others = open.flat_map(|choice| {
        let members = choice.members.iter().enumerate();
        members
            .filter(|(at, _)| *at != choice.taken)
            .map(|(_, (name, title))| (format!("{}={name}", choice.name), title.to_string()))
    });
    others.take(MOST).collect()
}
