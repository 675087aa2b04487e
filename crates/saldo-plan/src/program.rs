//! The program: steps in an order in which everything needed is there.

use crate::code::{Code, OpCode, Reg};
use crate::derive::slopes;
use crate::emit::Emitter;
use crate::graph::Graph;
use crate::reach::{is_linear, moved_by, needed_for};
use crate::share::share;
use crate::tear::tear;
use saldo_model::ir::{Binary, Condition, Def, Flow, Model, NodeId, Op, Unary, VarId};
use std::ops::Range;

pub struct Program {
    pub code: Code,
    pub steps: Vec<Step>,
    /// For the ledger, a register per flow each: prices and targets.
    pub prices: Vec<Reg>,
    pub targets: Vec<Reg>,
    /// What flows that are cut short by their target carry at most.
    pub wanted: Vec<Reg>,
    /// Computed after the lines and before posting: what the ledger asks for.
    pub before_posting: Range<usize>,
    /// Measures, checks and shows, from what was posted.
    pub after_posting: Range<usize>,
    pub measures: Vec<Reg>,
    /// Per check: left and right side, or the condition twice.
    pub checks: Vec<(Reg, Reg)>,
    pub shows: Vec<Reg>,
}

pub enum Step {
    /// Lines that follow from what is known, one after the other.
    Lines {
        lines: Vec<VarId>,
        code: Range<usize>,
    },
    Block(Block),
}

/// Lines that wait for each other, solved together.
pub struct Block {
    /// All lines of the circle.
    pub lines: Vec<VarId>,
    /// The unknowns; every other line follows from them.
    pub tears: Vec<VarId>,
    /// Which of them have a formula: their residual is its value less their own.
    pub explicit: Vec<bool>,
    /// Where the solver starts, if the text says so.
    pub guesses: Vec<Option<Reg>>,
    pub guess_code: Range<usize>,
    /// Computes what does not depend on the unknowns; runs once a period.
    pub fixed_code: Range<usize>,
    /// Computes the other lines, the residuals and their scales from the unknowns.
    pub residual_code: Range<usize>,
    pub residuals: Vec<Reg>,
    /// Size of the largest term of each equation: what its residual is judged by.
    pub scales: Vec<Reg>,
    /// Computes the derivatives; runs after `residual_code`.
    pub slope_code: Range<usize>,
    /// Derivatives that are not zero: equation, unknown, register.
    pub slopes: Vec<(u32, u32, Reg)>,
    /// The residuals are linear in the unknowns: the derivatives hold for the whole period, and
    /// one step solves it.
    pub linear: bool,
}

/// Orders the lines of a model and writes their code.
pub fn plan(model: &Model) -> Program {
    let graph = Graph::of(model);
    let all: Vec<u32> = (0..model.vars.len() as u32).collect();
    let mut emitter = Emitter::new(model);
    let mut steps = Vec::new();
    for component in graph.components(&all) {
        let single = component.len() == 1 && !graph.needs_itself(component[0]);
        match (single, model.vars[component[0] as usize].def) {
            (true, Def::Is(node)) => add_line(&mut emitter, &mut steps, component[0], node),
            _ => {
                let block = block(&mut emitter, &graph, &component);
                steps.push(Step::Block(block));
            }
        }
    }
    finish(emitter, steps)
}

fn add_line(emitter: &mut Emitter, steps: &mut Vec<Step>, line: u32, node: NodeId) {
    let from = emitter.code.instrs.len();
    emitter.line(node, line);
    let to = emitter.code.instrs.len();
    match steps.last_mut() {
        Some(Step::Lines { lines, code }) => {
            lines.push(VarId(line));
            code.end = to;
        }
        _ => steps.push(Step::Lines {
            lines: vec![VarId(line)],
            code: from..to,
        }),
    }
}

