//! Damped Newton over the torn unknowns of a block, each lane on its own.
//!
//! Exact derivatives; the step is halved until the scaled residuals shrink (Dennis and
//! Schnabel 1983, 6.3). A factorisation, also that of the period before, serves as long as each
//! step with it makes the residuals much smaller (the chord method; Kelley 1995, 5.4). A lane
//! that is done keeps its values while others go on.
//!
//! What is computed for every unknown runs along the lanes; what is decided is decided lane by
//! lane.

// A loop over lanes runs along several rows at once.
#![allow(clippy::needless_range_loop)]

use crate::factors::Factors;
use crate::isa::vectors;
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
    factors: Factors<L>,
    values: Vec<f64>,
    side: Vec<[f64; L]>,
    lanes: [Lane; L],
    pub iterations: [u64; L],
}

#[derive(Clone, Copy, Default)]
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
            factors: Factors::new(size, entries),
            values: Vec::with_capacity(block.slopes.len()),
            side: zero(),
            lanes: [Lane::default(); L],
            iterations: [0; L],
        }
    }

    /// Solves the lanes that are `Open`, from the values in the registers of the unknowns.
    pub fn newton(&mut self, task: &Task<L>, regs: &mut [[f64; L]], out: &mut [Outcome; L]) {
        self.begin(task);
        let mut moved = false;
        for _ in 0..STEPS {
            task.evaluate(regs);
            moved = self.judge(task, regs, out);
            let lanes = &self.lanes;
            let asks = |lane: usize| out[lane] == Outcome::Open && lanes[lane].fresh;
            if (0..L).any(|lane| asks(lane) && !lanes[lane].reuse) {
                task.differentiate(regs);
            }
            moved |= self.direct(task, regs, out);
            if !out.contains(&Outcome::Open) {
                break;
            }
        }
        task.give_up(regs, out);
        if moved {
            task.evaluate(regs);
        }
    }

    fn begin(&mut self, task: &Task<L>) {
        self.lanes = std::array::from_fn(|lane| Lane {
            merit: f64::INFINITY,
            factor: 1.0,
            worst: f64::INFINITY,
            reuse: !task.block.linear && self.factors.is_ready(lane),
            ..Lane::default()
        });
    }

    /// Looks at the residuals of trial points: takes them, shortens the step, or ends. True if
    /// it put other values into the registers.
    fn judge(&mut self, task: &Task<L>, regs: &mut [[f64; L]], out: &mut [Outcome; L]) -> bool {
        let (mut worst, mut merit) = ([0.0; L], [0.0; L]);
        look(task, regs, &self.scale, &mut worst, &mut merit);
        let (mut taken, mut moved) = ([false; L], false);
        for lane in 0..L {
            if out[lane] != Outcome::Open {
                continue;
            }
            let state = &self.lanes[lane];
            let first = state.merit == f64::INFINITY;
            if worst[lane] <= TIGHT {
                out[lane] = Outcome::Solved;
            } else if first && !worst[lane].is_finite() {
                out[lane] = task.failed(regs, lane);
            } else if first || state.is_better(merit[lane]) {
                taken[lane] = true;
            } else {
                out[lane] = self.shorten(task, regs, lane);
                moved = true;
            }
        }
        if taken.contains(&true) {
            self.take(task, regs, &taken, &worst);
        }
        moved
    }

    /// Trial points become the base.
    fn take(&mut self, task: &Task<L>, regs: &[[f64; L]], taken: &[bool; L], worst: &[f64; L]) {
        let mut merit = [0.0; L];
        rebase(self, task, regs, taken, &mut merit);
        for lane in (0..L).filter(|lane| taken[*lane]) {
            let state = &mut self.lanes[lane];
            let sharp = state.merit == f64::INFINITY || worst[lane] <= SHARP * state.worst;
            *state = Lane {
                merit: merit[lane],
                factor: 1.0,
                halvings: 0,
                worst: worst[lane],
                fresh: true,
                chord: false,
                reuse: state.reuse && sharp && !task.block.linear,
            };
        }
    }

    /// Goes back towards the base: an old factorisation is given up, a new one damped.
    fn shorten(&mut self, task: &Task<L>, regs: &mut [[f64; L]], lane: usize) -> Outcome {
        let state = &mut self.lanes[lane];
        let mut outcome = Outcome::Open;
        if state.chord {
            (state.merit, state.reuse) = (f64::INFINITY, false);
            self.place(task, regs, lane, 0.0);
            return outcome;
        }
        state.factor *= 0.5;
        state.halvings += 1;
        if state.worst <= GOOD {
            state.factor = 0.0;
            outcome = Outcome::Solved;
        } else if state.halvings > HALVINGS {
            state.factor = 0.0;
            outcome = task.failed(regs, lane);
        }
        let factor = state.factor;
        self.place(task, regs, lane, factor);
        outcome
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

    /// Directions from the bases, and the first trials along them. True if there are any.
    fn direct(&mut self, task: &Task<L>, regs: &mut [[f64; L]], out: &mut [Outcome; L]) -> bool {
        let (mut asks, mut moved) = ([false; L], false);
        for lane in 0..L {
            if out[lane] == Outcome::Open && self.lanes[lane].fresh {
                moved = true;
                asks[lane] = self.prepare(task, regs, lane);
                if !asks[lane] {
                    out[lane] = match self.lanes[lane].worst <= GOOD {
                        true => Outcome::Solved,
                        false => task.failed(regs, lane),
                    };
                }
            }
        }
        if asks.contains(&true) {
            set_sides(self, task, regs);
            self.factors.solve(&asks, &mut self.side);
            step_on(self, task, regs, &asks);
        }
        moved
    }

    /// Sees to it that there are factors to find a direction with; false if that cannot be.
    fn prepare(&mut self, task: &Task<L>, regs: &[[f64; L]], lane: usize) -> bool {
        let state = &mut self.lanes[lane];
        state.fresh = false;
        state.chord = state.reuse;
        self.iterations[lane] += 1;
        if state.reuse {
            return true;
        }
        state.reuse = true;
        let slopes = task.block.slopes.iter();
        self.values.clear();
        let values = slopes.map(|(_, _, slope)| regs[*slope as usize][lane]);
        self.values.extend(values);
        self.factors.factor(lane, &self.values)
    }
}

