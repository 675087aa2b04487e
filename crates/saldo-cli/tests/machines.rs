//! The same bytes with every instruction set this machine has, and with any number of threads.

use std::path::Path;
use std::process::Command;

fn saldo(isa: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_saldo"));
    command
        .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("../.."))
        .env("SALDO_ISA", isa);
    command
}

/// As `saldo doctor` names them.
fn available() -> Vec<String> {
    let told = saldo("baseline").arg("doctor").output().expect("it runs");
    let told = String::from_utf8(told.stdout).expect("text");
    let line = told
        .lines()
        .find(|line| line.starts_with("instructions"))
        .expect("doctor names the instructions");
    assert!(line.contains("baseline (of baseline"), "{line}");
    let (_, names) = line.split_once("(of ").expect("a list");
    let names = names.trim_end_matches(')').split(", ");
    names.map(String::from).collect()
}

/// 70 draws: a group of 64 lanes and one of 8.
fn results(model: &str, isa: &str, threads: &str) -> Vec<u8> {
    let name = format!(
        "saldo-machines-{}-{model}-{isa}-{threads}",
        std::process::id()
    );
    let out = std::env::temp_dir().join(name).with_extension("csv");
    let done = saldo(isa)
        .args(["run", &format!("models/{model}"), "--to", "20"])
        .args(["--draws", "70", "--threads", threads, "--out"])
        .arg(&out)
        .output()
        .expect("it runs");
    assert!(
        done.status.success(),
        "{}",
        String::from_utf8_lossy(&done.stderr)
    );
    let bytes = std::fs::read(&out).expect("results");
    let _ = std::fs::remove_file(out);
    bytes
}

#[test]
fn instructions_and_threads_change_no_byte() {
    // GROWTH has exponentials, logarithms, branches and two circles; OPENFLEX eight unknowns.
    for model in ["growth", "openflex"] {
        let expected = results(model, "baseline", "1");
        assert!(expected.len() > 100_000);
        for isa in available() {
            assert!(results(model, &isa, "1") == expected, "{model} with {isa}");
        }
        for threads in ["2", "3"] {
            assert!(
                results(model, "baseline", threads) == expected,
                "{model}, {threads} threads"
            );
        }
    }
}

/// What a stationary start finds, to the last digit.
#[test]
fn instructions_change_no_stationary_opening() {
    let found = |isa: &str| {
        let args = ["show", "start", "models/pc", "-s", "steady"];
        saldo(isa).args(args).output().expect("it runs").stdout
    };
    let expected = found("baseline");
    assert!(String::from_utf8_lossy(&expected).contains("households.bills = 64.86"));
    for isa in available() {
        assert!(found(&isa) == expected, "{isa}");
    }
}

#[test]
fn unknown_instructions_are_refused() {
    let told = saldo("abacus").arg("doctor").output().expect("it runs");
    assert_eq!(told.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&told.stderr).contains("this machine has baseline"));
}
