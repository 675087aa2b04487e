//! Checks of the model that did not hold, in any run of a command: told by every verb alike.

use crate::worlds::Variant;
use saldo_diag::{Diagnostic, Severity, Span};
use saldo_engine::{CheckResult, Trace};
use saldo_model::ir::Model;
use saldo_report::short;
use saldo_store::World;

/// What was missed, check by check.
#[derive(Default)]
pub struct Missed {
    checks: Vec<Check>,
    /// Runs that were looked at.
    runs: u64,
    /// Checks that the model states.
    stated: usize,
}

struct Check {
    title: String,
    span: Span,
    runs: u64,
    /// Which run missed it first, and by how much.
    first: String,
}

impl Missed {
    pub fn add(&mut self, variant: &Variant, world: World, trace: &Trace) {
        let model = variant.model();
        self.runs += 1;
        self.stated = model.checks.len();
        for (check, result) in model.checks.iter().zip(&trace.checks) {
            let Some(words) = in_words(model, result) else {
                continue;
            };
            let mut known = self.checks.iter_mut();
            match known.find(|it| *it.title == *check.title && it.span == check.span) {
                Some(known) => known.runs += 1,
                None => self.checks.push(Check {
                    title: check.title.to_string(),
                    span: check.span,
                    runs: 1,
                    first: within(variant, world) + &words,
                }),
            }
        }
    }

    pub fn message(&self) -> Option<Diagnostic> {
        let headline = match (self.checks.len(), self.stated) {
            (0, _) => return None,
            (1, 1) => "the model's check was missed".to_string(),
            (1, all) => format!("1 of {all} checks of the model was missed"),
            (missed, all) => format!("{missed} of {all} checks of the model were missed"),
        };
        let told = Diagnostic::new("check-missed", Severity::Fail, headline)
            .why("A check states what must be true of this economy: results that break it are not of the economy that was meant.");
        let told = self.in_words().fold(told, Diagnostic::note);
        let places = self.checks.iter();
        let told = places.fold(told, |told, check| {
            told.at(check.span, "this does not hold")
        });
        Some(told.help("mend what it rests on, or widen its band:  … within 2%"))
    }

    /// Each check with how often it was missed, and where first.
    pub fn in_words(&self) -> impl Iterator<Item = String> {
        self.checks.iter().map(|check| {
            let often = match self.runs {
                1 => String::new(),
                all if check.first.starts_with("in ") => {
                    format!(", in {} of {all} runs; in the first of them", check.runs)
                }
                all => format!(", in {} of {all} runs, first", check.runs),
            };
            format!("{}{often} {}", check.title, check.first)
        })
    }

    pub fn as_json(&self) -> serde_json::Value {
        let checks = self.checks.iter().map(
            |it| serde_json::json!({"title": it.title, "runs_missed": it.runs, "first": it.first}),
        );
        checks.collect()
    }
}

/// The run that is meant, where a command makes several.
fn within(variant: &Variant, world: World) -> String {
    let scenario = (variant.scenario != "baseline").then(|| variant.scenario.clone());
    let draw = world.draw.map(|draw| format!("draw {draw}"));
    let parts = scenario
        .into_iter()
        .chain(variant.label.clone())
        .chain(draw);
    let parts: Vec<String> = parts.collect();
    match parts.is_empty() {
        true => String::new(),
        false => format!("with {}: ", parts.join(", ")),
    }
}

/// `in 3 of 60 periods, first in 12: 99.8 against 100`; nothing for a check that held.
pub fn in_words(model: &Model, result: &CheckResult) -> Option<String> {
    let (period, left, right) = result.first?;
    Some(format!(
        "in {} of {} periods, first in {}: {} against {}{}",
        result.missed,
        result.tested,
        model.calendar.label(period as i64),
        short(left),
        short(right),
        rounding(left, right)
    ))
}

/// What to do where two amounts differ by the rounding of decimals alone.
fn rounding(left: f64, right: f64) -> &'static str {
    const DIGITS: f64 = 1e-12;
    let gap = (left - right).abs();
    match gap <= DIGITS * left.abs().max(right.abs()).max(1.0) {
        true => {
            "; only decimals were rounded: give the check a tolerance, such as  within 0.01 UNIT"
        }
        false => "",
    }
}
