//! What a file says, as owned data: the typed view of the lossless tree.
//!
//! The view drops comments and layout (the tree keeps them) and knows no meaning:
//! names are text, numbers keep their spelling, units are products of names.
//! A declaration that could not be read is absent here and reported as a problem.
//!
//! Long because it is one vocabulary: every form of the language stands here once.

use saldo_diag::Span;
use std::sync::Arc;

/// A name with its place. Backquotes are already removed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    pub text: Arc<str>,
    pub span: Span,
}

/// Titles by language: `"Coal" ru "Уголь"`. The first has no language mark.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Title {
    pub main: Option<Arc<str>>,
    pub other: Vec<(Name, Arc<str>)>,
    pub span: Span,
}

/// What a file declares itself to be, by its first declaration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FileKind {
    /// `model NAME "title"`, or no header at all (a further file of the model's folder): `None`.
    Model(Option<(Name, Title)>),
    /// `evidence for NAME`
    Evidence { of: Name },
    /// `scenario NAME for MODEL "title"`
    Scenario { name: Name, of: Name, title: Title },
}

#[derive(Clone, Debug)]
pub struct File {
    pub kind: FileKind,
    pub decls: Vec<Decl>,
}

/// A declaration with its whole place.
#[derive(Clone, Debug)]
pub struct Decl {
    pub span: Span,
    pub kind: DeclKind,
}

#[derive(Clone, Debug)]
pub enum DeclKind {
    // --- model files
    /// A bare `cite KEY "where"` line: the source of the whole file.
    Cite(Cite),
    Time(Time),
    Unit(Unit),
    /// `use "file.saldo"`
    Use {
        path: Text,
    },
    Set(Set),
    Sector(Sector),
    Population(Population),
    /// `good coal [t] "title" held by a, b priced at p`
    Good(Asset),
    /// `instrument cash [usd] "title" { issued by … held by … through … priced at … }`
    Instrument(Asset),
    Param(Param),
    Series(Series),
    Event(Event),
    Choice(Choice),
    Link(Opaque),
    Flows(Flows),
    Exchange(Exchange),
    Process(Process),
    Each(Each),
    Equation(Equation),
    Find(Find),
    Start(Start),
    Measure(Measure),
    Check(Check),
    Redenominate(Redenominate),
    Enter(Opaque),
    Exit(Opaque),
    Record(Opaque),
    Match(Opaque),
    Release(Opaque),
    Switch(Opaque),
    Auction(Opaque),
    // --- evidence files
    Source(SourceDecl),
    Observe(Observe),
    Claim(Claim),
    Prior(Prior),
    Doubt(Doubt),
    // --- scenario files
    Move {
        event: Name,
        to: DateRange,
    },
    Cancel {
        event: Name,
    },
    SetValue(SetValue),
    UseChoice {
        choice: Name,
        member: Name,
    },
    /// `run 500 draws seed 1992`, `run to 1995-12`
    Run {
        draws: Option<Number>,
        seed: Option<Number>,
        to: Option<Date>,
    },
    /// `compare with baseline`
    Compare {
        with: Name,
    },
    Show(Show),
    /// `fix NAME = path`
    Fix(Plan),
    /// `target NAME = path by PARAM`
    Target {
        plan: Plan,
        by: Path,
    },
    /// `given NAME + path` (add) or `given NAME * path` (log)
    Given {
        plan: Plan,
        log: bool,
    },
}

/// Grammatically read, meaning comes with a later version: `what` is the construct's name.
#[derive(Clone, Debug)]
pub struct Opaque {
    pub what: &'static str,
    pub name: Option<Name>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    pub text: Arc<str>,
    pub span: Span,
}

#[derive(Clone, Debug)]
pub struct Cite {
    pub key: Name,
    pub place: Option<Text>,
}

/// Where a number comes from. `Neither` is reported by the model stage.
#[derive(Clone, Debug)]
pub enum Ground {
    Cite(Cite),
    Assumed(Text),
    Neither,
}

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

/// `sector firms over branch "Firms" pays taxes before wages in usd`
#[derive(Clone, Debug)]
pub struct Sector {
    pub name: Name,
    pub over: Vec<Name>,
    pub title: Title,
    pub pays: Vec<Name>,
    pub currency: Option<UnitExpr>,
}

