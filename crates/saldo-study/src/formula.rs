//! Equations in words a reader can check: as text, or in mathematical notation (LaTeX).

use crate::symbol::{applied, power_of_ten, symbol};
use saldo_model::ir::*;

/// How an equation is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Notation {
    Text,
    Latex,
}

/// `left = right` of a line, or nothing for a line the engine made for itself.
pub fn equation(model: &Model, line: VarId, notation: Notation) -> Option<String> {
    let var = &model.vars[line.at()];
    let write = |node| formula(model, node, notation);
    Some(match (var.role, var.def) {
        (VarRole::Closing(_), _) => return None,
        (_, Def::Is(node)) => format!("{} = {}", name(&var.name, notation), write(node)),
        (_, Def::Solves { left, right }) => {
            let (left, right, name) = (write(left), write(right), name(&var.name, notation));
            match notation {
                Notation::Text => format!("{left} = {right}  (solved for {name})"),
                Notation::Latex => {
                    format!("{left} = {right} \\quad \\text{{(solved for ${name}$)}}")
                }
            }
        }
    })
}

/// An expression, with as few brackets as its meaning allows.
pub fn formula(model: &Model, node: NodeId, notation: Notation) -> String {
    Writer { model, notation }.write(node, 0)
}

struct Writer<'a> {
    model: &'a Model,
    notation: Notation,
}

/// How tightly an operation binds; an argument that binds less is put into brackets.
fn rank(op: Binary) -> u8 {
    match op {
        Binary::Or => 1,
        Binary::And => 2,
        Binary::Eq | Binary::Ne | Binary::Lt | Binary::Le | Binary::Gt | Binary::Ge => 3,
        Binary::Add | Binary::Sub => 4,
        Binary::Mul | Binary::Div => 5,
        Binary::Pow => 7,
        Binary::Min | Binary::Max => 9,
    }
}

fn sign(op: Binary, notation: Notation) -> &'static str {
    let latex = notation == Notation::Latex;
    match op {
        Binary::Add => "+",
        Binary::Sub => {
            if latex {
                "-"
            } else {
                "−"
            }
        }
        Binary::Mul => {
            if latex {
                "\\,"
            } else {
                "*"
            }
        }
        Binary::Div => "/",
        Binary::Pow => "^",
        Binary::Eq => {
            if latex {
                "="
            } else {
                "=="
            }
        }
        Binary::Ne => {
            if latex {
                "\\ne"
            } else {
                "!="
            }
        }
        Binary::Lt => "<",
        Binary::Le => {
            if latex {
                "\\le"
            } else {
                "<="
            }
        }
        Binary::Gt => ">",
        Binary::Ge => {
            if latex {
                "\\ge"
            } else {
                ">="
            }
        }
        Binary::And => {
            if latex {
                "\\land"
            } else {
                "and"
            }
        }
        Binary::Or => {
            if latex {
                "\\lor"
            } else {
                "or"
            }
        }
        Binary::Min => "min",
        Binary::Max => "max",
    }
}

/// Without factors of 1 (the length of a period in periods) and terms of 0.
pub fn plain(model: &Model, node: NodeId) -> NodeId {
    let is = |node, value| is_constant(model, node, value);
    match model.nodes[node.at()].op {
        Op::Binary(Binary::Mul | Binary::Div, a, b) if is(b, 1.0) => plain(model, a),
        Op::Binary(Binary::Mul, a, b) if is(a, 1.0) => plain(model, b),
        Op::Binary(Binary::Add | Binary::Sub, a, b) if is(b, 0.0) => plain(model, a),
        Op::Binary(Binary::Add, a, b) if is(a, 0.0) => plain(model, b),
        _ => node,
    }
}

/// Is this the number itself?
pub fn is_constant(model: &Model, node: NodeId, value: f64) -> bool {
    matches!(model.nodes[node.at()].op, Op::Const(it) if it == value)
}

