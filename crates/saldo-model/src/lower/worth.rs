//! Values and net worth.

use super::{Context, Lowerer};
use crate::ir::*;
use saldo_diag::{Diagnostic, Span};
use saldo_syntax::Symbol;
use saldo_syntax::ast::{self, ExprKind};

impl<'a> Lowerer<'a> {
    /// `EXPR under VALUATION`: only balances and net worth have several valuations.
    pub(crate) fn under(
        &mut self,
        value: &ast::Expr,
        valuation: &ast::Name,
        context: &Context,
        span: Span,
    ) -> NodeId {
        let known: Vec<Symbol> = self
            .model
            .instruments
            .iter()
            .flat_map(|i| i.also.iter().map(|(name, _)| *name))
            .collect();
        if !known.contains(&valuation.text) {
            self.unknown(valuation, "the valuation", &known);
            return self.nothing(span);
        }
        let (path, back) = match &value.kind {
            ExprKind::Timed { timing, path } => (
                path,
                context.shift + u32::from(*timing == ast::Timing::Opening),
            ),
            ExprKind::Path(path) => (path, context.shift),
            _ => return self.under_what(span),
        };
        if path.parts.len() < 2 {
            return self.under_what(span);
        }
        let Some(sector) = self.sector(&path.parts[0], &context.env) else {
            return self.nothing(span);
        };
        if &*path.parts[1].name.text == "net_worth" {
            return self.net_worth(sector, back, Some(&valuation.text), span);
        }
        let Some(account) = self.find_account(path, &context.env) else {
            return self.nothing(span);
        };
        let balance = self.balance(account, back, span);
        let instrument = self.model.accounts[account.at()].instrument;
        self.valued(balance, instrument, Some(&valuation.text), back, span)
    }

    fn under_what(&mut self, span: Span) -> NodeId {
        let problem = Diagnostic::error(
            "under-what",
            "`under` chooses a valuation for a balance or a net worth",
        )
        .at(span, "neither of them")
        .why("Only what is kept has several valuations.")
        .help("write  households.net_worth under replacement");
        self.report(problem);
        self.nothing(span)
    }

    /// A quantity at the price `back` periods ago.
    pub(crate) fn valued(
        &mut self,
        quantity: NodeId,
        instrument: InstrumentId,
        valuation: Option<&Symbol>,
        back: u32,
        span: Span,
    ) -> NodeId {
        let instrument = &self.model.instruments[instrument.at()];
        let named = valuation.and_then(|name| {
            instrument
                .also
                .iter()
                .find(|(known, _)| known == name)
                .map(|(_, var)| *var)
        });
        let Some(price) = named.or(instrument.price) else {
            return quantity;
        };
        let price = self.var_ago(price, back, span);
        self.binary(Binary::Mul, quantity, price, span)
    }

    /// The sum of a sector's positions that have a value.
    ///
    /// The closing one is opening + gains + flows, with exchanges at the declared price left
    /// out: swapping one asset for another at its price changes nobody's wealth, so portfolio
    /// choice is no circle.
    pub(crate) fn net_worth(
        &mut self,
        sector: SectorId,
        back: u32,
        valuation: Option<&Symbol>,
        span: Span,
    ) -> NodeId {
        let mine: Vec<AccountId> = self.valued_accounts(sector);
        if back > 0 {
            let terms: Vec<NodeId> = mine
                .into_iter()
                .map(|id| {
                    let balance = self.balance(id, back, span);
                    let instrument = self.model.accounts[id.at()].instrument;
                    self.valued(balance, instrument, valuation, back, span)
                })
                .collect();
            return self.sum(&terms, span);
        }
        let opening = mine.iter().map(|id| {
            let balance = self.node(Op::Balance(*id, 1), span);
            let instrument = self.model.accounts[id.at()].instrument;
            self.valued(balance, instrument, valuation, 0, span)
        });
        let mut terms: Vec<NodeId> = opening.collect();
        let period = self.period(span);
        for id in &mine {
            for touch in self.touches(*id) {
                if self.is_even_swap(touch, sector, valuation) {
                    continue;
                }
                let rate = self.leg_amount(touch, span);
                let lump = self.model.flows[touch.flow.at()].on.is_some();
                let amount = if lump {
                    rate
                } else {
                    self.binary(Binary::Mul, rate, period, span)
                };
                let instrument = self.model.accounts[id.at()].instrument;
                let value = self.valued(amount, instrument, valuation, 0, span);
                terms.push(if touch.sign > 0 {
                    value
                } else {
                    self.node(Op::Unary(Unary::Neg, value), span)
                });
            }
        }
        self.sum(&terms, span)
    }

    /// By name, so that sums do not hang on the order of declarations.
    fn valued_accounts(&self, sector: SectorId) -> Vec<AccountId> {
        let valued = |id: &AccountId| {
            let instrument = self.model.accounts[id.at()].instrument;
            self.model.instruments[instrument.at()].currency.is_some()
        };
        let all = self.accounts_of.get(&sector).into_iter().flatten();
        let mut mine: Vec<AccountId> = all.copied().filter(valued).collect();
        mine.sort_by_key(|id| &self.model.accounts[id.at()].name);
        mine
    }

    /// Both legs touch the sector, at the instruments' own price.
    fn is_even_swap(
        &self,
        touch: super::Touch,
        sector: SectorId,
        valuation: Option<&Symbol>,
    ) -> bool {
        let flow = &self.model.flows[touch.flow.at()];
        if flow.legs.len() < 2 || valuation.is_some() {
            return false;
        }
        let touches = |leg: &Leg| {
            let ends = [leg.from, leg.to];
            ends.into_iter()
                .flatten()
                .any(|id| self.model.accounts[id.at()].sector == sector)
        };
        let prices =
            [0, 1].map(|leg: usize| self.model.instruments[flow.legs[leg].instrument.at()].price);
        let even = match (prices, flow.price) {
            ([None, None], None) => true,
            ([Some(own), None], Some(paid)) => self.same_price(paid, own),
            _ => false,
        };
        even && flow.legs.iter().all(touches)
    }

    /// The price paid reads the same line or input as the price of the accounts.
    fn same_price(&self, paid: NodeId, own: VarId) -> bool {
        let Def::Is(own_node) = self.model.vars[own.at()].def else {
            return false;
        };
        if own_node == NodeId(u32::MAX) {
            return false;
        }
        match (
            &self.model.nodes[paid.at()].op,
            &self.model.nodes[own_node.at()].op,
        ) {
            (Op::Var(a), _) if *a == own => true,
            (Op::Var(a), Op::Var(b)) => a == b,
            (Op::Input(a), Op::Input(b)) => a == b,
            (Op::Const(a), Op::Const(b)) => a == b,
            _ => false,
        }
    }
}
