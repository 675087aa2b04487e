//! A block of one period: Newton from the likeliest start, then from others, then by homotopy.

use crate::lanes::{Dice, run};
use crate::newton::{Outcome, Work};
use saldo_plan::{Block, Code};

/// Solves a block in the registers. `start` holds the unknowns' last values (NaN if none).
#[allow(clippy::too_many_arguments)] // the state of one lane group, kept apart so that each part can be borrowed
pub fn solve<const L: usize>(
    code: &Code,
    block: &Block,
    work: &mut Work<L>,
    regs: &mut [[f64; L]],
    dice: &Dice,
    start: &[[f64; L]],
    open: &[bool; L],
    fallbacks: &mut [u64; L],
) -> [Outcome; L] {
    let size = block.tears.len();
    let likely = likely_start(code, block, regs, dice, start);
    let mut out: [Outcome; L] = std::array::from_fn(|lane| {
        if open[lane] {
            Outcome::Open
        } else {
            Outcome::Solved
        }
    });
    attempt(code, block, work, regs, dice, &likely, &mut out);
    for other in other_starts() {
        if !has_failed(&out) {
            return out;
        }
        count_failed(&out, fallbacks);
        let values: Vec<[f64; L]> = (0..size)
            .map(|at| std::array::from_fn(|lane| other(likely[at][lane])))
            .collect();
        retry(code, block, work, regs, dice, &values, &mut out);
    }
    for values in mixtures(block, start, &likely) {
        if !has_failed(&out) {
            return out;
        }
        retry(code, block, work, regs, dice, &values, &mut out);
    }
    for way in [settle_slowly::<L>, homotopy::<L>] {
        if !has_failed(&out) {
            return out;
        }
        count_failed(&out, fallbacks);
        way(code, block, work, regs, dice, &likely, &mut out);
    }
    out
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

/// A guess of the text, else the last value, else 1.
fn likely_start<const L: usize>(
    code: &Code,
    block: &Block,
    regs: &mut [[f64; L]],
    dice: &Dice,
    start: &[[f64; L]],
) -> Vec<[f64; L]> {
    run(code.slice(&block.guess_code), regs, dice);
    (0..block.tears.len())
        .map(|at| {
            std::array::from_fn(|lane| {
                let guess = block.guesses[at].map_or(f64::NAN, |reg| regs[reg as usize][lane]);
                let value = if guess.is_finite() {
                    guess
                } else {
                    start[at][lane]
                };
                if value.is_finite() { value } else { 1.0 }
            })
        })
        .collect()
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

fn attempt<const L: usize>(
    code: &Code,
    block: &Block,
    work: &mut Work<L>,
    regs: &mut [[f64; L]],
    dice: &Dice,
    values: &[[f64; L]],
    out: &mut [Outcome; L],
) {
    for (at, tear) in block.tears.iter().enumerate() {
        for lane in 0..L {
            if out[lane] == Outcome::Open {
                regs[tear.at()][lane] = values[at][lane];
            }
        }
    }
    work.newton(code, block, regs, dice, None, out);
}

/// Opens the failed lanes again and tries from other values.
fn retry<const L: usize>(
    code: &Code,
    block: &Block,
    work: &mut Work<L>,
    regs: &mut [[f64; L]],
    dice: &Dice,
    values: &[[f64; L]],
    out: &mut [Outcome; L],
) {
    let before = *out;
    for lane in 0..L {
        if matches!(before[lane], Outcome::Failed { .. }) {
            out[lane] = Outcome::Open;
        }
    }
    attempt(code, block, work, regs, dice, values, out);
    for lane in 0..L {
        // Of two failures the first one is told: it started where the reader would.
        if matches!(out[lane], Outcome::Failed { .. }) {
            out[lane] = before[lane];
        }
    }
}

/// Damped substitution, as people adjust, then Newton from where it leads.
fn settle_slowly<const L: usize>(
    code: &Code,
    block: &Block,
    work: &mut Work<L>,
    regs: &mut [[f64; L]],
    dice: &Dice,
    likely: &[[f64; L]],
    out: &mut [Outcome; L],
) {
    let size = block.tears.len();
    let mut values = likely.to_vec();
    for _ in 0..400 {
        place_failed(block, regs, &values, out);
        run(code.slice(&block.residual_code), regs, dice);
        for (at, value) in values.iter_mut().enumerate().take(size) {
            for lane in 0..L {
                let step = 0.3 * regs[block.residuals[at] as usize][lane];
                if step.is_finite() {
                    value[lane] += step;
                }
            }
        }
    }
    retry(code, block, work, regs, dice, &values, out);
}

/// Follows the solution of `F(x) = s F(x0)` from s = 1 to s = 0 (Allgower and Georg 1990, ch. 1).
fn homotopy<const L: usize>(
    code: &Code,
    block: &Block,
    work: &mut Work<L>,
    regs: &mut [[f64; L]],
    dice: &Dice,
    likely: &[[f64; L]],
    out: &mut [Outcome; L],
) {
    let before = *out;
    place_failed(block, regs, likely, out);
    run(code.slice(&block.residual_code), regs, dice);
    let first: Vec<[f64; L]> = block
        .residuals
        .iter()
        .map(|reg| regs[*reg as usize])
        .collect();
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
        work.newton(code, block, regs, dice, Some(&shift), out);
    }
    for lane in 0..L {
        if matches!(out[lane], Outcome::Failed { .. }) {
            out[lane] = before[lane];
        }
    }
}

fn place_failed<const L: usize>(
    block: &Block,
    regs: &mut [[f64; L]],
    values: &[[f64; L]],
    out: &[Outcome; L],
) {
    for (at, tear) in block.tears.iter().enumerate() {
        for lane in 0..L {
            if matches!(out[lane], Outcome::Failed { .. }) {
                regs[tear.at()][lane] = values[at][lane];
            }
        }
    }
}
