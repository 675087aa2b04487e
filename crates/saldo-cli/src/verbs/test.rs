//! `saldo test`: a model's own checks and its evidence, judged.

use crate::args::TestArgs;
use crate::judge::Judged;
use crate::missed::in_words;
use crate::talk;
use crate::worlds::{self, Variant};
use saldo_diag::{Diagnostic, Severity};
use saldo_engine::{CheckResult, Trace};
use saldo_evidence::{Row, score, tally, worst_first};
use saldo_model::ir::{Model, Purpose};
use saldo_report::short;
use saldo_store::World;
use std::process::ExitCode;
use std::time::Instant;

/// Values that are judged; those for show are in no score.
const JUDGED: [(Purpose, &str); 2] = [(Purpose::Fit, "fit"), (Purpose::Test, "test")];
/// How many misses are named.
const NAMED: usize = 10;

/// What one run showed.
struct Tested {
    world: String,
    checks: Vec<(String, CheckResult)>,
    /// Observed values that the run covers and that are in a score.
    rows: Vec<Row>,
    stopped: bool,
}

pub fn run(args: &TestArgs) -> ExitCode {
    judge(args).unwrap_or_else(|code| code)
}

fn judge(args: &TestArgs) -> Result<ExitCode, ExitCode> {
    let worlds = worlds::prepare(&args.model, &args.draws)?;
    let mut all = Vec::new();
    let mut judged = Judged::default();
    let mut code = ExitCode::SUCCESS;
    let begin = Instant::now();
    let swept = worlds.sweep(&mut |variant, world, trace| {
        if args.oracle {
            judged.run(&args.model, &variant.session, world, &trace, worlds.seed);
        }
        let tested = tested(variant, world, &trace);
        if tested.stopped {
            code = variant.session.end(&trace, &args.model);
        }
        all.push(tested);
        Ok(())
    });
    let session = &worlds.first().session;
    swept.map_err(|problem| session.refuse(&problem, &args.model, 1))?;
    let seconds = begin.elapsed().as_secs_f64();
    match args.model.json {
        true => talk::answer(&as_json(&all, &judged, (seconds, worlds.first()))),
        false => talk::say(&told(worlds.first().model(), &all)),
    }
    if let Some(code) = judged.refused() {
        return Ok(code);
    }
    if (all.len() as u64) < worlds.count() {
        let headline = format!(
            "stopped by you after {} of {} runs",
            all.len(),
            worlds.count()
        );
        let problem = Diagnostic::warning("interrupted", headline)
            .why("What was not run is not judged.")
            .help("run it again; the same command gives the same numbers");
        return Ok(worlds.first().session.refuse(&problem, &args.model, 130));
    }
    if all.iter().any(|it| it.stopped) {
        return Ok(code);
    }
    for tested in &all {
        for purpose in JUDGED {
            if let Some(problem) = missed(tested, purpose) {
                talk::refuse(&problem, args.model.format, args.model.json, 1);
            }
        }
    }
    let good = all.iter().all(Tested::good);
    Ok(ExitCode::from(u8::from(!good)))
}

fn tested(variant: &Variant, world: World, trace: &Trace) -> Tested {
    let model = variant.model();
    let rows = score(model, trace);
    let draw = world.draw.map(|draw| format!("draw {draw}"));
    let parts: Vec<String> = world
        .choices
        .map(String::from)
        .into_iter()
        .chain(draw)
        .collect();
    let checks = model.checks.iter().zip(&trace.checks);
    Tested {
        world: parts.join(", "),
        checks: checks
            .map(|(check, result)| (check.title.to_string(), result.clone()))
            .collect(),
        rows: rows
            .into_iter()
            .filter(|row| row.purpose != Purpose::Show)
            .collect(),
        stopped: trace.stop.is_some(),
    }
}

impl Tested {
    fn good(&self) -> bool {
        self.checks.iter().all(|(_, result)| held(result)) && self.rows.iter().all(Row::hit)
    }
}

