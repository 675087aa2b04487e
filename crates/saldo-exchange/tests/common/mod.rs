//! What holds for any bytes read as a table.

use saldo_diag::Span;
use saldo_exchange::{Memory, decode, read_table};

/// An answer, or a complaint that names the file.
pub fn judge(bytes: Vec<u8>) {
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
            for row in table.rows.iter() {
                assert_eq!(row.cells.len(), table.header.len());
                for column in 0..row.cells.len() {
                    let read = table.number(row, column);
                    assert!(read.is_ok_and(f64::is_finite) || table.number(row, column).is_err());
                }
            }
        }
    }
}
