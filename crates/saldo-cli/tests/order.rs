//! The order of declarations says nothing: a text whose declarations are shuffled is the same
//! economy, to the last bit and the last unit.

mod common;

use common::economy::text;
use common::{model, plan_and_run};
use proptest::collection::vec;
use proptest::prelude::*;
use saldo_engine::{Stop, Trace};
use saldo_model::ir::Model;
use std::collections::BTreeMap;

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 150,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn shuffled_economies_are_the_same(list in vec(any::<u16>(), 0..160), seed in any::<u64>()) {
        let text = text(&list);
        let other = shuffled(&text, seed);
        prop_assert_eq!(outcome(&text), outcome(&other), "{}\n{}", text, other);
    }
}

/// A family, a circle, two flows that wait for the same third, and rounding that hurts.
#[test]
fn the_order_of_lines_inside_blocks_says_nothing() {
    const TEXT: &str = "model tills\ntime yearly from 1 to 6\nunit usd : money to 1\n\
        sector state\nsector mine\nsector miners\n\
        instrument cash [usd] { issued by state held by mine, miners }\n\
        x = 3.3 usd/year + 0.3 * y\ny = 7.1 usd/year + 0.2 * z\nz = 0.7 * x + 0.1 * y\n\
        flows in cash {\n\
        a : miners -> state = 0.335 * opening miners.cash / period\n\
        b : miners -> mine = 0.335 * opening miners.cash / period\n\
        c : miners -> state = 0.33 * opening miners.cash / period\n\
        income : state -> mine = x\n\
        taxes : mine -> state = 4 usd/year until closing mine.cash == 0\n\
        wages : mine -> miners = 5 usd/year until closing mine.cash == 0 after taxes\n\
        rent : mine -> miners = 3 usd/year until closing mine.cash == 0 after taxes\n}\n\
        start {\nmine.cash = 5 usd\nminers.cash = 1 usd\n}\n";
    let told = outcome(TEXT);
    assert!(!told.contains_key("stopped"), "{told:?}");
    for seed in 0..60 {
        let other = shuffled(TEXT, seed);
        assert_eq!(told, outcome(&other), "{other}");
    }
}

/// Every number of a run by the name of what it is, as bits and units.
fn outcome(text: &str) -> BTreeMap<String, String> {
    match model(text) {
        Ok(model) => numbers(&model, &plan_and_run(&model)),
        Err(mut problems) => {
            problems.sort();
            let ids: Vec<&str> = problems
                .iter()
                .filter_map(|it| it.split(':').next())
                .collect();
            BTreeMap::from([("refused".to_string(), ids.join(" "))])
        }
    }
}

fn numbers(model: &Model, trace: &Trace) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let mut put = |name: String, value: String| {
        let known = found.insert(name.clone(), value);
        assert!(known.is_none(), "two of {name}");
    };
    let legs: usize = model.flows.iter().map(|flow| flow.legs.len()).sum();
    for row in 0..=trace.completed {
        for (at, var) in model.vars.iter().enumerate() {
            let value = trace.vars[row * trace.width + at].to_bits();
            put(format!("{} in {row}", var.name), format!("{value:x}"));
        }
        for (at, account) in model.accounts.iter().enumerate() {
            let units = trace.positions[row * model.accounts.len() + at];
            put(
                format!("balance {} in {row}", account.name),
                units.to_string(),
            );
        }
        let mut places = row * legs..;
        for flow in &model.flows {
            let units: Vec<i128> = places
                .by_ref()
                .take(flow.legs.len())
                .map(|at| trace.postings[at])
                .collect();
            put(
                format!("posting {} in {row}", flow.name),
                format!("{units:?}"),
            );
        }
    }
    if let Some(stop) = &trace.stop {
        put("stopped".into(), named(model, stop));
    }
    found
}

/// A stop without the numbers that things have inside a model.
fn named(model: &Model, stop: &Stop) -> String {
    match stop {
        Stop::Overdraft {
            account,
            period,
            closing,
            ..
        }
        | Stop::TillNotEmpty {
            account,
            period,
            closing,
            ..
        } => {
            format!("{} {period} {closing}", model.accounts[account.at()].name)
        }
        Stop::Negative {
            flow,
            period,
            amount,
        } => format!("{} {period} {amount}", model.flows[flow.at()].name),
        Stop::NoSolution {
            period,
            worst,
            residual,
            lines,
        } => {
            let mut lines: Vec<&str> = lines
                .iter()
                .map(|line| &*model.vars[line.at()].name)
                .collect();
            lines.sort();
            format!(
                "{} {period} {residual} {lines:?}",
                model.vars[worst.at()].name
            )
        }
        other => format!("{other:?}"),
    }
}

/// Declarations in another order, and the lines inside `flows` and `start` too.
fn shuffled(text: &str, seed: u64) -> String {
    let mut declarations = declarations(text);
    let mut state = seed;
    let mut below = move |many: usize| {
        state = state
            .wrapping_mul(6364136223846793005)
            .wrapping_add(1442695040888963407);
        (state >> 33) as usize % many
    };
    for declaration in &mut declarations {
        let inside = declaration.len().saturating_sub(1);
        let opens = declaration[0].starts_with("flows") || declaration[0].starts_with("start");
        if opens && inside > 1 {
            (2..inside).for_each(|at| declaration.swap(at, 1 + below(at)));
        }
    }
    // The name of the model stands first.
    let count = declarations.len();
    (2..count).for_each(|at| declarations.swap(at, 1 + below(at)));
    let lines: Vec<&str> = declarations.into_iter().flatten().collect();
    lines.join("\n") + "\n"
}

/// The lines of each declaration.
fn declarations(text: &str) -> Vec<Vec<&str>> {
    let mut found: Vec<Vec<&str>> = Vec::new();
    let mut depth = 0;
    for line in text.lines().filter(|line| !line.trim().is_empty()) {
        match found.last_mut() {
            Some(last) if depth > 0 => last.push(line),
            _ => found.push(vec![line]),
        }
        depth += line.matches('{').count() as i32 - line.matches('}').count() as i32;
    }
    found
}
