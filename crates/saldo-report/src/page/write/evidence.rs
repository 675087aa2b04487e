//! Observed against model, misses first; claims apart with their speaker; naive rivals.

use super::misses;
use super::tested::small;
use crate::html::escape;
use crate::number::figure;
use crate::page::document::{Claim, Document, Naive, Series};
use crate::page::said::Said;
use saldo_evidence::needs;
use std::fmt::Write;

pub(crate) fn write(out: &mut String, it: &Document) {
    let of = &it.evidence;
    if of.all() == 0 {
        out.push_str(&it.paragraph("evidence.none", &[]));
    } else {
        out.push_str("<div class=\"tiles\">");
        tile(
            out,
            it,
            of.fit,
            "values seen when parameters were chosen (fit)",
        );
        tile(out, it, of.test, "values kept apart (test)");
        out.push_str("</div>");
        in_words(out, it);
        misses::write(out, it);
        let _ = write!(
            out,
            "<h3>{}</h3>{}<div class=\"smalls\">",
            it.text("Measured and computed"),
            it.paragraph("measured", &[])
        );
        of.series.iter().for_each(|series| small(out, it, series));
        out.push_str("</div>\n");
        rivals(out, it);
    }
    told(out, it);
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
    for (key, all_of_them) in [("always", true), ("never", false)] {
        let which = |series: &&Series| match all_of_them {
            true => series.hits == series.counted,
            false => series.hits == 0,
        };
        let found = counted()
            .filter(which)
            .map(|series| it.title(&series.title));
        let found: Vec<Said> = found.collect();
        if !found.is_empty() {
            let parts = [found.len().into(), all.into(), Said::joined(&found, ", ")];
            out.push_str(&it.paragraph(key, &parts));
        }
    }
}

fn tile(out: &mut String, it: &Document, (hits, all): (usize, usize), what: &str) {
    let (number, share) = match all {
        0 => (it.say("count.none", &[]), 0.0),
        _ => (
            it.say("count", &[hits.into(), all.into()]),
            hits as f64 / all as f64 * 100.0,
        ),
    };
    let _ = write!(
        out,
        "<div class=\"tile\"><strong>{number}</strong><span>{}</span><div class=\"share good\" role=\"img\" aria-label=\"{share:.0} percent hit\"><i style=\"width:{share:.1}%\"></i></div></div>",
        it.text(what)
    );
}

fn rivals(out: &mut String, it: &Document) {
    let of = &it.evidence;
    if of.rivals.is_empty() {
        return;
    }
    let better =
        |rival: fn(&Naive) -> f64| of.rivals.iter().filter(|it| it.model < rival(it)).count();
    let parts = [
        better(|it| it.no_change).into(),
        of.rivals.len().into(),
        better(|it| it.constant_growth).into(),
    ];
    let _ = write!(
        out,
        "<h3>{}</h3>{}<details><summary>Scoreboard</summary><div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Scoreboard\"><table><thead><tr><th scope=\"col\">Quantity</th><th scope=\"col\">Values</th><th scope=\"col\">Model</th><th scope=\"col\">No change</th><th scope=\"col\">Constant growth</th></tr></thead><tbody>",
        it.text("Against guesses that need no model"),
        it.paragraph("guesses", &parts)
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
    for naive in &of.rivals {
        let best = naive.model.min(naive.no_change).min(naive.constant_growth);
        let _ = writeln!(
            out,
            "<tr><th scope=\"row\">{}</th><td>{}</td>{}{}{}</tr>",
            it.text(&naive.title),
            naive.points,
            cell(naive.model, best),
            cell(naive.no_change, best),
            cell(naive.constant_growth, best)
        );
    }
    out.push_str("</tbody></table></div></details>\n");
}

fn told(out: &mut String, it: &Document) {
    let of = &it.evidence;
    if of.claims.is_empty() {
        return;
    }
    let verdicts = || of.claims.iter().filter_map(|claim| claim.scored);
    let agree = verdicts().filter(|(_, _, agrees)| *agrees).count();
    let counts = [verdicts().count(), of.claims.len(), agree];
    let _ = write!(
        out,
        "<h3>{}</h3>{}{}<details><summary>{}</summary><div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Claims\"><table><thead><tr><th scope=\"col\">Claim</th><th scope=\"col\">Speaker</th><th scope=\"col\">When</th><th scope=\"col\">Claimed</th><th scope=\"col\">Model</th><th scope=\"col\">Verdict</th></tr></thead><tbody>",
        it.text("Claims, with their speaker"),
        it.paragraph("claims", &counts.map(Said::from)),
        wanting(it),
        it.text("All claims")
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
            verdict(it, claim)
        );
    }
    out.push_str("</tbody></table></div></details>\n");
}

/// What a model must have before the other claims can be compared.
fn wanting(it: &Document) -> String {
    let claims = it.evidence.claims.iter();
    let all = needs(claims.filter_map(|claim| claim.needs.as_deref()));
    let item = |(need, count): &(&str, usize)| {
        let told = it.say("claims.need", &[(*count).into(), (*need).into()]);
        format!("<li>{told}</li>")
    };
    let items: String = all.iter().map(item).collect();
    match items.is_empty() {
        true => items,
        false => format!(
            "{}<ul class=\"wanting\">{items}</ul>",
            it.paragraph("claims.others", &[])
        ),
    }
}

fn verdict(it: &Document, claim: &Claim) -> String {
    match &claim.needs {
        Some(need) if claim.scored.is_none() => it.say("claim.needs", &[need.as_str().into()]),
        _ => it.text(&claim.verdict),
    }
}

fn own(out: &mut String, it: &Document) {
    if it.checks.is_empty() {
        return;
    }
    let head = it.text("The model’s own checks");
    let _ = write!(out, "<h3>{head}</h3><ul class=\"checks\">");
    for check in &it.checks {
        let verdict = match (check.tested, check.missed) {
            (0, _) => it.say("check.never", &[]),
            (1, 0) => it.say("check.once", &[]),
            (all, 0) => it.say("check.holds", &[all.into()]),
            (all, missed) => it.say("check.missed", &[missed.into(), all.into()]),
        };
        let _ = write!(
            out,
            "<li class=\"{}\"><strong>{}</strong> {verdict}</li>",
            if check.missed > 0 { "miss" } else { "hit" },
            it.text(&check.title)
        );
    }
    out.push_str("</ul>\n");
}
