//! Observed against model, the worst series first; claims with their speaker; naive rivals.

use super::timeline::source;
use crate::page::document::{Check, Claim, Evidence, Naive, Point, Series};
use saldo_engine::Trace;
use saldo_evidence::{Row, Verdict, benchmarks, claims, score, scored, tally};
use saldo_model::ir::{Model, Purpose};

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

/// Values for fit or test that lie inside their tolerance, of how many.
pub(crate) fn measured(model: &Model, trace: &Trace) -> (usize, usize) {
    let inside = scored(&score(model, trace));
    (inside.hits, inside.all)
}

/// The last row that a value for fit or test reaches, if the run goes on after it.
pub(crate) fn held_to(model: &Model, trace: &Trace) -> Option<usize> {
    let rows = score(model, trace);
    let judged = rows.iter().filter(|row| row.purpose != Purpose::Show);
    let last = usize::try_from(judged.map(|row| row.periods.1).max()?).ok()?;
    (last < trace.completed).then_some(last)
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
    let (scored, verdict) = match row.verdict {
        Verdict::Unscored => (None, "the model has no such quantity"),
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
