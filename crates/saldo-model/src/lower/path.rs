//! What a name in a formula reads.

use super::{Bound, Context, Entity, Env, Lowerer};
use crate::ir::*;
use saldo_diag::{Diagnostic, Span};
use saldo_syntax::Symbol;
use saldo_syntax::ast::{self, Timing};

/// `.owed`, `.value`: how a balance is read.
#[derive(Clone, Copy, PartialEq)]
enum Reading {
    Quantity,
    Owed,
    Value,
}

impl<'a> Lowerer<'a> {
    pub(crate) fn path(
        &mut self,
        path: &ast::Path,
        timing: Option<Timing>,
        context: &Context,
        span: Span,
    ) -> NodeId {
        let first = &path.parts[0];
        if self.is_sector(first, &context.env) && path.parts.len() > 1 {
            return self.of_sector(path, timing, context, span);
        }
        if let Some(id) = self.instruments.get(&first.name.text).copied() {
            return self.outstanding(id, path, timing, context, span);
        }
        if let Some(found) = self.special(path, timing, context, span) {
            return found;
        }
        let index = self.resolve_index(&first.index, &context.env);
        let Some(entity) = self.element(&first.name, &index, span) else {
            return self.nothing(span);
        };
        if path.parts.len() > 1 {
            return self.of_flow(entity, path, timing, context, span);
        }
        match timing {
            Some(Timing::Opening) => self.entity(entity, context.shift + 1, span),
            Some(Timing::Closing) => self.closing_of_line(&first.name, span),
            None => self.entity(entity, context.shift, span),
        }
    }

    fn closing_of_line(&mut self, name: &ast::Name, span: Span) -> NodeId {
        let problem = Diagnostic::error("closing-line", format!("`{}` is a line, not a balance", name.text))
            .at(span, "has one value per period")
            .why("Only balances have an opening and a closing; a line's value belongs to the whole period.")
            .help(format!("write  {}  for this period,  opening {}  for the one before", name.text, name.text));
        self.report(problem);
        self.nothing(span)
    }

    /// `period`, and letters or names that are no amounts.
    fn special(
        &mut self,
        path: &ast::Path,
        timing: Option<Timing>,
        context: &Context,
        span: Span,
    ) -> Option<NodeId> {
        let name = &path.parts[0].name;
        if &*name.text == "period" && path.parts.len() == 1 && !self.names.contains_key(&name.text)
        {
            return Some(self.period(span));
        }
        let what = if context.env.get(&name.text).is_some() {
            "a letter for a member, not an amount"
        } else if self.events.contains_key(&name.text) {
            "an event, not an amount"
        } else if self
            .model
            .choices
            .iter()
            .any(|choice| choice.name == name.text)
        {
            "a choice between explanations, not an amount"
        } else if self.sets.contains_key(&name.text) {
            "a set, not an amount"
        } else if self.sectors.contains_key(&name.text) {
            "a sector: one of its balances is meant"
        } else {
            return None;
        };
        let _ = timing;
        let problem = Diagnostic::error("not-an-amount", format!("`{}` is {what}", name.text))
            .at(span, "read as an amount")
            .why("A formula adds and multiplies amounts; this name has none.")
            .help(match what.starts_with("an event") {
                true => format!(
                    "ask about it:  if after {} then … else …  or  since({})",
                    name.text, name.text
                ),
                false if what.starts_with("a sector") => {
                    format!("write  opening {}.ACCOUNT", name.text)
                }
                false => "compare it with another name (`==`), or use it as an index".to_string(),
            });
        self.report(problem);
        Some(self.nothing(span))
    }

    pub(crate) fn element(
        &mut self,
        name: &ast::Name,
        index: &[Symbol],
        span: Span,
    ) -> Option<Entity> {
        let Some(family) = self.names.get(&name.text) else {
            let known = self.all_names();
            self.unknown(name, "the name", &known);
            return None;
        };
        if let Some(entity) = family.elements.get(index) {
            return Some(*entity);
        }
        let known: Vec<_> = family.elements.keys().cloned().collect();
        self.no_element(name.text, index, span, &known);
        None
    }

    /// A line or input `back` periods ago.
    pub(crate) fn entity(&mut self, entity: Entity, back: u32, span: Span) -> NodeId {
        match entity {
            Entity::Input(id) => self.input_ago(id, back, span),
            Entity::Var(id) => self.var_ago(id, back, span),
            Entity::Measure(at) => self.measure_node(at, span),
        }
    }

    fn measure_node(&mut self, at: usize, span: Span) -> NodeId {
        match self.model.measures.get(at) {
            Some(measure) if measure.value != NodeId(u32::MAX) => measure.value,
            _ => {
                self.measure_in_formula(span);
                self.nothing(span)
            }
        }
    }

