//! Units of every expression: inferred, compared, and told in the user's words.
//!
//! Works over the lowered lines. A line without a declared unit takes that of its expression;
//! lines that wait for each other are settled by repeated passes, each of which can only add
//! knowledge. Zero has every unit.

use super::told::bracketed;
use super::{Dim, UnitTable};
use crate::ir::*;
use saldo_diag::{Diagnostic, Sources, Span};
use saldo_syntax::Symbol;
use std::collections::BTreeSet;

/// Fills in the units of lines and measures; returns what does not fit.
pub fn check_units(model: &mut Model, sources: &Sources) -> Vec<Diagnostic> {
    let checker = super::cause::told_by_cause(model, sources);
    let mut problems = checker.problems;
    if problems.is_empty() {
        problems = super::prices::check_prices(model, &checker.lines);
    }
    let (lines, dims) = (checker.lines, checker.dims);
    fill(model, lines, &dims);
    problems
}

/// What is known of an expression's unit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Known {
    Dim(Dim),
    /// Zero, or not known (yet).
    Any,
}

/// One side of what should have one unit.
#[derive(Clone, Copy)]
pub(super) enum Side {
    Node(NodeId),
    Unit(Dim),
}

/// Another unit for the elements of a declaration that are given in one.
#[derive(Clone, Copy)]
pub(super) struct Instead {
    pub declared: Span,
    pub given: Dim,
    pub other: Dim,
}

pub(super) struct Checker<'m> {
    pub model: &'m Model,
    pub sources: &'m Sources,
    /// Units that parameters have instead of the given ones.
    pub instead: Vec<Instead>,
    /// Lines whose own formula does not fit: what unit they have is not known.
    pub doubtful: BTreeSet<usize>,
    /// Prices of exchanges whose unit was told to be wrong: they fit everywhere else.
    pub muted: BTreeSet<NodeId>,
    pub lines: Vec<Option<Dim>>,
    pub dims: Vec<Known>,
    pub problems: Vec<Diagnostic>,
    /// The two sides of each problem, in the same order.
    pub clashes: Vec<(Side, Side)>,
    told: BTreeSet<Span>,
}

impl<'m> Checker<'m> {
    pub(super) fn new(
        model: &'m Model,
        sources: &'m Sources,
        instead: Vec<Instead>,
        doubtful: BTreeSet<usize>,
    ) -> Self {
        let lines = model
            .vars
            .iter()
            .map(|line| declared(model, line))
            .collect();
        Checker {
            model,
            sources,
            instead,
            doubtful,
            muted: BTreeSet::new(),
            lines,
            dims: vec![Known::Any; model.nodes.len()],
            problems: Vec::new(),
            clashes: Vec::new(),
            told: BTreeSet::new(),
        }
    }

    /// Passes until nothing new is learnt.
    pub(super) fn settle(&mut self) {
        let mut open: Vec<usize> = (0..self.model.nodes.len()).collect();
        loop {
            for at in &open {
                if self.muted.is_empty() || !self.muted.contains(&NodeId(*at as u32)) {
                    self.dims[*at] = self.infer(&self.model.nodes[*at]);
                }
            }
            open.retain(|at| self.dims[*at] == Known::Any);
            let mut learnt = false;
            for at in 0..self.lines.len() {
                if self.lines[at].is_some() || self.doubtful.contains(&at) {
                    continue;
                }
                if let Some(dim) = self.dim_of_definition(&self.model.vars[at]) {
                    self.lines[at] = Some(dim);
                    learnt = true;
                }
            }
            if !learnt {
                return;
            }
        }
    }

    /// Forgets what was learnt, but not what was told.
    pub(super) fn forget(&mut self) {
        self.dims.fill(Known::Any);
        let lines = self.model.vars.iter();
        self.lines = lines.map(|line| declared(self.model, line)).collect();
    }

    fn dim_of_definition(&self, line: &Var) -> Option<Dim> {
        let of = |node: NodeId| match &self.dims[node.at()] {
            Known::Dim(dim) => Some(*dim),
            Known::Any => None,
        };
        let past = match line.past.as_ref().or(line.hint.as_ref()) {
            Some(Past::All(node)) => Some(*node),
            Some(Past::Dated(values)) => values.first().map(|(_, node)| *node),
            None => None,
        };
        let own = match line.def {
            Def::Is(node) => of(node),
            Def::Solves { .. } => line.guess.and_then(of),
        };
        own.or_else(|| past.and_then(of))
            .or_else(|| line.guess.and_then(of))
    }

