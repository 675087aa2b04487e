//! Revaluation and full-integration matrices: how net worth moved without a transaction.
//!
//! A gain is closing value less opening value less what the transactions of the period were worth
//! (Godley and Lavoie 2007, chapter 5), exactly; together with saving it joins two balance sheets.

use crate::chart::Chart;
use crate::layout::{Matrix, Names, Row, add};
use crate::valued::{Postings, rows_by_instrument};
use num_bigint::BigInt;

/// Positions at both ends of a period, and its postings.
#[derive(Clone, Copy)]
pub struct Span<'a> {
    pub before: &'a [i128],
    pub after: &'a [i128],
    pub postings: &'a [i128],
}

/// Gains (+) and losses (−) by instrument and column.
pub fn revaluation(chart: &Chart, names: &Names, span: Span) -> Matrix {
    let moved = Postings::new(chart, names, span.postings);
    let mut rows = gains(chart, names, &moved, span);
    rows.push(Row::total("net gain", &rows, names.columns.len()));
    Matrix::finish(names, rows)
}

/// Opening net worth, what was acquired, gains, closing net worth.
pub fn full_integration(chart: &Chart, names: &Names, span: Span) -> Matrix {
    let moved = Postings::new(chart, names, span.postings);
    let acquired = rows_by_instrument(chart, names, |at, instrument| {
        names.values[instrument].as_ref()?;
        (moved.value[at] != BigInt::ZERO).then(|| moved.value[at].clone())
    });
    let mut rows = vec![worth(
        "opening net worth",
        chart,
        names,
        names.opening_values,
        span.before,
    )];
    rows.extend(renamed("Δ ", acquired));
    rows.extend(renamed("gain on ", gains(chart, names, &moved, span)));
    rows.push(worth(
        "closing net worth",
        chart,
        names,
        names.values,
        span.after,
    ));
    Matrix::finish(names, rows)
}

/// Rows that are not empty, with a word before their name.
fn renamed(word: &str, rows: Vec<Row>) -> impl Iterator<Item = Row> {
    rows.into_iter()
        .filter(|row| !row.is_zero())
        .map(move |row| Row {
            name: match &*row.name {
                ROUNDING => row.name,
                name => format!("{word}{name}"),
            },
            cells: row.cells,
        })
}

/// What is left of payments in whole units, where a price did not move.
const ROUNDING: &str = "rounding of payments";

fn gains(chart: &Chart, names: &Names, moved: &Postings, span: Span) -> Vec<Row> {
    let rows = rows_by_instrument(chart, names, |at, instrument| {
        let old = names.opening_values[instrument].as_ref()?;
        let new = names.values[instrument].as_ref()?;
        let gain = new * span.after[at] - old * span.before[at] - &moved.value[at];
        (gain != BigInt::ZERO).then_some(gain)
    });
    let mut rounding = Row::new(ROUNDING, names.columns.len());
    let mut kept = Vec::new();
    for (instrument, row) in rows.into_iter().enumerate() {
        if names.opening_values[instrument] != names.values[instrument] {
            kept.push(row);
            continue;
        }
        for (cell, dust) in rounding.cells.iter_mut().zip(row.cells) {
            dust.into_iter().for_each(|dust| add(cell, dust));
        }
    }
    kept.push(rounding);
    kept.retain(|row| !row.is_zero());
    kept
}

fn worth(
    name: &str,
    chart: &Chart,
    names: &Names,
    values: &[Option<BigInt>],
    positions: &[i128],
) -> Row {
    let rows = rows_by_instrument(chart, names, |at, instrument| {
        let value = values[instrument].as_ref()?;
        (positions[at] != 0).then(|| value * positions[at])
    });
    Row::total(name, &rows, names.columns.len())
}
