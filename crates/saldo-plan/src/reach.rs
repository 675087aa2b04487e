//! What a value depends on, and what depends on a value, within a piece of register code.

use crate::code::{Instr, OpCode, Reg};
use std::collections::BTreeSet;

/// Registers that follow from `unknowns`, the unknowns included.
pub fn moved_by(instrs: &[Instr], unknowns: &[Reg]) -> BTreeSet<Reg> {
    let mut moved: BTreeSet<Reg> = unknowns.iter().copied().collect();
    for instr in instrs {
        if instr.reads().iter().any(|reg| moved.contains(reg)) {
            moved.insert(instr.dst);
        }
    }
    moved
}

/// Registers that `results` are computed from, the results included.
pub fn needed_for(instrs: &[Instr], results: &[Reg]) -> BTreeSet<Reg> {
    let mut needed: BTreeSet<Reg> = results.iter().copied().collect();
    for instr in instrs.iter().rev() {
        if needed.contains(&instr.dst) {
            needed.extend(instr.reads());
        }
    }
    needed
}

/// Are residuals linear in the unknowns? Their code then only adds and scales what the unknowns
/// move, and their derivatives do not move at all.
pub fn is_linear(
    residual_code: &[Instr],
    slope_code: &[Instr],
    unknowns: &[Reg],
    residuals: &[Reg],
    slopes: &[Reg],
) -> bool {
    let needed = needed_for(residual_code, residuals);
    let mut moved = moved_by(residual_code, unknowns);
    let plain = residual_code
        .iter()
        .filter(|instr| needed.contains(&instr.dst) && moved.contains(&instr.dst))
        .all(|instr| match instr.op {
            OpCode::Copy | OpCode::Neg | OpCode::Add | OpCode::Sub | OpCode::Mul | OpCode::Div => {
                true
            }
            OpCode::Select => !moved.contains(&instr.a),
            _ => false,
        });
    for instr in slope_code {
        if instr.reads().iter().any(|reg| moved.contains(reg)) {
            moved.insert(instr.dst);
        }
    }
    plain && !slopes.iter().any(|slope| moved.contains(slope))
}
