//! A curve in a few lines of text.

use crate::Curve;
use std::fmt::Write;

/// Columns of a plot where nobody says how much room there is: with its axis 75 signs.
pub const WIDTH: usize = 64;
const HEIGHT: usize = 7;

/// A plot of block characters in at most `width` columns beside its axis, with range and unit.
/// What never changes is said in a line.
pub fn plot(curve: &Curve, width: usize) -> String {
    let heights: Vec<f64> = curve.values.iter().map(|v| curve.height(*v)).collect();
    let known: Vec<f64> = heights.iter().copied().filter(|v| v.is_finite()).collect();
    let unit = if curve.unit.is_empty() {
        String::new()
    } else {
        format!(" [{}]", curve.unit)
    };
    let (low, high) = known.iter().fold((f64::MAX, f64::MIN), |(low, high), v| {
        (low.min(*v), high.max(*v))
    });
    let base = base(curve, low, high);
    let scale = match (curve.log, base == 0.0) {
        (true, _) => ", log scale".into(),
        (false, false) if low < high => format!(", bars from {}", short(base)),
        (false, _) => String::new(),
    };
    let mut out = format!("{}{unit}{scale}\n", curve.title);
    if known.is_empty() {
        out.push_str("  nothing to show\n");
        return out;
    }
    if low == high && known.len() > 1 {
        let _ = writeln!(out, "{:>10} in every period", short(curve.at_height(low)));
        return out;
    }
    let columns = thinned(&heights, width.max(1));
    for line in (0..HEIGHT).rev() {
        let label = match line {
            0 => short(curve.at_height(base)),
            at if at == HEIGHT - 1 => short(curve.at_height(high)),
            _ => String::new(),
        };
        let _ = write!(out, "{label:>10} ");
        columns
            .iter()
            .for_each(|value| out.push(cell(*value, base, high, line)));
        out.truncate(out.trim_end().len());
        out.push('\n');
    }
    let (first, last) = (curve.labels.first(), curve.labels.last());
    if let (Some(first), Some(last)) = (first, last) {
        let gap = columns
            .len()
            .saturating_sub(first.len())
            .max(last.len() + 1);
        let _ = writeln!(out, "{:>10} {first}{last:>gap$}", "");
    }
    out
}

/// Where bars begin: at zero, unless all values are far from it.
fn base(curve: &Curve, low: f64, high: f64) -> f64 {
    match !curve.log && low >= 0.0 && low <= 0.5 * high {
        true => 0.0,
        false => low,
    }
}

/// As many values as fit: the one at the middle of each stretch.
fn thinned(values: &[f64], width: usize) -> Vec<f64> {
    let count = values.len().min(width);
    (0..count)
        .map(|at| values[(at * values.len() + values.len() / 2) / count])
        .collect()
}

/// The character of one cell: a dot at the height of the value, in eighths.
fn cell(value: f64, low: f64, high: f64, line: usize) -> char {
    const LEVELS: [char; 9] = [' ', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
    if !value.is_finite() {
        return ' ';
    }
    let span = if high > low { high - low } else { 1.0 };
    let eighths = ((value - low) / span * (HEIGHT * 8 - 1) as f64) as usize + 1;
    LEVELS[eighths.saturating_sub(line * 8).min(8)]
}

/// Four digits are enough for an axis.
pub fn short(value: f64) -> String {
    let size = value.abs();
    if size == 0.0 {
        "0".into()
    } else if !(1e-3..1e6).contains(&size) {
        format!("{value:.2e}")
    } else if size >= 100.0 {
        format!("{value:.0}")
    } else {
        format!("{value:.3}")
    }
}

/// How the numbers of one column are written: all with the same decimals, five figures for the
/// largest.
#[derive(Clone, Copy, Debug)]
pub struct Aligned {
    /// `None`: in powers of ten.
    decimals: Option<usize>,
}

impl Aligned {
    pub fn of(column: impl Iterator<Item = f64>) -> Aligned {
        let sizes = column.filter(|value| value.is_finite()).map(f64::abs);
        let decimals = match sizes.fold(0.0, f64::max) {
            0.0 => Some(0),
            size if !(1e-4..1e9).contains(&size) => None,
            size if size >= 1e4 => Some(0),
            size if size >= 1e3 => Some(1),
            size if size >= 1e2 => Some(2),
            size if size >= 0.1 => Some(3),
            _ => Some(6),
        };
        Aligned { decimals }
    }

    /// Zero is `0`; what is too small to be seen beside the others is `0.000`.
    pub fn write(self, value: f64) -> String {
        let text = match self.decimals {
            _ if value == 0.0 => "0".into(),
            Some(0) => in_groups(&format!("{value:.0}")),
            Some(decimals) => format!("{value:.decimals$}"),
            None => format!("{value:.3e}"),
        };
        match text.strip_prefix('-') {
            Some(size) if size.chars().all(|sign| "0.".contains(sign)) => size.into(),
            _ => text,
        }
    }
}

/// `-286 154`: long whole numbers in groups of three.
fn in_groups(digits: &str) -> String {
    let count = digits.len();
    let mut out = String::new();
    for (at, sign) in digits.chars().enumerate() {
        let between = at > 0 && (count - at).is_multiple_of(3) && !out.ends_with('-');
        out.extend(between.then_some(' '));
        out.push(sign);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_has_one_number_of_decimals() {
        let cases: [(&[f64], &[&str]); 5] = [
            (&[0.0, 99.5, 0.25], &["0", "99.500", "0.250"]),
            (&[-2.5, 4321.0], &["-2.5", "4321.0"]),
            (
                &[3.24e7, -286_154.2, 1e-9],
                &["32 400 000", "-286 154", "0"],
            ),
            (&[5e9, 1.0], &["5.000e9", "1.000e0"]),
            (&[0.0, f64::NAN], &["0", "NaN"]),
        ];
        for (column, wanted) in cases {
            let form = Aligned::of(column.iter().copied());
            let texts: Vec<String> = column.iter().map(|value| form.write(*value)).collect();
            assert_eq!(texts, wanted);
        }
    }

    #[test]
    fn the_highest_value_fills_the_column_and_gaps_stay_empty() {
        let curve = Curve {
            name: "x".into(),
            title: "X".into(),
            unit: "usd".into(),
            labels: ["1", "2", "3"].map(String::from).to_vec(),
            values: vec![0.0, f64::NAN, 8.0],
            log: false,
        };
        let text = plot(&curve, WIDTH);
        let top = text.lines().nth(1).expect("a line for the top");
        assert!(top.ends_with('█'), "{text}");
        let low = text.lines().nth(HEIGHT).expect("a line for the bottom");
        assert!(low.ends_with("▁ █"), "{text}");
    }
}
