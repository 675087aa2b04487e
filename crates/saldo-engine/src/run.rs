//! The period loop: load, compute, post, measure, keep.

use crate::lanes::{Dice, run as run_code};
use crate::newton::{Outcome, Work};
use crate::opening::{Inputs, Opening, positions};
use crate::solve::solve;
use crate::trace::{CheckResult, Stop, Trace};
use saldo_ledger::chart::Chart;
use saldo_ledger::{Amounts, Books, LedgerError};
use saldo_model::ir::*;
use saldo_plan::{Block, Load, Program, Step};

/// What is kept of every period.
#[derive(Clone, Debug)]
pub struct Keep {
    /// `None`: every line.
    pub lines: Option<Vec<VarId>>,
    pub books: bool,
}

/// What a group of lanes computes.
pub struct Ask<'a> {
    pub seed: u64,
    pub first_draw: u32,
    /// One entry per lane that is used: constant inputs it changes.
    pub drawn: &'a [Vec<(InputId, f64)>],
    pub keep: &'a Keep,
    /// Called after each period with its number; false stops the run.
    pub go_on: &'a (dyn Fn(usize) -> bool + Sync),
}

/// An amount of whole units in base units: the double nearest to it.
pub fn to_base(units: i128, resolution: f64) -> f64 {
    let per_unit = (1.0 / resolution).round();
    if per_unit >= 1.0 && (per_unit * resolution - 1.0).abs() < 1e-15 {
        units as f64 / per_unit
    } else {
        units as f64 * resolution
    }
}

struct Group<'a, const L: usize> {
    model: &'a Model,
    program: &'a Program,
    chart: &'a Chart,
    ask: &'a Ask<'a>,
    inputs: Vec<Inputs<'a>>,
    regs: Vec<[f64; L]>,
    /// Rows of lines of the last periods, by period modulo their number.
    recent: Vec<Vec<[f64; L]>>,
    work: Vec<Work<L>>,
    fallbacks: [u64; L],
    open: [bool; L],
    books: Vec<Books>,
    postings: Vec<Vec<i128>>,
    traces: Vec<Trace>,
}

/// Runs up to `L` draws of a model together.
pub fn run_group<const L: usize>(
    model: &Model,
    program: &Program,
    chart: &Chart,
    ask: &Ask,
) -> Vec<Trace> {
    let mut group = Group::<L>::new(model, program, chart, ask);
    group.open_books();
    for period in 1..=model.calendar.len {
        if !group.open.contains(&true) {
            break;
        }
        group.period(period);
        if !(ask.go_on)(period) {
            group.interrupt(period);
        }
    }
    group.finish()
}

impl<'a, const L: usize> Group<'a, L> {
    fn new(model: &'a Model, program: &'a Program, chart: &'a Chart, ask: &'a Ask<'a>) -> Self {
        let used = ask.drawn.len();
        let deepest = program
            .code
            .loads
            .iter()
            .map(|(_, load)| {
                if let Load::Lag(_, back) = load {
                    *back
                } else {
                    1
                }
            })
            .max();
        let work = program.steps.iter().filter_map(|step| match step {
            Step::Block(block) => Some(Work::new(block.tears.len())),
            Step::Lines { .. } => None,
        });
        let legs = model.flows.iter().map(|flow| flow.legs.len()).sum();
        let mut group = Group {
            model,
            program,
            chart,
            ask,
            inputs: ask
                .drawn
                .iter()
                .map(|drawn| Inputs { model, drawn })
                .collect(),
            regs: vec![[0.0; L]; program.code.registers as usize],
            recent: vec![vec![[f64::NAN; L]; model.vars.len()]; deepest.unwrap_or(1) as usize + 1],
            work: work.collect(),
            fallbacks: [0; L],
            open: std::array::from_fn(|lane| lane < used),
            books: Vec::with_capacity(used),
            postings: vec![vec![0; legs]; used],
            traces: ask
                .drawn
                .iter()
                .map(|drawn| Trace {
                    drawn: drawn.clone(),
                    ..Trace::default()
                })
                .collect(),
        };
        for (reg, value) in &program.code.constants {
            group.regs[*reg as usize] = [*value; L];
        }
        group
    }

