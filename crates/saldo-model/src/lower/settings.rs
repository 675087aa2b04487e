//! What a scenario sets: numbers and paths in place of those of the model.

use super::lines::path_text;
use super::literals::Literal;
use super::series::value_at;
use super::{Entity, Env, Lowerer, label};
use crate::ir::*;
use crate::laws;
use crate::units::Dim;
use saldo_diag::Diagnostic;
use saldo_syntax::Symbol;
use saldo_syntax::ast::{self, Date};

impl<'a> Lowerer<'a> {
    pub(crate) fn apply_set(&mut self, set: &'a ast::SetValue) {
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
            return self.no_element(part.name.text, &index, set.target.span, &known);
        }
        self.warn_without_effect(&set.target, set.from, set.to);
        for (key, entity) in hit {
            self.set_element(set, &part.name, key, entity);
        }
    }

    /// What a scenario changes at a time that the run never reaches changes nothing.
    pub(crate) fn warn_without_effect(
        &mut self,
        target: &ast::Path,
        from: Option<Date>,
        to: Option<Date>,
    ) {
        let calendar = &self.model.calendar;
        let last = calendar.len as i64;
        let ends = to.is_some();
        let from = from.map_or(1, |date| calendar.period_of(date));
        let to = to.map_or(last, |date| calendar.last_period_of(date));
        let found = match (from, to) {
            _ if from > to && ends => "ends before it begins",
            // A run cut short on purpose leaves settings out on purpose.
            _ if self.overrides.to.is_some() => return,
            _ if from > last => "after the last period",
            _ if to < 1 => "before the first period",
            _ => return,
        };
        let headline = format!("what is set for `{}` changes nothing", path_text(target));
        let problem = Diagnostic::warning("set-outside", headline)
            .at(target.span, found)
            .why(format!(
                "The run has {} to {}: the scenario will look as if the measure had no effect.",
                calendar.label(1),
                calendar.label(last)
            ))
            .help("mend the date, or extend `time` in the model");
        self.report(problem);
    }

    fn set_element(
        &mut self,
        set: &'a ast::SetValue,
        name: &ast::Name,
        key: Vec<Symbol>,
        entity: Entity,
    ) {
        if let Some(from) = &set.table {
            if let Entity::Input(id) = entity {
                self.set_series(set, from, id);
                self.model.inputs[id.at()].ground = ground(set);
            }
            return;
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
                let input_factor = input.factor;
                let unit = Some((input.dim, input.factor, input.unit));
                let bare = literal.unit.is_none();
                let (_, _, _, value) = self.fit_literal(literal, &unit, span);
                if bare && value.abs() > input_factor && self.in_percent.contains(&id) {
                    self.percent_lost(set, name, value / input_factor);
                }
                self.percent_of_what(set, name, id, value);
                self.set_path(id, value, set);
                self.model.inputs[id.at()].ground = ground(set);
            }
            Entity::Var(var) => self.set_derived(set, name, key, var, literal),
            Entity::Measure(_) => {}
        }
    }

    /// `theta=25` for a rate that the model gives as `20%`.
    fn percent_lost(&mut self, set: &ast::SetValue, name: &ast::Name, value: f64) {
        let Some(text) = &set.value else { return };
        if super::inputs::is_percent(text) {
            return;
        }
        let problem = Diagnostic::warning("set-percent", format!("`{}` is set to {value}, that is {} %: is {value}% meant?", name.text, laws::number(value * 100.0)))
            .at(text.span, "without a percent sign")
            .why(format!("The model gives `{}` in percent. A rate a hundred times too high runs, and says nothing about the economy.", name.text))
            .help(format!("write  {} = {value}%", name.text));
        self.report(problem);
    }

    /// `G=10%` for an amount of money.
    fn percent_of_what(&mut self, set: &ast::SetValue, name: &ast::Name, id: InputId, value: f64) {
        let input = &self.model.inputs[id.at()];
        let Some(text) = set
            .value
            .as_ref()
            .filter(|it| super::inputs::is_percent(it))
        else {
            return;
        };
        let bare = matches!(&text.kind, ast::ExprKind::Number { unit: None, .. });
        let rate = Dim::number().times(Dim::period(), -1);
        let amount = !input.dim.is_number() && input.dim != rate && !self.in_percent.contains(&id);
        if !bare || !amount {
            return;
        }
        let (value, unit) = (value / input.factor, input.unit);
        let problem = Diagnostic::warning(
            "set-percent",
            format!(
                "`{}` is set to a percentage: that is {value} {unit}",
                name.text
            ),
        )
        .at(text.span, "a percentage of what?")
        .why("A setting is the new value itself, not a change of the old one.")
        .help(format!(
            "write the amount with its unit:  {} = … {unit}",
            name.text
        ));
        self.report(problem);
    }

    /// A parameter that was an expression becomes a number.
    fn set_derived(
        &mut self,
        set: &ast::SetValue,
        name: &ast::Name,
        key: Vec<Symbol>,
        var: VarId,
        literal: Literal,
    ) {
        let line = &self.model.vars[var.at()];
        let id = InputId(self.model.inputs.len() as u32);
        let title = line.title;
        let shown = self.model.units.display(literal.dim).into();
        self.model.inputs.push(Input {
            name: label(name.text, &key),
            title,
            span: line.span,
            dim: literal.dim,
            unit: shown,
            factor: 1.0,
            kind: InputKind::Param,
            values: Values::Const(literal.value),
            ground: ground(set),
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

    fn set_series(&mut self, set: &ast::SetValue, from: &ast::Table, id: InputId) {
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
        let fill = from.fill.as_ref().map(|word| word.text);
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
}

/// Whatever source the model gives spoke of another number.
fn ground(set: &ast::SetValue) -> Ground {
    Ground::Assumed(match set.from.or(set.to) {
        None => "set for this run".into(),
        Some(_) => "set for a part of this run".into(),
    })
}
