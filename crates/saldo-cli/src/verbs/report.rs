//! `saldo report`: the one-file page.

use crate::args::ReportArgs;
use crate::session;
use crate::talk;
use saldo_diag::{Diagnostic, Sources};
use saldo_report::{Made, page};
use saldo_store::write_whole;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

pub fn run(args: &ReportArgs) -> ExitCode {
    let refuse = |problem: Diagnostic, code: u8| {
        talk::tell(
            &[problem],
            &Sources::default(),
            args.model.format,
            args.model.json,
        );
        ExitCode::from(code)
    };
    let ran = match session::run_once(&args.model, 0) {
        Ok(ran) => ran,
        Err(code) => return code,
    };
    let (model, trace) = (ran.model(), &ran.trace);
    let made = Made {
        scenario: args.model.scenario.clone(),
        command: format!(
            "saldo {}",
            std::env::args().skip(1).collect::<Vec<_>>().join(" ")
        ),
        version: env!("CARGO_PKG_VERSION").into(),
        seed: 0,
        inputs: ran.session.inputs.clone(),
    };
    let usual = || PathBuf::from(format!("{}.html", model.name));
    let out = args.out.clone().unwrap_or_else(usual);
    if let Err(error) = write_whole(&out, page(model, trace, &made).as_bytes()) {
        let headline = format!("{} cannot be written: {error}", out.display());
        return refuse(
            Diagnostic::error("write-failed", headline).help("choose another place:  --out PATH"),
            1,
        );
    }
    println!("written to {}", out.display());
    if args.open {
        open(&out);
    }
    ran.finish(&args.model)
}

/// Hands the file to the system's browser; a machine without one still has the file.
fn open(path: &Path) {
    let command = match std::env::consts::OS {
        "macos" => "open",
        "windows" => "explorer",
        _ => "xdg-open",
    };
    if std::process::Command::new(command)
        .arg(path)
        .spawn()
        .is_err()
    {
        eprintln!("no browser was found: open {} yourself", path.display());
    }
}
