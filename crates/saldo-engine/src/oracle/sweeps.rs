//! The model solved a second time: sweeps over all lines, again and again, until none moves.
//!
//! Gauss-Seidel iteration over the model's own definitions, in the order of the text and back.
//! A line that something it reads has moved is computed anew; where a circle swings, its lines go
//! only part of the way; an unknown of `find` is moved by the secant once everything else is at
//! rest. What does not settle is said, never guessed.

use super::slack::{Slack, moved};
use super::terms::{Sized, reads, sides, sized};
use super::view::Run;
use super::{AGREEMENT, Finding, FindingKind, Place, Verdict};
use crate::eval::eval;
use saldo_model::ir::*;

/// A line is at rest when it moves by no more than this share of its largest term.
const REST: f64 = 1e-14;
/// Shares of the way that lines go, and for how many sweeps, before the next is tried.
const TRIES: [(f64, usize); 4] = [(1.0, 300), (0.5, 600), (0.2, 1500), (0.05, 3000)];
/// Sweeps after which a line that still moves belongs to a circle that swings.
const PATIENCE: usize = 60;
const SECANTS: usize = 60;

pub struct Sweeper<'a> {
    model: &'a Model,
    /// Who reads each line.
    readers: Vec<Vec<u32>>,
    finds: Vec<VarId>,
}

struct State {
    now: Vec<f64>,
    scale: Vec<f64>,
    moved: Vec<bool>,
}

impl<'a> Sweeper<'a> {
    pub fn new(model: &'a Model) -> Self {
        let mut readers = vec![Vec::new(); model.vars.len()];
        for (at, var) in model.vars.iter().enumerate() {
            for node in sides(var.def) {
                reads(model, node, &mut |line| {
                    let list: &mut Vec<u32> = &mut readers[line.at()];
                    if list.last() != Some(&(at as u32)) {
                        list.push(at as u32);
                    }
                });
            }
        }
        let is_find = |line: &VarId| matches!(model.vars[line.at()].def, Def::Solves { .. });
        let finds = (0..model.vars.len() as u32).map(VarId).filter(is_find);
        Sweeper {
            model,
            readers,
            finds: finds.collect(),
        }
    }

    /// Solves one period from the run's opening and compares.
    pub fn period(
        &self,
        run: &Run,
        period: usize,
        slack: &Slack,
        verdict: &mut Verdict,
        restless: &mut [usize],
    ) {
        let start = self.start(run, period);
        let mut state = self.fresh(&start);
        for (share, sweeps) in TRIES {
            state = self.fresh(&start);
            let settled = self.settle(run, period, &mut state, share, sweeps);
            if settled && self.all_are_numbers(run, period, &mut state) {
                break;
            }
            self.spread(&mut state);
        }
        verdict.settled += usize::from(!state.moved.contains(&true));
        for (at, moved) in state.moved.iter().enumerate() {
            match moved {
                true => restless[at] += 1,
                false => self.compare(run, period, slack, &state, at, verdict),
            }
        }
    }

    fn fresh(&self, start: &[f64]) -> State {
        State {
            now: start.to_vec(),
            scale: start.iter().map(|value| value.abs()).collect(),
            moved: vec![true; start.len()],
        }
    }

    /// A guess of the text, else the value of the period before, else 1.
    fn start(&self, run: &Run, period: usize) -> Vec<f64> {
        let before = run.row(period - 1);
        let view = run.at(period, before);
        let first = |(at, var): (usize, &Var)| {
            let guess = var.guess.map(|node| eval(self.model, &view, node));
            let values = guess.into_iter().chain([before[at]]);
            values
                .into_iter()
                .find(|value| value.is_finite())
                .unwrap_or(1.0)
        };
        self.model.vars.iter().enumerate().map(first).collect()
    }

    /// Marks the lines that never became a number.
    fn all_are_numbers(&self, run: &Run, period: usize, state: &mut State) -> bool {
        let view = run.at(period, &state.now);
        let moved = self.model.vars.iter().map(|var| {
            let mut sides = sides(var.def);
            sides.any(|node| !eval(self.model, &view, node).is_finite())
        });
        state.moved = moved.collect();
        !state.moved.contains(&true)
    }

    /// What reads a line that does not settle has not settled either.
    fn spread(&self, state: &mut State) {
        let mut open: Vec<usize> = (0..state.moved.len())
            .filter(|at| state.moved[*at])
            .collect();
        while let Some(at) = open.pop() {
            for reader in &self.readers[at] {
                let reader = *reader as usize;
                if !std::mem::replace(&mut state.moved[reader], true) {
                    open.push(reader);
                }
            }
        }
    }

