//! From the path a user gave to a checked model and its program.

use crate::args::ModelArgs;
use crate::talk;
use saldo_diag::{Diagnostic, FileId};
use saldo_engine::Trace;
use saldo_exchange::{FileError, Files, Project, TextFile};
use saldo_model::ir::Model;
use saldo_model::{Built, ScenarioInfo, Setup, Symbol, build, check_all};
use saldo_plan::{Program, plan};
use saldo_study::explain_stop;
use saldo_syntax::ast::{self, DeclKind, FileKind};
use std::collections::BTreeMap;
use std::path::Path;
use std::process::ExitCode;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

/// The model a command takes if none is named: the one of the current folder.
pub const HERE: &str = ".";

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
    /// Name and hash of each text and table that was read.
    pub inputs: Vec<(String, String)>,
    pub seconds: Seconds,
}

/// Remembers which tables a model read.
struct Noted<'a> {
    files: &'a dyn Files,
    seen: Mutex<BTreeMap<String, String>>,
}

impl Files for Noted<'_> {
    fn read(&self, path: &str) -> Result<Arc<str>, FileError> {
        let text = self.files.read(path)?;
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        seen.entry(path.to_string())
            .or_insert_with(|| saldo_store::hash(text.as_bytes()));
        Ok(text)
    }
}

/// What the command line changes in a model.
pub fn setup_of(args: &ModelArgs) -> Result<Setup, ExitCode> {
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
            .map_err(|problem| alone(&problem, args, 2))
    };
    if args.scenario.len() > 1 {
        let problem = Diagnostic::error("usage", "one scenario at a time").help(format!(
            "several beside the baseline:  saldo run MODEL -s {}",
            args.scenario.join(" -s ")
        ));
        return Err(alone(&problem, args, 2));
    }
    let scenario = args.scenario.first().cloned();
    Ok(Setup {
        scenario: scenario.filter(|name| name != "baseline"),
        set: pairs(&args.set, "set")?,
        choose: pairs(&args.choose, "choose")?,
        to: args.to.clone(),
        shows_of: Vec::new(),
    })
}

/// Reads and checks; says what is wrong. `Err` carries the exit code.
pub fn open(args: &ModelArgs) -> Result<Session, ExitCode> {
    open_with(args, &setup_of(args)?)
}

pub fn open_with(args: &ModelArgs, setup: &Setup) -> Result<Session, ExitCode> {
    open_by(args, setup, build)
}

/// Reads and checks, every scenario and rival explanation included.
pub fn open_all(args: &ModelArgs) -> Result<Session, ExitCode> {
    open_by(args, &setup_of(args)?, check_all)
}

type Build = fn(&[TextFile], &dyn Files, &Setup) -> Built;

fn open_by(args: &ModelArgs, setup: &Setup, build: Build) -> Result<Session, ExitCode> {
    let begin = Instant::now();
    if !args.model.exists() {
        let problem = Diagnostic::error(
            "file-missing",
            format!("{} does not exist", args.model.display()),
        )
        .why("A model is a .saldo file, or a folder that holds model.saldo.")
        .help("check the path, or make a model:  saldo new NAME");
        return Err(alone(&problem, args, 2));
    }
    let mut setup = setup.clone();
    let project = saldo_exchange::load(&args.model, &args.allow)
        .and_then(|project| with_scenario_file(project, &mut setup))
        .map_err(|problem| alone(&problem, args, 1))?;
    let parse = begin.elapsed().as_secs_f64();
    let noted = Noted {
        files: &project.tables,
        seen: Mutex::default(),
    };
    let built = build(&project.files, &noted, &setup);
    let check = begin.elapsed().as_secs_f64() - parse;
    let texts = project.files.iter();
    let inputs = texts
        .map(|(name, text)| (name.clone(), saldo_store::hash(text.as_bytes())))
        .chain(
            noted
                .seen
                .into_inner()
                .unwrap_or_else(PoisonError::into_inner),
        )
        .collect();
    let seconds = Seconds {
        parse,
        check,
        plan: 0.0,
    };
    Ok(Session {
        built,
        inputs,
        seconds,
    })
}

