//! Cents that rounding took too much: a holder who can pay is never overdrawn by rounding alone.
//!
//! Flows of one instrument are rounded together, but an exchange touches two: a debt rounded down
//! and its payment rounded up would leave one cent less than nothing.

use crate::books::{Amounts, Books, at_par};
use crate::chart::{Chart, Leg, Role};

impl Books {
    /// A holder below zero by rounding alone: one of its payments is posted that much smaller.
    pub(crate) fn mend(&mut self, chart: &Chart, amounts: &Amounts, postings: &mut [i128]) {
        for account in 0..self.positions.len() {
            let short = -self.positions[account];
            if short <= 0 {
                continue;
            }
            let role = chart.accounts[account].role;
            let noise = (3.0 + self.turnover[account] * 1e-11) as i128;
            if role == Role::Issuer || short > noise || !self.covered(chart, amounts, account) {
                continue;
            }
            let smaller = (0..chart.flows.len()).find_map(|at| {
                let legs = self.mendable(chart, at, amounts.price[at], account as u32)?;
                let spare = |leg: &usize| self.spares(chart, chart.flows[at].legs[*leg], short);
                let large = |leg: &usize| postings[self.leg_at(at, *leg)] >= short;
                legs.clone()
                    .all(|leg| spare(&leg) && large(&leg))
                    .then_some((at, legs))
            });
            for (at, leg) in smaller
                .into_iter()
                .flat_map(|(at, legs)| legs.map(move |leg| (at, leg)))
            {
                postings[self.leg_at(at, leg)] -= short;
                self.move_amount(chart.flows[at].legs[leg], -short);
            }
        }
    }

    /// Would the account close at zero or above if nothing were rounded? If not, the holder is
    /// overdrawn, and that is told.
    fn covered(&self, chart: &Chart, amounts: &Amounts, account: usize) -> bool {
        let unit = chart.resolutions[chart.accounts[account].instrument as usize];
        let mut closing = self.opening[account] as f64;
        for (at, flow) in chart.flows.iter().enumerate() {
            let parts = [amounts.amount[at], amounts.amount[at] * amounts.price[at]];
            for (leg, amount) in flow.legs.iter().zip(parts) {
                let gains = i8::from(leg.to == Some(account as u32));
                let loses = i8::from(leg.from == Some(account as u32));
                closing += f64::from(gains - loses) * amount / unit;
            }
        }
        closing >= -(1e-6 + self.turnover[account] * 1e-11)
    }

    /// Legs of a flow that shrink together if the account is to pay less. At par both do; at
    /// another price the leg alone, which stays within its rounding.
    fn mendable(
        &self,
        chart: &Chart,
        at: usize,
        price: f64,
        account: u32,
    ) -> Option<std::ops::Range<usize>> {
        let flow = &chart.flows[at];
        let pays = |leg: &Leg| leg.from == Some(account);
        let leg = flow.legs.iter().position(pays)?;
        if flow.until.is_some() {
            return None;
        }
        match flow.legs.len() == 2 && at_par(chart, flow, price) {
            true => Some(0..2),
            false => Some(leg..leg + 1),
        }
    }

    /// The taker can do without the amount.
    fn spares(&self, chart: &Chart, leg: Leg, amount: i128) -> bool {
        leg.to.is_none_or(|to| {
            chart.accounts[to as usize].role == Role::Issuer
                || self.positions[to as usize] >= amount
        })
    }
}
