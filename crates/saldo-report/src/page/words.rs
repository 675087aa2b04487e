//! The page's own words in Russian: headings, table heads, buttons. Titles come from the model;
//! sentences stand in `said.rs`.

/// One a line: the English words, `=`, the Russian ones.
const WORDS: &str = include_str!("language/words.txt");

fn pairs() -> impl Iterator<Item = (&'static str, &'static str)> {
    WORDS.lines().filter_map(|line| line.split_once(" = "))
}

/// All of them in English.
pub(crate) fn all() -> impl Iterator<Item = &'static str> {
    pairs().map(|(english, _)| english)
}

/// The Russian form of one of the page's own words.
pub(crate) fn russian(word: &str) -> Option<&'static str> {
    let found = pairs().find(|(english, _)| *english == word);
    found.map(|(_, russian)| russian)
}
