//! Titles in both languages, and links to the model's text.

use crate::html;
use crate::page::document::{Document, Place};
use crate::page::words;

impl Document {
    /// The Russian form of a title or of a word of the page, if the model has Russian titles.
    /// What is put together from titles is said part by part: `Enterprises: Coal`.
    pub(crate) fn in_russian(&self, title: &str) -> Option<String> {
        if self.russian.is_empty() {
            return None;
        }
        if let Some(known) = self.russian.get(title) {
            return Some(known.clone());
        }
        if let Some(known) = words::russian(title) {
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
