//! `saldo fmt` from outside: what it writes, what it leaves alone, what it says.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

const MESSY: &str = "model a\r\ntime   yearly from 1 to 2\nx=1 # one\n\n\n";
const NEAT: &str = "model a\ntime yearly from 1 to 2\nx = 1  # one\n";
const BROKEN: &str = "model a\nx  = \n";

fn folder(name: &str) -> PathBuf {
    let place = std::env::temp_dir().join(format!("saldo-fmt-{}-{name}", std::process::id()));
    let _ = std::fs::remove_dir_all(&place);
    std::fs::create_dir_all(place.join("below")).expect("a folder");
    std::fs::write(place.join("messy.saldo"), MESSY).expect("a text");
    std::fs::write(place.join("below/neat.saldo"), NEAT).expect("a text");
    place
}

fn saldo(place: &Path, args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_saldo"));
    command
        .arg("fmt")
        .args(args)
        .current_dir(place)
        .output()
        .expect("saldo")
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn text(place: &Path, name: &str) -> String {
    std::fs::read_to_string(place.join(name)).expect("a text")
}

#[test]
fn a_folder_is_formatted_once() {
    let place = folder("once");
    let first = saldo(&place, &["."]);
    assert_eq!(
        (first.status.code(), said(&first).as_str()),
        (Some(0), "changed ./messy.saldo\n")
    );
    assert_eq!(text(&place, "messy.saldo"), NEAT);
    let second = saldo(&place, &["."]);
    assert_eq!(
        (second.status.code(), said(&second).as_str()),
        (Some(0), "")
    );
    let _ = std::fs::remove_dir_all(place);
}

#[test]
fn check_names_the_files_and_changes_none() {
    let place = folder("check");
    let output = saldo(&place, &["--check", "messy.saldo", "below"]);
    assert_eq!(
        (output.status.code(), said(&output).as_str()),
        (Some(1), "would change messy.saldo\n")
    );
    assert_eq!(text(&place, "messy.saldo"), MESSY);
    let json = saldo(&place, &["--check", "--json", "."]);
    let answer: serde_json::Value = serde_json::from_slice(&json.stdout).expect("JSON");
    assert_eq!(answer["changed"], serde_json::json!(["./messy.saldo"]));
    assert_eq!(
        (answer["ok"].as_bool(), answer["unchanged"].as_u64()),
        (Some(false), Some(1))
    );
    let _ = std::fs::remove_dir_all(place);
}

#[test]
fn a_text_with_mistakes_is_left_as_it_is() {
    let place = folder("mistakes");
    std::fs::write(place.join("broken.saldo"), BROKEN).expect("a text");
    std::fs::write(place.join("wide.saldo"), b"\xff\xfem\0o\0d\0").expect("a text");
    let output = saldo(&place, &["."]);
    assert_eq!(output.status.code(), Some(1));
    assert!(
        said(&output).contains("broken.saldo:2"),
        "{}",
        said(&output)
    );
    assert!(said(&output).contains("UTF-16"), "{}", said(&output));
    assert_eq!(text(&place, "broken.saldo"), BROKEN);
    assert_eq!(
        text(&place, "messy.saldo"),
        NEAT,
        "the others are formatted"
    );
    let absent = saldo(&place, &["nowhere.saldo"]);
    assert_eq!(absent.status.code(), Some(1));
    let _ = std::fs::remove_dir_all(place);
}

#[test]
fn standard_input_goes_to_standard_output() {
    for (typed, written, code) in [(MESSY, NEAT, 0), (BROKEN, "", 1)] {
        let mut child = Command::new(env!("CARGO_BIN_EXE_saldo"))
            .args(["fmt", "-"])
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
