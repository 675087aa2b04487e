//! What each draw takes a parameter to be.

use crate::lanes::sample;
use saldo_math::random::{Key, Stream};
use saldo_model::ir::{InputId, Law, Model, Prior};

/// Tries before a range is given up: less than one draw in ten thousand lies in it.
const TRIES: u32 = 10_000;

/// The parameters of a draw, keyed by seed, draw and the parameter's name alone.
pub fn priors(model: &Model, seed: u64, draw: u32) -> Vec<(InputId, f64)> {
    let value = |prior: &Prior| (prior.input, drawn(model, prior, seed, draw));
    model.priors.iter().map(value).collect()
}

/// One value inside the prior's range; no number if the range is practically never hit.
fn drawn(model: &Model, prior: &Prior, seed: u64, draw: u32) -> f64 {
    let name = format!("prior {}", model.inputs[prior.input.at()].name);
    let key = Key {
        seed,
        draw,
        line: saldo_model::line_key(&name),
        period: 0,
    };
    let mut stream = Stream::new(key);
    for _ in 0..TRIES {
        let value = scaled(prior, &mut stream);
        let inside = |(low, high): (f64, f64)| low <= value && value <= high;
        if prior.within.is_none_or(inside) {
            return value;
        }
    }
    f64::NAN
}

fn scaled(prior: &Prior, stream: &mut Stream) -> f64 {
    let [a, b] = prior.args;
    match prior.law {
        Law::Normal => a + b * sample(Law::Normal, 0.0, 1.0, stream),
        Law::Uniform => a + (b - a) * sample(Law::Uniform, 0.0, 1.0, stream),
        Law::Lognormal => a * saldo_math::exp(b * sample(Law::Normal, 0.0, 1.0, stream)),
        law => sample(law, a, b, stream),
    }
}
