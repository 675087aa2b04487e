//! Matrices of a run at a period, with the model's names.

use saldo_engine::Trace;
use saldo_ledger::chart::Chart;
use saldo_ledger::{
    Matrix, Names, balance_sheet, full_integration, revaluation, transactions_flow,
};
use saldo_model::ir::*;

/// The tables that are derived from the books.
pub struct Tables<'a> {
    pub model: &'a Model,
    pub trace: &'a Trace,
    chart: Chart,
    columns: Vec<String>,
    column_of: Vec<usize>,
    instruments: Vec<String>,
    flows: Vec<String>,
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
        }
    }

    /// Value of one resolution unit of each instrument in a row, in units of the book currency.
    fn values(&self, row: usize) -> Vec<Option<f64>> {
        let money = self
            .model
            .currency
            .as_ref()
            .and_then(|name| self.model.units.units.get(name))
            .map_or(1.0, |unit| unit.factor);
        let value = |instrument: &Instrument| match (instrument.price, instrument.kind) {
            (Some(price), _) => Some(self.trace.line(price, row) * instrument.resolution / money)
                .filter(|value| value.is_finite()),
            (None, Kind::Claim) => Some(instrument.resolution / money),
            (None, Kind::Good { .. }) => None,
        };
        self.model.instruments.iter().map(value).collect()
    }

    fn names<'b>(
        &'b self,
        title: String,
        values: &'b [Option<f64>],
        opening: &'b [Option<f64>],
    ) -> Names<'b> {
        Names {
            title,
            column_of: &self.column_of,
            columns: &self.columns,
            instruments: &self.instruments,
            flows: &self.flows,
            values,
            opening_values: opening,
        }
    }

    fn positions(&self, row: usize) -> &[i128] {
        let count = self.model.accounts.len();
        &self.trace.positions[row * count..(row + 1) * count]
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
        let (values, opening) = (self.values(row), self.values(row - 1));
        let names = self.names(self.title("revaluation matrix", row), &values, &opening);
        revaluation(&self.chart, &names, self.positions(row - 1))
    }

    /// From opening to closing net worth; `row` is at least 1.
    pub fn full_integration(&self, row: usize) -> Matrix {
        let (values, opening) = (self.values(row), self.values(row - 1));
        let names = self.names(
            self.title("full-integration matrix", row),
            &values,
            &opening,
        );
        full_integration(
            &self.chart,
            &names,
            self.positions(row - 1),
            self.positions(row),
        )
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
        let (values, opening) = (self.values(row), self.values(row - 1));
        let legs: usize = self.model.flows.iter().map(|flow| flow.legs.len()).sum();
        let postings = &self.trace.postings[row * legs..(row + 1) * legs];
        let title = self.title("transactions-flow matrix", row);
        transactions_flow(
            &self.chart,
            &self.names(title, &values, &opening),
            self.positions(row - 1),
            self.positions(row),
            postings,
        )
    }
}

/// `wages` for `wages[coal]`.
fn family(name: &str) -> String {
    name.split('[').next().unwrap_or(name).to_string()
}
