//! Who keeps books, and what is kept: sectors, instruments, goods.

use crate::ast::*;
use crate::lexer::Kind;
use crate::notes::Item;
use crate::parser::{Failed, Parser, Read};
use saldo_diag::Diagnostic;

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
    pub(crate) fn sector(&mut self) -> Read<DeclKind> {
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
                let start = self.peek().start();
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
            let help = format!(
                "say what it is counted in, in square brackets:  {} [usd]  or  [t]",
                name.text
            );
            return Err(self.expected("the unit", &help));
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
            banks: Vec::new(),
        })
    }

    pub(crate) fn good(&mut self) -> Read<DeclKind> {
        let mut asset = self.asset("the name of a good")?;
        if self.is_sign("{") {
            self.asset_block(&mut asset)?;
        } else {
            while self.asset_clause(&mut asset)? {}
        }
        Ok(DeclKind::Good(Box::new(asset)))
    }

    pub(crate) fn instrument(&mut self) -> Read<DeclKind> {
        let mut asset = self.asset("the name of an instrument")?;
        self.asset_block(&mut asset)?;
        Ok(DeclKind::Instrument(Box::new(asset)))
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
                if word == "issued" {
                    asset.issued = self.names("the name of a sector")?;
                } else {
                    asset.held = self.customers(asset)?;
                }
            }
            "through" => {
                self.next();
                asset.through = self.customers(asset)?;
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

    /// `households, state of banks[east]`
    fn customers(&mut self, asset: &mut Asset) -> Read<Vec<Name>> {
        let mut names = Vec::new();
        loop {
            let name = self.name("the name of a sector")?;
            if self.take_word("of") {
                asset.banks.push((name.clone(), self.path()?));
            }
            names.push(name);
            if !self.take_sign(",") {
                return Ok(names);
            }
        }
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
}
