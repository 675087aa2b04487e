//! The page's evidence: observations by purpose, naive rivals, and claims in a table of their own.

use crate::page::escape;
use crate::summary::percent;
use crate::terminal::short;
use saldo_engine::Trace;
use saldo_evidence::{Row, Verdict, benchmarks, claims, score, tally, worst_first};
use saldo_model::ir::{Model, Purpose};
use std::fmt::Write;

pub(crate) fn evidence(out: &mut String, model: &Model, trace: &Trace) {
    let rows = score(model, trace);
    if !rows.is_empty() {
        out.push_str("<h2>Evidence</h2>\n<p>A value inside its band is a hit; closer is not better. Values for fit were seen when parameters were chosen, values for test were not. Worst misses first.</p>\n");
        let kinds = [
            (Purpose::Test, "Test"),
            (Purpose::Fit, "Fit"),
            (Purpose::Show, "Shown only, in no score"),
        ];
        for (purpose, name) in kinds {
            observed(out, &rows, purpose, name);
        }
        rivals(out, &rows);
    }
    told(out, model, trace);
}

fn observed(out: &mut String, rows: &[Row], purpose: Purpose, name: &str) {
    let of = tally(rows, purpose);
    if of.all == 0 {
        return;
    }
    let note = match purpose {
        Purpose::Show => format!("{} values", of.all),
        _ => format!("{} of {} values inside their band", of.hits, of.all),
    };
    let _ = writeln!(
        out,
        "<h3>{name}: {note}</h3>\n<div class=\"wide\"><table><tr><th>Quantity</th><th>Unit</th><th>When</th><th>Observed</th><th>Model</th><th>Gap</th><th>Band</th><th></th><th>Source</th></tr>"
    );
    for row in worst_first(rows, purpose) {
        let _ = writeln!(
            out,
            "<tr><th>{}</th><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>±{:.0}%</td><td>{}</td><td>{}</td></tr>",
            escape(&row.title),
            escape(&row.unit),
            row.when,
            short(row.observed),
            short(row.model),
            percent(row.gap()),
            row.within * 100.0,
            if row.hit() { "hit" } else { "miss" },
            escape(&row.source)
        );
    }
    out.push_str("</table></div>\n");
}

fn rivals(out: &mut String, rows: &[Row]) {
    let all = benchmarks(rows);
    if all.is_empty() {
        return;
    }
    out.push_str("<h3>Against naive rivals</h3>\n<p>Mean absolute gap from the third value on. “No change” keeps the first value; “constant growth” continues the first step.</p>\n<table><tr><th>Quantity</th><th>Values</th><th>Model</th><th>No change</th><th>Constant growth</th></tr>\n");
    for it in all {
        let _ = writeln!(
            out,
            "<tr><th>{}</th><td>{}</td><td>{:.1}%</td><td>{:.1}%</td><td>{:.1}%</td></tr>",
            escape(&it.title),
            it.points,
            it.model * 100.0,
            it.no_change * 100.0,
            it.constant_growth * 100.0
        );
    }
    out.push_str("</table>\n");
}

fn told(out: &mut String, model: &Model, trace: &Trace) {
    let rows = claims(model, trace);
    if rows.is_empty() {
        return;
    }
    out.push_str("<h2>Claims</h2>\n<p>What somebody has asserted, with the speaker. Claims are compared with the model where it has the quantity; no parameter was chosen on them.</p>\n<details><summary>");
    let scored = rows
        .iter()
        .filter(|row| matches!(row.verdict, Verdict::Scored { .. }));
    let _ = writeln!(
        out,
        "{} claims, {} of them compared</summary><div class=\"wide\"><table><tr><th>Claim</th><th>When</th><th>Speaker</th><th>Claimed</th><th>Model</th><th></th><th>Caution</th></tr>",
        rows.len(),
        scored.count()
    );
    for row in &rows {
        let (claimed, own, verdict) = match row.verdict {
            Verdict::Unscored => (String::new(), String::new(), "no such quantity"),
            Verdict::NotReached => (String::new(), String::new(), "not reached"),
            Verdict::Scored {
                model,
                claimed,
                agrees,
            } => (
                short(claimed),
                short(model),
                if agrees { "agrees" } else { "differs" },
            ),
        };
        let _ = writeln!(
            out,
            "<tr><th>{}</th><td>{}</td><td>{}</td><td>{claimed}</td><td>{own}</td><td>{verdict}</td><td>{}</td></tr>",
            escape(&row.statement),
            row.when,
            escape(&row.speaker),
            escape(row.caution.as_deref().unwrap_or(""))
        );
    }
    out.push_str("</table></div></details>\n");
}