    fn infer(&self, node: &Node) -> Known {
        let at = |id: &NodeId| self.dims[id.at()];
        let line = |id: &VarId| self.lines[id.at()].map_or(Known::Any, Known::Dim);
        match &node.op {
            Op::Const(_) => node.dim.map_or(Known::Any, given),
            Op::Input(id) | Op::InputLag(id, _) => given(self.of_input(*id)),
            Op::Var(id) | Op::Lag(id, _) => line(id),
            Op::Balance(id, _) => {
                let instrument = self.model.accounts[id.at()].instrument;
                Known::Dim(self.model.instruments[instrument.at()].dim)
            }
            Op::Unary(op, a) => match op {
                Unary::Neg | Unary::Abs | Unary::Floor | Unary::Round => at(a),
                Unary::Sqrt => half(at(a)),
                _ => Known::Dim(Dim::number()),
            },
            Op::Binary(op, a, b) => self.infer_binary(*op, at(a), at(b), *b),
            Op::If(_, a, b) => either(at(a), at(b)),
            Op::Random(it) => match it.law {
                Law::Normal | Law::Uniform => it
                    .args
                    .iter()
                    .fold(Known::Any, |known, arg| either(known, at(arg))),
                Law::Lognormal => it.args.first().map_or(Known::Any, at),
                _ => Known::Dim(Dim::number()),
            },
        }
    }

    pub(super) fn of_input(&self, id: InputId) -> Dim {
        let input = &self.model.inputs[id.at()];
        let mut instead = self.instead.iter().rev();
        let other = instead.find(|it| it.declared == input.span && it.given == input.dim);
        other.map_or(input.dim, |it| it.other)
    }

    pub(super) fn clash(&mut self, problem: Diagnostic, left: Side, right: Side) {
        self.problems.push(problem);
        self.clashes.push((left, right));
    }

    fn infer_binary(&self, op: Binary, a: Known, b: Known, right: NodeId) -> Known {
        match op {
            Binary::Add | Binary::Sub | Binary::Min | Binary::Max => either(a, b),
            Binary::Mul => product(a, b, 1),
            Binary::Div => product(a, b, -1),
            Binary::Pow => match (&a, self.whole(right)) {
                (Known::Dim(dim), _) if dim.is_number() => a,
                (Known::Dim(dim), Some(power)) => Known::Dim(Dim::number().times(*dim, power)),
                _ => Known::Any,
            },
            _ => Known::Dim(Dim::number()),
        }
    }

    /// A constant whole exponent.
    fn whole(&self, node: NodeId) -> Option<i32> {
        match &self.model.nodes[node.at()].op {
            Op::Const(value) if value.fract() == 0.0 && value.abs() < 7.0 => Some(*value as i32),
            Op::Unary(Unary::Neg, inner) => self.whole(*inner).map(|power| -power),
            _ => None,
        }
    }

    // --- comparing

    pub(super) fn compare(&mut self) {
        for at in 0..self.model.nodes.len() {
            let node = &self.model.nodes[at];
            match &node.op {
                Op::Binary(op, a, b) => self.compare_binary(*op, *a, *b, node.span),
                Op::If(_, a, b) => self.same(*a, *b, node.span, "the two answers of this `if`"),
                Op::Unary(op, a) => self.compare_function(*op, *a, node.span),
                _ => {}
            }
        }
        for at in 0..self.model.vars.len() {
            self.compare_line(at);
        }
        self.compare_reports();
        for position in &self.model.start.positions {
            let instrument = self.model.accounts[position.account.at()].instrument;
            let dim = self.model.instruments[instrument.at()].dim;
            self.fits(position.value, dim, position.span, "this opening");
        }
        for condition in &self.model.start.conditions {
            let (left, right) = (condition.left, condition.right);
            self.same(
                left,
                right,
                condition.span,
                "the two sides of this condition",
            );
        }
    }

