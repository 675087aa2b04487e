//! What the targets share: how bytes become the files of a model, and changes that keep a text
//! near the language.

use saldo_diag::FileId;
use saldo_exchange::{Memory, TextFile};
use saldo_syntax::tree::tree;

/// The texts and tables of one model, as a target reads them: `#file NAME` alone on a line begins
/// a file; a name that ends with `.saldo` is a text, any other a table.
pub struct Project {
    pub files: Vec<TextFile>,
    pub tables: Memory,
}

pub fn project(data: &[u8]) -> Option<Project> {
    let text = std::str::from_utf8(data).ok()?;
    let mut parts = vec![("model.saldo".to_string(), String::new())];
    for line in text.split_inclusive('\n') {
        match line.strip_prefix("#file ") {
            Some(name) => parts.push((name.trim().to_string(), String::new())),
            None => parts.last_mut()?.1.push_str(line),
        }
    }
    parts.retain(|(_, text)| !text.is_empty());
    let (files, tables): (Vec<_>, Vec<_>) = parts
        .into_iter()
        .partition(|(name, _)| name.ends_with(".saldo"));
    let texts = files.into_iter().map(|(name, text)| (name, text.into()));
    Some(Project {
        files: texts.collect(),
        tables: Memory(tables.into_iter().collect()),
    })
}

/// Words and signs worth trying, one a line as `"word"`; also given to the fuzzer as its dictionary.
const WORDS: &str = include_str!("../words.dict");

/// Numbers that things go wrong with.
const NUMBERS: &[&str] = &[
    "0",
    "-1",
    "1e-300",
    "1e18",
    "1e38",
    "1e308",
    "0.1",
    "2147483648",
    "9223372036854775807",
    "100%",
];

/// Changes `data[..size]` in place and gives the new size, at most `most`: half of the time as the
/// fuzzer would, byte by byte, half of the time piece by piece, so that the text stays readable and
/// the change reaches the checker.
pub fn change(data: &mut [u8], size: usize, most: usize, seed: u32) -> usize {
    let mut dice = Dice(u64::from(seed));
    let text = std::str::from_utf8(&data[..size]).ok();
    let Some(text) = text.filter(|text| !text.is_empty() && dice.below(2) == 0) else {
        return libfuzzer_sys::fuzzer_mutate(data, size, most);
    };
    let changed = by_pieces(text, &mut dice);
    let kept = changed.len().min(most).min(data.len());
    data[..kept].copy_from_slice(&changed.as_bytes()[..kept]);
    kept
}

fn by_pieces(text: &str, dice: &mut Dice) -> String {
    let tree = tree(FileId(0), text);
    // Spaces at even places, pieces at odd ones.
    let mut parts: Vec<&str> = (0..tree.pieces.len())
        .flat_map(|piece| [tree.before(piece), tree.show(piece)])
        .collect();
    let words: Vec<&str> = WORDS
        .lines()
        .filter_map(|line| line.strip_prefix('"')?.strip_suffix('"'))
        .collect();
    let pieces = parts.len() / 2;
    for _ in 0..=dice.below(3) {
        let (at, other) = (2 * dice.below(pieces) + 1, 2 * dice.below(pieces) + 1);
        match dice.below(7) {
            0 => parts[at] = "",
            1 => parts.swap(at, other),
            2 => parts[at] = parts[other],
            3 => parts[at] = words[dice.below(words.len())],
            4 => parts[at] = NUMBERS[dice.below(NUMBERS.len())],
            5 => return with_line_again(&parts.concat(), dice),
            _ => parts[at - 1] = "\n",
        }
    }
    parts.concat()
}

/// One line of the text said once more somewhere else, or taken away.
fn with_line_again(text: &str, dice: &mut Dice) -> String {
    let mut lines: Vec<&str> = text.split_inclusive('\n').collect();
    if lines.is_empty() {
        return String::new();
    }
    let line = lines[dice.below(lines.len())];
    match dice.below(3) {
        0 => drop(lines.remove(dice.below(lines.len()))),
        _ => lines.insert(dice.below(lines.len() + 1), line),
    }
    lines.concat()
}

/// Random numbers from the fuzzer's seed (splitmix64).
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) as usize % end.max(1)
    }
}
