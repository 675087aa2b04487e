//! Balance sheet, transactions-flow and revaluation matrices at chosen dates, and the payments.

use super::Places;
use crate::number::rounded;
use crate::page::document::{Books, Payment, Place, Sheet, SheetRow};
use crate::page::said::{Said, say};
use saldo_engine::Trace;
use saldo_ledger::Matrix;
use saldo_model::ir::{FlowKind, Kind, Model};
use saldo_study::Tables;
use std::collections::BTreeMap;

/// Numbers that the books of all dates may take together: beyond it dates are left out.
const ROOM: usize = 36_000;

/// The books in each of the model's moneys, the book currency first.
pub(crate) fn gather(
    model: &Model,
    trace: &Trace,
    places: &Places,
    notes: &mut Vec<Said>,
) -> Vec<Books> {
    let mut tables = Tables::new(model, trace, false);
    let names = Naming::of(model, places);
    let last = trace.completed;
    let moneys = tables.moneys();
    let size = tables.balance_sheet(last).rows.len() + model.flows.len().min(80) + 20;
    let dates = dates(last, (ROOM / (size * 3 * moneys.len().max(1))).max(12));
    if dates.len() < last + 1 {
        let parts = [
            dates.len().into(),
            (last + 1).into(),
            "saldo show matrix --at PERIOD".into(),
        ];
        notes.push(say("left.books", &parts));
    }
    if moneys.is_empty() {
        return vec![in_money(&tables, dates, &names, places)];
    }
    let each = moneys.iter().map(|money| {
        tables.in_money(*money);
        let mut books = in_money(&tables, dates.clone(), &names, places);
        books.money = money.to_string();
        if moneys.len() > 1 {
            books.drop_empty_columns();
        }
        books
    });
    each.collect()
}

fn in_money(tables: &Tables, dates: Vec<usize>, names: &Naming, places: &Places) -> Books {
    let each = |matrix: &dyn Fn(usize) -> Matrix, from: usize| -> Vec<Option<Matrix>> {
        dates
            .iter()
            .map(|row| (*row >= from).then(|| matrix(*row)))
            .collect()
    };
    let columns = tables.balance_sheet(0).columns;
    Books {
        money: String::new(),
        units: dates.iter().map(|row| tables.unit_name(*row)).collect(),
        columns: columns.iter().map(|name| names.sector(name)).collect(),
        balance: sheet(each(&|row| tables.balance_sheet(row), 0), names),
        flows: sheet(each(&|row| tables.transactions_flow(row), 1), names),
        gains: sheet(each(&|row| tables.revaluation(row), 1), names),
        payments: payments(tables, &dates, places),
        dates,
    }
}

/// Evenly spaced, the last included.
fn dates(last: usize, most: usize) -> Vec<usize> {
    let mut step = (last + 1).div_ceil(most).max(1);
    // Whole quarters and years are easier to read than every seventh month.
    if step > 1 && last > 24 {
        step = [3, 6, 12, 24, 60]
            .into_iter()
            .find(|it| *it >= step)
            .unwrap_or(step);
    }
    let mut dates: Vec<usize> = (0..=last).rev().step_by(step).collect();
    dates.reverse();
    dates
}

/// Titles and places of what the matrices name.
struct Naming {
    titles: BTreeMap<String, (String, Option<Place>)>,
    sectors: BTreeMap<String, String>,
}

impl Naming {
    fn of(model: &Model, places: &Places) -> Naming {
        let mut titles = BTreeMap::new();
        let family = |name: &str| name.split('[').next().unwrap_or(name).to_string();
        for flow in model.flows.iter().filter(|flow| flow.title != flow.name) {
            let name = family(&flow.name);
            let title = shared(&flow.title, &flow.name);
            let told = (title, places.of(flow.span));
            titles
                .entry(flow.row.to_string())
                .or_insert_with(|| told.clone());
            titles.entry(name).or_insert(told);
        }
        for it in &model.instruments {
            let place = places.of(it.span);
            titles.insert(format!("Δ {}", it.name), (format!("Δ {}", it.title), place));
            titles.insert(it.name.to_string(), (it.title.to_string(), place));
        }
        let sectors = model.sectors.iter().map(|sector| {
            (
                sector.family.to_string(),
                shared(&sector.title, &sector.name),
            )
        });
        Naming {
            titles,
            sectors: sectors.collect(),
        }
    }

