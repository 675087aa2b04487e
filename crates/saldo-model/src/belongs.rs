//! Each kind of file holds what belongs there: three people can work on three files.

use saldo_diag::{Diagnostic, Span};
use saldo_syntax::Symbol;
use saldo_syntax::ast::{self, DeclKind, FileKind};
use std::collections::BTreeMap;

/// Declarations in the wrong kind of file, files of another model, scenarios of one name.
pub(crate) fn check_files(files: &[ast::File], problems: &mut Vec<Diagnostic>) {
    let model = files.iter().find_map(|file| match &file.kind {
        FileKind::Model(Some((name, _))) => Some(&name.text),
        _ => None,
    });
    for file in files {
        if let (Some(model), Some(of)) = (model, of_model(&file.kind))
            && of.text != *model
        {
            problems.push(other_model(of, model));
        }
        problems.extend(file.decls.iter().filter_map(|decl| misplaced(file, decl)));
    }
    check_scenarios(files, problems);
}

fn of_model(kind: &FileKind) -> Option<&ast::Name> {
    match kind {
        FileKind::Evidence { of } | FileKind::Scenario { of, .. } => Some(of),
        FileKind::Model(_) => None,
    }
}

fn other_model(of: &ast::Name, model: &Symbol) -> Diagnostic {
    Diagnostic::error(
        "other-model",
        format!("this file is for `{}`, the model here is `{model}`", of.text),
    )
    .at(of.span, "another model")
    .why("All files of a folder belong to one model; evidence for another would be held against this one.")
    .help(format!("write  for {model},  or move the file to its own model"))
}

/// Where a declaration belongs, if not here.
fn misplaced(file: &ast::File, decl: &ast::Decl) -> Option<Diagnostic> {
    let home = home(&decl.kind);
    let here = match &file.kind {
        FileKind::Model(_) => Home::Model,
        FileKind::Evidence { .. } => Home::Evidence,
        FileKind::Scenario { .. } => Home::Scenario,
    };
    if home.contains(&here) {
        return None;
    }
    let (what, why) = match here {
        Home::Model => (
            "a model file",
            "A model holds no observed value and no change of itself: it could then be judged by what it was told.",
        ),
        Home::Evidence => (
            "an evidence file",
            "Evidence holds observations and claims only, so that it can be held against any model.",
        ),
        Home::Scenario => (
            "a scenario",
            "A scenario sets numbers, dates and choices; it cannot add accounting or behaviour, so it balances as its model does.",
        ),
    };
    let set_here = set_here(&decl.kind).filter(|_| here == Home::Scenario);
    let help = match (home[0], set_here) {
        (Home::Model, Some(help)) => help,
        (Home::Model, None) => "move it into a file of the model".to_string(),
        (Home::Evidence, _) => {
            "move it into a file that begins with  evidence for MODEL".to_string()
        }
        (Home::Scenario, _) => {
            "move it into a file that begins with  scenario NAME for MODEL".to_string()
        }
    };
    Some(
        Diagnostic::error("wrong-file", format!("this does not belong in {what}"))
            .at(first_line(decl.span), "declared here")
            .why(why)
            .help(help),
    )
}

/// How a scenario says what was meant by a line of the model's kind.
fn set_here(kind: &DeclKind) -> Option<String> {
    match kind {
        DeclKind::Param(it) => Some(format!("write  set {} = …", it.name.text)),
        DeclKind::Equation(it) => {
            let name = it.target.parts.first()?.name.text;
            Some(format!(
                "write  set {name} = …  for a parameter,  fix {name} = …  for a line of the model"
            ))
        }
        _ => None,
    }
}

/// Blocks are shown by their beginning.
fn first_line(span: Span) -> Span {
    Span {
        end: span.end.min(span.start + 1),
        ..span
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Home {
    Model,
    Evidence,
    Scenario,
}

/// The kinds of files that may hold a declaration, its usual place first.
fn home(kind: &DeclKind) -> &'static [Home] {
    use Home::*;
    match kind {
        DeclKind::Source(_) => &[Evidence, Model],
        DeclKind::Observe(_) | DeclKind::Claim(_) | DeclKind::Prior(_) | DeclKind::Doubt(_) => {
            &[Evidence]
        }
        DeclKind::Show(_) | DeclKind::Start(_) => &[Model, Scenario],
        DeclKind::Cite(_) => &[Model, Evidence, Scenario],
        DeclKind::Move { .. }
        | DeclKind::Cancel { .. }
        | DeclKind::SetValue(_)
        | DeclKind::UseChoice { .. }
        | DeclKind::Run { .. }
        | DeclKind::Compare { .. }
        | DeclKind::Fix(_)
        | DeclKind::Target { .. }
        | DeclKind::Given { .. } => &[Scenario],
        _ => &[Model],
    }
}

/// Scenarios are found by their names, and compared with each other.
fn check_scenarios(files: &[ast::File], problems: &mut Vec<Diagnostic>) {
    let mut names: BTreeMap<Symbol, Span> = BTreeMap::new();
    for file in files {
        let FileKind::Scenario { name, .. } = &file.kind else {
            continue;
        };
        if let Some(first) = names.insert(name.text, name.span) {
            let problem = Diagnostic::error(
                "two-lines",
                format!("two scenarios are called `{}`", name.text),
            )
            .at(name.span, "declared again here")
            .also(first, "first declared here")
            .why("A scenario is asked for by its name.")
            .help("rename one of them");
            problems.push(problem);
        }
    }
    let known: Vec<Symbol> = names.keys().cloned().chain(["baseline".into()]).collect();
    for decl in files.iter().flat_map(|file| &file.decls) {
        let DeclKind::Compare { with } = &decl.kind else {
            continue;
        };
        if !known.contains(&with.text) {
            let problem = Diagnostic::error("scenario-unknown", format!("there is no scenario `{}`", with.text))
                .at(with.span, "to be compared with")
                .why("A scenario is found by the name it declares, in a file that begins with `scenario`.");
            problems.push(match crate::lower::near(&with.text, &known) {
                Some(close) => problem.help(format!("did you mean `{close}`?")),
                None => problem.help(format!("choose one of: {}", Symbol::list(&known))),
            });
        }
    }
}
