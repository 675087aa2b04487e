//! What holds for any text that was checked.

use saldo_diag::{Diagnostic, Paint};
use saldo_model::Built;

/// A model or a reason; and every message can be shown in every form.
pub fn judge(built: &Built) {
    assert!(built.model.is_some() || built.problems.iter().any(Diagnostic::is_error));
    for problem in &built.problems {
        saldo_diag::terminal(problem, &built.sources, Paint::Plain);
        saldo_diag::short(problem, &built.sources);
        saldo_diag::json(problem, &built.sources);
        saldo_diag::github(problem, &built.sources);
    }
}
