//! What a model is given: sets, parameters, series, tables, events, choices.

use crate::ast::*;
use crate::lexer::Kind;
use crate::notes::Item;
use crate::parser::{Failed, Parser, Read};
use saldo_diag::Diagnostic;

impl Parser<'_> {
    /// `{ coal "Coal", oil "Oil" }`
    fn members(&mut self) -> Read<Vec<(Name, Title)>> {
        self.block(Item::Member, |p| {
            Ok((p.name("the name of a member")?, p.title()))
        })
    }

    /// In a model a set of names, in a scenario a value to set.
    pub(crate) fn set(&mut self) -> Read<DeclKind> {
        self.next();
        let sets_value = (1..40)
            .map(|n| self.ahead(n))
            .take_while(|piece| !piece.new_line)
            .any(|piece| self.show(piece) == "=" && piece.kind == Kind::Sign);
        let path = self.ahead(1);
        let indexed = self.show(path) == "[" && !path.spaced;
        if sets_value || indexed || self.show(path) == "." {
            return self.set_value();
        }
        let name = self.name("the name of a set")?;
        let title = self.title();
        if let Some(table) = self.table()? {
            return Ok(DeclKind::Set(Set {
                name,
                title,
                members: Vec::new(),
                table: Some(table),
            }));
        }
        let members = self.members()?;
        Ok(DeclKind::Set(Set {
            name,
            title,
            members,
            table: None,
        }))
    }

    /// `from "file.csv" where variable == gdp column value as linear`
    pub(crate) fn table(&mut self) -> Read<Option<Table>> {
        if !self.is_word("from") || self.ahead(1).kind != Kind::Text {
            return Ok(None);
        }
        let start = self.next().start();
        let path = self.need_string("a file")?;
        let mut table = Table {
            path,
            column: None,
            fill: None,
            rows: Vec::new(),
            span: self.span_from(start),
        };
        loop {
            if self.take_word("column") {
                table.column = Some(self.column()?);
            } else if self.is_word("as")
                && matches!(self.show(self.ahead(1)), "step" | "linear" | "growth")
            {
                self.next();
                table.fill = Some(self.name("step, linear or growth")?);
            } else if self.take_word("where") {
                table.rows = self.row_filter()?;
            } else {
                table.span = self.span_from(start);
                return Ok(Some(table));
            }
        }
    }

    pub(crate) fn column(&mut self) -> Read<Name> {
        match self.string() {
            Some(text) => Ok(Name {
                text: text.text,
                span: text.span,
            }),
            None => self.name("the name of a column"),
        }
    }

    fn row_filter(&mut self) -> Read<Vec<(Name, Text)>> {
        let mut rows = Vec::new();
        loop {
            let column = self.column()?;
            self.need_sign("==", "write  where COLUMN == VALUE")?;
            let piece = self.peek();
            let value = match self.string() {
                Some(text) => text,
                None => {
                    self.next();
                    Text {
                        text: self.show(piece).into(),
                        span: self.span_of(piece),
                    }
                }
            };
            rows.push((column, value));
            if !self.take_sign(",") {
                return Ok(rows);
            }
        }
    }

    /// `[branch, region]` right behind a name.
    pub(crate) fn index(&mut self) -> Read<Vec<Name>> {
        if !self.is_sign("[") || self.peek().spaced {
            return Ok(Vec::new());
        }
        self.tight();
        self.next();
        let names = self.names("the name of a set")?;
        if self.is_word("in") {
            return Err(self.letter_in_brackets());
        }
        self.need_sign("]", "close the index with  ]")?;
        Ok(names)
    }

    pub(crate) fn param(&mut self) -> Read<DeclKind> {
        self.next();
        let name = self.name("the name of a parameter")?;
        let index = self.index()?;
        self.no_over("param", &name)?;
        let mut param = Param {
            name,
            index,
            unit: None,
            value: None,
            values: Vec::new(),
            table: None,
            title: Title::default(),
            ground: Ground::Neither,
        };
        loop {
            if self.is_sign("[") && param.unit.is_none() {
                param.unit = self.bracket_unit()?;
            } else if self.peek().kind == Kind::Text && !self.peek().new_line {
                param.title = self.title();
            } else if self.take_sign("=") {
                param.value = Some(self.expr()?);
            } else if self.is_sign("{") {
                param.values = self.block(Item::Value, |p| p.element_value())?;
            } else if let Some(table) = self.table()? {
                param.table = Some(table);
            } else if self.is_word("cite") || self.is_word("assumed") {
                param.ground = self.ground()?;
            } else {
                return Ok(DeclKind::Param(Box::new(param)));
            }
        }
    }

    /// `coal, kuzbass = 3`
    fn element_value(&mut self) -> Read<(Vec<Name>, Expr)> {
        let names = self.names("the name of a member")?;
        self.need_sign("=", "write  MEMBER = VALUE")?;
        Ok((names, self.expr()?))
    }

    pub(crate) fn series(&mut self) -> Read<DeclKind> {
        self.next();
        let name = self.name("the name of a series")?;
        let index = self.index()?;
        self.no_over("series", &name)?;
        let mut series = Series {
            name,
            index,
            unit: None,
            title: Title::default(),
            table: None,
            ground: Ground::Neither,
        };
        loop {
            if self.is_sign("[") {
                series.unit = self.bracket_unit()?;
            } else if self.peek().kind == Kind::Text && !self.peek().new_line {
                series.title = self.title();
            } else if let Some(table) = self.table()? {
                series.table = Some(table);
            } else if self.is_word("cite") || self.is_word("assumed") {
                series.ground = self.ground()?;
            } else if self.is_word("as") && !self.peek().new_line {
                return Err(self.no_fill());
            } else {
                return Ok(DeclKind::Series(Box::new(series)));
            }
        }
    }

    fn no_fill(&mut self) -> Failed {
        let rule = self.show(self.ahead(1)).to_string();
        let problem = Diagnostic::error(
            "fill-unknown",
            format!("`as {rule}` is no rule for the periods between"),
        )
        .at(self.span_of(self.ahead(1)), "not known")
        .why("What a path is between two given values changes the result, so it is said in one of three ways.")
        .help("write  as step,  as linear  or  as growth");
        self.complain(problem)
    }

    /// `on D`, `from D to D`, `from D`
    pub(crate) fn when(&mut self) -> Read<DateRange> {
        if self.take_word("on") || self.take_word("in") {
            return Ok(DateRange {
                from: self.date()?,
                to: None,
                open: false,
            });
        }
        self.need_word(
            "from",
            "say when:  on 1992-01-02  or  from 1995-07 to 1997-12",
        )?;
        let from = self.date()?;
        let to = if self.take_word("to") {
            Some(self.date()?)
        } else {
            None
        };
        Ok(DateRange {
            from,
            to,
            open: to.is_none(),
        })
    }

    pub(crate) fn event(&mut self) -> Read<DeclKind> {
        self.next();
        let name = self.name("the name of an event")?;
        let mut title = self.title();
        let when = self.when()?;
        if title.main.is_none() {
            title = self.title();
        }
        Ok(DeclKind::Event(Event {
            name,
            when,
            title,
            ground: self.ground()?,
        }))
    }

    pub(crate) fn choice(&mut self) -> Read<DeclKind> {
        self.next();
        let name = self.name("the name of a choice")?;
        let title = self.title();
        let members = self.members()?;
        Ok(DeclKind::Choice(Choice {
            name,
            title,
            members,
            ground: self.ground()?,
        }))
    }
}
