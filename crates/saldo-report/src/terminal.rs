//! A curve in a few lines of text.

use crate::Curve;
use std::fmt::Write;

const WIDTH: usize = 64;
const HEIGHT: usize = 7;

/// A plot of block characters, at most 80 wide, with its range and unit.
pub fn plot(curve: &Curve) -> String {
    let heights: Vec<f64> = curve.values.iter().map(|v| curve.height(*v)).collect();
    let known: Vec<f64> = heights.iter().copied().filter(|v| v.is_finite()).collect();
    let unit = if curve.unit.is_empty() {
        String::new()
    } else {
        format!(" [{}]", curve.unit)
    };
    let scale = if curve.log { ", log scale" } else { "" };
    let mut out = format!("{}{unit}{scale}\n", curve.title);
    let (low, high) = known.iter().fold((f64::MAX, f64::MIN), |(low, high), v| {
        (low.min(*v), high.max(*v))
    });
    if known.is_empty() {
        out.push_str("  nothing to show\n");
        return out;
    }
    let columns = thinned(&heights);
    for line in (0..HEIGHT).rev() {
        let label = match line {
            0 => short(curve.at_height(low)),
            at if at == HEIGHT - 1 => short(curve.at_height(high)),
            _ => String::new(),
        };
        let _ = write!(out, "{label:>10} ");
        columns
            .iter()
            .for_each(|value| out.push(cell(*value, low, high, line)));
        out.truncate(out.trim_end().len());
        out.push('\n');
    }
    let (first, last) = (curve.labels.first(), curve.labels.last());
    if let (Some(first), Some(last)) = (first, last) {
        let gap = columns.len().saturating_sub(first.len());
        let _ = writeln!(out, "{:>10} {first}{last:>gap$}", "");
    }
    out
}

/// As many values as fit: the one at the middle of each stretch.
fn thinned(values: &[f64]) -> Vec<f64> {
    let count = values.len().min(WIDTH);
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

#[cfg(test)]
mod tests {
    use super::*;

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
        let text = plot(&curve);
        let top = text.lines().nth(1).expect("a line for the top");
        assert!(top.ends_with('█'), "{text}");
        let low = text.lines().nth(HEIGHT).expect("a line for the bottom");
        assert!(low.ends_with("▁ █"), "{text}");
    }
}
