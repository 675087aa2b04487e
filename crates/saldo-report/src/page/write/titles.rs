//! Titles in both languages, and links to the model's text.

use crate::html::escape;
use crate::page::document::{Document, Place};
use crate::page::said::{Said, say};
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
        self.said(&self.title(title))
    }

    /// A title in both languages; without a Russian form it stays as it is.
    pub(crate) fn title(&self, title: &str) -> Said {
        Said::new(
            title,
            self.in_russian(title).unwrap_or_else(|| title.into()),
        )
    }

    /// A text that the language button turns, where the model has Russian titles.
    pub(crate) fn said(&self, it: &Said) -> String {
        let (russian, english) = self.both(it);
        match russian.is_empty() {
            true => english,
            false => format!("<span{russian}>{english}</span>"),
        }
    }

    /// A sentence of the page.
    pub(crate) fn say(&self, key: &str, parts: &[Said]) -> String {
        self.said(&say(key, parts))
    }

    /// A paragraph of one sentence of the page.
    pub(crate) fn paragraph(&self, key: &str, parts: &[Said]) -> String {
        format!("<p>{}</p>\n", self.say(key, parts))
    }

    /// A text without a span of its own: an attribute with the Russian form, and the English one.
    pub(crate) fn both(&self, it: &Said) -> (String, String) {
        let russian = match self.russian.is_empty() || it.russian == it.english {
            true => String::new(),
            false => format!(" data-ru=\"{}\"", escape(&it.russian)),
        };
        (russian, escape(&it.english))
    }

    /// A link to the model's text.
    pub(crate) fn link(&self, place: Option<Place>) -> String {
        let found = place.and_then(|place| {
            let text = self.texts.iter().find(|text| text.file == place.0)?;
            Some(format!(
                "<a class=\"source\" href=\"#L{}-{}\">{}:{}</a>",
                place.0,
                place.1,
                escape(&text.path),
                place.1
            ))
        });
        found.unwrap_or_default()
    }
}
