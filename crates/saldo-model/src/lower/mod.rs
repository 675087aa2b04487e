//! Declarations to scalar lines.
//!
//! First every name is declared (sets, sectors, accounts, inputs, lines, flows), one element
//! at a time; then every expression is lowered, so order in the text never matters.

mod accounts;
mod by_name;
mod calls;
mod checks;
mod choices;
mod debtors;
mod env;
mod events;
mod evidence;
mod expr;
mod flows;
mod holdout;
mod inputs;
mod judge;
mod lines;
mod literals;
mod measures;
mod names;
mod past;
mod path;
mod plans;
mod priors;
mod redenominate;
mod series;
mod sets;
mod settable;
mod settings;
mod settlement;
mod spans;
mod start;
mod stationary;
mod tables;
mod until;
mod worth;

use by_name::{ByName, Elements};
pub use env::{Bound, Context, Env};
pub use names::{Entity, Family, near};
pub(crate) use settable::meant;

use crate::calendar::Calendar;
use crate::causes::Causes;
use crate::ir::*;
use crate::scenario::Overrides;
use crate::units::UnitTable;
use saldo_diag::{Diagnostic, Span};
use saldo_exchange::Tables;
use saldo_syntax::Symbol;
use saldo_syntax::ast;
use std::collections::{BTreeMap, BTreeSet};

/// A set with its members in order.
pub struct Set {
    pub name: Symbol,
    pub members: Vec<(Symbol, Symbol)>,
}

/// The state of lowering. Fields of the coming [`Model`] fill up while it works.
pub struct Lowerer<'a> {
    pub model: Model,
    pub problems: Vec<Diagnostic>,
    /// Elements that indices and letters have stood for so far.
    pub(crate) elements_made: usize,
    /// They were too many; what is missing for this reason is not told.
    pub(crate) overfull: bool,
    pub(crate) tables: &'a Tables<'a>,
    pub(crate) overrides: &'a Overrides,
    pub(crate) sets: ByName<Set>,
    /// Every named line, parameter, series, flow and measure, by index.
    pub(crate) names: ByName<Family>,
    /// Sector families: name to elements by members.
    pub(crate) sectors: ByName<Elements<SectorId>>,
    pub(crate) sector_sets: ByName<Vec<Symbol>>,
    pub(crate) instruments: ByName<InstrumentId>,
    pub(crate) accounts: BTreeMap<(InstrumentId, SectorId, Option<SectorId>), AccountId>,
    /// Accounts that something asked for and that do not exist: each is told once.
    pub(crate) accounts_missing: BTreeSet<(InstrumentId, SectorId, Option<SectorId>)>,
    /// The accounts of each instrument and of each sector, in order.
    pub(crate) accounts_in: BTreeMap<InstrumentId, Vec<AccountId>>,
    pub(crate) accounts_of: BTreeMap<SectorId, Vec<AccountId>>,
    pub(crate) events: ByName<EventId>,
    /// Per event, the days on which it is in force.
    pub(crate) in_force: Vec<spans::InForce>,
    /// Value of an input at periods before 0, where the text knows it (series with earlier data).
    pub(crate) early: BTreeMap<InputId, BTreeMap<i64, f64>>,
    /// Inputs made from others (shifted paths, event tests), so that each is made once.
    pub(crate) derived: BTreeMap<Symbol, InputId>,
    /// Lines whose expression is still text.
    pub(crate) pending: Vec<Pending<'a>>,
    pub(crate) flows: Vec<flows::FlowText<'a>>,
    pub(crate) prices: Vec<(InstrumentId, Option<Symbol>, VarId, &'a ast::Expr)>,
    /// Accounts that have an opening, and where it is given.
    pub(crate) opened: BTreeMap<AccountId, Span>,
    /// Flows that close an account, in paying order.
    pub(crate) closers: BTreeMap<AccountId, Vec<FlowId>>,
    pub(crate) closing: BTreeMap<AccountId, VarId>,
    pub(crate) closing_todo: Vec<AccountId>,
    pub(crate) touching: BTreeMap<AccountId, Vec<Touch>>,
    /// Parameters that the text gives in percent.
    pub(crate) in_percent: BTreeSet<InputId>,
    /// Names a scenario sets that were no inputs: told apart once lines are known.
    pub(crate) set_unknown: Vec<ast::Name>,
    /// Helper lines behind `FLOW.value` and `FLOW.unserved`.
    pub(crate) flow_parts: BTreeMap<(FlowId, String), VarId>,
    /// How many random terms each line has so far.
    pub(crate) random_terms: BTreeMap<Symbol, u32>,
    /// Measures with parameters: the model's own, then those of the library.
    pub(crate) forms: ByName<ast::Measure>,
    /// How many of them are being filled in, one inside the other.
    pub(crate) measures_open: usize,
    /// What claims settle in.
    pub(crate) settling: BTreeMap<InstrumentId, InstrumentId>,
    /// Names of measures, which no formula may read.
    pub(crate) measure_names: BTreeSet<Symbol>,
    /// Which columns of which files the model was told.
    pub(crate) table_reads: Vec<holdout::TableRead>,
    /// Every rival explanation is lowered, not only the one that is taken: to check them all.
    pub(crate) all_rivals: bool,
    /// Choices that decide which lines and flows there are, or how the books open: their rivals
    /// can only be looked at one by one.
    pub(crate) structural: BTreeSet<Symbol>,
    pub(crate) choice_spans: BTreeMap<Symbol, Span>,
    /// Explanations that some formula asks for: choice and member.
    pub(crate) choices_asked: BTreeSet<(Symbol, Symbol)>,
    /// Balances that an equation tries to set.
    pub(crate) balances_set: Vec<(ast::Path, Env)>,
    pub(crate) pays: BTreeMap<Symbol, Vec<Symbol>>,
    /// What was told already, and what is missing for that reason.
    pub(crate) causes: Causes,
    /// A part of the opening could not be read: nothing in it is called missing.
    pub(crate) start_unread: bool,
    /// Events, and the places in the text that ask for them.
    pub(crate) asked: BTreeSet<(u32, u32, u32)>,
    /// Parameters that a target freed, the line that took their place, and the number of
    /// expressions there were then.
    pub(crate) freed: Vec<(InputId, VarId, usize)>,
}

