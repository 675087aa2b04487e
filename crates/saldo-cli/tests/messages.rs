//! Every page of `saldo explain` keeps its word: its bad example causes the message, its way out
//! is fine, and every message that the code can give has a page.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Messages that no example can cause without luck or harm.
const UNSHOWN: [&str; 2] = ["interrupted", "threads"];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn chapters() -> Vec<(String, String)> {
    let folder = root().join("spec/messages");
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .expect("spec/messages")
        .flatten()
        .collect();
    files.sort_by_key(std::fs::DirEntry::path);
    let read = |file: &std::fs::DirEntry| std::fs::read_to_string(file.path()).expect("a chapter");
    files
        .iter()
        .map(|file| (file.file_name().to_string_lossy().into_owned(), read(file)))
        .collect()
}

/// Code blocks of a section: (language, text).
fn fences(section: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut open: Option<(String, String)> = None;
    for line in section.lines() {
        match (&mut open, line.strip_prefix("```")) {
            (None, Some(language)) => open = Some((language.trim().to_string(), String::new())),
            (Some(_), Some(_)) => found.extend(open.take()),
            (Some((_, text)), None) => {
                text.push_str(line);
                text.push('\n');
            }
            (None, None) => {}
        }
    }
    found
}

fn base() -> String {
    let all = chapters();
    let text = &all
        .iter()
        .find(|(name, _)| name == "text.md")
        .expect("text.md")
        .1;
    fences(text)
        .into_iter()
        .find(|(language, _)| language == "saldo")
        .expect("a base model")
        .1
}

/// The base with the lines of `-` taken away and those of `+` put where the last one was.
fn changed(id: &str, diff: &str) -> String {
    let base = base();
    let mut lines: Vec<String> = base.lines().map(String::from).collect();
    let mut at = lines.len();
    for change in diff.lines() {
        if let Some(gone) = change.strip_prefix("- ") {
            let place = lines.iter().position(|line| line.trim() == gone.trim());
            at = place.unwrap_or_else(|| panic!("{id}: the base has no line `{gone}`"));
            lines.remove(at);
        } else if let Some(new) = change.strip_prefix('+') {
            lines.insert(at, new.trim_start_matches(' ').to_string());
            at += 1;
        }
    }
    lines.join("\n") + "\n"
}

/// A fresh folder with the model `island` in it.
fn folder(id: &str, kind: &str, model: &str) -> PathBuf {
    let name = format!("saldo-messages-{}-{id}-{kind}", std::process::id());
    let place = std::env::temp_dir().join(name);
    let _ = std::fs::remove_dir_all(&place);
    std::fs::create_dir_all(place.join("island")).expect("a folder");
    std::fs::write(place.join("island/model.saldo"), model).expect("a model");
    place
}

/// Standard output and error of a shell command in a folder, with `saldo` being this build.
fn shell(place: &Path, command: &str) -> String {
    let saldo = Path::new(env!("CARGO_BIN_EXE_saldo"));
    let paths = std::env::var("PATH").unwrap_or_default();
    let path = format!("{}:{paths}", saldo.parent().expect("a folder").display());
    let run = Command::new("sh")
        .args(["-c", command])
        .current_dir(place)
        .env("PATH", path)
        .output();
    let run = run.expect("a shell");
    String::from_utf8_lossy(&run.stdout).into_owned() + &String::from_utf8_lossy(&run.stderr)
}

/// What is wrong with the page of a message, if anything.
fn judge(id: &str, section: &str) -> Vec<String> {
    let all = fences(section);
    let diffs: Vec<&String> = all
        .iter()
        .filter(|(language, _)| language == "diff")
        .map(|(_, text)| text)
        .collect();
    let commands = all
        .iter()
        .filter(|(language, _)| language == "sh")
        .map(|(_, text)| text.clone());
    let commands: Vec<String> = commands.collect();
    let command = commands
        .first()
        .map_or("saldo check island", String::as_str);
    let mut wrong = Vec::new();
    if diffs.is_empty() && commands.is_empty() {
        if !UNSHOWN.contains(&id) {
            wrong.push(format!("{id}: no example"));
        }
        return wrong;
    }
    for (at, diff) in diffs.iter().enumerate().take(2) {
        let place = folder(id, if at == 0 { "bad" } else { "good" }, &changed(id, diff));
        files(&place, &all);
        let said = shell(&place, command);
        let told = said.contains(&format!("[{id}]"));
        let long = said
            .lines()
            .filter(|line| line.starts_with("error[") || line.starts_with("warning["))
            .find(|line| headline(line).chars().count() > 80);
        if let Some(line) = long {
            wrong.push(format!("{id}: a headline longer than 80 columns:\n{line}"));
        }
        if at == 0 && !told {
            wrong.push(format!("{id}: the bad example is not told so:\n{said}"));
        }
        if at == 1 && said.contains("error[") {
            wrong.push(format!("{id}: the way out is no way out:\n{said}"));
        }
        let _ = std::fs::remove_dir_all(place);
    }
    if diffs.is_empty() {
        let place = folder(id, "sh", &base());
        files(&place, &all);
        let said = shell(&place, command);
        if !said.contains(&format!("[{id}]")) {
            wrong.push(format!("{id}: the command does not show it:\n{said}"));
        }
        let _ = std::fs::remove_dir_all(place);
    }
    wrong
}

