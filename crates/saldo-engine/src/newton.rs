//! Damped Newton over the torn unknowns of a block, each lane on its own.
//!
//! Exact derivatives; the step is halved until the scaled residuals shrink (Dennis and
//! Schnabel 1983, 6.3). A lane that is done keeps its values while others go on.

use crate::lanes::{Dice, run};
use crate::lu::Lu;
use saldo_plan::{Block, Code};

/// A residual this small against the terms of its equation is a solution.
const TIGHT: f64 = 1e-14;
/// Where rounding allows no better, this is accepted.
const GOOD: f64 = 1e-10;
const STEPS: usize = 200;
const HALVINGS: u32 = 40;

/// Memory of one block, kept from period to period.
pub struct Work<const L: usize> {
    base: Vec<[f64; L]>,
    step: Vec<[f64; L]>,
    /// Scales at the base point.
    scale: Vec<[f64; L]>,
    lu: Vec<Lu>,
    matrix: Vec<f64>,
    side: Vec<f64>,
    pub iterations: [u64; L],
}

/// How a lane came out.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Outcome {
    Open,
    Solved,
    /// Not solved: the largest scaled residual and its equation.
    Failed {
        residual: f64,
        equation: usize,
    },
}

#[derive(Clone, Copy)]
struct Lane {
    merit: f64,
    factor: f64,
    halvings: u32,
    /// Largest scaled residual at the base.
    worst: f64,
    fresh: bool,
}

impl<const L: usize> Work<L> {
    pub fn new(size: usize) -> Self {
        let zero = || vec![[0.0; L]; size];
        Work {
            base: zero(),
            step: zero(),
            scale: zero(),
            lu: vec![Lu::default(); L],
            matrix: vec![0.0; size * size],
            side: vec![0.0; size],
            iterations: [0; L],
        }
    }

    /// Solves the lanes that are `Open`, from the values in the registers of the unknowns.
    /// `shift` is subtracted from the residuals (a homotopy; usually none).
    pub fn newton(
        &mut self,
        code: &Code,
        block: &Block,
        regs: &mut [[f64; L]],
        dice: &Dice,
        shift: Option<&[[f64; L]]>,
        out: &mut [Outcome; L],
    ) {
        let fresh = Lane {
            merit: f64::INFINITY,
            factor: 1.0,
            halvings: 0,
            worst: f64::INFINITY,
            fresh: true,
        };
        let mut lanes = [fresh; L];
        let mut settle = false;
        for _ in 0..STEPS {
            run(code.slice(&block.residual_code), regs, dice);
            let mut accepted = false;
            for lane in 0..L {
                if out[lane] == Outcome::Open {
                    let before = out[lane];
                    accepted |=
                        self.judge(block, regs, shift, lane, &mut lanes[lane], &mut out[lane]);
                    settle |= out[lane] != before;
                }
            }
            if !out.contains(&Outcome::Open) {
                break;
            }
            if accepted {
                run(code.slice(&block.slope_code), regs, dice);
                for lane in 0..L {
                    if out[lane] == Outcome::Open && lanes[lane].fresh {
                        self.iterations[lane] += 1;
                        self.direct(block, regs, shift, lane, &mut lanes[lane], &mut out[lane]);
                    }
                }
            }
        }
        for (lane, outcome) in out.iter_mut().enumerate() {
            if *outcome == Outcome::Open {
                *outcome = self.failed(block, regs, shift, lane);
            }
        }
        if settle {
            run(code.slice(&block.residual_code), regs, dice);
        }
    }

