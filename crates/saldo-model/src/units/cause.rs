//! One parameter in a wrong unit makes every formula that reads it wrong: the cause is told, not
//! each of its consequences.

use super::Dim;
use super::check::{Checker, Instead, Known, Side};
use crate::ir::*;
use saldo_diag::{Diagnostic, Sources};
use std::collections::BTreeSet;

/// Parameters that are tried for one problem, and causes that are sought in one model.
const TRIED: usize = 12;
const CAUSES: usize = 5;
/// Places of a cause's consequences that are shown.
const SHOWN: usize = 3;

/// The units of a model, with what does not fit, by its causes.
pub(super) fn told_by_cause<'m>(model: &'m Model, sources: &'m Sources) -> Checker<'m> {
    let mut best = checked(model, sources, Vec::new());
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

/// Units and what does not fit. A line whose own formula does not fit has no unit that others
/// could be held against.
fn checked<'m>(model: &'m Model, sources: &'m Sources, instead: Vec<Instead>) -> Checker<'m> {
    let look = |doubtful: BTreeSet<usize>| {
        let mut checker = Checker::new(model, sources, instead.clone(), doubtful);
        checker.settle();
        if checker.judge_exchanges() {
            checker.forget();
            checker.settle();
        }
        checker.compare();
        checker
    };
    let first = look(BTreeSet::new());
    if first.clashes.is_empty() {
        return first;
    }
    let doubtful = doubtful(&first);
    match doubtful.is_empty() {
        true => first,
        false => look(doubtful),
    }
}

/// Lines without a declared unit whose formula holds a problem.
fn doubtful(checker: &Checker) -> BTreeSet<usize> {
    let sides = checker
        .clashes
        .iter()
        .flat_map(|(left, right)| [*left, *right]);
    let clashing: BTreeSet<NodeId> = sides.filter_map(node).collect();
    let lines = checker.model.vars.iter().enumerate();
    let holds = lines.filter(|(_, line)| {
        let mut open = of_line(line);
        while let Some(node) = open.pop() {
            let parts = checker.model.nodes[node.at()].op.parts();
            if parts.iter().any(|part| clashing.contains(part)) {
                return true;
            }
            open.extend(parts);
        }
        false
    });
    holds.map(|(at, _)| at).collect()
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
    let mut found: Vec<InputId> = Vec::new();
    while let Some(node) = open.pop() {
        let more = match &now.model.nodes[node.at()].op {
            Op::Input(id) | Op::InputLag(id, _) => {
                let input = &now.model.inputs[id.at()];
                let known = found.iter().any(|other| {
                    let other = &now.model.inputs[other.at()];
                    other.span == input.span && other.dim == input.dim
                });
                let tried = now.instead.iter().any(|it| it.declared == input.span);
                let free = input.kind == InputKind::Param && !tried && !known;
                if free && found.len() < TRIED {
                    found.push(*id);
                }
                Vec::new()
            }
            Op::Var(id) | Op::Lag(id, _) => of_line(&now.model.vars[id.at()]),
            op => op.parts(),
        };
        open.extend(more.into_iter().filter(|it| seen.insert(*it)));
    }
    found
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
    let declared = now.model.inputs[input.at()].span;
    let own = now.of_input(input);
    let with = |other: Dim| {
        let more = Instead {
            declared,
            given: own,
            other,
        };
        [now.instead.as_slice(), &[more]].concat()
    };
    // A mark on the parameter shows how often it goes into each side.
    let mark = Dim::base("(mark)".into());
    let marked = with(own.times(mark, 1));
    let mut marked = Checker::new(now.model, now.sources, marked, now.doubtful.clone());
    marked.settle();
    let (left, right) = now.clashes[0];
    let power = power(&marked, left, mark) - power(&marked, right, mark);
    let (left, right) = (dim(now, left)?, dim(now, right)?);
    let other = match power {
        1 => own.times(right, 1).times(left, -1),
        -1 => own.times(left, 1).times(right, -1),
        _ => return None,
    };
    is_plain(own, other).then(|| checked(now.model, now.sources, with(other)))
}

/// A unit that somebody may have meant: hardly more complex than the given one, without powers
/// that it had not.
fn is_plain(given: Dim, other: Dim) -> bool {
    let size = |dim: Dim| {
        dim.powers()
            .iter()
            .map(|(_, power)| power.abs())
            .sum::<i32>()
    };
    let powers = |dim: Dim| {
        dim.powers()
            .iter()
            .map(|(_, power)| power.abs())
            .max()
            .unwrap_or(0)
    };
    size(other) <= size(given).max(1) + 1 && powers(other) <= powers(given).max(1)
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
    let wanted_unit = after.of_input(input);
    let (given, wanted) = (shown(before.of_input(input)), shown(after.of_input(input)));
    let input = &before.model.inputs[input.at()];
    let mut family = before
        .model
        .inputs
        .iter()
        .filter(|it| it.span == input.span);
    let name = match family.all(|it| it.dim == input.dim) {
        true => input.name.split('[').next().unwrap_or_default(),
        false => &*input.name,
    };
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
        .help(match wanted_unit.is_number() {
            true => format!("leave the unit of `{name}` away"),
            false => format!("give `{name}`  {wanted}"),
        })
}
