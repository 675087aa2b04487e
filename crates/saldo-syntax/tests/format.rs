//! The formatter: what it makes of small texts, and what it must never change.

mod common;

use common::{comments, corpus, meaning};
use saldo_diag::FileId;
use saldo_syntax::format::format;

fn formatted(text: &str) -> String {
    format(FileId(0), text).unwrap_or_else(|problems| panic!("{problems:?}\n{text}"))
}

/// Text as typed, `=>`, text as formatted; cases are set apart by lines of dashes.
const CASES: &str = include_str!("format.txt");

#[test]
fn texts_get_the_customary_layout() {
    let cases: Vec<&str> = CASES.split("\n--------\n").collect();
    assert!(cases.len() > 12);
    for case in cases {
        let (typed, wanted) = case.split_once("\n=>\n").expect("an arrow");
        let wanted = wanted.trim_end_matches('\n').to_string() + "\n";
        assert_eq!(formatted(typed), wanted, "\n{typed}");
        assert_eq!(formatted(&wanted), wanted, "second pass");
    }
}

#[test]
fn line_ends_are_plain_and_the_last_line_ends() {
    let cases = [
        ("", ""),
        ("\n\n \t\n", ""),
        ("# only a comment", "# only a comment\n"),
        ("x = 1", "x = 1\n"),
        ("x = 1   \r\n\r\n\r\ny = 2\r\n\r\n", "x = 1\n\ny = 2\n"),
        ("\u{feff}x=1 # a  \r\n", "x = 1  # a\n"),
        ("x = 1\n# last\n\n\n", "x = 1\n# last\n"),
    ];
    for (typed, wanted) in cases {
        assert_eq!(formatted(typed), wanted, "{typed:?}");
    }
}

#[test]
fn every_text_keeps_meaning_and_comments_and_is_formatted_once() {
    let mut read = 0;
    for (name, text) in corpus() {
        let Ok(once) = format(FileId(0), &text) else {
            assert!(name.contains("spec"), "{name} cannot be read");
            continue;
        };
        read += 1;
        assert_eq!(meaning(&text), meaning(&once), "{name}: another meaning");
        assert_eq!(comments(&text), comments(&once), "{name}: comments");
        assert_eq!(formatted(&once), once, "{name}: a second pass changes it");
    }
    assert!(read > 40);
}

#[test]
fn a_text_with_mistakes_is_left_alone() {
    for text in ["x = ", "flows in cash {", "x = \"open", "param = 3"] {
        assert!(format(FileId(0), text).is_err(), "{text}");
    }
}
