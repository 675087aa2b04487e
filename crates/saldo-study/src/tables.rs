//! Matrices of a run at a period, with the model's names.

use num_bigint::BigInt;
use num_integer::Integer;
use num_traits::FromPrimitive;
use saldo_engine::Trace;
use saldo_ledger::chart::Chart;
use saldo_ledger::{
    Matrix, Names, Span, balance_sheet, capital_transfers, current_capital, full_integration,
    revaluation, transactions_flow,
};
use saldo_model::Symbol;
use saldo_model::ir::*;

/// A price is counted in this part of its money: a power of two, so that prices of usual size are
/// exactly what the run computed.
const PRICE_UNIT: u128 = 1 << 80;

/// The tables that are derived from the books, in one money and under one valuation.
pub struct Tables<'a> {
    pub model: &'a Model,
    pub trace: &'a Trace,
    chart: Chart,
    columns: Vec<String>,
    column_of: Vec<usize>,
    instruments: Vec<String>,
    flows: Vec<String>,
    fixed: Vec<bool>,
    /// The money of each instrument's value; nothing for a good without price.
    moneys: Vec<Option<Symbol>>,
    /// The money these tables are in; nothing in a model without money.
    money: Option<Symbol>,
    valuation: Option<Symbol>,
    /// The scenario that captions name; none where tables are for programs, by the text's names.
    scenario: Option<String>,
    /// Units of value in one unit of money: every quantity at every price is whole.
    unit: BigInt,
}

impl<'a> Tables<'a> {
    /// Tables in the book currency, under the valuation of the accounts.
    /// `split`: a column for each member of a family instead of one for the family.
    pub fn new(model: &'a Model, trace: &'a Trace, split: bool) -> Self {
        let (columns, column_of) = columns(model, split);
        let flows = model.flows.iter();
        let flows = flows.map(|flow| {
            if split {
                flow.name.to_string()
            } else {
                flow.row.to_string()
            }
        });
        let instruments = model.instruments.iter();
        let fixed =
            |it: &Instrument| it.kind == Kind::Claim || it.kind == (Kind::Good { fixed: true });
        Tables {
            model,
            trace,
            chart: saldo_engine::chart(model),
            columns,
            column_of,
            instruments: instruments.clone().map(|it| it.name.to_string()).collect(),
            flows: flows.collect(),
            fixed: instruments.clone().map(fixed).collect(),
            moneys: instruments.map(|it| money_of(model, it)).collect(),
            money: model.currency,
            valuation: None,
            scenario: None,
            unit: unit_of_value(model),
        }
    }

    /// The same tables for people: with titles where there are some, and captions that name the
    /// scenario.
    pub fn in_words(mut self, scenario: &str) -> Self {
        for (sector, column) in self.model.sectors.iter().zip(&self.column_of) {
            let split = self.columns[*column] == *sector.name && !sector.members.is_empty();
            self.columns[*column] = title_of(sector, split);
        }
        let titles = self.model.instruments.iter().map(|it| it.title.to_string());
        self.instruments = titles.collect();
        self.scenario = Some(scenario.to_string());
        self
    }

    /// The moneys in which something is valued, the book currency first.
    pub fn moneys(&self) -> Vec<Symbol> {
        let mut all: Vec<Symbol> = self.model.currency.iter().cloned().collect();
        for money in self.moneys.iter().flatten() {
            if !all.contains(money) {
                all.push(*money);
            }
        }
        all
    }

    /// The same tables in another of the model's moneys.
    pub fn in_money(&mut self, money: Symbol) {
        self.money = Some(money);
    }

    /// The unit that the tables of a row are in: after a redenomination the new one.
    pub fn unit_name(&self, row: usize) -> String {
        self.unit(row).0
    }

    /// Base units in the unit of a row.
    pub fn unit_size(&self, row: usize) -> f64 {
        let money = self.money.as_ref();
        let ratio = money.map_or(1.0, |money| self.model.redenominated(money, row as i64));
        self.money_factor() * ratio
    }

    /// Whether the tables value an instrument: its money is theirs.
    pub fn values_instrument(&self, instrument: InstrumentId) -> bool {
        self.moneys[instrument.at()] == self.money
    }

    /// The same tables under a further valuation; what does not have it keeps its own.
    pub fn under(&mut self, valuation: Symbol) {
        self.valuation = Some(valuation);
    }

    /// Names of the further valuations the model declares.
    pub fn valuations(&self) -> Vec<Symbol> {
        let also = self.model.instruments.iter().flat_map(|it| &it.also);
        also.map(|(name, _)| *name).collect()
    }

    /// Every table of a row that says something, money by money. Row 0 is the opening.
    pub fn all(&mut self, row: usize) -> Vec<Matrix> {
        self.by_money(|tables| tables.of_money(row))
    }

