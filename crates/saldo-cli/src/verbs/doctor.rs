//! `saldo doctor`: what this machine and installation offer.

use crate::args::DoctorArgs;
use crate::talk;
use saldo_engine::Isa;
use std::process::ExitCode;
use std::time::Instant;

pub fn run(args: &DoctorArgs) -> ExitCode {
    let begin = Instant::now();
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let writable = tempfile_works();
    let facts = [
        ("saldo", env!("CARGO_PKG_VERSION").to_string()),
        (
            "system",
            format!("{} {}", std::env::consts::OS, std::env::consts::ARCH),
        ),
        ("threads", threads.to_string()),
        ("instructions", instructions()),
        (
            "this folder",
            if writable {
                "can be written"
            } else {
                "cannot be written"
            }
            .to_string(),
        ),
        (
            "arithmetic",
            if arithmetic() {
                "as required"
            } else {
                "NOT as required"
            }
            .to_string(),
        ),
    ];
    if args.json {
        let facts: serde_json::Map<_, _> = facts
            .iter()
            .map(|(name, fact)| (name.replace(' ', "_"), serde_json::json!(fact)))
            .collect();
        talk::answer(&serde_json::json!({
            "version": saldo_diag::JSON_VERSION, "facts": facts,
            "seconds": {"run": begin.elapsed().as_secs_f64()},
        }));
    } else {
        for (name, fact) in &facts {
            talk::say(&format!("{name:<14} {fact}\n"));
        }
        if !writable {
            talk::warn(
                "saldo run writes into results/ here: choose another place with  --out PATH",
            );
        }
    }
    ExitCode::from(u8::from(!arithmetic()))
}

/// Results must be the same bytes everywhere: a few sums whose bits are known.
fn arithmetic() -> bool {
    let sum: f64 = std::hint::black_box(0.1) + std::hint::black_box(0.2);
    let root = std::hint::black_box(2.0f64).sqrt();
    let e = saldo_math::exp(std::hint::black_box(1.0));
    sum.to_bits() == 0x3FD3_3333_3333_3334
        && root.to_bits() == 0x3FF6_A09E_667F_3BCD
        && e.to_bits() == 0x4005_BF0A_8B14_5769
}

fn tempfile_works() -> bool {
    let path = std::path::PathBuf::from(format!(".saldo-doctor-{}", std::process::id()));
    let works = std::fs::write(&path, b"").is_ok();
    let _ = std::fs::remove_file(&path);
    works
}

/// The vectors in use, and the others there are. Results do not depend on them.
fn instructions() -> String {
    let all: Vec<&str> = Isa::available().map(Isa::name).collect();
    format!("{} (of {})", Isa::current().name(), all.join(", "))
}
