//! Where the model fails: of each series the value that is furthest outside its tolerance.

use crate::html::{escape, unit};
use crate::number::figure;
use crate::page::document::{Document, Point, Series};
use std::collections::BTreeSet;
use std::fmt::Write;

/// Series that stand there at once; the others are folded away.
const NAMED: usize = 12;

const HEADS: [&str; 7] = [
    "Quantity",
    "When",
    "Observed",
    "Model",
    "Gap",
    "Allowed",
    "Times the tolerance",
];

/// A value outside its tolerance.
struct Miss<'a> {
    series: &'a Series,
    point: &'a Point,
    /// Distance from the measurement in units of the tolerance.
    times: f64,
}

pub(super) fn write(out: &mut String, it: &Document) {
    let mut all = misses(it);
    let missed = all.len();
    // One bad series hides no other.
    let mut named = BTreeSet::new();
    all.retain(|miss| named.insert((&miss.series.title, &miss.series.unit)));
    if all.is_empty() {
        return;
    }
    let (first, rest) = all.split_at(all.len().min(NAMED));
    let counts = [missed.into(), all.len().into()];
    let _ = write!(
        out,
        "<h3>{}</h3>{}",
        it.text("Where it fails"),
        it.paragraph("misses", &counts)
    );
    table(out, it, first);
    if !rest.is_empty() {
        let told = it.say("misses.rest", &[first.len().into(), all.len().into()]);
        let _ = write!(out, "<details><summary>{told}</summary>");
        table(out, it, rest);
        out.push_str("</details>\n");
    }
}

/// The furthest off first.
fn misses(it: &Document) -> Vec<Miss<'_>> {
    let series = it.evidence.series.iter();
    let points = series.flat_map(|series| series.points.iter().map(move |point| (series, point)));
    let judged = points.filter(|(_, point)| !point.hit && point.purpose != "show");
    let mut all: Vec<Miss> = judged
        .map(|(series, point)| Miss {
            series,
            point,
            times: (point.model - point.observed).abs() / (point.within * point.observed.abs()),
        })
        .collect();
    all.sort_by(|a, b| b.times.total_cmp(&a.times));
    all
}

fn table(out: &mut String, it: &Document, misses: &[Miss]) {
    out.push_str("<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Misses\"><table class=\"misses\"><thead><tr>");
    for head in HEADS {
        let _ = write!(out, "<th scope=\"col\">{}</th>", it.text(head));
    }
    out.push_str("</tr></thead><tbody>");
    misses.iter().for_each(|miss| row(out, it, miss));
    out.push_str("</tbody></table></div>\n");
}

fn row(out: &mut String, it: &Document, miss: &Miss) {
    let (series, p) = (miss.series, miss.point);
    let gap = (p.model - p.observed) / p.observed.abs() * 100.0;
    let _ = writeln!(
        out,
        "<tr><th scope=\"row\">{}{}</th><td>{}</td><td>{}</td><td>{}</td><td>{}{} %</td><td>±{:.0} %</td><td>{}</td></tr>",
        it.text(&series.title),
        unit(&series.unit),
        escape(&p.when),
        figure(p.observed),
        figure(p.model),
        if gap > 0.0 { "+" } else { "−" },
        figure((gap.abs() * 10.0).round() / 10.0),
        p.within * 100.0,
        times(miss.times)
    );
}

/// A digit after the point is enough: `× 3.4`, `× 120`.
fn times(value: f64) -> String {
    match value < 99.95 {
        true => format!("× {value:.1}"),
        false => format!("× {}", figure(value.round())),
    }
}
