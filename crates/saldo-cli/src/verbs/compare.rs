//! `saldo compare`: scenarios beside a base.

use crate::args::{By, CompareArgs, ModelArgs};
use crate::session;
use crate::talk;
use saldo_diag::Diagnostic;
use saldo_report::{Curve, headline, named};
use saldo_study::Compare;
use std::process::ExitCode;

/// A scenario that was run: its name and the quantities asked for.
struct Member {
    name: String,
    curves: Vec<Curve>,
    stopped: bool,
}

pub fn run(args: &CompareArgs) -> ExitCode {
    let base = args
        .model
        .scenario
        .clone()
        .unwrap_or_else(|| "baseline".into());
    let mut members = Vec::new();
    for name in std::iter::once(&base).chain(&args.with) {
        match member(args, &base, name) {
            Ok(member) => members.push(member),
            Err(code) => return code,
        }
    }
    if members.len() == 1 {
        let problem = Diagnostic::error("usage", "nothing to compare with")
            .help("name one or more scenarios:  --with SCENARIO (or -w)");
        return refuse(&args.model, &problem);
    }
    let rows = match rows(args, &members[0]) {
        Ok(rows) => rows,
        Err(problem) => return refuse(&args.model, &problem),
    };
    match args.model.json {
        true => println!("{}", as_json(args, &members, &rows)),
        false => print!("{}", as_text(args, &members, &rows)),
    }
    ExitCode::from(if members.iter().any(|it| it.stopped) {
        3
    } else {
        0
    })
}

fn refuse(args: &ModelArgs, problem: &Diagnostic) -> ExitCode {
    let sources = saldo_diag::Sources::default();
    talk::tell(
        std::slice::from_ref(problem),
        &sources,
        args.format,
        args.json,
    );
    ExitCode::from(2)
}

/// Runs one of the scenarios; all look at the same quantities, in the same order.
fn member(args: &CompareArgs, base: &str, name: &str) -> Result<Member, ExitCode> {
    let own = ModelArgs {
        scenario: Some(name.to_string()),
        ..args.model.clone()
    };
    let mut setup = session::setup_of(&own).map_err(|problem| refuse(&own, &problem))?;
    setup.shows_of = std::iter::once(base.to_string())
        .chain(args.with.clone())
        .collect();
    let ran = session::run_with(&own, &setup, 0)?;
    let (model, trace) = (ran.model(), &ran.trace);
    ran.finish(&own);
    let curves = match args.of.is_empty() {
        true => headline(model, trace),
        false => chosen(args, &ran.session.built.sources, |name| {
            named(model, trace, name)
        })?,
    };
    Ok(Member {
        name: name.to_string(),
        curves,
        stopped: trace.stop.is_some(),
    })
}

fn chosen(
    args: &CompareArgs,
    sources: &saldo_diag::Sources,
    find: impl Fn(&str) -> Option<Curve>,
) -> Result<Vec<Curve>, ExitCode> {
    let wanted = args.of.iter().map(|name| {
        find(name).ok_or_else(|| {
            let problem =
                Diagnostic::error("name-unknown", format!("`{name}` is not in this model"))
                    .help("saldo show equations MODEL  lists all names");
            talk::tell(&[problem], sources, args.model.format, args.model.json);
            ExitCode::from(2)
        })
    });
    wanted.collect()
}

/// The rows to print: those asked for, else about eight, evenly spaced, the last included.
fn rows(args: &CompareArgs, base: &Member) -> Result<Vec<usize>, Diagnostic> {
    const USUAL: usize = 8;
    let labels = base
        .curves
        .first()
        .map_or(&[][..], |curve| &curve.labels[..]);
    if args.at.is_empty() {
        let last = labels.len().saturating_sub(1);
        let step = last.div_ceil(USUAL).max(1);
        let mut rows: Vec<usize> = (0..=last).rev().step_by(step).collect();
        rows.reverse();
        return Ok(rows);
    }
    let found = args.at.iter().map(|wanted| {
        labels
            .iter()
            .position(|label| label == wanted)
            .ok_or_else(|| {
                Diagnostic::error(
                    "period-unknown",
                    format!("{wanted} is not a period of this run"),
                )
                .help(format!(
                    "write  --at {}",
                    labels.last().map_or("1", String::as_str)
                ))
            })
    });
    found.collect()
}

fn by(args: &CompareArgs) -> Compare {
    match args.by {
        By::Level => Compare::Level,
        By::Deviation => Compare::Deviation,
        By::Percent => Compare::Percent,
        By::Points => Compare::Points,
    }
}

/// Value of a member's curve in the terms asked for; the base itself is always a level.
fn value(
    args: &CompareArgs,
    members: &[Member],
    at: usize,
    curve: usize,
    row: usize,
) -> Option<f64> {
    let of = |member: &Member| member.curves.get(curve)?.values.get(row).copied();
    let base = of(&members[0])?;
    let value = match at {
        0 => base,
        _ => by(args).of(base, of(&members[at])?),
    };
    value.is_finite().then_some(value)
}

fn as_text(args: &CompareArgs, members: &[Member], rows: &[usize]) -> String {
    let mut out = String::new();
    for (at, curve) in members[0].curves.iter().enumerate() {
        let unit = |unit: &str| {
            if unit.is_empty() {
                String::new()
            } else {
                format!(" [{unit}]")
            }
        };
        out += &format!("{}{}\n{:>10}", curve.title, unit(&curve.unit), "");
        for (which, member) in members.iter().enumerate() {
            let terms = if which == 0 {
                String::new()
            } else {
                unit(&by(args).unit(&curve.unit))
            };
            out += &format!(" {:>24}", format!("{}{terms}", member.name));
        }
        out.push('\n');
        for row in rows {
            out += &format!("{:>10}", curve.labels[*row]);
            for which in 0..members.len() {
                let text = value(args, members, which, at, *row);
                out += &format!(" {:>24}", text.map_or("–".into(), saldo_report::short));
            }
            out.push('\n');
        }
        out.push('\n');
    }
    out
}

fn as_json(args: &CompareArgs, members: &[Member], rows: &[usize]) -> serde_json::Value {
    let curves = members[0].curves.iter().enumerate().map(|(at, curve)| {
        let values = members.iter().enumerate().map(|(which, member)| {
            let path: Vec<_> = rows
                .iter()
                .map(|row| value(args, members, which, at, *row))
                .collect();
            (member.name.clone(), serde_json::json!(path))
        });
        serde_json::json!({
            "name": curve.name, "title": curve.title, "unit": curve.unit,
            "compared_in": by(args).unit(&curve.unit),
            "periods": rows.iter().map(|row| &curve.labels[*row]).collect::<Vec<_>>(),
            "values": values.collect::<serde_json::Map<_, _>>(),
        })
    });
    serde_json::json!({"version": saldo_diag::JSON_VERSION, "quantities": curves.collect::<Vec<_>>()})
}
