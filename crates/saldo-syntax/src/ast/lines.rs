//! Equations, measures, checks.

use super::*;

/// `each j in branch, k in branch where j != k { … }`
#[derive(Clone, Debug)]
pub struct Each {
    pub binders: Vec<Binder>,
    pub condition: Option<Expr>,
    pub decls: Vec<Decl>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Binder {
    pub letter: Name,
    pub domain: Name,
}

/// `capacity[b] [t/month] "title" = expr guess expr`
#[derive(Clone, Debug)]
pub struct Equation {
    pub target: Path,
    pub unit: Option<UnitExpr>,
    pub title: Title,
    pub value: Expr,
    pub guess: Option<Expr>,
    pub cite: Option<Cite>,
}

/// `find p [usd/t] such that demand == supply guess 10 usd/t rounding to central_bank`
#[derive(Clone, Debug)]
pub struct Find {
    pub target: Path,
    pub unit: Option<UnitExpr>,
    pub title: Title,
    pub left: Expr,
    pub right: Expr,
    pub guess: Option<Expr>,
    pub rounding: Option<Path>,
}

#[derive(Clone, Debug)]
pub struct Measure {
    pub name: Name,
    /// `measure share(part, whole) = …`: filled in where it is called; none for a report.
    pub params: Vec<Name>,
    pub index: Vec<Name>,
    pub unit: Option<UnitExpr>,
    pub title: Title,
    pub value: Expr,
}

/// `check "title" always: a == b within 0.1%`
#[derive(Clone, Debug)]
pub struct Check {
    /// Always there in the first language.
    pub title: Title,
    pub when: CheckWhen,
    pub condition: Expr,
    pub within: Option<Expr>,
}

#[derive(Clone, Copy, Debug)]
pub enum CheckWhen {
    Always,
    AtEnd,
    At(Date),
    Range(Date, Date),
}
