//! Is the smallest unit that is booked small enough, and is there room for growth?

use crate::ir::{InstrumentId, Model, NodeId, Op, Unary, Values};
use saldo_diag::Diagnostic;
use std::collections::BTreeMap;

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

/// By instrument; absent where no opening is a plain number other than zero.
pub fn headrooms(model: &Model) -> BTreeMap<InstrumentId, Headroom> {
    let mut all: BTreeMap<InstrumentId, Headroom> = BTreeMap::new();
    for position in &model.start.positions {
        let instrument = model.accounts[position.account.at()].instrument;
        let resolution = model.instruments[instrument.at()].resolution;
        let Some(value) = known(model, position.value) else {
            continue;
        };
        let units = (value / resolution).abs();
        if units > 0.0 {
            let room = all.entry(instrument).or_insert(Headroom {
                smallest: units,
                largest: units,
            });
            room.smallest = room.smallest.min(units);
            room.largest = room.largest.max(units);
        }
    }
    all
}

/// Warnings for every instrument whose resolution does not suit its openings.
pub(crate) fn warnings(model: &Model) -> Vec<Diagnostic> {
    let mut told = Vec::new();
    for (instrument, room) in headrooms(model) {
        let it = &model.instruments[instrument.at()];
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
