//! Lines that wait for each other, drawn as a row of names with the line of each below it.

use crate::{FileId, Sources, Span};
use std::fmt::Write;

/// One line of a circle; without a place it stands for several that are left out.
#[derive(Clone, Debug, PartialEq)]
pub struct Link {
    pub name: String,
    pub span: Option<Span>,
}

const ARROW: &str = "  →  ";
const MARGIN: &str = "    ";
const WIDTH: usize = 80;

/// `a  →  b  →  a`, broken into rows of 80 columns, with `line 12` under each name.
pub(crate) fn rows(links: &[Link], home: Option<FileId>, sources: &Sources) -> String {
    let mut out = String::new();
    let (mut names, mut lines) = (String::new(), String::new());
    for (at, link) in links.iter().enumerate() {
        let below = link
            .span
            .map_or(String::new(), |span| place(span, home, sources));
        let name = crate::visible(&link.name);
        let wide = name.chars().count().max(below.chars().count());
        let arrow = if at == 0 { "" } else { ARROW };
        let used = MARGIN.len() + names.chars().count() + arrow.chars().count() + wide;
        if !names.is_empty() && used > WIDTH {
            finish(&mut out, &mut names, &mut lines);
        }
        let _ = write!(names, "{arrow}{name:^wide$}");
        let _ = write!(lines, "{:1$}{below:^wide$}", "", arrow.chars().count());
    }
    finish(&mut out, &mut names, &mut lines);
    out
}

fn finish(out: &mut String, names: &mut String, lines: &mut String) {
    for row in [names, lines] {
        if !row.trim().is_empty() {
            let _ = writeln!(out, "{MARGIN}{}", row.trim_end());
        }
        row.clear();
    }
}

/// `line 12`, with the file where it is another than that of the message.
fn place(span: Span, home: Option<FileId>, sources: &Sources) -> String {
    let (line, _) = sources.line_column(span.file, span.start);
    if home.is_none_or(|home| home == span.file) {
        return format!("line {line}");
    }
    let path = &sources.get(span.file).path;
    let file = path.rsplit('/').next().unwrap_or(path);
    format!("{}:{line}", crate::visible(file))
}
