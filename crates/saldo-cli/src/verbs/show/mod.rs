//! `saldo show`: one part of a model, to look at.

mod books;
mod chart;
mod equations;
mod order;

use crate::args::{ShowArgs, What};
use crate::session::{self, Session};
use crate::talk;
use saldo_diag::Diagnostic;
use saldo_engine::{Keep, Trace};
use saldo_model::ir::Model;
use saldo_plan::Program;
use std::process::ExitCode;

/// What a part is printed from.
struct Shown<'a> {
    args: &'a ShowArgs,
    model: &'a Model,
    program: &'a Program,
}

pub fn run(args: &ShowArgs) -> ExitCode {
    let mut session = match session::open(&args.model) {
        Ok(session) => session,
        Err(code) => return code,
    };
    let program = match session.program(args.model.format, args.model.json) {
        Ok(program) => program,
        Err(code) => return code,
    };
    let Some(model) = &session.built.model else {
        return ExitCode::from(1);
    };
    let shown = Shown {
        args,
        model,
        program: &program,
    };
    let answer = match args.what {
        What::Matrix => books::matrices(&shown),
        What::Start => books::start(&shown),
        What::Order => Ok(order::order(&shown)),
        What::Loop => order::circle(&shown),
        What::Units => Ok(equations::units(&shown)),
        What::Equations => Ok(equations::equations(&shown)),
        What::Chart => chart::chart(&shown),
    };
    tell(answer, args, &session)
}

fn tell(answer: Result<String, Diagnostic>, args: &ShowArgs, session: &Session) -> ExitCode {
    match answer {
        Ok(text) if args.model.json => {
            let answer = serde_json::json!({"version": saldo_diag::JSON_VERSION, "shown": text});
            println!("{answer}");
            ExitCode::SUCCESS
        }
        Ok(text) => {
            println!("{}", text.trim_end());
            ExitCode::SUCCESS
        }
        Err(problem) => {
            let problems = std::slice::from_ref(&problem);
            talk::tell(
                problems,
                &session.built.sources,
                args.model.format,
                args.model.json,
            );
            ExitCode::from(2)
        }
    }
}

impl Shown<'_> {
    /// A run up to what is looked at.
    fn trace(&self) -> Trace {
        let keep = Keep {
            lines: None,
            books: true,
        };
        saldo_engine::run(self.model, self.program, 0, &keep, &|_| true)
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
            Diagnostic::error("usage", "which one?").help(format!("add  --name {example}"))
        })
    }
}

/// A message for a name that no line has, with the nearest one.
fn unknown<'a>(wanted: &str, known: impl Iterator<Item = &'a str>) -> Diagnostic {
    let known: Vec<&str> = known.collect();
    let problem = Diagnostic::error("name-unknown", format!("`{wanted}` is not in this model"));
    match saldo_diag::nearest(wanted, known.iter().copied()) {
        Some(near) => problem.help(format!("did you mean  {near}?")),
        None => problem.help("saldo show equations MODEL  lists all names"),
    }
}
