//! Matrices of a run at a period, with the model's names.

use num_bigint::BigInt;
use num_integer::Integer;
use num_traits::FromPrimitive;
use saldo_engine::Trace;
use saldo_ledger::chart::Chart;
use saldo_ledger::{
    Matrix, Names, Span, balance_sheet, full_integration, revaluation, transactions_flow,
};
use saldo_model::ir::*;

/// A price is counted in this part of its money: a power of two, so that prices of usual size are
/// exactly what the run computed.
const PRICE_UNIT: u128 = 1 << 80;

/// The tables that are derived from the books.
pub struct Tables<'a> {
    pub model: &'a Model,
    pub trace: &'a Trace,
    chart: Chart,
    columns: Vec<String>,
    column_of: Vec<usize>,
    instruments: Vec<String>,
    flows: Vec<String>,
    /// Units of value in one unit of the book currency: every quantity at every price is whole.
    unit: BigInt,
}

impl<'a> Tables<'a> {
    /// `split`: a column for each member of a family instead of one for the family.
    pub fn new(model: &'a Model, trace: &'a Trace, split: bool) -> Self {
        let mut columns: Vec<String> = Vec::new();
        let mut column_of = Vec::new();
        for sector in &model.sectors {
            let name = if split {
                sector.name.to_string()
            } else {
                sector.family.to_string()
            };
            let at = columns
                .iter()
                .position(|known| *known == name)
                .unwrap_or_else(|| {
                    columns.push(name);
                    columns.len() - 1
                });
            column_of.push(at);
        }
        let instruments = model
            .instruments
            .iter()
            .map(|instrument| instrument.name.to_string())
            .collect();
        let flows = model
            .flows
            .iter()
            .map(|flow| {
                if split {
                    flow.name.to_string()
                } else {
                    family(&flow.name)
                }
            })
            .collect();
        Tables {
            model,
            trace,
            chart: saldo_engine::chart(model),
            columns,
            column_of,
            instruments,
            flows,
            unit: unit_of_value(model),
        }
    }

    /// Units of value in one resolution unit of each instrument, by its price in a row.
    fn values(&self, row: usize) -> Vec<Option<BigInt>> {
        let of = |instrument: &Instrument| {
            let price = match (instrument.price, instrument.kind) {
                (Some(price), _) => self.price(instrument, self.trace.line(price, row))?,
                (None, Kind::Claim) => BigInt::from(PRICE_UNIT),
                (None, Kind::Good { .. }) => return None,
            };
            let (over, under) = fraction(instrument.resolution / instrument.factor);
            Some(price * over * &self.unit / under / PRICE_UNIT)
        };
        self.model.instruments.iter().map(of).collect()
    }

    /// A price in parts of the book currency for one unit of the instrument.
    fn price(&self, instrument: &Instrument, price: f64) -> Option<BigInt> {
        let price = price * instrument.factor / money(self.model);
        BigInt::from_f64((price * PRICE_UNIT as f64).round())
    }

    /// Prices when the period began; where none was given, nothing is gained by it.
    fn opening_values(&self, row: usize, closing: &[Option<BigInt>]) -> Vec<Option<BigInt>> {
        let opening = self.values(row - 1);
        let both = opening.into_iter().zip(closing);
        both.map(|(old, new)| old.or_else(|| new.clone())).collect()
    }

    fn names<'b>(
        &'b self,
        title: String,
        values: &'b [Option<BigInt>],
        opening: &'b [Option<BigInt>],
    ) -> Names<'b> {
        Names {
            title,
            column_of: &self.column_of,
            columns: &self.columns,
            instruments: &self.instruments,
            flows: &self.flows,
            values,
            opening_values: opening,
            unit: &self.unit,
        }
    }

    fn positions(&self, row: usize) -> &[i128] {
        let count = self.model.accounts.len();
        &self.trace.positions[row * count..(row + 1) * count]
    }

    fn span(&self, row: usize) -> Span<'_> {
        let legs: usize = self.model.flows.iter().map(|flow| flow.legs.len()).sum();
        Span {
            before: self.positions(row - 1),
            after: self.positions(row),
            postings: &self.trace.postings[row * legs..(row + 1) * legs],
        }
    }

    pub fn balance_sheet(&self, row: usize) -> Matrix {
        let values = self.values(row);
        let title = format!(
            "balance sheet, {}, end of {}",
            self.model.name,
            self.model.calendar.label(row as i64)
        );
        balance_sheet(
            &self.chart,
            &self.names(title, &values, &values),
            self.positions(row),
        )
    }

    /// Gains and losses of a period by instrument; `row` is at least 1.
    pub fn revaluation(&self, row: usize) -> Matrix {
        let values = self.values(row);
        let opening = self.opening_values(row, &values);
        let names = self.names(self.title("revaluation matrix", row), &values, &opening);
        revaluation(&self.chart, &names, self.span(row))
    }

    /// From opening to closing net worth; `row` is at least 1.
    pub fn full_integration(&self, row: usize) -> Matrix {
        let values = self.values(row);
        let opening = self.opening_values(row, &values);
        let names = self.names(
            self.title("full-integration matrix", row),
            &values,
            &opening,
        );
        full_integration(&self.chart, &names, self.span(row))
    }

    fn title(&self, kind: &str, row: usize) -> String {
        format!(
            "{kind}, {}, {}",
            self.model.name,
            self.model.calendar.label(row as i64)
        )
    }

    /// Flows of a period; `row` is at least 1.
    pub fn transactions_flow(&self, row: usize) -> Matrix {
        let values = self.values(row);
        let opening = self.opening_values(row, &values);
        let span = self.span(row);
        let title = self.title("transactions-flow matrix", row);
        transactions_flow(
            &self.chart,
            &self.names(title, &values, &opening),
            span.before,
            span.after,
            span.postings,
        )
    }
}

/// `wages` for `wages[coal]`.
fn family(name: &str) -> String {
    name.split('[').next().unwrap_or(name).to_string()
}

/// Base units in one unit of the book currency.
fn money(model: &Model) -> f64 {
    let unit = model.currency.as_ref();
    unit.and_then(|name| model.units.units.get(name))
        .map_or(1.0, |unit| unit.factor)
}

/// Fine enough for every resolution at every price.
fn unit_of_value(model: &Model) -> BigInt {
    let parts = model
        .instruments
        .iter()
        .map(|instrument| fraction(instrument.resolution / instrument.factor).1);
    parts.fold(BigInt::from(1), |all, part| all.lcm(&part)) * PRICE_UNIT
}

/// A resolution as a fraction of whole numbers: 0.01 is 1/100.
fn fraction(resolution: f64) -> (BigInt, BigInt) {
    const FINE: f64 = 1e15;
    let whole = |value: f64| BigInt::from_f64(value.round()).unwrap_or_else(|| BigInt::from(1));
    let near = |value: f64| (value - value.round()).abs() <= 1e-12 * value;
    if near(1.0 / resolution) {
        (BigInt::from(1), whole(1.0 / resolution))
    } else if near(resolution) {
        (whole(resolution), BigInt::from(1))
    } else {
        (whole(resolution * FINE), whole(FINE))
    }
}
