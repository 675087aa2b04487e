//! Tearing: the few lines of a circle whose values make all others follow.
//!
//! A feedback vertex set found greedily: the line with most connections is taken out until no
//! circle is left (the problem is NP-complete; small sets, not smallest, are what is needed). Of
//! equals it is one that a logarithm, root, power or quotient depends on: an unknown is guessed
//! near its past, and so stays where these have values; then the first by name.

use crate::graph::{Graph, reads};
use saldo_model::ir::{Binary, Def, Model, NodeId, Op, Unary};
use std::collections::BTreeSet;

/// Lines to guess, and the others in the order in which they follow from the guesses.
pub struct Torn {
    pub tears: Vec<u32>,
    pub chain: Vec<u32>,
}

pub fn tear(model: &Model, graph: &Graph, lines: &[u32]) -> Torn {
    let mut tears: Vec<u32> = lines
        .iter()
        .copied()
        .filter(|line| must_tear(model, *line))
        .collect();
    let delicate = delicate(model, lines);
    loop {
        let rest: Vec<u32> = lines
            .iter()
            .copied()
            .filter(|line| !tears.contains(line))
            .collect();
        let circles: Vec<Vec<u32>> = graph
            .components(&rest)
            .into_iter()
            .filter(|part| part.len() > 1 || graph.needs_itself(part[0]))
            .collect();
        if circles.is_empty() {
            let chain = graph.components(&rest).into_iter().flatten().collect();
            tears.sort_by_key(|line| graph.rank[*line as usize]);
            return Torn { tears, chain };
        }
        tears.extend(
            circles
                .iter()
                .map(|circle| busiest(graph, circle, &delicate)),
        );
    }
}

/// An implicit line has no formula of its own; a line with a guess wants to be started there.
fn must_tear(model: &Model, line: u32) -> bool {
    let line = &model.vars[line as usize];
    matches!(line.def, Def::Solves { .. }) || line.guess.is_some()
}

fn busiest(graph: &Graph, circle: &[u32], delicate: &BTreeSet<u32>) -> u32 {
    let inside = |line: &u32| circle.binary_search(line).is_ok();
    let connections = |line: u32| {
        let out = graph.needs[line as usize]
            .iter()
            .filter(|next| inside(next))
            .count();
        let into = circle
            .iter()
            .filter(|other| graph.needs[**other as usize].binary_search(&line).is_ok())
            .count();
        let itself = usize::from(graph.needs_itself(line)) * 1_000_000;
        out * into + itself
    };
    let key = |line: &u32| {
        let rank = graph.rank[*line as usize];
        (
            connections(*line),
            delicate.contains(line),
            std::cmp::Reverse(rank),
        )
    };
    circle.iter().copied().max_by_key(key).unwrap_or(circle[0])
}

/// Lines that some formula among `lines` takes a logarithm, root or power of, or divides by.
fn delicate(model: &Model, lines: &[u32]) -> BTreeSet<u32> {
    let mut found = BTreeSet::new();
    let sides = lines
        .iter()
        .flat_map(|line| model.vars[*line as usize].def.sides());
    let mut open: Vec<NodeId> = sides.collect();
    while let Some(node) = open.pop() {
        let op = &model.nodes[node.at()].op;
        match op {
            Op::Unary(Unary::Log | Unary::Sqrt, a)
            | Op::Binary(Binary::Pow, a, _)
            | Op::Binary(Binary::Div, _, a) => found.extend(reads(model, &[*a])),
            _ => {}
        }
        match op {
            Op::Unary(_, a) => open.push(*a),
            Op::Binary(_, a, b) => open.extend([*a, *b]),
            Op::If(a, b, c) => open.extend([*a, *b, *c]),
            _ => {}
        }
    }
    found
}