    /// What is reported is in the unit it promises; what is judged compares like with like.
    fn compare_reports(&mut self) {
        for measure in &self.model.measures {
            if let Some(dim) = measure.dim {
                self.fits(measure.value, dim, measure.span, "this measure");
            }
        }
        let totals: BTreeSet<usize> = self
            .model
            .observations
            .iter()
            .filter(|it| it.gather == Gather::Total)
            .map(|it| it.show)
            .collect();
        for (at, show) in self.model.shows.iter().enumerate() {
            let Some(dim) = show.dim else { continue };
            // A total over periods is a rate times its time.
            if totals.contains(&at) {
                self.total_fits(show, dim);
            } else {
                self.fits(show.value, dim, show.span, "this quantity");
            }
        }
        for claim in &self.model.claims {
            if let Some((left, right, _)) = claim.sides {
                let [left, right] = [left, right].map(|at| &self.model.shows[at]);
                self.same(
                    left.value,
                    right.value,
                    left.span,
                    "the two sides of this claim",
                );
            }
        }
        for check in &self.model.checks {
            if let Condition::Compare {
                left,
                right,
                within,
                ..
            } = &check.condition
            {
                self.same(*left, *right, check.span, "the two sides of this check");
                if let Some(Tolerance::Absolute { node, .. }) = within {
                    self.same(*left, *node, check.span, "this check and its tolerance");
                }
            }
        }
    }

    fn total_fits(&mut self, show: &Show, declared: Dim) {
        let Known::Dim(found) = self.dims[show.value.at()] else {
            return;
        };
        let total = found.times(Dim::period(), 1);
        if total == declared || !self.told.insert(show.span) {
            return;
        }
        let [wanted, got] = [declared, total].map(|dim| self.model.units.display(dim));
        let problem = Diagnostic::error(
            "unit-declared-differs",
            format!("a total over time should be in {wanted}, but it is in {got}"),
        )
        .at(show.span, format!("in {}", self.model.units.display(found)))
        .why("A total adds up what each period brings: a rate times its time.")
        .help(format!("declare  [{got}],  or compare the mean:  as mean"));
        self.clash(problem, Side::Node(show.value), Side::Unit(declared));
    }

    fn compare_binary(&mut self, op: Binary, a: NodeId, b: NodeId, span: Span) {
        match op {
            Binary::Add => self.same(a, b, span, "the terms of this sum"),
            Binary::Sub => self.same(a, b, span, "the terms of this difference"),
            Binary::Min | Binary::Max => self.same(a, b, span, "the amounts compared here"),
            Binary::Eq | Binary::Ne | Binary::Lt | Binary::Le | Binary::Gt | Binary::Ge => {
                self.same(a, b, span, "the two sides of this comparison")
            }
            Binary::Pow => self.compare_power(a, b, span),
            _ => {}
        }
    }

    fn compare_power(&mut self, base: NodeId, exponent: NodeId, span: Span) {
        let exponent_dim = self.dims[exponent.at()];
        let odd_base = matches!(&self.dims[base.at()], Known::Dim(dim) if !dim.is_number())
            && self.whole(exponent).is_none();
        let odd_exponent = matches!(&exponent_dim, Known::Dim(dim) if !dim.is_number());
        if (odd_base || odd_exponent) && self.told.insert(span) {
            let problem = Diagnostic::error("unit-of-exponent", "only pure numbers can be raised to such a power")
                .at(self.place(base, span), self.word(base))
                .why("An amount to a broken power has no unit that anything could be measured in.")
                .help("divide it by a reference amount first, for example  (price / base_price) ^ elasticity");
            self.clash(problem, Side::Node(base), Side::Unit(Dim::number()));
        }
    }

    fn compare_function(&mut self, op: Unary, a: NodeId, span: Span) {
        if !matches!(op, Unary::Exp | Unary::Log | Unary::Tanh) {
            return;
        }
        let odd = matches!(&self.dims[a.at()], Known::Dim(dim) if !dim.is_number());
        if odd && self.told.insert(span) {
            let problem =
                Diagnostic::error("unit-of-function", "this function takes a pure number")
                    .at(self.place(a, span), self.word(a))
                    .why("Its result would change with the unit the amount is counted in.")
                    .help("divide by a reference amount of the same unit first");
            self.clash(problem, Side::Node(a), Side::Unit(Dim::number()));
        }
    }

