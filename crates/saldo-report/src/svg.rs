//! A curve as a static picture: readable without scripts, in light and dark.

use crate::Curve;
use crate::page::escape;
use crate::terminal::short;
use saldo_model::ir::Model;
use std::fmt::Write;

const WIDTH: f64 = 640.0;
const HEIGHT: f64 = 240.0;
const LEFT: f64 = 70.0;
const BOTTOM: f64 = 26.0;
const TOP: f64 = 12.0;

/// The dated events of a run: first row and title.
pub fn marks(model: &Model, completed: usize) -> Vec<(usize, String)> {
    let begun = model.events.iter().filter_map(|event| {
        let (from, _) = event.periods?;
        Some((usize::try_from(from).ok()?, event.title.to_string()))
    });
    begun
        .filter(|(from, _)| (1..=completed).contains(from))
        .collect()
}

/// A picture that carries its own style, to be kept as a file.
pub fn standalone(picture: &str) -> String {
    const STYLE: &str = ">\n<style>.curve{fill:none;stroke:#1f6fb2;stroke-width:2}.grid{stroke:#888;opacity:.3}.event{stroke:#b2451f;opacity:.5;stroke-dasharray:3 3}.tick{font:11px sans-serif;fill:#777}</style>";
    picture.replacen('>', STYLE, 1)
}

/// Draws a curve; `events` are rows to mark with their names.
pub fn svg(curve: &Curve, events: &[(usize, String)]) -> String {
    let finite = || {
        curve
            .values
            .iter()
            .map(|v| curve.height(*v))
            .filter(|v| v.is_finite())
    };
    let low = finite().fold(f64::MAX, f64::min);
    let high = finite().fold(f64::MIN, f64::max);
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\" aria-label=\"{}\">\n",
        escape(&describe(curve))
    );
    if low > high {
        out.push_str("<text x=\"70\" y=\"120\">no values</text></svg>");
        return out;
    }
    let (low, high) = if curve.log {
        (low, high.max(low + 1e-6))
    } else {
        axis(low, high)
    };
    let last = (curve.values.len().max(2) - 1) as f64;
    let x = |row: usize| LEFT + row as f64 / last * (WIDTH - LEFT - 10.0);
    let y = |v: f64| TOP + (high - v) / (high - low) * (HEIGHT - TOP - BOTTOM);
    for step in 0..=4 {
        let level = low + (high - low) * f64::from(step) / 4.0;
        let _ = writeln!(
            out,
            "<line class=\"grid\" x1=\"{LEFT}\" x2=\"{}\" y1=\"{:.1}\" y2=\"{:.1}\"/><text class=\"tick\" x=\"{}\" y=\"{:.1}\" text-anchor=\"end\">{}</text>",
            WIDTH - 10.0,
            y(level),
            y(level),
            LEFT - 6.0,
            y(level) + 4.0,
            short(curve.at_height(level))
        );
    }
    for (row, name) in events {
        let _ = writeln!(
            out,
            "<line class=\"event\" x1=\"{:.1}\" x2=\"{:.1}\" y1=\"{TOP}\" y2=\"{}\"><title>{}</title></line>",
            x(*row),
            x(*row),
            HEIGHT - BOTTOM,
            escape(name)
        );
    }
    let rows = curve.values.len();
    for at in [0, rows / 4, rows / 2, rows * 3 / 4, rows - 1] {
        let _ = writeln!(
            out,
            "<text class=\"tick\" x=\"{:.1}\" y=\"{}\" text-anchor=\"middle\">{}</text>",
            x(at).min(WIDTH - 26.0),
            HEIGHT - 8.0,
            escape(&curve.labels[at])
        );
    }
    let _ = writeln!(
        out,
        "<path class=\"curve\" d=\"{}\"/></svg>",
        path(curve, x, y)
    );
    out
}

/// Gaps stay gaps: a value that was not given starts a new stretch.
fn path(curve: &Curve, x: impl Fn(usize) -> f64, y: impl Fn(f64) -> f64) -> String {
    let mut out = String::new();
    let mut open = false;
    for (row, value) in curve.values.iter().enumerate() {
        let value = curve.height(*value);
        if value.is_finite() {
            let _ = write!(
                out,
                "{}{:.1} {:.1}",
                if open { "L" } else { "M" },
                x(row),
                y(value)
            );
        }
        open = value.is_finite();
    }
    out
}

fn axis(low: f64, high: f64) -> (f64, f64) {
    let from = if low > 0.0 && low < high * 0.4 {
        0.0
    } else {
        low
    };
    if high > from {
        (from, high)
    } else {
        (from - 1.0, high + 1.0)
    }
}

/// The picture in words.
fn describe(curve: &Curve) -> String {
    let known: Vec<_> = (0..curve.values.len())
        .filter(|row| curve.values[*row].is_finite())
        .collect();
    match (known.first(), known.last()) {
        (Some(a), Some(b)) => format!(
            "{}: from {} in {} to {} in {} ({})",
            curve.title,
            short(curve.values[*a]),
            curve.labels[*a],
            short(curve.values[*b]),
            curve.labels[*b],
            curve.unit
        ),
        _ => format!("{}: no values", curve.title),
    }
}
