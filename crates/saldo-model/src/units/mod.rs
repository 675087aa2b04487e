//! Units as products of powers of base dimensions.

use std::collections::BTreeMap;
use std::sync::Arc;

/// A dimension: base units with their non-zero powers, sorted by name. Empty: a pure number.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Dim(pub Vec<(Arc<str>, i32)>);

impl Dim {
    pub fn number() -> Self {
        Dim(Vec::new())
    }

    pub fn base(name: &Arc<str>) -> Self {
        Dim(vec![(name.clone(), 1)])
    }

    /// Product of `self` and `other` to the power `n`.
    pub fn times(&self, other: &Dim, n: i32) -> Dim {
        let mut powers: BTreeMap<Arc<str>, i32> = self.0.iter().cloned().collect();
        for (name, power) in &other.0 {
            *powers.entry(name.clone()).or_insert(0) += power * n;
        }
        Dim(powers
            .into_iter()
            .filter(|(_, power)| *power != 0)
            .collect())
    }

    pub fn is_number(&self) -> bool {
        self.0.is_empty()
    }
}

/// A named unit: `1 Mt = 1e6 base units of t`.
#[derive(Clone, Debug)]
pub struct NamedUnit {
    pub name: Arc<str>,
    pub title: Arc<str>,
    pub dim: Dim,
    pub factor: f64,
    /// `money`, `count`, `mass`, …
    pub kind: Option<Arc<str>>,
    /// Smallest booked amount, in this unit.
    pub resolution: Option<f64>,
}

/// Every unit a model knows, the standard library's included.
/// The base of time is the model's period and is called `period`.
#[derive(Clone, Debug, Default)]
pub struct UnitTable {
    pub units: BTreeMap<Arc<str>, NamedUnit>,
    /// Names the model declared itself.
    pub own: Vec<Arc<str>>,
    pub frequency: Option<saldo_syntax::ast::Frequency>,
}

mod check;
mod prices;
mod table;

pub use check::check_units;
pub use prices::check_prices;
