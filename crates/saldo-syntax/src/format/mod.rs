//! The customary layout of a text.
//!
//! The author decides where lines break; the formatter decides everything else: two blanks of
//! indentation a block, one blank around signs, one blank line at most, and columns in runs of
//! neighbouring lines that say the same kind of thing. It works on the [`crate::tree`], so it
//! can only change what stands between pieces: every piece and every comment is kept.
//!
//! `lines` cuts the pieces into lines, `columns` sets runs of them below each other,
//! `indent` finds where a continued line begins, and `write` puts it all together.

mod columns;
mod indent;
mod lines;
mod write;

use crate::tree::{Tree, tree};
use saldo_diag::{Diagnostic, FileId};

/// The text in the customary layout, or the problems that make it unreadable.
pub fn format(file: FileId, text: &str) -> Result<String, Vec<Diagnostic>> {
    let tree = tree(file, text);
    if tree.problems.iter().any(Diagnostic::is_error) {
        return Err(tree.problems);
    }
    let lines = lines::lines(&tree);
    let places = columns::places(&tree, &lines);
    let result = write::write(&tree, &lines, &places);
    debug_assert!(same_words(&tree, &result), "a piece was lost or gained");
    Ok(result)
}

/// The same pieces and line ends: the meaning cannot have changed.
pub fn same_words(before: &Tree, after: &str) -> bool {
    let after = tree(FileId(0), after);
    let new_line = |tree: &Tree, at: usize| at > 0 && tree.pieces[at].new_line;
    before.pieces.len() == after.pieces.len()
        && (0..before.len()).all(|at| {
            before.show(at) == after.show(at) && new_line(before, at) == new_line(&after, at)
        })
}
