//! The same bytes: whatever the threads, the neighbours and the vector instructions.

mod common;

use common::{ALL, model};
use saldo_engine::{Stop, Trace};
use saldo_model::ir::{InputId, Model};
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::process::Command;

/// A circle, every elementary function and every law, so that a lane has something to get wrong.
const TEXT: &str = "model dice\ntime yearly from 1 to 12\nunit usd : money to 1e-9\n\
    sector state\nsector firms\nsector people\n\
    instrument cash [usd] { issued by state held by people through firms }\n\
    param thrift = 0.4 assumed \"a test\"\n\
    mood = exp(normal(0, 0.1)) * lognormal(1, 0.05) + uniform(0, 0.1) + 0.01 * beta(2, 3)\n\
    luck = 0.1 * gamma(2, 0.5) + 0.01 * poisson(3) + 0.1 * bernoulli(0.3) + 0.001 * pareto(3)\n\
    tax_rate = 0.2 * (1 + 0.1 * log(1 + luck)) ^ 1.7\n\
    income = wages - taxes\n\
    flows in cash {\n\
    spending : state -> firms = 20 usd/year * mood\n\
    consumption : people -> firms = thrift * income + 0.3 usd/year * (income / (1 usd/year)) ^ 0.6 + 0.1 / period * opening people.cash\n\
    wages : firms -> people until closing firms.cash == 0\n\
    taxes : people -> state = tax_rate * wages\n}\nstart empty\n";

/// A circle of several unknowns whose largest derivatives stand elsewhere in every draw, so that
/// lanes choose different pivots and need different numbers of steps.
const CIRCLE: &str = "model circle\ntime yearly from 1 to 12\n\
    lean = uniform(0.1, 3)\nturn = normal(0, 1)\n\
    x = 1 + lean * tanh(y) + 0.3 * z + 0.1 * turn\n\
    y = 2 - lean * tanh(x) + 0.2 * (1 + z ^ 2) ^ 0.4\n\
    z = 0.5 - 0.4 * x + turn * tanh(y) + 0.1 * log(1 + y ^ 2) + 0.1 * exp(-(w ^ 2)) + 0.2 * lag(z, 1 year)\n\
    w = 0.3 * z - 0.5 * tanh(lean * x) + 0.1 * y\n\
    start { z = 0 }\n";

fn dice() -> Model {
    model(TEXT).unwrap_or_else(|problems| panic!("{problems:?}"))
}

fn draws(model: &Model, drawn: &[Vec<(InputId, f64)>]) -> Vec<Trace> {
    saldo_engine::run_draws(
        model,
        &saldo_plan::plan(model),
        (7, 0),
        drawn,
        &ALL,
        &|_| true,
    )
}

fn same(a: &Trace, b: &Trace) -> bool {
    let bits = |trace: &Trace| trace.vars.iter().map(|v| v.to_bits()).collect::<Vec<_>>();
    let books = |trace: &Trace| (trace.positions.clone(), trace.postings.clone());
    bits(a) == bits(b) && books(a) == books(b) && a.stop == b.stop
}

/// Groups of 1, 8 and 64 lanes compute the same draws.
#[test]
fn neighbours_change_nothing() {
    let model = dice();
    let many = draws(&model, &vec![Vec::new(); 70]);
    assert!(many.iter().all(|trace| trace.stop.is_none()));
    for count in [1, 2, 5, 8, 9, 64] {
        let few = draws(&model, &vec![Vec::new(); count]);
        for (at, trace) in few.iter().enumerate() {
            assert!(same(trace, &many[at]), "draw {at} of {count}");
        }
    }
    assert!(!same(&many[0], &many[1]), "draws differ");
}

