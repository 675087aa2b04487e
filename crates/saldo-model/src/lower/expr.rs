//! Expressions to nodes.

use super::{Bound, Context, Lowerer};
use crate::ir::*;
use saldo_diag::{Diagnostic, Span};
use saldo_syntax::Symbol;
use saldo_syntax::ast::{self, BinaryOp, ExprKind, Reduction, UnaryOp};

impl<'a> Lowerer<'a> {
    /// Adds the expression; after a problem (reported) a zero that fits every unit.
    pub fn lower(&mut self, expr: &ast::Expr, context: &Context) -> NodeId {
        let span = expr.span;
        match &expr.kind {
            ExprKind::Number { number, unit } => self.quantity(number, unit.as_ref(), span),
            ExprKind::Path(path) => self.path(path, None, context, span),
            ExprKind::Timed { timing, path } => self.path(path, Some(*timing), context, span),
            ExprKind::Unary {
                op: UnaryOp::Neg,
                value,
            } => {
                let value = self.lower(value, context);
                self.node(Op::Unary(Unary::Neg, value), span)
            }
            ExprKind::Unary {
                op: UnaryOp::Not,
                value,
            } => {
                let value = self.lower(value, context);
                match self.constant(value) {
                    Some(known) => self.number(f64::from(known == 0.0), span),
                    None => self.node(Op::Unary(Unary::Not, value), span),
                }
            }
            ExprKind::Binary { op, left, right } => self.operation(*op, left, right, context, span),
            ExprKind::If {
                condition,
                then,
                otherwise,
            } => self.conditional(condition, then, otherwise, context, span),
            ExprKind::Event { test, name } => self.event_test(*test, name, context.shift, span),
            ExprKind::Call { function, args } => self.call(function, args, context, span),
            ExprKind::Reduce {
                op,
                binders,
                condition,
                body,
            } => self.reduce(
                *op,
                binders,
                condition.as_deref(),
                body.as_deref(),
                context,
                span,
            ),
            ExprKind::Under { value, valuation } => self.under(value, valuation, context, span),
            ExprKind::Date(_) | ExprKind::Text(_) => self.misplaced(span),
        }
    }

    fn misplaced(&mut self, span: Span) -> NodeId {
        let problem = Diagnostic::error("date-as-number", "a date or a text stands where an amount is needed")
            .at(span, "not a number")
            .why("Dates are asked about with `after`, `since` and `step`; they cannot be added or multiplied.")
            .help("name the date as an event and write  since(EVENT)  or  if after EVENT then … else …");
        self.report(problem);
        self.nothing(span)
    }

    /// What stands in for an expression after a problem.
    pub(crate) fn nothing(&mut self, span: Span) -> NodeId {
        self.node(Op::Const(0.0), span)
    }

    fn quantity(
        &mut self,
        number: &ast::Number,
        unit: Option<&ast::UnitExpr>,
        span: Span,
    ) -> NodeId {
        let Some(unit) = unit else {
            return self.number(number.value, span);
        };
        match self.model.units.resolve(unit) {
            Ok((dim, factor)) => {
                let id = self.node(Op::Const(number.value * factor), span);
                self.model.nodes[id.at()].dim = Some(dim);
                id
            }
            Err(problem) => {
                self.report(problem);
                self.nothing(span)
            }
        }
    }

    fn operation(
        &mut self,
        op: BinaryOp,
        left: &ast::Expr,
        right: &ast::Expr,
        context: &Context,
        span: Span,
    ) -> NodeId {
        if let Some(taken) = self.rival_taken(op, left, right) {
            return match self.all_rivals {
                true => self.either_rival(span),
                false => self.number(f64::from(taken), span),
            };
        }
        if let Some(equal) = self.names_equal(op, left, right, context) {
            return self.number(f64::from(equal), span);
        }
        let a = self.lower(left, context);
        let b = self.lower(right, context);
        let op = binary(op);
        match (self.constant(a), self.constant(b), logic(op)) {
            (Some(a), Some(b), Some(law)) => self.number(f64::from(law(a, b)), span),
            // One known side may settle `and` and `or`.
            (Some(known), None, Some(_)) | (None, Some(known), Some(_))
                if matches!(op, Binary::And | Binary::Or) =>
            {
                let other = if self.constant(a).is_some() { b } else { a };
                match (op, known != 0.0) {
                    (Binary::And, true) | (Binary::Or, false) => other,
                    (Binary::And, false) => self.number(0.0, span),
                    _ => self.number(1.0, span),
                }
            }
            _ => self.binary(op, a, b, span),
        }
    }

    /// A truth that is not known before the run: it leaves both answers of an `if` standing.
    fn either_rival(&mut self, span: Span) -> NodeId {
        let one = self.number(1.0, span);
        self.node(Op::Unary(Unary::Floor, one), span)
    }

