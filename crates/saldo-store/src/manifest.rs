//! What a result folder says about itself.

use serde::{Deserialize, Serialize};

/// Version of the manifest's form.
pub const VERSION: u32 = 1;

#[derive(Clone, Debug, Default, Serialize, Deserialize, PartialEq)]
pub struct Manifest {
    pub manifest: u32,
    pub saldo: String,
    pub model: String,
    pub title: String,
    pub scenario: Option<String>,
    /// All that were run, the baseline first; empty for a single one.
    #[serde(default)]
    pub scenarios: Vec<String>,
    /// The command's own words after `saldo`.
    pub command: Vec<String>,
    /// Where the model was read from, as the user wrote it.
    pub path: String,
    pub seed: u64,
    /// Runs that were made: draws times combinations of rivals.
    pub draws: u64,
    pub failed_draws: u64,
    /// The first failed draws with what was drawn for them.
    #[serde(default)]
    pub failed: Vec<FailedDraw>,
    /// Combinations of rivals that were swept; empty for a single one.
    #[serde(default)]
    pub choices: Vec<String>,
    pub periods: usize,
    pub completed: usize,
    /// False if the run stopped early or was interrupted.
    pub complete: bool,
    pub stopped: Option<String>,
    /// Checks of the model that did not hold in some run, each with where it was missed first.
    #[serde(default)]
    pub missed: Vec<String>,
    /// Hash of every text and table that was read.
    /// The table holds what the model shows, not every quantity: there were too many runs.
    #[serde(default)]
    pub abridged: bool,
    pub inputs: Vec<FileHash>,
    /// Hash of every file that was written.
    pub files: Vec<FileHash>,
}

#[derive(Clone, Debug, Default, Serialize, Deserialize, PartialEq)]
pub struct FileHash {
    pub name: String,
    pub sha256: String,
}

/// A draw that stopped early: counted and shown, never replaced.
#[derive(Clone, Debug, Default, Serialize, Deserialize, PartialEq)]
pub struct FailedDraw {
    pub draw: u32,
    /// The scenario it followed, if several were run.
    #[serde(default)]
    pub scenario: Option<String>,
    /// The combination of rivals it followed, if several were swept.
    pub choices: Option<String>,
    /// Periods that were completed.
    pub completed: usize,
    pub why: String,
    /// Parameters as this draw had them, in their own units.
    pub inputs: Vec<(String, f64)>,
}
