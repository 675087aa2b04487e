//! What moves what.

use super::Place;
use super::gaps;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Why {
    /// Rows of the run at which values and strengths are given.
    pub dates: Vec<usize>,
    pub nodes: Vec<Node>,
    /// Where the walk begins.
    pub roots: Vec<usize>,
}

impl Why {
    /// The date that is explained first: the last one that was held against a measurement.
    pub(crate) fn first(&self, held_to: Option<usize>) -> Option<usize> {
        let last = self.dates.len().checked_sub(1)?;
        let held = held_to.and_then(|row| self.dates.iter().rposition(|date| *date <= row));
        Some(held.unwrap_or(last))
    }
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Node {
    pub name: String,
    pub title: String,
    pub unit: String,
    pub place: Option<Place>,
    /// What it is: `line`, `flow`, `balance`, `parameter`, `series`, `event`.
    pub kind: String,
    #[serde(with = "gaps")]
    pub values: Vec<f64>,
    pub moved_by: Vec<Influence>,
    /// A shortest circle through it: it needs itself within one period.
    pub circle: Vec<String>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Influence {
    pub node: usize,
    /// Periods ago.
    pub lag: u32,
    /// Elasticity at each date.
    #[serde(with = "gaps")]
    pub strength: Vec<f64>,
}
