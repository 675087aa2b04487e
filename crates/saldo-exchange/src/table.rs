//! CSV tables with named columns; every complaint names file, line and column.

use crate::Files;
use saldo_diag::{Diagnostic, Span};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

/// A table as read: text cells, each row with its line in the file. Copies share the rows.
#[derive(Clone, Debug)]
pub struct Table {
    pub path: Arc<str>,
    pub header: Arc<[String]>,
    pub rows: Arc<[Row]>,
    span: Span,
}

#[derive(Clone, Debug)]
pub struct Row {
    pub line: usize,
    pub cells: Vec<String>,
}

/// The tables of one model: each is read once, however many lines name it.
pub struct Tables<'a> {
    files: &'a dyn Files,
    read: Mutex<BTreeMap<String, Table>>,
}

impl<'a> Tables<'a> {
    pub fn new(files: &'a dyn Files) -> Self {
        Tables {
            files,
            read: Mutex::default(),
        }
    }

    /// The table at `path`; `span` is where the model names it.
    pub fn read(&self, path: &str, span: Span) -> Result<Table, Diagnostic> {
        let known = self.known().get(path).cloned();
        if let Some(table) = known {
            return Ok(Table { span, ..table });
        }
        let table = read_table(self.files, path, span)?;
        self.known().insert(path.to_string(), table.clone());
        Ok(table)
    }

    fn known(&self) -> std::sync::MutexGuard<'_, BTreeMap<String, Table>> {
        self.read.lock().unwrap_or_else(PoisonError::into_inner)
    }
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
    let header: Arc<[String]> = match reader.headers() {
        Ok(header) if header.iter().any(|name| !name.is_empty()) => {
            header.iter().map(str::to_string).collect()
        }
        _ => return Err(empty(path, span)),
    };
    if let [only] = &header[..]
        && let Some(sign) = only.chars().find(|sign| [';', '\t', '|'].contains(sign))
    {
        return Err(separated(path, span, sign));
    }
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
        path: path.into(),
        header,
        rows: rows.into(),
        span,
    })
}

fn empty(path: &str, span: Span) -> Diagnostic {
    Diagnostic::error("csv-empty", format!("{path} has no rows"))
        .at(span, "named here")
        .why("An empty table gives no numbers, and nothing is zero by default.")
        .help("a table has a line of column names and at least one row")
}

fn separated(path: &str, span: Span, sign: char) -> Diagnostic {
    let name = match sign {
        ';' => "semicolons",
        '\t' => "tabulators",
        _ => "bars",
    };
    let headline = format!("the columns of {path} are set apart by {name}, not by commas");
    Diagnostic::error("csv-separator", headline)
        .at(span, "named here")
        .why("A table is read in one way on every machine; which sign a spreadsheet writes depends on its language.")
        .help("save it with commas between columns and points in numbers (CSV, English)")
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
        let mut found = (0..self.header.len()).filter(|at| self.header[*at] == name);
        match (found.next(), found.next()) {
            (Some(at), None) => Ok(at),
            (Some(_), Some(_)) => Err(self.two_columns(name)),
            (None, _) => Err(self.no_column(name)),
        }
    }

    fn two_columns(&self, name: &str) -> Diagnostic {
        let headline = format!("{} has two columns `{name}`", self.path);
        Diagnostic::error("csv-column-twice", headline)
            .at(self.span, "named here")
            .why("Two columns are two measurements; the model must be told which it takes.")
            .help("give one of them another name in the first line of the table")
    }

    fn no_column(&self, name: &str) -> Diagnostic {
        let known = self.header.join(", ");
        let problem = Diagnostic::error(
            "csv-column",
            format!("{} has no column `{name}`", self.path),
        )
        .at(self.span, "named here")
        .why("Columns are found by their names, so that their order never matters.");
        match name {
            "period" => problem.help(format!(
                "call the column of dates `period`; the columns are: {known}"
            )),
            _ => problem.help(format!("its columns are: {known}")),
        }
    }

    /// A cell as a number.
    pub fn number(&self, row: &Row, column: usize) -> Result<f64, Diagnostic> {
        self.given(row, column)?.ok_or_else(|| {
            self.no_number(row, column, "the cell is empty")
                .help("write 0 if it is zero; leave the row out if it is not known")
        })
    }

    /// A cell as a number, nothing if it is empty: a value that is not known, as if its row were
    /// not there for this column.
    pub fn given(&self, row: &Row, column: usize) -> Result<Option<f64>, Diagnostic> {
        let cell = row.cells[column].as_str();
        if cell.is_empty() {
            return Ok(None);
        }
        let parsed = cell.parse().ok().filter(|value: &f64| value.is_finite());
        parsed.map(Some).ok_or_else(|| {
            self.no_number(row, column, &format!("`{cell}` is no number"))
                .help(written(cell))
        })
    }

    fn no_number(&self, row: &Row, column: usize, what: &str) -> Diagnostic {
        let name = &self.header[column];
        let headline = format!("{}, line {}, column {name}: {what}", self.path, row.line);
        Diagnostic::error("csv-number", headline)
            .at(self.span, "named here")
            .why("A cell that is not a number is unknown, not zero.")
    }
}

/// How a cell that looks like a number in another land is written here.
fn written(cell: &str) -> String {
    let usual = "write figures with a point, without spaces or units; leave the cell empty if it is not known";
    let plain: String = cell
        .chars()
        .filter(|sign| !sign.is_whitespace() && *sign != '_')
        .collect();
    let point = plain.replace(',', ".");
    let bare = plain.replace(',', "");
    let number = |text: &str| text.parse().is_ok_and(f64::is_finite);
    let thousands = plain
        .split(',')
        .skip(1)
        .all(|part| part.split('.').next().is_some_and(|it| it.len() == 3));
    match plain.contains(',') {
        false if plain != cell && number(&plain) => format!("write {plain}"),
        true if number(&point) && thousands => {
            format!("write {bare} or {point}: a comma does not say which")
        }
        true if number(&point) => format!("write {point}"),
        true if number(&bare) && thousands => format!("write {bare}"),
        _ => usual.into(),
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
        let table = read("period,value,value\n1990,n/a,1\n").unwrap();
        assert_eq!(
            table.number(&table.rows[0], 1).unwrap_err().headline,
            "a.csv, line 2, column value: `n/a` is no number"
        );
        for (name, id) in [("valu", "csv-column"), ("value", "csv-column-twice")] {
            assert_eq!(table.column(name).unwrap_err().id, id);
        }
        for text in ["period;value\n1990;1\n", "period\tvalue\n1990\t1\n"] {
            assert_eq!(read(text).unwrap_err().id, "csv-separator");
        }
    }

    #[test]
    fn numbers_of_other_lands_are_shown_as_they_are_written_here() {
        let cases = [
            ("1,5", "write 1.5"),
            ("1,500", "write 1500 or 1.500: a comma does not say which"),
            ("1,500,000.5", "write 1500000.5"),
            ("1 500", "write 1500"),
            ("1\u{a0}500,25", "write 1500.25"),
            ("1_000", "write 1000"),
        ];
        for (cell, help) in cases {
            assert_eq!(written(cell), help, "{cell}");
        }
        for cell in ["n/a", "1e999", "12 t", "NaN", "1,2,3"] {
            assert!(written(cell).starts_with("write figures"), "{cell}");
        }
    }
}
