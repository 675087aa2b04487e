//! Any bytes as a table: an answer or a complaint that names the file, never a panic.

use proptest::prelude::*;
use saldo_diag::Span;
use saldo_exchange::{Memory, decode, read_table};

fn judge(bytes: Vec<u8>) {
    let text = match decode(bytes, "a.csv") {
        Ok(text) => text,
        Err(error) => return assert!(error.what.starts_with("a.csv"), "{}", error.what),
    };
    let mut memory = Memory::default();
    memory.0.insert("a.csv".into(), text.to_string());
    match read_table(&memory, "a.csv", Span::default()) {
        Err(problem) => assert!(problem.headline.contains("a.csv"), "{}", problem.headline),
        Ok(table) => {
            assert!(!table.rows.is_empty());
            for row in &table.rows {
                assert_eq!(row.cells.len(), table.header.len());
                for column in 0..row.cells.len() {
                    let read = table.number(row, column);
                    assert!(read.is_ok_and(f64::is_finite) || table.number(row, column).is_err());
                }
            }
        }
    }
}

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
