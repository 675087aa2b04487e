//! The checked model: what every later stage may rely on.
//!
//! Sets and families are expanded: every line here is a scalar. All numbers are in
//! coherent base units: the model's period is the unit of time (a yearly model counts
//! in years, a monthly one in months), so the length of a period is 1 and a rate posts
//! its own value. Each named unit carries its factor to the base unit for display.
//!
//! Already true: names are resolved, every amount has two sides (goods of a process
//! have one), `closing` balances are lines of their own, `until` flows are explicit.
//! Must not happen here: evaluation, ordering.

use crate::calendar::Calendar;
use crate::units::{Dim, UnitTable};
use saldo_diag::Span;
use saldo_syntax::Symbol;
use std::sync::Arc;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub u32);
        impl $name {
            /// Position in its table.
            pub fn at(self) -> usize {
                self.0 as usize
            }
        }
    )*};
}
ids!(
    /// A sector, or one member of a family of sectors.
    SectorId,
    /// A claim or a good.
    InstrumentId,
    /// One balance: a sector's position in one instrument (of one issuer, if bilateral).
    AccountId,
    /// A flow, one exchange, or one line of a process.
    FlowId,
    /// A number that is given: parameter, series, event function.
    InputId,
    /// A line that is computed each period.
    VarId,
    /// An expression in [`Model::nodes`].
    NodeId,
    EventId,
);

pub struct Model {
    pub name: Symbol,
    pub title: Symbol,
    pub calendar: Calendar,
    /// The first money declared: the book currency.
    pub currency: Option<Symbol>,
    pub units: UnitTable,
    pub sectors: Vec<Sector>,
    pub instruments: Vec<Instrument>,
    pub accounts: Vec<Account>,
    pub inputs: Vec<Input>,
    pub events: Vec<Event>,
    pub choices: Vec<Choice>,
    pub vars: Vec<Var>,
    pub flows: Vec<Flow>,
    pub redenominations: Vec<Redenomination>,
    /// All expressions; children come before their parents.
    pub nodes: Vec<Node>,
    pub start: Start,
    pub measures: Vec<Measure>,
    pub checks: Vec<Check>,
    /// What the author wants to be looked at first.
    pub shows: Vec<Show>,
    /// Where a scenario bends behaviour, and by how much.
    pub hands: Vec<Hand>,
    pub observations: Vec<Observation>,
    pub claims: Vec<ClaimText>,
    /// What parameters could be instead of what the text says: drawn once for each draw.
    pub priors: Vec<Prior>,
    /// Titles in Russian, by the title in the text's first language.
    pub russian: std::collections::BTreeMap<Symbol, Symbol>,
    /// Titles of the sources that are cited, by their keys.
    pub sources: std::collections::BTreeMap<Symbol, Symbol>,
}

impl Model {
    /// How many old units one shown unit of a money is worth in a row: 1 without redenomination.
    pub fn redenominated(&self, money: &str, row: i64) -> f64 {
        let due = |it: &&Redenomination| &*it.money == money && it.period <= row;
        let due = self.redenominations.iter().filter(due);
        due.fold(1.0, |ratio, it| ratio * it.ratio)
    }
}

/// From a period on a money is shown in a larger or smaller unit. Books and formulas keep theirs.
#[derive(Clone, Debug)]
pub struct Redenomination {
    pub money: Symbol,
    /// Old units for one new unit.
    pub ratio: f64,
    /// The first period, 1-based, that is shown in the new unit.
    pub period: i64,
}

/// An expression with its place in the text (synthetic ones carry the place that caused them).
#[derive(Clone, Debug)]
pub struct Node {
    pub op: Op,
    pub span: Span,
    /// For [`Op::Const`]: the dimension the text gave it. `None` for 0, which has every unit.
    /// For other operations `None`.
    pub dim: Option<Dim>,
}

#[derive(Clone, Debug)]
pub enum Op {
    Const(f64),
    Input(InputId),
    /// The value of a line in this period.
    Var(VarId),
    /// The value of a line `n >= 1` periods ago. A flow's past value is what was posted.
    Lag(VarId, u32),
    /// The closing balance of an account `n >= 1` periods ago (1 = `opening`), issuer's negative.
    Balance(AccountId, u32),
    /// The value of an input `n >= 1` periods ago.
    InputLag(InputId, u32),
    Unary(Unary, NodeId),
    Binary(Binary, NodeId, NodeId),
    /// The condition is true when it is not zero.
    If(NodeId, NodeId, NodeId),
    /// A random term, drawn anew each period.
    Random(Box<Random>),
}

