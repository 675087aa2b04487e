//! Formulas, paths and units.

use crate::ast::*;
use crate::lexer::Kind;
use crate::parser::{Failed, Parser, Read};

/// Words that go on with a declaration or a formula: never a unit, never a name in a formula.
const JOINING: &[&str] = &[
    "cite", "assumed", "at", "with", "within", "then", "else", "skip", "short", "by", "from", "to",
    "for", "where", "as", "guess", "until", "on", "after", "limit", "of", "and", "or", "not", "if",
    "pro", "per", "under", "also", "column", "draws", "seed", "rounds", "visits", "widen", "split",
    "pays", "before", "in", "held", "issued", "through", "priced", "doubt", "rounding", "is",
    "closing", "opening", "sum", "such", "that",
];

/// Functions that a number below zero may be given to, so that `exp(-1)` is no `x(-1)`.
const BELOW_ZERO: &[&str] = &[
    "exp",
    "abs",
    "min",
    "max",
    "floor",
    "ceil",
    "round",
    "sqrt",
    "log",
    "clamp",
    "sign",
    "since",
    "ramp",
    "pulse",
    "step",
    "sum",
    "mean",
    "count",
    "lag",
    "d",
    "growth",
    "poisson",
    "bernoulli",
    "normal",
    "lognormal",
    "uniform",
];

/// How strongly comparisons bind; `not` stands before one.
const COMPARISON: u8 = 2;

