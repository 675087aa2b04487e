//! What the rival explanations say, each in the place of the one that the baseline takes.

use super::says::PICTURES;
use crate::html::unit;
use crate::number::figure;
use crate::page::document::{Document, Rivalry};
use crate::page::said::{Said, date, say};
use std::fmt::Write;

/// A row for the baseline and for each rival: the first quantities of the page at the last date
/// that was measured, else the last one, and how many measured values are inside their tolerance.
pub(super) fn table(out: &mut String, it: &Document) {
    if it.rivalry.len() < 2 {
        return;
    }
    let row = it.held_to.unwrap_or(it.labels.len().saturating_sub(1));
    let when = date(it.labels.get(row).map_or("", String::as_str));
    let _ = write!(
        out,
        "<h3>{}</h3>{}<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Rival explanations\"><table class=\"variants\"><thead><tr><th scope=\"col\">{}</th>",
        it.say("rivals", &[]),
        it.paragraph("rivals.about", &[when]),
        it.say("rivals.name", &[]),
    );
    for chart in it.charts.iter().take(PICTURES) {
        let _ = write!(
            out,
            "<th scope=\"col\">{}{}</th>",
            it.text(&chart.title),
            unit(&chart.unit)
        );
    }
    let measured = it.rivalry[0].measured.1;
    if measured > 0 {
        let _ = write!(
            out,
            "<th scope=\"col\">{}</th>",
            it.say("rivals.hits", &[measured.into()])
        );
    }
    out.push_str("</tr></thead><tbody>");
    for (at, rival) in it.rivalry.iter().enumerate() {
        let name = match at {
            0 => say("rivals.baseline", &[]),
            _ => it.title(&rival.title),
        };
        line(out, it, &name, rival);
    }
    out.push_str("</tbody></table></div>\n");
}

fn line(out: &mut String, it: &Document, name: &Said, rival: &Rivalry) {
    let _ = write!(out, "<tr><th scope=\"row\">{}</th>", it.said(name));
    for value in rival.values.iter().take(PICTURES) {
        let _ = write!(out, "<td>{}</td>", figure(*value));
    }
    if rival.measured.1 > 0 {
        let _ = write!(out, "<td>{}</td>", rival.measured.0);
    }
    out.push_str("</tr>\n");
}
