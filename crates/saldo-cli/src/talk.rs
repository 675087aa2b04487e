//! Messages and progress on standard error; nothing here decides anything.

use crate::args::Format;
use saldo_diag::{Diagnostic, Paint, Severity, Sources, github, json, short, terminal};
use std::io::IsTerminal;

/// Colour only where a person looks and did not refuse it.
pub fn paint() -> Paint {
    let wanted = std::io::stderr().is_terminal()
        && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
    if wanted { Paint::Ansi } else { Paint::Plain }
}

/// Writes problems to standard error, in the form asked for. With `--json` they are part of
/// the answer on standard output instead.
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
            eprintln!(
                "{}",
                serde_json::json!({"version": saldo_diag::JSON_VERSION, "problems": told})
            );
        }
        return;
    }
    for problem in problems {
        match format {
            Format::Full => eprintln!("{}", terminal(problem, sources, paint())),
            Format::Short => eprintln!("{}", short(problem, sources)),
            Format::Github => eprintln!("{}", github(problem, sources)),
        }
    }
}
