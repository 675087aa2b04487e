//! What letters stand for while an expression is lowered.

use crate::ir::SectorId;
use saldo_syntax::Symbol;

/// What a letter is bound to.
#[derive(Clone, Debug, PartialEq)]
pub enum Bound {
    /// A member of a set.
    Member { set: Symbol, member: Symbol },
    /// A sector (`each h in holders of bills`).
    Sector(SectorId),
}

/// Letters in scope, the innermost last.
#[derive(Clone, Debug, Default)]
pub struct Env {
    letters: Vec<(Symbol, Bound)>,
}

impl Env {
    pub fn with(&self, letter: &Symbol, bound: Bound) -> Env {
        let mut letters = self.letters.clone();
        letters.push((*letter, bound));
        Env { letters }
    }

    pub fn get(&self, letter: &str) -> Option<&Bound> {
        self.letters
            .iter()
            .rev()
            .find(|(name, _)| &**name == letter)
            .map(|(_, bound)| bound)
    }

    /// Members of the binders in order: the index of a flow declared inside `each`.
    pub fn members(&self) -> Vec<Symbol> {
        self.letters
            .iter()
            .filter_map(|(_, bound)| match bound {
                Bound::Member { member, .. } => Some(*member),
                Bound::Sector(_) => None,
            })
            .collect()
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
