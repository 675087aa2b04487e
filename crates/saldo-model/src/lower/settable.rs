//! What a run can set: which parameter a mistyped or foreign name means.

use saldo_syntax::Symbol;

/// Parameters listed before the others are counted.
const LISTED: usize = 12;

/// The help for a name that is no parameter, given the parameters with their titles: the nearest
/// name, else those whose name or title has the word in it, else all.
pub(crate) fn meant(wanted: &str, known: &[(Symbol, Symbol)]) -> String {
    let names: Vec<Symbol> = known.iter().map(|(name, _)| *name).collect();
    if let Some(close) = super::near(wanted, &names) {
        return format!("did you mean `{close}`?");
    }
    let about: Vec<String> = known
        .iter()
        .filter(|(name, title)| speaks_of(name, wanted) || speaks_of(title, wanted))
        .map(|(name, title)| titled(name, title))
        .collect();
    match (about.as_slice(), known.is_empty()) {
        ([], true) => "the model has no parameter yet:  param NAME = … assumed \"why\"".into(),
        ([], false) => format!("the parameters are: {}", listed(&names)),
        (some, _) => format!("did you mean {}?", some[..some.len().min(3)].join("  or  ")),
    }
}

fn speaks_of(text: &str, word: &str) -> bool {
    word.len() > 2 && text.to_lowercase().contains(&word.to_lowercase())
}

fn titled(name: &Symbol, title: &Symbol) -> String {
    match name == title {
        true => format!("`{name}`"),
        false => format!("`{name}` ({title})"),
    }
}

fn listed(names: &[Symbol]) -> String {
    let shown = Symbol::list(&names[..names.len().min(LISTED)]);
    match names.len().saturating_sub(LISTED) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}
