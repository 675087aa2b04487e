//! The period loop: load, compute, post, measure, keep.

use crate::booking::Desk;
use crate::lanes::{Dice, Sound, run as run_code};
use crate::newton::Work;
use crate::opening::{Inputs, Opening, positions};
use crate::residual::{Outcome, Task};
use crate::solve::{Past, solve};
use crate::stationary;
use crate::trace::{CheckResult, Stop, Trace};
use saldo_ledger::chart::Chart;
use saldo_ledger::{Books, opening};
use saldo_model::ir::*;
use saldo_plan::{Block, Load, Program, Reg, Step};

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

pub struct Group<'a, const L: usize> {
    pub model: &'a Model,
    pub program: &'a Program,
    pub chart: &'a Chart,
    code: Sound<'a>,
    ask: &'a Ask<'a>,
    inputs: Vec<Inputs<'a>>,
    /// Registers that take over a line of the period before.
    carried: Vec<(Reg, u32)>,
    /// Registers of opening balances.
    opening: Vec<(Reg, AccountId)>,
    /// Other loads whose value changes from period to period.
    loads: Vec<(Reg, Load)>,
    pub regs: Vec<[f64; L]>,
    /// Rows of lines of the last periods, by period modulo their number.
    recent: Vec<Vec<[f64; L]>>,
    /// The lines that later periods read.
    remembered: Vec<u32>,
    work: Vec<Work<L>>,
    /// The unknowns of a block in the two periods before.
    last: Vec<[f64; L]>,
    before_last: Vec<[f64; L]>,
    fallbacks: [u64; L],
    pub open: [bool; L],
    pub desk: Desk,
    pub books: Books<L>,
    pub traces: Vec<Trace>,
    /// While a stationary opening is sought: balances in place of the books', per account.
    pub assumed: Vec<[f64; L]>,
    /// Random terms stand still at their averages.
    pub still: bool,
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
    pub fn new(model: &'a Model, program: &'a Program, chart: &'a Chart, ask: &'a Ask<'a>) -> Self {
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
            Step::Block(block) => Some(Work::new(block)),
            Step::Lines { .. } => None,
        });
        let sizes = program.steps.iter().map(|step| match step {
            Step::Block(block) => block.tears.len(),
            Step::Lines { .. } => 0,
        });
        let largest = sizes.max().unwrap_or(0);
        let mut group = Group {
            model,
            program,
            chart,
            code: Sound::new(&program.code),
            ask,
            inputs: ask
                .drawn
                .iter()
                .map(|drawn| Inputs { model, drawn })
                .collect(),
            carried: Vec::new(),
            opening: Vec::new(),
            loads: Vec::new(),
            regs: vec![[0.0; L]; program.code.registers as usize],
            recent: vec![vec![[f64::NAN; L]; model.vars.len()]; deepest.unwrap_or(1) as usize + 1],
            remembered: Vec::new(),
            work: work.collect(),
            last: vec![[f64::NAN; L]; largest],
            before_last: vec![[f64::NAN; L]; largest],
            fallbacks: [0; L],
            open: std::array::from_fn(|lane| lane < used),
            desk: Desk::new(model, chart),
            books: Books::new(chart, &[]),
            traces: ask
                .drawn
                .iter()
                .map(|drawn| Trace {
                    drawn: drawn.clone(),
                    ..Trace::default()
                })
                .collect(),
            assumed: Vec::new(),
            still: false,
        };
        for (reg, value) in &program.code.constants {
            group.regs[*reg as usize] = [*value; L];
        }
        for (reg, load) in &program.code.loads {
            group.prepare_load(*reg, *load);
        }
        group.remembered = group.read_later();
        group
    }

    /// The lines that later periods read: as lags, as opening balances, as starts of a solver.
    fn read_later(&self) -> Vec<u32> {
        let lags = self.loads.iter().filter_map(|(_, load)| match load {
            Load::Lag(line, _) => Some(line.0),
            _ => None,
        });
        let tears = self.program.steps.iter().flat_map(|step| match step {
            Step::Block(block) => block.tears.as_slice(),
            Step::Lines { .. } => &[],
        });
        let carried = self.carried.iter().map(|(_, line)| *line);
        let tears = tears.map(|tear| tear.0);
        let mut lines: Vec<u32> = carried.chain(lags).chain(tears).collect();
        lines.sort_unstable();
        lines.dedup();
        lines
    }

    /// Constants of the text stay in their registers for the whole run; what else is loaded is
    /// sorted by where it comes from.
    fn prepare_load(&mut self, reg: Reg, load: Load) {
        let is_const = |input: InputId| {
            let values = &self.model.inputs[input.at()].values;
            matches!(values, Values::Const(_))
        };
        match load {
            Load::Const(value) => self.regs[reg as usize] = [value; L],
            Load::Input(input, _) if is_const(input) => {
                for (lane, inputs) in self.inputs.iter().enumerate() {
                    self.regs[reg as usize][lane] = inputs.at(input, 0);
                }
            }
            Load::Lag(line, 1) => self.carried.push((reg, line.0)),
            Load::Opening(account) => {
                self.opening.push((reg, account));
                // Where its balance is a line, that has it already.
                match self.desk.closing_line(account) {
                    Some(line) => self.carried.push((reg, line)),
                    None => self.loads.push((reg, load)),
                }
            }
            _ => self.loads.push((reg, load)),
        }
    }

    /// Opening positions and the past.
    fn open_books(&mut self) {
        let openings: Vec<Vec<i128>> = (0..self.traces.len())
            .map(|lane| self.open_lane(lane))
            .collect();
        self.open_with(&openings);
        self.regs[..self.model.vars.len()].clone_from_slice(&self.recent[0]);
        self.reserve();
        (0..self.traces.len()).for_each(|lane| self.keep(lane, 0));
    }

    /// What a lane opens with.
    fn open_lane(&mut self, lane: usize) -> Vec<i128> {
        if self.model.start.stationary.is_none() {
            self.recall(lane);
            let given = positions(&self.inputs[lane]);
            return self.opened(lane, &given);
        }
        let drawn = &self.ask.drawn[lane];
        match stationary::seek(self.model, self.program, self.chart, drawn) {
            Ok(found) => {
                self.remember(lane, &found.lines);
                self.traces[lane].settled = Some(found.settled);
                self.opened(lane, &found.positions)
            }
            Err(unsettled) => {
                self.stop(lane, Stop::Unsettled(Box::new(unsettled)));
                vec![0; self.chart.accounts.len()]
            }
        }
    }

    /// Given positions in whole units; nothing, and a stop, where they cannot be opened with.
    pub fn opened(&mut self, lane: usize, given: &[(u32, f64)]) -> Vec<i128> {
        opening(self.chart, given).unwrap_or_else(|error| {
            self.stop(lane, self.ledger_stop(lane, 0, error));
            vec![0; self.chart.accounts.len()]
        })
    }

    /// Opens the books of all lanes.
    pub fn open_with(&mut self, openings: &[Vec<i128>]) {
        self.books = Books::new(self.chart, openings);
        for (line, var) in self.model.vars.iter().enumerate() {
            if let VarRole::Closing(account) = var.role {
                self.recent[0][line] = self.balance(account);
            }
        }
    }

    /// The past that the text gives.
    fn recall(&mut self, lane: usize) {
        let depth = self.recent.len() as i64;
        let opening = Opening::new(&self.inputs[lane]);
        for period in (1 - depth + 1)..=0 {
            let row = &mut self.recent[period.rem_euclid(depth) as usize];
            for (line, var) in self.model.vars.iter().enumerate() {
                if var.past.is_some() {
                    row[line][lane] = opening.past(VarId(line as u32), period);
                }
            }
        }
    }

    /// A line's value in every earlier period.
    pub fn recall_row(&mut self, line: usize, values: [f64; L]) {
        self.recent.iter_mut().for_each(|row| row[line] = values);
    }

    /// A past in which nothing has changed.
    pub fn remember(&mut self, lane: usize, lines: &[f64]) {
        for row in &mut self.recent {
            for (place, value) in row.iter_mut().zip(lines) {
                place[lane] = *value;
            }
        }
    }

    fn period(&mut self, period: usize) {
        self.compute(period);
        self.post_all(period);
        let dice = self.dice(period);
        let after_posting = &self.program.after_posting;
        run_code(self.code, after_posting, &mut self.regs, &dice);
        let row = period % self.recent.len();
        for line in self.remembered.iter().map(|line| *line as usize) {
            self.recent[row][line] = self.regs[line];
        }
        for lane in 0..self.traces.len() {
            if self.open[lane] {
                self.test(lane, period);
                self.keep(lane, period);
            }
        }
    }

    fn dice(&self, period: usize) -> Dice<'a> {
        Dice {
            seed: self.ask.seed,
            first_draw: self.ask.first_draw,
            period: period as u32,
            terms: &self.program.code.draws,
            still: self.still,
        }
    }

    /// All lines of a period, from its opening.
    pub fn compute(&mut self, period: usize) {
        self.load(period);
        self.compute_loaded(period);
    }

    /// The lines of the opening's own circumstances, with some inputs as they are in another row.
    pub fn compute_with(&mut self, row: i64, inputs: &[InputId]) {
        self.load(0);
        for (reg, load) in &self.loads {
            if let Load::Input(input, back) = load
                && inputs.contains(input)
            {
                let value = self.inputs[0].at(*input, row - i64::from(*back));
                self.regs[*reg as usize] = [value; L];
            }
        }
        self.compute_loaded(0);
    }

    fn compute_loaded(&mut self, period: usize) {
        let dice = self.dice(period);
        let mut blocks = 0;
        for step in &self.program.steps {
            match step {
                Step::Lines { code, .. } => run_code(self.code, code, &mut self.regs, &dice),
                Step::Block(block) => {
                    self.block(block, blocks, period, &dice);
                    blocks += 1;
                }
            }
        }
        let before_posting = &self.program.before_posting;
        run_code(self.code, before_posting, &mut self.regs, &dice);
    }

    /// Fills the registers of everything that is known when the period begins.
    fn load(&mut self, period: usize) {
        let before = &self.recent[self.row_of(period, 1)];
        for (reg, line) in &self.carried {
            self.regs[*reg as usize] = before[*line as usize];
        }
        for at in 0..self.loads.len() {
            let (reg, load) = self.loads[at];
            self.regs[reg as usize] = match load {
                Load::Const(value) => [value; L],
                Load::Input(input, back) => {
                    [self.inputs[0].at(input, period as i64 - i64::from(back)); L]
                }
                Load::Lag(line, back) => self.recent[self.row_of(period, back)][line.at()],
                Load::Opening(account) => self.balance(account),
            };
        }
        if !self.assumed.is_empty() {
            for (reg, account) in &self.opening {
                self.regs[*reg as usize] = self.assumed[account.at()];
            }
        }
    }

    /// Where the lines of a period some periods ago stand.
    fn row_of(&self, period: usize, back: u32) -> usize {
        let depth = self.recent.len();
        let row = period % depth + depth - back as usize;
        if row < depth { row } else { row - depth }
    }

    fn block(&mut self, block: &Block, at: usize, period: usize, dice: &Dice) {
        let [last, before_last] = [1, 2].map(|back| self.row_of(period, back));
        for (at, tear) in block.tears.iter().enumerate() {
            self.last[at] = self.recent[last][tear.at()];
            self.before_last[at] = self.recent[before_last][tear.at()];
        }
        let task = Task {
            code: self.code,
            block,
            dice,
            shift: None,
        };
        let past = Past {
            last: &self.last[..block.tears.len()],
            before_last: &self.before_last[..block.tears.len()],
        };
        let (work, open) = (&mut self.work[at], &self.open);
        let out = solve(
            &task,
            work,
            &mut self.regs,
            &past,
            open,
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

    pub fn stop(&mut self, lane: usize, stop: Stop) {
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
        if self.model.checks.is_empty() {
            return;
        }
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
            if !holds(&check.condition, left, right, check.grain / 2.0) {
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
                let rows = &regs[..self.model.vars.len()];
                match L {
                    1 => trace.vars.extend_from_slice(rows.as_flattened()),
                    _ => trace.vars.extend(rows.iter().map(|row| row[lane])),
                }
            }
            Some(lines) => trace
                .vars
                .extend(lines.iter().map(|line| regs[line.at()][lane])),
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
            let (accounts, legs) = (0..self.model.accounts.len(), 0..self.books.legs());
            let books = &self.books;
            trace
                .positions
                .extend(accounts.map(|at| books.position(at, lane)));
            trace
                .postings
                .extend(legs.map(|at| books.posting(at, lane)));
        }
    }

    /// Takes the memory for what will be kept, once.
    fn reserve(&mut self) {
        let rows = self.model.calendar.len + 1;
        let lines = &self.ask.keep.lines;
        let width = lines.as_ref().map_or(self.model.vars.len(), Vec::len);
        for trace in &mut self.traces {
            trace.width = width;
            trace.vars.reserve_exact(rows * width);
            trace
                .measures
                .reserve_exact(rows * self.program.measures.len());
            trace.shows.reserve_exact(rows * self.program.shows.len());
            if self.ask.keep.books {
                trace
                    .positions
                    .reserve_exact(rows * self.model.accounts.len());
                trace.postings.reserve_exact(rows * self.books.legs());
            }
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

/// Does a statement hold? Amounts nearer than `half` a unit of the books are the same amount.
pub fn holds(condition: &Condition, left: f64, right: f64, half: f64) -> bool {
    match condition {
        Condition::Holds(_) => left != 0.0,
        Condition::Compare { op, within, .. } => {
            let slack = match within {
                Some(Tolerance::Relative(share)) => share * right.abs(),
                Some(Tolerance::Absolute { amount, .. }) => *amount,
                None => 0.0,
            };
            match op {
                Binary::Eq => (left - right).abs() <= slack + half,
                Binary::Ne => (left - right).abs() > slack + half,
                Binary::Lt => left < right + slack - half,
                Binary::Le => left <= right + slack + half,
                Binary::Gt => left > right - slack + half,
                Binary::Ge => left >= right - slack - half,
                _ => false,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_compared_in_whole_units() {
        let compare = |op, within: Option<f64>| Condition::Compare {
            op,
            left: NodeId(0),
            right: NodeId(0),
            within: within.map(|amount| Tolerance::Absolute {
                amount,
                node: NodeId(0),
            }),
        };
        let cases = [
            (Binary::Eq, None, 2.84e-14, 0.0, true),
            (Binary::Eq, None, 0.01, 0.0, false),
            (Binary::Eq, Some(0.01), 0.1 + 0.2, 0.29, true),
            (Binary::Eq, Some(0.01), 0.32, 0.30, false),
            (Binary::Ge, None, -1e-14, 0.0, true),
            (Binary::Gt, None, 1e-14, 0.0, false),
            (Binary::Lt, None, 0.0, 0.01, true),
            (Binary::Ne, None, 1e-14, 0.0, false),
        ];
        for (op, within, left, right, wanted) in cases {
            let held = holds(&compare(op, within), left, right, 0.005);
            assert_eq!(held, wanted, "{op:?} {left} {right} within {within:?}");
        }
    }
}
