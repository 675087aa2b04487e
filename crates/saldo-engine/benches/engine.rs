//! Time of the engine alone, on one thread: no reading, no writing, no books kept.
//!
//!     cargo bench -p saldo-engine --bench engine -- models/pc 100 1000
//!
//! A folder with a model, periods (`as-written`: those of its text), draws (1: a single run, in one lane); prints nanoseconds a draw and
//! period, the least of several runs, and the sum of the last row, to be compared with others.

use saldo_engine::{Keep, Trace};
use saldo_model::{Setup, build};
use std::time::Instant;

fn main() {
    let words: Vec<String> = std::env::args()
        .skip(1)
        .filter(|it| it != "--bench")
        .collect();
    let [place, periods, draws] = words.as_slice() else {
        return println!("MODEL PERIODS DRAWS");
    };
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut text = std::fs::read_to_string(root.join(place).join("model.saldo")).expect("a model");
    if periods.parse::<usize>().is_ok() {
        let at = text.find(" from 1 to ").expect("time from 1 to") + " from 1 to ".len();
        let rest = text[at..].trim_start_matches(|c: char| c.is_ascii_digit());
        text = format!("{}{periods}{rest}", &text[..at]);
    }
    let files = [("model.saldo".to_string(), text.into())];
    let built = build(
        &files,
        &saldo_exchange::Memory::default(),
        &Setup::default(),
    );
    let model = built.model.expect("a sound model");
    let program = saldo_plan::plan(&model);
    let keep = Keep {
        lines: None,
        books: false,
    };
    let count: usize = draws.parse().expect("a number of draws");
    let drawn = vec![Vec::new(); count];
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(1)
        .build()
        .expect("a thread");
    let once = || -> (f64, Vec<Trace>) {
        let begin = Instant::now();
        // As a sweep does: a full group of lanes at a time, handed on and forgotten.
        let mut traces = Vec::new();
        for (at, group) in drawn.chunks(saldo_engine::LANES).enumerate() {
            let first = (0, (at * saldo_engine::LANES) as u32);
            traces = saldo_engine::run_draws(&model, &program, first, group, &keep, &|_| true);
        }
        (begin.elapsed().as_secs_f64(), traces)
    };
    let (mut least, mut sum, mut completed) = (f64::INFINITY, 0.0, 0);
    let runs = if count > 100 { 7 } else { 60 };
    for _ in 0..runs {
        let (spent, traces) = pool.install(once);
        least = least.min(spent);
        completed = traces[0].completed;
        assert!(
            traces.iter().all(|trace| trace.stop.is_none()),
            "a run stopped"
        );
        sum = traces[0].vars[completed * traces[0].width..].iter().sum();
    }
    let each = least / (completed * count) as f64 * 1e9;
    println!("{each:.1} ns a draw and period; {completed} periods; sum of the last row {sum:.17e}");
}
