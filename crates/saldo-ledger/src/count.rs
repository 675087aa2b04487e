//! Whole numbers the books are kept in: 64 bits where amounts fit, 128 where they do not.

/// A count of an instrument's resolution. Sums wrap; that they never do is judged by
/// [`Count::limit`] before anything they led to is kept.
pub trait Count: Copy + Default + PartialOrd {
    /// A whole double within [`Count::limit`]; what is beyond becomes some number.
    fn from_double(value: f64) -> Self;
    /// The same for whole doubles in all lanes.
    fn from_row<const L: usize>(values: &[f64; L]) -> [Self; L];
    fn to_double(self) -> f64;
    fn from_wide(value: i128) -> Self;
    fn wide(self) -> i128;
    fn plus(self, other: Self) -> Self;
    fn minus(self, other: Self) -> Self;

    /// What a single amount or position must stay below so that no sum of `terms` of them can
    /// leave the type.
    fn limit(terms: usize) -> f64;
}

impl Count for i64 {
    #[inline(always)]
    fn from_double(value: f64) -> i64 {
        value as i64
    }
    /// Half by half, with the operations that every processor has for whole vectors: a whole
    /// double below 2⁵¹ that is added to 1.5 · 2⁵² stands in the last bits of the sum.
    #[inline(always)]
    fn from_row<const L: usize>(values: &[f64; L]) -> [i64; L] {
        const ANCHOR: f64 = 6_755_399_441_055_744.0;
        const HALF: f64 = 4_294_967_296.0;
        let mut counts = [0; L];
        if L == 1 {
            return values.map(|value| value as i64);
        }
        for (count, value) in counts.iter_mut().zip(values) {
            let high = value * (1.0 / HALF) + ANCHOR;
            let low = (value - (high - ANCHOR) * HALF) + ANCHOR;
            let [high, low] = [high, low].map(|it| it.to_bits().wrapping_sub(ANCHOR.to_bits()));
            *count = (high << 32).wrapping_add(low) as i64;
        }
        counts
    }
    #[inline(always)]
    fn to_double(self) -> f64 {
        self as f64
    }
    fn from_wide(value: i128) -> i64 {
        value as i64
    }
    fn wide(self) -> i128 {
        i128::from(self)
    }
    #[inline(always)]
    fn plus(self, other: i64) -> i64 {
        self.wrapping_add(other)
    }
    #[inline(always)]
    fn minus(self, other: i64) -> i64 {
        self.wrapping_sub(other)
    }
    fn limit(terms: usize) -> f64 {
        (i64::MAX / 2) as f64 / (terms + 2) as f64
    }
}

impl Count for i128 {
    /// Counts that 64 bits hold are converted by one instruction.
    fn from_double(value: f64) -> i128 {
        const NARROW: f64 = 9e18;
        match value.abs() < NARROW {
            true => i128::from(value as i64),
            false => value as i128,
        }
    }
    fn from_row<const L: usize>(values: &[f64; L]) -> [i128; L] {
        values.map(i128::from_double)
    }
    fn to_double(self) -> f64 {
        i64::try_from(self).map_or(self as f64, |narrow| narrow as f64)
    }
    fn from_wide(value: i128) -> i128 {
        value
    }
    fn wide(self) -> i128 {
        self
    }
    fn plus(self, other: i128) -> i128 {
        self.wrapping_add(other)
    }
    fn minus(self, other: i128) -> i128 {
        self.wrapping_sub(other)
    }
    /// Never more than 10³⁵, so that the range of the books does not hang on a model's size
    /// until it has hundreds of flows at one account.
    fn limit(terms: usize) -> f64 {
        ((i128::MAX / 2) as f64 / (terms + 2) as f64).min(1e35)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_converted_as_single_numbers_are() {
        let mut state = 7u64;
        for _ in 0..10_000 {
            let mut row = [0.0; 8];
            for (at, value) in row.iter_mut().enumerate() {
                state = state.wrapping_mul(6364136223846793005).wrapping_add(99);
                let size = (state >> 2) as i64 - (1 << 61);
                *value = (size >> (at * 8)) as f64;
            }
            assert_eq!(i64::from_row(&row), row.map(|value| value as i64));
            assert_eq!(i128::from_row(&row), row.map(|value| value as i128));
        }
    }
}
