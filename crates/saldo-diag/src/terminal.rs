//! The message as a person reads it: severity and id, headline, place, what was found, why it
//! matters, one help.

use crate::{Diagnostic, Label, Severity, Sources, Statement};
use std::fmt::Write;

/// Colours, or none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Paint {
    #[default]
    Plain,
    Ansi,
}

impl Paint {
    fn wrap(self, code: &str, text: &str) -> String {
        match self {
            Paint::Plain => text.to_string(),
            Paint::Ansi => format!("\x1b[{code}m{text}\x1b[0m"),
        }
    }
}

/// The word a reader sees.
pub fn severity_word(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Fail => "fail",
        Severity::Note => "note",
    }
}

/// Control characters of data and titles cannot reach the terminal.
pub fn visible(text: &str) -> String {
    text.chars()
        .map(|c| {
            if c.is_control() && c != '\n' && c != '\t' {
                '\u{fffd}'
            } else {
                c
            }
        })
        .collect()
}

/// A name may be a megabyte long; a message is not.
fn clipped(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{} …", &text[..end]),
        None => text.to_string(),
    }
}

/// Frames of the places, then the words.
pub fn terminal(problem: &Diagnostic, sources: &Sources, paint: Paint) -> String {
    let colour = match problem.severity {
        Severity::Error | Severity::Fail => "1;31",
        Severity::Warning => "1;33",
        Severity::Note => "1;36",
    };
    let head = format!("{}[{}]", severity_word(problem.severity), problem.id);
    let mut out = format!(
        "{}: {}\n",
        paint.wrap(colour, &head),
        paint.wrap("1", &visible(&clipped(&problem.headline, 2 * WINDOW)))
    );
    frames(&mut out, problem, sources, paint, colour);
    if !problem.circle.is_empty() {
        let home = problem.labels.first().map(|label| label.span.file);
        out.push_str(&crate::circle::rows(&problem.circle, home, sources));
    }
    for why in &problem.why {
        wrap(&mut out, "  │ ", why);
    }
    if let Some(statement) = &problem.statement {
        statement_rows(&mut out, statement);
    }
    for help in &problem.help {
        let _ = writeln!(
            out,
            "  = {} {}",
            paint.wrap("1;32", "help:"),
            visible(&clipped(help, 10 * WINDOW))
        );
    }
    for note in &problem.notes {
        let _ = writeln!(out, "  = {}", visible(note));
    }
    out
}

fn frames(out: &mut String, problem: &Diagnostic, sources: &Sources, paint: Paint, colour: &str) {
    let mut last: Option<(u32, usize)> = None;
    for label in &problem.labels {
        let source = sources.get(label.span.file);
        let (line, column) = sources.line_column(label.span.file, label.span.start);
        let new_file = last.is_none_or(|(file, _)| file != label.span.file.0);
        if new_file {
            let _ = writeln!(out, "  ┌─ {}:{line}:{column}", visible(&source.path));
        }
        if new_file || last != Some((label.span.file.0, line)) {
            let text = window(source.text.lines().nth(line - 1).unwrap_or(""), column);
            let _ = writeln!(
                out,
                "{}│ {}",
                paint.wrap("34", &format!("{line:>3} ")),
                visible(&text.replace('\t', " "))
            );
        }
        let column = column - shift(column);
        mark(out, label, source.text.as_ref(), column, paint, colour);
        last = Some((label.span.file.0, line));
    }
}

/// Most characters of a line that are shown.
const WINDOW: usize = 200;

/// How many characters of a long line are left out before a place.
fn shift(column: usize) -> usize {
    if column > WINDOW {
        column - WINDOW / 2
    } else {
        0
    }
}

/// The part of a line around a place.
fn window(line: &str, column: usize) -> String {
    let mut rest = line.chars().skip(shift(column));
    let shown: String = rest.by_ref().take(WINDOW).collect();
    let more = if rest.next().is_some() { " …" } else { "" };
    shown + more
}

/// The underline with what was found there.
fn mark(out: &mut String, label: &Label, text: &str, column: usize, paint: Paint, colour: &str) {
    let covered = &text[label.span.start as usize..label.span.end as usize];
    let first = covered.lines().next().unwrap_or("");
    let width = first.chars().take(WINDOW).count().max(1);
    let (stroke, colour) = if label.primary {
        ("━", colour)
    } else {
        ("─", "34")
    };
    let line = format!(
        "{} {}",
        stroke.repeat(width),
        visible(&clipped(&label.text, 2 * WINDOW))
    );
    let _ = writeln!(
        out,
        "    │ {}{}",
        " ".repeat(column - 1),
        paint.wrap(colour, line.trim_end())
    );
}

fn statement_rows(out: &mut String, statement: &Statement) {
    let width = |of: fn(&crate::StatementRow) -> &String| {
        statement
            .rows
            .iter()
            .map(|row| of(row).chars().count())
            .max()
            .unwrap_or(0)
    };
    let (name, counterpart, amount) = (
        width(|row| &row.name),
        width(|row| &row.counterpart),
        width(|row| &row.amount),
    );
    let title = format!("    {}", statement.title);
    let to = 6 + name + 2 + counterpart + 2 + amount;
    let space = to
        .saturating_sub(title.chars().count() + statement.unit.chars().count())
        .max(2);
    let _ = writeln!(
        out,
        "{}{}{}",
        visible(&title),
        " ".repeat(space),
        statement.unit
    );
    for row in &statement.rows {
        let _ = writeln!(
            out,
            "    {:1} {:name$}  {:counterpart$}  {:>amount$}   {}",
            row.sign,
            visible(&row.name),
            visible(&row.counterpart),
            row.amount,
            visible(&row.note)
        );
        while out.ends_with(" \n") {
            out.truncate(out.len() - 2);
            out.push('\n');
        }
    }
}

/// Whole words, at most 80 columns.
fn wrap(out: &mut String, prefix: &str, text: &str) {
    let mut line = String::new();
    for word in visible(&clipped(text, 10 * WINDOW)).split_whitespace() {
        if !line.is_empty()
            && prefix.chars().count() + line.chars().count() + 1 + word.chars().count() > 80
        {
            let _ = writeln!(out, "{prefix}{line}");
            line.clear();
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    let _ = writeln!(out, "{prefix}{line}");
}
