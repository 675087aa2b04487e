//! Dated events with their sources.

use super::document::{Document, Place, Places};
use super::html::escape;
use saldo_model::Symbol;
use saldo_model::ir::{Ground, Model};
use serde::{Deserialize, Serialize};
use std::fmt::Write;

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Event {
    pub title: String,
    pub from: String,
    pub to: Option<String>,
    /// First and last row of the run that it touches.
    pub rows: Option<(usize, usize)>,
    /// A formula asks for it: charts mark it.
    pub used: bool,
    /// How many formulas ask for it: charts name the most asked.
    pub asked: u32,
    pub source: String,
    pub assumed: bool,
    pub place: Option<Place>,
}

/// In the order of their dates; cancelled ones are left out.
pub(crate) fn gather(model: &Model, completed: usize, places: &Places) -> Vec<Event> {
    let mut events: Vec<Event> = model
        .events
        .iter()
        .filter_map(|event| {
            let (from, to) = event.periods?;
            let inside = from <= completed as i64 && to >= 1;
            Some(Event {
                title: event.title.to_string(),
                from: event.from.to_string(),
                to: event.to.as_ref().map(ToString::to_string),
                rows: inside.then(|| (from.max(0) as usize, to.min(completed as i64) as usize)),
                used: event.used,
                asked: event.asked,
                source: ground(model, &event.ground),
                assumed: matches!(event.ground, Ground::Assumed(_)),
                place: places.of(event.span),
            })
        })
        .collect();
    events.sort_by(|a, b| a.from.cmp(&b.from));
    events
}

/// Title of the source and place, or why it was assumed.
pub(crate) fn ground(model: &Model, ground: &Ground) -> String {
    match ground {
        Ground::Cite { key, place } => {
            let title = source(model, key);
            match place {
                Some(place) => format!("{title}, {place}"),
                None => title,
            }
        }
        Ground::Assumed(why) => why.to_string(),
        Ground::Derived => String::new(),
    }
}

/// A source by its title; by its key if the text does not describe it.
pub(crate) fn source(model: &Model, key: &str) -> String {
    let title = model.sources.get(&Symbol::from(key));
    title.map_or(key.replace('_', " "), |title| title.to_string())
}

/// Events that no formula asks for are folded away where there are more than this.
const MANY: usize = 24;

pub(crate) fn write(out: &mut String, it: &Document) {
    if it.events.is_empty() {
        out.push_str("<p>Nothing dated happens in this model.</p>\n");
        return;
    }
    out.push_str("<p>What happens outside the model’s equations, with the source of each date. Charts mark the events that a formula asks for, and name those that most formulas ask for; point at a chart to read the others.</p>\n");
    let told = it.events.iter().filter(|event| !event.used).count();
    let fold = told > MANY && told < it.events.len();
    list(out, it, |event| event.used || !fold);
    if fold {
        let _ = write!(
            out,
            "<details><summary>{} ({told})</summary>",
            it.text("Events that no formula asks for")
        );
        list(out, it, |event| !event.used);
        out.push_str("</details>");
    }
}

fn list(out: &mut String, it: &Document, which: impl Fn(&Event) -> bool) {
    out.push_str("<ol class=\"timeline\">");
    for (at, event) in it.events.iter().enumerate().filter(|it| which(it.1)) {
        let span = match &event.to {
            Some(to) if *to != event.from => format!("{} – {}", event.from, to),
            _ => event.from.clone(),
        };
        let _ = writeln!(
            out,
            "<li><span class=\"badge\">{}</span><time>{}</time><div><strong>{}</strong><br><small>{}{} {}</small></div></li>",
            at + 1,
            escape(&span),
            it.text(&event.title),
            if event.assumed { "assumed: " } else { "" },
            escape(&event.source),
            it.link(event.place)
        );
    }
    out.push_str("</ol>\n");
}
