//! Everything the page says, as data: gathered from runs once, written as often as wanted.

use super::{assumed, books, charts, equations, evidence, html, says, timeline, why};
use saldo_diag::{Sources, Span};
use saldo_engine::Trace;
use saldo_model::ir::Model;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Version of the document's form: another one cannot be written as a page.
pub const VERSION: u32 = 1;

/// A run to be shown: the baseline, a scenario, or a rival explanation.
pub struct Scene<'a> {
    pub name: String,
    pub title: String,
    pub model: &'a Model,
    /// One trace, or one a draw.
    pub traces: &'a [Trace],
}

/// How the results were made: told at the foot of the page.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Made {
    pub scenario: Option<String>,
    pub command: String,
    pub version: String,
    pub seed: u64,
    /// Name and hash of each file that was read.
    pub inputs: Vec<(String, String)>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Document {
    pub version: u32,
    pub model: String,
    pub title: String,
    /// Periods of the baseline, the opening state first.
    pub labels: Vec<String>,
    pub scenes: Vec<SceneInfo>,
    pub says: Vec<String>,
    pub events: Vec<timeline::Event>,
    pub charts: Vec<charts::Chart>,
    pub evidence: evidence::Evidence,
    pub assumed: assumed::Assumed,
    pub books: books::Books,
    pub why: why::Why,
    pub equations: Vec<equations::Equation>,
    pub equation_count: usize,
    pub checks: Vec<evidence::Check>,
    pub texts: Vec<equations::Text>,
    /// What a reader should know about the files.
    pub notes: Vec<String>,
    /// Rival explanations under which the run does not reach its end.
    pub stopped_rivals: Vec<String>,
    /// What the page of a huge model leaves out.
    pub left_out: Vec<String>,
    /// Titles in Russian, by the title in the model's first language.
    pub russian: BTreeMap<String, String>,
    pub made: Made,
}

/// One run's name and end.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SceneInfo {
    pub name: String,
    pub title: String,
    pub draws: usize,
    pub stopped: Option<String>,
}

/// A line of the model's text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place(pub usize, pub usize);

/// Gathers the page of a model: the first scene is the baseline.
pub fn document(sources: &Sources, scenes: &[Scene], rivals: &[Scene], made: Made) -> Document {
    let base = &scenes[0];
    let (model, trace) = (base.model, &base.traces[0]);
    let title = if model.title.is_empty() {
        &model.name
    } else {
        &model.title
    };
    let places = Places(sources);
    let evidence = evidence::gather(model, trace);
    let assumed = assumed::gather(model, &places);
    let charts = charts::gather(scenes, rivals, &places);
    let mut left_out = Vec::new();
    let books = books::gather(model, trace, &places, &mut left_out);
    let why = why::gather(model, (trace, made.seed), &charts, &places, &mut left_out);
    let says = says::gather(model, &charts, scenes, &evidence, &assumed, trace.completed);
    Document {
        version: VERSION,
        model: model.name.to_string(),
        title: title.to_string(),
        labels: (0..=trace.completed)
            .map(|row| model.calendar.label(row as i64))
            .collect(),
        scenes: scenes.iter().map(info).collect(),
        says,
        events: timeline::gather(model, trace.completed, &places),
        charts,
        evidence,
        assumed,
        books,
        why,
        equations: equations::gather(model, &places),
        equation_count: equations::count(model),
        checks: evidence::checks(model, trace),
        texts: equations::texts(sources, &mut left_out),
        notes: Vec::new(),
        stopped_rivals: stopped_rivals(rivals),
        left_out,
        russian: model
            .russian
            .iter()
            .map(|(title, russian)| (title.to_string(), russian.to_string()))
            .collect(),
        made,
    }
}

/// Rival explanations under which the run does not reach the end.
fn stopped_rivals(rivals: &[Scene]) -> Vec<String> {
    let stopped = rivals.iter().filter_map(|rival| {
        let why = saldo_study::explain_stop(rival.model, &rival.traces[0])?;
        Some(format!(
            "Under the explanation “{}” the run stops early: {}",
            rival.title, why.headline
        ))
    });
    stopped.collect()
}

/// The page of a single command: its run, or the draws of it.
pub fn single(sources: &Sources, model: &Model, traces: &[Trace], made: Made) -> Document {
    let name = made.scenario.clone().unwrap_or_else(|| "baseline".into());
    let title = match made.scenario {
        None => "Baseline".into(),
        Some(_) => name.clone(),
    };
    let scene = Scene {
        name,
        title,
        model,
        traces,
    };
    document(sources, &[scene], &[], made)
}

/// The document as it is kept in a result folder.
pub fn kept(document: &Document) -> Vec<u8> {
    serde_json::to_vec(document).unwrap_or_default()
}

