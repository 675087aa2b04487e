//! From solved amounts to the books and back: what was posted is what every later reader sees.

use crate::isa::Isa;
use crate::run::Group;
use crate::trace::Stop;
use saldo_ledger::chart::Chart;
use saldo_ledger::{Grain, LedgerError, Solved};
use saldo_model::ir::*;
use saldo_plan::Step;

/// An amount of whole units in base units: the double nearest to it.
pub fn to_base(units: i128, resolution: f64) -> f64 {
    // Counts of 64 bits become the same double as those of 128, by one instruction.
    let count = i64::try_from(units).map_or(units as f64, |units| units as f64);
    Grain::new(resolution).to_base(count)
}

/// Where the solved amounts stand and where the posted ones go, laid out once for all periods.
pub struct Desk {
    /// Per flow: its line, the place of its first leg, what it is counted in.
    flows: Vec<(u32, u32, Grain)>,
    /// Lines of flows.
    amounts: Vec<u32>,
    /// Lines that are closing balances.
    closings: Vec<(u32, AccountId)>,
    /// Per account.
    grains: Vec<Grain>,
}

impl Desk {
    pub fn new(model: &Model, chart: &Chart) -> Self {
        let mut place = 0;
        let flows = model.flows.iter().map(|flow| {
            let grain = Grain::new(chart.resolutions[flow.legs[0].instrument.at()]);
            place += flow.legs.len() as u32;
            (flow.var.0, place - flow.legs.len() as u32, grain)
        });
        let closing = |(line, var): (usize, &Var)| match var.role {
            VarRole::Closing(account) => Some((line as u32, account)),
            _ => None,
        };
        let grain = |account: &Account| Grain::new(chart.resolutions[account.instrument.at()]);
        Desk {
            flows: flows.collect(),
            amounts: model.flows.iter().map(|flow| flow.var.0).collect(),
            closings: model.vars.iter().enumerate().filter_map(closing).collect(),
            grains: model.accounts.iter().map(grain).collect(),
        }
    }
}

impl<const L: usize> Group<'_, L> {
    /// Posts what the open lanes have solved, or stops them.
    pub fn post_all(&mut self, period: usize) {
        let finite = self.finite();
        for (lane, finite) in finite.iter().enumerate().take(self.traces.len()) {
            if self.open[lane] && !finite {
                let line = self.first_not_finite(lane);
                self.stop(lane, Stop::NotFinite { line, period });
            }
        }
        for (lane, error) in self.book() {
            let stop = self.ledger_stop(lane, period, error);
            self.stop(lane, stop);
        }
    }

    /// With the vectors of [`Isa::current`], as [`crate::lanes::run`]: no count depends on them.
    fn book(&mut self) -> Vec<(usize, LedgerError)> {
        #[cfg(target_arch = "x86_64")]
        if L > 1 {
            match Isa::current() {
                // SAFETY: only what the processor has can be chosen.
                Isa::Avx512 => return unsafe { self.book_avx512() },
                // SAFETY: only what the processor has can be chosen.
                Isa::Avx2 => return unsafe { self.book_avx2() },
                Isa::Baseline => {}
            }
        }
        self.book_plain()
    }

    #[cfg(target_arch = "x86_64")]
    #[target_feature(enable = "avx512f,avx512dq,avx512vl")]
    unsafe fn book_avx512(&mut self) -> Vec<(usize, LedgerError)> {
        self.book_plain()
    }

    #[cfg(target_arch = "x86_64")]
    #[target_feature(enable = "avx2")]
    unsafe fn book_avx2(&mut self) -> Vec<(usize, LedgerError)> {
        self.book_plain()
    }

    #[inline(always)]
    fn book_plain(&mut self) -> Vec<(usize, LedgerError)> {
        let solved = Solved {
            rows: &self.regs,
            amount: &self.desk.amounts,
            price: &self.program.prices,
            target: &self.program.targets,
            wanted: &self.program.wanted,
        };
        let refused = self.books.post(&solved, &self.open);
        self.take_back();
        refused
    }

    /// What was posted is what every later reader sees.
    #[inline(always)]
    fn take_back(&mut self) {
        for (line, place, grain) in &self.desk.flows {
            let posted = self.books.posting_row(*place as usize);
            grain.row_to_base(&posted, &mut self.regs[*line as usize]);
        }
        for (line, account) in &self.desk.closings {
            let closing = self.books.position_row(account.at());
            let grain = self.desk.grains[account.at()];
            grain.row_to_base(&closing, &mut self.regs[*line as usize]);
        }
    }

    /// A balance in all lanes, base units.
    pub fn balance(&self, account: AccountId) -> [f64; L] {
        let mut base = [0.0; L];
        let counts = self.books.position_row(account.at());
        self.desk.grains[account.at()].row_to_base(&counts, &mut base);
        base
    }

    /// The lanes in which every line is a number.
    fn finite(&self) -> [bool; L] {
        let mut sum = [0.0; L];
        for row in &self.regs[..self.model.vars.len()] {
            for lane in 0..L {
                // Zero for every number, NaN for NaN and infinity.
                sum[lane] += row[lane] * 0.0;
            }
        }
        sum.map(|sum| sum == 0.0)
    }

    /// The first line in order that is not a number: the others follow from it.
    pub fn first_not_finite(&self, lane: usize) -> VarId {
        let in_order = self.program.steps.iter().flat_map(|step| match step {
            Step::Lines { lines, .. } => lines.as_slice(),
            Step::Block(block) => block.lines.as_slice(),
        });
        in_order
            .copied()
            .find(|line| !self.regs[line.at()][lane].is_finite())
            .unwrap_or(VarId(0))
    }

    pub fn ledger_stop(&self, lane: usize, period: usize, error: LedgerError) -> Stop {
        let of = |account: u32| AccountId(account);
        let base = |account: u32, units: i128| {
            to_base(
                units,
                self.chart.resolutions[self.chart.accounts[account as usize].instrument as usize],
            )
        };
        let places = 0..self.books.legs();
        let postings = || {
            places
                .clone()
                .map(|at| self.books.posting(at, lane))
                .collect()
        };
        match error {
            LedgerError::Overdraft { account, closing } => Stop::Overdraft {
                account: of(account),
                period,
                closing: base(account, closing),
                postings: postings(),
            },
            LedgerError::TillNotEmpty { account, closing } => Stop::TillNotEmpty {
                account: of(account),
                period,
                closing: base(account, closing),
                postings: postings(),
            },
            LedgerError::Negative { flow, amount } => Stop::Negative {
                flow: FlowId(flow),
                period,
                amount,
            },
            LedgerError::Range(beyond) => Stop::Range {
                account: of(beyond.account),
                flow: beyond.flow.map(FlowId),
                period,
                amount: beyond.amount,
                limit: self.desk.grains[beyond.account as usize].to_base(beyond.limit),
                legs: beyond.legs,
            },
            LedgerError::NotFinite { flow } => Stop::NotFinite {
                line: self.model.flows[flow as usize].var,
                period,
            },
            LedgerError::Gap { strand, gap } => {
                let account = self
                    .chart
                    .accounts
                    .iter()
                    .position(|account| account.strand == strand)
                    .unwrap_or(0) as u32;
                Stop::Gap {
                    account: of(account),
                    gap: base(account, gap),
                }
            }
        }
    }
}
