//! Would somebody who knows no model have done as well?
//!
//! Both rivals know what the model knows: the start. *No change* keeps the first observed value;
//! *constant growth* continues the step between the first two. They are judged on the values
//! from the third on, by the mean absolute gap as a share of the observed value.

use crate::score::Row;

/// Mean absolute gaps of a series; smaller is better.
#[derive(Clone, Debug, PartialEq)]
pub struct Benchmark {
    pub title: String,
    /// Values compared.
    pub points: usize,
    pub model: f64,
    pub no_change: f64,
    pub constant_growth: f64,
}

/// One benchmark for each observation with at least three values; `rows` as [`crate::score`]
/// gives them. A base year of an index counts as the value 100 before the first row.
pub fn benchmarks(rows: &[Row]) -> Vec<Benchmark> {
    rows.chunk_by(|a, b| a.observation == b.observation)
        .filter_map(benchmark)
        .collect()
}

fn benchmark(rows: &[Row]) -> Option<Benchmark> {
    let indexed = rows[0].unit.ends_with("= 100");
    let base = indexed.then_some(100.0);
    let known: Vec<f64> = base
        .into_iter()
        .chain(rows.iter().map(|row| row.observed))
        .take(2)
        .collect();
    let skip = if indexed { 1 } else { 2 };
    let judged = rows.get(skip..)?;
    if judged.is_empty() || known.len() < 2 {
        return None;
    }
    let step = known[1] / known[0];
    let grown = |at: usize| (0..=at).fold(known[1], |value, _| value * step);
    let mean = |guess: &dyn Fn(usize) -> f64| {
        let gaps = judged
            .iter()
            .enumerate()
            .map(|(at, row)| ((guess(at) - row.observed) / row.observed).abs());
        gaps.sum::<f64>() / judged.len() as f64
    };
    Some(Benchmark {
        title: rows[0].title.clone(),
        points: judged.len(),
        model: mean(&|at| judged[at].model),
        no_change: mean(&|_| known[0]),
        constant_growth: mean(&grown),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use saldo_model::ir::Purpose;

    fn rows(pairs: &[(f64, f64)], unit: &str) -> Vec<Row> {
        let row = |&(observed, model): &(f64, f64)| Row {
            observation: 0,
            title: "x".into(),
            unit: unit.into(),
            source: String::new(),
            purpose: Purpose::Fit,
            when: String::new(),
            periods: (1, 1),
            observed,
            model,
            within: 0.1,
        };
        pairs.iter().map(row).collect()
    }

    #[test]
    fn steady_growth_is_known_to_the_second_rival() {
        let all = benchmarks(&rows(&[(1.0, 1.0), (2.0, 2.0), (4.0, 3.0)], "t"));
        assert_eq!(all[0].points, 1);
        assert_eq!(all[0].model, 0.25);
        assert_eq!(all[0].no_change, 0.75);
        assert_eq!(all[0].constant_growth, 0.0);
    }

    #[test]
    fn the_base_of_an_index_is_known() {
        let all = benchmarks(&rows(&[(50.0, 60.0), (25.0, 30.0)], "1990 = 100"));
        assert_eq!(all[0].constant_growth, 0.0);
        assert_eq!(all[0].no_change, 3.0);
    }
}