fn block(emitter: &mut Emitter, graph: &Graph, component: &[u32]) -> Block {
    let model = emitter.model;
    let torn = tear(model, graph, component);
    let (guesses, guess_code) =
        emitter.apart(|emitter| section(emitter, |emitter| guesses(emitter, &torn.tears)));
    let ((residuals, scales), whole) = section(emitter, |emitter| {
        for line in &torn.chain {
            if let Def::Is(node) = model.vars[*line as usize].def {
                emitter.line(node, *line);
            }
        }
        torn.tears
            .iter()
            .map(|line| equation(emitter, *line))
            .unzip::<Reg, Reg, Vec<_>, Vec<_>>()
    });
    let (slopes, slope_code) = emitter.apart(|emitter| {
        section(emitter, |emitter| {
            jacobian(emitter, &whole, &torn.tears, &residuals)
        })
    });
    let regs: Vec<Reg> = slopes.iter().map(|(_, _, slope)| *slope).collect();
    let linear = is_linear(
        emitter.code.slice(&whole),
        emitter.code.slice(&slope_code),
        &torn.tears,
        &residuals,
        &regs,
    );
    let moving_from = hoist(emitter, &whole, &torn.tears);
    let explicit = |line: &u32| matches!(model.vars[*line as usize].def, Def::Is(_));
    let ids = |lines: &[u32]| lines.iter().map(|line| VarId(*line)).collect();
    Block {
        lines: ids(component),
        tears: ids(&torn.tears),
        explicit: torn.tears.iter().map(explicit).collect(),
        guesses,
        guess_code,
        fixed_code: whole.start..moving_from,
        residual_code: moving_from..whole.end,
        residuals,
        scales,
        slope_code,
        slopes,
        linear,
    }
}

fn guesses(emitter: &mut Emitter, tears: &[u32]) -> Vec<Option<Reg>> {
    let vars = &emitter.model.vars;
    let guess = |line: &u32| vars[*line as usize].guess.map(|node| emitter.node(node));
    tears.iter().map(guess).collect()
}

/// Derivatives of the residuals by the unknowns, those that are not zero.
fn jacobian(
    emitter: &mut Emitter,
    code: &Range<usize>,
    unknowns: &[Reg],
    residuals: &[Reg],
) -> Vec<(u32, u32, Reg)> {
    let needed = needed_for(emitter.code.slice(code), residuals);
    let mut found = Vec::new();
    for (column, unknown) in unknowns.iter().enumerate() {
        let known = slopes(emitter, code, &needed, *unknown);
        for (row, residual) in residuals.iter().enumerate() {
            if let Some(slope) = known.get(residual) {
                found.push((row as u32, column as u32, *slope));
            }
        }
    }
    found
}

/// Puts what the unknowns do not move before the rest, and says where the rest begins.
fn hoist(emitter: &mut Emitter, code: &Range<usize>, unknowns: &[Reg]) -> usize {
    let instrs = &mut emitter.code.instrs[code.clone()];
    let moved = moved_by(instrs, unknowns);
    instrs.sort_by_key(|instr| moved.contains(&instr.dst));
    code.start + instrs.partition_point(|instr| !moved.contains(&instr.dst))
}

/// Residual of an unknown's equation, and the size of its terms.
fn equation(emitter: &mut Emitter, line: u32) -> (Reg, Reg) {
    let zero = emitter.constant(0.0);
    match emitter.model.vars[line as usize].def {
        Def::Is(node) => {
            let value = emitter.node(node);
            let own = emitter.op(OpCode::Abs, line, 0, 0);
            let scale = scale(emitter, node, own);
            (emitter.op(OpCode::Sub, value, line, 0), scale)
        }
        Def::Solves { left, right } => {
            let (a, b) = (emitter.node(left), emitter.node(right));
            let part = scale(emitter, left, zero);
            let scale = scale(emitter, right, part);
            (emitter.op(OpCode::Sub, a, b, 0), scale)
        }
    }
}

/// The largest absolute term of a sum, and of `so_far`.
fn scale(emitter: &mut Emitter, node: NodeId, so_far: Reg) -> Reg {
    match emitter.model.nodes[node.at()].op {
        Op::Binary(Binary::Add | Binary::Sub, a, b) => {
            let left = scale(emitter, a, so_far);
            scale(emitter, b, left)
        }
        Op::Unary(Unary::Neg, a) => scale(emitter, a, so_far),
        _ => {
            let term = emitter.node(node);
            emitter.op(OpCode::Reach, so_far, term, 0)
        }
    }
}

