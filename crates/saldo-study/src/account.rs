//! The statement of one account in one period: what it opened with, what came from whom, what
//! went to whom, what it closed with.

use saldo_diag::{Statement, StatementRow};
use saldo_engine::{Trace, to_base};
use saldo_model::ir::*;

/// An account in the period in which it could not be closed.
pub struct Page<'a> {
    pub model: &'a Model,
    pub trace: &'a Trace,
    pub account: AccountId,
    pub period: usize,
    /// Base units.
    pub closing: f64,
    /// All legs of all flows in order, base units.
    pub amounts: Vec<f64>,
    /// What amounts and balances must stay below, if one does not: then nothing was posted.
    pub limit: Option<f64>,
}

/// Postings in base units.
pub fn in_base(model: &Model, postings: &[i128]) -> Vec<f64> {
    let legs = model.flows.iter().flat_map(|flow| &flow.legs);
    let resolution = |leg: &Leg| model.instruments[leg.instrument.at()].resolution;
    let pairs = legs.zip(postings);
    pairs
        .map(|(leg, units)| to_base(*units, resolution(leg)))
        .collect()
}

/// One posting seen from the account: positive if it gains. Base units.
struct Moved {
    flow: usize,
    counterpart: Option<AccountId>,
    amount: f64,
}

/// More postings than this are shown as the largest ones and the sum of the others.
const MOST_ROWS: usize = 12;

impl Page<'_> {
    fn instrument(&self) -> &Instrument {
        let at = self.model.accounts[self.account.at()].instrument;
        &self.model.instruments[at.at()]
    }

    /// The unit of the period, in base units and in words: after a redenomination the new one.
    fn shown(&self) -> (f64, String) {
        let it = self.instrument();
        match self.model.redenominated(&it.unit, self.period as i64) {
            1.0 => (it.factor, it.unit.to_string()),
            ratio => (it.factor * ratio, format!("{ratio} {}", it.unit)),
        }
    }

    fn moved(&self) -> Vec<Moved> {
        let flows = self.model.flows.iter().enumerate();
        let legs = flows.flat_map(|(at, flow)| flow.legs.iter().map(move |leg| (at, leg)));
        let moves = legs
            .zip(&self.amounts)
            .flat_map(|((flow, leg), size)| leg.moves().map(move |ends| (flow, ends, size)));
        let seen = moves.filter_map(|(flow, ends, size)| {
            let (sign, counterpart) = match ends {
                (from, to) if from == to => return None,
                (Some(from), to) if from == self.account => (-1.0, to),
                (from, Some(to)) if to == self.account => (1.0, from),
                _ => return None,
            };
            let amount = sign * size;
            (amount != 0.0).then_some(Moved {
                flow,
                counterpart,
                amount,
            })
        });
        seen.collect()
    }

    /// The flow that takes most out of the account in this period.
    pub fn largest_payment(&self) -> Option<&Flow> {
        let moved = self.moved();
        let out = moved.iter().filter(|it| it.amount < 0.0);
        let most = out.min_by(|a, b| a.amount.total_cmp(&b.amount))?;
        Some(&self.model.flows[most.flow])
    }

    /// The flow that moves the account most in this period.
    pub fn largest(&self) -> Option<&Flow> {
        let moved = self.moved();
        let most = moved
            .iter()
            .max_by(|a, b| a.amount.abs().total_cmp(&b.amount.abs()))?;
        Some(&self.model.flows[most.flow])
    }

    /// What the period moves in all.
    pub fn sum(&self) -> f64 {
        self.moved().iter().map(|it| it.amount).sum()
    }

    pub fn statement(&self) -> Statement {
        let moved = self.moved();
        let opening = self.opening(&moved);
        let sizes = moved.iter().map(|it| it.amount.abs());
        let largest = sizes.fold(opening.abs().max(self.closing.abs()), f64::max);
        let scale = Scale::of(largest / self.shown().0);
        let mut rows = vec![self.row("opening balance", opening, &scale)];
        rows.extend(self.movements(moved, &scale));
        rows.extend(self.close(&scale));
        let account = &self.model.accounts[self.account.at()];
        let sector = &self.model.sectors[account.sector.at()].name;
        let when = self.model.calendar.label(self.period as i64);
        Statement {
            title: format!("{} of {sector}, {when}", self.instrument().name),
            unit: scale.unit(&self.shown().1),
            rows,
        }
    }

    /// The balance the period began with: as it was booked, else what the others leave.
    fn opening(&self, moved: &[Moved]) -> f64 {
        let before = self.period.checked_sub(1);
        let recorded = before.and_then(|row| self.booked(row));
        recorded.unwrap_or_else(|| self.closing - moved.iter().map(|it| it.amount).sum::<f64>())
    }

    /// The balance in a row of the run, base units.
    pub fn booked(&self, row: usize) -> Option<f64> {
        let at = row * self.model.accounts.len() + self.account.at();
        let units = self.trace.positions.get(at)?;
        Some(to_base(*units, self.instrument().resolution))
    }

    /// What it closes with, and what forbids that.
    fn close(&self, scale: &Scale) -> Vec<StatementRow> {
        match self.limit {
            None => vec![StatementRow {
                note: self.who_may(),
                ..self.row("closing balance", self.closing, scale)
            }],
            Some(limit) => vec![
                self.row("closing would be", self.closing, scale),
                self.row("limit of the books", limit, scale),
            ],
        }
    }

    fn movements(&self, moved: Vec<Moved>, scale: &Scale) -> Vec<StatementRow> {
        let mut sizes: Vec<f64> = moved.iter().map(|it| it.amount.abs()).collect();
        sizes.sort_by(|a, b| b.total_cmp(a));
        let least = match sizes.len() > MOST_ROWS + 1 {
            true => sizes[MOST_ROWS - 1],
            false => 0.0,
        };
        let (large, small): (Vec<Moved>, Vec<Moved>) =
            moved.into_iter().partition(|it| it.amount.abs() >= least);
        let mut rows: Vec<StatementRow> = large.iter().map(|it| self.movement(it, scale)).collect();
        if !small.is_empty() {
            let sum: f64 = small.iter().map(|it| it.amount).sum();
            let name = format!("{} smaller amounts", small.len());
            let row = self.row(&name, sum.abs(), scale);
            rows.push(StatementRow {
                sign: sign(sum),
                ..row
            });
        }
        rows
    }

    fn movement(&self, it: &Moved, scale: &Scale) -> StatementRow {
        let word = if it.amount > 0.0 { "from" } else { "to" };
        let name = |account: AccountId| {
            let sector = self.model.accounts[account.at()].sector;
            format!("{word} {}", self.model.sectors[sector.at()].name)
        };
        let row = self.row(&self.model.flows[it.flow].name, it.amount.abs(), scale);
        StatementRow {
            sign: sign(it.amount),
            counterpart: it.counterpart.map_or(String::new(), name),
            ..row
        }
    }

    fn row(&self, name: &str, amount: f64, scale: &Scale) -> StatementRow {
        StatementRow {
            name: name.into(),
            amount: scale.show(amount / self.shown().0),
            ..StatementRow::default()
        }
    }

    /// `only the state issues cash`.
    fn who_may(&self) -> String {
        let account = &self.model.accounts[self.account.at()];
        let name = &self.instrument().name;
        if account.role == Role::Through {
            return format!("only passes {name} on");
        }
        let same = |it: &&Account| it.instrument == account.instrument && it.role == Role::Issuer;
        let issuers = self.model.accounts.iter().filter(same);
        let mut who: Vec<&str> = issuers
            .map(|it| &*self.model.sectors[it.sector.at()].family)
            .collect();
        who.dedup();
        match who.as_slice() {
            [] => format!("there is no more {name}"),
            [one] => format!("only the {one} may owe {name}"),
            _ => format!("only {} may owe {name}", who.join(", ")),
        }
    }
}

