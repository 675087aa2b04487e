//! Units that rounding took too much: a holder who can pay is never overdrawn by rounding alone.
//!
//! Every amount is rounded on its own, so three payments out of an account may take a unit more
//! than their sum. Then one of them is rounded the other way; if that leaves its taker short, one
//! of the taker's, and so on: an augmenting path, as in network flows, to an account that has the
//! unit to spare.

use crate::chart::Role;
use crate::count::Count;
use crate::grain::nearest;
use crate::judge::NOISE;
use crate::ledger::{Ledger, Solved};
use crate::scheme::{Line, Scheme};

/// One lane whose holders are helped.
pub(crate) struct Mending<'a, T, const L: usize> {
    pub ledger: &'a mut Ledger<T, L>,
    pub scheme: &'a Scheme,
    pub solved: &'a Solved<'a, L>,
    pub lane: usize,
}

impl<T: Count, const L: usize> Mending<'_, T, L> {
    /// Helps holders who would close below zero by rounding alone, as long as that helps.
    pub fn all(&mut self) {
        for _ in 0..2 * self.scheme.legs {
            let Some(account) = self.short_holder(&[]) else {
                return;
            };
            if !self.is_covered(account) {
                return;
            }
            if !self.help(account, &mut Vec::new()) && !self.help_in_noise(account) {
                return;
            }
        }
    }

    /// The first by name.
    fn short_holder(&self, but: &[usize]) -> Option<usize> {
        let order = self.scheme.account_order.iter().map(|at| *at as usize);
        order
            .filter(|at| self.scheme.roles[*at] == Role::Holder && !but.contains(at))
            .find(|at| self.ledger.positions[*at][self.lane] < T::default())
    }

    fn posted(&self, line: &Line, leg: usize) -> T {
        self.ledger.postings[line.place + leg][self.lane]
    }

    /// Would the account close at zero or above if nothing were rounded? If not, the holder is
    /// overdrawn, and that is told.
    fn is_covered(&self, account: usize) -> bool {
        let mut closing = self.ledger.positions[account][self.lane].to_double();
        for line in self.scheme.lines() {
            for leg in 0..line.legs {
                closing += line.sign(leg, account)
                    * (self.exact(line, leg) - self.posted(line, leg).to_double());
            }
        }
        closing >= -(1e-6 + self.noise(account))
    }

    fn noise(&self, account: usize) -> f64 {
        let turnover = self.ledger.turnover(self.scheme, self.lane, account);
        NOISE * turnover.amount
    }

    /// What the leg would be without rounding, in counts.
    fn exact(&self, line: &Line, leg: usize) -> f64 {
        let amount = self.solved.rows[self.solved.amount[line.flow] as usize][self.lane];
        let first = line.grain[0].exact(amount);
        match leg {
            0 => first,
            _ => first * self.factor(line),
        }
    }

    /// Counts of the second leg for one of the first.
    fn factor(&self, line: &Line) -> f64 {
        self.solved.rows[self.solved.price[line.flow] as usize][self.lane] * line.ratio
    }

    /// Rounds an amount the other way; true if less is missing then. If as much is missing
    /// elsewhere, whoever misses it is helped, but for those who were already `seen`.
    fn help(&mut self, account: usize, seen: &mut Vec<usize>) -> bool {
        seen.push(account);
        let scheme = self.scheme;
        let one = T::from_double(1.0);
        let less = T::default().minus(one);
        let pays = |line: &&Line| (0..line.legs).any(|leg| line.sign(leg, account) < 0.0);
        let own = scheme.plain.iter().filter(pays);
        for line in own.chain(scheme.plain.iter().filter(|line| !pays(line))) {
            for (leg, step) in [(0, less), (0, one), (1, less), (1, one)] {
                if leg < line.legs
                    && self.is_rounding(line, leg, step)
                    && self.try_other(line, leg, step, account, seen)
                {
                    return true;
                }
            }
        }
        false
    }

    /// The amount stays the whole number below or above what was solved.
    fn is_rounding(&self, line: &Line, leg: usize, step: T) -> bool {
        let exact = match leg {
            0 => self.exact(line, 0),
            _ => self.posted(line, 0).to_double() * self.factor(line),
        };
        let other = self.posted(line, leg).plus(step).to_double();
        (other - exact).abs() < 1.0 && (line.signed || other >= 0.0)
    }

    /// Amounts so large that doubles miss whole units: a payment out of the account is that much
    /// smaller.
    fn help_in_noise(&mut self, account: usize) -> bool {
        let scheme = self.scheme;
        let short = self.ledger.positions[account][self.lane];
        if -short.to_double() > 3.0 + self.noise(account) {
            return false;
        }
        let legs = scheme.plain.iter().flat_map(|line| [(line, 0), (line, 1)]);
        legs.filter(|(line, leg)| *leg < line.legs && line.sign(*leg, account) < 0.0)
            .any(|(line, leg)| {
                let enough = self.posted(line, leg).plus(short) >= T::default();
                enough && self.try_other(line, leg, short, account, &mut vec![account])
            })
    }

    /// Posts a leg with another amount, and what follows from it, or takes it back.
    fn try_other(
        &mut self,
        line: &Line,
        leg: usize,
        step: T,
        account: usize,
        seen: &mut Vec<usize>,
    ) -> bool {
        let (before, own) = (self.missing(), self.ledger.positions[account][self.lane]);
        let legs = [0, line.legs - 1].map(|leg| self.posted(line, leg));
        self.step(line, leg, legs[leg].plus(step));
        let after = self.missing();
        let passes_on = after == before && self.ledger.positions[account][self.lane] > own;
        let helped = after < before
            || passes_on
                && self
                    .short_holder(seen)
                    .is_some_and(|next| self.help(next, seen));
        if !helped {
            (0..line.legs).for_each(|leg| self.replace(line, leg, legs[leg]));
            self.ledger.again(self.scheme, self.solved, self.lane);
        }
        helped
    }

    /// A second leg follows its first.
    fn step(&mut self, line: &Line, leg: usize, amount: T) {
        let factor = self.factor(line);
        self.replace(line, leg, amount);
        if line.legs == 2 && factor == 1.0 {
            self.replace(line, 1 - leg, amount);
        } else if line.legs == 2 && leg == 0 {
            let second = T::from_double(nearest(amount.to_double() * factor));
            self.replace(line, 1, second);
        }
        self.ledger.again(self.scheme, self.solved, self.lane);
    }

    fn replace(&mut self, line: &Line, leg: usize, amount: T) {
        self.ledger.replace(line, leg, self.lane, amount);
    }

    /// What holders lack, and what tills keep, in counts.
    fn missing(&self) -> i128 {
        let missing = |(at, role): (usize, &Role)| {
            let closing = self.ledger.positions[at][self.lane].wide();
            match role {
                Role::Holder => (-closing).max(0),
                Role::Through => closing.abs(),
                Role::Issuer => 0,
            }
        };
        self.scheme.roles.iter().enumerate().map(missing).sum()
    }
}