fn section<'m, T>(
    emitter: &mut Emitter<'m>,
    inside: impl FnOnce(&mut Emitter<'m>) -> T,
) -> (T, Range<usize>) {
    let from = emitter.code.instrs.len();
    let result = inside(emitter);
    (result, from..emitter.code.instrs.len())
}

fn finish(mut emitter: Emitter, steps: Vec<Step>) -> Program {
    let model = emitter.model;
    let one = emitter.constant(1.0);
    let zero = emitter.constant(0.0);
    let (sides, before_posting) = section(&mut emitter, |emitter| {
        let of = |flow: &Flow| {
            let until = flow.until.as_ref();
            [
                flow.price.map_or(one, |node| emitter.node(node)),
                until.map_or(zero, |until| emitter.node(until.target)),
                until
                    .and_then(|until| until.wanted)
                    .map_or(zero, |node| emitter.node(node)),
            ]
        };
        model.flows.iter().map(of).collect::<Vec<[Reg; 3]>>()
    });
    let [prices, targets, wanted] = [0, 1, 2].map(|at| sides.iter().map(|it| it[at]).collect());
    emitter.forget();
    let ((measures, checks, shows), after_posting) = section(&mut emitter, |emitter| {
        let measures = model
            .measures
            .iter()
            .map(|measure| emitter.node(measure.value))
            .collect();
        let checks = model.checks.iter().map(|check| match &check.condition {
            Condition::Compare { left, right, .. } => (emitter.node(*left), emitter.node(*right)),
            Condition::Holds(node) => {
                let reg = emitter.node(*node);
                (reg, reg)
            }
        });
        let checks = checks.collect::<Vec<_>>();
        let shows = model
            .shows
            .iter()
            .map(|show| emitter.node(show.value))
            .collect();
        (measures, checks, shows)
    });
    let mut program = Program {
        code: emitter.code,
        steps,
        prices,
        targets,
        wanted,
        before_posting,
        after_posting,
        measures,
        checks,
        shows,
    };
    program.share_registers(model.vars.len() as Reg);
    program
}

impl Program {
    /// Intermediate results that one section alone needs take turns in registers.
    fn share_registers(&mut self, lines: Reg) {
        let mut sections = Vec::new();
        for step in &self.steps {
            match step {
                Step::Lines { code, .. } => sections.push(code.clone()),
                Step::Block(block) => sections.extend(block.sections()),
            }
        }
        sections.extend([self.before_posting.clone(), self.after_posting.clone()]);
        let kept: Vec<Reg> = self.results().map(|reg| *reg).collect();
        let code = &mut self.code;
        let instrs = &mut code.instrs;
        let (number, registers) = share(instrs, &sections, lines, &kept, code.registers);
        code.registers = registers;
        let loads = code.loads.iter_mut().map(|(reg, _)| reg);
        let constants = code.constants.iter_mut().map(|(reg, _)| reg);
        for reg in loads.chain(constants) {
            *reg = number[*reg as usize];
        }
        self.results().for_each(|reg| *reg = number[*reg as usize]);
    }

    /// Every register that is read from outside the code, besides those of lines.
    fn results(&mut self) -> impl Iterator<Item = &mut Reg> {
        let blocks = self.steps.iter_mut().filter_map(|step| match step {
            Step::Block(block) => Some(block),
            Step::Lines { .. } => None,
        });
        let lists = [
            &mut self.prices,
            &mut self.targets,
            &mut self.wanted,
            &mut self.measures,
            &mut self.shows,
        ];
        let checks = self.checks.iter_mut().flat_map(|(a, b)| [a, b]);
        let lists = lists.into_iter().flatten();
        blocks.flat_map(Block::results).chain(lists).chain(checks)
    }
}

impl Block {
    fn sections(&self) -> [Range<usize>; 4] {
        let Block {
            guess_code,
            fixed_code,
            residual_code,
            slope_code,
            ..
        } = self;
        [guess_code, fixed_code, residual_code, slope_code].map(Range::clone)
    }

    fn results(&mut self) -> impl Iterator<Item = &mut Reg> {
        let slopes = self.slopes.iter_mut().map(|(_, _, reg)| reg);
        let found = self.residuals.iter_mut().chain(&mut self.scales);
        found.chain(slopes).chain(self.guesses.iter_mut().flatten())
    }
}
