//! A matrix as a person reads it: in a scale that fits its amounts, without what is empty.

use crate::layout::Matrix;

/// Texts in rows and columns, with a caption, and what was left out.
#[derive(Clone, Debug)]
pub struct Sheet {
    /// `Balance sheet, sim, baseline, end of 60, in million usd`.
    pub caption: String,
    /// Of each column; the last is the sum.
    pub heads: Vec<String>,
    /// The last is the total.
    pub rows: Vec<SheetRow>,
    /// What is not shown, in whole sentences.
    pub notes: Vec<String>,
}

#[derive(Clone, Debug)]
pub struct SheetRow {
    pub name: String,
    pub cells: Vec<String>,
}

impl Sheet {
    pub fn of(matrix: &Matrix) -> Sheet {
        let scale = Scale::of(matrix);
        let columns = columns(matrix, scale);
        let filled: Vec<bool> = columns.iter().map(|column| filled(column)).collect();
        // Of an economy that has nothing yet, who will have something is worth showing.
        let nothing = !filled.contains(&true);
        let kept_columns: Vec<bool> = filled.into_iter().map(|it| it || nothing).collect();
        let total = matrix.rows.len().saturating_sub(1);
        let row = |at: usize| columns.iter().map(move |column| &column[at]);
        let stands = |at: usize| at == total || row(at).any(|cell| !is_nothing(cell));
        let kept_rows: Vec<bool> = (0..matrix.rows.len()).map(stands).collect();
        let sums = sums(matrix, scale);
        let rows = matrix
            .rows
            .iter()
            .enumerate()
            .filter(|(at, _)| kept_rows[*at]);
        let rows = rows.map(|(at, (name, ..))| SheetRow {
            name: name.clone(),
            cells: chosen(row(at), &kept_columns)
                .chain([&sums[at]])
                .cloned()
                .collect(),
        });
        let sigma = "Σ".to_string();
        let heads = chosen(matrix.columns.iter(), &kept_columns).chain([&sigma]);
        Sheet {
            caption: scale.caption(matrix),
            heads: heads.cloned().collect(),
            rows: rows.collect(),
            notes: left_out(matrix, &kept_rows, &kept_columns),
        }
    }
}

/// The cells of each column, as texts.
fn columns(matrix: &Matrix, scale: Scale) -> Vec<Vec<String>> {
    let column = |at: usize| {
        let values: Vec<Option<f64>> = matrix.rows.iter().map(|row| row.1[at]).collect();
        scale.texts(&values)
    };
    (0..matrix.columns.len()).map(column).collect()
}

/// The sum of each row; the sum of sums is no statement.
fn sums(matrix: &Matrix, scale: Scale) -> Vec<String> {
    let values: Vec<Option<f64>> = matrix.rows.iter().map(|row| Some(row.2)).collect();
    let mut texts = scale.texts(&values);
    for (text, row) in texts.iter_mut().zip(&matrix.rows) {
        if row.0 == "Σ" {
            text.clear();
        }
    }
    texts
}

fn filled(column: &[String]) -> bool {
    column.iter().any(|cell| !is_nothing(cell))
}

/// Empty, zero, or too small to be seen.
fn is_nothing(cell: &str) -> bool {
    cell.chars().all(|c| matches!(c, '0' | '.'))
}

fn chosen<'a>(
    all: impl Iterator<Item = &'a String>,
    kept: &[bool],
) -> impl Iterator<Item = &'a String> {
    let pairs = all.zip(kept);
    pairs.filter(|(_, kept)| **kept).map(|(it, _)| it)
}

