//! `saldo report`: the one-file page, from a model or from a result folder.

use crate::args::ReportArgs;
use crate::missed::Missed;
use crate::played::Played;
use crate::progress::stopped;
use crate::rivals;
use crate::session;
use crate::talk;
use crate::verbs::run::offered;
use crate::worlds;
use saldo_diag::Diagnostic;
use saldo_report::{Document, Made, Shown, document, page, read};
use saldo_store::{Manifest, VERSION, hash, write_whole};
use saldo_study::explain_stop;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

/// Scenarios on a page if none is named: more lines than this nobody reads.
const USUAL: usize = 3;

pub fn run(args: &ReportArgs) -> ExitCode {
    let folder = args.model.model.join("manifest.json").exists();
    let made = if folder {
        from_folder(args).map(|told| (told, Missed::default(), ExitCode::SUCCESS))
    } else {
        from_model(args)
    };
    let (told, missed, code) = match made {
        Ok(made) => made,
        Err(code) => return code,
    };
    let begin = Instant::now();
    let out = args.out.clone().unwrap_or_else(|| match folder {
        true => args.model.model.join("report.html"),
        false => PathBuf::from(format!("{}.html", told.model)),
    });
    if let Err(error) = write_whole(&out, page(&told).as_bytes()) {
        let problem = talk::unwritten(&out.display().to_string(), &error);
        return refuse(args, &problem, 1);
    }
    tell(args, &out, &missed, begin.elapsed().as_secs_f64());
    if args.open {
        open(&out);
    }
    code
}

fn tell(args: &ReportArgs, out: &Path, missed: &Missed, seconds: f64) {
    match args.model.json {
        true => talk::answer(&serde_json::json!({
            "version": saldo_diag::JSON_VERSION,
            "out": out.display().to_string(), "missed": missed.as_json(),
            "seconds": {"write": seconds},
        })),
        false => talk::say(&format!("written to {}\n", out.display())),
    }
}

fn refuse(args: &ReportArgs, problem: &Diagnostic, code: u8) -> ExitCode {
    talk::refuse(problem, args.model.format, args.model.json, code)
}

fn from_model(args: &ReportArgs) -> Result<(Document, Missed, ExitCode), ExitCode> {
    let names = match args.model.scenario.is_empty() {
        true => usual(args)?,
        false => args.model.scenario.clone(),
    };
    let others = names.into_iter().filter(|name| name != "baseline");
    let names: Vec<String> = std::iter::once("baseline".into()).chain(others).collect();
    let own = args.baseline();
    let worlds = worlds::beside(&own, &args.draw_args(), &names)?;
    let mut played: Vec<Played> = Vec::new();
    played.resize_with(names.len(), Played::default);
    let mut missed = Missed::default();
    let swept = worlds.sweep(&mut |variant, world, trace| {
        missed.add(variant, world, &trace);
        let at = worlds.taken().position(|it| std::ptr::eq(it, variant));
        played[at.unwrap_or(0)].add(variant.model(), world.draw, trace);
        Ok(())
    });
    let first = worlds.first();
    swept.map_err(|problem| first.session.refuse(&problem, &own, 1))?;
    if stopped() {
        return Err(ExitCode::from(130));
    }
    let pairs = played.iter_mut().zip(worlds.taken());
    pairs.for_each(|(played, variant)| played.complete(&worlds, variant));
    let mut code = ExitCode::SUCCESS;
    if let Some(problem) = explain_stop(first.model(), played[0].central()) {
        code = refuse(args, &problem, 3);
    } else if let Some(problem) = missed.message() {
        code = first.session.refuse(&problem, &own, 1);
    }
    let pairs = played.iter().zip(worlds.taken());
    let shown = Shown {
        scenes: pairs
            .map(|(played, variant)| played.scene(variant))
            .collect(),
        rivals: rivals::run(&own, first, worlds.seed)?,
        offered: offered(&worlds),
    };
    let made = Made {
        command: command(),
        version: env!("CARGO_PKG_VERSION").into(),
        seed: worlds.seed,
        inputs: first.session.inputs.clone(),
    };
    let told = document(&first.session.built.sources, &shown, made);
    Ok((told, missed, code))
}

/// The first scenarios that the model declares.
fn usual(args: &ReportArgs) -> Result<Vec<String>, ExitCode> {
    let session = session::open(&args.baseline())?;
    let declared = session.built.inventory.scenarios.iter();
    Ok(declared.map(|it| it.name.to_string()).take(USUAL).collect())
}

fn command() -> String {
    let words: Vec<String> = std::env::args_os()
        .skip(1)
        .map(|word| word.to_string_lossy().into_owned())
        .collect();
    format!("saldo {}", words.join(" "))
}

/// The page that the folder's own run can tell, without running again.
fn from_folder(args: &ReportArgs) -> Result<Document, ExitCode> {
    let folder = &args.model.model;
    let bad = |why: String| {
        let headline = format!("{} is not a result folder: {why}", folder.display());
        let help = "run the model again; that writes the whole folder:  saldo run MODEL";
        refuse(
            args,
            &Diagnostic::error("not-a-result", headline).help(help),
            2,
        )
    };
    if !args.model.scenario.is_empty() {
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
    note_changes(&mut told, &manifest, folder);
    Ok(told)
}

/// Notes what happened to the folder's files after the run.
fn note_changes(told: &mut Document, manifest: &Manifest, folder: &Path) {
    for file in manifest.files.iter().filter(|it| it.name != "report.html") {
        match std::fs::read(folder.join(&file.name)) {
            Err(_) => told.note_missing(&file.name),
            Ok(bytes) if hash(&bytes) != file.sha256 => told.note_changed(&file.name),
            Ok(_) => {}
        }
    }
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
