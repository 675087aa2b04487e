//! The wide table: a row per period, a column per quantity, in declared units.

use saldo_engine::{Trace, to_base};
use saldo_model::ir::{Model, VarRole};
use std::fmt::Write;

/// What a column holds.
#[derive(Clone, Copy, Debug)]
pub enum Source {
    Line(usize),
    Account(usize),
    Measure(usize),
}

/// A column of the table: name, what it counts in, and where its numbers are.
#[derive(Clone, Debug)]
pub struct Column {
    pub name: String,
    pub title: String,
    pub unit: String,
    pub source: Source,
}

/// Every scalar quantity a reader may want, in the order of the model's text.
pub fn columns(model: &Model) -> Vec<Column> {
    let lines = model
        .vars
        .iter()
        .enumerate()
        .filter(|(_, var)| matches!(var.role, VarRole::Equation | VarRole::Flow(_)));
    let lines = lines.map(|(at, var)| Column {
        name: var.name.to_string(),
        title: var.title.to_string(),
        unit: var.unit.to_string(),
        source: Source::Line(at),
    });
    let accounts = model.accounts.iter().enumerate().map(|(at, account)| {
        let instrument = &model.instruments[account.instrument.at()];
        let holder = &model.sectors[account.sector.at()];
        Column {
            name: account.name.to_string(),
            title: format!("{}: {}", holder.title, instrument.title),
            unit: instrument.unit.to_string(),
            source: Source::Account(at),
        }
    });
    let measures = model
        .measures
        .iter()
        .enumerate()
        .map(|(at, measure)| Column {
            name: measure.name.to_string(),
            title: measure.title.to_string(),
            unit: measure.unit.to_string(),
            source: Source::Measure(at),
        });
    lines.chain(accounts).chain(measures).collect()
}

/// Value of a column in a row, in the column's unit; NaN where nothing was given.
pub fn value(model: &Model, trace: &Trace, column: &Column, row: usize) -> f64 {
    match column.source {
        Source::Line(line) => trace.vars[row * trace.width + line] / model.vars[line].factor,
        Source::Account(account) => {
            let instrument = &model.instruments[model.accounts[account].instrument.at()];
            let units = trace.positions[row * model.accounts.len() + account];
            to_base(units, instrument.resolution / instrument.factor)
        }
        Source::Measure(measure) => {
            trace.measures[row * model.measures.len() + measure] / model.measures[measure].factor
        }
    }
}

/// The shortest text that reads back to the same double; nothing for what was not given.
pub fn number(value: f64) -> String {
    if !value.is_finite() {
        String::new()
    } else if value != 0.0 && !(1e-5..1e16).contains(&value.abs()) {
        format!("{value:e}")
    } else {
        format!("{value}")
    }
}

/// First column `period` (with draws: `draw`, `period`); first row the opening state.
pub fn wide_csv(model: &Model, traces: &[Trace]) -> String {
    let columns = columns(model);
    let many = traces.len() > 1;
    let mut out = String::from(if many { "draw,period" } else { "period" });
    columns.iter().for_each(|column| {
        // Two indices bring a comma into the name: `inputs[coal,power]`.
        let quote = if column.name.contains(',') { "\"" } else { "" };
        let _ = write!(out, ",{quote}{}{quote}", column.name);
    });
    out.push('\n');
    for (draw, trace) in traces.iter().enumerate() {
        for row in 0..=trace.completed {
            if many {
                let _ = write!(out, "{draw},");
            }
            out.push_str(&model.calendar.label(row as i64));
            for column in &columns {
                out.push(',');
                out.push_str(&number(value(model, trace, column, row)));
            }
            out.push('\n');
        }
    }
    out
}

/// A row per period and quantity: `draw,period,quantity,unit,value`, without empty values.
pub fn long_csv(model: &Model, traces: &[Trace]) -> String {
    let columns = columns(model);
    let mut out = String::from("draw,period,quantity,unit,value\n");
    for (draw, trace) in traces.iter().enumerate() {
        for row in 0..=trace.completed {
            let period = model.calendar.label(row as i64);
            for column in &columns {
                let value = value(model, trace, column, row);
                if value.is_finite() {
                    let (name, unit, value) = (&column.name, &column.unit, number(value));
                    let _ = writeln!(out, "{draw},{period},\"{name}\",\"{unit}\",{value}");
                }
            }
        }
    }
    out
}
