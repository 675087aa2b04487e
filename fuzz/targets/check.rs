//! Any texts and tables as a model, every scenario and rival included: a model, or reasons that
//! can be shown.
#![no_main]

#[path = "../../crates/saldo-model/tests/common/mod.rs"]
mod common;

use saldo_model::{Setup, check_all};

libfuzzer_sys::fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    saldo_fuzz::change(data, size, max_size, seed)
});

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    if let Some(project) = saldo_fuzz::project(data) {
        common::judge(&check_all(
            &project.files,
            &project.tables,
            &Setup::default(),
        ));
    }
});
