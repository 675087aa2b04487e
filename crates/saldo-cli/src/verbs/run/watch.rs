//! `saldo run --watch`: runs again whenever a file of the model changes, and says what that did.

use super::{Done, once};
use crate::args::RunArgs;
use crate::progress::{listen, stopped};
use crate::talk;
use saldo_report::short;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, SystemTime};

/// How often the files are looked at. Looking is cheap and works on every file system.
const EVERY: Duration = Duration::from_millis(300);

/// When each file was changed, and how long it is.
type Seen = BTreeMap<PathBuf, (Option<SystemTime>, u64)>;

pub fn run(args: &RunArgs) -> ExitCode {
    listen();
    let root = match args.model.model.is_dir() {
        true => args.model.model.clone(),
        false => match args.model.model.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent.to_path_buf(),
            _ => PathBuf::from("."),
        },
    };
    let mut last: Option<Done> = None;
    let mut seen = look(&root);
    loop {
        match once(args, None) {
            Ok(done) => {
                if let Some(before) = &last {
                    talk::say(&difference(before, &done));
                }
                last = Some(done);
            }
            Err(_) if !args.model.model.exists() && last.is_none() => return ExitCode::from(2),
            Err(_) => {}
        }
        talk::warn(&format!("watching {} (Ctrl-C ends)", root.display()));
        let now = loop {
            if stopped() {
                return ExitCode::from(130);
            }
            std::thread::sleep(EVERY);
            let now = look(&root);
            if now != seen {
                break now;
            }
        };
        talk::warn(&format!("\nchanged: {}", changed(&seen, &now).join(", ")));
        seen = now;
    }
}

/// The texts and tables of a model's folder.
fn look(root: &Path) -> Seen {
    let mut seen = Seen::new();
    collect(root, &mut seen, 0);
    seen
}

fn collect(folder: &Path, seen: &mut Seen, depth: u32) {
    const DEEPEST: u32 = 8;
    let Ok(entries) = std::fs::read_dir(folder) else {
        return;
    };
    for entry in entries.flatten() {
        let (path, name) = (entry.path(), entry.file_name());
        let hidden = name.to_string_lossy().starts_with('.');
        let read = path
            .extension()
            .is_some_and(|end| end == "saldo" || end == "csv");
        if path.is_dir() && depth < DEEPEST && !hidden && name != "results" {
            collect(&path, seen, depth + 1);
        } else if read
            && !hidden
            && let Ok(about) = entry.metadata()
        {
            seen.insert(path, (about.modified().ok(), about.len()));
        }
    }
}

fn changed(before: &Seen, now: &Seen) -> Vec<String> {
    let gone = before.keys().filter(|path| !now.contains_key(*path));
    let new = now
        .iter()
        .filter(|(path, about)| before.get(*path) != Some(*about));
    let all = gone.chain(new.map(|(path, _)| path));
    all.map(|path| path.display().to_string()).collect()
}

/// The headline quantities at the end of the run, before and after the change.
fn difference(before: &Done, after: &Done) -> String {
    let mut out = String::from("since the last run, in the last period:\n");
    for (title, value) in &after.last {
        let old = before.last.iter().find(|(other, _)| other == title);
        let told = match old {
            Some((_, old)) if old == value => format!("{}, as before", short(*value)),
            Some((_, old)) => format!("{} → {}", short(*old), short(*value)),
            None => format!("{} (new)", short(*value)),
        };
        out += &format!("  {title}: {told}\n");
    }
    out
}
