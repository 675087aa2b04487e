//! `saldo run`: run a model, write its results, say what happened.

mod account;
mod again;
mod results;
mod taken;
mod watch;

use crate::args::RunArgs;
use crate::judge::Judged;
use crate::progress::stopped;
use crate::talk;
use crate::worlds::{self, Worlds};
use account::Account;
pub use account::offered;
use results::Results;
use saldo_diag::{Diagnostic, Sources};
use saldo_store::Manifest;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

pub fn run(args: &RunArgs) -> ExitCode {
    if args.again {
        return again::run(args);
    }
    if args.watch {
        return watch::run(args);
    }
    once(args, None).map_or_else(|code| code, |done| done.code)
}

/// A run from end to end, with what it left.
pub struct Done {
    pub code: ExitCode,
    /// The headline quantities in the last period, by title.
    pub last: Vec<(String, f64)>,
}

/// Seconds of the stages after the plan.
#[derive(Clone, Copy, Debug, Default)]
struct Seconds {
    run: f64,
    write: f64,
}

/// Reads, runs, writes, tells. `as_command`: a run that is repeated, under whose words the
/// results are recorded; nothing is told of it.
pub fn once(args: &RunArgs, as_command: Option<&Manifest>) -> Result<Done, ExitCode> {
    let worlds = worlds::prepare_all(&args.model, &args.draws)?;
    let place = place(args, &worlds);
    let begin = Instant::now();
    let mut account = Account::default();
    let mut judged = Judged::default();
    let mut write = 0.0;
    let begun = Account::fits(&worlds).and_then(|()| Results::begin(args, &place, &worlds));
    let results = begun.and_then(|mut results| {
        worlds.sweep(&mut |variant, world, trace| {
            if args.oracle {
                judged.run(&args.model, &variant.session, world, &trace, worlds.seed);
            }
            let began = Instant::now();
            results.add(variant, world, &trace)?;
            write += began.elapsed().as_secs_f64();
            account.add(&worlds, variant, world, trace);
            Ok(())
        })?;
        Ok(results)
    });
    let refuse = |problem: Diagnostic| {
        // A wrong path is no failure of the model's.
        let code = if problem.id == "results-place" { 2 } else { 1 };
        worlds.first().session.refuse(&problem, &args.model, code)
    };
    let results = results.map_err(refuse)?;
    account.complete(&worlds);
    let run = begin.elapsed().as_secs_f64() - write;
    let began = Instant::now();
    let kept = results.keep(args, &worlds, &account, as_command)?;
    let place = kept.map_err(refuse)?;
    let write = write + began.elapsed().as_secs_f64();
    if as_command.is_none() {
        tell(
            args,
            &worlds,
            &account,
            &place,
            Seconds { run, write },
            &judged,
        );
    }
    let code = judged
        .refused()
        .unwrap_or_else(|| end(args, &worlds, &account));
    Ok(Done {
        code,
        last: account.last(&worlds),
    })
}

fn tell(
    args: &RunArgs,
    worlds: &Worlds,
    account: &Account,
    place: &Path,
    seconds: Seconds,
    judged: &Judged,
) {
    match args.model.json {
        true => talk::answer(&account.as_json(args, worlds, place, seconds, &judged.json)),
        false => talk::say(&account.as_text(worlds, place)),
    }
}

/// Says why a run ended early or which checks it missed, and gives the exit code.
fn end(args: &RunArgs, worlds: &Worlds, account: &Account) -> ExitCode {
    let session = &worlds.first().session;
    let missed = account.missed.message();
    let code = ended(args, worlds, account);
    match missed {
        Some(problem) if code == ExitCode::SUCCESS => session.refuse(&problem, &args.model, 1),
        _ => code,
    }
}

/// Says why runs ended early; 0 if none did.
fn ended(args: &RunArgs, worlds: &Worlds, account: &Account) -> ExitCode {
    if worlds.count() == 1 {
        let session = &worlds.first().session;
        return session.end(account.central(), &args.model);
    }
    if let Some(problem) = account.failure(worlds) {
        talk::tell(
            &[problem],
            &Sources::default(),
            args.model.format,
            args.model.json,
        );
    }
    match () {
        () if stopped() => ExitCode::from(130),
        () if account.failed_count > 0 => ExitCode::from(3),
        () => ExitCode::SUCCESS,
    }
}

/// Where results go: `--out`, or `results/MODEL-SCENARIO/`.
fn place(args: &RunArgs, worlds: &Worlds) -> PathBuf {
    if let Some(place) = &args.out {
        return place.clone();
    }
    let scenarios = args.model.scenario.iter();
    let names: Vec<String> = scenarios.map(|name| stem(name)).collect();
    let scenario = match names.is_empty() {
        true => "baseline".into(),
        false => names.join("+"),
    };
    Path::new("results").join(format!("{}-{scenario}", worlds.first().model().name))
}

/// A scenario's name, also of one that is given as a file.
fn stem(scenario: &str) -> String {
    let name = Path::new(scenario).file_stem();
    name.map_or("baseline".into(), |name| {
        name.to_string_lossy().into_owned()
    })
}
