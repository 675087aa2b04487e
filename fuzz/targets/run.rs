//! Whole runs of small models: what passes the checks runs for some periods, alone and among
//! draws, and can be told in every form. A run may stop with a reason; it may never panic.
#![no_main]

use saldo_engine::{Keep, Trace};
use saldo_ledger::Sheet;
use saldo_model::ir::Model;
use saldo_model::{Setup, build};
use saldo_plan::{Program, plan};
use saldo_store::{LongCsv, Table, WideCsv, World, names};
use saldo_study::{Tables, explain_stop};

/// Longer calendars and larger models say nothing new and cost memory.
const PERIODS: usize = 1_000;
const LINES: usize = 500;
/// Periods that are run.
const RUN: usize = 6;
const ALL: Keep = Keep {
    lines: None,
    books: true,
};

libfuzzer_sys::fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    saldo_fuzz::change(data, size, max_size, seed)
});

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let Some(project) = saldo_fuzz::project(data) else {
        return;
    };
    let setup = Setup::default();
    let Some(model) = build(&project.files, &project.tables, &setup).model else {
        return;
    };
    if model.calendar.len <= PERIODS && model.vars.len() <= LINES {
        let program = plan(&model);
        let trace = saldo_engine::run(&model, &program, 0, &ALL, &short);
        tell(&model, &trace);
        among_draws(&model, &program, &trace);
    }
});

fn short(period: usize) -> bool {
    period < RUN
}

fn tell(model: &Model, trace: &Trace) {
    explain_stop(model, trace);
    saldo_report::summary(model, trace);
    let mut tables = Tables::new(model, trace, false);
    for row in [0, trace.completed] {
        for matrix in tables.all(row) {
            let sheet = Sheet::of(&matrix);
            saldo_ledger::terminal(&sheet, 80);
            saldo_ledger::latex(&sheet);
        }
    }
    let (mut wide, mut long) = (Vec::new(), Vec::new());
    let world = World::default();
    let mut wide = WideCsv::begin(&mut wide, names([model]), world).expect("memory");
    let mut long = LongCsv::begin(&mut long, world).expect("memory");
    wide.add(model, world, trace).expect("memory");
    long.add(model, world, trace).expect("memory");
}

/// Draw 0 is the same alone and among others, to the bit, as far as its own run came.
fn among_draws(model: &Model, program: &Program, alone: &Trace) {
    let none = [const { Vec::new() }; 3];
    let all = saldo_engine::run_draws(model, program, (0, 0), &none, &ALL, &short);
    assert_eq!(all[0].completed, alone.completed);
    assert_eq!(all[0].positions, alone.positions);
    let bits = |trace: &Trace| trace.vars.iter().map(|it| it.to_bits()).collect::<Vec<_>>();
    assert_eq!(bits(&all[0]), bits(alone));
}
