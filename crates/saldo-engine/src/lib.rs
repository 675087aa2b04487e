//! The engine: runs a program period by period, exact in its books.
//!
//! Knows neither files nor text, prints nothing and reads no clock.

mod booking;
mod chart;
pub mod eval;
mod factors;
mod isa;
mod lanes;
mod lu;
mod newton;
mod opening;
pub mod oracle;
mod priors;
mod residual;
mod run;
mod scalar;
mod solve;
mod stationary;
mod trace;

pub use booking::to_base;
pub use chart::chart;
pub use isa::Isa;
pub use lanes::sample;
pub use opening::{Inputs, Opening};
pub use priors::priors;
pub use run::{Ask, Keep, holds};
pub use trace::{CheckResult, Effort, Free, Mover, Settled, Sought, Stop, Trace, Unsettled};

use rayon::prelude::*;
use saldo_model::ir::{InputId, Model};
use saldo_plan::Program;

/// How many draws share a pass over the code.
pub const LANES: usize = 64;

/// One run: draw 0 of a seed.
pub fn run(
    model: &Model,
    program: &Program,
    seed: u64,
    keep: &Keep,
    go_on: &(dyn Fn(usize) -> bool + Sync),
) -> Trace {
    let drawn = [Vec::new()];
    let ask = Ask {
        seed,
        first_draw: 0,
        drawn: &drawn,
        keep,
        go_on,
    };
    run::run_group::<1>(model, program, &chart(model), &ask).swap_remove(0)
}

/// Many draws from number `first` on, on all threads of the current pool; draw i is the same
/// alone and among others.
pub fn run_draws(
    model: &Model,
    program: &Program,
    (seed, first): (u64, u32),
    drawn: &[Vec<(InputId, f64)>],
    keep: &Keep,
    go_on: &(dyn Fn(usize) -> bool + Sync),
) -> Vec<Trace> {
    let chart = chart(model);
    let group = |(at, drawn): (usize, &[Vec<(InputId, f64)>])| {
        let ask = Ask {
            seed,
            first_draw: first + (at * LANES) as u32,
            drawn,
            keep,
            go_on,
        };
        match drawn.len() {
            1 => run::run_group::<1>(model, program, &chart, &ask),
            2..=8 => run::run_group::<8>(model, program, &chart, &ask),
            _ => run::run_group::<LANES>(model, program, &chart, &ask),
        }
    };
    drawn
        .par_chunks(LANES)
        .enumerate()
        .flat_map(group)
        .collect()
}
