//! Which line needs which, within one period.

use saldo_model::ir::{Def, Model, NodeId, Op, VarId};

/// For each line the lines of the same period that its definition reads, sorted.
#[derive(Clone, Debug)]
pub struct Graph {
    pub needs: Vec<Vec<u32>>,
    /// Where each line stands by its name. Wherever one line must come before another and nothing
    /// else says which, this does: never the place of a declaration in the text.
    pub rank: Vec<u32>,
}

impl Graph {
    pub fn of(model: &Model) -> Graph {
        let needs = model.vars.iter().map(|var| match var.def {
            Def::Is(node) => reads(model, &[node]),
            Def::Solves { left, right } => reads(model, &[left, right]),
        });
        let mut by_name: Vec<usize> = (0..model.vars.len()).collect();
        by_name.sort_by_key(|line| &model.vars[*line].name);
        let mut rank = vec![0; by_name.len()];
        (0..).zip(by_name).for_each(|(at, line)| rank[line] = at);
        Graph {
            needs: needs.collect(),
            rank,
        }
    }

    /// Strongly connected components among `lines`, each sorted, in an order in which every
    /// component comes after those it needs (Tarjan 1972, without recursion).
    pub fn components(&self, lines: &[u32]) -> Vec<Vec<u32>> {
        let mut search = Tarjan::new(self, lines);
        for line in lines {
            if search.index[*line as usize] == UNSEEN {
                search.visit(*line);
            }
        }
        search.found
    }

    pub fn needs_itself(&self, line: u32) -> bool {
        self.needs[line as usize].binary_search(&line).is_ok()
    }
}

/// The lines of this period that expressions read.
pub fn reads(model: &Model, roots: &[NodeId]) -> Vec<u32> {
    let mut found = Vec::new();
    let mut open = roots.to_vec();
    while let Some(node) = open.pop() {
        match &model.nodes[node.at()].op {
            Op::Var(var) => found.push(var.0),
            Op::Unary(_, a) => open.push(*a),
            Op::Binary(_, a, b) => open.extend([*a, *b]),
            Op::If(a, b, c) => open.extend([*a, *b, *c]),
            Op::Random(it) => open.extend(&it.args),
            Op::Const(_) | Op::Input(_) | Op::Lag(..) | Op::Balance(..) | Op::InputLag(..) => {}
        }
    }
    found.sort_unstable();
    found.dedup();
    found
}

/// A shortest circle through a line, each line needing the next; empty if there is none.
pub fn circle_through(graph: &Graph, line: VarId) -> Vec<VarId> {
    let mut from = vec![UNSEEN; graph.needs.len()];
    let mut queue = std::collections::VecDeque::from([line.0]);
    while let Some(at) = queue.pop_front() {
        for next in &graph.needs[at as usize] {
            if *next == line.0 {
                let mut circle = vec![VarId(at)];
                let mut back = at;
                while back != line.0 {
                    back = from[back as usize];
                    circle.push(VarId(back));
                }
                circle.reverse();
                return circle;
            }
            if from[*next as usize] == UNSEEN {
                from[*next as usize] = at;
                queue.push_back(*next);
            }
        }
    }
    Vec::new()
}

const UNSEEN: u32 = u32::MAX;

struct Tarjan<'a> {
    graph: &'a Graph,
    inside: Vec<bool>,
    index: Vec<u32>,
    low: Vec<u32>,
    on_stack: Vec<bool>,
    stack: Vec<u32>,
    next: u32,
    found: Vec<Vec<u32>>,
}

impl<'a> Tarjan<'a> {
    fn new(graph: &'a Graph, lines: &[u32]) -> Self {
        let n = graph.needs.len();
        let mut inside = vec![false; n];
        lines.iter().for_each(|line| inside[*line as usize] = true);
        Tarjan {
            graph,
            inside,
            index: vec![UNSEEN; n],
            low: vec![0; n],
            on_stack: vec![false; n],
            stack: Vec::new(),
            next: 0,
            found: Vec::new(),
        }
    }

    fn enter(&mut self, line: u32) {
        self.index[line as usize] = self.next;
        self.low[line as usize] = self.next;
        self.next += 1;
        self.stack.push(line);
        self.on_stack[line as usize] = true;
    }

    fn visit(&mut self, root: u32) {
        let mut path = vec![(root, 0)];
        self.enter(root);
        while let Some((line, at)) = path.last_mut() {
            let line = *line;
            match self.graph.needs[line as usize].get(*at) {
                Some(next) => {
                    *at += 1;
                    let next = *next;
                    if !self.inside[next as usize] {
                    } else if self.index[next as usize] == UNSEEN {
                        self.enter(next);
                        path.push((next, 0));
                    } else if self.on_stack[next as usize] {
                        self.low[line as usize] =
                            self.low[line as usize].min(self.index[next as usize]);
                    }
                }
                None => {
                    path.pop();
                    if let Some((parent, _)) = path.last() {
                        let parent = *parent as usize;
                        self.low[parent] = self.low[parent].min(self.low[line as usize]);
                    }
                    self.close(line);
                }
            }
        }
    }

    fn close(&mut self, line: u32) {
        if self.low[line as usize] != self.index[line as usize] {
            return;
        }
        let from = self.stack.iter().rposition(|on| *on == line).unwrap_or(0);
        let mut component = self.stack.split_off(from);
        component
            .iter()
            .for_each(|on| self.on_stack[*on as usize] = false);
        component.sort_unstable();
        self.found.push(component);
    }
}
