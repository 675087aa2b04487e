//! What a prior can give at all, in words.

use crate::ir::{Law, Model, Prior};

/// The numbers that a law can give, in the unit of its own numbers.
pub(crate) fn support(law: Law, [a, b]: [f64; 2]) -> (f64, f64) {
    let endless = f64::INFINITY;
    match law {
        Law::Normal => (-endless, endless),
        Law::Uniform => (a.min(b), a.max(b)),
        Law::Beta | Law::Bernoulli => (0.0, 1.0),
        Law::Lognormal | Law::Gamma | Law::Poisson => (0.0, endless),
        Law::Pareto => (1.0, endless),
    }
}

/// What is wrong with the numbers of a law, if anything.
pub(crate) fn fault(law: Law, [a, b]: [f64; 2]) -> Option<&'static str> {
    let fault = match law {
        Law::Normal => (b < 0.0, "the spread, its second number, is below zero"),
        Law::Uniform => (a > b, "its lower end is above its upper end"),
        Law::Lognormal => (
            a <= 0.0 || b < 0.0,
            "the median must be above zero, the spread not below",
        ),
        Law::Beta | Law::Gamma => (a <= 0.0 || b <= 0.0, "both numbers must be above zero"),
        Law::Pareto => (a <= 0.0, "its number must be above zero"),
        Law::Bernoulli => (!(0.0..=1.0).contains(&a), "a chance lies between 0 and 1"),
        Law::Poisson => (a < 0.0, "a mean count is not below zero"),
    };
    fault.0.then_some(fault.1)
}

/// Where all but one draw in ten thousand of a law lies, as far as that is plain.
fn bulk(law: Law, [a, b]: [f64; 2]) -> (f64, f64) {
    const WIDE: f64 = 4.0;
    match law {
        Law::Normal => (a - WIDE * b, a + WIDE * b),
        Law::Lognormal => (
            a * saldo_math::exp(-WIDE * b),
            a * saldo_math::exp(WIDE * b),
        ),
        _ => support(law, [a, b]),
    }
}

/// `normal(0.2, 0.001) within 0.9 .. 1`, and where nearly all of the law lies: `0.196 .. 0.204`.
pub fn in_words(model: &Model, prior: &Prior) -> (String, String) {
    let factor = model.inputs[prior.input.at()].factor;
    let law = words(prior.law, prior.args, factor);
    let whole = match prior.within {
        Some(within) => format!("{law} within {}", range(within, factor)),
        None => law,
    };
    let scale = match prior.law {
        Law::Normal | Law::Uniform | Law::Lognormal => factor,
        _ => 1.0,
    };
    (whole, range(bulk(prior.law, prior.args), scale))
}

/// `normal(0.2, 0.001)`, in the unit of the parameter.
pub(crate) fn words(law: Law, [a, b]: [f64; 2], factor: f64) -> String {
    let (a, b) = match law {
        Law::Normal | Law::Uniform => (a / factor, b / factor),
        Law::Lognormal => (a / factor, b),
        _ => (a, b),
    };
    let (a, b) = (number(a), number(b));
    match law {
        Law::Normal => format!("normal({a}, {b})"),
        Law::Lognormal => format!("lognormal({a}, {b})"),
        Law::Uniform => format!("uniform({a}, {b})"),
        Law::Beta => format!("beta({a}, {b})"),
        Law::Gamma => format!("gamma({a}, {b})"),
        Law::Pareto => format!("pareto({a})"),
        Law::Bernoulli => format!("bernoulli({a})"),
        Law::Poisson => format!("poisson({a})"),
    }
}

/// `0.9 .. 1`
pub(crate) fn range((low, high): (f64, f64), factor: f64) -> String {
    format!("{} .. {}", number(low / factor), number(high / factor))
}

/// Six digits, without zeros at the end.
pub(crate) fn number(value: f64) -> String {
    if value.is_infinite() {
        return if value > 0.0 { "any" } else { "-any" }.into();
    }
    let rounded: f64 = format!("{value:.5e}").parse().unwrap_or(value);
    format!("{rounded}")
}
