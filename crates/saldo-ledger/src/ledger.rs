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
use crate::scheme::{LastLine, Line, Scheme, Simple};

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
    #[inline(always)]
    pub fn post(&mut self, scheme: &Scheme, solved: &Solved<L>) {
        self.odd = [0; L];
        for line in &scheme.simple {
            self.post_simple(line, solved);
        }
        for at in &scheme.compound {
            self.post_plain(&scheme.plain[*at], solved);
        }
        for last in &scheme.last {
            match &last.closes {
                Some(line) => self.post_closing(last, line, solved),
                None => self.post_last(last, solved),
            }
        }
        self.close(scheme);
    }

    #[inline(always)]
    fn post_simple(&mut self, line: &Simple, solved: &Solved<L>) {
        let amount = &solved.rows[solved.amount[line.flow as usize] as usize];
        let count = line.grain.row_to_counts(amount);
        for lane in 0..L {
            let backwards = count[lane] < 0.0 && !line.signed;
            self.odd[lane] |= u64::from(is_beyond(count[lane], self.limit) | backwards);
        }
        self.move_simple(line, &T::from_row(&count));
    }

    /// What [`Asked::reach`] gives where nothing is wanted but to reach the target.
    #[inline(always)]
    fn post_closing(&mut self, last: &LastLine, line: &Simple, solved: &Solved<L>) {
        let target = &solved.rows[solved.target[line.flow as usize] as usize];
        let target = last.grain.row_to_counts(target);
        let position = &self.positions[last.until.account as usize];
        let mut amount = gap(&T::from_row(&target), position, last.until.sign);
        let (zero, edge) = (T::default(), T::from_double(self.limit));
        for lane in 0..L {
            let backwards = (amount[lane] < zero) & !line.signed;
            let fits = (amount[lane] < edge) & (amount[lane] > zero.minus(edge));
            amount[lane] = if backwards { zero } else { amount[lane] };
            let odd = is_beyond(target[lane], self.limit) | backwards | !fits;
            self.odd[lane] |= u64::from(odd);
        }
        self.move_simple(line, &amount);
    }

    #[inline(always)]
    fn move_simple(&mut self, line: &Simple, amount: &[T; L]) {
        self.postings[line.place as usize] = *amount;
        self.pass(line.from as usize, line.to as usize, amount);
    }

    #[inline(always)]
    fn post_plain(&mut self, line: &Line, solved: &Solved<L>) {
        let amount = &solved.rows[solved.amount[line.flow] as usize];
        let first = line.grain[0].row_to_counts(amount);
        for lane in 0..L {
            let backwards = first[lane] < 0.0 && !line.signed;
            self.odd[lane] |= u64::from(is_beyond(first[lane], self.limit) | backwards);
        }
        self.move_row(line, 0, &T::from_row(&first));
        if line.legs == 2 {
            let price = &solved.rows[solved.price[line.flow] as usize];
            let mut second = [0.0; L];
            for lane in 0..L {
                second[lane] = nearest(first[lane] * (price[lane] * line.ratio));
                self.odd[lane] |= u64::from(is_beyond(second[lane], self.limit));
            }
            self.move_row(line, 1, &T::from_row(&second));
        }
    }

    #[inline(always)]
    fn post_last(&mut self, last: &LastLine, solved: &Solved<L>) {
        let row = |rows: &[u32]| &solved.rows[rows[last.line.flow] as usize];
        let asked = Asked {
            amount: row(solved.amount),
            price: row(solved.price),
            target: row(solved.target),
            wanted: row(solved.wanted),
        };
        let position = &self.positions[last.until.account as usize];
        let reached = asked.reach(last, position, self.limit);
        for lane in 0..L {
            self.odd[lane] |= reached.odd[lane];
        }
        self.move_row(&last.line, 0, &reached.first);
        if last.line.legs == 2 {
            self.move_row(&last.line, 1, &reached.second);
        }
    }

    #[inline(always)]
    fn move_row(&mut self, line: &Line, leg: usize, amount: &[T; L]) {
        self.postings[line.place + leg] = *amount;
        let [from, to] = line.ends[leg];
        self.pass(from, to, amount);
        for [arrives, leaves] in line.stops[leg].iter().flatten().copied() {
            self.pass(leaves, arrives, amount);
        }
    }

    /// Gives to one what it takes from the other: nothing else changes a balance.
    #[inline(always)]
    fn pass(&mut self, from: usize, to: usize, amount: &[T; L]) {
        let payer = &mut self.positions[from];
        for lane in 0..L {
            payer[lane] = payer[lane].minus(amount[lane]);
        }
        let taker = &mut self.positions[to];
        for lane in 0..L {
            taker[lane] = taker[lane].plus(amount[lane]);
        }
    }

    /// What must hold when a period closes: checked in every build.
    #[inline(always)]
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
#[inline(always)]
fn is_beyond(count: f64, limit: f64) -> bool {
    let fits = count.abs() < limit;
    !fits
}

