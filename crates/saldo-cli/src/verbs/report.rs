//! `saldo report`: the one-file page, from a model or from a result folder.

use crate::args::{DrawArgs, ReportArgs};
use crate::session::{self, Session};
use crate::talk;
use crate::worlds;
use saldo_diag::Diagnostic;
use saldo_engine::Trace;
use saldo_model::ir::Model;
use saldo_report::{Document, Made, Scene, document, page, read};
use saldo_store::{Manifest, VERSION, hash, write_whole};
use saldo_study::explain_stop;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

/// Scenarios on a page if none is named: more lines than this nobody reads.
const USUAL: usize = 3;
/// Rival explanations that a page runs.
const RIVALS: usize = 16;

pub fn run(args: &ReportArgs) -> ExitCode {
    let folder = args.model.join("manifest.json").exists();
    let made = if folder {
        from_folder(args).map(|told| (told, ExitCode::SUCCESS))
    } else {
        from_model(args)
    };
    let (told, code) = match made {
        Ok(made) => made,
        Err(code) => return code,
    };
    let begin = Instant::now();
    let out = args.out.clone().unwrap_or_else(|| match folder {
        true => args.model.join("report.html"),
        false => PathBuf::from(format!("{}.html", told.model)),
    });
    if let Err(error) = write_whole(&out, page(&told).as_bytes()) {
        let problem = talk::unwritten(&out.display().to_string(), &error);
        return refuse(args, &problem, 1);
    }
    tell(args, &out, begin.elapsed().as_secs_f64());
    if args.open {
        open(&out);
    }
    code
}

fn tell(args: &ReportArgs, out: &Path, seconds: f64) {
    match args.json {
        true => talk::answer(&serde_json::json!({
            "version": saldo_diag::JSON_VERSION,
            "out": out.display().to_string(),
            "seconds": {"write": seconds},
        })),
        false => talk::say(&format!("written to {}\n", out.display())),
    }
}

fn refuse(args: &ReportArgs, problem: &Diagnostic, code: u8) -> ExitCode {
    talk::refuse(problem, args.format, args.json, code)
}

/// A model that was read and run for the page.
struct Played {
    session: Session,
    name: String,
    title: String,
    traces: Vec<Trace>,
}

impl Played {
    fn model(&self) -> &Model {
        self.session.model()
    }

    fn scene(&self) -> Scene<'_> {
        Scene {
            name: self.name.clone(),
            title: self.title.clone(),
            model: self.model(),
            traces: &self.traces,
        }
    }
}

fn from_model(args: &ReportArgs) -> Result<(Document, ExitCode), ExitCode> {
    let base = play(args, None, &[], args.draws)?;
    let mut code = ExitCode::SUCCESS;
    if let Some(problem) = explain_stop(base.model(), &base.traces[0]) {
        code = refuse(args, &problem, 3);
    }
    let inventory = &base.session.built.inventory;
    let wanted: Vec<String> = match args.scenario.is_empty() {
        true => inventory
            .scenarios
            .iter()
            .map(|it| it.name.to_string())
            .take(USUAL)
            .collect(),
        false => args.scenario.clone(),
    };
    let mut scenes = Vec::new();
    for name in wanted.iter().filter(|name| *name != "baseline") {
        scenes.push(play(args, Some(name), &[], args.draws)?);
    }
    let mut others = Vec::new();
    for (choose, title) in rivals(args, base.model()) {
        let mut rival = play(args, None, &choose, None)?;
        rival.title = title;
        others.push(rival);
    }
    let made = Made {
        scenario: None,
        command: command(),
        version: env!("CARGO_PKG_VERSION").into(),
        seed: args.seed,
        inputs: base.session.inputs.clone(),
    };
    let all: Vec<Scene> = std::iter::once(&base)
        .chain(&scenes)
        .map(Played::scene)
        .collect();
    let rivals: Vec<Scene> = others.iter().map(Played::scene).collect();
    let sources = &base.session.built.sources;
    Ok((document(sources, &all, &rivals, made), code))
}

fn command() -> String {
    let words: Vec<String> = std::env::args_os()
        .skip(1)
        .map(|word| word.to_string_lossy().into_owned())
        .collect();
    format!("saldo {}", words.join(" "))
}

