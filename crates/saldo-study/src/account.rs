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
    /// All legs of all flows in order, in units of each instrument's resolution.
    pub postings: &'a [i128],
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
            .zip(self.postings)
            .flat_map(|((flow, leg), units)| leg.moves().map(move |ends| (flow, ends, units)));
        let seen = moves.filter_map(|(flow, ends, units)| {
            let (sign, counterpart) = match ends {
                (from, to) if from == to => return None,
                (Some(from), to) if from == self.account => (-1.0, to),
                (from, Some(to)) if to == self.account => (1.0, from),
                _ => return None,
            };
            let amount = sign * to_base(*units, self.instrument().resolution);
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

    pub fn statement(&self) -> Statement {
        let moved = self.moved();
        let opening = self.closing - moved.iter().map(|it| it.amount).sum::<f64>();
        let recorded = self.period.checked_sub(1).and_then(|row| {
            let at = row * self.model.accounts.len() + self.account.at();
            self.trace.positions.get(at)
        });
        let resolution = self.instrument().resolution;
        let opening = recorded.map_or(opening, |units| to_base(*units, resolution));
        let sizes = moved.iter().map(|it| it.amount.abs());
        let largest = sizes.fold(opening.abs().max(self.closing.abs()), f64::max);
        let scale = Scale::of(largest / self.shown().0);
        let mut rows = vec![self.row("opening balance", opening, &scale)];
        rows.extend(self.movements(moved, &scale));
        let closing = self.row("closing balance", self.closing, &scale);
        rows.push(StatementRow {
            note: self.who_may(),
            ..closing
        });
        let account = &self.model.accounts[self.account.at()];
        let sector = &self.model.sectors[account.sector.at()].name;
        let when = self.model.calendar.label(self.period as i64);
        Statement {
            title: format!("{} of {sector}, {when}", self.instrument().name),
            unit: scale.unit(&self.shown().1),
            rows,
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
    digits: usize,
}

impl Scale {
    fn of(largest: f64) -> Scale {
        let (word, size, digits) = match largest {
            it if it >= 1e14 => ("trillion ", 1e12, 1),
            it if it >= 1e11 => ("billion ", 1e9, 1),
            it if it >= 1e8 => ("million ", 1e6, 1),
            _ => ("", 1.0, 2),
        };
        Scale { word, size, digits }
    }

    fn unit(&self, unit: &str) -> String {
        format!("{}{unit}", self.word)
    }

    fn show(&self, amount: f64) -> String {
        grouped(amount / self.size, self.digits)
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
