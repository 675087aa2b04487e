//! From runs to the document: one file a section.

mod assumed;
mod books;
mod charts;
mod equations;
mod evidence;
mod influence;
mod mathml;
mod timeline;
mod why;

use super::document::{Books, Chart, Document, Evidence, Made, Place, Row, SceneInfo, VERSION};
use crate::curve::{Curve, headline};
use saldo_diag::{Sources, Span};
use saldo_engine::Trace;
use saldo_model::ir::Model;
use saldo_study::Fan;

/// A run to be shown: the baseline or a scenario.
pub struct Scene<'a> {
    pub name: String,
    pub title: String,
    pub model: &'a Model,
    /// The run with every parameter as stated.
    pub trace: &'a Trace,
    /// The headline quantities over the draws that ran to the end; empty without draws.
    pub fans: &'a [(Curve, Fan)],
    /// Draws that were made; 0 without draws.
    pub draws: usize,
}

impl Scene<'_> {
    pub(crate) fn fan(&self, title: &str) -> Option<&Fan> {
        let found = self.fans.iter().find(|(curve, _)| curve.title == title);
        found.map(|(_, fan)| fan)
    }
}

/// The baseline under a rival explanation.
#[derive(Clone, Debug)]
pub struct RivalRun {
    pub title: String,
    pub curves: Vec<Curve>,
    /// Measured values inside their tolerance, of how many.
    pub measured: (usize, usize),
    /// Why it ended early.
    pub stopped: Option<String>,
}

impl RivalRun {
    pub fn of(title: &str, model: &Model, trace: &Trace) -> RivalRun {
        RivalRun {
            title: title.to_string(),
            curves: headline(model, trace),
            measured: evidence::measured(model, trace),
            stopped: saldo_study::explain_stop(model, trace).map(|why| why.headline),
        }
    }
}

/// What runs are shown beside each other; the first scene is the base of the others.
pub struct Shown<'a> {
    pub scenes: Vec<Scene<'a>>,
    pub rivals: Vec<RivalRun>,
    /// Declared scenarios that were not run: name and title.
    pub offered: Vec<(String, String)>,
}

/// Gathers the page of a model.
pub fn document(sources: &Sources, shown: &Shown, mut made: Made) -> Document {
    let (scenes, rivals) = (&shown.scenes[..], &shown.rivals[..]);
    let base = &scenes[0];
    let (model, trace) = (base.model, base.trace);
    let title = if model.title.is_empty() {
        &model.name
    } else {
        &model.title
    };
    let places = Places(sources);
    let folder = equations::folder(sources);
    for (name, _) in &mut made.inputs {
        *name = equations::short(name, &folder).to_string();
    }
    let held_to = evidence::held_to(model, trace);
    let evidence = evidence::gather(model, trace);
    let assumed = assumed::gather(model, &places);
    let charts = charts::gather(scenes, rivals, &places);
    let mut left_out = Vec::new();
    let books = books::gather(model, trace, &places, &mut left_out);
    let why = why::gather(model, (trace, made.seed), &charts, &places, &mut left_out);
    Document {
        version: VERSION,
        model: model.name.to_string(),
        title: title.to_string(),
        labels: (0..=trace.completed)
            .map(|row| model.calendar.label(row as i64))
            .collect(),
        scenes: scenes.iter().map(info).collect(),
        held_to,
        units: units(model, &charts, &evidence, &books),
        events: timeline::gather(model, trace.completed, &places),
        charts,
        evidence,
        assumed,
        books,
        why,
        equations: equations::gather(model, &places),
        equation_count: equations::count(model),
        sectors: books::sectors(model),
        checks: evidence::checks(model, trace),
        texts: equations::texts(sources, &mut left_out),
        notes: Vec::new(),
        rivalry: charts::rivalry(base, rivals, held_to),
        stopped_rivals: stopped_rivals(rivals),
        offered: shown.offered.clone(),
        left_out,
        russian: model
            .russian
            .iter()
            .map(|(title, russian)| (title.to_string(), russian.to_string()))
            .collect(),
        made,
    }
}

/// The titled units that charts, evidence and books are in.
fn units(
    model: &Model,
    charts: &[Chart],
    evidence: &Evidence,
    books: &[Books],
) -> Vec<(String, String)> {
    let charts = charts.iter().map(|it| &it.unit);
    let series = evidence.series.iter().map(|it| &it.unit);
    let money = books.iter().flat_map(|it| &it.units);
    let named = |name: &str, unit: &String| {
        let mut parts = unit.split(|sign: char| !sign.is_alphanumeric() && sign != '_');
        parts.any(|part| part == name)
    };
    let shown: Vec<&String> = charts.chain(series).chain(money).collect();
    let titled = model.units.titled();
    let used = titled.filter(|(name, _)| shown.iter().any(|unit| named(name, unit)));
    used.map(|(name, title)| (name.to_string(), title.to_string()))
        .collect()
}

fn stopped_rivals(rivals: &[RivalRun]) -> Vec<(String, String)> {
    let stopped = rivals.iter().filter_map(|rival| {
        let why = rival.stopped.as_ref()?;
        Some((rival.title.clone(), why.clone()))
    });
    stopped.collect()
}

fn info(scene: &Scene) -> SceneInfo {
    let stop = saldo_study::explain_stop(scene.model, scene.trace);
    let whole = scene.fans.first().map_or(0, |(_, fan)| fan.len());
    SceneInfo {
        name: scene.name.clone(),
        title: scene.title.clone(),
        draws: scene.draws,
        failed: scene.draws - whole,
        stopped: stop.map(|problem| problem.headline),
    }
}

/// Everything that is given to a model from outside, assumed numbers first.
pub fn given(model: &Model) -> Vec<Row> {
    assumed::gather(model, &Places(&Sources::default())).rows
}

/// Finds lines in the model's text.
pub(crate) struct Places<'a>(&'a Sources);

impl Places<'_> {
    /// Nothing for what has no text (settings of the command line, the standard library).
    pub(crate) fn of(&self, span: Span) -> Option<Place> {
        let file = span.file.0 as usize;
        if self.0.files.get(file)?.text.len() < span.end as usize || span.end == 0 {
            return None;
        }
        Some(Place(file, self.0.line_column(span.file, span.start).0))
    }
}
