//! Mathematics that gives the same bits on every machine.
//!
//! Built from additions, multiplications, divisions and square roots alone, which IEEE 754
//! fixes to the last bit; the platform's own functions are not called.

mod elementary;
mod parts;
pub mod random;

pub use elementary::{exp, exp_row, ln, ln_row, pow, pow_row, tanh, tanh_row};
