//! Answers on standard output, messages on standard error; nothing here decides anything.

use crate::args::Format;
use saldo_diag::{Diagnostic, Paint, Severity, Sources, github, json, short, terminal_all};
use saldo_model::ir::Model;
use saldo_report::WIDTH;
use std::io::{ErrorKind, IsTerminal, Write};
use std::process::ExitCode;

/// Colour only where a person looks and did not refuse it.
pub fn paint() -> Paint {
    let wanted = std::io::stderr().is_terminal()
        && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
    if wanted { Paint::Ansi } else { Paint::Plain }
}

/// Columns of the terminal, the usual number where nobody looks.
pub fn width() -> usize {
    const USUAL: usize = 110;
    let looked_at = std::io::stdout().is_terminal();
    let size = looked_at.then(terminal_size::terminal_size).flatten();
    size.map_or(USUAL, |(width, _)| usize::from(width.0).max(40))
}

/// Columns for a plot: as many as the terminal has beside the axis, the usual number where nobody
/// looks, so that what is written does not depend on where it was written.
pub fn room() -> usize {
    const AXIS: usize = 11;
    let looked_at = std::io::stdout().is_terminal();
    let size = looked_at.then(terminal_size::terminal_size).flatten();
    size.map_or(WIDTH, |(width, _)| {
        usize::from(width.0).saturating_sub(AXIS).clamp(10, WIDTH)
    })
}

/// Writes problems to standard error, in the form asked for.
pub fn tell(problems: &[Diagnostic], sources: &Sources, format: Format, as_json: bool) {
    if as_json {
        let told: Vec<_> = problems
            .iter()
            .map(|problem| json(problem, sources))
            .collect();
        if problems
            .iter()
            .any(|problem| problem.severity != Severity::Note)
        {
            warn(
                &serde_json::json!({"version": saldo_diag::JSON_VERSION, "problems": told})
                    .to_string(),
            );
        }
        return;
    }
    let told: Vec<String> = match format {
        Format::Full => terminal_all(problems, sources, paint()),
        Format::Short => problems.iter().map(|it| short(it, sources)).collect(),
        Format::Github => problems.iter().map(|it| github(it, sources)).collect(),
    };
    told.iter().for_each(|message| warn(message));
}

/// A problem without a place in the model's text.
pub fn refuse(problem: &Diagnostic, format: Format, as_json: bool, code: u8) -> ExitCode {
    let problems = std::slice::from_ref(problem);
    tell(problems, &Sources::default(), format, as_json);
    ExitCode::from(code)
}

/// A line on standard error. If nobody can hear it, there is nobody to tell.
pub fn warn(line: &str) {
    let _ = writeln!(std::io::stderr(), "{line}");
}

/// An answer on standard output. Control characters that a title brought along are shown, not
/// obeyed.
pub fn say(text: &str) {
    let steers = |c: char| c.is_control() && c != '\n' && c != '\t';
    if !text.contains(steers) {
        return out(text.as_bytes());
    }
    let shown = text.chars().flat_map(|c| match steers(c) {
        true => c.escape_default().collect::<Vec<_>>(),
        false => vec![c],
    });
    out(shown.collect::<String>().as_bytes());
}

/// Bytes on standard output. A reader that went away ends the program quietly; a full disk is
/// told.
pub fn out(bytes: &[u8]) {
    let mut stdout = std::io::stdout().lock();
    let written = stdout.write_all(bytes).and_then(|()| stdout.flush());
    match written {
        Ok(()) => {}
        Err(error) if error.kind() == ErrorKind::BrokenPipe => std::process::exit(0),
        Err(error) => {
            let problem = unwritten("standard output", &error);
            tell(&[problem], &Sources::default(), Format::Full, false);
            std::process::exit(1);
        }
    }
}

/// A JSON answer, one line.
pub fn answer(answer: &serde_json::Value) {
    out(format!("{answer}\n").as_bytes());
}

/// Which moneys got a new unit in a run. What is shown over time keeps one unit, or its curve
/// would jump where nothing happened; what is shown of one date is in the unit of that date.
pub fn renamed(model: &Model, completed: usize) -> String {
    let due = model
        .redenominations
        .iter()
        .filter(|it| it.period <= completed as i64);
    let told = due.map(|it| {
        format!(
            "From {} on {} {money} are one new {money}: tables and charts over time stay in {money}, matrices are in the new one.\n",
            model.calendar.label(it.period), it.ratio, money = it.money
        )
    });
    told.collect()
}

/// A name that nothing in a model has, with the nearest one that something has.
pub fn unknown<'a>(wanted: &str, known: impl Iterator<Item = &'a str>) -> Diagnostic {
    let known: Vec<&str> = known.collect();
    let problem = Diagnostic::error("name-unknown", format!("`{wanted}` is not in this model"));
    match saldo_diag::nearest(wanted, known.iter().copied()) {
        Some(near) => problem.help(format!("did you mean  {near}?")),
        None => problem.help("saldo show equations MODEL  lists all names"),
    }
}

/// A file that could not be written.
pub fn unwritten(place: &str, error: &std::io::Error) -> Diagnostic {
    Diagnostic::error(
        "write-failed",
        format!("{place} cannot be written: {error}"),
    )
    .why("Results are whole or absent: nothing was left half-written.")
    .help("choose another place:  --out PATH")
}
