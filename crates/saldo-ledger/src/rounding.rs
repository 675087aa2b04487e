//! Rounding the flows of a period together.
//!
//! Every flow becomes the whole number below or above its value, and so does the change of every
//! account. That such a rounding exists is the integrality of network flows (Hoffman and Kruskal
//! 1956); it is found by pushing fractions around cycles, and along paths between accounts whose
//! own change is fractional, until each flow is whole.

/// Fractions this close to a whole number are the noise of the last places.
const NOISE: f64 = 1e-9;

const NOWHERE: u32 = u32::MAX;

/// Flows that are rounded together, and the memory for it: nothing is allocated in a period.
#[derive(Clone, Debug, Default)]
pub struct Rounding {
    /// The two nodes of each edge: an account each, or the ground where a side is missing.
    ends: Vec<[u32; 2]>,
    /// The edges at node n are `touching[first[n]..first[n + 1]]`.
    first: Vec<u32>,
    touching: Vec<u32>,
    /// Part of each flow above the whole number below, in 0..1; then 0 or 1.
    pub fraction: Vec<f64>,
    /// Where the edges of a node that are not yet whole begin.
    cursor: Vec<u32>,
    /// Where a node stands on the path.
    place: Vec<u32>,
    steps: Vec<Step>,
    nodes: Vec<u32>,
}

/// A step along an edge, with or against its arrow.
#[derive(Clone, Copy, Debug)]
struct Step {
    edge: u32,
    forward: bool,
}

impl Rounding {
    /// Flows between accounts, giver and receiver; either may be missing.
    pub fn new(flows: &[(Option<u32>, Option<u32>)]) -> Self {
        let mut accounts: Vec<Option<u32>> = flows.iter().flat_map(|(a, b)| [*a, *b]).collect();
        accounts.sort_unstable();
        accounts.dedup();
        let node = |account| accounts.binary_search(&account).unwrap_or(0) as u32;
        let ends: Vec<[u32; 2]> = flows.iter().map(|(a, b)| [node(*a), node(*b)]).collect();
        let edges = ends.iter().enumerate();
        let mut touches: Vec<(u32, u32)> = edges
            .flat_map(|(edge, [a, b])| [(*a, edge as u32), (*b, edge as u32)])
            .collect();
        touches.sort_unstable();
        touches.dedup();
        let until = |node: u32| touches.partition_point(|(at, _)| *at < node) as u32;
        let first = (0..=accounts.len() as u32).map(until).collect();
        let touching = touches.iter().map(|(_, edge)| *edge).collect();
        Rounding {
            fraction: vec![0.0; ends.len()],
            cursor: vec![0; accounts.len()],
            place: vec![NOWHERE; accounts.len()],
            ends,
            first,
            touching,
            ..Rounding::default()
        }
    }

    /// Makes every fraction 0 or 1. Deterministic: depends on the order of the flows only.
    pub fn round(&mut self) {
        let accounts = self.cursor.len();
        self.cursor.copy_from_slice(&self.first[..accounts]);
        for at in 0..self.ends.len() as u32 {
            while self.open(at) {
                let cycle = self.walk(at);
                self.push(cycle);
            }
        }
    }

    pub fn up(&self, at: usize) -> bool {
        self.fraction[at] > 0.5
    }

    fn open(&self, edge: u32) -> bool {
        let fraction = self.fraction[edge as usize];
        fraction > NOISE && fraction < 1.0 - NOISE
    }

    /// Another open edge at a node. What is whole stays whole, so the search goes on where it was.
    fn onward(&mut self, node: u32, but: u32) -> Option<u32> {
        let end = self.first[node as usize + 1] as usize;
        let mut at = self.cursor[node as usize] as usize;
        while at < end && !self.open(self.touching[at]) {
            at += 1;
        }
        self.cursor[node as usize] = at as u32;
        let rest = &self.touching[at..end];
        rest.iter()
            .copied()
            .find(|edge| *edge != but && self.open(*edge))
    }

    /// Lays a path through open edges: where its cycle begins, or 0 for a path between two
    /// accounts where it can go no further.
    fn walk(&mut self, start: u32) -> usize {
        self.nodes.clear();
        self.steps.clear();
        let [from, to] = self.ends[start as usize];
        self.steps.push(Step {
            edge: start,
            forward: true,
        });
        self.nodes.extend([from, to]);
        self.place[from as usize] = 0;
        let mut cycle = self.extend();
        if cycle.is_none() {
            // The path ends at one side; turn it round and go on from its other end.
            self.steps.reverse();
            self.steps
                .iter_mut()
                .for_each(|step| step.forward = !step.forward);
            self.nodes.reverse();
            let last = self.nodes.len() - 1;
            for (at, node) in self.nodes[..last].iter().enumerate() {
                self.place[*node as usize] = at as u32;
            }
            self.place[self.nodes[last] as usize] = NOWHERE;
            cycle = self.extend();
        }
        for node in &self.nodes {
            self.place[*node as usize] = NOWHERE;
        }
        cycle.unwrap_or(0)
    }

    /// Goes on from the last node; where the cycle begins if it meets its own way.
    fn extend(&mut self) -> Option<usize> {
        loop {
            let node = *self.nodes.last()?;
            let seen = self.place[node as usize];
            if seen != NOWHERE {
                return Some(seen as usize);
            }
            self.place[node as usize] = self.nodes.len() as u32 - 1;
            let but = self.steps.last()?.edge;
            let edge = self.onward(node, but)?;
            let [from, to] = self.ends[edge as usize];
            let forward = from == node;
            self.steps.push(Step { edge, forward });
            self.nodes.push(if forward { to } else { from });
        }
    }

    /// Pushes along the steps, the shorter way, until one edge is whole.
    fn push(&mut self, from: usize) {
        let (mut up, mut down) = (f64::INFINITY, f64::INFINITY);
        for step in &self.steps[from..] {
            let fraction = self.fraction[step.edge as usize];
            let rest = 1.0 - fraction;
            let (along, against) = if step.forward {
                (rest, fraction)
            } else {
                (fraction, rest)
            };
            up = up.min(along);
            down = down.min(against);
        }
        let along = up <= down;
        let size = up.min(down);
        for step in &self.steps[from..] {
            let fraction = &mut self.fraction[step.edge as usize];
            let moved = *fraction + if step.forward == along { size } else { -size };
            *fraction = if moved < NOISE {
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
            let mut flows = Vec::new();
            let mut fractions = Vec::new();
            for _ in 0..count {
                let from = next() % accounts;
                let to = (from + 1 + next() % (accounts - 1)) % accounts;
                flows.push((Some(from), Some(to)));
                fractions.push(f64::from(next() % 1000) / 1000.0);
            }
            let mut rounding = Rounding::new(&flows);
            rounding.fraction.copy_from_slice(&fractions);
            rounding.round();
            for account in 0..accounts {
                let sign = |at: usize| {
                    let (from, to) = flows[at];
                    f64::from(i8::from(to == Some(account)) - i8::from(from == Some(account)))
                };
                let change = |part: &dyn Fn(usize) -> f64| -> f64 {
                    (0..flows.len()).map(|at| sign(at) * part(at)).sum()
                };
                let wanted = change(&|at| fractions[at]);
                let got = change(&|at| f64::from(u8::from(rounding.up(at))));
                assert!(
                    (got - wanted).abs() < 1.0 - 1e-9 || (got - wanted).abs() < 1e-6,
                    "{wanted} became {got}"
                );
            }
        }
    }
}
