//! The first screen's computed sentences.

use super::Scene;
use crate::number::{change, spoken};
use crate::page::document::{Assumed, Chart, Evidence};
use saldo_model::ir::Model;

/// Only what was computed is said: where a quantity began, its lowest or highest point, its end.
pub(crate) fn gather(
    model: &Model,
    charts: &[Chart],
    scenes: &[Scene],
    evidence: &Evidence,
    assumed: &Assumed,
    completed: usize,
) -> Vec<String> {
    let told = if scenes.len() > 1 { 2 } else { 3 };
    let mut out: Vec<String> = charts
        .iter()
        .take(told)
        .filter_map(|chart| path(model, chart))
        .collect();
    out.extend(scenes.get(1).and_then(|scene| beside(scene, charts)));
    let end = model.calendar.label(completed as i64);
    out.push(fit(evidence) + &beyond(evidence, &end));
    out.push(format!(
        "{} of {} parameters are assumed rather than taken from a source; the books balance to the last unit in each of {completed} periods.",
        assumed.assumed, assumed.all
    ));
    out
}

fn path(model: &Model, chart: &Chart) -> Option<String> {
    let values = &chart.lines.first()?.values;
    let known = || {
        values
            .iter()
            .enumerate()
            .filter(|(_, value)| value.is_finite())
    };
    let (first, last) = (known().next()?, known().next_back()?);
    let low = known().min_by(|a, b| a.1.total_cmp(b.1))?;
    let high = known().max_by(|a, b| a.1.total_cmp(b.1))?;
    let label = |row: usize| model.calendar.label(row as i64);
    let unit = if chart.unit.is_empty() || chart.unit == "1" {
        String::new()
    } else {
        format!(" {}", chart.unit)
    };
    let inner = |row: usize| row != first.0 && row != last.0;
    let turn = match (inner(low.0), inner(high.0)) {
        (true, _) if *low.1 < *first.1 => {
            format!("; lowest {} in {}", spoken(*low.1), label(low.0))
        }
        (_, true) => format!("; highest {} in {}", spoken(*high.1), label(high.0)),
        _ => String::new(),
    };
    Some(format!(
        "{}: {}{unit} in {}, {}{unit} in {} ({}){turn}.",
        chart.title,
        spoken(*first.1),
        label(first.0),
        spoken(*last.1),
        label(last.0),
        change(*first.1, *last.1),
    ))
}

/// The first scenario against the baseline, where both end.
fn beside(scene: &Scene, charts: &[Chart]) -> Option<String> {
    let chart = charts.iter().find(|chart| chart.lines.len() > 1)?;
    let (base, other) = (&chart.lines[0].values, &chart.lines[1].values);
    let row = base.len().min(other.len()).checked_sub(1)?;
    Some(format!(
        "{}: in the scenario “{}” it ends at {} instead of {} ({}).",
        chart.title,
        scene.title,
        spoken(other[row]),
        spoken(base[row]),
        change(base[row], other[row])
    ))
}

/// What comes after the last measurement is computed, and held against nothing.
fn beyond(evidence: &Evidence, end: &str) -> String {
    let points = evidence.series.iter().flat_map(|series| &series.points);
    let judged = points.filter(|point| point.purpose != "show");
    let last = judged.map(|point| point.when.as_str()).max();
    let year = |label: &str| label.get(..4).map(String::from);
    match last {
        Some(last) if year(last) < year(end) => {
            format!(" Nothing after {last} was held against a measurement.")
        }
        _ => String::new(),
    }
}

fn fit(evidence: &Evidence) -> String {
    if evidence.all() == 0 {
        return "This model is held against no observation: it illustrates, it does not measure."
            .into();
    }
    let said = |(hits, all): (usize, usize), none: &str, what: &str| match all {
        0 => none.to_string(),
        _ => format!("{hits} of {all} values {what} lie inside their tolerance"),
    };
    format!(
        "Against measurements: {}; {}.",
        said(
            evidence.fit,
            "no value was used to choose parameters",
            "seen when parameters were chosen"
        ),
        said(
            evidence.test,
            "no value was kept for a test",
            "kept for the test"
        )
    )
}
