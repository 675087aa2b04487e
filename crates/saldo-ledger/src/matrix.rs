//! Balance sheet and transactions-flow matrix, derived from positions and postings.
//!
//! Every cell is computed in whole units of value (see [`Names`]), so rows and columns are zero
//! exactly or the books are wrong; only the finished table is turned into decimals. Layout as in
//! Godley and Lavoie (2007): sources +, uses −, changes in assets −.

use crate::chart::Chart;
use crate::layout::{Matrix, Names, Row, add};
use crate::valued::{Postings, rows_by_instrument};
use num_bigint::BigInt;

/// Assets +, liabilities −, one row per instrument, and net worth.
pub fn balance_sheet(chart: &Chart, names: &Names, positions: &[i128]) -> Matrix {
    let mut rows = rows_by_instrument(chart, names, |at, instrument| {
        let value = names.values[instrument].as_ref()?;
        (positions[at] != 0).then(|| value * positions[at])
    });
    rows.retain(|row| !row.is_zero());
    rows.push(Row::total("net worth", &rows, names.columns.len()));
    Matrix::finish(names, rows)
}

/// Flows by row, then the changes in instruments with opposite sign; columns sum to zero.
pub fn transactions_flow(
    chart: &Chart,
    names: &Names,
    before: &[i128],
    after: &[i128],
    postings: &[i128],
) -> Matrix {
    let moved = Postings::new(chart, names, postings);
    let mut rows = flow_rows(chart, names, &moved);
    rows.extend(change_rows(chart, names, &moved, before, after));
    rows.push(Row::total("Σ", &rows, names.columns.len()));
    Matrix::finish(names, rows)
}

/// Flows with one title share a row. An exchange at its own price cancels within each sector: its
/// row is empty, and what was bought shows as a change of assets.
fn flow_rows(chart: &Chart, names: &Names, moved: &Postings) -> Vec<Row> {
    let width = names.columns.len();
    let mut rows: Vec<Row> = Vec::new();
    for (flow, legs) in moved.flows().enumerate() {
        let title = names.flows[flow].as_str();
        let place = rows.iter().position(|row| row.name == title);
        let at = place.unwrap_or_else(|| {
            rows.push(Row::new(title, width));
            rows.len() - 1
        });
        for (leg, value) in chart.flows[flow].legs.iter().zip(legs) {
            let Some(value) = value else { continue };
            for (account, sign) in leg.ends() {
                let sector = chart.accounts[account as usize].sector as usize;
                add(&mut rows[at].cells[names.column_of[sector]], value * sign);
            }
        }
    }
    rows.retain(|row| !row.is_zero());
    rows
}

/// What each instrument changed by, with opposite sign, valued as it was traded. A change that no
/// posting explains would stand here too, and the column would not be zero.
fn change_rows(
    chart: &Chart,
    names: &Names,
    moved: &Postings,
    before: &[i128],
    after: &[i128],
) -> Vec<Row> {
    let mut rows = rows_by_instrument(chart, names, |at, instrument| {
        let value = names.values[instrument].as_ref()?;
        let unexplained = after[at] - before[at] - moved.quantity[at];
        let change = &moved.value[at] + value * unexplained;
        (change != BigInt::ZERO).then_some(-change)
    });
    rows.iter_mut()
        .for_each(|row| row.name = format!("Δ {}", row.name));
    rows.retain(|row| !row.is_zero());
    rows
}
