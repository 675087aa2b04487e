//! Measures with parameters: written once, in a model or in the standard library, and filled in
//! where they are called.

use super::{Context, Lowerer};
use crate::ir::NodeId;
use saldo_diag::{Diagnostic, Span};
use saldo_syntax::Symbol;
use saldo_syntax::ast::{self, DeclKind, ExprKind, Path, PathPart};
use std::collections::BTreeMap;

/// Measures that call measures, at most so deep.
const DEEPEST: usize = 16;

/// What stands for each name of a body.
type Filling = BTreeMap<Symbol, ast::Expr>;

impl<'a> Lowerer<'a> {
    /// Measures with parameters. A model's own is taken before the library's of the same name.
    pub(super) fn declare_forms(&mut self, decls: &[&'a ast::Decl]) {
        for measure in crate::standard::measures() {
            self.forms.insert(measure.name.text, measure);
        }
        let mut own: BTreeMap<Symbol, Span> = BTreeMap::new();
        for decl in decls {
            let DeclKind::Measure(measure) = &decl.kind else {
                continue;
            };
            if measure.params.is_empty() {
                continue;
            }
            if let Some(first) = own.insert(measure.name.text, measure.name.span) {
                let headline = format!("two measures are called `{}`", measure.name.text);
                let problem = Diagnostic::error("two-lines", headline)
                    .at(measure.name.span, "explained again here")
                    .also(first, "first explained here")
                    .why("A report that names it could mean either.")
                    .help("rename one of them");
                self.report(problem);
            }
            self.forms.insert(measure.name.text, measure.clone());
        }
    }

    /// A call of a measure with parameters: the model's own, else the library's.
    pub(super) fn called_measure(
        &mut self,
        function: &ast::Name,
        args: &[ast::Expr],
        context: &Context,
        span: Span,
    ) -> Option<NodeId> {
        let measure = self.forms.get(&function.text)?.clone();
        if !context.bare_is_closing {
            self.measure_in_formula(span);
            return Some(self.nothing(span));
        }
        if measure.params.len() != args.len() {
            self.measure_arguments(&measure, args.len(), span);
            return Some(self.nothing(span));
        }
        if self.measures_open >= DEEPEST {
            self.measure_circle(function, span);
            return Some(self.nothing(span));
        }
        let names = measure.params.iter().map(|name| name.text);
        let filling: Filling = names.zip(args.iter().cloned()).collect();
        match filled(&measure.value, &filling, span) {
            Ok(value) => {
                self.measures_open += 1;
                let node = self.lower(&value, context);
                self.measures_open -= 1;
                Some(node)
            }
            Err(name) => {
                self.measure_needs_name(&measure, name, span);
                Some(self.nothing(span))
            }
        }
    }

    fn measure_arguments(&mut self, measure: &ast::Measure, count: usize, span: Span) {
        let headline = format!("`{}` cannot take {count} arguments", measure.name.text);
        let problem = Diagnostic::error("function-arguments", headline)
            .at(span, "called here")
            .why("With an argument too few or too many it is not said what is meant.")
            .help(format!("write  {}", form(measure)));
        self.report(problem);
    }

    fn measure_circle(&mut self, function: &ast::Name, span: Span) {
        let headline = format!("the measure `{}` is explained by itself", function.text);
        let problem = Diagnostic::error("measure-circle", headline)
            .at(span, "and so without end")
            .why("A measure is computed from what was posted, not from itself.")
            .help("explain it by lines and balances");
        self.report(problem);
    }

    fn measure_needs_name(&mut self, measure: &ast::Measure, name: Symbol, span: Span) {
        let headline = format!("`{}` needs a name for `{name}`", measure.name.text);
        let problem = Diagnostic::error("measure-name", headline)
            .at(span, "an amount is given")
            .why("The measure reads a balance, a member or an earlier value of it, which only something with a name has.")
            .help(format!("write  {}  with the name of a sector, family, set or line", form(measure)));
        self.report(problem);
    }
}

/// `share(part, whole)`
fn form(measure: &ast::Measure) -> String {
    let params: Vec<&str> = measure.params.iter().map(|name| name.text.text()).collect();
    format!("{}({})", measure.name.text, params.join(", "))
}

/// The body of a measure with its names filled in, placed where it is called. `Err`: the name
/// that would have to stand for something with a name.
fn filled(expr: &ast::Expr, with: &Filling, at: Span) -> Result<ast::Expr, Symbol> {
    let of = |expr: &ast::Expr| filled(expr, with, at);
    let boxed = |expr: &ast::Expr| filled(expr, with, at).map(Box::new);
    let kind = match &expr.kind {
        ExprKind::Path(path) => match with.get(&path.parts[0].name.text) {
            Some(value) if path.parts.len() == 1 && path.parts[0].index.is_empty() => {
                return Ok(value.clone());
            }
            _ => ExprKind::Path(filled_path(path, with, at)?),
        },
        ExprKind::Timed { timing, path } => ExprKind::Timed {
            timing: *timing,
            path: filled_path(path, with, at)?,
        },
        ExprKind::Unary { op, value } => ExprKind::Unary {
            op: *op,
            value: boxed(value)?,
        },
        ExprKind::Binary { op, left, right } => ExprKind::Binary {
            op: *op,
            left: boxed(left)?,
            right: boxed(right)?,
        },
        ExprKind::If {
            condition,
            then,
            otherwise,
        } => ExprKind::If {
            condition: boxed(condition)?,
            then: boxed(then)?,
            otherwise: boxed(otherwise)?,
        },
        ExprKind::Event { test, name } => ExprKind::Event {
            test: *test,
            name: filled_name(name, with, at)?,
        },
        ExprKind::Call { function, args } => ExprKind::Call {
            function: ast::Name {
                span: at,
                ..*function
            },
            args: args.iter().map(of).collect::<Result<_, _>>()?,
        },
        ExprKind::Reduce { .. } => return filled_reduction(expr, with, at),
        ExprKind::Under { value, valuation } => ExprKind::Under {
            value: boxed(value)?,
            valuation: filled_name(valuation, with, at)?,
        },
        other => other.clone(),
    };
    Ok(ast::Expr { kind, span: at })
}

/// Letters of a body get names that no text can have, so that they never meet those of arguments.
fn filled_reduction(expr: &ast::Expr, with: &Filling, at: Span) -> Result<ast::Expr, Symbol> {
    let ExprKind::Reduce {
        op,
        binders,
        condition,
        body,
    } = &expr.kind
    else {
        return filled(expr, with, at);
    };
    let mut inner = with.clone();
    let mut own = Vec::new();
    for binder in binders {
        let letter = ast::Name {
            text: Symbol::new(&format!("({})", binder.letter.text)),
            span: at,
        };
        let domain = filled_name(&binder.domain, with, at)?;
        inner.insert(binder.letter.text, path_of(letter.clone()));
        own.push(ast::Binder { letter, domain });
    }
    let part = |part: &Option<Box<ast::Expr>>| {
        let part = part.as_ref();
        part.map(|part| filled(part, &inner, at).map(Box::new))
            .transpose()
    };
    let kind = ExprKind::Reduce {
        op: *op,
        binders: own,
        condition: part(condition)?,
        body: part(body)?,
    };
    Ok(ast::Expr { kind, span: at })
}

fn path_of(name: ast::Name) -> ast::Expr {
    let span = name.span;
    let part = PathPart {
        name,
        index: Vec::new(),
    };
    let parts = vec![part];
    ast::Expr {
        kind: ExprKind::Path(Path { parts, span }),
        span,
    }
}

/// `who.net_worth` with a sector for `who`, `x[a]` with a line for `x` and a member for `a`.
fn filled_path(path: &Path, with: &Filling, at: Span) -> Result<Path, Symbol> {
    let index = |part: &PathPart| {
        let names = part.index.iter().map(|name| filled_name(name, with, at));
        names.collect::<Result<Vec<_>, _>>()
    };
    let first = &path.parts[0];
    let mut parts = match with.get(&first.name.text).map(|value| &value.kind) {
        None => vec![PathPart {
            name: first.name.clone(),
            index: index(first)?,
        }],
        Some(ExprKind::Path(given)) => {
            let mut parts = given.parts.clone();
            if let (Some(last), false) = (parts.last_mut(), first.index.is_empty()) {
                last.index.extend(index(first)?);
            }
            parts
        }
        Some(_) => return Err(first.name.text),
    };
    for part in &path.parts[1..] {
        parts.push(PathPart {
            name: part.name.clone(),
            index: index(part)?,
        });
    }
    for part in &mut parts {
        part.name.span = at;
    }
    Ok(Path { parts, span: at })
}

fn filled_name(name: &ast::Name, with: &Filling, at: Span) -> Result<ast::Name, Symbol> {
    let text = match with.get(&name.text) {
        None => name.text,
        Some(value) => match super::expr::single(value) {
            Some(given) => given.text,
            None => return Err(name.text),
        },
    };
    Ok(ast::Name { text, span: at })
}