/// What stands behind the severity and the id.
fn headline(line: &str) -> &str {
    line.split_once("]: ")
        .map_or(line, |(_, headline)| headline)
}

/// Ten slips in ten lines are ten messages, each once, in the order of the text.
#[test]
fn ten_mistakes_are_ten_messages() {
    let mistakes = [
        ("unknown-name", "a1 = wagess"),
        ("stock-plus-flow", "a2 = wages + opening households.cash"),
        ("when", "a3 = households.cash"),
        ("balance-set", "households.cash = 3 usd"),
        ("no-source", "param a5 = 3"),
        ("lead", "a6 = lag(wages, -1 year)"),
        ("unit-unknown", "a7 = 3 dollar/year"),
        ("foreign-sign", "a8 := 3"),
        ("expected", "a9 = wages +"),
        ("function-arguments", "a10 = exp(1, 2)"),
    ];
    let lines: Vec<&str> = mistakes.iter().map(|(_, line)| *line).collect();
    let place = folder("ten", "bad", &(base() + &lines.join("\n") + "\n"));
    let said = shell(&place, "saldo check island --format short");
    let _ = std::fs::remove_dir_all(place);
    let first = base().lines().count() + 1;
    let told: Vec<&str> = said
        .lines()
        .filter(|line| line.contains("error["))
        .collect();
    assert_eq!(told.len(), mistakes.len(), "{said}");
    for (at, (id, _)) in mistakes.iter().enumerate() {
        let place = format!("model.saldo:{}:", first + at);
        assert!(
            told[at].contains(&place) && told[at].contains(id),
            "{}",
            told[at]
        );
    }
}

/// Further files of an example: a block `csv NAME` or `saldo NAME`.
fn files(place: &Path, all: &[(String, String)]) {
    for (language, text) in all {
        if let Some((_, name)) = language.split_once(' ') {
            std::fs::write(place.join("island").join(name), text).expect("a file");
        }
    }
}

#[test]
fn the_base_model_is_fine() {
    let place = folder("base", "base", &base());
    let said = shell(&place, "saldo run island --out out");
    let _ = std::fs::remove_dir_all(place);
    assert!(said.contains("The books balance exactly"), "{said}");
}

#[test]
fn every_page_shows_its_message() {
    let wrong: Vec<String> = chapters()
        .iter()
        .flat_map(|(_, text)| {
            let sections: Vec<String> = text.split("\n## ").skip(1).map(String::from).collect();
            sections
                .into_iter()
                .flat_map(|section| {
                    let id = section
                        .lines()
                        .next()
                        .unwrap_or_default()
                        .trim()
                        .to_string();
                    judge(&id, &section)
                })
                .collect::<Vec<_>>()
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n----\n"));
}

#[test]
fn every_message_has_a_page() {
    let pages: BTreeSet<String> = saldo_diag::pages()
        .iter()
        .map(|page| page.id.to_string())
        .collect();
    let mut missing = BTreeSet::new();
    let mut known = BTreeSet::new();
    for id in ids_in(&root().join("crates")) {
        if !pages.contains(&id) {
            missing.insert(id.clone());
        }
        known.insert(id);
    }
    assert!(missing.is_empty(), "without a page: {missing:?}");
    let stale: Vec<_> = pages
        .difference(&known)
        .filter(|id| id.contains('-'))
        .collect();
    assert!(stale.is_empty(), "pages of no message: {stale:?}");
    assert!(known.len() >= 60);
}

/// Every id of a message in the source: a literal with a hyphen that is a whole argument.
fn ids_in(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
        let path = entry.path();
        let name = entry.file_name();
        if path.is_dir() && name != "target" && name != "tests" {
            found.extend(ids_in(&path));
        } else if path.extension().is_some_and(|end| end == "rs") {
            let text = std::fs::read_to_string(&path).expect("source");
            // What follows are unit tests with ids of their own.
            let text = text.split("#[cfg(test)]").next().unwrap_or_default();
            found.extend(text.lines().filter_map(id_of));
        }
    }
    found
}

fn id_of(line: &str) -> Option<String> {
    let line = line.trim();
    let whole = line.strip_suffix(',').unwrap_or(line);
    let inside = ["(\"", "id: \""]
        .iter()
        .find_map(|start| line.split_once(start)?.1.split_once('"'));
    let candidate = match whole
        .strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'))
    {
        Some(whole) => whole,
        None => inside.filter(|(_, rest)| rest.starts_with(','))?.0,
    };
    let id = candidate.contains('-') && !candidate.starts_with('-') && !candidate.ends_with('-');
    (id && candidate
        .chars()
        .all(|c| c.is_ascii_lowercase() || c == '-'))
    .then(|| candidate.to_string())
}
