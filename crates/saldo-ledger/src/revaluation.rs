//! Revaluation and full-integration matrices: how net worth moved without a transaction.
//!
//! Gains of a period are the opening quantities times the change of their price (Godley and
//! Lavoie 2007, chapter 5); together with saving they join two balance sheets.

use crate::chart::Chart;
use crate::matrix::{Cells, Matrix, Names};

/// Gains (+) and losses (−) by instrument and column.
pub fn revaluation(chart: &Chart, names: &Names, before: &[i128]) -> Matrix {
    let mut rows = gains(chart, names, before);
    let sums = totals(&rows, names.columns.len());
    rows.push(row("net gain", sums));
    matrix(names, rows)
}

/// Opening net worth, saving, gains, closing net worth.
pub fn full_integration(chart: &Chart, names: &Names, before: &[i128], after: &[i128]) -> Matrix {
    let width = names.columns.len();
    let mut rows = vec![row(
        "opening net worth",
        worth(chart, names.opening_values, names, before),
    )];
    let changes: Vec<i128> = after.iter().zip(before).map(|(a, b)| a - b).collect();
    for (instrument, name) in names.instruments.iter().enumerate() {
        let cells = valued(chart, names, &changes, |at| {
            (at == instrument).then_some(names.values[at]).flatten()
        });
        if cells.iter().flatten().any(|cell| *cell != 0.0) {
            rows.push(row(&format!("Δ {name}"), cells));
        }
    }
    for gain in gains(chart, names, before) {
        rows.push((format!("gain on {}", gain.0), gain.1, gain.2));
    }
    debug_assert!(rows.iter().all(|row| row.1.len() == width));
    rows.push(row(
        "closing net worth",
        worth(chart, names.values, names, after),
    ));
    matrix(names, rows)
}

fn gains(chart: &Chart, names: &Names, before: &[i128]) -> Vec<Cells> {
    let mut rows = Vec::new();
    for (instrument, name) in names.instruments.iter().enumerate() {
        let (Some(old), Some(new)) = (names.opening_values[instrument], names.values[instrument])
        else {
            continue;
        };
        if old == new {
            continue;
        }
        let cells = valued(chart, names, before, |at| {
            (at == instrument).then_some(new - old)
        });
        rows.push(row(name, cells));
    }
    rows
}

fn worth(
    chart: &Chart,
    values: &[Option<f64>],
    names: &Names,
    positions: &[i128],
) -> Vec<Option<f64>> {
    valued(chart, names, positions, |at| values[at])
}

/// Amounts by column, each account counted at what its instrument is worth.
fn valued(
    chart: &Chart,
    names: &Names,
    amounts: &[i128],
    value: impl Fn(usize) -> Option<f64>,
) -> Vec<Option<f64>> {
    let mut cells = vec![None; names.columns.len()];
    for (account, amount) in chart.accounts.iter().zip(amounts) {
        let Some(value) = value(account.instrument as usize) else {
            continue;
        };
        if *amount != 0 {
            let cell: &mut Option<f64> = &mut cells[names.column_of[account.sector as usize]];
            *cell = Some(cell.unwrap_or(0.0) + *amount as f64 * value);
        }
    }
    cells
}

fn totals(rows: &[Cells], columns: usize) -> Vec<Option<f64>> {
    let sum = |column: usize| rows.iter().filter_map(|row| row.1[column]).sum::<f64>();
    (0..columns).map(|column| Some(sum(column))).collect()
}

fn row(name: &str, cells: Vec<Option<f64>>) -> Cells {
    let sum = cells.iter().flatten().sum();
    (name.to_string(), cells, sum)
}

fn matrix(names: &Names, rows: Vec<Cells>) -> Matrix {
    Matrix {
        title: names.title.clone(),
        columns: names.columns.to_vec(),
        rows,
    }
}
