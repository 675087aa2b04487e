//! Where text comes from: one small trait, a folder, and memory for tests.

use saldo_diag::Diagnostic;
use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Largest table that is read, in bytes.
const MAX_TABLE: u64 = 256 << 20;

/// Why a file could not be read, in a sentence for the user.
#[derive(Clone, Debug, PartialEq)]
pub struct FileError {
    pub id: &'static str,
    pub what: String,
    pub help: String,
}

/// Reads files by the path a model names.
pub trait Files: Sync {
    fn read(&self, path: &str) -> Result<Arc<str>, FileError>;
}

/// Files in memory.
#[derive(Clone, Debug, Default)]
pub struct Memory(pub BTreeMap<String, String>);

impl Files for Memory {
    fn read(&self, path: &str) -> Result<Arc<str>, FileError> {
        let missing = || FileError {
            id: "file-missing",
            what: format!("there is no file {path}"),
            help: "check its name".into(),
        };
        self.0
            .get(path)
            .map(|text| text.as_str().into())
            .ok_or_else(missing)
    }
}

/// A folder: nothing outside it is read unless it was allowed.
#[derive(Clone, Debug)]
pub struct Folder {
    pub root: PathBuf,
    pub allow: Vec<PathBuf>,
}

impl Files for Folder {
    fn read(&self, path: &str) -> Result<Arc<str>, FileError> {
        if path.contains("://") {
            return Err(FileError {
                id: "file-network",
                what: format!("{path} lies on a network"),
                help: "download it into the model's folder, so that the run can be repeated".into(),
            });
        }
        let full = self.root.join(path);
        // Links are followed before the place is judged.
        let real = full.canonicalize().map_err(|error| FileError {
            id: "file-missing",
            what: format!("{path} cannot be read: {}", plain(&error)),
            help: "paths are taken from the model's folder; check name and place".into(),
        })?;
        let inside = |folder: &Path| {
            folder
                .canonicalize()
                .is_ok_and(|folder| real.starts_with(folder))
        };
        if !inside(&self.root) && !self.allow.iter().any(|folder| inside(folder)) {
            return Err(FileError {
                id: "file-outside",
                what: format!("{path} lies outside the model's folder"),
                help: "copy it into the folder, or allow it:  --allow PATH".into(),
            });
        }
        // A pipe has no end that a run could be repeated from.
        if !real.is_file() && !real.is_dir() {
            return Err(FileError {
                id: "file-missing",
                what: format!("{path} is a pipe or a device"),
                help: "a table is a plain file, so that the run can be repeated".into(),
            });
        }
        text_of(&real, path)
    }
}

/// Bytes as text; what is no UTF-8 is refused with a guess at what it may be.
pub fn decode(bytes: Vec<u8>, shown: &str) -> Result<Arc<str>, FileError> {
    let wide = bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]);
    let refused = |what: String| FileError {
        id: "file-encoding",
        what: format!("{shown} is not UTF-8 text ({what})"),
        help: "save it as UTF-8 (spreadsheets call it  CSV UTF-8)".into(),
    };
    if wide {
        return Err(refused("it looks like UTF-16".into()));
    }
    if let Some(at) = bytes.iter().position(|byte| *byte == 0) {
        return Err(refused(format!(
            "byte {at} is zero: another encoding, or no text at all"
        )));
    }
    // Without line ends a comment would swallow the rest of the text.
    let old = bytes.contains(&b'\r') && !bytes.contains(&b'\n');
    if old && shown.ends_with(".saldo") {
        return Err(refused("its lines end with a carriage return alone".into()));
    }
    match String::from_utf8(bytes) {
        Ok(text) => Ok(match text.strip_prefix('\u{feff}') {
            Some(rest) => rest.into(),
            None => text.into(),
        }),
        Err(error) => {
            let good = &error.as_bytes()[..error.utf8_error().valid_up_to()];
            let line = 1 + good.iter().filter(|byte| **byte == b'\n').count();
            Err(refused(format!(
                "line {line}; perhaps an older encoding such as Latin-1 or Windows-1251"
            )))
        }
    }
}

fn text_of(real: &Path, shown: &str) -> Result<Arc<str>, FileError> {
    let size = std::fs::metadata(real).map_or(0, |meta| meta.len());
    if size > MAX_TABLE {
        return Err(FileError {
            id: "file-size",
            what: format!("{shown} is too large ({} MB)", size >> 20),
            help: "keep the rows and columns the model reads".into(),
        });
    }
    let bytes = read_bounded(real).map_err(|error| FileError {
        id: "file-missing",
        what: format!("{shown} cannot be read: {}", plain(&error)),
        help: "check its name and rights".into(),
    })?;
    decode(bytes, shown)
}

