//! In which order the flows that end in `until` are posted.

use crate::chart::{Chart, Flow, Leg};

/// A flow that is posted last.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Last {
    pub flow: u32,
    /// Others that move its account come later still, because they wait for it too: what reaches
    /// the target cannot be known from the books, so the solved amount is posted.
    pub as_solved: bool,
}

/// `until` flows so that whoever fills an account comes before the one that closes it.
pub(crate) fn posting_order(chart: &Chart) -> Vec<Last> {
    let is_last = |at: &u32| chart.flows[*at as usize].until.is_some();
    let mut left: Vec<u32> = chart.flow_order.iter().copied().filter(is_last).collect();
    let rank = |at: &u32| {
        chart.flows[*at as usize]
            .until
            .map_or(0, |until| until.rank)
    };
    left.sort_by_key(rank);
    let mut order = Vec::new();
    while !left.is_empty() {
        let waits = |at: &u32| {
            let flow = &chart.flows[*at as usize];
            let Some(own) = flow.until else { return false };
            left.iter().any(|other| {
                other != at && feeds(&chart.flows[*other as usize], own.account, own.rank)
            })
        };
        let ready = left.iter().position(|at| !waits(at));
        let capped = |at: &u32| chart.flows[*at as usize].until.is_some_and(|it| it.capped);
        let next = ready.or_else(|| left.iter().position(capped)).unwrap_or(0);
        order.push(Last {
            flow: left.remove(next),
            as_solved: ready.is_none(),
        });
    }
    order
}

/// Does the flow move `account` without being the one to close it later?
fn feeds(flow: &Flow, account: u32, rank: u32) -> bool {
    let touches = flow
        .legs
        .iter()
        .flat_map(Leg::ends)
        .any(|(end, _)| end == account);
    let closes_later = flow
        .until
        .is_some_and(|until| until.account == account && until.rank >= rank);
    touches && !closes_later
}
