//! Many draws of one model: parameters from their priors, random terms from their laws.
//!
//! Draws come in batches, each handed on when it is done, so that memory does not grow with
//! their number. Draw i is the same alone, among others, and in every scenario.

use rayon::prelude::*;
use saldo_diag::Diagnostic;
use saldo_engine::{Keep, LANES, Trace};
use saldo_model::ir::*;
use saldo_plan::Program;

/// Memory that the paths of one batch may take, in bytes.
const BATCH: usize = 512 << 20;

/// Which draws of which model.
pub struct Ensemble<'a> {
    pub model: &'a Model,
    pub program: &'a Program,
    pub seed: u64,
    pub draws: u32,
    /// Called after each period of each group of draws; false stops the run.
    pub go_on: &'a (dyn Fn(usize) -> bool + Sync),
}

impl Ensemble<'_> {
    /// Runs all draws in order and hands each on, until `hand` says that it wants no more. Stops
    /// early also if `go_on` says so; draws that were cut off then are not handed on.
    pub fn each(
        &self,
        hand: &mut dyn FnMut(u32, Trace) -> Result<bool, Diagnostic>,
    ) -> Result<(), Diagnostic> {
        let keep = Keep {
            lines: None,
            books: true,
        };
        let mut first = 0;
        while first < self.draws {
            let count = self.batch().min(self.draws - first);
            let inputs: Vec<_> = (first..first + count)
                .into_par_iter()
                .map(|draw| drawn(self.model, self.seed, draw))
                .collect::<Result<_, _>>()?;
            let place = (self.seed, first);
            let traces = saldo_engine::run_draws(
                self.model,
                self.program,
                place,
                &inputs,
                &keep,
                self.go_on,
            );
            for (draw, trace) in (first..).zip(traces) {
                if matches!(trace.stop, Some(saldo_engine::Stop::Interrupted { .. })) {
                    return Ok(());
                }
                if !hand(draw, trace)? {
                    return Ok(());
                }
            }
            first += count;
        }
        Ok(())
    }

    /// How many draws are in flight at once: full lanes on every thread, as memory allows.
    fn batch(&self) -> u32 {
        let full = LANES * rayon::current_num_threads();
        (BATCH / bytes_per_draw(self.model)).clamp(1, full) as u32
    }

    /// How often `go_on` will be called if nothing stops.
    pub fn ticks(&self) -> u64 {
        let batch = self.batch();
        let groups = |count: u32| u64::from(count).div_ceil(LANES as u64);
        let whole = u64::from(self.draws / batch) * groups(batch);
        (whole + groups(self.draws % batch)) * self.model.calendar.len as u64
    }
}

/// Memory of the path of one draw.
fn bytes_per_draw(model: &Model) -> usize {
    let legs: usize = model.flows.iter().map(|flow| flow.legs.len()).sum();
    let numbers = model.vars.len() + model.measures.len() + model.shows.len();
    let row = numbers * size_of::<f64>() + (model.accounts.len() + legs) * size_of::<i128>();
    row * (model.calendar.len + 1)
}

/// One value for every parameter that has a prior, in base units.
fn drawn(model: &Model, seed: u64, draw: u32) -> Result<Vec<(InputId, f64)>, Diagnostic> {
    let drawn = saldo_engine::priors(model, seed, draw);
    let outside = drawn.iter().position(|(_, value)| !value.is_finite());
    match outside.map(|at| &model.priors[at]) {
        None => Ok(drawn),
        Some(prior) => Err(outside_bounds(model, prior)),
    }
}

fn outside_bounds(model: &Model, prior: &Prior) -> Diagnostic {
    let name = &model.inputs[prior.input.at()].name;
    let (law, bulk) = saldo_model::prior_in_words(model, prior);
    Diagnostic::error(
        "prior-outside",
        format!("the prior of `{name}` practically never falls within its bounds"),
    )
    .at(prior.span, format!("{law}: every try was outside"))
    .why(format!(
        "Values outside the bounds are drawn again, and nearly all of this law lies in {bulk}."
    ))
    .help("widen the bounds, or choose a law that lies inside them")
}