    fn same(&mut self, a: NodeId, b: NodeId, span: Span, what: &str) {
        let (Known::Dim(left), Known::Dim(right)) = (self.dims[a.at()], self.dims[b.at()]) else {
            return;
        };
        if left == right || !self.told.insert(span) {
            return;
        }
        let bare = self
            .bare_number(a, right)
            .or_else(|| self.bare_number(b, left));
        let problem = match (self.over_time(left, right), bare) {
            (_, Some(help)) => self.without_unit(left, right, what, help),
            (Some(1), _) => self.stock_plus_flow(a, b, what),
            (Some(_), _) => self.stock_plus_flow(b, a, what),
            (None, _) => self.mismatch(left, right, what),
        };
        let problem = [a, b].into_iter().fold(problem, |problem, node| {
            problem.at(self.place(node, span), self.word(node))
        });
        self.clash(problem, Side::Node(a), Side::Node(b));
    }

    /// 1 if `left` is `right` times a time, −1 the other way round: a stock beside its flow.
    fn over_time(&self, left: Dim, right: Dim) -> Option<i32> {
        let period = Dim::period();
        let ratio = left.times(right, -1);
        let timeless = |dim: Dim| dim != period;
        match () {
            () if ratio == period && timeless(left) => Some(1),
            () if Dim::number().times(ratio, -1) == period && timeless(right) => Some(-1),
            () => None,
        }
    }

    fn compare_line(&mut self, at: usize) {
        let line = &self.model.vars[at];
        let Some(dim) = self.lines[at] else {
            return;
        };
        match (line.role, line.def) {
            (VarRole::Flow(flow), Def::Is(node)) => self.compare_flow(flow, node, dim),
            (_, Def::Is(node)) => self.fits(node, dim, line.span, "this line"),
            (_, Def::Solves { left, right }) => {
                self.same(left, right, line.span, "the two sides of this equation")
            }
        }
        let past: Vec<NodeId> = match &line.past {
            Some(Past::All(node)) => vec![*node],
            Some(Past::Dated(values)) => values.iter().map(|(_, node)| *node).collect(),
            None => Vec::new(),
        };
        for node in past {
            let span = self.model.nodes[node.at()].span;
            self.fits(node, dim, span, "this past value");
        }
    }

    fn compare_flow(&mut self, flow: FlowId, node: NodeId, dim: Dim) {
        let Known::Dim(found) = self.dims[node.at()] else {
            return;
        };
        if found == dim {
            return;
        }
        let it = &self.model.flows[flow.at()];
        let lump = it.on.is_some();
        let place = self.place(node, it.span);
        if !self.told.insert(place) {
            return;
        }
        let (wanted, got) = (
            self.model.units.display(dim),
            self.model.units.display(found),
        );
        let rate = found == dim.times(Dim::period(), -1) || found == dim.times(Dim::period(), 1);
        let (id, why) = match rate {
            true => (
                "lump-plus-rate",
                "Flows are rates (per time); what happens once, on an event, is a lump. Confusing the two changes the amount with the length of the period.",
            ),
            false => (
                "unit-of-flow",
                "A flow moves its instrument; an amount in another unit would move something else.",
            ),
        };
        let help = match (rate, lump) {
            (true, true) => {
                "leave the time away: the amount is paid once, on the event".to_string()
            }
            (true, false) => format!(
                "say per what time it is paid, for example  {} / 1 {}",
                bracketed(&self.text(node)),
                self.model.units.period_word()
            ),
            _ => "convert it into the instrument's unit, with a price or a coefficient".to_string(),
        };
        let help = self.bare_number(node, dim).unwrap_or(help);
        let got = if found.is_number() {
            "a pure number".into()
        } else {
            got
        };
        let problem = Diagnostic::error(
            id,
            format!("`{}` moves {wanted}, but this is {got}", it.name),
        )
        .at(place, got)
        .why(why)
        .help(help);
        self.clash(problem, Side::Node(node), Side::Unit(dim));
    }

    fn fits(&mut self, node: NodeId, dim: Dim, span: Span, what: &str) {
        let Known::Dim(found) = self.dims[node.at()] else {
            return;
        };
        let place = self.place(node, span);
        if found == dim || !self.told.insert(place) {
            return;
        }
        let (wanted, got) = (
            self.model.units.display(dim),
            self.model.units.display(found),
        );
        let problem = Diagnostic::error(
            "unit-declared-differs",
            format!("{what} should be in {wanted}, but it is in {got}"),
        )
        .at(place, format!("in {got}"))
        .why("Every later line reads it in the unit it declares.")
        .help(match self.bare_number(node, dim) {
            Some(help) => help,
            None if found.is_number() => "mend the formula, or leave the declared unit away".into(),
            None => format!("mend the formula, or declare  [{got}]"),
        });
        self.clash(problem, Side::Node(node), Side::Unit(dim));
    }

