//! Matrices as text: terminal, Markdown, LaTeX, CSV.

use crate::layout::Matrix;

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
    let (sign, rest) = text
        .strip_prefix('-')
        .map_or(("", text), |rest| ("−", rest));
    let (whole, part) = rest.split_once('.').unwrap_or((rest, ""));
    let mut out = String::new();
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at) % 3 == 0 {
            out.push(' ');
        }
        out.push(digit);
    }
    if part.is_empty() {
        format!("{sign}{out}")
    } else {
        format!("{sign}{out}.{part}")
    }
}

/// The matrix as rows of texts: the head (title, columns, Σ), then a row each with its name and sum.
pub fn texts(matrix: &Matrix) -> Vec<Vec<String>> {
    let head = [matrix.title.clone()]
        .into_iter()
        .chain(matrix.columns.iter().cloned())
        .chain(["Σ".to_string()]);
    let mut lines = vec![head.collect::<Vec<_>>()];
    let form = |at: usize| Form::of(matrix.rows.iter().filter_map(|row| row.1[at]));
    let forms: Vec<Form> = (0..matrix.columns.len()).map(form).collect();
    let sums = Form::of(matrix.rows.iter().map(|row| row.2));
    for (name, cells, sum) in &matrix.rows {
        let last = match name == "Σ" {
            true => String::new(),
            false => sums.cell(Some(*sum)),
        };
        let cells = cells
            .iter()
            .zip(&forms)
            .map(|(value, form)| form.cell(*value));
        lines.push(
            [name.clone()]
                .into_iter()
                .chain(cells)
                .chain([last])
                .collect(),
        );
    }
    lines
}

/// Columns aligned right, names left.
pub fn terminal(matrix: &Matrix) -> String {
    let lines = texts(matrix);
    let count = lines[0].len();
    let width = |column: usize| {
        lines
            .iter()
            .map(|line| line[column].chars().count())
            .max()
            .unwrap_or(0)
    };
    let widths: Vec<usize> = (0..count).map(width).collect();
    let mut out = String::new();
    for line in &lines {
        for (at, text) in line.iter().enumerate() {
            let pad = " ".repeat(widths[at] - text.chars().count());
            let shown = if at == 0 {
                format!("{text}{pad}")
            } else {
                format!("  {pad}{text}")
            };
            out.push_str(&shown);
        }
        out.truncate(out.trim_end().len());
        out.push('\n');
    }
    out
}

pub fn markdown(matrix: &Matrix) -> String {
    let lines = texts(matrix);
    let mut out = String::new();
    for (at, line) in lines.iter().enumerate() {
        let cells: Vec<String> = line.iter().map(|text| text.replace('|', "\\|")).collect();
        out.push_str(&format!("| {} |\n", cells.join(" | ")));
        if at == 0 {
            out.push_str(&format!("|---|{}\n", "--:|".repeat(line.len() - 1)));
        }
    }
    out
}

pub fn latex(matrix: &Matrix) -> String {
    let lines = texts(matrix);
    let mut out = format!(
        "\\begin{{tabular}}{{l{}}}\n\\hline\n",
        "r".repeat(lines[0].len() - 1)
    );
    for (at, line) in lines.iter().enumerate() {
        let cells: Vec<String> = line.iter().map(|text| escape_latex(text)).collect();
        out.push_str(&format!("{} \\\\\n", cells.join(" & ")));
        if at == 0 {
            out.push_str("\\hline\n");
        }
    }
    out.push_str("\\hline\n\\end{tabular}\n");
    out
}

fn escape_latex(text: &str) -> String {
    let mut out = String::new();
    let number = text
        .chars()
        .all(|c| c.is_ascii_digit() || "−. e".contains(c));
    for c in text.chars() {
        match c {
            // Between groups of digits, not between words.
            ' ' if number => out.push_str("\\,"),
            '&' | '%' | '$' | '#' | '_' | '{' | '}' => out.extend(['\\', c]),
            '\\' => out.push_str("\\textbackslash{}"),
            '~' => out.push_str("\\textasciitilde{}"),
            '^' => out.push_str("\\textasciicircum{}"),
            '−' => out.push_str("$-$"),
            'Σ' => out.push_str("$\\Sigma$"),
            'Δ' => out.push_str("$\\Delta$"),
            _ => out.push(c),
        }
    }
    out
}

pub fn csv(matrix: &Matrix) -> String {
    let quote = |text: &str| {
        // A leading = + - @ would be run as a formula by spreadsheets.
        let safe = if text.starts_with(['=', '+', '-', '@']) {
            format!("'{text}")
        } else {
            text.to_string()
        };
        if safe.contains([',', '"', '\n']) {
            format!("\"{}\"", safe.replace('"', "\"\""))
        } else {
            safe
        }
    };
    let number = |value: Option<f64>| value.map_or(String::new(), |value| value.to_string());
    let head: Vec<String> = [&matrix.title]
        .into_iter()
        .chain(&matrix.columns)
        .map(|text| quote(text))
        .collect();
    let mut out = format!("{},sum\n", head.join(","));
    for (name, cells, sum) in &matrix.rows {
        let row: Vec<String> = cells.iter().map(|value| number(*value)).collect();
        out.push_str(&format!("{},{},{sum}\n", quote(name), row.join(",")));
    }
    out
}
