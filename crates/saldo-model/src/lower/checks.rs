//! Measures, checks and what is to be shown: read from the closed books.

use super::{Context, Entity, Env, Lowerer, label};
use crate::ir::*;
use saldo_diag::Diagnostic;
use saldo_syntax::Symbol;
use saldo_syntax::ast::{self, BinaryOp, CheckWhen, DeclKind, ExprKind};

impl<'a> Lowerer<'a> {
    pub(crate) fn lower_measures(&mut self, decls: &[&'a ast::Decl]) {
        for decl in decls {
            match &decl.kind {
                DeclKind::Measure(measure) if measure.params.is_empty() => {
                    self.lower_measure(measure);
                }
                DeclKind::Check(check) => self.lower_check(check),
                DeclKind::Show(show) => self.lower_show(show),
                _ => {}
            }
        }
        for show in &self.overrides.shows {
            self.lower_show(show);
        }
    }

    fn reported(env: &Env) -> Context {
        Context {
            bare_is_closing: true,
            ..Context::of(env)
        }
    }

    fn lower_measure(&mut self, measure: &ast::Measure) {
        let unit = self.declared_unit(measure.unit.as_ref());
        for (members, env) in self.elements(&measure.index, &Env::default()) {
            let value = self.lower(&measure.value, &Self::reported(&env));
            let title = self.element_title(&measure.title, &measure.name, &members);
            let (dim, factor, shown) = split_unit(unit);
            self.define(
                &measure.name,
                members.clone(),
                Entity::Measure(self.model.measures.len()),
            );
            let name = label(measure.name.text, &members);
            let span = measure.name.span;
            self.model.measures.push(Measure {
                name,
                title,
                span,
                value,
                dim,
                unit: shown,
                factor,
            });
        }
    }

    fn lower_show(&mut self, show: &ast::Show) {
        let value = self.lower(&show.value, &Self::reported(&Env::default()));
        let (dim, factor, unit) = split_unit(self.declared_unit(show.unit.as_ref()));
        let text = match &show.value.kind {
            ExprKind::Path(path) => super::lines::path_text(path),
            _ => String::new(),
        };
        let title = show.title.main.unwrap_or_else(|| self.title_of(&text));
        let style = show
            .style
            .as_ref()
            .map_or_else(|| "".into(), |style| style.text);
        self.known_style(show);
        let bands = show
            .bands
            .iter()
            .filter_map(|band| self.literal(band).map(|it| it.value))
            .collect();
        self.model.shows.push(Show {
            title,
            span: show.value.span,
            value,
            dim,
            unit,
            factor,
            style,
            bands,
        });
    }

    fn known_style(&mut self, show: &ast::Show) {
        let known: Vec<Symbol> = ["fan", "deviation", "percent", "log"]
            .map(Symbol::new)
            .into();
        let Some(style) = &show.style else { return };
        if known.contains(&style.text) {
            return;
        }
        let problem = Diagnostic::error(
            "show-style",
            format!("`as {}` is no way to show a quantity", style.text),
        )
        .at(style.span, "not known")
        .why("A chart in another form than was asked for would be misread.")
        .help("write  as fan 50%, 90%,  as deviation,  as percent  or  as log");
        self.report(problem);
    }

    /// The title of a line, if the text is one.
    fn title_of(&self, text: &str) -> Symbol {
        let line = self.model.vars.iter().find(|line| &*line.name == text);
        line.map_or_else(|| text.into(), |line| line.title)
    }

    fn lower_check(&mut self, check: &ast::Check) {
        let context = Self::reported(&Env::default());
        let within = check.within.as_ref().map(|within| self.tolerance(within));
        let condition = match &check.condition.kind {
            ExprKind::Binary { op, left, right } if comparison(*op).is_some() => {
                let (left, right) = (self.lower(left, &context), self.lower(right, &context));
                let op = comparison(*op).unwrap_or(Binary::Eq);
                Condition::Compare {
                    op,
                    left,
                    right,
                    within,
                }
            }
            _ => {
                if !asks(&check.condition) {
                    self.no_question(check);
                }
                Condition::Holds(self.lower(&check.condition, &context))
            }
        };
        let periods = self.check_periods(check);
        self.model.checks.push(Check {
            title: check.title.main.unwrap_or_else(|| "".into()),
            span: check.title.span,
            periods,
            condition,
            grain: 0.0,
        });
    }

    fn no_question(&mut self, check: &ast::Check) {
        let problem = Diagnostic::error(
            "check-no-question",
            "this check states nothing that could fail",
        )
        .at(check.condition.span, "an amount, not a statement")
        .why("A check says what must hold, so that a run can prove it wrong.")
        .help("compare the amount with something:  … >= 0,  … == … within 0.1%");
        self.report(problem);
    }

    fn check_periods(&mut self, check: &ast::Check) -> (i64, i64) {
        let calendar = &self.model.calendar;
        let n = calendar.len as i64;
        let periods = match check.when {
            CheckWhen::Always => (1, n),
            CheckWhen::AtEnd => (n, n),
            CheckWhen::At(date) => (calendar.last_period_of(date), calendar.last_period_of(date)),
            CheckWhen::Range(from, to) => (calendar.period_of(from), calendar.last_period_of(to)),
        };
        let shortened = self.overrides.to.is_some();
        if (periods.0 < 1 || periods.1 > n || periods.0 > periods.1) && !shortened {
            let problem = Diagnostic::error(
                "check-outside",
                "this check asks for a time the model never reaches",
            )
            .at(check.title.span, "outside `time`")
            .why("A check that is never made would pass for ever.")
            .help("move its date into the model's time");
            self.report(problem);
        }
        periods
    }

    /// `0.1%` is a share of the right side, a number with a unit an amount.
    pub(crate) fn tolerance(&mut self, within: &ast::Expr) -> Tolerance {
        let percent =
            matches!(&within.kind, ExprKind::Number { number, unit: None } if number.percent);
        let literal = self.literal(within);
        let value = literal.as_ref().map_or(0.0, |literal| literal.value);
        if percent {
            return Tolerance::Relative(value);
        }
        let node = self.node(Op::Const(value), within.span);
        self.model.nodes[node.at()].dim = literal.map(|literal| literal.dim);
        Tolerance::Absolute {
            amount: value,
            node,
        }
    }
}

/// A statement rather than an amount.
fn asks(condition: &ast::Expr) -> bool {
    match &condition.kind {
        ExprKind::Binary { op, left, right } => match op {
            BinaryOp::And | BinaryOp::Or => asks(left) && asks(right),
            op => comparison(*op).is_some(),
        },
        ExprKind::Unary {
            op: ast::UnaryOp::Not,
            value,
        } => asks(value),
        ExprKind::If {
            then, otherwise, ..
        } => asks(then) && asks(otherwise),
        ExprKind::Event { .. } => true,
        _ => false,
    }
}

pub(crate) fn split_unit(
    unit: Option<(crate::units::Dim, f64, Symbol)>,
) -> (Option<crate::units::Dim>, f64, Symbol) {
    match unit {
        Some((dim, factor, shown)) => (Some(dim), factor, shown),
        None => (None, 1.0, "".into()),
    }
}

pub(crate) fn comparison(op: BinaryOp) -> Option<Binary> {
    Some(match op {
        BinaryOp::Eq => Binary::Eq,
        BinaryOp::Ne => Binary::Ne,
        BinaryOp::Lt => Binary::Lt,
        BinaryOp::Le => Binary::Le,
        BinaryOp::Gt => Binary::Gt,
        BinaryOp::Ge => Binary::Ge,
        _ => return None,
    })
}
