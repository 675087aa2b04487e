//! Posting a period, many lanes at once.
//!
//! Each amount becomes the nearest whole number on its own, in whatever order; what ends in
//! `until` follows in whole numbers. Everything is posted first and judged afterwards: a lane in
//! which anything is odd is marked, and [`crate::judge`] looks at marked lanes one by one.

// A loop over lanes runs along several rows at once.
#![allow(clippy::needless_range_loop)]

use crate::chart::Role;
use crate::count::Count;
use crate::grain::nearest;
use crate::scheme::{LastLine, Line, Scheme};

/// The solved values of a period: rows of lanes, and which row is whose, an entry per flow of the
/// chart.
#[derive(Clone, Copy, Debug)]
pub struct Solved<'a, const L: usize> {
    pub rows: &'a [[f64; L]],
    /// Amount of the first leg, base units.
    pub amount: &'a [u32],
    /// Second leg = posted first leg × price.
    pub price: &'a [u32],
    /// Closing balance an `until` flow aims at, base units.
    pub target: &'a [u32],
    /// What an `until` flow carries at most, base units; read where it is capped.
    pub wanted: &'a [u32],
}

/// Positions and postings of all lanes, in counts of one type.
#[derive(Clone, Debug)]
pub(crate) struct Ledger<T, const L: usize> {
    /// By account, and the outside behind them.
    pub positions: Vec<[T; L]>,
    /// By leg of all flows in order: those of the last period.
    pub postings: Vec<[T; L]>,
    sums: Vec<[T; L]>,
    /// Not zero in lanes in which something must be looked at.
    pub odd: [u64; L],
    /// What amounts and positions stay below.
    pub limit: f64,
}

impl<T: Count, const L: usize> Ledger<T, L> {
    pub fn new(scheme: &Scheme, positions: Vec<[T; L]>) -> Self {
        Ledger {
            positions,
            postings: vec![[T::default(); L]; scheme.legs],
            sums: vec![[T::default(); L]; scheme.strand_count],
            odd: [0; L],
            limit: T::limit(scheme.terms),
        }
    }

    /// Posts what was solved and marks the lanes that must be judged.
    pub fn post(&mut self, scheme: &Scheme, solved: &Solved<L>) {
        self.odd = [0; L];
        for line in &scheme.plain {
            self.post_plain(line, solved);
        }
        for last in &scheme.last {
            self.post_last(last, solved);
        }
        self.close(scheme);
    }

    fn post_plain(&mut self, line: &Line, solved: &Solved<L>) {
        let amount = &solved.rows[solved.amount[line.flow] as usize];
        let first = line.grain[0].row_to_counts(amount);
        for lane in 0..L {
            let backwards = first[lane] < 0.0 && !line.signed;
            self.odd[lane] |= u64::from(is_beyond(first[lane], self.limit) | backwards);
        }
        self.move_row(line, 0, &counts(&first));
        if line.legs == 2 {
            let price = &solved.rows[solved.price[line.flow] as usize];
            let mut second = [0.0; L];
            for lane in 0..L {
                second[lane] = nearest(first[lane] * (price[lane] * line.ratio));
                self.odd[lane] |= u64::from(is_beyond(second[lane], self.limit));
            }
            self.move_row(line, 1, &counts(&second));
        }
    }

    fn post_last(&mut self, last: &LastLine, solved: &Solved<L>) {
        let (mut first, mut second) = ([T::default(); L], [T::default(); L]);
        let position = &self.positions[last.until.account as usize];
        for lane in 0..L {
            let asked = Asked::of(last, solved, lane);
            let reached = asked.reach(last, position[lane], self.limit);
            (first[lane], second[lane]) = (reached.first, reached.second);
            self.odd[lane] |= u64::from(reached.odd);
        }
        self.move_row(&last.line, 0, &first);
        if last.line.legs == 2 {
            self.move_row(&last.line, 1, &second);
        }
    }