    /// Looks at the residuals of a trial point: takes it, shortens the step, or ends.
    /// True if the point was taken and wants a new direction.
    fn judge(
        &mut self,
        block: &Block,
        regs: &mut [[f64; L]],
        shift: Option<&[[f64; L]]>,
        lane: usize,
        state: &mut Lane,
        out: &mut Outcome,
    ) -> bool {
        let worst = worst(block, regs, shift, lane).0;
        if worst <= TIGHT {
            *out = Outcome::Solved;
            return false;
        }
        let first = state.merit == f64::INFINITY;
        let merit = if first {
            0.0
        } else {
            self.merit(block, regs, shift, lane)
        };
        let better = merit.is_finite() && merit < state.merit * (1.0 - 1e-4 * state.factor);
        if (first && worst.is_finite()) || better {
            for (at, tear) in block.tears.iter().enumerate() {
                self.base[at][lane] = regs[tear.at()][lane];
                self.scale[at][lane] = regs[block.scales[at] as usize][lane];
            }
            let merit = self.merit(block, regs, shift, lane);
            *state = Lane {
                merit,
                factor: 1.0,
                halvings: 0,
                worst,
                fresh: true,
            };
            return true;
        }
        if first {
            *out = Outcome::Failed {
                residual: f64::INFINITY,
                equation: 0,
            };
            return false;
        }
        state.factor *= 0.5;
        state.halvings += 1;
        let stuck = state.halvings > HALVINGS || state.worst <= GOOD;
        if stuck {
            state.factor = 0.0;
            *out = if state.worst <= GOOD {
                Outcome::Solved
            } else {
                self.failed(block, regs, shift, lane)
            };
        }
        self.place(block, regs, lane, state.factor);
        false
    }

    /// Newton's direction from the point that was taken, and the first trial along it.
    fn direct(
        &mut self,
        block: &Block,
        regs: &mut [[f64; L]],
        shift: Option<&[[f64; L]]>,
        lane: usize,
        state: &mut Lane,
        out: &mut Outcome,
    ) {
        state.fresh = false;
        let size = block.tears.len();
        self.matrix.fill(0.0);
        for (row, column, slope) in &block.slopes {
            self.matrix[*row as usize * size + *column as usize] = regs[*slope as usize][lane];
        }
        if !self.lu[lane].factor(&self.matrix, size) {
            *out = if state.worst <= GOOD {
                Outcome::Solved
            } else {
                self.failed(block, regs, shift, lane)
            };
            return;
        }
        for row in 0..size {
            self.side[row] = -residual(block, regs, shift, row, lane);
        }
        self.lu[lane].solve(&mut self.side);
        for row in 0..size {
            self.step[row][lane] = self.side[row];
        }
        self.place(block, regs, lane, 1.0);
    }

    fn place(&self, block: &Block, regs: &mut [[f64; L]], lane: usize, factor: f64) {
        for (at, tear) in block.tears.iter().enumerate() {
            let step = if factor == 0.0 {
                0.0
            } else {
                factor * self.step[at][lane]
            };
            regs[tear.at()][lane] = self.base[at][lane] + step;
        }
    }

    /// Sum of squares of the residuals, scaled as at the base.
    fn merit(
        &self,
        block: &Block,
        regs: &[[f64; L]],
        shift: Option<&[[f64; L]]>,
        lane: usize,
    ) -> f64 {
        let mut sum = 0.0;
        for row in 0..block.tears.len() {
            let scaled = residual(block, regs, shift, row, lane)
                / self.scale[row][lane].max(f64::MIN_POSITIVE);
            sum += scaled * scaled;
        }
        sum
    }

    fn failed(
        &self,
        block: &Block,
        regs: &[[f64; L]],
        shift: Option<&[[f64; L]]>,
        lane: usize,
    ) -> Outcome {
        let (residual, equation) = worst(block, regs, shift, lane);
        Outcome::Failed { residual, equation }
    }
}

fn residual<const L: usize>(
    block: &Block,
    regs: &[[f64; L]],
    shift: Option<&[[f64; L]]>,
    row: usize,
    lane: usize,
) -> f64 {
    let own = regs[block.residuals[row] as usize][lane];
    shift.map_or(own, |shift| own - shift[row][lane])
}

/// The largest scaled residual and its equation; infinite if anything is not a number.
fn worst<const L: usize>(
    block: &Block,
    regs: &[[f64; L]],
    shift: Option<&[[f64; L]]>,
    lane: usize,
) -> (f64, usize) {
    let mut found = (0.0, 0);
    for row in 0..block.tears.len() {
        let own = residual(block, regs, shift, row, lane).abs();
        let scale = regs[block.scales[row] as usize][lane];
        let scaled = if own == 0.0 { 0.0 } else { own / scale };
        if !own.is_finite() || !scale.is_finite() {
            return (f64::INFINITY, row);
        }
        if scaled > found.0 {
            found = (scaled, row);
        }
    }
    found
}
