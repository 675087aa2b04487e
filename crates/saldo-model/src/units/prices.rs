//! Prices: money for one unit of the thing that is valued, one thing for one of another where they are
//! exchanged.

use super::Dim;
use super::check::{Checker, Known, Side};
use crate::ir::{Flow, Model, NodeId};
use saldo_diag::Diagnostic;

impl Checker<'_> {
    /// The price of an exchange is how much of the second changes hands for one of the first.
    /// Whether one is not.
    pub(super) fn judge_exchanges(&mut self) -> bool {
        for flow in &self.model.flows {
            let (Some(price), [first, second]) = (flow.price, flow.legs.as_slice()) else {
                continue;
            };
            let [first, second] =
                [first, second].map(|leg| &self.model.instruments[leg.instrument.at()]);
            let wanted = second.dim.times(first.dim, -1);
            let Known::Dim(found) = self.dims[price.at()] else {
                continue;
            };
            if found == wanted {
                continue;
            }
            let place = self.place(price, flow.span);
            self.muted.insert(price);
            let problem = self
                .odd_price(flow, price, wanted, found)
                .at(place, self.word(price));
            self.clash(problem, Side::Node(price), Side::Unit(wanted));
        }
        !self.muted.is_empty()
    }

    fn odd_price(&self, flow: &Flow, price: NodeId, wanted: Dim, found: Dim) -> Diagnostic {
        let [first, second] = [0, 1].map(|at: usize| {
            let instrument = &self.model.instruments[flow.legs[at].instrument.at()];
            (instrument.name, instrument.unit)
        });
        let (wanted_text, got) = (self.shown(wanted), self.shown(found));
        let problem = Diagnostic::error(
            "exchange-price-unit",
            format!(
                "`{}` has a price in {got}, but needs {wanted_text}",
                flow.name
            ),
        )
        .why(format!(
            "The price says how much of the second, {}, is given for one of the first, {}.",
            second.0, first.0
        ));
        let round = Dim::number().times(found, -1) == wanted;
        problem.help(match round {
            true => format!("turn it round:  at {}", inverse(&self.text(price))),
            false => format!("give it in {}/{}", second.1, first.1),
        })
    }

    fn shown(&self, dim: Dim) -> String {
        match dim.is_number() {
            true => "a pure number".into(),
            false => self.model.units.display(dim),
        }
    }
}

/// `1 / xr` for `xr`, and back.
fn inverse(text: &str) -> String {
    match text.strip_prefix("1 / ") {
        Some(rest) => rest.to_string(),
        None => format!("1 / {}", super::told::bracketed(text)),
    }
}

/// Every valuation of every instrument, where the model has a money and the units are known.
/// A price whose unit follows from something that could not be read is not judged.
pub(super) fn check_prices(model: &Model, lines: &[Option<Dim>]) -> Vec<Diagnostic> {
    if model.currency.is_none() {
        return Vec::new();
    }
    let mut problems = Vec::new();
    for it in &model.instruments {
        let also = it.also.iter().map(|(_, price)| *price);
        for price in it.price.into_iter().chain(also) {
            let var = &model.vars[price.at()];
            let Some(dim) = lines[price.at()] else {
                continue;
            };
            let value = dim.times(it.dim, 1);
            if model.units.money_of(value, None).is_some() {
                continue;
            }
            let money = model.currency.as_deref().unwrap_or("money");
            let (got, name) = (model.units.display(dim), &it.name);
            let got = if got.is_empty() {
                "a number".to_string()
            } else {
                got
            };
            let told = format!("the price of `{name}` is no money for one unit of it");
            let problem = Diagnostic::error("price-unit", told)
                .at(var.span, got)
                .why("Quantity times price must be an amount of money, or it cannot stand in a balance sheet.")
                .help(format!("make it  [{money}/{}]", it.unit));
            problems.push(problem);
        }
    }
    problems
}
