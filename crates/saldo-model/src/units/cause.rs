//! One parameter in a wrong unit makes every formula that reads it wrong: the cause is told, not
//! each of its consequences.

use super::Dim;
use super::check::{Checker, Known, Side};
use crate::ir::*;
use saldo_diag::{Diagnostic, Sources, Span};
use std::collections::{BTreeMap, BTreeSet};

/// Parameters that are tried for one problem, and causes that are sought in one model.
const TRIED: usize = 12;
const CAUSES: usize = 5;
/// Places of a cause's consequences that are shown.
const SHOWN: usize = 3;

/// The units of a model, with what does not fit, by its causes.
pub(super) fn told_by_cause<'m>(model: &'m Model, sources: &'m Sources) -> Checker<'m> {
    let mut best = checked(model, sources, BTreeMap::new());
    let mut causes = Vec::new();
    while best.clashes.len() > 1 && causes.len() < CAUSES {
        let Some((input, better)) = cause(&best) else {
            break;
        };
        causes.push(told(&best, &better, input));
        best = better;
    }
    best.problems.extend(causes);
    best
}

fn checked<'m>(
    model: &'m Model,
    sources: &'m Sources,
    instead: BTreeMap<Span, Dim>,
) -> Checker<'m> {
    let mut checker = Checker::new(model, sources, instead);
    checker.settle();
    checker.compare();
    checker
}

/// The one parameter whose unit, if it were another, would explain most and at least two of the
/// problems. Of two that explain as much neither is blamed.
fn cause<'m>(now: &Checker<'m>) -> Option<(InputId, Checker<'m>)> {
    let mut best: Option<(InputId, Checker)> = None;
    let mut tied = false;
    for input in suspects(now) {
        let Some(better) = mended(now, input) else {
            continue;
        };
        let left = better.problems.len();
        if left + 2 > now.problems.len() {
            continue;
        }
        let least = best.as_ref().map(|(_, other)| other.problems.len());
        tied = least == Some(left) || (tied && least.is_some_and(|least| least < left));
        if least.is_none_or(|least| left < least) {
            best = Some((input, better));
        }
    }
    best.filter(|_| !tied)
}

/// Parameters that the first problem's sides read, directly or through lines without a unit of
/// their own; one of each declaration.
fn suspects(now: &Checker) -> Vec<InputId> {
    let (left, right) = now.clashes[0];
    let mut open: Vec<NodeId> = [left, right].into_iter().filter_map(node).collect();
    let mut seen: BTreeSet<NodeId> = open.iter().copied().collect();
    let mut found: BTreeMap<Span, InputId> = BTreeMap::new();
    while let Some(node) = open.pop() {
        let more = match &now.model.nodes[node.at()].op {
            Op::Input(id) | Op::InputLag(id, _) => {
                let input = &now.model.inputs[id.at()];
                let free = input.kind == InputKind::Param && !now.instead.contains_key(&input.span);
                if free && found.len() < TRIED {
                    found.entry(input.span).or_insert(*id);
                }
                Vec::new()
            }
            Op::Var(id) | Op::Lag(id, _) => of_line(&now.model.vars[id.at()]),
            op => op.parts(),
        };
        open.extend(more.into_iter().filter(|it| seen.insert(*it)));
    }
    found.into_values().collect()
}

fn node(side: Side) -> Option<NodeId> {
    match side {
        Side::Node(node) => Some(node),
        Side::Unit(_) => None,
    }
}

/// The definition of a line that takes its unit from it.
fn of_line(line: &Var) -> Vec<NodeId> {
    match (line.role, line.dim, line.def) {
        (VarRole::Flow(_) | VarRole::Closing(_), ..) | (_, Some(_), _) => Vec::new(),
        (_, None, Def::Is(node)) if node != NodeId(u32::MAX) => vec![node],
        _ => Vec::new(),
    }
}

/// The model with the parameter in the unit that would settle the first problem.
fn mended<'m>(now: &Checker<'m>, input: InputId) -> Option<Checker<'m>> {
    let span = now.model.inputs[input.at()].span;
    let own = now.of_input(input);
    let with = |dim: Dim| {
        let mut instead = now.instead.clone();
        instead.insert(span, dim);
        instead
    };
    // A mark on the parameter shows how often it goes into each side.
    let mark = Dim::base("(mark)".into());
    let mut marked = Checker::new(now.model, now.sources, with(own.times(mark, 1)));
    marked.settle();
    let (left, right) = now.clashes[0];
    let power = power(&marked, left, mark) - power(&marked, right, mark);
    let (left, right) = (dim(now, left)?, dim(now, right)?);
    let other = match power {
        1 => own.times(right, 1).times(left, -1),
        -1 => own.times(left, 1).times(right, -1),
        _ => return None,
    };
    Some(checked(now.model, now.sources, with(other)))
}

fn dim(checker: &Checker, side: Side) -> Option<Dim> {
    match side {
        Side::Unit(dim) => Some(dim),
        Side::Node(node) => match checker.dims[node.at()] {
            Known::Dim(dim) => Some(dim),
            Known::Any => None,
        },
    }
}

fn power(checker: &Checker, side: Side, mark: Dim) -> i32 {
    let (name, _) = mark.powers()[0];
    let powers = dim(checker, side).map_or(&[][..], Dim::powers);
    let own = powers.iter().find(|(base, _)| *base == name);
    own.map_or(0, |(_, power)| *power)
}

fn told(before: &Checker, after: &Checker, input: InputId) -> Diagnostic {
    let units = &before.model.units;
    let shown = |dim: Dim| match dim.is_number() {
        true => "without a unit".to_string(),
        false => format!("in {}", units.display(dim)),
    };
    let (given, wanted) = (shown(before.of_input(input)), shown(after.of_input(input)));
    let input = &before.model.inputs[input.at()];
    let name = input.name.split('[').next().unwrap_or_default();
    let gone = before
        .problems
        .iter()
        .filter(|it| !after.problems.contains(it));
    let gone: Vec<&Diagnostic> = gone.collect();
    let count = gone.len();
    let problem = Diagnostic::error(
        "unit-of-param",
        format!("`{name}` is given {given}, but needed {wanted}"),
    )
    .at(input.span, given);
    let places = gone.iter().filter_map(|it| Some(it.labels.first()?.span));
    let problem = places.take(SHOWN).fold(problem, |problem, place| {
        problem.also(place, "does not fit because of it")
    });
    problem
        .why(format!("One number in a wrong unit spoils all that is computed from it: {count} formulas do not fit, and all of them would."))
        .help(match after.of_input_is_number(input.span) {
            true => format!("leave the unit of `{name}` away"),
            false => format!("give `{name}`  {wanted}"),
        })
}
