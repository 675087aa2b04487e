//! What a file says, as owned data: the typed view of the lossless tree.
//!
//! The view drops comments and layout (the tree keeps them) and knows no meaning:
//! names are text, numbers keep their spelling, units are products of names.
//! A declaration that could not be read is absent here and reported as a problem.

mod books;
mod expr;
mod givens;
mod lines;
mod side_files;

pub use books::*;
pub use expr::*;
pub use givens::*;
pub use lines::*;
pub use side_files::*;

use crate::symbol::Symbol;
use saldo_diag::Span;

/// A name with its place. Backquotes are already removed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    pub text: Symbol,
    pub span: Span,
}

/// Titles by language: `"Coal" ru "Уголь"`. The first has no language mark.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Title {
    pub main: Option<Symbol>,
    pub other: Vec<(Name, Symbol)>,
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
    Good(Box<Asset>),
    /// `instrument cash [usd] "title" { issued by … held by … through … priced at … }`
    Instrument(Box<Asset>),
    Param(Box<Param>),
    Series(Box<Series>),
    Event(Event),
    Choice(Choice),
    Link(Opaque),
    Flows(Flows),
    Exchange(Exchange),
    Process(Process),
    Each(Each),
    Equation(Box<Equation>),
    Find(Box<Find>),
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
    Observe(Box<Observe>),
    Claim(Box<Claim>),
    Prior(Box<Prior>),
    Doubt(Doubt),
    // --- scenario files
    Move {
        event: Name,
        to: DateRange,
    },
    Cancel {
        event: Name,
    },
    SetValue(Box<SetValue>),
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
    Show(Box<Show>),
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
    pub text: Symbol,
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
