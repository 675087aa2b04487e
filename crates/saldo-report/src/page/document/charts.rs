//! Headline quantities in the baseline, in every scenario, and under rival explanations.

use super::Place;
use super::gaps;
use serde::{Deserialize, Serialize};

/// One quantity in every scene.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Chart {
    pub id: String,
    /// The quantity's name in the model.
    pub name: String,
    pub title: String,
    pub unit: String,
    pub log: bool,
    /// What the author wants first: `level`, `deviation` or `percent`.
    pub view: String,
    pub place: Option<Place>,
    pub lines: Vec<Line>,
    /// The baseline under each combination of rival explanations.
    pub rivals: Vec<Rival>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Line {
    pub scene: usize,
    #[serde(with = "gaps")]
    pub values: Vec<f64>,
    /// The draws of the quantity.
    #[serde(default, skip_serializing_if = "Spread::is_empty")]
    pub fan: Spread,
    /// The draws of its deviation from the baseline, each from the same draw of the baseline.
    #[serde(default, skip_serializing_if = "Spread::is_empty")]
    pub apart: Spread,
    /// The same in percent of the baseline.
    #[serde(default, skip_serializing_if = "Spread::is_empty")]
    pub percent: Spread,
}

/// What many draws say together: five paths, below which 5, 25, 50, 75 and 95 percent of them lie.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Spread {
    /// Rows from one value to the next.
    pub step: usize,
    #[serde(with = "gaps::rows")]
    pub edges: Vec<Vec<f64>>,
}

/// What a rival explanation says of the headline quantities at one date, and how many measured values
/// lie inside their tolerance, of how many.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Rivalry {
    pub title: String,
    #[serde(with = "gaps")]
    pub values: Vec<f64>,
    pub measured: (usize, usize),
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Rival {
    pub name: String,
    /// Rows from one value to the next: a long run with many rivals is thinned.
    pub step: usize,
    #[serde(with = "gaps")]
    pub values: Vec<f64>,
}

impl Spread {
    pub(crate) fn is_empty(&self) -> bool {
        self.edges.is_empty()
    }
}
