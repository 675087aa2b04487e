//! Dated events with their sources: those that most formulas ask for first, the others folded away.

use crate::html::escape;
use crate::page::document::{Document, Event};
use std::cmp::Reverse;
use std::collections::BTreeSet;
use std::fmt::Write;

/// Events are folded away where there are more than this.
const MANY: usize = 24;

/// Those that most formulas ask for stay in sight.
const FIRST: usize = 12;

pub(crate) fn write(out: &mut String, it: &Document) {
    if it.events.is_empty() {
        out.push_str(&it.paragraph("events.none", &[]));
        return;
    }
    out.push_str(&it.paragraph("events", &[]));
    let used = it.events.iter().filter(|event| event.used).count();
    let idle = it.events.len() - used;
    if it.events.len() <= MANY || used == 0 {
        return list(out, it, |_| true);
    }
    if used > FIRST {
        let first = most_asked(&it.events);
        out.push_str(&it.paragraph("events.first", &[first.len().into()]));
        list(out, it, |at| first.contains(&at));
        let head = it.say("events.all", &[used.into()]);
        folded(out, it, &head, |at| it.events[at].used);
    } else {
        list(out, it, |at| it.events[at].used);
    }
    if idle > 0 {
        let head = it.text("Events that no formula asks for");
        folded(out, it, &format!("{head} ({idle})"), |at| {
            !it.events[at].used
        });
    }
}

/// Their positions; of those that are asked for alike, the earlier ones.
fn most_asked(events: &[Event]) -> BTreeSet<usize> {
    let mut all: Vec<usize> = (0..events.len()).filter(|at| events[*at].used).collect();
    all.sort_by_key(|at| Reverse(events[*at].asked));
    all.into_iter().take(FIRST).collect()
}

fn folded(out: &mut String, it: &Document, head: &str, which: impl Fn(usize) -> bool) {
    let _ = write!(out, "<details><summary>{head}</summary>");
    list(out, it, which);
    out.push_str("</details>");
}

fn list(out: &mut String, it: &Document, which: impl Fn(usize) -> bool) {
    out.push_str("<ol class=\"timeline\">");
    for (at, event) in it.events.iter().enumerate().filter(|it| which(it.0)) {
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
