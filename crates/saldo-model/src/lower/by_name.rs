//! Tables of what names stand for.

use saldo_syntax::{Quick, Symbol};
use std::borrow::Borrow;
use std::hash::{BuildHasherDefault, Hash};
use std::ops::Index;

/// Things by name.
pub type ByName<T> = Table<Symbol, T>;

/// Things by key: found at once, walked in the order of the keys.
#[derive(Clone, Debug)]
pub struct Table<K, T> {
    places: Places<K>,
    all: Vec<(K, T)>,
}

/// Where a key's thing stands. Only ever asked, never walked.
#[allow(clippy::disallowed_types)]
type Places<K> = std::collections::HashMap<K, u32, BuildHasherDefault<Quick>>;

impl<K: Clone + Ord + Hash, T> Table<K, T> {
    fn place<Q: Hash + Eq + ?Sized>(&self, key: &Q) -> Option<usize>
    where
        K: Borrow<Q>,
    {
        self.places.get(key).map(|place| *place as usize)
    }

    pub fn get<Q: Hash + Eq + ?Sized>(&self, key: &Q) -> Option<&T>
    where
        K: Borrow<Q>,
    {
        self.place(key).map(|at| &self.all[at].1)
    }

    pub fn get_mut(&mut self, key: &K) -> Option<&mut T> {
        self.place(key).map(|at| &mut self.all[at].1)
    }

    pub fn contains_key(&self, key: &K) -> bool {
        self.place(key).is_some()
    }

    /// The thing of this key, made now if there is none.
    pub fn get_or(&mut self, key: K, make: impl FnOnce() -> T) -> &mut T {
        let at = self.place(&key).unwrap_or_else(|| {
            self.places.insert(key.clone(), self.all.len() as u32);
            self.all.push((key, make()));
            self.all.len() - 1
        });
        &mut self.all[at].1
    }

    /// Puts a thing in, in place of one of the same key, which is given back.
    pub fn insert(&mut self, key: K, thing: T) -> Option<T> {
        if let Some(at) = self.place(&key) {
            return Some(std::mem::replace(&mut self.all[at].1, thing));
        }
        self.get_or(key, || thing);
        None
    }

    pub fn iter(&self) -> impl Iterator<Item = (&K, &T)> {
        let mut all: Vec<_> = self.all.iter().map(|(key, thing)| (key, thing)).collect();
        all.sort_by_key(|(key, _)| *key);
        all.into_iter()
    }

    pub fn keys(&self) -> impl Iterator<Item = &K> {
        self.iter().map(|(key, _)| key)
    }

    pub fn values(&self) -> impl Iterator<Item = &T> {
        self.iter().map(|(_, thing)| thing)
    }
}

impl<K, T> Default for Table<K, T> {
    fn default() -> Self {
        Table {
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
    indexed: Table<Vec<Symbol>, T>,
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
        plain.chain(self.indexed.iter())
    }

    pub fn keys(&self) -> impl Iterator<Item = &Vec<Symbol>> {
        self.iter().map(|(members, _)| members)
    }

    pub fn values(&self) -> impl Iterator<Item = &T> {
        self.iter().map(|(_, element)| element)
    }

    pub fn len(&self) -> usize {
        usize::from(self.plain.is_some()) + self.indexed.all.len()
    }
}

impl<T> Default for Elements<T> {
    fn default() -> Self {
        Elements {
            plain: None,
            indexed: Table::default(),
        }
    }
}