fn play(
    args: &ReportArgs,
    scenario: Option<&str>,
    choose: &[String],
    draws: Option<u32>,
) -> Result<Played, ExitCode> {
    let own = args.of(scenario, choose);
    let asked = DrawArgs {
        draws: Some(u64::from(draws.unwrap_or(1))).filter(|_| draws.is_some()),
        seed: Some(args.seed),
        ..DrawArgs::default()
    };
    let worlds = worlds::prepare(&own, &asked)?;
    let mut traces = Vec::new();
    let swept = worlds.sweep(&mut |_, _, trace| {
        traces.push(trace);
        Ok(())
    });
    let session = worlds.into_session();
    swept.map_err(|problem| session.refuse(&problem, &own, 1))?;
    if traces.is_empty() {
        return Err(ExitCode::from(130));
    }
    let declared = session.scenario(&session::setup_of(&own)?);
    let title = declared.map_or("Baseline".into(), |it| it.title.to_string());
    Ok(Played {
        name: scenario.unwrap_or("baseline").to_string(),
        title,
        traces,
        session,
    })
}

/// Each rival that the run does not take, alone against the run: options and a title.
fn rivals(args: &ReportArgs, model: &Model) -> Vec<(Vec<String>, String)> {
    let settled = |name: &str| {
        let mut pairs = args.choose.iter().filter_map(|it| it.split_once('='));
        pairs.any(|(choice, _)| choice.trim() == name)
    };
    let mut all = Vec::new();
    for choice in model.choices.iter().filter(|it| !settled(&it.name)) {
        let others = choice.members.iter().enumerate();
        all.extend(
            others
                .filter(|(at, _)| *at != choice.taken)
                .map(|(_, (name, title))| {
                    (vec![format!("{}={name}", choice.name)], title.to_string())
                }),
        );
    }
    all.truncate(RIVALS);
    all
}

/// The page that the folder's own run can tell, without running again.
fn from_folder(args: &ReportArgs) -> Result<Document, ExitCode> {
    let folder = &args.model;
    let bad = |why: String| {
        let headline = format!("{} is not a result folder: {why}", folder.display());
        let help = "run the model again; that writes the whole folder:  saldo run MODEL";
        refuse(
            args,
            &Diagnostic::error("not-a-result", headline).help(help),
            2,
        )
    };
    if !args.scenario.is_empty() {
        let problem = Diagnostic::error("usage", "a result folder holds the runs it holds")
            .help("for a page with scenarios:  saldo report MODEL -s SCENARIO");
        return Err(refuse(args, &problem, 2));
    }
    let text = |name: &str| {
        std::fs::read_to_string(folder.join(name)).map_err(|error| bad(format!("{name}: {error}")))
    };
    let manifest: Manifest = serde_json::from_str(&text("manifest.json")?)
        .map_err(|error| bad(format!("manifest.json: {error}")))?;
    if manifest.manifest != VERSION {
        return Err(bad(format!(
            "another version of Saldo wrote it (form {}, this one reads {VERSION})",
            manifest.manifest
        )));
    }
    let mut told = read(&text("page.json")?).map_err(|why| bad(format!("page.json: {why}")))?;
    told.notes.extend(changed(&manifest, folder));
    Ok(told)
}

/// What happened to the folder's files after the run.
fn changed(manifest: &Manifest, folder: &Path) -> Vec<String> {
    let mut notes = Vec::new();
    for file in manifest.files.iter().filter(|it| it.name != "report.html") {
        match std::fs::read(folder.join(&file.name)) {
            Err(_) => notes.push(format!("{} is missing from the result folder.", file.name)),
            Ok(bytes) if hash(&bytes) != file.sha256 => notes.push(format!(
                "{} was changed after the run: its hash is no longer the one in the manifest.",
                file.name
            )),
            Ok(_) => {}
        }
    }
    notes
}

/// Hands the file to the system's browser; a machine without one still has the file.
fn open(path: &Path) {
    let command = match std::env::consts::OS {
        "macos" => "open",
        "windows" => "explorer",
        _ => "xdg-open",
    };
    if std::process::Command::new(command)
        .arg(path)
        .spawn()
        .is_err()
    {
        talk::warn(&format!(
            "no browser was found: open {} yourself",
            path.display()
        ));
    }
}
