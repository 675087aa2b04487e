//! `saldo`: the verbs, their output, exit codes. The work is done by the libraries.

mod args;
mod judge;
mod missed;
mod played;
mod progress;
mod rivals;
mod session;
mod talk;
mod verbs;
mod worlds;

use args::{Cli, Verb};
use clap::{CommandFactory, Parser};
use saldo_diag::Diagnostic;
use std::process::ExitCode;

fn main() -> ExitCode {
    quiet_pipes();
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            let _ = error.print();
            return ExitCode::from(if error.use_stderr() { 2 } else { 0 });
        }
    };
    if let Err(code) = choose_instructions() {
        return code;
    }
    let code = std::panic::catch_unwind(|| dispatch(cli.verb));
    code.unwrap_or_else(|_| {
        eprintln!("error[defect]: this is a mistake in saldo, not in your model");
        eprintln!("  = help: please report it with the model and the command that led here");
        ExitCode::from(101)
    })
}

/// `SALDO_ISA=baseline|avx2|avx512` narrows the vector instructions, to compare speeds or bits.
fn choose_instructions() -> Result<(), ExitCode> {
    let Ok(wish) = std::env::var("SALDO_ISA") else {
        return Ok(());
    };
    if saldo_engine::Isa::from_name(&wish).is_some_and(saldo_engine::Isa::choose) {
        return Ok(());
    }
    let all: Vec<&str> = saldo_engine::Isa::available()
        .map(saldo_engine::Isa::name)
        .collect();
    let problem = Diagnostic::error("usage", format!("SALDO_ISA={wish} is not there"))
        .help(format!("this machine has {}", all.join(", ")));
    let nowhere = saldo_diag::Sources::default();
    talk::tell(&[problem], &nowhere, args::Format::default(), false);
    Err(ExitCode::from(2))
}

fn dispatch(verb: Verb) -> ExitCode {
    match verb {
        Verb::Check(args) => verbs::check::run(&args),
        Verb::Run(args) => verbs::run::run(&args),
        Verb::Show(args) => verbs::show::run(&args),
        Verb::Compare(args) => verbs::compare::run(&args),
        Verb::New(args) => verbs::new::run(&args),
        Verb::Explain(args) => verbs::explain::run(&args),
        Verb::Test(args) => verbs::test::run(&args),
        Verb::Export(args) => verbs::export::run(&args),
        Verb::Report(args) => verbs::report::run(&args),
        Verb::Doctor(args) => verbs::doctor::run(&args),
        Verb::Completions { shell } => completions(shell),
        Verb::Fmt(args) => verbs::fmt::run(&args),
    }
}

fn completions(shell: clap_complete::Shell) -> ExitCode {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "saldo", &mut script);
    talk::out(&script);
    ExitCode::SUCCESS
}

/// A reader that went away ends the program quietly instead of with a panic.
fn quiet_pipes() {
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        let text = info.to_string();
        if text.contains("Broken pipe") {
            std::process::exit(0);
        }
        usual(info);
    }));
}
