//! Flows, exchanges and processes: who gives, who takes, how much.

use super::{Bound, Context, Entity, Env, Lowerer, Touch, label, title_or};
use crate::ir::*;
use saldo_diag::{Diagnostic, Span};
use saldo_syntax::Symbol;
use saldo_syntax::ast::{self, Roll};

/// A declared flow whose expressions are still text.
pub(crate) struct FlowText<'a> {
    pub id: FlowId,
    pub env: Env,
    pub name: ast::Name,
    pub amount: Option<&'a ast::Expr>,
    pub price: Option<&'a ast::Expr>,
    pub until: Option<&'a ast::Until>,
    pub after: Option<&'a ast::Name>,
    /// Account and rank, once the order is known.
    pub reach: Option<(AccountId, u32)>,
}

/// One end of a flow: the sector, the letters it binds, and what it adds to the index.
struct End {
    sector: SectorId,
    env: Env,
    index: Vec<Symbol>,
}

/// The instruments of a block, with whose claim each is.
struct Block<'a> {
    first: (InstrumentId, Option<&'a ast::Path>),
    second: Option<(InstrumentId, Option<&'a ast::Path>)>,
}

impl<'a> Lowerer<'a> {
    pub(crate) fn declare_flows(&mut self, block: &'a ast::Flows, env: &Env) {
        let Some(first) = self.known_instrument(&block.instrument) else {
            return self.broken_flows(&block.flows);
        };
        let block_of = Block {
            first: (first, block.of.as_ref()),
            second: None,
        };
        for flow in &block.flows {
            self.declare_flow(flow, &block_of, env);
        }
    }

    pub(crate) fn declare_exchange(&mut self, block: &'a ast::Exchange, env: &Env) {
        let (Some(first), Some(second)) = (
            self.known_instrument(&block.first),
            self.known_instrument(&block.second),
        ) else {
            return self.broken_flows(&block.flows);
        };
        let block_of = Block {
            first: (first, block.first_of.as_ref()),
            second: Some((second, block.second_of.as_ref())),
        };
        for flow in &block.flows {
            self.declare_flow(flow, &block_of, env);
        }
    }

    fn broken_flows(&mut self, flows: &[ast::Flow]) {
        for flow in flows {
            self.causes.lose(flow.name.text);
        }
    }

    /// A flow of which an error was told is not told to be missing as well.
    fn declare_flow(&mut self, flow: &'a ast::Flow, block: &Block<'a>, env: &Env) {
        let before = self.problems.len();
        self.declare_sides(flow, block, env);
        if self.problems.len() > before {
            self.causes.lose(flow.name.text);
        }
    }

    fn declare_sides(&mut self, flow: &'a ast::Flow, block: &Block<'a>, env: &Env) {
        if let Some(text) = flow.chance.as_ref().or(flow.limit.as_ref()) {
            return self.not_yet("a flow with chance or limit", text.span);
        }
        for left in self.ends(&flow.left, env) {
            for right in self.ends(&flow.right, &left.env) {
                self.declare_pair(flow, block, &left, right, env);
            }
        }
    }

    fn declare_pair(
        &mut self,
        flow: &'a ast::Flow,
        block: &Block<'a>,
        left: &End,
        right: End,
        outer: &Env,
    ) {
        let of = flow.of.as_ref().or(block.first.1);
        let Some(first) = self.leg(
            block.first.0,
            left.sector,
            right.sector,
            of,
            &right.env,
            flow.span,
        ) else {
            return self.causes.lose(flow.name.text);
        };
        let mut legs = vec![first];
        if let Some((second, of)) = block.second {
            let Some(leg) = self.leg(second, right.sector, left.sector, of, &right.env, flow.span)
            else {
                return self.causes.lose(flow.name.text);
            };
            legs.push(leg);
        }
        if left.sector == right.sector {
            let who = self.model.sectors[left.sector.at()].name;
            let problem = Diagnostic::error("pays-itself", format!("`{}` goes from {who} to {who}", flow.name.text))
                .at(flow.span, "giver and taker are one")
                .why("A payment to oneself changes no balance; it would only show a number that is not there.")
                .help("leave this pair out, for example with  where j != k");
            return self.report(problem);
        }
        let index = [outer.members(), left.index.clone(), right.index].concat();
        let kind = if block.second.is_some() {
            FlowKind::Exchange
        } else {
            FlowKind::Flow
        };
        let on = flow.on.as_ref().and_then(|name| self.event(name));
        let id = self.add_flow(
            &flow.name,
            &flow.title,
            index,
            flow.span,
            kind,
            legs,
            flow.signed,
            on,
        );
        self.flows.push(FlowText {
            id,
            env: right.env,
            name: flow.name.clone(),
            amount: flow.amount.as_ref(),
            price: flow.price.as_deref(),
            until: flow.until.as_deref(),
            after: flow.after.as_ref(),
            reach: None,
        });
    }

    #[allow(clippy::too_many_arguments)]
    fn add_flow(
        &mut self,
        name: &ast::Name,
        title: &ast::Title,
        index: Vec<Symbol>,
        span: Span,
        kind: FlowKind,
        legs: Vec<Leg>,
        signed: bool,
        on: Option<EventId>,
    ) -> FlowId {
        let id = FlowId(self.model.flows.len() as u32);
        let shown = label(name.text, &index);
        let row = title_or(title, &name.text);
        let title = self.element_title(title, name, &index);
        let var = self.line(shown, title, span, VarRole::Flow(id));
        for (at, leg) in legs.iter().enumerate() {
            let ends = leg.moves().flat_map(|(from, to)| [(from, -1), (to, 1)]);
            for (end, sign) in ends {
                if let Some(account) = end {
                    self.touching.entry(account).or_default().push(Touch {
                        flow: id,
                        leg: at,
                        sign,
                    });
                }
            }
        }
        self.model.flows.push(Flow {
            name: shown,
            title,
            row,
            span,
            kind,
            var,
            signed,
            legs,
            price: None,
            until: None,
            on,
        });
        self.define(name, index, Entity::Var(var));
        id
    }

    /// Who stands at one end.
    fn ends(&mut self, side: &ast::Side, env: &Env) -> Vec<End> {
        let Some(each) = &side.each else {
            let bare = side.path.parts.len() == 1;
            if !bare {
                self.not_yet("a link as the end of a flow", side.span);
                return Vec::new();
            }
            let sector = self.end_sector(&side.path.parts[0], env);
            return sector
                .into_iter()
                .map(|sector| End {
                    sector,
                    env: env.clone(),
                    index: Vec::new(),
                })
                .collect();
        };
        let sectors = self.each_sectors(side, each);
        let letter = each.letter.as_ref().map(|name| name.text);
        let mut ends = Vec::new();
        for sector in sectors {
            let bound = Bound::Sector(sector);
            let inner = letter
                .as_ref()
                .map_or_else(|| env.clone(), |letter| env.with(letter, bound));
            if let Some(condition) = &side.condition {
                let held = self.structure(|this| this.lower(condition, &Context::of(&inner)));
                if self.constant(held) == Some(0.0) {
                    continue;
                }
            }
            let it = &self.model.sectors[sector.at()];
            let index = if it.members.is_empty() {
                vec![it.name]
            } else {
                it.members.clone()
            };
            ends.push(End {
                sector,
                env: inner,
                index,
            });
        }
        ends
    }

    fn end_sector(&mut self, part: &ast::PathPart, env: &Env) -> Option<SectorId> {
        let family = self
            .sectors
            .get(&part.name.text)
            .is_some_and(|family| family.len() > 1);
        if family && part.index.is_empty() && env.get(&part.name.text).is_none() {
            let name = part.name.text;
            let problem = Diagnostic::error(
                "which-member",
                format!("which of the {name} pays or is paid?"),
            )
            .at(part.name.span, "a family of several sectors")
            .why("Each member keeps its own books; an amount leaves one of them.")
            .help(format!(
                "write  each {name}  for one flow per member, or  {name}[…]  for one of them"
            ));
            self.report(problem);
            return None;
        }
        self.sector(part, env)
    }

    /// `each h in holders of bills`, `each firms`.
    fn each_sectors(&mut self, side: &ast::Side, each: &ast::EachSide) -> Vec<SectorId> {
        let name = &side.path.parts[0].name;
        let Some(roll) = each.of else {
            let Some(family) = self.sectors.get(&name.text) else {
                let known: Vec<Symbol> = self.sectors.keys().cloned().collect();
                self.unknown(name, "the sector", &known);
                return Vec::new();
            };
            return family.values().copied().collect();
        };
        let Some(instrument) = self.known_instrument(name) else {
            return Vec::new();
        };
        let mut sectors: Vec<SectorId> = self
            .accounts_by(instrument, roll == Roll::Issuers)
            .into_iter()
            .filter(|id| self.model.accounts[id.at()].role != Role::Through)
            .map(|id| self.model.accounts[id.at()].sector)
            .collect();
        sectors.sort();
        sectors.dedup();
        sectors
    }

    fn leg(
        &mut self,
        instrument: InstrumentId,
        from: SectorId,
        to: SectorId,
        of: Option<&ast::Path>,
        env: &Env,
        span: Span,
    ) -> Option<Leg> {
        if let Some(reserves) = self.settling.get(&instrument).copied() {
            return self.settled_leg(instrument, reserves, (from, to), span);
        }
        let issuer = match (self.model.instruments[instrument.at()].bilateral, of) {
            (false, _) => None,
            (true, Some(path)) => Some(self.sector(&path.parts[0], env)?),
            (true, None) => self.only_issuer(instrument, from, to),
        };
        let from = self.account(from, instrument, issuer, span)?;
        let to = self.account(to, instrument, issuer, span)?;
        Some(Leg::new(instrument, Some(from), Some(to)))
    }

    /// The debtor, where only one is possible for this pair.
    fn only_issuer(
        &self,
        instrument: InstrumentId,
        from: SectorId,
        to: SectorId,
    ) -> Option<SectorId> {
        let issuers = self
            .accounts_by(instrument, true)
            .into_iter()
            .map(|id| self.model.accounts[id.at()].sector);
        let possible: Vec<SectorId> = issuers
            .filter(|issuer| {
                let has = |sector| {
                    self.accounts
                        .contains_key(&(instrument, sector, Some(*issuer)))
                };
                has(from) && has(to)
            })
            .collect();
        match possible.as_slice() {
            [one] => Some(*one),
            _ => None,
        }
    }

    pub(crate) fn declare_process(&mut self, process: &'a ast::Process, env: &Env) {
        let Some(sector) = self.end_sector(&process.by.parts[0], env) else {
            return;
        };
        for line in &process.lines {
            self.declare_process_line(process, line, sector, env);
        }
    }

    fn declare_process_line(
        &mut self,
        process: &ast::Process,
        line: &'a ast::ProcessLine,
        sector: SectorId,
        env: &Env,
    ) {
        let good = &line.good.parts[0].name;
        let Some(instrument) = self.known_instrument(good) else {
            return;
        };
        if self.model.instruments[instrument.at()].kind == Kind::Claim {
            let problem = Diagnostic::error("process-claim", format!("a process cannot make or use up `{}`", good.text))
                .at(line.span, "a claim has a debtor")
                .why("Things can be made and used up. A claim appears when someone owes and disappears when he pays or defaults: with two sides.")
                .help(format!("write a flow:  flows in {} {{ NAME : DEBTOR -> CREDITOR = … }}", good.text));
            return self.report(problem);
        }
        let Some(account) = self.account(sector, instrument, None, line.span) else {
            return;
        };
        let (from, to) = if line.makes {
            (None, Some(account))
        } else {
            (Some(account), None)
        };
        let kind = if line.makes {
            FlowKind::Makes
        } else {
            FlowKind::Uses
        };
        let name = ast::Name {
            text: format!("{}.{}", process.name.text, good.text).into(),
            span: line.span,
        };
        let title = if line.title.main.is_some() {
            &line.title
        } else {
            &process.title
        };
        let on = line.on.as_ref().and_then(|name| self.event(name));
        let legs = vec![Leg::new(instrument, from, to)];
        let id = self.add_flow(
            &name,
            title,
            env.members(),
            line.span,
            kind,
            legs,
            false,
            on,
        );
        self.flows.push(FlowText {
            id,
            env: env.clone(),
            name,
            amount: line.amount.as_ref(),
            price: None,
            until: line.until.as_deref(),
            after: None,
            reach: None,
        });
    }

    /// Gives every flow its amount and price.
    pub(crate) fn lower_flows(&mut self) {
        let texts = std::mem::take(&mut self.flows);
        let mut wanted = Vec::new();
        for text in &texts {
            wanted.push(self.lower_wanted(text));
        }
        for (text, wanted) in texts.iter().zip(wanted) {
            self.lower_amount(text, wanted);
        }
    }

    /// Prices come before all lines: net worth asks which exchanges are even swaps.
    pub(crate) fn lower_flow_prices(&mut self) {
        let texts = std::mem::take(&mut self.flows);
        texts.iter().for_each(|text| self.lower_price(text));
        self.flows = texts;
    }

    fn context(&self, text: &FlowText) -> Context {
        let line = self.model.flows[text.id.at()].name;
        Context {
            line: Some(line),
            ..Context::of(&text.env)
        }
    }

    fn lower_price(&mut self, text: &FlowText) {
        let Some(price) = text.price else {
            return self.price_needed(text);
        };
        if self.model.flows[text.id.at()].kind != FlowKind::Exchange {
            let problem = Diagnostic::error("price-of-flow", format!("`{}` has a price but nothing is given in return", text.name.text))
                .at(price.span, "a price needs two things")
                .why("A flow moves one thing one way. A price belongs to an exchange, where two change hands.")
                .help("write it in a block  exchange COAL for CASH { … }");
            return self.report(problem);
        }
        let context = self.context(text);
        let node = self.lower(price, &context);
        self.model.flows[text.id.at()].price = Some(node);
    }

    /// Two things that are counted in different units are worth something to each other only at
    /// a price.
    fn price_needed(&mut self, text: &FlowText) {
        let flow = &self.model.flows[text.id.at()];
        let [first, second] = &flow.legs[..] else {
            return;
        };
        let of = |leg: &Leg| &self.model.instruments[leg.instrument.at()];
        let (first, second) = (of(first), of(second));
        if first.dim == second.dim {
            return;
        }
        let headline = format!(
            "`{}` swaps {} for {}, but at what price?",
            text.name.text, first.unit, second.unit
        );
        let problem = Diagnostic::error("exchange-price", headline)
            .at(flow.span, "no  at PRICE")
            .why("Things of different kinds change hands at a price: how much of the second is given for one of the first.")
            .help(format!("end it with  at PRICE,  in {}/{}", second.unit, first.unit));
        self.report(problem);
    }

    fn lower_wanted(&mut self, text: &FlowText) -> Option<NodeId> {
        let context = self.context(text);
        let amount = text.amount.map(|amount| self.lower(amount, &context));
        let Some(event) = self.model.flows[text.id.at()].on else {
            return amount;
        };
        let (amount, name) = (amount?, self.model.events[event.at()].name);
        let span = self.model.flows[text.id.at()].span;
        let when = self.event_path("pulse", &ast::Name { text: name, span }, 0, span);
        let zero = self.nothing(span);
        Some(self.node(Op::If(when, amount, zero), span))
    }

    fn lower_amount(&mut self, text: &FlowText<'a>, wanted: Option<NodeId>) {
        let var = self.model.flows[text.id.at()].var;
        let node = match (text.until, wanted) {
            (Some(until), wanted) => self.until_amount(text, until, wanted),
            (None, Some(wanted)) => wanted,
            (None, None) => {
                let span = self.model.flows[text.id.at()].span;
                let problem = Diagnostic::error(
                    "flow-no-amount",
                    format!("how much is `{}`?", text.name.text),
                )
                .at(span, "no amount given")
                .why("A payment that is not explained would have to be invented.")
                .help(
                    "write  = AMOUNT, or let it close an account:  until closing firms.cash == 0",
                );
                self.report(problem);
                self.nothing(span)
            }
        };
        self.model.vars[var.at()].def = Def::Is(node);
    }

    /// Defines the helper lines behind `.value` and `.unserved`.
    pub(crate) fn lower_parts(&mut self) {
        for ((flow, part), var) in self.flow_parts.clone() {
            let span = self.model.vars[var.at()].span;
            let it = &self.model.flows[flow.at()];
            let (line, price, instrument) = (it.var, it.price, it.legs[0].instrument);
            let wanted = it.until.as_ref().and_then(|until| until.wanted);
            let amount = self.node(Op::Var(line), span);
            let node = match (part.as_str(), price, wanted) {
                ("value", Some(price), _) => self.binary(Binary::Mul, amount, price, span),
                ("value", None, _) => self.valued(amount, instrument, None, 0, span),
                (_, _, Some(wanted)) => self.binary(Binary::Sub, wanted, amount, span),
                _ if self.is_broken(flow) => self.nothing(span),
                _ => self.never_unserved(span),
            };
            self.model.vars[var.at()].def = Def::Is(node);
        }
    }

    /// Something was already said about this flow.
    fn is_broken(&self, flow: FlowId) -> bool {
        let name = &self.model.flows[flow.at()].name;
        let family = name.split('[').next().unwrap_or(name);
        self.causes.has_lost(&Symbol::new(family))
    }

    fn never_unserved(&mut self, span: Span) -> NodeId {
        let problem = Diagnostic::error("never-unserved", "nothing can stay unserved here")
            .at(span, "this flow always moves its whole amount")
            .why("Only a flow that goes as far as a till allows can leave something undone.")
            .help("add  until closing ACCOUNT == 0  to the flow, or leave `.unserved` away");
        self.report(problem);
        self.nothing(span)
    }
}
