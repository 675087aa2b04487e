//! Books that balance exactly: positions, postings, rounding, the invariants, matrices.
//!
//! Knows accounts and postings, never equations.

mod books;
mod capital;
pub mod chart;
mod count;
mod grain;
mod judge;
mod layout;
mod ledger;
mod matrix;
mod mend;
mod opening;
mod order;
mod render;
mod revaluation;
mod scheme;
mod sheet;
mod valued;

pub use books::{Beyond, Books, LedgerError, opening};
pub use capital::{capital_transfers, current_capital};
pub use chart::{Account, Chart, Flow, Leg, Role, Until};
pub use grain::Grain;
pub use layout::{Cells, Matrix, Names};
pub use ledger::Solved;
pub use matrix::{balance_sheet, transactions_flow};
pub use render::{csv, latex, markdown, terminal};
pub use revaluation::{Span, full_integration, revaluation};
pub use sheet::Sheet;
