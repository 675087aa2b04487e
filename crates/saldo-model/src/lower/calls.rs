//! Functions: mathematics, looking back, dates, gains, random terms.

use super::spans::InForce;
use super::{Bound, Context, Entity, Lowerer};
use crate::ir::*;
use saldo_diag::{Diagnostic, Span};
use saldo_syntax::Symbol;
use saldo_syntax::ast::{self, DatePart, ExprKind};

impl<'a> Lowerer<'a> {
    pub(crate) fn call(
        &mut self,
        function: &ast::Name,
        args: &[ast::Expr],
        context: &Context,
        span: Span,
    ) -> NodeId {
        let name = &*function.text;
        let count = |n: usize| args.len() == n;
        match name {
            "exp" | "log" | "sqrt" | "abs" | "floor" | "round" | "tanh" if count(1) => {
                let value = self.lower(&args[0], context);
                self.node(Op::Unary(unary(name), value), span)
            }
            "min" | "max" if args.len() >= 2 => {
                let op = if name == "min" {
                    Binary::Min
                } else {
                    Binary::Max
                };
                let first = self.lower(&args[0], context);
                args[1..].iter().fold(first, |so_far, arg| {
                    let next = self.lower(arg, context);
                    self.binary(op, so_far, next, span)
                })
            }
            "clamp" if count(3) => {
                let [value, low, high] = [0, 1, 2].map(|at: usize| self.lower(&args[at], context));
                let raised = self.binary(Binary::Max, value, low, span);
                self.binary(Binary::Min, raised, high, span)
            }
            "lag" if count(1) || count(2) => match self.distance(args.get(1), span) {
                Some(periods) => self.lower(&args[0], &context.back(periods)),
                None => self.nothing(span),
            },
            "d" if count(1) => {
                let now = self.lower(&args[0], context);
                let before = self.lower(&args[0], &context.back(1));
                self.binary(Binary::Sub, now, before, span)
            }
            "growth" if count(1) || count(2) => self.growth(args, context, span),
            "since" | "ramp" | "pulse" | "step" | "coverage" if count(1) => {
                self.dated(name, &args[0], context, span)
            }
            "gain" if count(1) => self.gain(&args[0], context, span),
            "total" if count(1) => self.total(&args[0], context, span),
            "normal" | "lognormal" | "uniform" | "beta" | "gamma" | "pareto" | "bernoulli"
            | "poisson" => self.random(name, args, context, span),
            "gini" | "top_share" | "quantile" | "lorenz" | "categorical" => {
                self.not_yet(&format!("`{name}`"), function.span);
                self.nothing(span)
            }
            _ => match self.called_measure(function, args, context, span) {
                Some(node) => node,
                None => self.no_function(function, args.len(), span),
            },
        }
    }

    fn no_function(&mut self, function: &ast::Name, count: usize, span: Span) -> NodeId {
        let known = FUNCTIONS.iter().map(|(name, _)| Symbol::new(name));
        let known: Vec<Symbol> = known.chain(self.forms.keys().copied()).collect();
        match FUNCTIONS.iter().find(|(name, _)| *name == &*function.text) {
            Some((_, form)) => {
                let problem = Diagnostic::error(
                    "function-arguments",
                    format!("`{}` cannot take {count} arguments", function.text),
                )
                .at(span, "called here")
                .why("With an argument too few or too many it is not said what is meant.")
                .help(format!("write  {form}"));
                self.report(problem);
            }
            None if self.names.contains_key(&function.text) => {
                let problem = Diagnostic::error("called-a-line", format!("`{}` is a line, not a function", function.text))
                    .at(span, "called like a function")
                    .why("Round brackets call a function; in other tools they may mean an earlier period.")
                    .help(format!("for the last period write  opening {}  or  lag({}, 1 year)", function.text, function.text));
                self.report(problem);
            }
            None if REDUCTIONS.contains(&&*function.text) => self.reduction_of_what(function, span),
            None => self.unknown_function(function, &known),
        }
        self.nothing(span)
    }

    /// `sum(wages)`
    fn reduction_of_what(&mut self, function: &ast::Name, span: Span) {
        let word = &function.text;
        let problem = Diagnostic::error(
            "sum-of-what",
            format!("`{word}` does not say over which members it runs"),
        )
        .at(span, "no letter and no set")
        .why("A sum runs a letter over a set, so that it can weigh and choose what it adds.")
        .help(format!("write  {word}(k in SET : NAME[k])"));
        self.report(match &**word {
            "sum" => problem.help("or, for all members of one line or account,  total(NAME)"),
            _ => problem,
        });
    }

