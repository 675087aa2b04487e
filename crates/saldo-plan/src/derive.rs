//! Exact derivatives by the rules of calculus, one unknown at a time, as instructions.

use crate::code::{Instr, OpCode, Reg};
use crate::emit::Emitter;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// Derivatives that are not zero, by register.
type Slopes = BTreeMap<Reg, Reg>;

/// Differentiates the instructions of `part` whose results are `needed` by `unknown`: where a
/// result's derivative is, unless it is zero.
pub fn slopes(
    emitter: &mut Emitter,
    part: &Range<usize>,
    needed: &BTreeSet<Reg>,
    unknown: Reg,
) -> Slopes {
    let one = emitter.constant(1.0);
    let mut known = Slopes::from([(unknown, one)]);
    for at in part.clone() {
        let instr = emitter.code.instrs[at];
        if !needed.contains(&instr.dst) {
            continue;
        }
        if let Some(slope) = slope(emitter, &instr, &known) {
            known.insert(instr.dst, slope);
        }
    }
    known
}

/// One rule of calculus for each operation: long for that reason.
fn slope(e: &mut Emitter, i: &Instr, known: &Slopes) -> Option<Reg> {
    let of = |reg: Reg| known.get(&reg).copied();
    let (da, db) = (of(i.a), of(i.b));
    match i.op {
        OpCode::Copy => da,
        OpCode::Neg => Some(e.op(OpCode::Neg, da?, 0, 0)),
        OpCode::Exp => Some(times(e, da?, i.dst)),
        OpCode::Log => Some(e.op(OpCode::Div, da?, i.a, 0)),
        OpCode::Sqrt => {
            let twice = e.op(OpCode::Add, i.dst, i.dst, 0);
            Some(e.op(OpCode::Div, da?, twice, 0))
        }
        OpCode::Abs => {
            let zero = e.constant(0.0);
            let up = e.op(OpCode::Ge, i.a, zero, 0);
            let down = e.op(OpCode::Neg, da?, 0, 0);
            Some(e.op(OpCode::Select, up, da?, down))
        }
        OpCode::Tanh => {
            let one = e.constant(1.0);
            let square = e.op(OpCode::Mul, i.dst, i.dst, 0);
            let rest = e.op(OpCode::Sub, one, square, 0);
            Some(times(e, da?, rest))
        }
        OpCode::Add => sum(e, da, db),
        OpCode::Sub => match (da, db) {
            (None, None) => None,
            (da, None) => da,
            (None, Some(db)) => Some(e.op(OpCode::Neg, db, 0, 0)),
            (Some(da), Some(db)) => Some(e.op(OpCode::Sub, da, db, 0)),
        },
        OpCode::Mul => {
            let left = da.map(|da| times(e, da, i.b));
            let right = db.map(|db| times(e, db, i.a));
            sum(e, left, right)
        }
        OpCode::Div => {
            let drag = db.map(|db| times(e, db, i.dst));
            let top = match (da, drag) {
                (None, None) => return None,
                (Some(da), None) => da,
                (None, Some(drag)) => e.op(OpCode::Neg, drag, 0, 0),
                (Some(da), Some(drag)) => e.op(OpCode::Sub, da, drag, 0),
            };
            Some(e.op(OpCode::Div, top, i.b, 0))
        }
        OpCode::Pow => power(e, i, da, db),
        OpCode::Min | OpCode::Max => {
            let order = if i.op == OpCode::Min {
                OpCode::Le
            } else {
                OpCode::Ge
            };
            let first = e.op(order, i.a, i.b, 0);
            either(e, first, da, db)
        }
        OpCode::Select => either(e, i.a, of(i.b), of(i.c)),
        // Reaches only judge residuals.
        OpCode::Reach
        | OpCode::Not
        | OpCode::Floor
        | OpCode::Round
        | OpCode::Eq
        | OpCode::Ne
        | OpCode::Lt
        | OpCode::Le
        | OpCode::Gt
        | OpCode::Ge
        | OpCode::And
        | OpCode::Or
        | OpCode::Draw => None,
    }
}

/// `(a^b)' = b a^(b−1) a' + a^b ln(a) b'`
fn power(e: &mut Emitter, i: &Instr, da: Option<Reg>, db: Option<Reg>) -> Option<Reg> {
    let base = da.map(|da| {
        let lower = lower_power(e, i);
        let factor = e.op(OpCode::Mul, i.b, lower, 0);
        times(e, da, factor)
    });
    let exponent = db.map(|db| {
        let log = e.op(OpCode::Log, i.a, 0, 0);
        let factor = e.op(OpCode::Mul, i.dst, log, 0);
        times(e, db, factor)
    });
    sum(e, base, exponent)
}

/// `a^(b−1)`: where b is known, the power that was computed already over its base. At a base of
/// zero that is no number, as it should be for an exponent below 1; above 1 it is zero.
fn lower_power(e: &mut Emitter, i: &Instr) -> Reg {
    let Some(exponent) = e.constant_in(i.b) else {
        let one = e.constant(1.0);
        let less = e.op(OpCode::Sub, i.b, one, 0);
        return e.op(OpCode::Pow, i.a, less, 0);
    };
    let lower = e.op(OpCode::Div, i.dst, i.a, 0);
    if exponent < 1.0 {
        return lower;
    }
    let zero = e.constant(0.0);
    e.op(OpCode::Select, i.a, lower, zero)
}

fn sum(e: &mut Emitter, a: Option<Reg>, b: Option<Reg>) -> Option<Reg> {
    match (a, b) {
        (Some(a), Some(b)) => Some(e.op(OpCode::Add, a, b, 0)),
        (a, b) => a.or(b),
    }
}

fn times(e: &mut Emitter, slope: Reg, factor: Reg) -> Reg {
    if slope == e.constant(1.0) {
        factor
    } else {
        e.op(OpCode::Mul, slope, factor, 0)
    }
}

fn either(e: &mut Emitter, condition: Reg, a: Option<Reg>, b: Option<Reg>) -> Option<Reg> {
    if a.is_none() && b.is_none() {
        return None;
    }
    let zero = e.constant(0.0);
    let (a, b) = (a.unwrap_or(zero), b.unwrap_or(zero));
    Some(if a == b {
        a
    } else {
        e.op(OpCode::Select, condition, a, b)
    })
}
