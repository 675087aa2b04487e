//! Blocks that move balances, and the opening.

use crate::ast::*;
use crate::lexer::Kind;
use crate::notes::Item;
use crate::parser::{Parser, Read};

impl Parser<'_> {
    fn of(&mut self) -> Read<Option<Path>> {
        if self.take_word("of") {
            self.path().map(Some)
        } else {
            Ok(None)
        }
    }

    pub(crate) fn flows(&mut self) -> Read<DeclKind> {
        self.next();
        self.need_word("in", "write  flows in cash { … }")?;
        let instrument = self.name("an instrument")?;
        let of = self.of()?;
        let flows = self.block(Item::Flow, |p| p.flow())?;
        Ok(DeclKind::Flows(Flows {
            instrument,
            of,
            flows,
        }))
    }

    pub(crate) fn exchange(&mut self) -> Read<DeclKind> {
        self.next();
        let first = self.name("an instrument or good")?;
        let first_of = self.of()?;
        self.need_word("for", "write  exchange coal for cash { … }")?;
        let second = self.name("an instrument or good")?;
        let second_of = self.of()?;
        let flows = self.block(Item::Flow, |p| p.flow())?;
        Ok(DeclKind::Exchange(Exchange {
            first,
            first_of,
            second,
            second_of,
            flows,
        }))
    }

    fn flow(&mut self) -> Read<Flow> {
        let start = self.peek().start();
        if self.is_word("each") && self.show(self.ahead(2)) == "in" {
            return Err(self.each_inside());
        }
        let name = self.name("the name of a flow")?;
        let title = self.title();
        self.need_sign(":", "write  NAME : GIVER -> TAKER = AMOUNT")?;
        let left = self.side()?;
        let signed = self.take_sign("<->");
        if !signed {
            self.need_sign("->", "say who gives and who takes:  GIVER -> TAKER")?;
        }
        let right = self.side()?;
        let mut flow = Flow {
            span: self.span_from(start),
            name,
            title,
            left,
            right,
            signed,
            of: None,
            amount: None,
            until: None,
            price: None,
            on: None,
            chance: None,
            limit: None,
            after: None,
            market: Vec::new(),
            cite: None,
        };
        while self.flow_clause(&mut flow)? {}
        flow.span = self.span_from(start);
        if !self.line_ended() {
            return Err(self.expected(
                "the end of the line",
                "known here: = until at on with chance limit short after of",
            ));
        }
        Ok(flow)
    }

    fn flow_clause(&mut self, flow: &mut Flow) -> Read<bool> {
        let span = self.span_of(self.peek());
        if self.take_sign("=") {
            flow.amount = Some(self.expr()?);
            return Ok(true);
        }
        if self.peek().kind == Kind::Text && !self.peek().new_line {
            flow.title = self.title();
            return Ok(true);
        }
        if self.peek().kind != Kind::Word || (self.peek().new_line && self.begins_flow()) {
            return Ok(false);
        }
        match self.show(self.peek()) {
            "of" => flow.of = self.of()?,
            "until" => flow.until = Some(Box::new(self.until()?)),
            "at" => {
                self.next();
                flow.price = Some(Box::new(self.expr()?));
            }
            "on" => {
                self.next();
                flow.on = Some(self.name("the name of an event")?);
            }
            "with" => {
                self.next();
                self.need_word("chance", "write  with chance 10% per month")?;
                flow.chance = Some(Box::new(self.expr()?));
            }
            "limit" => {
                self.next();
                flow.limit = Some(Box::new(self.expr()?));
            }
            "after" => {
                self.next();
                flow.after = Some(self.name("the name of a flow")?);
            }
            "cite" => flow.cite = Some(self.cite()?),
            "short" | "rounds" | "visits" | "skip" => self.market_clause(flow, span)?,
            _ => return Ok(false),
        }
        Ok(true)
    }

    /// A new line whose word is followed by a title or a colon is the next flow.
    fn begins_flow(&self) -> bool {
        let next = self.ahead(1);
        next.kind == Kind::Text || self.show(next) == ":"
    }

    fn market_clause(&mut self, flow: &mut Flow, span: saldo_diag::Span) -> Read<()> {
        let piece = self.next();
        match self.show(piece) {
            "short" => {
                let protocol = match self.next_text() {
                    "pro" => {
                        self.need_word("rata", "write  short pro rata")?;
                        "short pro rata"
                    }
                    "queue" => "short queue",
                    _ => "short stop",
                };
                flow.market.push((protocol, span));
            }
            "skip" => {
                self.need_word("if", "write  skip if short")?;
                self.need_word("short", "write  skip if short")?;
                flow.market.push(("skip if short", span));
            }
            word => {
                self.number()?;
                flow.market
                    .push((if word == "rounds" { "rounds" } else { "visits" }, span));
            }
        }
        Ok(())
    }

    fn until(&mut self) -> Read<Until> {
        let start = self.next().start();
        self.need_word("closing", "write  until closing firms.cash == 0")?;
        let account = self.path()?;
        self.need_sign("==", "write  until closing firms.cash == 0")?;
        let target = self.expr()?;
        Ok(Until {
            span: self.span_from(start),
            account,
            target,
        })
    }

    pub(crate) fn side(&mut self) -> Read<Side> {
        let start = self.peek().start();
        let mut each = None;
        let mut market = None;
        let leads = |p: &Self| p.ahead(1).kind == Kind::Word && !p.ahead(1).new_line;
        if self.is_word("each") && leads(self) {
            self.next();
            each = Some(EachSide {
                letter: None,
                of: None,
            });
        } else if self.is_word("one") && leads(self) {
            self.next();
            market = Some("one");
        } else if self.is_word("best") && leads(self) {
            self.next();
            self.need_word("of", "write  best of 5 s in shops")?;
            self.number()?;
            market = Some("best of");
        }
        let mut letter = None;
        if self.show(self.ahead(1)) == "in" && self.ahead(1).kind == Kind::Word {
            letter = Some(self.name("a letter")?);
            self.next();
        }
        if let Some(each) = &mut each {
            each.letter = letter;
            each.of = self.roll();
        }
        let path = self.path()?;
        let condition = self.expr_after("where")?.map(Box::new);
        let by = self.expr_after("by")?.map(Box::new);
        Ok(Side {
            span: self.span_from(start),
            path,
            each,
            market,
            condition,
            by,
        })
    }

    fn roll(&mut self) -> Option<Roll> {
        let roll = match self.show(self.peek()) {
            "holders" => Roll::Holders,
            "issuers" => Roll::Issuers,
            _ => return None,
        };
        if self.show(self.ahead(1)) != "of" {
            return None;
        }
        self.next();
        self.next();
        Some(roll)
    }

    pub(crate) fn process(&mut self) -> Read<DeclKind> {
        self.next();
        let name = self.name("the name of a process")?;
        let mut title = self.title();
        self.need_word("by", "say who does it:  process mining by mines { … }")?;
        let by = self.path()?;
        if title.main.is_none() {
            title = self.title();
        }
        let lines = self.block(Item::ProcessLine, |p| p.process_line())?;
        Ok(DeclKind::Process(Process {
            name,
            title,
            by,
            lines,
        }))
    }

    fn process_line(&mut self) -> Read<ProcessLine> {
        let start = self.peek().start();
        let makes = self.is_word("makes");
        if !makes && !self.is_word("uses") {
            return Err(self.expected(
                "`makes` or `uses`",
                "write  makes coal = AMOUNT  or  uses coal = AMOUNT",
            ));
        }
        self.next();
        let good = self.path()?;
        let mut line = ProcessLine {
            span: self.span_from(start),
            makes,
            good,
            title: self.title(),
            amount: None,
            until: None,
            on: None,
        };
        loop {
            if self.take_sign("=") {
                line.amount = Some(self.expr()?);
            } else if self.is_word("until") {
                line.until = Some(Box::new(self.until()?));
            } else if self.take_word("on") {
                line.on = Some(self.name("the name of an event")?);
            } else if self.peek().kind == Kind::Text && !self.peek().new_line {
                line.title = self.title();
            } else {
                line.span = self.span_from(start);
                return Ok(line);
            }
        }
    }

    // --- the opening

    pub(crate) fn start(&mut self) -> Read<DeclKind> {
        self.next();
        let mut start = Start {
            empty: false,
            others_empty: false,
            stationary: false,
            lines: Vec::new(),
        };
        if self.take_word("empty") {
            start.empty = true;
            return Ok(DeclKind::Start(start));
        }
        let lines = self.block(Item::Opening, |p| p.start_item())?;
        for line in lines {
            match line {
                StartItem::Others => start.others_empty = true,
                StartItem::Stationary => start.stationary = true,
                StartItem::Line(line) => start.lines.push(*line),
            }
        }
        Ok(DeclKind::Start(start))
    }

    fn start_item(&mut self) -> Read<StartItem> {
        let begin = self.peek().start();
        if self.is_word("others") && self.show(self.ahead(1)) == "empty" {
            self.next();
            self.next();
            return Ok(StartItem::Others);
        }
        if self.is_word("stationary") && self.show(self.ahead(1)) != "=" {
            self.next();
            return Ok(StartItem::Stationary);
        }
        self.take_word("each");
        let path = self.path()?;
        let value = self.start_value()?;
        let line = StartLine {
            span: self.span_from(begin),
            path,
            value,
        };
        if !self.line_ended() && !self.is_sign(",") {
            return Err(self.expected("the end of the line", "one opening per line"));
        }
        Ok(StartItem::Line(Box::new(line)))
    }

    fn start_value(&mut self) -> Read<StartValue> {
        if self.is_sign("~") {
            let piece = self.next();
            let span = self.span_of(piece);
            self.expr()?;
            return Ok(StartValue::Drawn(span));
        }
        if let Some(table) = self.table()? {
            return Ok(StartValue::Table(table));
        }
        if self.take_sign(":") {
            return self.dated_values();
        }
        self.need_sign("=", "write  households.cash = AMOUNT")?;
        let value = self.expr()?;
        if self.take_word("split") {
            self.need_word("by", "write  = TOTAL split by WEIGHT")?;
            return Ok(StartValue::Split {
                total: value,
                by: self.expr()?,
            });
        }
        if self.take_word("of") {
            return self.parts(value);
        }
        Ok(StartValue::Value(value))
    }

    /// `1989 = 98, 1990 = 100`
    fn dated_values(&mut self) -> Read<StartValue> {
        let mut values = Vec::new();
        loop {
            let date = self.date()?;
            self.need_sign("=", "write  1989 = 98, 1990 = 100")?;
            values.push((date, self.expr()?));
            if !self.take_sign(",") {
                return Ok(StartValue::Dated(values));
            }
        }
    }

    /// `of firms 60 usd, households 40 usd`
    fn parts(&mut self, total: Expr) -> Read<StartValue> {
        let mut parts = Vec::new();
        loop {
            let path = self.path()?;
            parts.push((path, self.expr()?));
            if !self.take_sign(",") {
                return Ok(StartValue::ByIssuer {
                    total: Some(total),
                    parts,
                });
            }
        }
    }
}

enum StartItem {
    Others,
    Stationary,
    Line(Box<StartLine>),
}
