//! Formulas in mathematical notation, as browsers show it without help (MathML Core).

use crate::html::escape;
use crate::number::figure;
use saldo_model::ir::*;
use saldo_study::{is_constant, plain};

/// `name = formula` of a line; nothing for a line the engine made for itself.
pub(crate) fn equation(model: &Model, line: VarId) -> Option<String> {
    let var = &model.vars[line.at()];
    let writer = Writer { model };
    let inside = match (var.role, var.def) {
        (VarRole::Closing(_) | VarRole::Helper | VarRole::Measure, _) => return None,
        (_, Def::Is(node)) => format!("{}<mo>=</mo>{}", name(&var.name, 0), writer.write(node, 0)),
        (_, Def::Solves { left, right }) => {
            format!(
                "{}<mo>=</mo>{}",
                writer.write(left, 0),
                writer.write(right, 0)
            )
        }
    };
    Some(format!(
        "<math display=\"block\"><mrow>{inside}</mrow></math>"
    ))
}

struct Writer<'a> {
    model: &'a Model,
}

/// How tightly an operation binds, its sign, as in every textbook.
fn rank(op: Binary) -> (u8, &'static str) {
    match op {
        Binary::Or => (1, "∨"),
        Binary::And => (2, "∧"),
        Binary::Eq => (3, "="),
        Binary::Ne => (3, "≠"),
        Binary::Lt => (3, "&lt;"),
        Binary::Le => (3, "≤"),
        Binary::Gt => (3, "&gt;"),
        Binary::Ge => (3, "≥"),
        Binary::Add => (4, "+"),
        Binary::Sub => (4, "−"),
        Binary::Mul => (5, "·"),
        Binary::Div => (9, "/"),
        Binary::Pow => (8, "^"),
        Binary::Min => (9, "min"),
        Binary::Max => (9, "max"),
    }
}

impl Writer<'_> {
    fn write(&self, node: NodeId, outer: u8) -> String {
        let node = plain(self.model, node);
        match &self.model.nodes[node.at()].op {
            Op::Const(value) => number(*value),
            Op::Input(input) => name(&self.model.inputs[input.at()].name, 0),
            Op::InputLag(input, by) => name(&self.model.inputs[input.at()].name, *by),
            Op::Var(line) => name(&self.model.vars[line.at()].name, 0),
            Op::Lag(line, by) => name(&self.model.vars[line.at()].name, *by),
            Op::Balance(account, by) => name(&self.model.accounts[account.at()].name, *by),
            Op::Unary(Unary::Neg, a) => {
                bracketed(format!("<mo>−</mo>{}", self.write(*a, 6)), outer > 4)
            }
            Op::Unary(Unary::Not, a) => format!("<mo>¬</mo>{}", self.write(*a, 6)),
            Op::Unary(Unary::Sqrt, a) => format!("<msqrt>{}</msqrt>", self.write(*a, 0)),
            Op::Unary(Unary::Abs, a) => {
                format!("<mrow><mo>|</mo>{}<mo>|</mo></mrow>", self.write(*a, 0))
            }
            Op::Unary(Unary::Exp, a) => {
                format!("<msup><mi>e</mi><mrow>{}</mrow></msup>", self.write(*a, 0))
            }
            Op::Unary(op, a) => self.call(&format!("{op:?}").to_lowercase(), &[*a]),
            Op::Binary(op, a, b) => self.binary(*op, *a, *b, outer),
            Op::If(a, b, c) => self.cases(*a, *b, *c),
            Op::Random(it) => self.call(&format!("{:?}", it.law).to_lowercase(), &it.args),
        }
    }

    fn binary(&self, op: Binary, a: NodeId, b: NodeId, outer: u8) -> String {
        let (own, sign) = rank(op);
        match op {
            Binary::Min | Binary::Max => self.call(sign, &[a, b]),
            Binary::Div => format!(
                "<mfrac><mrow>{}</mrow><mrow>{}</mrow></mfrac>",
                self.write(a, 0),
                self.write(b, 0)
            ),
            Binary::Pow => format!(
                "<msup><mrow>{}</mrow><mrow>{}</mrow></msup>",
                self.write(a, 9),
                self.write(b, 0)
            ),
            Binary::Sub if is_constant(self.model, a, 0.0) => {
                bracketed(format!("<mo>−</mo>{}", self.write(b, 6)), outer > 4)
            }
            _ => {
                let right = own + u8::from(op == Binary::Sub);
                let text = format!(
                    "{}<mo>{sign}</mo>{}",
                    self.write(a, own),
                    self.write(b, right)
                );
                bracketed(text, own < outer)
            }
        }
    }

    fn cases(&self, condition: NodeId, yes: NodeId, no: NodeId) -> String {
        let row = |value: String, when: String| {
            format!("<mtr><mtd>{value}</mtd><mtd><mtext>{when}</mtext></mtd></mtr>")
        };
        let first = format!(
            "<mtr><mtd><mrow>{}</mrow></mtd><mtd><mrow><mtext>if&#160;</mtext>{}</mrow></mtd></mtr>",
            self.write(yes, 0),
            self.write(condition, 0)
        );
        let second = row(
            format!("<mrow>{}</mrow>", self.write(no, 0)),
            "otherwise".into(),
        );
        format!(
            "<mrow><mo>{{</mo><mtable columnalign=\"left left\">{first}{second}</mtable></mrow>"
        )
    }

    fn call(&self, function: &str, args: &[NodeId]) -> String {
        let args: Vec<String> = args
            .iter()
            .map(|arg| format!("<mrow>{}</mrow>", self.write(*arg, 0)))
            .collect();
        format!(
            "<mrow><mi mathvariant=\"normal\">{}</mi><mo>(</mo>{}<mo>)</mo></mrow>",
            escape(function),
            args.join("<mo>,</mo>")
        )
    }
}

fn bracketed(text: String, brackets: bool) -> String {
    if brackets {
        format!("<mrow><mo>(</mo>{text}<mo>)</mo></mrow>")
    } else {
        format!("<mrow>{text}</mrow>")
    }
}

/// `wages[coal]` with its member as a subscript, and `t−1` for the past.
fn name(text: &str, back: u32) -> String {
    let (base, index) = text.split_once('[').map_or((text, ""), |(base, rest)| {
        (base, rest.trim_end_matches(']'))
    });
    let mut below: Vec<String> = Vec::new();
    if !index.is_empty() {
        below.push(format!("<mtext>{}</mtext>", escape(index)));
    }
    if back > 0 {
        below.push(format!("<mi>t</mi><mo>−</mo><mn>{back}</mn>"));
    }
    let base = format!("<mi>{}</mi>", escape(&base.replace('_', "\u{a0}")));
    match below.is_empty() {
        true => base,
        false => format!(
            "<msub>{base}<mrow>{}</mrow></msub>",
            below.join("<mo>,</mo>")
        ),
    }
}

fn number(value: f64) -> String {
    let plain = format!("{}", value.abs());
    let text = if plain.len() <= 7 {
        plain
    } else {
        figure(value.abs())
    };
    match value < 0.0 {
        true => format!("<mrow><mo>−</mo><mn>{text}</mn></mrow>"),
        false => format!("<mn>{text}</mn>"),
    }
}
