//! Runs of neighbouring lines that say the same kind of thing stand in columns.
//!
//! Each kind of line has its stops: the pieces that begin a column. A run ends at a blank line,
//! at a line of another kind and at a block; comments and continued lines do not end it. One
//! cell that is far longer than the others of its run does not push them all to the right: it
//! leaves the columns. All of this depends on the pieces only, never on the space that was
//! there, so that formatting twice changes nothing.

use super::lines::Line;
use crate::lexer::Kind;
use crate::notes::Item;
use crate::tree::Tree;

/// Words that begin a column. `"` is any text, `<second>` the second piece of the line,
/// `<next>` the piece behind the stop before.
type Stops = &'static [&'static [&'static str]];

const GROUND: &[&str] = &["cite", "assumed"];

fn stops(item: Item, word: &str) -> Stops {
    match item {
        Item::Flow => &[&[":"], &["->", "<->"], &["<next>"], &["=", "until"]],
        Item::ProcessLine | Item::Trait => &[&["<second>"], &["="]],
        Item::Opening => &[&["=", ":", "~", "from"]],
        Item::Member => &[&["\""]],
        Item::Field | Item::Clause => &[&["<second>"]],
        Item::Point => &[&[":"], &["within"], &["for"]],
        Item::Value => &[&["="]],
        Item::Decl => declaration(word),
    }
}

fn declaration(word: &str) -> Stops {
    match word {
        "param" => &[&["=", "from"], &["\""], GROUND],
        "series" => &[&["["], &["from"], &["\""], GROUND],
        "sector" => &[&["over"], &["\""], &["pays", "in"]],
        "unit" => &[&["=", ":"], &["\""]],
        "good" | "instrument" => &[
            &["["],
            &["\""],
            &["{", "fixed"],
            &["held"],
            &["through"],
            &["priced"],
        ],
        "event" => &[&["on", "from", "in"], &["<next>"], &["\""], GROUND],
        "process" => &[&["by"], &["{"], &["makes", "uses"], &["<next>"], &["="]],
        "move" | "cancel" | "use" | "set" => &[&["<second>"], &["="]],
        "prior" => &[&["~"], &["within"], GROUND],
        "show" => &[&["\""]],
        "measure" | "=" => &[&["="]],
        _ => &[],
    }
}

/// What a line says: lines of one kind can form a run.
fn kind(tree: &Tree, line: &Line) -> Option<(Item, &'static str)> {
    let item = line.item?;
    if item != Item::Decl {
        return Some((item, ""));
    }
    let first = tree.show(line.first);
    let word = match crate::keywords::keyword(first) {
        Some(_) if tree.kind(line.first) == Kind::Quoted => "=",
        // Settings of a scenario stand together.
        Some("move" | "cancel" | "use") => "set",
        // A set of names is no setting.
        Some("set") if (line.first..line.end).any(|at| tree.show(at) == "{") => "names",
        Some(word) => word,
        None => "=",
    };
    Some((item, word))
}

/// For each piece its distance from the start of its line.
pub fn places(tree: &Tree, lines: &[Line]) -> Vec<usize> {
    let marked = |pieces: &mut dyn Iterator<Item = usize>| {
        let mut marks = vec![false; tree.pieces.len()];
        pieces.for_each(|at| marks[at] = true);
        marks
    };
    let text = Text {
        tree,
        tight: marked(&mut tree.notes.tight.iter().copied()),
        begins: marked(&mut tree.notes.items.iter().map(|(piece, _)| *piece)),
    };
    let mut places = vec![0; tree.pieces.len()];
    for line in lines {
        text.plain(line, &mut places);
    }
    let mut at = 0;
    while at < lines.len() {
        let run = run(tree, lines, at);
        if let (Some(kind), true) = (kind(tree, &lines[at]), run.len() > 1) {
            text.align(lines, &run, stops(kind.0, kind.1), &mut places);
        }
        at = run.last().map_or(at, |last| *last) + 1;
    }
    places
}

/// The lines that stand in columns with line `start`, itself included.
fn run(tree: &Tree, lines: &[Line], start: usize) -> Vec<usize> {
    let mut run = vec![start];
    let (depth, first) = (lines[start].depth, kind(tree, &lines[start]));
    if first.is_none() {
        return run;
    }
    for (at, line) in lines.iter().enumerate().skip(start + 1) {
        let blank = line.blank || line.above.iter().any(|comment| comment.blank);
        if blank || line.depth != depth || line.first == line.end {
            break;
        }
        match kind(tree, line) {
            None if tree.show(line.first) != "}" => {}
            same if same == first => run.push(at),
            _ => break,
        }
    }
    run
}

struct Text<'a, 't> {
    tree: &'a Tree<'t>,
    /// Pieces without space before them.
    tight: Vec<bool>,
    /// Pieces at which something new is said.
    begins: Vec<bool>,
}

impl Text<'_, '_> {
    fn width(&self, piece: usize) -> usize {
        self.tree.show(piece).chars().count()
    }

    /// Blanks between a piece and the one before it on its line.
    fn gap(&self, piece: usize) -> usize {
        let (before, this) = (self.tree.show(piece - 1), self.tree.show(piece));
        let sign = |at: usize| self.tree.kind(at) == Kind::Sign;
        let closes = sign(piece) && matches!(this, ")" | "]" | "," | ";");
        let opens = sign(piece - 1) && matches!(before, "(" | "[");
        let empty = before == "{" && this == "}";
        if self.tight[piece] || closes || opens || empty {
            return 0;
        }
        // Clauses that share a line stand further apart than words.
        let further = self.begins[piece] && !matches!(before, "{" | ",");
        1 + usize::from(further)
    }

    /// One blank between pieces, none where the language wants none.
    fn plain(&self, line: &Line, places: &mut [usize]) {
        let mut column = 0;
        let own = places[line.first..line.end].iter_mut();
        for (piece, place) in (line.first..).zip(own) {
            if piece > line.first {
                column += self.gap(piece);
            }
            *place = column;
            column += self.width(piece);
        }
    }

    /// The pieces of a line at which its columns begin: (which stop, piece).
    fn cells(&self, line: &Line, stops: Stops) -> Vec<(usize, usize)> {
        let mut cells: Vec<(usize, usize)> = Vec::new();
        let (mut round, mut next) = (0i32, 0);
        for piece in line.first..line.end {
            let text = self.tree.show(piece);
            if round == 0 && piece > line.first {
                let found =
                    (next..stops.len()).find(|&stop| self.stops_at(line, piece, stops, stop));
                if let Some(stop) = found {
                    cells.push((stop, piece));
                    next = stop + 1;
                }
            }
            match text {
                "(" | "[" => round += 1,
                ")" | "]" => round -= 1,
                _ => {}
            }
        }
        cells
    }

    fn stops_at(&self, line: &Line, piece: usize, stops: Stops, stop: usize) -> bool {
        let before = self.tree.show(piece - 1);
        stops[stop].iter().any(|word| match *word {
            "<second>" => piece == line.first + 1,
            "<next>" => stop > 0 && stops[stop - 1].contains(&before),
            // The name of a file or a column is no title.
            "\"" => {
                self.tree.kind(piece) == Kind::Text
                    && !matches!(before, "from" | "column" | "==" | "cite" | "assumed")
            }
            word => self.tree.show(piece) == word && self.gap(piece) > 0,
        })
    }

    /// Sets the lines of a run below each other, one stop after the other.
    fn align(&self, lines: &[Line], run: &[usize], stops: Stops, places: &mut [usize]) {
        let cells: Vec<Vec<(usize, usize)>> = run
            .iter()
            .map(|&at| self.cells(&lines[at], stops))
            .collect();
        let mut free = vec![false; run.len()];
        for stop in 0..stops.len() {
            let piece_of = |row: usize| {
                let found = cells[row].iter().find(|(which, _)| *which == stop);
                found.map(|(_, piece)| *piece)
            };
            let rows: Vec<(usize, usize)> = (0..run.len())
                .filter_map(|row| Some((row, piece_of(row)?)))
                .collect();
            let held: Vec<usize> = rows
                .iter()
                .filter(|(row, _)| !free[*row])
                .map(|(_, piece)| places[*piece])
                .collect();
            let target = target(&held);
            for (row, piece) in rows {
                let more = target.saturating_sub(places[piece]);
                free[row] |= places[piece] > target;
                for place in &mut places[piece..lines[run[row]].end] {
                    *place += more;
                }
            }
        }
    }
}

/// Where a column begins: behind its longest cell, cells far longer than usual left out.
pub fn target(places: &[usize]) -> usize {
    let mut sorted = places.to_vec();
    sorted.sort_unstable();
    let Some(middle) = sorted.get(sorted.len() / 2) else {
        return 0;
    };
    let limit = middle + middle / 4 + 16;
    sorted
        .iter()
        .rev()
        .copied()
        .find(|place| *place <= limit)
        .unwrap_or(0)
}