/// Lanes whose circles are solved along other pivots, in other numbers of steps.
#[test]
fn neighbours_change_no_circle() {
    let model = model(CIRCLE).unwrap_or_else(|problems| panic!("{problems:?}"));
    let many = draws(&model, &vec![Vec::new(); 64]);
    let program = saldo_plan::plan(&model);
    let mut steps = BTreeSet::new();
    for (at, trace) in (0..).zip(&many) {
        assert!(trace.stop.is_none(), "draw {at}: {:?}", trace.stop);
        let one = [Vec::new()];
        let alone = saldo_engine::run_draws(&model, &program, (7, at), &one, &ALL, &|_| true);
        assert!(same(trace, &alone[0]), "draw {at}");
        steps.insert(trace.effort.iterations);
    }
    assert!(steps.len() > 5, "{steps:?}");
}

/// Every draw has the stationary opening of its own inputs, alone and among others.
#[test]
fn a_stationary_opening_is_each_draws_own() {
    let text = TEXT.replace("start empty", "start { stationary }");
    let model = model(&text).unwrap_or_else(|problems| panic!("{problems:?}"));
    let thrift = model.inputs.iter().position(|it| &*it.name == "thrift");
    let thrift = InputId(thrift.expect("a parameter") as u32);
    let drawn: Vec<_> = (0..12)
        .map(|at| vec![(thrift, 0.3 + 0.02 * f64::from(at))])
        .collect();
    let many = draws(&model, &drawn);
    let program = saldo_plan::plan(&model);
    for (at, trace) in many.iter().enumerate() {
        assert!(
            trace.stop.is_none() && trace.settled.is_some(),
            "{:?}",
            trace.stop
        );
        let one = &drawn[at..at + 1];
        let alone = saldo_engine::run_draws(&model, &program, (7, at as u32), one, &ALL, &|_| true);
        assert!(same(trace, &alone[0]), "draw {at}");
    }
    assert_ne!(
        many[0].positions[..3],
        many[1].positions[..3],
        "openings differ"
    );
}

/// Draw i is the single run with draw i's inputs.
#[test]
fn a_draw_is_the_single_run_with_its_inputs() {
    // Without random terms a draw is its inputs alone.
    let quiet = |line: &str| match line.split_once(" = ") {
        Some((name @ ("mood" | "luck"), _)) => format!("{name} = 1"),
        _ => line.to_string(),
    };
    let text: Vec<String> = TEXT.lines().map(quiet).collect();
    let model = model(&text.join("\n")).expect("a model");
    let thrift = model
        .inputs
        .iter()
        .position(|input| &*input.name == "thrift");
    let thrift = InputId(thrift.expect("thrift") as u32);
    let drawn: Vec<_> = (0..40)
        .map(|at| vec![(thrift, 0.2 + 0.01 * f64::from(at))])
        .collect();
    let together = draws(&model, &drawn);
    for (inputs, trace) in drawn.iter().zip(&together) {
        assert!(same(trace, &draws(&model, std::slice::from_ref(inputs))[0]));
    }
    assert!(!same(&together[0], &together[1]), "inputs matter");
}

