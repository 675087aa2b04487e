//! Declarations of model files.
//!
//! Long because the grammar is: a function for each kind of declaration.

use crate::ast::*;
use crate::lexer::Kind;
use crate::notes::Item;
use crate::parser::{Failed, Parser, Read};
use saldo_diag::Diagnostic;

/// Words that begin a declaration; as names they need backquotes.
pub const KEYWORDS: &[&str] = &[
    "model",
    "time",
    "unit",
    "use",
    "set",
    "sector",
    "population",
    "good",
    "instrument",
    "param",
    "series",
    "event",
    "choice",
    "link",
    "flows",
    "exchange",
    "process",
    "each",
    "find",
    "start",
    "measure",
    "check",
    "enter",
    "exit",
    "record",
    "match",
    "release",
    "switch",
    "auction",
    "redenominate",
    "cite",
    "source",
    "observe",
    "claim",
    "prior",
    "doubt",
    "move",
    "cancel",
    "run",
    "compare",
    "show",
    "fix",
    "target",
    "given",
    "evidence",
    "scenario",
];

/// What can be said of a claim or a thing.
const ASSET_WORDS: &[&str] = &[
    "issued",
    "held",
    "through",
    "priced",
    "pooled",
    "bilateral",
    "fixed",
    "settles",
];

