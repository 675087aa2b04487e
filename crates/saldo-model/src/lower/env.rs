//! What letters stand for while an expression is lowered.

use crate::ir::SectorId;
use saldo_syntax::Symbol;
use std::rc::Rc;

/// What a letter is bound to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Bound {
    /// A member of a set.
    Member { set: Symbol, member: Symbol },
    /// A sector (`each h in holders of bills`).
    Sector(SectorId),
}

/// Letters in scope: the innermost, and those around it. Copies share them.
#[derive(Clone, Debug, Default)]
pub struct Env(Option<Rc<Letter>>);

#[derive(Debug)]
struct Letter {
    name: Symbol,
    bound: Bound,
    around: Env,
}

impl Env {
    pub fn with(&self, letter: &Symbol, bound: Bound) -> Env {
        Env(Some(Rc::new(Letter {
            name: *letter,
            bound,
            around: self.clone(),
        })))
    }

    /// From the innermost outwards.
    fn letters(&self) -> impl Iterator<Item = &Letter> {
        let first = self.0.as_deref();
        std::iter::successors(first, |letter| letter.around.0.as_deref())
    }

    pub fn get(&self, letter: &Symbol) -> Option<&Bound> {
        self.letters()
            .find(|it| it.name == *letter)
            .map(|it| &it.bound)
    }

    /// Members of the binders in order: the index of a flow declared inside `each`.
    pub fn members(&self) -> Vec<Symbol> {
        let inner_first = self.letters().filter_map(|it| match it.bound {
            Bound::Member { member, .. } => Some(member),
            Bound::Sector(_) => None,
        });
        let mut members: Vec<Symbol> = inner_first.collect();
        members.reverse();
        members
    }
}

/// How an expression is to be read.
#[derive(Clone, Debug, Default)]
pub struct Context {
    pub env: Env,
    /// How many periods back everything is read (inside `lag`).
    pub shift: u32,
    /// A bare balance means the closing one (measures, checks, observations).
    pub bare_is_closing: bool,
    /// The line that random terms are keyed by.
    pub line: Option<Symbol>,
}

impl Context {
    pub fn of(env: &Env) -> Self {
        Context {
            env: env.clone(),
            ..Context::default()
        }
    }

    pub fn back(&self, periods: u32) -> Self {
        Context {
            shift: self.shift + periods,
            ..self.clone()
        }
    }
}