    fn unknown_function(&mut self, function: &ast::Name, known: &[Symbol]) {
        let name = &*function.text;
        let elsewhere = ELSEWHERE.iter().find(|(other, _)| *other == name);
        let close = super::near(name, known);
        let problem = Diagnostic::error(
            "unknown-name",
            format!("the function `{name}` is not known"),
        )
        .at(function.span, "no function has this name")
        .why("A formula can use the functions of the language and the model's own measures.");
        self.report(match (elsewhere, close) {
            (Some((_, ours)), _) => problem.help(format!("write  {ours}")),
            (None, Some(close)) => problem.help(format!("did you mean `{close}`?")),
            (None, None) => problem.help(format!(
                "choose one of: {}",
                FUNCTIONS
                    .iter()
                    .map(|(name, _)| *name)
                    .collect::<Vec<_>>()
                    .join(", ")
            )),
        });
    }

    /// How many periods `1 year` is.
    fn distance(&mut self, arg: Option<&ast::Expr>, span: Span) -> Option<u32> {
        let Some(arg) = arg else {
            let problem = Diagnostic::error("lag-how-far", "how far back does this `lag` look?")
                .at(span, "no distance given")
                .why("A distance in calendar time gives the same answer in a monthly and in a yearly model.")
                .help("write  lag(x, 1 year)  or  opening x  for the period before");
            self.report(problem);
            return None;
        };
        let told = self.problems.len();
        let literal = self
            .literal(arg)
            .map(|literal| (literal.value, literal.dim, literal.unit));
        if self.problems.len() > told {
            return None;
        }
        let period = crate::units::Dim::period();
        match literal {
            Some((value, dim, _))
                if dim == period
                    && value >= 0.5
                    && (value - value.round()).abs() < 1e-9
                    && value < 1e6 =>
            {
                Some(value.round() as u32)
            }
            Some((value, dim, _)) if dim == period && value < 0.0 => {
                let problem = Diagnostic::error("lead", "this looks into the future")
                    .at(arg.span, "a negative distance")
                    .why("Nobody in the model can know what has not happened; what they expect is a line of its own.")
                    .help("write an expectation, for example  expected = opening expected + 0.3 * (opening x - opening expected)");
                self.report(problem);
                None
            }
            _ => {
                let problem = Diagnostic::error("lag-not-whole", "this distance is not a whole number of the model's periods")
                    .at(arg.span, "cannot be counted in periods")
                    .why("The model knows values once a period; between two periods there is nothing to read.")
                    .help("use a distance such as 1 year, 1 quarter or 1 month that the calendar has");
                self.report(problem);
                None
            }
        }
    }

    fn growth(&mut self, args: &[ast::Expr], context: &Context, span: Span) -> NodeId {
        let periods = match args.get(1) {
            None => Some(1),
            some => self.distance(some, span),
        };
        let Some(periods) = periods else {
            return self.nothing(span);
        };
        let now = self.lower(&args[0], context);
        let before = self.lower(&args[0], &context.back(periods));
        let ratio = self.binary(Binary::Div, now, before, span);
        let one = self.number(1.0, span);
        self.binary(Binary::Sub, ratio, one, span)
    }

    /// `since(event)`, `step(1992-01)`.
    fn dated(&mut self, function: &str, arg: &ast::Expr, context: &Context, span: Span) -> NodeId {
        match &arg.kind {
            ExprKind::Path(path) if path.parts.len() == 1 => {
                self.event_path(function, &path.parts[0].name, context.shift, span)
            }
            ExprKind::Date(date) => self.date_path(function, *date, context.shift, span),
            // A bare year reads as a number.
            ExprKind::Number { number, unit: None } if number.value.fract() == 0.0 => {
                let date = ast::Date {
                    span: arg.span,
                    year: number.value as i32,
                    part: DatePart::Year,
                };
                self.date_path(function, date, context.shift, span)
            }
            _ => {
                let problem = Diagnostic::error("event-expected", format!("`{function}` asks about an event or a date"))
                    .at(arg.span, "neither of them")
                    .why("Dated policies are objects of the model, so that scenarios can move or cancel them.")
                    .help(format!("write  {function}(EVENT)  or  {function}(1992-01)"));
                self.report(problem);
                self.nothing(span)
            }
        }
    }

    fn date_path(&mut self, function: &str, date: ast::Date, shift: u32, span: Span) -> NodeId {
        let from = self.model.calendar.period_of(date);
        let in_force = InForce::of(ast::DateRange {
            from: date,
            to: None,
            open: false,
        });
        let shown = format!(
            "{function}({}), {shift} ago",
            super::events::date_text(date)
        );
        self.dated_path(function, from, in_force, shown, shift, span)
    }

