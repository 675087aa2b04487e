//! `spec/grammar.md` holds. Every example is read: a good one without problems, and in the
//! layout of `saldo fmt`; a bad one with exactly the messages that stand below it. What comes
//! with a later version is read without a problem and then named.

use saldo_diag::{Diagnostic, FileId, Sources};
use saldo_model::{Setup, build};
use saldo_syntax::{format::format, parse};
use std::path::{Path, PathBuf};

/// A model that examples of a later version are added to.
const BASE: &str = "model later\ntime yearly from 1 to 2\n";

struct Block {
    line: usize,
    info: String,
    text: String,
}

fn chapter() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../spec/grammar.md")
}

fn blocks(text: &str) -> Vec<Block> {
    let mut found: Vec<Block> = Vec::new();
    let mut inside = false;
    for (at, line) in text.lines().enumerate() {
        match line.strip_prefix("```") {
            Some(info) if !inside => {
                inside = true;
                found.push(Block {
                    line: at + 1,
                    info: info.trim().into(),
                    text: String::new(),
                });
            }
            Some(_) => inside = false,
            None if inside => {
                let block = found.last_mut().expect("a block");
                block.text += line;
                block.text.push('\n');
            }
            None => {}
        }
    }
    found
}

/// `line: id: headline` of each problem.
fn told(problems: &[Diagnostic], sources: &Sources) -> String {
    let mut lines: Vec<(usize, String)> = problems
        .iter()
        .map(|problem| {
            let line = problem.labels.first().map_or(0, |label| {
                sources.line_column(label.span.file, label.span.start).0
            });
            (
                line,
                format!("{line}: {}: {}\n", problem.id, problem.headline),
            )
        })
        .collect();
    lines.sort();
    lines.into_iter().map(|(_, text)| text).collect()
}

fn problems_of(text: &str) -> String {
    let mut sources = Sources::default();
    let id = sources.add("example", text);
    told(&parse(id, text).problems, &sources)
}

/// What the checker says about an example of a later version.
fn later(text: &str) -> String {
    let files = [("model.saldo".to_string(), format!("{BASE}{text}").into())];
    let built = build(
        &files,
        &saldo_exchange::Memory::default(),
        &Setup::default(),
    );
    let mut headlines: Vec<String> = built
        .problems
        .iter()
        .map(|problem| format!("{}: {}\n", problem.id, problem.headline))
        .collect();
    headlines.sort();
    headlines.dedup();
    headlines.concat()
}

/// Writes what came in place of what was expected.
fn accept(text: &str, blocks: &[Block]) {
    let mut lines: Vec<String> = text.lines().map(String::from).collect();
    for (at, block) in blocks.iter().enumerate().rev() {
        let program = at.checked_sub(1).map_or("", |before| &*blocks[before].text);
        let came = match block.info.as_str() {
            "error" => problems_of(program),
            "later" => later(program),
            _ => format(FileId(0), &block.text).unwrap_or_else(|_| block.text.clone()),
        };
        let old = block.line..block.line + block.text.lines().count();
        if block.info != "text" {
            lines.splice(old, came.lines().map(String::from));
        }
    }
    std::fs::write(chapter(), lines.join("\n") + "\n").expect("spec/grammar.md");
}

#[test]
fn the_grammar_holds() {
    let text = std::fs::read_to_string(chapter()).expect("spec/grammar.md");
    let blocks = blocks(&text);
    let mut wrong = Vec::new();
    let (mut good, mut bad) = (0, 0);
    for (at, block) in blocks
        .iter()
        .enumerate()
        .filter(|(_, block)| block.info == "saldo")
    {
        let below = blocks.get(at + 1);
        let expected = below.filter(|below| below.info == "error" || below.info == "later");
        let came = match expected.map(|below| below.info.as_str()) {
            Some("later") => later(&block.text),
            _ => problems_of(&block.text),
        };
        let wanted = expected.map_or("", |below| below.text.as_str());
        if came != wanted {
            wrong.push(format!(
                "line {}:\n{}gives\n{came}not\n{wanted}",
                block.line, block.text
            ));
        }
        if expected.is_some_and(|below| below.info == "error") {
            bad += wanted.lines().count();
            continue;
        }
        good += 1;
        match format(FileId(0), &block.text) {
            Ok(layout) if layout == block.text => {}
            Ok(layout) => wrong.push(format!("line {}: the layout is\n{layout}", block.line)),
            Err(_) => wrong.push(format!(
                "line {}: cannot be read:\n{}",
                block.line,
                problems_of(&block.text)
            )),
        }
    }
    if std::env::var_os("SALDO_ACCEPT").is_some() {
        return accept(&text, &blocks);
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n----\n"));
    assert!(
        good >= 20 && bad >= 60,
        "{good} good examples, {bad} messages of bad ones"
    );
}

/// The smallest whole model, a line of each kind.
const ISLAND: &str = "model island
time yearly from 1 to 10
unit usd : money to 0.01
set kind { a, b }
sector households
sector firms
sector government
instrument cash [usd] { issued by government  held by households  through firms }
param theta = 20% \"tax rate\" assumed \"an example\"
event reform on 5 \"A reform\" assumed \"an example\"
income = wages - taxes
measure share = taxes / wages
flows in cash {
  consumption : households -> firms      = 0.6 * income + 40% per year * opening households.cash
  purchases   : government -> firms      = 20 usd/year
  wages       : firms      -> households until closing firms.cash == 0
  taxes       : households -> government = theta * wages
}
start empty
check \"taxes are paid\" always : taxes >= 0 usd/year
";

#[test]
fn one_mistake_is_told_once() {
    let lines: Vec<&str> = ISLAND.lines().collect();
    let mut wrong = Vec::new();
    for at in 0..lines.len() {
        if lines[at] == "}" {
            continue;
        }
        let word = lines[at].trim_start();
        let first = lines[at].len() - word.len() + word.find(' ').unwrap_or(word.len());
        let end = lines[at].trim_end_matches(['{', ' ']).len();
        let places = [end, end, end, first, first];
        for (place, mistake) in places.into_iter().zip([" §", " = =", " )", " §", " ("]) {
            let mut broken: Vec<String> = lines.iter().map(|line| line.to_string()).collect();
            broken[at].insert_str(place, mistake);
            let text = broken.join("\n") + "\n";
            let files = [("model.saldo".to_string(), text.as_str().into())];
            let built = build(
                &files,
                &saldo_exchange::Memory::default(),
                &Setup::default(),
            );
            let said = told(&built.problems, &built.sources);
            if said.lines().count() != 1 || !said.starts_with(&format!("{}:", at + 1)) {
                wrong.push(format!("{}\n{said}", broken[at]));
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of them:\n{}",
        wrong.len(),
        wrong.join("\n----\n")
    );
}

#[test]
fn every_mistake_is_told() {
    let text = ISLAND
        .replace("theta = 20%", "theta == 20%")
        .replace("= wages - taxes", "= wages[-1] - taxes")
        .replace("sector firms\n", "sector firms;\n")
        .replace("-> government = theta", "-> government := theta")
        .replace("on 5 ", "on 1992-13 ");
    let ids: Vec<String> = problems_of(&text)
        .lines()
        .filter_map(|line| line.split(": ").nth(1).map(String::from))
        .collect();
    let wanted = [
        "foreign-sign",
        "foreign-sign",
        "date-impossible",
        "lag-in-brackets",
        "foreign-sign",
    ];
    assert_eq!(ids, wanted);
}
