//! From a checked model to a program: which line after which, which lines together, and the
//! register code that computes them with their exact derivatives.
//!
//! Already true: every line is a scalar with one definition. Must not happen here: reading
//! files, units, printing, evaluation.

mod code;
mod derive;
mod emit;
mod graph;
mod program;
mod reach;
mod share;
mod tear;

pub use code::{Code, DrawTerm, Instr, Load, OpCode, Reg};
pub use graph::{Graph, circle_through, reads};
pub use program::{Block, Program, Step, plan};
