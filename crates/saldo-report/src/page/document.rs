//! Everything the page says, as data: gathered from runs once, written as often as wanted.

use super::{assumed, books, charts, equations, evidence, html, says, timeline, why};
use crate::curve::{Curve, headline};
use saldo_diag::{Sources, Span};
use saldo_engine::Trace;
use saldo_model::ir::Model;
use saldo_study::Fan;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Version of the document's form: another one cannot be written as a page.
pub const VERSION: u32 = 2;

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
    /// Why it ended early.
    pub stopped: Option<String>,
}

impl RivalRun {
    pub fn of(title: &str, model: &Model, trace: &Trace) -> RivalRun {
        RivalRun {
            title: title.to_string(),
            curves: headline(model, trace),
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

/// How the results were made: told at the foot of the page.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Made {
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
    pub books: Vec<books::Books>,
    pub why: why::Why,
    pub equations: Vec<equations::Equation>,
    pub equation_count: usize,
    /// What the model's own units stand for, in words.
    #[serde(default)]
    pub units: String,
    /// Kinds of bookkeepers: members of a family count once.
    pub sectors: usize,
    pub checks: Vec<evidence::Check>,
    pub texts: Vec<equations::Text>,
    /// What a reader should know about the files.
    pub notes: Vec<String>,
    /// Rival explanations under which the run does not reach its end.
    pub stopped_rivals: Vec<String>,
    /// Declared scenarios that are not on this page: name and title.
    pub offered: Vec<(String, String)>,
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
    /// Draws that stopped early: they are in no band.
    pub failed: usize,
    pub stopped: Option<String>,
}

/// A line of the model's text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place(pub usize, pub usize);

/// Gathers the page of a model.
pub fn document(sources: &Sources, shown: &Shown, made: Made) -> Document {
    let (scenes, rivals) = (&shown.scenes[..], &shown.rivals[..]);
    let base = &scenes[0];
    let (model, trace) = (base.model, base.trace);
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
        units: model.units.explained(),
        sectors: books::sectors(model),
        checks: evidence::checks(model, trace),
        texts: equations::texts(sources, &mut left_out),
        notes: Vec::new(),
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

fn stopped_rivals(rivals: &[RivalRun]) -> Vec<String> {
    let stopped = rivals.iter().filter_map(|rival| {
        let why = rival.stopped.as_ref()?;
        Some(format!(
            "Under the explanation “{}” the run stops early: {why}",
            rival.title
        ))
    });
    stopped.collect()
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
    books: &'a [books::Books],
    /// Of each book and date.
    pictures: Vec<Vec<[String; 2]>>,
    why: &'a why::Why,
    lines: BTreeMap<String, &'a str>,
    files: BTreeMap<usize, &'a str>,
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
            pictures: self.books.iter().map(|it| it.pictures(self)).collect(),
            why: &self.why,
            lines: self.lines(),
            files: self
                .texts
                .iter()
                .map(|it| (it.file, it.path.as_str()))
                .collect(),
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
            .chain(self.books.iter().flat_map(|books| books.titles()))
            .chain(self.why.nodes.iter().map(|it| it.title.as_str()))
            .chain(super::words::all().map(|word| word as &str));
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
        let places = self.books.iter().flat_map(|books| books.places());
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

    /// What is made of a title: an attribute with the Russian form, and the escaped English one.
    pub(crate) fn both(&self, title: &str, make: impl Fn(&str) -> String) -> (String, String) {
        let russian = self.in_russian(title).map_or(String::new(), |russian| {
            format!(" data-ru=\"{}\"", html::escape(&make(&russian)))
        });
        (russian, html::escape(&make(title)))
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