/// A flow leg that touches an account.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Touch {
    pub flow: FlowId,
    pub leg: usize,
    /// +1: the account gains.
    pub sign: i8,
}

/// An expression that waits for all names to be declared.
pub(crate) struct Pending<'a> {
    pub var: VarId,
    pub env: Env,
    pub what: PendingText<'a>,
}

pub(crate) enum PendingText<'a> {
    Is(&'a ast::Expr, Option<&'a ast::Expr>),
    Find(&'a ast::Find),
}

impl<'a> Lowerer<'a> {
    pub fn new(
        name: Symbol,
        title: Symbol,
        calendar: Calendar,
        units: UnitTable,
        tables: &'a Tables<'a>,
        overrides: &'a Overrides,
    ) -> Self {
        let model = Model {
            name,
            title,
            calendar,
            currency: None,
            units,
            sectors: Vec::new(),
            instruments: Vec::new(),
            accounts: Vec::new(),
            inputs: Vec::new(),
            events: Vec::new(),
            choices: Vec::new(),
            vars: Vec::new(),
            flows: Vec::new(),
            redenominations: Vec::new(),
            nodes: Vec::new(),
            start: Start {
                positions: Vec::new(),
                splits: Vec::new(),
                stationary: None,
                hints: Vec::new(),
                conditions: Vec::new(),
            },
            measures: Vec::new(),
            checks: Vec::new(),
            shows: Vec::new(),
            hands: Vec::new(),
            observations: Vec::new(),
            claims: Vec::new(),
            priors: Vec::new(),
            russian: Default::default(),
            sources: Default::default(),
        };
        Lowerer {
            model,
            problems: Vec::new(),
            elements_made: 0,
            overfull: false,
            tables,
            overrides,
            sets: ByName::default(),
            names: ByName::default(),
            sectors: ByName::default(),
            sector_sets: ByName::default(),
            instruments: ByName::default(),
            accounts: BTreeMap::new(),
            accounts_missing: BTreeSet::new(),
            accounts_in: BTreeMap::new(),
            accounts_of: BTreeMap::new(),
            events: ByName::default(),
            in_force: Vec::new(),
            early: BTreeMap::new(),
            derived: BTreeMap::new(),
            pending: Vec::new(),
            flows: Vec::new(),
            prices: Vec::new(),
            opened: BTreeMap::new(),
            closers: BTreeMap::new(),
            closing: BTreeMap::new(),
            closing_todo: Vec::new(),
            touching: BTreeMap::new(),
            in_percent: BTreeSet::new(),
            set_unknown: Vec::new(),
            flow_parts: BTreeMap::new(),
            random_terms: BTreeMap::new(),
            forms: ByName::default(),
            measures_open: 0,
            settling: BTreeMap::new(),
            measure_names: BTreeSet::new(),
            table_reads: Vec::new(),
            all_rivals: false,
            structural: BTreeSet::new(),
            choice_spans: BTreeMap::new(),
            choices_asked: BTreeSet::new(),
            balances_set: Vec::new(),
            pays: BTreeMap::new(),
            causes: Causes::default(),
            start_unread: false,
            asked: BTreeSet::new(),
            freed: Vec::new(),
        }
    }

