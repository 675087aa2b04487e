//! Series: rows with periods to a value for every period of the calendar.

use super::inputs::ground;
use super::tables::{chosen_rows, row_twice};
use super::{Entity, Env, Lowerer, label};
use crate::ir::*;
use crate::units::Dim;
use saldo_diag::{Diagnostic, Span};
use saldo_syntax::Symbol;
use saldo_syntax::ast;
use std::collections::BTreeMap;
use std::sync::Arc;

impl<'a> Lowerer<'a> {
    pub(crate) fn declare_series(&mut self, series: &'a ast::Series) {
        self.check_ground(&series.ground, &series.name, "series");
        let unit = self.declared_unit(series.unit.as_ref());
        let Some(from) = &series.table else {
            let problem = Diagnostic::error("series-no-table", format!("the series `{}` has no data", series.name.text))
                .at(series.name.span, "from which file?")
                .why("A series is a path that the model takes as given; it lives in a table, beside its source.")
                .help("add  from \"file.csv\" column NAME as step|linear|growth");
            return self.report(problem);
        };
        for (members, _) in self.combinations(&series.index, &Env::default()) {
            match self.series_points(from, &series.index, &members) {
                Ok(points) => {
                    self.told(
                        from,
                        format!("the series `{}`", series.name.text),
                        Some(&points),
                    );
                    self.series_element(series, from, members, points, &unit)
                }
                Err(problem) => return self.report(problem),
            }
        }
    }

    /// The rows of a series: spans of the model's periods (first, last) with values.
    pub(crate) fn series_points(
        &self,
        from: &ast::Table,
        index: &[ast::Name],
        members: &[Symbol],
    ) -> Result<Vec<(i64, i64, f64)>, Diagnostic> {
        let table = self.tables.read(&from.path.text, from.path.span)?;
        let period = table.column("period")?;
        let value = table.column(from.column.as_ref().map_or("value", |name| &name.text))?;
        let mut keys = Vec::new();
        for (set, member) in index.iter().zip(members) {
            keys.push((table.column(&set.text)?, *member));
        }
        let mut points = Vec::new();
        for row in chosen_rows(&table, from)? {
            if keys.iter().any(|(at, member)| row.cells[*at] != **member) {
                continue;
            }
            let text = &row.cells[period];
            let Some(date) = crate::calendar::parse_period(text) else {
                return Err(not_a_period(&table.path, row.line, text, from.path.span));
            };
            // An empty cell is no value for this time; the other columns may have theirs.
            let Some(given) = table.given(row, value)? else {
                continue;
            };
            let calendar = &self.model.calendar;
            let point = (
                calendar.period_of(date),
                calendar.last_period_of(date),
                given,
            );
            let same = |old: &&(i64, i64, f64)| (old.0, old.1) == (point.0, point.1);
            if points.iter().find(same).is_some() {
                return Err(row_twice(&table.path, row.line, text, from.path.span));
            }
            if point.2 <= 0.0
                && from
                    .fill
                    .as_ref()
                    .is_some_and(|fill| &*fill.text == "growth")
            {
                return Err(no_growth(&table.path, row.line, point.2, from.path.span));
            }
            points.push(point);
        }
        points.sort_by_key(|point| point.0);
        Ok(points)
    }

    fn series_element(
        &mut self,
        series: &ast::Series,
        from: &ast::Table,
        members: Vec<Symbol>,
        points: Vec<(i64, i64, f64)>,
        unit: &Option<(Dim, f64, Symbol)>,
    ) {
        let (dim, factor, shown) = (*unit).unwrap_or_else(|| (Dim::number(), 1.0, "".into()));
        let fill = from.fill.as_ref().map(|word| word.text);
        let n = self.model.calendar.len as i64;
        let first = points.first().map_or(1, |point| point.0.min(1));
        let mut path = vec![f64::NAN; n as usize + 1];
        let mut early = BTreeMap::new();
        for t in first..=n {
            match value_at(&points, t, fill.as_deref()) {
                Some(value) if t >= 0 => path[t as usize] = value * factor,
                Some(value) => {
                    early.insert(t, value * factor);
                }
                None if t >= 1 => return self.series_gap(series, from, t),
                None => {}
            }
        }
        let id = self.input(Input {
            name: label(series.name.text, &members),
            title: self.element_title(&series.title, &series.name, &members),
            span: series.name.span,
            dim,
            unit: shown,
            factor,
            kind: InputKind::Series,
            values: Values::Path(path.into()),
            ground: ground(&series.ground),
        });
        self.early.insert(id, early);
        self.define(&series.name, members, Entity::Input(id));
    }

