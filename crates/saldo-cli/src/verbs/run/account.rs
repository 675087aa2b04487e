//! What happened in a run or in many, told to a person or a program.

use super::Seconds;
use super::results::abridged;
use crate::args::{ModelArgs, RunArgs};
use crate::missed::{Missed, in_words};
use crate::played::Played;
use crate::progress::stopped;
use crate::rivals::{self, cheap};
use crate::talk::{renamed, room};
use crate::worlds::{Variant, Worlds, has_random_terms};
use saldo_diag::{Diagnostic, Statement};
use saldo_engine::Trace;
use saldo_evidence::{Verdict, score, scored};
use saldo_model::ir::{Model, Purpose};
use saldo_report::{Curve, RivalRun, Shown, headline, plot, short, summary};
use saldo_store::{FailedDraw, World};
use saldo_study::{Band, band, explain_stop, settled_words};
use std::fmt::Write;
use std::path::Path;
use std::process::ExitCode;

/// Failed draws that are kept with their inputs; all are counted.
const KEPT: usize = 100;
/// Failed draws that are named in the terminal.
const NAMED: usize = 5;
/// Drawn parameters that are named for each of them; of more only the manifest speaks.
const INPUTS: usize = 12;
/// Memory for the paths that bands are made of, in bytes.
const MOST: u64 = 1 << 30;
/// Curves of a model that does not say which are to be shown.
const USUAL: usize = 6;
/// Curves in the terminal.
const CURVES: usize = 3;
/// Rows of a table of bands.
const ROWS: usize = 7;

/// A scenario or a combination of rivals: what its stated run gave.
struct Rival {
    label: String,
    last: Vec<f64>,
    hits: usize,
    values: usize,
    completed: bool,
}

#[derive(Default)]
pub struct Account {
    /// Runs that were handed on.
    pub runs: u64,
    pub missed: Missed,
    pub failed_count: u64,
    pub failed: Vec<FailedDraw>,
    /// Of the first of them, where an account is why it stopped.
    statement: Option<Statement>,
    /// By scenario.
    played: Vec<Played>,
    /// Every variant, where there are several.
    rivals: Vec<Rival>,
    /// The first scenario under the rivals that were swept, for the page.
    swept: Vec<RivalRun>,
}

impl Account {
    /// Refuses, before anything is run, what would not fit into memory.
    pub fn fits(worlds: &Worlds) -> Result<(), Diagnostic> {
        let rows = worlds.first().model().calendar.len as u64 + 1;
        let draws = u64::from(worlds.draws.unwrap_or(0)) * worlds.taken().count() as u64;
        let curves = worlds.first().model().shows.len().max(USUAL);
        if draws * rows * (curves * size_of::<f64>()) as u64 <= MOST {
            return Ok(());
        }
        Err(Diagnostic::error(
            "draws-memory",
            format!("the bands of {draws} draws over {rows} periods do not fit into memory"),
        )
        .why("A median needs every draw's path; one from some of them would be another number.")
        .help("ask for fewer draws, or an earlier end:  --to PERIOD"))
    }

    /// The run that is told about: the first scenario's.
    pub fn central(&self) -> &Trace {
        self.played[0].central()
    }

    pub fn add(&mut self, worlds: &Worlds, variant: &Variant, world: World, trace: Trace) {
        let model = variant.model();
        self.runs += 1;
        self.missed.add(variant, world, &trace);
        if let Some(problem) = explain_stop(model, &trace) {
            self.fail(model, world, &trace, problem);
        }
        if variant.label.is_some() || worlds.variants.len() > 1 {
            self.rival(worlds, variant, &trace);
        }
        if variant.taken {
            let scenario = worlds.taken().position(|it| std::ptr::eq(it, variant));
            let at = scenario.unwrap_or(0);
            self.played
                .resize_with(self.played.len().max(at + 1), Played::default);
            self.played[at].add(model, world.draw, trace);
        }
    }

    fn fail(&mut self, model: &Model, world: World, trace: &Trace, problem: Diagnostic) {
        self.failed_count += 1;
        let why = problem.headline;
        if self.failed.is_empty() {
            self.statement = problem.statement;
        }
        if self.failed.len() < KEPT {
            let inputs = trace.drawn.iter().map(|(input, value)| {
                let input = &model.inputs[input.at()];
                (input.name.to_string(), value / input.factor)
            });
            self.failed.push(FailedDraw {
                draw: world.draw.unwrap_or(0),
                scenario: world.scenario.map(String::from),
                choices: world.choices.map(String::from),
                completed: trace.completed,
                why,
                inputs: inputs.collect(),
            });
        }
    }

