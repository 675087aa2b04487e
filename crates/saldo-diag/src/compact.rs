//! The message for machines: one line, a hosting service's annotation, or JSON.

use crate::terminal::{severity_word, visible};
use crate::{Diagnostic, Severity, Sources};
use serde_json::{Value, json};

/// Version of the JSON form; it changes when a field changes its meaning or goes.
pub const JSON_VERSION: u32 = 1;

/// `file:line:column: error[id]: headline`
pub fn short(problem: &Diagnostic, sources: &Sources) -> String {
    let head = format!(
        "{}[{}]: {}",
        severity_word(problem.severity),
        problem.id,
        one_line(&problem.headline)
    );
    match problem.labels.first() {
        Some(label) => {
            let (line, column) = sources.line_column(label.span.file, label.span.start);
            format!(
                "{}:{line}:{column}: {head}",
                visible(&sources.get(label.span.file).path)
            )
        }
        None => head,
    }
}

/// A workflow command that annotates the line in a review.
pub fn github(problem: &Diagnostic, sources: &Sources) -> String {
    let kind = match problem.severity {
        Severity::Error | Severity::Fail => "error",
        Severity::Warning => "warning",
        Severity::Note => "notice",
    };
    let place = problem.labels.first().map_or(String::new(), |label| {
        let (line, column) = sources.line_column(label.span.file, label.span.start);
        let path = escape(&sources.get(label.span.file).path)
            .replace(':', "%3A")
            .replace(',', "%2C");
        format!("file={path},line={line},col={column},")
    });
    let help = problem
        .help
        .first()
        .map_or(String::new(), |help| format!("\nhelp: {help}"));
    format!(
        "::{kind} {place}title={}::{}",
        problem.id,
        escape(&format!("{}{help}", problem.headline))
    )
}

fn escape(text: &str) -> String {
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

fn one_line(text: &str) -> String {
    visible(text).replace('\n', " ")
}

/// The whole message as data.
pub fn json(problem: &Diagnostic, sources: &Sources) -> Value {
    let places: Vec<Value> = problem
        .labels
        .iter()
        .map(|label| {
            let (line, column) = sources.line_column(label.span.file, label.span.start);
            let (end_line, end_column) = sources.line_column(label.span.file, label.span.end);
            json!({
                "file": sources.get(label.span.file).path,
                "line": line, "column": column, "end_line": end_line, "end_column": end_column,
                "found": label.text, "primary": label.primary,
            })
        })
        .collect();
    let statement = problem.statement.as_ref().map(|statement| {
        let rows: Vec<Value> = statement
            .rows
            .iter()
            .map(|row| json!({"sign": row.sign, "name": row.name, "counterpart": row.counterpart, "amount": row.amount, "note": row.note}))
            .collect();
        json!({"title": statement.title, "unit": statement.unit, "rows": rows})
    });
    let line_of = |span: crate::Span| sources.line_column(span.file, span.start).0;
    let circle: Vec<Value> = problem
        .circle
        .iter()
        .map(|link| {
            json!({
                "name": link.name,
                "file": link.span.map(|span| sources.get(span.file).path.clone()),
                "line": link.span.map(line_of),
            })
        })
        .collect();
    json!({
        "id": problem.id,
        "severity": severity_word(problem.severity),
        "headline": problem.headline,
        "places": places,
        "why": problem.why,
        "statement": statement,
        "circle": circle,
        "help": problem.help,
        "notes": problem.notes,
    })
}
