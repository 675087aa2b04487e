//! The runs that a command asks for: one, or many over draws and rival explanations.

use crate::args::{DrawArgs, ModelArgs};
use crate::progress::{Progress, listen, stopped};
use crate::session::{self, Session};
use crate::talk;
use saldo_diag::Diagnostic;
use saldo_engine::{Keep, Trace};
use saldo_model::ir::{Model, Op};
use saldo_plan::Program;
use saldo_store::World;
use saldo_study::{Ensemble, combinations, label};
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, Ordering};

/// The most draws of one command.
const MOST_DRAWS: u64 = 1_000_000;

/// The model with one combination of its rivals.
pub struct Variant {
    /// `output_fall=demand`, if several are swept.
    pub label: Option<String>,
    pub session: Session,
    pub program: Program,
}

impl Variant {
    pub fn model(&self) -> &Model {
        self.session.model()
    }
}

/// All runs of a command. The first variant is the one a single run takes.
pub struct Worlds {
    pub variants: Vec<Variant>,
    pub draws: Option<u32>,
    pub seed: u64,
    /// Each hand of the scenario on an equation, in its own words.
    pub plans: Vec<String>,
    quiet: bool,
}

/// Reads, checks and plans everything that will be run; says what is wrong.
pub fn prepare(args: &ModelArgs, asked: &DrawArgs) -> Result<Worlds, ExitCode> {
    let worlds = prepare_for(args, asked, &[])?;
    worlds.first().session.tell(args);
    Ok(worlds)
}

/// As [`prepare`], for one of several scenarios that will be set side by side: all show what
/// any of them shows. Warnings are left to [`tell_once`].
pub fn prepare_for(
    args: &ModelArgs,
    asked: &DrawArgs,
    beside: &[String],
) -> Result<Worlds, ExitCode> {
    let mut setup = session::setup_of(args)?;
    setup.shows_of = beside.to_vec();
    let mut first = session::open_with(args, &setup)?;
    let program = first.program(args)?;
    let scenario = first.scenario(&setup);
    let draws = asked.draws.or(scenario.and_then(|it| it.draws));
    let seed = asked.seed.or(scenario.and_then(|it| it.seed)).unwrap_or(0);
    let refuse = |problem: &Diagnostic| talk::refuse(problem, args.format, args.json, 2);
    let plans = scenario.map_or(Vec::new(), |it| it.plans.clone());
    let draws = draws.map(count).transpose().map_err(|it| refuse(&it))?;
    if let Some(problem) = equal(first.model(), draws) {
        talk::refuse(&problem, args.format, args.json, 0);
    }
    threads(asked.threads).map_err(|it| refuse(&it))?;
    let mut variants = vec![Variant {
        label: None,
        session: first,
        program,
    }];
    if asked.choices.is_some() {
        let all = combinations(&variants[0].session.built.inventory.choices, &setup.choose);
        for (at, combination) in all.map_err(|it| refuse(&it))?.iter().enumerate() {
            if at > 0 {
                let mut own = setup.clone();
                own.choose.extend(combination.iter().cloned());
                let mut session = session::open_with(args, &own)?;
                let program = session.program(args)?;
                variants.push(Variant {
                    label: None,
                    session,
                    program,
                });
            }
            variants[at].label = Some(label(combination));
        }
    }
    Ok(Worlds {
        variants,
        draws,
        seed,
        plans,
        quiet: args.json,
    })
}

/// The warnings of scenarios that were prepared side by side: what all share is told once.
pub fn tell_once(args: &ModelArgs, all: &[(&str, &Worlds)]) {
    let problems = |worlds: &Worlds| worlds.first().session.built.problems.clone();
    let known: Vec<Vec<Diagnostic>> = all.iter().map(|(_, it)| problems(it)).collect();
    let same = |a: &Diagnostic, b: &Diagnostic| a.id == b.id && a.headline == b.headline;
    for (at, (name, worlds)) in all.iter().enumerate() {
        for problem in &known[at] {
            let everywhere = known
                .iter()
                .all(|others| others.iter().any(|it| same(it, problem)));
            let whose = match (everywhere, at) {
                (true, 0) => "in all scenarios".to_string(),
                (true, _) => continue,
                (false, _) => format!("in the scenario {name}"),
            };
            let told = problem.clone().note(whose);
            worlds.first().session.refuse(&told, args, 0);
        }
    }
}

