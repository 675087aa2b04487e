//! What is kept of the runs of one scenario: one run in full, the headline paths of all draws.

use crate::worlds::{Variant, Worlds};
use saldo_engine::Trace;
use saldo_model::ir::Model;
use saldo_report::{Curve, Scene, headline};
use saldo_study::Fan;

#[derive(Default)]
pub struct Played {
    /// The only run, or with draws the one with every parameter as stated.
    central: Option<Trace>,
    /// The headline quantities over the draws that ran to the end.
    pub fans: Vec<(Curve, Fan)>,
    pub draws: usize,
}

impl Played {
    pub fn add(&mut self, model: &Model, draw: Option<u32>, trace: Trace) {
        match draw {
            Some(draw) => self.spread(model, draw, &trace),
            None => self.central = self.central.take().or(Some(trace)),
        }
    }

    fn spread(&mut self, model: &Model, draw: u32, trace: &Trace) {
        self.draws += 1;
        for (at, curve) in headline(model, trace).into_iter().enumerate() {
            let path = curve.values.clone();
            if self.fans.len() == at {
                self.fans.push((curve, Fan::default()));
            }
            if trace.stop.is_none() {
                self.fans[at].1.add(draw, path);
            }
        }
    }

    /// With draws, one more run shows the parameters as they are stated.
    pub fn complete(&mut self, worlds: &Worlds, variant: &Variant) {
        if self.central.is_none() {
            self.central = Some(worlds.single(variant, &|_| true));
        }
    }

    pub fn central(&self) -> &Trace {
        let central = self.central.as_ref();
        central.unwrap_or_else(|| unreachable!("completed before it is told"))
    }

    pub fn scene<'a>(&'a self, variant: &'a Variant) -> Scene<'a> {
        Scene {
            name: variant.scenario.clone(),
            title: variant.title.clone(),
            model: variant.model(),
            trace: self.central(),
            fans: &self.fans,
            draws: self.draws,
        }
    }
}
