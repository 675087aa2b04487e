//! Words that begin a declaration; as names they need backquotes.

/// Declarations that no block may hold.
const TOP_LEVEL: [&str; 16] = [
    "model",
    "time",
    "unit",
    "set",
    "sector",
    "population",
    "good",
    "instrument",
    "param",
    "series",
    "event",
    "choice",
    "flows",
    "exchange",
    "process",
    "measure",
];

/// The others: some stand in blocks too, some in evidence and scenarios.
const OTHERS: [&str; 30] = [
    "use",
    "link",
    "each",
    "find",
    "start",
    "check",
    "enter",
    "exit",
    "record",
    "match",
    "release",
    "switch",
    "auction",
    "redenominate",
    "cite",
    "source",
    "observe",
    "claim",
    "prior",
    "doubt",
    "move",
    "cancel",
    "run",
    "compare",
    "show",
    "fix",
    "target",
    "given",
    "evidence",
    "scenario",
];

/// Every word that begins a declaration.
pub(crate) fn all() -> impl Iterator<Item = &'static str> {
    TOP_LEVEL.iter().chain(&OTHERS).copied()
}

/// The word as the list has it, if it begins a declaration.
pub(crate) fn keyword(word: &str) -> Option<&'static str> {
    all().find(|known| *known == word)
}

pub(crate) fn is_keyword(word: &str) -> bool {
    keyword(word).is_some()
}

pub(crate) fn is_top_level(word: &str) -> bool {
    TOP_LEVEL.contains(&word)
}
