//! Positions and postings in whole units.
//!
//! The atom is one amount with one giver and one receiver; everything larger is composed of it.

use crate::chart::{Chart, Role};
use crate::count::Count;
use crate::grain::Grain;
use crate::ledger::{Ledger, Solved};
use crate::opening::derive_issuers;
use crate::scheme::Scheme;

/// Why a period cannot be booked. Amounts in units of the instrument's resolution.
#[derive(Clone, Debug, PartialEq)]
pub enum LedgerError {
    /// A holder would close below zero.
    Overdraft {
        account: u32,
        closing: i128,
    },
    /// A pass-through account would not close at zero.
    TillNotEmpty {
        account: u32,
        closing: i128,
    },
    /// `->` with a negative amount.
    Negative {
        flow: u32,
        amount: f64,
    },
    /// Beyond the range of the books.
    Range(Beyond),
    NotFinite {
        flow: u32,
    },
    /// Claims of an opening that do not sum to zero.
    Gap {
        strand: u32,
        gap: i128,
    },
}

/// What the books cannot hold.
#[derive(Clone, Debug, PartialEq)]
pub struct Beyond {
    pub account: u32,
    /// The flow that is too large by itself; none if a balance is.
    pub flow: Option<u32>,
    /// In base units.
    pub amount: f64,
    /// What amounts and balances must stay below, in units of the instrument's resolution.
    pub limit: f64,
    /// What was to be posted: all legs of all flows in order, base units. Nothing in an opening.
    pub legs: Vec<f64>,
}

/// The books of some lanes of one economy, and the memory for booking a period: nothing is
/// allocated then. Counts have 64 bits, and 128 from the first period on in which some lane
/// needs them: both are exact, so no lane can see the difference.
#[derive(Clone, Debug)]
pub struct Books<const L: usize> {
    scheme: Scheme,
    width: Width<L>,
}

#[derive(Clone, Debug)]
enum Width<const L: usize> {
    Narrow(Ledger<i64, L>),
    Wide(Ledger<i128, L>),
}

macro_rules! either {
    ($books:expr, $ledger:ident => $value:expr) => {
        match &$books.width {
            Width::Narrow($ledger) => $value,
            Width::Wide($ledger) => $value,
        }
    };
}

/// Opening positions of holders (and of issuers, where several share a claim) by account, in base
/// units; the issuer's side is derived.
pub fn opening(chart: &Chart, given: &[(u32, f64)]) -> Result<Vec<i128>, LedgerError> {
    let limit = i128::limit(chart.accounts.len());
    let mut positions = vec![0i128; chart.accounts.len()];
    for (account, amount) in given.iter().copied() {
        let resolution = chart.resolutions[chart.accounts[account as usize].instrument as usize];
        let count = Grain::new(resolution).whole(amount, limit);
        let beyond = || {
            LedgerError::Range(Beyond {
                account,
                flow: None,
                amount,
                limit,
                legs: Vec::new(),
            })
        };
        positions[account as usize] = count.ok_or_else(beyond)?;
    }
    derive_issuers(chart, given, &mut positions)?;
    for account in chart.account_order.iter().copied() {
        let closing = positions[account as usize];
        if chart.accounts[account as usize].role != Role::Issuer && closing < 0 {
            return Err(LedgerError::Overdraft { account, closing });
        }
    }
    Ok(positions)
}

impl<const L: usize> Books<L> {
    /// Opens the books of each lane with its positions. Lanes beyond them stay empty.
    pub fn new(chart: &Chart, openings: &[Vec<i128>]) -> Books<L> {
        let scheme = Scheme::new(chart);
        let mut positions = vec![[0i128; L]; scheme.outside() + 1];
        for (lane, opening) in openings.iter().enumerate() {
            for (row, position) in positions.iter_mut().zip(opening) {
                row[lane] = *position;
            }
        }
        let narrow = i64::limit(scheme.terms);
        let fits = |row: &[i128; L]| row.iter().all(|it| it.to_double().abs() < narrow);
        let width = match positions.iter().all(fits) {
            true => Width::Narrow(Ledger::new(&scheme, positions.iter().map(cut).collect())),
            false => Width::Wide(Ledger::new(&scheme, positions)),
        };
        Books { scheme, width }
    }

