//! CSV tables with named columns; every complaint names file, line and column.

use crate::Files;
use saldo_diag::{Diagnostic, Span};

/// A table as read: text cells, each row with its line in the file.
#[derive(Clone, Debug)]
pub struct Table {
    pub path: String,
    pub header: Vec<String>,
    pub rows: Vec<Row>,
    span: Span,
}

#[derive(Clone, Debug)]
pub struct Row {
    pub line: usize,
    pub cells: Vec<String>,
}

/// Reads a table of the model's folder. `span` is where the model names it.
pub fn read_table(files: &dyn Files, path: &str, span: Span) -> Result<Table, Diagnostic> {
    let text = files.read(path).map_err(|error| {
        Diagnostic::error(error.id, error.what)
            .at(span, "named here")
            .why("What the model takes as given must be there to be read.")
            .help(error.help)
    })?;
    let mut reader = csv::ReaderBuilder::new()
        .flexible(false)
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    let header: Vec<String> = match reader.headers() {
        Ok(header) if header.iter().any(|name| !name.is_empty()) => {
            header.iter().map(str::to_string).collect()
        }
        _ => return Err(empty(path, span)),
    };
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|error| ragged(path, span, &error))?;
        let line = record.position().map_or(0, |place| place.line() as usize);
        rows.push(Row {
            line,
            cells: record.iter().map(str::to_string).collect(),
        });
    }
    if rows.is_empty() {
        return Err(empty(path, span));
    }
    Ok(Table {
        path: path.to_string(),
        header,
        rows,
        span,
    })
}

fn empty(path: &str, span: Span) -> Diagnostic {
    Diagnostic::error("csv-empty", format!("{path} has no rows"))
        .at(span, "named here")
        .why("An empty table gives no numbers, and nothing is zero by default.")
        .help("a table has a line of column names and at least one row")
}

fn ragged(path: &str, span: Span, error: &csv::Error) -> Diagnostic {
    let line = error.position().map_or(0, csv::Position::line);
    let what = match error.kind() {
        csv::ErrorKind::UnequalLengths {
            expected_len, len, ..
        } => format!("{len} cells, the header has {expected_len}"),
        _ => "cannot be read as a row".to_string(),
    };
    Diagnostic::error("csv-ragged", format!("{path}, line {line}: {what}"))
        .at(span, "named here")
        .why("A cell too few or too many would shift numbers into the wrong column.")
        .help("put text with commas between quotes, and fill every cell")
}

impl Table {
    /// The place of a column.
    pub fn column(&self, name: &str) -> Result<usize, Diagnostic> {
        self.header
            .iter()
            .position(|column| column == name)
            .ok_or_else(|| {
                Diagnostic::error(
                    "csv-column",
                    format!("{} has no column `{name}`", self.path),
                )
                .at(self.span, "named here")
                .why("Columns are found by their names, so that their order never matters.")
                .help(format!("its columns are: {}", self.header.join(", ")))
            })
    }

    /// A cell as a number.
    pub fn number(&self, row: &Row, column: usize) -> Result<f64, Diagnostic> {
        let cell = &row.cells[column];
        let parsed: Option<f64> = cell.parse().ok().filter(|value: &f64| value.is_finite());
        parsed.ok_or_else(|| {
            let name = &self.header[column];
            Diagnostic::error("csv-number", format!("{}, line {}, column {name}: `{cell}` is no number", self.path, row.line))
                .at(self.span, "named here")
                .why("A cell that is not a number is unknown, not zero.")
                .help("write figures with a point, without spaces or units; leave the row out if it is not known")
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Memory;

    fn read(text: &str) -> Result<Table, Diagnostic> {
        let mut memory = Memory::default();
        memory.0.insert("a.csv".into(), text.into());
        read_table(&memory, "a.csv", Span::default())
    }

    #[test]
    fn what_is_wrong_is_named_with_its_place() {
        let cases = [
            ("", "csv-empty", "a.csv has no rows"),
            ("period,value\n", "csv-empty", "a.csv has no rows"),
            (
                "period,value\n1990,1\n1991\n",
                "csv-ragged",
                "a.csv, line 3: 1 cells, the header has 2",
            ),
        ];
        for (text, id, headline) in cases {
            let problem = read(text).unwrap_err();
            assert_eq!((problem.id, problem.headline.as_str()), (id, headline));
        }
        let table = read("period,value\n1990,n/a\n").unwrap();
        assert_eq!(
            table.number(&table.rows[0], 1).unwrap_err().headline,
            "a.csv, line 2, column value: `n/a` is no number"
        );
        assert_eq!(table.column("valu").unwrap_err().id, "csv-column");
    }
}
