//! `saldo new`: a folder with a model that runs.

use crate::args::{Format, NewArgs};
use crate::talk;
use saldo_diag::Diagnostic;
use std::path::Path;
use std::process::ExitCode;
use std::time::Instant;

/// A model of the gallery that can be begun from: its texts, as they are.
struct Template {
    name: &'static str,
    /// Place in the folder, and text; the model itself first.
    files: &'static [(&'static str, &'static str)],
}

macro_rules! template {
    ($name:literal $(, $side:literal)*) => {
        Template {
            name: $name,
            files: &[
                ("model.saldo", include_str!(concat!("../../../../models/", $name, "/model.saldo"))),
                $(($side, include_str!(concat!("../../../../models/", $name, "/", $side)))),*
            ],
        }
    };
}

const TEMPLATES: &[Template] = &[
    template!(
        "sim",
        "scenarios/purchases_up.saldo",
        "scenarios/steady.saldo"
    ),
    template!(
        "simex",
        "scenarios/purchases_up.saldo",
        "scenarios/stubborn.saldo"
    ),
    template!(
        "pc",
        "scenarios/bills_liked.saldo",
        "scenarios/rate_up.saldo",
        "scenarios/steady.saldo"
    ),
    template!("pcex", "scenarios/gloom.saldo", "scenarios/rate_up.saldo"),
    template!(
        "lp",
        "scenarios/bill_rate_up.saldo",
        "scenarios/rates_up.saldo"
    ),
    template!(
        "reg",
        "scenarios/south_helped.saldo",
        "scenarios/south_imports_more.saldo"
    ),
    template!(
        "open",
        "scenarios/south_imports_more.saldo",
        "scenarios/south_saves.saldo"
    ),
    template!("bmw", "scenarios/lean.saldo", "scenarios/thrift.saldo"),
    template!("dis", "scenarios/markup_up.saldo"),
    template!(
        "insout",
        "scenarios/inventories_from_rest.saldo",
        "scenarios/inventories_up.saldo",
        "scenarios/steady.saldo"
    ),
    template!(
        "growth",
        "scenarios/spending_up.saldo",
        "scenarios/workers_ask.saldo"
    ),
    template!(
        "openflex",
        "scenarios/thirst.saldo",
        "scenarios/thirst_and_stiff_exports.saldo"
    ),
    template!(
        "coal",
        "evidence/evidence.saldo",
        "scenarios/half_support.saldo",
        "scenarios/late_reform.saldo"
    ),
];

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
            "{} is made from `{}`. Next:\n  saldo run {name}         charts here, everything in results/\n  \
             saldo compare {name}     what its scenarios change\n  saldo run {name} --watch   runs again whenever you save\n",
            file.display(),
            args.template,
            name = args.name
        )),
    }
    ExitCode::SUCCESS
}

fn make(args: &NewArgs) -> Result<(), Diagnostic> {
    let folder = Path::new(&args.name);
    let name = model_name(folder)?;
    let names: Vec<&str> = TEMPLATES.iter().map(|it| it.name).collect();
    let found = TEMPLATES.iter().find(|it| it.name == args.template);
    let template = found.ok_or_else(|| {
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
    write(folder, template, &name).map_err(|error| {
        Diagnostic::error(
            "write-failed",
            format!("{} cannot be written: {error}", folder.display()),
        )
        .help("choose another place")
    })
}

/// Writes the texts with the new name in the place of the template's.
fn write(folder: &Path, template: &Template, name: &str) -> std::io::Result<()> {
    for (place, text) in template.files {
        let place = folder.join(place);
        std::fs::create_dir_all(place.parent().unwrap_or(folder))?;
        let word = if text.starts_with("model ") {
            "model"
        } else {
            "for"
        };
        let (old, new) = (
            format!("{word} {}", template.name),
            format!("{word} {name}"),
        );
        std::fs::write(place, text.replacen(&old, &new, 1))?;
    }
    Ok(())
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
