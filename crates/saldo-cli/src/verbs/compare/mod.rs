//! `saldo compare`: scenarios beside a base, run by run.
//!
//! Every scenario is run over the same draws and rivals, with the same random numbers: a deviation
//! compares like with like, and its band is that of the difference.

mod table;

use crate::args::{CompareArgs, ModelArgs};
use crate::missed::Missed;
use crate::session;
use crate::talk;
use crate::worlds::{self, Worlds};
use saldo_diag::Diagnostic;
use saldo_engine::Trace;
use saldo_model::ir::Model;
use saldo_report::{Curve, headline, named};
use saldo_store::columns;
use std::process::ExitCode;
use std::time::Instant;
use table::Table;

/// The model without a scenario.
const BASELINE: &str = "baseline";

/// A scenario that was run: its name and the quantities asked for, run by run.
struct Member {
    name: String,
    /// Curves of each run; the first one's titles and labels stand for all.
    runs: Vec<Vec<Curve>>,
    stopped: bool,
}

pub fn run(args: &CompareArgs) -> ExitCode {
    compare(args).unwrap_or_else(|code| code)
}

fn compare(args: &CompareArgs) -> Result<ExitCode, ExitCode> {
    let begin = Instant::now();
    let refuse =
        |problem: Diagnostic| talk::refuse(&problem, args.model.format, args.model.json, 2);
    let Asked { names, left_out } = scenarios(args)?;
    if names.len() == 1 {
        let problem = Diagnostic::error("usage", "nothing to compare with: the model has no scenario")
            .help("write a file  scenarios/NAME.saldo  that begins  scenario NAME for MODEL \"what is different\"");
        return Err(refuse(problem));
    }
    let mut prepared = Vec::new();
    for name in &names {
        let own = own(args, name);
        prepared.push((
            name.as_str(),
            worlds::prepare_for(&own, &args.draws, &names)?,
        ));
    }
    let beside: Vec<(&str, &Worlds)> = prepared.iter().map(|it| (it.0, &it.1)).collect();
    worlds::tell_once(&args.model, &beside);
    let mut members = Vec::new();
    let mut missed = Missed::default();
    for (name, worlds) in &prepared {
        members.push(member(args, name, worlds, &mut missed)?);
    }
    let rows = rows(args, &members[0]).map_err(refuse)?;
    let table = Table {
        args,
        model: prepared[0].1.first().model(),
        members: &members,
        rows: &rows,
        left_out: &left_out,
    };
    match args.model.json {
        true => talk::answer(&table.as_json(&missed, begin.elapsed().as_secs_f64())),
        false => talk::say(&table.as_text()),
    }
    let stopped = members.iter().any(|it| it.stopped);
    let first = &prepared[0].1.first().session;
    Ok(match missed.message() {
        _ if crate::progress::stopped() => ExitCode::from(130),
        _ if stopped => ExitCode::from(3),
        Some(problem) => first.refuse(&problem, &args.model, 1),
        None => ExitCode::SUCCESS,
    })
}

/// The base and what is set beside it.
struct Asked {
    names: Vec<String>,
    /// Declared scenarios that are not shown because nobody named any.
    left_out: Vec<String>,
}

impl From<Vec<String>> for Asked {
    fn from(names: Vec<String>) -> Self {
        Asked {
            names,
            left_out: Vec::new(),
        }
    }
}

