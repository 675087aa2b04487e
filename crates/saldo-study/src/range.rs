//! What is too large for the books, told as a statement of the account it would enter.

use crate::account::{Page, powers};
use crate::stops::in_words;
use saldo_diag::{Diagnostic, Span};
use saldo_engine::{Stop, Trace};
use saldo_model::ir::*;

/// A resolution that is fine enough for any money, in units of it.
const CENT: f64 = 0.01;

/// The message for a stop by range.
pub(crate) fn range(model: &Model, trace: &Trace, stop: &Stop) -> Diagnostic {
    let Stop::Range {
        account,
        flow,
        period,
        amount,
        limit,
        legs,
    } = stop
    else {
        unreachable!("only a stop by range is told here")
    };
    let mut page = Page {
        model,
        trace,
        account: *account,
        period: *period,
        closing: 0.0,
        amounts: legs.clone(),
        limit: Some(*limit),
    };
    page.closing = page.booked(period.saturating_sub(1)).unwrap_or(0.0) + page.sum();
    // A balance is the work of the largest flow that enters it.
    let flow = match flow {
        Some(flow) => Some(&model.flows[flow.at()]),
        None => page.largest(),
    };
    let beyond = Beyond {
        model,
        account: &model.accounts[account.at()],
        instrument: &model.instruments[model.accounts[account.at()].instrument.at()],
        flow,
        amount: *amount,
        limit: *limit,
    };
    match period {
        0 => beyond.in_opening(*account),
        _ => beyond.in_period(*period).statement(page.statement()),
    }
}

struct Beyond<'a> {
    model: &'a Model,
    account: &'a Account,
    instrument: &'a Instrument,
    flow: Option<&'a Flow>,
    /// Base units.
    amount: f64,
    limit: f64,
}

impl Beyond<'_> {
    fn in_period(&self, period: usize) -> Diagnostic {
        let when = in_words(self.model, period);
        let name = self.flow.map_or(&self.account.name, |flow| &flow.name);
        let span = self.flow.map_or(self.instrument.span, |flow| flow.span);
        let headline = format!("`{name}` leaves the range of the books in {when}");
        self.told(headline, span).help(match self.coarser() {
            Some(help) => help,
            None if period == 1 => {
                format!("look at the numbers it is made of:  saldo show equations {name} MODEL")
            }
            None => format!(
                "see since when `{name}` grows without bound:  saldo show chart {name} MODEL"
            ),
        })
    }

    fn in_opening(&self, account: AccountId) -> Diagnostic {
        let mut given = self.model.start.positions.iter();
        let given = given.find(|it| it.account == account);
        let span = given.map_or(self.instrument.span, |it| it.span);
        let name = &self.account.name;
        let headline = format!("{name} is beyond the range of the books in the opening");
        let unit = &self.instrument.unit;
        self.told(headline, span).help(match self.coarser() {
            Some(help) => help,
            None => format!("look whether {name} is meant to be stated in {unit}"),
        })
    }

    fn told(&self, headline: String, span: Span) -> Diagnostic {
        let unit = &self.instrument.unit;
        let found = format!("{} {unit}", powers(self.amount / self.instrument.factor));
        Diagnostic::error("books-range", headline)
            .at(span, found)
            .why(format!(
                "{} is counted in whole steps of {} {unit}, and the books hold less than {} {unit}: beyond that they could not balance exactly.",
                self.instrument.name,
                self.instrument.resolution / self.instrument.factor,
                powers(self.limit / self.instrument.factor),
            ))
    }

    /// The way out where the steps are finer than they need be.
    fn coarser(&self) -> Option<String> {
        let step = self.instrument.resolution / self.instrument.factor;
        let room = CENT / step * self.limit;
        (step < CENT && self.amount.abs() < room).then(|| {
            format!(
                "count in coarser steps:  unit {} : … to {CENT}",
                self.instrument.unit
            )
        })
    }
}
