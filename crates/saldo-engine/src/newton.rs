//! Damped Newton over the torn unknowns of a block, each lane on its own.
//!
//! Exact derivatives; the step is halved until the scaled residuals shrink (Dennis and
//! Schnabel 1983, 6.3). A factorisation, also that of the period before, serves as long as each
//! step with it makes the residuals much smaller (the chord method; Kelley 1995, 5.4). A lane
//! that is done keeps its values while others go on.

use crate::lu::Lu;
use crate::residual::{GOOD, HALVINGS, Outcome, STEPS, TIGHT, Task};
use saldo_plan::Block;

/// A factorisation serves on while residuals become smaller by this factor at least.
const SHARP: f64 = 0.05;

/// Memory of one block, kept from period to period.
pub struct Work<const L: usize> {
    base: Vec<[f64; L]>,
    step: Vec<[f64; L]>,
    /// Scales at the base point.
    scale: Vec<[f64; L]>,
    lu: Vec<Lu>,
    values: Vec<f64>,
    side: Vec<f64>,
    pub iterations: [u64; L],
}

#[derive(Clone, Copy)]
struct Lane {
    merit: f64,
    factor: f64,
    halvings: u32,
    /// Largest scaled residual at the base.
    worst: f64,
    /// The base is new and wants a direction.
    fresh: bool,
    /// The direction comes from an earlier factorisation.
    chord: bool,
    /// The next direction may.
    reuse: bool,
}

impl<const L: usize> Work<L> {
    pub fn new(block: &Block) -> Self {
        let size = block.tears.len();
        let zero = || vec![[0.0; L]; size];
        let entries = block.slopes.iter().map(|(row, column, _)| (*row, *column));
        Work {
            base: zero(),
            step: zero(),
            scale: zero(),
            lu: vec![Lu::new(size, entries); L],
            values: Vec::with_capacity(block.slopes.len()),
            side: vec![0.0; size],
            iterations: [0; L],
        }
    }

    /// Solves the lanes that are `Open`, from the values in the registers of the unknowns.
    pub fn newton(&mut self, task: &Task<L>, regs: &mut [[f64; L]], out: &mut [Outcome; L]) {
        let mut lanes: [Lane; L] = std::array::from_fn(|lane| Lane {
            merit: f64::INFINITY,
            factor: 1.0,
            halvings: 0,
            worst: f64::INFINITY,
            fresh: false,
            chord: false,
            reuse: !task.block.linear && self.lu[lane].is_ready(),
        });
        let mut moved = false;
        for _ in 0..STEPS {
            task.evaluate(regs);
            moved = false;
            for lane in 0..L {
                if out[lane] == Outcome::Open {
                    moved |= self.judge(task, regs, lane, &mut lanes[lane], &mut out[lane]);
                }
            }
            let asks = |lane: usize| out[lane] == Outcome::Open && lanes[lane].fresh;
            if (0..L).any(|lane| asks(lane) && !lanes[lane].reuse) {
                task.differentiate(regs);
            }
            for lane in 0..L {
                if out[lane] == Outcome::Open && lanes[lane].fresh {
                    moved = true;
                    self.direct(task, regs, lane, &mut lanes[lane], &mut out[lane]);
                }
            }
            if !out.contains(&Outcome::Open) {
                break;
            }
        }
        task.give_up(regs, out);
        if moved {
            task.evaluate(regs);
        }
    }

    /// Looks at the residuals of a trial point: takes it, shortens the step, or ends. True if
    /// it put other values into the registers.
    fn judge(
        &mut self,
        task: &Task<L>,
        regs: &mut [[f64; L]],
        lane: usize,
        state: &mut Lane,
        out: &mut Outcome,
    ) -> bool {
        let worst = task.worst(regs, lane).0;
        if worst <= TIGHT {
            *out = Outcome::Solved;
            return false;
        }
        let first = state.merit == f64::INFINITY;
        if first && !worst.is_finite() {
            *out = task.failed(regs, lane);
            return false;
        }
        if first || self.is_better(task, regs, lane, state) {
            self.take(task, regs, lane, state, worst);
            return false;
        }
        self.shorten(task, regs, lane, state, out);
        true
    }