    pub(crate) fn measure_in_formula(&mut self, span: Span) {
        let problem = Diagnostic::error("measure-in-formula", "a measure is read in a formula")
            .at(span, "only reported, after the books are closed")
            .why("Measures look at the closed books; a line that used one would look at its own result.")
            .help("write the same formula as an equation");
        self.report(problem);
    }

    pub(crate) fn var_ago(&mut self, id: VarId, back: u32, span: Span) -> NodeId {
        if back == 0 {
            return self.node(Op::Var(id), span);
        }
        let line = &mut self.model.vars[id.at()];
        line.max_lag = line.max_lag.max(back);
        self.node(Op::Lag(id, back), span)
    }

    fn is_sector(&self, part: &ast::PathPart, env: &Env) -> bool {
        match env.get(&part.name.text) {
            Some(Bound::Sector(_)) => true,
            Some(Bound::Member { .. }) => false,
            None => self.sectors.contains_key(&part.name.text),
        }
    }

    /// The sector that `firms[coal]` or a letter means.
    pub(crate) fn sector(&mut self, part: &ast::PathPart, env: &Env) -> Option<SectorId> {
        if let Some(Bound::Sector(id)) = env.get(&part.name.text) {
            return Some(*id);
        }
        let Some(family) = self.sectors.get(&part.name.text) else {
            let known: Vec<Symbol> = self.sectors.keys().cloned().collect();
            self.unknown(&part.name, "the sector", &known);
            return None;
        };
        if part.index.is_empty()
            && let Some(only) = family.get(&[])
        {
            return Some(*only);
        }
        if part.index.is_empty() {
            self.which_sector(&part.name);
            return None;
        }
        let index = self.resolve_index(&part.index, env);
        let family = &self.sectors[&part.name.text];
        let found = family.get(&index).copied();
        if found.is_none() {
            let known: Vec<_> = family.keys().cloned().collect();
            self.no_element(part.name.text, &index, part.name.span, &known);
        }
        found
    }

    /// `households` alone, where it is a family.
    fn which_sector(&mut self, name: &ast::Name) {
        let (family, name) = (&self.sectors[&name.text], name);
        let first: Vec<Symbol> = family.keys().next().cloned().unwrap_or_default();
        let (count, text) = (family.len(), name.text);
        let problem = Diagnostic::error("index-count", format!("`{text}` are {count} sectors: which is meant?"))
            .at(name.span, "read without a member")
            .why("Each member keeps its own books; one of them and all of them together are different amounts.")
            .help(format!("for all of them together write  sum(k in {text} : opening k.ACCOUNT)"))
            .help(format!("for one of them write  {}", super::label(text, &first)));
        self.report(problem);
    }

    /// The account that `households.cash` means (of one debtor: `firms[a].claims[b]`).
    pub(crate) fn find_account(&mut self, path: &ast::Path, env: &Env) -> Option<AccountId> {
        if path.parts.len() < 2 || !self.is_sector(&path.parts[0], env) {
            return None;
        }
        let sector = self.sector(&path.parts[0], env)?;
        let part = &path.parts[1];
        let instrument = self.known_instrument(&part.name)?;
        let bilateral = self.model.instruments[instrument.at()].bilateral;
        let issuer = match (bilateral, part.index.is_empty()) {
            (false, _) => None,
            (true, true) => match self
                .accounts
                .contains_key(&(instrument, sector, Some(sector)))
            {
                true => Some(sector),
                // Where only one debtor is possible, it need not be named.
                false => self
                    .only_account(sector, instrument)
                    .and_then(|id| self.model.accounts[id.at()].issuer),
            },
            (true, false) => self.issuer_by_index(part, instrument, env),
        };
        self.account(sector, instrument, issuer, path.span)
    }

    pub(crate) fn known_instrument(&mut self, name: &ast::Name) -> Option<InstrumentId> {
        let found = self.instruments.get(&name.text).copied();
        if found.is_none() {
            let known: Vec<Symbol> = self.instruments.keys().cloned().collect();
            self.unknown(name, "the instrument", &known);
        }
        found
    }

    /// The issuer whose members (or name) the index gives.
    fn issuer_by_index(
        &mut self,
        part: &ast::PathPart,
        instrument: InstrumentId,
        env: &Env,
    ) -> Option<SectorId> {
        let index = self.resolve_index(&part.index, env);
        let issuers = self.accounts_by(instrument, true);
        let found = issuers
            .iter()
            .map(|id| self.model.accounts[id.at()].sector)
            .find(|sector| {
                let sector = &self.model.sectors[sector.at()];
                sector.members == index || (index.len() == 1 && sector.name == index[0])
            });
        if found.is_none() {
            let known: Vec<Vec<Symbol>> = issuers
                .iter()
                .map(|id| vec![self.model.sectors[self.model.accounts[id.at()].sector.at()].name])
                .collect();
            self.no_element(part.name.text, &index, part.name.span, &known);
        }
        found
    }

