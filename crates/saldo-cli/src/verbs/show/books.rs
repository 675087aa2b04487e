//! Matrices of a period and the opening books.

use super::Shown;
use crate::talk::unknown;
use saldo_diag::Diagnostic;
use saldo_ledger::{Matrix, csv, latex, markdown, terminal};
use saldo_study::{Tables, opening_text, settled_words};

/// All matrices of a period, money by money; the opening state has only a balance sheet.
pub fn matrices(shown: &Shown) -> Result<String, Diagnostic> {
    let trace = shown.trace()?;
    let row = shown.row(&trace)?;
    let mut tables = Tables::new(shown.model, &trace, shown.args.split);
    if let Some(wanted) = &shown.args.under {
        let known = tables.valuations();
        match known.iter().find(|name| ***name == **wanted) {
            Some(found) => tables.under(*found),
            None => return Err(unknown(wanted, known.iter().map(|name| &**name))),
        }
    }
    let all = match shown.args.current_capital {
        true if row > 0 => tables.current_capitals(row),
        _ => tables.all(row),
    };
    Ok(written(shown, &all))
}

/// The opening balance sheet; of a stationary start also the opening that was found, as a block
/// that gives it by numbers.
pub fn start(shown: &Shown) -> Result<String, Diagnostic> {
    let trace = shown.trace()?;
    let mut tables = Tables::new(shown.model, &trace, shown.args.split);
    let sheet = written(shown, &tables.all(0));
    let words = settled_words(shown.model, &trace);
    let block = opening_text(shown.model, &trace);
    Ok(match (words, block) {
        (Some(words), Some(block)) => format!("{sheet}\n{words}\n\n{block}"),
        _ => sheet,
    })
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