/// A scenario given as a file joins the model's files, in place of one of the same name.
fn with_scenario_file(mut project: Project, setup: &mut Setup) -> Result<Project, Diagnostic> {
    let Some(path) = setup.scenario.clone().filter(|it| Path::new(it).is_file()) else {
        return Ok(project);
    };
    let unread = |what: String| {
        Diagnostic::error("scenario-file", format!("{path} {what}"))
            .why("A file given as a scenario begins with the scenario's name.")
            .help("begin it with  scenario NAME for MODEL \"what is different\"")
    };
    let text = std::fs::read_to_string(&path)
        .map_err(|error| unread(format!("cannot be read: {error}")))?;
    let name = declared(&text).ok_or_else(|| unread("declares no scenario".into()))?;
    project
        .files
        .retain(|(_, other)| declared(other).as_deref() != Some(&name));
    project.files.push((path.clone(), text.into()));
    setup.scenario = Some(name);
    Ok(project)
}

fn declared(text: &str) -> Option<String> {
    if !text.contains("scenario") {
        return None;
    }
    match saldo_syntax::parse(FileId(0), text).file.kind {
        FileKind::Scenario { name, .. } => Some(name.text.to_string()),
        _ => None,
    }
}

/// The choices that a scenario in a file of its own settles; none if it is no such file.
pub fn settled_in(path: &str) -> Vec<Symbol> {
    let text = std::fs::read_to_string(path).unwrap_or_default();
    let decls = saldo_syntax::parse(FileId(0), &text).file.decls;
    let uses = |decl: ast::Decl| match decl.kind {
        DeclKind::UseChoice { choice, .. } => Some(choice.text),
        _ => None,
    };
    decls.into_iter().filter_map(uses).collect()
}

fn alone(problem: &Diagnostic, args: &ModelArgs, code: u8) -> ExitCode {
    talk::refuse(problem, args.format, args.json, code)
}

impl Session {
    /// Warnings to standard error.
    pub fn tell(&self, args: &ModelArgs) {
        let built = &self.built;
        talk::tell(&built.problems, &built.sources, args.format, args.json);
    }

    /// The program of a model without errors; if it has some they are told, with its warnings.
    pub fn program(&mut self, args: &ModelArgs) -> Result<Program, ExitCode> {
        let Some(model) = &self.built.model else {
            self.tell(args);
            return Err(ExitCode::from(1));
        };
        let begin = Instant::now();
        let program = plan(model);
        self.seconds.plan = begin.elapsed().as_secs_f64();
        Ok(program)
    }

    /// The model, which is there once there is a program.
    pub fn model(&self) -> &Model {
        let model = self.built.model.as_ref();
        model.unwrap_or_else(|| unreachable!("a model with errors has no program"))
    }

    /// What the scenario of a run asks for.
    pub fn scenario(&self, setup: &Setup) -> Option<&ScenarioInfo> {
        let name = setup.scenario.as_deref()?;
        let all = &self.built.inventory.scenarios;
        let file = Path::new(name)
            .is_file()
            .then(|| std::fs::read_to_string(name).ok());
        let name = file
            .flatten()
            .and_then(|text| declared(&text))
            .unwrap_or(name.into());
        all.iter().find(|info| *info.name == *name)
    }

    /// Seconds of the stages for `--json`, with those of the run.
    pub fn seconds(&self, run: f64) -> serde_json::Value {
        let Seconds { parse, check, plan } = self.seconds;
        serde_json::json!({"parse": parse, "check": check, "plan": plan, "run": run})
    }

    /// A message about this model, with its places.
    pub fn refuse(&self, problem: &Diagnostic, args: &ModelArgs, code: u8) -> ExitCode {
        let problems = std::slice::from_ref(problem);
        talk::tell(problems, &self.built.sources, args.format, args.json);
        ExitCode::from(code)
    }

    /// Says why a run ended early, if it did, and gives the exit code.
    pub fn end(&self, trace: &Trace, args: &ModelArgs) -> ExitCode {
        let Some(problem) = explain_stop(self.model(), trace) else {
            return ExitCode::SUCCESS;
        };
        let problem = match args.set.is_empty() {
            true => problem,
            false => problem.note(format!("set for this run: {}", args.set.join(", "))),
        };
        let interrupted = matches!(trace.stop, Some(saldo_engine::Stop::Interrupted { .. }));
        self.refuse(&problem, args, if interrupted { 130 } else { 3 })
    }
}
