//! Where a continued line begins: below the formula, the argument or the `if` it goes on with.

use crate::tree::Tree;

/// Formulas that are open, as the lines are walked from first to last.
pub struct Open {
    /// First piece and one past the last; an outer formula before its inner ones.
    formulas: Vec<(usize, usize)>,
    next: usize,
    open: Vec<(usize, usize)>,
}

impl Open {
    pub fn new(tree: &Tree) -> Self {
        let mut formulas = tree.notes.formulas.clone();
        formulas.sort_unstable_by_key(|(first, end)| (*first, std::cmp::Reverse(*end)));
        Open {
            formulas,
            next: 0,
            open: Vec::new(),
        }
    }

    /// The first piece of the innermost formula that goes on at `piece`.
    pub fn around(&mut self, piece: usize) -> Option<usize> {
        while let Some(&(first, end)) = self
            .formulas
            .get(self.next)
            .filter(|(first, _)| *first < piece)
        {
            self.open.push((first, end));
            self.next += 1;
        }
        while self.open.last().is_some_and(|(_, end)| *end <= piece) {
            self.open.pop();
        }
        self.open.last().map(|(first, _)| *first)
    }
}
