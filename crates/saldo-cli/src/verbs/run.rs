//! `saldo run`: run a model, write its results, say what happened.

use crate::args::RunArgs;
use crate::session;
use crate::talk;
use saldo_engine::Keep;
use saldo_study::explain_stop;
use std::process::ExitCode;

pub fn run(args: &RunArgs) -> ExitCode {
    let mut session = match session::open(&args.model) {
        Ok(session) => session,
        Err(code) => return code,
    };
    let program = match session.program(args.model.format, args.model.json) {
        Ok(program) => program,
        Err(code) => return code,
    };
    let Some(model) = &session.built.model else {
        return ExitCode::from(1);
    };
    let keep = Keep {
        lines: None,
        books: true,
    };
    let trace = saldo_engine::run(model, &program, args.seed.unwrap_or(0), &keep, &|_| true);
    let csv = saldo_store::wide_csv(model, std::slice::from_ref(&trace));
    match &args.out {
        Some(path) => saldo_store::write_whole(path, csv.as_bytes())
            .unwrap_or_else(|error| eprintln!("{error}")),
        None => print!("{csv}"),
    }
    if let Some(problem) = explain_stop(model, &trace) {
        talk::tell(
            &[problem],
            &session.built.sources,
            args.model.format,
            args.model.json,
        );
        return ExitCode::from(3);
    }
    ExitCode::SUCCESS
}
