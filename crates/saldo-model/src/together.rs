//! Scenarios and rival explanations that can be looked at in one pass.
//!
//! A rival changes which answer of an `if` is taken; a pass that lowers both answers sees what any
//! rival shows. A scenario that only sets given numbers and dates leaves every line as it is;
//! scenarios that touch different names do not meet, so they can all be followed at once. What is
//! wrong in one of them is wrong in the pass as well. Where the pass finds something that the
//! baseline does not have, each is looked at alone, to say what it is and where; what decides about
//! the structure of the model is always looked at alone.

use crate::build::Setup;
use crate::scenario::Overrides;
use saldo_diag::Sources;
use saldo_syntax::Symbol;
use saldo_syntax::ast::{self, DeclKind, FileKind};
use std::collections::{BTreeMap, BTreeSet};

/// What one pass shows.
pub(crate) struct Together {
    scenarios: BTreeSet<Symbol>,
    /// Names that the command line and the scenarios of the pass touch.
    touched: BTreeSet<Symbol>,
    /// Choices whose rivals are all in it.
    choices: BTreeMap<Symbol, Vec<Symbol>>,
}

impl Together {
    /// Everything that one pass can show of these files; `all` gets what its scenarios change.
    pub fn of(files: &[ast::File], sources: &Sources, all: &mut Overrides) -> Self {
        let set = all.sets.iter().map(|set| set.target.parts[0].name.text);
        let mut pass = Together {
            scenarios: BTreeSet::new(),
            touched: set.collect(),
            choices: choices(files),
        };
        let opening = words_of_openings(files, sources);
        for file in files {
            if let FileKind::Scenario { name, .. } = &file.kind {
                pass.join(name.text, file, &opening, all);
            }
        }
        pass
    }

    /// Adds a scenario that no other of the pass meets.
    fn join(
        &mut self,
        name: Symbol,
        file: &ast::File,
        opening: &BTreeSet<Symbol>,
        all: &mut Overrides,
    ) {
        let touched: Option<Vec<_>> = file.decls.iter().map(touches).collect();
        let Some(touched) = touched else { return };
        let touched: BTreeSet<Symbol> = touched.into_iter().flatten().collect();
        if !touched.is_disjoint(&self.touched) || !touched.is_disjoint(opening) {
            return;
        }
        self.touched.extend(touched);
        self.scenarios.insert(name);
        let chooses = |decl: &&ast::Decl| matches!(decl.kind, DeclKind::UseChoice { .. });
        let others = file.decls.iter().filter(|decl| !chooses(decl));
        others.for_each(|decl| all.add(decl));
    }

    /// Whether both answers are looked at wherever a formula asks for a rival.
    pub fn all_rivals(&self) -> bool {
        !self.choices.is_empty()
    }

    /// These choices turned out to decide about the structure of the model.
    pub fn leave_out(&mut self, structural: &BTreeSet<Symbol>) {
        self.choices
            .retain(|choice, _| !structural.contains(choice));
    }

    /// Whether the pass has shown all that a look at this one could.
    pub fn shows(&self, other: &Setup, files: &[ast::File]) -> bool {
        let known = |choice: &str, member: &str| {
            let members = self.choices.get(&Symbol::new(choice));
            members.is_some_and(|members| members.iter().any(|it| **it == *member))
        };
        let Some(scenario) = &other.scenario else {
            return other
                .choose
                .iter()
                .all(|(choice, member)| known(choice, member));
        };
        self.scenarios.contains(&Symbol::new(scenario))
            && chosen_by(files, scenario).all(|(choice, member)| known(choice, member))
    }
}

/// The choices and their members; none where something is sought by a condition: what a condition
/// depends on is then a question to each rival.
fn choices(files: &[ast::File]) -> BTreeMap<Symbol, Vec<Symbol>> {
    if decls(files).any(|decl| sought(&decl.kind)) {
        return BTreeMap::new();
    }
    let named = decls(files).filter_map(|decl| match &decl.kind {
        DeclKind::Choice(it) => {
            let members = it.members.iter().map(|(name, _)| name.text);
            Some((it.name.text, members.collect()))
        }
        _ => None,
    });
    named.collect()
}

fn sought(kind: &DeclKind) -> bool {
    match kind {
        DeclKind::Find(_) => true,
        DeclKind::Each(each) => each.decls.iter().any(|decl| sought(&decl.kind)),
        _ => false,
    }
}

/// The name that a declaration of a scenario touches, if it touches any; nothing at all if it
/// changes more than a given number or date.
fn touches(decl: &ast::Decl) -> Option<Option<Symbol>> {
    match &decl.kind {
        DeclKind::SetValue(set) if set.target.parts.len() == 1 => {
            Some(Some(set.target.parts[0].name.text))
        }
        DeclKind::Move { event, .. } | DeclKind::Cancel { event } => Some(Some(event.text)),
        DeclKind::UseChoice { .. }
        | DeclKind::Run { to: None, .. }
        | DeclKind::Compare { .. }
        | DeclKind::Show(_)
        | DeclKind::Cite(_) => Some(None),
        _ => None,
    }
}

/// Every word of the openings: their balance is judged with the numbers that are given.
fn words_of_openings(files: &[ast::File], sources: &Sources) -> BTreeSet<Symbol> {
    let openings = decls(files).filter(|decl| matches!(decl.kind, DeclKind::Start(_)));
    let words = openings.flat_map(|decl| {
        let text = sources.slice(decl.span);
        text.split(|c: char| !c.is_alphanumeric() && c != '_')
    });
    words.map(Symbol::new).collect()
}

fn chosen_by<'f>(
    files: &'f [ast::File],
    scenario: &str,
) -> impl Iterator<Item = (&'f str, &'f str)> {
    let own = files.iter().filter(move |file| {
        matches!(&file.kind, FileKind::Scenario { name, .. } if *name.text == *scenario)
    });
    own.flat_map(|file| &file.decls)
        .filter_map(|decl| match &decl.kind {
            DeclKind::UseChoice { choice, member } => Some((&*choice.text, &*member.text)),
            _ => None,
        })
}

fn decls(files: &[ast::File]) -> impl Iterator<Item = &ast::Decl> {
    files.iter().flat_map(|file| &file.decls)
}
