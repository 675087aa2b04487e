//! `saldo export`: results in another form.

use crate::args::ExportArgs;
use crate::talk;
use crate::worlds::{self, Variant, Worlds};
use saldo_diag::Diagnostic;
use saldo_engine::Trace;
use saldo_ledger::{Sheet, latex, markdown};
use saldo_model::ir::Model;
use saldo_store::{Aside, LongCsv, Parquet, Sink, Table, WideCsv, World, columns, names, value};
use saldo_study::Tables;
use std::io;
use std::process::ExitCode;
use std::time::Instant;

const FORMS: &str = "csv, long-csv, parquet, json, markdown or latex";

pub fn run(args: &ExportArgs) -> ExitCode {
    export(args).unwrap_or_else(|code| code)
}

fn export(args: &ExportArgs) -> Result<ExitCode, ExitCode> {
    let refuse = |problem: Diagnostic, code: u8| {
        talk::refuse(&problem, args.model.format, args.model.json, code)
    };
    if !FORMS.split([',', ' ']).any(|form| form == args.form) || args.form == "or" {
        let headline = format!("`{}` is not a form of results", args.form);
        let problem = Diagnostic::error("form-unknown", headline);
        return Err(refuse(
            problem.help(format!("write  --as FORM  with {FORMS}")),
            2,
        ));
    }
    let worlds = worlds::prepare(&args.model, &args.draws)?;
    let begin = Instant::now();
    let mut code = ExitCode::SUCCESS;
    let mut memory = Vec::new();
    let unwritten = |error: io::Error| {
        let place = args.out.as_ref().map(|path| path.display().to_string());
        talk::unwritten(place.as_deref().unwrap_or("standard output"), &error)
    };
    let filled = match &args.out {
        Some(path) => Aside::begin(path)
            .map_err(unwritten)
            .and_then(|sink| fill(args, &worlds, sink, &mut code)),
        None => fill(args, &worlds, &mut memory, &mut code),
    };
    let runs = filled.map_err(|problem| {
        let wrong_usage = problem.id == "period-unknown";
        refuse(problem, if wrong_usage { 2 } else { 1 })
    })?;
    if runs < worlds.count() {
        code = refuse(cut_short(runs, worlds.count()), 130);
    }
    match (&args.out, args.model.json) {
        (None, _) => talk::out(&memory),
        (Some(path), true) => talk::answer(&serde_json::json!({
            "version": saldo_diag::JSON_VERSION, "form": args.form, "out": path.display().to_string(),
            "runs": runs,
            "seconds": worlds.first().session.seconds(begin.elapsed().as_secs_f64()),
        })),
        (Some(path), false) => talk::say(&format!("written to {}\n", path.display())),
    }
    Ok(code)
}

fn cut_short(runs: u64, all: u64) -> Diagnostic {
    Diagnostic::warning(
        "interrupted",
        format!("stopped by you after {runs} of {all} runs"),
    )
    .why("The table has those that were finished, and no others.")
    .help("run it again; the same command gives the same numbers")
}

/// Makes all runs and writes them; gives their number.
fn fill<S: Sink + Send>(
    args: &ExportArgs,
    worlds: &Worlds,
    sink: S,
    code: &mut ExitCode,
) -> Result<u64, Diagnostic> {
    let failed = |error: io::Error| talk::unwritten("the table", &error);
    let mut table = table(args, worlds, sink).map_err(failed)?;
    let mut wrong = None;
    let mut runs = 0;
    worlds.sweep(&mut |variant, world, trace| {
        if trace.stop.is_some() {
            *code = variant.session.end(&trace, &args.model);
        }
        let added = table.add(variant.model(), world, &trace);
        runs += 1;
        wrong = wrong.take().or(period_unknown(args, variant, &trace));
        added.map_err(failed)
    })?;
    match wrong {
        Some(problem) => Err(problem),
        None => table.keep().map(|_| runs).map_err(failed),
    }
}

