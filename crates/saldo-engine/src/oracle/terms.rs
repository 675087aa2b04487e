//! A line's value beside the size of its terms, and what a line reads.

use crate::eval::{View, eval};
use saldo_model::ir::*;

/// A value, and the largest absolute term of the sums it is made of.
#[derive(Clone, Copy, Debug)]
pub struct Sized {
    pub value: f64,
    pub scale: f64,
}

/// Evaluates an expression and measures its terms.
pub fn sized(model: &Model, view: &dyn View, node: NodeId) -> Sized {
    let of = |node: NodeId| sized(model, view, node);
    match &model.nodes[node.at()].op {
        Op::Unary(Unary::Neg, a) => {
            let a = of(*a);
            Sized {
                value: -a.value,
                scale: a.scale,
            }
        }
        Op::Binary(op @ (Binary::Add | Binary::Sub), a, b) => {
            let (a, b) = (of(*a), of(*b));
            let value = match op {
                Binary::Add => a.value + b.value,
                _ => a.value - b.value,
            };
            Sized {
                value,
                scale: a.scale.max(b.scale),
            }
        }
        // What is divided, multiplied or chosen carries the rounding of its own terms along.
        Op::Binary(op @ (Binary::Mul | Binary::Div | Binary::Min | Binary::Max), a, b) => {
            carried(*op, of(*a), of(*b))
        }
        _ => {
            let value = eval(model, view, node);
            Sized {
                value,
                scale: value.abs(),
            }
        }
    }
}

fn carried(op: Binary, a: Sized, b: Sized) -> Sized {
    let (value, scale) = match op {
        Binary::Mul => (
            a.value * b.value,
            (a.scale * b.value).abs().max((a.value * b.scale).abs()),
        ),
        Binary::Div => (
            a.value / b.value,
            (a.scale / b.value)
                .abs()
                .max((a.value / b.value * (b.scale / b.value)).abs()),
        ),
        Binary::Min => return chosen(a, b, b.value < a.value),
        _ => return chosen(a, b, b.value > a.value),
    };
    Sized { value, scale }
}

/// The side that is taken; where the two meet, the noise of either may decide.
fn chosen(a: Sized, b: Sized, second: bool) -> Sized {
    let (taken, other) = if second { (b, a) } else { (a, b) };
    let close = (a.value - b.value).abs() <= 1e-12 * other.scale;
    Sized {
        value: taken.value,
        scale: if close {
            a.scale.max(b.scale)
        } else {
            taken.scale
        },
    }
}

/// Calls `see` for every line that an expression reads in its own period.
pub fn reads(model: &Model, node: NodeId, see: &mut dyn FnMut(VarId)) {
    match &model.nodes[node.at()].op {
        Op::Const(_) | Op::Input(_) | Op::Lag(..) | Op::Balance(..) | Op::InputLag(..) => {}
        Op::Var(line) => see(*line),
        Op::Unary(_, a) => reads(model, *a, see),
        Op::Binary(_, a, b) => [a, b].into_iter().for_each(|n| reads(model, *n, see)),
        Op::If(condition, a, b) => [condition, a, b]
            .into_iter()
            .for_each(|n| reads(model, *n, see)),
        Op::Random(it) => it.args.iter().for_each(|n| reads(model, *n, see)),
    }
}

/// The expressions of a definition.
pub fn sides(def: Def) -> impl Iterator<Item = NodeId> {
    let (first, second) = match def {
        Def::Is(node) => (node, None),
        Def::Solves { left, right } => (left, Some(right)),
    };
    std::iter::once(first).chain(second)
}
