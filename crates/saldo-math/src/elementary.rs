//! exp, ln, pow, tanh.
//!
//! Textbook argument reduction and Taylor series, with the leading parts kept as unevaluated
//! sums of two doubles, so that results are within one unit in the last place.
//!
//! Each function is a formula without branches for ordinary arguments, and a second way for the
//! others (not a number, infinite, beyond the range). A row of numbers goes through the formula
//! as vectors, whatever it holds; what was not ordinary is computed once more. So a number has
//! the same bits alone and in any row.

// A loop over a row runs along several arrays at once.
#![allow(clippy::needless_range_loop)]

use crate::parts::{Parts, polynomial, scale, two_product, two_sum};

/// ln 2 in three parts: the first has 21 trailing zero bits, so that k·LN2_A is exact.
const LN2_A: f64 = f64::from_bits(0x3fe6_2e42_fee0_0000);
const LN2_B: f64 = f64::from_bits(0x3dea_39ef_3579_3c76);
const LN2_C: f64 = f64::from_bits(0x3a8c_c01f_97b5_7a08);

/// Up to this size of an exponent its power of e is a normal number.
const ORDINARY: f64 = 708.0;
/// Added to a double below 2⁵¹, it leaves the nearest whole number in the last bits.
const ANCHOR: f64 = 6_755_399_441_055_744.0;

/// 1/2!, 1/3!, … 1/15!
const FACTORIALS: [f64; 14] = {
    let mut inverse = [0.0; 14];
    let (mut product, mut n) = (1.0, 0);
    while n < 14 {
        product *= (n + 2) as f64;
        inverse[n] = 1.0 / product;
        n += 1;
    }
    inverse
};

/// 1/5, 1/7, … 1/27: the series of atanh from its third term on.
const ODD: [f64; 12] = {
    let mut inverse = [0.0; 12];
    let mut n = 0;
    while n < 12 {
        inverse[n] = 1.0 / (2 * n + 5) as f64;
        n += 1;
    }
    inverse
};

/// The nearest whole number of halvings or doublings in e^x, with itself in the last bits.
#[inline(always)]
fn doublings(x: f64) -> (f64, u64) {
    let anchored = x * std::f64::consts::LOG2_E + ANCHOR;
    (anchored - ANCHOR, anchored.to_bits())
}

/// e to the power x + tail, divided by 2^k, as a sum of two doubles: x is near k ln 2.
#[inline(always)]
fn exp_parts(x: f64, tail: f64, k: f64) -> Parts {
    let (r, low) = two_sum(x - k * LN2_A, -(k * LN2_B));
    let low = low + tail - k * LN2_C;
    // exp(r) − 1 − r by its Taylor series, |r| ≤ 0.35.
    let second = r * r * polynomial(r, &FACTORIALS);
    let head = 1.0 + r;
    let rest = r - (head - 1.0);
    (head, rest + (second + low * (1.0 + (r + second))))
}

/// e to the power x + tail, |tail| small, for |x| ≤ [`ORDINARY`].
#[inline(always)]
fn exp_ordinary(x: f64, tail: f64) -> f64 {
    let (k, bits) = doublings(x);
    let (head, rest) = exp_parts(x, tail, k);
    (head + rest) * f64::from_bits((bits << 52).wrapping_add(1.0f64.to_bits()))
}

/// The same for any x.
#[inline(always)]
fn exp_of_sum(x: f64, tail: f64) -> f64 {
    match x.abs() <= ORDINARY {
        true => exp_ordinary(x, tail),
        false => exp_at_the_edge(x, tail),
    }
}

#[cold]
fn exp_at_the_edge(x: f64, tail: f64) -> f64 {
    if x.is_nan() {
        return x;
    }
    if x > 709.79 {
        return f64::INFINITY;
    }
    if x < -745.2 {
        return 0.0;
    }
    let (k, _) = doublings(x);
    scale(exp_parts(x, tail, k), k as i64)
}

/// e to the power x.
#[inline]
pub fn exp(x: f64) -> f64 {
    exp_of_sum(x, 0.0)
}

/// x = 2^k · m with ln m = 2 atanh(s + s_low), √½ ≤ m < √2.
struct Reduced {
    k: f64,
    s: f64,
    s_low: f64,
}

