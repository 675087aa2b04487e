//! A block of one period: Newton from the likeliest start, then from others, then by homotopy.

use crate::lanes::run;
use crate::newton::Work;
use crate::residual::{Outcome, Task};
use crate::scalar::scalar;
use saldo_plan::Block;

/// Where the unknowns have been: row by unknown, NaN where there is no past.
pub struct Past<'a, const L: usize> {
    pub last: &'a [[f64; L]],
    pub before_last: &'a [[f64; L]],
}

/// Solves a block in the registers.
pub fn solve<const L: usize>(
    task: &Task<L>,
    work: &mut Work<L>,
    regs: &mut [[f64; L]],
    past: &Past<L>,
    open: &[bool; L],
    fallbacks: &mut [u64; L],
) -> [Outcome; L] {
    let mut out = open.map(|open| match open {
        true => Outcome::Open,
        false => Outcome::Solved,
    });
    run(task.code, &task.block.guess_code, regs, task.dice);
    run(task.code, &task.block.fixed_code, regs, task.dice);
    for at in 0..task.block.tears.len() {
        regs[task.block.tears[at].at()] = ahead(task, regs, past, at);
    }
    one_attempt(task, work, regs, &mut out);
    if has_failed(&out) {
        fall_back(task, work, regs, past, &mut out, fallbacks);
    }
    take_own_values(task, regs);
    out
}

/// An unknown with a formula takes the value of that formula, from which it differs by rounding:
/// a share that is `min(1, …)` is then exactly 1, and what is owed is paid to the last unit.
fn take_own_values<const L: usize>(task: &Task<L>, regs: &mut [[f64; L]]) {
    let mut moved = false;
    for (at, tear) in task.block.tears.iter().enumerate() {
        if task.block.explicit[at] {
            let residual = regs[task.block.residuals[at] as usize];
            let unknown = &mut regs[tear.at()];
            for lane in 0..L {
                moved |= residual[lane] != 0.0;
                unknown[lane] += residual[lane];
            }
        }
    }
    if moved {
        task.evaluate(regs);
    }
}

/// The likeliest value: a guess of the text, else the past continued in a straight line.
fn ahead<const L: usize>(task: &Task<L>, regs: &[[f64; L]], past: &Past<L>, at: usize) -> [f64; L] {
    let mut value = last(task, regs, past, at);
    if task.block.guesses[at].is_none() {
        for (lane, value) in value.iter_mut().enumerate() {
            let straight = 2.0 * past.last[at][lane] - past.before_last[at][lane];
            if straight.is_finite() {
                *value = straight;
            }
        }
    }
    value
}

/// A guess of the text, else the last value, else 1.
fn last<const L: usize>(task: &Task<L>, regs: &[[f64; L]], past: &Past<L>, at: usize) -> [f64; L] {
    let guess = task.block.guesses[at].map_or([f64::NAN; L], |reg| regs[reg as usize]);
    std::array::from_fn(|lane| {
        let known = [guess[lane], past.last[at][lane]];
        known
            .into_iter()
            .find(|value| value.is_finite())
            .unwrap_or(1.0)
    })
}

fn one_attempt<const L: usize>(
    task: &Task<L>,
    work: &mut Work<L>,
    regs: &mut [[f64; L]],
    out: &mut [Outcome; L],
) {
    match task.block.tears.len() {
        1 => scalar(task, regs, &mut work.iterations, out),
        _ => work.newton(task, regs, out),
    }
}

/// The first start has not led to a solution in every lane: others, then slower ways.
fn fall_back<const L: usize>(
    task: &Task<L>,
    work: &mut Work<L>,
    regs: &mut [[f64; L]],
    past: &Past<L>,
    out: &mut [Outcome; L],
    fallbacks: &mut [u64; L],
) {
    let size = task.block.tears.len();
    let likely: Vec<[f64; L]> = (0..size).map(|at| last(task, regs, past, at)).collect();
    retry(task, work, regs, &likely, out);
    for other in other_starts() {
        if !has_failed(out) {
            return;
        }
        count_failed(out, fallbacks);
        let values: Vec<[f64; L]> = likely.iter().map(|row| row.map(other)).collect();
        retry(task, work, regs, &values, out);
    }
    for values in mixtures(task.block, past.last, &likely) {
        if !has_failed(out) {
            return;
        }
        retry(task, work, regs, &values, out);
    }
    for way in [settle_slowly::<L>, homotopy::<L>] {
        if !has_failed(out) {
            return;
        }
        count_failed(out, fallbacks);
        way(task, work, regs, &likely, out);
    }
}

fn has_failed<const L: usize>(out: &[Outcome; L]) -> bool {
    out.iter()
        .any(|lane| matches!(lane, Outcome::Failed { .. }))
}

fn count_failed<const L: usize>(out: &[Outcome; L], fallbacks: &mut [u64; L]) {
    for (lane, count) in out.iter().zip(fallbacks) {
        *count += u64::from(matches!(lane, Outcome::Failed { .. }));
    }
}

