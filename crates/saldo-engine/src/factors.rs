//! The factors of all lanes side by side: solving with them runs along the lanes.
//!
//! Each lane chooses its own pivots, as a single run does. Lanes that chose the same ones have
//! factors of one pattern and are solved together; the others, rare, one by one.

// A loop over lanes runs along several rows at once.
#![allow(clippy::needless_range_loop)]

use crate::isa::vectors;
use crate::lu::Lu;

pub struct Factors<const L: usize> {
    own: Vec<Lu>,
    shared: Shared<L>,
    /// The lanes whose factors are in `shared`.
    joined: [bool; L],
    side: Vec<f64>,
}

impl<const L: usize> Factors<L> {
    pub fn new(size: usize, entries: impl Iterator<Item = (u32, u32)>) -> Self {
        Factors {
            own: vec![Lu::new(size, entries); L],
            shared: Shared::default(),
            joined: [false; L],
            side: vec![0.0; size],
        }
    }

    /// Has a matrix been factored in this lane that can be solved with?
    pub fn is_ready(&self, lane: usize) -> bool {
        self.own[lane].is_ready()
    }

    /// Factors the matrix of a lane; false if it is singular.
    pub fn factor(&mut self, lane: usize, values: &[f64]) -> bool {
        let own = &mut self.own[lane];
        if own.has(values) {
            return own.is_ready();
        }
        self.joined[lane] = false;
        if !own.factor(values) {
            return false;
        }
        if !self.joined.contains(&true) {
            self.shared.set_pattern(own);
        }
        if self.shared.pivots == own.pivots {
            self.shared.set_lane(lane, own);
            self.joined[lane] = true;
        }
        true
    }

    /// Solves in place in the lanes that ask for it: `x` holds right sides by row, then solutions
    /// by column.
    pub fn solve(&mut self, asks: &[bool; L], x: &mut [[f64; L]]) {
        for lane in (0..L).filter(|lane| asks[*lane] && !self.joined[*lane]) {
            for (side, row) in self.side.iter_mut().zip(&*x) {
                *side = row[lane];
            }
            self.own[lane].solve(&mut self.side);
            for (side, row) in self.side.iter().zip(&mut *x) {
                row[lane] = *side;
            }
        }
        let together: [bool; L] = std::array::from_fn(|lane| asks[lane] && self.joined[lane]);
        if together.contains(&true) {
            solve_together(&mut self.shared, &together, x);
        }
    }
}

vectors! {
    fn solve_together(shared: &mut Shared<L>, lanes: &[bool; L], x: &mut [[f64; L]]) = solve_shared;
}

/// The steps of [`Lu::solve`], in lanes; other lanes keep what they have.
#[inline(always)]
fn solve_shared<const L: usize>(shared: &mut Shared<L>, lanes: &[bool; L], x: &mut [[f64; L]]) {
    let (work, solution) = (&mut shared.work, &mut shared.solution);
    work.copy_from_slice(x);
    for (step, pivot) in shared.pivots.iter().enumerate() {
        let value = work[*pivot as usize];
        shared.lower.eliminate(step, &value, work);
    }
    for (step, pivot) in shared.pivots.iter().enumerate().rev() {
        let mut value = work[*pivot as usize];
        for lane in 0..L {
            value[lane] /= shared.diagonal[step][lane];
        }
        shared.upper.eliminate(step, &value, work);
        solution[shared.order[step] as usize] = value;
    }
    for (x, solution) in x.iter_mut().zip(solution) {
        for lane in 0..L {
            x[lane] = if lanes[lane] { solution[lane] } else { x[lane] };
        }
    }
}

/// Factors of one pattern.
#[derive(Default)]
struct Shared<const L: usize> {
    /// By step: the row of its pivot, and its column.
    pivots: Vec<u32>,
    order: Vec<u32>,
    /// Rows below the pivots, and rows of earlier pivots.
    lower: Entries<L>,
    upper: Entries<L>,
    diagonal: Vec<[f64; L]>,
    work: Vec<[f64; L]>,
    solution: Vec<[f64; L]>,
}

