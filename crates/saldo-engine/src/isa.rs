//! Which of the processor's vector instructions the lanes use. Results never depend on it: it is
//! a matter of the process, chosen once at its start, and without choice the widest there is.

use std::sync::atomic::{AtomicU8, Ordering};

/// Writes a function over lanes that calls another, which is always inlined, in the instructions
/// in use.
macro_rules! vectors {
    ($(#[$note:meta])* $vis:vis fn $name:ident($($arg:ident: $type:ty),+ $(,)?) = $plain:path;) => {
        $(#[$note])*
        $vis fn $name<const L: usize>($($arg: $type),+) {
            #[cfg(target_arch = "x86_64")]
            {
                use crate::isa::Isa;
                #[target_feature(enable = "avx512f,avx512dq,avx512vl")]
                unsafe fn avx512<const L: usize>($($arg: $type),+) {
                    $plain($($arg),+)
                }
                #[target_feature(enable = "avx2")]
                unsafe fn avx2<const L: usize>($($arg: $type),+) {
                    $plain($($arg),+)
                }
                if L > 1 {
                    match Isa::current() {
                        // SAFETY: only what the processor has can be chosen.
                        Isa::Avx512 => return unsafe { avx512($($arg),+) },
                        // SAFETY: only what the processor has can be chosen.
                        Isa::Avx2 => return unsafe { avx2($($arg),+) },
                        Isa::Baseline => {}
                    }
                }
            }
            $plain($($arg),+)
        }
    };
}
pub(crate) use vectors;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Isa {
    Baseline,
    Avx2,
    Avx512,
}

const ALL: [Isa; 3] = [Isa::Baseline, Isa::Avx2, Isa::Avx512];
const UNSET: u8 = u8::MAX;

static CHOSEN: AtomicU8 = AtomicU8::new(UNSET);

impl Isa {
    /// `baseline`, `avx2`, `avx512`.
    pub fn name(self) -> &'static str {
        match self {
            Isa::Baseline => "baseline",
            Isa::Avx2 => "avx2",
            Isa::Avx512 => "avx512",
        }
    }

    pub fn from_name(name: &str) -> Option<Isa> {
        ALL.into_iter().find(|isa| isa.name() == name)
    }

    #[cfg(target_arch = "x86_64")]
    fn is_here(self) -> bool {
        match self {
            Isa::Baseline => true,
            Isa::Avx2 => std::arch::is_x86_feature_detected!("avx2"),
            Isa::Avx512 => {
                std::arch::is_x86_feature_detected!("avx512f")
                    && std::arch::is_x86_feature_detected!("avx512dq")
                    && std::arch::is_x86_feature_detected!("avx512vl")
            }
        }
    }

    #[cfg(not(target_arch = "x86_64"))]
    fn is_here(self) -> bool {
        self == Isa::Baseline
    }

    /// Those this machine has, the narrowest first.
    pub fn available() -> impl Iterator<Item = Isa> {
        ALL.into_iter().filter(|isa| isa.is_here())
    }

    /// The one in use.
    pub fn current() -> Isa {
        let chosen = CHOSEN.load(Ordering::Relaxed);
        if chosen == UNSET {
            let widest = Isa::available().last().unwrap_or(Isa::Baseline);
            widest.choose();
            return widest;
        }
        ALL[usize::from(chosen)]
    }

    /// Uses these instructions from now on; false, and no change, if the machine lacks them.
    pub fn choose(self) -> bool {
        if self.is_here() {
            CHOSEN.store(self as u8, Ordering::Relaxed);
        }
        self.is_here()
    }
}
