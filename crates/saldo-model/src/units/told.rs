//! What is said of two units that do not meet.

use super::check::{Checker, Known};
use super::{Dim, UnitTable};
use crate::ir::*;
use saldo_diag::Diagnostic;
use saldo_syntax::Symbol;

impl Checker<'_> {
    /// An amount meets the same thing per time.
    pub(super) fn stock_plus_flow(&self, stock: NodeId, flow: NodeId, what: &str) -> Diagnostic {
        let (amount, rate) = (self.spoken(stock), self.spoken(flow));
        let coefficient = self.coefficient(stock);
        let (stock, flow) = (self.text(stock), self.text(flow));
        let period = self.model.units.period_word();
        let (verb, joint) = match what.rsplit(' ').next() {
            Some("sum") => ("adds", "to"),
            Some("difference") => ("sets off", "against"),
            _ => ("compares", "with"),
        };
        let (headline, why, help) = match amount.as_str() {
            "a pure number" => (
                format!("this {verb} a pure number {joint} a rate of {rate}"),
                format!(
                    "`{flow}` says how much in a {period}. Taken together with a pure number it would give a different answer in a monthly and in a yearly model."
                ),
                format!(
                    "say for how long the rate runs:  {} * period",
                    bracketed(&flow)
                ),
            ),
            _ => (
                format!("this {verb} an amount of {amount} {joint} {rate}"),
                format!(
                    "`{flow}` is a flow, `{stock}` is a stock. Taken together they would give a different answer in a monthly and in a yearly model."
                ),
                match coefficient {
                    Some(number) => {
                        format!("say that the coefficient is a rate:  {number} per {period}")
                    }
                    None => format!(
                        "say over what time the stock falls due:  {} / 1 {period}",
                        bracketed(&stock)
                    ),
                },
            ),
        };
        Diagnostic::error("stock-plus-flow", headline)
            .why(why)
            .help(help)
    }

    /// An expression as the author wrote it, or what to call it if that is long.
    pub(super) fn text(&self, node: NodeId) -> String {
        let span = self.model.nodes[node.at()].span;
        if (span.file.0 as usize) >= self.sources.files.len() {
            return "this".into();
        }
        let text = self.sources.slice(span);
        match text.chars().count() {
            1..=44 if !text.contains('\n') => text.to_string(),
            _ => "this".into(),
        }
    }

    /// `0.4` of `0.4 * opening households.cash`: a number without a unit before an amount.
    fn coefficient(&self, node: NodeId) -> Option<String> {
        let Op::Binary(Binary::Mul, first, _) = self.model.nodes[node.at()].op else {
            return None;
        };
        let bare = matches!(self.model.nodes[first.at()].op, Op::Const(_))
            && self.dims[first.at()] == Known::Dim(Dim::number());
        let text = self.text(first);
        (bare && text.starts_with(|it: char| it.is_ascii_digit())).then_some(text)
    }

    /// How a number that should have a unit is written, if only a unit is missing in `node`:
    /// `5 usd/year` in `if late then 5 else 0`.
    pub(super) fn bare_number(&self, node: NodeId, wanted: Dim) -> Option<String> {
        if self.dims[node.at()] != Known::Dim(Dim::number()) || wanted.is_number() {
            return None;
        }
        let mut numbers = Vec::new();
        if !self.only_numbers(node, &mut numbers) {
            return None;
        }
        let unit = self.model.units.display(wanted);
        let unit = match unit.strip_prefix("1/") {
            Some(time) => format!("per {time}"),
            None => unit,
        };
        let first = numbers.first()?;
        Some(format!("give the number its unit:  {first} {unit}"))
    }

    /// Whether the answers of an expression are plain numbers of the text; which are not zero.
    fn only_numbers(&self, node: NodeId, numbers: &mut Vec<String>) -> bool {
        match self.model.nodes[node.at()].op {
            Op::Const(0.0) => true,
            Op::Const(_) => {
                let text = self.text(node);
                let number = text.starts_with(|it: char| it.is_ascii_digit());
                numbers.push(text);
                number
            }
            Op::Unary(Unary::Neg | Unary::Abs, a) => self.only_numbers(a, numbers),
            Op::If(_, a, b)
            | Op::Binary(Binary::Add | Binary::Sub | Binary::Min | Binary::Max, a, b) => {
                self.only_numbers(a, numbers) && self.only_numbers(b, numbers)
            }
            _ => false,
        }
    }

    /// A number of the text that lacks its unit.
    pub(super) fn without_unit(
        &self,
        left: Dim,
        right: Dim,
        what: &str,
        help: String,
    ) -> Diagnostic {
        let unit = if left.is_number() { right } else { left };
        let unit = self.model.units.display(unit);
        Diagnostic::error("unit-mismatch", format!("{what} are in {unit} and a number without a unit"))
            .why("A number without a unit counts nothing: it could mean thousands or single ones, a year's or a month's.")
            .help(help)
    }

    /// The message for two units that do not meet.
    pub(super) fn mismatch(&self, left: Dim, right: Dim, what: &str) -> Diagnostic {
        let table = &self.model.units;
        let (a, b) = (table.display(left), table.display(right));
        let (ours, theirs) = (currencies(table, left), currencies(table, right));
        if ours != theirs && !ours.is_empty() && !theirs.is_empty() {
            return Diagnostic::error(
                "currency-mix",
                format!("{what} are in different moneys: {a} and {b}"),
            )
            .why("Moneys meet only at a price: the exchange rate.")
            .help(format!(
                "multiply one of them by an exchange rate in {}/{}",
                ours[0], theirs[0]
            ));
        }
        Diagnostic::error("unit-mismatch", format!("{what} have different units: {a} and {b}"))
            .why("Amounts of different things cannot be added or compared; a number is hidden somewhere that says how many of one make one of the other.")
            .help("multiply or divide by the price or coefficient that joins the two")
    }

    /// `roubles per month`, from the titles of the units.
    pub(super) fn spoken(&self, node: NodeId) -> String {
        match &self.dims[node.at()] {
            Known::Dim(dim) if !dim.is_number() => self.model.units.spoken(*dim),
            _ => self.word(node),
        }
    }

    pub(super) fn word(&self, node: NodeId) -> String {
        match &self.dims[node.at()] {
            Known::Dim(dim) if dim.is_number() => "a pure number".into(),
            Known::Dim(dim) => self.model.units.display(*dim),
            Known::Any => "any unit".into(),
        }
    }
}

fn currencies(table: &UnitTable, dim: Dim) -> Vec<Symbol> {
    let money = |name: &Symbol| {
        let unit = table.units.get(name);
        unit.is_some_and(|unit| unit.kind.as_deref() == Some("money"))
    };
    let names = dim.powers().iter().map(|(name, _)| *name);
    names.filter(money).collect()
}

/// A sum needs brackets before it can be divided.
pub(super) fn bracketed(text: &str) -> String {
    let simple =
        !text.contains([' ']) || text.starts_with("opening ") || text.starts_with("closing ");
    let operators = [" + ", " - ", " if ", " / ", " * "];
    if simple && !operators.iter().any(|sign| text.contains(sign)) {
        text.to_string()
    } else {
        format!("({text})")
    }
}
