//! Rounding the flows of a period together.
//!
//! Every flow becomes the whole number below or above its value, and so does the change of every
//! account. That such a rounding exists is the integrality of network flows (Hoffman and Kruskal
//! 1956); it is found by pushing fractions around cycles, and along paths between accounts whose
//! own change is fractional, until each flow is whole.

/// A flow between two accounts (one may be missing) with a fractional part.
#[derive(Clone, Copy, Debug)]
pub struct Edge {
    pub from: Option<u32>,
    pub to: Option<u32>,
    /// Part above the whole number below, in 0..1.
    pub fraction: f64,
}

/// Fractions this close to a whole number are the noise of the last places.
const NOISE: f64 = 1e-9;

/// For each edge: is it rounded up? Deterministic: depends on the order of the edges only.
pub fn round_together(edges: &mut [Edge], accounts: usize) -> Vec<bool> {
    let ground = accounts;
    let mut touching: Vec<Vec<usize>> = vec![Vec::new(); accounts + 1];
    for (at, edge) in edges.iter().enumerate() {
        for end in ends(edge, ground) {
            touching[end].push(at);
        }
    }
    let mut walker = Walker {
        edges,
        touching,
        ground,
    };
    for at in 0..walker.edges.len() {
        while walker.open(at) {
            let path = walker.walk(at);
            walker.push(&path);
        }
    }
    walker
        .edges
        .iter()
        .map(|edge| edge.fraction > 0.5)
        .collect()
}

fn ends(edge: &Edge, ground: usize) -> [usize; 2] {
    [
        edge.from.map_or(ground, |a| a as usize),
        edge.to.map_or(ground, |a| a as usize),
    ]
}

struct Walker<'e> {
    edges: &'e mut [Edge],
    touching: Vec<Vec<usize>>,
    ground: usize,
}

/// A step along an edge, with or against its arrow.
#[derive(Clone, Copy)]
struct Step {
    edge: usize,
    forward: bool,
}

impl Walker<'_> {
    fn open(&self, at: usize) -> bool {
        let fraction = self.edges[at].fraction;
        fraction > NOISE && fraction < 1.0 - NOISE
    }

    /// Another open edge at a node.
    fn onward(&self, node: usize, but: usize) -> Option<usize> {
        self.touching[node]
            .iter()
            .copied()
            .find(|edge| *edge != but && self.open(*edge))
    }

    /// A cycle through open edges, or a path between two accounts where it can go no further.
    fn walk(&self, start: usize) -> Vec<Step> {
        let [from, to] = ends(&self.edges[start], self.ground);
        let mut steps = vec![Step {
            edge: start,
            forward: true,
        }];
        let mut nodes = vec![from, to];
        if let Some(cycle) = self.extend(&mut steps, &mut nodes) {
            return cycle;
        }
        // The path ends at one side; turn it round and go on from its other end.
        steps.reverse();
        steps
            .iter_mut()
            .for_each(|step| step.forward = !step.forward);
        nodes.reverse();
        self.extend(&mut steps, &mut nodes).unwrap_or(steps)
    }

    /// Goes on from the last node; returns a cycle if it meets its own way.
    fn extend(&self, steps: &mut Vec<Step>, nodes: &mut Vec<usize>) -> Option<Vec<Step>> {
        loop {
            let node = *nodes.last()?;
            if let Some(seen) = nodes[..nodes.len() - 1]
                .iter()
                .position(|other| *other == node)
            {
                return Some(steps[seen..].to_vec());
            }
            let edge = self.onward(node, steps.last()?.edge)?;
            let [from, to] = ends(&self.edges[edge], self.ground);
            let forward = from == node;
            steps.push(Step { edge, forward });
            nodes.push(if forward { to } else { from });
        }
    }

    /// Pushes along the steps, the shorter way, until one edge is whole.
    fn push(&mut self, path: &[Step]) {
        let room = |step: &Step, along: bool| {
            let fraction = self.edges[step.edge].fraction;
            if step.forward == along {
                1.0 - fraction
            } else {
                fraction
            }
        };
        let least = |along: bool| {
            path.iter()
                .map(|step| room(step, along))
                .fold(f64::INFINITY, f64::min)
        };
        let (up, down) = (least(true), least(false));
        let along = up <= down;
        let size = up.min(down);
        for step in path {
            let edge = &mut self.edges[step.edge];
            let moved = edge.fraction + if step.forward == along { size } else { -size };
            edge.fraction = if moved < NOISE {
                0.0
            } else if moved > 1.0 - NOISE {
                1.0
            } else {
                moved
            };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each account changes by the whole number below or above its fractional change.
    #[test]
    fn accounts_stay_within_one() {
        let mut state = 12345u64;
        let mut next = move || {
            state = state
                .wrapping_mul(6364136223846793005)
                .wrapping_add(1442695040888963407);
            (state >> 33) as u32
        };
        for _ in 0..300 {
            let accounts = 2 + next() % 6;
            let count = 1 + next() % 30;
            let mut edges: Vec<Edge> = (0..count)
                .map(|_| {
                    let from = next() % accounts;
                    let to = (from + 1 + next() % (accounts - 1)) % accounts;
                    Edge {
                        from: Some(from),
                        to: Some(to),
                        fraction: f64::from(next() % 1000) / 1000.0,
                    }
                })
                .collect();
            let before = edges.clone();
            let up = round_together(&mut edges, accounts as usize);
            for account in 0..accounts {
                let sign = |edge: &Edge| {
                    f64::from(
                        i8::from(edge.to == Some(account)) - i8::from(edge.from == Some(account)),
                    )
                };
                let wanted: f64 = before.iter().map(|edge| sign(edge) * edge.fraction).sum();
                let got: f64 = before
                    .iter()
                    .zip(&up)
                    .map(|(edge, up)| sign(edge) * f64::from(u8::from(*up)))
                    .sum();
                assert!(
                    (got - wanted).abs() < 1.0 - 1e-9 || (got - wanted).abs() < 1e-6,
                    "{wanted} became {got}"
                );
            }
        }
    }
}
