//! Rival explanations: every combination of the alternatives that a model leaves open.

use saldo_diag::Diagnostic;
use saldo_model::Symbol;

/// More combinations than this are refused: nobody reads them side by side.
const MOST: usize = 64;

/// One alternative of each choice: (choice, alternative).
pub type Combination = Vec<(String, String)>;

/// All combinations of the choices that were not settled, the one a single run takes first.
pub fn combinations(
    choices: &[(Symbol, Vec<Symbol>)],
    settled: &[(String, String)],
) -> Result<Vec<Combination>, Diagnostic> {
    let open = choices
        .iter()
        .filter(|(name, _)| !settled.iter().any(|(other, _)| *other == **name));
    let mut all = vec![Combination::new()];
    for (choice, members) in open {
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
            .help("settle some of them:  --choose CHOICE=NAME"));
        }
    }
    Ok(all)
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
        let labels = |settled: &[(String, String)]| -> Vec<String> {
            let all = combinations(&choices, settled).expect("few");
            all.iter().map(label).collect()
        };
        assert_eq!(labels(&[]), ["a=x b=u", "a=x b=v", "a=y b=u", "a=y b=v"]);
        assert_eq!(labels(&[("a".into(), "y".into())]), ["b=u", "b=v"]);
        let many: Vec<_> = (0..7)
            .map(|at| (format!("c{at}").into(), vec!["x".into(), "y".into()]))
            .collect();
        assert_eq!(combinations(&many, &[]).unwrap_err().id, "choices-many");
    }
}