    /// Sweeps, and moves the unknowns of `find` whenever the rest is at rest.
    fn settle(&self, run: &Run, period: usize, state: &mut State, share: f64, most: usize) -> bool {
        let mut points: Vec<Option<(f64, f64)>> = vec![None; self.finds.len()];
        self.finds.iter().for_each(|x| state.moved[x.at()] = false);
        for _ in 0..=SECANTS * self.finds.len() {
            if !self.sweep_until_rest(run, period, state, share, most) {
                return false;
            }
            let mut done = true;
            for (line, point) in self.finds.iter().zip(&mut points) {
                done &= self.secant(run, period, state, *line, point);
            }
            if done {
                return true;
            }
        }
        self.finds.iter().for_each(|x| state.moved[x.at()] = true);
        false
    }

    fn sweep_until_rest(
        &self,
        run: &Run,
        period: usize,
        state: &mut State,
        share: f64,
        most: usize,
    ) -> bool {
        let count = state.now.len();
        for sweep in 0..most {
            let share = if sweep < PATIENCE { 1.0 } else { share };
            for step in 0..count {
                let at = if sweep % 2 == 0 {
                    step
                } else {
                    count - 1 - step
                };
                if state.moved[at] {
                    self.line(run, period, state, at, share);
                }
            }
            if !state.moved.contains(&true) {
                return true;
            }
        }
        false
    }

    /// Computes one line anew; if it moves, its readers are to be computed again.
    fn line(&self, run: &Run, period: usize, state: &mut State, at: usize, share: f64) {
        state.moved[at] = false;
        let Def::Is(node) = self.model.vars[at].def else {
            return;
        };
        let Sized { value, scale } = sized(self.model, &run.at(period, &state.now), node);
        let own = state.now[at];
        state.scale[at] = scale.max(own.abs());
        if (value - own).abs() <= REST * state.scale[at] {
            return;
        }
        let next = if share < 1.0 {
            own + share * (value - own)
        } else {
            value
        };
        // A value that is no number yet is left until what it reads has moved.
        if next.is_finite() && next != own {
            state.now[at] = next;
            state.moved[at] = share < 1.0;
            for reader in &self.readers[at] {
                state.moved[*reader as usize] = true;
            }
        }
    }

    /// One secant step of an unknown; true if its two sides already agree.
    fn secant(
        &self,
        run: &Run,
        period: usize,
        state: &mut State,
        line: VarId,
        point: &mut Option<(f64, f64)>,
    ) -> bool {
        let Def::Solves { left, right } = self.model.vars[line.at()].def else {
            return true;
        };
        let view = run.at(period, &state.now);
        let [left, right] = [left, right].map(|node| sized(self.model, &view, node));
        let (x, miss) = (state.now[line.at()], left.value - right.value);
        state.scale[line.at()] = x.abs();
        if miss.abs() <= 10.0 * REST * left.scale.max(right.scale) {
            return true;
        }
        let step = match point.replace((x, miss)) {
            Some((old, before)) if miss != before => -miss * (x - old) / (miss - before),
            _ => 1e-3 * x.abs().max(1e-3),
        };
        if step.abs() <= REST * x.abs() {
            return true;
        }
        state.now[line.at()] = x + step;
        for reader in &self.readers[line.at()] {
            state.moved[*reader as usize] = true;
        }
        false
    }

    /// The second solution against the run, as far as whole units let them agree.
    fn compare(
        &self,
        run: &Run,
        period: usize,
        slack: &Slack,
        state: &State,
        at: usize,
        verdict: &mut Verdict,
    ) {
        let (found, own) = (run.row(period)[at], state.now[at]);
        let scale = state.scale[at].max(found.abs());
        let miss = (found - own).abs();
        verdict.compared += 1;
        if miss == 0.0 {
            return;
        }
        let mut beyond = (miss - slack.line[at]).max(0.0);
        if beyond > AGREEMENT * scale {
            // A sum that cancels leaves noise that is small beside its terms, and all there is
            // in a line that reads it.
            let noise = |line: VarId| slack.line[line.at()] + AGREEMENT * state.scale[line.at()];
            let read = moved(run, period, self.model.vars[at].def, &noise);
            beyond = (beyond - read).max(0.0);
        }
        let line = VarId(at as u32);
        verdict.disagreement.see(beyond / scale, line, period);
        let agrees = beyond <= AGREEMENT * scale;
        if !agrees {
            verdict.findings.push(Finding {
                period,
                place: Place::Line(line),
                kind: FindingKind::OtherSolution,
                run: found,
                oracle: own,
            });
        }
    }
}