    fn of_sector(
        &mut self,
        path: &ast::Path,
        timing: Option<Timing>,
        context: &Context,
        span: Span,
    ) -> NodeId {
        let Some(sector) = self.sector(&path.parts[0], &context.env) else {
            return self.nothing(span);
        };
        let part = &path.parts[1];
        if &*part.name.text == "net_worth" {
            return match self.when(path, timing, context, span) {
                Some(back) => self.net_worth(sector, back, None, span),
                None => self.nothing(span),
            };
        }
        if !self.instruments.contains_key(&part.name.text) {
            let known: Vec<Symbol> = self
                .instruments
                .keys()
                .cloned()
                .chain(["net_worth".into()])
                .collect();
            self.unknown(&part.name, "the account", &known);
            return self.nothing(span);
        }
        let Some(reading) = self.reading(path.parts.get(2)) else {
            return self.nothing(span);
        };
        let Some(back) = self.when(path, timing, context, span) else {
            return self.nothing(span);
        };
        let instrument = self.instruments[&part.name.text];
        if self.model.instruments[instrument.at()].bilateral && part.index.is_empty() {
            return self.bilateral_total(sector, instrument, reading, back, span);
        }
        let Some(account) = self.find_account(path, &context.env) else {
            return self.nothing(span);
        };
        self.read_account(account, reading, back, span)
    }

    /// All claims a sector holds on others, or (`.owed`) all it owes.
    fn bilateral_total(
        &mut self,
        sector: SectorId,
        instrument: InstrumentId,
        reading: Reading,
        back: u32,
        span: Span,
    ) -> NodeId {
        let all: Vec<AccountId> = self
            .accounts
            .range((instrument, sector, None)..=(instrument, sector, Some(SectorId(u32::MAX))))
            .filter(|((.., issuer), _)| (*issuer == Some(sector)) == (reading == Reading::Owed))
            .map(|(_, id)| *id)
            .collect();
        if all.is_empty() {
            self.account(sector, instrument, Some(sector), span);
        }
        let terms: Vec<NodeId> = all
            .into_iter()
            .map(|id| self.read_account(id, reading, back, span))
            .collect();
        self.sum(&terms, span)
    }

    fn reading(&mut self, part: Option<&ast::PathPart>) -> Option<Reading> {
        let Some(part) = part else {
            return Some(Reading::Quantity);
        };
        match &*part.name.text {
            "owed" => Some(Reading::Owed),
            "value" => Some(Reading::Value),
            _ => {
                self.unknown(&part.name, "the reading", &["owed".into(), "value".into()]);
                None
            }
        }
    }

    /// How many periods back a balance is read: 0 is this period's closing.
    fn when(
        &mut self,
        path: &ast::Path,
        timing: Option<Timing>,
        context: &Context,
        span: Span,
    ) -> Option<u32> {
        match timing {
            Some(Timing::Opening) => Some(context.shift + 1),
            Some(Timing::Closing) => Some(context.shift),
            None if context.shift > 0 || context.bare_is_closing => Some(context.shift),
            None => {
                let shown = super::lines::path_text(path);
                let word = self.model.units.period_word();
                let problem = Diagnostic::error("when", format!("which balance of {shown}: the opening or the closing one?"))
                    .at(span, "a balance has two values in a period")
                    .why(format!("opening: what was there when the {word} began (the usual choice, and H₋₁ in the books)."))
                    .why("closing: what will be there when it ends (solved together with this line).")
                    .help(format!("write  opening {shown}"));
                self.report(problem);
                None
            }
        }
    }

    fn read_account(
        &mut self,
        account: AccountId,
        reading: Reading,
        back: u32,
        span: Span,
    ) -> NodeId {
        let balance = self.balance(account, back, span);
        match reading {
            Reading::Quantity => balance,
            Reading::Owed => self.node(Op::Unary(Unary::Neg, balance), span),
            Reading::Value => {
                let instrument = self.model.accounts[account.at()].instrument;
                self.valued(balance, instrument, None, back, span)
            }
        }
    }

    /// A balance `back` periods ago; 0 is this period's closing, a line of its own.
    pub(crate) fn balance(&mut self, account: AccountId, back: u32, span: Span) -> NodeId {
        if back > 0 {
            return self.node(Op::Balance(account, back), span);
        }
        let line = self.closing_line(account, span);
        self.node(Op::Var(line), span)
    }

    fn closing_line(&mut self, account: AccountId, span: Span) -> VarId {
        if let Some(found) = self.closing.get(&account) {
            return *found;
        }
        let name: Symbol = format!("closing {}", self.model.accounts[account.at()].name).into();
        let var = self.line(name, name, span, VarRole::Closing(account));
        self.closing.insert(account, var);
        self.closing_todo.push(account);
        var
    }

