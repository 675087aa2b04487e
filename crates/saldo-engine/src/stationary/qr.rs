//! Householder QR with column pivoting (Golub and Van Loan 2013, 5.4.2): least squares, rank, and
//! the directions that change nothing. In a fixed order, so the bits are the same everywhere.

/// A column is of no consequence if less than this is left of it, against the largest. Columns are
/// shares of sizes, of which one that decides anything is about 1.
const NOTHING: f64 = 1e-7;

pub struct Qr {
    /// Columns of the reflected matrix, in pivoted order: `R` on and above the diagonal.
    columns: Vec<Vec<f64>>,
    /// Which original column stands where.
    order: Vec<usize>,
    /// The reflections, one a pivot.
    mirrors: Vec<Vec<f64>>,
    pub rank: usize,
}

impl Qr {
    pub fn of(mut columns: Vec<Vec<f64>>) -> Qr {
        let rows = columns.first().map_or(0, Vec::len);
        let mut order: Vec<usize> = (0..columns.len()).collect();
        let mut mirrors = Vec::new();
        let mut largest = 1.0;
        for at in 0..columns.len().min(rows) {
            let left = |column: &Vec<f64>| norm(&column[at..]);
            // The first of equal ones: the last unknowns are the ones that stay free.
            let mut pivot = at;
            for other in at + 1..columns.len() {
                if left(&columns[other]) > left(&columns[pivot]) {
                    pivot = other;
                }
            }
            columns.swap(at, pivot);
            order.swap(at, pivot);
            let size = left(&columns[at]);
            largest = f64::max(largest, size);
            if size <= NOTHING * largest {
                break;
            }
            let mirror = mirror(&columns[at][at..]);
            for column in &mut columns[at..] {
                reflect(&mirror, &mut column[at..]);
            }
            mirrors.push(mirror);
        }
        Qr {
            columns,
            order,
            rank: mirrors.len(),
            mirrors,
        }
    }

    /// The least-squares solution; unknowns that change nothing stay zero.
    pub fn solve(&self, mut right: Vec<f64>) -> Vec<f64> {
        for (at, mirror) in self.mirrors.iter().enumerate() {
            reflect(mirror, &mut right[at..]);
        }
        let pivots = self.back(&right);
        let mut solution = vec![0.0; self.order.len()];
        for (place, value) in self.order.iter().zip(pivots) {
            solution[*place] = value;
        }
        solution
    }

    /// Directions that change nothing: for each free column, itself and what goes with it.
    pub fn directions(&self) -> Vec<Vec<f64>> {
        let direction = |free: usize| {
            let against: Vec<f64> = self.columns[free].iter().map(|value| -value).collect();
            let mut direction = vec![0.0; self.order.len()];
            for (place, value) in self.order.iter().zip(self.back(&against)) {
                direction[*place] = value;
            }
            direction[self.order[free]] = 1.0;
            direction
        };
        (self.rank..self.order.len()).map(direction).collect()
    }

    /// Solves the triangle of the pivots.
    fn back(&self, right: &[f64]) -> Vec<f64> {
        let mut values = vec![0.0; self.rank];
        for at in (0..self.rank).rev() {
            let known = (at + 1..self.rank).map(|other| self.columns[other][at] * values[other]);
            let known: f64 = known.sum();
            values[at] = (right[at] - known) / self.columns[at][at];
        }
        values
    }
}

pub fn norm(values: &[f64]) -> f64 {
    let largest = values
        .iter()
        .fold(0.0, |most, value| f64::max(most, value.abs()));
    if largest == 0.0 {
        return 0.0;
    }
    let sum: f64 = values
        .iter()
        .map(|value| (value / largest) * (value / largest))
        .sum();
    largest * sum.sqrt()
}

/// The unit vector that mirrors a column onto its first entry.
fn mirror(column: &[f64]) -> Vec<f64> {
    let mut mirror = column.to_vec();
    mirror[0] += if column[0] < 0.0 {
        -norm(column)
    } else {
        norm(column)
    };
    let length = norm(&mirror);
    mirror.iter_mut().for_each(|value| *value /= length);
    mirror
}

fn reflect(mirror: &[f64], column: &mut [f64]) {
    let along: f64 = mirror.iter().zip(column.iter()).map(|(a, b)| a * b).sum();
    for (value, part) in column.iter_mut().zip(mirror) {
        *value -= 2.0 * along * part;
    }
}