/// For normal positive x.
#[inline(always)]
fn reduced(x: f64) -> Reduced {
    const ROOT_OF_HALF: u64 = 0x3fe6_a09e_667f_3bcd;
    const FRACTION: u64 = (1 << 52) - 1;
    // 1024 more than k, which keeps it from being negative, in the last bits of 2⁵².
    const RAISED: u64 = 1024 << 52;
    const WHOLE: f64 = 4_503_599_627_370_496.0;
    let above = x.to_bits().wrapping_sub(ROOT_OF_HALF);
    let raised = above.wrapping_add(RAISED) >> 52;
    let k = f64::from_bits(WHOLE.to_bits() | raised) - (WHOLE + 1024.0);
    let m = f64::from_bits((above & FRACTION) + ROOT_OF_HALF);
    // s = (m − 1)/(m + 1), the quotient carried in two parts.
    let f = m - 1.0;
    let below = m + 1.0;
    let below_low = m - (below - 1.0);
    let inverse = 1.0 / below;
    let s = f * inverse;
    let (p, e) = two_product(s, below);
    let s_low = (((f - p) - e) - s * below_low) * inverse;
    Reduced { k, s, s_low }
}

/// ln x as a sum of two doubles, to about a thousandth of the last place: a power multiplies
/// what the logarithm misses by up to 745. For normal positive x.
#[inline(always)]
fn ln_parts(x: f64) -> Parts {
    const THIRD_LOW: f64 = 1.0 / 3.0 / 18_014_398_509_481_984.0;
    let Reduced { k, s, s_low } = reduced(x);
    let (z, z_low) = two_product(s, s);
    let z_low = z_low + 2.0 * s * s_low;
    // c = z/3 + z²/5 + …, then ln m = 2s + 2s·c.
    let (third, third_low) = two_product(z, 1.0 / 3.0);
    let (c, c_low) = two_sum(third, z * (z * polynomial(z, &ODD)));
    let c_low = c_low + third_low + z * THIRD_LOW + z_low * (1.0 / 3.0 + 0.4 * z);
    let (tail, tail_low) = two_product(2.0 * s, c);
    let (head, head_low) = two_sum(k * LN2_A, 2.0 * s);
    let (head, tail) = two_sum(head, tail);
    let small = tail_low + 2.0 * s * c_low + 2.0 * s_low * (1.0 + c);
    two_sum(head, tail + (head_low + small + (k * LN2_B + k * LN2_C)))
}

/// Is x positive, normal and finite?
#[inline(always)]
// Both sides are computed, so that a row of numbers needs no jump.
#[allow(clippy::manual_range_contains)]
fn is_ordinary(x: f64) -> bool {
    (x >= f64::MIN_POSITIVE) & (x < f64::INFINITY)
}

#[inline(always)]
fn ln_ordinary(x: f64) -> f64 {
    let Reduced { k, s, s_low } = reduced(x);
    let (head, low) = two_sum(k * LN2_A, 2.0 * s);
    let z = s * s;
    let tail = 2.0 * s_low + 2.0 * s * (z * (1.0 / 3.0 + z * polynomial(z, &ODD)));
    head + (low + tail + (k * LN2_B + k * LN2_C))
}

/// Natural logarithm.
#[inline]
pub fn ln(x: f64) -> f64 {
    match is_ordinary(x) {
        true => ln_ordinary(x),
        false => ln_at_the_edge(x),
    }
}

/// What makes a subnormal number normal, and its logarithm base 2.
const LIFT: (f64, f64) = (1_152_921_504_606_846_976.0, 60.0);

#[cold]
fn ln_at_the_edge(x: f64) -> f64 {
    if x.is_nan() || x < 0.0 {
        return f64::NAN;
    }
    if x == 0.0 {
        return f64::NEG_INFINITY;
    }
    if x.is_infinite() {
        return x;
    }
    let (high, low) = ln_of_subnormal(x);
    high + low
}

fn ln_of_subnormal(x: f64) -> Parts {
    let (high, low) = ln_parts(x * LIFT.0);
    let (head, rest) = two_sum(-LIFT.1 * LN2_A, high);
    two_sum(head, rest + (low - LIFT.1 * LN2_B))
}

/// x to the power y. Negative bases have whole powers only; 0 to the power 0 is 1. Zeros and
/// infinities as in IEEE 754-2019, 9.2.1.
#[inline]
pub fn pow(x: f64, y: f64) -> f64 {
    if is_exact(x, y) | !is_ordinary(x) {
        return pow_at_the_edge(x, y);
    }
    let (sum, tail) = exponent(x, y);
    match sum.abs() <= ORDINARY {
        true => exp_ordinary(sum, tail),
        false => pow_at_the_edge(x, y),
    }
}

/// y ln x, for normal positive x.
#[inline(always)]
fn exponent(x: f64, y: f64) -> Parts {
    let (high, low) = ln_parts(x);
    let (product, error) = two_product(high, y);
    two_sum(product, error + low * y)
}

