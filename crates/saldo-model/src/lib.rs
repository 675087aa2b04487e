//! Tree to model: names, units, books, timing, evidence.
//!
//! One public entry, [`build`]. Knows files only through [`saldo_exchange::Files`].

mod build;
pub mod calendar;
pub mod ir;
mod lower;
mod scenario;
mod standard;
pub mod units;

pub use build::{build, Built, Inventory, ScenarioInfo, Setup};
