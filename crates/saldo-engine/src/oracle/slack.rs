//! How far a posted number may lie from the solved one: each posting is a whole number.

use super::terms::{reads, sides};
use super::view::Run;
use crate::eval::eval;
use saldo_model::ir::*;
use std::collections::BTreeSet;

/// Doubles carry sixteen digits; balances inherit the noise of what passed through them.
const NOISE: f64 = 1e-12;

/// Per line, in base units: how far the value in the trace may lie from the solved one.
pub struct Slack {
    pub line: Vec<f64>,
}

/// Allowances of one period. A payment is posted as the whole number below or above; one that
/// ends in `until` takes up what all others of its account left.
pub fn slack(run: &Run, period: usize) -> Slack {
    let model = run.model;
    let row = run.row(period);
    let view = run.at(period, row);
    let price = |flow: &Flow| {
        flow.price
            .map_or(1.0, |node| eval(model, &view, node).abs())
    };
    let prices: Vec<f64> = model.flows.iter().map(price).collect();
    let turnover = turnover(run, period);
    let own = |flow: &Flow| {
        let amount = NOISE * row[flow.var.at()].abs();
        let legs = (0..flow.legs.len()).map(|leg| mended(run, flow, leg, &turnover));
        unit(run, flow, 0) + amount + legs.fold(0.0, f64::max)
    };
    let mut flows: Vec<f64> = model.flows.iter().map(own).collect();
    let untils = model.flows.iter().filter(|flow| flow.until.is_some());
    for _ in 0..=untils.count() {
        let accounts = by_account(run, &flows, &prices, &turnover);
        if !widen(run, &prices, &accounts, &mut flows) {
            break;
        }
    }
    let accounts = by_account(run, &flows, &prices, &turnover);
    let line = model.vars.iter().map(|var| match var.role {
        VarRole::Flow(flow) => flows[flow.at()],
        VarRole::Closing(account) => accounts[account.at()],
        _ => 0.0,
    });
    Slack {
        line: line.collect(),
    }
}

/// A payer whom rounding left short by a few units pays so much less; at par both legs do.
fn mended(run: &Run, flow: &Flow, leg: usize, turnover: &[f64]) -> f64 {
    const UNITS: f64 = 3.0;
    if flow.until.is_some() || leg > 0 && flow.price.is_some() {
        return 0.0;
    }
    let is_holder = |account: &AccountId| run.model.accounts[account.at()].role != Role::Issuer;
    let payer = flow.legs[leg].from.filter(is_holder);
    payer.map_or(0.0, |account| {
        UNITS * unit(run, flow, leg) + 10.0 * NOISE * turnover[account.at()]
    })
}

fn unit(run: &Run, flow: &Flow, leg: usize) -> f64 {
    run.unit(flow.legs[leg].instrument)
}

/// What passed through each account, base units.
fn turnover(run: &Run, period: usize) -> Vec<f64> {
    let mut sums: Vec<f64> = run
        .model
        .accounts
        .iter()
        .zip(run.positions(period - 1))
        .map(|(account, units)| run.base(account.instrument, *units).abs())
        .collect();
    let legs = run.model.flows.iter().flat_map(|flow| &flow.legs);
    for (leg, units) in legs.zip(run.postings(period)) {
        for account in leg
            .moves()
            .flat_map(|(from, to)| from.into_iter().chain(to))
        {
            sums[account.at()] += run.base(leg.instrument, *units).abs();
        }
    }
    sums
}

/// What the postings of each account may be off by together.
fn by_account(run: &Run, flows: &[f64], prices: &[f64], turnover: &[f64]) -> Vec<f64> {
    let mut sums: Vec<f64> = turnover.iter().map(|amount| amount * NOISE).collect();
    for (at, flow) in run.model.flows.iter().enumerate() {
        for (leg, ends) in flow.legs.iter().enumerate() {
            let off = match leg {
                0 => flows[at],
                _ => flows[at] * prices[at] + unit(run, flow, 1),
            };
            for account in ends
                .moves()
                .flat_map(|(from, to)| from.into_iter().chain(to))
            {
                sums[account.at()] += off;
            }
        }
    }
    sums
}

/// Gives each `until` what its account's other postings are off by; true if one grew.
fn widen(run: &Run, prices: &[f64], accounts: &[f64], flows: &mut [f64]) -> bool {
    let mut grew = false;
    for (at, flow) in run.model.flows.iter().enumerate() {
        let Some(until) = &flow.until else { continue };
        let own = match until.leg {
            0 => flows[at],
            _ => flows[at] * prices[at] + unit(run, flow, 1),
        };
        let others = accounts[until.account.at()] - own;
        let off = match until.leg {
            0 => others,
            _ => others / prices[at],
        };
        let wide = off + 2.0 * unit(run, flow, 0);
        if wide > flows[at] * (1.0 + 1e-9) {
            flows[at] = wide;
            grew = true;
        }
    }
    grew
}

impl Slack {
    /// How far the sides of a definition may move if the posted numbers it reads move as far as
    /// they may.
    pub fn of(&self, run: &Run, period: usize, def: Def) -> f64 {
        moved(run, period, def, &|line| self.line[line.at()])
    }
}

/// How far the sides of a definition move if the lines it reads are `off` by so much: each is
/// moved both ways, alone, and the larger changes are added.
pub fn moved(run: &Run, period: usize, def: Def, off: &dyn Fn(VarId) -> f64) -> f64 {
    let mut read = BTreeSet::new();
    for node in sides(def) {
        reads(run.model, node, &mut |line| {
            if off(line) > 0.0 {
                read.insert(line);
            }
        });
    }
    let mut now = run.row(period).to_vec();
    let value = |now: &[f64]| {
        let view = run.at(period, now);
        let mut sides = sides(def).map(|node| eval(run.model, &view, node));
        sides.next().unwrap_or(0.0) - sides.next().unwrap_or(0.0)
    };
    let base = value(&now);
    let mut sum = 0.0;
    for line in read {
        let (own, off) = (now[line.at()], off(line));
        let moved = [own - off, own + off].map(|moved| {
            now[line.at()] = moved;
            (value(&now) - base).abs()
        });
        now[line.at()] = own;
        sum += moved
            .into_iter()
            .filter(|m| m.is_finite())
            .fold(0.0, f64::max);
    }
    sum
}
