//! Dense factorisation with partial pivoting, in fixed order (Golub and Van Loan 2013, 3.4).

/// A factored square matrix, and the matrix it came from.
#[derive(Clone, Debug, Default)]
pub struct Lu {
    size: usize,
    factors: Vec<f64>,
    pivots: Vec<usize>,
    source: Vec<f64>,
    regular: bool,
}

impl Lu {
    /// Factors `matrix` (row by row) unless it is, to the bit, the one factored last.
    /// False if it is singular.
    pub fn factor(&mut self, matrix: &[f64], size: usize) -> bool {
        if self.size == size && self.source == matrix {
            return self.regular;
        }
        self.size = size;
        self.source.clear();
        self.source.extend_from_slice(matrix);
        self.factors.clear();
        self.factors.extend_from_slice(matrix);
        self.pivots.clear();
        self.regular = self.eliminate();
        self.regular
    }

    fn eliminate(&mut self) -> bool {
        let (n, m) = (self.size, &mut self.factors);
        for k in 0..n {
            let mut pivot = k;
            for row in k + 1..n {
                if m[row * n + k].abs() > m[pivot * n + k].abs() {
                    pivot = row;
                }
            }
            let value = m[pivot * n + k];
            if value == 0.0 || !value.is_finite() {
                return false;
            }
            self.pivots.push(pivot);
            if pivot != k {
                (0..n).for_each(|column| m.swap(k * n + column, pivot * n + column));
            }
            for row in k + 1..n {
                let factor = m[row * n + k] / m[k * n + k];
                m[row * n + k] = factor;
                if factor != 0.0 {
                    (k + 1..n).for_each(|column| m[row * n + column] -= factor * m[k * n + column]);
                }
            }
        }
        true
    }

    /// Solves in place: `x` holds the right side, then the solution.
    pub fn solve(&self, x: &mut [f64]) {
        let (n, m) = (self.size, &self.factors);
        for k in 0..n {
            x.swap(k, self.pivots[k]);
        }
        for row in 1..n {
            for column in 0..row {
                x[row] -= m[row * n + column] * x[column];
            }
        }
        for row in (0..n).rev() {
            for column in row + 1..n {
                x[row] -= m[row * n + column] * x[column];
            }
            x[row] /= m[row * n + row];
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn solves_and_sees_what_cannot_be_solved() {
        let mut lu = Lu::default();
        let matrix = [0.0, 2.0, 1.0, 3.0, -1.0, 2.0, 1.0, 0.0, 4.0];
        assert!(lu.factor(&matrix, 3));
        let mut x = [5.0, 6.0, 9.0];
        lu.solve(&mut x);
        for row in 0..3 {
            let sum: f64 = (0..3)
                .map(|column| matrix[row * 3 + column] * x[column])
                .sum();
            assert!((sum - [5.0, 6.0, 9.0][row]).abs() < 1e-14);
        }
        assert!(!lu.factor(&[1.0, 2.0, 2.0, 4.0], 2));
    }
}
