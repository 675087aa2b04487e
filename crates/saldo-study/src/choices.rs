//! Rival explanations: every combination of the alternatives that a model leaves open.

use saldo_diag::Diagnostic;
use saldo_model::Symbol;

/// More combinations than this are refused: nobody reads them side by side.
const MOST: usize = 64;

/// One alternative of each choice: (choice, alternative).
pub type Combination = Vec<(String, String)>;

/// The choices of a model with their alternatives, the one a run takes first.
type Choices = [(Symbol, Vec<Symbol>)];

/// The choices for which nobody has said which rival to follow.
fn open<'a>(
    choices: &'a Choices,
    settled: &'a [Symbol],
) -> impl Iterator<Item = &'a (Symbol, Vec<Symbol>)> {
    choices.iter().filter(|(name, _)| !settled.contains(name))
}

/// All combinations of the choices that were not settled, the one a single run takes first.
pub fn combinations(choices: &Choices, settled: &[Symbol]) -> Result<Vec<Combination>, Diagnostic> {
    let mut all = vec![Combination::new()];
    for (choice, members) in open(choices, settled) {
        let longer = |so_far: &Combination| {
            let so_far = so_far.clone();
            members.iter().map(move |member| {
                let mut longer = so_far.clone();
                longer.push((choice.to_string(), member.to_string()));
                longer
            })
        };
        all = all.iter().flat_map(longer).collect();
        if all.len() > MOST {
            return Err(Diagnostic::error(
                "choices-many",
                format!("more than {MOST} combinations of rivals"),
            )
            .why("Side by side is only worth something if somebody can read it.")
            .help("put in one rival at a time:  --choices each")
            .help("or settle some of the choices:  --choose CHOICE=NAME"));
        }
    }
    Ok(all)
}

/// What a single run takes, then each rival that it does not take, alone.
pub fn one_at_a_time(choices: &Choices, settled: &[Symbol]) -> Vec<Combination> {
    let others = |(choice, members): &(Symbol, Vec<Symbol>)| {
        let alone = |member: &Symbol| vec![(choice.to_string(), member.to_string())];
        members.iter().skip(1).map(alone).collect::<Vec<_>>()
    };
    let taken = std::iter::once(Combination::new());
    taken
        .chain(open(choices, settled).flat_map(others))
        .collect()
}

/// `output_fall=demand arrears=norm`; `as written` where nothing was open.
pub fn label(combination: &Combination) -> String {
    if combination.is_empty() {
        return "as written".into();
    }
    let words: Vec<String> = combination
        .iter()
        .map(|(choice, member)| format!("{choice}={member}"))
        .collect();
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_named_come_first_and_settled_ones_are_left_out() {
        let choices = [
            ("a".into(), vec!["x".into(), "y".into()]),
            ("b".into(), vec!["u".into(), "v".into()]),
        ];
        let labels = |settled: &[Symbol]| -> Vec<String> {
            let all = combinations(&choices, settled).expect("few");
            all.iter().map(label).collect()
        };
        assert_eq!(labels(&[]), ["a=x b=u", "a=x b=v", "a=y b=u", "a=y b=v"]);
        assert_eq!(labels(&["a".into()]), ["b=u", "b=v"]);
        let many: Vec<_> = (0..7)
            .map(|at| (format!("c{at}").into(), vec!["x".into(), "y".into()]))
            .collect();
        assert_eq!(combinations(&many, &[]).unwrap_err().id, "choices-many");
    }

    #[test]
    fn each_rival_alone_follows_what_a_run_takes() {
        let choices = [
            ("a".into(), vec!["x".into(), "y".into(), "z".into()]),
            ("b".into(), vec!["u".into(), "v".into()]),
        ];
        let labels = |settled: &[Symbol]| -> Vec<String> {
            one_at_a_time(&choices, settled).iter().map(label).collect()
        };
        assert_eq!(labels(&[]), ["as written", "a=y", "a=z", "b=v"]);
        assert_eq!(labels(&["a".into()]), ["as written", "b=v"]);
    }
}
