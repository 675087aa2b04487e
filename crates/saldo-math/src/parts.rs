//! Sums and products in two parts: a double and what its rounding left over (Dekker 1971).

/// A number kept as an unevaluated sum.
pub(crate) type Parts = (f64, f64);

/// a · b = p + e, to within 2⁻¹⁰⁴ of it: both factors are cut in halves whose products are exact.
#[inline(always)]
pub(crate) fn two_product(a: f64, b: f64) -> Parts {
    let product = a * b;
    let ((ah, al), (bh, bl)) = (halves(a), halves(b));
    (product, ((ah * bh - product) + ah * bl + al * bh) + al * bl)
}

/// The first 26 binary digits, and the others.
#[inline(always)]
fn halves(x: f64) -> Parts {
    const FIRST: u64 = !0 << 27;
    let high = f64::from_bits(x.to_bits() & FIRST);
    (high, x - high)
}

/// a + b = s + e exactly (Knuth).
#[inline(always)]
pub(crate) fn two_sum(a: f64, b: f64) -> Parts {
    let sum = a + b;
    let part = sum - a;
    (sum, (a - (sum - part)) + (b - part))
}

/// c₀ + c₁x + c₂x² + …, an even number of coefficients: even and odd powers side by side.
#[inline(always)]
pub(crate) fn polynomial<const N: usize>(x: f64, c: &[f64; N]) -> f64 {
    let square = x * x;
    let (mut even, mut odd) = (c[N - 2], c[N - 1]);
    for at in (0..N / 2 - 1).rev() {
        even = even * square + c[2 * at];
        odd = odd * square + c[2 * at + 1];
    }
    even + x * odd
}

/// 2^k for k in the normal range.
#[inline(always)]
pub(crate) fn power_of_two(k: i64) -> f64 {
    f64::from_bits(((k + 1023) as u64) << 52)
}

/// (head + rest) · 2^k, rounded once, also where the result is subnormal.
pub(crate) fn scale((head, rest): Parts, k: i64) -> f64 {
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
