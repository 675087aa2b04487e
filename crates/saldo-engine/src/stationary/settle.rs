//! From an unrounded stationary opening to books: whole units, and what they still move.

use super::Stationary;
use super::newton::Outcome;
use super::unknowns::Unknowns;
use crate::run::{Ask, Group};
use crate::trace::Settled;
use saldo_ledger::chart::Chart;
use saldo_model::ir::{AccountId, Model};
use saldo_plan::Program;

/// Opens books with whole units, posts one period of the opening's own circumstances, and looks
/// which balance it moves most.
pub fn settle(
    unknowns: &Unknowns,
    found: &Outcome,
    model: &Model,
    program: &Program,
    chart: &Chart,
    ask: &Ask,
) -> Stationary {
    let positions = unknowns.positions(&found.opening);
    let one = Ask {
        drawn: &ask.drawn[..1],
        ..*ask
    };
    let mut group = Group::<1>::new(model, program, chart, &one);
    group.still = true;
    let before = group.opened(0, &positions);
    group.remember(0, &found.image.lines);
    group.open_with(std::slice::from_ref(&before));
    group.compute(0);
    group.post_all(0);
    let drift = match group.traces[0].stop {
        // The first period of the run will say it.
        Some(_) => None,
        None => {
            let after = (0..before.len()).map(|account| group.books.position(account, 0));
            let moved = before
                .iter()
                .zip(after)
                .map(|(before, after)| after - before);
            let moved = moved.enumerate().filter(|(_, units)| *units != 0);
            moved
                .max_by_key(|(at, units)| (units.unsigned_abs(), std::cmp::Reverse(*at)))
                .map(|(at, units)| (AccountId(at as u32), units))
        }
    };
    Stationary {
        positions,
        lines: found.image.lines.clone(),
        settled: Settled {
            steps: found.steps,
            residual: found.worst,
            drift,
        },
    }
}
