//! What is asked of runs: scenarios, draws, choices, comparison; and what they say when they stop.

mod stops;
mod tables;

pub use stops::explain_stop;
pub use tables::Tables;
