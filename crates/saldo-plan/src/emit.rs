//! Expressions to instructions. Equal operations on equal registers are computed once.

use crate::code::{Code, DrawTerm, Instr, Load, OpCode, Reg};
use saldo_model::ir::{Binary, Law, Model, NodeId, Op, Unary};
use std::collections::BTreeMap;

/// Key of a load: kind, what, how far back.
type LoadKey = (u8, u64, u32);
type ValueKey = (OpCode, Reg, Reg, Reg);

pub struct Emitter<'m> {
    pub model: &'m Model,
    pub code: Code,
    loads: BTreeMap<LoadKey, Reg>,
    /// Operations whose result is still valid, and where it is.
    values: BTreeMap<ValueKey, Reg>,
}

impl<'m> Emitter<'m> {
    pub fn new(model: &'m Model) -> Self {
        let code = Code {
            registers: model.vars.len() as u32,
            ..Code::default()
        };
        Emitter {
            model,
            code,
            loads: BTreeMap::new(),
            values: BTreeMap::new(),
        }
    }

    fn fresh(&mut self) -> Reg {
        self.code.registers += 1;
        self.code.registers - 1
    }

    /// Runs `inside` and forgets the results it computed: they hold only when that part has run.
    pub fn apart<T>(&mut self, inside: impl FnOnce(&mut Self) -> T) -> T {
        let values = self.values.clone();
        let result = inside(self);
        self.values = values;
        result
    }

    /// After posting, lines hold other values: nothing computed from them is valid any more.
    pub fn forget(&mut self) {
        self.values.clear();
    }

    pub fn constant(&mut self, value: f64) -> Reg {
        let key = (0, value.to_bits(), 0);
        if let Some(reg) = self.loads.get(&key) {
            return *reg;
        }
        let reg = self.fresh();
        self.loads.insert(key, reg);
        self.code.constants.push((reg, value));
        reg
    }

    /// The constant that a register always holds.
    pub fn constant_in(&self, reg: Reg) -> Option<f64> {
        let constants = &self.code.constants;
        let at = constants.binary_search_by_key(&reg, |(reg, _)| *reg);
        at.ok().map(|at| constants[at].1)
    }

    fn load(&mut self, kind: u8, what: u32, back: u32, load: Load) -> Reg {
        let key = (kind, u64::from(what), back);
        if let Some(reg) = self.loads.get(&key) {
            return *reg;
        }
        let reg = self.fresh();
        self.loads.insert(key, reg);
        self.code.loads.push((reg, load));
        reg
    }

    pub fn op(&mut self, op: OpCode, a: Reg, b: Reg, c: Reg) -> Reg {
        if let Some(reg) = self.values.get(&(op, a, b, c)) {
            return *reg;
        }
        let dst = self.fresh();
        self.push(op, dst, a, b, c);
        dst
    }

    fn push(&mut self, op: OpCode, dst: Reg, a: Reg, b: Reg, c: Reg) {
        self.code.instrs.push(Instr { op, dst, a, b, c });
        self.values.insert((op, a, b, c), dst);
    }

    /// Computes an expression and returns where it is.
    pub fn node(&mut self, node: NodeId) -> Reg {
        match self.shape(node) {
            Shape::At(reg) => reg,
            Shape::Op(op, a, b, c) => self.op(op, a, b, c),
        }
    }

    /// Computes an expression into the register of a line.
    pub fn line(&mut self, node: NodeId, dst: Reg) {
        match self.shape(node) {
            Shape::At(reg) => self.push(OpCode::Copy, dst, reg, 0, 0),
            Shape::Op(op, a, b, c) => match self.values.get(&(op, a, b, c)) {
                Some(reg) => {
                    let reg = *reg;
                    self.push(OpCode::Copy, dst, reg, 0, 0);
                }
                None => self.push(op, dst, a, b, c),
            },
        }
    }

