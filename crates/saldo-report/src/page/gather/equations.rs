//! The equations in mathematical notation, and the model's own text.

use super::Places;
use super::mathml::equation;
use crate::page::document::{Equation, Text};
use crate::page::said::{Said, say};
use saldo_diag::Sources;
use saldo_model::ir::{Model, VarId, VarRole};
use std::collections::BTreeSet;

/// Characters of one formula in MathML; longer ones are in the text.
const LONGEST: usize = 1_200;

const MOST: usize = 400;

/// Bytes of the model's text that a page carries.
const TEXT: usize = 195_000;

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

pub(crate) fn texts(sources: &Sources, notes: &mut Vec<Said>) -> Vec<Text> {
    let shared = folder(sources);
    let mut room = TEXT;
    let mut out = Vec::new();
    let mut left_out = Vec::new();
    let mut files: Vec<_> = sources.files.iter().enumerate().collect();
    // The model itself comes before what it is held against, and short files before long ones, so
    // that most places that are named can be looked up.
    files.sort_by_key(|(_, source)| (source.path.contains("evidence"), source.text.len()));
    for (file, source) in files {
        if source.text.len() > room {
            left_out.push(short(&source.path, &shared).to_string());
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
        notes.push(say("left.texts", &[left_out.join(", ").as_str().into()]));
    }
    out
}

/// A path says where a file lies in the model, not on whose machine.
pub(super) fn short<'a>(path: &'a str, shared: &str) -> &'a str {
    path.strip_prefix(shared).unwrap_or(path)
}

/// The folder that holds all files: up to the last separator that every path has.
pub(super) fn folder(sources: &Sources) -> String {
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