    /// The first run of each variant stands for it.
    fn rival(&mut self, worlds: &Worlds, variant: &Variant, trace: &Trace) {
        let label = label(worlds, variant);
        if self.rivals.iter().any(|rival| rival.label == label) {
            return;
        }
        let model = variant.model();
        if !variant.taken && variant.scenario == worlds.first().scenario {
            let name = variant.label.as_deref().unwrap_or_default();
            self.swept.push(RivalRun::of(name, model, trace));
        }
        let inside = scored(&score(model, trace));
        let curves = headline(model, trace);
        self.rivals.push(Rival {
            label,
            last: curves
                .iter()
                .take(CURVES)
                .map(|curve| curve.values.last().copied().unwrap_or(f64::NAN))
                .collect(),
            hits: inside.hits,
            values: inside.all,
            completed: trace.stop.is_none(),
        });
    }

    /// Makes what the sweep did not: the stated run of each scenario.
    pub fn complete(&mut self, worlds: &Worlds) {
        self.played
            .resize_with(worlds.taken().count(), Played::default);
        let pairs = self.played.iter_mut().zip(worlds.taken());
        pairs.for_each(|(played, variant)| played.complete(worlds, variant));
    }

    /// What the page shows: every scenario, the rivals that were swept or else are cheap, and the
    /// names of the scenarios that were not run.
    pub fn shown<'a>(
        &'a self,
        args: &ModelArgs,
        worlds: &'a Worlds,
    ) -> Result<Shown<'a>, ExitCode> {
        let pairs = self.played.iter().zip(worlds.taken());
        let scenes = pairs
            .map(|(played, variant)| played.scene(variant))
            .collect();
        let first = worlds.first();
        let baseline = first.scenario == "baseline";
        // Who has stopped the run waits for no rivals.
        let asked = !self.swept.is_empty() || stopped();
        let rivals = match baseline && !asked && cheap(args, first.model()) {
            true => rivals::run(args, first, worlds.seed)?,
            false => self.swept.clone(),
        };
        Ok(Shown {
            scenes,
            rivals,
            offered: offered(worlds),
        })
    }

    /// The headline quantities in the last period, by title.
    pub fn last(&self, worlds: &Worlds) -> Vec<(String, f64)> {
        let curves = headline(worlds.first().model(), self.central());
        let last = |curve: Curve| Some((curve.title.clone(), *curve.values.last()?));
        curves.into_iter().filter_map(last).collect()
    }

    /// The message about draws that stopped early.
    pub fn failure(&self, worlds: &Worlds) -> Option<Diagnostic> {
        let first = self.failed.first()?;
        let what = if worlds.draws.is_some() {
            "draws"
        } else {
            "runs"
        };
        let headline = format!(
            "{} of {} {what} stopped early",
            self.failed_count, self.runs
        );
        let mut problem = Diagnostic::warning("draws-failed", headline)
            .why("A failed draw is counted, never replaced: bands over the others alone would flatter the model.");
        if let Some(statement) = &self.statement {
            let title = format!("{} (the first of them)", statement.title);
            problem = problem.statement(Statement {
                title,
                ..statement.clone()
            });
        }
        for failed in self.failed.iter().take(NAMED) {
            problem = problem.note(told(failed));
        }
        let set = |(name, value): &(String, f64)| format!(" --set {name}={value}");
        Some(match first.inputs.len() {
            0..=INPUTS => problem.help(format!(
                "look at one:  saldo run MODEL{}",
                first.inputs.iter().map(set).collect::<String>()
            )),
            _ => problem.help("what was drawn for each stands under `failed` in the manifest.json of a result folder"),
        })
    }

    pub fn as_text(&self, worlds: &Worlds, place: &Path) -> String {
        let model = worlds.first().model();
        let trace = self.central();
        let mut out = String::new();
        match worlds.draws {
            Some(_) => self.bands(&mut out, worlds),
            None if trace.completed == 0 => {}
            None => {
                for curve in headline(model, trace).iter().take(CURVES) {
                    let _ = writeln!(out, "{}", plot(curve, room()));
                }
            }
        }
        let _ = writeln!(out, "{}", in_short(model, trace));
        out += &misses(model, trace);
        if let Some(words) = settled_words(model, trace) {
            let _ = writeln!(out, "{words}");
        }
        out += &chosen(worlds);
        for (variant, played) in worlds.taken().zip(&self.played) {
            out += &hands(variant, played.central());
        }
        self.side_by_side(&mut out, worlds);
        out += &summary(model, trace);
        out += &renamed(model, trace.completed);
        let folder = place.join("report.html").is_file();
        let _ = match folder {
            true => writeln!(
                out,
                "written to {0}; the page is {0}/report.html",
                place.display()
            ),
            false => writeln!(out, "written to {}", place.display()),
        };
        if folder && abridged(worlds) {
            out += "Of so many runs results.csv holds what the model shows; for every quantity:  --out NAME.parquet\n";
        }
        out
    }

    fn bands(&self, out: &mut String, worlds: &Worlds) {
        // Without a draw that ran to the end there is no band.
        let fans = self.played[0].fans.iter().take(CURVES);
        for (curve, fan) in fans.filter(|(_, fan)| fan.rows() > 0) {
            let bands: Vec<Option<Band>> = (0..fan.rows()).map(|row| fan.at(row)).collect();
            let median = bands.iter().map(|it| it.map_or(f64::NAN, |it| it.median));
            let middle = Curve {
                title: format!("{}, median of the draws", curve.title),
                labels: curve.labels.clone(),
                values: median.collect(),
                ..curve.clone()
            };
            let _ = writeln!(out, "{}", plot(&middle, room()));
            let _ = writeln!(
                out,
                "{:>10} {:>11} {:>25} {:>25}",
                "", "median", "half of the draws", "nine in ten draws"
            );
            for row in spaced(bands.len()) {
                if let Some(band) = bands[row] {
                    let _ = writeln!(
                        out,
                        "{:>10} {:>11} {:>25} {:>25}",
                        worlds.first().model().calendar.label(row as i64),
                        short(band.median),
                        span(band.half),
                        span(band.ninety)
                    );
                }
            }
            out.push_str(&self.apart(worlds, &curve.title, &bands));
            out.push('\n');
        }
        let model = worlds.first().model();
        let drawn: Vec<&str> = model
            .priors
            .iter()
            .map(|prior| &*model.inputs[prior.input.at()].name)
            .collect();
        let from = match drawn.is_empty() {
            true if has_random_terms(model) => {
                "random terms alone (no parameter has a prior)".into()
            }
            true => "nothing that is random: all are one run".into(),
            false => listed(&drawn),
        };
        let _ = writeln!(
            out,
            "{}{} draws of {from}, seed {}: {} ran to the end, {} stopped early",
            self.runs,
            match self.runs == worlds.count() {
                true => String::new(),
                false => format!(" of {} (you stopped it)", worlds.count()),
            },
            worlds.seed,
            self.runs - self.failed_count,
            self.failed_count
        );
        let _ = write!(out, "With every parameter as stated: ");
    }

    /// A run that its own draws surround badly: what was stated is not in the middle of what is
    /// thought possible.
    fn apart(&self, worlds: &Worlds, title: &str, bands: &[Option<Band>]) -> String {
        let curves = headline(worlds.first().model(), self.central());
        let stated = curves.iter().find(|it| it.title == title);
        let last = stated.and_then(|it| it.values.get(bands.len().checked_sub(1)?).copied());
        match (last, bands.last().copied().flatten()) {
            (
                Some(last),
                Some(Band {
                    ninety: (low, high),
                    ..
                }),
            ) if last < low || last > high => {
                format!(
                    "With every parameter as stated it ends at {}: outside nine in ten of the draws.\n",
                    short(last)
                )
            }
            _ => String::new(),
        }
    }

    fn side_by_side(&self, out: &mut String, worlds: &Worlds) {
        if self.rivals.is_empty() {
            return;
        }
        let model = worlds.first().model();
        let curves = headline(model, self.central());
        let wide = self.rivals.iter().map(|it| it.label.chars().count()).max();
        let wide = wide.unwrap_or(0).max("scenarios, last period".len());
        let head = match worlds.several() {
            true => "scenarios, last period",
            false => "rivals, last period",
        };
        let _ = write!(out, "\n{head:<wide$}");
        for curve in curves.iter().take(CURVES) {
            let title: String = curve.title.chars().take(22).collect();
            let _ = write!(out, "  {title:>22}");
        }
        let _ = writeln!(out, "  evidence inside");
        for rival in &self.rivals {
            let _ = write!(out, "{:<wide$}", rival.label);
            for value in &rival.last {
                let _ = write!(out, "  {:>22}", short(*value));
            }
            let early = if rival.completed {
                ""
            } else {
                "  (stopped early)"
            };
            let _ = writeln!(out, "  {:>3} of {}{early}", rival.hits, rival.values);
        }
        let _ = write!(out, "{:<wide$}", "range over all");
        for at in 0..curves.len().min(CURVES) {
            let values = self.rivals.iter().filter_map(|it| it.last.get(at).copied());
            let range = band(values.collect()).map_or("–".into(), |band| span(band.range));
            let _ = write!(out, "  {range:>22}");
        }
        out.push('\n');
    }

    pub fn as_json(
        &self,
        args: &RunArgs,
        worlds: &Worlds,
        place: &Path,
        told: Seconds,
        oracle: &[serde_json::Value],
    ) -> serde_json::Value {
        let session = &worlds.first().session;
        let (model, trace, seconds) = (session.model(), self.central(), &session.seconds);
        let fans = self.played[0].fans.iter().take(CURVES).map(|(curve, fan)| {
            let rows: Vec<_> = (0..fan.rows()).map(|row| fan.at(row)).collect();
            let of = |pick: fn(&Band) -> f64| -> Vec<Option<f64>> {
                rows.iter().map(|band| band.as_ref().map(pick)).collect()
            };
            serde_json::json!({
                "name": curve.name, "title": curve.title, "unit": curve.unit, "periods": curve.labels,
                "median": of(|it| it.median), "p05": of(|it| it.ninety.0), "p25": of(|it| it.half.0),
                "p75": of(|it| it.half.1), "p95": of(|it| it.ninety.1),
            })
        });
        let rivals = self.rivals.iter().map(|it| {
            serde_json::json!({
                "choices": it.label, "last": it.last, "evidence_inside": it.hits,
                "evidence": it.values, "complete": it.completed,
            })
        });
        serde_json::json!({
            "version": saldo_diag::JSON_VERSION, "model": &*model.name, "scenario": args.model.scenario.first(),
            "scenarios": scenarios(worlds),
            "periods": model.calendar.len, "completed": trace.completed, "seed": worlds.seed,
            "draws": self.runs, "failed_draws": self.failed_count, "failed": self.failed,
            "bands": fans.collect::<Vec<_>>(), "rivals": rivals.collect::<Vec<_>>(),
            "hands": worlds.taken().flat_map(|it| &it.plans).collect::<Vec<_>>(), "checks_missed": missed(trace), "missed": self.missed.as_json(), "iterations": trace.effort.iterations,
            "fallbacks": trace.effort.fallbacks, "out": place.display().to_string(), "oracle": oracle,
            "evidence": evidence(model, trace), "claims": told_by_others(model, trace), "stationary": settled_words(model, trace),
            "seconds": {"parse": seconds.parse, "check": seconds.check, "plan": seconds.plan, "run": told.run, "write": told.write},
        })
    }
}

