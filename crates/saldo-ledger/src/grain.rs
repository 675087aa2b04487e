//! The smallest amount that is booked, and the way to counts of it and back.

/// Resolution of an instrument.
#[derive(Clone, Copy, Debug)]
pub struct Grain {
    resolution: f64,
    /// How many make a base unit, if that is a whole number.
    per_unit: Option<f64>,
}

impl Grain {
    /// `resolution` in base units.
    pub fn new(resolution: f64) -> Self {
        let per_unit = (1.0 / resolution).round();
        let whole = per_unit >= 1.0 && (per_unit * resolution - 1.0).abs() < 1e-15;
        Grain {
            resolution,
            per_unit: whole.then_some(per_unit),
        }
    }

    /// An amount of whole units in base units: the double nearest to it.
    pub fn to_base(self, count: f64) -> f64 {
        match self.per_unit {
            Some(per_unit) => count / per_unit,
            None => count * self.resolution,
        }
    }

    /// Lane by lane what [`Grain::to_base`] gives.
    #[inline(always)]
    pub fn row_to_base<const L: usize>(self, counts: &[f64; L], base: &mut [f64; L]) {
        match self.per_unit {
            Some(per_unit) => {
                for at in 0..L {
                    base[at] = counts[at] / per_unit;
                }
            }
            None => {
                for at in 0..L {
                    base[at] = counts[at] * self.resolution;
                }
            }
        }
    }

    /// An amount in base units as a count with its fraction.
    #[inline(always)]
    pub fn exact(self, amount: f64) -> f64 {
        match self.per_unit {
            Some(per_unit) => amount * per_unit,
            None => amount / self.resolution,
        }
    }

    /// Amounts in base units as whole counts, each the nearest, of two the even one.
    #[inline(always)]
    pub(crate) fn row_to_counts<const L: usize>(self, amounts: &[f64; L]) -> [f64; L] {
        let mut counts = [0.0; L];
        match self.per_unit {
            Some(per_unit) => {
                for at in 0..L {
                    counts[at] = nearest(amounts[at] * per_unit);
                }
            }
            None => {
                for at in 0..L {
                    counts[at] = nearest(amounts[at] / self.resolution);
                }
            }
        }
        counts
    }

    /// How many of these make one of `other`: exactly 1 for equals.
    pub(crate) fn per(self, other: Grain) -> f64 {
        if self.resolution == other.resolution {
            return 1.0;
        }
        self.exact(other.to_base(1.0))
    }

    /// An amount in base units, its whole part exactly: a stated thousand is a thousand. `None`
    /// for what is not below `limit`.
    pub(crate) fn whole(self, value: f64, limit: f64) -> Option<i128> {
        let Some(per_unit) = self.per_unit else {
            let count = (value / self.resolution).round();
            return (count.abs() < limit).then_some(count as i128);
        };
        let rest = (value.fract() * per_unit).round() as i128;
        let fits = (value * per_unit).abs() < limit;
        fits.then(|| value.trunc() as i128 * per_unit as i128 + rest)
    }
}

/// The nearest whole number, of two the even one: what the processor's own rounding gives, but
/// in operations that every processor has for whole vectors.
#[inline(always)]
pub(crate) fn nearest(value: f64) -> f64 {
    /// From 2⁵² on every double is whole.
    const WHOLE: f64 = 4_503_599_627_370_496.0;
    let size = value.abs();
    let near = (size + WHOLE) - WHOLE;
    let near = if size < WHOLE { near } else { size };
    near.copysign(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nearest_is_the_processors_own() {
        let mut values = vec![
            0.0,
            0.5,
            1.5,
            2.5,
            0.49999999999999994,
            4503599627370495.5,
            1e300,
        ];
        let mut state = 1u64;
        for _ in 0..10_000 {
            state = state.wrapping_mul(6364136223846793005).wrapping_add(1);
            values.push((state >> 40) as f64 / 8.0);
            values.push((state >> 10) as f64 / 4.0);
        }
        for value in values {
            assert_eq!(
                nearest(value).to_bits(),
                value.round_ties_even().to_bits(),
                "{value}"
            );
            assert_eq!(
                nearest(-value).to_bits(),
                (-value).round_ties_even().to_bits()
            );
        }
        assert!(nearest(f64::NAN).is_nan() && nearest(f64::INFINITY) == f64::INFINITY);
    }

    #[test]
    fn a_count_and_its_amount_are_one_number() {
        for resolution in [0.01, 1e-12, 1.0, 10.0, 1e-6] {
            let grain = Grain::new(resolution);
            for count in [0.0, 1.0, 3.0, 12345.0, 8e15] {
                assert_eq!(grain.row_to_counts(&[grain.to_base(count)]), [count]);
            }
        }
        assert_eq!(Grain::new(0.01).whole(1000.0, 1e35), Some(100_000));
        assert_eq!(Grain::new(1e-12).whole(1e15, 1e35), Some(10i128.pow(27)));
        assert_eq!(Grain::new(1e-12).whole(1e30, 1e35), None);
        assert_eq!(Grain::new(1e-12).per(Grain::new(0.01)), 1e10);
    }
}