fn table<'a, S: Sink + Send + 'a>(
    args: &'a ExportArgs,
    worlds: &Worlds,
    sink: S,
) -> io::Result<Box<dyn Table + 'a>> {
    let like = worlds.like();
    Ok(match args.form.as_str() {
        "csv" => {
            let names = names(worlds.variants.iter().map(Variant::model));
            Box::new(WideCsv::begin(sink, names, like)?)
        }
        "long-csv" => Box::new(LongCsv::begin(sink, like)?),
        "parquet" => Box::new(Parquet::begin(sink)?),
        "json" => Box::new(Json {
            sink,
            runs: Vec::new(),
            model: worlds.first().model().name.to_string(),
        }),
        form => Box::new(Matrices {
            sink,
            write: if form == "latex" { latex } else { markdown },
            at: args.at.as_deref(),
            scenario: args.model.scenario_name(),
        }),
    })
}

fn period_unknown(args: &ExportArgs, variant: &Variant, trace: &Trace) -> Option<Diagnostic> {
    let wanted = args.at.as_deref()?;
    let calendar = &variant.model().calendar;
    let last = calendar.label(trace.completed as i64);
    row_of(variant.model(), trace, Some(wanted))
        .is_none()
        .then(|| {
            Diagnostic::error(
                "period-unknown",
                format!("{wanted} is not a period of this run"),
            )
            .help(format!("write  --at {last}"))
        })
}

fn row_of(model: &Model, trace: &Trace, at: Option<&str>) -> Option<usize> {
    match at {
        None => Some(trace.completed),
        Some(at) => (0..=trace.completed).find(|row| model.calendar.label(*row as i64) == at),
    }
}

/// The matrices of a period, one run after the other.
struct Matrices<'a, S> {
    sink: S,
    write: fn(&Sheet) -> String,
    at: Option<&'a str>,
    scenario: &'a str,
}

impl<S: Sink> Table for Matrices<'_, S> {
    fn add(&mut self, model: &Model, world: World, trace: &Trace) -> io::Result<()> {
        let Some(row) = row_of(model, trace, self.at) else {
            return Ok(());
        };
        let draw = world.draw.map(|draw| format!("draw {draw}"));
        let of = [Some(self.scenario), world.choices, draw.as_deref()];
        let of: Vec<&str> = of.into_iter().flatten().collect();
        let mut tables = Tables::new(model, trace, false).in_words(&of.join(", "));
        let sheets = tables.all(row).into_iter().map(|it| Sheet::of(&it));
        let texts: Vec<String> = sheets.map(|sheet| (self.write)(&sheet)).collect();
        self.sink.write_all(texts.join("\n").as_bytes())
    }

    fn keep(self: Box<Self>) -> io::Result<saldo_store::FileHash> {
        self.sink.keep()
    }
}

/// All runs with their quantities as one JSON value.
struct Json<S> {
    sink: S,
    model: String,
    runs: Vec<serde_json::Value>,
}

impl<S: Sink> Table for Json<S> {
    fn add(&mut self, model: &Model, world: World, trace: &Trace) -> io::Result<()> {
        let labels: Vec<String> = (0..=trace.completed)
            .map(|row| model.calendar.label(row as i64))
            .collect();
        let quantities = columns(model).into_iter().map(|column| {
            let path: Vec<Option<f64>> = (0..=trace.completed)
                .map(|row| Some(value(model, trace, &column, row)).filter(|it| it.is_finite()))
                .collect();
            serde_json::json!({
                "name": column.name, "title": column.title, "unit": column.unit, "values": path,
            })
        });
        self.runs.push(serde_json::json!({
            "choices": world.choices, "draw": world.draw, "complete": trace.stop.is_none(),
            "periods": labels, "quantities": quantities.collect::<Vec<_>>(),
        }));
        Ok(())
    }

    fn keep(mut self: Box<Self>) -> io::Result<saldo_store::FileHash> {
        let answer = serde_json::json!({
            "version": saldo_diag::JSON_VERSION, "model": self.model, "runs": self.runs,
        });
        writeln!(self.sink, "{answer}")?;
        self.sink.keep()
    }
}
