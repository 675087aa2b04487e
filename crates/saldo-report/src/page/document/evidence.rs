//! What the run was held against.

use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Evidence {
    /// Values inside their band, and all, for fit and for test.
    pub fit: (usize, usize),
    pub test: (usize, usize),
    pub shown: usize,
    /// One a measured series, the worst first.
    pub series: Vec<Series>,
    pub rivals: Vec<Naive>,
    pub claims: Vec<Claim>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Series {
    pub title: String,
    pub unit: String,
    pub source: String,
    pub hits: usize,
    /// Values that count: those for fit and for test.
    pub counted: usize,
    /// Largest distance in tolerances among the values that count.
    pub worst: f64,
    pub points: Vec<Point>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Point {
    pub when: String,
    /// Middle of the span in periods.
    pub at: f64,
    /// `fit`, `test` or `show`.
    pub purpose: String,
    pub observed: f64,
    pub model: f64,
    pub within: f64,
    pub hit: bool,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Naive {
    pub title: String,
    pub points: usize,
    pub model: f64,
    pub no_change: f64,
    pub constant_growth: f64,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Claim {
    pub statement: String,
    pub speaker: String,
    pub when: String,
    pub caution: Option<String>,
    /// What a model must have before this can be compared.
    #[serde(default)]
    pub needs: Option<String>,
    /// Claimed value, the model's, and whether they agree; nothing if the model cannot say.
    pub scored: Option<(f64, f64, bool)>,
    pub verdict: String,
}

/// One of the model's own checks.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Check {
    pub title: String,
    pub tested: usize,
    pub missed: usize,
}

impl Evidence {
    pub(crate) fn all(&self) -> usize {
        self.fit.1 + self.test.1 + self.shown
    }
}
