//! Claims that settle in reserves: every holder has one bank, and what it pays to a customer of
//! another goes from bank to bank in reserves, in the same amount.

use super::{Env, Lowerer};
use crate::ir::*;
use saldo_diag::{Diagnostic, Span};
use saldo_syntax::Symbol;
use saldo_syntax::ast::{self, DeclKind};

/// How a sector pays and is paid in a claim that settles.
#[derive(Clone, Copy)]
enum Till {
    /// It keeps an account with a bank.
    Customer { account: AccountId, bank: SectorId },
    /// It is one of the banks.
    Bank(SectorId),
    /// It has no bank, but reserves of its own.
    Reserves(AccountId),
}

impl<'a> Lowerer<'a> {
    /// Finds what claims settle in, once all instruments are known.
    pub(super) fn declare_settlement(&mut self, decls: &[&'a ast::Decl]) {
        for decl in decls {
            let DeclKind::Instrument(asset) = &decl.kind else {
                continue;
            };
            let Some(name) = &asset.settles else { continue };
            let Some(id) = self.instruments.get(&asset.name.text).copied() else {
                continue;
            };
            match self.known_instrument(name) {
                Some(reserves) => {
                    self.check_reserves(id, reserves, name);
                    self.settling.insert(id, reserves);
                }
                // Told once: its payments are not judged again.
                None => drop(self.settling.insert(id, id)),
            }
        }
    }

    fn check_reserves(&mut self, id: InstrumentId, reserves: InstrumentId, name: &ast::Name) {
        let [claim, pays] = [id, reserves].map(|it| &self.model.instruments[it.at()]);
        let plain =
            |it: &Instrument| it.kind == Kind::Claim && it.price.is_none() && it.also.is_empty();
        let alike = claim.dim == pays.dim && claim.resolution == pays.resolution;
        if !(plain(claim) && plain(pays) && alike && id != reserves) {
            let headline = format!("{} cannot be settled in {}", claim.name, pays.name);
            let problem = Diagnostic::error("settles-unlike", headline)
                .at(name.span, "not the same money at par")
                .why("What a bank pays for its customer is the amount itself: both must be claims in one unit, without a price of their own.")
                .help("settle in a claim of the same unit, such as  instrument reserves [usd] { issued by central_bank held by banks }");
            return self.report(problem);
        }
        let banks = self.accounts_by(id, true);
        let banks: Vec<SectorId> = banks
            .iter()
            .map(|it| self.model.accounts[it.at()].sector)
            .collect();
        if let Some(bank) = banks
            .into_iter()
            .find(|it| self.only_account(*it, reserves).is_none())
        {
            let bank = self.model.sectors[bank.at()].name;
            let reserves = self.model.instruments[reserves.at()].name;
            let problem = Diagnostic::error("settles-without", format!("{bank} has no {reserves} to settle in"))
                .at(name.span, format!("{bank} has no account in {reserves}"))
                .why("A customer's payment to another bank takes reserves from the payer's bank to the payee's.")
                .help(format!("add the banks to `held by` of {reserves}"));
            self.report(problem);
        }
    }

    /// Accounts of a claim that settles: issuers in a strand each, holders in that of their bank.
    pub(super) fn open_settled(
        &mut self,
        id: InstrumentId,
        asset: &'a ast::Asset,
        issuers: &[SectorId],
    ) {
        if let Some((_, span)) = asset.sharing {
            let headline = format!(
                "`{}` settles, so each holder's debtor is its own bank",
                asset.name.text
            );
            let problem = Diagnostic::error("settles-sharing", headline)
                .at(span, "says otherwise, or the same again")
                .why("If a bank fails, its own customers lose and no others.")
                .help("leave `pooled` and `bilateral` away");
            self.report(problem);
        }
        for issuer in issuers {
            self.open_customer(id, *issuer, *issuer, Role::Issuer);
        }
        for (names, role) in [(&asset.held, Role::Holder), (&asset.through, Role::Through)] {
            for name in names {
                let family = self.sectors_named(std::slice::from_ref(name));
                // `through banks`: each through the bank of its own index.
                let banks = family.iter().all(|sector| issuers.contains(sector));
                if banks && role == Role::Through {
                    continue;
                }
                for sector in family {
                    match self.bank(asset, name, sector, issuers) {
                        Some(bank) => self.open_customer(id, sector, bank, role),
                        // Told once: what it pays is not judged again.
                        None => drop(self.accounts_missing.insert((id, sector, None))),
                    }
                }
            }
        }
    }

    /// An account whose debtor goes without saying.
    fn open_customer(&mut self, id: InstrumentId, sector: SectorId, bank: SectorId, role: Role) {
        self.open_account(id, sector, Some(bank), role);
        let (sector, instrument) = (
            &self.model.sectors[sector.at()],
            &self.model.instruments[id.at()],
        );
        let name = format!("{}.{}", sector.name, instrument.name);
        if let Some(account) = self.model.accounts.last_mut() {
            account.name = name.into();
        }
    }

    /// The bank a holder keeps its account with: the stated one, the only one, or that of its index.
    fn bank(
        &mut self,
        asset: &ast::Asset,
        name: &ast::Name,
        sector: SectorId,
        issuers: &[SectorId],
    ) -> Option<SectorId> {
        let stated = asset
            .banks
            .iter()
            .find(|(holder, _)| holder.span == name.span);
        let bank = match (stated, issuers) {
            (Some((_, path)), _) => Some(self.sector(&path.parts[0], &Env::default())?),
            (None, [only]) => Some(*only),
            (None, _) => self.bank_of_index(sector, issuers),
        };
        let bank = bank.filter(|bank| issuers.contains(bank));
        if bank.is_none() {
            self.which_bank(asset, name, sector, issuers);
        }
        bank
    }

    /// The one bank whose members of sets the holder shares.
    fn bank_of_index(&self, sector: SectorId, issuers: &[SectorId]) -> Option<SectorId> {
        let holder = &self.model.sectors[sector.at()];
        let sets = &self.sector_sets[&holder.family];
        let shares = |bank: &&SectorId| {
            let bank = &self.model.sectors[bank.at()];
            let own = self.sector_sets[&bank.family].iter().zip(&bank.members);
            let has = |(set, member): (&Symbol, &Symbol)| {
                let mut index = sets.iter().zip(&holder.members);
                index.any(|(other, own)| other == set && own == member)
            };
            !bank.members.is_empty() && own.into_iter().all(has)
        };
        let mut found = issuers.iter().filter(shares);
        let first = found.next();
        first.filter(|_| found.next().is_none()).copied()
    }

    fn which_bank(
        &mut self,
        asset: &ast::Asset,
        name: &ast::Name,
        sector: SectorId,
        issuers: &[SectorId],
    ) {
        let who = self.model.sectors[sector.at()].name;
        let first = issuers
            .first()
            .map(|bank| self.model.sectors[bank.at()].name);
        let headline = format!("with which bank does {who} keep its {}?", asset.name.text);
        let problem = Diagnostic::error("settles-which-bank", headline)
            .at(name.span, format!("{} banks are possible", issuers.len()))
            .why("What it pays is taken from its own bank, and settled with the bank of whoever is paid.")
            .help(format!(
                "say it:  held by {} of {},  or give it the banks' index:  sector {} over …",
                name.text,
                first.map_or("BANK", Symbol::text),
                name.text
            ));
        self.report(problem);
    }

    /// `held by state of banks[east]` where nothing settles.
    pub(super) fn no_banks(&mut self, asset: &ast::Asset) {
        let Some((holder, path)) = asset.banks.first() else {
            return;
        };
        let headline = format!(
            "`{}` has no banks whose customer {} could be",
            asset.name.text, holder.text
        );
        let problem = Diagnostic::error("settles-nothing", headline)
            .at(path.span, "nothing settles here")
            .why("Whose customer a holder is matters where payments are settled between banks.")
            .help("leave `of …` away, or say what the claim settles in:  settles in reserves");
        self.report(problem);
    }

    /// The account of a sector in an instrument, if it has one only.
    pub(super) fn only_account(
        &self,
        sector: SectorId,
        instrument: InstrumentId,
    ) -> Option<AccountId> {
        let from = (instrument, sector, None);
        let to = (instrument, sector, Some(SectorId(u32::MAX)));
        let mut found = self.accounts.range(from..=to);
        let first = found.next();
        first.filter(|_| found.next().is_none()).map(|(_, id)| *id)
    }

    fn till(
        &mut self,
        sector: SectorId,
        instrument: InstrumentId,
        reserves: InstrumentId,
        span: Span,
    ) -> Option<Till> {
        if let Some(account) = self.only_account(sector, instrument) {
            let it = &self.model.accounts[account.at()];
            return Some(match (it.role, it.issuer) {
                (Role::Holder | Role::Through, Some(bank)) => Till::Customer { account, bank },
                _ => Till::Bank(sector),
            });
        }
        if let Some(account) = self.only_account(sector, reserves) {
            return Some(Till::Reserves(account));
        }
        // What it settles in is not known: that was told.
        if instrument != reserves {
            self.account(sector, instrument, None, span);
        }
        None
    }

    /// A payment in a claim that settles.
    pub(super) fn settled_leg(
        &mut self,
        instrument: InstrumentId,
        reserves: InstrumentId,
        (from, to): (SectorId, SectorId),
        span: Span,
    ) -> Option<Leg> {
        let payer = self.till(from, instrument, reserves, span)?;
        let payee = self.till(to, instrument, reserves, span)?;
        let own = |lowerer: &Self, bank| lowerer.only_account(bank, instrument);
        let ends = match (payer, payee) {
            (
                Till::Customer { account, bank },
                Till::Customer {
                    account: other,
                    bank: its,
                },
            ) if bank == its => Some((account, other)),
            (Till::Customer { account, bank }, Till::Bank(other)) if bank == other => {
                Some((account, own(self, bank)?))
            }
            (Till::Bank(other), Till::Customer { account, bank }) if bank == other => {
                Some((own(self, bank)?, account))
            }
            (Till::Customer { .. }, _) | (_, Till::Customer { .. }) => None,
            _ => {
                self.no_customer(instrument, reserves, span);
                return None;
            }
        };
        if let Some((from, to)) = ends {
            return Some(Leg::new(instrument, Some(from), Some(to)));
        }
        let (from, first) = self.paid_out(payer, instrument, reserves)?;
        let (to, last) = self.paid_in(payee, instrument, reserves)?;
        // Where both banks' reserves are one account, nothing moves between them.
        let stops = match (first, last) {
            (Some(first), Some(last)) => [Some(first), Some(last)],
            (one, other) => [one.or(other), None],
        };
        Some(Leg {
            stops,
            ..Leg::new(instrument, Some(from), Some(to))
        })
    }

    /// Where a payment begins, and where it turns into reserves.
    fn paid_out(
        &self,
        payer: Till,
        instrument: InstrumentId,
        reserves: InstrumentId,
    ) -> Option<(AccountId, Option<Stop>)> {
        Some(match payer {
            Till::Customer { account, bank } => {
                let arrives = self.only_account(bank, instrument)?;
                let leaves = self.only_account(bank, reserves)?;
                (account, Some(Stop { arrives, leaves }))
            }
            Till::Bank(bank) => (self.only_account(bank, reserves)?, None),
            Till::Reserves(account) => (account, None),
        })
    }

    /// Where a payment ends, and where it turns from reserves into a claim on the payee's bank.
    fn paid_in(
        &self,
        payee: Till,
        instrument: InstrumentId,
        reserves: InstrumentId,
    ) -> Option<(AccountId, Option<Stop>)> {
        Some(match payee {
            Till::Customer { account, bank } => {
                let arrives = self.only_account(bank, reserves)?;
                let leaves = self.only_account(bank, instrument)?;
                (account, Some(Stop { arrives, leaves }))
            }
            Till::Bank(bank) => (self.only_account(bank, reserves)?, None),
            Till::Reserves(account) => (account, None),
        })
    }

    fn no_customer(&mut self, instrument: InstrumentId, reserves: InstrumentId, span: Span) {
        let [claim, pays] = [instrument, reserves].map(|it| self.model.instruments[it.at()].name);
        let problem =
            Diagnostic::error("settles-banks", format!("no customer's {claim} move here"))
                .at(span, "between two who keep no account with a bank")
                .why(format!(
                    "Banks owe {claim} to their customers; among themselves they pay in {pays}."
                ))
                .help(format!("write it in a block  flows in {pays} {{ … }}"));
        self.report(problem);
    }
}
