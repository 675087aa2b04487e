//! What many runs say together: the median of a path and the bands around it.

use std::collections::BTreeMap;

/// The paths of one quantity over many runs, by the number of the draw.
#[derive(Clone, Debug, Default)]
pub struct Fan {
    paths: BTreeMap<u32, Vec<f64>>,
}

/// The spread of a quantity in one period. Shares of runs, not probabilities of the world.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Band {
    pub median: f64,
    /// Half of the runs lie inside.
    pub half: (f64, f64),
    /// Nine in ten lie inside.
    pub ninety: (f64, f64),
    pub range: (f64, f64),
    /// Runs that have a value here.
    pub runs: usize,
}

impl Fan {
    pub fn add(&mut self, draw: u32, path: Vec<f64>) {
        self.paths.insert(draw, path);
    }

    /// Deviations from a base, draw by draw: the same draw has the same inputs in both. Draws
    /// that only one of them has are left out.
    pub fn less(&self, base: &Fan) -> Fan {
        self.against(base, |own, base| own - base)
    }

    /// The same in percent of the base; none where the base is zero.
    pub fn percent_of(&self, base: &Fan) -> Fan {
        self.against(base, |own, base| match base {
            0.0 => f64::NAN,
            _ => 100.0 * (own - base) / base.abs(),
        })
    }

    fn against(&self, base: &Fan, apart: impl Fn(f64, f64) -> f64) -> Fan {
        let pairs = self.paths.iter().filter_map(|(draw, path)| {
            let other = base.paths.get(draw)?;
            let pairs = path.iter().zip(other);
            let apart = pairs.map(|(own, base)| apart(*own, *base));
            Some((*draw, apart.collect()))
        });
        Fan {
            paths: pairs.collect(),
        }
    }

    /// How many draws there are.
    pub fn len(&self) -> usize {
        self.paths.len()
    }

    pub fn is_empty(&self) -> bool {
        self.paths.is_empty()
    }

    /// The longest path's number of rows.
    pub fn rows(&self) -> usize {
        self.paths.values().map(Vec::len).max().unwrap_or(0)
    }

    /// The spread in a row; `None` where no run has a value.
    pub fn at(&self, row: usize) -> Option<Band> {
        let values = self
            .paths
            .values()
            .filter_map(|path| path.get(row).copied());
        band(values.collect())
    }
}

/// The spread of some values; those that are none are left out.
pub fn band(mut values: Vec<f64>) -> Option<Band> {
    values.retain(|value| value.is_finite());
    values.sort_by(f64::total_cmp);
    let (low, high) = (*values.first()?, *values.last()?);
    let of = |share| quantile(&values, share);
    Some(Band {
        median: of(0.5),
        half: (of(0.25), of(0.75)),
        ninety: (of(0.05), of(0.95)),
        range: (low, high),
        runs: values.len(),
    })
}

/// Linear between the two nearest of the sorted values (Hyndman and Fan 1996, type 7).
fn quantile(sorted: &[f64], share: f64) -> f64 {
    let place = share * (sorted.len() - 1) as f64;
    let below = place.floor() as usize;
    let above = (below + 1).min(sorted.len() - 1);
    sorted[below] + (place - below as f64) * (sorted[above] - sorted[below])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bands_of_known_values() {
        let mut fan = Fan::default();
        (0..=100)
            .rev()
            .for_each(|value| fan.add(value, vec![f64::from(value)]));
        fan.add(101, vec![f64::NAN, 7.0]);
        let band = fan.at(0).expect("values");
        assert_eq!((band.median, band.half), (50.0, (25.0, 75.0)));
        assert_eq!((band.ninety, band.range), ((5.0, 95.0), (0.0, 100.0)));
        assert_eq!(
            (band.runs, fan.at(1).expect("one").median, fan.rows()),
            (101, 7.0, 2)
        );
        assert_eq!(fan.at(2), None);
    }
    #[test]
    fn deviations_are_taken_draw_by_draw() {
        let (mut base, mut other) = (Fan::default(), Fan::default());
        for draw in 0..5 {
            base.add(draw, vec![f64::from(draw) * 100.0]);
            other.add(draw, vec![f64::from(draw) * 100.0 + 1.0]);
        }
        other.add(9, vec![5.0]);
        let band = other.less(&base).at(0).expect("values");
        assert_eq!((band.range, band.runs), ((1.0, 1.0), 5));
        let percent = other.percent_of(&base).at(0).expect("values");
        assert_eq!((percent.range, percent.runs), ((0.25, 1.0), 4));
    }
}
