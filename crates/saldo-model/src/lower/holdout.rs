//! The hold-out is kept: what a model is tested on, it may not have been told.

use super::Lowerer;
use crate::ir::{ObservedPoint, Purpose};
use saldo_diag::{Diagnostic, Span};
use saldo_syntax::Symbol;
use saldo_syntax::ast;

/// A column of a file that a series, a parameter or the start was read from.
pub(crate) struct TableRead {
    path: String,
    column: Symbol,
    rows: Vec<(Symbol, Symbol)>,
    /// `the series `oil_price``.
    reader: String,
    /// First and last period of each value; absent where rows have no time.
    periods: Option<Vec<(i64, i64)>>,
    span: Span,
}

impl TableRead {
    fn of(from: &ast::Table, reader: String, periods: Option<Vec<(i64, i64)>>) -> Self {
        let column = from.column.as_ref();
        TableRead {
            path: from.path.text.trim_start_matches("./").to_string(),
            column: column.map_or_else(|| "value".into(), |name| name.text),
            rows: from
                .rows
                .iter()
                .map(|(column, value)| (column.text, value.text))
                .collect(),
            reader,
            periods,
            span: from.path.span,
        }
    }

    /// Could both have read the same cell?
    fn meets(&self, other: &TableRead) -> bool {
        let apart = self.rows.iter().any(|(column, value)| {
            let same = |(theirs, other): &(Symbol, Symbol)| theirs == column && other != value;
            other.rows.iter().any(same)
        });
        self.path == other.path && self.column == other.column && !apart
    }

    fn covers(&self, span: (i64, i64)) -> bool {
        let overlap = |own: &(i64, i64)| own.0 <= span.1 && span.0 <= own.1;
        self.periods
            .as_ref()
            .is_none_or(|periods| periods.iter().any(overlap))
    }
}

impl<'a> Lowerer<'a> {
    /// Remembers what the model was told.
    pub(crate) fn told(
        &mut self,
        from: &ast::Table,
        reader: String,
        points: Option<&[(i64, i64, f64)]>,
    ) {
        let periods = points.map(|points| points.iter().map(|it| (it.0, it.1)).collect());
        self.table_reads.push(TableRead::of(from, reader, periods));
    }

    /// Values for test that the model has read already.
    pub(crate) fn hold_out(&mut self, from: &ast::Table, points: &[ObservedPoint]) {
        let asked = TableRead::of(from, String::new(), None);
        let test = |read: &&TableRead| {
            let seen = |point: &ObservedPoint| {
                point.purpose == Purpose::Test && read.covers(point.periods)
            };
            read.meets(&asked) && points.iter().any(seen)
        };
        let Some(read) = self.table_reads.iter().find(test) else {
            return;
        };
        let problem = Diagnostic::error(
            "hold-out",
            format!("{} reads what it is tested on", read.reader),
        )
        .at(asked.span, format!("column {} is for test", asked.column))
        .also(read.span, "and the model is told it here")
        .why("A model that was told the answer proves nothing by giving it.")
        .help("use the values for show instead, or let the model read an earlier span of its own");
        self.report(problem);
    }
}
