//! What many runs say together: the median of a path and the bands around it.

/// The paths of one quantity over many runs.
#[derive(Clone, Debug, Default)]
pub struct Fan {
    paths: Vec<Vec<f64>>,
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
    pub fn add(&mut self, path: Vec<f64>) {
        self.paths.push(path);
    }

    pub fn is_empty(&self) -> bool {
        self.paths.is_empty()
    }

    /// The longest path's number of rows.
    pub fn rows(&self) -> usize {
        self.paths.iter().map(Vec::len).max().unwrap_or(0)
    }

    /// The spread in a row; `None` where no run has a value.
    pub fn at(&self, row: usize) -> Option<Band> {
        let values = self.paths.iter().filter_map(|path| path.get(row).copied());
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
            .for_each(|value| fan.add(vec![f64::from(value)]));
        fan.add(vec![f64::NAN, 7.0]);
        let band = fan.at(0).expect("values");
        assert_eq!((band.median, band.half), (50.0, (25.0, 75.0)));
        assert_eq!((band.ninety, band.range), ((5.0, 95.0), (0.0, 100.0)));
        assert_eq!(
            (band.runs, fan.at(1).expect("one").median, fan.rows()),
            (101, 7.0, 2)
        );
        assert_eq!(fan.at(2), None);
    }
}