    fn sector(&self, name: &str) -> String {
        self.sectors
            .get(name)
            .cloned()
            .unwrap_or_else(|| name.to_string())
    }
}

/// `Enterprises` for `Enterprises: Coal`.
fn shared(title: &str, name: &str) -> String {
    let shared = match title.rsplit_once(": ") {
        Some((shared, _)) if name.contains('[') => shared,
        _ => title,
    };
    if shared.is_empty() {
        name.to_string()
    } else {
        shared.replace('_', " ")
    }
}

/// Joins the matrices of all dates: a row that is absent at a date has nothing there.
fn sheet(matrices: Vec<Option<Matrix>>, names: &Naming) -> Sheet {
    let mut order: Vec<String> = Vec::new();
    for matrix in matrices.iter().flatten() {
        let mut after = 0;
        for (name, ..) in &matrix.rows {
            match order.iter().position(|known| known == name) {
                Some(at) => after = at + 1,
                None => {
                    order.insert(after, name.clone());
                    after += 1;
                }
            }
        }
    }
    let rows = order
        .iter()
        .map(|name| sheet_row(name, &matrices, names))
        .collect();
    Sheet { rows }
}

fn sheet_row(name: &str, matrices: &[Option<Matrix>], names: &Naming) -> SheetRow {
    let find = |matrix: &Option<Matrix>| {
        let rows = matrix
            .as_ref()
            .map(|matrix| matrix.rows.clone())
            .unwrap_or_default();
        rows.into_iter().find(|row| row.0 == name)
    };
    let found: Vec<_> = matrices.iter().map(find).collect();
    let width = found.iter().flatten().next().map_or(0, |row| row.1.len());
    let ever = |column: &usize| found.iter().flatten().any(|row| row.1[*column].is_some());
    let at: Vec<usize> = (0..width).filter(ever).collect();
    let cells = found.iter().map(|row| match row {
        None => Vec::new(),
        Some((_, cells, sum)) => at
            .iter()
            .map(|column| cells[*column].map_or(f64::NAN, rounded))
            .chain([rounded(*sum)])
            .collect(),
    });
    let cells = cells.collect();
    let (title, place) = match name {
        "net worth" => ("Net worth".into(), None),
        "rounding of payments" => ("Rounding of payments".into(), None),
        "net gain" => ("Net gain".into(), None),
        _ => names
            .titles
            .get(name)
            .cloned()
            .unwrap_or_else(|| (untitled(name), None)),
    };
    SheetRow {
        name: name.to_string(),
        title,
        place,
        at,
        cells,
    }
}

/// `building: capital` for a process without a title, `building.capital[coal]`.
fn untitled(name: &str) -> String {
    let family = name.split('[').next().unwrap_or(name);
    family.replace('.', ": ").replace('_', " ")
}

/// The paying side of every flow and exchange, by family and columns, in the money of the tables.
fn payments(tables: &Tables, dates: &[usize], places: &Places) -> Vec<Payment> {
    let (model, trace) = (tables.model, tables.trace);
    let columns = columns(model);
    let legs: usize = model.flows.iter().map(|flow| flow.legs.len()).sum();
    let mut joined: BTreeMap<(String, usize, usize), Payment> = BTreeMap::new();
    let mut first = 0;
    for flow in &model.flows {
        let begin = first;
        first += flow.legs.len();
        let Some((leg, from, to)) = paying(tables, flow) else {
            continue;
        };
        let column =
            |account: saldo_model::ir::AccountId| columns[model.accounts[account.at()].sector.at()];
        let (from, to) = (column(from), column(to));
        let instrument = &model.instruments[flow.legs[leg].instrument.at()];
        let family = flow.name.split('[').next().unwrap_or(&flow.name);
        let key = (family.to_string(), from, to);
        let payment = joined.entry(key).or_insert_with(|| Payment {
            title: shared(&flow.title, &flow.name),
            from,
            to,
            place: places.of(flow.span),
            values: vec![0.0; dates.len()],
        });
        for (value, row) in payment.values.iter_mut().zip(dates) {
            let price = instrument
                .price
                .map_or(1.0, |price| trace.line(price, *row));
            let amount = saldo_engine::to_base(
                trace.postings[row * legs + begin + leg],
                instrument.resolution,
            );
            if *row > 0 && price.is_finite() {
                *value += amount * price / tables.unit_size(*row);
            }
        }
    }
    let mut all: Vec<Payment> = joined
        .into_values()
        .filter(|it| it.values.iter().any(|v| *v != 0.0))
        .collect();
    all.iter_mut()
        .for_each(|it| it.values.iter_mut().for_each(|v| *v = rounded(*v)));
    all
}

