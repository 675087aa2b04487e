//! The slow evaluator confirms every model of the gallery, and sees every kind of defect that a
//! run could have.

mod common;

use common::{gallery, model, plan_and_run};
use saldo_engine::Trace;
use saldo_engine::oracle::{FindingKind, Verdict, judge};
use saldo_model::ir::Model;

#[test]
fn the_gallery_is_confirmed() {
    let mut seen = 0;
    for entry in std::fs::read_dir(common::root().join("models")).expect("models") {
        let name = entry.expect("an entry").file_name();
        let name = name.to_string_lossy();
        let model = gallery(&name);
        let verdict = judge(&model, &plan_and_run(&model), 0, 0);
        assert_eq!(verdict.findings, [], "{name}");
        assert_eq!(verdict.periods, model.calendar.len, "{name}");
        assert_eq!(
            verdict.equations,
            model.calendar.len * (model.vars.len() + model.measures.len()),
            "{name}"
        );
        assert_eq!(verdict.settled, verdict.periods, "{name}: sweeps");
        assert_eq!(verdict.unsettled, [], "{name}");
        assert!(verdict.disagreement.share < 1e-10, "{name}");
        seen += 1;
    }
    assert!(seen >= 14, "{seen} models");
}

/// A run of SIM with one number changed, judged.
fn spoiled(spoil: impl Fn(&Model, &mut Trace)) -> Verdict {
    let model = gallery("sim");
    let mut trace = plan_and_run(&model);
    spoil(&model, &mut trace);
    judge(&model, &trace, 0, 0)
}

fn kinds(verdict: &Verdict) -> Vec<FindingKind> {
    verdict
        .findings
        .iter()
        .map(|finding| finding.kind)
        .collect()
}

/// Place of a line in the row of the fifth period.
fn line(model: &Model, name: &str) -> usize {
    let at = model.vars.iter().position(|var| &*var.name == name);
    5 * model.vars.len() + at.expect("a line")
}

#[test]
fn an_equation_that_misses_by_a_millionth_is_seen() {
    let verdict = spoiled(|model, trace| trace.vars[line(model, "income")] *= 1.0 + 1e-6);
    assert!(kinds(&verdict).contains(&FindingKind::Equation));
    assert!(kinds(&verdict).contains(&FindingKind::OtherSolution));
}

#[test]
fn a_posting_that_is_not_its_line_is_seen() {
    let verdict = spoiled(|model, trace| trace.vars[line(model, "taxes")] += 1e-9);
    assert!(kinds(&verdict).contains(&FindingKind::Posting));
}

#[test]
fn one_unit_too_much_in_a_posting_is_seen() {
    let verdict = spoiled(|model, trace| trace.postings[5 * model.flows.len()] += 1);
    assert!(kinds(&verdict).contains(&FindingKind::Position));
    assert!(kinds(&verdict).contains(&FindingKind::Posting));
}

#[test]
fn one_unit_too_much_in_a_balance_is_seen() {
    let verdict = spoiled(|model, trace| trace.positions[5 * model.accounts.len()] += 1);
    let kinds = kinds(&verdict);
    assert!(kinds.contains(&FindingKind::Position));
    assert!(kinds.contains(&FindingKind::Claims));
}

/// Two equilibria: Newton stays where it starts, sweeps leave the one that repels them.
#[test]
fn a_second_solution_is_seen() {
    let model = model(
        "model two\ntime yearly from 1 to 3\nunit usd : money to 0.01\nsector a\nsector b\n\
         instrument cash [usd] { issued by a held by b }\n\
         flows in cash { pay : a -> b = 1 usd/year * odd }\n\
         odd = 0.2 * odd ^ 2 + 0.5 guess 4.4\nstart empty\n",
    );
    let model = model.expect("a model");
    let verdict = judge(&model, &plan_and_run(&model), 0, 0);
    assert_eq!(verdict.findings.len(), 6);
    let all = kinds(&verdict);
    assert!(all.iter().all(|kind| *kind == FindingKind::OtherSolution));
}

/// A circle that no sweep settles, damped or not, is said so; it is certified all the same.
#[test]
fn what_sweeps_cannot_settle_is_said() {
    let model = model(
        "model three\ntime yearly from 1 to 3\nunit usd : money to 0.01\nsector a\nsector b\n\
         instrument cash [usd] { issued by a held by b }\n\
         flows in cash { pay : a -> b = 1 usd/year * x }\n\
         x = 3 * y - 4 * z\ny = 3 * x - 4 * z\nz = opening z + 1\nstart {\n z = 1\n others empty\n}\n",
    );
    let model = model.expect("a model");
    let verdict = judge(&model, &plan_and_run(&model), 0, 0);
    assert_eq!((verdict.periods, verdict.settled), (3, 0));
    assert_eq!(verdict.findings, []);
    let name = |(line, periods): &(saldo_model::ir::VarId, usize)| {
        (model.vars[line.at()].name.to_string(), *periods)
    };
    let unsettled: Vec<_> = verdict.unsettled.iter().map(name).collect();
    for circle in ["pay", "x", "y"] {
        assert!(unsettled.contains(&(circle.into(), 3)), "{unsettled:?}");
    }
    assert!(!unsettled.iter().any(|(name, _)| name == "z"));
}