impl Parser<'_> {
    pub(crate) fn expr(&mut self) -> Read<Expr> {
        let began = self.place();
        self.enter_formula();
        let read = self.nested(|p| {
            if p.is_word("if") {
                p.conditional()
            } else {
                p.level(0)
            }
        });
        self.leave_formula();
        self.reached(began);
        read
    }

    /// `WORD formula`, if the word is there.
    pub(crate) fn expr_after(&mut self, word: &str) -> Read<Option<Expr>> {
        match self.take_word(word) {
            true => self.expr().map(Some),
            false => Ok(None),
        }
    }

    fn conditional(&mut self) -> Read<Expr> {
        let start = self.next().start();
        let condition = Box::new(self.expr()?);
        self.need_word("then", "write  if CONDITION then A else B")?;
        let then = Box::new(self.expr()?);
        self.need_word("else", "say what holds otherwise:  else 0")?;
        let otherwise = Box::new(self.expr()?);
        Ok(Expr {
            span: self.span_from(start),
            kind: ExprKind::If {
                condition,
                then,
                otherwise,
            },
        })
    }

    /// Operands joined by operators that bind at least as strongly as `weakest`.
    fn level(&mut self, weakest: u8) -> Read<Expr> {
        let start = self.peek().start();
        let mut left = if weakest <= COMPARISON && self.is_word("not") {
            self.not()?
        } else {
            self.unary()?
        };
        while let Some((op, strength)) = self.operator().filter(|(_, it)| *it >= weakest) {
            self.count_operator()?;
            self.next();
            let right = if self.is_word("if") {
                self.expr()?
            } else {
                self.level(strength + 1)?
            };
            let kind = ExprKind::Binary {
                op,
                left: Box::new(left),
                right: Box::new(right),
            };
            left = Expr {
                span: self.span_from(start),
                kind,
            };
        }
        Ok(left)
    }

    fn not(&mut self) -> Read<Expr> {
        let start = self.next().start();
        let value = Box::new(self.nested(|p| p.level(COMPARISON))?);
        Ok(Expr {
            span: self.span_from(start),
            kind: ExprKind::Unary {
                op: UnaryOp::Not,
                value,
            },
        })
    }

    /// The next operator and how strongly it binds: or, and, comparison, sum, product.
    fn operator(&self) -> Option<(BinaryOp, u8)> {
        let piece = self.peek();
        if !matches!(piece.kind, Kind::Sign | Kind::Word) {
            return None;
        }
        Some(match self.show(piece) {
            "or" => (BinaryOp::Or, 0),
            "and" => (BinaryOp::And, 1),
            "==" => (BinaryOp::Eq, COMPARISON),
            "!=" => (BinaryOp::Ne, COMPARISON),
            "<" => (BinaryOp::Lt, COMPARISON),
            "<=" => (BinaryOp::Le, COMPARISON),
            ">" => (BinaryOp::Gt, COMPARISON),
            ">=" => (BinaryOp::Ge, COMPARISON),
            "+" => (BinaryOp::Add, 3),
            "-" => (BinaryOp::Sub, 3),
            "*" => (BinaryOp::Mul, 4),
            "/" | "per" => (BinaryOp::Div, 4),
            _ => return None,
        })
    }

    fn unary(&mut self) -> Read<Expr> {
        let start = self.peek().start();
        if !self.take_sign("-") {
            return self.power();
        }
        self.tight();
        let value = Box::new(self.nested(|p| p.unary())?);
        Ok(Expr {
            span: self.span_from(start),
            kind: ExprKind::Unary {
                op: UnaryOp::Neg,
                value,
            },
        })
    }

    fn power(&mut self) -> Read<Expr> {
        let start = self.peek().start();
        let mut base = self.operand()?;
        if self.is_word("under") {
            self.next();
            let valuation = self.name("the name of a valuation")?;
            base = Expr {
                span: self.span_from(start),
                kind: ExprKind::Under {
                    value: Box::new(base),
                    valuation,
                },
            };
        }
        if !self.take_sign("^") {
            return Ok(base);
        }
        let right = self.nested(|p| p.unary())?;
        let kind = ExprKind::Binary {
            op: BinaryOp::Pow,
            left: Box::new(base),
            right: Box::new(right),
        };
        Ok(Expr {
            span: self.span_from(start),
            kind,
        })
    }

    fn operand(&mut self) -> Read<Expr> {
        let piece = self.peek();
        let start = piece.start();
        if self.begins_a_line() {
            return Err(self.expected("an amount", "write what follows the operator, or delete it"));
        }
        let kind = match piece.kind {
            Kind::Number | Kind::Percent => {
                self.next();
                let number = self.number_of(piece);
                ExprKind::Number {
                    number,
                    unit: self.unit_after_number()?,
                }
            }
            Kind::Text => match self.string() {
                Some(text) => ExprKind::Text(text),
                None => return Err(Failed),
            },
            Kind::Sign if self.take_sign("(") => {
                let inner = self.expr()?;
                self.need_sign(")", "close the bracket with  )")?;
                return Ok(Expr {
                    span: self.span_from(start),
                    kind: inner.kind,
                });
            }
            Kind::Word => return self.word_operand(),
            Kind::Quoted => ExprKind::Path(self.path()?),
            Kind::Sign if self.is_sign("*") => {
                return Err(self.expected("an amount", "a power is written with  ^"));
            }
            _ => return Err(self.expected("an amount", "write a number, a name or a formula")),
        };
        Ok(Expr {
            span: self.span_from(start),
            kind,
        })
    }

    /// The next declaration, where an operator at the end of a line leaves it open what follows.
    fn begins_a_line(&self) -> bool {
        let (piece, follows) = (self.peek(), self.ahead(1));
        if !piece.new_line || follows.new_line {
            return false;
        }
        match (piece.kind, follows.kind) {
            (Kind::Word | Kind::Quoted, Kind::Sign) => matches!(self.show(follows), "=" | ":"),
            (Kind::Word, Kind::Word) => crate::keywords::is_keyword(self.show(piece)),
            _ => false,
        }
    }

    fn word_operand(&mut self) -> Read<Expr> {
        let start = self.peek().start();
        let kind = match self.show(self.peek()) {
            word @ ("opening" | "closing") => {
                self.next();
                let timing = if word == "opening" {
                    Timing::Opening
                } else {
                    Timing::Closing
                };
                ExprKind::Timed {
                    timing,
                    path: self.path()?,
                }
            }
            word @ ("after" | "before" | "during") => {
                self.next();
                let test = match word {
                    "after" => EventTest::After,
                    "before" => EventTest::Before,
                    _ => EventTest::During,
                };
                ExprKind::Event {
                    test,
                    name: self.name("the name of an event")?,
                }
            }
            "if" => return self.expr(),
            word if JOINING.contains(&word) && !self.called() => {
                return Err(self.expected("an amount", "write a number, a name or a formula"));
            }
            _ if self.called() => return self.call(),
            _ => ExprKind::Path(self.path()?),
        };
        Ok(Expr {
            span: self.span_from(start),
            kind,
        })
    }

    /// The word is followed at once by `(`.
    fn called(&self) -> bool {
        let bracket = self.ahead(1);
        self.show(bracket) == "(" && bracket.kind == Kind::Sign && !bracket.spaced
    }

    fn call(&mut self) -> Read<Expr> {
        let start = self.peek().start();
        let function = self.name("a function")?;
        self.tight();
        self.next();
        let arguments = self.place();
        if self.is_sign("-")
            && self.show(self.ahead(2)) == ")"
            && !BELOW_ZERO.contains(&&*function.text)
        {
            let open = self.behind().start();
            return Err(self.period_in_brackets(&function.text, open));
        }
        let reduction = match &*function.text {
            "sum" => Some(Reduction::Sum),
            "mean" => Some(Reduction::Mean),
            "count" => Some(Reduction::Count),
            "min" => Some(Reduction::Min),
            "max" => Some(Reduction::Max),
            "share_of" => Some(Reduction::ShareOf),
            _ => None,
        };
        let binds = self.ahead(1).kind == Kind::Word && self.show(self.ahead(1)) == "in";
        if let (Some(op), true) = (reduction, binds) {
            return self.reduction(op, start);
        }
        let dated = matches!(
            &*function.text,
            "since" | "ramp" | "pulse" | "step" | "coverage"
        );
        let mut args = Vec::new();
        while !self.is_sign(")") && !self.done() {
            if dated && self.is_long_date() {
                let date = self.date()?;
                args.push(Expr {
                    span: date.span,
                    kind: ExprKind::Date(date),
                });
            } else {
                args.push(self.expr()?);
            }
            if !self.take_sign(",") {
                break;
            }
        }
        self.reached(arguments);
        self.need_sign(")", "close the bracket with  )")?;
        Ok(Expr {
            span: self.span_from(start),
            kind: ExprKind::Call { function, args },
        })
    }

    fn reduction(&mut self, op: Reduction, start: usize) -> Read<Expr> {
        let binders = self.binders()?;
        let condition = self.expr_after("where")?.map(Box::new);
        let body = if self.take_sign(":") {
            Some(Box::new(self.expr()?))
        } else {
            None
        };
        self.need_sign(")", "close the bracket with  )")?;
        Ok(Expr {
            span: self.span_from(start),
            kind: ExprKind::Reduce {
                op,
                binders,
                condition,
                body,
            },
        })
    }

    /// `j in branch, k in branch`
    pub(crate) fn binders(&mut self) -> Read<Vec<Binder>> {
        let mut binders = Vec::new();
        loop {
            let letter = self.name("a letter")?;
            self.need_word("in", "write  LETTER in SET")?;
            binders.push(Binder {
                letter,
                domain: self.name("a set or a sector")?,
            });
            if !self.take_sign(",") {
                return Ok(binders);
            }
        }
    }

    /// `firms[coal].cash`
    pub(crate) fn path(&mut self) -> Read<Path> {
        let start = self.peek().start();
        let mut parts = vec![self.part(start)?];
        while self.is_sign(".") && !self.ahead(1).new_line {
            self.tight();
            self.next();
            self.tight();
            parts.push(self.part(start)?);
        }
        let call = self.is_sign("(") && !self.peek().spaced;
        if call && parts.len() > 1 {
            let balance = &self.text[start..self.behind().end()];
            let open = self.peek().start();
            return Err(self.period_in_brackets(balance, open));
        }
        Ok(Path {
            span: self.span_from(start),
            parts,
        })
    }

    /// One part of a path that begins at `start`.
    fn part(&mut self, start: usize) -> Read<PathPart> {
        let name = self.name("a name")?;
        let mut index = Vec::new();
        if self.is_sign("[") && !self.peek().spaced {
            self.tight();
            let open = self.next();
            if self.is_sign("-") || self.peek().kind == Kind::Number {
                let path = &self.text[start..open.start()];
                return Err(self.period_in_brackets(path, open.start()));
            }
            index = self.names("a member or a letter")?;
            if self.is_word("in") {
                return Err(self.letter_in_brackets());
            }
            self.need_sign("]", "close the index with  ]")?;
        }
        Ok(PathPart { name, index })
    }

    // --- units

    /// A unit that follows a number on its line: `RUB/t`, `t/person per month`, `per month`.
    pub(crate) fn unit_after_number(&mut self) -> Read<Option<UnitExpr>> {
        if self.peek().new_line || self.peek().kind != Kind::Word || self.called() {
            return Ok(None);
        }
        let word = self.show(self.peek());
        if word == "per" && self.ahead(1).kind == Kind::Word {
            return self.unit_term(false).map(Some);
        }
        if JOINING.contains(&word) {
            return Ok(None);
        }
        self.unit_term(true).map(Some)
    }

    fn unit_term(&mut self, first: bool) -> Read<UnitExpr> {
        let start = self.peek().start();
        let mut factors = Vec::new();
        if first {
            self.unit_factor(1, &mut factors)?;
        }
        loop {
            let piece = self.peek();
            let tight = piece.kind == Kind::Sign && !piece.spaced && !self.ahead(1).spaced;
            if tight && matches!(self.show(piece), "/" | "*") && self.ahead(1).kind == Kind::Word {
                self.tight();
                let sign = if self.next_text() == "/" { -1 } else { 1 };
                self.tight();
                self.unit_factor(sign, &mut factors)?;
            } else if self.is_word("per") && !piece.new_line && self.ahead(1).kind == Kind::Word {
                self.next();
                self.unit_factor(-1, &mut factors)?;
            } else {
                return Ok(UnitExpr {
                    span: self.span_from(start),
                    factors,
                });
            }
        }
    }

    fn unit_factor(&mut self, sign: i32, factors: &mut Vec<UnitFactor>) -> Read<()> {
        let name = self.name("a unit")?;
        let mut power = 1;
        if self.is_sign("^") && !self.peek().spaced {
            self.tight();
            self.next();
            self.tight();
            power = self.number()?.value as i32;
        }
        factors.push(UnitFactor {
            name,
            power: sign * power,
        });
        Ok(())
    }

    /// `[RUB/t]`, set off by a space.
    pub(crate) fn bracket_unit(&mut self) -> Read<Option<UnitExpr>> {
        if !self.is_sign("[") {
            return Ok(None);
        }
        let start = self.next().start();
        let mut factors = Vec::new();
        if self.peek().kind == Kind::Number && self.show(self.peek()) == "1" {
            self.next();
            while self.is_sign("/") || self.is_word("per") {
                let slash = self.is_sign("/");
                if slash {
                    self.tight();
                }
                self.next();
                if slash {
                    self.tight();
                }
                self.unit_factor(-1, &mut factors)?;
            }
        } else if self.is_word("per") {
            factors = self.unit_term(false)?.factors;
        } else {
            factors = self.unit_term(true)?.factors;
        }
        self.need_sign(
            "]",
            "write the unit without spaces around `/`, for example  [RUB/t]",
        )?;
        Ok(Some(UnitExpr {
            span: self.span_from(start),
            factors,
        }))
    }
}