    /// Defines the closing balances that were asked for: opening + what the flows bring.
    pub(crate) fn finish_closings(&mut self) {
        while let Some(account) = self.closing_todo.pop() {
            let var = self.closing[&account];
            let span = self.model.vars[var.at()].span;
            let node = self.closing_without(account, &[], span);
            self.model.vars[var.at()].def = Def::Is(node);
        }
    }

    /// Opening balance plus what every flow but some brings, over one period.
    pub(crate) fn closing_without(
        &mut self,
        account: AccountId,
        but: &[FlowId],
        span: Span,
    ) -> NodeId {
        let mut sum = self.node(Op::Balance(account, 1), span);
        let period = self.period(span);
        for touch in self.touches(account) {
            if but.contains(&touch.flow) {
                continue;
            }
            let rate = self.leg_amount(touch, span);
            let lump = self.model.flows[touch.flow.at()].on.is_some();
            let amount = if lump {
                rate
            } else {
                self.binary(Binary::Mul, rate, period, span)
            };
            let op = if touch.sign > 0 {
                Binary::Add
            } else {
                Binary::Sub
            };
            sum = self.binary(op, sum, amount, span);
        }
        sum
    }

    /// The legs that touch an account, by the names of their flows: sums of doubles depend on
    /// their order, and the order of declarations must not change a number.
    pub(crate) fn touches(&self, account: AccountId) -> Vec<super::Touch> {
        let mut touches = self.touching.get(&account).cloned().unwrap_or_default();
        touches.sort_by_key(|touch| (&self.model.flows[touch.flow.at()].name, touch.leg));
        touches
    }

    /// What a leg moves: the flow's amount, times the price on the second leg.
    pub(crate) fn leg_amount(&mut self, touch: super::Touch, span: Span) -> NodeId {
        let flow = &self.model.flows[touch.flow.at()];
        let (var, price) = (flow.var, flow.price);
        let amount = self.node(Op::Var(var), span);
        match (touch.leg, price) {
            (1, Some(price)) => self.binary(Binary::Mul, amount, price, span),
            _ => amount,
        }
    }

    /// `closing bills`: the amount outstanding.
    fn outstanding(
        &mut self,
        instrument: InstrumentId,
        path: &ast::Path,
        timing: Option<Timing>,
        context: &Context,
        span: Span,
    ) -> NodeId {
        let Some(back) = self.when(path, timing, context, span) else {
            return self.nothing(span);
        };
        let Some(reading) = self.reading(path.parts.get(1)) else {
            return self.nothing(span);
        };
        let claim = self.model.instruments[instrument.at()].kind == Kind::Claim;
        let accounts = self.accounts_by(instrument, claim);
        let terms: Vec<NodeId> = accounts
            .into_iter()
            .map(|id| self.balance(id, back, span))
            .collect();
        let sum = self.sum(&terms, span);
        let sum = if claim {
            self.node(Op::Unary(Unary::Neg, sum), span)
        } else {
            sum
        };
        match reading {
            Reading::Value => self.valued(sum, instrument, None, back, span),
            _ => sum,
        }
    }

    /// `deliveries.value`, `purchases.unserved`.
    fn of_flow(
        &mut self,
        entity: Entity,
        path: &ast::Path,
        timing: Option<Timing>,
        context: &Context,
        span: Span,
    ) -> NodeId {
        let back = context.shift + u32::from(timing == Some(Timing::Opening));
        let part = &path.parts[1];
        let flow = match entity {
            Entity::Var(var) => match self.model.vars[var.at()].role {
                VarRole::Flow(flow) => Some(flow),
                _ => None,
            },
            _ => None,
        };
        let (Some(flow), "value" | "unserved") = (flow, &*part.name.text) else {
            let problem = Diagnostic::error("no-part", format!("`{}` has no part `{}`", path.parts[0].name.text, part.name.text))
                .at(span, "read here")
                .why("Flows have a `.value` and, where the till decides, an `.unserved`; sectors have balances; lines are one amount.")
                .help(format!("write  {}", path.parts[0].name.text));
            self.report(problem);
            return self.nothing(span);
        };
        let line = self.flow_part(flow, &part.name.text, span);
        self.var_ago(line, back, span)
    }

    /// The helper line behind `.value` or `.unserved`; defined when flows are lowered.
    fn flow_part(&mut self, flow: FlowId, part: &str, span: Span) -> VarId {
        let key = (flow, part.to_string());
        if let Some(found) = self.flow_parts.get(&key) {
            return *found;
        }
        let name: Symbol = format!("{}.{part}", self.model.flows[flow.at()].name).into();
        let var = self.line(name, name, span, VarRole::Helper);
        self.flow_parts.insert(key, var);
        var
    }
}
