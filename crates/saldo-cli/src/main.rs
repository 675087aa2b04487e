//! `saldo`: the verbs, their output, exit codes. The work is done by the libraries.

mod args;
mod judge;
mod session;
mod talk;
mod verbs;

use args::{Cli, Verb};
use clap::{CommandFactory, Parser};
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
    let code = std::panic::catch_unwind(|| dispatch(cli.verb));
    code.unwrap_or_else(|_| {
        eprintln!("error[defect]: this is a mistake in saldo, not in your model");
        eprintln!("  = help: please report it with the model and the command that led here");
        ExitCode::from(101)
    })
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
    clap_complete::generate(shell, &mut Cli::command(), "saldo", &mut std::io::stdout());
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
