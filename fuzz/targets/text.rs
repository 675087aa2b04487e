//! Any text: read without loss, formatted to a fixed point, never a panic.
#![no_main]

#[path = "../../crates/saldo-syntax/tests/common/mod.rs"]
mod common;

libfuzzer_sys::fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    saldo_fuzz::change(data, size, max_size, seed)
});

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    if let Ok(text) = std::str::from_utf8(data) {
        common::judge(text);
    }
});
