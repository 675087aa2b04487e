//! The shape of a matrix: what its rows and columns are called, and its cells, exact until it is
//! finished.

use num_bigint::{BigInt, Sign};
use num_traits::ToPrimitive;

/// Names for rows and columns, and what an amount is worth; the ledger itself knows only numbers.
pub struct Names<'a> {
    pub title: String,
    /// The unit the table is in, in words; empty without money.
    pub unit_name: String,
    /// Column of each sector, and the columns' titles.
    pub column_of: &'a [usize],
    pub columns: &'a [String],
    pub instruments: &'a [String],
    pub flows: &'a [String],
    /// Units of value in one resolution unit of each instrument; `None`: no value (a good
    /// without price).
    pub values: &'a [Option<BigInt>],
    pub opening_values: &'a [Option<BigInt>],
    /// Claims, and goods that serve for long: exchanging them away from their valuation is a
    /// capital transfer.
    pub fixed: &'a [bool],
    /// Units of value in one unit of the money the table is in.
    pub unit: &'a BigInt,
}

/// One row: its name, a cell per column (`None`: nothing ever stands here) and the sum, in the
/// book currency. A cell or sum is 0 only if it is zero to the last unit of value.
pub type Cells = (String, Vec<Option<f64>>, f64);

#[derive(Clone, Debug, PartialEq)]
pub struct Matrix {
    pub title: String,
    /// What amounts are in; empty for a model without money.
    pub unit: String,
    pub columns: Vec<String>,
    pub rows: Vec<Cells>,
}

impl Matrix {
    /// `balance sheet, sim, end of 2 [usd]`.
    pub fn heading(&self) -> String {
        match self.unit.is_empty() {
            true => self.title.clone(),
            false => format!("{} [{}]", self.title, self.unit),
        }
    }

    /// Without columns in which nothing stands.
    pub fn drop_empty_columns(&mut self) {
        let stands = |column: usize| {
            let mut cells = self.rows.iter().filter_map(|row| row.1[column]);
            cells.any(|cell| cell != 0.0)
        };
        let kept: Vec<bool> = (0..self.columns.len()).map(stands).collect();
        keep(&mut self.columns, &kept);
        self.rows.iter_mut().for_each(|row| keep(&mut row.1, &kept));
    }

    pub(crate) fn finish(names: &Names, rows: Vec<Row>) -> Matrix {
        Matrix {
            title: names.title.clone(),
            unit: names.unit_name.clone(),
            columns: names.columns.to_vec(),
            rows: rows.into_iter().map(|row| row.finish(names.unit)).collect(),
        }
    }
}

/// A row of a matrix before it is turned into decimals.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub name: String,
    pub cells: Vec<Option<BigInt>>,
}

pub(crate) fn add(cell: &mut Option<BigInt>, value: BigInt) {
    *cell.get_or_insert(BigInt::ZERO) += value;
}

impl Row {
    pub fn new(name: &str, columns: usize) -> Row {
        Row {
            name: name.to_string(),
            cells: vec![None; columns],
        }
    }

    pub fn is_zero(&self) -> bool {
        self.cells
            .iter()
            .flatten()
            .all(|cell| *cell == BigInt::ZERO)
    }

    /// The sum of rows, column by column.
    pub fn total(name: &str, rows: &[Row], columns: usize) -> Row {
        let mut total = Row::new(name, columns);
        for (column, cell) in total.cells.iter_mut().enumerate() {
            let parts = rows.iter().filter_map(|row| row.cells[column].as_ref());
            *cell = Some(parts.sum());
        }
        total
    }

    pub fn finish(self, unit: &BigInt) -> Cells {
        let sum: BigInt = self.cells.iter().flatten().sum();
        let cells = self
            .cells
            .iter()
            .map(|cell| cell.as_ref().map(|value| decimal(value, unit)));
        (self.name, cells.collect(), decimal(&sum, unit))
    }
}

/// A value in the book currency. Only zero is 0.
fn decimal(value: &BigInt, unit: &BigInt) -> f64 {
    let parts = |value: &BigInt| value.to_f64().unwrap_or(f64::NAN);
    let found = parts(value) / parts(unit);
    match (found == 0.0, value.sign()) {
        (true, Sign::Plus) => f64::MIN_POSITIVE,
        (true, Sign::Minus) => -f64::MIN_POSITIVE,
        _ => found,
    }
}

fn keep<T>(all: &mut Vec<T>, kept: &[bool]) {
    let mut at = 0;
    all.retain(|_| {
        at += 1;
        kept[at - 1]
    });
}
