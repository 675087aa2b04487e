//! The name a user probably meant.

/// The nearest of `known` to a mistyped name, if one is near: one letter and a quarter of them
/// may differ (optimal string alignment distance: a swap counts once).
pub fn nearest<'a>(wanted: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let letters = wanted.chars().count();
    let most = (1 + letters / 4).min(letters.saturating_sub(1));
    known
        .map(|name| (distance(wanted, name), name))
        .filter(|(far, _)| *far <= most)
        .min()
        .map(|(_, name)| name)
}

fn distance(a: &str, b: &str) -> usize {
    let a: Vec<char> = a.to_lowercase().chars().collect();
    let b: Vec<char> = b.to_lowercase().chars().collect();
    let mut rows: Vec<Vec<usize>> = vec![(0..=b.len()).collect()];
    for i in 1..=a.len() {
        let mut row = vec![i];
        for j in 1..=b.len() {
            let swap = usize::from(a[i - 1] != b[j - 1]);
            let mut best = (rows[i - 1][j] + 1)
                .min(row[j - 1] + 1)
                .min(rows[i - 1][j - 1] + swap);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                best = best.min(rows[i - 2][j - 2] + 1);
            }
            row.push(best);
        }
        rows.push(row);
    }
    rows[a.len()][b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_swap_is_one_step_and_far_names_are_not_offered() {
        let known = ["consumption", "wages"];
        assert_eq!(
            nearest("consumpiton", known.into_iter()),
            Some("consumption")
        );
        assert_eq!(nearest("wage", known.into_iter()), Some("wages"));
        assert_eq!(nearest("output", known.into_iter()), None);
    }
}