impl Writer<'_> {
    fn write(&self, node: NodeId, outer: u8) -> String {
        let latex = self.notation == Notation::Latex;
        let node = plain(self.model, node);
        match &self.model.nodes[node.at()].op {
            Op::Const(value) if latex => power_of_ten(&number(*value)),
            Op::Const(value) => number(*value),
            Op::Input(input) => self.name(&self.model.inputs[input.at()].name),
            Op::Var(var) => self.name(&self.model.vars[var.at()].name),
            Op::Lag(var, by) => self.past(&self.model.vars[var.at()].name, *by),
            Op::InputLag(input, by) => self.past(&self.model.inputs[input.at()].name, *by),
            Op::Balance(account, by) => self.past(&self.model.accounts[account.at()].name, *by),
            Op::Unary(Unary::Neg, a) => {
                self.bracketed(format!("-{}", self.write(*a, 6)), outer > 4)
            }
            Op::Unary(Unary::Not, a) if latex => format!("\\lnot {}", self.write(*a, 6)),
            Op::Unary(Unary::Not, a) => format!("not {}", self.write(*a, 6)),
            Op::Unary(op, a) => self.call(&format!("{op:?}").to_lowercase(), &[*a]),
            Op::Binary(op @ (Binary::Min | Binary::Max), a, b) => {
                self.call(sign(*op, Notation::Text), &[*a, *b])
            }
            Op::Binary(Binary::Div, a, b) if latex => {
                let (over, under) = (self.write(*a, 0), self.write(*b, 0));
                self.bracketed(
                    format!("\\frac{{{over}}}{{{under}}}"),
                    outer > rank(Binary::Pow),
                )
            }
            Op::Binary(Binary::Pow, a, b) if latex => {
                format!("{{{}}}^{{{}}}", self.write(*a, 8), self.write(*b, 0))
            }
            Op::Binary(Binary::Sub, a, b) if is_constant(self.model, *a, 0.0) => {
                self.bracketed(format!("-{}", self.write(*b, 6)), outer > 4)
            }
            Op::Binary(op, a, b) => self.joined(*op, *a, *b, outer),
            Op::If(a, b, c) => self.either(*a, *b, *c, outer),
            Op::Random(it) => self.call(&format!("{:?}", it.law).to_lowercase(), &it.args),
        }
    }

    /// `a op b`; a negated addend is subtracted.
    fn joined(&self, op: Binary, a: NodeId, b: NodeId, outer: u8) -> String {
        let b = plain(self.model, b);
        let (op, b) = match (op, &self.model.nodes[b.at()].op) {
            (Binary::Add, Op::Unary(Unary::Neg, inner)) => (Binary::Sub, *inner),
            _ => (op, b),
        };
        let own = rank(op);
        // a − (b − c) and a / (b / c) need their brackets, a + (b + c) does not.
        let right = own + u8::from(matches!(op, Binary::Sub | Binary::Div));
        let (left, right) = (self.write(a, own), self.write(b, right));
        let sign = match op {
            // Two numbers side by side would be one.
            Binary::Mul if right.starts_with(|c: char| c.is_ascii_digit()) => self.times(),
            _ => sign(op, self.notation),
        };
        self.bracketed(format!("{left} {sign} {right}"), own < outer)
    }

    fn either(&self, a: NodeId, b: NodeId, c: NodeId, outer: u8) -> String {
        let (condition, yes, no) = (self.write(a, 0), self.write(b, 0), self.write(c, 0));
        match self.notation {
            Notation::Text => {
                self.bracketed(format!("if {condition} then {yes} else {no}"), outer > 0)
            }
            Notation::Latex => format!(
                "\\begin{{cases}} {yes} & \\text{{if }} {condition} \\\\ {no} & \\text{{otherwise}} \\end{{cases}}"
            ),
        }
    }

    fn call(&self, function: &str, args: &[NodeId]) -> String {
        let args: Vec<String> = args.iter().map(|arg| self.write(*arg, 0)).collect();
        match self.notation {
            Notation::Text => format!("{function}({})", args.join(", ")),
            Notation::Latex => applied(function, &args),
        }
    }

    fn name(&self, text: &str) -> String {
        name(text, self.notation)
    }

    fn past(&self, text: &str, by: u32) -> String {
        match (self.notation, by) {
            (Notation::Text, 1) => format!("opening {text}"),
            (Notation::Text, _) => format!("lag({text}, {by})"),
            (Notation::Latex, _) => symbol(text, by),
        }
    }

    fn times(&self) -> &'static str {
        match self.notation {
            Notation::Text => "*",
            Notation::Latex => "\\cdot",
        }
    }

    fn bracketed(&self, text: String, brackets: bool) -> String {
        match (brackets, self.notation) {
            (false, _) => text,
            (true, Notation::Text) => format!("({text})"),
            (true, Notation::Latex) => format!("\\left({text}\\right)"),
        }
    }
}

fn name(text: &str, notation: Notation) -> String {
    match notation {
        Notation::Text => text.to_string(),
        Notation::Latex => symbol(text, 0),
    }
}

fn number(value: f64) -> String {
    if value != 0.0 && !(1e-4..1e7).contains(&value.abs()) {
        return format!("{value:e}");
    }
    format!("{value}")
}
