//! `saldo run --again FOLDER`: repeats the run of a result folder and compares bytes.

use crate::args::{Cli, RunArgs, Verb};
use crate::talk;
use clap::Parser;
use saldo_diag::{Diagnostic, Sources};
use saldo_store::{Manifest, hash};
use std::path::Path;
use std::process::ExitCode;

pub fn run(args: &RunArgs) -> ExitCode {
    match repeat(args) {
        Ok(code) => code,
        Err(problem) => {
            let sources = Sources::default();
            talk::tell(&[problem], &sources, args.model.format, args.model.json);
            ExitCode::from(2)
        }
    }
}

fn repeat(args: &RunArgs) -> Result<ExitCode, Diagnostic> {
    let folder = &args.model.model;
    let bad = |why: String| {
        Diagnostic::error(
            "not-a-result",
            format!("{} is not a result folder: {why}", folder.display()),
        )
        .help("give the folder that `saldo run` wrote: the one with manifest.json")
    };
    let text = std::fs::read_to_string(folder.join("manifest.json"))
        .map_err(|error| bad(error.to_string()))?;
    let manifest: Manifest = serde_json::from_str(&text).map_err(|error| bad(error.to_string()))?;
    let words = ["saldo".to_string()]
        .into_iter()
        .chain(manifest.command.iter().cloned());
    let Ok(Cli {
        verb: Verb::Run(mut again),
    }) = Cli::try_parse_from(words)
    else {
        return Err(bad("its command is not a run".into()));
    };
    let aside = std::env::temp_dir().join(format!("saldo-again-{}", std::process::id()));
    again.out = Some(aside.clone());
    again.model.json = true;
    let code = super::run::run(&again);
    let differing = differing(&manifest, &aside);
    let _ = std::fs::remove_dir_all(&aside);
    if differing.is_empty() {
        eprintln!("the same bytes as in {}", folder.display());
        return Ok(code);
    }
    eprintln!("not the same: {}", differing.join(", "));
    Ok(ExitCode::from(1))
}

/// Files whose bytes differ. The page names its own command, so only results are compared.
fn differing(manifest: &Manifest, folder: &Path) -> Vec<String> {
    manifest
        .files
        .iter()
        .filter(|file| file.name.ends_with(".csv"))
        .filter(|file| {
            std::fs::read(folder.join(&file.name)).map_or(true, |bytes| hash(&bytes) != file.sha256)
        })
        .map(|file| file.name.clone())
        .collect()
}
