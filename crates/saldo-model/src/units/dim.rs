//! Products of powers of base units, each kept once.
//!
//! A model has few of them and meets them at every operation: they are copied like numbers and
//! compared by place.

use saldo_syntax::{Quick, Symbol};
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::hash::BuildHasherDefault;
use std::sync::{Mutex, PoisonError};

/// Base units with their non-zero powers, sorted by name. Empty: a pure number.
type Powers = Vec<(Symbol, i32)>;

/// A dimension.
#[derive(Clone, Copy)]
pub struct Dim(&'static Powers);

static NUMBER: Powers = Vec::new();
static ALL: Mutex<BTreeSet<&'static Powers>> = Mutex::new(BTreeSet::new());

/// Products by their factors: only ever asked, never walked.
#[allow(clippy::disallowed_types)]
type Products = std::collections::HashMap<(usize, usize, i32), Dim, BuildHasherDefault<Quick>>;

thread_local! {
    /// What this thread has multiplied before.
    static PRODUCTS: RefCell<Products> = RefCell::default();
}

impl Dim {
    pub fn number() -> Self {
        Dim(&NUMBER)
    }

    pub fn base(name: Symbol) -> Self {
        Dim::of(vec![(name, 1)])
    }

    /// The base of time: the model's period.
    pub fn period() -> Self {
        Dim::base("period".into())
    }

    /// Of a number whose unit was not known: no unit can have this name.
    pub fn unknown() -> Self {
        Dim::base("?".into())
    }

    /// The one place of these powers, which are sorted and not zero.
    fn of(powers: Powers) -> Self {
        if powers.is_empty() {
            return Dim::number();
        }
        let mut all = ALL.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = all.get(&powers) {
            return Dim(known);
        }
        let kept: &'static Powers = Box::leak(Box::new(powers));
        all.insert(kept);
        Dim(kept)
    }

    /// Base units and their powers, by name.
    pub fn powers(self) -> &'static [(Symbol, i32)] {
        self.0
    }

    pub fn is_number(self) -> bool {
        self.0.is_empty()
    }

    /// Product of `self` and `other` to the power `n`.
    pub fn times(self, other: Dim, n: i32) -> Dim {
        if other.is_number() {
            return self;
        }
        let factors = (self.place(), other.place(), n);
        let known = PRODUCTS.with_borrow(|products| products.get(&factors).copied());
        known.unwrap_or_else(|| {
            let product = Dim::of(multiplied(self.0, other.0, n));
            PRODUCTS.with_borrow_mut(|products| products.insert(factors, product));
            product
        })
    }

    /// The dimension whose square this is.
    pub fn half(self) -> Option<Dim> {
        let even = self.0.iter().all(|(_, power)| power % 2 == 0);
        even.then(|| {
            Dim::of(
                self.0
                    .iter()
                    .map(|(name, power)| (*name, power / 2))
                    .collect(),
            )
        })
    }

    fn place(self) -> usize {
        std::ptr::from_ref(self.0) as usize
    }
}

fn multiplied(a: &Powers, b: &Powers, n: i32) -> Powers {
    let mut powers: BTreeMap<Symbol, i32> = a.iter().copied().collect();
    for (name, power) in b {
        *powers.entry(*name).or_insert(0) += power * n;
    }
    powers
        .into_iter()
        .filter(|(_, power)| *power != 0)
        .collect()
}

impl Default for Dim {
    fn default() -> Self {
        Dim::number()
    }
}

impl PartialEq for Dim {
    fn eq(&self, other: &Self) -> bool {
        self.place() == other.place()
    }
}

impl Eq for Dim {}

impl fmt::Debug for Dim {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::Dim;

    #[test]
    fn products_are_the_same_whatever_the_way() {
        let [t, usd, person] = ["t", "usd", "person"].map(|name| Dim::base(name.into()));
        let period = Dim::period();
        let ways = [
            t.times(person, -1).times(period, -1),
            t.times(person.times(period, 1), -1),
            Dim::number()
                .times(period, -1)
                .times(t, 1)
                .times(person, -1),
            t.times(usd, 1)
                .times(person, -1)
                .times(usd, -1)
                .times(period, -1),
        ];
        assert!(ways.iter().all(|way| *way == ways[0]), "{ways:?}");
        assert_ne!(ways[0], t);
        assert!(t.times(t, -1).is_number());
        assert_eq!(
            t.times(usd, 1).times(t, 1).times(usd, 1).half(),
            Some(t.times(usd, 1))
        );
        assert_eq!(t.half(), None);
    }
}
