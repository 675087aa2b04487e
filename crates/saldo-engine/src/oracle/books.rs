//! The books again, from the definitions: whole numbers, added up one by one.

use super::view::Run;
use super::{Finding, FindingKind, Place, Verdict};
use crate::eval::eval;
use crate::opening::positions as given;
use saldo_model::ir::*;
use std::collections::BTreeMap;

/// The opening: what the text gives, the issuers' side derived from it.
pub fn opening(run: &Run, verdict: &mut Verdict) {
    let found = run.positions(0);
    for (account, value) in given(&run.inputs) {
        let account = AccountId(account);
        let instrument = run.model.accounts[account.at()].instrument;
        let off = run.base(instrument, found[account.at()]) - value;
        let near = off.abs() <= run.unit(instrument) * 0.5 + value.abs() * 1e-14;
        if !near {
            find_balance(run, 0, account, value, verdict);
        }
    }
    signs(run, 0, verdict);
    claims(run, 0, verdict);
}

/// One period: postings against their lines, positions against postings, claims against zero.
pub fn period(run: &Run, period: usize, verdict: &mut Verdict) {
    positions(run, period, verdict);
    signs(run, period, verdict);
    claims(run, period, verdict);
    for at in 0..run.model.flows.len() {
        flow(run, period, FlowId(at as u32), verdict);
    }
}

/// Every position is the one before plus what was posted.
fn positions(run: &Run, period: usize, verdict: &mut Verdict) {
    let mut wanted = run.positions(period - 1).to_vec();
    let legs = run.model.flows.iter().flat_map(|flow| &flow.legs);
    for (leg, units) in legs.zip(run.postings(period)) {
        for (from, to) in leg.moves() {
            if let Some(account) = from {
                wanted[account.at()] -= units;
            }
            if let Some(account) = to {
                wanted[account.at()] += units;
            }
        }
    }
    for (at, wanted) in wanted.into_iter().enumerate() {
        verdict.balances += 1;
        if run.positions(period)[at] != wanted {
            let instrument = run.model.accounts[at].instrument;
            let wanted = run.base(instrument, wanted);
            find_balance(run, period, AccountId(at as u32), wanted, verdict);
        }
    }
}

/// Holders have no less than nothing, and what is passed through leaves nothing behind.
fn signs(run: &Run, period: usize, verdict: &mut Verdict) {
    for (at, account) in run.model.accounts.iter().enumerate() {
        let units = run.positions(period)[at];
        let fine = match account.role {
            Role::Issuer => true,
            Role::Holder => units >= 0,
            Role::Through => units == 0,
        };
        if !fine {
            find_balance(run, period, AccountId(at as u32), 0.0, verdict);
        }
    }
}

fn find_balance(run: &Run, period: usize, account: AccountId, oracle: f64, verdict: &mut Verdict) {
    let it = &run.model.accounts[account.at()];
    verdict.findings.push(Finding {
        period,
        place: Place::Balance(it.name.to_string()),
        kind: FindingKind::Position,
        run: run.base(it.instrument, run.positions(period)[account.at()]),
        oracle,
    });
}

/// What is held is owed: each issuer's claims sum to zero. Goods have no issuer.
fn claims(run: &Run, period: usize, verdict: &mut Verdict) {
    let mut sums: BTreeMap<(InstrumentId, Option<SectorId>), i128> = BTreeMap::new();
    for (account, units) in run.model.accounts.iter().zip(run.positions(period)) {
        if run.model.instruments[account.instrument.at()].kind == Kind::Claim {
            *sums
                .entry((account.instrument, account.issuer))
                .or_default() += units;
        }
    }
    for ((instrument, _), sum) in sums.into_iter().filter(|(_, sum)| *sum != 0) {
        verdict.findings.push(Finding {
            period,
            place: Place::Balance(run.model.instruments[instrument.at()].name.to_string()),
            kind: FindingKind::Claims,
            run: run.base(instrument, sum),
            oracle: 0.0,
        });
    }
}

/// A posting and its line are one number, its second leg is the price's, its arrow is kept.
fn flow(run: &Run, period: usize, id: FlowId, verdict: &mut Verdict) {
    let flow = &run.model.flows[id.at()];
    let units = &run.postings(period)[run.first_leg[id.at()]..][..flow.legs.len()];
    let first = run.base(flow.legs[0].instrument, units[0]);
    let line = run.row(period)[flow.var.at()];
    let mut check = |fine: bool, found: f64, oracle: f64| {
        if !fine {
            verdict.findings.push(Finding {
                period,
                place: Place::Flow(id),
                kind: FindingKind::Posting,
                run: found,
                oracle,
            });
        }
    };
    check(first == line, line, first);
    check(flow.signed || units[0] >= 0, first, 0.0);
    check(has_both_sides(run, flow), first, 0.0);
    if let (Some(ends), Some(units)) = (flow.legs.get(1), units.get(1)) {
        let price = price(run, period, flow);
        let second = run.base(ends.instrument, *units);
        // The first leg of an `until` on the second is the nearest whole number, too.
        let unit = run.unit(ends.instrument) + run.unit(flow.legs[0].instrument) * price.abs();
        let wanted = first * price;
        // A payer whom rounding left short pays up to three units less.
        let mended = 3.0 * run.unit(ends.instrument) + wanted.abs() * 1e-11;
        let near = (second - wanted).abs() <= unit + mended + wanted.abs() * 1e-12;
        check(near, second, wanted);
    }
}

fn price(run: &Run, period: usize, flow: &Flow) -> f64 {
    let view = run.at(period, run.row(period));
    flow.price.map_or(1.0, |node| eval(run.model, &view, node))
}

/// A claim always moves from somebody to somebody; only a process of goods has one side.
fn has_both_sides(run: &Run, flow: &Flow) -> bool {
    flow.legs.iter().all(|leg| {
        let claim = run.model.instruments[leg.instrument.at()].kind == Kind::Claim;
        let both = leg.from.is_some() && leg.to.is_some();
        both || !claim && matches!(flow.kind, FlowKind::Makes | FlowKind::Uses)
    })
}
