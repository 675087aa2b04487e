//! Dated events with their sources.

use crate::html::escape;
use crate::page::document::{Document, Event};
use std::fmt::Write;

/// Events that no formula asks for are folded away where there are more than this.
const MANY: usize = 24;

pub(crate) fn write(out: &mut String, it: &Document) {
    if it.events.is_empty() {
        out.push_str(&it.paragraph("events.none", &[]));
        return;
    }
    out.push_str(&it.paragraph("events", &[]));
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
            Some(to) if *to != event.from => format!("{} – {to}", event.from),
            _ => event.from.clone(),
        };
        let assumed = match event.assumed {
            true => it.say("events.assumed", &[]),
            false => String::new(),
        };
        let _ = writeln!(
            out,
            "<li><span class=\"badge\">{}</span><time>{}</time><div><strong>{}</strong><br><small>{} {} {}</small></div></li>",
            at + 1,
            escape(&span),
            it.text(&event.title),
            assumed,
            escape(&event.source),
            it.link(event.place)
        );
    }
    out.push_str("</ol>\n");
}
