//! Lines, columns and comments put together.

use super::columns::target;
use super::indent::Open;
use super::lines::Line;
use crate::tree::Tree;

/// Blanks before a comment behind a line.
const BEFORE_COMMENT: usize = 2;

pub fn write(tree: &Tree, lines: &[Line], places: &[usize]) -> String {
    let indents = indents(tree, lines, places);
    let widths: Vec<usize> = (0..lines.len())
        .map(|at| indents[at] + width(tree, &lines[at], places))
        .collect();
    let comments = comment_columns(lines, &widths);
    let mut out = String::with_capacity(tree.text.len());
    for (at, line) in lines.iter().enumerate() {
        above(&mut out, tree, lines, at, indents[at]);
        if line.first == line.end {
            continue;
        }
        if line.blank
            && !out.is_empty()
            && (!line.above.is_empty() || may_be_blank(tree, lines, at))
        {
            out.push('\n');
        }
        pieces(&mut out, tree, line, indents[at], places);
        if let Some(comment) = line.comment {
            blanks(&mut out, comments[at] - widths[at]);
            out.push_str(comment);
        }
        out.push('\n');
    }
    out
}

/// No blank line behind an opening brace, none before a closing one.
fn may_be_blank(tree: &Tree, lines: &[Line], at: usize) -> bool {
    let opened = at > 0 && lines[at - 1].end > 0 && tree.show(lines[at - 1].end - 1) == "{";
    let closes = lines[at].first < lines[at].end && tree.show(lines[at].first) == "}";
    !opened && !closes
}

fn above(out: &mut String, tree: &Tree, lines: &[Line], at: usize, indent: usize) {
    let line = &lines[at];
    // What stands before a closing brace belongs to the block.
    let closing = line.first < line.end && tree.show(line.first) == "}";
    let indent = if closing { indent + 2 } else { indent };
    let opened = at > 0 && lines[at - 1].end > 0 && tree.show(lines[at - 1].end - 1) == "{";
    for (index, comment) in line.above.iter().enumerate() {
        if comment.blank && !out.is_empty() && !(opened && index == 0) {
            out.push('\n');
        }
        blanks(out, indent);
        out.push_str(comment.text);
        out.push('\n');
    }
}

fn pieces(out: &mut String, tree: &Tree, line: &Line, indent: usize, places: &[usize]) {
    blanks(out, indent);
    let mut column = 0;
    for (piece, place) in (line.first..).zip(&places[line.first..line.end]) {
        blanks(out, place - column);
        let text = tree.show(piece);
        out.push_str(text);
        column = place + text.chars().count();
    }
}

fn blanks(out: &mut String, count: usize) {
    out.extend(std::iter::repeat_n(' ', count));
}

fn width(tree: &Tree, line: &Line, places: &[usize]) -> usize {
    match line.end.checked_sub(1).filter(|last| *last >= line.first) {
        Some(last) => places[last] + tree.show(last).chars().count(),
        None => 0,
    }
}

/// Where each line begins.
fn indents(tree: &Tree, lines: &[Line], places: &[usize]) -> Vec<usize> {
    let mut open = Open::new(tree);
    let mut indents: Vec<usize> = Vec::with_capacity(lines.len());
    for line in lines {
        let usual = 2 * line.depth;
        let closes = line.first == line.end || tree.show(line.first) == "}";
        if line.item.is_some() || closes || line.first == 0 {
            indents.push(usual);
            continue;
        }
        let below = open.around(line.first).map(|piece| {
            let at = lines[..indents.len()].partition_point(|line| line.first <= piece) - 1;
            indents[at] + places[piece]
        });
        indents.push(below.unwrap_or(usual + 2));
    }
    indents
}

/// Comments behind neighbouring lines stand below each other.
fn comment_columns(lines: &[Line], widths: &[usize]) -> Vec<usize> {
    let mut columns: Vec<usize> = widths.iter().map(|width| width + BEFORE_COMMENT).collect();
    let mut start = 0;
    while start < lines.len() {
        let with = |line: &&Line| line.comment.is_some();
        let mut run = lines[start..].iter().take_while(with).count();
        // A blank line ends a run.
        let broken = |line: &Line| line.blank || !line.above.is_empty();
        run = (1..run)
            .find(|more| broken(&lines[start + more]))
            .unwrap_or(run);
        let column = target(&columns[start..start + run]);
        for place in &mut columns[start..start + run] {
            *place = column.max(*place);
        }
        start += run.max(1);
    }
    columns
}
