//! What the script needs.

use super::flowchart::{blocks, sankey};
use crate::page::document::{Books, Chart, Document, Event, SceneInfo, Why};
use crate::page::words;
use serde::Serialize;
use std::collections::BTreeMap;

/// What the script needs; tables and pictures are in the page already.
#[derive(Serialize)]
pub(crate) struct ForScript<'a> {
    model: &'a str,
    labels: &'a [String],
    scenes: &'a [SceneInfo],
    events: &'a [Event],
    held_to: Option<usize>,
    charts: &'a [Chart],
    books: &'a [Books],
    /// Of each book and date.
    pictures: Vec<Vec<[String; 2]>>,
    why: &'a Why,
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
            held_to: self.held_to,
            charts: &self.charts,
            books: &self.books,
            pictures: self.books.iter().map(|it| pictures(self, it)).collect(),
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
            .chain(words::all().map(|word| word as &str));
        let both = titles.filter_map(|title| Some((title, self.in_russian(title)?)));
        both.collect()
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
}

/// The pictures of every date: who paid whom, and what each sector owns and owes.
fn pictures(it: &Document, books: &Books) -> Vec<[String; 2]> {
    let dates = 0..books.dates.len();
    dates
        .map(|at| [sankey(it, books, at), blocks(it, books, at)])
        .collect()
}
