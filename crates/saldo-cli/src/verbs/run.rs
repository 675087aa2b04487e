//! `saldo run`: run a model, write its results, say what happened.

use crate::args::RunArgs;
use crate::judge;
use crate::session::{self, Session};
use crate::talk;
use saldo_diag::Diagnostic;
use saldo_engine::oracle::Verdict;
use saldo_engine::{Keep, Trace};
use saldo_model::ir::{Model, Purpose};
use saldo_plan::Program;
use saldo_report::{Made, headline, kept, page, plot, single, summary};
use saldo_store::{FileHash, Manifest, hash, wide_csv, write_folder, write_whole};
use saldo_study::explain_stop;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

pub fn run(args: &RunArgs) -> ExitCode {
    if args.again {
        return super::again::run(args);
    }
    let mut session = match session::open(&args.model) {
        Ok(session) => session,
        Err(code) => return code,
    };
    let program = match session.program(args.model.format, args.model.json) {
        Ok(program) => program,
        Err(code) => return code,
    };
    let Some(model) = &session.built.model else {
        return ExitCode::from(1);
    };
    let begin = Instant::now();
    let traces = match traces(args, &session, model, &program) {
        Ok(traces) => traces,
        Err(problem) => return refuse(args, &session, &problem, 2),
    };
    let seconds = begin.elapsed().as_secs_f64();
    let begin = Instant::now();
    let place = match write(args, &session, model, &traces) {
        Ok(place) => place,
        Err((path, error)) => {
            let problem = Diagnostic::error(
                "write-failed",
                format!("{} cannot be written: {error}", path.display()),
            )
            .help("choose another place:  --out PATH");
            return refuse(args, &session, &problem, 1);
        }
    };
    let written = begin.elapsed().as_secs_f64();
    let verdicts = match args.oracle {
        true => judge::verdicts(&args.model, model, &traces, args.seed.unwrap_or(0)),
        false => Vec::new(),
    };
    tell_result(
        args,
        &session,
        model,
        &traces,
        &verdicts,
        &place,
        (seconds, written),
    );
    let disagrees = judge::refuse(&args.model, &session, model, &verdicts);
    disagrees.unwrap_or_else(|| finish(args, &session, model, &traces))
}

fn refuse(args: &RunArgs, session: &Session, problem: &Diagnostic, code: u8) -> ExitCode {
    talk::tell(
        std::slice::from_ref(problem),
        &session.built.sources,
        args.model.format,
        args.model.json,
    );
    ExitCode::from(code)
}

/// One run, or as many draws as asked for. Ctrl-C ends it after the current period.
fn traces(
    args: &RunArgs,
    session: &Session,
    model: &Model,
    program: &Program,
) -> Result<Vec<Trace>, Diagnostic> {
    let stop = Arc::new(AtomicBool::new(false));
    let seen = Arc::clone(&stop);
    // A second handler in one process is refused: the first one still works.
    let _ = ctrlc::set_handler(move || seen.store(true, Ordering::Relaxed));
    let go_on = move |_: usize| !stop.load(Ordering::Relaxed);
    let keep = Keep {
        lines: None,
        books: true,
    };
    let seed = seed(args, session);
    let asked = scenario(args, session).and_then(|scenario| scenario.draws);
    let Some(draws) = args.draws.or(asked) else {
        return Ok(vec![saldo_engine::run(model, program, seed, &keep, &go_on)]);
    };
    if draws == 0 || draws > 1_000_000 {
        return Err(
            Diagnostic::error("draws-range", format!("{draws} draws cannot be made"))
                .help("ask for 1 to 1000000:  --draws 1000"),
        );
    }
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(args.threads)
        .build()
        .map_err(|error| {
            Diagnostic::error("threads", format!("no threads: {error}")).help("use  --threads 1")
        })?;
    let drawn = saldo_engine::priors(model, seed, draws);
    Ok(pool.install(|| saldo_engine::run_draws(model, program, seed, &drawn, &keep, &go_on)))
}

/// The scenario that is run, as its file declares it.
fn scenario<'s>(args: &RunArgs, session: &'s Session) -> Option<&'s saldo_model::ScenarioInfo> {
    let wanted = args.model.scenario.as_deref()?;
    let mut all = session.built.inventory.scenarios.iter();
    all.find(|scenario| &*scenario.name == wanted)
}

/// The command line's seed, or else the scenario's.
fn seed(args: &RunArgs, session: &Session) -> u64 {
    let asked = scenario(args, session).and_then(|scenario| scenario.seed);
    args.seed.or(asked).unwrap_or(0)
}

/// Where results go without `--out`: `results/MODEL-SCENARIO/`.
fn usual_place(args: &RunArgs, model: &Model) -> PathBuf {
    let scenario = args.model.scenario.as_deref().unwrap_or("baseline");
    let scenario = Path::new(scenario)
        .file_stem()
        .map_or("baseline".into(), |name| {
            name.to_string_lossy().into_owned()
        });
    Path::new("results").join(format!("{}-{scenario}", model.name))
}

