//! From any quantity to what moves it: what its formula reads, and how strongly.

use super::Places;
use super::influence::{At, Read, reads, strengths, value};
use crate::number::rounded;
use crate::page::document::{Chart, Influence, Node, Why};
use crate::page::said::{Said, say};
use saldo_engine::Trace;
use saldo_model::ir::{Model, VarId, VarRole};
use saldo_plan::{Graph, circle_through};
use std::collections::{BTreeMap, VecDeque};

/// Quantities the walk may reach; the furthest from the headline ones are left out.
const MOST: usize = 250;

/// Influences of one quantity that are kept: the strongest.
const KEPT: usize = 8;

const DATES: usize = 26;

/// A quantity, whatever its time.
fn now(read: Read) -> Read {
    match read {
        Read::Line(line, _) => Read::Line(line, 0),
        Read::Balance(account, _) => Read::Balance(account, 0),
        Read::Input(input, _) => Read::Input(input, 0),
    }
}

struct Walk<'a> {
    model: &'a Model,
    trace: &'a Trace,
    seed: u64,
    graph: Graph,
    dates: Vec<usize>,
    index: BTreeMap<Read, usize>,
    order: Vec<Read>,
    open: VecDeque<Read>,
    left_out: usize,
}

pub(crate) fn gather(
    model: &Model,
    (trace, seed): (&Trace, u64),
    charts: &[Chart],
    places: &Places,
    notes: &mut Vec<Said>,
) -> Why {
    let step = trace.completed.div_ceil(DATES).max(1);
    let mut dates: Vec<usize> = (1..=trace.completed).rev().step_by(step).collect();
    dates.reverse();
    let mut walk = Walk {
        model,
        trace,
        seed,
        graph: Graph::of(model),
        dates,
        index: BTreeMap::new(),
        order: Vec::new(),
        open: VecDeque::new(),
        left_out: 0,
    };
    let roots: Vec<usize> = starts(model, charts)
        .into_iter()
        .filter_map(|line| walk.reach(Read::Line(line, 0)))
        .collect();
    let mut nodes = Vec::new();
    while let Some(read) = walk.open.pop_front() {
        let node = walk.node(read, places);
        nodes.push(node);
    }
    if walk.left_out > 0 {
        let parts = [MOST.into(), KEPT.into(), "saldo show equations".into()];
        notes.push(say("left.why", &parts));
    }
    Why {
        dates: walk.dates,
        nodes,
        roots,
    }
}

/// The lines that the headline quantities are made of.
fn starts(model: &Model, charts: &[Chart]) -> Vec<VarId> {
    let named = |name: &str| model.vars.iter().position(|var| *var.name == *name);
    let mut found: Vec<VarId> = Vec::new();
    for chart in charts {
        let show = model
            .shows
            .iter()
            .find(|show| *show.title == chart.title && &*show.style != "evidence");
        let lines = match (named(&chart.name), show) {
            (Some(line), _) => vec![line as u32],
            (None, Some(show)) => saldo_plan::reads(model, &[show.value]),
            (None, None) => model
                .measures
                .iter()
                .find(|it| *it.name == *chart.name)
                .map_or(Vec::new(), |it| saldo_plan::reads(model, &[it.value])),
        };
        for line in lines {
            if !found.contains(&VarId(line)) {
                found.push(VarId(line));
            }
        }
    }
    found
}

