//! Quantities over time as a static picture: readable without scripts, in light and dark, and
//! the same from the command line.

use crate::Curve;
use crate::html::escape;
use crate::number::figure;
use crate::pen::{Pen, Point, seen};
use saldo_model::ir::Model;
use std::fmt::Write;

const WIDTH: f64 = 500.0;
const HEIGHT: f64 = 240.0;
const LEFT: f64 = 62.0;
const RIGHT: f64 = 18.0;
const BOTTOM: f64 = 26.0;
const TOP: f64 = 24.0;

/// Colours of runs; more runs than this repeat them, their letters do not.
pub(crate) const COLOURS: usize = 8;

/// `A` for the baseline, `B` for the first scenario.
pub(crate) fn letter(scene: usize) -> char {
    char::from(b'A' + (scene % 26) as u8)
}

/// What a picture shows: paths over the same rows, with events to mark.
#[derive(Default)]
pub struct Picture<'a> {
    pub title: &'a str,
    pub unit: &'a str,
    pub labels: &'a [String],
    /// Equal heights are equal ratios.
    pub log: bool,
    pub strands: Vec<Strand<'a>>,
    /// The widest first.
    pub bands: Vec<Band>,
    pub marks: Vec<Mark>,
    /// The last row that was held against a measurement, if later ones are drawn.
    pub held_to: Option<usize>,
}

/// One run's path.
pub struct Strand<'a> {
    /// Which run: colour and letter.
    pub scene: usize,
    pub name: &'a str,
    pub values: &'a [f64],
}

/// A shaded range between two edges: rows and values.
pub struct Band {
    pub kind: Kind,
    pub scene: usize,
    pub low: Vec<(usize, f64)>,
    pub high: Vec<(usize, f64)>,
}

/// What a band holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// All rival explanations.
    Rivals,
    /// Nine draws in ten.
    Ninety,
    /// Half of the draws.
    Half,
}

impl Band {
    fn class(&self) -> String {
        match self.kind {
            Kind::Rivals => "band rivals".into(),
            Kind::Ninety => format!("band b{}", self.scene % COLOURS),
            Kind::Half => format!("band half b{}", self.scene % COLOURS),
        }
    }
}

/// A dated event: a line with a name at the head of the picture where there is room, else a tick
/// at its foot.
#[derive(Clone, Debug, Default)]
pub struct Mark {
    pub row: usize,
    pub name: String,
    /// The name for the language button of the page.
    pub russian: Option<String>,
    /// How many formulas ask for it: the most asked are named first.
    pub asked: u32,
}

/// Events that a picture names at most.
const NAMED: usize = 4;
/// Width of a letter of a name, about.
const LETTER: f64 = 5.6;

/// The dated events of a run that its formulas ask for.
pub fn marks(model: &Model, completed: usize) -> Vec<Mark> {
    let begun = model.events.iter().filter(|event| event.used);
    let inside = begun.filter_map(|event| {
        let row = usize::try_from(event.periods?.0).ok()?;
        (1..=completed).contains(&row).then(|| Mark {
            row,
            name: event.title.to_string(),
            russian: None,
            asked: event.asked,
        })
    });
    inside.collect()
}

/// A picture that carries its own style, title and source, to be kept as a file.
pub fn standalone(picture: &str, curve: &Curve, source: &str) -> String {
    const STYLE: &str = "text{font-family:system-ui,sans-serif;font-size:11px;fill:#556}.head{font-size:15px;fill:#1d2430}.curve{fill:none;stroke:#0b63a8;stroke-width:2.2;stroke-linejoin:round}.grid{stroke:#889;opacity:.25}.zero{stroke:#334;opacity:.8}.event{fill:none;stroke:#a83c15;opacity:.6;stroke-dasharray:2 3}.tick{stroke-dasharray:none}.mark{fill:#a83c15;font-size:10px}.band{fill:#0b63a8;opacity:.16}";
    let (top, foot) = (30.0, 22.0);
    let unit = match (curve.unit.as_str(), curve.log) {
        ("" | "1", false) => String::new(),
        ("" | "1", true) => "log scale".into(),
        (unit, false) => unit.to_string(),
        (unit, true) => format!("{unit}, log scale"),
    };
    let inner = picture.replacen(
        "viewBox",
        &format!("y=\"{top}\" width=\"{WIDTH}\" height=\"{HEIGHT}\" viewBox"),
        1,
    );
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {}\" width=\"{WIDTH}\" height=\"{}\">\n<style>{STYLE}</style><text class=\"head\" x=\"12\" y=\"21\">{} <tspan font-size=\"11\">{}</tspan></text>\n{inner}\n<text x=\"12\" y=\"{}\">{}</text></svg>",
        HEIGHT + top + foot,
        HEIGHT + top + foot,
        escape(&curve.title),
        escape(&unit),
        HEIGHT + top + foot - 8.0,
        escape(source)
    )
}

