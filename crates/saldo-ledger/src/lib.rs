//! Books that balance exactly: positions, postings, joint rounding, the invariants, matrices.
//!
//! Knows accounts and postings, never equations.

mod books;
mod capital;
pub mod chart;
mod layout;
mod matrix;
mod mend;
mod opening;
mod order;
mod render;
mod revaluation;
mod rounding;
mod valued;

pub use books::{Amounts, Books, LedgerError};
pub use capital::{capital_transfers, current_capital};
pub use chart::{Account, Chart, Flow, Leg, Role, Until};
pub use layout::{Cells, Matrix, Names};
pub use matrix::{balance_sheet, transactions_flow};
pub use render::{csv, latex, markdown, terminal, texts};
pub use revaluation::{Span, full_integration, revaluation};
