//! The books at chosen dates: balance sheet, transactions-flow and revaluation matrices.

use super::document::{Document, Place, Places};
use super::flowchart::{blocks, key, sankey};
use super::html::{escape, figure, gap_rows, rounded};
use saldo_engine::Trace;
use saldo_ledger::Matrix;
use saldo_model::ir::{FlowKind, Kind, Model};
use saldo_study::Tables;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt::Write;

/// Numbers that the books of all dates may take together: beyond it dates are left out.
const ROOM: usize = 36_000;

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
    #[serde(with = "gap_rows")]
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
    #[serde(with = "super::html::gaps")]
    pub values: Vec<f64>,
}

/// The books in each of the model's moneys, the book currency first.
pub(crate) fn gather(
    model: &Model,
    trace: &Trace,
    places: &Places,
    notes: &mut Vec<String>,
) -> Vec<Books> {
    let mut tables = Tables::new(model, trace, false);
    let names = Naming::of(model, places);
    let last = trace.completed;
    let moneys = tables.moneys();
    let size = tables.balance_sheet(last).rows.len() + model.flows.len().min(80) + 20;
    let dates = dates(last, (ROOM / (size * 3 * moneys.len().max(1))).max(12));
    if dates.len() < last + 1 {
        notes.push(format!(
            "The books are on this page for {} of {} periods; for the others: saldo show matrix --at PERIOD.",
            dates.len(),
            last + 1
        ));
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
    fn is_sum(&self) -> bool {
        matches!(self.name.as_str(), "Σ" | "net worth" | "net gain")
    }

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

    /// The pictures of every date: who paid whom, and what each sector owns and owes.
    pub(crate) fn pictures(&self, it: &Document) -> Vec<[String; 2]> {
        let dates = 0..self.dates.len();
        dates
            .map(|at| [sankey(it, self, at), blocks(it, self, at)])
            .collect()
    }
}

pub(crate) fn write(out: &mut String, it: &Document) {
    if it.books.iter().all(|books| books.dates.is_empty()) {
        return;
    }
    out.push_str("<p>Every model of this kind is a set of accounts. Each payment leaves one account and enters another, each debt is somebody’s claim; so in the flows every row and every column sums to zero, to the last unit, at every date. A <span class=\"zero\">0</span> is a true zero, an empty cell is a thing that cannot be there. Point at a number to see the line of the model behind it.</p><div class=\"slider\" id=\"slider\"></div>");
    for (which, books) in it.books.iter().enumerate() {
        let _ = write!(out, "<div class=\"book\" data-book=\"{which}\">");
        if it.books.len() > 1 {
            let _ = write!(out, "<h3>In {}</h3>", escape(&books.money));
        }
        one(out, it, books, which);
        out.push_str("</div>\n");
    }
}

fn one(out: &mut String, it: &Document, books: &Books, which: usize) {
    let at = books.dates.len() - 1;
    let label = format!(
        "<span class=\"date\">{}</span>",
        escape(&it.labels[books.dates[at]])
    );
    let _ = write!(
        out,
        "<h3>{} {label}</h3><div class=\"sankey-now\">{}</div><h3>{} {label}</h3><div class=\"blocks-now\">{}</div>{}",
        it.text("Who paid whom in"),
        sankey(it, books, at),
        it.text("What each sector owns and owes, end of"),
        blocks(it, books, at),
        key(it, books)
    );
    let sheets = [
        (
            "balance",
            "Balance sheet",
            "assets +, debts −",
            &books.balance,
        ),
        (
            "flows",
            "Transactions-flow matrix",
            "sources +, uses −, change of assets −",
            &books.flows,
        ),
        (
            "gains",
            "Revaluation matrix",
            "gains + and losses − by prices alone",
            &books.gains,
        ),
    ];
    for (id, title, note, sheet) in sheets {
        let id = if which == 0 {
            id.to_string()
        } else {
            format!("{id}-{which}")
        };
        if sheet.rows.len() < 2 && title.starts_with("Revaluation") {
            let _ = write!(
                out,
                "<p id=\"{id}\">No price of a balance moves: there is nothing to revalue.</p>"
            );
            continue;
        }
        let _ = write!(
            out,
            "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"{title} {2}\"><table class=\"matrix\" id=\"{id}\"><caption>{0}, {label} <small>{1} <span class=\"unit money\">{3}</span></small></caption>",
            it.text(title),
            it.text(note),
            escape(&books.money),
            escape(&format!("{}{}", scale(sheet, at).1, books.units[at]))
        );
        matrix(out, it, books, (sheet, at));
        out.push_str("</table></div>");
    }
}

/// One scale for a table, so that its largest number has at most six digits before the point.
fn scale(sheet: &Sheet, at: usize) -> (f64, &'static str) {
    let cells = sheet.rows.iter().flat_map(|row| &row.cells[at]);
    let known = cells.filter(|value| value.is_finite());
    let largest = known.fold(0.0, |most: f64, value| most.max(value.abs()));
    let scales = [
        (1e15, "quadrillion "),
        (1e12, "trillion "),
        (1e9, "billion "),
        (1e6, "million "),
    ];
    let fits = |(by, _): &(f64, &str)| largest >= 10.0 * by;
    scales.into_iter().find(fits).unwrap_or((1.0, ""))
}

fn matrix(out: &mut String, it: &Document, books: &Books, (sheet, at): (&Sheet, usize)) {
    out.push_str("<thead><tr><td></td>");
    for column in &books.columns {
        let _ = write!(out, "<th scope=\"col\">{}</th>", it.text(column));
    }
    out.push_str("<th scope=\"col\">Σ</th></tr></thead><tbody>");
    let (by, _) = scale(sheet, at);
    for row in &sheet.rows {
        let cells = &row.cells[at];
        if cells.is_empty() {
            continue;
        }
        let total = row.is_sum();
        let tip = row.place.and_then(|place| it.line(place)).unwrap_or("");
        let _ = write!(
            out,
            "<tr{}><th scope=\"row\" title=\"{}\">{}</th>",
            if total { " class=\"total\"" } else { "" },
            escape(tip),
            it.text(&row.title)
        );
        for column in 0..books.columns.len() {
            let value = row
                .at
                .iter()
                .position(|known| *known == column)
                .map(|known| cells[known]);
            cell(out, value, by);
        }
        let sum = cells.last().copied().filter(|_| row.name != "Σ");
        cell(out, sum, by);
        out.push_str("</tr>");
    }
    out.push_str("</tbody>");
}

/// What is too small for the table's scale is not a zero, and does not look like one.
fn cell(out: &mut String, value: Option<f64>, by: f64) {
    let _ = match value.filter(|value| value.is_finite()) {
        None => write!(out, "<td></td>"),
        Some(0.0) => write!(out, "<td class=\"zero\">0</td>"),
        Some(value) => write!(
            out,
            "<td{}>{}</td>",
            if value < 0.0 { " class=\"minus\"" } else { "" },
            match (value / by).abs() < 1e-3 {
                true => "≈ 0".into(),
                false => figure(value / by),
            }
        ),
    };
}