/// Where else a solution may be reached from.
fn other_starts() -> [fn(f64) -> f64; 7] {
    [
        |_| 0.0,
        |_| 1.0,
        |last| last * 2.0,
        |last| last * 0.5,
        |_| 1e-3,
        |_| 1e3,
        |_| 1e6,
    ]
}

/// Starts for unknowns without past or guess, beside those that have one: prices are about 1,
/// amounts are not, and which is which shows only in the solution. Every mixture is tried while
/// there are few.
fn mixtures<'a, const L: usize>(
    block: &'a Block,
    start: &'a [[f64; L]],
    likely: &'a [[f64; L]],
) -> impl Iterator<Item = Vec<[f64; L]>> + 'a {
    const AMOUNTS: [f64; 3] = [100.0, 1e4, 1e7];
    const FEW: usize = 6;
    let blank = |at: &usize| block.guesses[*at].is_none() && start[*at].iter().all(|v| v.is_nan());
    let blank: Vec<usize> = (0..block.tears.len()).filter(blank).collect();
    let count = if blank.len() <= FEW {
        1u32 << blank.len()
    } else {
        2
    };
    let last = count - 1;
    AMOUNTS.into_iter().flat_map(move |amount| {
        let blank = blank.clone();
        (1..count).map(move |mixture| {
            let mut values = likely.to_vec();
            for (bit, at) in blank.iter().enumerate() {
                if mixture == last || mixture >> bit & 1 == 1 {
                    values[*at] = [amount; L];
                }
            }
            values
        })
    })
}

/// Opens the failed lanes again and tries from other values.
fn retry<const L: usize>(
    task: &Task<L>,
    work: &mut Work<L>,
    regs: &mut [[f64; L]],
    values: &[[f64; L]],
    out: &mut [Outcome; L],
) {
    let before = *out;
    place_failed(task, regs, values, out);
    reopen(out);
    one_attempt(task, work, regs, out);
    keep_first_failure(&before, out);
}

fn reopen<const L: usize>(out: &mut [Outcome; L]) {
    for lane in out {
        if matches!(lane, Outcome::Failed { .. }) {
            *lane = Outcome::Open;
        }
    }
}

/// Of two failures the first one is told: it started where the reader would.
fn keep_first_failure<const L: usize>(before: &[Outcome; L], out: &mut [Outcome; L]) {
    for (lane, before) in out.iter_mut().zip(before) {
        if matches!(lane, Outcome::Failed { .. }) {
            *lane = *before;
        }
    }
}

/// Damped substitution, as people adjust, then Newton from where it leads.
fn settle_slowly<const L: usize>(
    task: &Task<L>,
    work: &mut Work<L>,
    regs: &mut [[f64; L]],
    likely: &[[f64; L]],
    out: &mut [Outcome; L],
) {
    let mut values = likely.to_vec();
    for _ in 0..400 {
        place_failed(task, regs, &values, out);
        task.evaluate(regs);
        for (value, residual) in values.iter_mut().zip(&task.block.residuals) {
            for lane in 0..L {
                let step = 0.3 * regs[*residual as usize][lane];
                if step.is_finite() {
                    value[lane] += step;
                }
            }
        }
    }
    retry(task, work, regs, &values, out);
}

/// Follows the solution of `F(x) = s F(x0)` from s = 1 to s = 0 (Allgower and Georg 1990, ch. 1).
fn homotopy<const L: usize>(
    task: &Task<L>,
    work: &mut Work<L>,
    regs: &mut [[f64; L]],
    likely: &[[f64; L]],
    out: &mut [Outcome; L],
) {
    let before = *out;
    place_failed(task, regs, likely, out);
    task.evaluate(regs);
    let residuals = task.block.residuals.iter();
    let first: Vec<[f64; L]> = residuals.map(|reg| regs[*reg as usize]).collect();
    const PARTS: i32 = 64;
    for part in (0..PARTS).rev() {
        let share = f64::from(part) / f64::from(PARTS);
        let shift: Vec<[f64; L]> = first
            .iter()
            .map(|row| row.map(|value| value * share))
            .collect();
        for lane in 0..L {
            let try_on = matches!(before[lane], Outcome::Failed { .. });
            let lost = part < PARTS - 1 && matches!(out[lane], Outcome::Failed { .. });
            if try_on && !lost {
                out[lane] = Outcome::Open;
            }
        }
        let shifted = Task {
            shift: Some(&shift),
            ..*task
        };
        one_attempt(&shifted, work, regs, out);
    }
    keep_first_failure(&before, out);
}

fn place_failed<const L: usize>(
    task: &Task<L>,
    regs: &mut [[f64; L]],
    values: &[[f64; L]],
    out: &[Outcome; L],
) {
    for (tear, values) in task.block.tears.iter().zip(values) {
        for lane in 0..L {
            if matches!(out[lane], Outcome::Failed { .. }) {
                regs[tear.at()][lane] = values[lane];
            }
        }
    }
}
