//! The one-file page: opens from disk, asks no network, reads without scripts.

use crate::curve::headline;
use crate::evidence::evidence;
use crate::summary::assumed_share;
use crate::svg::{marks, svg};
use crate::terminal::short;
use saldo_engine::Trace;
use saldo_ledger::{Matrix, texts};
use saldo_model::ir::{Ground, InputKind, Model, Values};
use saldo_study::Tables;
use std::fmt::Write;

/// How the results were made: told at the foot of the page.
#[derive(Clone, Debug, Default)]
pub struct Made {
    pub scenario: Option<String>,
    pub command: String,
    pub version: String,
    pub seed: u64,
    /// Name and hash of each file that was read.
    pub inputs: Vec<(String, String)>,
}

/// Text from a model made safe for HTML.
pub fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

/// The whole page of one run.
pub fn page(model: &Model, trace: &Trace, made: &Made) -> String {
    let title = if model.title.is_empty() {
        &model.name
    } else {
        &model.title
    };
    let mut out = format!(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><title>{0}</title><style>{STYLE}</style></head><body><main>\n<h1>{0}</h1>\n",
        escape(title)
    );
    let scenario = made.scenario.as_deref().unwrap_or("baseline");
    let _ = writeln!(
        out,
        "<p>{} periods, {} to {}. Scenario: {}.</p>",
        trace.completed,
        model.calendar.label(1),
        model.calendar.label(trace.completed as i64),
        escape(scenario)
    );
    charts(&mut out, model, trace);
    evidence(&mut out, model, trace);
    timeline(&mut out, model);
    checks(&mut out, model, trace);
    books(&mut out, model, trace);
    assumptions(&mut out, model);
    foot(&mut out, made);
    out.push_str("</main></body></html>\n");
    out
}

fn charts(out: &mut String, model: &Model, trace: &Trace) {
    let events = marks(model, trace.completed);
    out.push_str("<h2>What the model says</h2>\n");
    for curve in headline(model, trace) {
        let _ = writeln!(
            out,
            "<figure><figcaption>{} <small>[{}]</small></figcaption>{}",
            escape(&curve.title),
            escape(&curve.unit),
            svg(&curve, &events)
        );
        out.push_str("<details><summary>Numbers</summary><table>");
        let step = curve.values.len().div_ceil(40).max(1);
        for row in (0..curve.values.len()).step_by(step) {
            let _ = write!(
                out,
                "<tr><th>{}</th><td>{}</td></tr>",
                escape(&curve.labels[row]),
                if curve.values[row].is_finite() {
                    short(curve.values[row])
                } else {
                    String::new()
                }
            );
        }
        out.push_str("</table></details></figure>\n");
    }
}

fn timeline(out: &mut String, model: &Model) {
    if model.events.is_empty() {
        return;
    }
    out.push_str("<h2>Timeline</h2>\n<table><tr><th>From</th><th>To</th><th>Event</th><th>Source</th></tr>\n");
    for event in &model.events {
        let _ = writeln!(
            out,
            "<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>",
            event.from,
            event.to.as_deref().unwrap_or(""),
            escape(&event.title),
            ground(&event.ground)
        );
    }
    out.push_str("</table>\n");
}

fn checks(out: &mut String, model: &Model, trace: &Trace) {
    if model.checks.is_empty() {
        return;
    }
    out.push_str("<h2>The model's own checks</h2>\n<table><tr><th>Check</th><th>Periods</th><th>Missed</th></tr>\n");
    for (check, result) in model.checks.iter().zip(&trace.checks) {
        let _ = writeln!(
            out,
            "<tr><td>{}</td><td>{}</td><td>{}</td></tr>",
            escape(&check.title),
            result.tested,
            result.missed
        );
    }
    out.push_str("</table>\n");
}

