//! The slow, obvious evaluator: walks an expression of the model itself.

use saldo_math::random::Stream;
use saldo_model::ir::*;

/// Where the numbers come from.
pub trait View {
    /// Value of an input `back` periods ago.
    fn input(&self, input: InputId, back: u32) -> f64;
    fn line(&self, line: VarId) -> f64;
    /// Value of a line `back >= 1` periods ago.
    fn lag(&self, line: VarId, back: u32) -> f64;
    /// Closing balance `back >= 1` periods ago.
    fn balance(&self, account: AccountId, back: u32) -> f64;
    fn stream(&self, line: &str) -> Stream;
}

pub fn eval(model: &Model, view: &dyn View, node: NodeId) -> f64 {
    let of = |node: &NodeId| eval(model, view, *node);
    match &model.nodes[node.at()].op {
        Op::Const(value) => *value,
        Op::Input(input) => view.input(*input, 0),
        Op::InputLag(input, back) => view.input(*input, *back),
        Op::Var(line) => view.line(*line),
        Op::Lag(line, back) => view.lag(*line, *back),
        Op::Balance(account, back) => view.balance(*account, *back),
        Op::Unary(op, a) => unary(*op, of(a)),
        Op::Binary(op, a, b) => binary(*op, of(a), of(b)),
        Op::If(condition, a, b) => {
            if of(condition) != 0.0 {
                of(a)
            } else {
                of(b)
            }
        }
        Op::Random(it) => {
            let args: Vec<f64> = it.args.iter().map(of).collect();
            random(it.law, &args, &mut view.stream(&it.line))
        }
    }
}

fn unary(op: Unary, a: f64) -> f64 {
    match op {
        Unary::Neg => -a,
        Unary::Not => f64::from(u8::from(a == 0.0)),
        Unary::Exp => saldo_math::exp(a),
        Unary::Log => saldo_math::ln(a),
        Unary::Sqrt => a.sqrt(),
        Unary::Abs => a.abs(),
        Unary::Floor => a.floor(),
        Unary::Round => a.round(),
        Unary::Tanh => saldo_math::tanh(a),
    }
}

fn binary(op: Binary, a: f64, b: f64) -> f64 {
    let truth = |value: bool| f64::from(u8::from(value));
    match op {
        Binary::Add => a + b,
        Binary::Sub => a - b,
        Binary::Mul => a * b,
        Binary::Div => a / b,
        Binary::Pow => saldo_math::pow(a, b),
        Binary::Min => {
            if b < a {
                b
            } else {
                a
            }
        }
        Binary::Max => {
            if b > a {
                b
            } else {
                a
            }
        }
        Binary::Eq => truth(a == b),
        Binary::Ne => truth(a != b),
        Binary::Lt => truth(a < b),
        Binary::Le => truth(a <= b),
        Binary::Gt => truth(a > b),
        Binary::Ge => truth(a >= b),
        Binary::And => truth(a != 0.0 && b != 0.0),
        Binary::Or => truth(a != 0.0 || b != 0.0),
    }
}

/// One value of a law, written as in a textbook: the register code must agree to the bit.
pub fn random(law: Law, args: &[f64], stream: &mut Stream) -> f64 {
    let arg = |at: usize| args.get(at).copied().unwrap_or(0.0);
    match law {
        Law::Normal => arg(0) + arg(1) * stream.normal(),
        Law::Lognormal => arg(0) * saldo_math::exp(arg(1) * stream.normal()),
        Law::Uniform => arg(0) + (arg(1) - arg(0)) * stream.uniform(),
        Law::Bernoulli => f64::from(u8::from(stream.uniform() < arg(0))),
        Law::Pareto => saldo_math::pow(stream.uniform(), -(1.0 / arg(0))),
        Law::Beta => stream.beta(arg(0), arg(1)),
        Law::Gamma => stream.gamma(arg(0)) * arg(1),
        Law::Poisson => stream.poisson(arg(0)),
    }
}
