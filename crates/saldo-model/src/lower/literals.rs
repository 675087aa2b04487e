//! Numbers made of literals alone, with their units.

use super::Lowerer;
use crate::units::Dim;
use saldo_diag::{Diagnostic, Span};
use saldo_syntax::Symbol;
use saldo_syntax::ast::{self, ExprKind};

/// A number as the text gives it.
pub(crate) struct Literal {
    pub value: f64,
    pub dim: Dim,
    /// The unit as written, with its factor.
    pub unit: Option<(Symbol, f64)>,
}

impl Lowerer<'_> {
    /// A number made of literals alone.
    pub(crate) fn literal(&mut self, expr: &ast::Expr) -> Option<Literal> {
        match &expr.kind {
            ExprKind::Number { number, unit: None } => Some(Literal {
                value: number.value,
                dim: Dim::number(),
                unit: None,
            }),
            ExprKind::Number {
                number,
                unit: Some(unit),
            } => match self.model.units.resolve(unit) {
                Ok((dim, factor)) => Some(Literal {
                    value: number.value * factor,
                    dim,
                    unit: Some((unit_text(unit), factor)),
                }),
                Err(problem) => {
                    self.report(problem);
                    Some(Literal {
                        value: number.value,
                        dim: Dim::unknown(),
                        unit: None,
                    })
                }
            },
            ExprKind::Unary {
                op: ast::UnaryOp::Neg,
                value,
            } => self.literal(value).map(|inner| Literal {
                value: -inner.value,
                ..inner
            }),
            ExprKind::Binary { op, left, right } => {
                if !is_literal(left) || !is_literal(right) {
                    return None;
                }
                let (left, right) = (self.literal(left)?, self.literal(right)?);
                join(*op, left, right)
            }
            _ => None,
        }
    }

    /// Joins a literal with the unit its declaration states.
    pub(crate) fn fit_literal(
        &mut self,
        literal: Literal,
        unit: &Option<(Dim, f64, Symbol)>,
        span: Span,
    ) -> (Dim, f64, Symbol, f64) {
        let Some((dim, factor, shown)) = unit else {
            let (text, factor) = literal
                .unit
                .unwrap_or_else(|| (self.model.units.display(literal.dim).into(), 1.0));
            return (literal.dim, factor, text, literal.value);
        };
        if literal.unit.is_none() && literal.dim.is_number() {
            return (*dim, *factor, *shown, literal.value * factor);
        }
        let told = [*dim, literal.dim].contains(&Dim::unknown());
        if literal.dim != *dim && literal.value != 0.0 && !told {
            let problem = Diagnostic::error("unit-declared-differs", "the number and its declaration have different units")
                .at(span, format!("in {}", self.model.units.display(literal.dim)))
                .why(match dim.is_number() {
                    true => "The declaration gives a number without a unit; with one it would be read as something else.".to_string(),
                    false => format!("The declaration says {shown}; the number would be read in another unit than it was meant."),
                })
                .help("make the two agree, or leave the unit away in one of the two places");
            self.report(problem);
        }
        (*dim, *factor, *shown, literal.value)
    }
}

pub(crate) fn is_literal(expr: &ast::Expr) -> bool {
    match &expr.kind {
        ExprKind::Number { .. } => true,
        ExprKind::Unary {
            op: ast::UnaryOp::Neg,
            value,
        } => is_literal(value),
        ExprKind::Binary { op, left, right } => {
            use ast::BinaryOp::*;
            matches!(op, Add | Sub | Mul | Div) && is_literal(left) && is_literal(right)
        }
        _ => false,
    }
}

fn join(op: ast::BinaryOp, left: Literal, right: Literal) -> Option<Literal> {
    use ast::BinaryOp::*;
    let (value, dim) = match op {
        Add if left.dim == right.dim => (left.value + right.value, left.dim),
        Sub if left.dim == right.dim => (left.value - right.value, left.dim),
        Mul => (left.value * right.value, left.dim.times(right.dim, 1)),
        Div => (left.value / right.value, left.dim.times(right.dim, -1)),
        _ => return None,
    };
    Some(Literal {
        value,
        dim,
        unit: None,
    })
}

/// A unit as it was written: `t/person/month`.
pub(crate) fn unit_text(unit: &ast::UnitExpr) -> Symbol {
    let mut text = String::new();
    for factor in &unit.factors {
        let power = factor.power.unsigned_abs();
        let sign = if factor.power < 0 {
            "/"
        } else if text.is_empty() {
            ""
        } else {
            "*"
        };
        if text.is_empty() && factor.power < 0 {
            text.push('1');
        }
        text.push_str(sign);
        text.push_str(&factor.name.text);
        if power > 1 {
            text.push_str(&format!("^{power}"));
        }
    }
    text.into()
}