    /// Books one period in all lanes. What cannot be booked in a lane that is `open` is returned,
    /// and leaves that lane's positions as they were.
    ///
    /// Every account changes by exactly its postings, because a posting is the only thing that
    /// changes one; builds with debug assertions add them up once more.
    #[inline(always)]
    pub fn post(&mut self, solved: &Solved<L>, open: &[bool; L]) -> Vec<(usize, LedgerError)> {
        let before = cfg!(debug_assertions).then(|| self.all_positions());
        let refused = self.book(solved, open);
        if let Some(before) = before {
            let booked = |lane: &usize| open[*lane] && !refused.iter().any(|(at, _)| at == lane);
            (0..L)
                .filter(booked)
                .for_each(|lane| self.prove(&before, lane));
        }
        refused
    }

    #[inline(always)]
    fn book(&mut self, solved: &Solved<L>, open: &[bool; L]) -> Vec<(usize, LedgerError)> {
        if let Width::Narrow(ledger) = &mut self.width {
            ledger.post(&self.scheme, solved);
            let fits = |lane: &usize| ledger.fits(&self.scheme, solved, *lane);
            if odd(&ledger.odd, open).all(|lane| fits(&lane)) {
                return judge(ledger, &self.scheme, solved, open);
            }
            (0..L).for_each(|lane| ledger.undo(&self.scheme, lane));
            let positions = ledger
                .positions
                .iter()
                .map(|row| widened(row, open))
                .collect();
            self.width = Width::Wide(Ledger::new(&self.scheme, positions));
        }
        let Width::Wide(ledger) = &mut self.width else {
            return Vec::new();
        };
        ledger.post(&self.scheme, solved);
        judge(ledger, &self.scheme, solved, open)
    }

    fn all_positions(&self) -> Vec<[i128; L]> {
        let lanes = |account| std::array::from_fn(|lane| self.position(account, lane));
        (0..=self.scheme.outside()).map(lanes).collect()
    }

    fn prove(&self, before: &[[i128; L]], lane: usize) {
        let mut wanted: Vec<i128> = before.iter().map(|row| row[lane]).collect();
        for line in self.scheme.lines() {
            for leg in 0..line.legs {
                let [from, to] = line.ends[leg];
                let amount = self.posting(line.place + leg, lane);
                wanted[from] = wanted[from].wrapping_sub(amount);
                wanted[to] = wanted[to].wrapping_add(amount);
                for [arrives, leaves] in line.stops[leg].iter().flatten().copied() {
                    wanted[arrives] = wanted[arrives].wrapping_add(amount);
                    wanted[leaves] = wanted[leaves].wrapping_sub(amount);
                }
            }
        }
        for (account, wanted) in wanted[..self.scheme.outside()].iter().enumerate() {
            let same = self.position(account, lane) == *wanted;
            assert!(same, "account {account} changed without a posting");
        }
    }

    pub fn position(&self, account: usize, lane: usize) -> i128 {
        either!(self, ledger => ledger.positions[account][lane].wide())
    }

    /// A posting of the last period, by its place among the legs of all flows.
    pub fn posting(&self, place: usize, lane: usize) -> i128 {
        either!(self, ledger => ledger.postings[place][lane].wide())
    }

    pub fn legs(&self) -> usize {
        self.scheme.legs
    }

    /// A position in all lanes, as doubles.
    #[inline(always)]
    pub fn position_row(&self, account: usize) -> [f64; L] {
        either!(self, ledger => doubles(&ledger.positions[account]))
    }

    #[inline(always)]
    pub fn posting_row(&self, place: usize) -> [f64; L] {
        either!(self, ledger => doubles(&ledger.postings[place]))
    }
}

#[inline(always)]
fn doubles<T: Count, const L: usize>(row: &[T; L]) -> [f64; L] {
    let mut doubles = [0.0; L];
    for lane in 0..L {
        doubles[lane] = row[lane].to_double();
    }
    doubles
}

fn cut<const L: usize>(row: &[i128; L]) -> [i64; L] {
    row.map(i64::from_wide)
}

/// Lanes that have stopped go on wrapping unread: in more bits their claims would no longer sum to
/// zero, so they begin anew.
fn widened<const L: usize>(row: &[i64; L], open: &[bool; L]) -> [i128; L] {
    std::array::from_fn(|lane| if open[lane] { i128::from(row[lane]) } else { 0 })
}