/// Names of all that were run; empty for a single one.
pub fn scenarios(worlds: &Worlds) -> Vec<String> {
    match worlds.several() {
        true => worlds.taken().map(|it| it.scenario.clone()).collect(),
        false => Vec::new(),
    }
}

/// Declared scenarios that were not run.
pub fn offered(worlds: &Worlds) -> Vec<(String, String)> {
    let declared = &worlds.first().session.built.inventory.scenarios;
    let run = |name: &str| worlds.taken().any(|variant| variant.scenario == name);
    let others = declared.iter().filter(|it| !run(&it.name));
    others
        .map(|it| (it.name.to_string(), it.title.to_string()))
        .collect()
}

/// A variant in a table of all.
fn label(worlds: &Worlds, variant: &Variant) -> String {
    let scenario = worlds.several().then(|| variant.scenario.clone());
    let parts: Vec<String> = scenario.into_iter().chain(variant.label.clone()).collect();
    parts.join(" ")
}

/// Every observed value beside the model's, with what it may be used for.
fn evidence(model: &Model, trace: &Trace) -> Vec<serde_json::Value> {
    let purpose = |of| match of {
        Purpose::Fit => "fit",
        Purpose::Test => "test",
        Purpose::Show => "show",
    };
    let line = |row: saldo_evidence::Row| {
        serde_json::json!({
            "title": row.title, "when": row.when, "source": row.source, "for": purpose(row.purpose),
            "observed": row.observed, "model": row.model, "within": row.within, "hit": row.hit(),
        })
    };
    score(model, trace).into_iter().map(line).collect()
}

