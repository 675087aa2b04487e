//! A price is money for one unit of the thing it values.

use super::Dim;
use crate::ir::Model;
use saldo_diag::Diagnostic;

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
