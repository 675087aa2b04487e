//! Habits of the project that a machine can keep: who may know whom, lengths, links, sizes.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// All files of the project below `folder`, build results and version control apart.
fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    const APART: [&str; 5] = ["target", ".git", "results", "node_modules", "corpus"];
    let mut entries: Vec<_> = std::fs::read_dir(folder)
        .expect("a folder")
        .flatten()
        .collect();
    entries.sort_by_key(std::fs::DirEntry::path);
    for entry in entries {
        let path = entry.path();
        let name = entry.file_name().to_string_lossy().into_owned();
        if path.is_dir() && !APART.contains(&&*name) {
            files(&path, found);
        } else if path.is_file() {
            found.push(path);
        }
    }
}

fn all_files() -> Vec<PathBuf> {
    let mut found = Vec::new();
    files(&root(), &mut found);
    found
}

fn with_end(end: &str) -> Vec<(PathBuf, String)> {
    let paths = all_files()
        .into_iter()
        .filter(|path| path.extension().is_some_and(|it| it == end));
    paths
        .map(|path| {
            let text = std::fs::read_to_string(&path).expect("a text");
            (path, text)
        })
        .collect()
}

/// `saldo-…` entries of the `[dependencies]` of a manifest, sorted.
fn used(manifest: &str) -> Vec<String> {
    let own = manifest.split("[dependencies]").nth(1).unwrap_or_default();
    let own = own.split("\n[").next().unwrap_or_default();
    let mut names: Vec<String> = own
        .lines()
        .filter(|line| line.starts_with("saldo-"))
        .map(|line| {
            line.split(['.', ' ', '='])
                .next()
                .unwrap_or_default()
                .to_string()
        })
        .collect();
    names.sort();
    names
}

#[test]
fn crates_use_only_what_they_may() {
    let table = std::fs::read_to_string(root().join("tests/dependencies.txt")).expect("the table");
    let mut allowed: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for line in table
        .lines()
        .filter(|line| !line.starts_with('#') && !line.is_empty())
    {
        let (name, uses) = line.split_once(':').expect("NAME: USES");
        let mut uses: Vec<String> = uses.split_whitespace().map(String::from).collect();
        uses.sort();
        allowed.insert(name.to_string(), uses);
    }
    let mut real = BTreeMap::new();
    for folder in std::fs::read_dir(root().join("crates"))
        .expect("crates")
        .flatten()
    {
        let text = std::fs::read_to_string(folder.path().join("Cargo.toml")).expect("a manifest");
        real.insert(
            folder.file_name().to_string_lossy().into_owned(),
            used(&text),
        );
    }
    assert_eq!(
        allowed, real,
        "tests/dependencies.txt and the manifests differ"
    );
}

#[test]
fn long_files_say_why() {
    const LONGEST: usize = 650;
    let long: Vec<String> = with_end("rs")
        .into_iter()
        .filter(|(_, text)| text.lines().count() > LONGEST)
        .filter(|(_, text)| {
            !text
                .lines()
                .take(30)
                .any(|line| line.contains("Long because"))
        })
        .map(|(path, text)| format!("{}: {} lines", path.display(), text.lines().count()))
        .collect();
    assert!(
        long.is_empty(),
        "split these, or say `Long because …` at their head: {long:#?}"
    );
}

#[test]
fn no_large_files() {
    const LARGEST: u64 = 1_000_000;
    let large: Vec<PathBuf> = all_files()
        .into_iter()
        .filter(|path| path.metadata().map_or(0, |about| about.len()) > LARGEST)
        .collect();
    assert!(large.is_empty(), "over a megabyte: {large:#?}");
}

/// `[text](target)` outside code, as (target) texts.
fn links(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut in_code = false;
    for line in text.lines() {
        if line.trim_start().starts_with("```") {
            in_code = !in_code;
        }
        let mut rest = if in_code { "" } else { line };
        while let Some(at) = rest.find("](") {
            rest = &rest[at + 2..];
            if let Some(end) = rest.find(')') {
                found.push(rest[..end].to_string());
            }
        }
    }
    found
}

#[test]
fn links_inside_the_project_lead_somewhere() {
    let mut dead = Vec::new();
    for (path, text) in with_end("md") {
        for link in links(&text) {
            let target = link.split('#').next().unwrap_or_default();
            let outside =
                target.contains("://") || target.is_empty() || target.starts_with("mailto:");
            let folder = path.parent().expect("a folder");
            if !outside && !folder.join(target).exists() {
                dead.push(format!("{} -> {link}", path.display()));
            }
        }
    }
    assert!(dead.is_empty(), "dead links: {dead:#?}");
}

#[test]
fn models_are_in_the_customary_layout() {
    let out = std::process::Command::new(env!("CARGO_BIN_EXE_saldo"))
        .args(["fmt", "--check", "models", "stdlib", "book/models"])
        .current_dir(root())
        .output()
        .expect("saldo runs");
    let said = String::from_utf8_lossy(&out.stderr);
    assert!(
        out.status.success(),
        "run `saldo fmt models stdlib book/models`: {said}"
    );
}
