//! `until`: flows that close an account.

use super::flows::FlowText;
use super::{Context, Lowerer};
use crate::ir::*;
use saldo_diag::{Diagnostic, Span};
use saldo_syntax::Symbol;
use saldo_syntax::ast;
use std::collections::{BTreeMap, BTreeSet};

impl<'a> Lowerer<'a> {
    /// Finds each `until`'s account and settles who comes first where several share one.
    pub(crate) fn order_untils(&mut self) {
        let mut texts = std::mem::take(&mut self.flows);
        let mut by_account: BTreeMap<AccountId, Vec<usize>> = BTreeMap::new();
        for (at, text) in texts.iter().enumerate() {
            let Some(until) = text.until else { continue };
            let Some(account) = self.until_account(text, until) else {
                self.causes.lose(text.name.text);
                continue;
            };
            by_account.entry(account).or_default().push(at);
        }
        for (account, flows) in by_account {
            let order = self.rank(account, &flows, &texts);
            for (rank, at) in order.into_iter().enumerate() {
                texts[at].reach = Some((account, rank as u32));
                self.closers.entry(account).or_default().push(texts[at].id);
            }
        }
        self.flows = texts;
    }

    fn until_account(&mut self, text: &FlowText, until: &ast::Until) -> Option<AccountId> {
        let account = self.find_account(&until.account, &text.env);
        let touches = account.is_some_and(|id| self.touch(id, text.id).is_some());
        if touches {
            return account;
        }
        if account.is_some() || until.account.parts.len() < 2 {
            let shown = super::lines::path_text(&until.account);
            let problem = Diagnostic::error(
                "until-untouched",
                format!("`{}` does not move {shown}", text.name.text),
            )
            .at(until.account.span, "not an account of this flow")
            .why("A flow can only close an account that it pays into or out of.")
            .help("name an account of the giver or the taker");
            self.report(problem);
        }
        None
    }

    fn touch(&self, account: AccountId, flow: FlowId) -> Option<super::Touch> {
        self.touching
            .get(&account)?
            .iter()
            .find(|touch| touch.flow == flow)
            .copied()
    }

    /// Flows of one account in paying order: `after`, then the sector's own word.
    fn rank(&mut self, account: AccountId, flows: &[usize], texts: &[FlowText]) -> Vec<usize> {
        let mut order = flows.to_vec();
        if order.len() < 2 {
            return order;
        }
        let sector = &self.model.sectors[self.model.accounts[account.at()].sector.at()];
        let pays: Vec<Symbol> = self.pays.get(&sector.family).cloned().unwrap_or_default();
        let place = |at: &usize| pays.iter().position(|name| *name == texts[*at].name.text);
        let after = |at: &usize| texts[*at].after.map(|name| name.text);
        let said = order
            .iter()
            .filter(|at| place(at).is_none() && after(at).is_none())
            .count()
            <= 1;
        if !said {
            self.two_untils(account, &order, texts);
        }
        let name = |at: &usize| &self.model.flows[texts[*at].id.at()].name;
        order.sort_by_key(|at| (place(at).unwrap_or(usize::MAX), name(at)));
        // What is wrong already needs no amounts, which grow with the square of their number.
        order.truncate(if said { order.len() } else { 2 });
        let (order, stuck) = waiting(&order, after, |at| texts[*at].name.text);
        if let Some(at) = stuck {
            self.waits_for_itself(&texts[at]);
        }
        order
    }

    fn waits_for_itself(&mut self, text: &FlowText) {
        let name = text.name.text;
        let headline = format!("`{name}` waits for a payment that waits for it");
        let problem = Diagnostic::error("until-circle", headline)
            .at(self.model.flows[text.id.at()].span, "comes after itself")
            .why("Each would be paid when the other has been: neither ever is.")
            .help("take one  after  away, or say the order at the sector:  pays A before B");
        self.report(problem);
    }

    fn two_untils(&mut self, account: AccountId, order: &[usize], texts: &[FlowText]) {
        let shown = self.model.accounts[account.at()].name;
        let [first, second] = [0, 1].map(|at: usize| &texts[order[at]]);
        let problem = Diagnostic::error("two-untils", format!("two flows want to close {shown}: who is first?"))
            .at(self.model.flows[first.id.at()].span, "one of them")
            .also(self.model.flows[second.id.at()].span, "the other")
            .why("The one that pays last gets what is left. That order is part of the story, not of the file.")
            .help(format!("add  after {}  to the flow that waits, or say it at the sector:  pays {} before {}", first.name.text, first.name.text, second.name.text));
        self.report(problem);
    }

