//! Whole numbers the books are kept in: 64 bits where amounts fit, 128 where they do not.

/// A count of an instrument's resolution. Sums wrap; that they never do is judged by
/// [`Count::limit`] before anything they led to is kept.
pub trait Count: Copy + Default + PartialOrd {
    /// A whole double; what does not fit becomes the outermost number.
    fn from_double(value: f64) -> Self;
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
