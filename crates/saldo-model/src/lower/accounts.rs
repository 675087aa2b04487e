//! Sectors, instruments, goods, and the accounts they span.

use super::{Lowerer, label, title_or};
use crate::ir::*;
use saldo_diag::{Diagnostic, Span};
use saldo_syntax::Symbol;
use saldo_syntax::ast::{self, DeclKind, Sharing};

impl<'a> Lowerer<'a> {
    pub(crate) fn declare_sectors(&mut self, decls: &[&'a ast::Decl]) {
        for decl in decls {
            if let DeclKind::Sector(sector) = &decl.kind {
                self.declare_sector(sector);
            }
        }
    }

    fn declare_sector(&mut self, sector: &'a ast::Sector) {
        let name = &sector.name.text;
        if self.sectors.contains_key(name) {
            let problem = Diagnostic::error("two-lines", format!("two sectors are called `{name}`"))
                .at(sector.name.span, "declared again here")
                .why("Every account belongs to one sector; with two of one name it is not said to which.")
                .help("rename one of them");
            return self.report(problem);
        }
        self.check_money(sector);
        let mut family = super::Elements::default();
        for (members, _) in self.combinations(&sector.over, &Default::default()) {
            let id = SectorId(self.model.sectors.len() as u32);
            let shown = title_or(&sector.title, name);
            let title = match members.is_empty() {
                true => shown,
                false => format!("{shown}: {}", self.member_titles(&sector.over, &members)).into(),
            };
            self.model.sectors.push(Sector {
                name: label(name, &members),
                title,
                family: *name,
                members: members.clone(),
                span: sector.name.span,
            });
            family.insert(members, id);
        }
        self.sectors.insert(*name, family);
        self.sector_sets
            .insert(*name, sector.over.iter().map(|set| set.text).collect());
        self.pays
            .insert(*name, sector.pays.iter().map(|flow| flow.text).collect());
    }

    /// `in usd` names a money: the sector's net worth is counted in it.
    fn check_money(&mut self, sector: &ast::Sector) {
        let Some(money) = sector.currency.as_ref() else {
            return;
        };
        let known = self.model.units.units.values();
        let known: Vec<Symbol> = known
            .filter(|unit| unit.kind.as_deref() == Some("money"))
            .map(|unit| unit.name)
            .collect();
        for factor in &money.factors {
            if !known.contains(&factor.name.text) {
                self.unknown(&factor.name, "the money", &known);
            }
        }
    }

    /// `Coal mining, Kuzbass` for members of sets.
    pub(crate) fn member_titles(&self, sets: &[ast::Name], members: &[Symbol]) -> String {
        let titles = sets.iter().zip(members).map(|(set, member)| {
            let found = self
                .sets
                .get(&set.text)
                .and_then(|set| set.members.iter().find(|(name, _)| name == member));
            found.map_or_else(|| member.to_string(), |(_, title)| title.to_string())
        });
        titles.collect::<Vec<_>>().join(", ")
    }

    pub(crate) fn declare_instruments(&mut self, decls: &[&'a ast::Decl]) {
        for decl in decls {
            match &decl.kind {
                DeclKind::Instrument(asset) => self.declare_asset(asset, Kind::Claim),
                DeclKind::Good(asset) => {
                    self.declare_asset(asset, Kind::Good { fixed: asset.fixed })
                }
                _ => {}
            }
        }
        self.declare_settlement(decls);
    }

    fn declare_asset(&mut self, asset: &'a ast::Asset, kind: Kind) {
        let name = &asset.name.text;
        if self.instruments.contains_key(name) || self.sectors.contains_key(name) {
            let problem = Diagnostic::error("two-lines", format!("`{name}` is declared twice"))
                .at(asset.name.span, "declared again here")
                .why("Balances of the two would be added under one name.")
                .help("rename one of them");
            return self.report(problem);
        }
        let Some(instrument) = self.instrument(asset, kind) else {
            self.causes.lose(*name);
            return;
        };
        let id = InstrumentId(self.model.instruments.len() as u32);
        self.model.instruments.push(instrument);
        self.instruments.insert(*name, id);
        self.open_accounts(id, asset, kind);
        self.declare_prices(id, asset);
    }

    fn instrument(&mut self, asset: &ast::Asset, kind: Kind) -> Option<Instrument> {
        let (dim, factor) = match self.model.units.resolve(&asset.unit) {
            Ok(found) => found,
            Err(problem) => {
                self.report(problem);
                return None;
            }
        };
        if kind == Kind::Claim && asset.issued.is_empty() {
            let problem = Diagnostic::error("no-issuer", format!("nobody issues `{}`", asset.name.text))
                .at(asset.name.span, "a claim on whom?")
                .why("A claim is an asset of one and a liability of another. Without an issuer it would be wealth from nothing.")
                .help("say `issued by …`, or declare it as a `good` if it is a thing");
            self.report(problem);
        }
        let single = match asset.unit.factors.as_slice() {
            [factor] if factor.power == 1 => self.model.units.units.get(&factor.name.text),
            _ => None,
        };
        let resolution = single.and_then(|unit| unit.resolution).unwrap_or(1e-12) * factor;
        let money = self.model.units.money_of(dim, self.model.currency);
        let currency = match asset.prices.is_empty() {
            true => money,
            false => Some(self.book_currency()),
        };
        Some(Instrument {
            name: asset.name.text,
            title: title_or(&asset.title, &asset.name.text),
            span: asset.name.span,
            kind,
            unit: self.model.units.display(dim).into(),
            dim,
            factor,
            resolution,
            price: None,
            also: Vec::new(),
            currency,
            bilateral: matches!(asset.sharing, Some((Sharing::Bilateral, _)))
                || asset.settles.is_some(),
        })
    }

    /// The first money the model declares.
    fn book_currency(&self) -> Symbol {
        self.model.currency.unwrap_or_else(|| "money".into())
    }

    fn open_accounts(&mut self, id: InstrumentId, asset: &'a ast::Asset, kind: Kind) {
        let issuers = self.sectors_named(&asset.issued);
        if asset.settles.is_some() {
            return self.open_settled(id, asset, &issuers);
        }
        self.no_banks(asset);
        let holders = self.sectors_named(&asset.held);
        let through = self.sectors_named(&asset.through);
        if issuers.len() > 1 && asset.sharing.is_none() {
            let problem = Diagnostic::error("sharing-unsaid", format!("`{}` has several issuers: whose claim does a holder have?", asset.name.text))
                .at(asset.name.span, format!("{} issuers", issuers.len()))
                .why("If one issuer fails, it must be said whether all holders lose in proportion or only its own creditors.")
                .help("write `pooled` (all holders share) or `bilateral` (each claim has its debtor)");
            self.report(problem);
        }
        let bilateral = kind == Kind::Claim && self.model.instruments[id.at()].bilateral;
        if !bilateral {
            issuers
                .iter()
                .for_each(|s| self.open_account(id, *s, None, Role::Issuer));
            holders
                .iter()
                .for_each(|s| self.open_account(id, *s, None, Role::Holder));
            through
                .iter()
                .for_each(|s| self.open_account(id, *s, None, Role::Through));
            return;
        }
        for issuer in &issuers {
            self.open_account(id, *issuer, Some(*issuer), Role::Issuer);
            holders
                .iter()
                .for_each(|s| self.open_account(id, *s, Some(*issuer), Role::Holder));
            through
                .iter()
                .for_each(|s| self.open_account(id, *s, Some(*issuer), Role::Through));
        }
    }

    /// The first role given to a sector stays: an issuer that also holds is one account.
    pub(super) fn open_account(
        &mut self,
        instrument: InstrumentId,
        sector: SectorId,
        issuer: Option<SectorId>,
        role: Role,
    ) {
        let key = (instrument, sector, issuer);
        if self.accounts.contains_key(&key) {
            return;
        }
        let base = format!(
            "{}.{}",
            self.model.sectors[sector.at()].name,
            self.model.instruments[instrument.at()].name
        );
        let name = match issuer {
            None => base,
            Some(issuer) => format!("{base} of {}", self.model.sectors[issuer.at()].name),
        };
        let id = AccountId(self.model.accounts.len() as u32);
        self.accounts.insert(key, id);
        self.accounts_in.entry(instrument).or_default().push(id);
        self.accounts_of.entry(sector).or_default().push(id);
        self.model.accounts.push(Account {
            name: name.into(),
            sector,
            instrument,
            issuer,
            role,
        });
    }

    /// Sectors named in a list; a family stands for all its members.
    pub(super) fn sectors_named(&mut self, names: &[ast::Name]) -> Vec<SectorId> {
        let mut all = Vec::new();
        for name in names {
            match self.sectors.get(&name.text) {
                Some(family) => all.extend(family.values().copied()),
                None => {
                    let known: Vec<Symbol> = self.sectors.keys().cloned().collect();
                    self.unknown(name, "the sector", &known);
                }
            }
        }
        all
    }

    fn declare_prices(&mut self, id: InstrumentId, asset: &'a ast::Asset) {
        for (at, (valuation, text)) in asset.prices.iter().enumerate() {
            let name: Symbol = match valuation {
                None => format!("price of {}", asset.name.text).into(),
                Some(valuation) => {
                    format!("{} price of {}", valuation.text, asset.name.text).into()
                }
            };
            let var = self.line(name, name, text.span, VarRole::Helper);
            let instrument = &mut self.model.instruments[id.at()];
            match (at, valuation) {
                (0, _) => instrument.price = Some(var),
                (_, Some(valuation)) => instrument.also.push((valuation.text, var)),
                (_, None) => {}
            }
            self.prices
                .push((id, valuation.as_ref().map(|v| v.text), var, text));
        }
    }

    /// The account of a sector in an instrument; says what is wrong if there is none, once.
    pub(crate) fn account(
        &mut self,
        sector: SectorId,
        instrument: InstrumentId,
        issuer: Option<SectorId>,
        span: Span,
    ) -> Option<AccountId> {
        if let Some(found) = self.accounts.get(&(instrument, sector, issuer)) {
            return Some(*found);
        }
        if !self.accounts_missing.insert((instrument, sector, issuer)) {
            return None;
        }
        let held = self.model.instruments[instrument.at()].name;
        let who = self.model.sectors[sector.at()].name;
        let family = self.model.sectors[sector.at()].family;
        let problem = if self.model.instruments[instrument.at()].bilateral && issuer.is_none() {
            Diagnostic::error("whose-claim", format!("whose `{held}` does this move?"))
                .at(span, "several debtors are possible")
                .why("A bilateral claim is kept by holder and debtor: moving it needs both.")
                .help(format!(
                    "say the debtor:  … of {}",
                    self.a_debtor(instrument)
                ))
        } else {
            Diagnostic::error("no-account", format!("no account of {who} in `{held}`"))
                .at(span, format!("neither held nor issued by {who}"))
                .why("An amount must arrive somewhere. Without an account it would vanish, and the books would not balance.")
                .help(format!("add `{family}` to `held by` of {held}, or to `through` if it only passes {held} on"))
        };
        self.report(problem);
        None
    }

    /// One of several issuers, by name.
    fn a_debtor(&self, instrument: InstrumentId) -> &str {
        let first = self.accounts_by(instrument, true).into_iter().next();
        first.map_or("DEBTOR", |id| {
            let sector = self.model.accounts[id.at()].sector;
            &self.model.sectors[sector.at()].name
        })
    }

    /// Every account of an instrument with one of the roles.
    pub(crate) fn accounts_by(&self, instrument: InstrumentId, issuer: bool) -> Vec<AccountId> {
        let role = |id: &AccountId| self.model.accounts[id.at()].role;
        let all = self.accounts_in.get(&instrument).into_iter().flatten();
        all.copied()
            .filter(|id| (role(id) == Role::Issuer) == issuer)
            .collect()
    }
}
