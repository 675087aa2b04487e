//! Headline quantities in the baseline, in every scenario, and under rival explanations.

use super::document::{Document, Place, Places, RivalRun, Scene};
use super::html::{escape, figure, gap_rows, gaps, unit};
use crate::curve::{Curve, headline};
use crate::svg::{Band, Kind, Mark, Picture, Strand, draw};
use saldo_study::Fan;
use serde::{Deserialize, Serialize};
use std::fmt::Write;

/// Values of all rivals in all charts together.
const RIVAL_ROOM: usize = 14_000;
/// Values of all bands of draws in all charts together.
const BAND_ROOM: usize = 70_000;
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
    /// The draws of the quantity.
    #[serde(default, skip_serializing_if = "Spread::is_empty")]
    pub fan: Spread,
    /// The draws of its deviation from the baseline, each from the same draw of the baseline.
    #[serde(default, skip_serializing_if = "Spread::is_empty")]
    pub apart: Spread,
}

/// What many draws say together: five paths, below which 5, 25, 50, 75 and 95 percent of them lie.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Spread {
    /// Rows from one value to the next.
    pub step: usize,
    #[serde(with = "gap_rows")]
    pub edges: Vec<Vec<f64>>,
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
pub(crate) fn gather(scenes: &[Scene], rivals: &[RivalRun], places: &Places) -> Vec<Chart> {
    let mut charts: Vec<Chart> = Vec::new();
    for (at, scene) in scenes.iter().enumerate() {
        for curve in headline(scene.model, scene.trace) {
            let known = charts.iter().position(|chart| chart.title == curve.title);
            let chart = known.unwrap_or_else(|| {
                charts.push(new_chart(charts.len(), scene, &curve, places));
                charts.len() - 1
            });
            charts[chart].lines.push(line(scenes, at, curve));
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
    make_room(&mut charts);
    charts
}

fn line(scenes: &[Scene], at: usize, curve: Curve) -> Line {
    let fan = scenes[at].fan(&curve.title);
    let base = scenes[0].fan(&curve.title).filter(|_| at > 0);
    let apart = fan.zip(base).map(|(own, base)| own.less(base));
    Line {
        scene: at,
        values: curve.values,
        fan: fan.map_or(Spread::default(), Spread::of),
        apart: apart.map_or(Spread::default(), |fan| Spread::of(&fan)),
    }
}

/// Thins what is only drawn, until it fits.
fn make_room(charts: &mut [Chart]) {
    let rivals = |it: &[Chart]| -> usize {
        let all = it.iter().flat_map(|chart| &chart.rivals);
        all.map(|rival| rival.values.len()).sum()
    };
    let step = rivals(charts).div_ceil(RIVAL_ROOM).max(1);
    for rival in charts.iter_mut().flat_map(|chart| &mut chart.rivals) {
        rival.step = step;
        rival.values = thinned(&rival.values, step);
    }
    let spreads = |line: &Line| line.fan.size() + line.apart.size();
    let all = charts.iter().flat_map(|chart| &chart.lines).map(spreads);
    let step = all.sum::<usize>().div_ceil(BAND_ROOM).max(1);
    for line in charts.iter_mut().flat_map(|chart| &mut chart.lines) {
        line.fan.thin(step);
        line.apart.thin(step);
    }
}

/// Every `step`-th value from the first, in four digits.
fn thinned(values: &[f64], step: usize) -> Vec<f64> {
    let four = |value: &f64| match value.is_finite() {
        true => format!("{value:.3e}").parse().unwrap_or(*value),
        false => f64::NAN,
    };
    values.iter().step_by(step).map(four).collect()
}

impl Spread {
    fn of(fan: &Fan) -> Spread {
        if fan.len() < 2 {
            return Spread::default();
        }
        let mut edges = vec![Vec::new(); 5];
        for row in 0..fan.rows() {
            let five = fan.at(row).map_or([f64::NAN; 5], |it| {
                [it.ninety.0, it.half.0, it.median, it.half.1, it.ninety.1]
            });
            edges.iter_mut().zip(five).for_each(|(e, v)| e.push(v));
        }
        Spread { step: 1, edges }
    }

    fn is_empty(&self) -> bool {
        self.edges.is_empty()
    }

    fn size(&self) -> usize {
        self.edges.iter().map(Vec::len).sum()
    }

    fn thin(&mut self, step: usize) {
        self.step = step;
        self.edges.iter_mut().for_each(|it| *it = thinned(it, step));
    }

    fn edge(&self, at: usize) -> Vec<(usize, f64)> {
        spaced(&self.edges[at], self.step)
    }
}

/// Values with their rows.
fn spaced(values: &[f64], step: usize) -> Vec<(usize, f64)> {
    let rows = (0..).step_by(step.max(1));
    rows.zip(values.iter().copied()).collect()
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
            let curve = crate::curve::named(scene.model, scene.trace, &chart.name)?;
            Some(Line {
                scene: at,
                values: curve.values,
                fan: Spread::default(),
                apart: Spread::default(),
            })
        })
        .collect()
}

