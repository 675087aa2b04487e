//! The lanes in which something is odd, one by one: what rounding alone has done is mended, and
//! what cannot be booked is refused and leaves the books as they were.

use crate::books::{Beyond, LedgerError};
use crate::chart::Role;
use crate::count::Count;
use crate::ledger::{Asked, Ledger, Solved};
use crate::mend::Mending;
use crate::scheme::{LastLine, Line, Scheme};

/// Doubles carry sixteen digits, and what is solved from them a few less: the share of what passes
/// through an account that is the noise of the last places.
pub(crate) const NOISE: f64 = 1e-11;
/// What is noise at any size, in base units.
const NOTHING: f64 = 1e-9;

impl<T: Count, const L: usize> Ledger<T, L> {
    /// Do all amounts of a lane fit into the type?
    pub fn fits(&self, scheme: &Scheme, solved: &Solved<L>, lane: usize) -> bool {
        self.in_range(scheme, solved, lane).is_ok()
    }

    /// Mends or refuses a lane.
    pub fn judge(
        &mut self,
        scheme: &Scheme,
        solved: &Solved<L>,
        lane: usize,
    ) -> Result<(), LedgerError> {
        let judged = self.look(scheme, solved, lane);
        if judged.is_err() {
            self.undo(scheme, lane);
        }
        judged
    }

    fn look(
        &mut self,
        scheme: &Scheme,
        solved: &Solved<L>,
        lane: usize,
    ) -> Result<(), LedgerError> {
        self.in_range(scheme, solved, lane)?;
        self.arrows(scheme, solved, lane)?;
        self.last_arrows(scheme, solved, lane)?;
        let mut mending = Mending {
            ledger: self,
            scheme,
            solved,
            lane,
        };
        mending.all();
        self.signs(scheme, lane)
    }

    /// Takes back all postings of a lane.
    pub fn undo(&mut self, scheme: &Scheme, lane: usize) {
        for line in scheme.lines() {
            for leg in 0..line.legs {
                let back = T::default().minus(self.postings[line.place + leg][lane]);
                self.move_in(line, leg, lane, back);
            }
        }
    }

    fn move_in(&mut self, line: &Line, leg: usize, lane: usize, amount: T) {
        let [from, to] = line.ends[leg];
        self.positions[from][lane] = self.positions[from][lane].minus(amount);
        self.positions[to][lane] = self.positions[to][lane].plus(amount);
        for [arrives, leaves] in line.stops[leg].iter().flatten().copied() {
            self.positions[arrives][lane] = self.positions[arrives][lane].plus(amount);
            self.positions[leaves][lane] = self.positions[leaves][lane].minus(amount);
        }
    }

    /// Posts another amount in the place of one.
    pub(crate) fn replace(&mut self, line: &Line, leg: usize, lane: usize, amount: T) {
        let before = std::mem::replace(&mut self.postings[line.place + leg][lane], amount);
        self.move_in(line, leg, lane, amount.minus(before));
    }

    /// Posts those that come last once more: others have changed.
    pub(crate) fn again(&mut self, scheme: &Scheme, solved: &Solved<L>, lane: usize) {
        for last in &scheme.last {
            for leg in 0..last.line.legs {
                self.replace(&last.line, leg, lane, T::default());
            }
        }
        for last in &scheme.last {
            let position = self.positions[last.until.account as usize][lane];
            let at = |rows: &[u32]| [solved.rows[rows[last.line.flow] as usize][lane]];
            let asked = Asked {
                amount: &at(solved.amount),
                price: &at(solved.price),
                target: &at(solved.target),
                wanted: &at(solved.wanted),
            };
            let reached = asked.reach(last, &[position], self.limit);
            self.replace(&last.line, 0, lane, reached.first[0]);
            if last.line.legs == 2 {
                self.replace(&last.line, 1, lane, reached.second[0]);
            }
        }
    }

    /// Amounts are numbers, and stay within what sums of them can be held.
    fn in_range(
        &self,
        scheme: &Scheme,
        solved: &Solved<L>,
        lane: usize,
    ) -> Result<(), LedgerError> {
        let at = |rows: &[u32], line: &Line| solved.rows[rows[line.flow] as usize][lane];
        let fits = |count: T| count.to_double().abs() < self.limit;
        let beyond = |account: usize, flow: Option<usize>, amount: f64| {
            LedgerError::Range(Beyond {
                account: account as u32,
                flow: flow.map(|flow| flow as u32),
                amount,
                limit: self.limit,
                legs: self.asked(scheme, solved, lane),
            })
        };
        for line in scheme.lines() {
            let (amount, price) = (at(solved.amount, line), at(solved.price, line));
            if !amount.is_finite() || !price.is_finite() {
                let flow = line.flow as u32;
                return Err(LedgerError::NotFinite { flow });
            }
            for (leg, amount) in [amount, amount * price].into_iter().enumerate() {
                let posted = self.postings[line.place + leg.min(line.legs - 1)][lane];
                if leg < line.legs && !fits(posted) {
                    let [from, to] = line.ends[leg];
                    let account = if from == scheme.outside() { to } else { from };
                    return Err(beyond(account, Some(line.flow), amount));
                }
            }
        }
        for last in &scheme.last {
            let (account, target) = (last.until.account as usize, at(solved.target, &last.line));
            if at(solved.wanted, &last.line).is_nan() {
                let flow = last.line.flow as u32;
                return Err(LedgerError::NotFinite { flow });
            }
            let fits = last.grain.exact(target).abs() < self.limit;
            if !fits {
                return Err(beyond(account, Some(last.line.flow), target));
            }
        }
        for account in scheme.account_order.iter().map(|it| *it as usize) {
            let closing = self.positions[account][lane];
            if !fits(closing) {
                let amount = scheme.grains[account].to_base(closing.to_double());
                return Err(beyond(account, None, amount));
            }
        }
        Ok(())
    }

