//! What stands in evidence and scenario files.

use super::*;
use saldo_diag::Span;

/// `source KEY { title "…" by "…" year 1999 … }`: free fields in order.
#[derive(Clone, Debug)]
pub struct SourceDecl {
    pub key: Name,
    pub fields: Vec<(Name, Text)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Use {
    Fit,
    Test,
    Show,
}

/// `observe QUANTITY "title" [unit] { 1990 : 395 within 3% for fit … } | from "x.csv" column c within 15% for test from D to D cite …`
#[derive(Clone, Debug)]
pub struct Observe {
    pub quantity: Expr,
    pub title: Title,
    pub unit: Option<UnitExpr>,
    pub points: Vec<Point>,
    pub table: Option<Table>,
    /// Column of the tolerance in percent, `within column band_percent`.
    pub within_column: Option<Name>,
    pub within: Option<Expr>,
    pub use_as: Option<(Use, Span)>,
    pub from: Option<Date>,
    pub to: Option<Date>,
    pub cite: Option<Cite>,
    /// `as index 1990`: compared as an index with this base period = 100.
    pub index_base: Option<Date>,
    /// `as total`, `as mean`, `as end`, `as growth`: how finer periods are gathered into the observation's.
    pub gather: Option<Name>,
}

#[derive(Clone, Debug)]
pub struct Point {
    pub span: Span,
    pub date: Date,
    pub value: Expr,
    pub within: Option<Expr>,
    pub use_as: Option<(Use, Span)>,
}

/// `claim ID "statement" : condition at DATE within 5% by "speaker" cite …`
#[derive(Clone, Debug)]
pub struct Claim {
    pub name: Name,
    pub title: Title,
    /// Absent: the claim is recorded but the model has no quantity to compare it with.
    pub condition: Option<Expr>,
    pub at: Option<(Date, Option<Date>)>,
    pub within: Option<Expr>,
    pub by: Option<Text>,
    pub cite: Option<Cite>,
    /// `doubt "reason"`: why a checker should be careful with it.
    pub doubt: Option<Text>,
    /// `needs "what"`: what a model must have before the claim can be compared.
    pub needs: Option<Text>,
}

/// `prior NAME ~ normal(a, b) within lo .. hi cite …`
#[derive(Clone, Debug)]
pub struct Prior {
    pub target: Path,
    pub distribution: Expr,
    pub within: Option<(Expr, Expr)>,
    pub ground: Ground,
}

/// `doubt "text" on raised from 1991 to 1992 widen 5%`
#[derive(Clone, Debug)]
pub struct Doubt {
    pub text: Text,
    pub on: Path,
    pub from: Option<Date>,
    pub to: Option<Date>,
    pub widen: Option<Expr>,
}

/// `set support = 80% from 1994-01 to …`, `set oil_price from "other.csv" …`
#[derive(Clone, Debug)]
pub struct SetValue {
    pub target: Path,
    pub value: Option<Expr>,
    pub table: Option<Table>,
    pub from: Option<Date>,
    pub to: Option<Date>,
}

/// `show EXPR "title" as fan 50%, 90%` / `as deviation`, `as percent`, `as log`.
#[derive(Clone, Debug)]
pub struct Show {
    pub value: Expr,
    pub title: Title,
    pub unit: Option<UnitExpr>,
    pub style: Option<Name>,
    pub bands: Vec<Expr>,
}

/// `NAME = expr from D to D`
#[derive(Clone, Debug)]
pub struct Plan {
    pub target: Path,
    pub value: Expr,
    pub from: Option<Date>,
    pub to: Option<Date>,
}
