//! What the gallery and the manual print is what the program prints: every `console` block of
//! `models/*/README.md` and `book/` is run from the project's folder. `SALDO_ACCEPT=1` writes
//! the answers into the pages; a person reads the difference.

use std::path::{Path, PathBuf};
use std::process::Command;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn pages() -> Vec<PathBuf> {
    let mut pages = Vec::new();
    let models = std::fs::read_dir(root().join("models")).expect("models");
    pages.extend(
        models
            .flatten()
            .map(|folder| folder.path().join("README.md")),
    );
    if let Ok(book) = std::fs::read_dir(root().join("book")) {
        pages.extend(book.flatten().map(|page| page.path()));
    }
    pages.retain(|page| page.extension().is_some_and(|end| end == "md") && page.exists());
    pages.sort();
    pages
}

/// Words of a command; double quotes keep blanks.
fn words(command: &str) -> Vec<String> {
    let mut words = Vec::new();
    for (at, part) in command.split('"').enumerate() {
        match at % 2 {
            0 => words.extend(part.split_whitespace().map(String::from)),
            _ => words.push(part.to_string()),
        }
    }
    words
}

/// What `$ saldo …` prints; messages come after results, as a reader of a terminal sees them.
fn answer(command: &str) -> String {
    let out = Command::new(env!("CARGO_BIN_EXE_saldo"))
        .args(&words(command)[1..])
        .current_dir(root())
        .output()
        .expect("saldo runs");
    let text = [out.stdout, out.stderr].concat();
    let text = String::from_utf8(text).expect("text");
    text.lines()
        .map(|line| format!("{}\n", line.trim_end()))
        .collect()
}

/// The page with every console block answered anew.
fn answered(page: &str) -> String {
    let mut out = String::new();
    let mut lines = page.lines().peekable();
    while let Some(line) = lines.next() {
        out += &format!("{line}\n");
        if line != "```console" {
            continue;
        }
        for inside in lines.by_ref() {
            if let Some(command) = inside.strip_prefix("$ ") {
                out += &format!("{inside}\n{}", answer(command));
            }
            if inside == "```" {
                out += "```\n";
                break;
            }
        }
    }
    out
}

#[test]
fn pages_show_what_the_program_prints() {
    for page in pages() {
        let text = std::fs::read_to_string(&page).expect("a page");
        let now = answered(&text);
        if std::env::var_os("SALDO_ACCEPT").is_some() && now != text {
            std::fs::write(&page, &now).expect("the page can be written");
        } else {
            assert_eq!(now, text, "{} is out of date", page.display());
        }
    }
}