impl<const L: usize> Shared<L> {
    fn set_pattern(&mut self, own: &Lu) {
        self.pivots.clone_from(&own.pivots);
        self.order.clone_from(&own.order);
        self.lower.set_pattern(&own.lower, |row| row);
        let pivot = |step: u32| own.pivots[step as usize];
        self.upper.set_pattern(&own.upper, pivot);
        for rows in [&mut self.diagonal, &mut self.work, &mut self.solution] {
            *rows = vec![[0.0; L]; own.pivots.len()];
        }
    }

    fn set_lane(&mut self, lane: usize, own: &Lu) {
        self.lower.set_lane(lane, &own.lower);
        self.upper.set_lane(lane, &own.upper);
        for (row, value) in self.diagonal.iter_mut().zip(&own.diagonal) {
            row[lane] = *value;
        }
    }
}

/// Entries beside the diagonal, step by step.
#[derive(Default)]
struct Entries<const L: usize> {
    /// Where each step begins, and the end.
    begins: Vec<u32>,
    rows: Vec<u32>,
    values: Vec<[f64; L]>,
}

impl<const L: usize> Entries<L> {
    fn set_pattern(&mut self, steps: &[Vec<(u32, f64)>], row: impl Fn(u32) -> u32) {
        (self.begins, self.rows) = (vec![0], Vec::new());
        for step in steps {
            self.rows.extend(step.iter().map(|(at, _)| row(*at)));
            self.begins.push(self.rows.len() as u32);
        }
        self.values = vec![[0.0; L]; self.rows.len()];
    }

    fn set_lane(&mut self, lane: usize, steps: &[Vec<(u32, f64)>]) {
        for (row, (_, value)) in self.values.iter_mut().zip(steps.iter().flatten()) {
            row[lane] = *value;
        }
    }

    /// Takes multiples of a value from the rows of a step.
    #[inline(always)]
    fn eliminate(&self, step: usize, value: &[f64; L], x: &mut [[f64; L]]) {
        let range = self.begins[step] as usize..self.begins[step + 1] as usize;
        for (row, factor) in self.rows[range.clone()].iter().zip(&self.values[range]) {
            let x = &mut x[*row as usize];
            for lane in 0..L {
                x[lane] -= factor[lane] * value[lane];
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Lanes whose pivots differ, and one that is singular, beside each other.
    #[test]
    fn lanes_are_solved_as_alone() {
        let entries = [(0, 0), (0, 1), (1, 0), (1, 1), (1, 2), (2, 1), (2, 2)];
        let mut state = 3u64;
        let mut next = move || {
            state = state.wrapping_mul(6364136223846793005).wrapping_add(99);
            (state >> 33) as f64 / f64::from(1u32 << 31) - 0.5
        };
        let mut factors = Factors::<8>::new(3, entries.into_iter());
        let mut alone = vec![Lu::new(3, entries.into_iter()); 8];
        let mut apart = 0;
        for _ in 0..50 {
            let mut x: Vec<[f64; 8]> = (0..3).map(|_| [(); 8].map(|()| next())).collect();
            let mut asks = [false; 8];
            let mut wanted = x.clone();
            for lane in 0..8 {
                let mut values = entries.map(|_| next());
                if lane == 5 {
                    values = [0.0; 7];
                }
                asks[lane] = factors.factor(lane, &values);
                assert_eq!(asks[lane], alone[lane].factor(&values));
                apart += usize::from(asks[lane] && !factors.joined[lane]);
                if asks[lane] {
                    let mut side: Vec<f64> = x.iter().map(|row| row[lane]).collect();
                    alone[lane].solve(&mut side);
                    (0..3).for_each(|row| wanted[row][lane] = side[row]);
                }
            }
            factors.solve(&asks, &mut x);
            assert_eq!(x, wanted);
        }
        assert!(apart > 0, "all lanes chose the same pivots");
    }
}
