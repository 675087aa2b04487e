//! Sparse factorisation in fixed order: analysed once, then refactored along the same pattern.
//!
//! Left-looking by columns with partial pivoting (Gilbert and Peierls 1988); later matrices of the
//! same pattern keep the pivots while these are large enough, as in KLU (Davis and Palamadai
//! Natarajan 2010). Columns are taken by their number of entries, the sparsest first.

/// A pivot may be this much smaller than the largest candidate before pivots are chosen anew.
const PIVOT: f64 = 1e-3;

/// A square matrix of fixed pattern and its factors.
#[derive(Clone, Debug, Default)]
pub struct Lu {
    size: usize,
    /// Entries of the matrix by column: `(row, number of the value)`.
    columns: Vec<Vec<(u32, u32)>>,
    /// Columns in the order they are eliminated.
    pub(crate) order: Vec<u32>,
    /// Row of each pivot, and the step each row is the pivot of.
    pub(crate) pivots: Vec<u32>,
    step_of: Vec<u32>,
    /// Pattern and values by step: above the pivot `(step, value)`, below it `(row, value)`.
    pub(crate) upper: Vec<Vec<(u32, f64)>>,
    pub(crate) lower: Vec<Vec<(u32, f64)>>,
    pub(crate) diagonal: Vec<f64>,
    /// The values factored last.
    values: Vec<f64>,
    regular: bool,
    column: Vec<f64>,
}

const NONE: u32 = u32::MAX;

impl Lu {
    /// For matrices with entries at these rows and columns.
    pub fn new(size: usize, entries: impl Iterator<Item = (u32, u32)>) -> Self {
        let mut columns = vec![Vec::new(); size];
        for (number, (row, column)) in entries.enumerate() {
            columns[column as usize].push((row, number as u32));
        }
        let mut order: Vec<u32> = (0..size as u32).collect();
        order.sort_by_key(|column| columns[*column as usize].len());
        Lu {
            size,
            columns,
            order,
            column: vec![0.0; size],
            ..Lu::default()
        }
    }

    /// Are these, to the bit, the values that were factored last?
    pub fn has(&self, values: &[f64]) -> bool {
        self.values == values
    }

    /// Factors the matrix with these values, one per entry. False if it is singular.
    pub fn factor(&mut self, values: &[f64]) -> bool {
        self.values.clear();
        self.values.extend_from_slice(values);
        self.regular = self.refactor() || self.analyse();
        self.regular
    }

    /// Has a matrix been factored that can be solved with?
    pub fn is_ready(&self) -> bool {
        self.regular
    }

    fn scatter(&mut self, column: u32) {
        for (row, number) in &self.columns[column as usize] {
            self.column[*row as usize] = self.values[*number as usize];
        }
    }

    /// Chooses pivots and finds the pattern of the factors.
    fn analyse(&mut self) -> bool {
        let n = self.size;
        self.pivots.clear();
        self.step_of = vec![NONE; n];
        (self.upper, self.lower) = (Vec::new(), Vec::new());
        self.diagonal.clear();
        for step in 0..n {
            let column = self.order[step];
            let mut filled = vec![false; n];
            for (row, _) in &self.columns[column as usize] {
                filled[*row as usize] = true;
            }
            self.scatter(column);
            let mut upper = Vec::new();
            for before in 0..step {
                let row = self.pivots[before] as usize;
                if filled[row] {
                    upper.push((before as u32, self.eliminate(before, row)));
                    self.lower[before]
                        .iter()
                        .for_each(|(row, _)| filled[*row as usize] = true);
                }
            }
            let open = |row: &u32| filled[*row as usize] && self.step_of[*row as usize] == NONE;
            let rows: Vec<u32> = (0..n as u32).filter(open).collect();
            let Some(pivot) = self.largest(&rows) else {
                self.pivots.clear();
                self.column.fill(0.0);
                return false;
            };
            let value = self.column[pivot as usize];
            let below = rows.iter().filter(|row| **row != pivot);
            let lower = below
                .map(|row| (*row, self.column[*row as usize] / value))
                .collect();
            self.step_of[pivot as usize] = step as u32;
            self.pivots.push(pivot);
            self.diagonal.push(value);
            self.upper.push(upper);
            self.lower.push(lower);
            self.column.fill(0.0);
        }
        true
    }

    /// The row with the largest value, the first of equals; none if nothing can be divided by.
    fn largest(&self, rows: &[u32]) -> Option<u32> {
        let size = |row: u32| self.column[row as usize].abs();
        let first = *rows.first()?;
        let best = rows[1..].iter().fold(
            first,
            |best, row| {
                if size(*row) > size(best) { *row } else { best }
            },
        );
        let finite = rows.iter().all(|row| size(*row).is_finite());
        (finite && size(best) > 0.0).then_some(best)
    }

