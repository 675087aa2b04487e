//! What a run leaves behind.

use saldo_model::ir::{AccountId, FlowId, InputId, VarId};

/// The path of one draw. Row 0 is the opening state, row t the t-th period.
#[derive(Clone, Debug, Default)]
pub struct Trace {
    /// Periods that were completed and booked.
    pub completed: usize,
    /// How many lines a row of `vars` has: all of them, or those that were kept.
    pub width: usize,
    /// `(completed + 1) × width`, row by row, base units. Flows and closing balances hold what
    /// was posted. NaN where nothing was given (row 0).
    pub vars: Vec<f64>,
    /// `(completed + 1) × measures`, then `× shows`; row 0 is NaN.
    pub measures: Vec<f64>,
    pub shows: Vec<f64>,
    /// `(completed + 1) × accounts`, in units of the instrument's resolution.
    pub positions: Vec<i128>,
    /// `(completed + 1) × legs` (all legs of all flows in order), same units; row 0 is zero.
    pub postings: Vec<i128>,
    /// `(completed + 1) × accounts`: price of each account's instrument, if books are kept.
    pub checks: Vec<CheckResult>,
    /// Inputs that this draw changed: (input, value in base units).
    pub drawn: Vec<(InputId, f64)>,
    /// Why the run ended early.
    pub stop: Option<Stop>,
    pub effort: Effort,
    /// How a stationary opening came out, if one was sought.
    pub settled: Option<Settled>,
}

impl Trace {
    /// Value of a line in a row, if all lines were kept.
    pub fn line(&self, line: VarId, row: usize) -> f64 {
        self.vars[row * self.width + line.at()]
    }
}

/// How a check of the model came out.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CheckResult {
    /// Periods in which it was looked at.
    pub tested: usize,
    pub missed: usize,
    /// The first miss: period, left and right side.
    pub first: Option<(usize, f64, f64)>,
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
    /// A holder would close below zero. `postings` are those of the period, all legs in order.
    Overdraft {
        account: AccountId,
        period: usize,
        closing: f64,
        postings: Vec<i128>,
    },
    /// A `through` account did not close at zero.
    TillNotEmpty {
        account: AccountId,
        period: usize,
        closing: f64,
        postings: Vec<i128>,
    },
    /// An arrow `->` carried a negative amount.
    Negative {
        flow: FlowId,
        period: usize,
        amount: f64,
    },
    /// A circle has no solution that was found: its lines, and the worst equation.
    NoSolution {
        period: usize,
        lines: Vec<VarId>,
        worst: VarId,
        residual: f64,
    },
    /// NaN or infinity.
    NotFinite {
        line: VarId,
        period: usize,
    },
    /// An amount beyond the range of the books.
    Range {
        account: AccountId,
        /// The flow that is too large by itself; none if the balance is.
        flow: Option<FlowId>,
        period: usize,
        /// Base units, as all that follows.
        amount: f64,
        /// What every amount and balance must stay below.
        limit: f64,
        /// What was to be posted, all legs in order; nothing in an opening.
        legs: Vec<f64>,
    },
    /// Openings that several issuers share do not sum to zero.
    Gap {
        account: AccountId,
        gap: f64,
    },
    /// No stationary opening that the run could begin with.
    Unsettled(Box<Unsettled>),
    Interrupted {
        period: usize,
    },
}

/// A stationary opening, as it came out.
#[derive(Clone, Debug, PartialEq)]
pub struct Settled {
    /// Newton steps it took, after the economy was run forward.
    pub steps: u32,
    /// Before rounding: the largest share by which a period moves anything.
    pub residual: f64,
    /// After rounding: the balance that a period moves most, in whole units; none if all repeat.
    pub drift: Option<(AccountId, i128)>,
}

/// Part of an opening that is sought: a balance, or a value that lags read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sought {
    Balance(AccountId),
    Line(VarId),
}

/// Why there is no stationary opening.
#[derive(Clone, Debug, PartialEq)]
pub enum Unsettled {
    /// Nothing was found that repeats: what a period moves most, at the opening nearest to it.
    Changes(Vec<Mover>),
    /// Many openings repeat: the directions in which one can be moved.
    Free(Vec<Vec<Free>>),
    /// A line grows by a factor whatever the others do.
    Grows { line: VarId, factor: f64 },
    /// The one that was found would open a holder below zero.
    Overdrawn { account: AccountId, balance: f64 },
    /// Time alone moves something.
    Calendar { input: InputId, what: Sought },
    /// A period cannot be computed.
    Stopped(Box<Stop>),
}

/// What a period moves, base units.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Mover {
    pub what: Sought,
    pub opening: f64,
    pub closing: f64,
}

/// A part of a direction, base units.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Free {
    pub what: Sought,
    pub by: f64,
}