    /// The amount that reaches the target, or the lesser of it and what is wanted.
    pub(crate) fn until_amount(
        &mut self,
        text: &FlowText<'a>,
        until: &'a ast::Until,
        wanted: Option<NodeId>,
    ) -> NodeId {
        let span = until.span;
        let Some((account, rank)) = text.reach else {
            return self.nothing(span);
        };
        let Some(touch) = self.touch(account, text.id) else {
            return self.nothing(span);
        };
        let context = Context {
            line: Some(text.name.text),
            ..Context::of(&text.env)
        };
        let target = self.lower(&until.target, &context);
        // What pays later, and this flow itself, are still to come.
        let open = self.closers[&account][rank as usize..].to_vec();
        let reach = self.reach(account, touch, target, &open, span);
        let flow = &mut self.model.flows[text.id.at()];
        flow.until = Some(Until {
            account,
            target,
            wanted,
            leg: touch.leg,
            sign: touch.sign,
            rank,
        });
        let signed = flow.signed;
        let Some(wanted) = wanted else { return reach };
        let least = self.binary(Binary::Min, wanted, reach, span);
        if signed {
            return least;
        }
        let zero = self.nothing(span);
        self.binary(Binary::Max, zero, least, span)
    }

    /// sign × (target − balance without this flow) / period / price.
    fn reach(
        &mut self,
        account: AccountId,
        touch: super::Touch,
        target: NodeId,
        but: &[FlowId],
        span: Span,
    ) -> NodeId {
        let without = self.closing_without(account, but, span);
        let gap = match touch.sign > 0 {
            true => self.binary(Binary::Sub, target, without, span),
            false => self.binary(Binary::Sub, without, target, span),
        };
        let flow = &self.model.flows[touch.flow.at()];
        let (price, lump) = (flow.price, flow.on.is_some());
        let rate = if lump {
            gap
        } else {
            self.per_period(gap, span)
        };
        match (touch.leg, price) {
            (1, Some(price)) => self.binary(Binary::Div, rate, price, span),
            _ => rate,
        }
    }

    /// Who only passes a claim on must say which payment takes the rest.
    pub(crate) fn check_throughs(&mut self) {
        let closed: BTreeSet<AccountId> = self
            .model
            .flows
            .iter()
            .filter_map(|flow| flow.until.as_ref().map(|until| until.account))
            .collect();
        let open: Vec<AccountId> = (0..self.model.accounts.len() as u32)
            .map(AccountId)
            .filter(|id| self.model.accounts[id.at()].role == Role::Through)
            .filter(|id| self.touching.contains_key(id) && !closed.contains(id))
            .filter(|id| !self.lacks_flows(*id))
            .collect();
        for account in open {
            self.report_through(account);
        }
    }

    /// A payment of this claim could not be read for want of an account: it may be the one that
    /// closes the till.
    fn lacks_flows(&self, account: AccountId) -> bool {
        let instrument = self.model.accounts[account.at()].instrument;
        let mut missing = self.accounts_missing.iter();
        missing.any(|(other, ..)| *other == instrument)
    }

    fn report_through(&mut self, account: AccountId) {
        let it = &self.model.accounts[account.at()];
        let who = self.model.sectors[it.sector.at()].name;
        let shown = it.name;
        let span: Span = self.model.instruments[it.instrument.at()].span;
        let names: Vec<String> = self.touching[&account]
            .iter()
            .filter(|touch| touch.sign < 0)
            .map(|touch| self.model.flows[touch.flow.at()].name.to_string())
            .collect();
        let last = names.last().cloned().unwrap_or_else(|| "PAYMENT".into());
        let problem = Diagnostic::error("through-no-until", format!("nothing may stay with {who}: which payment takes the rest?"))
            .at(span, format!("goes through {who}"))
            .why(match names.is_empty() {
                true => "What comes in must go out in the same period, to the last unit, and no payment leaves.".to_string(),
                false => format!("What comes in must go out in the same period, to the last unit. Leaving through it: {}.", names.join(", ")),
            })
            .help(format!("let one of them close the till:  {last} : … until closing {shown} == 0"));
        self.report(problem);
    }
}

/// The flows in their order, but each behind the one it comes `after`; and one that waits in a
/// circle, if one does.
fn waiting(
    order: &[usize],
    after: impl Fn(&usize) -> Option<Symbol>,
    name: impl Fn(&usize) -> Symbol,
) -> (Vec<usize>, Option<usize>) {
    let places: BTreeMap<Symbol, usize> = order.iter().map(name).zip(0..).collect();
    let mut behind = vec![Vec::new(); order.len()];
    let mut ready = BTreeSet::new();
    for (place, flow) in order.iter().enumerate() {
        match after(flow).and_then(|first| places.get(&first)) {
            Some(first) => behind[*first].push(place),
            None => drop(ready.insert(place)),
        }
    }
    let mut left: BTreeSet<usize> = (0..order.len()).collect();
    let mut sorted = Vec::new();
    while let Some(place) = ready.pop_first() {
        left.remove(&place);
        sorted.push(order[place]);
        ready.extend(behind[place].drain(..));
    }
    let stuck = left.first().map(|place| order[*place]);
    sorted.extend(left.into_iter().map(|place| order[place]));
    (sorted, stuck)
}