fn count(draws: u64) -> Result<u32, Diagnostic> {
    if (1..=MOST_DRAWS).contains(&draws) {
        return Ok(draws as u32);
    }
    Err(
        Diagnostic::error("draws-range", format!("{draws} draws cannot be made"))
            .help(format!("ask for 1 to {MOST_DRAWS}:  --draws 1000")),
    )
}

/// A warning for draws that would all be the same run.
fn equal(model: &Model, draws: Option<u32>) -> Option<Diagnostic> {
    let random = |node: &saldo_model::ir::Node| matches!(node.op, Op::Random(_));
    if draws? == 1 || !model.priors.is_empty() || model.nodes.iter().any(random) {
        return None;
    }
    Some(
        Diagnostic::warning("draws-equal", "all draws will be the same run")
            .why("This model has neither a prior nor a random term: there is nothing to draw.")
            .help("say what is uncertain, in an evidence file:  prior NAME ~ normal(0.15, 0.05)"),
    )
}

/// Once a process: the pool that draws run on.
fn threads(count: usize) -> Result<(), Diagnostic> {
    static MADE: AtomicBool = AtomicBool::new(false);
    if count == 0 || MADE.swap(true, Ordering::Relaxed) {
        return Ok(());
    }
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(count)
        .build_global();
    pool.map_err(|error| {
        Diagnostic::error("threads", format!("no {count} threads: {error}"))
            .help("use  --threads 1")
    })
}

impl Worlds {
    pub fn first(&self) -> &Variant {
        &self.variants[0]
    }

    /// The model that was run, when nothing more will be run of it.
    pub fn into_session(mut self) -> Session {
        self.variants.swap_remove(0).session
    }

    /// Whether the worlds differ in rivals and in draws: which key columns a table needs.
    pub fn like(&self) -> World<'_> {
        World {
            choices: self.first().label.as_deref(),
            draw: self.draws.map(|_| 0),
        }
    }

    /// How many runs there are.
    pub fn count(&self) -> u64 {
        self.variants.len() as u64 * u64::from(self.draws.unwrap_or(1))
    }

    /// Makes every run in order and hands it on. Ctrl-C ends it early: a single run is handed
    /// on as far as it came, of many only those that were finished.
    pub fn sweep(
        &self,
        hand: &mut dyn FnMut(&Variant, World, Trace) -> Result<(), Diagnostic>,
    ) -> Result<(), Diagnostic> {
        listen();
        let ticks = self
            .variants
            .iter()
            .map(|variant| self.ticks(variant))
            .sum();
        let progress = Progress::begin(ticks, self.quiet);
        let go_on = |_: usize| progress.step();
        for variant in &self.variants {
            let world = |draw: Option<u32>| World {
                choices: variant.label.as_deref(),
                draw,
            };
            match self.draws {
                None => hand(variant, world(None), self.single(variant, &go_on))?,
                Some(draws) => self
                    .ensemble(variant, draws, &go_on)
                    .each(&mut |draw, trace| hand(variant, world(Some(draw)), trace))?,
            }
            if stopped() {
                break;
            }
        }
        Ok(())
    }

    /// The run with every parameter as it is stated.
    pub fn single(&self, variant: &Variant, go_on: &(dyn Fn(usize) -> bool + Sync)) -> Trace {
        let keep = Keep {
            lines: None,
            books: true,
        };
        saldo_engine::run(variant.model(), &variant.program, self.seed, &keep, go_on)
    }

    fn ensemble<'a>(
        &self,
        variant: &'a Variant,
        draws: u32,
        go_on: &'a (dyn Fn(usize) -> bool + Sync),
    ) -> Ensemble<'a> {
        Ensemble {
            model: variant.model(),
            program: &variant.program,
            seed: self.seed,
            draws,
            go_on,
        }
    }

    fn ticks(&self, variant: &Variant) -> u64 {
        match self.draws {
            None => variant.model().calendar.len as u64,
            Some(draws) => self.ensemble(variant, draws, &|_| true).ticks(),
        }
    }
}
