//! The equations in mathematical notation, and the model's own text with an anchor a line.

use super::document::{Document, Place, Places};
use super::html::{escape, unit};
use super::mathml::equation;
use saldo_diag::Sources;
use saldo_model::ir::{Model, VarId, VarRole};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::fmt::Write;

/// Characters of one formula in MathML; longer ones are in the text.
const LONGEST: usize = 1_200;
const MOST: usize = 400;
/// Bytes of the model's text that a page carries.
const TEXT: usize = 140_000;

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Equation {
    pub title: String,
    pub unit: String,
    /// Members of a family that have the same form.
    pub members: usize,
    /// MathML; empty if the formula is too long to read.
    pub math: String,
    pub place: Option<Place>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Text {
    pub file: usize,
    pub path: String,
    pub text: String,
}

/// The author's own lines.
fn own(role: VarRole) -> bool {
    matches!(role, VarRole::Equation | VarRole::Flow(_) | VarRole::Param)
}

pub(crate) fn count(model: &Model) -> usize {
    model.vars.iter().filter(|var| own(var.role)).count()
}

/// One for each line of the text: a family is shown by its first member.
pub(crate) fn gather(model: &Model, places: &Places) -> Vec<Equation> {
    let mut seen = BTreeSet::new();
    let mut out: Vec<Equation> = Vec::new();
    for (at, var) in model
        .vars
        .iter()
        .enumerate()
        .filter(|(_, var)| own(var.role))
    {
        let family = var.name.split('[').next().unwrap_or(&var.name);
        if !seen.insert((var.span, family)) {
            if let Some(last) = out
                .iter_mut()
                .rev()
                .find(|it| it.place == places.of(var.span))
            {
                last.members += 1;
            }
            continue;
        }
        let Some(math) = equation(model, VarId(at as u32)) else {
            continue;
        };
        if out.len() == MOST {
            break;
        }
        out.push(Equation {
            title: if var.title.is_empty() {
                family.to_string()
            } else {
                var.title.to_string()
            },
            unit: var.unit.to_string(),
            members: 1,
            math: if math.len() > LONGEST {
                String::new()
            } else {
                math
            },
            place: places.of(var.span),
        });
    }
    out
}

pub(crate) fn texts(sources: &Sources, notes: &mut Vec<String>) -> Vec<Text> {
    let shared = folder(sources);
    let mut room = TEXT;
    let mut out = Vec::new();
    let mut left_out = Vec::new();
    let mut files: Vec<_> = sources.files.iter().enumerate().collect();
    // The model itself comes before what it is held against.
    files.sort_by_key(|(_, source)| source.path.contains("evidence"));
    for (file, source) in files {
        if source.text.len() > room {
            left_out.push(source.path.clone());
            continue;
        }
        room -= source.text.len();
        out.push(Text {
            file,
            path: short(&source.path, &shared).to_string(),
            text: source.text.to_string(),
        });
    }
    if !left_out.is_empty() {
        notes.push(format!(
            "Texts too long for this page are left out: {}.",
            left_out.join(", ")
        ));
    }
    out
}

/// A path says where a file lies in the model, not on whose machine.
fn short<'a>(path: &'a str, shared: &str) -> &'a str {
    path.strip_prefix(shared).unwrap_or(path)
}

/// The folder that holds all files: up to the last separator that every path has.
fn folder(sources: &Sources) -> String {
    let mut paths = sources
        .files
        .iter()
        .map(|source| source.path.as_str())
        .filter(|path| path.contains('/'));
    let first = paths.next().unwrap_or_default();
    let mut shared = first.rfind('/').map_or("", |at| &first[..=at]);
    for path in paths {
        while !path.starts_with(shared) {
            let shorter = shared.trim_end_matches('/').rfind('/');
            shared = shorter.map_or("", |at| &shared[..=at]);
        }
    }
    shared.to_string()
}

pub(crate) fn write(out: &mut String, it: &Document) {
    let _ = write!(
        out,
        "<p>{} equations, flows and derived parameters as the model computes them, one for each line of its text. Lines of a family are shown by their first member.</p><details><summary>All equations</summary><dl class=\"equations\">",
        it.equation_count
    );
    for equation in &it.equations {
        let members = match equation.members {
            1 => String::new(),
            many => format!(" <small>and {} more of this form</small>", many - 1),
        };
        let math = match equation.math.as_str() {
            "" => "<p class=\"unit\">A long sum: see the text.</p>",
            math => math,
        };
        let _ = writeln!(
            out,
            "<dt>{}{}{members} {}</dt><dd class=\"scroll\" tabindex=\"0\">{math}</dd>",
            it.text(&equation.title),
            unit(&equation.unit),
            it.link(equation.place)
        );
    }
    out.push_str("</dl></details>\n<h3>The model’s text</h3>");
    for text in &it.texts {
        let _ = write!(
            out,
            "<details class=\"code\"><summary>{}</summary><pre tabindex=\"0\">",
            escape(&text.path)
        );
        for (at, line) in text.text.lines().enumerate() {
            let _ = writeln!(
                out,
                "<span id=\"L{}-{}\">{}</span>",
                text.file,
                at + 1,
                escape(line)
            );
        }
        out.push_str("</pre></details>\n");
    }
}
