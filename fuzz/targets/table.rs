//! Any bytes as a table: cells, or a complaint that names the file.
#![no_main]

#[path = "../../crates/saldo-exchange/tests/common/mod.rs"]
mod common;

libfuzzer_sys::fuzz_target!(|data: &[u8]| common::judge(data.to_vec()));
