//! The same cause is told once: what is only missing because a declaration could not be read is
//! no problem of its own.

use saldo_diag::{Diagnostic, Sources, Span};
use saldo_syntax::Symbol;
use saldo_syntax::ast::{Decl, DeclKind, File, Flow, Path};
use std::collections::BTreeSet;

/// What is said of the books as a whole when a part of them could not be read.
const OF_THE_WHOLE: &[&str] = &[
    "start-none",
    "time-missing",
    "model-missing",
    "through-no-until",
];

/// Adds the flows and lines that need a lost name and are therefore lost as well.
pub(crate) fn follow(files: &[File], lost: &mut BTreeSet<Symbol>) {
    loop {
        let known = lost.len();
        for decl in files.iter().flat_map(|file| &file.decls) {
            if known > 0 {
                follow_decl(decl, lost);
            }
        }
        if lost.len() == known {
            return;
        }
    }
}

fn follow_decl(decl: &Decl, lost: &mut BTreeSet<Symbol>) {
    match &decl.kind {
        DeclKind::Flows(block) => {
            let whole = lost.contains(&block.instrument.text);
            follow_flows(&block.flows, whole, lost);
        }
        DeclKind::Exchange(block) => {
            let whole = lost.contains(&block.first.text) || lost.contains(&block.second.text);
            follow_flows(&block.flows, whole, lost);
        }
        DeclKind::Good(asset) | DeclKind::Instrument(asset) => {
            let mut units = asset.unit.factors.iter();
            if units.any(|factor| lost.contains(&factor.name.text)) {
                lost.insert(asset.name.text);
            }
        }
        DeclKind::Each(each) => {
            let whole = each
                .binders
                .iter()
                .any(|binder| lost.contains(&binder.domain.text));
            if whole {
                lost.extend(each.binders.iter().map(|binder| binder.letter.text));
            }
            each.decls.iter().for_each(|decl| follow_decl(decl, lost));
        }
        _ => {}
    }
}

fn follow_flows(flows: &[Flow], whole: bool, lost: &mut BTreeSet<Symbol>) {
    let first = |path: &Path| path.parts[0].name.text;
    for flow in flows {
        let ends = [first(&flow.left.path), first(&flow.right.path)];
        if whole || ends.iter().any(|end| lost.contains(end)) {
            lost.insert(flow.name.text);
        }
    }
}

/// Drops consequences. The first `unread` problems are those of reading; `lost` are the names
/// that unread declarations would have given.
pub(crate) fn keep_causes(
    problems: &mut Vec<Diagnostic>,
    unread: usize,
    lost: &BTreeSet<Symbol>,
    sources: &Sources,
) {
    let line = |span: Span| {
        let before = &sources.get(span.file).text[..span.start as usize];
        (span.file, before.rfind('\n'))
    };
    let place = |problem: &Diagnostic| problem.labels.first().map(|label| label.span);
    let broken: BTreeSet<_> = problems[..unread]
        .iter()
        .filter_map(place)
        .map(line)
        .collect();
    if broken.is_empty() {
        return;
    }
    let mut at = 0;
    problems.retain(|problem| {
        at += 1;
        let same_line = place(problem).is_some_and(|span| broken.contains(&line(span)));
        let of_the_whole = OF_THE_WHOLE.contains(&problem.id);
        at <= unread || !(same_line || of_the_whole || mentions(problem, lost, sources))
    });
}

/// The headline or a place of the problem names something that was lost.
fn mentions(problem: &Diagnostic, lost: &BTreeSet<Symbol>, sources: &Sources) -> bool {
    let names = |text: &str| {
        text.split(|c: char| !(c.is_alphanumeric() || c == '_'))
            .any(|word| lost.contains(word))
    };
    let places = problem.labels.iter().filter(|label| label.primary);
    names(&problem.headline)
        || places
            .into_iter()
            .any(|label| names(sources.slice(label.span)))
}
