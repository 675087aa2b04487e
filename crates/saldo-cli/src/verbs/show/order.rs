//! Which line is computed after which, and the circles.

use super::Shown;
use crate::talk::unknown;
use saldo_diag::Diagnostic;
use saldo_model::ir::{VarId, VarRole};
use saldo_plan::{Graph, Step, circle_through};
use std::fmt::Write;

/// The steps of a period, in their order.
pub fn order(shown: &Shown) -> String {
    let name = |line: &VarId| shown.model.vars[line.at()].name.to_string();
    let names = |lines: &[VarId]| lines.iter().map(name).collect::<Vec<_>>().join(", ");
    let mut out = String::new();
    for (at, step) in shown.program.steps.iter().enumerate() {
        let _ = match step {
            Step::Lines { lines, .. } => writeln!(
                out,
                "{}. one after the other ({}): {}",
                at + 1,
                lines.len(),
                names(lines)
            ),
            Step::Block(block) => writeln!(
                out,
                "{}. together ({} lines, {} unknown{}: {}): {}",
                at + 1,
                block.lines.len(),
                block.tears.len(),
                if block.tears.len() == 1 { "" } else { "s" },
                names(&block.tears),
                names(&block.lines)
            ),
        };
    }
    out.push_str("Then all flows are booked, stock targets (until) last.");
    out
}

/// A shortest circle through a line.
pub fn circle(shown: &Shown) -> Result<String, Diagnostic> {
    let wanted = shown.name("output")?;
    let vars = &shown.model.vars;
    let at = vars.iter().position(|var| &*var.name == wanted);
    let Some(at) = at else {
        return Err(unknown(wanted, vars.iter().map(|var| &*var.name)));
    };
    let circle = circle_through(&Graph::of(shown.model), VarId(at as u32));
    if circle.is_empty() {
        return Ok(format!(
            "{wanted} is in no circle: it follows from what is known before it."
        ));
    }
    let mut out = format!("{wanted} is in a circle of {} lines:\n", circle.len());
    for (step, line) in circle.iter().enumerate() {
        let var = &vars[line.at()];
        let next = &vars[circle[(step + 1) % circle.len()].at()].name;
        let made = if matches!(var.role, VarRole::Closing(_)) {
            " (a closing balance)"
        } else {
            ""
        };
        let _ = writeln!(out, "  {}{made} needs {next}", var.name);
    }
    Ok(out)
}