/// Which leg pays: the claim that was declared first, as money usually is; none if the payment is
/// in another money than the tables.
fn paying(
    tables: &Tables,
    flow: &saldo_model::ir::Flow,
) -> Option<(
    usize,
    saldo_model::ir::AccountId,
    saldo_model::ir::AccountId,
)> {
    if matches!(flow.kind, FlowKind::Makes | FlowKind::Uses) {
        return None;
    }
    let claims = flow
        .legs
        .iter()
        .enumerate()
        .filter(|(_, leg)| tables.model.instruments[leg.instrument.at()].kind == Kind::Claim);
    let (at, leg) = claims.min_by_key(|(_, leg)| leg.instrument)?;
    match tables.values_instrument(leg.instrument) {
        true => Some((at, leg.from?, leg.to?)),
        false => None,
    }
}

/// How many columns the matrices have.
pub(crate) fn sectors(model: &Model) -> usize {
    columns(model).into_iter().max().map_or(0, |last| last + 1)
}

/// Column of each sector, as in the matrices.
fn columns(model: &Model) -> Vec<usize> {
    let mut families: Vec<&str> = Vec::new();
    let mut out = Vec::new();
    for sector in &model.sectors {
        let known = families.iter().position(|known| **known == *sector.family);
        let at = known.unwrap_or_else(|| {
            families.push(&sector.family);
            families.len() - 1
        });
        out.push(at);
    }
    out
}

impl SheetRow {
    /// Keeps the cells of some columns, which are numbered anew.
    fn keep(&mut self, kept: &[usize]) {
        let places: Vec<Option<usize>> = self
            .at
            .iter()
            .map(|old| kept.iter().position(|column| column == old))
            .collect();
        for cells in self.cells.iter_mut().filter(|cells| !cells.is_empty()) {
            let sum = cells.last().copied();
            let pairs = cells.iter().zip(&places);
            let inside = pairs
                .filter(|(_, place)| place.is_some())
                .map(|(cell, _)| *cell);
            *cells = inside.chain(sum).collect();
        }
        self.at = places.into_iter().flatten().collect();
    }
}

impl Books {
    /// Leaves out sectors without part in this money: only the sums have an entry for them.
    fn drop_empty_columns(&mut self) {
        let sheets = [&self.balance, &self.flows, &self.gains];
        let rows = sheets.into_iter().flat_map(|sheet| &sheet.rows);
        let own = rows.filter(|row| !row.is_sum());
        let used: Vec<usize> = own.flat_map(|row| row.at.iter().copied()).collect();
        let kept: Vec<usize> = (0..self.columns.len())
            .filter(|column| used.contains(column))
            .collect();
        for sheet in [&mut self.balance, &mut self.flows, &mut self.gains] {
            sheet.rows.iter_mut().for_each(|row| row.keep(&kept));
        }
        let place = |old: usize| kept.iter().position(|column| *column == old).unwrap_or(0);
        for payment in &mut self.payments {
            (payment.from, payment.to) = (place(payment.from), place(payment.to));
        }
        self.columns = kept.iter().map(|at| self.columns[*at].clone()).collect();
    }
}