    /// Takes a finished step out of the column; returns the entry above the pivot.
    fn eliminate(&mut self, step: usize, pivot: usize) -> f64 {
        let value = self.column[pivot];
        for (row, factor) in &self.lower[step] {
            self.column[*row as usize] -= factor * value;
        }
        value
    }

    /// Factors along the known pattern; false if there is none or a pivot became too small.
    fn refactor(&mut self) -> bool {
        if self.pivots.len() < self.size {
            return false;
        }
        for step in 0..self.size {
            self.scatter(self.order[step]);
            for at in 0..self.upper[step].len() {
                let before = self.upper[step][at].0 as usize;
                let row = self.pivots[before] as usize;
                self.upper[step][at].1 = self.eliminate(before, row);
                self.column[row] = 0.0;
            }
            let pivot = self.pivots[step] as usize;
            let value = std::mem::take(&mut self.column[pivot]);
            let mut largest = value.abs();
            for (row, factor) in &mut self.lower[step] {
                let entry = std::mem::take(&mut self.column[*row as usize]);
                largest = largest.max(entry.abs());
                *factor = entry / value;
            }
            self.diagonal[step] = value;
            if value == 0.0 || !value.is_finite() || value.abs() < PIVOT * largest {
                self.column.fill(0.0);
                return false;
            }
        }
        true
    }

    /// Solves in place: `x` holds the right side by row, then the solution by column.
    pub fn solve(&mut self, x: &mut [f64]) {
        for step in 0..self.size {
            let value = x[self.pivots[step] as usize];
            for (row, factor) in &self.lower[step] {
                x[*row as usize] -= factor * value;
            }
        }
        for step in (0..self.size).rev() {
            let value = x[self.pivots[step] as usize] / self.diagonal[step];
            for (before, entry) in &self.upper[step] {
                x[self.pivots[*before as usize] as usize] -= entry * value;
            }
            self.column[self.order[step] as usize] = value;
        }
        x.copy_from_slice(&self.column);
        self.column.fill(0.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A pattern with two entries a row besides the diagonal, and values from a fixed sequence.
    fn pattern(size: usize) -> Vec<(u32, u32)> {
        let mut entries: Vec<(u32, u32)> = (0..size)
            .flat_map(|row| [row, (row * 7 + 3) % size, (row * 5 + 1) % size].map(|c| (row, c)))
            .map(|(row, column)| (row as u32, column as u32))
            .collect();
        entries.sort_unstable();
        entries.dedup();
        entries
    }

    fn residual(entries: &[(u32, u32)], values: &[f64], x: &[f64], side: &[f64]) -> f64 {
        let mut rest = side.to_vec();
        for ((row, column), value) in entries.iter().zip(values) {
            rest[*row as usize] -= value * x[*column as usize];
        }
        rest.iter().fold(0.0, |worst, value| value.abs().max(worst))
    }

    #[test]
    fn solves_again_and_again_along_one_pattern() {
        let mut state = 1u64;
        let mut next = move || {
            state = state
                .wrapping_mul(6364136223846793005)
                .wrapping_add(1442695040888963407);
            (state >> 33) as f64 / f64::from(1u32 << 31) - 0.5
        };
        for size in [1, 2, 3, 17, 60] {
            let entries = pattern(size);
            let mut lu = Lu::new(size, entries.iter().copied());
            for _ in 0..20 {
                let values: Vec<f64> = entries.iter().map(|_| next()).collect();
                let side: Vec<f64> = (0..size).map(|_| next()).collect();
                assert!(lu.factor(&values));
                let mut x = side.clone();
                lu.solve(&mut x);
                let size = x.iter().fold(1.0f64, |a, b| a.max(b.abs()));
                assert!(residual(&entries, &values, &x, &side) < 1e-11 * size);
            }
        }
    }

    #[test]
    fn sees_what_cannot_be_solved_and_recovers() {
        let full = [(0, 0), (0, 1), (1, 0), (1, 1)];
        let mut lu = Lu::new(2, full.into_iter());
        assert!(!lu.factor(&[1.0, 2.0, 2.0, 4.0]));
        assert!(!lu.factor(&[f64::NAN, 2.0, 2.0, 4.0]));
        assert!(lu.factor(&[0.0, 2.0, 4.0, 0.0]));
        let mut x = [6.0, 8.0];
        lu.solve(&mut x);
        assert_eq!(x, [2.0, 3.0]);
        // The old pivots would divide by zero here.
        assert!(lu.factor(&[2.0, 0.0, 0.0, 4.0]));
        let mut missing = Lu::new(2, [(0, 0), (1, 0)].into_iter());
        assert!(!missing.factor(&[1.0, 1.0]));
    }
}
