//! The model's accounts and flows as the ledger wants them.

use saldo_ledger::chart::{Account, Chart, Flow, Leg, Role, Stop, Until};
use saldo_model::ir::{self, Kind, Model};
use std::collections::BTreeMap;

pub fn chart(model: &Model) -> Chart {
    Chart {
        resolutions: model
            .instruments
            .iter()
            .map(|instrument| instrument.resolution)
            .collect(),
        is_good: model
            .instruments
            .iter()
            .map(|instrument| matches!(instrument.kind, Kind::Good { .. }))
            .collect(),
        accounts: accounts(model),
        flows: model.flows.iter().map(flow).collect(),
        account_order: by_name(model.accounts.iter().map(|account| &*account.name)),
        flow_order: by_name(model.flows.iter().map(|flow| &*flow.name)),
    }
}

/// Places in the order of names.
fn by_name<'a>(names: impl Iterator<Item = &'a str>) -> Vec<u32> {
    let mut named: Vec<(&str, u32)> = names.zip(0..).collect();
    named.sort();
    named.into_iter().map(|(_, at)| at).collect()
}

/// Accounts whose positions sum to zero share a strand.
fn accounts(model: &Model) -> Vec<Account> {
    let mut strands = BTreeMap::new();
    let account = |account: &ir::Account| {
        let next = strands.len() as u32;
        let strand = *strands
            .entry((account.instrument, account.issuer))
            .or_insert(next);
        let role = match account.role {
            ir::Role::Issuer => Role::Issuer,
            ir::Role::Holder => Role::Holder,
            ir::Role::Through => Role::Through,
        };
        Account {
            sector: account.sector.0,
            instrument: account.instrument.0,
            strand,
            role,
        }
    };
    model.accounts.iter().map(account).collect()
}

fn flow(flow: &ir::Flow) -> Flow {
    let leg = |leg: &ir::Leg| Leg {
        instrument: leg.instrument.0,
        from: leg.from.map(|account| account.0),
        to: leg.to.map(|account| account.0),
        stops: leg.stops.map(|stop| stop.map(halt)),
    };
    let until = flow.until.as_ref().map(|until| Until {
        account: until.account.0,
        leg: until.leg as u32,
        sign: until.sign,
        capped: until.wanted.is_some(),
        rank: until.rank,
    });
    Flow {
        legs: flow.legs.iter().map(leg).collect(),
        signed: flow.signed,
        until,
    }
}

fn halt(stop: ir::Stop) -> Stop {
    Stop {
        arrives: stop.arrives.0,
        leaves: stop.leaves.0,
    }
}
