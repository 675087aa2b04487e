//! `saldo new`: a folder with a model that runs.

use crate::args::{Format, NewArgs};
use crate::talk;
use saldo_diag::Diagnostic;
use std::path::Path;
use std::process::ExitCode;
use std::time::Instant;

/// Models that can be begun from: the gallery's, as they are.
macro_rules! templates {
    ($($name:literal),*) => {
        &[$(($name, include_str!(concat!("../../../../models/", $name, "/model.saldo")))),*]
    };
}

const TEMPLATES: &[(&str, &str)] = templates!(
    "sim", "simex", "pc", "pcex", "lp", "reg", "open", "bmw", "dis", "insout", "growth",
    "openflex", "coal"
);

pub fn run(args: &NewArgs) -> ExitCode {
    let begin = Instant::now();
    if let Err(problem) = make(args) {
        return talk::refuse(&problem, Format::Full, args.json, 2);
    }
    let file = Path::new(&args.name).join("model.saldo");
    match args.json {
        true => talk::answer(&serde_json::json!({
            "version": saldo_diag::JSON_VERSION, "made": file.display().to_string(),
            "template": args.template, "seconds": {"run": begin.elapsed().as_secs_f64()},
        })),
        false => talk::say(&format!(
            "{} is made from `{}`. Run it:  saldo run {}\n",
            file.display(),
            args.template,
            args.name
        )),
    }
    ExitCode::SUCCESS
}

fn make(args: &NewArgs) -> Result<(), Diagnostic> {
    let folder = Path::new(&args.name);
    let name = model_name(folder)?;
    let names: Vec<&str> = TEMPLATES.iter().map(|(name, _)| *name).collect();
    let found = TEMPLATES.iter().find(|(name, _)| *name == args.template);
    let (template, text) = found.ok_or_else(|| {
        let problem = Diagnostic::error(
            "template-unknown",
            format!("there is no template `{}`", args.template),
        );
        match saldo_diag::nearest(&args.template, names.iter().copied()) {
            Some(near) => problem.help(format!("did you mean  --template {near}?")),
            None => problem.help(format!("one of: {}", names.join(", "))),
        }
    })?;
    if folder.exists() {
        let problem = Diagnostic::error(
            "folder-taken",
            format!("{} exists already", folder.display()),
        )
        .why("Nothing of yours is ever overwritten.");
        return Err(problem.help("choose another name"));
    }
    let text = text.replacen(&format!("model {template}"), &format!("model {name}"), 1);
    write(folder, &text).map_err(|error| {
        Diagnostic::error(
            "write-failed",
            format!("{} cannot be written: {error}", folder.display()),
        )
        .help("choose another place")
    })
}

fn write(folder: &Path, text: &str) -> std::io::Result<()> {
    std::fs::create_dir_all(folder)?;
    std::fs::write(folder.join("model.saldo"), text)
}

/// The model is called what its folder is called; the language must be able to say it.
fn model_name(folder: &Path) -> Result<String, Diagnostic> {
    let name = folder
        .file_name()
        .map(|name| name.to_string_lossy().into_owned());
    let name = name.unwrap_or_default();
    let first = name
        .chars()
        .next()
        .is_some_and(|c| c.is_alphabetic() || c == '_');
    if first && name.chars().all(|c| c.is_alphanumeric() || c == '_') {
        return Ok(name);
    }
    Err(Diagnostic::error(
        "name-malformed",
        format!("`{name}` cannot be the name of a model"),
    )
    .why("A name is made of letters, digits and _, and begins with a letter.")
    .help("write for example  saldo new my_island"))
}