/// A check that was never looked at has shown nothing.
fn held(result: &CheckResult) -> bool {
    result.tested > 0 && result.missed == 0
}

fn told(model: &Model, all: &[Tested]) -> String {
    let mut out = String::new();
    for tested in all {
        if !tested.world.is_empty() {
            out += &format!("{}\n", tested.world);
        }
        for (title, result) in &tested.checks {
            let word = if held(result) { "held  " } else { "missed" };
            out += &format!("{word}  {title}{}\n", detail(model, result));
        }
        out += &sum(model, tested);
    }
    out
}

fn sum(model: &Model, tested: &Tested) -> String {
    let name = &model.name;
    let checks = match tested.checks.len() {
        0 => format!(
            "{name}: no checks. Write one:  check \"title\" at end : output == 100 within 1%\n"
        ),
        all => {
            let held = tested.checks.iter().filter(|(_, it)| held(it)).count();
            format!("{name}: {held} of {all} checks held\n")
        }
    };
    let evidence = JUDGED.iter().filter_map(|(purpose, word)| {
        let sum = tally(&tested.rows, *purpose);
        let inside = format!(
            "{name}: {} of {} {word} values inside their band\n",
            sum.hits, sum.all
        );
        (sum.all > 0).then_some(inside)
    });
    checks + &evidence.collect::<String>()
}

fn detail(model: &Model, result: &CheckResult) -> String {
    match in_words(model, result) {
        _ if result.tested == 0 => ": never looked at in this run".into(),
        Some(words) => format!(" {words}"),
        None => String::new(),
    }
}

/// The message about observed values outside their band, the worst first.
fn missed(tested: &Tested, (purpose, word): (Purpose, &str)) -> Option<Diagnostic> {
    let worst = worst_first(&tested.rows, purpose);
    let missed: Vec<&&Row> = worst.iter().filter(|row| !row.hit()).collect();
    if missed.is_empty() {
        return None;
    }
    let headline = format!(
        "{} of {} {word} values lie outside their band",
        missed.len(),
        worst.len()
    );
    let mut problem = Diagnostic::new("evidence-missed", Severity::Fail, headline)
        .why(match purpose {
            Purpose::Test => "Test values were kept from calibration: they are the model's honest exam.",
            _ => "These values may be calibrated on: a miss says that no such calibration has been found.",
        });
    for row in missed.iter().take(NAMED) {
        problem = problem.note(format!(
            "{}, {}: observed {}, model {}, gap {:+.1} %, allowed ±{:.0} %",
            row.title,
            row.when,
            short(row.observed),
            short(row.model),
            100.0 * row.gap(),
            100.0 * row.within
        ));
    }
    if missed.len() > NAMED {
        problem = problem.note(format!("and {} more", missed.len() - NAMED));
    }
    Some(problem.help("saldo report MODEL  shows every value beside the run"))
}

fn as_json(
    all: &[Tested],
    judged: &Judged,
    (seconds, first): (f64, &Variant),
) -> serde_json::Value {
    let runs = all.iter().map(|tested| {
        let checks = tested.checks.iter().map(|(title, result)| {
            serde_json::json!({
                "title": title, "held": held(result), "tested": result.tested, "missed": result.missed,
                "first_miss": result.first.map(|(period, left, right)| serde_json::json!({"period": period, "left": left, "right": right})),
            })
        });
        let rows = tested.rows.iter().map(|row| {
            serde_json::json!({
                "title": row.title, "when": row.when, "observed": row.observed, "model": row.model,
                "within": row.within, "inside": row.hit(),
            })
        });
        serde_json::json!({
            "world": tested.world, "stopped": tested.stopped, "checks": checks.collect::<Vec<_>>(),
            "evidence": rows.collect::<Vec<_>>(),
        })
    });
    serde_json::json!({
        "version": saldo_diag::JSON_VERSION, "ok": all.iter().all(|it| it.good() && !it.stopped),
        "runs": runs.collect::<Vec<_>>(), "oracle": judged.json,
        "seconds": first.session.seconds(seconds),
    })
}
