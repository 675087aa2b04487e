//! `saldo show`: one part of a model, to look at.

mod books;
mod chart;
mod equations;
mod order;
mod settings;

use crate::args::{ShowArgs, What};
use crate::session;
use crate::talk;
use saldo_diag::Diagnostic;
use saldo_engine::{Keep, Stop, Trace};
use saldo_model::ir::Model;
use saldo_plan::Program;
use saldo_study::explain_shown;
use std::cell::OnceCell;
use std::process::ExitCode;
use std::time::Instant;

/// Messages about an opening that was sought and not found: a run that stopped, no wrong usage.
const UNSETTLED: &str = "stationary-";

/// What a part is printed from.
struct Shown<'a> {
    args: &'a ShowArgs,
    model: &'a Model,
    program: &'a Program,
    /// Why the run ended before what is looked at, if it did.
    stopped: OnceCell<Diagnostic>,
}

pub fn run(args: &ShowArgs) -> ExitCode {
    show(&in_order(args.clone())).unwrap_or_else(|code| code)
}

/// `show loop output models/pc`: with two words after the part, the model is the last one, or
/// the one that exists. In the folder of a model, `show loop output` is enough.
fn in_order(mut args: ShowArgs) -> ShowArgs {
    let here = || std::path::PathBuf::from(session::HERE);
    let only_name = !args.model.model.exists() && here().join("model.saldo").is_file();
    let last = args.last.take().or_else(|| only_name.then(here));
    let Some(last) = last else {
        return args;
    };
    let (name, model) = match args.model.model.exists() && !last.exists() {
        true => (last, args.model.model),
        false => (args.model.model, last),
    };
    args.name = Some(name.to_string_lossy().into_owned());
    args.model.model = model;
    args
}

fn show(args: &ShowArgs) -> Result<ExitCode, ExitCode> {
    let begin = Instant::now();
    let mut session = session::open(&args.model)?;
    let program = session.program(&args.model)?;
    session.tell(&args.model);
    let shown = Shown {
        args,
        model: session.model(),
        program: &program,
        stopped: OnceCell::new(),
    };
    let refuse = |problem: Diagnostic| {
        let code = match problem.id {
            "interrupted" => 130,
            id if id.starts_with(UNSETTLED) => 3,
            _ => 2,
        };
        session.refuse(&problem, &args.model, code)
    };
    let ended = || match shown.stopped.get() {
        Some(problem) => session.refuse(problem, &args.model, 3),
        None => ExitCode::SUCCESS,
    };
    if args.what == What::Chart && (args.svg || args.png) {
        let place = chart::picture(&shown).map_err(refuse)?;
        told(args, place);
        return Ok(ended());
    }
    let answer = match args.what {
        What::Matrix => books::matrices(&shown),
        What::Start => books::start(&shown),
        What::Order => Ok(order::order(&shown)),
        What::Loop => order::circle(&shown),
        What::Units => Ok(equations::units(&shown)),
        What::Equations => Ok(equations::equations(&shown)),
        What::Chart => chart::chart(&shown),
        What::Settings => Ok(settings::settings(&shown, &session.built.inventory)),
    };
    let text = answer.map_err(refuse)?;
    match args.model.json {
        true => talk::answer(&serde_json::json!({
            "version": saldo_diag::JSON_VERSION, "model": &*session.model().name, "shown": text,
            "seconds": session.seconds(begin.elapsed().as_secs_f64()),
        })),
        false => talk::say(&format!("{}\n", text.trim_end())),
    }
    Ok(ended())
}

/// Where a picture went, if not to standard output.
fn told(args: &ShowArgs, place: Option<String>) {
    match (place, args.model.json) {
        (None, _) => {}
        (Some(place), true) => {
            talk::answer(&serde_json::json!({"version": saldo_diag::JSON_VERSION, "out": place}));
        }
        (Some(place), false) => talk::say(&format!("written to {place}\n")),
    }
}

impl Shown<'_> {
    /// A run up to what is looked at. Without an opening there is nothing to look at, and a run
    /// that was cut short has not come to what was asked for.
    fn trace(&self) -> Result<Trace, Diagnostic> {
        crate::progress::listen();
        let keep = Keep {
            lines: None,
            books: true,
        };
        let trace = saldo_engine::run(self.model, self.program, 0, &keep, &|_| {
            !crate::progress::stopped()
        });
        match (&trace.stop, explain_shown(self.model, &trace)) {
            (Some(Stop::Unsettled(_) | Stop::Interrupted { .. }), Some(problem)) => Err(problem),
            (_, Some(problem)) if self.args.at.is_none() && self.args.what != What::Start => {
                let _ = self.stopped.set(problem);
                Ok(trace)
            }
            _ => Ok(trace),
        }
    }

    /// The row that `--at` names; the last completed one without it.
    fn row(&self, trace: &Trace) -> Result<usize, Diagnostic> {
        let Some(wanted) = &self.args.at else {
            return Ok(trace.completed);
        };
        let calendar = &self.model.calendar;
        let found = (0..=trace.completed).find(|row| calendar.label(*row as i64) == *wanted);
        found.ok_or_else(|| {
            let (first, last) = (calendar.label(0), calendar.label(trace.completed as i64));
            Diagnostic::error(
                "period-unknown",
                format!("{wanted} is not a period of this run"),
            )
            .why(format!(
                "The run has {first} (the opening state) to {last}."
            ))
            .help(format!("write  --at {last}"))
        })
    }

    /// The option `--name`, which this part needs.
    fn name(&self, example: &str) -> Result<&str, Diagnostic> {
        self.args.name.as_deref().ok_or_else(|| {
            Diagnostic::error("usage", "which one?").help(format!(
                "name it before the model:  saldo show loop {example} MODEL"
            ))
        })
    }
}
