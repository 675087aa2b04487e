//! `saldo compare`: scenarios beside a base, run by run.
//!
//! Every scenario is run over the same draws and rivals, with the same random numbers: a deviation
//! compares like with like, and its band is that of the difference.

use crate::args::{By, CompareArgs, ModelArgs};
use crate::missed::Missed;
use crate::session;
use crate::talk;
use crate::worlds::{self, Worlds};
use saldo_diag::Diagnostic;
use saldo_engine::Trace;
use saldo_model::ir::Model;
use saldo_report::{Aligned, Curve, headline, named};
use saldo_store::columns;
use saldo_study::{Band, Compare, band};
use std::process::ExitCode;
use std::time::Instant;

/// The model without a scenario.
const BASELINE: &str = "baseline";

/// A scenario that was run: its name and the quantities asked for, run by run.
struct Member {
    name: String,
    /// Curves of each run; the first one's titles and labels stand for all.
    runs: Vec<Vec<Curve>>,
    stopped: bool,
}

pub fn run(args: &CompareArgs) -> ExitCode {
    compare(args).unwrap_or_else(|code| code)
}

fn compare(args: &CompareArgs) -> Result<ExitCode, ExitCode> {
    let begin = Instant::now();
    let refuse =
        |problem: Diagnostic| talk::refuse(&problem, args.model.format, args.model.json, 2);
    let Asked { names, left_out } = scenarios(args)?;
    if names.len() == 1 {
        let problem = Diagnostic::error("usage", "nothing to compare with: the model has no scenario")
            .help("write a file  scenarios/NAME.saldo  that begins  scenario NAME for MODEL \"what is different\"");
        return Err(refuse(problem));
    }
    let mut prepared = Vec::new();
    for name in &names {
        let own = own(args, name);
        prepared.push((
            name.as_str(),
            worlds::prepare_for(&own, &args.draws, &names)?,
        ));
    }
    let beside: Vec<(&str, &Worlds)> = prepared.iter().map(|it| (it.0, &it.1)).collect();
    worlds::tell_once(&args.model, &beside);
    let mut members = Vec::new();
    let mut missed = Missed::default();
    for (name, worlds) in &prepared {
        members.push(member(args, name, worlds, &mut missed)?);
    }
    let rows = rows(args, &members[0]).map_err(refuse)?;
    let table = Table {
        args,
        model: prepared[0].1.first().model(),
        members: &members,
        rows: &rows,
        left_out: &left_out,
    };
    match args.model.json {
        true => talk::answer(&table.as_json(&missed, begin.elapsed().as_secs_f64())),
        false => talk::say(&table.as_text()),
    }
    let stopped = members.iter().any(|it| it.stopped);
    let first = &prepared[0].1.first().session;
    Ok(match missed.message() {
        _ if crate::progress::stopped() => ExitCode::from(130),
        _ if stopped => ExitCode::from(3),
        Some(problem) => first.refuse(&problem, &args.model, 1),
        None => ExitCode::SUCCESS,
    })
}

/// The base and what is set beside it.
struct Asked {
    names: Vec<String>,
    /// Declared scenarios that are not shown because nobody named any.
    left_out: Vec<String>,
}

impl From<Vec<String>> for Asked {
    fn from(names: Vec<String>) -> Self {
        Asked {
            names,
            left_out: Vec::new(),
        }
    }
}

