//! From the path a user gave to a checked model and its program.

use crate::args::{Format, ModelArgs};
use crate::talk;
use saldo_diag::{Diagnostic, Sources};
use saldo_engine::{Keep, Trace};
use saldo_model::ir::Model;
use saldo_model::{Built, Setup, build, check_all};
use saldo_plan::{Program, plan};
use saldo_study::explain_stop;
use std::process::ExitCode;
use std::time::Instant;

/// Seconds of each stage, for `--json`.
#[derive(Clone, Copy, Debug, Default)]
pub struct Seconds {
    pub parse: f64,
    pub check: f64,
    pub plan: f64,
}

/// A model that was read and checked.
pub struct Session {
    pub built: Built,
    /// Name and hash of each text that was read.
    pub inputs: Vec<(String, String)>,
    pub seconds: Seconds,
}

pub fn setup_of(args: &ModelArgs) -> Result<Setup, Diagnostic> {
    let pairs = |texts: &[String], option: &str| {
        texts
            .iter()
            .map(|text| match text.split_once('=') {
                Some((name, value)) => Ok((name.trim().to_string(), value.trim().to_string())),
                None => Err(
                    Diagnostic::error("usage", format!("--{option} {text} has no `=`"))
                        .help(format!("write  --{option} NAME=VALUE")),
                ),
            })
            .collect::<Result<Vec<_>, _>>()
    };
    Ok(Setup {
        scenario: args.scenario.clone().filter(|name| name != "baseline"),
        set: pairs(&args.set, "set")?,
        choose: pairs(&args.choose, "choose")?
            .into_iter()
            .filter(|(choice, _)| choice != "all")
            .collect(),
        to: args.to.clone(),
        shows_of: Vec::new(),
    })
}

/// Reads and checks; says what is wrong. `Err` carries the exit code.
pub fn open(args: &ModelArgs) -> Result<Session, ExitCode> {
    let setup = setup_of(args).map_err(|problem| tell_alone(&problem, args, 2))?;
    open_with(args, &setup)
}

pub fn open_with(args: &ModelArgs, setup: &Setup) -> Result<Session, ExitCode> {
    open_by(args, setup, build)
}

/// Reads and checks, every scenario and rival explanation included.
pub fn open_all(args: &ModelArgs) -> Result<Session, ExitCode> {
    let setup = setup_of(args).map_err(|problem| tell_alone(&problem, args, 2))?;
    open_by(args, &setup, check_all)
}

type Build = fn(&[(String, String)], &dyn saldo_exchange::Files, &Setup) -> Built;

fn open_by(args: &ModelArgs, setup: &Setup, build: Build) -> Result<Session, ExitCode> {
    let begin = Instant::now();
    if !args.model.exists() {
        let problem = Diagnostic::error(
            "file-missing",
            format!("{} does not exist", args.model.display()),
        )
        .why("A model is a .saldo file, or a folder that holds model.saldo.")
        .help("check the path, or make a model:  saldo new NAME");
        return Err(tell_alone(&problem, args, 2));
    }
    let project = saldo_exchange::load(&args.model, &args.allow)
        .map_err(|problem| tell_alone(&problem, args, 1))?;
    let parse = begin.elapsed().as_secs_f64();
    let built = build(&project.files, &project.tables, setup);
    let check = begin.elapsed().as_secs_f64() - parse;
    let seconds = Seconds {
        parse,
        check,
        ..Seconds::default()
    };
    let inputs = project
        .files
        .iter()
        .map(|(name, text)| (name.clone(), saldo_store::hash(text.as_bytes())))
        .collect();
    Ok(Session {
        built,
        inputs,
        seconds,
    })
}

fn tell_alone(problem: &Diagnostic, args: &ModelArgs, code: u8) -> ExitCode {
    talk::tell(
        std::slice::from_ref(problem),
        &Sources::default(),
        args.format,
        args.json,
    );
    ExitCode::from(code)
}

impl Session {
    /// Problems to standard error; the program if there is no error.
    pub fn program(&mut self, format: Format, json: bool) -> Result<Program, ExitCode> {
        talk::tell(&self.built.problems, &self.built.sources, format, json);
        let Some(model) = &self.built.model else {
            return Err(ExitCode::from(1));
        };
        let begin = Instant::now();
        let program = plan(model);
        self.seconds.plan = begin.elapsed().as_secs_f64();
        Ok(program)
    }
}

/// A model that was read, checked and run once, from end to end.
pub struct Ran {
    pub session: Session,
    pub trace: Trace,
}

/// Reads, checks and runs without draws; says what is wrong. `Err` carries the exit code.
pub fn run_once(args: &ModelArgs, seed: u64) -> Result<Ran, ExitCode> {
    let setup = setup_of(args).map_err(|problem| tell_alone(&problem, args, 2))?;
    run_with(args, &setup, seed)
}

/// As [`run_once`], with a setup of the caller's own.
pub fn run_with(args: &ModelArgs, setup: &Setup, seed: u64) -> Result<Ran, ExitCode> {
    let mut session = open_with(args, setup)?;
    let program = session.program(args.format, args.json)?;
    let model = session.built.model.as_ref().ok_or(ExitCode::from(1))?;
    let keep = Keep {
        lines: None,
        books: true,
    };
    let trace = saldo_engine::run(model, &program, seed, &keep, &|_| true);
    Ok(Ran { session, trace })
}

impl Ran {
    pub fn model(&self) -> &Model {
        self.session
            .built
            .model
            .as_ref()
            .expect("a model that was run")
    }

    /// Says why the run ended early, if it did, and gives the exit code.
    pub fn finish(&self, args: &ModelArgs) -> ExitCode {
        match explain_stop(self.model(), &self.trace) {
            Some(problem) => {
                talk::tell(
                    &[problem],
                    &self.session.built.sources,
                    args.format,
                    args.json,
                );
                ExitCode::from(3)
            }
            None => ExitCode::SUCCESS,
        }
    }
}
