//! A chart of one quantity, in the terminal or as a picture.

use super::Shown;
use crate::talk::{self, room, unknown};
use saldo_diag::Diagnostic;
use saldo_engine::Trace;
use saldo_report::{Curve, headline, marks, named, plot, png, standalone, svg};
use saldo_store::{columns, write_whole};
use std::io::IsTerminal;

/// Members of a family that are drawn one below the other.
const MEMBERS: usize = 4;

/// The quantity `--name` (a column's name or the title of a headline chart); all headline
/// charts without it.
pub fn chart(shown: &Shown) -> Result<String, Diagnostic> {
    let trace = shown.trace()?;
    let curves = curves(shown, &trace)?;
    let texts: Vec<String> = curves.iter().map(|curve| plot(curve, room())).collect();
    Ok(texts.join("\n"))
}

fn curves(shown: &Shown, trace: &Trace) -> Result<Vec<Curve>, Diagnostic> {
    let first = headline(shown.model, trace);
    let Some(name) = &shown.args.name else {
        return Ok(first);
    };
    let titled = first
        .into_iter()
        .find(|curve| curve.title == *name || curve.name == *name);
    if let Some(curve) = titled.or_else(|| named(shown.model, trace, name)) {
        return Ok(vec![curve]);
    }
    let all = columns(shown.model);
    let all: Vec<&str> = all.iter().map(|column| column.name.as_str()).collect();
    let members: Vec<&str> = all
        .iter()
        .copied()
        .filter(|it| family(it) == *name)
        .collect();
    match members.len() {
        0 => Err(unknown(name, all.into_iter())),
        count if count > MEMBERS || shown.args.svg || shown.args.png => Err(which(name, &members)),
        _ => Ok(members
            .iter()
            .filter_map(|it| named(shown.model, trace, it))
            .collect()),
    }
}

/// `people.cash` for `people[moscow].cash`.
fn family(name: &str) -> String {
    let mut inside = false;
    let outside = |c: &char| {
        inside = *c == '[' || inside && *c != ']';
        !inside && *c != ']'
    };
    name.chars().filter(outside).collect()
}

/// A family of more than a screen, or for a picture of one curve.
fn which(name: &str, members: &[&str]) -> Diagnostic {
    let headline = format!("`{name}` has {} members: which one?", members.len());
    let problem = Diagnostic::error("member-which", headline)
        .why("A line over a set is one quantity for each member; a chart shows one.");
    let problem = problem.note(format!("they are {}", members.join(", ")));
    problem.help(format!(
        "name one:  saldo show chart '{}' MODEL",
        members[0]
    ))
}

/// The first of the charts as a picture, to `--out` or standard output. Gives where it is.
pub fn picture(shown: &Shown) -> Result<Option<String>, Diagnostic> {
    let trace = shown.trace()?;
    let curves = curves(shown, &trace)?;
    let curve = curves.first().ok_or_else(nothing)?;
    let drawn = svg(curve, marks(shown.model, trace.completed));
    let source = format!("Computed by the model {}, Saldo", shown.model.name);
    let drawn = standalone(&drawn, curve, &source);
    let bytes = match shown.args.png {
        true => png(&drawn).map_err(|why| Diagnostic::error("usage", why))?,
        false => drawn.into_bytes(),
    };
    match &shown.args.out {
        Some(path) => {
            let place = path.display().to_string();
            let written = write_whole(path, &bytes);
            written.map_err(|error| talk::unwritten(&place, &error))?;
            Ok(Some(place))
        }
        None if shown.args.png && std::io::stdout().is_terminal() => Err(Diagnostic::error(
            "usage",
            "a PNG is no text for a terminal",
        )
        .help("name a file:  --out chart.png")),
        None => {
            talk::out(&bytes);
            Ok(None)
        }
    }
}

fn nothing() -> Diagnostic {
    Diagnostic::error("usage", "this model has no quantity to draw")
        .help("name one:  saldo show chart NAME MODEL")
}
