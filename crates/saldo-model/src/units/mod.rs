//! Units as products of powers of base dimensions.

use saldo_syntax::Symbol;
use std::collections::BTreeMap;

/// A named unit: `1 Mt = 1e6 base units of t`.
#[derive(Clone, Debug)]
pub struct NamedUnit {
    pub name: Symbol,
    pub title: Symbol,
    pub dim: Dim,
    pub factor: f64,
    /// `money`, `count`, `mass`, …
    pub kind: Option<Symbol>,
    /// Smallest booked amount, in this unit.
    pub resolution: Option<f64>,
}

/// Every unit a model knows, the standard library's included.
/// The base of time is the model's period and is called `period`.
#[derive(Clone, Debug, Default)]
pub struct UnitTable {
    pub units: BTreeMap<Symbol, NamedUnit>,
    /// Names the model declared itself.
    pub own: Vec<Symbol>,
    pub frequency: Option<saldo_syntax::ast::Frequency>,
}

mod cause;
mod check;
mod dim;
mod prices;
mod table;
mod told;

pub use check::check_units;
pub use dim::Dim;
