//! Evidence and scenario files.

use crate::ast::*;
use crate::lexer::Kind;
use crate::notes::Item;
use crate::parser::{Parser, Read};
use saldo_diag::Span;

impl Parser<'_> {
    pub(crate) fn evidence_decl(&mut self) -> Read<DeclKind> {
        match self.next_text() {
            "source" => self.source(),
            "observe" => self.observe(),
            "claim" => self.claim(),
            "prior" => self.prior(),
            _ => self.doubt(),
        }
    }

    fn source(&mut self) -> Read<DeclKind> {
        let key = self.name("the key of a source")?;
        let fields = self.block(Item::Field, |p| {
            let field = p.name("title, by, year or another field")?;
            let piece = p.peek();
            let text = match p.string() {
                Some(text) => text,
                None => {
                    p.next();
                    Text {
                        text: p.show(piece).into(),
                        span: p.span_of(piece),
                    }
                }
            };
            Ok((field, text))
        })?;
        Ok(DeclKind::Source(SourceDecl { key, fields }))
    }

    fn use_word(&mut self) -> Read<(Use, Span)> {
        let piece = self.peek();
        let use_as = match self.show(piece) {
            "fit" => Use::Fit,
            "test" => Use::Test,
            "show" => Use::Show,
            _ => {
                return Err(self.expected(
                    "fit, test or show",
                    "say what it is for:  for fit,  for test,  for show",
                ));
            }
        };
        self.next();
        Ok((use_as, self.span_of(piece)))
    }

    fn observe(&mut self) -> Read<DeclKind> {
        let quantity = self.expr()?;
        let title = self.title();
        let mut it = Observe {
            quantity,
            title,
            unit: None,
            points: Vec::new(),
            table: None,
            within_column: None,
            within: None,
            use_as: None,
            from: None,
            to: None,
            cite: None,
            index_base: None,
            gather: None,
        };
        while self.observe_clause(&mut it)? {}
        Ok(DeclKind::Observe(Box::new(it)))
    }

    fn observe_clause(&mut self, it: &mut Observe) -> Read<bool> {
        if self.is_sign("[") {
            it.unit = self.bracket_unit()?;
        } else if self.is_sign("{") {
            it.points = self.block(Item::Point, |p| p.point())?;
        } else if self.is_word("from") && self.ahead(1).kind == Kind::Text {
            it.table = self.table()?;
        } else if self.take_word("from") {
            it.from = Some(self.date()?);
        } else if self.take_word("to") {
            it.to = Some(self.date()?);
        } else if self.take_word("column") {
            let column = self.column()?;
            if let Some(table) = &mut it.table {
                table.column = Some(column);
            }
        } else if self.take_word("within") {
            match self.take_word("column") {
                true => it.within_column = Some(self.column()?),
                false => it.within = Some(self.expr()?),
            }
        } else if self.take_word("for") {
            it.use_as = Some(self.use_word()?);
        } else if self.take_word("as") {
            if self.take_word("index") {
                it.index_base = Some(self.date()?);
            } else {
                it.gather = Some(self.name("mean, total, end or growth")?);
            }
        } else if self.is_word("cite") {
            it.cite = Some(self.cite()?);
        } else if self.peek().kind == Kind::Text && !self.peek().new_line {
            it.title = self.title();
        } else {
            return Ok(false);
        }
        Ok(true)
    }

    /// `1990 : 395 within 3% for fit`
    fn point(&mut self) -> Read<Point> {
        let start = self.peek().start();
        let date = self.date()?;
        self.need_sign(":", "write  1990 : 395 within 3% for fit")?;
        let value = self.expr()?;
        let within = self.expr_after("within")?;
        let use_as = if self.take_word("for") {
            Some(self.use_word()?)
        } else {
            None
        };
        Ok(Point {
            span: self.span_from(start),
            date,
            value,
            within,
            use_as,
        })
    }

    fn claim(&mut self) -> Read<DeclKind> {
        if self.peek().kind == Kind::Text {
            let help =
                "a name stands before the title:  claim NAME \"title\" : A == B by \"speaker\"";
            return Err(self.expected("the name of a claim", help));
        }
        let name = self.name("the name of a claim")?;
        let title = self.title();
        let mut it = Claim {
            name,
            title,
            condition: None,
            at: None,
            within: None,
            by: None,
            cite: None,
            doubt: None,
            needs: None,
        };
        loop {
            if self.take_sign(":") {
                it.condition = Some(self.expr()?);
            } else if self.take_word("at") {
                let from = self.date()?;
                let to = if self.take_word("to") {
                    Some(self.date()?)
                } else {
                    None
                };
                it.at = Some((from, to));
            } else if self.take_word("within") {
                it.within = Some(self.expr()?);
            } else if self.take_word("by") {
                it.by = Some(self.need_string("who says so")?);
            } else if self.is_word("cite") {
                it.cite = Some(self.cite()?);
            } else if self.is_word("doubt") && (!self.peek().new_line || self.ahead_is_reason()) {
                self.next();
                it.doubt = Some(self.need_string("why it is doubtful")?);
            } else if self.is_word("needs") && self.ahead(1).kind == Kind::Text {
                self.next();
                it.needs = Some(self.need_string("what a model needs for it")?);
            } else {
                return Ok(DeclKind::Claim(Box::new(it)));
            }
        }
    }

    /// `doubt "…"` on a line of its own is a declaration only if `on` follows.
    fn ahead_is_reason(&self) -> bool {
        self.ahead(1).kind == Kind::Text && self.show(self.ahead(2)) != "on"
    }

    fn prior(&mut self) -> Read<DeclKind> {
        let target = self.path()?;
        self.need_sign("~", "write  prior NAME ~ normal(0, 1)")?;
        let distribution = self.expr()?;
        let within = if self.take_word("within") {
            let low = self.expr()?;
            self.need_sign("..", "write  within 0 .. 1")?;
            Some((low, self.expr()?))
        } else {
            None
        };
        Ok(DeclKind::Prior(Box::new(Prior {
            target,
            distribution,
            within,
            ground: self.ground()?,
        })))
    }

    fn doubt(&mut self) -> Read<DeclKind> {
        let text = self.need_string("what is doubtful")?;
        self.need_word("on", "say which quantity:  on raised")?;
        let on = self.path()?;
        let mut it = Doubt {
            text,
            on,
            from: None,
            to: None,
            widen: None,
        };
        loop {
            if self.take_word("from") {
                it.from = Some(self.date()?);
            } else if self.take_word("to") {
                it.to = Some(self.date()?);
            } else if self.take_word("widen") {
                it.widen = Some(self.expr()?);
            } else {
                return Ok(DeclKind::Doubt(it));
            }
        }
    }

    // --- scenarios

    pub(crate) fn scenario_decl(&mut self) -> Read<DeclKind> {
        match self.next_text() {
            "move" => self.move_event(),
            "cancel" => Ok(DeclKind::Cancel {
                event: self.name("the name of an event")?,
            }),
            "run" => self.run(),
            "compare" => {
                self.need_word("with", "write  compare with baseline")?;
                Ok(DeclKind::Compare {
                    with: self.name("a scenario or baseline")?,
                })
            }
            "fix" => self.plan().map(DeclKind::Fix),
            "target" => {
                let mut plan = self.plan()?;
                self.need_word("by", "say which parameter may move:  by PARAM")?;
                let by = self.path()?;
                self.plan_dates(&mut plan)?;
                Ok(DeclKind::Target { plan, by })
            }
            _ => self.given(),
        }
    }

    fn move_event(&mut self) -> Read<DeclKind> {
        let event = self.name("the name of an event")?;
        self.need_word("to", "write  move EVENT to 1993-01-02")?;
        if self.is_date() {
            return Ok(DeclKind::Move {
                event,
                to: DateRange {
                    from: self.date()?,
                    to: None,
                    open: false,
                },
            });
        }
        Ok(DeclKind::Move {
            event,
            to: self.when()?,
        })
    }

    fn run(&mut self) -> Read<DeclKind> {
        let (mut draws, mut seed, mut to) = (None, None, None);
        loop {
            if self.take_word("to") {
                to = Some(self.date()?);
            } else if self.take_word("seed") {
                seed = Some(self.number()?);
            } else if self.peek().kind == Kind::Number && !self.peek().new_line {
                draws = Some(self.number()?);
                self.need_word("draws", "write  run 500 draws seed 1992")?;
            } else {
                return Ok(DeclKind::Run { draws, seed, to });
            }
        }
    }

    fn plan(&mut self) -> Read<Plan> {
        let target = self.path()?;
        self.need_sign("=", "write  NAME = PATH")?;
        let value = self.expr()?;
        let mut plan = Plan {
            target,
            value,
            from: None,
            to: None,
        };
        self.plan_dates(&mut plan)?;
        Ok(plan)
    }

    fn plan_dates(&mut self, plan: &mut Plan) -> Read<()> {
        if self.take_word("from") {
            plan.from = Some(self.date()?);
        }
        if self.take_word("to") {
            plan.to = Some(self.date()?);
        }
        Ok(())
    }

    fn given(&mut self) -> Read<DeclKind> {
        let target = self.path()?;
        let log = self.is_sign("*");
        if !log {
            self.need_sign("+", "write  given NAME + AMOUNT  or  given NAME * FACTOR")?;
        } else {
            self.next();
        }
        let value = self.expr()?;
        let mut plan = Plan {
            target,
            value,
            from: None,
            to: None,
        };
        self.plan_dates(&mut plan)?;
        Ok(DeclKind::Given { plan, log })
    }

    /// `set support = 80% from 1994-01 to 1995-12`
    pub(crate) fn set_value(&mut self) -> Read<DeclKind> {
        let target = self.path()?;
        let mut set = SetValue {
            target,
            value: None,
            table: None,
            from: None,
            to: None,
        };
        loop {
            if self.take_sign("=") {
                if self.is_sign("{") {
                    let name = set.target.parts[0].name.text;
                    let help = format!("write  set {name} {{ first, second }}  without the sign");
                    return Err(self.expected("a value", &help));
                }
                set.value = Some(self.expr()?);
            } else if self.is_word("from") && self.ahead(1).kind == Kind::Text {
                set.table = self.table()?;
            } else if self.take_word("from") {
                set.from = Some(self.date()?);
            } else if self.take_word("to") {
                set.to = Some(self.date()?);
            } else {
                return Ok(DeclKind::SetValue(Box::new(set)));
            }
        }
    }

    /// `show EXPR "title" as fan 50%, 90%`
    pub(crate) fn show_decl(&mut self) -> Read<DeclKind> {
        self.next();
        let value = self.expr()?;
        let mut show = Show {
            value,
            title: self.title(),
            unit: None,
            style: None,
            bands: Vec::new(),
        };
        loop {
            if self.is_sign("[") {
                show.unit = self.bracket_unit()?;
            } else if self.peek().kind == Kind::Text && !self.peek().new_line {
                show.title = self.title();
            } else if self.take_word("as") {
                show.style = Some(self.name("fan, deviation, percent or log")?);
                while self.peek().kind == Kind::Percent && !self.peek().new_line {
                    show.bands.push(self.expr()?);
                    self.take_sign(",");
                }
            } else {
                return Ok(DeclKind::Show(Box::new(show)));
            }
        }
    }
}
