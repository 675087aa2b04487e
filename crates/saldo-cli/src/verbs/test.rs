//! `saldo test`: a model's own checks, judged.

use crate::args::RunArgs;
use crate::judge;
use crate::session;
use saldo_engine::CheckResult;
use saldo_model::ir::{Check, Model};
use std::process::ExitCode;

pub fn run(args: &RunArgs) -> ExitCode {
    let ran = match session::run_once(&args.model, args.seed.unwrap_or(0)) {
        Ok(ran) => ran,
        Err(code) => return code,
    };
    let (model, trace) = (ran.model(), &ran.trace);
    let results: Vec<_> = model.checks.iter().zip(&trace.checks).collect();
    let verdicts = match args.oracle {
        true => judge::verdicts(
            &args.model,
            model,
            std::slice::from_ref(trace),
            args.seed.unwrap_or(0),
        ),
        false => Vec::new(),
    };
    match args.model.json {
        true => println!("{}", as_json(&results, &judge::as_json(model, &verdicts))),
        false => tell(model, &results),
    }
    if let Some(code) = judge::refuse(&args.model, &ran.session, model, &verdicts) {
        return code;
    }
    if ran.trace.stop.is_some() {
        return ran.finish(&args.model);
    }
    ExitCode::from(u8::from(results.iter().any(|(_, result)| !good(result))))
}

/// A check that was never looked at has shown nothing.
fn good(result: &CheckResult) -> bool {
    result.tested > 0 && result.missed == 0
}

fn tell(model: &Model, results: &[(&Check, &CheckResult)]) {
    for (check, result) in results {
        let word = if good(result) { "held  " } else { "missed" };
        println!("{word}  {}{}", check.title, detail(model, result));
    }
    match results.len() {
        0 => println!(
            "{}: no checks. Write one:  check \"title\" at end : output == 100 within 1%",
            model.name
        ),
        all => println!(
            "{}: {} of {all} checks held",
            model.name,
            results.iter().filter(|(_, result)| good(result)).count()
        ),
    }
}

fn detail(model: &Model, result: &CheckResult) -> String {
    match result.first {
        _ if result.tested == 0 => ": never looked at in this run".into(),
        Some((period, left, right)) => format!(
            ": in {} of {} periods, first in {}: {left} against {right}",
            result.missed,
            result.tested,
            model.calendar.label(period as i64)
        ),
        None => String::new(),
    }
}

fn as_json(results: &[(&Check, &CheckResult)], oracle: &serde_json::Value) -> serde_json::Value {
    let checks = results.iter().map(|(check, result)| {
        serde_json::json!({
            "title": &*check.title, "held": good(result), "tested": result.tested, "missed": result.missed,
            "first_miss": result.first.map(|(period, left, right)| serde_json::json!({"period": period, "left": left, "right": right})),
        })
    });
    serde_json::json!({"version": saldo_diag::JSON_VERSION, "checks": checks.collect::<Vec<_>>(), "oracle": oracle})
}
