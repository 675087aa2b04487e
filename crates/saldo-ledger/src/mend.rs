//! Units that rounding took too much: a holder who can pay is never overdrawn by rounding alone.
//!
//! Every amount is rounded on its own, so three payments out of an account may take a unit more
//! than their sum. Then one of the amounts of the period is rounded the other way.

use crate::chart::Role;
use crate::count::Count;
use crate::grain::nearest;
use crate::judge::NOISE;
use crate::ledger::{Ledger, Solved};
use crate::scheme::{Line, Scheme};

impl<T: Count, const L: usize> Ledger<T, L> {
    /// Helps holders who would close below zero by rounding alone, as long as that helps.
    pub(crate) fn mend(&mut self, scheme: &Scheme, solved: &Solved<L>, lane: usize) {
        let mut most = 2 * scheme.legs;
        while let Some(account) = self.short_holder(scheme, lane) {
            let covered = most > 0 && self.is_covered(scheme, solved, lane, account);
            if !covered || !self.help(scheme, solved, lane, account) {
                return;
            }
            most -= 1;
        }
    }

    /// The first by name.
    fn short_holder(&self, scheme: &Scheme, lane: usize) -> Option<usize> {
        let order = scheme.account_order.iter().map(|at| *at as usize);
        order
            .filter(|at| scheme.roles[*at] == Role::Holder)
            .find(|at| self.positions[*at][lane] < T::default())
    }

    /// Would the account close at zero or above if nothing were rounded? If not, the holder is
    /// overdrawn, and that is told.
    fn is_covered(
        &self,
        scheme: &Scheme,
        solved: &Solved<L>,
        lane: usize,
        account: usize,
    ) -> bool {
        let mut closing = self.positions[account][lane].to_double();
        for line in scheme.lines() {
            for leg in 0..line.legs {
                let sign = f64::from(i8::from(line.ends[leg][1] == account))
                    - f64::from(i8::from(line.ends[leg][0] == account));
                let posted = self.postings[line.place + leg][lane].to_double();
                closing += sign * (self.exact(line, solved, leg, lane) - posted);
            }
        }
        closing >= -(1e-6 + self.turnover(scheme, lane, account).amount * NOISE)
    }

    /// What the leg would be without rounding, in counts.
    fn exact(&self, line: &Line, solved: &Solved<L>, leg: usize, lane: usize) -> f64 {
        let at = |rows: &[u32]| solved.rows[rows[line.flow] as usize][lane];
        let first = line.grain[0].exact(at(solved.amount));
        match leg {
            0 => first,
            _ => first * (at(solved.price) * line.ratio),
        }
    }

    /// Rounds one amount the other way; true if there is less missing then.
    fn help(
        &mut self,
        scheme: &Scheme,
        solved: &Solved<L>,
        lane: usize,
        account: usize,
    ) -> bool {
        let one = T::from_double(1.0);
        let steps = [T::default().minus(one), one];
        let pays = |line: &&Line| (0..line.legs).any(|leg| line.ends[leg][0] == account);
        let own = scheme.plain.iter().filter(pays);
        let others = scheme.plain.iter().filter(|line| !pays(line));
        for line in own.chain(others) {
            for (leg, step) in [(0, steps[0]), (0, steps[1]), (1, steps[0]), (1, steps[1])] {
                if leg < line.legs
                    && self.is_rounding(line, solved, leg, lane, step)
                    && self.try_other(scheme, solved, lane, line, leg, step)
                {
                    return true;
                }
            }
        }
        self.help_in_noise(scheme, solved, lane, account)
    }

    /// The amount stays the whole number below or above what was solved.
    fn is_rounding(
        &self,
        line: &Line,
        solved: &Solved<L>,
        leg: usize,
        lane: usize,
        step: T,
    ) -> bool {
        let posted = self.postings[line.place + leg][lane];
        let exact = match leg {
            0 => self.exact(line, solved, 0, lane),
            _ => {
                let price = solved.rows[solved.price[line.flow] as usize][lane];
                self.postings[line.place][lane].to_double() * (price * line.ratio)
            }
        };
        let other = posted.plus(step).to_double();
        (other - exact).abs() < 1.0 && (line.signed || other >= 0.0)
    }

    /// Amounts so large that doubles miss whole units: a payment out of the account is that much
    /// smaller.
    fn help_in_noise(
        &mut self,
        scheme: &Scheme,
        solved: &Solved<L>,
        lane: usize,
        account: usize,
    ) -> bool {
        let short = self.positions[account][lane];
        let noise = 3.0 + NOISE * self.turnover(scheme, lane, account).amount;
        if -short.to_double() > noise {
            return false;
        }
        scheme.plain.iter().any(|line| {
            (0..line.legs)
                .filter(|leg| line.ends[*leg][0] == account)
                .any(|leg| {
                    let enough = self.postings[line.place + leg][lane].plus(short) >= T::default();
                    enough && self.try_other(scheme, solved, lane, line, leg, short)
                })
        })
    }

    /// Posts a leg with another amount, and what follows from it; takes it back if no less is
    /// missing then. A second leg follows its first.
    fn try_other(
        &mut self,
        scheme: &Scheme,
        solved: &Solved<L>,
        lane: usize,
        line: &Line,
        leg: usize,
        step: T,
    ) -> bool {
        let before = self.missing_in_all(scheme, lane);
        let legs = [0, line.legs - 1].map(|leg| self.postings[line.place + leg][lane]);
        let factor = solved.rows[solved.price[line.flow] as usize][lane] * line.ratio;
        let other = legs[leg].plus(step);
        self.replace(line, leg, lane, other);
        if line.legs == 2 && factor == 1.0 {
            self.replace(line, 1 - leg, lane, other);
        } else if line.legs == 2 && leg == 0 {
            let second = T::from_double(nearest(other.to_double() * factor));
            self.replace(line, 1, lane, second);
        }
        self.again(scheme, solved, lane);
        if self.missing_in_all(scheme, lane) < before {
            return true;
        }
        for leg in 0..line.legs {
            self.replace(line, leg, lane, legs[leg]);
        }
        self.again(scheme, solved, lane);
        false
    }

    /// What holders lack, and what tills keep, in counts.
    fn missing_in_all(&self, scheme: &Scheme, lane: usize) -> i128 {
        let missing = |(at, role): (usize, &Role)| {
            let closing = self.positions[at][lane].wide();
            match role {
                Role::Holder => (-closing).max(0),
                Role::Through => closing.abs(),
                Role::Issuer => 0,
            }
        };
        scheme.roles.iter().enumerate().map(missing).sum()
    }
}