    /// Opening positions and the past.
    fn open_books(&mut self) {
        let depth = self.recent.len() as i64;
        for lane in 0..self.traces.len() {
            let books = Books::open(self.chart, &positions(&self.inputs[lane]));
            let books = books.unwrap_or_else(|error| {
                self.stop(lane, self.ledger_stop(lane, 0, error));
                Books::open(self.chart, &[])
                    .unwrap_or_else(|_| unreachable!("empty books always open"))
            });
            self.books.push(books);
            let past: Vec<(usize, usize, f64)> = {
                let opening = Opening::new(&self.inputs[lane]);
                let periods = (1 - depth + 1)..=0;
                let wanted = |line: usize| self.model.vars[line].past.is_some();
                periods
                    .flat_map(|period| (0..self.model.vars.len()).map(move |line| (period, line)))
                    .filter(|(_, line)| wanted(*line))
                    .map(|(period, line)| {
                        (
                            period.rem_euclid(depth) as usize,
                            line,
                            opening.past(VarId(line as u32), period),
                        )
                    })
                    .collect()
            };
            past.into_iter()
                .for_each(|(row, line, value)| self.recent[row][line][lane] = value);
            for (line, var) in self.model.vars.iter().enumerate() {
                if let VarRole::Closing(account) = var.role {
                    self.recent[0][line][lane] = self.balance(lane, account);
                }
            }
        }
        self.regs[..self.model.vars.len()].clone_from_slice(&self.recent[0]);
        (0..self.traces.len()).for_each(|lane| self.keep(lane, 0));
    }

    fn balance(&self, lane: usize, account: AccountId) -> f64 {
        let resolution = self.chart.resolutions[self.model.accounts[account.at()].instrument.at()];
        to_base(self.books[lane].positions[account.at()], resolution)
    }

    fn period(&mut self, period: usize) {
        self.load(period);
        let dice = Dice {
            seed: self.ask.seed,
            first_draw: self.ask.first_draw,
            period: period as u32,
            terms: &self.program.code.draws,
        };
        let mut blocks = 0;
        for step in &self.program.steps {
            match step {
                Step::Lines { code, .. } => {
                    run_code(self.program.code.slice(code), &mut self.regs, &dice)
                }
                Step::Block(block) => {
                    self.block(block, blocks, period, &dice);
                    blocks += 1;
                }
            }
        }
        run_code(
            self.program.code.slice(&self.program.before_posting),
            &mut self.regs,
            &dice,
        );
        for lane in 0..self.traces.len() {
            if self.open[lane] {
                self.post(lane, period);
            }
        }
        run_code(
            self.program.code.slice(&self.program.after_posting),
            &mut self.regs,
            &dice,
        );
        let row = period % self.recent.len();
        self.recent[row].clone_from_slice(&self.regs[..self.model.vars.len()]);
        for lane in 0..self.traces.len() {
            if self.open[lane] {
                self.test(lane, period);
                self.keep(lane, period);
            }
        }
    }

    /// Fills the registers of everything that is known when the period begins.
    fn load(&mut self, period: usize) {
        for (reg, load) in &self.program.code.loads {
            for lane in 0..self.traces.len() {
                self.regs[*reg as usize][lane] = match load {
                    Load::Const(value) => *value,
                    Load::Input(input, back) => {
                        self.inputs[lane].at(*input, period as i64 - i64::from(*back))
                    }
                    Load::Lag(line, back) => {
                        let row =
                            (period as i64 - i64::from(*back)).rem_euclid(self.recent.len() as i64);
                        self.recent[row as usize][line.at()][lane]
                    }
                    Load::Opening(account) => self.balance(lane, *account),
                };
            }
        }
    }

    fn block(&mut self, block: &Block, at: usize, period: usize, dice: &Dice) {
        let before = (period - 1) % self.recent.len();
        let start: Vec<[f64; L]> = block
            .tears
            .iter()
            .map(|tear| self.recent[before][tear.at()])
            .collect();
        let code = &self.program.code;
        let out = solve(
            code,
            block,
            &mut self.work[at],
            &mut self.regs,
            dice,
            &start,
            &self.open,
            &mut self.fallbacks,
        );
        for (lane, outcome) in out.iter().enumerate().take(self.traces.len()) {
            if let (true, Outcome::Failed { residual, equation }) = (self.open[lane], *outcome) {
                let stop = Stop::NoSolution {
                    period,
                    lines: block.lines.clone(),
                    worst: block.tears[equation],
                    residual,
                };
                self.stop(lane, stop);
            }
        }
    }