fn rivalry(chart: &Chart, rival: &RivalRun) -> Option<Rival> {
    let mut curves = rival.curves.iter();
    let curve = curves.find(|curve| curve.title == chart.title)?;
    Some(Rival {
        name: rival.title.clone(),
        step: 1,
        values: curve.values.clone(),
    })
}

pub(crate) fn write(out: &mut String, it: &Document) {
    intro(out, it);
    out.push_str("<div id=\"views\" class=\"views\"></div>\n");
    legend(out, it);
    for note in &it.stopped_rivals {
        let _ = write!(out, "<p class=\"unit\">{}</p>", escape(note));
    }
    out.push_str("<div class=\"grid\">");
    for chart in it.charts.iter().skip(super::says::PICTURES) {
        write_chart(out, it, chart);
    }
    out.push_str("</div>\n");
}

fn intro(out: &mut String, it: &Document) {
    match it.scenes.len() {
        1 => out.push_str("<p>This page shows one run. "),
        _ => out.push_str("<p>What if? Each scenario changes only what its file names; everything else, and every random number, is as in the baseline. A colour and a letter mean the same run everywhere on this page; a click on one below hides or shows it. "),
    }
    if it.scenes.iter().any(|scene| scene.draws > 1) {
        out.push_str("Shaded: the darker band holds half of the draws, the lighter one nine in ten, the dashed line is their median. They show what the stated uncertainty of parameters and chance would do, not everything that could be wrong. With several runs the bands are those of the first one that is switched on. ");
    }
    if !it.charts.iter().all(|chart| chart.rivals.is_empty()) {
        out.push_str("The grey range is what the rival explanations say, each put in alone; point at a chart to read them. ");
    }
    if it.charts.len() <= super::says::PICTURES {
        out.push_str("The charts stand at the head of the page. ");
    }
    out.push_str("</p>\n");
    if !it.offered.is_empty() {
        out.push_str("<p>The model also declares these scenarios, which this page does not run:</p><ul class=\"offered\">");
        for (name, title) in &it.offered {
            let _ = write!(
                out,
                "<li>{} <code>-s {}</code></li>",
                it.text(title),
                escape(name)
            );
        }
        out.push_str("</ul>\n");
    }
}

/// The runs with their colours and letters; the script makes switches of them.
pub(crate) fn legend(out: &mut String, it: &Document) {
    out.push_str("<ul class=\"legend runs\">");
    for (at, scene) in it.scenes.iter().enumerate() {
        let draws = match (scene.draws, scene.failed) {
            (0 | 1, _) => String::new(),
            (all, 0) => format!(" <small>{all} draws</small>"),
            (all, failed) => format!(
                " <small>{all} draws, {failed} of them stopped early and are in no band</small>"
            ),
        };
        let _ = write!(
            out,
            "<li data-scene=\"{at}\"><i class=\"key k{}\">{}</i>{}{draws}</li>",
            at % COLOURS,
            letter(at),
            it.text(&scene.title),
        );
    }
    if it.charts.iter().any(|chart| !chart.rivals.is_empty()) {
        let _ = write!(
            out,
            "<li><i class=\"key band-key\"></i>{}</li>",
            it.text("range over rival explanations")
        );
    }
    out.push_str("</ul>\n");
}

