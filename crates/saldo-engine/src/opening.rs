//! The state before the first period: opening positions and the past that lags read.

use crate::eval::{View, eval};
use saldo_math::random::{Key, Stream};
use saldo_model::ir::*;
use std::cell::Cell;

/// Inputs as one draw has them.
pub struct Inputs<'a> {
    pub model: &'a Model,
    /// Constant inputs that this draw changes.
    pub drawn: &'a [(InputId, f64)],
}

impl Inputs<'_> {
    /// Value in a row; before the first row, that of the first.
    pub fn at(&self, input: InputId, row: i64) -> f64 {
        match &self.model.inputs[input.at()].values {
            Values::Const(value) => self
                .drawn
                .iter()
                .find(|(other, _)| *other == input)
                .map_or(*value, |(_, value)| *value),
            Values::Path(path) => path[row.clamp(0, path.len() as i64 - 1) as usize],
        }
    }
}

/// Evaluates what the `start` block gives: inputs as they are in the opening row, and lines
/// that follow from inputs alone.
pub struct Opening<'a> {
    pub inputs: &'a Inputs<'a>,
    depth: Cell<u32>,
    /// The period whose past is being asked for.
    period: Cell<i64>,
}

impl<'a> Opening<'a> {
    pub fn new(inputs: &'a Inputs<'a>) -> Self {
        Opening {
            inputs,
            depth: Cell::new(0),
            period: Cell::new(0),
        }
    }

    pub fn value(&self, node: NodeId) -> f64 {
        eval(self.inputs.model, self, node)
    }

    /// Value of a line in a period up to 0; NaN where nothing was given.
    pub fn past(&self, line: VarId, period: i64) -> f64 {
        self.given(&self.inputs.model.vars[line.at()].past, period)
    }

    /// What a text gives for a period.
    pub fn given(&self, past: &Option<Past>, period: i64) -> f64 {
        let before = self.period.replace(period);
        let value = match past {
            Some(Past::All(node)) => self.value(*node),
            Some(Past::Dated(values)) => values
                .iter()
                .find(|(at, _)| *at == period)
                .map_or(f64::NAN, |(_, node)| self.value(*node)),
            None => f64::NAN,
        };
        self.period.set(before);
        value
    }
}

impl View for Opening<'_> {
    fn input(&self, input: InputId, back: u32) -> f64 {
        self.inputs.at(input, -i64::from(back))
    }

    fn line(&self, line: VarId) -> f64 {
        const DEEPEST: u32 = 100;
        let told = &self.inputs.model.vars[line.at()];
        if told.past.is_some() && self.depth.get() < DEEPEST {
            return self.past(line, self.period.get());
        }
        let Def::Is(node) = told.def else {
            return f64::NAN;
        };
        if self.depth.get() >= DEEPEST {
            return f64::NAN;
        }
        self.depth.set(self.depth.get() + 1);
        let value = self.value(node);
        self.depth.set(self.depth.get() - 1);
        value
    }

    fn lag(&self, line: VarId, back: u32) -> f64 {
        self.past(line, -i64::from(back))
    }

    fn balance(&self, _: AccountId, _: u32) -> f64 {
        f64::NAN
    }

    fn stream(&self, _: &str) -> Stream {
        Stream::new(Key::default())
    }
}

/// Opening positions of the accounts that were given, in base units.
pub fn positions(inputs: &Inputs) -> Vec<(u32, f64)> {
    let opening = Opening::new(inputs);
    let start = &inputs.model.start;
    let mut all: Vec<(u32, f64)> = start
        .positions
        .iter()
        .map(|start| (start.account.0, opening.value(start.value)))
        .collect();
    for split in &start.splits {
        share_out(inputs.model, &mut all[split.clone()]);
    }
    all
}

/// Whole units that add up to the total: each share rounded down, what is left to the largest
/// remainders, the first of equal ones.
fn share_out(model: &Model, shares: &mut [(u32, f64)]) {
    let Some((first, _)) = shares.first() else {
        return;
    };
    let instrument = model.accounts[*first as usize].instrument;
    let unit = model.instruments[instrument.at()].resolution;
    let units: Vec<f64> = shares.iter().map(|(_, value)| value / unit).collect();
    let total = units.iter().sum::<f64>().round();
    let down: Vec<f64> = units.iter().map(|value| value.floor()).collect();
    let left = total - down.iter().sum::<f64>();
    let mut order: Vec<usize> = (0..units.len()).collect();
    order.sort_by(|a, b| (units[*b] - down[*b]).total_cmp(&(units[*a] - down[*a])));
    // A share that is whole but for the last place of a double is no remainder: a split finer
    // than doubles can count keeps its values.
    if !(0.0..=units.len() as f64).contains(&left) || total.abs() > 1e15 {
        return;
    }
    for (rank, at) in order.into_iter().enumerate() {
        let extra = f64::from(u8::from((rank as f64) < left));
        shares[at].1 = (down[at] + extra) * unit;
    }
}
