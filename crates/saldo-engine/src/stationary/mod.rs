//! A stationary start: the opening in which a period leaves everything as it found it.
//!
//! One period is a map from an opening (balances, and the values that lags read) to the next
//! opening. What the text gives is kept, the rest is sought: the map is run forward from a few
//! plain openings, and where that leads damped Newton steps go on, with derivatives by central
//! differences (Dennis and Schnabel 1983, chapters 5 and 6). Amounts are not rounded on the way.
//! Inputs are those of the opening row, random terms stand at their averages.
//!
//! Directions in which the opening can be moved without disturbing the rest are found by the same
//! factorisation ([`qr`]) and refused by name: a solver must not choose what the text leaves open.

mod calendar;
mod map;
mod newton;
mod qr;
mod settle;
mod unknowns;

use crate::opening::Inputs;
use crate::run::{Ask, Group, Keep};
use crate::trace::{Settled, Unsettled};
use map::Map;
use newton::{Outcome, newton};
use saldo_ledger::chart::Chart;
use saldo_model::ir::{InputId, Model};
use saldo_plan::Program;
use unknowns::Unknowns;

/// A period changes nothing by more than this share, or no stationary state was found.
const REPEATS: f64 = 1e-9;

/// An opening that repeats itself.
pub struct Stationary {
    /// Balances to open the books with, base units; issuers that follow are left out.
    pub positions: Vec<(u32, f64)>,
    /// The value of every line, now and in every earlier period.
    pub lines: Vec<f64>,
    pub settled: Settled,
}

/// Seeks the stationary opening of a draw. The answer depends on nothing but the model and the
/// draw's inputs.
pub fn seek(
    model: &Model,
    program: &Program,
    chart: &Chart,
    drawn: &[(InputId, f64)],
) -> Result<Stationary, Unsettled> {
    // As many openings are tried at once as there are derivatives to take.
    match model.accounts.len() {
        0..=8 => seek_by::<8>(model, program, chart, drawn),
        _ => seek_by::<64>(model, program, chart, drawn),
    }
}

fn seek_by<const L: usize>(
    model: &Model,
    program: &Program,
    chart: &Chart,
    drawn: &[(InputId, f64)],
) -> Result<Stationary, Unsettled> {
    let all = vec![drawn.to_vec(); L];
    let keep = Keep {
        lines: Some(Vec::new()),
        books: false,
    };
    let ask = Ask {
        seed: 0,
        first_draw: 0,
        drawn: &all,
        keep: &keep,
        go_on: &|_| true,
    };
    let mut map = Map::new(Group::<L>::new(model, program, chart, &ask));
    let inputs = Inputs { model, drawn };
    let unknowns = Unknowns::of(&inputs, chart);
    let mut first = None;
    for begin in unknowns.beginnings() {
        let found = match newton(&unknowns, &mut map, begin) {
            Ok(found) => judge(&unknowns, found),
            Err(stop) => Err(Unsettled::Stopped(Box::new(stop))),
        };
        match found {
            Ok(found) => {
                calendar::stands_still(&unknowns, &mut map, &found)?;
                return Ok(settle::settle(
                    &unknowns, &found, model, program, chart, &ask,
                ));
            }
            // What the text leaves open stays open wherever one begins.
            Err(free @ Unsettled::Free(_)) => return Err(free),
            Err(other) => first = Some(first.map_or(other.clone(), |it| weightier(it, other))),
        }
    }
    Err(first.unwrap_or(Unsettled::Changes(Vec::new())))
}

/// A point where nothing moves is an answer if it can be opened with, and is the only one.
fn judge(unknowns: &Unknowns, found: Outcome) -> Result<Outcome, Unsettled> {
    if found.worst > REPEATS {
        return Err(Unsettled::Changes(unknowns.movers(&found)));
    }
    if let Some((line, factor)) = unknowns.growing(&found) {
        return Err(Unsettled::Grows { line, factor });
    }
    let free = found.directions(unknowns);
    if !free.is_empty() {
        return Err(Unsettled::Free(free));
    }
    match unknowns.overdrawn(&found.opening) {
        Some((account, balance)) => Err(Unsettled::Overdrawn { account, balance }),
        None => Ok(found),
    }
}

/// Of two reasons the one that tells more; of like ones the first.
fn weightier(first: Unsettled, other: Unsettled) -> Unsettled {
    let weight = |it: &Unsettled| match it {
        Unsettled::Stopped(_) => 0,
        Unsettled::Changes(_) => 1,
        Unsettled::Grows { .. } => 2,
        _ => 3,
    };
    match weight(&other) > weight(&first) {
        true => other,
        false => first,
    }
}
