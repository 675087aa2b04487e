//! Tearing: the few lines of a circle whose values make all others follow.
//!
//! A feedback vertex set found greedily: the line with most connections is taken out until no
//! circle is left, of equals the first by name (the problem is NP-complete; small sets, not smallest, are what is needed).

use crate::graph::Graph;
use saldo_model::ir::{Def, Model};

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
        tears.extend(circles.iter().map(|circle| busiest(graph, circle)));
    }
}

/// An implicit line has no formula of its own; a line with a guess wants to be started there.
fn must_tear(model: &Model, line: u32) -> bool {
    let line = &model.vars[line as usize];
    matches!(line.def, Def::Solves { .. }) || line.guess.is_some()
}

fn busiest(graph: &Graph, circle: &[u32]) -> u32 {
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
    let key = |line: &u32| (connections(*line), std::cmp::Reverse(graph.rank[*line as usize]));
    circle.iter().copied().max_by_key(key).unwrap_or(circle[0])
}
