//! `saldo explain`: what a message means.

use crate::args::{ExplainArgs, Format};
use crate::talk;
use saldo_diag::{Diagnostic, Sources, pages};
use std::process::ExitCode;

pub fn run(args: &ExplainArgs) -> ExitCode {
    let all = pages();
    let Some(id) = &args.id else {
        for page in &all {
            println!("{:<24} {}", page.id, page.first_sentence());
        }
        return ExitCode::SUCCESS;
    };
    match all.iter().find(|page| page.id == id) {
        Some(page) => {
            println!("{}\n\n{}", page.id, page.text.trim());
            ExitCode::SUCCESS
        }
        None => {
            talk::tell(&[unknown(id)], &Sources::default(), Format::Full, false);
            ExitCode::from(2)
        }
    }
}

fn unknown(id: &str) -> Diagnostic {
    let problem = Diagnostic::error("id-unknown", format!("there is no message `{id}`"));
    match saldo_diag::nearest(id, pages().iter().map(|page| page.id)) {
        Some(near) => problem.help(format!("did you mean  saldo explain {near}?")),
        None => problem.help("saldo explain  lists all messages"),
    }
}