    /// Current and capital accounts of a period, money by money; `row` is at least 1.
    pub fn current_capitals(&mut self, row: usize) -> Vec<Matrix> {
        self.by_money(|tables| vec![tables.current_capital(row)])
    }

    fn by_money(&mut self, make: impl Fn(&Self) -> Vec<Matrix>) -> Vec<Matrix> {
        let moneys = self.moneys();
        if moneys.is_empty() {
            return make(self);
        }
        let mut all = Vec::new();
        for money in moneys {
            self.money = Some(money);
            all.extend(make(self));
        }
        // A sector without part in a money has no column in its tables.
        if self.moneys().len() > 1 {
            all.iter_mut().for_each(Matrix::drop_empty_columns);
        }
        self.money = self.model.currency;
        all
    }

    fn of_money(&self, row: usize) -> Vec<Matrix> {
        let mut all = vec![self.balance_sheet(row)];
        if row == 0 {
            return all;
        }
        all.push(self.transactions_flow(row));
        let transfers = self.capital_transfers(row);
        if !transfers.rows.is_empty() {
            all.push(transfers);
        }
        let gains = self.revaluation(row);
        // The last row is the sum: without others there is nothing to revalue.
        if gains.rows.len() > 1 {
            all.push(gains);
            all.push(self.full_integration(row));
        }
        all
    }

    /// Units of value in one resolution unit of each instrument that is valued in the money of
    /// the tables, by its price in a row.
    fn values(&self, row: usize) -> Vec<Option<BigInt>> {
        let of = |(instrument, own): (&Instrument, &Option<Symbol>)| {
            let unvalued = instrument.price.is_none() && instrument.kind != Kind::Claim;
            if unvalued || *own != self.money {
                return None;
            }
            let price = match self.price(instrument) {
                Some(price) => self.price_units(instrument, self.trace.line(price, row))?,
                None => self.price_units(instrument, 1.0)?,
            };
            let (over, under) = fraction(instrument.resolution / instrument.factor);
            Some(price * over * &self.unit / under / PRICE_UNIT)
        };
        let all = self.model.instruments.iter().zip(&self.moneys);
        all.map(of).collect()
    }

    /// A price in parts of the money for one unit of the instrument.
    fn price_units(&self, instrument: &Instrument, price: f64) -> Option<BigInt> {
        let price = price * instrument.factor / self.money_factor();
        BigInt::from_f64((price * PRICE_UNIT as f64).round())
    }

    /// Prices when the period began; where none was given, nothing is gained by it.
    fn opening_values(&self, row: usize, closing: &[Option<BigInt>]) -> Vec<Option<BigInt>> {
        let opening = self.values(row - 1);
        let both = opening.into_iter().zip(closing);
        both.map(|(old, new)| old.or_else(|| new.clone())).collect()
    }

    fn price(&self, instrument: &Instrument) -> Option<VarId> {
        let mut also = instrument.also.iter();
        let named = also.find(|(name, _)| Some(name) == self.valuation.as_ref());
        named.map(|(_, price)| *price).or(instrument.price)
    }

    /// Base units in one unit of the tables' money.
    fn money_factor(&self) -> f64 {
        let unit = self.money.as_ref();
        let unit = unit.and_then(|name| self.model.units.units.get(name));
        unit.map_or(1.0, |unit| unit.factor)
    }

    /// The unit amounts are shown in, in words and in units of value: after a redenomination the
    /// new one. The opening of the period in which it happens is shown in the new one as well.
    fn unit(&self, row: usize) -> (String, BigInt) {
        let Some(money) = &self.money else {
            return (String::new(), self.unit.clone());
        };
        let ratio = self.model.redenominated(money, row as i64);
        let (over, under) = fraction(ratio);
        let since = self
            .scenario
            .as_ref()
            .and_then(|_| self.new_since(money, row));
        let name = match since {
            _ if ratio == 1.0 => money.to_string(),
            Some(new) => new,
            None => format!("{ratio} {money}"),
        };
        (name, &self.unit * over / under)
    }

    /// `RUB of 1998`, by the year of the redenomination that gave a money the unit it has in a
    /// row; `new usd` where periods have no years.
    fn new_since(&self, money: &str, row: usize) -> Option<String> {
        let all = self.model.redenominations.iter();
        let due = all.filter(|it| &*it.money == money && it.period <= row as i64);
        let label = self.model.calendar.label(due.map(|it| it.period).max()?);
        let year = label
            .split(['-', 'Q'])
            .next()
            .filter(|year| year.len() == 4);
        Some(match year {
            Some(year) => format!("{money} of {year}"),
            None => format!("new {money}"),
        })
    }

    /// What the new units of a row are worth, in whole sentences.
    pub fn renewed(&self, row: usize) -> String {
        let told = self.moneys().into_iter().filter_map(|money| {
            let ratio = self.model.redenominated(&money, row as i64);
            let new = self.new_since(&money, row)?;
            Some(format!("1 {new} is {ratio} {money} of before.\n"))
        });
        told.collect()
    }

