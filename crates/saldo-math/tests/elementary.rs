//! The elementary functions against a table computed in 1100-bit arithmetic (`reference.py`):
//! no result is further from the exact one than one unit in the last place.

use saldo_math::{exp, ln, pow, tanh};
use std::collections::BTreeMap;

/// Doubles in order as whole numbers, so that neighbours differ by one.
fn rank(x: f64) -> i128 {
    let bits = x.to_bits() as i64;
    i128::from(if bits < 0 { i64::MIN - bits } else { bits })
}

fn number(hex: &str) -> f64 {
    f64::from_bits(u64::from_str_radix(hex, 16).expect("bits"))
}

fn found(function: &str, x: f64, y: f64) -> f64 {
    match function {
        "exp" => exp(x),
        "ln" => ln(x),
        "tanh" => tanh(x),
        _ => pow(x, y),
    }
}

#[test]
fn within_one_unit_in_the_last_place() {
    let mut worst: BTreeMap<&str, (f64, f64, f64)> = BTreeMap::new();
    let table = include_str!("reference.csv");
    assert!(table.lines().count() > 4000);
    for line in table.lines().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        let [x, y, nearest] = [1, 2, 3].map(|at| number(cells[at]));
        let rest: f64 = cells[4].parse().expect("a rest");
        let steps = rank(found(cells[0], x, y)) - rank(nearest);
        let off = (steps as f64 - rest).abs();
        let so_far = worst.entry(cells[0]).or_default();
        if off > so_far.0 {
            *so_far = (off, x, y);
        }
    }
    for (function, (off, x, y)) in &worst {
        println!("{function}: {off:.3} units in the last place, at {x:e} {y:e}");
    }
    assert!(worst.values().all(|(off, ..)| *off <= 1.0), "{worst:?}");
}

/// IEEE 754-2019, 9.2.1: what powers are where no limit decides.
#[test]
fn powers_at_the_edges() {
    const INF: f64 = f64::INFINITY;
    const NAN: f64 = f64::NAN;
    let cases = [
        (NAN, 0.0, 1.0),
        (1.0, NAN, 1.0),
        (1.0, INF, 1.0),
        (NAN, 1.0, NAN),
        (2.0, NAN, NAN),
        (0.0, 3.0, 0.0),
        (-0.0, 3.0, -0.0),
        (-0.0, 2.0, 0.0),
        (0.0, -2.0, INF),
        (-0.0, -3.0, -INF),
        (0.0, -2.5, INF),
        (-0.0, 0.5, 0.0),
        (0.0, INF, 0.0),
        (0.0, -INF, INF),
        (INF, 2.0, INF),
        (INF, -2.0, 0.0),
        (INF, -0.5, 0.0),
        (-INF, 3.0, -INF),
        (-INF, 2.0, INF),
        (-INF, -3.0, -0.0),
        (-INF, 0.5, INF),
        (2.0, INF, INF),
        (2.0, -INF, 0.0),
        (0.5, INF, 0.0),
        (0.5, -INF, INF),
        (-1.0, INF, 1.0),
        (-2.0, INF, INF),
        (-2.0, 0.5, NAN),
        (-2.0, 1e300, INF),
        (-8.0, 1.0 / 3.0, NAN),
        (-1.0, 9_007_199_254_740_991.0, -1.0),
        (-1.0, 9_007_199_254_740_992.0, 1.0),
    ];
    for (x, y, wanted) in cases {
        let found = pow(x, y);
        let same = found.to_bits() == wanted.to_bits() || found.is_nan() && wanted.is_nan();
        assert!(same, "{x:?} ^ {y:?} is {found:?}, not {wanted:?}");
    }
}

#[test]
fn edges_of_the_others() {
    assert!(exp(f64::NAN).is_nan() && ln(f64::NAN).is_nan() && tanh(f64::NAN).is_nan());
    assert!(ln(-1.0).is_nan());
    let cases = [
        (exp(f64::INFINITY), f64::INFINITY),
        (exp(f64::NEG_INFINITY), 0.0),
        (exp(0.0), 1.0),
        (exp(-0.0), 1.0),
        (ln(1.0), 0.0),
        (ln(0.0), f64::NEG_INFINITY),
        (ln(f64::INFINITY), f64::INFINITY),
        (tanh(f64::INFINITY), 1.0),
        (tanh(f64::NEG_INFINITY), -1.0),
        (tanh(0.0), 0.0),
        (tanh(-0.0), -0.0),
    ];
    for (at, (found, wanted)) in cases.into_iter().enumerate() {
        assert_eq!(found.to_bits(), wanted.to_bits(), "case {at}: {found:?}");
    }
}
