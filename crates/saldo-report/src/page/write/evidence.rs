//! Observed against model, misses first; claims apart with their speaker; naive rivals.

use super::tested::small;
use crate::html::{escape, unit};
use crate::number::figure;
use crate::page::document::{Claim, Document, Evidence, Naive, Point, Series};
use saldo_evidence::needs;
use std::collections::BTreeSet;
use std::fmt::Write;

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
