//! What follows the calendar cannot repeat.

use super::map::Map;
use super::newton::Outcome;
use super::unknowns::Unknowns;
use crate::trace::{Sought, Unsettled};
use saldo_model::ir::{Input, InputId, InputKind, Model, Values};

/// Refuses an opening whose flows would change by the passing of time alone: with `since(EVENT)`
/// and the like as they are a period later, everything must stay. An event that is still to come
/// moves nothing yet: it is what happens to a stationary economy.
pub fn stands_still<const L: usize>(
    unknowns: &Unknowns,
    map: &mut Map<L>,
    found: &Outcome,
) -> Result<(), Unsettled> {
    let opening = std::slice::from_ref(&found.opening);
    for input in restless(map.model()) {
        let later = map.images_at(opening, 1, &[input]).swap_remove(0);
        let Some(later) = later else { continue };
        let was = unknowns.values(&found.image.balances, &found.image.lines);
        let is = unknowns.values(&later.balances, &later.lines);
        let sizes = unknowns.sizes(&found.opening, &found.image);
        let moves = |at: &usize| (is[*at] - was[*at]).abs() > super::REPEATS * sizes[*at];
        if let Some(at) = (0..was.len()).find(moves) {
            let what: Sought = unknowns.sought[at];
            return Err(Unsettled::Calendar { input, what });
        }
    }
    Ok(())
}

/// Functions of the calendar that change from each of the first periods to the next.
fn restless(model: &Model) -> Vec<InputId> {
    let moves = |input: &Input| match &input.values {
        Values::Path(path) => {
            input.kind == InputKind::Event && path.windows(2).take(2).all(|it| it[0] != it[1])
        }
        Values::Const(_) => false,
    };
    let all = model.inputs.iter().enumerate();
    all.filter(|(_, input)| moves(input))
        .map(|(at, _)| InputId(at as u32))
        .collect()
}
