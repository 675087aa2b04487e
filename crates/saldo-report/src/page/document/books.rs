//! The books at chosen dates.

use super::Place;
use super::gaps;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Books {
    /// The money, as it is called in the model; empty in a model without money.
    pub money: String,
    /// Unit of the amounts at each date: a redenomination changes it.
    pub units: Vec<String>,
    /// Sectors; members of a family share a column.
    pub columns: Vec<String>,
    /// Rows of the run that the slider offers.
    pub dates: Vec<usize>,
    pub balance: Sheet,
    pub flows: Sheet,
    pub gains: Sheet,
    pub payments: Vec<Payment>,
}

/// A matrix at every date.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Sheet {
    pub rows: Vec<SheetRow>,
}

/// A line of a matrix; it never has an entry in other columns than `at`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SheetRow {
    pub name: String,
    pub title: String,
    pub place: Option<Place>,
    /// Columns; the last number of each date is the sum over all columns.
    pub at: Vec<usize>,
    #[serde(with = "gaps::rows")]
    pub cells: Vec<Vec<f64>>,
}

/// What one kind of flow carries from one column to another.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Payment {
    pub title: String,
    pub from: usize,
    pub to: usize,
    pub place: Option<Place>,
    /// By date.
    #[serde(with = "gaps")]
    pub values: Vec<f64>,
}

impl Books {
    /// Every title that the books show.
    pub(crate) fn titles(&self) -> impl Iterator<Item = &str> {
        let sheets = [&self.balance, &self.flows, &self.gains];
        let rows = sheets.into_iter().flat_map(|sheet| &sheet.rows);
        let payments = self.payments.iter().map(|it| it.title.as_str());
        let columns = self.columns.iter().map(String::as_str);
        rows.map(|row| row.title.as_str())
            .chain(payments)
            .chain(columns)
    }

    /// Every line of the text that the books point to.
    pub(crate) fn places(&self) -> impl Iterator<Item = Place> + '_ {
        let sheets = [&self.balance, &self.flows, &self.gains];
        let rows = sheets
            .into_iter()
            .flat_map(|sheet| sheet.rows.iter().filter_map(|row| row.place));
        rows.chain(self.payments.iter().filter_map(|it| it.place))
    }
}

impl SheetRow {
    pub(crate) fn is_sum(&self) -> bool {
        matches!(self.name.as_str(), "Σ" | "net worth" | "net gain")
    }
}