/// Never more than the limit, whatever size the system told (a device tells none).
fn read_bounded(real: &Path) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    std::fs::File::open(real)?
        .take(MAX_TABLE)
        .read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn plain(error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::NotFound => "it does not exist".into(),
        std::io::ErrorKind::PermissionDenied => "it may not be read".into(),
        std::io::ErrorKind::IsADirectory => "it is a folder".into(),
        _ => {
            let told = error.to_string();
            told.split(" (os error")
                .next()
                .unwrap_or_default()
                .to_lowercase()
        }
    }
}

/// Path as the user knows it, and text.
pub type TextFile = (String, Arc<str>);

/// The files of one model, found from the path the user gave.
pub struct Project {
    pub root: PathBuf,
    /// In the order of their names.
    pub files: Vec<TextFile>,
    pub tables: Folder,
}

/// A folder with `model.saldo` is one model; a single file takes the evidence and scenarios
/// that name it and lie beside it, or in folders `evidence` and `scenarios` beside it.
pub fn load(path: &Path, allow: &[PathBuf]) -> Result<Project, Diagnostic> {
    let root = if path.is_dir() {
        path.to_path_buf()
    } else {
        path.parent().unwrap_or(Path::new("")).to_path_buf()
    };
    let root = if root.as_os_str().is_empty() {
        PathBuf::from(".")
    } else {
        root
    };
    let found = if path.is_dir() {
        folder(path)?
    } else {
        beside(path, &root)?
    };
    let mut files = Vec::new();
    for file in found {
        let text = text_of(&file, &file.display().to_string()).map_err(|error| problem(&error))?;
        files.push((file.display().to_string(), text));
    }
    let tables = Folder {
        root: root.clone(),
        allow: allow.to_vec(),
    };
    Ok(Project {
        root,
        files,
        tables,
    })
}

fn problem(error: &FileError) -> Diagnostic {
    Diagnostic::error(error.id, error.what.clone())
        .why("A model is read from its files before anything else can be said about it.")
        .help(error.help.clone())
}

fn folder(path: &Path) -> Result<Vec<PathBuf>, Diagnostic> {
    if !path.join("model.saldo").is_file() {
        return Err(Diagnostic::error("no-model-file", format!("there is no model.saldo in {}", path.display()))
            .why("A folder is a model if it holds a file of that name; all .saldo files below belong to it.")
            .help("name the file itself, or make a model:  saldo new NAME"));
    }
    Ok(texts_below(path))
}

/// Every .saldo file in a folder and below, in the order of their names. A folder that links
/// lead to twice is read once.
pub fn texts_below(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    collect(folder, &mut found, 8, &mut BTreeSet::new());
    found.sort();
    found
}

fn collect(path: &Path, found: &mut Vec<PathBuf>, deeper: u32, seen: &mut BTreeSet<PathBuf>) {
    if !path.canonicalize().is_ok_and(|real| seen.insert(real)) {
        return;
    }
    let Ok(entries) = std::fs::read_dir(path) else {
        return;
    };
    let mut entries: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() && deeper > 0 {
            collect(&path, found, deeper - 1, seen);
        } else if path.extension().is_some_and(|ending| ending == "saldo") && !path.is_dir() {
            found.push(path);
        }
    }
}

fn beside(path: &Path, root: &Path) -> Result<Vec<PathBuf>, Diagnostic> {
    if path.is_file() && path.extension().is_none_or(|ending| ending != "saldo") {
        let headline = format!("{} is no text of a model", path.display());
        return Err(Diagnostic::error("no-model-file", headline)
            .why("Texts of models end with .saldo; anything else would be read as noise.")
            .help("name a .saldo file, or the folder of a model"));
    }
    let text = text_of(path, &path.display().to_string()).map_err(|error| problem(&error))?;
    let mut found = vec![path.to_path_buf()];
    let Some(name) = declared(&text, "model") else {
        return Ok(found);
    };
    let mut all = Vec::new();
    for folder in [root, &root.join("evidence"), &root.join("scenarios")] {
        collect(folder, &mut all, 0, &mut BTreeSet::new());
    }
    all.sort();
    for other in all.into_iter().filter(|other| other != path) {
        let Ok(text) = text_of(&other, "") else {
            continue;
        };
        let of = declared(&text, "evidence for").or_else(|| declared_scenario(&text));
        if of.as_deref() == Some(&name) {
            found.push(other);
        }
    }
    Ok(found)
}

fn first_line(text: &str) -> &str {
    text.lines()
        .map(str::trim)
        .find(|line| !line.is_empty() && !line.starts_with('#'))
        .unwrap_or("")
}

fn declared(text: &str, words: &str) -> Option<String> {
    first_line(text)
        .strip_prefix(words)?
        .split_whitespace()
        .next()
        .map(str::to_string)
}

fn declared_scenario(text: &str) -> Option<String> {
    let mut words = first_line(text).split_whitespace();
    (words.next()? == "scenario").then_some(())?;
    words.next()?;
    (words.next()? == "for").then_some(())?;
    words.next().map(str::to_string)
}
