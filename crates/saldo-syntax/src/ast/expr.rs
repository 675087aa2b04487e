//! Formulas, units, paths to quantities.

use super::*;
use saldo_diag::Span;

/// A number as written; `value` has `%` applied (`20%` is 0.2, `percent` says so).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Number {
    pub span: Span,
    pub value: f64,
    pub percent: bool,
}

/// A unit as a product of powers: `RUB/t`, `t/person per month`, `1`.
/// `1` and an empty list both mean a pure number.
#[derive(Clone, Debug, PartialEq)]
pub struct UnitExpr {
    pub span: Span,
    pub factors: Vec<UnitFactor>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct UnitFactor {
    pub name: Name,
    /// Signed power: `/t^2` has −2.
    pub power: i32,
}

/// `firms[coal].cash`, `c.thrift`, `deliveries.value`, `need[b, k]`: parts separated by dots.
#[derive(Clone, Debug, PartialEq)]
pub struct Path {
    pub span: Span,
    pub parts: Vec<PathPart>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct PathPart {
    pub name: Name,
    pub index: Vec<Name>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Expr {
    pub span: Span,
    pub kind: ExprKind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Timing {
    Opening,
    Closing,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BinaryOp {
    Add,
    Sub,
    Mul,
    Div,
    Pow,
    Eq,
    Ne,
    Lt,
    Le,
    Gt,
    Ge,
    And,
    Or,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnaryOp {
    Neg,
    Not,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EventTest {
    After,
    Before,
    During,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reduction {
    Sum,
    Mean,
    Count,
    Min,
    Max,
    ShareOf,
}

#[derive(Clone, Debug, PartialEq)]
pub enum ExprKind {
    /// `20`, `20%`, `20 RUB/t`, `36 t/person per month`.
    Number {
        number: Number,
        unit: Option<UnitExpr>,
    },
    /// A date where an expression is expected (`step(1992-01)`).
    Date(Date),
    Text(Text),
    Path(Path),
    /// `opening households.cash`, `closing net_worth`.
    Timed {
        timing: Timing,
        path: Path,
    },
    Unary {
        op: UnaryOp,
        value: Box<Expr>,
    },
    Binary {
        op: BinaryOp,
        left: Box<Expr>,
        right: Box<Expr>,
    },
    If {
        condition: Box<Expr>,
        then: Box<Expr>,
        otherwise: Box<Expr>,
    },
    /// `after price_liberalisation`
    Event {
        test: EventTest,
        name: Name,
    },
    /// `exp(x)`, `lag(x, 1 month)`, `since(e)`, `lognormal(a, b)`.
    Call {
        function: Name,
        args: Vec<Expr>,
    },
    /// `sum(k in branch where k != b : need[b, k] * output[k])`
    Reduce {
        op: Reduction,
        binders: Vec<Binder>,
        condition: Option<Box<Expr>>,
        body: Option<Box<Expr>>,
    },
    /// `expr under replacement` (a named valuation)
    Under {
        value: Box<Expr>,
        valuation: Name,
    },
}
