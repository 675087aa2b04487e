//! Who keeps books, what is kept, and what moves it.

use super::*;
use saldo_diag::Span;

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
    /// `held by state of banks[east]`: whose customer a holder is, by the place of its name.
    pub banks: Vec<(Name, Path)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sharing {
    Pooled,
    Bilateral,
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