fn sign(amount: f64) -> String {
    if amount > 0.0 { "+" } else { "−" }.into()
}

/// In what size amounts are shown, so that they can be read at a glance.
struct Scale {
    word: &'static str,
    size: f64,
    form: Form,
}

#[derive(Clone, Copy)]
enum Form {
    Digits(usize),
    Powers,
}

impl Scale {
    fn of(largest: f64) -> Scale {
        let (word, size, form) = match largest {
            it if it >= 1e21 => ("", 1.0, Form::Powers),
            it if it >= 1e14 => ("trillion ", 1e12, Form::Digits(1)),
            it if it >= 1e11 => ("billion ", 1e9, Form::Digits(1)),
            it if it >= 1e8 => ("million ", 1e6, Form::Digits(1)),
            _ => ("", 1.0, Form::Digits(2)),
        };
        Scale { word, size, form }
    }

    fn unit(&self, unit: &str) -> String {
        format!("{}{unit}", self.word)
    }

    fn show(&self, amount: f64) -> String {
        match self.form {
            Form::Digits(digits) => grouped(amount / self.size, digits),
            Form::Powers => powers(amount / self.size),
        }
    }
}

/// `−3.333e37`, for what is too large for digits.
pub fn powers(value: f64) -> String {
    match value {
        0.0 => "0".into(),
        _ => format!("{value:.3e}").replace('-', "−"),
    }
}

/// `−2 836.4`: groups of three, a true minus.
pub fn grouped(value: f64, digits: usize) -> String {
    let text = format!("{:.digits$}", value.abs());
    let (whole, part) = text.split_once('.').unwrap_or((&text, ""));
    let mut out = String::new();
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at) % 3 == 0 {
            out.push(' ');
        }
        out.push(digit);
    }
    let sign = if value < 0.0 { "−" } else { "" };
    match part {
        "" => format!("{sign}{out}"),
        _ => format!("{sign}{out}.{part}"),
    }
}
