//! The model's equations and units.

use super::Shown;
use saldo_model::headroom::{LIMIT, headrooms};
use saldo_model::ir::{InstrumentId, Var, VarId, VarRole};
use saldo_study::{Notation, equation};
use std::fmt::Write;

/// Every equation and flow as the engine computes it; balances follow from the books.
pub fn equations(shown: &Shown) -> String {
    match shown.args.latex {
        true => mathematical(shown),
        false => written(shown, Notation::Text)
            .map(|(text, var)| format!("{text}{}\n", comment(var)))
            .collect(),
    }
}

/// One display, an equation a line; what a line means stands behind it as a comment.
fn mathematical(shown: &Shown) -> String {
    let lines: Vec<(String, &Var)> = written(shown, Notation::Latex).collect();
    let last = lines.len().saturating_sub(1);
    let rows = lines.iter().enumerate().map(|(at, (text, var))| {
        let end = if at < last { " \\\\" } else { "" };
        let text = text.replacen(" = ", " &= ", 1);
        format!("{text}{end}{}\n", comment(var).replace("   # ", " % "))
    });
    let rows: String = rows.collect();
    format!(
        "% \\usepackage{{amsmath}} \\allowdisplaybreaks\n\\begin{{align*}}\n{rows}\\end{{align*}}\n"
    )
}

fn written<'a>(shown: &'a Shown, notation: Notation) -> impl Iterator<Item = (String, &'a Var)> {
    lines(shown).filter_map(move |(at, var)| {
        Some((equation(shown.model, VarId(at as u32), notation)?, var))
    })
}

fn comment(var: &Var) -> String {
    match (
        var.title.is_empty() || var.title == var.name,
        var.unit.is_empty(),
    ) {
        (true, true) => String::new(),
        (true, false) => format!("   # [{}]", var.unit),
        (false, true) => format!("   # {}", var.title),
        (false, false) => format!("   # {} [{}]", var.title, var.unit),
    }
}

/// The unit of every line, declared or inferred.
pub fn units(shown: &Shown) -> String {
    let mut out = String::new();
    for (_, var) in lines(shown) {
        let unit = if var.unit.is_empty() { "1" } else { &var.unit };
        let _ = writeln!(out, "{:<40} [{unit}]", var.name);
    }
    for input in &shown.model.inputs {
        let unit = if input.unit.is_empty() {
            "1"
        } else {
            &input.unit
        };
        let _ = writeln!(out, "{:<40} [{unit}]", input.name);
    }
    out.push('\n');
    out.push_str(&resolutions(shown));
    out
}

/// In what steps each instrument is booked, and how far its largest opening may grow.
fn resolutions(shown: &Shown) -> String {
    let mut out = String::new();
    let _ = writeln!(
        out,
        "{:<40} {:<20} largest opening may grow",
        "booked in", "steps of"
    );
    let rooms = headrooms(shown.model);
    for (at, it) in shown.model.instruments.iter().enumerate() {
        let step = format!("{} {}", it.resolution / it.factor, it.unit);
        let room = rooms.get(&InstrumentId(at as u32));
        let room = room.map_or("(opens empty)".into(), |room| {
            format!("{:.0e} times", LIMIT / room.largest)
        });
        let _ = writeln!(out, "{:<40} {step:<20} {room}", it.name);
    }
    out
}

/// The author's own lines, `--name` choosing those whose name starts with it.
fn lines<'a>(shown: &'a Shown) -> impl Iterator<Item = (usize, &'a Var)> {
    let wanted = shown.args.name.as_deref().unwrap_or("");
    shown.model.vars.iter().enumerate().filter(move |(_, var)| {
        matches!(
            var.role,
            VarRole::Equation | VarRole::Flow(_) | VarRole::Param
        ) && var.name.starts_with(wanted)
    })
}