    fn is_better(&self, task: &Task<L>, regs: &[[f64; L]], lane: usize, state: &Lane) -> bool {
        let merit = self.merit(task, regs, lane);
        merit.is_finite() && merit < state.merit * (1.0 - 1e-4 * state.factor)
    }

    /// The trial point becomes the base.
    fn take(
        &mut self,
        task: &Task<L>,
        regs: &[[f64; L]],
        lane: usize,
        state: &mut Lane,
        worst: f64,
    ) {
        for (at, tear) in task.block.tears.iter().enumerate() {
            self.base[at][lane] = regs[tear.at()][lane];
            self.scale[at][lane] = task.scale(regs, at, lane);
        }
        let sharp = state.merit == f64::INFINITY || worst <= SHARP * state.worst;
        *state = Lane {
            merit: self.merit(task, regs, lane),
            factor: 1.0,
            halvings: 0,
            worst,
            fresh: true,
            chord: false,
            reuse: state.reuse && sharp && !task.block.linear,
        };
    }

    /// Goes back towards the base: an old factorisation is given up, a new one damped.
    fn shorten(
        &mut self,
        task: &Task<L>,
        regs: &mut [[f64; L]],
        lane: usize,
        state: &mut Lane,
        out: &mut Outcome,
    ) {
        if state.chord {
            (state.merit, state.reuse) = (f64::INFINITY, false);
            return self.place(task, regs, lane, 0.0);
        }
        state.factor *= 0.5;
        state.halvings += 1;
        if state.worst <= GOOD {
            state.factor = 0.0;
            *out = Outcome::Solved;
        } else if state.halvings > HALVINGS {
            state.factor = 0.0;
            *out = task.failed(regs, lane);
        }
        self.place(task, regs, lane, state.factor);
    }

    /// The direction from the base, and the first trial along it.
    fn direct(
        &mut self,
        task: &Task<L>,
        regs: &mut [[f64; L]],
        lane: usize,
        state: &mut Lane,
        out: &mut Outcome,
    ) {
        state.fresh = false;
        state.chord = state.reuse;
        self.iterations[lane] += 1;
        if !state.reuse {
            let slopes = task.block.slopes.iter();
            self.values.clear();
            self.values
                .extend(slopes.map(|(_, _, slope)| regs[*slope as usize][lane]));
            state.reuse = true;
            if !self.lu[lane].factor(&self.values) {
                *out = match state.worst <= GOOD {
                    true => Outcome::Solved,
                    false => task.failed(regs, lane),
                };
                return;
            }
        }
        for (row, side) in self.side.iter_mut().enumerate() {
            *side = -task.residual(regs, row, lane);
        }
        self.lu[lane].solve(&mut self.side);
        for (step, side) in self.step.iter_mut().zip(&self.side) {
            step[lane] = *side;
        }
        self.place(task, regs, lane, 1.0);
    }

    fn place(&self, task: &Task<L>, regs: &mut [[f64; L]], lane: usize, factor: f64) {
        for (at, tear) in task.block.tears.iter().enumerate() {
            let step = match factor == 0.0 {
                true => 0.0,
                false => factor * self.step[at][lane],
            };
            regs[tear.at()][lane] = self.base[at][lane] + step;
        }
    }

    /// Sum of squares of the residuals, scaled as at the base.
    fn merit(&self, task: &Task<L>, regs: &[[f64; L]], lane: usize) -> f64 {
        let mut sum = 0.0;
        for (row, scale) in self.scale.iter().enumerate() {
            let scaled = task.residual(regs, row, lane) / scale[lane].max(f64::MIN_POSITIVE);
            sum += scaled * scaled;
        }
        sum
    }
}
