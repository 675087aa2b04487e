//! One period as a map from an opening to what it leaves, unrounded, for many openings at once.

use crate::run::Group;
use crate::trace::Stop;
use saldo_model::ir::{InputId, Model, VarRole};

/// What a period begins with.
#[derive(Clone, Debug)]
pub struct Opening {
    /// Per account, base units.
    pub balances: Vec<f64>,
    /// Per line: what lags read in every earlier period, and where circles start from.
    pub lines: Vec<f64>,
}

/// What a period leaves.
#[derive(Clone, Debug)]
pub struct Image {
    pub balances: Vec<f64>,
    pub lines: Vec<f64>,
    /// Per account, the largest amount that went in or out.
    pub turnover: Vec<f64>,
}

pub struct Map<'a, const L: usize> {
    group: Group<'a, L>,
    /// Why the first opening of the last batch could not be computed.
    stop: Option<Stop>,
}

impl<'a, const L: usize> Map<'a, L> {
    pub fn new(mut group: Group<'a, L>) -> Self {
        group.still = true;
        group.assumed = vec![[0.0; L]; group.model.accounts.len()];
        Map { group, stop: None }
    }

    pub fn model(&self) -> &'a Model {
        self.group.model
    }

    /// Why the last opening that was alone could not be computed.
    pub fn why(&mut self) -> Stop {
        let line = self.group.first_not_finite(0);
        let not_finite = Stop::NotFinite { line, period: 0 };
        self.stop.take().unwrap_or(not_finite)
    }

    /// The images of some openings; nothing for one in which a period cannot be computed.
    pub fn images(&mut self, openings: &[Opening]) -> Vec<Option<Image>> {
        self.images_at(openings, 0, &[])
    }

    pub fn image(&mut self, opening: &Opening) -> Option<Image> {
        self.images(std::slice::from_ref(opening)).swap_remove(0)
    }

    /// The same with some inputs as they are in another row.
    pub fn images_at(
        &mut self,
        openings: &[Opening],
        row: i64,
        inputs: &[InputId],
    ) -> Vec<Option<Image>> {
        let mut all = Vec::with_capacity(openings.len());
        for batch in openings.chunks(L) {
            self.place(batch);
            self.group.compute_with(row, inputs);
            self.stop = self.group.traces[0].stop.take();
            all.extend((0..batch.len()).map(|lane| self.take(lane, &batch[lane])));
        }
        all
    }

    /// Lanes without an opening of their own repeat the first one.
    fn place(&mut self, batch: &[Opening]) {
        let group = &mut self.group;
        group.open = [true; L];
        let of = |lane: usize| &batch[if lane < batch.len() { lane } else { 0 }];
        for (account, row) in group.assumed.iter_mut().enumerate() {
            *row = std::array::from_fn(|lane| of(lane).balances[account]);
        }
        for (line, var) in group.model.vars.iter().enumerate() {
            let value = |lane: usize| match var.role {
                VarRole::Closing(account) => of(lane).balances[account.at()],
                _ => of(lane).lines[line],
            };
            group.recall_row(line, std::array::from_fn(value));
        }
    }

    fn take(&self, lane: usize, opening: &Opening) -> Option<Image> {
        let group = &self.group;
        let mut image = Image {
            balances: opening.balances.clone(),
            lines: (0..group.model.vars.len())
                .map(|line| group.regs[line][lane])
                .collect(),
            turnover: vec![0.0; opening.balances.len()],
        };
        for (flow, price) in group.model.flows.iter().zip(&group.program.prices) {
            let amount = group.regs[flow.var.at()][lane];
            let paid = amount * group.regs[*price as usize][lane];
            for (leg, amount) in flow.legs.iter().zip([amount, paid]) {
                let ends = leg.moves();
                for (side, sign) in ends.flat_map(|(from, to)| [(from, -1.0), (to, 1.0)]) {
                    let Some(account) = side else { continue };
                    image.balances[account.at()] += sign * amount;
                    let most = &mut image.turnover[account.at()];
                    *most = most.max(amount.abs());
                }
            }
        }
        let whole = |values: &[f64]| values.iter().all(|value| value.is_finite());
        let fine = group.open[lane] && whole(&image.balances) && whole(&image.lines);
        fine.then_some(image)
    }
}
