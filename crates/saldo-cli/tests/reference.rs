//! The gallery against reference paths computed in 50-digit arithmetic from the published
//! equations. Agreement: |x − ref| ≤ 1e-9 × the variable's largest absolute value
//! + 1e-12 × the largest absolute value in the file.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// A table by column; blank cells are NaN.
type Table = BTreeMap<String, Vec<f64>>;

fn table(text: &str) -> Table {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let names: Vec<String> = reader
        .headers()
        .expect("a header")
        .iter()
        .map(String::from)
        .collect();
    let mut columns: Vec<Vec<f64>> = vec![Vec::new(); names.len()];
    for row in reader.records() {
        for (column, cell) in columns.iter_mut().zip(&row.expect("a row")) {
            column.push(cell.parse().unwrap_or(f64::NAN));
        }
    }
    names.into_iter().zip(columns).collect()
}

/// The wide table of a run of a gallery model.
fn run(model: &str, options: &[&str]) -> Table {
    run_at(&format!("models/{model}"), options)
}

fn run_at(place: &str, options: &[&str]) -> Table {
    // Tests run side by side: each run has a file of its own.
    static RUNS: AtomicU32 = AtomicU32::new(0);
    let run = RUNS.fetch_add(1, Ordering::Relaxed);
    let name = format!("saldo-reference-{}-{run}.csv", std::process::id());
    let out = std::env::temp_dir().join(name);
    let run = Command::new(env!("CARGO_BIN_EXE_saldo"))
        .current_dir(root())
        .args(["run", place, "--out"])
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
        for (row, wanted) in column.iter().enumerate().take(rows).skip(1) {
            let got = read(&own, ours, row);
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

/// A stationary start finds what the equations solve by hand: output is `G / theta` (Godley and
/// Lavoie 2007, 3.4.2), and PC's own steady state, to the last digits that whole units keep.
#[test]
fn stationary_starts() {
    let sim = run("sim", &["-s", "steady"]);
    for (row, output) in sim["output"].iter().enumerate() {
        let off = output - 20.0 / 0.2;
        assert!(
            off.abs() <= 1e-10,
            "SIM, period {row}: output is off by {off:e}"
        );
    }
    let given = run("pc", &[]);
    let found = run("pc", &["-s", "steady"]);
    for name in [
        "output",
        "households.cash",
        "households.bills",
        "central_bank.bills",
    ] {
        for row in 1..=60 {
            let off = found[name][row] - given[name][row];
            assert!(
                off.abs() <= 1e-10,
                "PC, period {row}: {name} is off by {off:e}"
            );
        }
    }
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

/// Rows of a reference file by column name.
fn rows(name: &str) -> Vec<BTreeMap<String, String>> {
    let path = root().join("tests/reference").join(name);
    let mut reader = csv::Reader::from_path(path).expect("a reference file");
    reader
        .deserialize()
        .map(|row| row.expect("a row"))
        .collect()
}

/// The model as plain equations without accounts, from the published list.
fn equation_form(model: &str, config: &str) -> String {
    let of = |file: &str| {
        rows(file)
            .into_iter()
            .filter(|row| row["model"] == model)
            .collect::<Vec<_>>()
    };
    let mut text = format!(
        "model {}_equations\ntime yearly from 1901 to 1960\n",
        model.to_lowercase()
    );
    for row in of("params.csv") {
        text += &format!(
            "param {} = {} assumed \"reference\"\n",
            row["name"], row["value"]
        );
    }
    let equations = of("equations.csv");
    for row in &equations {
        text += &format!("{} = {}\n", row["variable"], in_saldo(&row["expression"]));
    }
    text += "start {\n";
    let starts: Vec<_> = of("init.csv")
        .into_iter()
        .filter(|row| row["config"] == config)
        .collect();
    let given = |kind: &str, variable: &str| {
        let found = starts
            .iter()
            .find(|row| row["kind"] == kind && row["variable"] == variable);
        found.map(|row| row["value"].clone())
    };
    for variable in equations.iter().map(|row| &row["variable"]) {
        match (given("lag1", variable), given("lag2", variable)) {
            (Some(one), Some(two)) => text += &format!("{variable} : 1899 = {two}, 1900 = {one}\n"),
            (Some(one), None) => text += &format!("{variable} = {one}\n"),
            _ => {}
        }
    }
    text + "}\n"
}

/// `x[-1]` to `lag(x, 1 year)`, `ind(c)` to `(if c then 1 else 0)`.
fn in_saldo(expression: &str) -> String {
    let mut out = String::new();
    let mut rest = expression;
    while let Some(at) = rest.find("[-") {
        let begin = rest[..at]
            .rfind(|c: char| !c.is_alphanumeric() && c != '_')
            .map_or(0, |place| place + 1);
        let end = at + rest[at..].find(']').expect("a bracket");
        out += &rest[..begin];
        out += &format!("lag({}, {} year)", &rest[begin..at], &rest[at + 2..end]);
        rest = &rest[end + 1..];
    }
    out += rest;
    while let Some(at) = out.find("ind(") {
        let end = at + 3 + closing(&out[at + 3..]);
        out = format!(
            "{}(if {} then 1 else 0){}",
            &out[..at],
            &out[at + 4..end],
            &out[end + 1..]
        );
    }
    out
}

/// The place of the bracket that closes the one a text begins with.
fn closing(text: &str) -> usize {
    let mut depth = 0;
    let found = text.char_indices().find(|(_, sign)| {
        depth += i32::from(*sign == '(') - i32::from(*sign == ')');
        depth == 0
    });
    found.expect("a closing bracket").0
}

/// Both forms of a model, quantity by quantity.
fn both_forms_agree(model: &str, config: &str) {
    let place = std::env::temp_dir().join(format!("saldo-{model}-{}.saldo", std::process::id()));
    std::fs::write(&place, equation_form(model, config)).expect("a model");
    let plain = run_at(&place.display().to_string(), &[]);
    let _ = std::fs::remove_file(place);
    let pairs: Vec<_> = rows("names.csv")
        .into_iter()
        .filter(|row| row["model"] == model)
        .collect();
    assert!(pairs.len() > 5);
    let own = run(&pairs[0]["gallery"], &[]);
    let largest = |values: &[f64]| values.iter().skip(1).fold(0.0f64, |m, v| m.max(v.abs()));
    let whole = plain
        .iter()
        .filter(|(name, _)| *name != "period")
        .map(|(_, column)| largest(column))
        .fold(0.0, f64::max);
    for pair in &pairs {
        let column = &plain[&pair["reference"]];
        let allowed = 1e-9 * largest(column) + 1e-12 * whole;
        for (row, wanted) in column.iter().enumerate().skip(1) {
            let got = read(&own, &pair["own"], row);
            assert!(
                (wanted - got).abs() <= allowed,
                "{model}, period {row}: {} is {wanted}, {} is {got}, allowed {allowed:e}",
                pair["reference"],
                pair["own"]
            );
        }
    }
}

#[test]
fn flows_and_equations_say_the_same() {
    let models = [
        ("SIM", "zero"),
        ("SIMEX", "zero"),
        ("PC", "steady"),
        ("PCEX1", "steady"),
        ("LP1", "balanced"),
        ("REG", "steady"),
        ("OPEN", "balanced"),
        ("BMW", "published"),
        ("DIS", "steady"),
        ("INSOUT", "balanced"),
        ("GROWTH", "balanced"),
        ("OPENFLEX", "balanced"),
    ];
    for (model, config) in models {
        both_forms_agree(model, config);
    }
}
