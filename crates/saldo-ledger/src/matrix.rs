//! Balance sheet and transactions-flow matrix, derived from positions and postings.
//!
//! Cells are exact: whole numbers of the instrument's resolution, or a value when an instrument
//! has a price. Layout as in Godley and Lavoie (2007): sources +, uses −, changes in assets −.

use crate::chart::Chart;

/// Names for rows and columns; the ledger itself knows only numbers.
pub struct Names<'a> {
    pub title: String,
    /// Column of each sector, and the columns' titles.
    pub column_of: &'a [usize],
    pub columns: &'a [String],
    pub instruments: &'a [String],
    pub flows: &'a [String],
    /// Value of one resolution unit of each instrument; `None`: no value (a good without price).
    pub values: &'a [Option<f64>],
    pub opening_values: &'a [Option<f64>],
}

/// One row: its name, a cell per column (`None`: nothing ever stands here) and the sum.
pub type Cells = (String, Vec<Option<f64>>, f64);

#[derive(Clone, Debug, PartialEq)]
pub struct Matrix {
    pub title: String,
    pub columns: Vec<String>,
    pub rows: Vec<Cells>,
}

struct Row<'n> {
    name: &'n str,
    /// Whole units by column, so that sums are exact before they are shown.
    cells: Vec<Option<i128>>,
    value: f64,
}

impl Row<'_> {
    fn add(&mut self, column: usize, amount: i128) {
        let cell = self.cells[column].get_or_insert(0);
        *cell += amount;
    }

    fn finish(self) -> Option<Cells> {
        if self.cells.iter().all(|cell| cell.unwrap_or(0) == 0) {
            return None;
        }
        let sum: i128 = self.cells.iter().flatten().sum();
        let shown = self
            .cells
            .iter()
            .map(|cell| cell.map(|amount| amount as f64 * self.value))
            .collect();
        Some((self.name.to_string(), shown, sum as f64 * self.value))
    }
}

/// Assets +, liabilities −, one row per instrument, and net worth.
pub fn balance_sheet(chart: &Chart, names: &Names, positions: &[i128]) -> Matrix {
    let mut rows = Vec::new();
    for (instrument, name) in names.instruments.iter().enumerate() {
        let Some(value) = names.values[instrument] else {
            continue;
        };
        let mut row = Row {
            name,
            cells: vec![None; names.columns.len()],
            value,
        };
        for (at, account) in chart.accounts.iter().enumerate() {
            if account.instrument as usize == instrument && positions[at] != 0 {
                row.add(names.column_of[account.sector as usize], positions[at]);
            }
        }
        rows.extend(row.finish());
    }
    let worth = column_sums(&rows, names.columns.len());
    let total = rows.iter().map(|row| row.2).sum();
    rows.push(("net worth".into(), worth, total));
    Matrix {
        title: names.title.clone(),
        columns: names.columns.to_vec(),
        rows,
    }
}

/// Flows by row, then the changes in instruments with opposite sign; columns sum to zero.
pub fn transactions_flow(
    chart: &Chart,
    names: &Names,
    before: &[i128],
    after: &[i128],
    postings: &[i128],
) -> Matrix {
    let mut rows: Vec<Cells> = Vec::new();
    let mut leg_at = 0;
    let mut by_title: Vec<(&str, Vec<(usize, usize)>)> = Vec::new();
    for (flow, it) in chart.flows.iter().enumerate() {
        let title = names.flows[flow].as_str();
        let place = by_title.iter().position(|(known, _)| *known == title);
        let at = place.unwrap_or_else(|| {
            by_title.push((title, Vec::new()));
            by_title.len() - 1
        });
        by_title[at].1.push((flow, leg_at));
        leg_at += it.legs.len();
    }
    for (title, flows) in by_title {
        rows.extend(flow_row(chart, names, title, &flows, postings));
    }
    for (instrument, name) in names.instruments.iter().enumerate() {
        let Some(value) = names.values[instrument] else {
            continue;
        };
        let label = format!("Δ {name}");
        let mut row = Row {
            name: &label,
            cells: vec![None; names.columns.len()],
            value,
        };
        for (at, account) in chart.accounts.iter().enumerate() {
            let change = after[at] - before[at];
            if account.instrument as usize == instrument && change != 0 {
                row.add(names.column_of[account.sector as usize], -change);
            }
        }
        rows.extend(row.finish());
    }
    let sums = exact_column_sums(chart, names, before, after, postings);
    rows.push(("Σ".into(), sums, 0.0));
    Matrix {
        title: names.title.clone(),
        columns: names.columns.to_vec(),
        rows,
    }
}

/// All flows with one title, valued leg by leg.
fn flow_row(
    chart: &Chart,
    names: &Names,
    title: &str,
    flows: &[(usize, usize)],
    postings: &[i128],
) -> Option<Cells> {
    let mut cells: Vec<Option<f64>> = vec![None; names.columns.len()];
    for (flow, first) in flows {
        for (leg, ends) in chart.flows[*flow].legs.iter().enumerate() {
            let amount = postings[first + leg];
            let Some(value) = names.values[ends.instrument as usize] else {
                continue;
            };
            if amount == 0 {
                continue;
            }
            for (end, sign) in [(ends.from, -1.0), (ends.to, 1.0)] {
                let Some(account) = end else { continue };
                let column = names.column_of[chart.accounts[account as usize].sector as usize];
                let cell = cells[column].get_or_insert(0.0);
                *cell += sign * amount as f64 * value;
            }
        }
    }
    // An exchange at its own price cancels within a sector: the row is only its change of assets.
    if cells.iter().flatten().all(|cell| *cell == 0.0) {
        return None;
    }
    let sum = cells.iter().flatten().sum::<f64>();
    let size = cells
        .iter()
        .flatten()
        .fold(0.0f64, |size, cell| size.max(cell.abs()));
    Some((
        title.to_string(),
        cells,
        if sum.abs() < size * 1e-12 { 0.0 } else { sum },
    ))
}

fn column_sums(rows: &[Cells], columns: usize) -> Vec<Option<f64>> {
    (0..columns)
        .map(|column| Some(rows.iter().filter_map(|row| row.1[column]).sum()))
        .collect()
}

/// Postings minus changes by column and instrument, in whole units: zero, or the books are wrong.
fn exact_column_sums(
    chart: &Chart,
    names: &Names,
    before: &[i128],
    after: &[i128],
    postings: &[i128],
) -> Vec<Option<f64>> {
    let mut sums = vec![vec![0i128; names.instruments.len()]; names.columns.len()];
    let mut leg_at = 0;
    for flow in &chart.flows {
        for ends in &flow.legs {
            let amount = postings[leg_at];
            leg_at += 1;
            for (end, signed) in [(ends.from, -amount), (ends.to, amount)] {
                if let Some(account) = end {
                    let sector = chart.accounts[account as usize].sector as usize;
                    sums[names.column_of[sector]][ends.instrument as usize] += signed;
                }
            }
        }
    }
    for (at, account) in chart.accounts.iter().enumerate() {
        sums[names.column_of[account.sector as usize]][account.instrument as usize] -=
            after[at] - before[at];
    }
    let column = |by_instrument: &Vec<i128>| {
        let worst = by_instrument
            .iter()
            .enumerate()
            .map(|(at, gap)| *gap as f64 * names.values[at].unwrap_or(1.0));
        Some(worst.sum())
    };
    sums.iter().map(column).collect()
}
