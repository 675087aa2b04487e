//! Runs register code over `L` lanes at once. Lanes never influence each other: lane by lane
//! the operations are those of a single run, so the bits are too.

use crate::isa::{Isa, vectors};
use saldo_math::random::{Key, Stream};
use saldo_model::ir::Law;
use saldo_plan::{Code, DrawTerm, Instr, OpCode};
use std::ops::Range;

/// What random terms are keyed by, besides their line.
#[derive(Clone, Copy)]
pub struct Dice<'a> {
    pub seed: u64,
    /// Number of the draw in the first lane; the next lanes follow.
    pub first_draw: u32,
    pub period: u32,
    pub terms: &'a [DrawTerm],
    /// Nothing is drawn: each term is what its law gives on average.
    pub still: bool,
}

/// Code whose registers were looked at once, so that running it need not.
#[derive(Clone, Copy)]
pub struct Sound<'a>(&'a Code);

impl<'a> Sound<'a> {
    pub fn new(code: &'a Code) -> Self {
        assert!(
            code.is_sound(),
            "a register that is not there, or is overwritten while read"
        );
        Sound(code)
    }
}

/// Runs instructions with the vectors of [`Isa::current`]. The result does not depend on them:
/// each operation is IEEE 754's own, element by element, and nothing is contracted.
pub fn run<const L: usize>(code: Sound, range: &Range<usize>, regs: &mut [[f64; L]], dice: &Dice) {
    if range.is_empty() {
        return;
    }
    assert!(regs.len() >= code.0.registers as usize, "too few registers");
    let instrs = code.0.slice(range);
    // SAFETY: the code is sound and its registers are there; only vectors that the processor has
    // can be chosen.
    unsafe {
        #[cfg(target_arch = "x86_64")]
        if L > 1 {
            match Isa::current() {
                Isa::Avx512 => return run_avx512(instrs, regs, dice),
                Isa::Avx2 => return run_avx2(instrs, regs, dice),
                Isa::Baseline => {}
            }
        }
        run_plain(instrs, regs, dice);
    }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx512dq,avx512vl")]
unsafe fn run_avx512<const L: usize>(instrs: &[Instr], regs: &mut [[f64; L]], dice: &Dice) {
    // SAFETY: as the caller's.
    unsafe { run_plain(instrs, regs, dice) }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
unsafe fn run_avx2<const L: usize>(instrs: &[Instr], regs: &mut [[f64; L]], dice: &Dice) {
    // SAFETY: as the caller's.
    unsafe { run_plain(instrs, regs, dice) }
}

fn truth(value: bool) -> f64 {
    f64::from(u8::from(value))
}

/// Writes each result where it belongs, batch by batch of equal operations. Long, because one
/// match has an arm for every operation.
///
/// # Safety
/// All registers of the instructions are in `regs`, and no destination is also a source.
#[inline(always)]
unsafe fn run_plain<const L: usize>(instrs: &[Instr], regs: &mut [[f64; L]], dice: &Dice) {
    let regs = regs.as_mut_ptr();
    // SAFETY: the caller promises that both are there, and apart.
    let reg = |at: u32| unsafe { &*regs.add(at as usize) };
    let place = |at: u32| unsafe { &mut *regs.add(at as usize) };
    let mut rest = instrs.iter();
    let mut next = rest.next();
    while let Some(first) = next {
        macro_rules! batch {
            (|$i:ident, $out:ident| $does:expr) => {{
                let mut $i = first;
                next = loop {
                    let $out = place($i.dst);
                    $does;
                    match rest.next() {
                        Some(more) if more.op == first.op => $i = more,
                        other => break other,
                    }
                };
            }};
        }
        macro_rules! each {
            (|$x:ident| $value:expr) => {
                batch!(|i, out| {
                    let x = reg(i.a);
                    for lane in 0..L {
                        let $x = x[lane];
                        out[lane] = $value;
                    }
                })
            };
            (|$x:ident, $y:ident| $value:expr) => {
                batch!(|i, out| {
                    let (x, y) = (reg(i.a), reg(i.b));
                    for lane in 0..L {
                        let ($x, $y) = (x[lane], y[lane]);
                        out[lane] = $value;
                    }
                })
            };
        }
        match first.op {
            OpCode::Copy => each!(|x| x),
            OpCode::Neg => each!(|x| -x),
            OpCode::Not => each!(|x| truth(x == 0.0)),
            OpCode::Exp => batch!(|i, out| match L {
                1 => out[0] = saldo_math::exp(reg(i.a)[0]),
                _ => saldo_math::exp_row(reg(i.a), out),
            }),
            OpCode::Log => batch!(|i, out| match L {
                1 => out[0] = saldo_math::ln(reg(i.a)[0]),
                _ => saldo_math::ln_row(reg(i.a), out),
            }),
            OpCode::Sqrt => each!(|x| x.sqrt()),
            OpCode::Abs => each!(|x| x.abs()),
            OpCode::Floor => each!(|x| x.floor()),
            OpCode::Round => each!(|x| x.round()),
            OpCode::Tanh => batch!(|i, out| match L {
                1 => out[0] = saldo_math::tanh(reg(i.a)[0]),
                _ => saldo_math::tanh_row(reg(i.a), out),
            }),
            OpCode::Add => each!(|x, y| x + y),
            OpCode::Sub => each!(|x, y| x - y),
            OpCode::Mul => each!(|x, y| x * y),
            OpCode::Div => each!(|x, y| x / y),
            OpCode::Pow => batch!(|i, out| match L {
                1 => out[0] = saldo_math::pow(reg(i.a)[0], reg(i.b)[0]),
                _ => saldo_math::pow_row(reg(i.a), reg(i.b), out),
            }),
            OpCode::Min => each!(|x, y| if y < x { y } else { x }),
            OpCode::Max => each!(|x, y| if y > x { y } else { x }),
            OpCode::Reach => each!(|x, y| if y.abs() > x { y.abs() } else { x }),
            OpCode::Eq => each!(|x, y| truth(x == y)),
            OpCode::Ne => each!(|x, y| truth(x != y)),
            OpCode::Lt => each!(|x, y| truth(x < y)),
            OpCode::Le => each!(|x, y| truth(x <= y)),
            OpCode::Gt => each!(|x, y| truth(x > y)),
            OpCode::Ge => each!(|x, y| truth(x >= y)),
            OpCode::And => each!(|x, y| truth(x != 0.0 && y != 0.0)),
            OpCode::Or => each!(|x, y| truth(x != 0.0 || y != 0.0)),
            OpCode::Select => batch!(|i, out| {
                let (condition, x, y) = (reg(i.a), reg(i.b), reg(i.c));
                for lane in 0..L {
                    out[lane] = if condition[lane] != 0.0 {
                        x[lane]
                    } else {
                        y[lane]
                    };
                }
            }),
            OpCode::Draw => batch!(|i, out| {
                draw(&dice.terms[i.c as usize], [reg(i.a), reg(i.b)], dice, out)
            }),
        }
    }
}

vectors! {
    fn normals(key: &Key, out: &mut [f64; L]) = saldo_math::random::normal_row;
}
vectors! {
    fn uniforms(key: &Key, out: &mut [f64; L]) = saldo_math::random::uniform_row;
}

#[inline(never)]
fn draw<const L: usize>(term: &DrawTerm, [a, b]: [&[f64; L]; 2], dice: &Dice, out: &mut [f64; L]) {
    let key = Key {
        seed: dice.seed,
        draw: dice.first_draw,
        line: term.line,
        period: dice.period,
    };
    match term.law {
        law if dice.still => *out = std::array::from_fn(|lane| average(law, a[lane], b[lane])),
        Law::Normal if L > 1 => normals(&key, out),
        Law::Uniform if L > 1 => uniforms(&key, out),
        law => {
            for (lane, out) in out.iter_mut().enumerate() {
                let draw = dice.first_draw + lane as u32;
                *out = sample(law, a[lane], b[lane], &mut Stream::new(Key { draw, ..key }));
            }
        }
    }
}

/// One value of a law. Normal and uniform are the standard ones: the code scales them.
pub fn sample(law: Law, a: f64, b: f64, stream: &mut Stream) -> f64 {
    match law {
        Law::Normal => stream.normal(),
        Law::Uniform => stream.uniform(),
        Law::Beta => stream.beta(a, b),
        Law::Gamma => stream.gamma(a) * b,
        Law::Poisson => stream.poisson(a),
        Law::Lognormal => saldo_math::exp(stream.normal()),
        Law::Pareto => saldo_math::pow(stream.uniform(), -1.0 / a),
        Law::Bernoulli => truth(stream.uniform() < a),
    }
}

/// The mean of a law, of the standard ones as in [`sample`]. A lognormal factor is drawn as the
/// exponential of a normal one and so stands at its median; a Pareto tail without mean has none.
fn average(law: Law, a: f64, b: f64) -> f64 {
    match law {
        Law::Normal => 0.0,
        Law::Uniform => 0.5,
        Law::Beta => a / (a + b),
        Law::Gamma => a * b,
        Law::Poisson | Law::Bernoulli => a,
        Law::Lognormal => 1.0,
        Law::Pareto if a > 1.0 => a / (a - 1.0),
        Law::Pareto => f64::INFINITY,
    }
}
