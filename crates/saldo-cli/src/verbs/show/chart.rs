//! A chart of one quantity.

use super::Shown;
use crate::talk::{room, unknown};
use saldo_diag::Diagnostic;
use saldo_report::{Curve, headline, marks, named, plot, svg};
use saldo_store::columns;

/// The quantity `--name` (a column's name or the title of a headline chart); all headline
/// charts without it.
pub fn chart(shown: &Shown) -> Result<String, Diagnostic> {
    let trace = shown.trace()?;
    let first = headline(shown.model, &trace);
    let curves: Vec<Curve> = match &shown.args.name {
        None => first,
        Some(name) => {
            let titled = first
                .into_iter()
                .find(|curve| curve.title == *name || curve.name == *name);
            let found = titled.or_else(|| named(shown.model, &trace, name));
            vec![found.ok_or_else(|| {
                let all = columns(shown.model);
                unknown(name, all.iter().map(|column| column.name.as_str()))
            })?]
        }
    };
    let events = marks(shown.model, trace.completed);
    let write = |curve: &Curve| match shown.args.svg {
        true => saldo_report::standalone(&svg(curve, &events)),
        false => plot(curve, room()),
    };
    let count = if shown.args.svg { 1 } else { curves.len() };
    let texts: Vec<String> = curves.iter().take(count).map(write).collect();
    Ok(texts.join("\n"))
}
