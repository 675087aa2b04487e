//! Given numbers: parameters, with their units and grounds.

use super::literals::unit_text;
use super::{Entity, Env, Lowerer, label, title_or};
use crate::ir::*;
use crate::units::Dim;
use saldo_diag::Diagnostic;
use saldo_syntax::Symbol;
use saldo_syntax::ast::{self, DeclKind};

pub(crate) fn ground(ground: &ast::Ground) -> Ground {
    match ground {
        ast::Ground::Cite(cite) => Ground::Cite {
            key: cite.key.text,
            place: cite.place.as_ref().map(|p| p.text),
        },
        ast::Ground::Assumed(why) => Ground::Assumed(why.text),
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
        let of_others = unit.or_else(|| self.listed_unit(param));
        let combinations = self.combinations(&param.index, &Env::default());
        for (members, env) in combinations {
            let value = param.value.as_ref().or_else(|| listed(param, &members));
            match value {
                Some(value) => {
                    let unit = if is_zero(value) { &of_others } else { &unit };
                    self.param_element(param, members, &env, value, unit);
                }
                None => self.param_missing(param, &members),
            }
        }
    }

    /// The unit that the values of a list are given in: a zero among them needs none of its own.
    fn listed_unit(&self, param: &ast::Param) -> Option<(Dim, f64, Symbol)> {
        let mut units = param
            .values
            .iter()
            .filter_map(|(_, value)| match &value.kind {
                ast::ExprKind::Number { unit, .. } => unit.as_ref(),
                _ => None,
            });
        let unit = units.next()?;
        let (dim, factor) = self.model.units.resolve(unit).ok()?;
        Some((dim, factor, unit_text(unit)))
    }

    fn param_missing(&mut self, param: &ast::Param, members: &[Symbol]) {
        let shown = label(param.name.text, members);
        let problem = Diagnostic::error("param-missing", format!("`{shown}` has no value"))
            .at(param.name.span, "given for other members only")
            .why("No number enters a result by default, and zero is a number.")
            .help(match members.is_empty() {
                true => format!("give it:  param {} = …", param.name.text),
                false => format!("add  {} = …  to the list", Symbol::list(members)),
            });
        self.report(problem);
    }

    fn param_element(
        &mut self,
        param: &'a ast::Param,
        members: Vec<Symbol>,
        env: &Env,
        value: &'a ast::Expr,
        unit: &Option<(Dim, f64, Symbol)>,
    ) {
        let name = label(param.name.text, &members);
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
        let value_text = value;
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
        if is_percent(value_text) {
            self.in_percent.insert(id);
        }
        self.define(&param.name, members, Entity::Input(id));
    }

    pub(crate) fn declared_unit(
        &mut self,
        unit: Option<&ast::UnitExpr>,
    ) -> Option<(Dim, f64, Symbol)> {
        let unit = unit?;
        match self.model.units.resolve(unit) {
            Ok((dim, factor)) => Some((dim, factor, unit_text(unit))),
            Err(problem) => {
                self.report(problem);
                None
            }
        }
    }

    pub(crate) fn declare_line_unit(&mut self, var: VarId, unit: &Option<(Dim, f64, Symbol)>) {
        if let Some((dim, factor, shown)) = unit {
            let line = &mut self.model.vars[var.at()];
            line.dim = Some(*dim);
            line.factor = *factor;
            line.unit = *shown;
        }
    }

    pub(crate) fn element_title(
        &self,
        title: &ast::Title,
        name: &ast::Name,
        members: &[Symbol],
    ) -> Symbol {
        let shown = title_or(title, &name.text);
        if members.is_empty() || title.main.is_none() {
            return label(shown, members);
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
}

/// `20%`
pub(crate) fn is_percent(value: &ast::Expr) -> bool {
    matches!(&value.kind, ast::ExprKind::Number { number, .. } if number.percent)
}

fn is_zero(value: &ast::Expr) -> bool {
    matches!(&value.kind, ast::ExprKind::Number { number, unit: None } if number.value == 0.0)
}

fn listed<'p>(param: &'p ast::Param, members: &[Symbol]) -> Option<&'p ast::Expr> {
    let same = |names: &[ast::Name]| names.iter().map(|name| &name.text).eq(members.iter());
    param
        .values
        .iter()
        .find(|(names, _)| same(names))
        .map(|(_, value)| value)
}