/// Colours of runs; more runs than this repeat them, their letters do not.
pub(crate) const COLOURS: usize = 8;

/// `A` for the baseline, `B` for the first scenario.
pub(crate) fn letter(scene: usize) -> char {
    char::from(b'A' + (scene % 26) as u8)
}

/// Title, picture, source, numbers: the script draws into the empty `plot`, print and scriptless
/// readers keep the picture.
pub(crate) fn write_chart(out: &mut String, it: &Document, chart: &Chart) {
    let log = match chart.log {
        true => format!(" <span class=\"unit\">{}</span>", it.text("log scale")),
        false => String::new(),
    };
    let _ = write!(
        out,
        "<figure class=\"chart\" id=\"{0}\" data-chart=\"{0}\"><figcaption>{1}{2}{log}</figcaption><div class=\"plot\"></div><div class=\"still\">{3}</div>",
        chart.id,
        it.text(&chart.title),
        unit(&chart.unit),
        picture(it, chart)
    );
    let _ = write!(
        out,
        "<p class=\"foot\">{} {}</p>",
        it.text("Source: this model’s run."),
        it.link(chart.place)
    );
    table(out, it, chart);
    out.push_str("</figure>\n");
}

fn picture(it: &Document, chart: &Chart) -> String {
    draw(&Picture {
        title: &chart.title,
        unit: &chart.unit,
        labels: &it.labels,
        log: chart.log,
        strands: chart
            .lines
            .iter()
            .map(|line| Strand {
                scene: line.scene,
                name: &it.scenes[line.scene].title,
                values: &line.values,
            })
            .collect(),
        bands: bands(it, chart),
        marks: marks(it),
    })
}

fn marks(it: &Document) -> Vec<Mark> {
    let used = it.events.iter().filter(|event| event.used);
    let inside = used.filter_map(|event| {
        Some(Mark {
            row: event.rows?.0,
            name: event.title.clone(),
            russian: it.in_russian(&event.title),
            asked: event.asked,
        })
    });
    inside.collect()
}

fn bands(it: &Document, chart: &Chart) -> Vec<Band> {
    let mut bands = Vec::new();
    if !chart.rivals.is_empty() {
        let (low, high) = range(&chart.rivals, it.labels.len());
        bands.push(Band {
            kind: Kind::Rivals,
            scene: 0,
            low,
            high,
        });
    }
    // One fan: several upon each other cannot be read.
    let drawn = chart.lines.iter().find(|line| !line.fan.is_empty());
    if let Some(line) = drawn {
        for (kind, low, high) in [(Kind::Ninety, 0, 4), (Kind::Half, 1, 3)] {
            bands.push(Band {
                kind,
                scene: line.scene,
                low: line.fan.edge(low),
                high: line.fan.edge(high),
            });
        }
    }
    bands
}

/// Values with their rows.
type Edge = Vec<(usize, f64)>;

/// Lowest and highest rival in every row that is kept.
fn range(rivals: &[Rival], rows: usize) -> (Edge, Edge) {
    let step = rivals.first().map_or(1, |rival| rival.step);
    let edge = |at: usize, pick: fn(f64, f64) -> f64| {
        let there = rivals.iter().filter_map(|it| it.values.get(at).copied());
        there.fold(f64::NAN, pick)
    };
    let kept = (0..rows.div_ceil(step)).map(|at| {
        let row = at * step;
        ((row, edge(at, f64::min)), (row, edge(at, f64::max)))
    });
    kept.unzip()
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
        "<details><summary>{2}{note}</summary><div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Numbers: {0}\"><table><caption>{4}{1}</caption><thead><tr><th scope=\"col\">{3}</th>",
        escape(&chart.title),
        unit(&chart.unit),
        it.text("Numbers"),
        it.text("Period"),
        it.text(&chart.title)
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
