//! Every text of the repository, what a text says apart from its places, and what holds for any.
#![allow(dead_code)]

use saldo_diag::FileId;
use saldo_syntax::format::format;
use std::path::{Path, PathBuf};

pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Path and text of all models, their side files, the standard library and the examples of
/// the specification.
pub fn corpus() -> Vec<(String, String)> {
    let mut found = Vec::new();
    for folder in ["models", "stdlib", "spec"] {
        collect(&root().join(folder), &mut found);
    }
    found.sort();
    assert!(found.len() > 40);
    found
}

fn collect(folder: &Path, found: &mut Vec<(String, String)>) {
    for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
        let path = entry.path();
        let name = path.display().to_string();
        if path.is_dir() {
            collect(&path, found);
        } else if name.ends_with(".saldo") {
            found.push((name, std::fs::read_to_string(&path).expect("a text")));
        } else if name.ends_with(".md") {
            let text = std::fs::read_to_string(&path).expect("a chapter");
            found.extend(examples(&name, &text));
        }
    }
}

fn examples(name: &str, text: &str) -> Vec<(String, String)> {
    let blocks = text.split("\n```saldo").skip(1);
    let body = |block: &str| {
        let (_, rest) = block.split_once('\n')?;
        Some(rest.split("\n```").next()?.to_string() + "\n")
    };
    blocks
        .enumerate()
        .filter_map(|(at, block)| Some((format!("{name}#{at}"), body(block)?)))
        .collect()
}

/// What was read, without places: equal for texts that mean the same.
pub fn meaning(text: &str) -> String {
    let parse = saldo_syntax::parse(FileId(0), text);
    let shown = format!("{:?}", parse.file);
    let mut kept = String::new();
    let mut rest = shown.as_str();
    while let Some((before, after)) = rest.split_once("Span {") {
        kept.push_str(before);
        rest = after.split_once('}').map_or("", |(_, rest)| rest);
    }
    kept + rest
}

/// All comments, without the blanks behind them.
pub fn comments(text: &str) -> Vec<String> {
    let tree = saldo_syntax::tree::tree(FileId(0), text);
    let trivia = (0..tree.pieces.len()).flat_map(|piece| tree.trivia(piece));
    trivia
        .filter(|part| matches!(part, saldo_syntax::tree::Trivia::Comment(_)))
        .map(|part| part.text().trim_end().to_string())
        .collect()
}

/// Pieces and what stands between them, put together again.
pub fn again(text: &str) -> String {
    let tree = saldo_syntax::tree::tree(FileId(0), text);
    let mut all = String::new();
    for piece in 0..tree.pieces.len() {
        let trivia = tree.trivia(piece);
        let parts: String = trivia
            .iter()
            .map(saldo_syntax::tree::Trivia::text)
            .collect();
        assert_eq!(parts, tree.before(piece));
        all += &parts;
        all += tree.show(piece);
    }
    all
}

/// What holds for any text: nothing is lost, places are places, the formatter changes no meaning and
/// leaves what it wrote.
pub fn judge(text: &str) {
    assert_eq!(again(text), text);
    let parse = saldo_syntax::parse(FileId(0), text);
    for label in parse.problems.iter().flat_map(|problem| &problem.labels) {
        let (start, end) = (label.span.start as usize, label.span.end as usize);
        assert!(start <= end && text.is_char_boundary(start) && text.is_char_boundary(end));
    }
    let Ok(once) = format(FileId(0), text) else {
        assert!(!parse.problems.is_empty());
        return;
    };
    assert_eq!(meaning(text), meaning(&once));
    assert_eq!(comments(text), comments(&once));
    assert_eq!(format(FileId(0), &once).as_deref(), Ok(&*once));
}
