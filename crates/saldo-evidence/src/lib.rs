//! What a run is held against: observations and claims, kept apart.
//!
//! An observation is a measurement with a source and a tolerance, used for fit, for test or only
//! shown. A claim is what somebody asserted: it is scored where the model has the quantity, and
//! never fitted.

mod claims;
mod gather;
mod naive;
mod score;

pub use claims::{ClaimRow, Verdict, claims, needs};
pub use naive::{Benchmark, benchmarks};
pub use score::{Row, Tally, score, scored, tally, worst_first};
