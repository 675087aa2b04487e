//! The run's past and a period's numbers, as expressions see them.

use crate::booking::to_base;
use crate::eval::View;
use crate::opening::{Inputs, Opening};
use crate::trace::Trace;
use saldo_math::random::{Key, Stream};
use saldo_model::ir::*;

/// A run that is judged.
pub struct Run<'a> {
    pub model: &'a Model,
    pub trace: &'a Trace,
    pub inputs: Inputs<'a>,
    seed: u64,
    draw: u32,
    /// Legs of all flows before each flow, and of all of them at the end.
    pub first_leg: Vec<usize>,
}

impl<'a> Run<'a> {
    pub fn new(model: &'a Model, trace: &'a Trace, seed: u64, draw: u32) -> Self {
        let mut first_leg = vec![0];
        for flow in &model.flows {
            first_leg.push(first_leg[first_leg.len() - 1] + flow.legs.len());
        }
        Run {
            model,
            trace,
            inputs: Inputs {
                model,
                drawn: &trace.drawn,
            },
            seed,
            draw,
            first_leg,
        }
    }

    /// All lines of a row, as the run left them.
    pub fn row(&self, row: usize) -> &'a [f64] {
        &self.trace.vars[row * self.trace.width..(row + 1) * self.trace.width]
    }

    pub fn positions(&self, row: usize) -> &'a [i128] {
        let count = self.model.accounts.len();
        &self.trace.positions[row * count..(row + 1) * count]
    }

    pub fn postings(&self, row: usize) -> &'a [i128] {
        let legs = self.first_leg[self.model.flows.len()];
        &self.trace.postings[row * legs..(row + 1) * legs]
    }

    /// Smallest booked amount of an instrument, base units.
    pub fn unit(&self, instrument: InstrumentId) -> f64 {
        self.model.instruments[instrument.at()].resolution
    }

    /// Whole units of an instrument in base units.
    pub fn base(&self, instrument: InstrumentId, units: i128) -> f64 {
        to_base(units, self.unit(instrument))
    }

    pub fn at<'b>(&'b self, period: usize, now: &'b [f64]) -> Period<'b> {
        Period {
            run: self,
            period,
            now,
        }
    }
}

/// A period with these values of its lines.
pub struct Period<'a> {
    run: &'a Run<'a>,
    period: usize,
    now: &'a [f64],
}

impl View for Period<'_> {
    fn input(&self, input: InputId, back: u32) -> f64 {
        self.run
            .inputs
            .at(input, self.period as i64 - i64::from(back))
    }

    fn line(&self, line: VarId) -> f64 {
        self.now[line.at()]
    }

    fn lag(&self, line: VarId, back: u32) -> f64 {
        let row = self.period as i64 - i64::from(back);
        match usize::try_from(row) {
            Ok(row) => self.run.trace.line(line, row),
            // Nothing changed before a stationary opening.
            Err(_) if self.run.model.start.stationary.is_some() => self.run.trace.line(line, 0),
            Err(_) => Opening::new(&self.run.inputs).past(line, row),
        }
    }

    fn balance(&self, account: AccountId, back: u32) -> f64 {
        let Some(row) = self.period.checked_sub(back as usize) else {
            return f64::NAN;
        };
        let instrument = self.run.model.accounts[account.at()].instrument;
        self.run
            .base(instrument, self.run.positions(row)[account.at()])
    }

    fn stream(&self, line: &str) -> Stream {
        Stream::new(Key {
            seed: self.run.seed,
            draw: self.run.draw,
            line: saldo_model::line_key(line),
            period: self.period as u32,
        })
    }
}
