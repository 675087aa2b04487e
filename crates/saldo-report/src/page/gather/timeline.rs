//! Dated events with their sources.

use super::Places;
use crate::page::document::Event;
use saldo_model::Symbol;
use saldo_model::ir::{Ground, Model};

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