    fn post(&mut self, lane: usize, period: usize) {
        if let Some(line) =
            (0..self.model.vars.len()).find(|line| !self.regs[*line][lane].is_finite())
        {
            return self.stop(
                lane,
                Stop::NotFinite {
                    line: VarId(self.first_not_finite(lane, line as u32)),
                    period,
                },
            );
        }
        let of = |reg: u32| self.regs[reg as usize][lane];
        let amount: Vec<f64> = self.model.flows.iter().map(|flow| of(flow.var.0)).collect();
        let price: Vec<f64> = self.program.prices.iter().map(|reg| of(*reg)).collect();
        let target: Vec<f64> = self.program.targets.iter().map(|reg| of(*reg)).collect();
        let amounts = Amounts {
            amount: &amount,
            price: &price,
            target: &target,
        };
        if let Err(error) = self.books[lane].post(self.chart, &amounts, &mut self.postings[lane]) {
            let stop = self.ledger_stop(lane, period, error);
            return self.stop(lane, stop);
        }
        let mut leg = 0;
        for flow in &self.model.flows {
            let resolution = self.chart.resolutions[flow.legs[0].instrument.at()];
            self.regs[flow.var.at()][lane] = to_base(self.postings[lane][leg], resolution);
            leg += flow.legs.len();
        }
        for (line, var) in self.model.vars.iter().enumerate() {
            if let VarRole::Closing(account) = var.role {
                self.regs[line][lane] = self.balance(lane, account);
            }
        }
    }

    /// The first line in order that is not a number: the others follow from it.
    fn first_not_finite(&self, lane: usize, otherwise: u32) -> u32 {
        let in_order = self.program.steps.iter().flat_map(|step| match step {
            Step::Lines { lines, .. } => lines.as_slice(),
            Step::Block(block) => block.lines.as_slice(),
        });
        in_order
            .map(|line| line.0)
            .find(|line| !self.regs[*line as usize][lane].is_finite())
            .unwrap_or(otherwise)
    }

    fn ledger_stop(&self, lane: usize, period: usize, error: LedgerError) -> Stop {
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

    fn stop(&mut self, lane: usize, stop: Stop) {
        self.open[lane] = false;
        self.traces[lane].stop = Some(stop);
    }

    fn interrupt(&mut self, period: usize) {
        for lane in 0..self.traces.len() {
            if self.open[lane] && period < self.model.calendar.len {
                self.stop(lane, Stop::Interrupted { period: period + 1 });
            }
        }
    }

    /// The model's own checks that look at this period.
    fn test(&mut self, lane: usize, period: usize) {
        let results = &mut self.traces[lane].checks;
        results.resize(self.model.checks.len(), CheckResult::default());
        for (at, check) in self.model.checks.iter().enumerate() {
            if !(check.periods.0..=check.periods.1).contains(&(period as i64)) {
                continue;
            }
            let (left, right) = self.program.checks[at];
            let (left, right) = (
                self.regs[left as usize][lane],
                self.regs[right as usize][lane],
            );
            results[at].tested += 1;
            if !holds(&check.condition, left, right) {
                results[at].missed += 1;
                results[at].first.get_or_insert((period, left, right));
            }
        }
    }

    fn keep(&mut self, lane: usize, period: usize) {
        let regs = &self.regs;
        let trace = &mut self.traces[lane];
        trace.completed = period;
        match &self.ask.keep.lines {
            None => {
                trace.width = self.model.vars.len();
                trace
                    .vars
                    .extend((0..trace.width).map(|line| regs[line][lane]));
            }
            Some(lines) => {
                trace.width = lines.len();
                trace
                    .vars
                    .extend(lines.iter().map(|line| regs[line.at()][lane]));
            }
        }
        let measured = |reg: &u32| {
            if period == 0 {
                f64::NAN
            } else {
                regs[*reg as usize][lane]
            }
        };
        trace
            .measures
            .extend(self.program.measures.iter().map(measured));
        trace.shows.extend(self.program.shows.iter().map(measured));
        if self.ask.keep.books {
            trace
                .positions
                .extend_from_slice(&self.books[lane].positions);
            trace.postings.extend_from_slice(&self.postings[lane]);
        }
    }

    fn finish(mut self) -> Vec<Trace> {
        for (lane, trace) in self.traces.iter_mut().enumerate() {
            trace
                .checks
                .resize(self.model.checks.len(), CheckResult::default());
            trace.effort.iterations = self.work.iter().map(|work| work.iterations[lane]).sum();
            trace.effort.fallbacks = self.fallbacks[lane];
        }
        self.traces
    }
}

/// Does a statement hold? Equalities of solved numbers always carry a tolerance.
pub fn holds(condition: &Condition, left: f64, right: f64) -> bool {
    match condition {
        Condition::Holds(_) => left != 0.0,
        Condition::Compare { op, within, .. } => {
            let slack = match within {
                Some(Tolerance::Relative(share)) => share * right.abs(),
                Some(Tolerance::Absolute(amount)) => *amount,
                None => 0.0,
            };
            match op {
                Binary::Eq => (left - right).abs() <= slack,
                Binary::Ne => (left - right).abs() > slack,
                Binary::Lt => left < right + slack,
                Binary::Le => left <= right + slack,
                Binary::Gt => left > right - slack,
                Binary::Ge => left >= right - slack,
                _ => false,
            }
        }
    }
}
