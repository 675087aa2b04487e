//! The table of names, and what to say when one is missing or given twice.

use super::{Elements, Lowerer};
use crate::ir::*;
use saldo_diag::{Diagnostic, Span};
use saldo_syntax::Symbol;
use saldo_syntax::ast;

/// What a name stands for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Entity {
    Input(InputId),
    Var(VarId),
    Measure(usize),
}

/// A name with all its elements; a plain name has one element with an empty index.
#[derive(Clone, Debug)]
pub struct Family {
    pub span: Span,
    pub elements: Elements<Entity>,
}

impl<'a> Lowerer<'a> {
    /// Gives `name[index]` a meaning; a second meaning is an error.
    pub(crate) fn define(&mut self, name: &ast::Name, index: Vec<Symbol>, entity: Entity) {
        if let Some(what) = self.taken(&name.text) {
            let problem = Diagnostic::error("name-taken", format!("`{}` is already the name of {what}", name.text))
                .at(name.span, "this name")
                .why("Units, sectors, instruments, sets, events and lines share one name space, so that a formula has one reading.")
                .help("choose another name here");
            return self.report(problem);
        }
        let family = self.names.get_or(name.text, || Family {
            span: name.span,
            elements: Elements::default(),
        });
        let first = family.span;
        if family.elements.insert(index.clone(), entity).is_none() {
            return;
        }
        let shown = super::label(name.text, &index);
        let problem = Diagnostic::error("two-lines", format!("two lines for one name: `{shown}`"))
            .at(name.span, "given again here")
            .also(first, "first given here")
            .why("Each quantity is explained once. Two lines for one quantity are two theories of it.")
            .help("rename one of them, or make them rivals with `choice`");
        self.report(problem);
    }

    /// What other table already holds the name.
    fn taken(&self, name: &Symbol) -> Option<&'static str> {
        if self.sets.contains_key(name) {
            Some("a set")
        } else if self.sectors.contains_key(name) {
            Some("a sector")
        } else if self.instruments.contains_key(name) {
            Some("an instrument or good")
        } else if self.events.contains_key(name) {
            Some("an event")
        } else if self.model.choices.iter().any(|choice| choice.name == *name) {
            Some("a choice")
        } else {
            None
        }
    }

    /// Every name a formula may use, for advice. Of very many problems only the first are shown:
    /// the others need none.
    pub(crate) fn all_names(&self) -> Vec<Symbol> {
        if self.problems.len() >= crate::texts::MAX_PROBLEMS {
            return Vec::new();
        }
        let tables = [
            self.names.keys().cloned().collect::<Vec<_>>(),
            self.sectors.keys().cloned().collect(),
            self.instruments.keys().cloned().collect(),
            self.events.keys().cloned().collect(),
            self.sets.keys().cloned().collect(),
            self.model
                .choices
                .iter()
                .map(|choice| choice.name)
                .collect(),
        ];
        tables.concat()
    }

    /// Says that a name stands for nothing; of a sector once, however many lines ask for it.
    pub(crate) fn unknown(&mut self, name: &ast::Name, what: &str, known: &[Symbol]) {
        if self.measure_names.contains(&name.text) {
            return self.measure_in_formula(name.span);
        }
        if what == "the sector" && !self.sectors_unknown.insert(name.text) {
            return;
        }
        if what == "the name" && self.model.units.units.contains_key(&name.text) {
            return self.bare_unit(name);
        }
        let problem = Diagnostic::error("unknown-name", format!("{what} `{}` is not known", name.text))
            .at(name.span, "no declaration gives this name")
            .why("Nothing enters a result by default: every name needs a line, a number or an account of its own.");
        let problem = match near(&name.text, known) {
            Some(close) => problem.help(format!("did you mean `{close}`?")),
            None if what == "the name" && TIME.contains(&&*name.text) => problem.help(ASK_EVENT),
            None => problem.help(declared_as(what, &name.text, known)),
        };
        self.report(problem);
    }

    /// `5%/year`
    fn bare_unit(&mut self, name: &ast::Name) {
        let unit = name.text;
        let problem =
            Diagnostic::error("unknown-name", format!("`{unit}` is a unit, not an amount"))
                .at(name.span, "read as an amount")
                .why("A unit belongs to the number before it; alone it is no number.");
        let how = format!("for a rate write  5% per {unit},  for an amount  1 {unit}");
        let problem = match TIME.contains(&&*unit) {
            true => problem.help(how).help(ASK_EVENT),
            false => problem.help(how),
        };
        self.report(problem);
    }
}

/// What other tools call the running period.
const TIME: &[&str] = &[
    "t", "time", "date", "year", "quarter", "month", "day", "now",
];

const ASK_EVENT: &str = "to ask for a date, name it:  event reform on 1992 assumed \"why\",  then  if after reform then … else …";

/// How a name of this kind is declared, and which there are if they are few.
fn declared_as(what: &str, name: &Symbol, known: &[Symbol]) -> String {
    const FEW: usize = 8;
    let form = match what {
        "the sector" => format!("sector {name}"),
        "the set" => format!("set {name} {{ … }}"),
        "the instrument" | "the account" => {
            format!("instrument {name} [UNIT] {{ issued by … held by … }}")
        }
        "the event" => format!("event {name} on 1992-01-02 \"what happens\""),
        _ => return format!("declare it, for example  {name} = …"),
    };
    match known.len() {
        1..=FEW => format!(
            "declare it:  {form},  or choose one of: {}",
            Symbol::list(known)
        ),
        _ => format!("declare it:  {form}"),
    }
}

/// The known name closest to `name`, if close enough to be a slip.
pub fn near(name: &str, known: &[Symbol]) -> Option<Symbol> {
    saldo_diag::nearest(name, known.iter().map(|it| &**it)).map(Into::into)
}
