//! Tree to model: names, units, books, timing, evidence.
//!
//! One public entry, [`build`]. Knows files only through [`saldo_exchange::Files`].

mod belongs;
mod build;
pub mod calendar;
mod causes;
mod frame;
pub mod headroom;
pub mod ir;
mod laws;
mod lower;
mod reading;
mod scenario;
mod standard;
mod texts;
mod titles;
mod together;
pub mod units;

pub use build::{Built, Inventory, ScenarioInfo, Setup, build, check_all};
pub use laws::in_words as prior_in_words;
/// Key of a line in random numbers: depends on its name alone.
pub use saldo_math::random::name_hash as line_key;
pub use saldo_syntax::Symbol;
pub use texts::Texts;
