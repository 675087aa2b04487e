//! Is the smallest unit that is booked small enough, and is there room for growth?

use crate::ir::{AccountId, InstrumentId, Model, NodeId, Op, Unary, Values};
use saldo_diag::Diagnostic;

/// Whole units of the resolution up to which the books count.
pub const LIMIT: f64 = 1e35;
/// An opening of fewer units than this moves in visible steps.
const COARSE: f64 = 100.0;
/// Growth from the largest opening to the limit that must remain possible.
const ROOM: f64 = 1e9;

/// Openings of an instrument, in whole units of its resolution.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Headroom {
    pub smallest: f64,
    pub largest: f64,
}

/// Absent where no opening is a plain number other than zero.
pub fn headroom(model: &Model, instrument: InstrumentId) -> Option<Headroom> {
    let resolution = model.instruments[instrument.at()].resolution;
    let of = |account: AccountId| model.accounts[account.at()].instrument == instrument;
    let units = model
        .start
        .positions
        .iter()
        .filter(|position| of(position.account))
        .filter_map(|position| known(model, position.value))
        .map(|value| (value / resolution).abs())
        .filter(|units| *units > 0.0);
    units.fold(None, |so_far, units| {
        let old = so_far.unwrap_or(Headroom {
            smallest: units,
            largest: units,
        });
        Some(Headroom {
            smallest: old.smallest.min(units),
            largest: old.largest.max(units),
        })
    })
}

/// Warnings for every instrument whose resolution does not suit its openings.
pub(crate) fn warnings(model: &Model) -> Vec<Diagnostic> {
    let mut told = Vec::new();
    for at in 0..model.instruments.len() {
        let Some(room) = headroom(model, InstrumentId(at as u32)) else {
            continue;
        };
        let it = &model.instruments[at];
        let step = it.resolution / it.factor;
        if room.smallest < COARSE {
            let problem = Diagnostic::warning("resolution-coarse", format!("`{}` is booked in steps of {step} {}: too coarse", it.name, it.unit))
                .at(it.span, format!("its smallest opening is {:.3} steps", room.smallest))
                .why("Every amount is rounded to a whole number of steps; here a step is a visible part of what somebody owns.")
                .help(format!("state a finer one:  unit {} : … to {}", it.unit, step / 1e4));
            told.push(problem);
        }
        if room.largest > LIMIT / ROOM {
            let problem = Diagnostic::warning("resolution-fine", format!("`{}` leaves the books little room to grow", it.name))
                .at(it.span, format!("its largest opening is {:.1e} steps, the books hold 1e35", room.largest))
                .why("A run that leaves the range of the books stops; prices that grow a billionfold are no rarity.")
                .help(format!("state a coarser one:  unit {} : … to {}", it.unit, step * 1e6));
            told.push(problem);
        }
    }
    told
}

/// The value of an expression of given numbers.
fn known(model: &Model, node: NodeId) -> Option<f64> {
    match &model.nodes.get(node.at())?.op {
        Op::Const(value) => Some(*value),
        Op::Input(input) => match &model.inputs[input.at()].values {
            Values::Const(value) => Some(*value),
            Values::Path(path) => path.first().copied(),
        },
        Op::Unary(Unary::Neg, inner) => known(model, *inner).map(|value| -value),
        _ => None,
    }
}