/// With one scenario alone, what its file says to compare it with, else the baseline, is the
/// base; with none, the first that the model declares are set beside the baseline.
fn scenarios(args: &CompareArgs) -> Result<Asked, ExitCode> {
    const USUAL: usize = 3;
    let mut named = args.model.scenario.clone();
    let own = (!named.is_empty()).then(|| named.remove(0));
    let base = own.clone().unwrap_or_else(|| BASELINE.into());
    let others: Vec<String> = named.into_iter().chain(args.with.clone()).collect();
    if !others.is_empty() {
        let names: Vec<String> = std::iter::once(base).chain(others).collect();
        return Ok(names.into());
    }
    let setup = session::setup_of(&args.model)?;
    let session = session::open_with(&args.model, &setup)?;
    let Some(own) = own else {
        let declared = session.built.inventory.scenarios.iter();
        let mut declared = declared.map(|it| it.name.to_string());
        let shown = declared.by_ref().take(USUAL);
        let names = std::iter::once(base).chain(shown).collect();
        let left_out = declared.collect();
        return Ok(Asked { names, left_out });
    };
    let wanted = session.scenario(&setup).and_then(|it| it.compare);
    let base = wanted.map_or(BASELINE.into(), |name| name.to_string());
    let names = match base == own {
        true => vec![own],
        false => vec![base, own],
    };
    Ok(names.into())
}

fn own(args: &CompareArgs, name: &str) -> ModelArgs {
    ModelArgs {
        scenario: vec![name.to_string()],
        ..args.model.clone()
    }
}

/// Runs one of the scenarios; all look at the same quantities, in the same order.
fn member(
    args: &CompareArgs,
    name: &str,
    worlds: &Worlds,
    missed: &mut Missed,
) -> Result<Member, ExitCode> {
    let own = own(args, name);
    let mut member = Member {
        name: name.to_string(),
        runs: Vec::new(),
        stopped: false,
    };
    let swept = worlds.sweep(&mut |variant, world, trace| {
        missed.add(variant, world, &trace);
        if trace.stop.is_some() && !member.stopped {
            variant.session.end(&trace, &own);
            member.stopped = true;
        }
        member.runs.push(curves(args, variant.model(), &trace)?);
        Ok(())
    });
    let session = &worlds.first().session;
    swept.map_err(|problem| session.refuse(&problem, &args.model, 2))?;
    enough(args, worlds, &member)?;
    Ok(member)
}

fn curves(args: &CompareArgs, model: &Model, trace: &Trace) -> Result<Vec<Curve>, Diagnostic> {
    if args.of.is_empty() {
        return Ok(headline(model, trace));
    }
    let wanted = args.of.iter().map(|name| {
        named(model, trace, name).ok_or_else(|| {
            let all = columns(model);
            talk::unknown(name, all.iter().map(|column| column.name.as_str()))
        })
    });
    wanted.collect()
}

/// A comparison that was cut off before its first run has nothing to show.
fn enough(args: &CompareArgs, worlds: &Worlds, member: &Member) -> Result<(), ExitCode> {
    if member.runs.is_empty() {
        let problem = Diagnostic::warning("interrupted", "stopped by you before the first run")
            .help("run it again; the same command gives the same numbers");
        let session = &worlds.first().session;
        return Err(session.refuse(&problem, &args.model, 130));
    }
    Ok(())
}

