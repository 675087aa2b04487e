//! Matrices as text: terminal, Markdown, LaTeX, CSV.

use crate::layout::Matrix;
use crate::sheet::Sheet;

/// Names of rows are broken beyond this many columns of a terminal.
const NAME: usize = 28;
/// Heads of columns are, where their numbers are no wider.
const HEAD: usize = 10;
/// Sectors beside which a page of paper has room for the usual size of letters.
const ROOMY: usize = 6;

/// Names left, numbers right; columns that do not fit into `width` follow below.
pub fn terminal(sheet: &Sheet, width: usize) -> String {
    let names: Vec<Vec<String>> = sheet.rows.iter().map(|row| name_lines(&row.name)).collect();
    let first = widest(names.iter().flatten());
    let columns: Vec<Column> = (0..sheet.heads.len())
        .map(|at| Column::of(sheet, at))
        .collect();
    let mut out = wrap(&sheet.caption, width).join("\n") + "\n";
    for (at, block) in blocks(&columns, width.saturating_sub(first)).enumerate() {
        if at > 0 {
            out.push('\n');
        }
        block_rows(&mut out, block, &names, first);
    }
    for note in &sheet.notes {
        out += &(wrap(note, width).join("\n") + "\n");
    }
    out
}

/// Lines after the first are set in.
fn name_lines(name: &str) -> Vec<String> {
    let mut lines = wrap(name, NAME);
    lines
        .iter_mut()
        .skip(1)
        .for_each(|line| line.insert_str(0, "  "));
    lines
}

/// A column as it stands in a terminal.
struct Column {
    head: Vec<String>,
    cells: Vec<String>,
    width: usize,
}

impl Column {
    fn of(sheet: &Sheet, at: usize) -> Column {
        let cells: Vec<String> = sheet.rows.iter().map(|row| row.cells[at].clone()).collect();
        let head = wrap(&sheet.heads[at], widest(cells.iter()).max(HEAD));
        Column {
            width: widest(cells.iter().chain(&head)),
            head,
            cells,
        }
    }
}

fn widest<'a>(texts: impl Iterator<Item = &'a String>) -> usize {
    texts.map(|text| text.chars().count()).max().unwrap_or(0)
}

/// As many columns at a time as fit beside the names.
fn blocks(columns: &[Column], room: usize) -> impl Iterator<Item = &[Column]> {
    let mut used = 0;
    let mut starts = vec![0];
    for (at, column) in columns.iter().enumerate() {
        used += column.width + 2;
        if used > room && at > starts[starts.len() - 1] {
            starts.push(at);
            used = column.width + 2;
        }
    }
    starts.push(columns.len());
    (1..starts.len()).map(move |at| &columns[starts[at - 1]..starts[at]])
}

fn block_rows(out: &mut String, block: &[Column], names: &[Vec<String>], first: usize) {
    let deep = block.iter().map(|column| column.head.len()).max();
    let deep = deep.unwrap_or(0);
    for line in 0..deep {
        // The last lines of all heads stand side by side.
        let text = |column: &Column| {
            let above = deep - column.head.len();
            let at = line.checked_sub(above);
            at.map_or(String::new(), |at| column.head[at].clone())
        };
        push_line(out, "", first, block.iter().map(|it| (text(it), it.width)));
    }
    for (row, name) in names.iter().enumerate() {
        let (last, above) = name.split_last().map_or(("", &[][..]), |it| (it.0, it.1));
        above.iter().for_each(|line| *out += &format!("{line}\n"));
        let cells = block.iter().map(|it| (it.cells[row].clone(), it.width));
        push_line(out, last, first, cells);
    }
}

fn push_line(
    out: &mut String,
    name: &str,
    first: usize,
    cells: impl Iterator<Item = (String, usize)>,
) {
    let mut line = format!("{name:<first$}");
    cells.for_each(|(text, width)| line += &format!("  {text:>width$}"));
    out.push_str(line.trim_end());
    out.push('\n');
}

/// Whole words in lines of at most `width`; a longer word stands alone.
fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ') {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_string()),
        }
    }
    lines
}

pub fn markdown(sheet: &Sheet) -> String {
    let line = |name: &str, cells: &[String]| {
        let cells = cells.iter().map(|text| text.replace('|', "\\|"));
        let cells: Vec<String> = [name.replace('|', "\\|")]
            .into_iter()
            .chain(cells)
            .collect();
        format!("| {} |\n", cells.join(" | "))
    };
    let mut out = format!("**{}**\n\n", sheet.caption);
    out += &line("", &sheet.heads);
    out += &format!("|---|{}\n", "--:|".repeat(sheet.heads.len()));
    for row in &sheet.rows {
        out += &line(&row.name, &row.cells);
    }
    for note in &sheet.notes {
        out += &format!("\n{note}\n");
    }
    out
}

/// A floating table in the manner of booktabs.
pub fn latex(sheet: &Sheet) -> String {
    let line = |name: &str, cells: &[String]| {
        let cells = cells.iter().map(|text| escape_latex(text));
        let cells: Vec<String> = [escape_latex(name)].into_iter().chain(cells).collect();
        format!("{} \\\\\n", cells.join(" & "))
    };
    let heads = sheet.heads.iter().map(|head| stacked(head));
    let small = sheet.heads.len() > ROOMY;
    let mut out = String::from("% \\usepackage{booktabs}\n\\begin{table}[htbp]\n\\centering\n");
    out += if small {
        "\\footnotesize\\setlength{\\tabcolsep}{3pt}\n"
    } else {
        ""
    };
    out += &format!("\\caption{{{}}}\n", escape_latex(&sheet.caption));
    out += &format!(
        "\\begin{{tabular}}{{l{}}}\n\\toprule\n",
        "r".repeat(sheet.heads.len())
    );
    out += &format!(
        " & {} \\\\\n\\midrule\n",
        heads.collect::<Vec<_>>().join(" & ")
    );
    for (at, row) in sheet.rows.iter().enumerate() {
        if at + 1 == sheet.rows.len() {
            out.push_str("\\midrule\n");
        }
        out += &line(&row.name, &row.cells);
    }
    out.push_str("\\bottomrule\n\\end{tabular}\n");
    for note in &sheet.notes {
        out += &format!(
            "\\par\\smallskip {{\\footnotesize {}}}\n",
            escape_latex(note)
        );
    }
    out + "\\end{table}\n"
}

/// A head of several words as a stack of lines.
fn stacked(head: &str) -> String {
    let lines: Vec<String> = wrap(head, HEAD).iter().map(|it| escape_latex(it)).collect();
    match lines.as_slice() {
        [line] => line.clone(),
        _ => format!("\\shortstack[r]{{{}}}", lines.join(" \\\\ ")),
    }
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

/// Every amount in full, by the names of the text: for programs.
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
    let heading = matrix.heading();
    let head: Vec<String> = [&heading]
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