impl Lane {
    fn is_better(&self, merit: f64) -> bool {
        merit.is_finite() && merit < self.merit * (1.0 - 1e-4 * self.factor)
    }
}

vectors! {
    /// Largest scaled residuals, and merits against the base.
    fn look(
        task: &Task<L>,
        regs: &[[f64; L]],
        scale: &[[f64; L]],
        worst: &mut [f64; L],
        merit: &mut [f64; L],
    ) = look_plain;
}

#[inline(always)]
fn look_plain<const L: usize>(
    task: &Task<L>,
    regs: &[[f64; L]],
    scale: &[[f64; L]],
    worst: &mut [f64; L],
    merit: &mut [f64; L],
) {
    *worst = task.all_worst(regs);
    *merit = merits(task, regs, scale);
}

/// Sums of squares of the residuals, scaled as at the base.
#[inline(always)]
fn merits<const L: usize>(task: &Task<L>, regs: &[[f64; L]], scale: &[[f64; L]]) -> [f64; L] {
    let mut sum = [0.0; L];
    for (row, scale) in scale.iter().enumerate() {
        let residual = task.residuals(regs, row);
        for lane in 0..L {
            let scaled = residual[lane] / scale[lane].max(f64::MIN_POSITIVE);
            sum[lane] += scaled * scaled;
        }
    }
    sum
}

vectors! {
    /// Takes trial points as bases; their merits.
    fn rebase(
        work: &mut Work<L>,
        task: &Task<L>,
        regs: &[[f64; L]],
        taken: &[bool; L],
        merit: &mut [f64; L],
    ) = rebase_plain;
}

#[inline(always)]
fn rebase_plain<const L: usize>(
    work: &mut Work<L>,
    task: &Task<L>,
    regs: &[[f64; L]],
    taken: &[bool; L],
    merit: &mut [f64; L],
) {
    for (at, tear) in task.block.tears.iter().enumerate() {
        put(&mut work.base[at], taken, &regs[tear.at()]);
        put(&mut work.scale[at], taken, task.scales(regs, at));
    }
    *merit = merits(task, regs, &work.scale);
}

#[inline(always)]
fn put<const L: usize>(row: &mut [f64; L], lanes: &[bool; L], values: &[f64; L]) {
    for lane in 0..L {
        row[lane] = if lanes[lane] { values[lane] } else { row[lane] };
    }
}

/// The right sides of Newton's equations.
fn set_sides<const L: usize>(work: &mut Work<L>, task: &Task<L>, regs: &[[f64; L]]) {
    for (row, side) in work.side.iter_mut().enumerate() {
        *side = task.residuals(regs, row);
        for lane in 0..L {
            side[lane] = -side[lane];
        }
    }
}

vectors! {
    /// Keeps the directions of the lanes that asked and puts them a whole step on.
    fn step_on(work: &mut Work<L>, task: &Task<L>, regs: &mut [[f64; L]], asks: &[bool; L]) = step_plain;
}

#[inline(always)]
fn step_plain<const L: usize>(
    work: &mut Work<L>,
    task: &Task<L>,
    regs: &mut [[f64; L]],
    asks: &[bool; L],
) {
    for (at, tear) in task.block.tears.iter().enumerate() {
        let side = &work.side[at];
        put(&mut work.step[at], asks, side);
        let mut trial = work.base[at];
        for lane in 0..L {
            trial[lane] += side[lane];
        }
        put(&mut regs[tear.at()], asks, &trial);
    }
}
