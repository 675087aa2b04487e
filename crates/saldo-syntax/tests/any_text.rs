//! Any text at all: nothing is lost, nothing panics, the formatter is its own fixed point.

mod common;

use common::{again, corpus, judge};
use proptest::prelude::*;
use saldo_diag::FileId;
use saldo_syntax::tree::tree;

/// Words and signs of the language, so that random texts get past the first piece.
const WORDS: &[&str] = &[
    "x",
    "y",
    "households",
    "flows",
    "in",
    "cash",
    "{",
    "}",
    "(",
    ")",
    "[",
    "]",
    "=",
    "==",
    ":",
    ",",
    ".",
    "->",
    "<->",
    "~",
    "-",
    "+",
    "*",
    "/",
    "^",
    "1",
    "20%",
    "1992-01",
    "1992Q1",
    "1e400",
    "usd/year",
    "per",
    "month",
    "\"title\"",
    "\"open",
    "`quoted`",
    "`",
    "#",
    "# note",
    "\n",
    "\n\n",
    "\r\n",
    "\t",
    "if",
    "then",
    "else",
    "and",
    "or",
    "not",
    "sum(",
    "opening",
    "closing",
    "until",
    "each",
    "where",
    "param",
    "assumed",
    "cite",
    "event",
    "on",
    "from",
    "to",
    "set",
    "start",
    "population",
    "sample",
    "1:100",
    "match",
    "with",
    "by",
    "limit",
    "release",
    "switch",
    "auction",
    "for",
    "lot",
    "bids",
    "enter",
    "exit",
    "record",
    "instrument",
    "[usd]",
    "issued",
    "held",
    "observe",
    "claim",
    "prior",
    "within",
    "scenario",
    "evidence",
    "model",
    "x[k",
    "x[k\n",
    "x.y(",
    "over",
    "series",
    "measure",
    "parm",
    "plot",
    "letter = ",
    "others",
    "empty",
    "after",
    "é",
    "\u{0}",
    "\u{feff}",
];

fn soup() -> impl Strategy<Value = String> {
    let word = proptest::sample::select(WORDS);
    let gap = proptest::sample::select(&["", " ", " ", "  "][..]);
    proptest::collection::vec((word, gap), 0..120).prop_map(|words| {
        words
            .into_iter()
            .map(|(word, gap)| format!("{word}{gap}"))
            .collect()
    })
}

/// A text of the repository with a few of its pieces changed.
#[derive(Clone, Debug)]
enum Change {
    Drop,
    Double,
    Swap,
    Word(&'static str),
}

fn mutated() -> impl Strategy<Value = String> {
    let texts: Vec<String> = corpus()
        .into_iter()
        .map(|(_, text)| text)
        .filter(|text| text.len() < 20_000)
        .collect();
    let change = prop_oneof![
        Just(Change::Drop),
        Just(Change::Double),
        Just(Change::Swap),
        proptest::sample::select(WORDS).prop_map(Change::Word),
    ];
    let changes = proptest::collection::vec((any::<proptest::sample::Index>(), change), 0..4);
    (proptest::sample::select(texts), changes).prop_map(|(text, changes)| {
        let mut parts = parts(&text);
        for (at, change) in changes {
            let at = at.index(parts.len());
            match change {
                Change::Drop => drop(parts.remove(at)),
                Change::Double => parts.insert(at, parts[at].clone()),
                Change::Swap => parts.swap(at, 0),
                Change::Word(word) => parts.insert(at, format!(" {word} ")),
            }
            parts.push("\n".into());
        }
        parts.concat()
    })
}

/// Pieces and spaces as texts of their own.
fn parts(text: &str) -> Vec<String> {
    let tree = tree(FileId(0), text);
    (0..tree.pieces.len())
        .flat_map(|piece| [tree.before(piece).to_string(), tree.show(piece).to_string()])
        .collect()
}

fn cases(count: u32) -> ProptestConfig {
    ProptestConfig {
        cases: count,
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(cases(400))]

    #[test]
    fn noise(text in any::<String>()) {
        judge(&text);
    }

    #[test]
    fn words_in_any_order(text in soup()) {
        judge(&text);
    }
}

proptest! {
    #![proptest_config(cases(150))]

    #[test]
    fn models_with_mistakes(text in mutated()) {
        judge(&text);
    }
}

#[test]
fn the_repository_comes_back_byte_by_byte() {
    for (name, text) in corpus() {
        assert_eq!(again(&text), text, "{name}");
    }
}
