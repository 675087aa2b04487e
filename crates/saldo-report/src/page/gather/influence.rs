//! How strongly a line answers to what stands in its formula, at one date.
//!
//! The partial derivative is exact: the chain rule is applied to the model's own expression,
//! from the result back to what it reads. A strength is an elasticity: by how many percent the
//! line would move at once if the other quantity alone were one percent larger.

use saldo_engine::eval::{View, eval};
use saldo_engine::{Inputs, Trace};
use saldo_math::random::{Key, Stream};
use saldo_model::ir::*;
use std::collections::BTreeMap;

/// What an expression reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Read {
    Line(VarId, u32),
    Balance(AccountId, u32),
    Input(InputId, u32),
}

/// A row of a finished run.
pub(crate) struct At<'a> {
    pub model: &'a Model,
    pub trace: &'a Trace,
    pub row: usize,
    pub seed: u64,
}

impl At<'_> {
    fn back(&self, back: u32) -> Option<usize> {
        self.row.checked_sub(back as usize)
    }
}

impl View for At<'_> {
    fn input(&self, input: InputId, back: u32) -> f64 {
        let inputs = Inputs {
            model: self.model,
            drawn: &self.trace.drawn,
        };
        inputs.at(input, self.row as i64 - i64::from(back))
    }
    fn line(&self, line: VarId) -> f64 {
        self.trace.line(line, self.row)
    }
    fn lag(&self, line: VarId, back: u32) -> f64 {
        self.back(back)
            .map_or(f64::NAN, |row| self.trace.line(line, row))
    }
    fn balance(&self, account: AccountId, back: u32) -> f64 {
        let count = self.model.accounts.len();
        let unit =
            self.model.instruments[self.model.accounts[account.at()].instrument.at()].resolution;
        self.back(back).map_or(f64::NAN, |row| {
            saldo_engine::to_base(self.trace.positions[row * count + account.at()], unit)
        })
    }
    fn stream(&self, line: &str) -> Stream {
        Stream::new(Key {
            seed: self.seed,
            draw: 0,
            line: saldo_model::line_key(line),
            period: self.row as u32,
        })
    }
}

/// Everything the definition of a line reads, each once, in the order of the text.
pub(crate) fn reads(model: &Model, line: VarId) -> Vec<Read> {
    let mut found = Vec::new();
    let mut open = model.vars[line.at()].def.sides();
    open.reverse();
    while let Some(node) = open.pop() {
        let read = match &model.nodes[node.at()].op {
            Op::Var(line) => Some(Read::Line(*line, 0)),
            Op::Lag(line, back) => Some(Read::Line(*line, *back)),
            Op::Balance(account, back) => Some(Read::Balance(*account, *back)),
            Op::Input(input) => Some(Read::Input(*input, 0)),
            Op::InputLag(input, back) => Some(Read::Input(*input, *back)),
            op => {
                open.extend(op.parts().into_iter().rev());
                None
            }
        };
        found.extend(read.filter(|read| !found.contains(read)));
    }
    found.retain(|read| *read != Read::Line(line, 0));
    found
}

/// Value of what is read, in base units.
pub(crate) fn value(at: &At, read: Read) -> f64 {
    match read {
        Read::Line(line, 0) => at.line(line),
        Read::Line(line, back) => at.lag(line, back),
        Read::Balance(account, back) => at.balance(account, back),
        Read::Input(input, back) => at.input(input, back),
    }
}

/// Elasticity of a line with respect to each of `reads`; NaN where it has none.
pub(crate) fn strengths(at: &At, line: VarId, reads: &[Read]) -> Vec<f64> {
    let mut slopes = BTreeMap::new();
    let own = match at.model.vars[line.at()].def {
        Def::Is(node) => {
            slope(at, node, 1.0, &mut slopes);
            1.0
        }
        Def::Solves { left, right } => {
            slope(at, left, 1.0, &mut slopes);
            slope(at, right, -1.0, &mut slopes);
            // left − right stays zero: dx = −(∂/∂other) / (∂/∂own) d(other).
            -slopes
                .get(&Read::Line(line, 0))
                .copied()
                .unwrap_or(f64::NAN)
        }
    };
    let result = at.line(line);
    let strength = |read: &Read| {
        let slope = slopes.get(read).copied().unwrap_or(0.0);
        slope / own * value(at, *read) / result
    };
    reads.iter().map(strength).collect()
}

