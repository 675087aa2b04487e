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
    let beyond = Beyond {
        model,
        account: &model.accounts[account.at()],
        instrument: &model.instruments[model.accounts[account.at()].instrument.at()],
        amount: *amount,
        limit: *limit,
    };
    if *period == 0 {
        return beyond.in_opening(*account);
    }
    let told = match flow {
        Some(flow) => beyond.by_flow(*period, &model.flows[flow.at()]),
        None => beyond.by_balance(*period, page.largest()),
    };
    told.statement(page.statement())
}

struct Beyond<'a> {
    model: &'a Model,
    account: &'a Account,
    instrument: &'a Instrument,
    /// Base units.
    amount: f64,
    limit: f64,
}

impl Beyond<'_> {
    /// One flow is too large by itself.
    fn by_flow(&self, period: usize, flow: &Flow) -> Diagnostic {
        let when = in_words(self.model, period);
        let headline = format!("`{}` leaves the range of the books in {when}", flow.name);
        let found = self.in_unit(self.amount);
        self.told(headline, flow.span, found)
            .help(self.way_out(period, flow))
    }

    /// Flows that could be booked one by one add up to too much.
    fn by_balance(&self, period: usize, largest: Option<&Flow>) -> Diagnostic {
        let when = in_words(self.model, period);
        let name = &self.account.name;
        let headline = format!("`{name}` leaves the range of the books in {when}");
        match largest {
            None => self.told(headline, self.instrument.span, self.in_unit(self.amount)),
            Some(flow) => self
                .told(headline, flow.span, "moves most of it".into())
                .help(self.way_out(period, flow)),
        }
    }

    fn in_opening(&self, account: AccountId) -> Diagnostic {
        let mut given = self.model.start.positions.iter();
        let given = given.find(|it| it.account == account);
        let span = given.map_or(self.instrument.span, |it| it.span);
        let name = &self.account.name;
        let headline = format!("{name} is beyond the range of the books in the opening");
        let unit = &self.instrument.unit;
        self.told(headline, span, self.in_unit(self.amount)).help(
            self.coarser()
                .unwrap_or_else(|| format!("look whether {name} is meant to be stated in {unit}")),
        )
    }

    fn told(&self, headline: String, span: Span, found: String) -> Diagnostic {
        let unit = &self.instrument.unit;
        let step = self.instrument.resolution / self.instrument.factor;
        Diagnostic::error("books-range", headline)
            .at(span, found)
            .why(format!(
                "{} is counted in whole steps of {step} {unit}, and the books hold less than {}: beyond that they could not balance exactly.",
                self.instrument.name,
                self.in_unit(self.limit),
            ))
    }

    fn in_unit(&self, amount: f64) -> String {
        let shown = powers(amount / self.instrument.factor);
        format!("{shown} {}", self.instrument.unit)
    }

    fn way_out(&self, period: usize, flow: &Flow) -> String {
        let name = &flow.name;
        self.coarser().unwrap_or_else(|| match period {
            1 => format!("look at the numbers it is made of:  saldo show equations {name} MODEL"),
            _ => format!(
                "see since when `{name}` grows without bound:  saldo show chart {name} MODEL"
            ),
        })
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
