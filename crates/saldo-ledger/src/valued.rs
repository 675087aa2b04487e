//! What postings are worth, in whole units of value.

use crate::chart::Chart;
use crate::layout::{Names, Row, add};
use num_bigint::BigInt;

/// A row per instrument; `cell` gives what an account adds to its sector's column.
pub(crate) fn rows_by_instrument(
    chart: &Chart,
    names: &Names,
    cell: impl Fn(usize, usize) -> Option<BigInt>,
) -> Vec<Row> {
    let width = names.columns.len();
    let mut rows: Vec<Row> = names
        .instruments
        .iter()
        .map(|name| Row::new(name, width))
        .collect();
    for (at, account) in chart.accounts.iter().enumerate() {
        let instrument = account.instrument as usize;
        if let Some(value) = cell(at, instrument) {
            let column = names.column_of[account.sector as usize];
            add(&mut rows[instrument].cells[column], value);
        }
    }
    rows
}

/// The postings of a period, valued.
pub(crate) struct Postings {
    /// By flow and leg; `None` for what has no value.
    legs: Vec<Vec<Option<BigInt>>>,
    /// By account: what its flows were worth, and how much they moved.
    pub value: Vec<BigInt>,
    pub quantity: Vec<i128>,
}

impl Postings {
    pub fn new(chart: &Chart, names: &Names, postings: &[i128]) -> Postings {
        let mut out = Postings {
            legs: Vec::with_capacity(chart.flows.len()),
            value: vec![BigInt::ZERO; chart.accounts.len()],
            quantity: vec![0; chart.accounts.len()],
        };
        let mut first = 0;
        for flow in &chart.flows {
            let amounts = &postings[first..first + flow.legs.len()];
            first += flow.legs.len();
            let worth: Vec<Option<&BigInt>> = flow
                .legs
                .iter()
                .map(|leg| names.values[leg.instrument as usize].as_ref())
                .collect();
            let values = as_traded(&worth, amounts);
            for ((leg, amount), value) in flow.legs.iter().zip(amounts).zip(&values) {
                for (account, sign) in leg.ends() {
                    out.quantity[account as usize] += amount * i128::from(sign);
                    if let Some(value) = value {
                        out.value[account as usize] += value * sign;
                    }
                }
            }
            out.legs.push(values);
        }
        out
    }

    pub fn flows(&self) -> impl Iterator<Item = &[Option<BigInt>]> {
        self.legs.iter().map(Vec::as_slice)
    }
}

/// What the legs of a flow are worth. A payment is a whole number of units, computed as a double:
/// where it is the price to within a unit or the last places of a double, the thing is worth what
/// was paid, and the exchange cancels.
fn as_traded(worth: &[Option<&BigInt>], amounts: &[i128]) -> Vec<Option<BigInt>> {
    let at_price = |leg: usize| worth[leg].map(|value| value * amounts[leg]);
    let mut values: Vec<Option<BigInt>> = (0..worth.len()).map(at_price).collect();
    if let [Some(thing), Some(paid)] = values.as_slice() {
        const LAST_PLACES: u32 = 48;
        let one = worth[1].map_or(BigInt::ZERO, Clone::clone);
        let gap = thing - paid;
        let last_places: BigInt = paid >> LAST_PLACES;
        if gap.magnitude() <= one.magnitude().max(last_places.magnitude()) {
            values[0] = values[1].clone();
        }
    }
    values
}