/// What some lanes ask of a flow that is posted last.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Asked<'a, const N: usize> {
    pub amount: &'a [f64; N],
    pub price: &'a [f64; N],
    pub target: &'a [f64; N],
    pub wanted: &'a [f64; N],
}

/// What they get.
pub(crate) struct Reached<T, const N: usize> {
    pub first: [T; N],
    pub second: [T; N],
    /// Not zero where it ran against its arrow, or left the range.
    pub odd: [u64; N],
}

impl<const N: usize> Asked<'_, N> {
    /// Exactly what closes the account, or the lesser amount that is wanted. One that runs
    /// against its arrow carries nothing.
    #[inline(always)]
    pub fn reach<T: Count>(&self, last: &LastLine, position: &[T; N], limit: f64) -> Reached<T, N> {
        let until = &last.until;
        let (zero, edge) = (T::default(), T::from_double(limit));
        let mut factor = [0.0; N];
        for at in 0..N {
            factor[at] = self.price[at] * last.line.ratio;
        }
        let target = last.grain.row_to_counts(self.target);
        let gap = gap(&T::from_row(&target), position, until.sign);
        let mut first = self.first(last, &gap, &factor);
        // Where the account is that of the second leg, this closes it, unless less is carried.
        let mut closes = [until.leg == 1 && !last.as_solved; N];
        if until.capped && !last.as_solved {
            let mut wanted = last.line.grain[0].row_to_counts(self.wanted);
            for at in 0..N {
                wanted[at] = wanted[at].clamp(-limit, limit);
            }
            let wanted: [T; N] = T::from_row(&wanted);
            for at in 0..N {
                let less = wanted[at] < first[at];
                first[at] = if less { wanted[at] } else { first[at] };
                closes[at] &= !less;
            }
        }
        let mut odd = [0; N];
        for at in 0..N {
            let backwards = (first[at] < zero) & !last.line.signed;
            first[at] = if backwards { zero } else { first[at] };
            closes[at] &= !backwards;
            let is_number = !self.wanted[at].is_nan();
            let fine = (target[at].abs() < limit) & is_number & !(backwards & !until.capped);
            odd[at] = u64::from(!fine);
        }
        let second = match last.line.legs {
            2 => traded(&first, &gap, &closes, &factor),
            _ => first,
        };
        for at in 0..N {
            let fits = |it: T| (it < edge) & (it > zero.minus(edge));
            let fine = fits(first[at]) & fits(second[at]) & factor[at].is_finite();
            odd[at] |= u64::from(!fine);
        }
        Reached { first, second, odd }
    }

    /// The first leg before anything cuts it short.
    #[inline(always)]
    fn first<T: Count>(&self, last: &LastLine, gap: &[T; N], factor: &[f64; N]) -> [T; N] {
        if last.as_solved {
            return T::from_row(&last.line.grain[0].row_to_counts(self.amount));
        }
        if last.until.leg == 0 {
            return *gap;
        }
        let mut quotient = [0.0; N];
        for at in 0..N {
            quotient[at] = nearest(gap[at].to_double() / factor[at]);
        }
        let mut first = T::from_row(&quotient);
        for at in 0..N {
            first[at] = if factor[at] == 1.0 {
                gap[at]
            } else {
                first[at]
            };
        }
        first
    }
}

/// What takes an account to its target, in the direction of the flow.
#[inline(always)]
fn gap<T: Count, const N: usize>(target: &[T; N], position: &[T; N], sign: i8) -> [T; N] {
    let mut gap = [T::default(); N];
    for at in 0..N {
        gap[at] = match sign > 0 {
            true => target[at].minus(position[at]),
            false => position[at].minus(target[at]),
        };
    }
    gap
}

/// The second leg: what closes its account, or the first times the price.
#[inline(always)]
fn traded<T: Count, const N: usize>(
    first: &[T; N],
    gap: &[T; N],
    closes: &[bool; N],
    factor: &[f64; N],
) -> [T; N] {
    let mut value = [0.0; N];
    for at in 0..N {
        value[at] = nearest(first[at].to_double() * factor[at]);
    }
    let mut second = T::from_row(&value);
    for at in 0..N {
        second[at] = if factor[at] == 1.0 {
            first[at]
        } else {
            second[at]
        };
        second[at] = if closes[at] { gap[at] } else { second[at] };
    }
    second
}
