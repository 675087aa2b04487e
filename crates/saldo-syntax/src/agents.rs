//! Populations, their members' coming and going, and the markets they meet in.
//!
//! All of it is read, so that a mistake in it is found where it stands. Its meaning comes with a
//! later version: the typed view keeps what the construct is called and how it is named.

use crate::ast::*;
use crate::lexer::Kind;
use crate::notes::Item;
use crate::parser::{Parser, Read};

impl Parser<'_> {
    /// `population people 148e6 sample 1:1000 by class { director 1:10 } "People" { … }`
    pub(crate) fn population(&mut self) -> Read<DeclKind> {
        self.next();
        let name = self.name("the name of a population")?;
        let mut title = self.title();
        self.number()?;
        loop {
            if self.take_word("sample") {
                self.sample()?;
            } else if self.take_word("whole") || self.take_word("compact") {
            } else if self.peek().kind == Kind::Text && !self.peek().new_line {
                title = self.title();
            } else {
                break;
            }
        }
        if self.is_sign("{") {
            self.block(Item::Trait, |p| p.trait_line())?;
        }
        Ok(DeclKind::Population(Population { name, title }))
    }

    fn sample(&mut self) -> Read<()> {
        self.ratio()?;
        if !self.take_word("by") {
            return Ok(());
        }
        self.name("a trait")?;
        self.block(Item::Value, |p| {
            p.name("a member of the trait's set")?;
            if p.take_word("whole") {
                Ok(())
            } else {
                p.ratio()
            }
        })?;
        Ok(())
    }

    /// `1:1000`, without spaces.
    fn ratio(&mut self) -> Read<()> {
        self.number()?;
        self.tight();
        self.need_sign(":", "write  sample 1:1000")?;
        self.tight();
        self.number().map(|_| ())
    }

    /// `region : region from "x.csv"`, `employer : firms by jobs`, `skill ~ …`, `keeps age = 0`
    fn trait_line(&mut self) -> Read<()> {
        let keeps = self.is_word("keeps") && self.ahead(1).kind == Kind::Word;
        if keeps {
            self.next();
        }
        self.name("the name of a trait")?;
        self.title();
        self.bracket_unit()?;
        self.title();
        if self.take_sign(":") {
            return self.link_line();
        }
        if keeps {
            self.need_sign("=", "say where it begins:  keeps NAME [unit] = VALUE")?;
        } else if !self.take_sign("=") {
            self.need_sign(
                "~",
                "write  NAME ~ lognormal(1, 0.4)  or  NAME : SET from \"x.csv\"",
            )?;
        }
        self.expr().map(|_| ())
    }

    fn link_line(&mut self) -> Read<()> {
        self.name("a set, a sector or a population")?;
        if self.take_word("by") {
            self.expr()?;
        }
        self.table().map(|_| ())
    }

    /// `p in people where …`
    fn agent(&mut self) -> Read<Name> {
        let letter = self.name("a letter")?;
        self.need_word("in", "write  LETTER in POPULATION")?;
        self.name("a population")?;
        if self.take_word("where") {
            self.expr()?;
        }
        Ok(letter)
    }

    /// `by …` and `limit …`, as they come.
    fn order(&mut self) -> Read<()> {
        while self.take_word("by") || self.take_word("limit") {
            self.expr()?;
        }
        Ok(())
    }

    /// `link employer : people -> firms by jobs`
    pub(crate) fn link(&mut self) -> Read<Opaque> {
        self.next();
        let name = self.name("the name of a link")?;
        self.title();
        self.need_sign(":", "write  link NAME : POPULATION -> POPULATION")?;
        self.name("a population")?;
        if self.take_sign("->") {
            self.name("a population")?;
        }
        self.order()?;
        Ok(opaque("link", name))
    }

    /// `enter firms 40 per month { productivity ~ …  employer_of = none }`
    pub(crate) fn enter(&mut self) -> Read<Opaque> {
        self.next();
        let name = self.name("a population")?;
        self.expr()?;
        self.block(Item::Trait, |p| p.trait_line())?;
        Ok(opaque("enter", name))
    }

    /// `exit f in firms where … { estate to state }`
    pub(crate) fn exit(&mut self) -> Read<Opaque> {
        self.next();
        let name = self.agent()?;
        self.block(Item::Trait, |p| {
            p.name("what is left: estate, heir or an instrument")?;
            p.need_word("to", "say who takes it:  estate to state")?;
            p.path().map(|_| ())
        })?;
        Ok(opaque("exit", name))
    }

    /// `record p in people sample 10_000 { … }`
    pub(crate) fn record(&mut self) -> Read<Opaque> {
        self.next();
        let name = self.agent()?;
        if self.take_word("sample") {
            self.number()?;
        }
        self.block(Item::Trait, |p| {
            p.expr()?;
            p.title();
            Ok(())
        })?;
        Ok(opaque("record", name))
    }

    /// `match p in people where … with e in firms by … limit …`
    pub(crate) fn matching(&mut self) -> Read<Opaque> {
        self.next();
        let name = self.agent()?;
        self.need_word("with", "write  match p in people with e in firms by WEIGHT")?;
        self.agent()?;
        self.order()?;
        Ok(opaque("match", name))
    }

    /// `release p in people from p.employer by … limit …`
    pub(crate) fn release(&mut self) -> Read<Opaque> {
        self.next();
        let name = self.agent()?;
        self.need_word("from", "say which link ends:  from p.employer")?;
        self.path()?;
        self.order()?;
        Ok(opaque("release", name))
    }

    /// `switch p.supplier to best of 5 s in shops by … with chance …`
    pub(crate) fn switch(&mut self) -> Read<Opaque> {
        self.next();
        let path = self.path()?;
        let name = path.parts[0].name.clone();
        self.need_word("to", "say to whom:  to best of 5 s in shops by WEIGHT")?;
        self.side()?;
        if self.take_word("with") {
            self.need_word("chance", "write  with chance 10% per month")?;
            self.expr()?;
        }
        Ok(opaque("switch", name))
    }

    /// `auction shares for vouchers { lot …  bids …  pro rata }`
    pub(crate) fn auction(&mut self) -> Read<Opaque> {
        self.next();
        let name = self.name("what is sold")?;
        self.need_word("for", "write  auction shares for vouchers { … }")?;
        self.name("what is paid with")?;
        self.block(Item::Trait, |p| p.auction_line())?;
        Ok(opaque("auction", name))
    }

    fn auction_line(&mut self) -> Read<()> {
        let word = self.show(self.peek());
        if !matches!(word, "lot" | "bids" | "asks" | "pro" | "clear") {
            let help = "write  bids each f in funds = AMOUNT at most PRICE";
            return Err(self.expected("lot, bids, asks, pro rata or clear", help));
        }
        self.next();
        match word {
            "lot" => self.lot(),
            "bids" => self.bids("most"),
            "asks" => self.bids("least"),
            "pro" => self.need_word("rata", "write  pro rata"),
            _ => self.clear(),
        }
    }

    fn lot(&mut self) -> Read<()> {
        self.agent()?;
        self.need_sign(":", "write  lot e in firms where … : AMOUNT from SELLER")?;
        self.expr()?;
        self.need_word("from", "say who sells:  from state")?;
        self.path().map(|_| ())
    }

    /// `bids each f in funds = … over e in lots by … at most …`
    fn bids(&mut self, bound: &str) -> Read<()> {
        self.side()?;
        self.need_sign("=", "say how much is bid:  = AMOUNT")?;
        self.expr()?;
        if self.take_word("over") {
            self.agent()?;
        }
        self.order()?;
        if self.take_word("at") {
            self.need_word(bound, &format!("write  at {bound} PRICE"))?;
            self.expr()?;
        }
        Ok(())
    }

    /// `clear at one price`, `clear best first`
    fn clear(&mut self) -> Read<()> {
        let help = "write  clear at one price  or  clear best first";
        if self.take_word("best") {
            return self.need_word("first", help);
        }
        self.need_word("at", help)?;
        self.need_word("one", help)?;
        self.need_word("price", help)
    }
}

fn opaque(what: &'static str, name: Name) -> Opaque {
    Opaque {
        what,
        name: Some(name),
    }
}
