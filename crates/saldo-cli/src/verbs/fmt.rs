//! `saldo fmt`: texts into the customary layout. A text that cannot be read is left as it is.

use crate::args::FmtArgs;
use crate::talk;
use saldo_diag::{Diagnostic, FileId, Sources};
use saldo_exchange::{decode, texts_below};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// What became of the texts.
#[derive(Default)]
struct Outcome {
    sources: Sources,
    problems: Vec<Diagnostic>,
    /// Texts that were, or would be, changed.
    changed: Vec<String>,
    unchanged: usize,
}

pub fn run(args: &FmtArgs) -> ExitCode {
    let mut outcome = Outcome::default();
    for path in &args.paths {
        if path.as_os_str() == "-" {
            outcome.pipe(args.check);
        } else {
            for file in files(path) {
                outcome.file(&file, args.check);
            }
        }
    }
    outcome.tell(args);
    ExitCode::from(u8::from(outcome.failed(args.check)))
}

/// A folder stands for all texts below it.
fn files(path: &Path) -> Vec<PathBuf> {
    if path.is_dir() {
        texts_below(path)
    } else {
        vec![path.to_path_buf()]
    }
}

impl Outcome {
    fn pipe(&mut self, check: bool) {
        let mut bytes = Vec::new();
        let limit = saldo_syntax::MAX_FILE as u64 + 1;
        let read = std::io::stdin().lock().take(limit).read_to_end(&mut bytes);
        if let Err(error) = read {
            return self.refuse(
                "file-missing",
                format!("standard input cannot be read: {error}"),
                "check what is piped in",
            );
        }
        let Some(text) = self.formatted("standard input", &bytes) else {
            return;
        };
        if !check {
            let _ = std::io::stdout().write_all(text.as_bytes());
        }
        self.count("standard input", text.as_bytes() != bytes.as_slice());
    }

    fn file(&mut self, path: &Path, check: bool) {
        let name = path.display().to_string();
        let size = std::fs::metadata(path).map_or(0, |meta| meta.len());
        if size > saldo_syntax::MAX_FILE as u64 {
            return self.refuse(
                "file-size",
                format!("{name} is too large ({} MB)", size >> 20),
                "move data into CSV files",
            );
        }
        let bytes = match std::fs::read(path) {
            Ok(bytes) => bytes,
            Err(error) => {
                return self.refuse(
                    "file-missing",
                    format!("{name} cannot be read: {error}"),
                    "check its name and rights",
                );
            }
        };
        let Some(text) = self.formatted(&name, &bytes) else {
            return;
        };
        let changes = text.as_bytes() != bytes.as_slice();
        if changes && !check {
            // A link keeps being one: what it leads to is written.
            let real = path.canonicalize().unwrap_or_else(|_| path.to_path_buf());
            let rights = std::fs::metadata(&real).map(|about| about.permissions());
            let written = saldo_store::write_whole(&real, text.as_bytes())
                .and_then(|()| std::fs::set_permissions(&real, rights?));
            if let Err(error) = written {
                return self.refuse(
                    "write-failed",
                    format!("{name} cannot be written: {error}"),
                    "check the folder's rights and space",
                );
            }
        }
        self.count(&name, changes);
    }

    /// The text in its layout; what is wrong with it is kept for the end.
    fn formatted(&mut self, name: &str, bytes: &[u8]) -> Option<String> {
        let text = match decode(bytes.to_vec(), name) {
            Ok(text) => text,
            Err(error) => {
                self.refuse(error.id, error.what, &error.help);
                return None;
            }
        };
        let file: FileId = self.sources.add(name, text.clone());
        match saldo_syntax::format::format(file, &text) {
            Ok(text) => Some(text),
            Err(problems) => {
                self.problems.extend(problems);
                None
            }
        }
    }

    fn count(&mut self, name: &str, changes: bool) {
        match changes {
            true => self.changed.push(name.to_string()),
            false => self.unchanged += 1,
        }
    }

    fn refuse(&mut self, id: &'static str, what: String, help: &str) {
        let problem = Diagnostic::error(id, what)
            .why("Only a text that was read whole can be given back whole.")
            .help(help);
        self.problems.push(problem);
    }

    fn failed(&self, check: bool) -> bool {
        !self.problems.is_empty() || (check && !self.changed.is_empty())
    }

    fn tell(&self, args: &FmtArgs) {
        if args.json {
            let problems: Vec<_> = self
                .problems
                .iter()
                .map(|problem| saldo_diag::json(problem, &self.sources))
                .collect();
            let ok = !self.failed(args.check);
            let answer = serde_json::json!({
                "version": saldo_diag::JSON_VERSION, "ok": ok, "check": args.check,
                "changed": self.changed, "unchanged": self.unchanged, "problems": problems,
            });
            // Standard output may carry the text itself.
            match args.paths.iter().any(|path| path.as_os_str() == "-") {
                true => eprintln!("{answer}"),
                false => println!("{answer}"),
            }
            return;
        }
        talk::tell(&self.problems, &self.sources, args.format, false);
        for name in &self.changed {
            eprintln!(
                "{} {name}",
                if args.check {
                    "would change"
                } else {
                    "changed"
                }
            );
        }
    }
}