/// Adds what `node` contributes, times `by`, to the derivative for everything it reads.
fn slope(at: &At, node: NodeId, by: f64, out: &mut BTreeMap<Read, f64>) {
    if by == 0.0 {
        return;
    }
    let of = |node: NodeId| eval(at.model, at, node);
    let mut add = |read| *out.entry(read).or_insert(0.0) += by;
    match &at.model.nodes[node.at()].op {
        Op::Var(line) => add(Read::Line(*line, 0)),
        Op::Lag(line, back) => add(Read::Line(*line, *back)),
        Op::Balance(account, back) => add(Read::Balance(*account, *back)),
        Op::Input(input) => add(Read::Input(*input, 0)),
        Op::InputLag(input, back) => add(Read::Input(*input, *back)),
        Op::Const(_) | Op::Random(_) => {}
        Op::Unary(op, a) => slope(at, *a, by * unary(*op, of(*a)), out),
        Op::Binary(op, a, b) => {
            let (left, right) = binary(*op, of(*a), of(*b));
            slope(at, *a, by * left, out);
            slope(at, *b, by * right, out);
        }
        Op::If(condition, a, b) => {
            let taken = if of(*condition) != 0.0 { *a } else { *b };
            slope(at, taken, by, out);
        }
    }
}

fn unary(op: Unary, a: f64) -> f64 {
    match op {
        Unary::Neg => -1.0,
        Unary::Exp => saldo_math::exp(a),
        Unary::Log => 1.0 / a,
        Unary::Sqrt => 0.5 / a.sqrt(),
        Unary::Abs => {
            if a < 0.0 {
                -1.0
            } else {
                1.0
            }
        }
        Unary::Tanh => {
            let value = saldo_math::tanh(a);
            1.0 - value * value
        }
        // Steps: flat between their jumps.
        Unary::Not | Unary::Floor | Unary::Round => 0.0,
    }
}

fn binary(op: Binary, a: f64, b: f64) -> (f64, f64) {
    match op {
        Binary::Add => (1.0, 1.0),
        Binary::Sub => (1.0, -1.0),
        Binary::Mul => (b, a),
        Binary::Div => (1.0 / b, -a / (b * b)),
        Binary::Pow => (
            if b == 0.0 {
                0.0
            } else {
                b * saldo_math::pow(a, b - 1.0)
            },
            if a > 0.0 {
                saldo_math::pow(a, b) * saldo_math::ln(a)
            } else {
                0.0
            },
        ),
        Binary::Min => {
            if b < a {
                (0.0, 1.0)
            } else {
                (1.0, 0.0)
            }
        }
        Binary::Max => {
            if b > a {
                (0.0, 1.0)
            } else {
                (1.0, 0.0)
            }
        }
        _ => (0.0, 0.0),
    }
}

#[cfg(test)]
mod tests {
    use super::binary;
    use saldo_model::ir::Binary;

    #[test]
    fn derivatives_agree_with_finite_changes() {
        let step = 1e-6;
        type Plain = fn(f64, f64) -> f64;
        let cases: [(Binary, Plain); 4] = [
            (Binary::Mul, |a, b| a * b),
            (Binary::Div, |a, b| a / b),
            (Binary::Pow, saldo_math::pow),
            (Binary::Min, |a, b| if b < a { b } else { a }),
        ];
        for (op, f) in cases {
            let (a, b) = (1.7, 0.6);
            let (left, right) = binary(op, a, b);
            let seen = (
                (f(a + step, b) - f(a - step, b)) / (2.0 * step),
                (f(a, b + step) - f(a, b - step)) / (2.0 * step),
            );
            assert!(
                (left - seen.0).abs() < 1e-6 && (right - seen.1).abs() < 1e-6,
                "{op:?}"
            );
        }
    }
}
