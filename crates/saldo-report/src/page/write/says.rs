//! The first screen: five computed sentences and three pictures.
//!
//! Only what was computed is said: where a quantity began, its lowest or highest point, its end.

use super::charts;
use crate::page::document::{Chart, Document, Evidence};
use crate::page::said::{Said, change, date, say, spoken};
use std::fmt::Write;

/// How many headline pictures stand on the first screen.
pub(crate) const PICTURES: usize = 3;

fn sentences(it: &Document) -> Vec<Said> {
    let told = if it.scenes.len() > 1 { 2 } else { 3 };
    let shown = it.charts.iter().take(told);
    let mut out: Vec<Said> = shown.filter_map(|chart| path(it, chart)).collect();
    out.extend(beside(it));
    let held = [fit(&it.evidence)];
    let held: Vec<Said> = held.into_iter().chain(beyond(it)).collect();
    out.push(Said::joined(&held, " "));
    let periods = it.labels.len() - 1;
    let counts = [it.assumed.assumed, it.assumed.all, periods];
    out.push(say("grounds", &counts.map(Said::from)));
    out
}

fn path(it: &Document, chart: &Chart) -> Option<Said> {
    let values = &chart.lines.first()?.values;
    let known = || {
        values
            .iter()
            .enumerate()
            .filter(|(_, value)| value.is_finite())
    };
    let (first, last) = (known().next()?, known().next_back()?);
    let low = known().min_by(|a, b| a.1.total_cmp(b.1))?;
    let high = known().max_by(|a, b| a.1.total_cmp(b.1))?;
    let when = |row: usize| date(&it.labels[row]);
    let inner = |row: usize| row != first.0 && row != last.0;
    let turn = match (inner(low.0), inner(high.0)) {
        (true, _) if *low.1 < *first.1 => say("path.lowest", &[spoken(*low.1), when(low.0)]),
        (_, true) => say("path.highest", &[spoken(*high.1), when(high.0)]),
        _ => say("path.straight", &[]),
    };
    let parts = [
        it.title(&chart.title),
        spoken(*first.1),
        in_unit(&chart.unit).as_str().into(),
        when(first.0),
        spoken(*last.1),
        when(last.0),
        change(*first.1, *last.1),
        turn,
    ];
    Some(say("path", &parts))
}

fn in_unit(unit: &str) -> String {
    match unit {
        "" | "1" => String::new(),
        unit => format!(" {unit}"),
    }
}

/// The first scenario against the baseline, at the last date that both reach.
fn beside(it: &Document) -> Option<Said> {
    let chart = it.charts.iter().find(|chart| chart.lines.len() > 1)?;
    let (base, other) = (&chart.lines[0].values, &chart.lines[1]);
    let row = base.len().min(other.values.len()).checked_sub(1)?;
    let (from, to) = (base[row], other.values[row]);
    let parts = [
        it.title(&chart.title),
        it.title(&it.scenes[other.scene].title),
        spoken(to),
        spoken(from),
        change(from, to),
        date(&it.labels[row]),
    ];
    Some(say("beside", &parts))
}

/// What comes after the last measurement is computed, and held against nothing.
fn beyond(it: &Document) -> Option<Said> {
    let row = it.held_to?;
    Some(say("beyond", &[date(&it.labels[row])]))
}

fn fit(evidence: &Evidence) -> Said {
    if evidence.all() == 0 {
        return say("fit.nothing", &[]);
    }
    let said = |(hits, all): (usize, usize), none: &str, some: &str| match all {
        0 => say(none, &[]),
        _ => say(some, &[hits.into(), all.into()]),
    };
    let parts = [
        said(evidence.fit, "fit.unseen", "fit.seen"),
        said(evidence.test, "fit.unkept", "fit.kept"),
    ];
    say("fit", &parts)
}

/// What the short names of units stand for.
fn units(out: &mut String, it: &Document) {
    let told = it.units.iter().map(|(name, title)| {
        let parts = [name.as_str().into(), it.title(title)];
        Said::joined(&parts, ": ")
    });
    let told: Vec<Said> = told.collect();
    if !told.is_empty() {
        let units = it.say("units", &[Said::joined(&told, "; ")]);
        let _ = writeln!(out, "<p class=\"unit\">{units}</p>");
    }
}

pub(crate) fn write(out: &mut String, it: &Document) {
    out.push_str("<ul class=\"says\">");
    for line in sentences(it) {
        let _ = write!(out, "<li>{}</li>", it.said(&line));
    }
    out.push_str("</ul>\n<div id=\"views-top\" class=\"views\"></div>\n");
    charts::legend(out, it);
    out.push_str("<div class=\"grid\">");
    for chart in it.charts.iter().take(PICTURES) {
        charts::write_chart(out, it, chart);
    }
    out.push_str("</div>\n");
    units(out, it);
}