/// Powers that are one operation.
#[inline(always)]
fn is_exact(x: f64, y: f64) -> bool {
    (y == 0.0) | (y == 1.0) | (y == 2.0) | (y == -1.0) | (y == 0.5) | (x == 1.0)
}

fn pow_at_the_edge(x: f64, y: f64) -> f64 {
    if y == 0.0 || x == 1.0 {
        return 1.0;
    }
    if y == 1.0 {
        return x;
    }
    if y == 2.0 {
        return x * x;
    }
    if y == -1.0 {
        return 1.0 / x;
    }
    if y == 0.5 && x > 0.0 {
        return x.sqrt();
    }
    if x.is_nan() || y.is_nan() {
        return f64::NAN;
    }
    if x == 0.0 || x.is_infinite() || y.is_infinite() {
        return power_of_the_edge(x, y);
    }
    if x < 0.0 {
        return power_of_negative(x, y);
    }
    let (high, low) = match x < f64::MIN_POSITIVE {
        true => ln_of_subnormal(x),
        false => ln_parts(x),
    };
    let (product, error) = two_product(high, y);
    if !error.is_finite() {
        return exp(high * y);
    }
    let (sum, tail) = two_sum(product, error + low * y);
    exp_of_sum(sum, tail)
}

fn power_of_negative(x: f64, y: f64) -> f64 {
    if y.fract() != 0.0 {
        return f64::NAN;
    }
    let size = pow(-x, y);
    if is_odd(y) { -size } else { size }
}

fn is_odd(y: f64) -> bool {
    const ALL_EVEN_FROM: f64 = 9_007_199_254_740_992.0;
    y.abs() < ALL_EVEN_FROM && y.fract() == 0.0 && (y as i64) % 2 != 0
}

/// The power where base or exponent is zero or infinite (neither is NaN).
fn power_of_the_edge(x: f64, y: f64) -> f64 {
    if x == -1.0 {
        return 1.0;
    }
    let grows = (x.abs() > 1.0) == (y > 0.0);
    let size = if grows { f64::INFINITY } else { 0.0 };
    if x.is_sign_negative() && is_odd(y) {
        -size
    } else {
        size
    }
}

/// Nearer to zero the cube of x is below the last place; further out nothing is left of e^-2x.
#[inline(always)]
fn is_curved(x: f64) -> bool {
    (x.abs() >= 1e-8) & (x.abs() <= 20.0)
}

/// (e^2x − 1) / (e^2x + 1), numerator and denominator carried in two parts.
#[inline(always)]
fn tanh_ordinary(x: f64) -> f64 {
    let twice = 2.0 * x.abs();
    let (k, bits) = doublings(twice);
    let (head, rest) = exp_parts(twice, 0.0, k);
    let size = f64::from_bits((bits << 52).wrapping_add(1.0f64.to_bits()));
    let (over, over_low) = two_sum(head * size - 1.0, rest * size);
    let (under, under_low) = two_sum(over, 2.0);
    let quotient = over / under;
    let (product, error) = two_product(quotient, under);
    let left = ((over - product) - error) + (over_low - quotient * (under_low + over_low));
    (quotient + left / under).copysign(x)
}

/// Hyperbolic tangent.
#[inline]
pub fn tanh(x: f64) -> f64 {
    if is_curved(x) {
        return tanh_ordinary(x);
    }
    match x.abs() > 20.0 {
        true => 1f64.copysign(x),
        false => x,
    }
}

/// Computes once more what the formula of a row does not hold for.
macro_rules! mend {
    ($out:ident, $holds:expr, $single:expr) => {{
        let mut all = true;
        for at in 0..L {
            all &= $holds(at);
        }
        if !all {
            for at in (0..L).filter(|at| !$holds(*at)) {
                $out[at] = $single(at);
            }
        }
    }};
}

/// [`exp`] of each.
#[inline(always)]
pub fn exp_row<const L: usize>(x: &[f64; L], out: &mut [f64; L]) {
    for at in 0..L {
        out[at] = exp_ordinary(x[at], 0.0);
    }
    mend!(out, |at: usize| x[at].abs() <= ORDINARY, |at: usize| exp(
        x[at]
    ));
}

/// [`ln`] of each.
#[inline(always)]
pub fn ln_row<const L: usize>(x: &[f64; L], out: &mut [f64; L]) {
    for at in 0..L {
        out[at] = ln_ordinary(x[at]);
    }
    mend!(out, |at: usize| is_ordinary(x[at]), |at: usize| ln(x[at]));
}

