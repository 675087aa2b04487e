//! Quantities over time as a static picture: readable without scripts, in light and dark, and
//! the same from the command line.

use crate::Curve;
use crate::page::figure;
use saldo_model::ir::Model;
use std::fmt::Write;

const WIDTH: f64 = 640.0;
const HEIGHT: f64 = 260.0;
const LEFT: f64 = 62.0;
const RIGHT: f64 = 14.0;
const BOTTOM: f64 = 26.0;
const TOP: f64 = 26.0;

/// What a picture shows: paths over the same rows, with events to mark.
#[derive(Default)]
pub struct Picture<'a> {
    pub title: &'a str,
    pub unit: &'a str,
    pub labels: &'a [String],
    /// Equal heights are equal ratios.
    pub log: bool,
    /// Name, values; drawn in the colours of the scenarios, in order.
    pub strands: Vec<(&'a str, &'a [f64])>,
    /// Lower and upper edges, the widest first.
    pub bands: Vec<(Vec<f64>, Vec<f64>)>,
    /// Row and number of each event.
    pub marks: Vec<(usize, usize)>,
}

/// The dated events of a run that its formulas ask for: first row and title.
pub fn marks(model: &Model, completed: usize) -> Vec<(usize, String)> {
    let begun = model
        .events
        .iter()
        .filter(|event| event.used)
        .filter_map(|event| {
            let (from, _) = event.periods?;
            Some((usize::try_from(from).ok()?, event.title.to_string()))
        });
    begun
        .filter(|(from, _)| (1..=completed).contains(from))
        .collect()
}

/// A picture that carries its own style, to be kept as a file.
pub fn standalone(picture: &str) -> String {
    const STYLE: &str = ">\n<style>text{font:11px system-ui,sans-serif;fill:#667}.name{font-size:14px;font-weight:600;fill:#334}.curve{fill:none;stroke:#0b63a8;stroke-width:2.2;stroke-linejoin:round}.grid{stroke:#889;opacity:.25}.event{stroke:#b2451f;opacity:.55;stroke-dasharray:2 3}.mark{fill:#b2451f;text-anchor:middle}.band{fill:#0b63a8;opacity:.16}</style>";
    picture.replacen('>', STYLE, 1)
}

/// Draws one curve; `events` are rows to mark with their names.
pub fn svg(curve: &Curve, events: &[(usize, String)]) -> String {
    draw(&Picture {
        title: &curve.title,
        unit: &curve.unit,
        labels: &curve.labels,
        log: curve.log,
        strands: vec![(&curve.title, &curve.values)],
        bands: Vec::new(),
        marks: events
            .iter()
            .enumerate()
            .map(|(at, (row, _))| (*row, at + 1))
            .collect(),
    })
}

/// Where a row and a value stand.
struct Axes {
    rows: f64,
    low: f64,
    high: f64,
    log: bool,
}

impl Axes {
    /// Nothing if there is no value to draw.
    fn of(it: &Picture) -> Option<Axes> {
        let edges = it.bands.iter().flat_map(|(low, high)| [low, high]);
        let values = it.strands.iter().flat_map(|(_, values)| values.iter());
        let heights = || {
            values
                .clone()
                .chain(edges.clone().flatten())
                .map(|value| height(*value, it.log))
                .filter(|height| height.is_finite())
        };
        let low = heights().fold(f64::MAX, f64::min);
        let high = heights().fold(f64::MIN, f64::max);
        if low > high {
            return None;
        }
        let from = if !it.log && low > 0.0 && low < high * 0.5 {
            0.0
        } else {
            low
        };
        let (low, high) = if high > from {
            (from, high)
        } else {
            (from - 1.0, high + 1.0)
        };
        let rows = it.strands.iter().map(|(_, values)| values.len()).max()?;
        Some(Axes {
            rows: (rows.max(2) - 1) as f64,
            low,
            high,
            log: it.log,
        })
    }

    fn x(&self, row: usize) -> f64 {
        LEFT + row as f64 / self.rows * (WIDTH - LEFT - RIGHT)
    }

    fn y(&self, value: f64) -> f64 {
        self.at(height(value, self.log))
    }

