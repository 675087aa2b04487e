//! Current and capital columns, and capital transfers: derived from what each line of the books is.
//!
//! Flows are current. Exchanges and write-offs are capital. What is made is current income and
//! at the same time an investment; what is used up is the reverse. What is left of a current
//! column is saving, and it is what the capital column has to place (Godley and Lavoie 2007,
//! chapter 2).

use crate::chart::{Chart, Flow, Leg, Role};
use crate::layout::{Matrix, Names, Row, add};
use crate::revaluation::Span;
use crate::valued::Postings;
use num_bigint::BigInt;

/// What a line of the books is to its sectors.
#[derive(Clone, Copy, PartialEq)]
enum Nature {
    Current,
    Capital,
    /// Current income and investment at once.
    Production,
}

/// Transactions of a period with a current (even) and a capital (odd) column for each sector.
pub fn current_capital(chart: &Chart, names: &Names, span: Span) -> Matrix {
    let moved = Postings::new(chart, names, span.postings);
    let width = 2 * names.columns.len();
    let mut rows = title_rows(chart, names, &moved);
    rows.push(saving(&rows, width));
    rows.extend(changes(chart, names, &moved));
    rows.retain(|row| !row.is_zero());
    rows.push(Row::total("Σ", &rows, width));
    let columns = names.columns.iter();
    let columns = columns.flat_map(|name| [format!("{name} current"), format!("{name} capital")]);
    let rows = rows.into_iter().map(|row| row.finish(names.unit));
    let mut matrix = Matrix {
        title: names.title.clone(),
        unit: names.unit_name.clone(),
        columns: columns.collect(),
        rows: rows.collect(),
    };
    matrix.drop_empty_columns();
    matrix
}

/// What is left of each current column goes over to the capital column beside it.
fn saving(rows: &[Row], width: usize) -> Row {
    let current = Row::total("", rows, width).cells;
    let mut saving = Row::new("saving", width);
    for column in (0..width).step_by(2) {
        let left = current[column].clone().unwrap_or_default();
        saving.cells[column] = Some(-&left);
        saving.cells[column + 1] = Some(left);
    }
    saving
}

fn title_rows(chart: &Chart, names: &Names, moved: &Postings) -> Vec<Row> {
    let natures = natures(chart, names);
    let mut rows: Vec<Row> = Vec::new();
    for (flow, legs) in moved.flows().enumerate() {
        let title = names.flows[flow].as_str();
        let at = rows.iter().position(|row| row.name == title);
        let at = at.unwrap_or_else(|| {
            rows.push(Row::new(title, 2 * names.columns.len()));
            rows.len() - 1
        });
        for (column, value) in sides(chart, names, flow, legs) {
            let cells = &mut rows[at].cells;
            match natures[flow] {
                Nature::Current => add(&mut cells[2 * column], value),
                Nature::Capital => add(&mut cells[2 * column + 1], value),
                Nature::Production => {
                    add(&mut cells[2 * column + 1], -&value);
                    add(&mut cells[2 * column], value);
                }
            }
        }
    }
    rows
}

/// Column and signed value of every end of a flow: givers −, takers +.
fn sides(
    chart: &Chart,
    names: &Names,
    flow: usize,
    values: &[Option<BigInt>],
) -> Vec<(usize, BigInt)> {
    let column = |account: u32| {
        let sector = chart.accounts[account as usize].sector;
        names.column_of[sector as usize]
    };
    let mut all = Vec::new();
    for (leg, value) in chart.flows[flow].legs.iter().zip(values) {
        let Some(value) = value else { continue };
        all.extend(
            leg.ends()
                .map(|(account, sign)| (column(account), value * sign)),
        );
    }
    all
}