/// The open lanes that are marked.
fn odd<'a, const L: usize>(
    odd: &'a [u64; L],
    open: &'a [bool; L],
) -> impl Iterator<Item = usize> + 'a {
    (0..L).filter(|lane| odd[*lane] != 0 && open[*lane])
}

fn judge<T: Count, const L: usize>(
    ledger: &mut Ledger<T, L>,
    scheme: &Scheme,
    solved: &Solved<L>,
    open: &[bool; L],
) -> Vec<(usize, LedgerError)> {
    let mut refused = Vec::new();
    let marks = ledger.odd;
    for lane in odd(&marks, open) {
        if let Err(error) = ledger.judge(scheme, solved, lane) {
            refused.push((lane, error));
        }
    }
    refused
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chart::{Account, Flow, Leg, Until};

    /// Households, firms (through), state (issuer); a purchase, taxes, and wages that close the till.
    fn chart() -> Chart {
        let account = |sector, role| Account {
            sector,
            instrument: 0,
            strand: 0,
            role,
        };
        let flow = |from, to, until| Flow {
            legs: vec![Leg {
                instrument: 0,
                from: Some(from),
                to: Some(to),
                stops: [None, None],
            }],
            signed: false,
            until,
        };
        let until = Until {
            account: 1,
            leg: 0,
            sign: -1,
            capped: false,
            rank: 0,
        };
        Chart {
            resolutions: vec![0.01],
            is_good: vec![false],
            accounts: vec![
                account(0, Role::Holder),
                account(1, Role::Through),
                account(2, Role::Issuer),
            ],
            flows: vec![
                flow(2, 1, None),
                flow(0, 1, None),
                flow(1, 0, Some(until)),
                flow(0, 2, None),
            ],
            account_order: vec![0, 1, 2],
            flow_order: vec![0, 1, 2, 3],
        }
    }

    /// Rows of four amounts, then a price and a target for all.
    fn solved<const L: usize>(rows: &[[f64; L]]) -> Solved<'_, L> {
        Solved {
            rows,
            amount: &[0, 1, 2, 3],
            price: &[4; 4],
            target: &[5; 4],
            wanted: &[5; 4],
        }
    }

    /// A period of one lane.
    fn post(books: &mut Books<1>, amount: &[f64; 4]) -> Result<Vec<i128>, LedgerError> {
        let mut rows: Vec<[f64; 1]> = amount.iter().map(|amount| [*amount]).collect();
        rows.extend([[1.0], [0.0]]);
        match books.post(&solved(&rows), &[true]).pop() {
            Some((_, error)) => Err(error),
            None => Ok((0..4).map(|place| books.posting(place, 0)).collect()),
        }
    }

    #[test]
    fn a_stopped_lane_does_not_disturb_one_that_needs_more_bits() {
        let opening = opening(&chart(), &[(0, 10.0)]).unwrap();
        let mut books = Books::<2>::new(&chart(), &[opening.clone(), opening]);
        let mut post = |stopped: f64, goes_on: f64| {
            let amounts = [stopped, stopped, 0.0, 0.0].map(|amount| [amount, 0.0]);
            let mut rows = amounts.to_vec();
            rows[0][1] = goes_on;
            rows.extend([[1.0; 2], [0.0; 2]]);
            books.post(&solved(&rows), &[false, true])
        };
        assert_eq!(post(6e16, 1.0), [], "what is owed to firms leaves 64 bits");
        assert_eq!(post(0.0, 1e20), [], "and the other lane needs 128");
        assert_eq!(books.position(0, 1), 1000 + 100 + 10i128.pow(22));
    }

    fn open(given: f64) -> Books<1> {
        let opening = opening(&chart(), &[(0, given)]).unwrap();
        Books::new(&chart(), &[opening])
    }

    fn positions(books: &Books<1>) -> Vec<i128> {
        (0..3).map(|account| books.position(account, 0)).collect()
    }

    #[test]
    fn the_till_closes_at_zero_to_the_last_kopek() {
        let mut books = open(10.0);
        assert_eq!(positions(&books), [1000, 0, -1000]);
        let postings = post(&mut books, &[20.003, 3.331, 23.334, 1.0]).unwrap();
        assert_eq!(postings[2], postings[0] + postings[1]);
        assert_eq!(positions(&books)[1], 0);
        assert_eq!(positions(&books).iter().sum::<i128>(), 0);
    }

    #[test]
    fn what_cannot_be_booked_leaves_the_books_as_they_were() {
        let mut books = open(10.0);
        let before = positions(&books);
        assert!(matches!(
            post(&mut books, &[0.0, 5.0, 5.0, 100.0]),
            Err(LedgerError::Overdraft { account: 0, .. })
        ));
        assert!(matches!(
            post(&mut books, &[-1.0, 0.0, 0.0, 0.0]),
            Err(LedgerError::Negative { flow: 0, .. })
        ));
        assert!(matches!(
            post(&mut books, &[f64::NAN, 0.0, 0.0, 0.0]),
            Err(LedgerError::NotFinite { flow: 0 })
        ));
        assert!(matches!(
            post(&mut books, &[1e40, 0.0, 0.0, 0.0]),
            Err(LedgerError::Range(_))
        ));
        assert_eq!(positions(&books), before);
    }

    /// Two payments of half a kopek each would take a kopek; there is one.
    #[test]
    fn rounding_alone_overdraws_nobody() {
        let mut books = open(0.03);
        let mut chart = chart();
        chart.flows[1].legs[0].to = Some(2);
        books.scheme = Scheme::new(&chart);
        let postings = post(&mut books, &[0.0, 0.0151, 0.0, 0.0149]).unwrap();
        assert_eq!((postings[1] + postings[3], positions(&books)[0]), (3, 0));
        let mut books = open(0.04);
        books.scheme = Scheme::new(&chart);
        let postings = post(&mut books, &[0.0, 0.0051, 0.0, 0.0349]).unwrap();
        assert_eq!((postings[1] + postings[3], positions(&books)[0]), (4, 0));
        let mut books = open(0.01);
        books.scheme = Scheme::new(&chart);
        let postings = post(&mut books, &[0.0, 0.0056, 0.0, 0.0044]).unwrap();
        assert_eq!((postings[1] + postings[3], positions(&books)[0]), (1, 0));
    }

    /// What is noise below nothing carries nothing; what is less than that runs backwards.
    #[test]
    fn an_arrow_carries_nothing_rather_than_noise() {
        let mut fine = chart();
        fine.resolutions = vec![1e-12];
        let books = || Books::<1>::new(&fine, &[opening(&fine, &[(0, 10.0)]).unwrap()]);
        let mut near = books();
        assert_eq!(post(&mut near, &[-9e-10, 0.0, 0.0, 1.0]).unwrap()[0], 0);
        assert_eq!(positions(&near).iter().sum::<i128>(), 0);
        assert!(matches!(
            post(&mut books(), &[-2e-9, 0.0, 0.0, 1.0]),
            Err(LedgerError::Negative { flow: 0, .. })
        ));
    }

    /// Near the edge of the range no sum of postings wraps: the run stops, or the books are right.
    #[test]
    fn sums_at_the_edge_of_the_range_are_refused() {
        const FLOWS: usize = 4000;
        let mut wide = chart();
        wide.accounts.remove(1);
        let leg = |from, to| Leg {
            instrument: 0,
            from: Some(from),
            to: Some(to),
            stops: [None, None],
        };
        let flow = |from, to| Flow {
            legs: vec![leg(from, to)],
            signed: false,
            until: None,
        };
        wide.flows = vec![flow(1, 0); FLOWS];
        wide.flow_order = (0..FLOWS as u32).collect();
        wide.account_order = vec![0, 1];
        let row: Vec<u32> = vec![0; FLOWS];
        let mut seen = (false, false);
        for power in 28..38 {
            let size: f64 = format!("1e{power}").parse().unwrap();
            let rows = [[size], [1.0]];
            let solved = Solved {
                rows: &rows,
                amount: &row,
                price: &vec![1; FLOWS],
                target: &row,
                wanted: &row,
            };
            let mut books = Books::<1>::new(&wide, &[vec![0, 0]]);
            match books.post(&solved, &[true]).pop() {
                Some((_, error)) => {
                    assert!(matches!(error, LedgerError::Range(_)), "{error:?}");
                    assert_eq!(books.position(0, 0), 0);
                    seen.1 = true;
                }
                None => {
                    assert_eq!(books.position(0, 0), books.posting(0, 0) * FLOWS as i128);
                    assert!(books.position(0, 0) > 0);
                    seen.0 = true;
                }
            }
        }
        assert_eq!(seen, (true, true));
    }
}
