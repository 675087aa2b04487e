//! Equal operations side by side.
//!
//! Instructions that do not wait for each other may change places. The interpreter chooses what to
//! do once for a batch of equal operations instead of once for each, and the processor has work
//! that is independent. Only near ones move (list scheduling within a window): far ones would keep
//! too many results waiting.

use crate::code::Instr;
use std::collections::BTreeMap;

/// How far ahead the next of a batch is looked for.
const WINDOW: usize = 48;

/// Reorders a section: what it computes stays the same to the bit.
pub fn batch(instrs: &mut [Instr]) {
    let mut waits = Waits::of(instrs);
    let mut pending: Vec<usize> = (0..instrs.len()).collect();
    let mut done = Vec::with_capacity(instrs.len());
    let mut begin = 0;
    let mut op = None;
    while begin < pending.len() {
        let window = begin..pending.len().min(begin + WINDOW);
        let fits = |at: &usize| {
            let instr = pending[*at];
            waits.count[instr] == 0 && Some(instrs[instr].op) == op
        };
        let next = window.clone().find(fits).unwrap_or(begin);
        let instr = pending[next];
        // Those before it move up, in their order.
        pending.copy_within(begin..next, begin + 1);
        begin += 1;
        op = Some(instrs[instr].op);
        waits.finish(instr);
        done.push(instrs[instr]);
    }
    instrs.copy_from_slice(&done);
}

/// Who waits for whom.
struct Waits {
    /// Unfinished instructions that each waits for.
    count: Vec<usize>,
    followers: Vec<Vec<usize>>,
}

impl Waits {
    fn of(instrs: &[Instr]) -> Waits {
        let mut waits = Waits {
            count: vec![0; instrs.len()],
            followers: vec![Vec::new(); instrs.len()],
        };
        let (mut writer, mut readers) = (BTreeMap::new(), BTreeMap::<_, Vec<usize>>::new());
        for (at, instr) in instrs.iter().enumerate() {
            for reg in instr.reads() {
                if let Some(before) = writer.get(&reg) {
                    waits.add(*before, at);
                }
                readers.entry(reg).or_default().push(at);
            }
            for before in readers.remove(&instr.dst).unwrap_or_default() {
                waits.add(before, at);
            }
            if let Some(before) = writer.insert(instr.dst, at) {
                waits.add(before, at);
            }
        }
        waits
    }

    fn add(&mut self, before: usize, after: usize) {
        self.followers[before].push(after);
        self.count[after] += 1;
    }

    fn finish(&mut self, at: usize) {
        for follower in std::mem::take(&mut self.followers[at]) {
            self.count[follower] -= 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::code::OpCode;

    #[test]
    fn equal_operations_meet_and_none_overtakes_what_it_needs() {
        let op = Instr::binary;
        let mut instrs = [
            op(OpCode::Mul, 10, 0, 1),
            op(OpCode::Add, 11, 10, 2),
            op(OpCode::Mul, 12, 2, 3),
            op(OpCode::Add, 13, 12, 11),
            op(OpCode::Mul, 14, 13, 3),
        ];
        batch(&mut instrs);
        let order = instrs.map(|instr| instr.dst);
        assert_eq!(order, [10, 12, 11, 13, 14]);
    }
}
