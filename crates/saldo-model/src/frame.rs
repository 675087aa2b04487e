//! What stands around the declarations of a model: its name and its calendar.

use crate::calendar::Calendar;
use crate::scenario::Overrides;
use saldo_diag::{Diagnostic, FileId, Span};
use saldo_syntax::Symbol;
use saldo_syntax::ast::{self, DeclKind, FileKind};

pub(crate) fn header(
    files: &[ast::File],
    problems: &mut Vec<Diagnostic>,
) -> Option<(Symbol, Symbol)> {
    let headers: Vec<_> = files
        .iter()
        .filter_map(|file| match &file.kind {
            FileKind::Model(Some((name, title))) => Some((name, title)),
            _ => None,
        })
        .collect();
    match headers.as_slice() {
        [] => {
            let span = Span::new(FileId(0), 0, 0);
            let problem = Diagnostic::error("model-missing", "no file declares the model")
                .at(span, "nothing begins with `model`")
                .why("Results, scenarios and evidence are kept under the model's name.")
                .help("begin one file with  model NAME \"title\"");
            problems.push(problem);
            None
        }
        [(name, title), more @ ..] => {
            for (second, _) in more {
                let problem = Diagnostic::error(
                    "model-twice",
                    format!(
                        "two models in one folder: `{}` and `{}`",
                        name.text, second.text
                    ),
                )
                .at(second.span, "declared again here")
                .why("All files of a folder are one model.")
                .help("move one of the two into a folder of its own");
                problems.push(problem);
            }
            Some((name.text, crate::lower::title_or(title, &name.text)))
        }
    }
}

pub(crate) fn calendar(
    decls: &[&ast::Decl],
    overrides: &Overrides,
    problems: &mut Vec<Diagnostic>,
) -> Option<Calendar> {
    let times: Vec<(&ast::Time, Span)> = decls
        .iter()
        .filter_map(|decl| match &decl.kind {
            DeclKind::Time(time) => Some((time, decl.span)),
            _ => None,
        })
        .collect();
    let Some((time, span)) = times.first() else {
        let problem = Diagnostic::error("time-missing", "over which time does the model run?")
            .at(Span::new(FileId(0), 0, 0), "no `time` is declared")
            .why(
                "Rates post their amounts period by period; without a calendar no amount is known.",
            )
            .help("add  time yearly from 1990 to 2010");
        problems.push(problem);
        return None;
    };
    if let Some((_, second)) = times.get(1) {
        let problem = Diagnostic::error("two-lines", "two calendars in one model")
            .at(*second, "declared again here")
            .also(*span, "first declared here")
            .why("All books of a model close on the same day.")
            .help("delete one of them");
        problems.push(problem);
    }
    let first = crate::calendar::ordinal(time.frequency, time.from);
    let last = crate::calendar::ordinal_last(time.frequency, overrides.to.unwrap_or(time.to));
    let len = last - first + 1;
    if !(1..=1_000_000).contains(&len) {
        let problem = Diagnostic::error(
            "time-impossible",
            "this calendar has no periods, or too many",
        )
        .at(
            overrides.to.map_or(*span, |to| to.span),
            format!("{len} periods"),
        )
        .why("A model runs from its first to its last period, at most a million of them.")
        .help("make `to` later than `from`");
        problems.push(problem);
        return None;
    }
    Some(Calendar {
        frequency: time.frequency,
        first,
        len: len as usize,
    })
}
