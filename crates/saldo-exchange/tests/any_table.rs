//! Any bytes as a table: an answer or a complaint that names the file, never a panic.

mod common;

use common::judge;
use proptest::prelude::*;

/// Cells that tables go wrong with.
const CELLS: &[&str] = &[
    "period",
    "value",
    "1990",
    "1990Q1",
    "1e400",
    "-1e-400",
    "NaN",
    "inf",
    "1,5",
    "\"1,5\"",
    "\"open",
    "\"a\"\"b\"",
    "",
    " ",
    "=1+1",
    "é",
    "\u{feff}",
    "\t",
    "\r",
    "#",
    "1_000",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn noise(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        judge(bytes);
    }

    #[test]
    fn cells_in_any_order(cells in proptest::collection::vec(
        (proptest::sample::select(CELLS), proptest::sample::select(&[",", "\n", "\r\n", ";"][..])), 0..60,
    )) {
        let text: String = cells.iter().map(|(cell, end)| format!("{cell}{end}")).collect();
        judge(text.into_bytes());
    }
}