    fn series_gap(&mut self, series: &ast::Series, from: &ast::Table, t: i64) {
        let period = self.model.calendar.label(t);
        let problem = Diagnostic::error(
            "csv-period-missing",
            format!("{} has no value for {period}", from.path.text),
        )
        .at(from.path.span, format!("read by `{}`", series.name.text))
        .why("A path that the model takes as given must be given for every period it runs.")
        .help("add the row, or say how gaps are filled:  as step, as linear, as growth");
        self.report(problem);
    }

    /// An input `shift` periods ago.
    pub(crate) fn input_ago(&mut self, id: InputId, shift: u32, span: Span) -> NodeId {
        let input = &self.model.inputs[id.at()];
        let Values::Path(path) = input.values.clone() else {
            return self.node(Op::Input(id), span);
        };
        if shift == 0 {
            return self.node(Op::Input(id), span);
        }
        let key: Symbol = format!("{}, {shift} ago", input.name).into();
        if let Some(found) = self.derived.get(&key) {
            return self.node(Op::Input(*found), span);
        }
        let series = input.kind == InputKind::Series;
        let name = input.name;
        let early = self.early.get(&id);
        let at = |t: i64| match t {
            0.. => path[t as usize],
            _ if series => early
                .and_then(|early| early.get(&t).copied())
                .unwrap_or(f64::NAN),
            _ => path[0],
        };
        let shifted: Arc<[f64]> = (0..path.len() as i64)
            .map(|t| at(t - i64::from(shift)))
            .collect();
        let gap = (1..path.len()).find(|t| shifted[*t].is_nan());
        let input = &self.model.inputs[id.at()];
        let copy = Input {
            name: key,
            title: input.title,
            span: input.span,
            dim: input.dim,
            unit: input.unit,
            factor: input.factor,
            kind: InputKind::Event,
            values: Values::Path(shifted),
            ground: Ground::Derived,
        };
        if let Some(t) = gap {
            let before = self.model.calendar.label(t as i64 - i64::from(shift));
            let problem = Diagnostic::error(
                "series-early",
                format!("`{name}` is read for {before}, before its data begin"),
            )
            .at(span, format!("looks {shift} periods back"))
            .why("The first periods would have to invent the past.")
            .help("add earlier rows to the table, or begin the model later");
            self.report(problem);
        }
        let made = self.input(copy);
        self.derived.insert(key, made);
        self.node(Op::Input(made), span)
    }
}

fn not_a_period(path: &str, line: usize, text: &str, span: Span) -> Diagnostic {
    Diagnostic::error(
        "csv-period",
        format!("{path}, line {line}: `{text}` is no period"),
    )
    .at(span, "read here")
    .why("Rows are placed in time by their period.")
    .help("write 1990, 1990Q1, 1990-01 or 1990-01-02")
}

fn no_growth(path: &str, line: usize, value: f64, span: Span) -> Diagnostic {
    Diagnostic::error(
        "csv-growth",
        format!("{path}, line {line}: {value} cannot grow at a steady rate"),
    )
    .at(span, "read  as growth")
    .why(
        "Growth joins values by a constant percentage, which exists between positive numbers only.",
    )
    .help("read it  as linear  or  as step")
}

/// The value of a series in period `t`: given, or filled by the stated rule.
pub(crate) fn value_at(points: &[(i64, i64, f64)], t: i64, fill: Option<&str>) -> Option<f64> {
    let inside = points.iter().find(|point| point.0 <= t && t <= point.1);
    match (inside, fill) {
        (Some(point), _) if point.0 == point.1 => Some(point.2),
        (Some(point), Some("step") | None) => Some(point.2),
        (None, None) => None,
        (None, Some("step")) => points
            .iter()
            .rev()
            .find(|point| point.1 < t && point.1 < i64::MAX)
            .filter(|_| points.iter().any(|p| p.0 > t))
            .map(|point| point.2),
        (_, Some(rule)) => between(points, t, rule == "growth"),
    }
}

/// Values sit in the middle of their periods and are joined by straight lines (of logarithms for
/// `growth`); the outer halves of the first and last one are level.
fn between(points: &[(i64, i64, f64)], t: i64, logs: bool) -> Option<f64> {
    let middle = |point: &(i64, i64, f64)| (point.0 + point.1) as f64 / 2.0;
    let now = t as f64;
    let before = points.iter().rev().find(|point| middle(point) <= now);
    let after = points.iter().find(|point| middle(point) >= now);
    match (before, after) {
        (Some(a), Some(b)) if a == b => Some(a.2),
        (Some(a), Some(b)) => {
            let share = (now - middle(a)) / (middle(b) - middle(a));
            match logs {
                true => Some(a.2 * saldo_math::pow(b.2 / a.2, share)),
                false => Some(a.2 + (b.2 - a.2) * share),
            }
        }
        (Some(only), None) | (None, Some(only)) => (only.0 <= t && t <= only.1).then_some(only.2),
        (None, None) => None,
    }
}
