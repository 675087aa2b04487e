//! Numbers by member from tables, and the rows that a text chooses.

use super::inputs::ground;
use super::{Entity, Env, Lowerer, label};
use crate::ir::*;
use crate::units::Dim;
use saldo_diag::{Diagnostic, Span};
use saldo_syntax::Symbol;
use saldo_syntax::ast;
use std::collections::BTreeMap;

impl<'a> Lowerer<'a> {
    pub(crate) fn param_table(
        &mut self,
        param: &'a ast::Param,
        from: &ast::Table,
        unit: Option<(Dim, f64, Symbol)>,
    ) {
        let values = match self.read_elements(from, &param.index) {
            Ok(values) => values,
            Err(problem) => return self.report(problem),
        };
        self.told(from, format!("the parameter `{}`", param.name.text), None);
        let (dim, factor, shown) = unit.unwrap_or_else(|| (Dim::number(), 1.0, "".into()));
        for (members, _) in self.combinations(&param.index, &Env::default()) {
            let Some(value) = values.get(&members) else {
                let shown = label(param.name.text, &members);
                if self
                    .problems
                    .iter()
                    .any(|told| told.id == "csv-member" && told.labels[0].span == from.path.span)
                {
                    return;
                }
                let problem = Diagnostic::error(
                    "csv-row-missing",
                    format!("{} has no row for `{shown}`", from.path.text),
                )
                .at(from.path.span, "read here")
                .why("A cell that is not given is unknown, not zero.")
                .help(format!(
                    "add a row for {} (write 0 if it is zero)",
                    Symbol::list(&members)
                ));
                self.report(problem);
                continue;
            };
            let id = self.input(Input {
                name: label(param.name.text, &members),
                title: self.element_title(&param.title, &param.name, &members),
                span: param.name.span,
                dim,
                unit: shown,
                factor,
                kind: InputKind::Param,
                values: Values::Const(value * factor),
                ground: ground(&param.ground),
            });
            self.define(&param.name, members, Entity::Input(id));
        }
    }

    /// Reads `value` (or the named column) by members: one column per set, `SET_1`, `SET_2`
    /// where a set comes twice.
    pub(crate) fn read_elements(
        &mut self,
        from: &ast::Table,
        index: &[ast::Name],
    ) -> Result<BTreeMap<Vec<Symbol>, f64>, Diagnostic> {
        let table = self.tables.read(&from.path.text, from.path.span)?;
        let mut columns = Vec::new();
        for (at, set) in index.iter().enumerate() {
            let twice = index.iter().filter(|other| other.text == set.text).count() > 1;
            let before = index[..at]
                .iter()
                .filter(|other| other.text == set.text)
                .count();
            let name = if twice {
                format!("{}_{}", set.text, before + 1)
            } else {
                set.text.to_string()
            };
            columns.push(table.column(&name)?);
        }
        let value = table.column(from.column.as_ref().map_or("value", |name| &name.text))?;
        let chosen = chosen_rows(&table, from)?;
        let mut values = BTreeMap::new();
        for row in chosen {
            for (set, at) in index.iter().zip(&columns) {
                self.known_member(&table.path, row, *at, set, from.path.span);
            }
            let members: Vec<Symbol> = columns
                .iter()
                .map(|at| Symbol::new(&row.cells[*at]))
                .collect();
            let shown = Symbol::list(&members);
            if values.insert(members, table.number(row, value)?).is_some() {
                return Err(row_twice(&table.path, row.line, &shown, from.path.span));
            }
        }
        Ok(values)
    }

    /// A row for something that is not in the set is probably a slip of the pen.
    fn known_member(
        &mut self,
        path: &str,
        row: &saldo_exchange::Row,
        at: usize,
        set: &ast::Name,
        span: Span,
    ) {
        let Some(found) = self.sets.get(&set.text) else {
            return;
        };
        let cell = &row.cells[at];
        let known: Vec<Symbol> = found.members.iter().map(|it| it.0).collect();
        if known.iter().any(|name| **name == **cell) {
            return;
        }
        let problem = Diagnostic::error(
            "csv-member",
            format!("{path}, line {}: `{cell}` is not in {}", row.line, set.text),
        )
        .at(span, "read here")
        .why("A row that belongs to nobody would be lost without a word.")
        .help(match super::near(cell, &known) {
            Some(close) => format!("did you mean `{close}`?"),
            None => format!(
                "add it to the set, or leave the row out:  where COLUMN == VALUE  ({})",
                set.text
            ),
        });
        self.report(problem);
    }
}

/// Rows that match `where column == value, …`.
pub(crate) fn chosen_rows<'t>(
    table: &'t saldo_exchange::Table,
    from: &ast::Table,
) -> Result<Vec<&'t saldo_exchange::Row>, Diagnostic> {
    let mut wanted = Vec::new();
    for (column, value) in &from.rows {
        wanted.push((table.column(&column.text)?, value.text));
    }
    let fits =
        |row: &&saldo_exchange::Row| wanted.iter().all(|(at, value)| row.cells[*at] == **value);
    Ok(table.rows.iter().filter(fits).collect())
}

pub(crate) fn row_twice(path: &str, line: usize, text: &str, span: Span) -> Diagnostic {
    Diagnostic::error(
        "csv-twice",
        format!("{path}, line {line}: {text} is given a second time"),
    )
    .at(span, "read here")
    .why("Two values for one time are two measurements; the model must be told which it takes.")
    .help("delete one row, or choose rows:  from \"file.csv\" where COLUMN == VALUE")
}
