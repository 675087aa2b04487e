//! `--oracle`: a run is judged by the slow evaluator before it is called done.

use crate::args::ModelArgs;
use crate::session::Session;
use crate::talk;
use saldo_engine::Trace;
use saldo_engine::oracle::{Verdict, judge};
use saldo_store::World;
use saldo_study::{explain_verdict, verdict_json, verdict_words};
use std::process::ExitCode;

/// What the oracle found, run by run.
#[derive(Default)]
pub struct Judged {
    pub json: Vec<serde_json::Value>,
    disagrees: bool,
}

impl Judged {
    /// Judges one run; says what was seen on standard error.
    pub fn run(
        &mut self,
        args: &ModelArgs,
        session: &Session,
        world: World,
        trace: &Trace,
        seed: u64,
    ) {
        let model = session.model();
        let verdict: Verdict = judge(model, trace, seed, world.draw.unwrap_or(0));
        if !args.json {
            let draw = world
                .draw
                .map_or(String::new(), |draw| format!("draw {draw}, "));
            for words in verdict_words(model, &verdict) {
                talk::warn(&format!("{draw}{words}"));
            }
        }
        self.json.push(verdict_json(model, &verdict));
        if let (false, Some(problem)) = (self.disagrees, explain_verdict(model, &verdict)) {
            session.refuse(&problem, args, 3);
            self.disagrees = true;
        }
    }

    /// The exit code if a run was not confirmed.
    pub fn refused(&self) -> Option<ExitCode> {
        self.disagrees.then(|| ExitCode::from(3))
    }
}