    /// (price − opening price) × opening quantity.
    fn gain(&mut self, arg: &ast::Expr, context: &Context, span: Span) -> NodeId {
        let ExprKind::Path(path) = &arg.kind else {
            return self.no_gain(span);
        };
        let Some(account) = self.find_account(path, &context.env) else {
            return self.no_gain(span);
        };
        let instrument = self.model.accounts[account.at()].instrument;
        let Some(price) = self.model.instruments[instrument.at()].price else {
            return self.nothing(span);
        };
        let now = self.var_ago(price, context.shift, span);
        let before = self.var_ago(price, context.shift + 1, span);
        let change = self.binary(Binary::Sub, now, before, span);
        let held = self.node(Op::Balance(account, context.shift + 1), span);
        let gain = self.binary(Binary::Mul, change, held, span);
        self.per_period(gain, span)
    }

    fn no_gain(&mut self, span: Span) -> NodeId {
        let problem = Diagnostic::error("gain-of-what", "`gain` needs a sector's balance")
            .at(span, "not a balance")
            .why("A capital gain is the change of a price times what was held when the period began.")
            .help("write  gain(households.bonds)");
        self.report(problem);
        self.nothing(span)
    }

    /// An amount over one period: a rate.
    pub(crate) fn per_period(&mut self, amount: NodeId, span: Span) -> NodeId {
        let one = self.period(span);
        self.binary(Binary::Div, amount, one, span)
    }

    /// The length of a period: one, in its own unit.
    pub(crate) fn period(&mut self, span: Span) -> NodeId {
        let id = self.node(Op::Const(1.0), span);
        self.model.nodes[id.at()].dim = Some(crate::units::Dim::period());
        id
    }

    /// The sum of a line over all its members.
    fn total(&mut self, arg: &ast::Expr, context: &Context, span: Span) -> NodeId {
        let name = match &arg.kind {
            ExprKind::Path(path) if path.parts.len() == 1 => path.parts[0].name.clone(),
            ExprKind::Path(path) if path.parts.len() == 2 => {
                return self.total_balance(path, context, span);
            }
            _ => return self.misread_total(span),
        };
        let Some(family) = self.names.get(&name.text) else {
            let known = self.all_names();
            self.unknown(&name, "the line", &known);
            return self.nothing(span);
        };
        let elements: Vec<Entity> = family.elements.values().copied().collect();
        let terms: Vec<NodeId> = elements
            .into_iter()
            .map(|entity| self.entity(entity, context.shift, span))
            .collect();
        self.sum(&terms, span)
    }

    /// `total(firms.loans)`: over all members of a family.
    fn total_balance(&mut self, path: &ast::Path, context: &Context, span: Span) -> NodeId {
        let family: Vec<SectorId> = self
            .sectors
            .get(&path.parts[0].name.text)
            .map(|f| f.values().copied().collect())
            .unwrap_or_default();
        let letter: Symbol = "(total)".into();
        let part = ast::PathPart {
            name: ast::Name { text: letter, span },
            index: Vec::new(),
        };
        let one = ast::Path {
            span: path.span,
            parts: vec![part, path.parts[1].clone()],
        };
        let mut terms = Vec::new();
        for sector in family {
            let env = context.env.with(&letter, Bound::Sector(sector));
            let inner = Context {
                env,
                bare_is_closing: true,
                ..context.clone()
            };
            terms.push(self.path(&one, None, &inner, span));
        }
        if terms.is_empty() {
            return self.misread_total(span);
        }
        self.sum(&terms, span)
    }

    fn misread_total(&mut self, span: Span) -> NodeId {
        let problem = Diagnostic::error(
            "total-of-what",
            "`total` adds a line or a balance over all its members",
        )
        .at(span, "neither of them")
        .why("A total needs to know over which members it runs.")
        .help("write  total(wages)  or  sum(k in branch : …)");
        self.report(problem);
        self.nothing(span)
    }

    pub(crate) fn sum(&mut self, terms: &[NodeId], span: Span) -> NodeId {
        let Some((first, rest)) = terms.split_first() else {
            return self.nothing(span);
        };
        rest.iter().fold(*first, |so_far, term| {
            self.binary(Binary::Add, so_far, *term, span)
        })
    }