/// Every claim with its speaker; the model's value where it has one, what it would need where it has none.
fn told_by_others(model: &Model, trace: &Trace) -> Vec<serde_json::Value> {
    let line = |row: saldo_evidence::ClaimRow| {
        let (claimed, own, agrees) = match row.verdict {
            Verdict::Scored {
                model,
                claimed,
                agrees,
            } => (Some(claimed), Some(model), Some(agrees)),
            Verdict::Unscored | Verdict::NotReached => (None, None, None),
        };
        serde_json::json!({
            "name": row.name, "statement": row.statement, "speaker": row.speaker, "when": row.when,
            "claimed": claimed, "model": own, "agrees": agrees, "needs": row.needs, "doubt": row.caution,
        })
    };
    saldo_evidence::claims(model, trace)
        .into_iter()
        .map(line)
        .collect()
}

/// All names of a few; of many how many there are, and the first.
fn listed(names: &[&str]) -> String {
    match names.len() {
        0..=INPUTS => names.join(", "),
        many => format!("{many} parameters ({}, …)", names[..INPUTS].join(", ")),
    }
}

fn told(failed: &FailedDraw) -> String {
    let inputs: Vec<String> = failed
        .inputs
        .iter()
        .filter(|_| failed.inputs.len() <= INPUTS)
        .map(|(name, value)| format!("{name} = {value}"))
        .collect();
    let parts = failed.scenario.iter().chain(&failed.choices);
    let choices: String = parts.map(|it| format!(", {it}")).collect();
    let with = if inputs.is_empty() {
        String::new()
    } else {
        format!(" with {}", inputs.join(", "))
    };
    format!("draw {}{choices}: {}{with}", failed.draw, failed.why)
}

