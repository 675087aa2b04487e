//! Claims with their speaker, beside what the model says.

use crate::gather::gathered;
use crate::score::when;
use saldo_engine::Trace;
use saldo_model::ir::{ClaimText, Gather, Model};

/// How a claim fares in this run.
#[derive(Clone, Debug, PartialEq)]
pub enum Verdict {
    /// The model has no quantity for it: recorded only.
    Unscored,
    /// The run ended before the claim's date.
    NotReached,
    /// The model's value and the claimed one; whether they agree within the claim's band.
    Scored {
        model: f64,
        claimed: f64,
        agrees: bool,
    },
}

#[derive(Clone, Debug, PartialEq)]
pub struct ClaimRow {
    pub name: String,
    pub statement: String,
    pub speaker: String,
    pub when: String,
    /// Why a checker should be careful with it.
    pub caution: Option<String>,
    /// What a model must have before this can be compared.
    pub needs: Option<String>,
    pub verdict: Verdict,
}

/// All claims of the evidence files, in the order of the text.
pub fn claims(model: &Model, trace: &Trace) -> Vec<ClaimRow> {
    model
        .claims
        .iter()
        .map(|it| row(model, trace, it))
        .collect()
}

/// What the claims without a quantity would need, the most frequent first, with how many need it.
pub fn needs<'r>(needs: impl Iterator<Item = &'r str>) -> Vec<(&'r str, usize)> {
    let mut counted: Vec<(&str, usize)> = Vec::new();
    for need in needs {
        match counted.iter_mut().find(|(name, _)| *name == need) {
            Some((_, count)) => *count += 1,
            None => counted.push((need, 1)),
        }
    }
    counted.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    counted
}

fn row(model: &Model, trace: &Trace, claim: &ClaimText) -> ClaimRow {
    ClaimRow {
        name: claim.name.to_string(),
        statement: claim.statement.to_string(),
        speaker: claim.speaker.to_string(),
        when: claim
            .periods
            .map_or(String::new(), |span| when(model, span)),
        caution: claim.caution.as_ref().map(ToString::to_string),
        needs: claim.needs.as_ref().map(ToString::to_string),
        verdict: verdict(model, trace, claim),
    }
}

fn verdict(model: &Model, trace: &Trace, claim: &ClaimText) -> Verdict {
    let Some((left, right, within)) = claim.sides else {
        return Verdict::Unscored;
    };
    let last = trace.completed as i64;
    let span = claim.periods.unwrap_or((last, last));
    let side = |show| gathered(model, trace, show, span, Gather::Mean);
    match (side(left), side(right)) {
        (Some(model), Some(claimed)) => Verdict::Scored {
            model,
            claimed,
            agrees: (model - claimed).abs() <= within * claimed.abs(),
        },
        _ => Verdict::NotReached,
    }
}

#[cfg(test)]
mod tests {
    use super::needs;

    #[test]
    fn what_is_needed_most_comes_first() {
        let wanting = ["mines", "people", "people", "mines", "people"];
        assert_eq!(needs(wanting.into_iter()), [("people", 3), ("mines", 2)]);
    }
}