/// Draws one curve.
pub fn svg(curve: &Curve, marks: Vec<Mark>) -> String {
    draw(&Picture {
        title: &curve.title,
        unit: &curve.unit,
        labels: &curve.labels,
        log: curve.log,
        strands: vec![Strand {
            scene: 0,
            name: &curve.title,
            values: &curve.values,
        }],
        bands: Vec::new(),
        marks,
        held_to: None,
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
        let edges = it.bands.iter().flat_map(|band| [&band.low, &band.high]);
        let edges = edges.flatten().map(|(_, value)| value);
        let values = it.strands.iter().flat_map(|strand| strand.values);
        let heights = || {
            values
                .clone()
                .chain(edges.clone())
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
        let rows = it.strands.iter().map(|it| it.values.len()).max()?;
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
        let step = step_above(rough);
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

/// The next number from a positive one on that is 1, 2 or 5 times a power of ten.
pub(crate) fn step_above(rough: f64) -> f64 {
    let power = power_of_ten(rough);
    let steps = [1.0, 2.0, 5.0, 10.0].map(|times| times * power);
    let fitting = steps.into_iter().find(|step| *step >= rough);
    fitting.unwrap_or(rough)
}

/// The largest power of ten that is not above a positive value.
pub(crate) fn power_of_ten(value: f64) -> f64 {
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
        escape(&describe(it))
    );
    let Some(axes) = Axes::of(it) else {
        out.push_str("<text x=\"70\" y=\"120\">no values</text></svg>");
        return out;
    };
    if let Some(row) = it.held_to {
        let x = axes.x(row);
        let _ = writeln!(
            out,
            "<rect class=\"beyond\" x=\"{x:.1}\" y=\"{TOP}\" width=\"{:.1}\" height=\"{}\"/>",
            WIDTH - RIGHT - x,
            HEIGHT - BOTTOM - TOP
        );
    }
    grid(&mut out, it, &axes);
    events(&mut out, it, &axes);
    bands(&mut out, it, &axes);
    for strand in it.strands.iter().rev() {
        let _ = writeln!(
            out,
            "<path class=\"curve s{}\" d=\"{}\"><title>{}</title></path>",
            strand.scene % COLOURS,
            path(strand.values, &axes),
            escape(strand.name)
        );
    }
    if it.strands.len() > 1 {
        letters(&mut out, it, &axes);
    }
    out.push_str("</svg>");
    out
}

/// Draws are shaded; with them, rival explanations are two dotted edges.
fn bands(out: &mut String, it: &Picture, axes: &Axes) {
    let drawn = it.bands.iter().any(|band| band.kind != Kind::Rivals);
    for band in &it.bands {
        let (class, shape) = match band.kind {
            Kind::Rivals if drawn => ("edges".into(), outline(band, axes)),
            _ => (band.class(), area(band, axes)),
        };
        let _ = writeln!(out, "<path class=\"{class}\" d=\"{shape}\"/>");
    }
}

/// The letter of each run at the end of its path, none upon another.
fn letters(out: &mut String, it: &Picture, axes: &Axes) {
    const APART: f64 = 11.0;
    let end = |strand: &Strand| {
        let mut ends = strand.values.iter().enumerate().rev();
        let (row, value) = ends.find(|(_, v)| height(**v, axes.log).is_finite())?;
        Some((axes.y(*value), axes.x(row), strand.scene))
    };
    let mut ends: Vec<(f64, f64, usize)> = it.strands.iter().filter_map(end).collect();
    ends.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut free = TOP;
    for (y, x, scene) in ends {
        let y = y.max(free);
        free = y + APART;
        let _ = write!(
            out,
            "<text class=\"end e{}\" x=\"{:.1}\" y=\"{:.1}\">{}</text>",
            scene % COLOURS,
            x + 3.0,
            y + 4.0,
            letter(scene)
        );
    }
}

fn grid(out: &mut String, it: &Picture, axes: &Axes) {
    for value in axes.ticks() {
        let y = axes.y(value);
        let class = if value == 0.0 { "grid zero" } else { "grid" };
        let _ = writeln!(
            out,
            "<line class=\"{class}\" x1=\"{LEFT}\" x2=\"{}\" y1=\"{y:.1}\" y2=\"{y:.1}\"/><text class=\"tick\" x=\"{}\" y=\"{:.1}\" text-anchor=\"end\">{}</text>",
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
            escape(&text)
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
pub(crate) fn tick(value: f64) -> String {
    let size = value.abs();
    let scaled = [(1e12, " T"), (1e9, " bn"), (1e6, " M")]
        .into_iter()
        .find(|(from, _)| size >= *from && size < 1e15);
    match scaled {
        Some((by, mark)) => format!("{}{mark}", plain(value / by)),
        None if size >= 1e15 => figure(value).replace("1.000 × ", ""),
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

/// Where the names stand: event, begin and end.
type Place = (usize, f64, f64);

/// The most asked events that have room for their names side by side.
fn placed(marks: &[Mark], axes: &Axes) -> Vec<Place> {
    let mut order: Vec<usize> = (0..marks.len()).collect();
    order.sort_by_key(|at| std::cmp::Reverse(marks[*at].asked));
    let mut all: Vec<Place> = Vec::new();
    for at in order {
        let x = axes.x(marks[at].row);
        let letters = |text: &str| text.chars().count();
        let longest = letters(&marks[at].name).max(marks[at].russian.as_deref().map_or(0, letters));
        let wide = longest as f64 * LETTER;
        let begin = if x + wide > WIDTH { x - wide } else { x };
        let free = |(_, from, to): &Place| begin > to + 8.0 || begin + wide + 8.0 < *from;
        if begin >= LEFT && all.len() < NAMED && all.iter().all(free) {
            all.push((at, begin, begin + wide));
        }
    }
    all
}

/// Named events are lines, the others ticks at the foot.
fn events(out: &mut String, it: &Picture, axes: &Axes) {
    let foot = HEIGHT - BOTTOM;
    let names = placed(&it.marks, axes);
    let (mut lines, mut ticks) = (String::new(), String::new());
    for (at, mark) in it.marks.iter().enumerate() {
        let x = axes.x(mark.row);
        let _ = match names.iter().any(|name| name.0 == at) {
            true => write!(lines, "M{x:.1} {}V{foot}", TOP - 4.0),
            false => write!(ticks, "M{x:.1} {foot}v-5"),
        };
    }
    for (at, begin, end) in names {
        let mark = &it.marks[at];
        let x = axes.x(mark.row);
        let (x, anchor) = if begin < x {
            (end, "end")
        } else {
            (x, "start")
        };
        let russian = mark.russian.as_deref().map_or(String::new(), |text| {
            format!(" data-ru=\"{}\"", escape(text))
        });
        let _ = writeln!(
            out,
            "<text class=\"mark\" text-anchor=\"{anchor}\" x=\"{x:.1}\" y=\"{}\"{russian}>{}</text>",
            TOP - 8.0,
            escape(&mark.name)
        );
    }
    for (class, path) in [("event", lines), ("event tick", ticks)] {
        if !path.is_empty() {
            let _ = writeln!(out, "<path class=\"{class}\" d=\"{path}\"/>");
        }
    }
}

/// Gaps stay gaps: a value that was not given starts a new stretch.
fn path(values: &[f64], axes: &Axes) -> String {
    let places = values.iter().enumerate();
    let places: Vec<Point> = places
        .map(|(row, value)| (axes.x(row), axes.at(height(*value, axes.log))))
        .collect();
    let mut pen = Pen::default();
    let stretches = places.chunk_by(|a, b| a.1.is_finite() == b.1.is_finite());
    for stretch in stretches.filter(|stretch| stretch[0].1.is_finite()) {
        pen.along(&seen(stretch));
    }
    pen.path
}

/// The places of an edge of a band.
fn edge(edge: &[(usize, f64)], axes: &Axes) -> Vec<Point> {
    let heights = edge.iter().map(|(row, v)| (*row, height(*v, axes.log)));
    let known = heights.filter(|(_, v)| v.is_finite());
    let places: Vec<Point> = known.map(|(row, v)| (axes.x(row), axes.at(v))).collect();
    seen(&places)
}

fn area(band: &Band, axes: &Axes) -> String {
    let mut corners = edge(&band.high, axes);
    corners.extend(edge(&band.low, axes).into_iter().rev());
    let mut pen = Pen::default();
    pen.along(&corners);
    pen.path
}

/// A band by its edges alone, where another one is shaded.
fn outline(band: &Band, axes: &Axes) -> String {
    let mut pen = Pen::default();
    pen.along(&edge(&band.high, axes));
    pen.along(&edge(&band.low, axes));
    pen.path
}

/// The picture in words.
fn describe(it: &Picture) -> String {
    let mut out = format!("Chart: {} over time.", it.title);
    for Strand { name, values, .. } in &it.strands {
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
