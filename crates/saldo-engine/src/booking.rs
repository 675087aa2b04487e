//! From solved amounts to the books and back: what was posted is what every later reader sees.

use crate::run::Group;
use crate::trace::Stop;
use saldo_ledger::chart::Chart;
use saldo_ledger::{Amounts, LedgerError};
use saldo_model::ir::*;
use saldo_plan::{Program, Step};

/// The smallest amount that is booked, and the way from counts of it to base units.
#[derive(Clone, Copy, Debug)]
pub struct Grain {
    resolution: f64,
    /// How many make a base unit, if that is a whole number.
    per_unit: Option<f64>,
}

impl Grain {
    pub fn new(resolution: f64) -> Self {
        let per_unit = (1.0 / resolution).round();
        let whole = per_unit >= 1.0 && (per_unit * resolution - 1.0).abs() < 1e-15;
        Grain {
            resolution,
            per_unit: whole.then_some(per_unit),
        }
    }

    /// An amount of whole units in base units: the double nearest to it.
    pub fn to_base(self, units: i128) -> f64 {
        // Counts of 64 bits become the same double as those of 128, by one instruction.
        let count = i64::try_from(units).map_or(units as f64, |units| units as f64);
        match self.per_unit {
            Some(per_unit) => count / per_unit,
            None => count * self.resolution,
        }
    }
}

/// An amount of whole units in base units: the double nearest to it.
pub fn to_base(units: i128, resolution: f64) -> f64 {
    Grain::new(resolution).to_base(units)
}

/// Where the solved amounts stand and where the posted ones go, laid out once for all periods.
pub struct Desk {
    /// Per flow: its line, the place of its first leg, what it is counted in.
    flows: Vec<(u32, u32, Grain)>,
    /// Lines that are closing balances.
    closings: Vec<(u32, AccountId)>,
    /// Per account.
    grains: Vec<Grain>,
    amount: Vec<f64>,
    price: Vec<f64>,
    target: Vec<f64>,
}

impl Desk {
    pub fn new(model: &Model, chart: &Chart) -> Self {
        let mut place = 0;
        let flows = model.flows.iter().map(|flow| {
            let grain = Grain::new(chart.resolutions[flow.legs[0].instrument.at()]);
            place += flow.legs.len() as u32;
            (flow.var.0, place - flow.legs.len() as u32, grain)
        });
        let flows: Vec<_> = flows.collect();
        let closing = |(line, var): (usize, &Var)| match var.role {
            VarRole::Closing(account) => Some((line as u32, account)),
            _ => None,
        };
        let grain = |account: &Account| Grain::new(chart.resolutions[account.instrument.at()]);
        Desk {
            closings: model.vars.iter().enumerate().filter_map(closing).collect(),
            grains: model.accounts.iter().map(grain).collect(),
            amount: vec![0.0; flows.len()],
            price: vec![0.0; flows.len()],
            target: vec![0.0; flows.len()],
            flows,
        }
    }

    /// Takes the solved amounts of a lane.
    fn take<const L: usize>(&mut self, program: &Program, regs: &[[f64; L]], lane: usize) {
        for (at, (line, ..)) in self.flows.iter().enumerate() {
            self.amount[at] = regs[*line as usize][lane];
            self.price[at] = regs[program.prices[at] as usize][lane];
            self.target[at] = regs[program.targets[at] as usize][lane];
        }
    }
}

impl<const L: usize> Group<'_, L> {
    /// Posts what the open lanes have solved, or stops them.
    pub fn post_all(&mut self, period: usize) {
        let finite = self.finite();
        for (lane, finite) in finite.iter().enumerate().take(self.traces.len()) {
            if !self.open[lane] {
                continue;
            }
            if *finite {
                self.post(lane, period);
            } else {
                let line = self.first_not_finite(lane);
                self.stop(lane, Stop::NotFinite { line, period });
            }
        }
    }

    fn post(&mut self, lane: usize, period: usize) {
        self.desk.take(self.program, &self.regs, lane);
        let amounts = Amounts {
            amount: &self.desk.amount,
            price: &self.desk.price,
            target: &self.desk.target,
        };
        if let Err(error) = self.books[lane].post(self.chart, &amounts, &mut self.postings[lane]) {
            let stop = self.ledger_stop(lane, period, error);
            return self.stop(lane, stop);
        }
        for (line, place, grain) in &self.desk.flows {
            let posted = self.postings[lane][*place as usize];
            self.regs[*line as usize][lane] = grain.to_base(posted);
        }
        for (line, account) in &self.desk.closings {
            self.regs[*line as usize][lane] = self.balance(lane, *account);
        }
    }

    pub fn balance(&self, lane: usize, account: AccountId) -> f64 {
        self.desk.grains[account.at()].to_base(self.books[lane].positions[account.at()])
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
    fn first_not_finite(&self, lane: usize) -> VarId {
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
        let postings = || self.postings[lane].clone();
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
            LedgerError::Range { account, amount } => Stop::Range {
                account: of(account),
                period,
                amount,
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
