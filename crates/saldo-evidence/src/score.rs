//! Observations beside the model's values.

use crate::gather::gathered;
use saldo_engine::Trace;
use saldo_model::ir::{Gather, Model, Observation, ObservedPoint, Purpose};

/// One observed value beside the model's.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Position in [`Model::observations`].
    pub observation: usize,
    pub title: String,
    pub unit: String,
    pub source: String,
    pub purpose: Purpose,
    /// The span as a reader writes it: `1992`, `1992-05`.
    pub when: String,
    pub periods: (i64, i64),
    pub observed: f64,
    pub model: f64,
    /// Allowed distance, as a share of the observed value.
    pub within: f64,
}

impl Row {
    /// Distance as a share of the observed value, with its sign.
    pub fn gap(&self) -> f64 {
        (self.model - self.observed) / self.observed.abs()
    }

    /// Inside the tolerance. Closer is not better.
    pub fn hit(&self) -> bool {
        (self.model - self.observed).abs() <= self.within * self.observed.abs()
    }

    /// Distance in tolerances: what "worst" is judged by.
    pub fn miss(&self) -> f64 {
        self.gap().abs() / self.within
    }
}

/// How many values of a kind were hit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    pub hits: usize,
    pub all: usize,
}

/// All observed values that the run covers, in the order of the text.
pub fn score(model: &Model, trace: &Trace) -> Vec<Row> {
    let mut rows = Vec::new();
    for (at, observation) in model.observations.iter().enumerate() {
        for point in &observation.points {
            rows.extend(row(model, trace, at, observation, point));
        }
    }
    rows
}

fn row(
    model: &Model,
    trace: &Trace,
    at: usize,
    observation: &Observation,
    point: &ObservedPoint,
) -> Option<Row> {
    let value = |span| gathered(model, trace, observation.show, span, observation.gather);
    let (mut observed, mut own) = (point.value, value(point.periods)?);
    let mut unit = match observation.gather {
        Gather::Growth => String::new(),
        _ => model.shows[observation.show].unit.to_string(),
    };
    if let Some(base) = observation.index_base {
        if point.periods == base {
            // Both sides are 100 here by construction: no evidence.
            return None;
        }
        let there = observation.points.iter().find(|it| it.periods == base)?;
        observed *= 100.0 / there.value;
        own *= 100.0 / value(base)?;
        unit = format!("{} = 100", when(model, base));
    }
    Some(Row {
        observation: at,
        title: observation.title.to_string(),
        unit,
        source: observation.source.to_string(),
        purpose: point.purpose,
        when: when(model, point.periods),
        periods: point.periods,
        observed,
        model: own,
        within: point.within,
    })
}

/// A span in the reader's words: one period, or from the first to the last.
pub(crate) fn when(model: &Model, (first, last): (i64, i64)) -> String {
    let (from, to) = (model.calendar.label(first), model.calendar.label(last));
    if from == to {
        return from;
    }
    let whole_year = from.get(..4) == to.get(..4) && last - first == 11;
    match from.get(..4) {
        Some(year) if whole_year => year.to_string(),
        _ => format!("{from}..{to}"),
    }
}

/// Hits among the rows of a purpose.
pub fn tally(rows: &[Row], purpose: Purpose) -> Tally {
    let of: Vec<&Row> = rows.iter().filter(|row| row.purpose == purpose).collect();
    Tally {
        hits: of.iter().filter(|row| row.hit()).count(),
        all: of.len(),
    }
}

/// Hits among all rows that are scored: those for fit and those for test.
pub fn scored(rows: &[Row]) -> Tally {
    let [fit, test] = [Purpose::Fit, Purpose::Test].map(|purpose| tally(rows, purpose));
    Tally {
        hits: fit.hits + test.hits,
        all: fit.all + test.all,
    }
}

/// The rows of a purpose, the furthest outside its tolerance first.
pub fn worst_first(rows: &[Row], purpose: Purpose) -> Vec<&Row> {
    let mut of: Vec<&Row> = rows.iter().filter(|row| row.purpose == purpose).collect();
    of.sort_by(|a, b| b.miss().total_cmp(&a.miss()));
    of
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(observed: f64, model: f64, within: f64) -> Row {
        Row {
            observation: 0,
            title: String::new(),
            unit: String::new(),
            source: String::new(),
            purpose: Purpose::Fit,
            when: String::new(),
            periods: (1, 1),
            observed,
            model,
            within,
        }
    }

    #[test]
    fn the_edge_of_the_band_is_a_hit() {
        assert!(row(100.0, 105.0, 0.05).hit());
        assert!(!row(100.0, 105.1, 0.05).hit());
        assert!(row(-100.0, -96.0, 0.05).hit());
    }

    #[test]
    fn worst_is_judged_in_tolerances() {
        let rows = [row(100.0, 110.0, 0.2), row(100.0, 104.0, 0.01)];
        assert_eq!(worst_first(&rows, Purpose::Fit)[0], &rows[1]);
        assert_eq!(tally(&rows, Purpose::Fit), Tally { hits: 1, all: 2 });
        assert_eq!(tally(&rows, Purpose::Test), Tally::default());
    }
}