impl Walk<'_> {
    fn at(&self, row: usize) -> At<'_> {
        At {
            model: self.model,
            trace: self.trace,
            row,
            seed: self.seed,
        }
    }

    fn reach(&mut self, read: Read) -> Option<usize> {
        let read = now(read);
        if let Some(at) = self.index.get(&read) {
            return Some(*at);
        }
        if self.order.len() >= MOST {
            self.left_out += 1;
            return None;
        }
        let at = self.order.len();
        self.index.insert(read, at);
        self.order.push(read);
        self.open.push_back(read);
        Some(at)
    }

    fn node(&mut self, read: Read, places: &Places) -> Node {
        let (name, title, unit, factor, span, kind) = match self.closing(read) {
            Some(account) => {
                let mut told = self.described(Read::Balance(account, 0));
                told.1.push_str(", at the end");
                told
            }
            None => self.described(read),
        };
        let values = self
            .dates
            .iter()
            .map(|row| rounded(value(&self.at(*row), read) / factor))
            .collect();
        let (moved_by, circle) = match read {
            Read::Line(line, _) => (self.influences(line), self.circle(line)),
            Read::Balance(account, _) => (self.booked(account), Vec::new()),
            Read::Input(..) => (Vec::new(), Vec::new()),
        };
        Node {
            name,
            title,
            unit,
            place: places.of(span),
            kind,
            values,
            moved_by,
            circle,
        }
    }

    fn influences(&mut self, line: VarId) -> Vec<Influence> {
        let all = reads(self.model, line);
        let by_date: Vec<Vec<f64>> = self
            .dates
            .iter()
            .map(|row| strengths(&self.at(*row), line, &all))
            .collect();
        let largest = |which: usize| {
            by_date
                .iter()
                .map(|row| row[which].abs())
                .filter(|v| v.is_finite())
                .fold(0.0, f64::max)
        };
        let mut order: Vec<usize> = (0..all.len()).collect();
        order.sort_by(|a, b| largest(*b).total_cmp(&largest(*a)));
        order.retain(|which| largest(*which) > 0.0);
        let strongest = order.into_iter().take(KEPT);
        let strongest: Vec<usize> = strongest.collect();
        strongest
            .into_iter()
            .filter_map(|which| {
                Some(Influence {
                    node: self.reach(all[which])?,
                    lag: lag(all[which]),
                    strength: by_date.iter().map(|row| three(row[which])).collect(),
                })
            })
            .collect()
    }

    /// A balance is moved by the flows of its account, each by its own share.
    fn booked(&mut self, account: saldo_model::ir::AccountId) -> Vec<Influence> {
        let touches = |flow: &&saldo_model::ir::Flow| {
            flow.legs
                .iter()
                .flat_map(|leg| leg.moves())
                .any(|(from, to)| from == Some(account) || to == Some(account))
        };
        let lines: Vec<(VarId, bool)> = self
            .model
            .flows
            .iter()
            .filter(touches)
            .map(|flow| {
                (
                    flow.var,
                    flow.legs
                        .iter()
                        .flat_map(|leg| leg.moves())
                        .any(|(_, to)| to == Some(account)),
                )
            })
            .collect();
        lines
            .into_iter()
            .take(KEPT)
            .filter_map(|(line, gains)| {
                let sign = if gains { 1.0 } else { -1.0 };
                let share = |row: &usize| {
                    let at = self.at(*row);
                    three(
                        sign * value(&at, Read::Line(line, 0))
                            / value(&at, Read::Balance(account, 0)).abs(),
                    )
                };
                let strength = self.dates.iter().map(share).collect();
                Some(Influence {
                    node: self.reach(Read::Line(line, 0))?,
                    lag: 0,
                    strength,
                })
            })
            .collect()
    }

    fn circle(&self, line: VarId) -> Vec<String> {
        const WIDEST: usize = 12;
        let circle = circle_through(&self.graph, line);
        if circle.len() > WIDEST {
            return Vec::new();
        }
        circle
            .iter()
            .map(|line| self.model.vars[line.at()].name.to_string())
            .collect()
    }

    /// The account whose closing balance a line is.
    fn closing(&self, read: Read) -> Option<saldo_model::ir::AccountId> {
        match read {
            Read::Line(line, _) => match self.model.vars[line.at()].role {
                VarRole::Closing(account) => Some(account),
                _ => None,
            },
            _ => None,
        }
    }

    #[allow(clippy::type_complexity)]
    fn described(&self, read: Read) -> (String, String, String, f64, saldo_diag::Span, String) {
        let titled = |title: &str, name: &str| {
            if title.is_empty() {
                name.to_string()
            } else {
                title.to_string()
            }
        };
        match read {
            Read::Line(line, _) => {
                let it = &self.model.vars[line.at()];
                let kind = match it.role {
                    VarRole::Flow(_) => "flow",
                    VarRole::Closing(_) => "balance",
                    VarRole::Param => "parameter",
                    _ => "line",
                };
                (
                    it.name.to_string(),
                    titled(&it.title, &it.name),
                    it.unit.to_string(),
                    it.factor,
                    it.span,
                    kind.into(),
                )
            }
            Read::Balance(account, _) => {
                let it = &self.model.accounts[account.at()];
                let asset = &self.model.instruments[it.instrument.at()];
                let title = format!(
                    "{}: {}",
                    self.model.sectors[it.sector.at()].title,
                    asset.title
                );
                (
                    it.name.to_string(),
                    title,
                    asset.unit.to_string(),
                    asset.factor,
                    asset.span,
                    "balance".into(),
                )
            }
            Read::Input(input, _) => {
                let it = &self.model.inputs[input.at()];
                let kind = match it.kind {
                    saldo_model::ir::InputKind::Param => "parameter",
                    saldo_model::ir::InputKind::Series => "series",
                    saldo_model::ir::InputKind::Event => "event",
                };
                (
                    it.name.to_string(),
                    titled(&it.title, &it.name),
                    it.unit.to_string(),
                    it.factor,
                    it.span,
                    kind.into(),
                )
            }
        }
    }
}

fn lag(read: Read) -> u32 {
    match read {
        Read::Line(_, lag) | Read::Balance(_, lag) | Read::Input(_, lag) => lag,
    }
}

/// Three digits are enough for a strength.
fn three(value: f64) -> f64 {
    if value.is_finite() {
        format!("{value:.2e}").parse().unwrap_or(value)
    } else {
        f64::NAN
    }
}
