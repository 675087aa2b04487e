//! The files of a run: one table, or a folder with the page and a manifest.

use super::account::{Account, scenarios};
use super::taken;
use crate::args::RunArgs;
use crate::progress::stopped;
use crate::talk::unwritten;
use crate::worlds::{Variant, Worlds};
use saldo_diag::Diagnostic;
use saldo_engine::Trace;
use saldo_model::ir::Model;
use saldo_report::{Made, Shown, document, headline, kept, page};
use saldo_store::{
    Aside, ChosenCsv, FileHash, Manifest, Parquet, Table, WideCsv, World, columns, names,
    open_folder, write_whole,
};
use saldo_study::explain_stop;
use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Results that are being written, run by run.
pub struct Results {
    place: PathBuf,
    table: Box<dyn Table>,
    folder: bool,
}

impl Results {
    /// A `.csv` or `.parquet` file, or a folder; nothing is in its place before it is whole.
    pub fn begin(args: &RunArgs, place: &Path, worlds: &Worlds) -> Result<Self, Diagnostic> {
        let end = place.extension().and_then(|end| end.to_str());
        // A device or a pipe takes the table.
        let device = place.exists() && !place.is_dir() && !place.is_file();
        let folder = !device && !matches!(end, Some("csv" | "parquet"));
        if folder {
            taken::look(args, place, &worlds.first().session)?;
        }
        let table = match folder {
            true => in_folder(&place.join("results.csv"), worlds),
            false => table(end.unwrap_or_default(), place, worlds),
        };
        Ok(Results {
            table: table.map_err(|error| failed(place, &error))?,
            place: place.to_path_buf(),
            folder,
        })
    }

    pub fn add(
        &mut self,
        variant: &Variant,
        world: World,
        trace: &Trace,
    ) -> Result<(), Diagnostic> {
        let added = self.table.add(variant.model(), world, trace);
        added.map_err(|error| failed(&self.place, &error))
    }

    /// Puts everything in its place, the manifest last. Gives the place.
    pub fn keep(
        self,
        args: &RunArgs,
        worlds: &Worlds,
        account: &Account,
        like: Option<&Manifest>,
    ) -> Result<Result<PathBuf, Diagnostic>, ExitCode> {
        let place = self.place.clone();
        let kept = match self.folder {
            false => self.table.keep().map(|_| ()),
            true => {
                let shown = account.shown(&args.model, worlds)?;
                self.keep_folder(args, worlds, (account, &shown), like)
            }
        };
        Ok(kept.map_err(|error| failed(&place, &error)).map(|()| place))
    }

    fn keep_folder(
        self,
        args: &RunArgs,
        worlds: &Worlds,
        (account, shown): (&Account, &Shown),
        like: Option<&Manifest>,
    ) -> io::Result<()> {
        open_folder(&self.place)?;
        let table = self.table.keep()?;
        let command = like.map_or_else(command, |manifest| manifest.command.clone());
        let session = &worlds.first().session;
        let made = Made {
            command: format!("saldo {}", command.join(" ")),
            version: env!("CARGO_PKG_VERSION").into(),
            seed: worlds.seed,
            inputs: session.inputs.clone(),
        };
        let sources = &session.built.sources;
        let told = document(sources, shown, made);
        let page = [
            ("report.html", page(&told).into_bytes()),
            ("page.json", kept(&told)),
        ];
        let mut files = vec![table];
        for (name, bytes) in page {
            write_whole(&self.place.join(name), &bytes)?;
            files.push(FileHash {
                name: name.into(),
                sha256: saldo_store::hash(&bytes),
            });
        }
        let manifest = manifest(args, worlds, account, command, files);
        let text = serde_json::to_vec_pretty(&manifest)?;
        write_whole(&self.place.join("manifest.json"), &text)
    }
}

fn failed(place: &Path, error: &io::Error) -> Diagnostic {
    unwritten(&place.display().to_string(), error)
}

/// Numbers of a folder's table; of more runs it holds what the model shows. A table that is asked
/// for by name is always whole.
const MOST: u64 = 10_000_000;

/// Whether a folder of these runs has a table of the shown quantities alone.
pub fn abridged(worlds: &Worlds) -> bool {
    let model = worlds.first().model();
    let each = columns(model).len() as u64 * (model.calendar.len as u64 + 1);
    worlds.count() > 1 && each * worlds.count() > MOST
}

fn in_folder(place: &Path, worlds: &Worlds) -> io::Result<Box<dyn Table>> {
    if !abridged(worlds) {
        return table("csv", place, worlds);
    }
    let shown = |model: &Model, trace: &Trace| {
        let curves = headline(model, trace).into_iter();
        curves.map(|curve| (curve.name, curve.values)).collect()
    };
    Ok(Box::new(ChosenCsv::begin(Aside::begin(place)?, shown)))
}

/// A table by the end of its name.
fn table(end: &str, place: &Path, worlds: &Worlds) -> io::Result<Box<dyn Table>> {
    let sink = Aside::begin(place)?;
    if end == "parquet" {
        return Ok(Box::new(Parquet::begin(sink)?));
    }
    let names = names(worlds.variants.iter().map(Variant::model));
    Ok(Box::new(WideCsv::begin(sink, names, worlds.like())?))
}

/// The command's own words after `saldo`.
pub fn command() -> Vec<String> {
    let words = std::env::args_os().skip(1);
    words
        .map(|word| word.to_string_lossy().into_owned())
        .collect()
}

fn manifest(
    args: &RunArgs,
    worlds: &Worlds,
    account: &Account,
    command: Vec<String>,
    files: Vec<FileHash>,
) -> Manifest {
    let session = &worlds.first().session;
    let (model, first) = (session.model(), account.central());
    let single = worlds.count() == 1;
    let inputs = session.inputs.iter();
    Manifest {
        manifest: saldo_store::VERSION,
        saldo: env!("CARGO_PKG_VERSION").into(),
        model: model.name.to_string(),
        title: model.title.to_string(),
        scenario: args
            .model
            .scenario
            .first()
            .cloned()
            .filter(|_| !worlds.several()),
        scenarios: scenarios(worlds),
        command,
        path: args.model.model.display().to_string(),
        seed: worlds.seed,
        draws: account.runs,
        failed_draws: account.failed_count,
        failed: account.failed.clone(),
        choices: worlds
            .variants
            .iter()
            .filter_map(|it| it.label.clone())
            .collect(),
        periods: model.calendar.len,
        completed: first.completed,
        complete: account.runs == worlds.count() && account.failed_count == 0 && !stopped(),
        stopped: match single {
            true => explain_stop(model, first).map(|problem| problem.headline),
            false => None,
        },
        missed: account.missed.in_words().collect(),
        abridged: abridged(worlds),
        inputs: inputs
            .map(|(name, sha256)| FileHash {
                name: name.clone(),
                sha256: sha256.clone(),
            })
            .collect(),
        files,
    }
}
