//! Books that balance exactly: positions, postings, joint rounding, the invariants, matrices.
//!
//! Knows accounts and postings, never equations.

mod chart;

pub use chart::{Account, Chart, Flow, Leg, Role, Until};
