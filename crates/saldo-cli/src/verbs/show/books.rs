//! Matrices of a period and the opening books.

use super::Shown;
use crate::talk::unknown;
use crate::talk::width;
use saldo_diag::Diagnostic;
use saldo_engine::Trace;
use saldo_ledger::{Matrix, Sheet, csv, latex, markdown, terminal};
use saldo_study::{Tables, opening_text, settled_words};

/// All matrices of a period, money by money; the opening state has only a balance sheet.
pub fn matrices(shown: &Shown) -> Result<String, Diagnostic> {
    let trace = shown.trace()?;
    let row = shown.row(&trace)?;
    let mut tables = tables(shown, &trace);
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
    Ok(written(shown, &all) + &hint(shown, &tables.renewed(row)))
}

/// The opening balance sheet; of a stationary start also the opening that was found, as a block
/// that gives it by numbers.
pub fn start(shown: &Shown) -> Result<String, Diagnostic> {
    let trace = shown.trace()?;
    let mut tables = tables(shown, &trace);
    let sheet = written(shown, &tables.all(0));
    let words = settled_words(shown.model, &trace);
    let block = opening_text(shown.model, &trace);
    Ok(match (words, block) {
        (Some(words), Some(block)) => format!("{sheet}\n{words}\n\n{block}"),
        _ => sheet,
    })
}

/// With titles for people; by the names of the text for programs.
fn tables<'a>(shown: &Shown<'a>, trace: &'a Trace) -> Tables<'a> {
    let tables = Tables::new(shown.model, trace, shown.args.split);
    match shown.args.csv {
        true => tables,
        false => tables.in_words(shown.args.model.scenario_name()),
    }
}

fn written(shown: &Shown, matrices: &[Matrix]) -> String {
    if shown.args.csv {
        let texts: Vec<String> = matrices.iter().map(csv).collect();
        return texts.join("\n");
    }
    let texts = matrices.iter().map(|matrix| {
        let sheet = Sheet::of(matrix);
        match () {
            () if shown.args.latex => latex(&sheet),
            () if shown.args.markdown => markdown(&sheet),
            () => terminal(&sheet, width()),
        }
    });
    texts.collect::<Vec<String>>().join("\n")
}

/// Beside the tables in a terminal: what new units are worth, and how to see the members of
/// families that share a column.
fn hint(shown: &Shown, renewed: &str) -> String {
    if shown.args.latex || shown.args.markdown || shown.args.csv {
        return String::new();
    }
    let families = shown.model.sectors.iter().any(|it| !it.members.is_empty());
    let split = match families && !shown.args.split {
        true => "A column for each member of a family:  --split\n",
        false => "",
    };
    match renewed.len() + split.len() {
        0 => String::new(),
        _ => format!("\n{renewed}{split}"),
    }
}
