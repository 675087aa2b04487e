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

fn scale(x: f64, k: i64) -> f64 {
    if (-1000..=1000).contains(&k) {
        return x * power_of_two(k);
    }
    let half = k / 2;
    x * power_of_two(half) * power_of_two(k - half)
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
    let (r, low) = two_sum(x - k * LN2_A, -(k * LN2_B));
    let low = low + tail - k * LN2_C;
    // exp(r) − 1 − r by its Taylor series, |r| ≤ 0.35.
    let mut series = 0.0;
    for n in (3..=16).rev() {
        series = (series + 1.0) * r / n as f64;
    }
    let second = r * r * 0.5;
    let (head, rest) = two_sum(1.0, r);
    let value = head + (rest + (second * (1.0 + series) + low * (1.0 + r)));
    scale(value, k as i64)
}

/// ln x as a sum of two doubles, for normal positive x.
fn ln_parts(x: f64) -> (f64, f64) {
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
    let k = (k + shift) as f64;
    // ln m = 2 atanh s with s = (m − 1)/(m + 1), the quotient carried in two parts.
    let f = m - 1.0;
    let (below, below_low) = two_sum(m, 1.0);
    let s = f / below;
    let (p, e) = two_product(s, below);
    let s_low = (((f - p) - e) - s * below_low) / below;
    let z = s * s;
    let mut series = 0.0;
    for n in (1..=13).rev() {
        series = z * (1.0 / (2 * n + 1) as f64 + series);
    }
    let (head, head_low) = two_sum(k * LN2_A, 2.0 * s);
    let rest = head_low + (2.0 * s_low + 2.0 * s * series) + (k * LN2_B + k * LN2_C);
    two_sum(head, rest)
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
    let (high, low) = ln_parts(x);
    high + low
}

/// x to the power y. Negative bases have whole powers only; 0 to the power 0 is 1.
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
    if y == 0.5 && x >= 0.0 {
        return x.sqrt();
    }
    if x.is_nan() || y.is_nan() {
        return f64::NAN;
    }
    if x < 0.0 {
        return power_of_negative(x, y);
    }
    if x == 0.0 {
        return if y > 0.0 { 0.0 } else { f64::INFINITY };
    }
    if x.is_infinite() {
        return if y > 0.0 { x } else { 0.0 };
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
    let odd = y.abs() < 9.007_199_254_740_992e15 && (y as i64) % 2 != 0;
    let size = pow(-x, y);
    if odd { -size } else { size }
}

/// Hyperbolic tangent.
pub fn tanh(x: f64) -> f64 {
    if x.abs() < 0.02 {
        // The odd Taylor series; the quotient below would lose digits near zero.
        let z = x * x;
        return x + x
            * z
            * (-1.0 / 3.0 + z * (2.0 / 15.0 + z * (-17.0 / 315.0 + z * (62.0 / 2835.0))));
    }
    if x.abs() > 20.0 {
        return if x > 0.0 { 1.0 } else { -1.0 };
    }
    let e = exp(2.0 * x.abs());
    let t = (e - 1.0) / (e + 1.0);
    if x < 0.0 { -t } else { t }
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
