//! How a run is scored: kinds apart, doubts widen a band, claims keep their speaker.

use std::path::{Path, PathBuf};
use std::process::Command;

const MODEL: &str = r#"
model island
time yearly from 1990 to 1992
unit usd : money to 0.01
sector a
sector b
instrument cash [usd] { issued by a held by b }
flows in cash { pay : a -> b = 10 usd/year }
start empty
"#;

/// What a run says, with this text as the evidence.
fn said(name: &str, evidence: &str) -> String {
    let place: PathBuf =
        std::env::temp_dir().join(format!("saldo-evidence-{}-{name}", std::process::id()));
    std::fs::create_dir_all(&place).expect("a folder");
    std::fs::write(place.join("model.saldo"), MODEL.trim_start()).expect("a model");
    let head = "evidence for island\nsource s { title \"S\" by \"S\" year 1999 }\n";
    std::fs::write(place.join("evidence.saldo"), format!("{head}{evidence}")).expect("evidence");
    let run = Command::new(Path::new(env!("CARGO_BIN_EXE_saldo")))
        .args(["run", ".", "--out", "out.csv"])
        .current_dir(&place)
        .output()
        .expect("a run");
    let _ = std::fs::remove_dir_all(&place);
    String::from_utf8_lossy(&run.stdout).into_owned() + &String::from_utf8_lossy(&run.stderr)
}

#[test]
fn purposes_are_counted_apart() {
    let observe = "observe pay [usd/year] cite s { 1990 : 10 within 1% for fit
        1991 : 12 within 1% for fit
        1992 : 13 within 1% for test }\n";
    let said = said("purposes", observe);
    assert!(
        said.contains("fit 1 of 2 values inside their band"),
        "{said}"
    );
    assert!(
        said.contains("test 0 of 1 values inside their band"),
        "{said}"
    );
}

#[test]
fn a_doubt_widens_the_band_of_its_years_only() {
    let observe = "observe pay [usd/year] cite s { 1990 : 11 within 1% for fit
        1991 : 11 within 1% for fit }
        doubt \"two definitions\" on pay from 1991 widen 10%\n";
    let said = said("doubt", observe);
    assert!(
        said.contains("fit 1 of 2 values inside their band"),
        "{said}"
    );
}

#[test]
fn a_claim_is_recorded_and_never_a_score() {
    let claim = "claim c \"Pay was 20\" : pay == 20 usd/year at 1991 within 5% by \"Somebody\"\n";
    let said = said("claim", claim);
    assert!(said.contains("1 recorded"), "{said}");
    assert!(!said.contains("Evidence:"), "{said}");
}
