//! What moves by formula: equations, measures, checks, and the letters they run over.

use crate::ast::*;
use crate::lexer::Kind;
use crate::notes::Item;
use crate::parser::{Parser, Read};

impl Parser<'_> {
    pub(crate) fn each(&mut self) -> Read<DeclKind> {
        self.next();
        let binders = self.binders()?;
        let condition = self.expr_after("where")?;
        let decls = self.block(Item::Decl, |p| p.decl())?;
        Ok(DeclKind::Each(Each {
            binders,
            condition,
            decls,
        }))
    }

    pub(crate) fn equation(&mut self) -> Read<DeclKind> {
        let start = self.peek().start();
        let target = self.path()?;
        let mut unit = None;
        let mut title = Title::default();
        loop {
            if self.is_sign("[") {
                unit = self.bracket_unit()?;
            } else if self.peek().kind == Kind::Text && !self.peek().new_line {
                title = self.title();
            } else {
                break;
            }
        }
        if self.is_word("over") && !self.peek().new_line {
            return Err(self.over_a_set("", &target.parts[0].name));
        }
        if let Some(told) = self.formula_on_the_left(start, Some(&target)) {
            return Err(told);
        }
        if self.is_sign("(") && target.parts.len() == 1 {
            return Err(self.period_in_round(&target));
        }
        let help = match self.is_sign("~") {
            true => "write a random term into a formula:  NAME = normal(0, 1)",
            false => "explain the line:  NAME = FORMULA",
        };
        self.need_sign("=", help)?;
        let value = self.expr()?;
        let guess = self.expr_after("guess")?;
        if title.main.is_none() {
            title = self.title();
        }
        let cite = self.maybe_cite()?;
        Ok(DeclKind::Equation(Box::new(Equation {
            target,
            unit,
            title,
            value,
            guess,
            cite,
        })))
    }

    pub(crate) fn find(&mut self) -> Read<DeclKind> {
        self.next();
        let target = self.path()?;
        let unit = self.bracket_unit()?;
        let title = self.title();
        self.need_word("such", "write  find X such that A == B guess 1")?;
        self.need_word("that", "write  find X such that A == B guess 1")?;
        // The comparison is the equation: its sides are read one level below it.
        let whole = self.expr()?;
        let ExprKind::Binary {
            op: BinaryOp::Eq,
            left,
            right,
        } = whole.kind
        else {
            return Err(self.expected("an equation `A == B`", "write  find X such that A == B"));
        };
        let mut find = Find {
            target,
            unit,
            title,
            left: *left,
            right: *right,
            guess: None,
            rounding: None,
        };
        loop {
            if self.take_word("guess") {
                find.guess = Some(self.expr()?);
            } else if self.take_word("rounding") {
                self.need_word("to", "write  rounding to SECTOR")?;
                find.rounding = Some(self.path()?);
            } else {
                return Ok(DeclKind::Find(Box::new(find)));
            }
        }
    }

    pub(crate) fn measure(&mut self) -> Read<DeclKind> {
        self.next();
        let name = self.name("the name of a measure")?;
        let mut params = Vec::new();
        if self.is_sign("(") {
            self.tight();
            self.next();
            params = self.names("a name for what is measured")?;
            self.need_sign(")", "write  measure NAME(FIRST, SECOND) = FORMULA")?;
        }
        let index = self.index()?;
        self.no_over("measure", &name)?;
        let unit = self.bracket_unit()?;
        let mut title = self.title();
        self.need_sign("=", "explain the measure:  measure NAME = FORMULA")?;
        let value = self.expr()?;
        if title.main.is_none() {
            title = self.title();
        }
        Ok(DeclKind::Measure(Measure {
            name,
            params,
            index,
            unit,
            title,
            value,
        }))
    }

    pub(crate) fn check(&mut self) -> Read<DeclKind> {
        self.next();
        let title = self.need_string("what is checked")?;
        let title = self.title_after(title);
        let when = if self.take_word("always") {
            CheckWhen::Always
        } else if self.take_word("from") {
            let from = self.date()?;
            self.need_word("to", "write  from 1990 to 1995")?;
            CheckWhen::Range(from, self.date()?)
        } else {
            self.need_word("at", "say when:  always,  at end,  at 1994-06")?;
            if self.take_word("end") {
                CheckWhen::AtEnd
            } else {
                CheckWhen::At(self.date()?)
            }
        };
        self.need_sign(":", "write  check \"title\" always: A == B")?;
        let condition = self.expr()?;
        let within = self.expr_after("within")?;
        Ok(DeclKind::Check(Check {
            title,
            when,
            condition,
            within,
        }))
    }
}
