//! What is asked of runs: scenarios, draws, choices, comparison; and what they say when they stop.

mod account;
mod choices;
mod compare;
mod draws;
mod fan;
mod formula;
mod range;
mod settled;
mod stops;
mod symbol;
mod tables;
mod unsettled;
mod verdict;

pub use choices::{Combination, combinations, label, one_at_a_time};
pub use compare::Compare;
pub use draws::Ensemble;
pub use fan::{Band, Fan, band};
pub use formula::{Notation, equation, formula, is_constant, plain};
pub use settled::{opening_text, settled_words};
pub use stops::{explain_shown, explain_stop};
pub use tables::Tables;
pub use verdict::{explain_verdict, verdict_json, verdict_words};
