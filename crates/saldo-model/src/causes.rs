//! The same cause is told once: what is only missing because something else could not be read, or
//! was declared wrongly, is no problem of its own.

use saldo_diag::{Diagnostic, FileId, Sources, Span};
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

/// What was told before, and what is therefore missing.
#[derive(Clone, Default)]
pub(crate) struct Causes {
    /// Names that unread declarations would have given.
    unread: BTreeSet<Symbol>,
    /// Names that were declared wrongly.
    wrong: BTreeSet<Symbol>,
    /// Where the text could not be read.
    places: Vec<Span>,
}

impl Causes {
    /// `lost` are the names that the unread parts of the texts would have given.
    pub fn of_reading(files: &[File], lost: BTreeSet<Symbol>, problems: &[Diagnostic]) -> Self {
        let mut causes = Causes {
            unread: lost,
            wrong: BTreeSet::new(),
            places: problems.iter().filter_map(place).collect(),
        };
        causes.follow(files);
        causes
    }

    /// Its declaration has a mistake that was told: whoever reads it is not told again.
    pub fn lose(&mut self, name: Symbol) {
        self.wrong.insert(name);
    }

    pub fn has_lost(&self, name: &Symbol) -> bool {
        self.wrong.contains(name) || self.unread.contains(name)
    }

    /// Some of the text in this place could not be read.
    pub fn unread_within(&self, whole: Span) -> bool {
        let inside =
            |it: &Span| it.file == whole.file && it.start >= whole.start && it.end <= whole.end;
        self.places.iter().any(inside)
    }

    /// Adds the flows and lines that need an unread name and are therefore lost as well.
    fn follow(&mut self, files: &[File]) {
        loop {
            let known = self.unread.len();
            for decl in files.iter().flat_map(|file| &file.decls) {
                if known > 0 {
                    follow_decl(decl, &mut self.unread);
                }
            }
            if self.unread.len() == known {
                return;
            }
        }
    }

    /// Drops consequences. The first `read` problems are those of reading.
    pub fn keep(&self, problems: &mut Vec<Diagnostic>, read: usize, sources: &Sources) {
        self.keep_of_the_text(problems, read, sources);
        let half_read = half_read(problems, sources);
        problems.retain(|problem| {
            let missing = || Symbol::new(named(problem, sources));
            let told = |name: &Symbol| half_read.contains(name) || self.wrong.contains(name);
            problem.id != "unknown-name" || !told(&missing())
        });
    }

    /// What stands on an unread line, needs an unread name, or judges the books as a whole.
    fn keep_of_the_text(&self, problems: &mut Vec<Diagnostic>, read: usize, sources: &Sources) {
        if self.places.is_empty() {
            return;
        }
        let broken: BTreeSet<_> = self.places.iter().map(|it| line(sources, *it)).collect();
        let mut at = 0;
        problems.retain(|problem| {
            at += 1;
            let on_broken = place(problem).is_some_and(|it| broken.contains(&line(sources, it)));
            let of_the_whole = OF_THE_WHOLE.contains(&problem.id);
            at <= read || !(on_broken || of_the_whole || mentions(problem, &self.unread, sources))
        });
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

/// The headline or a place of the problem names something that was lost.
fn mentions(problem: &Diagnostic, lost: &BTreeSet<Symbol>, sources: &Sources) -> bool {
    let names = |text: &str| {
        text.split(|c: char| !(c.is_alphanumeric() || c == '_'))
            .any(|word| lost.contains(&Symbol::new(word)))
    };
    let places = problem.labels.iter().filter(|label| label.primary);
    names(&problem.headline)
        || places
            .into_iter()
            .any(|label| names(sources.slice(label.span)))
}

/// Names that stand first on lines with an error of their own: `x` of `x = 1 +`.
fn half_read(problems: &[Diagnostic], sources: &Sources) -> BTreeSet<Symbol> {
    let broken = problems
        .iter()
        .filter(|problem| problem.is_error() && problem.id != "unknown-name");
    let lines = broken.filter_map(|problem| Some(line_text(sources, place(problem)?)));
    lines.filter_map(first_name).map(Symbol::new).collect()
}

/// A calendar that cannot be read has been told already.
pub(crate) fn calendar_told(problems: &[Diagnostic], sources: &Sources) -> bool {
    let mut places = problems.iter().filter_map(place);
    places.any(|it| line_text(sources, it).trim_start().starts_with("time "))
}

fn place(problem: &Diagnostic) -> Option<Span> {
    problem.labels.first().map(|label| label.span)
}

/// The text that a problem points at.
fn named<'s>(problem: &Diagnostic, sources: &'s Sources) -> &'s str {
    place(problem).map_or("", |it| sources.slice(it))
}

/// File and beginning of the line on which a place begins.
fn line(sources: &Sources, span: Span) -> (FileId, usize) {
    let before = &sources.get(span.file).text[..span.start as usize];
    (span.file, before.rfind('\n').map_or(0, |end| end + 1))
}

fn line_text(sources: &Sources, span: Span) -> &str {
    let (file, start) = line(sources, span);
    let text = &sources.get(file).text[start..];
    &text[..text.find('\n').unwrap_or(text.len())]
}

/// `wages` of `wages : firms -> households`, `G` of `param G = 20`.
fn first_name(line: &str) -> Option<&str> {
    const WORDS: [&str; 4] = ["param", "series", "find", "event"];
    let mut words = line
        .split(|c: char| !c.is_alphanumeric() && c != '_')
        .filter(|word| !word.is_empty());
    let first = words.next()?;
    if WORDS.contains(&first) {
        words.next()
    } else {
        Some(first)
    }
}