/// A draw from a law.
#[derive(Clone, Debug)]
pub struct Random {
    pub law: Law,
    pub args: Vec<NodeId>,
    /// What keys it: the stable name of the line and the number of the term in it.
    pub line: Symbol,
}

impl Op {
    /// The expressions an operation is made of.
    pub fn parts(&self) -> Vec<NodeId> {
        match self {
            Op::Unary(_, a) => vec![*a],
            Op::Binary(_, a, b) => vec![*a, *b],
            Op::If(a, b, c) => vec![*a, *b, *c],
            Op::Random(it) => it.args.clone(),
            _ => Vec::new(),
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unary {
    Neg,
    Not,
    Exp,
    Log,
    Sqrt,
    Abs,
    Floor,
    Round,
    Tanh,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Binary {
    Add,
    Sub,
    Mul,
    Div,
    Pow,
    Min,
    Max,
    Eq,
    Ne,
    Lt,
    Le,
    Gt,
    Ge,
    And,
    Or,
}

/// Probability laws for random terms and priors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Law {
    Normal,
    Lognormal,
    Uniform,
    Beta,
    Gamma,
    Pareto,
    Bernoulli,
    Poisson,
}

pub struct Sector {
    /// `households`, `firms[coal]`.
    pub name: Symbol,
    pub title: Symbol,
    /// `firms` for `firms[coal]`; the plain name otherwise.
    pub family: Symbol,
    /// `["coal"]`; empty for a single sector.
    pub members: Vec<Symbol>,
    pub span: Span,
}

pub struct Instrument {
    pub name: Symbol,
    pub title: Symbol,
    pub span: Span,
    pub kind: Kind,
    /// Quantity unit, `RUB` or `t`, as text for display; `factor` base units each.
    pub unit: Symbol,
    pub dim: Dim,
    pub factor: f64,
    /// Smallest amount that is booked, in base units.
    pub resolution: f64,
    /// The valuation of the accounts: `None` for a money at par with itself (value = quantity).
    /// In money of the book currency per base unit.
    pub price: Option<VarId>,
    /// Further named valuations.
    pub also: Vec<(Symbol, VarId)>,
    /// The money its value is counted in; for a good without price, nothing.
    pub currency: Option<Symbol>,
    /// Positions by holder and issuer (`bilateral`).
    pub bilateral: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Claim,
    Good { fixed: bool },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// May go below zero: that is its liability.
    Issuer,
    /// May not go below zero.
    Holder,
    /// Must close every period at zero.
    Through,
}

pub struct Account {
    /// `households.cash`, `firms[coal].trade of firms[oil]`.
    pub name: Symbol,
    pub sector: SectorId,
    pub instrument: InstrumentId,
    /// Whose claim, for a bilateral instrument. Each (instrument, issuer) sums to zero.
    pub issuer: Option<SectorId>,
    pub role: Role,
}

pub struct Input {
    pub name: Symbol,
    pub title: Symbol,
    pub span: Span,
    pub dim: Dim,
    /// Display unit and its factor (value shown = value / factor).
    pub unit: Symbol,
    pub factor: f64,
    pub kind: InputKind,
    pub values: Values,
    pub ground: Ground,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InputKind {
    Param,
    Series,
    /// `after e`, `ramp(e)`, … and the calendar's own functions.
    Event,
}

/// Values in base units. A path has one entry per period 0..=n: entry 0 is the opening state.
#[derive(Clone, Debug)]
pub enum Values {
    Const(f64),
    Path(Arc<[f64]>),
}

/// Where a number comes from.
#[derive(Clone, Debug)]
pub enum Ground {
    Cite {
        key: Symbol,
        place: Option<Symbol>,
    },
    Assumed(Symbol),
    /// Computed by the model (events) or an error already reported.
    Derived,
}

pub struct Event {
    pub name: Symbol,
    pub title: Symbol,
    pub span: Span,
    pub ground: Ground,
    /// Dates as `year-month-day` text, after the scenario moved them.
    pub from: Symbol,
    pub to: Option<Symbol>,
    /// First and last period touched (1-based; may lie outside 1..=n). `None`: cancelled.
    pub periods: Option<(i64, i64)>,
    /// Some formula or flow asks for it; the others are only told.
    pub used: bool,
    /// How many places of the text ask for it.
    pub asked: u32,
}

pub struct Choice {
    pub name: Symbol,
    pub title: Symbol,
    pub members: Vec<(Symbol, Symbol)>,
    /// Which member this model was built with.
    pub taken: usize,
}

/// A line that is computed each period.
pub struct Var {
    /// `output`, `capacity[coal]`; a flow's own name; helpers are `closing households.cash`.
    pub name: Symbol,
    pub title: Symbol,
    pub span: Span,
    pub role: VarRole,
    pub def: Def,
    pub guess: Option<NodeId>,
    /// Declared or inferred dimension and display unit (filled by the unit checker).
    pub dim: Option<Dim>,
    pub unit: Symbol,
    pub factor: f64,
    /// Value at and before period 0, if the text gave one.
    pub past: Option<Past>,
    /// What the model's own opening says of it, where a scenario seeks another: the search begins
    /// there.
    pub hint: Option<Past>,
    /// How far back any expression looks at this line (0: never).
    pub max_lag: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VarRole {
    /// A behavioural or definitional equation of the author.
    Equation,
    /// The amount of a flow (rate per period, base units); after posting: what was posted.
    Flow(FlowId),
    /// The closing balance of an account; after posting: the book's own.
    Closing(AccountId),
    /// A parameter that is an expression of others.
    Param,
    /// Prices and other values the author wrote in place.
    Helper,
    Measure,
}

#[derive(Clone, Copy, Debug)]
pub enum Def {
    /// `name = expr`
    Is(NodeId),
    /// `find name such that left == right`
    Solves { left: NodeId, right: NodeId },
}

impl Def {
    /// The expressions a line is defined by.
    pub fn sides(self) -> Vec<NodeId> {
        match self {
            Def::Is(node) => vec![node],
            Def::Solves { left, right } => vec![left, right],
        }
    }
}

/// Values of the past: constants over inputs, evaluated when the run starts.
#[derive(Clone, Debug)]
pub enum Past {
    /// The same for every earlier period.
    All(NodeId),
    /// By period (0 = opening state, −1 the one before).
    Dated(Vec<(i64, NodeId)>),
}

/// One line of a `flows`, `exchange` or `process` block, for one combination of set members.
pub struct Flow {
    pub name: Symbol,
    pub title: Symbol,
    /// The row of the matrices it stands in: its title (or name) without members of sets.
    pub row: Symbol,
    pub span: Span,
    pub kind: FlowKind,
    /// The amount in base units of the first leg's instrument, per period.
    pub var: VarId,
    /// `<->`: may be negative.
    pub signed: bool,
    /// The first leg moves the amount; the second (exchanges) the posted amount times `price`.
    pub legs: Vec<Leg>,
    /// Price of the second leg per unit of the first, in base units; `None`: one for one.
    pub price: Option<NodeId>,
    pub until: Option<Until>,
    /// Only in the period that contains the event (the amount is then a lump).
    pub on: Option<EventId>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FlowKind {
    Flow,
    Exchange,
    Makes,
    Uses,
}

/// `from` loses, `to` gains. A process has only one side.
///
/// Where a claim settles in another, the same amount goes on from hand to hand: from the payer to
/// its bank, in reserves to the payee's bank, from there to the payee.
#[derive(Clone, Copy, Debug)]
pub struct Leg {
    pub instrument: InstrumentId,
    pub from: Option<AccountId>,
    pub to: Option<AccountId>,
    pub stops: [Option<Stop>; 2],
}

/// A bank on the way of a payment: what arrives in one of its accounts leaves from another.
#[derive(Clone, Copy, Debug)]
pub struct Stop {
    pub arrives: AccountId,
    pub leaves: AccountId,
}

impl Leg {
    pub fn new(instrument: InstrumentId, from: Option<AccountId>, to: Option<AccountId>) -> Leg {
        Leg {
            instrument,
            from,
            to,
            stops: [None, None],
        }
    }

    /// Every hand-over of the amount: who gives, who takes. One, unless it is settled.
    pub fn moves(&self) -> impl Iterator<Item = (Option<AccountId>, Option<AccountId>)> + use<> {
        let stops = self.stops.into_iter().flatten();
        let givers = std::iter::once(self.from).chain(stops.clone().map(|stop| Some(stop.leaves)));
        let takers = stops.map(|stop| Some(stop.arrives)).chain([self.to]);
        givers.zip(takers)
    }
}

/// The flow is posted last, in whole units, so that `account` closes at `target`.
/// The line's own definition is already explicit; this tells the ledger.
#[derive(Clone, Debug)]
pub struct Until {
    pub account: AccountId,
    pub target: NodeId,
    /// With `= amount`: the lesser of the two is posted, the rest is unserved.
    pub wanted: Option<NodeId>,
    /// Which leg touches the account, and whether the account gains (+1) or loses (−1).
    pub leg: usize,
    pub sign: i8,
    /// Flows with a lower rank are posted earlier (`after X`).
    pub rank: u32,
}

pub struct Start {
    /// Opening positions of holders, in base units; the issuers' side is derived.
    /// Accounts that are not listed are zero (`others empty` was checked).
    pub positions: Vec<StartPosition>,
    /// Positions (by their place above) that share out a total: together they are its whole units.
    pub splits: Vec<std::ops::Range<usize>>,
    /// `stationary`, and where it says so: positions that are not listed are sought, so that a
    /// period that opens with them repeats itself.
    pub stationary: Option<Span>,
    /// The model's own opening, where a scenario seeks another.
    pub hints: Vec<StartPosition>,
    /// What else must hold of a stationary opening.
    pub conditions: Vec<StartCondition>,
}

/// `bills = 100 usd` (what is outstanding, whoever holds it), `central_bank.net_worth = 0 usd`:
/// of a stationary opening, where closing balances are the opening ones.
pub struct StartCondition {
    pub left: NodeId,
    pub right: NodeId,
    pub span: Span,
}

pub struct StartPosition {
    pub account: AccountId,
    pub value: NodeId,
    pub span: Span,
}

/// A number to report: evaluated after posting, from what was posted.
pub struct Measure {
    pub name: Symbol,
    pub title: Symbol,
    pub span: Span,
    pub value: NodeId,
    pub dim: Option<Dim>,
    pub unit: Symbol,
    pub factor: f64,
}

pub struct Check {
    pub title: Symbol,
    pub span: Span,
    /// First and last period it must hold in, inclusive, 1-based.
    pub periods: (i64, i64),
    pub condition: Condition,
    /// What is compared is counted in steps of this, in base units; 0 where it is not booked.
    pub grain: f64,
}

/// `left op right within tolerance` keeps its sides so that a miss can be shown.
pub enum Condition {
    Compare {
        op: Binary,
        left: NodeId,
        right: NodeId,
        within: Option<Tolerance>,
    },
    Holds(NodeId),
}

#[derive(Clone, Copy, Debug)]
pub enum Tolerance {
    /// Share of the right side.
    Relative(f64),
    /// An amount in base units; the node carries its unit.
    Absolute { amount: f64, node: NodeId },
}

/// `show EXPR "title" as fan 50%, 90%`
pub struct Show {
    pub title: Symbol,
    pub span: Span,
    pub value: NodeId,
    pub dim: Option<Dim>,
    pub unit: Symbol,
    pub factor: f64,
    /// `fan`, `deviation`, `percent`, `log`; empty: the level.
    pub style: Symbol,
    pub bands: Vec<f64>,
}

/// A hand on an equation (`fix`, `target`, `given`), in the order of the scenario.
pub struct Hand {
    /// The line that is bent; for a target the parameter that is freed.
    pub name: Symbol,
    /// Position in [`Model::shows`] of its size: how far the line is from what its own equation
    /// says, the freed parameter from what the model says.
    pub show: usize,
}

/// A quantity that somebody measured, to be set beside the model's.
pub struct Observation {
    pub title: Symbol,
    pub span: Span,
    /// Position in [`Model::shows`] of the model's own quantity (style `evidence`).
    pub show: usize,
    pub gather: Gather,
    /// First and last period of the year (or month) that both sides take as 100.
    pub index_base: Option<(i64, i64)>,
    pub source: Symbol,
    pub points: Vec<ObservedPoint>,
}

/// How the model's periods are gathered into the span of an observation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gather {
    Mean,
    Total,
    End,
    /// Growth over the span: last period over the one before the span, less one.
    Growth,
}

#[derive(Clone, Copy, Debug)]
pub struct ObservedPoint {
    /// First and last period covered, 1-based, inclusive.
    pub periods: (i64, i64),
    /// In the unit of the show.
    pub value: f64,
    /// Allowed distance, as a share of the value.
    pub within: f64,
    pub purpose: Purpose,
}

/// What a value may be used for. Calibration sees only [`Purpose::Fit`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Purpose {
    Fit,
    Test,
    /// Drawn beside the result, in no score.
    Show,
}

/// What somebody has asserted: kept with its speaker, scored where the model has the quantity,
/// never fitted.
pub struct Prior {
    pub input: InputId,
    pub law: Law,
    /// The law's numbers, in base units of the parameter where they carry its unit.
    pub args: [f64; 2],
    /// Draws outside are made again.
    pub within: Option<(f64, f64)>,
    pub span: Span,
}

/// A claim: what somebody has asserted.
pub struct ClaimText {
    pub name: Symbol,
    pub statement: Symbol,
    pub speaker: Symbol,
    pub periods: Option<(i64, i64)>,
    /// Positions in [`Model::shows`] of the two sides, and the allowed share.
    pub sides: Option<(usize, usize, f64)>,
    pub caution: Option<Symbol>,
    /// What a model must have before the claim can be compared; absent where it can be.
    pub needs: Option<Symbol>,
}
