//! A chart of one quantity, in the terminal or as a picture.

use super::Shown;
use crate::talk::{self, room, unknown};
use saldo_diag::Diagnostic;
use saldo_engine::Trace;
use saldo_report::{Curve, headline, marks, named, plot, png, standalone, svg};
use saldo_store::{columns, write_whole};
use std::io::IsTerminal;

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
    let found = titled.or_else(|| named(shown.model, trace, name));
    let all = columns(shown.model);
    let none = || unknown(name, all.iter().map(|column| column.name.as_str()));
    Ok(vec![found.ok_or_else(none)?])
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