    fn at(&self, height: f64) -> f64 {
        TOP + (self.high - height) / (self.high - self.low) * (HEIGHT - TOP - BOTTOM)
    }

    /// Round values inside the range: steps of 1, 2 or 5, or powers of ten.
    fn ticks(&self) -> Vec<f64> {
        if self.log {
            return self.powers();
        }
        let rough = (self.high - self.low) / 4.0;
        let power = power_of_ten(rough);
        let step = [1.0, 2.0, 5.0, 10.0]
            .into_iter()
            .map(|times| times * power)
            .find(|step| *step >= rough)
            .unwrap_or(rough);
        let first = (self.low / step).ceil() as i64;
        (first..first + 12)
            .map(|at| at as f64 * step)
            .filter(|value| *value <= self.high + step * 1e-9)
            .collect()
    }

    fn powers(&self) -> Vec<f64> {
        let (low, high) = (saldo_math::exp(self.low), saldo_math::exp(self.high));
        let mut all = Vec::new();
        let mut value = power_of_ten(low);
        while value <= high * 1.0001 {
            if value >= low * 0.9999 {
                all.push(value);
            }
            value *= 10.0;
        }
        if all.len() < 2 {
            return vec![low, high];
        }
        let every = all.len().div_ceil(5);
        all.into_iter().step_by(every).collect()
    }
}

fn height(value: f64, log: bool) -> f64 {
    match log {
        true if value > 0.0 => saldo_math::ln(value),
        true => f64::NAN,
        false => value,
    }
}

/// The largest power of ten that is not above a positive value.
fn power_of_ten(value: f64) -> f64 {
    let mut power = 1.0;
    while power > value && power > 1e-300 {
        power /= 10.0;
    }
    while power * 10.0 <= value && power < 1e300 {
        power *= 10.0;
    }
    power
}

/// The whole picture as an `svg` element.
pub fn draw(it: &Picture) -> String {
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\" aria-label=\"{}\">\n",
        crate::page::escape(&describe(it))
    );
    let Some(axes) = Axes::of(it) else {
        out.push_str("<text x=\"70\" y=\"120\">no values</text></svg>");
        return out;
    };
    grid(&mut out, it, &axes);
    events(&mut out, it, &axes);
    for (low, high) in &it.bands {
        let _ = writeln!(
            out,
            "<path class=\"band\" d=\"{}\"/>",
            area(low, high, &axes)
        );
    }
    for (at, (name, values)) in it.strands.iter().enumerate().rev() {
        let _ = writeln!(
            out,
            "<path class=\"curve s{at}\" d=\"{}\"><title>{}</title></path>",
            path(values, &axes),
            crate::page::escape(name)
        );
    }
    out.push_str("</svg>");
    out
}

fn grid(out: &mut String, it: &Picture, axes: &Axes) {
    for value in axes.ticks() {
        let y = axes.y(value);
        let _ = writeln!(
            out,
            "<line class=\"grid\" x1=\"{LEFT}\" x2=\"{}\" y1=\"{y:.1}\" y2=\"{y:.1}\"/><text class=\"tick\" x=\"{}\" y=\"{:.1}\" text-anchor=\"end\">{}</text>",
            WIDTH - RIGHT,
            LEFT - 6.0,
            y + 4.0,
            tick(value)
        );
    }
    for (row, text) in dates(it.labels) {
        let _ = writeln!(
            out,
            "<text class=\"tick\" x=\"{:.1}\" y=\"{}\" text-anchor=\"middle\">{}</text>",
            axes.x(row).clamp(LEFT, WIDTH - 26.0),
            HEIGHT - 8.0,
            crate::page::escape(&text)
        );
    }
}

/// About six dates, whole years where the calendar has them.
fn dates(labels: &[String]) -> Vec<(usize, String)> {
    let starts: Vec<usize> = (0..labels.len())
        .filter(|at| labels[*at].ends_with("-01") || labels[*at].ends_with("Q1"))
        .collect();
    let rows: Vec<usize> = if starts.len() >= 4 {
        starts
    } else {
        (0..labels.len()).collect()
    };
    let step = rows.len().div_ceil(7).max(1);
    let short = |row: usize| match labels[row].get(..4) {
        Some(year) if labels[row].len() > 4 && rows.len() < labels.len() => year.to_string(),
        _ => labels[row].clone(),
    };
    rows.iter()
        .step_by(step)
        .map(|row| (*row, short(*row)))
        .collect()
}

