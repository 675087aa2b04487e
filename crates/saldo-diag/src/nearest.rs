//! The name a user probably meant.

/// The nearest of `known` to a mistyped name, if one is near: one letter and a quarter of them
/// may differ (optimal string alignment distance: a swap counts once).
pub fn nearest<'a>(wanted: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let letters = wanted.chars().count();
    let most = (1 + letters / 4).min(letters.saturating_sub(1));
    let mut pair = Pair::default();
    lower(wanted, &mut pair.a);
    known
        .filter_map(|name| {
            lower(name, &mut pair.b);
            Some((pair.distance(most)?, name))
        })
        .min()
        .map(|(_, name)| name)
}

fn lower(name: &str, letters: &mut Vec<char>) {
    letters.clear();
    letters.extend(name.chars().flat_map(char::to_lowercase));
}

/// Two names and the last three rows of their table. A model may have many thousand names, and
/// each may be asked for: nothing is allocated for a pair, and most pairs end at their lengths.
#[derive(Default)]
struct Pair {
    a: Vec<char>,
    b: Vec<char>,
    rows: [Vec<usize>; 3],
}

impl Pair {
    /// How many letters differ, if no more than `most`.
    fn distance(&mut self, most: usize) -> Option<usize> {
        if self.a.len().abs_diff(self.b.len()) > most {
            return None;
        }
        let [before, above, row] = &mut self.rows;
        above.clear();
        above.extend(0..=self.b.len());
        for i in 1..=self.a.len() {
            row.clear();
            row.push(i);
            for j in 1..=self.b.len() {
                let swap = usize::from(self.a[i - 1] != self.b[j - 1]);
                let mut best = (above[j] + 1).min(row[j - 1] + 1).min(above[j - 1] + swap);
                let crossed = i > 1
                    && j > 1
                    && self.a[i - 1] == self.b[j - 2]
                    && self.a[i - 2] == self.b[j - 1];
                if crossed {
                    best = best.min(before[j - 2] + 1);
                }
                row.push(best);
            }
            if row.iter().all(|far| *far > most) {
                return None;
            }
            std::mem::swap(before, above);
            std::mem::swap(above, row);
        }
        Some(above[self.b.len()]).filter(|far| *far <= most)
    }
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
        assert_eq!(nearest("WAGSE", known.into_iter()), Some("wages"));
        assert_eq!(nearest("", known.into_iter()), None);
        assert_eq!(nearest("x", ["y"].into_iter()), None);
    }
}