impl Parser<'_> {
    pub(crate) fn decl(&mut self) -> Read<Decl> {
        let (began, start) = (self.place(), self.peek().start);
        let kind = self.decl_kind()?;
        let span = self.span_from(start);
        if !self.line_ended() {
            // What was read stands, so that nothing else seems to miss it.
            self.rest_of_line();
            self.skip_line(began);
        }
        Ok(Decl { span, kind })
    }

    /// Something follows a complete declaration.
    fn rest_of_line(&mut self) -> Failed {
        if self.is_sign(",") && self.peek_is_thousands() {
            let problem = Diagnostic::error("foreign-sign", "thousands are grouped with _")
                .at(self.span_of(self.peek()), "not expected here")
                .why("A comma separates; read as a decimal sign it would make a number a thousand times smaller.")
                .help("write  1_000  for a thousand,  1.5  for one and a half");
            return self.complain(problem);
        }
        let foreign = self.foreign_sign("the end of the line");
        let problem = foreign.unwrap_or_else(|| {
            Diagnostic::error("line-rest", "this line says more than one thing")
                .at(self.span_of(self.peek()), "not expected here")
                .why("A declaration ends where its line ends; what follows has no place in it.")
                .help("begin a new line here, or mend the word")
        });
        self.complain(problem)
    }

    /// `1,000`: a comma with a number behind it.
    fn peek_is_thousands(&self) -> bool {
        let next = self.ahead(1);
        next.kind == Kind::Number && next.start == self.peek().end
    }

    fn decl_kind(&mut self) -> Read<DeclKind> {
        let piece = self.peek();
        let word = self.show(piece);
        if piece.kind == Kind::Quoted {
            return self.equation();
        }
        if piece.kind != Kind::Word {
            return Err(self.expected(
                "a declaration",
                "begin the line with a name or a word such as  param,  flows,  event",
            ));
        }
        let follows = self.ahead(1);
        let equals = follows.kind == Kind::Sign && matches!(self.show(follows), "=" | ":=");
        if KEYWORDS.contains(&word) && equals {
            return Err(self.reserved(word));
        }
        match word {
            "model" | "evidence" | "scenario"
                if follows.kind == Kind::Word && !follows.new_line =>
            {
                Err(self.header_late(word))
            }
            "var" | "let" | "const" | "def" if follows.kind == Kind::Word && !follows.new_line => {
                Err(self.foreign_word(word))
            }
            "cite" => self.cite().map(DeclKind::Cite),
            "time" => self.time(),
            "unit" => self.unit(),
            "use" => self.use_decl(),
            "set" => self.set(),
            "sector" => self.sector(),
            "population" => self.population(),
            "good" => self.good(),
            "instrument" => self.instrument(),
            "param" => self.param(),
            "series" => self.series(),
            "event" => self.event(),
            "choice" => self.choice(),
            "flows" => self.flows(),
            "exchange" => self.exchange(),
            "process" => self.process(),
            "each" => self.each(),
            "find" => self.find(),
            "start" => self.start(),
            "measure" => self.measure(),
            "check" => self.check(),
            "redenominate" => self.redenominate(),
            "link" => self.link().map(DeclKind::Link),
            "enter" => self.enter().map(DeclKind::Enter),
            "exit" => self.exit().map(DeclKind::Exit),
            "record" => self.record().map(DeclKind::Record),
            "match" => self.matching().map(DeclKind::Match),
            "release" => self.release().map(DeclKind::Release),
            "switch" => self.switch().map(DeclKind::Switch),
            "auction" => self.auction().map(DeclKind::Auction),
            "show" => self.show_decl(),
            "source" | "observe" | "claim" | "prior" | "doubt" => self.evidence_decl(),
            "move" | "cancel" | "run" | "compare" | "fix" | "target" | "given" => {
                self.scenario_decl()
            }
            _ => self.equation(),
        }
    }

    fn reserved(&mut self, word: &str) -> Failed {
        let problem = Diagnostic::error(
            "reserved-word",
            format!("`{word}` is a word of the language"),
        )
        .at(self.span_of(self.peek()), "used as a name")
        .why("A line that begins with it would be read as another declaration.")
        .help(format!(
            "put it in backquotes:  `{word}`  or choose another name"
        ));
        self.complain(problem)
    }

    fn header_late(&mut self, word: &str) -> Failed {
        let problem = Diagnostic::error(
            "header-late",
            format!("`{word}` stands at the head of its file"),
        )
        .at(self.span_of(self.peek()), "after other lines")
        .why("What a file is decides how each of its lines is read.")
        .help("make it the first line of the file");
        self.complain(problem)
    }

    pub(crate) fn cite(&mut self) -> Read<Cite> {
        self.need_word("cite", "write  cite SOURCE \"page\"")?;
        let key = self.name("the key of a source")?;
        let place = if self.peek().new_line {
            None
        } else {
            self.string()
        };
        Ok(Cite { key, place })
    }

    pub(crate) fn maybe_cite(&mut self) -> Read<Option<Cite>> {
        if self.is_word("cite") {
            self.cite().map(Some)
        } else {
            Ok(None)
        }
    }

    pub(crate) fn ground(&mut self) -> Read<Ground> {
        if self.is_word("cite") {
            return self.cite().map(Ground::Cite);
        }
        if self.take_word("assumed") {
            return self.need_string("why it is assumed").map(Ground::Assumed);
        }
        Ok(Ground::Neither)
    }

    fn time(&mut self) -> Read<DeclKind> {
        self.next();
        let piece = self.peek();
        let frequency = match self.show(piece) {
            "yearly" => Frequency::Yearly,
            "quarterly" => Frequency::Quarterly,
            "monthly" => Frequency::Monthly,
            "daily" => Frequency::Daily,
            _ => {
                return Err(self.expected(
                    "yearly, quarterly, monthly or daily",
                    "write  time monthly from 1985-01 to 2018-12",
                ));
            }
        };
        self.next();
        self.need_word("from", "write  time monthly from 1985-01 to 2018-12")?;
        let from = self.date()?;
        self.need_word("to", "say when the model ends:  to 2018-12")?;
        let to = self.date()?;
        Ok(DeclKind::Time(Time {
            frequency,
            frequency_span: self.span_of(piece),
            from,
            to,
        }))
    }

    fn unit(&mut self) -> Read<DeclKind> {
        self.next();
        let names = self.names("the name of a unit")?;
        let mut unit = Unit {
            names,
            title: self.title(),
            kind: None,
            definition: None,
            resolution: None,
        };
        loop {
            if self.take_sign(":") {
                unit.kind = Some(self.name("money, count or another kind")?);
            } else if self.take_sign("=") {
                unit.definition = Some(self.expr()?);
            } else if self.take_word("to") {
                unit.resolution = Some(self.number()?);
            } else if self.peek().kind == Kind::Text && !self.peek().new_line {
                unit.title = self.title();
            } else {
                return Ok(DeclKind::Unit(unit));
            }
        }
    }

    fn use_decl(&mut self) -> Read<DeclKind> {
        self.next();
        if self.peek().kind == Kind::Text {
            return Ok(DeclKind::Use {
                path: self.need_string("a file")?,
            });
        }
        let choice = self.name("a file in quotes, or a choice")?;
        self.need_sign("=", "write  use CHOICE = EXPLANATION")?;
        Ok(DeclKind::UseChoice {
            choice,
            member: self.name("one of its explanations")?,
        })
    }

    /// `{ coal "Coal", oil "Oil" }`
    fn members(&mut self) -> Read<Vec<(Name, Title)>> {
        self.block(Item::Member, |p| {
            Ok((p.name("the name of a member")?, p.title()))
        })
    }

    /// In a model a set of names, in a scenario a value to set.
    fn set(&mut self) -> Read<DeclKind> {
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
        let start = self.next().start;
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

    fn sector(&mut self) -> Read<DeclKind> {
        self.next();
        let name = self.name("the name of a sector")?;
        let mut sector = Sector {
            name,
            over: Vec::new(),
            title: self.title(),
            pays: Vec::new(),
            currency: None,
        };
        loop {
            if self.take_word("over") {
                sector.over = self.names("the name of a set")?;
            } else if self.take_word("pays") {
                sector.pays.push(self.name("the name of a flow")?);
                while self.take_word("before") {
                    sector.pays.push(self.name("the name of a flow")?);
                }
            } else if self.is_word("in") {
                self.next();
                let start = self.peek().start;
                let name = self.name("a currency")?;
                sector.currency = Some(UnitExpr {
                    span: self.span_from(start),
                    factors: vec![UnitFactor { name, power: 1 }],
                });
            } else if self.peek().kind == Kind::Text && !self.peek().new_line {
                sector.title = self.title();
            } else {
                return Ok(DeclKind::Sector(sector));
            }
        }
    }

    fn asset(&mut self, what: &str) -> Read<Asset> {
        self.next();
        let name = self.name(what)?;
        let mut title = self.title();
        let Some(unit) = self.bracket_unit()? else {
            return Err(self.expected("the unit", "say what it is counted in:  [RUB]"));
        };
        if title.main.is_none() {
            title = self.title();
        }
        Ok(Asset {
            name,
            title,
            unit,
            issued: Vec::new(),
            held: Vec::new(),
            through: Vec::new(),
            prices: Vec::new(),
            sharing: None,
            fixed: false,
            settles: None,
        })
    }

    fn good(&mut self) -> Read<DeclKind> {
        let mut asset = self.asset("the name of a good")?;
        if self.is_sign("{") {
            self.asset_block(&mut asset)?;
        } else {
            while self.asset_clause(&mut asset)? {}
        }
        Ok(DeclKind::Good(asset))
    }

    fn instrument(&mut self) -> Read<DeclKind> {
        let mut asset = self.asset("the name of an instrument")?;
        self.asset_block(&mut asset)?;
        Ok(DeclKind::Instrument(asset))
    }

    fn asset_block(&mut self, asset: &mut Asset) -> Read<()> {
        self.need_sign(
            "{",
            "say who issues and holds it:  { issued by state held by households }",
        )?;
        while self.asset_clause(asset)? || self.take_sign(",") {}
        if self.peek().kind == Kind::Word {
            return Err(self.no_clause());
        }
        self.need_sign(
            "}",
            "known here: issued by, held by, through, priced at, pooled, bilateral, fixed",
        )
    }

    fn no_clause(&mut self) -> Failed {
        let word = self.show(self.peek());
        let problem = Diagnostic::error("expected", format!("`{word}` says nothing about a claim or a good"))
            .at(self.span_of(self.peek()), "not known here")
            .why("Who issues and who holds a thing decides on which side of the books it stands.")
            .help("known here: issued by, held by, through, priced at, pooled, bilateral, fixed, settles in");
        self.complain(problem)
    }

    fn asset_clause(&mut self, asset: &mut Asset) -> Read<bool> {
        let span = self.span_of(self.peek());
        let word = self.show(self.peek());
        if self.peek().kind != Kind::Word {
            return Ok(false);
        }
        if ASSET_WORDS.contains(&word) {
            self.begins(Item::Clause);
        }
        match word {
            "issued" | "held" => {
                self.next();
                self.need_word("by", "write  held by SECTOR, SECTOR")?;
                let names = self.names("the name of a sector")?;
                if word == "issued" {
                    asset.issued = names
                } else {
                    asset.held = names
                }
            }
            "through" => {
                self.next();
                asset.through = self.names("the name of a sector")?;
            }
            "priced" => self.prices(asset)?,
            "pooled" | "bilateral" => {
                self.next();
                asset.sharing = Some((
                    if word == "pooled" {
                        Sharing::Pooled
                    } else {
                        Sharing::Bilateral
                    },
                    span,
                ));
                if self.take_word("at") {
                    self.need_word("most", "write  bilateral at most 20")?;
                    self.number()?;
                }
            }
            "fixed" => {
                self.next();
                asset.fixed = true;
            }
            "settles" => {
                self.next();
                self.need_word("in", "write  settles in reserves")?;
                asset.settles = Some(self.name("an instrument")?);
            }
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn prices(&mut self, asset: &mut Asset) -> Read<()> {
        self.next();
        self.need_word("at", "write  priced at PRICE")?;
        asset.prices.push((None, self.expr()?));
        loop {
            self.take_sign(",");
            self.take_word("also");
            if self.peek().kind != Kind::Word || self.show(self.ahead(1)) != "at" {
                return Ok(());
            }
            let name = self.name("the name of a valuation")?;
            self.next();
            asset.prices.push((Some(name), self.expr()?));
        }
    }

    /// `[branch, region]` right behind a name.
    fn index(&mut self) -> Read<Vec<Name>> {
        if !self.is_sign("[") || self.peek().spaced {
            return Ok(Vec::new());
        }
        self.tight();
        self.next();
        let names = self.names("the name of a set")?;
        self.need_sign("]", "close the index with  ]")?;
        Ok(names)
    }

    fn param(&mut self) -> Read<DeclKind> {
        self.next();
        let name = self.name("the name of a parameter")?;
        let index = self.index()?;
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
                return Ok(DeclKind::Param(param));
            }
        }
    }

    /// `coal, kuzbass = 3`
    fn element_value(&mut self) -> Read<(Vec<Name>, Expr)> {
        let names = self.names("the name of a member")?;
        self.need_sign("=", "write  MEMBER = VALUE")?;
        Ok((names, self.expr()?))
    }

    fn series(&mut self) -> Read<DeclKind> {
        self.next();
        let name = self.name("the name of a series")?;
        let index = self.index()?;
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
                return Ok(DeclKind::Series(series));
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

    fn event(&mut self) -> Read<DeclKind> {
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

    fn choice(&mut self) -> Read<DeclKind> {
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

    fn each(&mut self) -> Read<DeclKind> {
        self.next();
        let binders = self.binders()?;
        let condition = if self.take_word("where") {
            Some(self.expr()?)
        } else {
            None
        };
        let decls = self.block(Item::Decl, |p| p.decl())?;
        Ok(DeclKind::Each(Each {
            binders,
            condition,
            decls,
        }))
    }

    fn equation(&mut self) -> Read<DeclKind> {
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
        if self.is_sign("(") && target.parts.len() == 1 {
            return Err(self.period_in_round(&target));
        }
        let help = match self.is_sign("~") {
            true => "write a random term into a formula:  NAME = normal(0, 1)",
            false => "explain the line:  NAME = FORMULA",
        };
        self.need_sign("=", help)?;
        let value = self.expr()?;
        let guess = if self.take_word("guess") {
            Some(self.expr()?)
        } else {
            None
        };
        if title.main.is_none() {
            title = self.title();
        }
        let cite = self.maybe_cite()?;
        Ok(DeclKind::Equation(Equation {
            target,
            unit,
            title,
            value,
            guess,
            cite,
        }))
    }

    fn find(&mut self) -> Read<DeclKind> {
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
                return Ok(DeclKind::Find(find));
            }
        }
    }

    fn measure(&mut self) -> Read<DeclKind> {
        self.next();
        let name = self.name("the name of a measure")?;
        let index = self.index()?;
        let unit = self.bracket_unit()?;
        let mut title = self.title();
        self.need_sign("=", "explain the measure:  measure NAME = FORMULA")?;
        let value = self.expr()?;
        if title.main.is_none() {
            title = self.title();
        }
        Ok(DeclKind::Measure(Measure {
            name,
            index,
            unit,
            title,
            value,
        }))
    }

    fn check(&mut self) -> Read<DeclKind> {
        self.next();
        let title = self.need_string("what is checked")?;
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
        let within = if self.take_word("within") {
            Some(self.expr()?)
        } else {
            None
        };
        Ok(DeclKind::Check(Check {
            title,
            when,
            condition,
            within,
        }))
    }

    fn redenominate(&mut self) -> Read<DeclKind> {
        self.next();
        let unit = self.name("a currency")?;
        let old = self.number()?;
        self.need_word("to", "write  redenominate RUB 1000 to 1 on 1998-01-01")?;
        let new = self.number()?;
        self.need_word("on", "say when:  on 1998-01-01")?;
        Ok(DeclKind::Redenominate(Redenominate {
            unit,
            old,
            new,
            on: self.date()?,
        }))
    }
}
