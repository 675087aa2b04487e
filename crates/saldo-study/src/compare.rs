//! Two runs side by side.

/// In what terms a scenario is compared with its base.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compare {
    /// The scenario's own value.
    Level,
    /// Scenario less base, in the quantity's unit.
    Deviation,
    /// Deviation in percent of the base; NaN where the base is zero.
    Percent,
    /// Deviation of a share in percentage points.
    Points,
}

impl Compare {
    pub fn of(self, base: f64, scenario: f64) -> f64 {
        match self {
            Compare::Level => scenario,
            Compare::Deviation => scenario - base,
            Compare::Percent if base == 0.0 => f64::NAN,
            Compare::Percent => 100.0 * (scenario - base) / base.abs(),
            Compare::Points => 100.0 * (scenario - base),
        }
    }

    /// The unit of the result, for a quantity in `unit`.
    pub fn unit(self, unit: &str) -> String {
        match self {
            Compare::Level | Compare::Deviation => unit.to_string(),
            Compare::Percent => "%".into(),
            Compare::Points => "percentage points".into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Compare::*;

    #[test]
    fn each_term_means_what_its_name_says() {
        assert_eq!(Level.of(4.0, 5.0), 5.0);
        assert_eq!(Deviation.of(4.0, 5.0), 1.0);
        assert_eq!(Percent.of(4.0, 5.0), 25.0);
        assert_eq!(Percent.of(-4.0, -5.0), -25.0);
        assert_eq!(Points.of(0.25, 0.5), 25.0);
        assert!(Percent.of(0.0, 1.0).is_nan());
    }
}