    /// Gives to one what it takes from the other: nothing else changes a balance.
    fn move_row(&mut self, line: &Line, leg: usize, amount: &[T; L]) {
        self.postings[line.place + leg] = *amount;
        let [from, to] = line.ends[leg];
        let payer = &mut self.positions[from];
        (0..L).for_each(|lane| payer[lane] = payer[lane].minus(amount[lane]));
        let taker = &mut self.positions[to];
        (0..L).for_each(|lane| taker[lane] = taker[lane].plus(amount[lane]));
        for [arrives, leaves] in line.stops[leg].iter().flatten().copied() {
            for lane in 0..L {
                self.positions[arrives][lane] = self.positions[arrives][lane].plus(amount[lane]);
                self.positions[leaves][lane] = self.positions[leaves][lane].minus(amount[lane]);
            }
        }
    }

    /// What must hold when a period closes: checked in every build.
    fn close(&mut self, scheme: &Scheme) {
        let (zero, limit) = (T::default(), T::from_double(self.limit));
        let lowest = zero.minus(limit);
        self.sums.fill([zero; L]);
        for (at, role) in scheme.roles.iter().enumerate() {
            let (closing, sum) = (&self.positions[at], &mut self.sums[scheme.strands[at]]);
            let (least, most) = match role {
                Role::Holder => (zero, limit),
                Role::Through => (zero, zero),
                Role::Issuer => (lowest, limit),
            };
            for lane in 0..L {
                sum[lane] = sum[lane].plus(closing[lane]);
                self.odd[lane] |= u64::from((closing[lane] < least) | (closing[lane] > most));
            }
        }
        for strand in &scheme.claims {
            let whole = self.sums[*strand].iter().all(|sum| *sum == zero);
            assert!(whole, "claims of strand {strand} do not sum to zero");
        }
    }
}

/// Not a number is beyond every limit.
fn is_beyond(count: f64, limit: f64) -> bool {
    let fits = count.abs() < limit;
    !fits
}

fn counts<T: Count, const L: usize>(values: &[f64; L]) -> [T; L] {
    let mut counts = [T::default(); L];
    (0..L).for_each(|lane| counts[lane] = T::from_double(values[lane]));
    counts
}

/// What one lane asks of a flow that is posted last.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Asked {
    pub amount: f64,
    pub price: f64,
    pub target: f64,
    pub wanted: f64,
}

/// What it gets.
pub(crate) struct Reached<T> {
    pub first: T,
    pub second: T,
    /// It ran against its arrow, or left the range.
    pub odd: bool,
}

impl Asked {
    #[inline(always)]
    pub fn of<const L: usize>(last: &LastLine, solved: &Solved<L>, lane: usize) -> Asked {
        let at = |rows: &[u32]| solved.rows[rows[last.line.flow] as usize][lane];
        Asked {
            amount: at(solved.amount),
            price: at(solved.price),
            target: at(solved.target),
            wanted: at(solved.wanted),
        }
    }

    /// Exactly what closes the account, or the lesser amount that is wanted. One that runs
    /// against its arrow carries nothing.
    #[inline(always)]
    pub fn reach<T: Count>(&self, last: &LastLine, position: T, limit: f64) -> Reached<T> {
        let (line, until) = (&last.line, &last.until);
        let count = |amount: f64| nearest(line.grain[0].exact(amount));
        let factor = self.price * line.ratio;
        let traded = |first: T| match factor == 1.0 {
            true => first,
            false => T::from_double(nearest(first.to_double() * factor)),
        };
        let target = nearest(last.grain.exact(self.target));
        let toward = T::from_double(target).minus(position);
        let gap = match until.sign > 0 {
            true => toward,
            false => T::default().minus(toward),
        };
        let (mut first, mut second) = match until.leg == 0 || factor == 1.0 {
            _ if last.as_solved => {
                let first = T::from_double(count(self.amount));
                (first, traded(first))
            }
            true => (gap, traded(gap)),
            false => (T::from_double(nearest(gap.to_double() / factor)), gap),
        };
        let wanted = T::from_double(count(self.wanted));
        if until.capped && !last.as_solved && wanted < first {
            (first, second) = (wanted, traded(wanted));
        }
        let backwards = first < T::default() && !line.signed;
        if backwards {
            (first, second) = (T::default(), T::default());
        }
        let fits = |count: T| count.to_double().abs() < limit;
        let fine = (target.abs() < limit) & factor.is_finite() & fits(first) & fits(second);
        Reached {
            first,
            second,
            odd: !fine | (backwards & !until.capped),
        }
    }
}