fn write(
    args: &RunArgs,
    session: &Session,
    model: &Model,
    traces: &[Trace],
) -> Result<PathBuf, (PathBuf, std::io::Error)> {
    let place = args.out.clone().unwrap_or_else(|| usual_place(args, model));
    let csv = wide_csv(model, traces);
    if place.extension().is_some_and(|end| end == "csv") {
        write_whole(&place, csv.as_bytes()).map_err(|error| (place.clone(), error))?;
        return Ok(place);
    }
    let told = single(&session.built.sources, model, traces, made(args, session));
    let files = vec![
        ("results.csv".to_string(), csv.into_bytes()),
        ("report.html".to_string(), page(&told).into_bytes()),
        ("page.json".to_string(), kept(&told)),
    ];
    let manifest = manifest(args, session, model, traces, &files);
    let text = serde_json::to_vec_pretty(&manifest).unwrap_or_default();
    write_folder(&place, &files, &text).map_err(|error| (place.clone(), error))?;
    Ok(place)
}

fn command() -> Vec<String> {
    std::env::args().skip(1).collect()
}

fn inputs(session: &Session) -> Vec<FileHash> {
    session
        .inputs
        .iter()
        .map(|(name, sha256)| FileHash {
            name: name.clone(),
            sha256: sha256.clone(),
        })
        .collect()
}

fn made(args: &RunArgs, session: &Session) -> Made {
    Made {
        scenario: args.model.scenario.clone(),
        command: format!("saldo {}", command().join(" ")),
        version: env!("CARGO_PKG_VERSION").into(),
        seed: seed(args, session),
        inputs: session.inputs.clone(),
    }
}

fn manifest(
    args: &RunArgs,
    session: &Session,
    model: &Model,
    traces: &[Trace],
    files: &[(String, Vec<u8>)],
) -> Manifest {
    let first = &traces[0];
    let failed = traces.iter().filter(|trace| trace.stop.is_some()).count();
    Manifest {
        manifest: saldo_store::VERSION,
        saldo: env!("CARGO_PKG_VERSION").into(),
        model: model.name.to_string(),
        title: model.title.to_string(),
        scenario: args.model.scenario.clone(),
        command: command(),
        path: args.model.model.display().to_string(),
        seed: seed(args, session),
        draws: traces.len() as u64,
        failed_draws: failed as u64,
        periods: model.calendar.len,
        completed: first.completed,
        complete: failed == 0,
        stopped: explain_stop(model, first).map(|problem| problem.headline),
        inputs: inputs(session),
        files: files
            .iter()
            .map(|(name, bytes)| FileHash {
                name: name.clone(),
                sha256: hash(bytes),
            })
            .collect(),
    }
}

fn tell_result(
    args: &RunArgs,
    session: &Session,
    model: &Model,
    traces: &[Trace],
    verdicts: &[Verdict],
    place: &Path,
    (run, write): (f64, f64),
) {
    let trace = &traces[0];
    if args.model.json {
        let seconds = &session.seconds;
        let answer = serde_json::json!({
            "version": saldo_diag::JSON_VERSION, "model": &*model.name, "scenario": args.model.scenario,
            "periods": model.calendar.len, "completed": trace.completed, "draws": traces.len(),
            "failed_draws": traces.iter().filter(|trace| trace.stop.is_some()).count(),
            "checks_missed": missed(trace), "iterations": trace.effort.iterations,
            "fallbacks": trace.effort.fallbacks, "out": place.display().to_string(),
            "oracle": judge::as_json(model, verdicts),
            "seconds": {"parse": seconds.parse, "check": seconds.check, "plan": seconds.plan, "run": run, "write": write},
            "evidence": evidence(model, trace),
        });
        println!("{answer}");
        return;
    }
    for curve in headline(model, trace).iter().take(3) {
        println!("{}", plot(curve));
    }
    println!("{}", account(model, trace));
    print!("{}", summary(model, trace));
    println!("written to {}", place.display());
}

/// Every observed value beside the model's, with what it may be used for.
fn evidence(model: &Model, trace: &Trace) -> Vec<serde_json::Value> {
    let purpose = |of| match of {
        Purpose::Fit => "fit",
        Purpose::Test => "test",
        Purpose::Show => "show",
    };
    let line = |row: saldo_evidence::Row| {
        serde_json::json!({
            "title": row.title, "when": row.when, "source": row.source, "for": purpose(row.purpose),
            "observed": row.observed, "model": row.model, "within": row.within, "hit": row.hit(),
        })
    };
    saldo_evidence::score(model, trace)
        .into_iter()
        .map(line)
        .collect()
}

fn missed(trace: &Trace) -> usize {
    trace.checks.iter().filter(|check| check.missed > 0).count()
}

/// What happened, in two lines.
fn account(model: &Model, trace: &Trace) -> String {
    let span = format!(
        "{} of {} periods, {} to {}",
        trace.completed,
        model.calendar.len,
        model.calendar.label(1),
        model.calendar.label(trace.completed.max(1) as i64)
    );
    let checks = match (trace.checks.len(), missed(trace)) {
        (0, _) => String::new(),
        (1, 0) => "; its check held".into(),
        (all, 0) => format!("; all {all} checks held"),
        (all, missed) => format!("; {missed} of {all} checks missed"),
    };
    format!("{}: {span}. The books balance exactly{checks}.", model.name)
}

fn finish(args: &RunArgs, session: &Session, model: &Model, traces: &[Trace]) -> ExitCode {
    let Some((problem, trace)) = traces
        .iter()
        .find_map(|trace| Some((explain_stop(model, trace)?, trace)))
    else {
        return ExitCode::SUCCESS;
    };
    let interrupted = matches!(trace.stop, Some(saldo_engine::Stop::Interrupted { .. }));
    refuse(args, session, &problem, if interrupted { 130 } else { 3 })
}