/// `20`, `0.5`, `1.5 M`: as short as an axis wants it.
fn tick(value: f64) -> String {
    let size = value.abs();
    let scaled = [(1e12, " T"), (1e9, " bn"), (1e6, " M")]
        .into_iter()
        .find(|(from, _)| size >= *from && size < 1e15);
    match scaled {
        Some((by, mark)) => format!("{}{mark}", plain(value / by)),
        None if size >= 1e15 => figure(value),
        None => plain(value),
    }
}

fn plain(value: f64) -> String {
    if value != 0.0 && value.abs() < 1e-3 {
        return figure(value);
    }
    let text = if value.abs() >= 1000.0 {
        figure(value)
    } else {
        format!("{value:.4}")
    };
    match text.contains('.') {
        true => text
            .trim_end_matches('0')
            .trim_end_matches('.')
            .replace('-', "−"),
        false => text,
    }
}

/// More events than this are ticks at the upper edge: full lines would hide the curve.
const LINES: usize = 24;

/// Numbered marks; a number that would touch its neighbour is left to the timeline.
fn events(out: &mut String, it: &Picture, axes: &Axes) {
    let foot = match it.marks.len() > LINES {
        true => TOP + 7.0,
        false => HEIGHT - BOTTOM,
    };
    let mut lines = String::new();
    let mut free = 0.0;
    for (row, number) in &it.marks {
        let x = axes.x(*row);
        let _ = write!(lines, "M{x:.1} {TOP}V{foot}");
        if x >= free {
            let _ = write!(
                out,
                "<text class=\"mark\" x=\"{x:.1}\" y=\"{}\">{number}</text>",
                TOP - 6.0
            );
            free = x + 18.0;
        }
    }
    if !lines.is_empty() {
        let _ = writeln!(out, "<path class=\"event\" d=\"{lines}\"/>");
    }
}

/// Rows that a still picture draws at most: more than its width can show.
const POINTS: usize = 140;

/// Gaps stay gaps: a value that was not given starts a new stretch.
fn path(values: &[f64], axes: &Axes) -> String {
    let mut out = String::new();
    let mut open = false;
    let step = values.len().div_ceil(POINTS).max(1);
    for (row, value) in values.iter().enumerate().step_by(step) {
        let value = height(*value, axes.log);
        if value.is_finite() {
            let start = if open { "L" } else { "M" };
            let _ = write!(out, "{start}{:.1} {:.1}", axes.x(row), axes.at(value));
        }
        open = value.is_finite();
    }
    out
}

fn area(low: &[f64], high: &[f64], axes: &Axes) -> String {
    let known = |values: &[f64]| -> Vec<(usize, f64)> {
        let heights = values.iter().map(|v| height(*v, axes.log)).enumerate();
        let step = values.len().div_ceil(POINTS).max(1);
        heights
            .step_by(step)
            .filter(|(_, v)| v.is_finite())
            .collect()
    };
    let mut corners = known(high);
    corners.extend(known(low).into_iter().rev());
    let mut out = String::new();
    for (at, (row, value)) in corners.iter().enumerate() {
        let start = if at == 0 { "M" } else { "L" };
        let _ = write!(out, "{start}{:.1} {:.1}", axes.x(*row), axes.at(*value));
    }
    out
}

/// The picture in words.
fn describe(it: &Picture) -> String {
    let mut out = format!("Chart: {} over time.", it.title);
    for (name, values) in &it.strands {
        let known = || values.iter().enumerate().filter(|(_, v)| v.is_finite());
        if let (Some((a, from)), Some((b, to))) = (known().next(), known().next_back()) {
            let label = |row: usize| it.labels.get(row).map_or("", String::as_str);
            let _ = write!(
                out,
                " {name}: from {} in {} to {} {} in {}.",
                figure(*from),
                label(a),
                figure(*to),
                it.unit,
                label(b)
            );
        }
    }
    out
}
