//! The runs that a command asks for: one, or many over scenarios, draws and rival explanations.

use crate::args::{DrawArgs, ModelArgs, Sweep};
use crate::progress::{Progress, listen, stopped};
use crate::session::{self, Session};
use crate::talk;
use saldo_diag::Diagnostic;
use saldo_engine::{Keep, Trace};
use saldo_model::ir::{Model, Op};
use saldo_model::{ScenarioInfo, Setup, Symbol};
use saldo_plan::Program;
use saldo_store::World;
use saldo_study::{Combination, Ensemble, combinations, label, one_at_a_time};
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, Ordering};

/// The most threads of one command.
const MOST_THREADS: usize = 1024;

/// The most draws of one command.
const MOST_DRAWS: u64 = 1_000_000;

/// The model under one scenario, with one combination of its rivals.
pub struct Variant {
    /// The scenario's name; `baseline` without one.
    pub scenario: String,
    /// What it changes, in its author's words.
    pub title: String,
    /// Scenario, as a key of tables, if several are run.
    key: Option<String>,
    /// `output_fall=demand`, if several are swept.
    pub label: Option<String>,
    /// Follows the rivals that a single run of its scenario takes.
    pub taken: bool,
    pub session: Session,
    pub program: Program,
    /// Each hand of the scenario on an equation, in its own words.
    pub plans: Vec<String>,
}

impl Variant {
    pub fn model(&self) -> &Model {
        self.session.model()
    }

    fn world(&self, draw: Option<u32>) -> World<'_> {
        World {
            scenario: self.key.as_deref(),
            choices: self.label.as_deref(),
            draw,
        }
    }
}

/// All runs of a command. The first variant is the one a single run takes.
pub struct Worlds {
    pub variants: Vec<Variant>,
    pub draws: Option<u32>,
    pub seed: u64,
    quiet: bool,
}

/// Reads, checks and plans everything that will be run; says what is wrong.
pub fn prepare(args: &ModelArgs, asked: &DrawArgs) -> Result<Worlds, ExitCode> {
    let worlds = prepare_for(args, asked, &[])?;
    worlds.first().session.tell(args);
    Ok(worlds)
}

/// As [`prepare`], for as many scenarios as are named: two or more are run beside the baseline.
pub fn prepare_all(args: &ModelArgs, asked: &DrawArgs) -> Result<Worlds, ExitCode> {
    if args.scenario.len() < 2 {
        return prepare(args, asked);
    }
    let mut names = vec!["baseline".to_string()];
    for name in &args.scenario {
        if !names.contains(name) {
            names.push(name.clone());
        }
    }
    beside(args, asked, &names)
}

/// These scenarios, the first of which is the base of the others: all with the same draws, and
/// all show what any of them shows.
pub fn beside(args: &ModelArgs, asked: &DrawArgs, names: &[String]) -> Result<Worlds, ExitCode> {
    let mut prepared = Vec::new();
    let mut asked = asked.clone();
    for name in names {
        let own = ModelArgs {
            scenario: vec![name.clone()],
            ..args.clone()
        };
        let worlds = prepare_for(&own, &asked, names)?;
        asked.draws = asked.draws.or(worlds.draws.map(u64::from));
        asked.seed = asked.seed.or(Some(worlds.seed).filter(|seed| *seed != 0));
        prepared.push((name.as_str(), worlds));
    }
    let beside: Vec<(&str, &Worlds)> = prepared.iter().map(|it| (it.0, &it.1)).collect();
    tell_once(args, &beside);
    Ok(Worlds {
        draws: asked.draws.map(|draws| draws as u32),
        seed: asked.seed.unwrap_or(0),
        quiet: args.json,
        variants: joined(prepared),
    })
}

