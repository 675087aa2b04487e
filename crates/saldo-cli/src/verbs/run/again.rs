//! `saldo run --again FOLDER`: repeats the run of a result folder and compares bytes.

use crate::args::{Cli, RunArgs, Verb};
use crate::talk;
use clap::Parser;
use saldo_diag::Diagnostic;
use saldo_store::{FileHash, Manifest};
use std::path::Path;
use std::process::ExitCode;

pub fn run(args: &RunArgs) -> ExitCode {
    let folder = &args.model.model;
    let (manifest, mut again) = match recorded(folder) {
        Ok(recorded) => recorded,
        Err(problem) => return talk::refuse(&problem, args.model.format, args.model.json, 2),
    };
    let aside = std::env::temp_dir().join(format!("saldo-again-{}", std::process::id()));
    again.out = Some(aside.clone());
    (again.watch, again.oracle) = (false, false);
    (again.model.json, again.model.format) = (args.model.json, args.model.format);
    let done = super::once(&again, Some(&manifest));
    let new = read(&aside);
    let _ = std::fs::remove_dir_all(&aside);
    match new {
        Ok(new) => told(args, &manifest, &new),
        // The run itself has said why it left nothing.
        Err(_) => done.map_or_else(|code| code, |done| done.code),
    }
}

/// The manifest of a folder, and the run it records.
fn recorded(folder: &Path) -> Result<(Manifest, RunArgs), Diagnostic> {
    let bad = |why: String| {
        Diagnostic::error(
            "not-a-result",
            format!("{} is not a result folder: {why}", folder.display()),
        )
        .help("give the folder that `saldo run` wrote: the one with manifest.json")
    };
    let manifest = read(folder).map_err(&bad)?;
    let words = ["saldo".to_string()]
        .into_iter()
        .chain(manifest.command.iter().cloned());
    match Cli::try_parse_from(words) {
        Ok(Cli {
            verb: Verb::Run(again),
        }) => Ok((manifest, again)),
        _ => Err(bad("its command is not a run".into())),
    }
}

fn read(folder: &Path) -> Result<Manifest, String> {
    let text =
        std::fs::read_to_string(folder.join("manifest.json")).map_err(|error| error.to_string())?;
    serde_json::from_str(&text).map_err(|error| error.to_string())
}

/// Says whether the bytes are the same, and if not, what else is not.
fn told(args: &RunArgs, old: &Manifest, new: &Manifest) -> ExitCode {
    let folder = args.model.model.display();
    let differing = differing(&old.files, &new.files);
    let inputs = differing_inputs(old, new);
    if args.model.json {
        talk::answer(&serde_json::json!({
            "version": saldo_diag::JSON_VERSION, "same": differing.is_empty(),
            "differing": differing, "changed_inputs": inputs,
        }));
    } else if differing.is_empty() {
        talk::say(&format!(
            "the same bytes as in {folder}: {}\n",
            names(&new.files)
        ));
    } else {
        talk::say(&format!(
            "not the same as in {folder}: {}\n",
            differing.join(", ")
        ));
        match inputs.is_empty() {
            true => talk::warn("nothing that was read has changed: please report this"),
            false => talk::warn(&format!("changed since then: {}", inputs.join(", "))),
        }
    }
    ExitCode::from(u8::from(!differing.is_empty()))
}

fn names(files: &[FileHash]) -> String {
    let names: Vec<&str> = files.iter().map(|file| file.name.as_str()).collect();
    names.join(", ")
}

/// Names of files that one side lacks or whose hashes differ.
fn differing(old: &[FileHash], new: &[FileHash]) -> Vec<String> {
    let gone = old
        .iter()
        .filter(|file| !new.iter().any(|it| it.name == file.name));
    let changed = new.iter().filter(|file| !old.contains(file));
    gone.chain(changed).map(|file| file.name.clone()).collect()
}

fn differing_inputs(old: &Manifest, new: &Manifest) -> Vec<String> {
    let mut inputs = differing(&old.inputs, &new.inputs);
    if old.saldo != new.saldo {
        inputs.push(format!(
            "saldo itself ({} then, {} now)",
            old.saldo, new.saldo
        ));
    }
    inputs
}