/// Amounts of a few cents beside such that 64 bits do not hold, a draw that is overdrawn beside
/// others that go on, one that leaves the range, one whose arrow would run backwards: each is what
/// it is alone.
#[test]
fn draws_of_very_different_sizes_share_their_lanes() {
    let text = "model sizes\ntime yearly from 1 to 8\nunit usd : money to 0.01\nunit item : count to 1\n\
        sector state\nsector firms\nsector people\n\
        instrument cash [usd] { issued by state held by people through firms }\n\
        good bread [item] held by people, state\n\
        param size = 1 assumed \"a test\"\nparam greed = 0.1 assumed \"a test\"\n\
        param haste = 1 assumed \"a test\"\n\
        growth = opening growth * haste\n\
        flows in cash {\n\
        spending : state -> firms = 20.123 usd/year * size * growth\n\
        wages : firms -> people until closing firms.cash == 0\n\
        taxes : people -> state = greed * growth * opening people.cash / period\n\
        gifts : people -> state = 0.333 * opening people.cash / period\n}\n\
        process baking by people { makes bread = 7.3 item/year * size }\n\
        exchange bread for cash {\n\
        sale : people -> state = 0.35 * opening people.bread / period at 1.37 usd/item\n}\n\
        start {\ngrowth = 1\nothers empty\n}\n";
    let model = model(text).unwrap_or_else(|problems| panic!("{problems:?}"));
    let input = |name: &str| {
        let found = model.inputs.iter().position(|input| &*input.name == name);
        InputId(found.expect(name) as u32)
    };
    let [size, greed, haste] = ["size", "greed", "haste"].map(input);
    let mut drawn: Vec<Vec<(InputId, f64)>> = (0..61)
        .map(|at| {
            vec![(
                size,
                saldo_math::pow(10.0, f64::from(at % 20)) * (1.0 + f64::from(at) / 61.0),
            )]
        })
        .collect();
    drawn[7].push((greed, 3.0));
    drawn[30].push((greed, -0.1));
    drawn[40].extend([(haste, 1e9), (greed, 0.0)]);
    drawn[41] = vec![(size, 1e-3), (greed, 3.0)];
    for count in [1, 5, 61] {
        let together = draws(&model, &drawn[..count]);
        for (at, trace) in together.iter().enumerate() {
            let alone = &draws(&model, &drawn[at..=at])[0];
            assert!(same(trace, alone), "draw {at} of {count}: {:?}", trace.stop);
            let verdict = saldo_engine::oracle::judge(&model, trace, 7, 0);
            assert_eq!(verdict.findings, [], "draw {at}");
        }
        if count == 61 {
            let stopped = |at: usize| together[at].stop.clone().expect("a stop");
            assert!(matches!(stopped(7), Stop::Overdraft { .. }));
            assert!(matches!(stopped(30), Stop::Negative { .. }));
            assert!(matches!(stopped(40), Stop::Range { .. }));
            let wide = |trace: &Trace| trace.postings.iter().any(|units| *units > 1 << 70);
            assert!(wide(&together[59]) && together[59].stop.is_none());
        }
    }
}

/// A place of this test's own.
fn place(name: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("saldo-determinism-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    folder.join(name)
}

/// The results of 130 draws from a process of its own; `None` if it refuses the instructions.
fn results(model: &str, name: &str, threads: &str, isa: Option<&str>) -> Option<Vec<u8>> {
    let out = place(name);
    let mut command = Command::new(env!("CARGO_BIN_EXE_saldo"));
    command
        .current_dir(common::root())
        .args(["run", model, "--draws", "130", "--seed", "3"]);
    command.args(["--threads", threads, "--out"]).arg(&out);
    if let Some(isa) = isa {
        command.env("SALDO_ISA", isa);
    }
    let ran = command.output().expect("saldo runs");
    let told = String::from_utf8_lossy(&ran.stderr);
    if isa.is_some() && told.contains("is not there") {
        return None;
    }
    assert!(ran.status.success(), "{told}");
    Some(std::fs::read(out).expect("results"))
}

#[test]
fn threads_and_instructions_change_no_byte() {
    for (name, model) in [("dice", TEXT), ("circle", CIRCLE)] {
        let text = place(&format!("{name}.saldo"));
        std::fs::write(&text, model).expect("a model");
        let text = text.to_string_lossy().into_owned();
        let mut hashes = BTreeSet::new();
        for threads in ["1", "2", "3"] {
            let out = format!("{name}-threads-{threads}.csv");
            let bytes = results(&text, &out, threads, None).expect("results");
            hashes.insert(saldo_store::hash(&bytes));
        }
        let mut seen = 0;
        for isa in ["baseline", "avx2", "avx512"] {
            let out = format!("{name}-{isa}.csv");
            if let Some(bytes) = results(&text, &out, "2", Some(isa)) {
                hashes.insert(saldo_store::hash(&bytes));
                seen += 1;
            }
        }
        assert!(seen >= 1, "the baseline is always there");
        assert_eq!(hashes.len(), 1, "{name}: {hashes:?}");
    }
    let _ = std::fs::remove_dir_all(place(""));
}
