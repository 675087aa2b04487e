//! What a stationary opening came to.

use crate::unsettled::{name, unit};
use saldo_engine::{Sought, Trace, to_base};
use saldo_model::ir::*;
use std::fmt::Write;

/// One sentence on how well the opening repeats; nothing for a run that was opened by numbers.
pub fn settled_words(model: &Model, trace: &Trace) -> Option<String> {
    let settled = trace.settled.as_ref()?;
    let rest = match settled.drift {
        None => {
            "a period that opens so leaves every balance as it was, to the last unit".to_string()
        }
        Some((account, units)) => {
            let what = Sought::Balance(account);
            let (factor, unit) = unit(model, what);
            let instrument = &model.instruments[model.accounts[account.at()].instrument.at()];
            let moved = to_base(units, instrument.resolution) / factor;
            format!(
                "after rounding, a period that opens so moves {} most: by {moved} {unit}",
                name(model, what)
            )
        }
    };
    Some(format!("Stationary opening: {rest}."))
}

/// The opening as a `start` block that gives it by numbers.
pub fn opening_text(model: &Model, trace: &Trace) -> Option<String> {
    trace.settled.as_ref()?;
    let mut text = "start {\n".to_string();
    for (at, account) in model.accounts.iter().enumerate() {
        let issuers = model.accounts.iter().filter(|it| {
            it.role == Role::Issuer
                && (it.instrument, it.issuer) == (account.instrument, account.issuer)
        });
        let follows = account.role == Role::Issuer && issuers.count() == 1;
        if account.role == Role::Through || follows {
            continue;
        }
        let instrument = &model.instruments[account.instrument.at()];
        let value = to_base(trace.positions[at], instrument.resolution) / instrument.factor;
        let _ = writeln!(text, "  {} = {value} {}", account.name, instrument.unit);
    }
    for (at, line) in model.vars.iter().enumerate() {
        let written = matches!(line.role, VarRole::Equation | VarRole::Flow(_));
        if line.max_lag > 0 && written {
            let value = trace.line(VarId(at as u32), 0) / line.factor;
            let _ = writeln!(text, "  {} = {value} {}", line.name, bare(&line.unit));
        }
    }
    Some(text + "}\n")
}

/// A pure number has no unit that could be written.
fn bare(unit: &str) -> &str {
    if unit == "1" { "" } else { unit }
}
