//! What a model is given: calendar, units, sets, parameters, series, events, openings.

use super::*;
use saldo_diag::Span;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Frequency {
    Yearly,
    Quarterly,
    Monthly,
    Daily,
}

/// `time monthly from 1985-01 to 2018-12`
#[derive(Clone, Debug)]
pub struct Time {
    pub frequency: Frequency,
    pub frequency_span: Span,
    pub from: Date,
    pub to: Date,
}

/// A date as written. `1992` has only a year (and may be a plain period number in a yearly model).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Date {
    pub span: Span,
    pub year: i32,
    pub part: DatePart,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DatePart {
    Year,
    Quarter(u8),
    Month(u8),
    Day(u8, u8),
}

/// `unit RUB : money to 0.01`, `unit voucher, share`, `unit Mt = 1e6 t "megatonnes"`.
#[derive(Clone, Debug)]
pub struct Unit {
    pub names: Vec<Name>,
    pub title: Title,
    /// The word after `:` (`money`, `count`, `mass`, …).
    pub kind: Option<Name>,
    /// `= 1e6 t`
    pub definition: Option<Expr>,
    /// `to 0.01`
    pub resolution: Option<Number>,
}

/// `set branch "Branches" { coal "Coal", oil }` or `set branch from "branches.csv"`.
#[derive(Clone, Debug)]
pub struct Set {
    pub name: Name,
    pub title: Title,
    pub members: Vec<(Name, Title)>,
    pub table: Option<Table>,
}

/// `from "file.csv" column price as linear`
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    pub path: Text,
    pub column: Option<Name>,
    pub fill: Option<Name>,
    /// `where variable == gdp_real, entity == Russia`: rows of a long table, by text equality.
    pub rows: Vec<(Name, Text)>,
    /// `, in Mt/year` style units stand on the declaration, never here.
    pub span: Span,
}

/// `param need[branch, branch] [1] "title" = 0.6 cite …` or `… from "io.csv" cite …`.
#[derive(Clone, Debug)]
pub struct Param {
    pub name: Name,
    /// Set names, or members of sets (`param need[coal, power] = …`).
    pub index: Vec<Name>,
    pub unit: Option<UnitExpr>,
    pub value: Option<Expr>,
    /// A table of values by member, `param x[branch] { coal = 1, oil = 2 }`.
    pub values: Vec<(Vec<Name>, Expr)>,
    pub table: Option<Table>,
    pub title: Title,
    pub ground: Ground,
}

#[derive(Clone, Debug)]
pub struct Series {
    pub name: Name,
    pub index: Vec<Name>,
    pub unit: Option<UnitExpr>,
    pub title: Title,
    pub table: Option<Table>,
    pub ground: Ground,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DateRange {
    /// `on D` has `to == None` and `open == false`; `from D` alone has `open == true`.
    pub from: Date,
    pub to: Option<Date>,
    pub open: bool,
}

#[derive(Clone, Debug)]
pub struct Event {
    pub name: Name,
    pub when: DateRange,
    pub title: Title,
    pub ground: Ground,
}

#[derive(Clone, Debug)]
pub struct Choice {
    pub name: Name,
    pub title: Title,
    pub members: Vec<(Name, Title)>,
    pub ground: Ground,
}

#[derive(Clone, Debug)]
pub struct Start {
    /// `start empty`
    pub empty: bool,
    /// `start { … others empty }`
    pub others_empty: bool,
    /// `start { stationary }`
    pub stationary: bool,
    pub lines: Vec<StartLine>,
}

/// One line of `start { … }`.
#[derive(Clone, Debug)]
pub struct StartLine {
    pub span: Span,
    /// `households.cash`, `Y`, `banks.loans`, `firms[b].cash`.
    pub path: Path,
    pub value: StartValue,
}

#[derive(Clone, Debug)]
pub enum StartValue {
    /// `= 100`; for a line it holds for every earlier period.
    Value(Expr),
    /// `: 1989 = 98, 1990 = 100`
    Dated(Vec<(Date, Expr)>),
    /// `from "opening.csv" column X`
    Table(Table),
    /// `= 40e6 RUB split by weight`
    Split { total: Expr, by: Expr },
    /// `= 100 usd of firms 60 usd, households 40 usd`
    ByIssuer {
        total: Option<Expr>,
        parts: Vec<(Path, Expr)>,
    },
    /// `~ lognormal(…)`: populations, of a later version.
    Drawn(Span),
}

/// `redenominate RUB 1000 to 1 on 1998-01-01`
#[derive(Clone, Debug)]
pub struct Redenominate {
    pub unit: Name,
    pub old: Number,
    pub new: Number,
    pub on: Date,
}