    /// All declarations of the model's files, in any order.
    pub fn run(&mut self, decls: &[&'a ast::Decl], evidence: &[&'a ast::Decl]) {
        self.measure_names = measure_names(decls);
        self.declare_forms(decls);
        self.declare_sets(decls);
        self.declare_sectors(decls);
        self.declare_instruments(decls);
        self.declare_events(decls);
        self.declare_inputs(decls);
        self.declare_lines(decls);
        self.redenominate(decls);
        self.order_untils();
        self.lower_prices();
        self.lower_flow_prices();
        self.lower_lines();
        self.lower_flows();
        self.balances_set();
        self.apply_plans();
        self.structure(|this| this.lower_start(decls));
        self.lower_measures(decls);
        self.lower_evidence(evidence);
        self.settle_freed();
        self.lower_parts();
        self.finish_closings();
        self.check_throughs();
        self.settle_past();
        self.idle_choices();
        self.judge_finds();
        self.judge_twins();
        self.judge_params();
    }

    pub(crate) fn report(&mut self, problem: Diagnostic) {
        // Nobody reads ten thousand messages, and each takes a kilobyte.
        if self.problems.len() < 10_000 {
            self.problems.push(problem);
        }
    }

    /// Adds an expression.
    pub fn node(&mut self, op: Op, span: Span) -> NodeId {
        self.model.nodes.push(Node {
            op,
            span,
            dim: None,
        });
        NodeId(self.model.nodes.len() as u32 - 1)
    }

    /// A pure number made by the compiler.
    pub fn number(&mut self, value: f64, span: Span) -> NodeId {
        let id = self.node(Op::Const(value), span);
        if value != 0.0 {
            self.model.nodes[id.at()].dim = Some(crate::units::Dim::number());
        }
        id
    }

    pub fn binary(&mut self, op: Binary, left: NodeId, right: NodeId, span: Span) -> NodeId {
        self.node(Op::Binary(op, left, right), span)
    }

    pub fn constant(&self, id: NodeId) -> Option<f64> {
        match self.model.nodes[id.at()].op {
            Op::Const(value) => Some(value),
            _ => None,
        }
    }

    /// Adds a line with nothing known about its unit.
    pub(crate) fn line(&mut self, name: Symbol, title: Symbol, span: Span, role: VarRole) -> VarId {
        let placeholder = NodeId(u32::MAX);
        self.model.vars.push(Var {
            name,
            title,
            span,
            role,
            def: Def::Is(placeholder),
            guess: None,
            dim: None,
            unit: "".into(),
            factor: 1.0,
            past: None,
            hint: None,
            max_lag: 0,
        });
        VarId(self.model.vars.len() as u32 - 1)
    }
}

fn measure_names(decls: &[&ast::Decl]) -> BTreeSet<Symbol> {
    let names = decls.iter().filter_map(|decl| match &decl.kind {
        ast::DeclKind::Measure(measure) => Some(measure.name.text),
        _ => None,
    });
    names.collect()
}

/// The main title, or the name itself.
pub(crate) fn title_or(title: &ast::Title, name: &Symbol) -> Symbol {
    title.main.unwrap_or(*name)
}

/// `capacity` and `[coal, kuzbass]` to `capacity[coal,kuzbass]`.
pub fn label(name: impl Into<Symbol>, index: &[Symbol]) -> Symbol {
    let name = name.into();
    if index.is_empty() {
        return name;
    }
    let inside: Vec<&str> = index.iter().map(|m| &**m).collect();
    format!("{name}[{}]", inside.join(",")).into()
}
