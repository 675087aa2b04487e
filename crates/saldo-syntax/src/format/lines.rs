//! The lines of a text: which pieces stand on each, and the comments around them.

use crate::notes::Item;
use crate::tree::{Tree, Trivia};

/// A line with pieces on it.
pub struct Line<'t> {
    /// Its first piece, and one past its last.
    pub first: usize,
    pub end: usize,
    /// Open blocks around it.
    pub depth: usize,
    /// What begins here; a line that continues the one before has nothing.
    pub item: Option<Item>,
    /// Comments on lines of their own before it.
    pub above: Vec<Above<'t>>,
    /// A blank line directly before it.
    pub blank: bool,
    /// A comment behind its pieces.
    pub comment: Option<&'t str>,
}

/// A comment on a line of its own.
pub struct Above<'t> {
    pub text: &'t str,
    /// A blank line before it.
    pub blank: bool,
}

/// All lines; the last one has no pieces and holds the comments at the end of the text.
pub fn lines<'t>(tree: &Tree<'t>) -> Vec<Line<'t>> {
    let mut lines: Vec<Line> = Vec::new();
    let mut items = tree.notes.items.iter().peekable();
    let mut depth = 0usize;
    let mut first = 0;
    while first <= tree.len() {
        let mut end = first + 1;
        while end < tree.len() && !tree.pieces[end].new_line {
            end += 1;
        }
        while items.next_if(|(piece, _)| *piece < first).is_some() {}
        let item = items.peek().filter(|(piece, _)| *piece == first);
        let item = item.map(|(_, item)| *item);
        let closing = (first..end)
            .take_while(|&piece| tree.show(piece) == "}")
            .count();
        let space = space(&tree.trivia(first), lines.is_empty());
        if let Some(before) = lines.last_mut() {
            before.comment = space.behind;
        }
        lines.push(Line {
            first,
            end: end.min(tree.len()),
            depth: depth.saturating_sub(closing),
            item,
            above: space.above,
            blank: space.blank,
            comment: None,
        });
        depth = (first..end).fold(depth, |depth, piece| match tree.show(piece) {
            "{" => depth + 1,
            "}" => depth.saturating_sub(1),
            _ => depth,
        });
        first = end;
    }
    lines
}

struct Space<'t> {
    behind: Option<&'t str>,
    above: Vec<Above<'t>>,
    blank: bool,
}

/// Sorts the space between two lines: a comment behind the first, comments above the second.
fn space<'t>(trivia: &[Trivia<'t>], at_start: bool) -> Space<'t> {
    let mut space = Space {
        behind: None,
        above: Vec::new(),
        blank: false,
    };
    // The start of a text is the start of a line.
    let mut ends = usize::from(at_start);
    for part in trivia {
        match part {
            Trivia::LineEnd => ends += 1,
            Trivia::Space(_) => {}
            Trivia::Comment(text) => {
                let text = text.trim_end();
                if ends == 0 {
                    space.behind = Some(text);
                } else {
                    space.above.push(Above {
                        text,
                        blank: ends > 1,
                    });
                }
                ends = 0;
            }
        }
    }
    space.blank = ends > 1;
    space
}
