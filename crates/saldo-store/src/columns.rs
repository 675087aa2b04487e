//! What a table of results has columns for, and what is in them.

use saldo_engine::{Trace, to_base};
use saldo_model::ir::{Model, VarRole};

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
    /// Whose balance it is; empty for what belongs to no single sector.
    pub sector: String,
    /// What is held or moved; empty for plain numbers.
    pub instrument: String,
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
        sector: String::new(),
        instrument: moved(model, var.role),
        source: Source::Line(at),
    });
    let accounts = (0..model.accounts.len()).map(|at| of_account(model, at));
    let measures = model
        .measures
        .iter()
        .enumerate()
        .map(|(at, measure)| Column {
            name: measure.name.to_string(),
            title: measure.title.to_string(),
            unit: measure.unit.to_string(),
            sector: String::new(),
            instrument: String::new(),
            source: Source::Measure(at),
        });
    lines.chain(accounts).chain(measures).collect()
}

/// What the first leg of a flow moves.
fn moved(model: &Model, role: VarRole) -> String {
    match role {
        VarRole::Flow(flow) => {
            let leg = &model.flows[flow.at()].legs[0];
            model.instruments[leg.instrument.at()].name.to_string()
        }
        _ => String::new(),
    }
}

fn of_account(model: &Model, at: usize) -> Column {
    let account = &model.accounts[at];
    let instrument = &model.instruments[account.instrument.at()];
    let holder = &model.sectors[account.sector.at()];
    Column {
        name: account.name.to_string(),
        title: format!("{}: {}", holder.title, instrument.title),
        unit: instrument.unit.to_string(),
        sector: holder.name.to_string(),
        instrument: instrument.name.to_string(),
        source: Source::Account(at),
    }
}

/// Value of a column in a row, in the column's unit; NaN where nothing was given.
pub fn value(model: &Model, trace: &Trace, column: &Column, row: usize) -> f64 {
    let value = match column.source {
        Source::Line(line) => trace.vars[row * trace.width + line] / model.vars[line].factor,
        Source::Account(account) => {
            let instrument = &model.instruments[model.accounts[account].instrument.at()];
            let units = trace.positions[row * model.accounts.len() + account];
            to_base(units, instrument.resolution / instrument.factor)
        }
        Source::Measure(measure) => {
            trace.measures[row * model.measures.len() + measure] / model.measures[measure].factor
        }
    };
    // Zero has no sign in a table.
    value + 0.0
}
