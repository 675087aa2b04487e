//! How a run is scored: kinds apart, doubts widen a band, claims keep their speaker.

mod common;

use common::place::Place;

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
    let place = Place::new(&format!("evidence-{name}"));
    place.write("model.saldo", MODEL.trim_start());
    let head = "evidence for island\nsource s { title \"S\" by \"S\" year 1999 }\n";
    place.write("evidence.saldo", format!("{head}{evidence}"));
    let said = place.saldo("run . --out out.csv");
    said.out + &said.err
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
