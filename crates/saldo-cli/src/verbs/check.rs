//! `saldo check`: what can be said without running.

use crate::args::CheckArgs;
use crate::session;
use crate::talk;
use std::process::ExitCode;

pub fn run(args: &CheckArgs) -> ExitCode {
    let session = match session::open_all(&args.model) {
        Ok(session) => session,
        Err(code) => return code,
    };
    let built = &session.built;
    let errors = built
        .problems
        .iter()
        .filter(|problem| problem.is_error())
        .count();
    let warnings = built.problems.len() - errors;
    if args.model.json {
        let problems: Vec<_> = built
            .problems
            .iter()
            .map(|problem| saldo_diag::json(problem, &built.sources))
            .collect();
        let counts = built.model.as_ref().map(|model| {
            serde_json::json!({
                "periods": model.calendar.len, "sectors": model.sectors.len(), "instruments": model.instruments.len(),
                "flows": model.flows.len(), "lines": model.vars.len(), "inputs": model.inputs.len(),
            })
        });
        let answer = serde_json::json!({
            "version": saldo_diag::JSON_VERSION, "ok": errors == 0, "model": &*built.inventory.name, "counts": counts,
            "problems": problems, "seconds": {"parse": session.seconds.parse, "check": session.seconds.check},
        });
        talk::answer(&answer);
    } else {
        talk::tell(&built.problems, &built.sources, args.model.format, false);
        talk::say(&format!("{}\n", summary(&session, errors, warnings)));
    }
    let code = ExitCode::from(u8::from(errors > 0));
    // The program ends here: taking a large model apart would only cost time.
    std::mem::forget(session);
    code
}

fn summary(session: &session::Session, errors: usize, warnings: usize) -> String {
    let name = &session.built.inventory.name;
    let counted =
        |count: usize, word: &str| format!("{count} {word}{}", if count == 1 { "" } else { "s" });
    match session.built.model.as_ref().filter(|_| errors == 0) {
        Some(model) => {
            let extra = if warnings > 0 {
                format!(", {}", counted(warnings, "warning"))
            } else {
                String::new()
            };
            format!(
                "{name}: fine. {}, {}, {}, {}{extra}",
                counted(model.sectors.len(), "sector"),
                counted(model.instruments.len(), "instrument"),
                counted(model.flows.len(), "flow"),
                counted(model.calendar.len, "period"),
            )
        }
        None => format!(
            "{}: {}",
            if name.is_empty() { "model" } else { name },
            counted(errors, "error")
        ),
    }
}