fn books(out: &mut String, model: &Model, trace: &Trace) {
    let tables = Tables::new(model, trace, false);
    let last = trace.completed;
    let _ = writeln!(
        out,
        "<h2>Books at the end of {}</h2>",
        model.calendar.label(last as i64)
    );
    matrix(out, &tables.balance_sheet(last));
    if last > 0 {
        matrix(out, &tables.transactions_flow(last));
    }
}

fn matrix(out: &mut String, matrix: &Matrix) {
    out.push_str("<div class=\"wide\"><table>");
    for (at, row) in texts(matrix).iter().enumerate() {
        let (open, close) = if at == 0 {
            ("<th>", "</th>")
        } else {
            ("<td>", "</td>")
        };
        out.push_str("<tr>");
        for (column, text) in row.iter().enumerate() {
            let (open, close) = if column == 0 {
                ("<th>", "</th>")
            } else {
                (open, close)
            };
            let _ = write!(out, "{open}{}{close}", escape(text));
        }
        out.push_str("</tr>\n");
    }
    out.push_str("</table></div>\n");
}

/// The share of assumed parameters comes first: it is what a reader must know.
fn assumptions(out: &mut String, model: &Model) {
    let params: Vec<_> = model
        .inputs
        .iter()
        .filter(|input| input.kind == InputKind::Param)
        .collect();
    let (assumed, all) = assumed_share(model);
    let _ = writeln!(
        out,
        "<h2>What was assumed</h2>\n<p>{assumed} of {all} parameters are assumed; the others have a source.</p>\n<table><tr><th>Name</th><th>Value</th><th>Unit</th><th>Meaning</th><th>Source</th></tr>",
    );
    for input in params {
        let value = match &input.values {
            Values::Const(value) => short(value / input.factor),
            Values::Path(_) => "over time".into(),
        };
        let _ = writeln!(
            out,
            "<tr><td>{}</td><td>{value}</td><td>{}</td><td>{}</td><td>{}</td></tr>",
            escape(&input.name),
            escape(&input.unit),
            escape(&input.title),
            ground(&input.ground)
        );
    }
    out.push_str("</table>\n");
}

fn ground(ground: &Ground) -> String {
    match ground {
        Ground::Cite { key, place } => escape(&format!(
            "{key}{}",
            place.as_ref().map_or(String::new(), |p| format!(", {p}"))
        )),
        Ground::Assumed(why) => format!("<em>assumed:</em> {}", escape(why)),
        Ground::Derived => String::new(),
    }
}

fn foot(out: &mut String, made: &Made) {
    let _ = writeln!(
        out,
        "<h2>How it was made</h2>\n<p><code>{}</code><br>saldo {}, seed {}. The same folder holds every quantity as <code>results.csv</code>.</p><ul>",
        escape(&made.command),
        escape(&made.version),
        made.seed
    );
    for (name, hash) in &made.inputs {
        let _ = writeln!(
            out,
            "<li>{} <code>{}</code></li>",
            escape(name),
            &hash[..hash.len().min(16)]
        );
    }
    out.push_str("</ul>\n");
}

const STYLE: &str = ":root{color-scheme:light dark}body{font:16px/1.5 system-ui,sans-serif;margin:0}main{max-width:52rem;margin:auto;padding:1rem}figure{margin:1.5rem 0}figcaption{font-weight:600}svg{width:100%;height:auto}.curve{fill:none;stroke:#1f6fb2;stroke-width:2}.grid{stroke:currentColor;opacity:.15}.event{stroke:#b2451f;opacity:.5;stroke-dasharray:3 3}.tick{font-size:11px;fill:currentColor}table{border-collapse:collapse;font-size:.85rem}caption{text-align:left;font-weight:600}td,th{padding:.15rem .5rem;border-bottom:1px solid #8884;text-align:left;vertical-align:top}.wide{overflow-x:auto;margin:1rem 0}.wide td{text-align:right}";

#[cfg(test)]
mod tests {
    #[test]
    fn markup_from_a_model_is_text() {
        assert_eq!(
            super::escape("<b a=\"&\">"),
            "&lt;b a=&quot;&amp;&quot;&gt;"
        );
    }
}