    fn names<'b>(
        &'b self,
        (title, unit_name): (String, String),
        values: &'b [Option<BigInt>],
        opening: &'b [Option<BigInt>],
        unit: &'b BigInt,
    ) -> Names<'b> {
        Names {
            title,
            unit_name,
            column_of: &self.column_of,
            columns: &self.columns,
            instruments: &self.instruments,
            flows: &self.flows,
            values,
            opening_values: opening,
            fixed: &self.fixed,
            unit,
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
        let (unit_name, unit) = self.unit(row);
        let title = self.titled("balance sheet", "end of ", row);
        let names = self.names((title, unit_name), &values, &values, &unit);
        balance_sheet(&self.chart, &names, self.positions(row))
    }

    /// Gains and losses of a period by instrument; `row` is at least 1.
    pub fn revaluation(&self, row: usize) -> Matrix {
        self.of_period("revaluation matrix", row, |names, span| {
            revaluation(&self.chart, names, span)
        })
    }

    /// From opening to closing net worth; `row` is at least 1.
    pub fn full_integration(&self, row: usize) -> Matrix {
        self.of_period("full-integration matrix", row, |names, span| {
            full_integration(&self.chart, names, span)
        })
    }

    /// Flows of a period; `row` is at least 1.
    pub fn transactions_flow(&self, row: usize) -> Matrix {
        self.of_period("transactions-flow matrix", row, |names, span| {
            transactions_flow(&self.chart, names, span.before, span.after, span.postings)
        })
    }

    /// Flows of a period with a current and a capital column for each sector.
    pub fn current_capital(&self, row: usize) -> Matrix {
        self.of_period("current and capital account", row, |names, span| {
            current_capital(&self.chart, names, span)
        })
    }

    /// Claims and fixed goods that changed hands away from their valuation.
    pub fn capital_transfers(&self, row: usize) -> Matrix {
        self.of_period("capital transfers", row, |names, span| {
            capital_transfers(&self.chart, names, span)
        })
    }

    fn of_period(&self, kind: &str, row: usize, make: impl Fn(&Names, Span) -> Matrix) -> Matrix {
        let values = self.values(row);
        let opening = self.opening_values(row, &values);
        let (unit_name, unit) = self.unit(row);
        let title = self.titled(kind, "", row);
        let names = self.names((title, unit_name), &values, &opening, &unit);
        make(&names, self.span(row))
    }

    /// `balance sheet, sim, end of 2`, and the valuation if it is not the accounts' own; for
    /// people `Balance sheet, sim, baseline, end of 2`.
    fn titled(&self, kind: &str, word: &str, row: usize) -> String {
        let when = self.model.calendar.label(row as i64);
        let under = self.valuation.as_ref();
        let under = under.map_or(String::new(), |name| format!(", under {name}"));
        let name = &self.model.name;
        match &self.scenario {
            None => format!("{kind}, {name}, {word}{when}{under}"),
            Some(scenario) => {
                let mut letters = kind.chars();
                let first = letters.next().map(|c| c.to_ascii_uppercase());
                let kind: String = first.into_iter().chain(letters).collect();
                format!("{kind}, {name}, {scenario}, {word}{when}{under}")
            }
        }
    }
}

/// What a column of a sector, or of its family, is called.
fn title_of(sector: &Sector, split: bool) -> String {
    let title = match sector.title.rsplit_once(": ") {
        Some((family, _)) if !split && !sector.members.is_empty() => family,
        _ => &*sector.title,
    };
    match title.is_empty() {
        true if split => sector.name.to_string(),
        true => sector.family.to_string(),
        false => title.to_string(),
    }
}

fn columns(model: &Model, split: bool) -> (Vec<String>, Vec<usize>) {
    let mut columns: Vec<String> = Vec::new();
    let mut column_of = Vec::new();
    for sector in &model.sectors {
        let name = if split {
            sector.name.to_string()
        } else {
            sector.family.to_string()
        };
        let at = columns.iter().position(|known| *known == name);
        column_of.push(at.unwrap_or_else(|| {
            columns.push(name);
            columns.len() - 1
        }));
    }
    (columns, column_of)
}

/// The money of a value, price × quantity; nothing for a good without price.
fn money_of(model: &Model, instrument: &Instrument) -> Option<Symbol> {
    let book = model.currency;
    let price = instrument.price.map(|price| model.vars[price.at()].dim);
    match (price, instrument.kind) {
        (Some(Some(price)), _) => model.units.money_of(price.times(instrument.dim, 1), book),
        (Some(None), _) => instrument.currency,
        (None, Kind::Claim) => model.units.money_of(instrument.dim, book),
        (None, Kind::Good { .. }) => None,
    }
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
