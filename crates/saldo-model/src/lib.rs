//! Tree to model: names, units, books, timing, evidence.
//!
//! One public entry, [`build`]; one file per check.

pub mod calendar;
pub mod ir;
pub mod units;
