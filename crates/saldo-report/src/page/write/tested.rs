//! A measured series beside the model's values: a small picture and its numbers.

use crate::html::{escape, unit};
use crate::number::figure;
use crate::page::document::{Document, Point, Series};
use crate::pen::Pen;
use crate::svg::{power_of_ten, step_above, tick};
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
    let frame = Frame::of(series);
    let log = match frame.log {
        true => format!(" <span class=\"unit\">{}</span>", it.text("log scale")),
        false => String::new(),
    };
    let _ = write!(
        out,
        "<figure class=\"small\"><figcaption>{}{}{log}<small>{verdict} · {}</small></figcaption>",
        it.text(&series.title),
        unit(&series.unit),
        escape(&series.source)
    );
    drawn(out, series, &frame);
    points(out, it, series);
    out.push_str("</figure>\n");
}

/// Where dates and values stand.
struct Frame {
    low: f64,
    high: f64,
    /// A span of more than a factor of fifty is read on a logarithmic axis.
    log: bool,
    first: f64,
    last: f64,
}

impl Frame {
    fn of(series: &Series) -> Frame {
        let edges = |p: &Point| {
            let slack = p.within * p.observed.abs();
            [p.observed - slack, p.observed + slack, p.model]
        };
        let all = || series.points.iter().flat_map(edges);
        let known = || all().filter(|value| value.is_finite());
        let low = known().fold(f64::MAX, f64::min);
        let high = known().fold(f64::MIN, f64::max);
        let log = low > 0.0 && high / low > 50.0;
        let (low, high) = rounded_ends(low, high, log);
        Frame {
            low,
            high,
            log,
            first: series.points.first().map_or(0.0, |p| p.at),
            last: series.points.last().map_or(0.0, |p| p.at),
        }
    }

    /// A single date stands in the middle.
    fn x(&self, at: f64) -> f64 {
        const ACROSS: f64 = WIDE - LEFT - 12.0;
        match self.last > self.first {
            true => LEFT + (at - self.first) / (self.last - self.first) * ACROSS,
            false => LEFT + ACROSS / 2.0,
        }
    }

    fn y(&self, value: f64) -> f64 {
        let scale = |v: f64| if self.log { saldo_math::ln(v) } else { v };
        let (bottom, top) = (scale(self.low), scale(self.high));
        let span = if top > bottom { top - bottom } else { 1.0 };
        10.0 + (top - scale(value)) / span * (HIGH - 34.0)
    }
}

fn drawn(out: &mut String, series: &Series, frame: &Frame) {
    let _ = write!(
        out,
        "<svg viewBox=\"0 0 {WIDE} {HIGH}\" role=\"img\" aria-label=\"{}: {} of {} values inside their tolerance\"><path class=\"curve s0\" d=\"{}\"/>",
        escape(&series.title),
        series.hits,
        series.counted,
        modelled(series, frame)
    );
    for p in &series.points {
        dot(out, p, frame);
    }
    dates(out, series, frame);
    for (y, value) in [(14.0, frame.high), (HIGH - 21.0, frame.low)] {
        let _ = write!(
            out,
            "<text class=\"tick\" x=\"{}\" y=\"{y}\" text-anchor=\"end\">{}</text>",
            LEFT - 8.0,
            tick(value)
        );
    }
    out.push_str("</svg>");
}

/// The model's values as a path; where there is one date, a short stroke.
fn modelled(series: &Series, frame: &Frame) -> String {
    if let [p] = &series.points[..] {
        return format!("M{:.1} {:.1}h32", frame.x(p.at) - 16.0, frame.y(p.model));
    }
    let mut pen = Pen::default();
    for p in &series.points {
        match p.model.is_finite() {
            true => pen.to(frame.x(p.at), frame.y(p.model)),
            false => pen.lift(),
        }
    }
    pen.path
}

/// The first and the last date.
fn dates(out: &mut String, series: &Series, frame: &Frame) {
    let [first, .., last] = &series.points[..] else {
        let only = series.points.first().map_or("", |p| p.when.as_str());
        return date(out, (frame.x(0.0), "middle"), only);
    };
    date(out, (LEFT, "start"), &first.when);
    date(out, (WIDE - 12.0, "end"), &last.when);
}

fn date(out: &mut String, (x, anchor): (f64, &str), when: &str) {
    let _ = write!(
        out,
        "<text class=\"tick\" x=\"{x:.1}\" y=\"{}\" text-anchor=\"{anchor}\">{}</text>",
        HIGH - 4.0,
        escape(when)
    );
}

/// The next round numbers outside: multiples of a step of 1, 2 or 5 that divides the span in four
/// or so, on a logarithmic axis 1, 2 or 5 times a power of ten.
fn rounded_ends(low: f64, high: f64, log: bool) -> (f64, f64) {
    if log {
        let down = [5.0, 2.0, 1.0].map(|times| times * power_of_ten(low));
        let down = down.into_iter().find(|end| *end <= low).unwrap_or(low);
        return (down, step_above(high));
    }
    let span = high - low;
    if !span.is_finite() || span <= 0.0 {
        return (low, high);
    }
    let step = step_above(span / 4.0);
    // A hair of room, so that an end that is round already stays where it is.
    let (from, to) = (low / step + 1e-9, high / step - 1e-9);
    (from.floor() * step, to.ceil() * step)
}

fn dot(out: &mut String, p: &Point, frame: &Frame) {
    let x = frame.x(p.at);
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
        frame.y(p.observed - slack),
        frame.y(p.observed + slack)
    );
    let middle = frame.y(p.observed);
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

#[cfg(test)]
mod tests {
    use super::*;

    fn point(at: f64, observed: f64, model: f64) -> Point {
        Point {
            when: "1995".into(),
            at,
            purpose: "fit".into(),
            observed,
            model,
            within: 0.1,
            hit: false,
        }
    }

    fn picture(points: Vec<Point>) -> String {
        let series = Series {
            title: "Mines".into(),
            unit: String::new(),
            source: "a table".into(),
            hits: 0,
            counted: points.len(),
            worst: 1.0,
            points,
        };
        let mut out = String::new();
        drawn(&mut out, &series, &Frame::of(&series));
        out
    }

    #[test]
    fn one_date_shows_the_model_as_a_stroke_at_its_height() {
        // The tolerance reaches from 90 to 110, the model says 130: it stands at the top.
        let out = picture(vec![point(5.0, 100.0, 130.0)]);
        assert!(
            out.contains("<path class=\"curve s0\" d=\"M154.0 10.0h32\"/>"),
            "{out}"
        );
        assert_eq!(out.matches("1995</text>").count(), 1, "{out}");
        // The bar of the tolerance stands below it, at half and at the foot of the picture.
        assert!(out.contains("y1=\"106.0\" y2=\"58.0\""), "{out}");
    }

    #[test]
    fn what_the_model_cannot_say_is_a_gap() {
        let out = picture(vec![
            point(1.0, 1.0, 1.0),
            point(2.0, 1.0, f64::NAN),
            point(3.0, 1.0, 1.0),
        ]);
        assert_eq!(out.matches('M').count() - 1, 2, "{out}");
    }
}
