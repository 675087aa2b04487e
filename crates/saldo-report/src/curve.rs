//! A quantity over time, with its title and unit.

use saldo_engine::Trace;
use saldo_model::ir::{Model, Op};
use saldo_store::{Column, Source, columns, value};

/// One quantity, a value a row; NaN where nothing was given.
#[derive(Clone, Debug)]
pub struct Curve {
    pub name: String,
    pub title: String,
    pub unit: String,
    pub labels: Vec<String>,
    pub values: Vec<f64>,
    /// Drawn on a logarithmic axis: equal heights are equal ratios.
    pub log: bool,
}

impl Curve {
    /// The height at which a value is drawn; NaN where it has none.
    pub(crate) fn height(&self, value: f64) -> f64 {
        match self.log {
            true if value > 0.0 => saldo_math::ln(value),
            true => f64::NAN,
            false => value,
        }
    }

    /// The value at a height: what an axis says.
    pub(crate) fn at_height(&self, height: f64) -> f64 {
        if self.log {
            saldo_math::exp(height)
        } else {
            height
        }
    }
}

/// What the author wants to be looked at first: the model's `show` lines, else its measures,
/// else its first equations.
pub fn headline(model: &Model, trace: &Trace) -> Vec<Curve> {
    const MOST: usize = 6;
    let chosen: Vec<usize> = (0..model.shows.len())
        .filter(|&at| &*model.shows[at].style != "evidence")
        .collect();
    if !chosen.is_empty() {
        return chosen
            .into_iter()
            .map(|at| shown(model, trace, at))
            .collect();
    }
    let all = columns(model);
    let measures = all.iter().any(|c| matches!(c.source, Source::Measure(_)));
    all.iter()
        .filter(|column| !measures || matches!(column.source, Source::Measure(_)))
        .take(MOST)
        .map(|column| of_column(model, trace, column))
        .collect()
}

/// The curve of a column by its name, as in the wide table.
pub fn named(model: &Model, trace: &Trace, name: &str) -> Option<Curve> {
    columns(model)
        .iter()
        .find(|column| column.name == name)
        .map(|column| of_column(model, trace, column))
}

fn shown(model: &Model, trace: &Trace, at: usize) -> Curve {
    let show = &model.shows[at];
    let count = model.shows.len();
    let name = match &model.nodes[show.value.at()].op {
        Op::Var(line) => &model.vars[line.at()].name,
        _ => &show.title,
    };
    Curve {
        name: name.to_string(),
        title: show.title.to_string(),
        unit: show.unit.to_string(),
        labels: labels(model, trace),
        values: (0..=trace.completed)
            .map(|row| trace.shows[row * count + at] / show.factor)
            .collect(),
        log: &*show.style == "log",
    }
}

fn of_column(model: &Model, trace: &Trace, column: &Column) -> Curve {
    let title = if column.title.is_empty() {
        column.name.clone()
    } else {
        column.title.clone()
    };
    Curve {
        name: column.name.clone(),
        title,
        unit: column.unit.clone(),
        labels: labels(model, trace),
        values: (0..=trace.completed)
            .map(|row| value(model, trace, column, row))
            .collect(),
        log: false,
    }
}

fn labels(model: &Model, trace: &Trace) -> Vec<String> {
    (0..=trace.completed)
        .map(|row| model.calendar.label(row as i64))
        .collect()
}