/// With one scenario alone, what its file says to compare it with, else the baseline, is the
/// base; with none, the first that the model declares are set beside the baseline.
fn scenarios(args: &CompareArgs) -> Result<Asked, ExitCode> {
    const USUAL: usize = 3;
    let mut named = args.model.scenario.clone();
    let own = (!named.is_empty()).then(|| named.remove(0));
    let base = own.clone().unwrap_or_else(|| BASELINE.into());
    let others: Vec<String> = named.into_iter().chain(args.with.clone()).collect();
    if !others.is_empty() {
        let names: Vec<String> = std::iter::once(base).chain(others).collect();
        return Ok(names.into());
    }
    let setup = session::setup_of(&args.model)?;
    let session = session::open_with(&args.model, &setup)?;
    let Some(own) = own else {
        let declared = session.built.inventory.scenarios.iter();
        let mut declared = declared.map(|it| it.name.to_string());
        let shown = declared.by_ref().take(USUAL);
        let names = std::iter::once(base).chain(shown).collect();
        let left_out = declared.collect();
        return Ok(Asked { names, left_out });
    };
    let wanted = session.scenario(&setup).and_then(|it| it.compare);
    let base = wanted.map_or(BASELINE.into(), |name| name.to_string());
    let names = match base == own {
        true => vec![own],
        false => vec![base, own],
    };
    Ok(names.into())
}

fn own(args: &CompareArgs, name: &str) -> ModelArgs {
    ModelArgs {
        scenario: vec![name.to_string()],
        ..args.model.clone()
    }
}

/// Runs one of the scenarios; all look at the same quantities, in the same order.
fn member(
    args: &CompareArgs,
    name: &str,
    worlds: &Worlds,
    missed: &mut Missed,
) -> Result<Member, ExitCode> {
    let own = own(args, name);
    let mut member = Member {
        name: name.to_string(),
        runs: Vec::new(),
        stopped: false,
    };
    let swept = worlds.sweep(&mut |variant, world, trace| {
        missed.add(variant, world, &trace);
        if trace.stop.is_some() && !member.stopped {
            variant.session.end(&trace, &own);
            member.stopped = true;
        }
        member.runs.push(curves(args, variant.model(), &trace)?);
        Ok(())
    });
    let session = &worlds.first().session;
    swept.map_err(|problem| session.refuse(&problem, &args.model, 2))?;
    enough(args, worlds, &member)?;
    Ok(member)
}

fn curves(args: &CompareArgs, model: &Model, trace: &Trace) -> Result<Vec<Curve>, Diagnostic> {
    if args.of.is_empty() {
        return Ok(headline(model, trace));
    }
    let wanted = args.of.iter().map(|name| {
        named(model, trace, name).ok_or_else(|| {
            let all = columns(model);
            talk::unknown(name, all.iter().map(|column| column.name.as_str()))
        })
    });
    wanted.collect()
}

/// A comparison that was cut off before its first run has nothing to show.
fn enough(args: &CompareArgs, worlds: &Worlds, member: &Member) -> Result<(), ExitCode> {
    if member.runs.is_empty() {
        let problem = Diagnostic::warning("interrupted", "stopped by you before the first run")
            .help("run it again; the same command gives the same numbers");
        let session = &worlds.first().session;
        return Err(session.refuse(&problem, &args.model, 130));
    }
    Ok(())
}

/// The rows to print: those asked for, else about eight, evenly spaced, the last included. A row
/// in which nothing has a value, as the opening often is, is no row.
fn rows(args: &CompareArgs, base: &Member) -> Result<Vec<usize>, Diagnostic> {
    const USUAL: usize = 8;
    let curves = &base.runs[0];
    let labels = curves.first().map_or(&[][..], |curve| &curve.labels[..]);
    if args.at.is_empty() {
        let last = labels.len().saturating_sub(1);
        let step = last.div_ceil(USUAL).max(1);
        let filled = |row: &usize| curves.iter().any(|curve| curve.values[*row].is_finite());
        let spaced = (0..=last).rev().step_by(step);
        let mut rows: Vec<usize> = spaced.filter(filled).collect();
        rows.reverse();
        return Ok(rows);
    }
    let found = args.at.iter().map(|wanted| {
        labels
            .iter()
            .position(|label| label == wanted)
            .ok_or_else(|| {
                Diagnostic::error(
                    "period-unknown",
                    format!("{wanted} is not a period of this run"),
                )
                .help(format!(
                    "write  --at {}",
                    labels.last().map_or("1", String::as_str)
                ))
            })
    });
    found.collect()
}
