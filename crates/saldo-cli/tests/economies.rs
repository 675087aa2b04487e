//! Random economies: whatever is written, the books are exact in every period, the slow
//! evaluator confirms the run, and a run that stops says why.

mod common;

use common::economy::text;
use common::{model, plan_and_run};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use saldo_engine::Trace;
use saldo_engine::oracle::judge;
use saldo_ledger::Matrix;
use saldo_model::ir::*;
use saldo_study::{Tables, explain_stop};
use std::collections::BTreeMap;

/// What the checker may refuse: two flows that close one account say who is first, or not.
const REFUSED: [&str; 1] = ["two-untils"];
/// What may stop a run: a holder is short, two targets contradict each other, or an `until`
/// would run against its arrow.
const STOPPED: [&str; 3] = ["overdraft", "no-solution", "flow-negative"];

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 400,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn books_are_exact(list in vec(any::<u16>(), 0..160)) {
        examine(&text(&list));
    }
}

fn examine(text: &str) {
    let model = match model(text) {
        Ok(model) => model,
        Err(problems) => {
            let known = |told: &String| REFUSED.iter().any(|id| told.starts_with(id));
            assert!(problems.iter().all(known), "{problems:?}\n{text}");
            return;
        }
    };
    let trace = plan_and_run(&model);
    if trace.stop.is_some() {
        let told = explain_stop(&model, &trace).expect("a message");
        assert!(STOPPED.contains(&told.id), "{told:?}\n{text}");
    }
    for row in 0..=trace.completed {
        positions(&model, &trace, row, text);
        matrices(&model, &trace, row, text);
    }
    let verdict = judge(&model, &trace, 0, 0);
    assert_eq!(verdict.findings, [], "{text}");
    layout_says_nothing(&trace, text);
}

/// The customary layout of a text is the same economy, byte for byte.
fn layout_says_nothing(trace: &Trace, text: &str) {
    let laid_out = saldo_syntax::format::format(saldo_diag::FileId(0), text).expect("a layout");
    let again = common::model(&laid_out).expect("the same model");
    let again = plan_and_run(&again);
    assert_eq!(format!("{trace:?}"), format!("{again:?}"), "{laid_out}");
}

/// The property says nothing of economies that do not run: most of them must.
#[test]
fn most_economies_run_to_their_end() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let (mut whole, mut periods, mut settled) = (0, 0, 0);
    for _ in 0..100 {
        let list = vec(any::<u16>(), 0..160).new_tree(&mut runner);
        let text = text(&list.expect("a list").current());
        let Ok(model) = model(&text) else { continue };
        let trace = plan_and_run(&model);
        whole += usize::from(trace.stop.is_none());
        let verdict = judge(&model, &trace, 0, 0);
        periods += verdict.periods;
        settled += verdict.settled;
    }
    assert!(whole >= 75, "{whole} of 100 run to their end");
    assert!(
        settled * 100 >= periods * 98,
        "sweeps settle {settled} of {periods} periods"
    );
}

/// Opening plus postings, account by account, and nothing is held that nobody owes.
fn positions(model: &Model, trace: &Trace, row: usize, text: &str) {
    let count = model.accounts.len();
    let at = |row: usize| &trace.positions[row * count..(row + 1) * count];
    let legs: Vec<Leg> = model.flows.iter().flat_map(|f| f.legs.clone()).collect();
    let mut claims: BTreeMap<(InstrumentId, Option<SectorId>), i128> = BTreeMap::new();
    for (place, account) in model.accounts.iter().enumerate() {
        let id = AccountId(place as u32);
        if row > 0 {
            let posted = &trace.postings[row * legs.len()..(row + 1) * legs.len()];
            let moved = legs.iter().zip(posted).map(|(leg, units)| {
                units * (i128::from(leg.to == Some(id)) - i128::from(leg.from == Some(id)))
            });
            let moved: i128 = moved.sum();
            assert_eq!(
                at(row)[place],
                at(row - 1)[place] + moved,
                "{}\n{text}",
                account.name
            );
        }
        if account.role != Role::Issuer {
            assert!(at(row)[place] >= 0, "{} in row {row}\n{text}", account.name);
        }
        *claims
            .entry((account.instrument, account.issuer))
            .or_default() += at(row)[place];
    }
    for ((instrument, _), sum) in claims {
        let it = &model.instruments[instrument.at()];
        assert!(
            it.kind != Kind::Claim || sum == 0,
            "{} in row {row}\n{text}",
            it.name
        );
    }
}

/// Every row of claims and every column of flows is exactly zero; net worth is what joins two
/// balance sheets.
fn matrices(model: &Model, trace: &Trace, row: usize, text: &str) {
    let tables = Tables::new(model, trace, true);
    zero_rows(model, &tables.balance_sheet(row), text);
    if row == 0 {
        return;
    }
    let flows = tables.transactions_flow(row);
    zero_rows(model, &flows, text);
    let (_, columns, _) = flows.rows.last().expect("the sums");
    assert!(
        columns.iter().all(|sum| *sum == Some(0.0)),
        "{columns:?}\n{text}"
    );
    zero_rows(model, &tables.revaluation(row), text);
    let whole = tables.full_integration(row);
    zero_rows(model, &whole, text);
    for column in 0..whole.columns.len() {
        let cells: Vec<f64> = whole
            .rows
            .iter()
            .map(|row| row.1[column].unwrap_or(0.0))
            .collect();
        let (closing, parts) = cells.split_last().expect("closing net worth");
        let size = cells.iter().fold(0.0f64, |size, cell| size.max(cell.abs()));
        let sum: f64 = parts.iter().sum();
        assert!((closing - sum).abs() <= 1e-9 * size, "{whole:?}\n{text}");
    }
}

/// Rows whose other side exists: all but those of goods, and totals that contain them.
fn zero_rows(model: &Model, matrix: &Matrix, text: &str) {
    let goods: Vec<&str> = model
        .instruments
        .iter()
        .filter(|it| it.kind != Kind::Claim)
        .map(|it| &*it.name)
        .collect();
    let has_goods = |name: &str| {
        let own = name.rsplit(' ').next().unwrap_or(name);
        goods.contains(&own)
            || name.starts_with("work")
            || !goods.is_empty() && (name.contains("net"))
    };
    for (name, cells, sum) in &matrix.rows {
        assert!(
            has_goods(name) || *sum == 0.0,
            "{name}: {sum:e} {cells:?}\n{matrix:?}\n{text}"
        );
    }
}