fn span((low, high): (f64, f64)) -> String {
    format!("{} .. {}", short(low), short(high))
}

/// A few rows, evenly spaced, the last included.
fn spaced(rows: usize) -> Vec<usize> {
    let last = rows.saturating_sub(1);
    let step = last.div_ceil(ROWS).max(1);
    let mut chosen: Vec<usize> = (0..=last).rev().step_by(step).collect();
    chosen.reverse();
    chosen
}

fn missed(trace: &Trace) -> usize {
    trace.checks.iter().filter(|check| check.missed > 0).count()
}

/// Each check that was missed, by its name.
fn misses(model: &Model, trace: &Trace) -> String {
    let pairs = model.checks.iter().zip(&trace.checks);
    let told = pairs.filter_map(|(check, result)| Some((check, in_words(model, result)?)));
    told.map(|(check, words)| format!("  missed: {} {words}\n", check.title))
        .collect()
}

/// What happened, in one line.
fn in_short(model: &Model, trace: &Trace) -> String {
    if trace.completed == 0 {
        return format!("{}: no period was completed.", model.name);
    }
    let span = format!(
        "{} of {} periods, {} to {}",
        trace.completed,
        model.calendar.len,
        model.calendar.label(1),
        model.calendar.label(trace.completed as i64)
    );
    let looked_at = trace.checks.iter().filter(|check| check.tested > 0).count();
    let checks = match (looked_at, missed(trace)) {
        (0, _) => String::new(),
        (1, 0) => "; its check held".into(),
        (all, 0) => format!("; all {all} checks held"),
        (all, missed) => format!("; {missed} of {all} checks missed"),
    };
    format!("{}: {span}. The books balance exactly{checks}.", model.name)
}

/// Where the scenario bends behaviour, and by how much: from the smallest to the largest size.
fn hands(variant: &Variant, trace: &Trace) -> String {
    let model = variant.model();
    let mut out = String::new();
    for (hand, words) in model.hands.iter().zip(&variant.plans) {
        let (show, count) = (&model.shows[hand.show], model.shows.len());
        let size = |row: usize| trace.shows[row * count + hand.show] / show.factor;
        let sizes: Vec<f64> = (1..=trace.completed).map(size).collect();
        let largest =
            (1..=trace.completed).max_by(|a, b| size(*a).abs().total_cmp(&size(*b).abs()));
        let told = match (band(sizes), largest) {
            (Some(band), Some(row)) => format!(
                "moves {} by {}{}, most in {}",
                hand.name,
                span(band.range),
                if show.unit.is_empty() {
                    String::new()
                } else {
                    format!(" {}", show.unit)
                },
                model.calendar.label(row as i64)
            ),
            _ => "of unknown size".into(),
        };
        let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
        let _ = writeln!(out, "Hand on an equation: {words}: {told}");
    }
    out
}

/// Which of the rival explanations the shown run follows.
fn chosen(worlds: &Worlds) -> String {
    let model = worlds.first().model();
    if model.choices.is_empty() {
        return String::new();
    }
    let taken: Vec<String> = model
        .choices
        .iter()
        .map(|choice| format!("{}={}", choice.name, choice.members[choice.taken].0))
        .collect();
    let more = match worlds.variants.len() {
        all if all == worlds.taken().count() => {
            "; --choices each puts in the others, one at a time".into()
        }
        all => format!("; {all} runs under rivals below"),
    };
    format!(
        "Of rival explanations it follows {}{more}.\n",
        taken.join(", ")
    )
}
