//! Does every equation hold at the run's numbers?

use super::slack::Slack;
use super::terms::sized;
use super::view::Run;
use super::{Finding, FindingKind, Place, RESIDUAL, Verdict};
use saldo_model::ir::*;

/// Certifies the lines and measures of one period.
pub fn period(run: &Run, period: usize, slack: &Slack, verdict: &mut Verdict) {
    let row = run.row(period);
    let view = run.at(period, row);
    for (at, var) in run.model.vars.iter().enumerate() {
        let line = VarId(at as u32);
        let (found, wanted, scale) = match var.def {
            Def::Is(node) => {
                let wanted = sized(run.model, &view, node);
                (row[at], wanted.value, wanted.scale.max(row[at].abs()))
            }
            Def::Solves { left, right } => {
                let [left, right] = [left, right].map(|node| sized(run.model, &view, node));
                (left.value, right.value, left.scale.max(right.scale))
            }
        };
        verdict.equations += 1;
        let miss = (found - wanted).abs();
        if miss <= RESIDUAL * 1e-3 * scale {
            verdict.residual.see(miss / scale, line, period);
            continue;
        }
        let allowed = slack.line[at] + slack.of(run, period, var.def);
        let beyond = (miss - allowed).max(0.0);
        verdict.residual.see(beyond / scale, line, period);
        let holds = beyond <= RESIDUAL * scale;
        if !holds {
            verdict.findings.push(Finding {
                period,
                place: Place::Line(line),
                kind: FindingKind::Equation,
                run: found,
                oracle: wanted,
            });
        }
    }
    measures(run, period, verdict);
}

/// Measures read what was posted, so nothing is allowed for.
fn measures(run: &Run, period: usize, verdict: &mut Verdict) {
    let count = run.model.measures.len();
    let view = run.at(period, run.row(period));
    for (at, measure) in run.model.measures.iter().enumerate() {
        let wanted = sized(run.model, &view, measure.value);
        let found = run.trace.measures[period * count + at];
        verdict.equations += 1;
        let same = found.to_bits() == wanted.value.to_bits()
            || found.is_nan() && wanted.value.is_nan()
            || (found - wanted.value).abs() <= RESIDUAL * wanted.scale;
        if !same {
            verdict.findings.push(Finding {
                period,
                place: Place::Measure(measure.name.to_string()),
                kind: FindingKind::Equation,
                run: found,
                oracle: wanted.value,
            });
        }
    }
}
