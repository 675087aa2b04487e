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

/// Equations of one display: TeX holds a display in memory as a whole.
const DISPLAY: usize = 40;

/// An equation a line; what a line means stands behind it as a comment.
fn mathematical(shown: &Shown) -> String {
    let lines: Vec<(String, &Var)> = written(shown, Notation::Latex).collect();
    let displays: String = lines.chunks(DISPLAY).map(display).collect();
    format!("% \\usepackage{{amsmath}} \\allowdisplaybreaks\n{displays}")
}

fn display(lines: &[(String, &Var)]) -> String {
    let rows = lines.iter().enumerate().map(|(at, (text, var))| {
        let end = if at + 1 < lines.len() { " \\\\" } else { "" };
        let text = broken(&text.replacen(" = ", " &= ", 1));
        format!("{text}{end}{}\n", comment(var).replace("   # ", " % "))
    });
    let rows: String = rows.collect();
    format!("\\begin{{align*}}\n{rows}\\end{{align*}}\n")
}

/// Signs that a line of a page holds.
const WIDTH: usize = 90;

/// Long sums go on in further lines, broken before a term.
fn broken(text: &str) -> String {
    let mut out = String::new();
    let (mut depth, mut seen) = (0i32, 0);
    for word in text.split(' ') {
        if depth == 0 && seen > WIDTH && matches!(word, "+" | "-") {
            out += "\\\\\n  & \\quad ";
            seen = 0;
        }
        let opens = ["{", "\\left", "\\begin"].iter();
        let closes = ["}", "\\right", "\\end"].iter();
        depth += opens.map(|it| word.matches(it).count() as i32).sum::<i32>();
        depth -= closes
            .map(|it| word.matches(it).count() as i32)
            .sum::<i32>();
        seen += signs(word);
        out += word;
        out.push(' ');
    }
    out.truncate(out.trim_end().len());
    out
}

/// How many letters and digits are seen of a piece, its commands left out.
fn signs(word: &str) -> usize {
    let mut pieces = word.split('\\');
    let first = pieces.next().map_or(0, str::len);
    let behind = |piece: &str| {
        piece
            .trim_start_matches(|c: char| c.is_ascii_alphabetic())
            .len()
    };
    first + pieces.map(behind).sum::<usize>()
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