/// Changes in instruments, without what was made or used up: that stands in its own row.
fn changes(chart: &Chart, names: &Names, moved: &Postings) -> Vec<Row> {
    let row = |name: &String| Row::new(&format!("Δ {name}"), 2 * names.columns.len());
    let mut rows: Vec<Row> = names.instruments.iter().map(row).collect();
    for (flow, legs) in moved.flows().enumerate() {
        for (leg, value) in chart.flows[flow].legs.iter().zip(legs) {
            let (Some(_), Some(_), Some(value)) = (leg.from, leg.to, value) else {
                continue;
            };
            for (account, sign) in leg.ends() {
                let account = chart.accounts[account as usize];
                let column = 2 * names.column_of[account.sector as usize] + 1;
                add(
                    &mut rows[account.instrument as usize].cells[column],
                    value * -sign,
                );
            }
        }
    }
    // What came and went leaves no change.
    for cell in rows.iter_mut().flat_map(|row| &mut row.cells) {
        cell.take_if(|value| *value == BigInt::ZERO);
    }
    rows
}

/// Exchanges of claims and fixed goods at another price than their valuation: what one side
/// gains (+) the other loses (−), a row for each exchange.
pub fn capital_transfers(chart: &Chart, names: &Names, span: Span) -> Matrix {
    let natures = natures(chart, names);
    let moved = Postings::new(chart, names, span.postings);
    let mut rows = Vec::new();
    for (flow, legs) in moved.flows().enumerate() {
        let exchange = legs.len() == 2 && natures[flow] == Nature::Capital;
        if !exchange || legs.iter().any(Option::is_none) {
            continue;
        }
        let mut row = Row::new(&names.flows[flow], names.columns.len());
        for (column, value) in sides(chart, names, flow, legs) {
            add(&mut row.cells[column], value);
        }
        row.name = direction(names, &row);
        rows.push(row);
    }
    rows.retain(|row| !row.is_zero());
    Matrix::finish(names, rows)
}

/// `sale: from state to investors`.
fn direction(names: &Names, row: &Row) -> String {
    let who = |wanted: fn(&BigInt) -> bool| {
        let at = row
            .cells
            .iter()
            .position(|cell| cell.as_ref().is_some_and(wanted));
        at.map_or("", |at| names.columns[at].as_str())
    };
    let (giver, taker) = (who(|it| *it < BigInt::ZERO), who(|it| *it > BigInt::ZERO));
    format!("{}: from {giver} to {taker}", row.name)
}

fn natures(chart: &Chart, names: &Names) -> Vec<Nature> {
    let means = means_of_payment(chart);
    let nature = |flow: &Flow| {
        let leg = flow.legs[0];
        let role = |end: Option<u32>| end.map(|account| chart.accounts[account as usize].role);
        let traded = |leg: &Leg| !names.fixed[leg.instrument as usize];
        match (flow.legs.len(), role(leg.from), role(leg.to)) {
            (2, ..) if flow.legs.iter().any(traded) => Nature::Current,
            (2, ..) => Nature::Capital,
            (_, None, _) | (_, _, None) => Nature::Production,
            (_, Some(Role::Holder), Some(Role::Issuer)) if !means[leg.instrument as usize] => {
                Nature::Capital
            }
            _ => Nature::Current,
        }
    };
    chart.flows.iter().map(nature).collect()
}

/// Claims that pay: some flow moves them between two who did not issue them; if none does, the
/// first claim. Paying such a claim to its issuer is a tax or a fee; giving up any other claim
/// is a write-off.
fn means_of_payment(chart: &Chart) -> Vec<bool> {
    let issued = |end: Option<u32>| {
        end.is_none_or(|account| chart.accounts[account as usize].role == Role::Issuer)
    };
    let mut means = vec![false; chart.resolutions.len()];
    for flow in chart.flows.iter().filter(|flow| flow.legs.len() == 1) {
        let leg = flow.legs[0];
        means[leg.instrument as usize] |= !issued(leg.from) && !issued(leg.to);
    }
    let mut claims = chart.is_good.iter().zip(&means).filter(|(good, _)| !**good);
    let none = !claims.any(|(_, means)| *means);
    if let (true, Some(first)) = (none, chart.is_good.iter().position(|good| !good)) {
        means[first] = true;
    }
    means
}
