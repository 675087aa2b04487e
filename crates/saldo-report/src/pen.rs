//! Paths in few points and few bytes, which still show every peak.

use std::fmt::Write;

/// Across and down, in units of the picture.
pub(crate) type Point = (f64, f64);

/// How far a stroke may pass from a point that it leaves out: what no eye sees.
const SLACK: f64 = 0.3;

/// The points that a picture can show: of each column of its units the first, the lowest, the
/// highest and the last; of those that stand in a line, the ends.
pub(crate) fn seen(points: &[Point]) -> Vec<Point> {
    let columns = columns(points);
    let mut kept = Vec::new();
    let mut at = 0;
    while let Some(point) = columns.get(at) {
        kept.push(*point);
        at = reach(&columns, at);
    }
    kept
}

fn columns(points: &[Point]) -> Vec<Point> {
    let mut kept = Vec::new();
    for column in points.chunk_by(|a, b| a.0.floor() == b.0.floor()) {
        let by_height = |a: &usize, b: &usize| column[*a].1.total_cmp(&column[*b].1);
        let all = 0..column.len();
        let low = all.clone().min_by(by_height);
        let high = all.max_by(by_height);
        let mut four = [0, low.unwrap_or(0), high.unwrap_or(0), column.len() - 1];
        four.sort_unstable();
        let four = four.chunk_by(|a, b| a == b);
        kept.extend(four.map(|same| column[same[0]]));
    }
    kept
}

/// The furthest point to which one stroke passes near enough to all points between.
fn reach(points: &[Point], from: usize) -> usize {
    let (left, start) = points[from];
    let (mut least, mut most) = (f64::NEG_INFINITY, f64::INFINITY);
    let mut furthest = from + 1;
    for (to, (x, y)) in points.iter().enumerate().skip(from + 1) {
        let slope = |y: f64| (y - start) / (x - left);
        if (least..=most).contains(&slope(*y)) {
            furthest = to;
        }
        (least, most) = (least.max(slope(y - SLACK)), most.min(slope(y + SLACK)));
        if least > most {
            break;
        }
    }
    furthest
}

/// Draws a path in few bytes: steps in tenths of a unit from where the pen is.
#[derive(Default)]
pub(crate) struct Pen {
    pub path: String,
    /// Where the pen is, in tenths.
    at: (i64, i64),
    down: bool,
}

impl Pen {
    /// An unbroken line.
    pub fn along(&mut self, points: &[Point]) {
        self.lift();
        points.iter().for_each(|(x, y)| self.to(*x, *y));
    }

    pub fn to(&mut self, x: f64, y: f64) {
        let to = ((x * 10.0).round() as i64, (y * 10.0).round() as i64);
        if self.down {
            self.path.push('l');
            self.number(to.0 - self.at.0);
            self.number(to.1 - self.at.1);
        } else {
            self.path.push('M');
            self.number(to.0);
            self.number(to.1);
        }
        (self.at, self.down) = (to, true);
    }

    pub fn lift(&mut self) {
        self.down = false;
    }

    /// `1.5`, `-.3`: a sign or a letter separates it from what stands before.
    fn number(&mut self, tenths: i64) {
        let first = self.path.ends_with(['l', 'M']);
        if tenths < 0 {
            self.path.push('-');
        } else if !first {
            self.path.push(' ');
        }
        let (whole, rest) = (tenths.abs() / 10, tenths.abs() % 10);
        let _ = match (whole, rest) {
            (_, 0) => write!(self.path, "{whole}"),
            (0, _) => write!(self.path, ".{rest}"),
            _ => write!(self.path, "{whole}.{rest}"),
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Height of a drawn path above a place.
    fn height(path: &[Point], x: f64) -> f64 {
        let at = path.partition_point(|point| point.0 < x);
        let (b, a) = (path[at], path[at.saturating_sub(1)]);
        match b.0 > a.0 {
            true => a.1 + (b.1 - a.1) * (x - a.0) / (b.0 - a.0),
            false => b.1,
        }
    }

    /// A slow wave with a peak of one period.
    fn peaked(rows: usize) -> Vec<Point> {
        let step = 560.0 / rows as f64;
        let wave = |row: usize| 100.0 + 40.0 * saldo_math::tanh((row % 97) as f64 / 40.0 - 1.0);
        let mut points: Vec<Point> = (0..rows)
            .map(|row| (row as f64 * step, wave(row)))
            .collect();
        points[rows / 3].1 = 7.0;
        points
    }

    #[test]
    fn no_point_is_further_from_the_path_than_the_eye_sees() {
        let points = peaked(408);
        let path = seen(&points);
        assert!(path.len() < 200, "{} points", path.len());
        for (x, y) in &points {
            let gap = (height(&path, *x) - y).abs();
            assert!(gap <= SLACK + 1e-9, "{gap} at {x}");
        }
    }

    #[test]
    fn a_peak_of_one_period_among_many_is_drawn_whole() {
        for rows in [2, 3, 408, 5_000, 20_000] {
            let path = seen(&peaked(rows));
            let peak = path.iter().map(|point| point.1).fold(f64::MAX, f64::min);
            assert_eq!(peak, 7.0, "{rows} rows");
            assert!(path.len() <= 4 * 561);
        }
        assert_eq!(seen(&[]), []);
    }
}
