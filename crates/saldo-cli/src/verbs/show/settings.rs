//! What can be set from outside: scenarios, choices, parameters, and with which option.

use super::Shown;
use saldo_model::Inventory;
use saldo_model::ir::Choice;
use saldo_report::{Given, given};
use std::fmt::Write;

/// Three lists, each under the option that takes its names; `--name` chooses those that have it in
/// their name or title.
pub fn settings(shown: &Shown, inventory: &Inventory) -> String {
    let wanted = shown.args.name.as_deref().unwrap_or("").to_lowercase();
    let asked = |name: &str, title: &str| {
        [name, title]
            .iter()
            .any(|text| text.to_lowercase().contains(&wanted))
    };
    let mut out = String::new();
    let scenarios = inventory
        .scenarios
        .iter()
        .filter(|it| asked(&it.name, &it.title));
    let scenarios = scenarios.map(|it| vec![it.name.to_string(), it.title.to_string()]);
    list(&mut out, "Scenarios: -s NAME", scenarios.collect());
    let choices = shown
        .model
        .choices
        .iter()
        .filter(|it| asked(&it.name, &it.title));
    let choices = choices.flat_map(rivals).collect();
    list(
        &mut out,
        "Rival explanations: --choose CHOICE=NAME",
        choices,
    );
    let parameters = given(shown.model)
        .into_iter()
        .filter(|it| asked(&it.name, &it.title));
    let parameters = parameters.map(parameter).collect();
    list(
        &mut out,
        "Parameters and series: --set NAME=VALUE",
        parameters,
    );
    if out.is_empty() {
        let _ = match wanted.is_empty() {
            true => writeln!(out, "Nothing in this model is given from outside."),
            false => writeln!(
                out,
                "Nothing that can be set has `{wanted}` in its name or title."
            ),
        };
    }
    out
}

fn list(out: &mut String, head: &str, rows: Vec<Vec<String>>) {
    if rows.is_empty() {
        return;
    }
    let gap = if out.is_empty() { "" } else { "\n" };
    let _ = write!(out, "{gap}{head}\n{}", table(&rows));
}

/// A line for each rival; the one this model follows is marked.
fn rivals(choice: &Choice) -> Vec<Vec<String>> {
    let line = |(at, (name, title)): (usize, &(_, _))| {
        let mark = if at == choice.taken {
            " (followed)"
        } else {
            ""
        };
        vec![format!("{}={name}", choice.name), format!("{title}{mark}")]
    };
    choice.members.iter().enumerate().map(line).collect()
}

fn parameter(it: Given) -> Vec<String> {
    let ground = if it.assumed { "assumed" } else { "source" };
    vec![
        it.name,
        it.value.english,
        it.unit,
        it.range.english,
        ground.into(),
        it.title,
    ]
}

/// Columns as wide as their widest entry; empty columns are left out.
fn table(rows: &[Vec<String>]) -> String {
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max();
    let widths: Vec<usize> = (0..rows[0].len()).filter_map(width).collect();
    let mut out = String::new();
    for row in rows {
        let mut line = String::new();
        for (text, width) in row.iter().zip(&widths).filter(|(_, width)| **width > 0) {
            let _ = write!(line, "  {text:<width$}");
        }
        let _ = writeln!(out, "{}", line.trim_end());
    }
    out
}
