//! exp, ln, pow, tanh.
//!
//! Textbook argument reduction and Taylor series, with the leading parts kept as unevaluated
//! sums of two doubles (Dekker 1971), so that results are within about one unit in the last place.

/// ln 2 in three parts: the first has 21 trailing zero bits, so that k·LN2_A is exact.
const LN2_A: f64 = f64::from_bits(0x3fe6_2e42_fee0_0000);
const LN2_B: f64 = f64::from_bits(0x3dea_39ef_3579_3c76);
const LN2_C: f64 = f64::from_bits(0x3a8c_c01f_97b5_7a08);

/// Rounds both halves of a product: a·b = p + e exactly (Dekker 1971, Veltkamp splitting).
fn two_product(a: f64, b: f64) -> (f64, f64) {
    let split = |x: f64| {
        let scaled = 134_217_729.0 * x;
        let high = scaled - (scaled - x);
        (high, x - high)
    };
    let product = a * b;
    let ((ah, al), (bh, bl)) = (split(a), split(b));
    (product, ((ah * bh - product) + ah * bl + al * bh) + al * bl)
}

/// a + b = s + e exactly (Knuth).
fn two_sum(a: f64, b: f64) -> (f64, f64) {
    let sum = a + b;
    let part = sum - a;
    (sum, (a - (sum - part)) + (b - part))
}

/// 2^k for k in the normal range.
fn power_of_two(k: i64) -> f64 {
    f64::from_bits(((k + 1023) as u64) << 52)
}

/// (head + rest) · 2^k, rounded once, also where the result is subnormal.
fn scale((head, rest): (f64, f64), k: i64) -> f64 {
    let value = head + rest;
    if k > -1020 || value >= power_of_two(-1022 - k) {
        return value * power_of_two(k / 2) * power_of_two(k - k / 2);
    }
    // Added to this number, the last place is that of a subnormal result before scaling.
    let anchor = power_of_two(-1022 - k);
    let (sum, lost) = two_sum(anchor, head);
    let rounded = (sum + (lost + rest)) - anchor;
    rounded * power_of_two(k / 2) * power_of_two(k - k / 2)
}

/// e to the power x.
pub fn exp(x: f64) -> f64 {
    exp_of_sum(x, 0.0)
}

/// e to the power x + tail, |tail| small.
fn exp_of_sum(x: f64, tail: f64) -> f64 {
    if x.is_nan() {
        return x;
    }
    if x > 709.79 {
        return f64::INFINITY;
    }
    if x < -745.2 {
        return 0.0;
    }
    let k = (x * std::f64::consts::LOG2_E).round();
    scale(exp_parts(x, tail, k), k as i64)
}

/// e to the power x + tail, divided by 2^k, as a sum of two doubles: x is near k ln 2.
fn exp_parts(x: f64, tail: f64, k: f64) -> (f64, f64) {
    let (r, low) = two_sum(x - k * LN2_A, -(k * LN2_B));
    let low = low + tail - k * LN2_C;
    // exp(r) − 1 − r by its Taylor series, |r| ≤ 0.35.
    let mut series = 0.0;
    for n in (3..=16).rev() {
        series = (series + 1.0) * r / n as f64;
    }
    let second = r * r * 0.5 * (1.0 + series);
    let (head, rest) = two_sum(1.0, r);
    (head, rest + (second + low * (1.0 + (r + second))))
}

/// x = 2^k · m with ln m = 2 atanh(s + s_low), for positive finite x.
struct Reduced {
    k: f64,
    s: f64,
    s_low: f64,
}

