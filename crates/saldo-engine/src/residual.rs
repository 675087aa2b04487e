//! What a block asks of its unknowns, and how far a lane is from it.

// A loop over lanes runs along several rows at once.
#![allow(clippy::needless_range_loop)]

use crate::lanes::{Dice, Sound, run};
use saldo_plan::Block;

/// A residual this small against the terms of its equation is a solution.
pub const TIGHT: f64 = 1e-14;
/// Where rounding allows no better, this is accepted.
pub const GOOD: f64 = 1e-10;
/// Evaluations of a block that one start is worth.
pub const STEPS: usize = 200;
/// How often a step is halved.
pub const HALVINGS: u32 = 40;

/// A block in a period.
#[derive(Clone, Copy)]
pub struct Task<'a, const L: usize> {
    pub code: Sound<'a>,
    pub block: &'a Block,
    pub dice: &'a Dice<'a>,
    /// Subtracted from the residuals (a homotopy; usually none).
    pub shift: Option<&'a [[f64; L]]>,
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

impl<const L: usize> Task<'_, L> {
    /// Residuals, scales and the lines that follow, from the unknowns in their registers. The
    /// branches of `if`, `min` and `max` are those that hold at these values, so a residual that
    /// is small is small on the branch the solution lies on.
    pub fn evaluate(&self, regs: &mut [[f64; L]]) {
        run(self.code, &self.block.residual_code, regs, self.dice);
    }

    /// Derivatives where the residuals were evaluated last.
    pub fn differentiate(&self, regs: &mut [[f64; L]]) {
        run(self.code, &self.block.slope_code, regs, self.dice);
    }

    pub fn residual(&self, regs: &[[f64; L]], row: usize, lane: usize) -> f64 {
        let own = regs[self.block.residuals[row] as usize][lane];
        self.shift.map_or(own, |shift| own - shift[row][lane])
    }

    pub fn scale(&self, regs: &[[f64; L]], row: usize, lane: usize) -> f64 {
        regs[self.block.scales[row] as usize][lane]
    }

    /// The largest scaled residual and its equation; infinite if anything is not a number.
    pub fn worst(&self, regs: &[[f64; L]], lane: usize) -> (f64, usize) {
        let mut found = (0.0, 0);
        for row in 0..self.block.tears.len() {
            let size = share(self.residual(regs, row, lane), self.scale(regs, row, lane));
            if size > found.0 {
                found = (size, row);
            }
        }
        found
    }

    /// The largest scaled residual in all lanes, as [`Task::worst`].
    #[inline(always)]
    pub fn all_worst(&self, regs: &[[f64; L]]) -> [f64; L] {
        let mut found = [0.0; L];
        for row in 0..self.block.tears.len() {
            let (residual, scale) = (self.residuals(regs, row), self.scales(regs, row));
            for lane in 0..L {
                let size = share(residual[lane], scale[lane]);
                found[lane] = if size > found[lane] {
                    size
                } else {
                    found[lane]
                };
            }
        }
        found
    }

    /// Residuals of an equation in all lanes.
    #[inline(always)]
    pub fn residuals(&self, regs: &[[f64; L]], row: usize) -> [f64; L] {
        let mut own = regs[self.block.residuals[row] as usize];
        if let Some(shift) = self.shift {
            for lane in 0..L {
                own[lane] -= shift[row][lane];
            }
        }
        own
    }

    #[inline(always)]
    pub fn scales<'r>(&self, regs: &'r [[f64; L]], row: usize) -> &'r [f64; L] {
        &regs[self.block.scales[row] as usize]
    }

    pub fn failed(&self, regs: &[[f64; L]], lane: usize) -> Outcome {
        let (residual, equation) = self.worst(regs, lane);
        Outcome::Failed { residual, equation }
    }

    /// What is still open when the steps are used up has failed.
    pub fn give_up(&self, regs: &[[f64; L]], out: &mut [Outcome; L]) {
        for (lane, outcome) in out.iter_mut().enumerate() {
            if *outcome == Outcome::Open {
                *outcome = self.failed(regs, lane);
            }
        }
    }
}

/// A residual as a share of the terms it is judged by; infinite where one is not a number.
#[inline(always)]
fn share(residual: f64, scale: f64) -> f64 {
    let size = residual.abs();
    let share = if size == 0.0 { 0.0 } else { size / scale };
    let fine = (size < f64::INFINITY) & (scale.abs() < f64::INFINITY);
    if fine { share } else { f64::INFINITY }
}