fn left_out(matrix: &Matrix, rows: &[bool], columns: &[bool]) -> Vec<String> {
    let gone = |names: Vec<&String>, kept: &[bool]| -> Vec<String> {
        let pairs = names.into_iter().zip(kept);
        pairs
            .filter(|(_, kept)| !**kept)
            .map(|(it, _)| it.clone())
            .collect()
    };
    let mut notes = Vec::new();
    let empty = gone(matrix.columns.iter().collect(), columns);
    if !empty.is_empty() {
        let what = counted(empty.len(), "empty column");
        notes.push(format!("{what} left out: {}.", empty.join(", ")));
    }
    let small = gone(matrix.rows.iter().map(|row| &row.0).collect(), rows);
    if !small.is_empty() {
        let what = counted(small.len(), "row");
        let why = "too small to be seen beside the others";
        notes.push(format!("{what} left out, {why}: {}.", small.join(", ")));
    }
    notes
}

fn counted(count: usize, what: &str) -> String {
    match count {
        1 => format!("1 {what}"),
        _ => format!("{count} {what}s"),
    }
}

/// What one of the table's numbers stands for.
#[derive(Clone, Copy)]
struct Scale {
    word: &'static str,
    size: f64,
}

impl Scale {
    /// So that the largest amount has four to six digits before the point, or is shown in full.
    fn of(matrix: &Matrix) -> Scale {
        let cells = matrix.rows.iter().flat_map(|row| row.1.iter().flatten());
        let largest = cells.fold(0.0, |largest: f64, cell| largest.max(cell.abs()));
        let (word, size) = match largest {
            _ if matrix.unit.is_empty() => ("", 1.0),
            it if it >= 1e18 => ("", 1.0),
            it if it >= 1e15 => ("trillion ", 1e12),
            it if it >= 1e12 => ("billion ", 1e9),
            it if it >= 1e9 => ("million ", 1e6),
            _ => ("", 1.0),
        };
        Scale { word, size }
    }

    fn caption(self, matrix: &Matrix) -> String {
        match matrix.unit.is_empty() {
            true => matrix.title.clone(),
            false => format!("{}, in {}{}", matrix.title, self.word, matrix.unit),
        }
    }

    /// The numbers of one column.
    fn texts(self, values: &[Option<f64>]) -> Vec<String> {
        let scaled = |value: f64| value / self.size;
        let scaled: Vec<Option<f64>> = values.iter().map(|it| it.map(scaled)).collect();
        // Beside millions nobody looks at the second decimal.
        let form = match self.size > 1.0 {
            true => Form::Decimals(1),
            false => Form::of(scaled.iter().flatten().copied()),
        };
        scaled.into_iter().map(|value| form.cell(value)).collect()
    }
}

/// How the numbers of one column are written: all with the same decimals, as many as its largest
/// number needs.
#[derive(Clone, Copy)]
enum Form {
    Decimals(usize),
    Powers(usize),
}

impl Form {
    fn of(column: impl Iterator<Item = f64>) -> Form {
        match column.fold(0.0, |largest: f64, value| largest.max(value.abs())) {
            size if size >= 1e15 => Form::Powers(4),
            size if size >= 1000.0 => Form::Decimals(1),
            size if size >= 0.1 => Form::Decimals(2),
            size if size >= 1e-4 => Form::Decimals(5),
            _ => Form::Powers(2),
        }
    }

    /// `−27.93`, with a thin grouping. Only exact zero is `0`: what is too small to be seen beside
    /// the others of its column is `0.00`. Nothing where nothing can stand.
    fn cell(self, value: Option<f64>) -> String {
        match (value, self) {
            (None, _) => String::new(),
            (Some(0.0), _) => "0".into(),
            (Some(value), Form::Decimals(digits)) => grouped(&format!("{value:.digits$}")),
            (Some(value), Form::Powers(digits)) => format!("{value:.digits$e}").replace('-', "−"),
        }
    }
}

fn grouped(text: &str) -> String {
    let (sign, rest) = match text.strip_prefix('-') {
        Some(rest) if !is_nothing(rest) => ("−", rest),
        Some(rest) => ("", rest),
        None => ("", text),
    };
    let (whole, part) = rest.split_once('.').unwrap_or((rest, ""));
    let mut out = String::new();
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at) % 3 == 0 {
            out.push(' ');
        }
        out.push(digit);
    }
    match part {
        "" => format!("{sign}{out}"),
        _ => format!("{sign}{out}.{part}"),
    }
}
