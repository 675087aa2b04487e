//! Tables of what names stand for.

use saldo_syntax::{Quick, Symbol};
use std::collections::BTreeMap;
use std::hash::BuildHasherDefault;
use std::ops::Index;

/// Things by name: found at once, walked in the order of the letters.
pub struct ByName<T> {
    places: Places,
    all: Vec<(Symbol, T)>,
}

/// Where a name's thing stands. Only ever asked, never walked.
#[allow(clippy::disallowed_types)]
type Places = std::collections::HashMap<usize, u32, BuildHasherDefault<Quick>>;

impl<T> ByName<T> {
    fn place(&self, name: &Symbol) -> Option<usize> {
        let place = self.places.get(&name.place())?;
        Some(*place as usize)
    }

    pub fn get(&self, name: &Symbol) -> Option<&T> {
        self.place(name).map(|at| &self.all[at].1)
    }

    pub fn get_mut(&mut self, name: &Symbol) -> Option<&mut T> {
        self.place(name).map(|at| &mut self.all[at].1)
    }

    pub fn contains_key(&self, name: &Symbol) -> bool {
        self.place(name).is_some()
    }

    /// The thing of this name, made now if there is none.
    pub fn get_or(&mut self, name: Symbol, make: impl FnOnce() -> T) -> &mut T {
        let at = self.place(&name).unwrap_or_else(|| {
            self.places.insert(name.place(), self.all.len() as u32);
            self.all.push((name, make()));
            self.all.len() - 1
        });
        &mut self.all[at].1
    }

    /// Puts a thing in, in place of one of the same name, which is given back.
    pub fn insert(&mut self, name: Symbol, thing: T) -> Option<T> {
        if let Some(at) = self.place(&name) {
            return Some(std::mem::replace(&mut self.all[at].1, thing));
        }
        self.get_or(name, || thing);
        None
    }

    fn ordered(&self) -> impl Iterator<Item = &(Symbol, T)> {
        let mut all: Vec<_> = self.all.iter().collect();
        all.sort_by_key(|(name, _)| *name);
        all.into_iter()
    }

    pub fn keys(&self) -> impl Iterator<Item = &Symbol> {
        self.ordered().map(|(name, _)| name)
    }

    pub fn values(&self) -> impl Iterator<Item = &T> {
        self.ordered().map(|(_, thing)| thing)
    }
}

impl<T> Default for ByName<T> {
    fn default() -> Self {
        ByName {
            places: Places::default(),
            all: Vec::new(),
        }
    }
}

impl<T> Index<&Symbol> for ByName<T> {
    type Output = T;

    fn index(&self, name: &Symbol) -> &T {
        let Some(thing) = self.get(name) else {
            panic!("`{name}` was looked up before it was declared");
        };
        thing
    }
}

/// What one name stands for, by members of sets; a plain name has one element, without any.
#[derive(Clone, Debug)]
pub struct Elements<T> {
    plain: Option<T>,
    indexed: BTreeMap<Vec<Symbol>, T>,
}

static NO_MEMBERS: Vec<Symbol> = Vec::new();

impl<T> Elements<T> {
    pub fn get(&self, members: &[Symbol]) -> Option<&T> {
        match members {
            [] => self.plain.as_ref(),
            _ => self.indexed.get(members),
        }
    }

    pub fn insert(&mut self, members: Vec<Symbol>, element: T) -> Option<T> {
        match members.is_empty() {
            true => self.plain.replace(element),
            false => self.indexed.insert(members, element),
        }
    }

    pub fn iter(&self) -> impl Iterator<Item = (&Vec<Symbol>, &T)> {
        let plain = self.plain.iter().map(|element| (&NO_MEMBERS, element));
        plain.chain(&self.indexed)
    }

    pub fn keys(&self) -> impl Iterator<Item = &Vec<Symbol>> {
        self.iter().map(|(members, _)| members)
    }

    pub fn values(&self) -> impl Iterator<Item = &T> {
        self.iter().map(|(_, element)| element)
    }

    pub fn len(&self) -> usize {
        usize::from(self.plain.is_some()) + self.indexed.len()
    }
}

impl<T> Default for Elements<T> {
    fn default() -> Self {
        Elements {
            plain: None,
            indexed: BTreeMap::new(),
        }
    }
}