/// Reads a kept document; says what is wrong with one that cannot be read.
pub fn read(text: &str) -> Result<Document, String> {
    #[derive(Deserialize)]
    struct Version {
        version: u32,
    }
    let found: Version = serde_json::from_str(text).map_err(|_| "it is not whole".to_string())?;
    if found.version != VERSION {
        return Err(format!(
            "another version of Saldo wrote it (form {}, this one reads {VERSION})",
            found.version
        ));
    }
    serde_json::from_str(text).map_err(|error| format!("it is not whole: {error}"))
}

fn info(scene: &Scene) -> SceneInfo {
    let stop = saldo_study::explain_stop(scene.model, &scene.traces[0]);
    SceneInfo {
        name: scene.name.clone(),
        title: scene.title.clone(),
        draws: scene.traces.len(),
        stopped: stop.map(|problem| problem.headline),
    }
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

/// What the script needs; tables and pictures are in the page already.
#[derive(Serialize)]
pub(crate) struct ForScript<'a> {
    model: &'a str,
    labels: &'a [String],
    scenes: &'a [SceneInfo],
    events: &'a [timeline::Event],
    charts: &'a [charts::Chart],
    books: &'a books::Books,
    why: &'a why::Why,
    lines: BTreeMap<String, &'a str>,
    files: Vec<&'a str>,
    /// Titles in Russian: those that the script shows.
    russian: BTreeMap<&'a str, String>,
}

impl Document {
    pub(crate) fn for_script(&self) -> ForScript<'_> {
        ForScript {
            model: &self.model,
            labels: &self.labels,
            scenes: &self.scenes,
            events: &self.events,
            charts: &self.charts,
            books: &self.books,
            why: &self.why,
            lines: self.lines(),
            files: self.texts.iter().map(|text| text.path.as_str()).collect(),
            russian: self.spoken_by_script(),
        }
    }

    fn spoken_by_script(&self) -> BTreeMap<&str, String> {
        let charts = self.charts.iter().flat_map(|chart| {
            let rivals = chart.rivals.iter().map(|rival| rival.name.as_str());
            rivals.chain([chart.title.as_str()])
        });
        let titles = charts
            .chain(self.scenes.iter().map(|it| it.title.as_str()))
            .chain(self.events.iter().map(|it| it.title.as_str()))
            .chain(self.books.titles())
            .chain(self.why.nodes.iter().map(|it| it.title.as_str()))
            .chain(super::words::SCRIPT);
        let both = titles.filter_map(|title| Some((title, self.in_russian(title)?)));
        both.collect()
    }

    /// The Russian form of a title or of a word of the page, if the model has Russian titles.
    /// What is put together from titles is said part by part: `Enterprises: Coal`.
    pub(crate) fn in_russian(&self, title: &str) -> Option<String> {
        if self.russian.is_empty() {
            return None;
        }
        if let Some(known) = self.russian.get(title) {
            return Some(known.clone());
        }
        if let Some(known) = super::words::russian(title) {
            return Some(known.into());
        }
        if let Some(inner) = title.strip_prefix("Δ ") {
            return Some(format!("Δ {}", self.in_russian(inner)?));
        }
        if let Some(inner) = title.strip_suffix(", at the end") {
            return Some(format!("{}, на конец", self.in_russian(inner)?));
        }
        let (family, member) = title.rsplit_once(": ")?;
        Some(format!(
            "{}: {}",
            self.in_russian(family)?,
            self.in_russian(member)?
        ))
    }

    /// Text of the lines that the books point to, shown on hover.
    fn lines(&self) -> BTreeMap<String, &str> {
        let places = self.books.places();
        let found = places.filter_map(|place| {
            let line = self.line(place)?;
            Some((format!("{}:{}", place.0, place.1), line))
        });
        found.collect()
    }

    /// One line of the model's text.
    pub(crate) fn line(&self, place: Place) -> Option<&str> {
        let text = self.texts.iter().find(|text| text.file == place.0)?;
        Some(text.text.lines().nth(place.1 - 1)?.trim())
    }

    /// A title, with its Russian form for the toggle.
    pub(crate) fn text(&self, title: &str) -> String {
        match self.in_russian(title) {
            Some(russian) => format!(
                "<span data-ru=\"{}\">{}</span>",
                html::escape(&russian),
                html::escape(title)
            ),
            None => html::escape(title),
        }
    }

    /// A link to the model's text.
    pub(crate) fn link(&self, place: Option<Place>) -> String {
        let found = place.and_then(|place| {
            let text = self.texts.iter().find(|text| text.file == place.0)?;
            Some(format!(
                "<a class=\"source\" href=\"#L{}-{}\">{}:{}</a>",
                place.0,
                place.1,
                html::escape(&text.path),
                place.1
            ))
        });
        found.unwrap_or_default()
    }
}
