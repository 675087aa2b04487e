//! `--oracle`: a run is judged by the slow evaluator before it is called done.

use crate::args::ModelArgs;
use crate::session::Session;
use crate::talk;
use saldo_engine::Trace;
use saldo_engine::oracle::{Verdict, judge};
use saldo_model::ir::Model;
use saldo_study::{explain_verdict, verdict_json, verdict_words};
use std::process::ExitCode;

/// Judges every draw; says what was seen on standard error.
pub fn verdicts(args: &ModelArgs, model: &Model, traces: &[Trace], seed: u64) -> Vec<Verdict> {
    let judged = (0u32..).zip(traces);
    let verdicts: Vec<Verdict> = judged
        .map(|(draw, trace)| judge(model, trace, seed, draw))
        .collect();
    if !args.json {
        for (draw, verdict) in verdicts.iter().enumerate() {
            let which = match verdicts.len() {
                1 => String::new(),
                _ => format!("draw {}, ", draw + 1),
            };
            for words in verdict_words(model, verdict) {
                eprintln!("{which}{words}");
            }
        }
    }
    verdicts
}

/// What `--json` carries of them.
pub fn as_json(model: &Model, verdicts: &[Verdict]) -> serde_json::Value {
    verdicts
        .iter()
        .map(|verdict| verdict_json(model, verdict))
        .collect()
}

/// The first disagreement, told; `None` if every draw is confirmed.
pub fn refuse(
    args: &ModelArgs,
    session: &Session,
    model: &Model,
    verdicts: &[Verdict],
) -> Option<ExitCode> {
    let problem = verdicts
        .iter()
        .find_map(|verdict| explain_verdict(model, verdict))?;
    talk::tell(&[problem], &session.built.sources, args.format, args.json);
    Some(ExitCode::from(3))
}
