//! Register code: a destination is never also a source.

use saldo_model::ir::{AccountId, InputId, Law, VarId};
use std::ops::Range;

/// A register. The first ones are the lines of the model, by their number.
pub type Reg = u32;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum OpCode {
    Copy,
    Neg,
    Not,
    Exp,
    Log,
    Sqrt,
    Abs,
    Floor,
    Round,
    Tanh,
    Add,
    Sub,
    Mul,
    Div,
    Pow,
    Min,
    Max,
    /// `max(a, |b|)`
    Reach,
    Eq,
    Ne,
    Lt,
    Le,
    Gt,
    Ge,
    And,
    Or,
    /// `a != 0 ? b : c`
    Select,
    /// A random term: arguments in `a` and `b`, its number in [`Code::draws`] in `c`.
    Draw,
}

/// `dst = op(a, b, c)`; operands that an operation does not have are 0.
#[derive(Clone, Copy, Debug)]
pub struct Instr {
    pub op: OpCode,
    pub dst: Reg,
    pub a: Reg,
    pub b: Reg,
    pub c: Reg,
}

impl Instr {
    /// An operation of two operands, for tests.
    #[cfg(test)]
    pub fn binary(op: OpCode, dst: Reg, a: Reg, b: Reg) -> Instr {
        Instr {
            op,
            dst,
            a,
            b,
            c: 0,
        }
    }

    /// The registers it reads; the first ones again where it has fewer than three operands.
    pub fn reads(&self) -> [Reg; 3] {
        match self.arity() {
            1 => [self.a; 3],
            2 => [self.a, self.b, self.b],
            _ => [self.a, self.b, self.c],
        }
    }

    /// How many registers it reads.
    fn arity(&self) -> usize {
        match self.op {
            OpCode::Select => 3,
            OpCode::Copy
            | OpCode::Neg
            | OpCode::Not
            | OpCode::Exp
            | OpCode::Log
            | OpCode::Sqrt
            | OpCode::Abs
            | OpCode::Floor
            | OpCode::Round
            | OpCode::Tanh => 1,
            _ => 2,
        }
    }

    /// The same operation, with its registers under other numbers.
    pub fn renumber(&mut self, number: &[Reg]) {
        let arity = self.arity();
        let operands = [&mut self.a, &mut self.b, &mut self.c];
        for reg in operands.into_iter().take(arity).chain([&mut self.dst]) {
            *reg = number[*reg as usize];
        }
    }
}

/// What is put into a register before a period is computed.
#[derive(Clone, Copy, Debug)]
pub enum Load {
    Const(f64),
    /// Value of an input `n` periods ago.
    Input(InputId, u32),
    /// Value of a line `n >= 1` periods ago.
    Lag(VarId, u32),
    /// Opening balance.
    Opening(AccountId),
}

/// A random term of the text.
#[derive(Clone, Copy, Debug)]
pub struct DrawTerm {
    pub law: Law,
    /// Hash of the line's stable name and the number of the term in it.
    pub line: u64,
}

/// All instructions of a program; steps are ranges of it.
#[derive(Clone, Debug, Default)]
pub struct Code {
    pub instrs: Vec<Instr>,
    /// Register and what it is loaded with. Constants stand apart: they are loaded once.
    pub loads: Vec<(Reg, Load)>,
    pub constants: Vec<(Reg, f64)>,
    pub draws: Vec<DrawTerm>,
    pub registers: u32,
}

impl Code {
    pub fn slice(&self, range: &Range<usize>) -> &[Instr] {
        &self.instrs[range.clone()]
    }
}

impl Code {
    /// Is every register one of the code's own, and no destination also a source? Whoever runs the
    /// code relies on both.
    pub fn is_sound(&self) -> bool {
        let fine = |instr: &Instr| {
            let reads = instr.reads();
            let known = |reg: &Reg| *reg < self.registers;
            let drawn = instr.op != OpCode::Draw || (instr.c as usize) < self.draws.len();
            known(&instr.dst) && reads.iter().all(known) && !reads.contains(&instr.dst) && drawn
        };
        self.instrs.iter().all(fine)
    }
}
