//! The account of a run in the terminal: evidence, claims, what was assumed.

use crate::terminal::short;
use saldo_engine::Trace;
use saldo_evidence::{Row, Verdict, benchmarks, claims, needs, score, tally, worst_first};
use saldo_model::ir::{Ground, InputKind, Model, Purpose};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

/// How many misses are named; the page has them all.
const NAMED: usize = 8;

/// Signs of a title, so that a row fits into 80 columns.
const TITLE: usize = 35;

/// Everything a reader must know before believing a number; empty for a model that has neither
/// evidence nor parameters, and no units of its own that need a word.
pub fn summary(model: &Model, trace: &Trace) -> String {
    let mut out = String::new();
    let units = model.units.explained();
    if !units.is_empty() {
        out += &wrapped("Units: ", &units);
    }
    evidence(&mut out, model, trace);
    told(&mut out, model, trace);
    assumed(&mut out, model);
    out
}

fn evidence(out: &mut String, model: &Model, trace: &Trace) {
    let rows = score(model, trace);
    if rows.is_empty() {
        return;
    }
    let [fit, test, show] = [Purpose::Fit, Purpose::Test, Purpose::Show].map(|it| tally(&rows, it));
    let counted = [("fit", fit), ("test", test)];
    let mut parts: Vec<String> = counted
        .iter()
        .filter(|(_, it)| it.all > 0)
        .map(|(kind, it)| format!("{kind} {} of {} values inside their band", it.hits, it.all))
        .collect();
    if show.all > 0 {
        parts.push(format!("{} shown only, in no score", show.all));
    }
    let _ = writeln!(out, "\nEvidence: {}", parts.join("; "));
    misses(out, "test", &worst_first(&rows, Purpose::Test));
    misses(out, "fit", &worst_first(&rows, Purpose::Fit));
    let all = benchmarks(&rows);
    if !all.is_empty() {
        let better = |rival: fn(&saldo_evidence::Benchmark) -> f64| {
            all.iter().filter(|it| it.model < rival(it)).count()
        };
        let _ = writeln!(
            out,
            "  the model is nearer than no change in {} of {} series, nearer than constant growth in {}",
            better(|it| it.no_change),
            all.len(),
            better(|it| it.constant_growth)
        );
    }
}

fn misses(out: &mut String, kind: &str, worst: &[&Row]) {
    // One line a series: its worst value stands for the others.
    let mut named = BTreeSet::new();
    let missed = worst.iter().filter(|row| !row.hit());
    let missed: Vec<&&Row> = missed.filter(|row| named.insert(row.observation)).collect();
    if missed.is_empty() {
        return;
    }
    let _ = writeln!(
        out,
        "  {:<TITLE$} {:>8} {:>9} {:>9} {:>6} {:>6}",
        format!("{kind}: series furthest off first"),
        "when",
        "observed",
        "model",
        "gap",
        "band"
    );
    for row in missed.iter().take(NAMED) {
        let _ = writeln!(
            out,
            "  {:<TITLE$} {:>8} {:>9} {:>9} {:>6} {:>6}",
            titled(row),
            row.when,
            short(row.observed),
            short(row.model),
            percent(row.gap()),
            format!("±{:.0}%", row.within * 100.0)
        );
    }
    if missed.len() > NAMED {
        let _ = writeln!(
            out,
            "  … and {} more series on the page",
            missed.len() - NAMED
        );
    }
}

fn told(out: &mut String, model: &Model, trace: &Trace) {
    let rows = claims(model, trace);
    if rows.is_empty() {
        return;
    }
    let scored = rows.iter().filter_map(|row| match row.verdict {
        Verdict::Scored { agrees, .. } => Some(agrees),
        _ => None,
    });
    let scored: Vec<bool> = scored.collect();
    let _ = writeln!(
        out,
        "Claims (somebody's figures, never fitted): {} recorded; the model has a quantity for {}, and agrees with {}",
        rows.len(),
        scored.len(),
        scored.iter().filter(|agrees| **agrees).count()
    );
    let wanting = needs(rows.iter().filter_map(|row| row.needs.as_deref()));
    if !wanting.is_empty() {
        let parts: Vec<String> = wanting
            .iter()
            .map(|(need, count)| format!("{count} need {need}"))
            .collect();
        out.push_str(&wrapped("  of the others ", &parts.join(", ")));
    }
}

/// A paragraph of at most 80 columns, its lines after the first set in.
fn wrapped(start: &str, text: &str) -> String {
    let mut lines = vec![start.to_string()];
    for word in text.split(' ') {
        match lines.last_mut() {
            Some(line) if line.len() + word.len() < 80 => {
                if !line.ends_with(' ') {
                    line.push(' ');
                }
                line.push_str(word);
            }
            _ => lines.push(format!("    {word}")),
        }
    }
    lines.join("\n") + "\n"
}

fn assumed(out: &mut String, model: &Model) {
    let (assumed, all) = assumed_share(model);
    let others = match all - assumed {
        0 => "",
        _ => "; the others have a source",
    };
    if all > 0 {
        let _ = writeln!(
            out,
            "Assumed: {assumed} of {all} parameters ({:.0}%){others}",
            100.0 * assumed as f64 / all as f64
        );
    }
}

/// How many parameters rest on nothing but an open assumption, and how many there are. A
/// parameter over a set counts once, and as assumed if any member is.
pub fn assumed_share(model: &Model) -> (usize, usize) {
    let mut params: BTreeMap<&str, bool> = BTreeMap::new();
    for input in model.inputs.iter().filter(|it| it.kind == InputKind::Param) {
        let name = input.name.split('[').next().unwrap_or_default();
        *params.entry(name).or_default() |= matches!(input.ground, Ground::Assumed(_));
    }
    (params.values().filter(|it| **it).count(), params.len())
}

/// `-12%`; gaps beyond 1000 % as a factor, for nobody reads `+53120%`.
pub(crate) fn percent(share: f64) -> String {
    if share.abs() >= 10.0 {
        return format!("×{:.0}", share + 1.0);
    }
    format!("{:+.0}%", share * 100.0)
}

/// Title and unit; of a long title the end is left out, never the unit.
fn titled(row: &Row) -> String {
    let unit = match row.unit.is_empty() {
        true => String::new(),
        false => format!(" [{}]", row.unit),
    };
    let room = TITLE.saturating_sub(unit.chars().count()).max(1);
    clipped(&row.title, room) + &unit
}

fn clipped(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_string();
    }
    text.chars().take(most - 1).chain(['…']).collect()
}