fn reduced(x: f64) -> Reduced {
    let (x, shift) = if x < f64::MIN_POSITIVE {
        (x * power_of_two(60), -60)
    } else {
        (x, 0)
    };
    let bits = x.to_bits();
    let mut k = ((bits >> 52) as i64) - 1023;
    let mut m = f64::from_bits((bits & 0x000f_ffff_ffff_ffff) | 0x3ff0_0000_0000_0000);
    if m > std::f64::consts::SQRT_2 {
        m *= 0.5;
        k += 1;
    }
    // s = (m − 1)/(m + 1), the quotient carried in two parts.
    let f = m - 1.0;
    let (below, below_low) = two_sum(m, 1.0);
    let s = f / below;
    let (p, e) = two_product(s, below);
    Reduced {
        k: (k + shift) as f64,
        s,
        s_low: (((f - p) - e) - s * below_low) / below,
    }
}

/// z/(2n + 1) + z²/(2n + 3) + … up to the term where nothing is left of it.
fn atanh_series(z: f64, first: i32) -> f64 {
    let mut series = 0.0;
    for n in (first..=13).rev() {
        series = z * (1.0 / f64::from(2 * n + 1) + series);
    }
    series
}

/// ln x as a sum of two doubles, to about a thousandth of the last place: a power multiplies
/// what the logarithm misses by up to 745.
fn ln_parts(x: f64) -> (f64, f64) {
    const THIRD_LOW: f64 = 1.0 / 3.0 / 18_014_398_509_481_984.0;
    let Reduced { k, s, s_low } = reduced(x);
    let (z, z_low) = two_product(s, s);
    let z_low = z_low + 2.0 * s * s_low;
    // c = z/3 + z²/5 + …, then ln m = 2s + 2s·c.
    let (third, third_low) = two_product(z, 1.0 / 3.0);
    let (c, c_low) = two_sum(third, z * atanh_series(z, 2));
    let c_low = c_low + third_low + z * THIRD_LOW + z_low * (1.0 / 3.0);
    let (tail, tail_low) = two_product(2.0 * s, c);
    let (head, head_low) = two_sum(k * LN2_A, 2.0 * s);
    let (head, tail) = two_sum(head, tail);
    let small = tail_low + 2.0 * s * c_low + 2.0 * s_low * (1.0 + c);
    two_sum(head, tail + (head_low + small + (k * LN2_B + k * LN2_C)))
}

/// Natural logarithm.
pub fn ln(x: f64) -> f64 {
    if x.is_nan() || x < 0.0 {
        return f64::NAN;
    }
    if x == 0.0 {
        return f64::NEG_INFINITY;
    }
    if x.is_infinite() {
        return x;
    }
    let Reduced { k, s, s_low } = reduced(x);
    let (head, low) = two_sum(k * LN2_A, 2.0 * s);
    let tail = 2.0 * s_low + 2.0 * s * atanh_series(s * s, 1);
    head + (low + tail + (k * LN2_B + k * LN2_C))
}

/// x to the power y. Negative bases have whole powers only; 0 to the power 0 is 1. Zeros and
/// infinities as in IEEE 754-2019, 9.2.1.
pub fn pow(x: f64, y: f64) -> f64 {
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
        return power_at_the_edge(x, y);
    }
    if x < 0.0 {
        return power_of_negative(x, y);
    }
    let (high, low) = ln_parts(x);
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
fn power_at_the_edge(x: f64, y: f64) -> f64 {
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

/// Hyperbolic tangent: (e^2x − 1) / (e^2x + 1), numerator and denominator carried in two parts.
pub fn tanh(x: f64) -> f64 {
    // Nearer to zero the cube of x is below the last place; further out nothing is left of e^-2x.
    if x.is_nan() || x.abs() < 1e-8 {
        return x;
    }
    if x.abs() > 20.0 {
        return 1f64.copysign(x);
    }
    let twice = 2.0 * x.abs();
    let k = (twice * std::f64::consts::LOG2_E).round();
    let (head, rest) = exp_parts(twice, 0.0, k);
    let size = power_of_two(k as i64);
    let (over, over_low) = two_sum(head * size - 1.0, rest * size);
    let (under, under_low) = two_sum(over, 2.0);
    let quotient = over / under;
    let (product, error) = two_product(quotient, under);
    let left = ((over - product) - error) + (over_low - quotient * (under_low + over_low));
    (quotient + left / under).copysign(x)
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
}
