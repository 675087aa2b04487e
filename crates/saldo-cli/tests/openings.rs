//! Openings as printed in published codes, most of which do not balance: each row of claims is
//! imported as a total with its parts, and refused with its exact gap unless there is none.

mod common;

use common::{model, plan_and_run};
use std::collections::BTreeMap;

/// A decimal number in units of 1e-14, exactly.
fn exact(text: &str) -> i128 {
    let (sign, text) = text.strip_prefix('-').map_or((1, text), |text| (-1, text));
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    assert!(part.len() <= 14, "{text}");
    sign * format!("{whole}{part:0<14}")
        .parse::<i128>()
        .expect("a decimal")
}

fn read(name: &str) -> Vec<csv::StringRecord> {
    let place = common::root().join("tests/reference").join(name);
    let mut reader = csv::Reader::from_path(place).expect("a table");
    reader.records().map(|row| row.expect("a row")).collect()
}

/// `Bs - Bh - Bcb` as the total and its parts; other shapes (products, sums of debts) are none.
fn terms(identity: &str) -> Option<(&str, Vec<&str>)> {
    let mut parts = identity.split(" - ");
    let total = parts.next()?;
    let plain = |term: &str| term.chars().all(char::is_alphanumeric);
    let parts: Vec<&str> = parts.collect();
    (plain(total) && parts.iter().all(|part| plain(part))).then_some((total, parts))
}

/// One holder whose claim on several debtors is stated as a total and in parts.
fn economy(total: &str, parts: &[&str]) -> String {
    let split: Vec<String> = (0..2)
        .map(|at| format!("debtor{at} {} usd", parts.get(at).unwrap_or(&"0")))
        .collect();
    format!(
        "model opening\ntime yearly from 1 to 1\nunit usd : money to 1e-9\nsector holder\nsector debtor0\n\
         sector debtor1\ninstrument claim [usd] {{ issued by debtor0, debtor1 held by holder pooled }}\n\
         start {{\n  holder.claim = {total} usd of {}\n}}\n",
        split.join(", ")
    )
}

#[test]
fn published_openings_are_refused_with_their_gap() {
    let mut given: BTreeMap<(String, String), String> = BTreeMap::new();
    for row in read("init.csv").iter().filter(|row| &row[1] == "published") {
        given.insert((row[0].into(), row[3].into()), row[4].into());
    }
    let (mut refused, mut taken) = (0, 0);
    for row in read("balance_identities.csv") {
        let Some((total, parts)) = terms(&row[1]) else {
            continue;
        };
        let value = |name: &str| given.get(&(row[0].into(), name.into())).cloned();
        let parts: Option<Vec<String>> = parts.into_iter().map(value).collect();
        let (Some(total), Some(parts)) = (value(total), parts) else {
            continue;
        };
        if parts.len() > 2 {
            continue;
        }
        let gap = exact(&total) - parts.iter().map(|part| exact(part)).sum::<i128>();
        let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
        let text = economy(&total, &parts);
        match (gap, model(&text)) {
            (0, Ok(model)) => {
                assert_eq!(plan_and_run(&model).stop, None, "{text}");
                taken += 1;
            }
            (0, Err(problems)) => panic!("{} balances: {problems:?}", &row[1]),
            (_, Ok(_)) => panic!("{} {} is taken with a gap of {gap}e-14", &row[0], &row[1]),
            (gap, Err(problems)) => {
                let told = problems.join(" ");
                assert!(told.starts_with("start-unbalanced"), "{told}");
                assert!(told.contains("holder.claim"), "{told}");
                let shown = common::labels(&text).join(" ");
                let said = shown.split("gap ").nth(1).expect("a gap").split(' ').next();
                let said: f64 = said.expect("a number").parse().expect("a number");
                assert!(
                    (said - gap as f64 * 1e-14).abs() < 1e-12,
                    "{shown}: {gap}e-14"
                );
                refused += 1;
            }
        }
    }
    assert!(
        refused >= 5 && taken >= 5,
        "{refused} refused, {taken} taken"
    );
}