/// The variants of several scenarios, in order; where there are several, tables say which.
fn joined(prepared: Vec<(&str, Worlds)>) -> Vec<Variant> {
    let several = prepared.len() > 1;
    let mut all = Vec::new();
    for mut variant in prepared.into_iter().flat_map(|(_, worlds)| worlds.variants) {
        variant.key = several.then(|| variant.scenario.clone());
        all.push(variant);
    }
    all
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
    let first = variant(args, &setup, true)?;
    let scenario = first.session.scenario(&setup);
    let draws = asked.draws.or(scenario.and_then(|it| it.draws));
    let seed = asked.seed.or(scenario.and_then(|it| it.seed)).unwrap_or(0);
    let refuse = |problem: &Diagnostic| talk::refuse(problem, args.format, args.json, 2);
    let draws = draws.map(count).transpose().map_err(|it| refuse(&it))?;
    // Of several scenarios the first one says it for all.
    let told = beside
        .iter()
        .take(1)
        .all(|base| args.scenario.contains(base));
    if let (true, Some(problem)) = (told, equal(first.model(), draws)) {
        talk::refuse(&problem, args.format, args.json, 0);
    }
    threads(asked.threads).map_err(|it| refuse(&it))?;
    let mut variants = vec![first];
    if let Some(sweep) = asked.choices {
        let all = swept(sweep, &variants[0].session, &setup).map_err(|it| refuse(&it))?;
        for (at, combination) in all.iter().enumerate() {
            if at > 0 {
                let mut own = setup.clone();
                own.choose.extend(combination.iter().cloned());
                variants.push(variant(args, &own, false)?);
            }
            variants[at].label = Some(label(combination));
        }
    }
    Ok(Worlds {
        variants,
        draws,
        seed,
        quiet: args.json,
    })
}

/// What a sweep puts in. A choice is none of it if the command line settles it, or a scenario that
/// is run: scenarios side by side need the same rivals.
fn swept(sweep: Sweep, session: &Session, setup: &Setup) -> Result<Vec<Combination>, Diagnostic> {
    let inventory = &session.built.inventory;
    let run = |it: &&ScenarioInfo| setup.shows_of.iter().any(|name| *it.name == **name);
    let beside = inventory
        .scenarios
        .iter()
        .filter(run)
        .chain(session.scenario(setup));
    let given = setup.choose.iter().map(|(name, _)| name.as_str().into());
    let files = setup
        .shows_of
        .iter()
        .flat_map(|name| session::settled_in(name));
    let settled: Vec<Symbol> = given
        .chain(beside.flat_map(|it| it.uses.iter().copied()))
        .chain(files)
        .collect();
    match sweep {
        Sweep::All => combinations(&inventory.choices, &settled),
        Sweep::Each => Ok(one_at_a_time(&inventory.choices, &settled)),
    }
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

/// One model to run. `taken`: it follows the rivals that a single run takes.
pub fn variant(args: &ModelArgs, setup: &Setup, taken: bool) -> Result<Variant, ExitCode> {
    let mut session = session::open_with(args, setup)?;
    let program = session.program(args)?;
    let scenario = session.scenario(setup);
    Ok(Variant {
        scenario: scenario.map_or("baseline".into(), |it| it.name.to_string()),
        title: scenario.map_or("Baseline".into(), titled),
        key: None,
        label: None,
        taken,
        plans: scenario.map_or(Vec::new(), |it| it.plans.clone()),
        session,
        program,
    })
}

fn titled(scenario: &saldo_model::ScenarioInfo) -> String {
    match scenario.title.is_empty() {
        true => scenario.name.to_string(),
        false => scenario.title.to_string(),
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

pub fn has_random_terms(model: &Model) -> bool {
    (model.nodes.iter()).any(|node| matches!(node.op, Op::Random(_)))
}

/// A warning for draws that would all be the same run.
fn equal(model: &Model, draws: Option<u32>) -> Option<Diagnostic> {
    if draws? == 1 || !model.priors.is_empty() || has_random_terms(model) {
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
    if count > MOST_THREADS {
        return Err(
            Diagnostic::error("threads", format!("{count} threads are too many"))
                .why("More threads than processors make nothing faster, and each takes memory.")
                .help("leave --threads away: as many are taken as the machine has"),
        );
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

    /// Whether the worlds differ in scenarios, rivals and draws: which key columns a table needs.
    pub fn like(&self) -> World<'_> {
        self.first().world(self.draws.map(|_| 0))
    }

    /// The variant that stands for each scenario, the first one's first.
    pub fn taken(&self) -> impl Iterator<Item = &Variant> {
        self.variants.iter().filter(|variant| variant.taken)
    }

    /// Several scenarios are run, and tables say which.
    pub fn several(&self) -> bool {
        self.taken().count() > 1
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
            match self.draws {
                None => hand(variant, variant.world(None), self.single(variant, &go_on))?,
                Some(draws) => self
                    .ensemble(variant, draws, &go_on)
                    .each(&mut |draw, trace| {
                        hand(variant, variant.world(Some(draw)), trace)?;
                        // Writing a batch that was computed can take longer than computing it.
                        Ok(!stopped())
                    })?,
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