    /// `output_fall == credit`: whether this run takes the explanation.
    fn rival_taken(&mut self, op: BinaryOp, left: &ast::Expr, right: &ast::Expr) -> Option<bool> {
        if !matches!(op, BinaryOp::Eq | BinaryOp::Ne) {
            return None;
        }
        let taken = self.asks_choice(single(left)?, single(right)?)?;
        Some(taken == (op == BinaryOp::Eq))
    }

    /// `k != b`, `k == coal`: comparisons of names, known before the run.
    fn names_equal(
        &mut self,
        op: BinaryOp,
        left: &ast::Expr,
        right: &ast::Expr,
        context: &Context,
    ) -> Option<bool> {
        if !matches!(op, BinaryOp::Eq | BinaryOp::Ne) {
            return None;
        }
        let (a, b) = (single(left)?, single(right)?);
        if context.env.get(&a.text).is_none() && context.env.get(&b.text).is_none() {
            return None;
        }
        let (a, b) = (self.letter(a, context), self.letter(b, context));
        Some((a == b) == (op == BinaryOp::Eq))
    }

    fn letter(&self, name: &ast::Name, context: &Context) -> Symbol {
        match context.env.get(&name.text) {
            Some(Bound::Member { member, .. }) => *member,
            Some(Bound::Sector(id)) => self.model.sectors[id.at()].name,
            None => name.text,
        }
    }

    fn conditional(
        &mut self,
        condition: &ast::Expr,
        then: &ast::Expr,
        otherwise: &ast::Expr,
        context: &Context,
        span: Span,
    ) -> NodeId {
        let test = self.lower(condition, context);
        // A rival that is not taken must leave no trace: not even a circle.
        match self.constant(test) {
            Some(0.0) => {
                self.look_into(then);
                self.lower(otherwise, context)
            }
            Some(_) => {
                self.look_into(otherwise);
                self.lower(then, context)
            }
            None => {
                let yes = self.lower(then, context);
                let no = self.lower(otherwise, context);
                self.node(Op::If(test, yes, no), span)
            }
        }
    }

    fn reduce(
        &mut self,
        op: Reduction,
        binders: &[ast::Binder],
        condition: Option<&ast::Expr>,
        body: Option<&ast::Expr>,
        context: &Context,
        span: Span,
    ) -> NodeId {
        let envs = self.bindings(binders, condition, context);
        if op == Reduction::ShareOf {
            self.not_yet("`share_of`", span);
        }
        if op == Reduction::Count {
            return self.number(envs.len() as f64, span);
        }
        let Some(body) = body else {
            let problem = Diagnostic::error("sum-of-what", "this sum does not say what is added")
                .at(span, "only the letters are given")
                .why("A sum runs over members and adds one amount for each.")
                .help("write  sum(k in branch : amount[k])");
            self.report(problem);
            return self.nothing(span);
        };
        let count = envs.len() as f64;
        let mut total: Option<NodeId> = None;
        for env in envs {
            let term = self.lower(
                body,
                &Context {
                    env,
                    ..context.clone()
                },
            );
            let join = match op {
                Reduction::Min => Binary::Min,
                Reduction::Max => Binary::Max,
                _ => Binary::Add,
            };
            total = Some(match total {
                None => term,
                Some(sum) => self.binary(join, sum, term, span),
            });
        }
        let Some(total) = total else {
            return self.nothing(span);
        };
        if op != Reduction::Mean {
            return total;
        }
        let count = self.number(count, span);
        self.binary(Binary::Div, total, count, span)
    }
}

/// A name alone.
pub(crate) fn single(expr: &ast::Expr) -> Option<&ast::Name> {
    match &expr.kind {
        ExprKind::Path(path) if path.parts.len() == 1 && path.parts[0].index.is_empty() => {
            Some(&path.parts[0].name)
        }
        _ => None,
    }
}

fn binary(op: BinaryOp) -> Binary {
    match op {
        BinaryOp::Add => Binary::Add,
        BinaryOp::Sub => Binary::Sub,
        BinaryOp::Mul => Binary::Mul,
        BinaryOp::Div => Binary::Div,
        BinaryOp::Pow => Binary::Pow,
        BinaryOp::Eq => Binary::Eq,
        BinaryOp::Ne => Binary::Ne,
        BinaryOp::Lt => Binary::Lt,
        BinaryOp::Le => Binary::Le,
        BinaryOp::Gt => Binary::Gt,
        BinaryOp::Ge => Binary::Ge,
        BinaryOp::And => Binary::And,
        BinaryOp::Or => Binary::Or,
    }
}

/// Comparisons and logic, for folding what is known before the run.
fn logic(op: Binary) -> Option<fn(f64, f64) -> bool> {
    Some(match op {
        Binary::Eq => |a, b| a == b,
        Binary::Ne => |a, b| a != b,
        Binary::Lt => |a, b| a < b,
        Binary::Le => |a, b| a <= b,
        Binary::Gt => |a, b| a > b,
        Binary::Ge => |a, b| a >= b,
        Binary::And => |a, b| a != 0.0 && b != 0.0,
        Binary::Or => |a, b| a != 0.0 || b != 0.0,
        _ => return None,
    })
}