    pub(super) fn place(&self, node: NodeId, fallback: Span) -> Span {
        let span = self.model.nodes[node.at()].span;
        if (span.file.0 as usize) < self.sources.files.len() {
            span
        } else {
            fallback
        }
    }
}

/// What was given in a unit that nobody knows fits everywhere: the mistake was told.
fn given(dim: Dim) -> Known {
    match dim == Dim::unknown() {
        true => Known::Any,
        false => Known::Dim(dim),
    }
}

/// The unit a line must have by its role or its declaration.
fn declared(model: &Model, line: &Var) -> Option<Dim> {
    let rate = |instrument: InstrumentId, lump: bool| {
        let dim = &model.instruments[instrument.at()].dim;
        if lump {
            *dim
        } else {
            dim.times(Dim::period(), -1)
        }
    };
    match line.role {
        VarRole::Flow(flow) => {
            let flow = &model.flows[flow.at()];
            Some(rate(flow.legs[0].instrument, flow.on.is_some()))
        }
        VarRole::Closing(account) => {
            let instrument = model.accounts[account.at()].instrument;
            Some(model.instruments[instrument.at()].dim)
        }
        _ => line.dim,
    }
}

fn fill(model: &mut Model, lines: Vec<Option<Dim>>, dims: &[Known]) {
    for (line, dim) in model.vars.iter_mut().zip(lines) {
        let dim = dim.unwrap_or_default();
        if line.unit.is_empty() && line.dim.is_none() {
            line.unit = shown(&model.units, dim);
        }
        line.dim = Some(dim);
    }
    let of = |node: NodeId| match &dims[node.at()] {
        Known::Dim(dim) => *dim,
        Known::Any => Dim::number(),
    };
    for measure in &mut model.measures {
        if measure.dim.is_none() {
            measure.dim = Some(of(measure.value));
            measure.unit = shown(&model.units, of(measure.value));
        }
    }
    for show in &mut model.shows {
        if show.dim.is_none() {
            show.dim = Some(of(show.value));
            show.unit = shown(&model.units, of(show.value));
        }
    }
    grains(model, dims);
}

/// Checks of amounts are made in whole units of the books: two ways of adding up the same money
/// differ in the last bits of doubles and in nothing that is booked.
fn grains(model: &mut Model, dims: &[Known]) {
    let booked = |dim: Dim| {
        let same = |it: &&Instrument| [it.dim, it.dim.times(Dim::period(), -1)].contains(&dim);
        let steps = model
            .instruments
            .iter()
            .filter(same)
            .map(|it| it.resolution);
        steps.reduce(f64::min).unwrap_or(0.0)
    };
    let compared = |condition: &Condition| match condition {
        Condition::Compare { left, right, .. } => {
            let known = [left, right]
                .into_iter()
                .find_map(|side| match &dims[side.at()] {
                    Known::Dim(dim) => Some(*dim),
                    Known::Any => None,
                });
            known.map_or(0.0, booked)
        }
        Condition::Holds(_) => 0.0,
    };
    let all: Vec<f64> = model
        .checks
        .iter()
        .map(|check| compared(&check.condition))
        .collect();
    for (check, grain) in model.checks.iter_mut().zip(all) {
        check.grain = grain;
    }
}

fn shown(table: &UnitTable, dim: Dim) -> Symbol {
    if dim.is_number() {
        "".into()
    } else {
        table.display(dim).into()
    }
}

fn either(a: Known, b: Known) -> Known {
    if a == Known::Any { b } else { a }
}

fn product(a: Known, b: Known, sign: i32) -> Known {
    match (a, b) {
        (Known::Dim(a), Known::Dim(b)) => Known::Dim(a.times(b, sign)),
        _ => Known::Any,
    }
}

fn half(known: Known) -> Known {
    match known {
        Known::Dim(dim) => dim.half().map_or(known, Known::Dim),
        Known::Any => known,
    }
}
