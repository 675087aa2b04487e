//! Names and titles, each kept once.
//!
//! A model says the same names over and over. A [`Symbol`] is the place of a text that is kept for
//! as long as the program runs: copied like a number, compared by place, ordered by its letters.

use std::cell::RefCell;
use std::fmt;
use std::hash::{BuildHasherDefault, Hash, Hasher};
use std::ops::Deref;
use std::sync::{Mutex, PoisonError};

/// A text that is kept once. The order is that of the letters, so that nothing depends on where
/// a text happens to lie.
#[derive(Clone, Copy)]
pub struct Symbol(&'static str);

impl Symbol {
    pub fn new(text: &str) -> Self {
        NEAR.with_borrow_mut(|near| match near.find(text) {
            Some(known) => Symbol(known),
            None => {
                let kept = ALL
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .keep(text);
                near.note(kept);
                Symbol(kept)
            }
        })
    }

    /// `a, b, c`
    pub fn list(all: &[Symbol]) -> String {
        let texts: Vec<&str> = all.iter().map(|it| it.0).collect();
        texts.join(", ")
    }

    pub fn text(self) -> &'static str {
        self.0
    }

    /// Equal for equal texts, different for different ones; says nothing about their order and
    /// differs from run to run.
    pub fn place(self) -> usize {
        self.0.as_ptr() as usize
    }
}

/// What every thread has met, and what one thread has met already (so that it need not wait).
static ALL: Mutex<Kept> = Mutex::new(Kept::new());
thread_local! {
    static NEAR: RefCell<Kept> = const { RefCell::new(Kept::new()) };
}

/// Texts by their letters. Only ever asked, never walked: its order is nobody's.
#[allow(clippy::disallowed_types)]
struct Kept {
    texts: std::collections::HashSet<&'static str, BuildHasherDefault<Quick>>,
    /// Room for the texts to come.
    room: &'static mut [u8],
}

/// Texts are kept in pieces of memory of this size.
const ROOM: usize = 1 << 16;

impl Kept {
    #[allow(clippy::disallowed_types)]
    const fn new() -> Self {
        Kept {
            texts: std::collections::HashSet::with_hasher(BuildHasherDefault::new()),
            room: &mut [],
        }
    }

    fn find(&self, text: &str) -> Option<&'static str> {
        self.texts.get(text).copied()
    }

    fn note(&mut self, kept: &'static str) {
        self.texts.insert(kept);
    }

    fn keep(&mut self, text: &str) -> &'static str {
        if let Some(known) = self.find(text) {
            return known;
        }
        if self.room.len() <= text.len() {
            self.room = Box::leak(vec![0; ROOM.max(text.len() + 1)].into_boxed_slice());
        }
        // One byte more than the text: every text has a place of its own, the empty one too.
        let (place, rest) = std::mem::take(&mut self.room).split_at_mut(text.len() + 1);
        self.room = rest;
        let (place, _) = place.split_at_mut(text.len());
        place.copy_from_slice(text.as_bytes());
        let kept = std::str::from_utf8(place).unwrap_or_default();
        self.note(kept);
        kept
    }
}

/// Multiply and rotate, eight bytes at a time: texts here are short and of the user's own.
#[derive(Default)]
pub struct Quick(u64);

impl Quick {
    fn mix(&mut self, word: u64) {
        self.0 = (self.0.rotate_left(5) ^ word).wrapping_mul(0x517c_c1b7_2722_0a95);
    }
}

impl Hasher for Quick {
    fn write(&mut self, bytes: &[u8]) {
        let mut words = bytes.chunks_exact(8);
        for word in &mut words {
            let word = <[u8; 8]>::try_from(word).unwrap_or_default();
            self.mix(u64::from_le_bytes(word));
        }
        let rest = words.remainder();
        if !rest.is_empty() {
            let mut word = [0; 8];
            word[..rest.len()].copy_from_slice(rest);
            self.mix(u64::from_le_bytes(word));
        }
    }

    fn write_u8(&mut self, byte: u8) {
        self.mix(u64::from(byte));
    }

    fn write_usize(&mut self, number: usize) {
        self.mix(number as u64);
    }

    fn finish(&self) -> u64 {
        // The table looks at the highest and the lowest bits.
        self.0 ^ (self.0 >> 32)
    }
}

impl PartialEq for Symbol {
    fn eq(&self, other: &Self) -> bool {
        self.place() == other.place()
    }
}

impl Eq for Symbol {}

/// By place: good for asking a table, never for its order.
impl Hash for Symbol {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_usize(self.place());
    }
}

impl PartialEq<str> for Symbol {
    fn eq(&self, other: &str) -> bool {
        self.0 == other
    }
}

impl PartialOrd for Symbol {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Symbol {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        match self == other {
            true => std::cmp::Ordering::Equal,
            false => self.0.cmp(other.0),
        }
    }
}

impl Deref for Symbol {
    type Target = str;

    fn deref(&self) -> &str {
        self.0
    }
}

impl AsRef<str> for Symbol {
    fn as_ref(&self) -> &str {
        self.0
    }
}

impl Default for Symbol {
    fn default() -> Self {
        Symbol::new("")
    }
}

impl From<&str> for Symbol {
    fn from(text: &str) -> Self {
        Symbol::new(text)
    }
}

impl From<String> for Symbol {
    fn from(text: String) -> Self {
        Symbol::new(&text)
    }
}

impl From<&Symbol> for Symbol {
    fn from(same: &Symbol) -> Self {
        *same
    }
}

impl fmt::Display for Symbol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Debug for Symbol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.0, f)
    }
}

#[cfg(test)]
mod tests {
    use super::Symbol;

    #[test]
    fn equal_texts_have_one_place_in_every_thread() {
        let here = ["", "a", "wages", "заработок", &"long ".repeat(20_000)];
        let places = |texts: &[&str]| -> Vec<usize> {
            texts.iter().map(|text| Symbol::new(text).place()).collect()
        };
        let there = std::thread::scope(|scope| scope.spawn(|| places(&here)).join());
        assert_eq!(places(&here), there.expect("a thread that ends"));
        for (at, text) in here.iter().enumerate() {
            assert_eq!(Symbol::new(text).text(), *text);
            let others = here
                .iter()
                .filter(|other| Symbol::new(other) == Symbol::new(text));
            assert_eq!(others.count(), 1, "text {at} is told apart from the others");
        }
    }

    #[test]
    fn the_order_is_that_of_the_letters() {
        let mut names = ["taxes", "wages", "cash", "Wages", ""].map(Symbol::new);
        names.sort();
        assert_eq!(
            names.map(Symbol::text),
            ["", "Wages", "cash", "taxes", "wages"]
        );
    }
}