    /// What was to be posted, by leg of all flows in order, base units: counts beyond the range
    /// are no numbers any more.
    fn asked(&self, scheme: &Scheme, solved: &Solved<L>, lane: usize) -> Vec<f64> {
        let at = |rows: &[u32], line: &Line| solved.rows[rows[line.flow] as usize][lane];
        let mut legs = vec![0.0; scheme.legs];
        for line in scheme.lines() {
            let amount = at(solved.amount, line);
            legs[line.place] = amount;
            if line.legs == 2 {
                legs[line.place + 1] = amount * at(solved.price, line);
            }
        }
        legs
    }

    /// What passes through an account in the period, and what it opened with.
    pub(crate) fn turnover(&self, scheme: &Scheme, lane: usize, account: usize) -> Turnover {
        let closing = self.positions[account][lane].to_double();
        let (mut net, mut sum, mut legs) = (0.0, 0.0, 0.0);
        for line in scheme.lines() {
            for leg in 0..line.legs {
                let posted = self.postings[line.place + leg][lane].to_double();
                let sign = line.sign(leg, account);
                if sign != 0.0 {
                    net += sign * posted;
                    sum += posted.abs();
                    legs += 1.0;
                }
            }
        }
        Turnover {
            amount: sum + (closing - net).abs(),
            legs,
        }
    }

    /// A one-way arrow carries nothing rather than noise below nothing, and never less.
    fn arrows(
        &mut self,
        scheme: &Scheme,
        solved: &Solved<L>,
        lane: usize,
    ) -> Result<(), LedgerError> {
        let mut changed = false;
        for line in &scheme.plain {
            let posted = self.postings[line.place][lane].to_double();
            if line.signed || posted >= 0.0 {
                continue;
            }
            let through = |at: usize| match at == scheme.outside() {
                true => 0.0,
                false => self.turnover(scheme, lane, at).amount,
            };
            let passes = line.ends[0].map(through);
            let noise = NOISE * passes[0].max(passes[1]);
            if -posted > noise.max(line.grain[0].exact(NOTHING)) {
                return Err(LedgerError::Negative {
                    flow: line.flow as u32,
                    amount: solved.rows[solved.amount[line.flow] as usize][lane],
                });
            }
            (0..line.legs).for_each(|leg| self.replace(line, leg, lane, T::default()));
            changed = true;
        }
        if changed {
            self.again(scheme, solved, lane);
        }
        Ok(())
    }

    /// A till that is short by rounding alone pays nothing; one that is shorter would have to be
    /// paid, against the arrow.
    fn last_arrows(
        &self,
        scheme: &Scheme,
        solved: &Solved<L>,
        lane: usize,
    ) -> Result<(), LedgerError> {
        for last in &scheme.last {
            let idle = self.postings[last.line.place][lane] == T::default();
            if last.line.signed || last.until.capped || !idle {
                continue;
            }
            let account = last.until.account as usize;
            let missing = self.missing(last, solved, lane);
            let through = self.turnover(scheme, lane, account);
            let noise = 2.0 + 0.5 * through.legs + NOISE * through.amount;
            if missing > noise.max(last.grain.exact(NOTHING)) {
                let amount = match last.until.leg {
                    0 => last.grain.to_base(missing),
                    _ => {
                        let price = solved.rows[solved.price[last.line.flow] as usize][lane];
                        last.grain.to_base(missing) / price
                    }
                };
                return Err(LedgerError::Negative {
                    flow: last.line.flow as u32,
                    amount: -amount,
                });
            }
        }
        Ok(())
    }

    /// How far below nothing a flow would have to be to reach its target.
    fn missing(&self, last: &LastLine, solved: &Solved<L>, lane: usize) -> f64 {
        let at = |rows: &[u32]| solved.rows[rows[last.line.flow] as usize][lane];
        if last.as_solved {
            return -last.line.grain[0].exact(at(solved.amount));
        }
        let closing = self.positions[last.until.account as usize][lane].to_double();
        let toward = last.grain.exact(at(solved.target)) - closing;
        -toward * f64::from(last.until.sign)
    }

    /// Holders have no less than nothing, and what passes through leaves nothing behind.
    fn signs(&self, scheme: &Scheme, lane: usize) -> Result<(), LedgerError> {
        for account in scheme.account_order.iter().copied() {
            let closing = self.positions[account as usize][lane].wide();
            match scheme.roles[account as usize] {
                Role::Holder if closing < 0 => {
                    return Err(LedgerError::Overdraft { account, closing });
                }
                Role::Through if closing != 0 => {
                    return Err(LedgerError::TillNotEmpty { account, closing });
                }
                _ => {}
            }
        }
        Ok(())
    }
}

/// What an account saw in a period, in counts.
pub(crate) struct Turnover {
    pub amount: f64,
    pub legs: f64,
}