    /// The operands are computed; the operation itself is left to the caller.
    fn shape(&mut self, node: NodeId) -> Shape {
        let model = self.model;
        match &model.nodes[node.at()].op {
            Op::Const(value) => Shape::At(self.constant(*value)),
            Op::Input(input) => Shape::At(self.load(1, input.0, 0, Load::Input(*input, 0))),
            Op::InputLag(input, back) => {
                Shape::At(self.load(1, input.0, *back, Load::Input(*input, *back)))
            }
            Op::Lag(var, back) => Shape::At(self.load(2, var.0, *back, Load::Lag(*var, *back))),
            Op::Balance(account, _) => {
                Shape::At(self.load(3, account.0, 1, Load::Opening(*account)))
            }
            Op::Var(var) => Shape::At(var.0),
            Op::Unary(op, a) => {
                let a = self.node(*a);
                Shape::Op(unary(*op), a, 0, 0)
            }
            Op::Binary(op, a, b) => {
                let (a, b) = (self.node(*a), self.node(*b));
                match (op, self.constant_in(b)) {
                    (Binary::Pow, Some(exponent)) => self.constant_power(a, b, exponent),
                    _ => Shape::Op(binary(*op), a, b, 0),
                }
            }
            Op::If(condition, a, b) => {
                let (condition, a, b) = (self.node(*condition), self.node(*a), self.node(*b));
                Shape::Op(OpCode::Select, condition, a, b)
            }
            Op::Random(it) => self.random(it.law, &it.args, &it.line),
        }
    }

    /// Powers that are one operation, to the same bit.
    fn constant_power(&mut self, base: Reg, power: Reg, exponent: f64) -> Shape {
        match exponent {
            1.0 => Shape::At(base),
            2.0 => Shape::Op(OpCode::Mul, base, base, 0),
            -1.0 => Shape::Op(OpCode::Div, self.constant(1.0), base, 0),
            _ => Shape::Op(OpCode::Pow, base, power, 0),
        }
    }

    /// Laws that are a shifted and scaled standard one are written so: they keep their derivative.
    fn random(&mut self, law: Law, args: &[NodeId], line: &str) -> Shape {
        let args: Vec<Reg> = args.iter().map(|arg| self.node(*arg)).collect();
        let arg = |at: usize| args.get(at).copied().unwrap_or(0);
        let (zero, one) = (self.constant(0.0), self.constant(1.0));
        let mut draw = |law, a, b| {
            let term = self.code.draws.len() as Reg;
            self.code.draws.push(DrawTerm {
                law,
                line: saldo_model::line_key(line),
            });
            self.op(OpCode::Draw, a, b, term)
        };
        match law {
            Law::Normal | Law::Lognormal => {
                let standard = draw(Law::Normal, zero, one);
                let spread = self.op(OpCode::Mul, arg(1), standard, 0);
                if law == Law::Normal {
                    return Shape::Op(OpCode::Add, arg(0), spread, 0);
                }
                let factor = self.op(OpCode::Exp, spread, 0, 0);
                Shape::Op(OpCode::Mul, arg(0), factor, 0)
            }
            Law::Uniform => {
                let standard = draw(Law::Uniform, zero, one);
                let width = self.op(OpCode::Sub, arg(1), arg(0), 0);
                let part = self.op(OpCode::Mul, width, standard, 0);
                Shape::Op(OpCode::Add, arg(0), part, 0)
            }
            Law::Bernoulli => {
                let standard = draw(Law::Uniform, zero, one);
                Shape::Op(OpCode::Lt, standard, arg(0), 0)
            }
            Law::Pareto => {
                let standard = draw(Law::Uniform, zero, one);
                let power = self.op(OpCode::Div, one, arg(0), 0);
                let power = self.op(OpCode::Neg, power, 0, 0);
                Shape::Op(OpCode::Pow, standard, power, 0)
            }
            Law::Beta | Law::Gamma | Law::Poisson => Shape::At(draw(law, arg(0), arg(1))),
        }
    }
}

enum Shape {
    At(Reg),
    Op(OpCode, Reg, Reg, Reg),
}

fn unary(op: Unary) -> OpCode {
    match op {
        Unary::Neg => OpCode::Neg,
        Unary::Not => OpCode::Not,
        Unary::Exp => OpCode::Exp,
        Unary::Log => OpCode::Log,
        Unary::Sqrt => OpCode::Sqrt,
        Unary::Abs => OpCode::Abs,
        Unary::Floor => OpCode::Floor,
        Unary::Round => OpCode::Round,
        Unary::Tanh => OpCode::Tanh,
    }
}

fn binary(op: Binary) -> OpCode {
    match op {
        Binary::Add => OpCode::Add,
        Binary::Sub => OpCode::Sub,
        Binary::Mul => OpCode::Mul,
        Binary::Div => OpCode::Div,
        Binary::Pow => OpCode::Pow,
        Binary::Min => OpCode::Min,
        Binary::Max => OpCode::Max,
        Binary::Eq => OpCode::Eq,
        Binary::Ne => OpCode::Ne,
        Binary::Lt => OpCode::Lt,
        Binary::Le => OpCode::Le,
        Binary::Gt => OpCode::Gt,
        Binary::Ge => OpCode::Ge,
        Binary::And => OpCode::And,
        Binary::Or => OpCode::Or,
    }
}
