//! The slow oracle: judges a run by walking the model itself.
//!
//! It knows nothing of order, tearing, derivatives or register code, and nothing of the ledger.
//! Three questions are asked of every period that was booked, each from the run's own opening:
//!
//! 1. **Books** (`books`): is every position the opening plus its postings, does every claim sum
//!    to zero, is every posting what its line says, to the unit?
//! 2. **Certificate** (`certify`): does every equation of the model hold at the run's numbers?
//! 3. **Second solution** (`sweeps`): do plain sweeps over all lines settle at the same numbers?
//!
//! A run that answers all three is right whatever the fast path did to find it; a disagreement in
//! the third alone means that the equations of that period have more than one solution.

mod books;
mod certify;
mod slack;
mod sweeps;
pub(crate) mod terms;
mod view;

use crate::trace::Trace;
use saldo_model::ir::{FlowId, Model, VarId};

/// An equation holds if it misses by no more than this share of its largest term, besides what
/// whole units allow.
pub const RESIDUAL: f64 = 1e-9;
/// Two solutions agree within this share of the largest term, besides what whole units allow.
pub const AGREEMENT: f64 = 1e-7;

/// What the oracle saw in one run.
#[derive(Clone, Debug, Default)]
pub struct Verdict {
    /// Periods that were looked at: all that were booked.
    pub periods: usize,
    /// Balances that were recomputed from opening and postings.
    pub balances: usize,
    /// Equations certified: lines and measures, times periods.
    pub equations: usize,
    /// The largest scaled residual: what an equation misses by beyond what whole units allow, as
    /// a share of its largest term; and where.
    pub residual: Worst,
    /// Periods in which every line settled under the sweeps.
    pub settled: usize,
    /// Lines that were solved a second time and compared, times periods.
    pub compared: usize,
    /// The largest scaled disagreement between the two solutions.
    pub disagreement: Worst,
    /// Lines that the sweeps could not settle, and in how many periods.
    pub unsettled: Vec<(VarId, usize)>,
    pub findings: Vec<Finding>,
}

/// A largest share so far, and the line and period it belongs to.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Worst {
    pub share: f64,
    pub at: Option<(VarId, usize)>,
}

impl Worst {
    fn see(&mut self, share: f64, line: VarId, period: usize) {
        if share > self.share {
            *self = Worst {
                share,
                at: Some((line, period)),
            };
        }
    }
}

/// One disagreement with the run.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// 0 is the opening.
    pub period: usize,
    pub place: Place,
    pub kind: FindingKind,
    /// What the run has, and what the model says, in base units.
    pub run: f64,
    pub oracle: f64,
}

/// Where a disagreement stands.
#[derive(Clone, Debug, PartialEq)]
pub enum Place {
    Line(VarId),
    Flow(FlowId),
    /// An account by its name.
    Balance(String),
    /// A measure by its name.
    Measure(String),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FindingKind {
    /// The equation does not hold at the run's numbers.
    Equation,
    /// The sweeps settled elsewhere.
    OtherSolution,
    /// A position is not opening plus postings, or has a sign it may not have.
    Position,
    /// The claims of an issuer do not sum to zero.
    Claims,
    /// A posting is not what its line, price or `until` says.
    Posting,
}

/// Judges a run. All lines and the books must have been kept.
pub fn judge(model: &Model, trace: &Trace, seed: u64, draw: u32) -> Verdict {
    let run = view::Run::new(model, trace, seed, draw);
    let mut verdict = Verdict {
        periods: trace.completed,
        ..Verdict::default()
    };
    let sweeper = sweeps::Sweeper::new(model);
    let mut restless = vec![0usize; model.vars.len()];
    books::opening(&run, &mut verdict);
    for period in 1..=trace.completed {
        let slack = slack::slack(&run, period);
        books::period(&run, period, &mut verdict);
        certify::period(&run, period, &slack, &mut verdict);
        sweeper.period(&run, period, &slack, &mut verdict, &mut restless);
    }
    verdict.unsettled = (0u32..)
        .zip(restless)
        .filter(|(_, periods)| *periods > 0)
        .map(|(line, periods)| (VarId(line), periods))
        .collect();
    verdict
}
