//! The page as HTML, from the document alone: one file a section.

mod assumed;
mod books;
mod charts;
mod data;
mod equations;
mod evidence;
mod flowchart;
mod misses;
mod rivals;
mod says;
mod script;
mod tested;
mod timeline;
mod titles;
mod why;

use super::document::Document;
use super::said::{Said, date, say};
use crate::html::escape;
use base64::prelude::{BASE64_STANDARD, Engine};
use serde::Serialize;
use std::fmt::Write;

/// How hard the data is deflated: as hard as it goes, for a page is sent more often than written.
const LEVEL: u8 = 9;

const STYLE: &str = include_str!("../page.css");

const SCRIPT: &str = include_str!("../page.js");

const CHARTS: &str = include_str!("../vendor/uPlot.iife.min.js");

const CHARTS_STYLE: &str = include_str!("../vendor/uPlot.min.css");

/// Nothing may be fetched: scripts and styles are in the file, data too.
const POLICY: &str = "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'";

/// Anchor and heading of every section, in the order of the page.
const SECTIONS: [(&str, &str); 9] = [
    ("says", "What the model says"),
    ("timeline", "Timeline"),
    ("charts", "Baseline and scenarios"),
    ("evidence", "Evidence"),
    ("assumed", "What was assumed"),
    ("books", "Books"),
    ("why", "Why"),
    ("equations", "Equations"),
    ("data", "Data"),
];

/// The whole page.
pub fn page(it: &Document) -> String {
    let mut out = String::with_capacity(1 << 20);
    head(&mut out, it);
    for (anchor, title) in SECTIONS {
        let _ = writeln!(
            out,
            "<section id=\"{anchor}\" aria-labelledby=\"{anchor}-h\"><h2 id=\"{anchor}-h\">{title}</h2>"
        );
        match anchor {
            "says" => says::write(&mut out, it),
            "timeline" => timeline::write(&mut out, it),
            "charts" => charts::write(&mut out, it),
            "evidence" => evidence::write(&mut out, it),
            "assumed" => assumed::write(&mut out, it),
            "books" => books::write(&mut out, it),
            "why" => why::write(&mut out, it),
            "equations" => equations::write(&mut out, it),
            _ => data::write(&mut out, it),
        }
        out.push_str("</section>\n");
    }
    foot(&mut out, it);
    out
}

fn head(out: &mut String, it: &Document) {
    let title = escape(&it.title);
    let _ = write!(
        out,
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta http-equiv=\"Content-Security-Policy\" content=\"{POLICY}\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><meta name=\"generator\" content=\"saldo {}\"><title>{title}</title>\n<style>{CHARTS_STYLE}\n{STYLE}</style></head>\n<body><a class=\"skip\" href=\"#says\">Skip to the results</a>\n<header><h1>{}</h1>",
        escape(&it.made.version),
        it.text(&it.title)
    );
    let _ = writeln!(out, "<p class=\"lead\">{}</p>", it.said(&lead(it)));
    let stopped = it.scenes.iter().filter_map(|scene| {
        let why = scene.stopped.as_deref()?.into();
        Some(match it.scenes.len() {
            1 => say("stopped", &[why]),
            _ => say("stopped.one", &[it.title(&scene.title), why]),
        })
    });
    for note in stopped.chain(it.notes.iter().cloned()) {
        let _ = writeln!(
            out,
            "<p class=\"note\" role=\"note\">{}</p>",
            it.said(&note)
        );
    }
    out.push_str("<nav aria-label=\"Sections\"><ul>");
    for (anchor, title) in SECTIONS {
        let _ = write!(out, "<li><a href=\"#{anchor}\">{title}</a></li>");
    }
    out.push_str("</ul><span class=\"tools\" id=\"tools\"></span></nav></header>\n<main>\n");
}

/// What kind of thing this is, for somebody who has never heard of it.
fn lead(it: &Document) -> Said {
    let label = |label: Option<&String>| date(label.map_or("", String::as_str));
    let beside = match it.scenes.len().saturating_sub(1) {
        0 => say("lead.none", &[]),
        1 => say("lead.one", &[]),
        many => say("lead.many", &[many.into()]),
    };
    let parts = [
        it.sectors.into(),
        it.equation_count.into(),
        label(it.labels.get(1)),
        label(it.labels.last()),
        beside,
    ];
    say("lead", &parts)
}

fn foot(out: &mut String, it: &Document) {
    let foot = it.paragraph("foot", &[]);
    let _ = writeln!(out, "</main>\n<footer>{foot}</footer>");
    let _ = writeln!(
        out,
        "<script type=\"text/plain\" id=\"saldo-data\">{}</script>\n<script>{CHARTS}</script>\n<script>{SCRIPT}</script>\n</body></html>",
        packed(&it.for_script())
    );
}

/// The data of the script: JSON, deflated, as letters of an alphabet that HTML leaves alone.
fn packed(data: &impl Serialize) -> String {
    let json = serde_json::to_vec(data).unwrap_or_default();
    BASE64_STANDARD.encode(miniz_oxide::deflate::compress_to_vec(&json, LEVEL))
}
