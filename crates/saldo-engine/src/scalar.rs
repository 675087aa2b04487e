//! One unknown: Newton, kept inside a bracket once a change of sign has been seen, each lane on
//! its own (Press and others 2007, 9.4, after Dekker 1969). Before that, steps that do not help
//! are halved.

use crate::residual::{GOOD, HALVINGS, Outcome, STEPS, TIGHT, Task, all_worst};

#[derive(Clone, Copy)]
struct Lane {
    /// The best point so far, its residual and scaled residual.
    base: f64,
    residual: f64,
    worst: f64,
    step: f64,
    halvings: u32,
    /// Points with a negative and a positive residual, as near as known; NaN before.
    below: f64,
    above: f64,
    fresh: bool,
}

/// A lane and its scaled residual.
#[derive(Clone, Copy)]
struct Look {
    lane: usize,
    worst: f64,
}

impl Lane {
    fn inside(&self, x: f64) -> bool {
        let (low, high) = (self.below.min(self.above), self.below.max(self.above));
        low < x && x < high
    }

    fn is_bracketed(&self) -> bool {
        !self.below.is_nan() && !self.above.is_nan()
    }

    fn middle(&self) -> f64 {
        self.below + 0.5 * (self.above - self.below)
    }
}

/// Solves the lanes that are `Open`, from the value in the register of the unknown.
pub fn scalar<const L: usize>(
    task: &Task<L>,
    regs: &mut [[f64; L]],
    iterations: &mut [u64; L],
    out: &mut [Outcome; L],
) {
    let unseen = Lane {
        base: f64::NAN,
        residual: f64::INFINITY,
        worst: f64::INFINITY,
        step: 0.0,
        halvings: 0,
        below: f64::NAN,
        above: f64::NAN,
        fresh: false,
    };
    let mut lanes = [unseen; L];
    let mut moved = false;
    let mut has_slopes = false;
    for _ in 0..STEPS {
        task.evaluate(regs);
        moved = false;
        let mut worst = [0.0; L];
        all_worst(task, regs, &mut worst);
        for lane in 0..L {
            if out[lane] == Outcome::Open {
                let look = Look {
                    lane,
                    worst: worst[lane],
                };
                moved |= judge(task, regs, look, &mut lanes[lane], &mut out[lane]);
            }
        }
        let asks = |lane: usize| out[lane] == Outcome::Open && lanes[lane].fresh;
        if (0..L).any(asks) && !(task.block.linear && has_slopes) {
            task.differentiate(regs);
            has_slopes = true;
        }
        for lane in 0..L {
            if out[lane] == Outcome::Open && lanes[lane].fresh {
                moved = true;
                iterations[lane] += 1;
                direct(task, regs, lane, &mut lanes[lane], &mut out[lane]);
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

fn unknown<const L: usize>(task: &Task<L>) -> usize {
    task.block.tears[0].at()
}

/// Takes the trial point, or tries nearer to the base or in the middle of the bracket. True if
/// it put another value into the register.
fn judge<const L: usize>(
    task: &Task<L>,
    regs: &mut [[f64; L]],
    Look { lane, worst }: Look,
    state: &mut Lane,
    out: &mut Outcome,
) -> bool {
    let x = regs[unknown(task)][lane];
    if worst <= TIGHT {
        *out = Outcome::Solved;
        return false;
    }
    let residual = task.residual(regs, 0, lane);
    let first = state.base.is_nan();
    if worst.is_finite() {
        let side = match residual < 0.0 {
            true => &mut state.below,
            false => &mut state.above,
        };
        *side = x;
    } else if first {
        *out = task.failed(regs, lane);
        return false;
    }
    let better = residual.abs() < state.residual.abs() * (1.0 - 1e-4);
    let bisected = state.is_bracketed() && state.halvings > 0;
    if first || worst.is_finite() && (better || bisected && state.worst > GOOD) {
        state.base = x;
        state.residual = residual;
        state.worst = worst;
        state.halvings = 0;
        state.fresh = true;
        return false;
    }
    regs[unknown(task)][lane] = retreat(task, regs, lane, state, out);
    true
}

/// Where to try instead of a point that was no better.
fn retreat<const L: usize>(
    task: &Task<L>,
    regs: &[[f64; L]],
    lane: usize,
    state: &mut Lane,
    out: &mut Outcome,
) -> f64 {
    state.halvings += 1;
    if state.worst <= GOOD {
        *out = Outcome::Solved;
        return state.base;
    }
    let middle = state.middle();
    if state.is_bracketed() && state.inside(middle) {
        return middle;
    }
    if state.is_bracketed() || state.halvings > HALVINGS {
        // Nothing lies between: a jump or a pole. Or no step helps.
        *out = task.failed(regs, lane);
        return state.base;
    }
    state.step *= 0.5;
    state.base + state.step
}

/// Newton's step from the base, or the middle of the bracket if it leads out of it.
fn direct<const L: usize>(
    task: &Task<L>,
    regs: &mut [[f64; L]],
    lane: usize,
    state: &mut Lane,
    out: &mut Outcome,
) {
    state.fresh = false;
    let slope = task.block.slopes.first();
    let slope = slope.map_or(0.0, |(_, _, reg)| regs[*reg as usize][lane]);
    state.step = -state.residual / slope;
    let trial = state.base + state.step;
    let middle = state.middle();
    if trial.is_finite() && (!state.is_bracketed() || state.inside(trial)) {
        regs[unknown(task)][lane] = trial;
    } else if state.worst <= GOOD {
        *out = Outcome::Solved;
    } else if state.is_bracketed() && state.inside(middle) {
        state.halvings = 1;
        regs[unknown(task)][lane] = middle;
    } else {
        *out = task.failed(regs, lane);
    }
}
