//! Given numbers: parameters, series, and what a scenario sets.
//!
//! Long because each way to give a number (plain, indexed, by table, by date) refuses its own mistakes.

use super::{Entity, Env, Lowerer, label, title_or};
use crate::ir::*;
use crate::units::Dim;
use saldo_diag::{Diagnostic, Span};
use saldo_syntax::ast::{self, DeclKind, ExprKind};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A number as the text gives it.
pub(crate) struct Literal {
    pub value: f64,
    pub dim: Dim,
    /// The unit as written, with its factor.
    pub unit: Option<(Arc<str>, f64)>,
}

pub(crate) fn ground(ground: &ast::Ground) -> Ground {
    match ground {
        ast::Ground::Cite(cite) => Ground::Cite {
            key: cite.key.text.clone(),
            place: cite.place.as_ref().map(|p| p.text.clone()),
        },
        ast::Ground::Assumed(why) => Ground::Assumed(why.text.clone()),
        ast::Ground::Neither => Ground::Derived,
    }
}

impl<'a> Lowerer<'a> {
    pub(crate) fn declare_inputs(&mut self, decls: &[&'a ast::Decl]) {
        for decl in decls {
            match &decl.kind {
                DeclKind::Param(param) => self.declare_param(param),
                DeclKind::Series(series) => self.declare_series(series),
                _ => {}
            }
        }
        for set in &self.overrides.sets {
            self.apply_set(set);
        }
    }

    pub(crate) fn input(&mut self, input: Input) -> InputId {
        self.model.inputs.push(input);
        InputId(self.model.inputs.len() as u32 - 1)
    }

    fn declare_param(&mut self, param: &'a ast::Param) {
        self.check_ground(&param.ground, &param.name, "param");
        let unit = self.declared_unit(param.unit.as_ref());
        if let Some(table) = &param.table {
            return self.param_table(param, table, unit);
        }
        let combinations = self.combinations(&param.index, &Env::default());
        for (members, env) in combinations {
            let value = param.value.as_ref().or_else(|| listed(param, &members));
            match value {
                Some(value) => self.param_element(param, members, &env, value, &unit),
                None => self.param_missing(param, &members),
            }
        }
    }

    fn param_missing(&mut self, param: &ast::Param, members: &[Arc<str>]) {
        let shown = label(&param.name.text, members);
        let problem = Diagnostic::error("param-missing", format!("`{shown}` has no value"))
            .at(param.name.span, "given for other members only")
            .why("No number enters a result by default, and zero is a number.")
            .help(match members.is_empty() {
                true => format!("give it:  param {} = …", param.name.text),
                false => format!("add  {} = …  to the list", members.join(", ")),
            });
        self.report(problem);
    }

    fn param_element(
        &mut self,
        param: &'a ast::Param,
        members: Vec<Arc<str>>,
        env: &Env,
        value: &'a ast::Expr,
        unit: &Option<(Dim, f64, Arc<str>)>,
    ) {
        let name = label(&param.name.text, &members);
        let title = self.element_title(&param.title, &param.name, &members);
        let Some(literal) = self.literal(value) else {
            let var = self.line(name, title, param.name.span, VarRole::Param);
            self.declare_line_unit(var, unit);
            self.define(&param.name, members, Entity::Var(var));
            self.pending.push(super::Pending {
                var,
                env: env.clone(),
                what: super::PendingText::Is(value, None),
            });
            return;
        };
        let (dim, factor, shown, value) = self.fit_literal(literal, unit, value.span);
        let id = self.input(Input {
            name,
            title,
            span: param.name.span,
            dim,
            unit: shown,
            factor,
            kind: InputKind::Param,
            values: Values::Const(value),
            ground: ground(&param.ground),
        });
        self.define(&param.name, members, Entity::Input(id));
    }

    /// Joins a literal with the unit its declaration states.
    fn fit_literal(
        &mut self,
        literal: Literal,
        unit: &Option<(Dim, f64, Arc<str>)>,
        span: Span,
    ) -> (Dim, f64, Arc<str>, f64) {
        let Some((dim, factor, shown)) = unit else {
            let (text, factor) = literal
                .unit
                .unwrap_or_else(|| (self.model.units.display(&literal.dim).into(), 1.0));
            return (literal.dim, factor, text, literal.value);
        };
        if literal.unit.is_none() && literal.dim.is_number() {
            return (dim.clone(), *factor, shown.clone(), literal.value * factor);
        }
        if literal.dim != *dim && literal.value != 0.0 {
            let problem = Diagnostic::error("unit-declared-differs", "the number and its declaration have different units")
                .at(span, format!("in {}", self.model.units.display(&literal.dim)))
                .why(format!("The declaration says {shown}; the number would be read in another unit than it was meant."))
                .help("make the two agree, or leave the unit away in one of the two places");
            self.report(problem);
        }
        (dim.clone(), *factor, shown.clone(), literal.value)
    }

    pub(crate) fn declared_unit(
        &mut self,
        unit: Option<&ast::UnitExpr>,
    ) -> Option<(Dim, f64, Arc<str>)> {
        let unit = unit?;
        match self.model.units.resolve(unit) {
            Ok((dim, factor)) => Some((dim, factor, unit_text(unit))),
            Err(problem) => {
                self.report(problem);
                None
            }
        }
    }

    pub(crate) fn declare_line_unit(&mut self, var: VarId, unit: &Option<(Dim, f64, Arc<str>)>) {
        if let Some((dim, factor, shown)) = unit {
            let line = &mut self.model.vars[var.at()];
            line.dim = Some(dim.clone());
            line.factor = *factor;
            line.unit = shown.clone();
        }
    }

    pub(crate) fn element_title(
        &self,
        title: &ast::Title,
        name: &ast::Name,
        members: &[Arc<str>],
    ) -> Arc<str> {
        let shown = title_or(title, &name.text);
        if members.is_empty() || title.main.is_none() {
            return label(&shown, members);
        }
        let titles = members.iter().map(|member| {
            let found = self
                .sets
                .values()
                .flat_map(|set| &set.members)
                .find(|(name, _)| name == member);
            found.map_or_else(|| member.to_string(), |(_, title)| title.to_string())
        });
        format!("{shown}: {}", titles.collect::<Vec<_>>().join(", ")).into()
    }

    pub(crate) fn check_ground(&mut self, ground: &ast::Ground, name: &ast::Name, word: &str) {
        match ground {
            ast::Ground::Neither => {}
            ast::Ground::Assumed(why) if why.text.trim().is_empty() => {
                let problem = Diagnostic::error(
                    "no-source",
                    format!("`{}` is assumed, but it is not said why", name.text),
                )
                .at(why.span, "no reason")
                .why("A guess can be judged only by the thought behind it.")
                .help("write  assumed \"why this number\"");
                return self.report(problem);
            }
            _ => return,
        }
        let problem = Diagnostic::error(
            "no-source",
            format!("`{}` has neither a source nor an admission", name.text),
        )
        .at(name.span, "where does it come from?")
        .why("Readers must be able to tell measured numbers from guesses; the report counts both.")
        .help(format!(
            "end the line with  cite SOURCE \"page\"  or  assumed \"why\"  ({word} {})",
            name.text
        ));
        self.report(problem);
    }

    /// A number made of literals alone.
    pub(crate) fn literal(&mut self, expr: &ast::Expr) -> Option<Literal> {
        match &expr.kind {
            ExprKind::Number { number, unit: None } => Some(Literal {
                value: number.value,
                dim: Dim::number(),
                unit: None,
            }),
            ExprKind::Number {
                number,
                unit: Some(unit),
            } => match self.model.units.resolve(unit) {
                Ok((dim, factor)) => Some(Literal {
                    value: number.value * factor,
                    dim,
                    unit: Some((unit_text(unit), factor)),
                }),
                Err(problem) => {
                    self.report(problem);
                    Some(Literal {
                        value: number.value,
                        dim: Dim::number(),
                        unit: None,
                    })
                }
            },
            ExprKind::Unary {
                op: ast::UnaryOp::Neg,
                value,
            } => self.literal(value).map(|inner| Literal {
                value: -inner.value,
                ..inner
            }),
            ExprKind::Binary { op, left, right } => {
                if !is_literal(left) || !is_literal(right) {
                    return None;
                }
                let (left, right) = (self.literal(left)?, self.literal(right)?);
                join(*op, left, right)
            }
            _ => None,
        }
    }

    // --- tables

    fn param_table(
        &mut self,
        param: &'a ast::Param,
        from: &ast::Table,
        unit: Option<(Dim, f64, Arc<str>)>,
    ) {
        let values = match self.read_elements(from, &param.index) {
            Ok(values) => values,
            Err(problem) => return self.report(problem),
        };
        self.told(from, format!("the parameter `{}`", param.name.text), None);
        let (dim, factor, shown) = unit.unwrap_or_else(|| (Dim::number(), 1.0, "".into()));
        for (members, _) in self.combinations(&param.index, &Env::default()) {
            let Some(value) = values.get(&members) else {
                let shown = label(&param.name.text, &members);
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
                    members.join(", ")
                ));
                self.report(problem);
                continue;
            };
            let id = self.input(Input {
                name: label(&param.name.text, &members),
                title: self.element_title(&param.title, &param.name, &members),
                span: param.name.span,
                dim: dim.clone(),
                unit: shown.clone(),
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
    ) -> Result<BTreeMap<Vec<Arc<str>>, f64>, Diagnostic> {
        let table = saldo_exchange::read_table(self.files, &from.path.text, from.path.span)?;
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
            let members: Vec<Arc<str>> = columns
                .iter()
                .map(|at| Arc::from(row.cells[*at].as_str()))
                .collect();
            let shown = members.join(", ");
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
        let known: Vec<Arc<str>> = found.members.iter().map(|it| it.0.clone()).collect();
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

    fn declare_series(&mut self, series: &'a ast::Series) {
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
        members: &[Arc<str>],
    ) -> Result<Vec<(i64, i64, f64)>, Diagnostic> {
        let table = saldo_exchange::read_table(self.files, &from.path.text, from.path.span)?;
        let period = table.column("period")?;
        let value = table.column(from.column.as_ref().map_or("value", |name| &name.text))?;
        let mut keys = Vec::new();
        for (set, member) in index.iter().zip(members) {
            keys.push((table.column(&set.text)?, member.clone()));
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
            let calendar = &self.model.calendar;
            let point = (
                calendar.period_of(date),
                calendar.last_period_of(date),
                table.number(row, value)?,
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
        members: Vec<Arc<str>>,
        points: Vec<(i64, i64, f64)>,
        unit: &Option<(Dim, f64, Arc<str>)>,
    ) {
        let (dim, factor, shown) = unit
            .clone()
            .unwrap_or_else(|| (Dim::number(), 1.0, "".into()));
        let fill = from.fill.as_ref().map(|word| word.text.clone());
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
            name: label(&series.name.text, &members),
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

    // --- scenarios

    fn apply_set(&mut self, set: &'a ast::SetValue) {
        let part = &set.target.parts[0];
        if set.target.parts.len() > 1 {
            return; // an opening position: the start takes it
        }
        let index = self.resolve_index(&part.index, &Env::default());
        let Some(family) = self.names.get(&part.name.text) else {
            let lines_follow = !self.sectors.contains_key(&part.name.text);
            if lines_follow {
                self.set_unknown.push(part.name.clone());
            }
            return;
        };
        let hit: Vec<_> = family
            .elements
            .iter()
            .filter(|(key, _)| index.is_empty() || **key == index)
            .map(|(key, entity)| (key.clone(), *entity))
            .collect();
        if hit.is_empty() {
            let known: Vec<_> = family.elements.keys().cloned().collect();
            return self.no_element(&part.name.text, &index, set.target.span, &known);
        }
        for (key, entity) in hit {
            self.set_element(set, &part.name, key, entity);
        }
    }

    fn set_element(
        &mut self,
        set: &'a ast::SetValue,
        name: &ast::Name,
        key: Vec<Arc<str>>,
        entity: Entity,
    ) {
        if let Some(from) = &set.table {
            return self.set_series(set, from, entity);
        }
        let Some(literal) = set.value.as_ref().and_then(|value| self.literal(value)) else {
            let problem = Diagnostic::error("set-not-a-number", format!("`{}` is set to something that is not a number", name.text))
                .at(set.target.span, "a scenario gives numbers, dates and choices")
                .why("Scenarios cannot add behaviour, so their books balance as the model's do.")
                .help("write a number with its unit, or move the formula into the model behind a `choice`");
            return self.report(problem);
        };
        let span = set
            .value
            .as_ref()
            .map_or(set.target.span, |value| value.span);
        match entity {
            Entity::Input(id) => {
                let input = &self.model.inputs[id.at()];
                let unit = Some((input.dim.clone(), input.factor, input.unit.clone()));
                let (_, _, _, value) = self.fit_literal(literal, &unit, span);
                self.set_path(id, value, set);
            }
            Entity::Var(var) => self.set_derived(set, name, key, var, literal),
            Entity::Measure(_) => {}
        }
    }

    /// A parameter that was an expression becomes a number.
    fn set_derived(
        &mut self,
        set: &ast::SetValue,
        name: &ast::Name,
        key: Vec<Arc<str>>,
        var: VarId,
        literal: Literal,
    ) {
        let line = &self.model.vars[var.at()];
        let id = InputId(self.model.inputs.len() as u32);
        let title = line.title.clone();
        let shown = self.model.units.display(&literal.dim).into();
        self.model.inputs.push(Input {
            name: label(&name.text, &key),
            title,
            span: line.span,
            dim: literal.dim,
            unit: shown,
            factor: 1.0,
            kind: InputKind::Param,
            values: Values::Const(literal.value),
            ground: Ground::Assumed("set by the scenario".into()),
        });
        if set.from.is_some() || set.to.is_some() {
            let problem = Diagnostic::error("set-derived-dated", format!("`{}` follows from other parameters and cannot be set from a date", name.text))
                .at(set.target.span, "set for a part of the run")
                .why("Before that date its value would still follow from the others; a path would mix two theories.")
                .help("set it for the whole run, or set the parameters it follows from");
            self.report(problem);
        }
        if let Some(family) = self.names.get_mut(&name.text) {
            family.elements.insert(key, Entity::Input(id));
        }
    }

    fn set_path(&mut self, id: InputId, value: f64, set: &ast::SetValue) {
        let calendar = &self.model.calendar;
        let from = set.from.map_or(i64::MIN, |date| calendar.period_of(date));
        let to = set
            .to
            .map_or(i64::MAX, |date| calendar.last_period_of(date));
        let len = calendar.len;
        let input = &mut self.model.inputs[id.at()];
        if set.from.is_none() && set.to.is_none() && input.kind == InputKind::Param {
            input.values = Values::Const(value);
            return;
        }
        let mut path: Vec<f64> = match &input.values {
            Values::Const(old) => vec![*old; len + 1],
            Values::Path(old) => old.to_vec(),
        };
        for (t, cell) in path.iter_mut().enumerate() {
            if (from..=to).contains(&(t as i64)) {
                *cell = value;
            }
        }
        input.values = Values::Path(path.into());
    }

    fn set_series(&mut self, set: &ast::SetValue, from: &ast::Table, entity: Entity) {
        let Entity::Input(id) = entity else { return };
        let points = match self.series_points(from, &[], &[]) {
            Ok(points) => points,
            Err(problem) => return self.report(problem),
        };
        self.told(from, "the scenario".into(), Some(&points));
        let calendar = &self.model.calendar;
        let low = set.from.map_or(1, |date| calendar.period_of(date)).max(1);
        let high = set
            .to
            .map_or(calendar.len as i64, |date| calendar.last_period_of(date))
            .min(calendar.len as i64);
        let fill = from.fill.as_ref().map(|word| word.text.clone());
        let len = calendar.len;
        let input = &mut self.model.inputs[id.at()];
        let mut path = match &input.values {
            Values::Const(old) => vec![*old; len + 1],
            Values::Path(old) => old.to_vec(),
        };
        for t in low..=high {
            if let Some(value) = value_at(&points, t, fill.as_deref()) {
                path[t as usize] = value * input.factor;
            }
        }
        input.values = Values::Path(path.into());
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
        let key: Arc<str> = format!("{}, {shift} ago", input.name).into();
        if let Some(found) = self.derived.get(&key) {
            return self.node(Op::Input(*found), span);
        }
        let series = input.kind == InputKind::Series;
        let name = input.name.clone();
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
            name: key.clone(),
            title: input.title.clone(),
            span: input.span,
            dim: input.dim.clone(),
            unit: input.unit.clone(),
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

fn listed<'p>(param: &'p ast::Param, members: &[Arc<str>]) -> Option<&'p ast::Expr> {
    let same = |names: &[ast::Name]| names.iter().map(|name| &name.text).eq(members.iter());
    param
        .values
        .iter()
        .find(|(names, _)| same(names))
        .map(|(_, value)| value)
}

pub(crate) fn is_literal(expr: &ast::Expr) -> bool {
    match &expr.kind {
        ExprKind::Number { .. } => true,
        ExprKind::Unary {
            op: ast::UnaryOp::Neg,
            value,
        } => is_literal(value),
        ExprKind::Binary { op, left, right } => {
            use ast::BinaryOp::*;
            matches!(op, Add | Sub | Mul | Div) && is_literal(left) && is_literal(right)
        }
        _ => false,
    }
}

fn join(op: ast::BinaryOp, left: Literal, right: Literal) -> Option<Literal> {
    use ast::BinaryOp::*;
    let (value, dim) = match op {
        Add if left.dim == right.dim => (left.value + right.value, left.dim),
        Sub if left.dim == right.dim => (left.value - right.value, left.dim),
        Mul => (left.value * right.value, left.dim.times(&right.dim, 1)),
        Div => (left.value / right.value, left.dim.times(&right.dim, -1)),
        _ => return None,
    };
    Some(Literal {
        value,
        dim,
        unit: None,
    })
}

/// Rows that match `where column == value, …`.
pub(crate) fn chosen_rows<'t>(
    table: &'t saldo_exchange::Table,
    from: &ast::Table,
) -> Result<Vec<&'t saldo_exchange::Row>, Diagnostic> {
    let mut wanted = Vec::new();
    for (column, value) in &from.rows {
        wanted.push((table.column(&column.text)?, value.text.clone()));
    }
    let fits =
        |row: &&saldo_exchange::Row| wanted.iter().all(|(at, value)| row.cells[*at] == **value);
    Ok(table.rows.iter().filter(fits).collect())
}

pub(crate) fn not_a_period(path: &str, line: usize, text: &str, span: Span) -> Diagnostic {
    Diagnostic::error(
        "csv-period",
        format!("{path}, line {line}: `{text}` is no period"),
    )
    .at(span, "read here")
    .why("Rows are placed in time by their period.")
    .help("write 1990, 1990Q1, 1990-01 or 1990-01-02")
}

fn row_twice(path: &str, line: usize, text: &str, span: Span) -> Diagnostic {
    Diagnostic::error(
        "csv-twice",
        format!("{path}, line {line}: {text} is given a second time"),
    )
    .at(span, "read here")
    .why("Two values for one time are two measurements; the model must be told which it takes.")
    .help("delete one row, or choose rows:  from \"file.csv\" where COLUMN == VALUE")
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
fn value_at(points: &[(i64, i64, f64)], t: i64, fill: Option<&str>) -> Option<f64> {
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

/// A unit as it was written: `t/person/month`.
pub(crate) fn unit_text(unit: &ast::UnitExpr) -> Arc<str> {
    let mut text = String::new();
    for factor in &unit.factors {
        let power = factor.power.unsigned_abs();
        let sign = if factor.power < 0 {
            "/"
        } else if text.is_empty() {
            ""
        } else {
            "*"
        };
        if text.is_empty() && factor.power < 0 {
            text.push('1');
        }
        text.push_str(sign);
        text.push_str(&factor.name.text);
        if power > 1 {
            text.push_str(&format!("^{power}"));
        }
    }
    text.into()
}
