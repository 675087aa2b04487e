//! The gallery against reference paths computed in 50-digit arithmetic from the published
//! equations. Agreement: |x − ref| ≤ 1e-9 × the variable's largest absolute value
//! + 1e-12 × the largest absolute value in the file.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// A table by column; blank cells are NaN.
type Table = BTreeMap<String, Vec<f64>>;

fn table(text: &str) -> Table {
    let mut lines = text.lines();
    let names: Vec<&str> = lines.next().expect("a header").split(',').collect();
    let mut columns: Vec<Vec<f64>> = vec![Vec::new(); names.len()];
    for line in lines {
        for (column, cell) in columns.iter_mut().zip(line.split(',')) {
            column.push(cell.parse().unwrap_or(f64::NAN));
        }
    }
    names.into_iter().map(String::from).zip(columns).collect()
}

/// The wide table of a run of a gallery model.
fn run(model: &str, options: &[&str]) -> Table {
    let out = std::env::temp_dir().join(format!(
        "saldo-reference-{}-{model}.csv",
        std::process::id()
    ));
    let run = Command::new(env!("CARGO_BIN_EXE_saldo"))
        .current_dir(root())
        .args(["run", &format!("models/{model}"), "--out"])
        .arg(&out)
        .args(options)
        .output()
        .expect("saldo runs");
    assert!(
        run.status.success(),
        "{}",
        String::from_utf8_lossy(&run.stderr)
    );
    let text = std::fs::read_to_string(&out).expect("results");
    let _ = std::fs::remove_file(out);
    table(&text)
}

/// `a+b-c` over columns of a run.
fn read(own: &Table, formula: &str, row: usize) -> f64 {
    let mut sum = 0.0;
    for term in formula
        .split_inclusive(['+', '-'])
        .fold(vec![String::new()], |mut terms, part| {
            let last = terms.len() - 1;
            match part.strip_suffix(['+', '-']) {
                Some(name) => {
                    terms[last] += name;
                    terms.push(part[part.len() - 1..].to_string());
                }
                None => terms[last] += part,
            }
            terms
        })
    {
        let (sign, name) = match term.strip_prefix('-') {
            Some(name) => (-1.0, name),
            None => (1.0, term.trim_start_matches('+')),
        };
        if !name.is_empty() {
            let column = own.get(name).unwrap_or_else(|| panic!("no column {name}"));
            sum += sign * column[row];
        }
    }
    sum
}

/// Compares a model with a reference file; `pairs` are (reference, own).
fn agrees(model: &str, options: &[&str], file: &str, pairs: &[(&str, &str)]) {
    let text =
        std::fs::read_to_string(root().join("tests/reference/paths").join(file)).expect("a path");
    let reference = table(&text);
    let own = run(model, options);
    let largest = |values: &[f64]| {
        values
            .iter()
            .filter(|v| v.is_finite())
            .fold(0.0f64, |m, v| m.max(v.abs()))
    };
    let whole = reference
        .values()
        .map(|column| largest(column))
        .fold(0.0, f64::max);
    let rows = own["period"].len().min(reference["period"].len());
    assert!(rows > 50, "{rows} rows");
    for (theirs, ours) in pairs {
        let column = &reference[*theirs];
        let allowed = 1e-9 * largest(column) + 1e-12 * whole;
        for row in 1..rows {
            let (wanted, got) = (column[row], read(&own, ours, row));
            assert!(
                (wanted - got).abs() <= allowed,
                "{model}, period {row}: {theirs} is {wanted}, {ours} is {got}, allowed {allowed:e}"
            );
        }
    }
}

#[test]
fn sim_from_zero() {
    let pairs = [
        ("Y", "output"),
        ("YD", "income"),
        ("Cs", "consumption"),
        ("Gs", "purchases"),
        ("TXs", "taxes"),
        ("Hh", "households.cash"),
        ("Hs", "-government.cash"),
        ("Ns", "wages"),
    ];
    agrees("sim", &[], "SIM__zero_base.csv", &pairs);
}

#[test]
fn pc_stays_in_its_steady_state() {
    let pairs = [
        ("Y", "output"),
        ("YD", "income"),
        ("TX", "taxes"),
        ("C", "consumption"),
        ("V", "households.cash+households.bills"),
        ("Hh", "households.cash"),
        ("Bh", "households.bills"),
        ("Bs", "-government.bills"),
        ("Hs", "-central_bank.cash"),
        ("Bcb", "central_bank.bills"),
    ];
    agrees("pc", &[], "PC__steady_base.csv", &pairs);
}

#[test]
fn bmw_as_published() {
    let pairs = [
        ("Y", "output"),
        ("YD", "income"),
        ("Cd", "consumption"),
        ("Id", "investment"),
        ("AF", "depreciation"),
        ("KT", "capital_goal"),
        ("WBd", "wages"),
        ("Mh", "households.deposits"),
        ("Ms", "-banks.deposits"),
        ("Ls", "banks.loans"),
        ("Ld", "-firms.loans"),
        ("K", "firms.capital"),
        ("W", "wage"),
        ("Nd", "employment"),
    ];
    agrees("bmw", &[], "BMW__published_base.csv", &pairs);
}

#[test]
fn lp_with_both_rates_up() {
    let pairs = [
        ("Y", "output"),
        ("YDr", "income"),
        ("TX", "taxes"),
        ("CG", "gains"),
        ("C", "consumption"),
        ("Ve", "expected_wealth"),
        ("Hh", "households.cash"),
        ("Bh", "households.bills"),
        ("BLh", "households.bonds"),
        ("Bs", "-government.bills"),
        ("Bcb", "central_bank.bills"),
        ("Hs", "-central_bank.cash"),
        ("Bd", "wanted_bills"),
        ("BLd", "wanted_bonds"),
        ("ERrbl", "bond_return"),
        ("YDre", "expected_income"),
    ];
    agrees(
        "lp",
        &["-s", "rates_up"],
        "LP1__balanced_rates_up.csv",
        &pairs,
    );
}