/// The rows to print: those asked for, else about eight, evenly spaced, the last included. A row
/// in which nothing has a value, as the opening often is, is no row.
fn rows(args: &CompareArgs, base: &Member) -> Result<Vec<usize>, Diagnostic> {
    const USUAL: usize = 8;
    let curves = &base.runs[0];
    let labels = curves.first().map_or(&[][..], |curve| &curve.labels[..]);
    if args.at.is_empty() {
        let last = labels.len().saturating_sub(1);
        let step = last.div_ceil(USUAL).max(1);
        let filled = |row: &usize| curves.iter().any(|curve| curve.values[*row].is_finite());
        let spaced = (0..=last).rev().step_by(step);
        let mut rows: Vec<usize> = spaced.filter(filled).collect();
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

/// A number, and where there are many runs the band around it.
type Cell = (f64, Option<(f64, f64)>);

/// What is printed: the members over some rows.
struct Table<'a> {
    args: &'a CompareArgs,
    model: &'a Model,
    members: &'a [Member],
    rows: &'a [usize],
    left_out: &'a [String],
}

impl Table<'_> {
    /// The value of a member in one run, in the terms asked for; the base is always a level.
    fn value(&self, at: usize, run: usize, curve: usize, row: usize) -> Option<f64> {
        let of = |member: &Member| member.runs.get(run)?.get(curve)?.values.get(row).copied();
        let base = of(&self.members[0])?;
        let value = match at {
            0 => base,
            _ => by(self.args).of(base, of(&self.members[at])?),
        };
        value.is_finite().then_some(value)
    }

    fn spread(&self, at: usize, curve: usize, row: usize) -> Option<Band> {
        let runs = 0..self.members[at].runs.len();
        band(
            runs.filter_map(|run| self.value(at, run, curve, row))
                .collect(),
        )
    }

    /// One number; with draws the median and nine in ten of them; with rivals alone the one
    /// taken and the range over all.
    fn cell(&self, at: usize, curve: usize, row: usize) -> Option<Cell> {
        let band = self.spread(at, curve, row)?;
        Some(
            match (self.args.draws.choices, self.members[at].runs.len()) {
                (_, 1) => (band.median, None),
                (Some(_), _) if self.args.draws.draws.is_none() => {
                    let taken = self.value(at, 0, curve, row).unwrap_or(f64::NAN);
                    (taken, Some(band.range))
                }
                _ => (band.median, Some(band.ninety)),
            },
        )
    }

    /// The cells of a member over all rows, with the same decimals.
    fn column(&self, at: usize, curve: usize) -> Vec<String> {
        let rows = self.rows.iter();
        let cells: Vec<Option<Cell>> = rows.map(|row| self.cell(at, curve, *row)).collect();
        let numbers = cells.iter().flatten().flat_map(|(middle, band)| {
            let (low, high) = band.unwrap_or((*middle, *middle));
            [*middle, low, high]
        });
        let form = Aligned::of(numbers);
        let told = |cell: &Option<Cell>| match cell {
            None => "–".into(),
            Some((middle, None)) => form.write(*middle),
            Some((middle, Some((low, high)))) => {
                let [middle, low, high] = [middle, low, high].map(|it| form.write(*it));
                format!("{middle} [{low}, {high}]")
            }
        };
        cells.iter().map(told).collect()
    }

    /// Whether no scenario moves a quantity, in any run and period.
    fn unmoved(&self, curve: usize) -> bool {
        let path = |member: &Member, run: usize| -> Option<Vec<u64>> {
            let values = &member.runs.get(run)?.get(curve)?.values;
            Some(values.iter().map(|value| value.to_bits()).collect())
        };
        let base = &self.members[0];
        let mut others = self.members[1..].iter();
        others.all(|it| (0..base.runs.len()).all(|run| path(it, run) == path(base, run)))
    }

    fn as_text(&self) -> String {
        let mut out = String::new();
        let mut same = Vec::new();
        for (at, curve) in self.members[0].runs[0].iter().enumerate() {
            match self.args.of.is_empty() && self.unmoved(at) {
                true => same.push(curve.title.as_str()),
                false => out += &self.quantity(at, curve),
            }
        }
        if !same.is_empty() {
            out += &format!("The same in all: {}.\n", same.join(", "));
        }
        let first = &self.members[0].runs[0];
        let rows = first.first().map_or(0, |curve| curve.labels.len());
        out += &self.legend();
        out += &self.choice_of_rows(rows);
        out += &self.others();
        out + &talk::renamed(self.model, rows.saturating_sub(1))
    }

    /// What a column holds: a level, or how a member differs from the base.
    fn head(&self, which: usize, unit: &str) -> String {
        let (name, by) = (&self.members[which].name, by(self.args));
        match (which, by) {
            (0, _) => name.clone(),
            (_, Compare::Level) => name.clone(),
            _ if by.unit(unit) == unit => format!("{name} − {}", self.members[0].name),
            _ => format!(
                "{name} − {}{}",
                self.members[0].name,
                in_unit(&by.unit(unit))
            ),
        }
    }

    fn quantity(&self, at: usize, curve: &Curve) -> String {
        let many = self.members[0].runs.len() > 1;
        let wide = if many { 34 } else { 24 };
        let mut out = format!("{}{}\n{:>10}", curve.title, in_unit(&curve.unit), "");
        let heads: Vec<String> = (0..self.members.len())
            .map(|which| format!("{:>wide$}", self.head(which, &curve.unit)))
            .collect();
        heads.iter().for_each(|head| out += &format!(" {head}"));
        out.push('\n');
        let columns: Vec<_> = (0..self.members.len())
            .map(|which| self.column(which, at))
            .collect();
        for (line, row) in self.rows.iter().enumerate() {
            out += &format!("{:>10}", curve.labels[*row]);
            for (column, head) in columns.iter().zip(&heads) {
                out += &format!(" {:>1$}", column[line], head.chars().count());
            }
            out.push('\n');
        }
        out + "\n"
    }

    /// Why these periods and no others, if nobody asked for them.
    fn choice_of_rows(&self, all: usize) -> String {
        let first = self.members[0].runs[0].first();
        let example = first.and_then(|curve| curve.labels.get(all / 2));
        match (self.rows, example) {
            ([one, two, ..], Some(example)) if self.args.at.is_empty() && two - one > 1 => format!(
                "Rows: every {} periods, the last included; any others with  --at {example}\n",
                two - one
            ),
            _ => String::new(),
        }
    }

    /// Scenarios that stand beside these and are not shown.
    fn others(&self) -> String {
        match self.left_out {
            [] => String::new(),
            more => format!(
                "{} of {} scenarios, the first declared; to choose:  -w {3} -w …\n  not shown: {2}\n",
                self.members.len() - 1,
                self.members.len() - 1 + more.len(),
                more.join(", "),
                more[0]
            ),
        }
    }

    fn legend(&self) -> String {
        let runs = self.members[0].runs.len();
        match (runs, self.args.draws.choices, self.args.draws.draws) {
            (1, _, _) => String::new(),
            (_, Some(_), None) => {
                format!(
                    "The rivals taken [range over {runs} runs under rivals], each beside its own base.\n"
                )
            }
            _ => format!(
                "Median [nine in ten] of {runs} runs, each beside the base of its own draw.\n"
            ),
        }
    }

    fn as_json(&self, missed: &Missed, seconds: f64) -> serde_json::Value {
        let curves = self.members[0].runs[0].iter().enumerate().map(|(at, curve)| {
            let values = self.members.iter().enumerate().map(|(which, member)| {
                let path = |pick: fn(&Band) -> f64| -> Vec<Option<f64>> {
                    let rows = self.rows.iter();
                    rows.map(|row| self.spread(which, at, *row).as_ref().map(pick)).collect()
                };
                let taken: Vec<_> = self.rows.iter().map(|row| self.value(which, 0, at, *row)).collect();
                let told = match member.runs.len() {
                    1 => serde_json::json!(taken),
                    _ => serde_json::json!({
                        "first": taken, "median": path(|it| it.median), "p05": path(|it| it.ninety.0),
                        "p95": path(|it| it.ninety.1), "min": path(|it| it.range.0), "max": path(|it| it.range.1),
                    }),
                };
                (member.name.clone(), told)
            });
            serde_json::json!({
                "name": curve.name, "title": curve.title, "unit": curve.unit,
                "compared_in": by(self.args).unit(&curve.unit),
                "periods": self.rows.iter().map(|row| &curve.labels[*row]).collect::<Vec<_>>(),
                "values": values.collect::<serde_json::Map<_, _>>(),
            })
        });
        serde_json::json!({
            "version": saldo_diag::JSON_VERSION, "runs": self.members[0].runs.len(),
            "quantities": curves.collect::<Vec<_>>(), "missed": missed.as_json(),
            "seconds": {"run": seconds},
        })
    }
}

fn in_unit(unit: &str) -> String {
    match unit.is_empty() {
        true => String::new(),
        false => format!(" [{unit}]"),
    }
}