    fn random(&mut self, name: &str, args: &[ast::Expr], context: &Context, span: Span) -> NodeId {
        let law = law(name);
        if args.len() != arity(law) || context.shift > 0 {
            let form = FUNCTIONS
                .iter()
                .find(|(known, _)| *known == name)
                .map_or("", |(_, form)| form);
            let problem =
                Diagnostic::error("random-term", format!("this `{name}` cannot be drawn"))
                    .at(
                        span,
                        if context.shift > 0 {
                            "inside a lag"
                        } else {
                            "not the numbers it needs"
                        },
                    )
                    .why("A random term is drawn once a period, with its law's own parameters.")
                    .help(format!(
                        "write  {form}  on a line of its own, and lag that line"
                    ));
            self.report(problem);
            return self.nothing(span);
        }
        let args = args.iter().map(|arg| self.lower(arg, context)).collect();
        let base = context.line.unwrap_or_else(|| "?".into());
        let at = self.random_terms.entry(base).or_insert(0);
        *at += 1;
        let line: Symbol = format!("{base}#{at}").into();
        self.node(Op::Random(Box::new(Random { law, args, line })), span)
    }
}

fn unary(name: &str) -> Unary {
    match name {
        "exp" => Unary::Exp,
        "log" => Unary::Log,
        "sqrt" => Unary::Sqrt,
        "abs" => Unary::Abs,
        "floor" => Unary::Floor,
        "tanh" => Unary::Tanh,
        _ => Unary::Round,
    }
}

/// The law of a name; `None` has been ruled out by the caller.
pub fn law(name: &str) -> Law {
    match name {
        "normal" => Law::Normal,
        "lognormal" => Law::Lognormal,
        "beta" => Law::Beta,
        "gamma" => Law::Gamma,
        "pareto" => Law::Pareto,
        "bernoulli" => Law::Bernoulli,
        "poisson" => Law::Poisson,
        _ => Law::Uniform,
    }
}

/// The law of a name, if it is one.
pub(crate) fn known_law(name: &str) -> Option<Law> {
    let known = law(name);
    (known != Law::Uniform || name == "uniform").then_some(known)
}

/// How a function is written.
pub(crate) fn form(name: &str) -> &'static str {
    let found = FUNCTIONS.iter().find(|(known, _)| *known == name);
    found.map_or("", |(_, form)| form)
}

pub(crate) fn arity(law: Law) -> usize {
    match law {
        Law::Pareto | Law::Bernoulli | Law::Poisson => 1,
        _ => 2,
    }
}

/// What runs over members, and is no function of amounts.
const REDUCTIONS: &[&str] = &["sum", "mean", "count", "share_of"];

/// Functions of other tools, and how they are written here.
const ELSEWHERE: &[(&str, &str)] = &[
    ("ln", "log(x), the natural logarithm"),
    ("log10", "log(x) / log(10)"),
    ("diff", "d(x), the change over one period"),
    ("delta", "d(x), the change over one period"),
    ("pow", "x ^ y"),
    ("avg", "mean(k in SET : x[k])"),
    ("average", "mean(k in SET : x[k])"),
    ("prev", "opening x"),
    ("l", "opening x  or  lag(x, 1 year)"),
    ("L", "opening x  or  lag(x, 1 year)"),
    ("ifelse", "if CONDITION then A else B"),
    ("ceil", "-floor(-x)"),
    ("int", "floor(x)"),
    ("rand", "uniform(0, 1)"),
];

/// Every function with the way it is written.
pub const FUNCTIONS: &[(&str, &str)] = &[
    ("exp", "exp(x)"),
    ("log", "log(x)"),
    ("sqrt", "sqrt(x)"),
    ("abs", "abs(x)"),
    ("floor", "floor(x)"),
    ("round", "round(x)"),
    ("tanh", "tanh(x)"),
    ("min", "min(a, b)"),
    ("max", "max(a, b)"),
    ("clamp", "clamp(x, low, high)"),
    ("lag", "lag(x, 1 year)"),
    ("d", "d(x)"),
    ("growth", "growth(x, 1 year)"),
    ("since", "since(EVENT)"),
    ("ramp", "ramp(EVENT)"),
    ("pulse", "pulse(EVENT)"),
    ("step", "step(1992-01)"),
    ("coverage", "coverage(EVENT)"),
    ("gain", "gain(households.bonds)"),
    ("total", "total(wages)"),
    ("normal", "normal(0, 1)"),
    ("lognormal", "lognormal(1, 0.4)"),
    ("uniform", "uniform(0, 1)"),
    ("beta", "beta(2, 5)"),
    ("gamma", "gamma(2, 1)"),
    ("pareto", "pareto(1.2)"),
    ("bernoulli", "bernoulli(0.5)"),
    ("poisson", "poisson(3)"),
    ("gini", "gini(people.wealth)"),
    ("top_share", "top_share(people.wealth, 1%)"),
    ("quantile", "quantile(people.wealth, 50%)"),
    ("lorenz", "lorenz(people.wealth)"),
    ("categorical", "categorical(0.2, 0.8)"),
];
