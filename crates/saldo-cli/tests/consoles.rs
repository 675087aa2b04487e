//! What the gallery and the manual print is what the program prints: every `console` block of
//! `models/*/README.md` and `book/` is run from the project's folder. `SALDO_ACCEPT=1` writes
//! the answers into the pages; a person reads the difference.

use std::collections::BTreeSet;
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

/// The account on the first page is an excerpt of what the flagship prints; `…` stands for what is
/// left out.
#[test]
fn the_first_page_quotes_the_flagship() {
    let page = std::fs::read_to_string(root().join("README.md")).expect("the first page");
    let quoted = page
        .split("```text\n")
        .find(|it| it.starts_with("russia: "));
    let quoted = quoted.and_then(|it| it.split("```").next());
    let printed = answer("saldo run models/russia --out /dev/null");
    let lines: Vec<&str> = quoted.expect("an account").lines().collect();
    assert!(lines.len() > 5, "the account was found");
    for line in lines.iter().filter(|line| line.trim() != "…") {
        let known = line.is_empty() || printed.lines().any(|it| it == *line);
        assert!(known, "the flagship does not print: {line}");
    }
}

/// Names between backquotes, taken apart into words.
fn named(page: &str) -> BTreeSet<&str> {
    let quoted = page.split('`').skip(1).step_by(2);
    let apart = |c: char| !(c.is_ascii_lowercase() || c == '_');
    quoted.flat_map(|text| text.split(apart)).collect()
}

/// The words between `before` and `after` in a text.
fn between<'a>(text: &'a str, before: &str, after: &str) -> Vec<&'a str> {
    let parts = text.split(before).skip(1);
    parts
        .filter_map(|part| part.split(after).next())
        .filter(|word| word.chars().all(|c| c.is_ascii_lowercase() || c == '_'))
        .collect()
}

/// The reference names every word of the grammar and every function of the language.
#[test]
fn the_reference_names_every_word_and_function() {
    let read = |path: &str| std::fs::read_to_string(root().join(path)).expect("a text");
    let (page, grammar) = (read("book/13-words.md"), read("spec/grammar.md"));
    let calls = read("crates/saldo-model/src/lower/calls.rs");
    let (_, functions) = calls.split_once("const FUNCTIONS").expect("the functions");
    let rules: Vec<&str> = grammar.split("```text\n").skip(1).collect();
    let rules = rules
        .iter()
        .map(|rule| rule.split("```").next().unwrap_or_default());
    let mut words: Vec<&str> = rules.flat_map(|rule| between(rule, " '", "'")).collect();
    assert!(words.len() > 100, "the rules were found");
    words.extend(between(functions, "(\"", "\","));
    let known = named(&page);
    let missing: BTreeSet<&str> = words
        .into_iter()
        .filter(|word| !known.contains(word))
        .collect();
    assert!(
        missing.is_empty(),
        "book/13-words.md does not name {missing:?}"
    );
}