/// [`tanh`] of each.
#[inline(always)]
pub fn tanh_row<const L: usize>(x: &[f64; L], out: &mut [f64; L]) {
    for at in 0..L {
        out[at] = tanh_ordinary(x[at]);
    }
    mend!(out, |at: usize| is_curved(x[at]), |at: usize| tanh(x[at]));
}

/// [`pow`] of each pair.
#[inline(always)]
pub fn pow_row<const L: usize>(x: &[f64; L], y: &[f64; L], out: &mut [f64; L]) {
    let mut sums = [0.0; L];
    for at in 0..L {
        let (sum, tail) = exponent(x[at], y[at]);
        out[at] = exp_ordinary(sum, tail);
        sums[at] = sum;
    }
    mend!(
        out,
        |at: usize| is_ordinary(x[at]) & (sums[at].abs() <= ORDINARY) & !is_exact(x[at], y[at]),
        |at: usize| pow(x[at], y[at])
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Distance in units in the last place.
    fn ulps(a: f64, b: f64) -> u64 {
        (a.to_bits() as i64).abs_diff(b.to_bits() as i64)
    }

    /// Values to 17 digits from published tables of constants.
    #[test]
    fn known_values() {
        let cases = [
            (exp(1.0), std::f64::consts::E),
            (exp(-1.0), 0.367_879_441_171_442_33),
            (exp(10.0), 22_026.465_794_806_718),
            (exp(0.5), 1.648_721_270_700_128_2),
            (ln(2.0), std::f64::consts::LN_2),
            (ln(10.0), std::f64::consts::LN_10),
            (ln(1e-300), -690.775_527_898_213_7),
            (pow(2.0, 0.5), std::f64::consts::SQRT_2),
            (pow(10.0, 3.0), 1000.0),
            (pow(2.0, 10.0), 1024.0),
            (pow(3.0, -3.0), 1.0 / 27.0),
            (pow(-2.0, 3.0), -8.0),
            (tanh(0.5), 0.462_117_157_260_009_8),
        ];
        for (at, (found, wanted)) in cases.into_iter().enumerate() {
            assert!(
                ulps(found, wanted) <= 1,
                "case {at}: {found:e} is not {wanted:e}"
            );
        }
        assert!(pow(-2.0, 0.5).is_nan() && ln(-1.0).is_nan());
        assert_eq!(
            (exp(-800.0), exp(800.0), ln(0.0)),
            (0.0, f64::INFINITY, f64::NEG_INFINITY)
        );
    }

    /// The functions undo each other and follow their own laws over the whole range.
    #[test]
    fn laws() {
        for n in 1..20_000 {
            let x = f64::from(n) * 0.013 - 100.0;
            let back = ln(exp(x));
            assert!((back - x).abs() <= 3e-16 * x.abs().max(1.0), "ln exp {x}");
            let square = pow(exp(x / 10.0), 3.0);
            let product = exp(x / 10.0) * exp(x / 10.0) * exp(x / 10.0);
            assert!((square / product - 1.0).abs() < 1e-15, "cube at {x}");
        }
    }

    /// Ordinary or not, beside whatever others: a row gives the bits of single numbers.
    #[test]
    fn rows_are_what_single_numbers_are() {
        let specials = [
            0.0,
            -0.0,
            1.0,
            2.0,
            0.5,
            -1.0,
            f64::NAN,
            f64::INFINITY,
            5e-324,
            1e-310,
        ];
        let mut state = 5u64;
        let mut next = move || {
            state = state.wrapping_mul(6364136223846793005).wrapping_add(99);
            match state >> 60 {
                0 => specials[(state >> 40) as usize % specials.len()],
                1 => f64::from_bits(state.rotate_left(17)),
                2..6 => (state >> 20) as f64 / 1e10 - 900.0,
                _ => (state >> 30) as f64 / 1e9,
            }
        };
        let same = |row: [f64; 8], single: [f64; 8], what: &str| {
            let bits = |row: [f64; 8]| row.map(f64::to_bits);
            assert_eq!(bits(row), bits(single), "{what}: {row:?}, {single:?}");
        };
        for _ in 0..20_000 {
            let (x, y): ([f64; 8], [f64; 8]) = (
                std::array::from_fn(|_| next()),
                std::array::from_fn(|_| next()),
            );
            let mut out = [0.0; 8];
            exp_row(&x, &mut out);
            same(out, x.map(exp), "exp");
            ln_row(&x, &mut out);
            same(out, x.map(ln), "ln");
            tanh_row(&x, &mut out);
            same(out, x.map(tanh), "tanh");
            pow_row(&x, &y, &mut out);
            same(out, std::array::from_fn(|at| pow(x[at], y[at])), "pow");
        }
    }
}
