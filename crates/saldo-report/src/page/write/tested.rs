//! A measured series beside the model's values: a small picture and its numbers.

use crate::html::{escape, unit};
use crate::number::figure;
use crate::page::document::{Document, Point, Series};
use crate::pen::Pen;
use crate::svg::tick;
use std::fmt::Write;

const WIDE: f64 = 300.0;

const HIGH: f64 = 130.0;

/// Room for the highest and the lowest value.
const LEFT: f64 = 52.0;

pub(super) fn small(out: &mut String, it: &Document, series: &Series) {
    let verdict = match series.counted {
        0 => it.say("hits.shown", &[]),
        all => it.say("hits", &[series.hits.into(), all.into()]),
    };
    let _ = write!(
        out,
        "<figure class=\"small\"><figcaption>{}{}<small>{verdict} · {}</small></figcaption>",
        it.text(&series.title),
        unit(&series.unit),
        escape(&series.source)
    );
    drawn(out, series);
    points(out, it, series);
    out.push_str("</figure>\n");
}

fn drawn(out: &mut String, series: &Series) {
    let edges = |p: &Point| {
        let slack = p.within * p.observed.abs();
        [p.observed - slack, p.observed + slack, p.model]
    };
    let all = || {
        series
            .points
            .iter()
            .flat_map(edges)
            .filter(|v| v.is_finite())
    };
    let (low, high) = (
        all().fold(f64::MAX, f64::min),
        all().fold(f64::MIN, f64::max),
    );
    // A span of more than a factor of fifty is read on a logarithmic axis.
    let log = low > 0.0 && high / low > 50.0;
    let scale = |v: f64| if log { saldo_math::ln(v) } else { v };
    let (bottom, top) = (scale(low), scale(high));
    let first = series.points.first().map_or(0.0, |p| p.at);
    let last = series.points.last().map_or(1.0, |p| p.at);
    let across = WIDE - LEFT - 12.0;
    let x = |at: f64| match last > first {
        true => LEFT + (at - first) / (last - first) * across,
        false => LEFT + across / 2.0,
    };
    let span = if top > bottom { top - bottom } else { 1.0 };
    let y = |v: f64| 10.0 + (top - scale(v)) / span * (HIGH - 34.0);
    let _ = write!(
        out,
        "<svg viewBox=\"0 0 {WIDE} {HIGH}\" role=\"img\" aria-label=\"{}: {} of {} values inside their tolerance\">",
        escape(&series.title),
        series.hits,
        series.counted
    );
    let path = match &series.points[..] {
        // One date makes no path: a short stroke is the model.
        [p] => format!("M{:.1} {:.1}h32", x(p.at) - 16.0, y(p.model)),
        all => {
            let mut pen = Pen::default();
            all.iter().for_each(|p| pen.to(x(p.at), y(p.model)));
            pen.path
        }
    };
    let _ = write!(out, "<path class=\"curve s0\" d=\"{path}\"/>");
    for p in &series.points {
        dot(out, p, x(p.at), &y);
    }
    let label = |at: usize| series.points.get(at).map_or("", |p| p.when.as_str());
    let _ = write!(
        out,
        "<text class=\"tick\" x=\"{LEFT}\" y=\"{0}\">{1}</text><text class=\"tick\" x=\"{2}\" y=\"{0}\" text-anchor=\"end\">{3}</text><text class=\"tick\" x=\"{4}\" y=\"14\" text-anchor=\"end\">{5}</text><text class=\"tick\" x=\"{4}\" y=\"{6}\" text-anchor=\"end\">{7}</text></svg>",
        HIGH - 4.0,
        escape(label(0)),
        WIDE - 12.0,
        escape(label(series.points.len().saturating_sub(1))),
        LEFT - 8.0,
        tick(three(high)),
        HIGH - 21.0,
        tick(three(low))
    );
}

/// Three digits are enough at the edge of a small picture.
fn three(value: f64) -> f64 {
    format!("{value:.2e}").parse().unwrap_or(value)
}

fn dot(out: &mut String, p: &Point, x: f64, y: &impl Fn(f64) -> f64) {
    let slack = p.within * p.observed.abs();
    let state = if p.hit { "hit" } else { "miss" };
    let _ = write!(
        out,
        "<g class=\"dot {} {state}\"><title>{}: observed {}, model {}, tolerance ±{:.0} %</title><line x1=\"{x:.1}\" x2=\"{x:.1}\" y1=\"{:.1}\" y2=\"{:.1}\"/>",
        p.purpose,
        escape(&p.when),
        figure(p.observed),
        figure(p.model),
        p.within * 100.0,
        y(p.observed - slack),
        y(p.observed + slack)
    );
    let middle = y(p.observed);
    let _ = match p.purpose.as_str() {
        "show" => write!(
            out,
            "<path d=\"M{:.1} {:.1}l5 5m0 -5l-5 5\"/></g>",
            x - 2.5,
            middle - 2.5
        ),
        _ => write!(
            out,
            "<circle cx=\"{x:.1}\" cy=\"{middle:.1}\" r=\"3.4\"/></g>"
        ),
    };
}

fn points(out: &mut String, it: &Document, series: &Series) {
    out.push_str("<details><summary>Numbers</summary><div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Observed and model\"><table><thead><tr><th scope=\"col\">When</th><th scope=\"col\">Observed</th><th scope=\"col\">Model</th><th scope=\"col\">Band</th><th scope=\"col\">Use</th></tr></thead><tbody>");
    for p in &series.points {
        let _ = write!(
            out,
            "<tr{}><th scope=\"row\">{}</th><td>{}</td><td>{}</td><td>±{:.0} %</td><td>{}</td></tr>",
            if p.hit { "" } else { " class=\"miss\"" },
            escape(&p.when),
            figure(p.observed),
            figure(p.model),
            p.within * 100.0,
            it.text(&p.purpose)
        );
    }
    out.push_str("</tbody></table></div></details>");
}
