//! The model's periods gathered into the span of an observation.

use saldo_engine::Trace;
use saldo_model::ir::{Gather, Model};

/// The model's own value for the span, in the unit of the show; `None` where the run does not
/// cover it.
pub(crate) fn gathered(
    model: &Model,
    trace: &Trace,
    show: usize,
    (first, last): (i64, i64),
    gather: Gather,
) -> Option<f64> {
    let at = |row: i64| shown(model, trace, show, row);
    let value = match gather {
        Gather::Mean => sum(first, last, at)? / (last - first + 1) as f64,
        Gather::Total => sum(first, last, at)?,
        Gather::End => at(last)?,
        Gather::Growth => at(last)? / at(first - 1)? - 1.0,
    };
    value.is_finite().then_some(value)
}

fn sum(first: i64, last: i64, at: impl Fn(i64) -> Option<f64>) -> Option<f64> {
    (first..=last).map(at).sum()
}

fn shown(model: &Model, trace: &Trace, show: usize, row: i64) -> Option<f64> {
    if row < 0 || row > trace.completed as i64 {
        return None;
    }
    let value = trace.shows[row as usize * model.shows.len() + show] / model.shows[show].factor;
    value.is_finite().then_some(value)
}
