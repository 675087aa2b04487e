//! Observed against model, misses first; claims apart with their speaker; naive rivals.

use super::document::Document;
use super::html::{escape, figure, unit};
use super::timeline::source;
use crate::svg::tick;
use saldo_engine::Trace;
use saldo_evidence::{Row, Verdict, benchmarks, claims, needs, score, tally};
use saldo_model::ir::{Model, Purpose};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::fmt::Write;

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Evidence {
    /// Values inside their band, and all, for fit and for test.
    pub fit: (usize, usize),
    pub test: (usize, usize),
    pub shown: usize,
    /// One a measured series, the worst first.
    pub series: Vec<Series>,
    pub rivals: Vec<Naive>,
    pub claims: Vec<Claim>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Series {
    pub title: String,
    pub unit: String,
    pub source: String,
    pub hits: usize,
    /// Values that count: those for fit and for test.
    pub counted: usize,
    /// Largest distance in tolerances among the values that count.
    pub worst: f64,
    pub points: Vec<Point>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Point {
    pub when: String,
    /// Middle of the span in periods.
    pub at: f64,
    /// `fit`, `test` or `show`.
    pub purpose: String,
    pub observed: f64,
    pub model: f64,
    pub within: f64,
    pub hit: bool,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Naive {
    pub title: String,
    pub points: usize,
    pub model: f64,
    pub no_change: f64,
    pub constant_growth: f64,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Claim {
    pub statement: String,
    pub speaker: String,
    pub when: String,
    pub caution: Option<String>,
    /// What a model must have before this can be compared.
    #[serde(default)]
    pub needs: Option<String>,
    /// Claimed value, the model's, and whether they agree; nothing if the model cannot say.
    pub scored: Option<(f64, f64, bool)>,
    pub verdict: String,
}

/// One of the model's own checks.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Check {
    pub title: String,
    pub tested: usize,
    pub missed: usize,
}

impl Evidence {
    pub(crate) fn all(&self) -> usize {
        self.fit.1 + self.test.1 + self.shown
    }
}

pub(crate) fn gather(model: &Model, trace: &Trace) -> Evidence {
    let rows = score(model, trace);
    let count = |purpose| {
        let of = tally(&rows, purpose);
        (of.hits, of.all)
    };
    let mut series: Vec<Series> = rows
        .chunk_by(|a, b| a.observation == b.observation)
        .map(|rows| one(model, rows))
        .collect();
    series.sort_by(|a, b| b.worst.total_cmp(&a.worst));
    Evidence {
        fit: count(Purpose::Fit),
        test: count(Purpose::Test),
        shown: count(Purpose::Show).1,
        series,
        rivals: benchmarks(&rows).into_iter().map(naive).collect(),
        claims: claims(model, trace).into_iter().map(claim).collect(),
    }
}

fn one(model: &Model, rows: &[Row]) -> Series {
    let counted = || rows.iter().filter(|row| row.purpose != Purpose::Show);
    Series {
        title: rows[0].title.clone(),
        unit: rows[0].unit.clone(),
        source: source(model, &rows[0].source),
        hits: counted().filter(|row| row.hit()).count(),
        counted: counted().count(),
        worst: counted().map(Row::miss).fold(0.0, f64::max),
        points: rows.iter().map(point).collect(),
    }
}

fn point(row: &Row) -> Point {
    Point {
        when: row.when.clone(),
        at: (row.periods.0 + row.periods.1) as f64 / 2.0,
        purpose: match row.purpose {
            Purpose::Fit => "fit",
            Purpose::Test => "test",
            Purpose::Show => "show",
        }
        .into(),
        observed: row.observed,
        model: row.model,
        within: row.within,
        hit: row.hit(),
    }
}

fn naive(it: saldo_evidence::Benchmark) -> Naive {
    Naive {
        title: it.title,
        points: it.points,
        model: it.model,
        no_change: it.no_change,
        constant_growth: it.constant_growth,
    }
}

fn claim(row: saldo_evidence::ClaimRow) -> Claim {
    let wanting = row.needs.as_ref().map(|need| format!("needs {need}"));
    let (scored, verdict) = match row.verdict {
        Verdict::Unscored => (
            None,
            wanting
                .as_deref()
                .unwrap_or("the model has no such quantity"),
        ),
        Verdict::NotReached => (None, "the run does not reach it"),
        Verdict::Scored {
            model,
            claimed,
            agrees,
        } => (
            Some((claimed, model, agrees)),
            if agrees { "agrees" } else { "differs" },
        ),
    };
    Claim {
        statement: row.statement,
        speaker: row.speaker,
        when: row.when,
        caution: row.caution,
        scored,
        verdict: verdict.into(),
        needs: row.needs,
    }
}

pub(crate) fn checks(model: &Model, trace: &Trace) -> Vec<Check> {
    let pairs = model.checks.iter().zip(&trace.checks);
    pairs
        .map(|(check, result)| Check {
            title: check.title.to_string(),
            tested: result.tested,
            missed: result.missed,
        })
        .collect()
}

pub(crate) fn write(out: &mut String, it: &Document) {
    let of = &it.evidence;
    if of.all() == 0 {
        out.push_str("<p>No observation is attached to this model: nothing here says whether it describes a real economy.</p>\n");
    } else {
        out.push_str("<div class=\"tiles\">");
        tile(out, of.fit, "values seen when parameters were chosen (fit)");
        tile(out, of.test, "values kept apart (test)");
        out.push_str("</div>");
        in_words(out, it);
        misses(out, of);
        let _ = write!(
            out,
            "<h3>{}</h3><p>A value is a hit if the model lies inside the stated tolerance of the measurement (the upright bar); closer is not better. The line is the model. A filled dot was seen when parameters were chosen, a hollow one was kept for a test, a small cross is only shown. The furthest off come first.</p>\n<div class=\"smalls\">",
            it.text("Measured and computed")
        );
        of.series.iter().for_each(|series| small(out, it, series));
        out.push_str("</div>\n");
        rivals(out, of);
    }
    told(out, of);
    own(out, it);
}

/// Where the model always hits and where it never does.
fn in_words(out: &mut String, it: &Document) {
    let counted = || {
        it.evidence
            .series
            .iter()
            .filter(|series| series.counted > 0)
    };
    let all = counted().count();
    let list = |out: &mut String, head: &str, which: &dyn Fn(&&Series) -> bool| {
        let found = counted().filter(which).map(|series| it.text(&series.title));
        let found: Vec<String> = found.collect();
        if !found.is_empty() {
            let _ = write!(
                out,
                "<p>{head} in {} of {all} series: {}.</p>",
                found.len(),
                found.join(", ")
            );
        }
    };
    list(out, "Inside the tolerance at every date", &|series| {
        series.hits == series.counted
    });
    list(out, "Outside it at every date", &|series| series.hits == 0);
}

fn tile(out: &mut String, (hits, all): (usize, usize), what: &str) {
    let (number, share) = match all {
        0 => ("none".into(), 0.0),
        _ => (format!("{hits} of {all}"), hits as f64 / all as f64 * 100.0),
    };
    let _ = write!(
        out,
        "<div class=\"tile\"><strong>{number}</strong><span>{what}</span><div class=\"share good\" role=\"img\" aria-label=\"{share:.0} percent hit\"><i style=\"width:{share:.1}%\"></i></div></div>"
    );
}

const WIDE: f64 = 300.0;
const HIGH: f64 = 130.0;
/// Room for the highest and the lowest value.
const LEFT: f64 = 52.0;

fn small(out: &mut String, it: &Document, series: &Series) {
    let verdict = match series.counted {
        0 => "shown only".to_string(),
        all => format!("{} of {all} hit", series.hits),
    };
    let _ = write!(
        out,
        "<figure class=\"small\"><figcaption>{}{}<small>{verdict} · {}</small></figcaption>",
        it.text(&series.title),
        unit(&series.unit),
        escape(&series.source)
    );
    drawn(out, series);
    points(out, series);
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
    let room = if last > first { last - first } else { 1.0 };
    let x = |at: f64| LEFT + (at - first) / room * (WIDE - LEFT - 12.0);
    let span = if top > bottom { top - bottom } else { 1.0 };
    let y = |v: f64| 10.0 + (top - scale(v)) / span * (HIGH - 34.0);
    let _ = write!(
        out,
        "<svg viewBox=\"0 0 {WIDE} {HIGH}\" role=\"img\" aria-label=\"{}: {} of {} values inside their tolerance\">",
        escape(&series.title),
        series.hits,
        series.counted
    );
    let mut path = String::new();
    for (at, p) in series.points.iter().enumerate() {
        let _ = write!(
            path,
            "{}{:.1} {:.1}",
            if at == 0 { "M" } else { "L" },
            x(p.at),
            y(p.model)
        );
    }
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

fn points(out: &mut String, series: &Series) {
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
            p.purpose
        );
    }
    out.push_str("</tbody></table></div></details>");
}

/// The value of each series that is furthest outside its tolerance: one bad series hides no other.
fn misses(out: &mut String, of: &Evidence) {
    const NAMED: usize = 12;
    let mut all: Vec<(&Series, &Point, f64)> = of
        .series
        .iter()
        .flat_map(|series| series.points.iter().map(move |p| (series, p)))
        .filter(|(_, p)| !p.hit && p.purpose != "show")
        .map(|(series, p)| {
            (
                series,
                p,
                (p.model - p.observed).abs() / (p.within * p.observed.abs()),
            )
        })
        .collect();
    all.sort_by(|a, b| b.2.total_cmp(&a.2));
    if all.is_empty() {
        return;
    }
    let missed = all.len();
    let mut named = BTreeSet::new();
    all.retain(|(series, ..)| named.insert((&series.title, &series.unit)));
    let _ = write!(
        out,
        "<h3>Where it fails</h3><p>{missed} values of {} series lie outside their tolerance. The furthest of each, worst first:</p><div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Misses\"><table><thead><tr><th scope=\"col\">Quantity</th><th scope=\"col\">When</th><th scope=\"col\">Observed</th><th scope=\"col\">Model</th><th scope=\"col\">Gap</th><th scope=\"col\">Allowed</th></tr></thead><tbody>",
        all.len()
    );
    for (series, p, _) in all.iter().take(NAMED) {
        let gap = (p.model - p.observed) / p.observed.abs() * 100.0;
        let _ = writeln!(
            out,
            "<tr><th scope=\"row\">{}{}</th><td>{}</td><td>{}</td><td>{}</td><td>{}{} %</td><td>±{:.0} %</td></tr>",
            escape(&series.title),
            unit(&series.unit),
            escape(&p.when),
            figure(p.observed),
            figure(p.model),
            if gap > 0.0 { "+" } else { "−" },
            figure((gap.abs() * 10.0).round() / 10.0),
            p.within * 100.0
        );
    }
    out.push_str("</tbody></table></div>\n");
}

fn rivals(out: &mut String, of: &Evidence) {
    if of.rivals.is_empty() {
        return;
    }
    let better =
        |rival: fn(&Naive) -> f64| of.rivals.iter().filter(|it| it.model < rival(it)).count();
    let _ = write!(
        out,
        "<h3>Against guesses that need no model</h3><p>Mean distance from the measurements, from the third value on. The model is nearer than “no change” in {} of {} series, and than “the first step goes on” in {}.</p><details><summary>Scoreboard</summary><div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Scoreboard\"><table><thead><tr><th scope=\"col\">Quantity</th><th scope=\"col\">Values</th><th scope=\"col\">Model</th><th scope=\"col\">No change</th><th scope=\"col\">Constant growth</th></tr></thead><tbody>",
        better(|it| it.no_change),
        of.rivals.len(),
        better(|it| it.constant_growth)
    );
    let cell = |value: f64, best: f64| {
        let mark = if value <= best { " class=\"best\"" } else { "" };
        let share = value * 100.0;
        let text = if share < 1000.0 {
            format!("{share:.1} %")
        } else {
            format!("{} %", figure(share))
        };
        format!("<td{mark}>{text}</td>")
    };
    for it in &of.rivals {
        let best = it.model.min(it.no_change).min(it.constant_growth);
        let _ = writeln!(
            out,
            "<tr><th scope=\"row\">{}</th><td>{}</td>{}{}{}</tr>",
            escape(&it.title),
            it.points,
            cell(it.model, best),
            cell(it.no_change, best),
            cell(it.constant_growth, best)
        );
    }
    out.push_str("</tbody></table></div></details>\n");
}

fn told(out: &mut String, of: &Evidence) {
    if of.claims.is_empty() {
        return;
    }
    let verdicts = || of.claims.iter().filter_map(|claim| claim.scored);
    let agree = verdicts().filter(|(_, _, agrees)| *agrees).count();
    let wanting = needs(of.claims.iter().filter_map(|claim| claim.needs.as_deref()));
    let others: String = wanting
        .iter()
        .map(|(need, count)| format!("<li>{count} need {}</li>", escape(need)))
        .collect();
    let others = match others.is_empty() {
        true => String::new(),
        false => format!("<p>Of the others:</p><ul>{others}</ul>"),
    };
    let _ = write!(
        out,
        "<h3>Claims, with their speaker</h3><p>What somebody has asserted. Claims are not measurements: no parameter was chosen on them. {} of {} concern a quantity the model has; {agree} agree with this run.</p>{others}<details><summary>All claims</summary><div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Claims\"><table><thead><tr><th scope=\"col\">Claim</th><th scope=\"col\">Speaker</th><th scope=\"col\">When</th><th scope=\"col\">Claimed</th><th scope=\"col\">Model</th><th scope=\"col\">Verdict</th></tr></thead><tbody>",
        verdicts().count(),
        of.claims.len()
    );
    let mut sorted: Vec<&Claim> = of.claims.iter().collect();
    sorted.sort_by_key(|claim| {
        claim.scored.is_none_or(|(_, _, agrees)| agrees) as u8 * 2 + claim.scored.is_none() as u8
    });
    for claim in sorted {
        let (claimed, own) = claim
            .scored
            .map_or(Default::default(), |(claimed, own, _)| {
                (figure(claimed), figure(own))
            });
        let caution = claim.caution.as_deref().map_or(String::new(), |text| {
            format!("<br><small>{}</small>", escape(text))
        });
        let _ = writeln!(
            out,
            "<tr><th scope=\"row\">{}{caution}</th><td class=\"text\">{}</td><td>{}</td><td>{claimed}</td><td>{own}</td><td class=\"text\">{}</td></tr>",
            escape(&claim.statement),
            escape(&claim.speaker),
            escape(&claim.when),
            escape(&claim.verdict)
        );
    }
    out.push_str("</tbody></table></div></details>\n");
}

fn own(out: &mut String, it: &Document) {
    if it.checks.is_empty() {
        return;
    }
    out.push_str("<h3>The model’s own checks</h3><ul class=\"checks\">");
    for check in &it.checks {
        let verdict = match (check.tested, check.missed) {
            (0, _) => "not reached".to_string(),
            (1, 0) => "holds".into(),
            (all, 0) => format!("holds in all {all} periods"),
            (all, missed) => format!("missed in {missed} of {all} periods"),
        };
        let _ = write!(
            out,
            "<li class=\"{}\"><strong>{}</strong> {verdict}</li>",
            if check.missed > 0 { "miss" } else { "hit" },
            escape(&check.title)
        );
    }
    out.push_str("</ul>\n");
}
