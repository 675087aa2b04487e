//! Intermediate results share registers.
//!
//! What one section of code computes for itself alone is forgotten at its end, and within it when
//! it has been read for the last time. Such results take turns in a few registers (a linear scan;
//! Poletto and Sarkar 1999): the lanes of many draws then stay in the processor's nearest memory.

use crate::code::{Instr, Reg};
use std::ops::Range;

const NOWHERE: u32 = u32::MAX;

/// Gives registers anew. `sections` run one after the other, some again and again, each from its
/// beginning to its end; the registers below `lines` and those in `kept` are read elsewhere.
/// Returns the new number of each register and how many there are.
pub fn share(
    instrs: &mut [Instr],
    sections: &[Range<usize>],
    lines: Reg,
    kept: &[Reg],
    registers: u32,
) -> (Vec<Reg>, u32) {
    let local = locals(instrs, sections, lines, kept, registers);
    let mut number = vec![NOWHERE; registers as usize];
    let mut next = 0;
    for (reg, local) in local.iter().enumerate() {
        if !local {
            number[reg] = next;
            next += 1;
        }
    }
    let mut pool = Pool {
        free: Vec::new(),
        next,
    };
    for section in sections {
        pool.allot(&mut instrs[section.clone()], &local, &mut number);
    }
    (number, pool.next)
}

/// The registers that a single section writes and reads, and nobody else.
fn locals(
    instrs: &[Instr],
    sections: &[Range<usize>],
    lines: Reg,
    kept: &[Reg],
    registers: u32,
) -> Vec<bool> {
    let mut home = vec![NOWHERE; registers as usize];
    let mut local = vec![false; registers as usize];
    for (number, section) in (0..).zip(sections) {
        for instr in &instrs[section.clone()] {
            for reg in instr.reads().map(|reg| reg as usize) {
                local[reg] &= home[reg] == number;
            }
            let dst = instr.dst as usize;
            local[dst] = home[dst] == NOWHERE && instr.dst >= lines;
            home[dst] = number;
        }
    }
    kept.iter().for_each(|reg| local[*reg as usize] = false);
    local
}

/// Registers that take turns.
struct Pool {
    free: Vec<Reg>,
    next: Reg,
}

impl Pool {
    fn take(&mut self) -> Reg {
        self.free.pop().unwrap_or_else(|| {
            self.next += 1;
            self.next - 1
        })
    }

    fn allot(&mut self, instrs: &mut [Instr], local: &[bool], number: &mut [Reg]) {
        let mut last = vec![0; local.len()];
        for (at, instr) in instrs.iter().enumerate() {
            last[instr.dst as usize] = at;
            instr
                .reads()
                .iter()
                .for_each(|reg| last[*reg as usize] = at);
        }
        for (at, instr) in instrs.iter_mut().enumerate() {
            let mut done: Vec<Reg> = instr.reads().to_vec();
            done.push(instr.dst);
            if local[instr.dst as usize] {
                // Its operands are still taken: a destination is never also a source.
                number[instr.dst as usize] = self.take();
            }
            done.sort_unstable();
            done.dedup();
            done.retain(|reg| local[*reg as usize] && last[*reg as usize] == at);
            instr.renumber(number);
            self.free
                .extend(done.iter().map(|reg| number[*reg as usize]));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::code::OpCode;

    /// x = ((a + b) · (a − b)) + (a + b), then y from x: two registers serve three results.
    #[test]
    fn results_take_turns() {
        let op = Instr::binary;
        let mut instrs = [
            op(OpCode::Add, 4, 2, 3),
            op(OpCode::Sub, 5, 2, 3),
            op(OpCode::Mul, 6, 4, 5),
            op(OpCode::Add, 0, 6, 4),
            op(OpCode::Neg, 7, 0, 0),
            op(OpCode::Abs, 1, 7, 0),
        ];
        let (number, registers) = share(&mut instrs, &[0..4, 4..6], 2, &[], 8);
        assert_eq!(number[..4], [0, 1, 2, 3]);
        assert_eq!(registers, 7);
        for instr in &instrs {
            assert!(!instr.reads().contains(&instr.dst) && instr.dst < registers);
        }
        let places = [0, 1, 2, 4].map(|at: usize| instrs[at].dst);
        assert_eq!(
            places[2], 6,
            "the third result needs a place beside its operands"
        );
        assert_eq!(places[3], 6, "the last place that became free comes first");
    }
}
