//! What a run leaves behind.

use saldo_model::ir::{AccountId, FlowId, VarId};

/// The whole path of one draw. Row 0 is the opening state, row t the t-th period.
#[derive(Clone, Debug, Default)]
pub struct Trace {
    /// Periods that were completed and booked.
    pub completed: usize,
    /// `(completed + 1) × vars`, row by row, base units. Flows and closing balances hold what was
    /// posted. NaN where nothing was given (row 0).
    pub vars: Vec<f64>,
    /// `(completed + 1) × inputs` is not kept: inputs are in the model (and in `drawn`).
    pub measures: Vec<f64>,
    /// `(completed + 1) × accounts`, in units of the instrument's resolution.
    pub positions: Vec<i128>,
    /// `(completed + 1) × legs` (all legs of all flows in order), same units; row 0 is zero.
    pub postings: Vec<i128>,
    /// Inputs that this draw changed: (input, value in base units).
    pub drawn: Vec<(saldo_model::ir::InputId, f64)>,
    /// Why the run ended early.
    pub stop: Option<Stop>,
    pub effort: Effort,
}

/// How hard the solver had to work.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Effort {
    pub iterations: u64,
    pub fallbacks: u64,
}

/// Why a run stopped. Everything up to the period before is whole and booked.
#[derive(Clone, Debug, PartialEq)]
pub enum Stop {
    /// A holder would close below zero.
    Overdraft { account: AccountId, period: usize, closing: f64 },
    /// A `through` account did not close at zero.
    TillNotEmpty { account: AccountId, period: usize, closing: f64 },
    /// An arrow `->` carried a negative amount.
    Negative { flow: FlowId, period: usize, amount: f64 },
    /// A circle has no solution that was found: its lines, and the worst equation.
    NoSolution { period: usize, lines: Vec<VarId>, worst: VarId, residual: f64 },
    /// NaN or infinity.
    NotFinite { line: VarId, period: usize },
    /// An amount beyond the range of the books.
    Range { account: AccountId, period: usize, amount: f64 },
    Interrupted { period: usize },
}
