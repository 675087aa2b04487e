//! Declarations of model files: which word begins what, and the short ones.

use crate::ast::*;
use crate::keywords::is_keyword;
use crate::lexer::Kind;
use crate::parser::{Failed, Parser, Read};
use saldo_diag::Diagnostic;

impl Parser<'_> {
    pub(crate) fn decl(&mut self) -> Read<Decl> {
        let (began, start) = (self.place(), self.peek().start());
        let kind = self.decl_kind()?;
        let span = self.span_from(start);
        if !self.line_ended() {
            // What was read stands, so that nothing else seems to miss it; what is said of it later
            // may come from the part that was not read.
            self.rest_of_line(began);
            self.skip_line(began);
            self.lose(began);
        }
        Ok(Decl { span, kind })
    }

    /// Something follows a complete declaration that began at a piece.
    fn rest_of_line(&mut self, began: usize) -> Failed {
        if self.is_sign(",") && self.peek_is_thousands() {
            return self.comma_in_number();
        }
        let foreign = self.foreign_sign("the end of the line");
        let problem = foreign.unwrap_or_else(|| {
            let problem = Diagnostic::error("line-rest", "this line says more than one thing")
                .at(self.span_of(self.peek()), "not expected here")
                .why("A declaration ends where its line ends; what follows has no place in it.");
            let word = self.show(self.pieces[began]);
            match self.words_of_the_line() {
                Some(words) => problem.help(format!("a title stands between quotes:  \"{words}\"")),
                None if self.is_sign(",") && is_keyword(word) => {
                    let next = self.show(self.ahead(1));
                    problem.help(format!("each has a line of its own:  {word} {next}"))
                }
                None => problem.help("begin a new line here, or mend the word"),
            }
        });
        self.complain(problem)
    }

    /// `0,5` and `1,000`.
    fn comma_in_number(&mut self) -> Failed {
        let (before, after) = (self.show(self.behind()), self.show(self.ahead(1)));
        let (headline, help) = match after.len() {
            3 => (
                "thousands are grouped with _",
                "write  1_000  for a thousand,  1.5  for one and a half".to_string(),
            ),
            _ => (
                "a decimal is written with a point",
                format!("write  {before}.{after}"),
            ),
        };
        let problem = Diagnostic::error("foreign-sign", headline)
            .at(self.span_of(self.peek()), "not expected here")
            .why("A comma separates; read as a decimal sign it would make a number a thousand times smaller.")
            .help(help);
        self.complain(problem)
    }

    /// What is left of this line, if it is two words or more and nothing else.
    fn words_of_the_line(&self) -> Option<&str> {
        let rest = (0..).map(|n| self.ahead(n));
        let rest: Vec<_> = rest
            .take_while(|piece| !piece.new_line && piece.kind != Kind::End)
            .collect();
        let words = rest.len() > 1 && rest.iter().all(|piece| piece.kind == Kind::Word);
        words.then(|| &self.text[rest[0].start()..rest[rest.len() - 1].end()])
    }

    /// `1,000`: a comma with a number behind it.
    fn peek_is_thousands(&self) -> bool {
        let next = self.ahead(1);
        next.kind == Kind::Number && next.start() == self.peek().end()
    }

    fn decl_kind(&mut self) -> Read<DeclKind> {
        let piece = self.peek();
        let word = self.show(piece);
        if piece.kind == Kind::Quoted {
            return self.equation();
        }
        if piece.kind != Kind::Word {
            if let Some(told) = self.formula_on_the_left(piece.start(), None) {
                return Err(told);
            }
            return Err(self.expected(
                "a declaration",
                "begin the line with a name or a word such as  param,  flows,  event",
            ));
        }
        let follows = self.ahead(1);
        let equals = follows.kind == Kind::Sign && matches!(self.show(follows), "=" | ":=");
        if is_keyword(word) && equals {
            return Err(self.reserved(word));
        }
        let word = self.meant_word().unwrap_or(word);
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