#[cfg(test)]
mod tests {
    use crate::books::{Books, LedgerError, opening};
    use crate::chart::{Account, Chart, Flow, Leg, Role, Until};
    use crate::ledger::Solved;

    fn numbers(seed: u64) -> impl FnMut(usize) -> usize {
        let mut state = seed;
        move |many| {
            state = state
                .wrapping_mul(6364136223846793005)
                .wrapping_add(1442695040888963407);
            (state >> 33) as usize % many
        }
    }

    /// Holders between an issuer and a till, who pay all they have and get, in odd parts of a unit.
    #[test]
    fn who_is_covered_is_never_overdrawn() {
        let mut mended = 0;
        for seed in 0..1000 {
            mended += usize::from(everybody_pays_all(seed));
        }
        assert!(mended > 100, "{mended} economies needed it");
    }

    /// True if rounding alone would have overdrawn somebody.
    fn everybody_pays_all(seed: u64) -> bool {
        let mut below = numbers(seed);
        let holders = 2 + below(5);
        let till = holders + 1;
        let roles = |at: usize| match at {
            0 => Role::Issuer,
            _ if at == till => Role::Through,
            _ => Role::Holder,
        };
        let account = |at: usize| Account {
            sector: at as u32,
            instrument: 0,
            strand: 0,
            role: roles(at),
        };
        let flow = |from: usize, to: usize, until| Flow {
            legs: vec![Leg {
                instrument: 0,
                from: Some(from as u32),
                to: Some(to as u32),
                stops: [None, None],
            }],
            signed: false,
            until,
        };
        let (mut flows, mut amounts) = (Vec::new(), Vec::new());
        let mut closing = vec![0.0; till + 1];
        let given: Vec<(u32, f64)> = (1..=holders)
            .map(|at| (at as u32, below(4) as f64))
            .collect();
        given
            .iter()
            .for_each(|(at, has)| closing[*at as usize] = *has);
        // In this order everybody has got what comes in before paying it out in 24ths.
        for from in 1..=holders {
            let parts = 1 + below(4);
            let all = closing[from];
            for part in 0..parts {
                let to = match below(3) {
                    0 => 0,
                    1 if from < holders => from + 1 + below(holders - from),
                    _ => till,
                };
                let left = (parts - part - 1) as f64;
                let amount = match left > 0.0 {
                    true => (closing[from] * (1 + below(12)) as f64 / 24.0).min(all),
                    false => closing[from],
                };
                flows.push(flow(from, to, None));
                amounts.push([amount]);
                closing[from] -= amount;
                closing[to] += amount;
            }
        }
        let until = Until {
            account: till as u32,
            leg: 0,
            sign: -1,
            capped: false,
            rank: 0,
        };
        flows.push(flow(till, 1 + below(holders), Some(until)));
        amounts.push([closing[till]]);
        let count = flows.len() as u32;
        let chart = Chart {
            resolutions: vec![1.0],
            is_good: vec![false],
            accounts: (0..=till).map(account).collect(),
            flows,
            account_order: (0..=till as u32).collect(),
            flow_order: (0..count).collect(),
        };
        amounts.extend([[1.0], [0.0]]);
        let solved = Solved {
            rows: &amounts,
            amount: &(0..count).collect::<Vec<u32>>(),
            price: &vec![count; count as usize],
            target: &vec![count + 1; count as usize],
            wanted: &vec![count + 1; count as usize],
        };
        let mut books = Books::<1>::new(&chart, &[opening(&chart, &given).unwrap()]);
        let refused: Vec<(usize, LedgerError)> = books.post(&solved, &[true]);
        assert_eq!(refused, [], "seed {seed}: {amounts:?} {:?}", chart.flows);
        let plain = (0..count as usize - 1).map(|at| amounts[at][0].round_ties_even() as i128);
        plain
            .enumerate()
            .any(|(at, units)| books.posting(at, 0) != units)
    }
}
