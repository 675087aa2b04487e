//! Random banks: whatever their customers pay each other, reserves only change hands, each bank
//! owes what its customers have, and every table of the books is zero to the unit.

mod common;

use common::{model, plan_and_run};
use proptest::collection::vec;
use proptest::prelude::*;
use saldo_engine::oracle::judge;
use saldo_model::ir::*;
use saldo_study::{Tables, explain_stop};
use std::fmt::Write;

/// What may stop a run.
const STOPPED: [&str; 1] = ["overdraft"];

/// Who pays or is paid, by number: customers first, then banks, then the state.
fn party(at: usize, banks: usize) -> String {
    match at {
        _ if at < banks => format!("people[b{at}]"),
        _ if at < 2 * banks => format!("firms[b{}]", at - banks),
        _ if at < 3 * banks => format!("banks[b{}]", at - 2 * banks),
        _ => "state".into(),
    }
}

/// An economy of some banks, two customers of each, a state without a bank, and these payments.
fn text(banks: usize, payments: &[(usize, usize, u32, bool)]) -> String {
    let names: Vec<String> = (0..banks).map(|at| format!("b{at}")).collect();
    let mut text = format!(
        "model banks\ntime yearly from 1 to 6\nunit usd : money to 0.01\nset bank {{ {} }}\n\
         sector banks over bank\nsector people over bank\nsector firms over bank\nsector state\nsector central_bank\n\
         instrument reserves [usd] {{ issued by central_bank held by banks, state }}\n\
         instrument deposits [usd] {{ issued by banks held by people, firms through banks settles in reserves }}\n\
         flows in deposits {{\n",
        names.join(", ")
    );
    for (at, (from, to, amount, share)) in payments.iter().enumerate() {
        let (from, to) = (from % (3 * banks + 1), to % (3 * banks + 1));
        // Among banks and the state only reserves move, and nobody pays itself.
        if from == to || from.min(to) >= 2 * banks {
            continue;
        }
        let payer = party(from, banks);
        let amount = match *share && from < 2 * banks {
            true => format!("{}% per year * opening {payer}.deposits", amount % 40),
            false => format!("{}.{:02} usd/year", amount / 700, amount % 97),
        };
        let _ = writeln!(text, "  f{at} : {payer} -> {} = {amount}", party(to, banks));
    }
    text += "}\nstart {\n";
    for at in 0..banks {
        let _ = writeln!(text, "  people[b{at}].deposits = {}.07 usd", 200 + 31 * at);
        let _ = writeln!(text, "  firms[b{at}].deposits = {}.5 usd", 90 + 17 * at);
        let _ = writeln!(text, "  banks[b{at}].reserves = {}.33 usd", 400 - 29 * at);
    }
    text + "  state.reserves = 300 usd\n}\n"
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 200,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn reserves_only_change_hands(
        banks in 2usize..5,
        payments in vec((0usize..13, 0usize..13, 0u32..40_000, any::<bool>()), 1..25),
    ) {
        let text = text(banks, &payments);
        let model = model(&text).unwrap_or_else(|problems| panic!("{problems:?}\n{text}"));
        let trace = plan_and_run(&model);
        if trace.stop.is_some() {
            let told = explain_stop(&model, &trace).expect("a message");
            prop_assert!(STOPPED.contains(&told.id), "{told:?}\n{text}");
        }
        for row in 0..=trace.completed {
            books(&model, &trace.positions[row * model.accounts.len()..], &text);
            let mut tables = Tables::new(&model, &trace, true);
            for matrix in tables.all(row) {
                for (name, cells, sum) in &matrix.rows {
                    let gaps = cells.iter().flatten().filter(|_| name == "Σ");
                    for cell in gaps.chain([sum]) {
                        prop_assert_eq!(*cell, 0.0, "{} in row {}\n{}", name, row, text);
                    }
                }
            }
        }
        let verdict = judge(&model, &trace, 0, 0);
        prop_assert_eq!(verdict.findings, [], "{}", text);
    }
}

/// Reserves in all, and each bank's customers against the bank, in whole units.
fn books(model: &Model, positions: &[i128], text: &str) {
    let of = |keep: &dyn Fn(&Account) -> bool| -> i128 {
        let accounts = model.accounts.iter().zip(positions);
        accounts
            .filter(|(account, _)| keep(account))
            .map(|(_, units)| units)
            .sum()
    };
    let named = |name: &str| {
        let found = model.instruments.iter().position(|it| &*it.name == name);
        InstrumentId(found.expect("an instrument") as u32)
    };
    let (reserves, deposits) = (named("reserves"), named("deposits"));
    let held = of(&|it| it.instrument == reserves && it.role == Role::Holder);
    let stated = of(&|it| it.instrument == reserves && it.role == Role::Issuer);
    let opened: i128 = (0..model.sectors.len() as i128)
        .take(
            model
                .sectors
                .iter()
                .filter(|it| &*it.family == "banks")
                .count(),
        )
        .map(|at| (400 - 29 * at) * 100 + 33)
        .sum();
    assert_eq!(
        (held, stated),
        (opened + 30_000, -opened - 30_000),
        "{text}"
    );
    for (at, sector) in model.sectors.iter().enumerate() {
        if &*sector.family == "banks" {
            let bank = SectorId(at as u32);
            let strand = of(&|it| it.instrument == deposits && it.issuer == Some(bank));
            let owed = of(&|it| it.instrument == deposits && it.sector == bank);
            assert_eq!(strand, 0, "{text}");
            assert!(owed <= 0, "{text}");
        }
    }
}
