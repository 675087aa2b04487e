//! Models of the gallery with pieces dropped, doubled, swapped and replaced: the checker gives a
//! model or says what is wrong, and never panics.

mod common;

use common::judge;
use proptest::prelude::*;
use saldo_diag::FileId;
use saldo_exchange::Memory;
use saldo_model::{Setup, build};
use std::path::Path;

/// Small models, so that many cases fit into a second or two.
const MODELS: &[&str] = &["sim", "simex", "pc", "lp", "reg", "bmw", "dis", "coal"];

/// Words that get a changed text past the reader and into the checker.
const WORDS: &[&str] = &[
    "0",
    "-1",
    "1e308",
    "20%",
    "1e-300",
    "usd",
    "usd/year",
    "year",
    "per year",
    "households",
    "firms",
    "cash",
    "opening",
    "closing",
    "income",
    "output",
    "lag(income, 1 year)",
    "until",
    "=",
    "==",
    "->",
    "<->",
    "+",
    "/",
    "^",
    "[",
    "]",
    "(",
    ")",
    "{",
    "}",
    "x",
    "if a then b else c",
    "sum(k in region : 1)",
    "net_worth",
    "period",
    "each h in holders of bills",
    "priced at price",
    "through",
    "empty",
    "\n",
];

fn texts() -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../models");
    let read = |name: &&str| std::fs::read_to_string(root.join(name).join("model.saldo"));
    MODELS
        .iter()
        .map(|name| read(name).expect("a model"))
        .collect()
}

fn parts(text: &str) -> Vec<String> {
    let tree = saldo_syntax::tree::tree(FileId(0), text);
    (0..tree.pieces.len())
        .flat_map(|piece| [tree.before(piece).to_string(), tree.show(piece).to_string()])
        .collect()
}

#[derive(Clone, Debug)]
enum Change {
    Drop,
    Swap(proptest::sample::Index),
    /// Another piece of the same text in its place.
    Copy(proptest::sample::Index),
    Word(&'static str),
}

fn change() -> impl Strategy<Value = Change> {
    prop_oneof![
        Just(Change::Drop),
        any::<proptest::sample::Index>().prop_map(Change::Swap),
        any::<proptest::sample::Index>().prop_map(Change::Copy),
        proptest::sample::select(WORDS).prop_map(Change::Word),
    ]
}

fn mutated() -> impl Strategy<Value = String> {
    let changes = proptest::collection::vec((any::<proptest::sample::Index>(), change()), 1..4);
    (proptest::sample::select(texts()), changes).prop_map(|(text, changes)| {
        let mut parts = parts(&text);
        // Pieces are at odd places, spaces at even ones.
        let pieces = parts.len() / 2;
        let piece = |at: proptest::sample::Index| 2 * at.index(pieces) + 1;
        for (at, change) in changes {
            let at = piece(at);
            match change {
                Change::Drop => parts[at].clear(),
                Change::Swap(with) => parts.swap(at, piece(with)),
                Change::Copy(of) => parts[at] = parts[piece(of)].clone(),
                Change::Word(word) => parts[at] = word.to_string(),
            }
        }
        parts.concat()
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_model_or_a_reason(text in mutated()) {
        let files = [("model.saldo".to_string(), text.into())];
        judge(&build(&files, &Memory::default(), &Setup::default()));
    }
}
