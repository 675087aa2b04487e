//! Headline quantities in the baseline, in every scenario, and under rival explanations.

use super::document::{Document, Place, Places, Scene};
use super::html::{escape, figure, gap_rows, gaps, unit};
use crate::curve::{Curve, headline};
use crate::svg::{Picture, draw};
use serde::{Deserialize, Serialize};
use std::fmt::Write;

/// Shares of the draws that lie below the edges of the 90 and the 50 percent band.
const EDGES: [f64; 4] = [0.05, 0.25, 0.75, 0.95];
/// Values of all rivals in all charts together.
const RIVAL_ROOM: usize = 14_000;
/// Rows of the table under a chart; all of them are in the download.
const TABLE_ROWS: usize = 36;

/// One quantity in every scene.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Chart {
    pub id: String,
    /// The quantity's name in the model.
    pub name: String,
    pub title: String,
    pub unit: String,
    pub log: bool,
    /// What the author wants first: `level`, `deviation` or `percent`.
    pub view: String,
    pub place: Option<Place>,
    pub lines: Vec<Line>,
    /// The baseline under each combination of rival explanations.
    pub rivals: Vec<Rival>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Line {
    pub scene: usize,
    #[serde(with = "gaps")]
    pub values: Vec<f64>,
    /// Edges of the bands of the draws (5, 25, 75, 95 percent), if there are draws.
    #[serde(with = "gap_rows")]
    pub fan: Vec<Vec<f64>>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Rival {
    pub name: String,
    /// Rows from one value to the next: a long run with many rivals is thinned.
    pub step: usize,
    #[serde(with = "gaps")]
    pub values: Vec<f64>,
}

/// The quantities of all scenes, joined by their titles; the baseline's come first.
pub(crate) fn gather(scenes: &[Scene], rivals: &[Scene], places: &Places) -> Vec<Chart> {
    let mut charts: Vec<Chart> = Vec::new();
    for (at, scene) in scenes.iter().enumerate() {
        for (which, curve) in headline(scene.model, &scene.traces[0])
            .into_iter()
            .enumerate()
        {
            let fan = fan(scene, which);
            let known = charts.iter().position(|chart| chart.title == curve.title);
            let chart = known.unwrap_or_else(|| {
                charts.push(new_chart(charts.len(), scene, &curve, places));
                charts.len() - 1
            });
            charts[chart].lines.push(Line {
                scene: at,
                values: curve.values,
                fan,
            });
        }
    }
    for chart in &mut charts {
        chart.lines.extend(missing(chart, scenes));
        chart.lines.sort_by_key(|line| line.scene);
        chart.rivals = rivals
            .iter()
            .filter_map(|rival| rivalry(chart, rival))
            .collect();
    }
    let all: usize = charts
        .iter()
        .flat_map(|it| &it.rivals)
        .map(|it| it.values.len())
        .sum();
    let step = all.div_ceil(RIVAL_ROOM).max(1);
    charts
        .iter_mut()
        .flat_map(|it| &mut it.rivals)
        .for_each(|it| thin(it, step));
    charts
}

fn new_chart(at: usize, scene: &Scene, curve: &Curve, places: &Places) -> Chart {
    let show = scene
        .model
        .shows
        .iter()
        .find(|show| *show.title == curve.title);
    let line = scene.model.vars.iter().find(|var| *var.name == curve.name);
    let view = show.map_or("level", |show| match &*show.style {
        "deviation" => "deviation",
        "percent" => "percent",
        _ => "level",
    });
    let span = line.map(|line| line.span).or(show.map(|show| show.span));
    Chart {
        id: format!("c{at}"),
        name: curve.name.clone(),
        title: curve.title.clone(),
        unit: curve.unit.clone(),
        log: curve.log,
        view: view.into(),
        place: span.and_then(|span| places.of(span)),
        lines: Vec::new(),
        rivals: Vec::new(),
    }
}

/// Scenes that do not show the quantity themselves, but have it by name.
fn missing(chart: &Chart, scenes: &[Scene]) -> Vec<Line> {
    let absent = |at: &usize| chart.lines.iter().all(|line| line.scene != *at);
    (0..scenes.len())
        .filter(absent)
        .filter_map(|at| {
            let scene = &scenes[at];
            let curve = crate::curve::named(scene.model, &scene.traces[0], &chart.name)?;
            Some(Line {
                scene: at,
                values: curve.values,
                fan: Vec::new(),
            })
        })
        .collect()
}

fn rivalry(chart: &Chart, rival: &Scene) -> Option<Rival> {
    let curves = headline(rival.model, &rival.traces[0]);
    let curve = curves
        .into_iter()
        .find(|curve| curve.title == chart.title)?;
    Some(Rival {
        name: rival.title.clone(),
        step: 1,
        values: curve.values,
    })
}

/// Every `step`-th value from the first, in four digits.
fn thin(rival: &mut Rival, step: usize) {
    let four = |value: &f64| match value.is_finite() {
        true => format!("{value:.3e}").parse().unwrap_or(*value),
        false => f64::NAN,
    };
    rival.step = step;
    rival.values = rival.values.iter().step_by(step).map(four).collect();
}

impl Rival {
    /// Value in a row; between two that were kept it lies on their line.
    fn at(&self, row: usize) -> f64 {
        let (before, rest) = (row / self.step, row % self.step);
        let value = |at: usize| self.values.get(at).copied().unwrap_or(f64::NAN);
        match rest {
            0 => value(before),
            _ => {
                let share = rest as f64 / self.step as f64;
                value(before) * (1.0 - share) + value(before + 1) * share
            }
        }
    }
}

/// The edges of the draws' bands, row by row; empty without draws.
fn fan(scene: &Scene, which: usize) -> Vec<Vec<f64>> {
    if scene.traces.len() < 2 {
        return Vec::new();
    }
    let paths: Vec<Vec<f64>> = scene
        .traces
        .iter()
        .filter_map(|trace| Some(headline(scene.model, trace).into_iter().nth(which)?.values))
        .collect();
    let rows = paths.iter().map(Vec::len).max().unwrap_or(0);
    let mut edges = vec![Vec::with_capacity(rows); EDGES.len()];
    for row in 0..rows {
        let mut known: Vec<f64> = paths
            .iter()
            .filter_map(|path| path.get(row).copied().filter(|v| v.is_finite()))
            .collect();
        known.sort_by(f64::total_cmp);
        for (edge, share) in edges.iter_mut().zip(EDGES) {
            edge.push(quantile(&known, share));
        }
    }
    edges
}

/// Linear between the neighbours, as is usual (type 7 of Hyndman and Fan 1996).
fn quantile(sorted: &[f64], share: f64) -> f64 {
    if sorted.is_empty() {
        return f64::NAN;
    }
    let at = share * (sorted.len() - 1) as f64;
    let low = at.floor() as usize;
    let high = (low + 1).min(sorted.len() - 1);
    sorted[low] + (sorted[high] - sorted[low]) * (at - low as f64)
}

pub(crate) fn write(out: &mut String, it: &Document) {
    if it.scenes.len() > 1 {
        out.push_str("<p>Each scenario changes only what its file names; everything else is the baseline. Colours mean the same run everywhere.</p>");
    } else {
        out.push_str("<p>This page shows one run.</p>");
    }
    out.push_str("<ul class=\"legend\">");
    for (at, scene) in it.scenes.iter().enumerate() {
        let draws = match scene.draws {
            1 => String::new(),
            many => format!(" ({many} draws; bands hold 50 and 90 % of them)"),
        };
        let _ = write!(
            out,
            "<li><i class=\"key k{at}\"></i>{}{}</li>",
            it.text(&scene.title),
            escape(&draws)
        );
    }
    if it.charts.iter().any(|chart| !chart.rivals.is_empty()) {
        out.push_str("<li><i class=\"key band-key\"></i>range over rival explanations</li>");
    }
    out.push_str("</ul>\n");
    for note in &it.stopped_rivals {
        let _ = write!(out, "<p class=\"unit\">{}</p>", escape(note));
    }
    out.push_str("<div id=\"views\" class=\"views\"></div>\n<div class=\"grid\">");
    for chart in it.charts.iter().skip(super::says::PICTURES) {
        write_chart(out, it, chart);
    }
    if it.charts.len() <= super::says::PICTURES {
        out.push_str(
            "<p>The charts stand at the head of the page; the buttons above switch them.</p>",
        );
    }
    out.push_str("</div>\n");
}

/// Title, picture, numbers: the script draws into the empty `plot`, print and scriptless readers
/// keep the picture.
pub(crate) fn write_chart(out: &mut String, it: &Document, chart: &Chart) {
    let log = if chart.log {
        " <span class=\"unit\">log scale</span>"
    } else {
        ""
    };
    let _ = write!(
        out,
        "<figure class=\"chart\" id=\"{0}\" data-chart=\"{0}\"><figcaption>{1}{2}{log}{3}</figcaption><div class=\"plot\"></div><div class=\"still\">{4}</div>",
        chart.id,
        it.text(&chart.title),
        unit(&chart.unit),
        it.link(chart.place),
        picture(it, chart)
    );
    table(out, it, chart);
    out.push_str("</figure>\n");
}

fn picture(it: &Document, chart: &Chart) -> String {
    let strand = |line: &'_ Line| -> (usize, usize) { (line.scene, line.values.len()) };
    debug_assert!(
        chart
            .lines
            .iter()
            .map(strand)
            .all(|(scene, _)| scene < it.scenes.len())
    );
    let mut bands = Vec::new();
    if let Some(line) = chart
        .lines
        .first()
        .filter(|line| line.fan.len() == EDGES.len())
    {
        bands.push((line.fan[0].clone(), line.fan[3].clone()));
        bands.push((line.fan[1].clone(), line.fan[2].clone()));
    }
    if !chart.rivals.is_empty() {
        bands.push(range(&chart.rivals, it.labels.len()));
    }
    draw(&Picture {
        title: &chart.title,
        unit: &chart.unit,
        labels: &it.labels,
        log: chart.log,
        strands: chart
            .lines
            .iter()
            .map(|line| (it.scenes[line.scene].title.as_str(), &line.values[..]))
            .collect(),
        bands,
        marks: it
            .events
            .iter()
            .enumerate()
            .filter(|(_, event)| event.used)
            .filter_map(|(at, event)| Some((event.rows?.0, at + 1)))
            .collect(),
    })
}

/// Lowest and highest rival in every row.
fn range(rivals: &[Rival], rows: usize) -> (Vec<f64>, Vec<f64>) {
    let edge = |row: usize, pick: fn(f64, f64) -> f64| {
        rivals
            .iter()
            .map(|rival| rival.at(row))
            .fold(f64::NAN, pick)
    };
    (0..rows)
        .map(|row| (edge(row, f64::min), edge(row, f64::max)))
        .unzip()
}

fn table(out: &mut String, it: &Document, chart: &Chart) {
    let rows = it.labels.len();
    let step = rows.div_ceil(TABLE_ROWS).max(1);
    let note = if step > 1 {
        format!(", every {step} periods")
    } else {
        String::new()
    };
    let _ = write!(
        out,
        "<details><summary>Numbers{note}</summary><div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Numbers: {0}\"><table><caption>{0}{1}</caption><thead><tr><th scope=\"col\">Period</th>",
        escape(&chart.title),
        unit(&chart.unit)
    );
    for line in &chart.lines {
        let _ = write!(
            out,
            "<th scope=\"col\">{}</th>",
            it.text(&it.scenes[line.scene].title)
        );
    }
    out.push_str("</tr></thead><tbody>");
    for row in (0..rows).step_by(step) {
        let _ = write!(
            out,
            "<tr><th scope=\"row\">{}</th>",
            escape(&it.labels[row])
        );
        for line in &chart.lines {
            let value = line.values.get(row).copied().unwrap_or(f64::NAN);
            let _ = write!(out, "<td>{}</td>", figure(value));
        }
        out.push_str("</tr>");
    }
    out.push_str("</tbody></table></div></details>");
}

#[cfg(test)]
mod tests {
    #[test]
    fn quantiles_lie_between_their_neighbours() {
        assert_eq!(super::quantile(&[1.0, 2.0, 4.0], 0.25), 1.5);
        assert_eq!(super::quantile(&[3.0], 0.95), 3.0);
        assert!(super::quantile(&[], 0.5).is_nan());
    }
}