/// A population: read in full, meaning comes with a later version.
#[derive(Clone, Debug)]
pub struct Population {
    pub name: Name,
    pub title: Title,
}

/// A claim or a thing that sectors keep.
#[derive(Clone, Debug)]
pub struct Asset {
    pub name: Name,
    pub title: Title,
    pub unit: UnitExpr,
    /// `issued by a, b` (each may be `each x in …`-free: a sector or family name)
    pub issued: Vec<Name>,
    pub held: Vec<Name>,
    pub through: Vec<Name>,
    /// The first is the valuation of the accounts and has no name; `also auction at …` have one.
    pub prices: Vec<(Option<Name>, Expr)>,
    /// `pooled` or `bilateral` (with its place), with several issuers.
    pub sharing: Option<(Sharing, Span)>,
    /// `fixed`: a fixed asset, sold above its valuation a capital transfer.
    pub fixed: bool,
    /// `settles in reserves`
    pub settles: Option<Name>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sharing {
    Pooled,
    Bilateral,
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

/// `flows in cash [of firms] { … }`
#[derive(Clone, Debug)]
pub struct Flows {
    pub instrument: Name,
    pub of: Option<Path>,
    pub flows: Vec<Flow>,
}

/// `exchange coal for cash { … }`
#[derive(Clone, Debug)]
pub struct Exchange {
    pub first: Name,
    pub first_of: Option<Path>,
    pub second: Name,
    pub second_of: Option<Path>,
    pub flows: Vec<Flow>,
}

#[derive(Clone, Debug)]
pub struct Flow {
    pub span: Span,
    pub name: Name,
    pub title: Title,
    pub left: Side,
    pub right: Side,
    /// `<->`: the amount may be negative.
    pub signed: bool,
    pub of: Option<Path>,
    pub amount: Option<Expr>,
    pub until: Option<Until>,
    pub price: Option<Expr>,
    pub on: Option<Name>,
    pub chance: Option<Expr>,
    pub limit: Option<Expr>,
    pub after: Option<Name>,
    /// `short …`, `rounds`, `visits`, `skip if short`: the market words with their places.
    pub market: Vec<(&'static str, Span)>,
    pub cite: Option<Cite>,
}

/// `until closing firms.cash == 0`
#[derive(Clone, Debug)]
pub struct Until {
    pub span: Span,
    pub account: Path,
    pub target: Expr,
}

/// One end of a flow: a sector, `each h in holders of bills`, or market words.
#[derive(Clone, Debug)]
pub struct Side {
    pub span: Span,
    pub path: Path,
    pub each: Option<EachSide>,
    /// `one`, `best of N`: markets, of a later version.
    pub market: Option<&'static str>,
    pub condition: Option<Expr>,
    pub by: Option<Expr>,
}

#[derive(Clone, Debug)]
pub struct EachSide {
    /// `each h in …`: the letter; `each funds` has none.
    pub letter: Option<Name>,
    /// `holders of` or `issuers of`
    pub of: Option<Roll>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Roll {
    Holders,
    Issuers,
}

/// `process mining "title" by mines { makes coal = raised  uses power = … }`
#[derive(Clone, Debug)]
pub struct Process {
    pub name: Name,
    pub title: Title,
    pub by: Path,
    pub lines: Vec<ProcessLine>,
}

#[derive(Clone, Debug)]
pub struct ProcessLine {
    pub span: Span,
    /// `makes` or `uses`.
    pub makes: bool,
    pub good: Path,
    pub title: Title,
    pub amount: Option<Expr>,
    pub until: Option<Until>,
    pub on: Option<Name>,
}

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

#[derive(Clone, Debug)]
pub struct Measure {
    pub name: Name,
    pub index: Vec<Name>,
    pub unit: Option<UnitExpr>,
    pub title: Title,
    pub value: Expr,
}

/// `check "title" always: a == b within 0.1%`
#[derive(Clone, Debug)]
pub struct Check {
    pub title: Text,
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

/// `redenominate RUB 1000 to 1 on 1998-01-01`
#[derive(Clone, Debug)]
pub struct Redenominate {
    pub unit: Name,
    pub old: Number,
    pub new: Number,
    pub on: Date,
}

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
