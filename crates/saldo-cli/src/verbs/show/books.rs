//! Matrices of a period and the opening books.

use super::Shown;
use saldo_diag::Diagnostic;
use saldo_engine::Trace;
use saldo_ledger::{Matrix, csv, latex, markdown, terminal};
use saldo_study::Tables;

/// All matrices of a period; the opening state has only a balance sheet.
pub fn matrices(shown: &Shown) -> Result<String, Diagnostic> {
    let trace = shown.trace();
    let row = shown.row(&trace)?;
    let tables = Tables::new(shown.model, &trace, shown.args.split);
    let mut all = vec![tables.balance_sheet(row)];
    if row > 0 {
        all.push(tables.transactions_flow(row));
        let gains = tables.revaluation(row);
        // The last row is the sum: without others there is nothing to revalue.
        if gains.rows.len() > 1 {
            all.push(gains);
            all.push(tables.full_integration(row));
        }
    }
    Ok(written(shown, &all))
}

/// The opening balance sheet, and what was assumed in it.
pub fn start(shown: &Shown) -> Result<String, Diagnostic> {
    let trace: Trace = shown.trace();
    let tables = Tables::new(shown.model, &trace, shown.args.split);
    Ok(written(shown, &[tables.balance_sheet(0)]))
}

fn written(shown: &Shown, matrices: &[Matrix]) -> String {
    let write = match () {
        () if shown.args.latex => latex,
        () if shown.args.markdown => markdown,
        () if shown.args.csv => csv,
        () => terminal,
    };
    let texts: Vec<String> = matrices.iter().map(write).collect();
    texts.join("\n")
}
