//! `saldo fmt` from outside: what it writes, what it leaves alone, what it says.

mod common;

use common::place::Place;
use std::io::Write;
use std::process::Stdio;

const MESSY: &str = "model a\r\ntime   yearly from 1 to 2\nx=1 # one\n\n\n";
const NEAT: &str = "model a\ntime yearly from 1 to 2\nx = 1  # one\n";
const BROKEN: &str = "model a\nx  = \n";

fn folder(name: &str) -> Place {
    let place = Place::new(&format!("fmt-{name}"));
    place.write("messy.saldo", MESSY);
    place.write("below/neat.saldo", NEAT);
    place
}

#[test]
fn a_folder_is_formatted_once() {
    let place = folder("once");
    for told in ["changed ./messy.saldo\n", ""] {
        let said = place.saldo("fmt .");
        assert_eq!((said.code, said.err.as_str()), (0, told));
        assert_eq!(place.text("messy.saldo"), NEAT);
    }
}

#[test]
fn check_names_the_files_and_changes_none() {
    let place = folder("check");
    let said = place.saldo("fmt --check messy.saldo below");
    assert_eq!(
        (said.code, said.err.as_str()),
        (1, "would change messy.saldo\n")
    );
    assert_eq!(place.text("messy.saldo"), MESSY);
    let json = place.saldo("fmt --check --json .").out;
    let answer: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!(answer["changed"], serde_json::json!(["./messy.saldo"]));
    assert_eq!(
        (answer["ok"].as_bool(), answer["unchanged"].as_u64()),
        (Some(false), Some(1))
    );
}

#[test]
fn a_text_with_mistakes_is_left_as_it_is() {
    let place = folder("mistakes");
    place.write("broken.saldo", BROKEN);
    place.write("wide.saldo", b"\xff\xfem\0o\0d\0");
    let said = place.saldo("fmt .");
    assert_eq!(said.code, 1);
    for part in ["broken.saldo:2", "UTF-16"] {
        assert!(said.err.contains(part), "{}", said.err);
    }
    assert_eq!(place.text("broken.saldo"), BROKEN);
    assert_eq!(place.text("messy.saldo"), NEAT, "the others are formatted");
    assert_eq!(place.saldo("fmt nowhere.saldo").code, 1);
}

#[test]
fn standard_input_goes_to_standard_output() {
    for (typed, written, code) in [(MESSY, NEAT, 0), (BROKEN, "", 1)] {
        let mut child = Place::new("fmt-pipe")
            .command("fmt -")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("saldo");
        let mut pipe = child.stdin.take().expect("a pipe");
        pipe.write_all(typed.as_bytes()).expect("a reader");
        drop(pipe);
        let output = child.wait_with_output().expect("an end");
        assert_eq!(
            (
                String::from_utf8_lossy(&output.stdout).as_ref(),
                output.status.code()
            ),
            (written, Some(code))
        );
    }
}
