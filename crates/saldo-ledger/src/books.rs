//! Positions and postings in whole units.
//!
//! The atom is one amount with one giver and one receiver; everything larger is composed of it.

use crate::chart::{Chart, Flow, Leg, Role};
use crate::opening::derive_issuers;
use crate::order::{Last, posting_order};
use crate::rounding::Rounding;

/// The solved values of a period, one entry per flow of the chart.
#[derive(Clone, Copy, Debug)]
pub struct Amounts<'a> {
    /// Amount of the first leg, base units.
    pub amount: &'a [f64],
    /// Second leg = posted first leg × price.
    pub price: &'a [f64],
    /// Closing balance an `until` flow aims at, base units.
    pub target: &'a [f64],
}

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
    /// Beyond the range of the books; the amount in base units.
    Range {
        account: u32,
        amount: f64,
    },
    NotFinite {
        flow: u32,
    },
    /// Claims of an opening that do not sum to zero.
    Gap {
        strand: u32,
        gap: i128,
    },
}

/// Largest amount that is booked: far below the range of 128 bits, so that sums stay within it.
const LIMIT: f64 = 1e35;

/// All positions of one economy, and the memory for booking a period: nothing is allocated then.
#[derive(Clone, Debug)]
pub struct Books {
    pub positions: Vec<i128>,
    /// `until` flows in the order they are posted.
    last: Vec<Last>,
    first_leg: Vec<u32>,
    /// First and second legs of the other flows, those of an instrument together.
    batches: [Vec<Batch>; 2],
    pub(crate) turnover: Vec<f64>,
    pub(crate) opening: Vec<i128>,
    change: Vec<i128>,
    sums: Vec<i128>,
}

/// Legs of one instrument that are rounded together.
#[derive(Clone, Debug)]
struct Batch {
    /// Flow, and the place of the leg among all postings.
    legs: Vec<(u32, u32)>,
    whole: Vec<i128>,
    rounding: Rounding,
}

impl Books {
    /// Opening positions of holders (and of issuers, where several share a claim); the issuer's
    /// side is derived.
    pub fn open(chart: &Chart, given: &[(u32, f64)]) -> Result<Books, LedgerError> {
        let mut positions = vec![0i128; chart.accounts.len()];
        for (account, value) in given {
            let unit = chart.resolutions[chart.accounts[*account as usize].instrument as usize];
            positions[*account as usize] = in_units(*value, unit).ok_or(LedgerError::Range {
                account: *account,
                amount: *value,
            })?;
        }
        derive_issuers(chart, given, &mut positions)?;
        for (at, account) in chart.accounts.iter().enumerate() {
            if account.role != Role::Issuer && positions[at] < 0 {
                return Err(LedgerError::Overdraft {
                    account: at as u32,
                    closing: positions[at],
                });
            }
        }
        Ok(Books::with_memory(chart, positions))
    }

    fn with_memory(chart: &Chart, positions: Vec<i128>) -> Books {
        let first_leg = chart.flows.iter().scan(0, |next, flow| {
            let at = *next;
            *next += flow.legs.len() as u32;
            Some(at)
        });
        let first_leg: Vec<u32> = first_leg.collect();
        Books {
            last: posting_order(chart),
            batches: [0, 1].map(|leg| batches(chart, &first_leg, leg)),
            first_leg,
            turnover: vec![0.0; positions.len()],
            opening: positions.clone(),
            change: positions.clone(),
            sums: vec![0; strands(chart)],
            positions,
        }
    }

    /// Books one period. `postings` has one entry per leg of every flow, in order.
    pub fn post(
        &mut self,
        chart: &Chart,
        amounts: &Amounts,
        postings: &mut [i128],
    ) -> Result<(), LedgerError> {
        postings.fill(0);
        self.turnover.fill(0.0);
        self.opening.copy_from_slice(&self.positions);
        let booked = self.book(chart, amounts, postings);
        if booked.is_err() {
            self.positions.copy_from_slice(&self.opening);
        }
        booked
    }

    fn book(
        &mut self,
        chart: &Chart,
        amounts: &Amounts,
        postings: &mut [i128],
    ) -> Result<(), LedgerError> {
        check_amounts(chart, amounts)?;
        for leg in [0, 1] {
            let mut batches = std::mem::take(&mut self.batches[leg]);
            let posted = batches
                .iter_mut()
                .try_for_each(|batch| self.post_batch(chart, amounts, leg, batch, postings));
            self.batches[leg] = batches;
            posted?;
        }
        for at in 0..self.last.len() {
            self.post_until(chart, self.last[at], amounts, postings)?;
        }
        self.mend(chart, amounts, postings);
        self.check(chart, postings)
    }

    pub(crate) fn leg_at(&self, flow: usize, leg: usize) -> usize {
        self.first_leg[flow] as usize + leg
    }

    /// Gives to one what it takes from the other: nothing else changes a balance.
    pub(crate) fn move_amount(&mut self, leg: Leg, amount: i128) {
        for (end, signed) in [(leg.from, -amount), (leg.to, amount)] {
            if let Some(account) = end {
                self.positions[account as usize] += signed;
                self.turnover[account as usize] += size(amount);
            }
        }
    }

    /// Rounds the legs of an instrument together and books them.
    fn post_batch(
        &mut self,
        chart: &Chart,
        amounts: &Amounts,
        leg: usize,
        batch: &mut Batch,
        postings: &mut [i128],
    ) -> Result<(), LedgerError> {
        for (at, (flow, place)) in batch.legs.iter().enumerate() {
            let flow = *flow as usize;
            let (floor, fraction) = match leg {
                0 => split(amounts.amount[flow] / first_unit(chart, flow)),
                _ => {
                    let first = postings[*place as usize - 1];
                    let price = amounts.price[flow];
                    match at_par(chart, &chart.flows[flow], price) || first == 0 {
                        true => Some((first, 0.0)),
                        false => split(second_value(chart, &chart.flows[flow], first, price)),
                    }
                }
            }
            .ok_or_else(|| range(chart, flow, leg, amounts.amount[flow]))?;
            batch.whole[at] = floor;
            batch.rounding.fraction[at] = fraction;
        }
        batch.rounding.round();
        for (at, (flow, place)) in batch.legs.iter().enumerate() {
            let amount = batch.whole[at] + i128::from(batch.rounding.up(at));
            postings[*place as usize] = amount;
            self.move_amount(chart.flows[*flow as usize].legs[leg], amount);
        }
        Ok(())
    }

    /// Exactly what closes the account, or as much of the solved amount as it allows.
    fn post_until(
        &mut self,
        chart: &Chart,
        last: Last,
        amounts: &Amounts,
        postings: &mut [i128],
    ) -> Result<(), LedgerError> {
        let at = last.flow;
        let flow = &chart.flows[at as usize];
        let Some(until) = flow.until else {
            return Ok(());
        };
        let price = amounts.price[at as usize];
        let unit = chart.resolutions[chart.accounts[until.account as usize].instrument as usize];
        let target = whole(amounts.target[at as usize] / unit).ok_or(LedgerError::Range {
            account: until.account,
            amount: amounts.target[at as usize],
        })?;
        let gap = (target - self.positions[until.account as usize]) * i128::from(until.sign);
        let (mut first, mut second) = self.reach(chart, flow, until.leg, gap, price);
        let own = chart.resolutions[flow.legs[0].instrument as usize];
        let wanted = amounts.amount[at as usize] / own;
        if until.capped || last.as_solved {
            let near = (wanted - first as f64).abs() <= 2.0 + wanted.abs() * 1e-11;
            if !near {
                let amount = whole(wanted.round())
                    .ok_or_else(|| range(chart, at as usize, 0, wanted * own))?;
                first = amount;
                second = None;
            }
        }
        if first < 0 && !flow.signed {
            // A till that is short by rounding noise alone pays nothing.
            let noise = 2.0 + self.turnover[until.account as usize] * 1e-12;
            if (first as f64) < -noise && !until.capped {
                return Err(LedgerError::Negative {
                    flow: at,
                    amount: first as f64 * own,
                });
            }
            first = 0;
            second = None;
        }
        let place = self.leg_at(at as usize, 0);
        postings[place] = first;
        self.move_amount(flow.legs[0], first);
        if flow.legs.len() > 1 {
            let amount = match second {
                Some(amount) => amount,
                None if at_par(chart, flow, price) => first,
                None => whole(second_value(chart, flow, first, price).round())
                    .ok_or_else(|| range(chart, at as usize, 1, first as f64 * own * price))?,
            };
            postings[place + 1] = amount;
            self.move_amount(flow.legs[1], amount);
        }
        Ok(())
    }

    /// First and (if it is the one that closes) second leg that fill a gap.
    fn reach(
        &self,
        chart: &Chart,
        flow: &Flow,
        leg: u32,
        gap: i128,
        price: f64,
    ) -> (i128, Option<i128>) {
        if leg == 0 || at_par(chart, flow, price) {
            return (gap, None);
        }
        let units = [0, 1].map(|leg: usize| chart.resolutions[flow.legs[leg].instrument as usize]);
        let first = gap as f64 * units[1] / price / units[0];
        (whole(first.round()).unwrap_or(0), Some(gap))
    }

    /// What must hold when a period closes: checked in every build.
    fn check(&mut self, chart: &Chart, postings: &[i128]) -> Result<(), LedgerError> {
        self.sums.fill(0);
        for (at, account) in chart.accounts.iter().enumerate() {
            let closing = self.positions[at];
            self.sums[account.strand as usize] += closing;
            match account.role {
                Role::Holder if closing < 0 => {
                    return Err(LedgerError::Overdraft {
                        account: at as u32,
                        closing,
                    });
                }
                Role::Through if closing != 0 => {
                    return Err(LedgerError::TillNotEmpty {
                        account: at as u32,
                        closing,
                    });
                }
                _ if size(closing) > LIMIT => {
                    return Err(LedgerError::Range {
                        account: at as u32,
                        amount: closing as f64 * chart.resolutions[account.instrument as usize],
                    });
                }
                _ => {}
            }
        }
        for account in &chart.accounts {
            let claim = !chart.is_good[account.instrument as usize];
            assert!(
                !claim || self.sums[account.strand as usize] == 0,
                "claims of strand {} do not sum to zero",
                account.strand
            );
        }
        self.change.fill(0);
        for (at, flow) in chart.flows.iter().enumerate() {
            for (leg, ends) in flow.legs.iter().enumerate() {
                let amount = postings[self.first_leg[at] as usize + leg];
                for (end, signed) in [(ends.from, -amount), (ends.to, amount)] {
                    if let Some(account) = end {
                        self.change[account as usize] += signed;
                    }
                }
            }
        }
        for account in 0..self.change.len() {
            assert_eq!(
                self.positions[account] - self.opening[account],
                self.change[account],
                "account {account} changed without a posting"
            );
        }
        Ok(())
    }
}

/// An amount in whole units, its whole part exactly: a stated thousand is a thousand.
fn in_units(value: f64, unit: f64) -> Option<i128> {
    let per_unit = (1.0 / unit).round();
    let decimal = per_unit >= 1.0 && (per_unit * unit - 1.0).abs() < 1e-15;
    if !decimal {
        return whole(value / unit);
    }
    whole(value * per_unit)?;
    let rest = whole(value.fract() * per_unit)?;
    Some(value.trunc() as i128 * per_unit as i128 + rest)
}

/// A double as a whole number, if the books can hold it.
fn whole(value: f64) -> Option<i128> {
    let nearest = value.round();
    if nearest.abs() < NARROW {
        return Some(i128::from(nearest as i64));
    }
    (value.is_finite() && value.abs() < LIMIT).then_some(nearest as i128)
}

/// The double nearest to the size of a count; 64 bits are converted by one instruction.
fn size(count: i128) -> f64 {
    let narrow = i64::try_from(count).map(|count| count.unsigned_abs() as f64);
    narrow.unwrap_or_else(|_| count.unsigned_abs() as f64)
}

/// The whole number below, and the part above it.
fn split(value: f64) -> Option<(i128, f64)> {
    let below = value.floor();
    whole(below).map(|units| (units, value - below))
}

/// Doubles below this are whole numbers of 64 bits, which are quicker.
const NARROW: f64 = 9e18;

fn first_unit(chart: &Chart, flow: usize) -> f64 {
    chart.resolutions[chart.flows[flow].legs[0].instrument as usize]
}

pub(crate) fn strands(chart: &Chart) -> usize {
    let strands = chart.accounts.iter().map(|account| account.strand + 1);
    strands.max().unwrap_or(0) as usize
}

/// The legs with number `leg` of flows that are not posted last, by instrument.
fn batches(chart: &Chart, first_leg: &[u32], leg: usize) -> Vec<Batch> {
    let mut legs: Vec<(u32, u32)> = (0..chart.flows.len())
        .filter(|at| chart.flows[*at].until.is_none() && leg < chart.flows[*at].legs.len())
        .map(|at| (at as u32, first_leg[at] + leg as u32))
        .collect();
    let ends = |flow: u32| chart.flows[flow as usize].legs[leg];
    legs.sort_by_key(|(flow, _)| (ends(*flow).instrument, *flow));
    let same = |a: &(u32, u32), b: &(u32, u32)| ends(a.0).instrument == ends(b.0).instrument;
    let batch = |legs: &[(u32, u32)]| {
        let flows: Vec<_> = legs
            .iter()
            .map(|(flow, _)| (ends(*flow).from, ends(*flow).to))
            .collect();
        Batch {
            legs: legs.to_vec(),
            whole: vec![0; legs.len()],
            rounding: Rounding::new(&flows),
        }
    };
    legs.chunk_by(same).map(batch).collect()
}

/// `value` in base units.
fn range(chart: &Chart, flow: usize, leg: usize, value: f64) -> LedgerError {
    let leg = chart.flows[flow].legs[leg];
    let account = leg.from.or(leg.to).unwrap_or(0);
    LedgerError::Range {
        account,
        amount: value,
    }
}

pub(crate) fn at_par(chart: &Chart, flow: &Flow, price: f64) -> bool {
    let unit = |leg: usize| chart.resolutions[flow.legs[leg].instrument as usize];
    price == 1.0 && unit(0) == unit(1)
}

fn second_value(chart: &Chart, flow: &Flow, first: i128, price: f64) -> f64 {
    let unit = |leg: usize| chart.resolutions[flow.legs[leg].instrument as usize];
    first as f64 * unit(0) * price / unit(1)
}

fn check_amounts(chart: &Chart, amounts: &Amounts) -> Result<(), LedgerError> {
    for (at, flow) in chart.flows.iter().enumerate() {
        let amount = amounts.amount[at];
        let bad_price = flow.legs.len() > 1 && !amounts.price[at].is_finite();
        if !amount.is_finite() || bad_price {
            return Err(LedgerError::NotFinite { flow: at as u32 });
        }
        let unit = chart.resolutions[flow.legs[0].instrument as usize];
        if amount < -unit && !flow.signed && flow.until.is_none() && amount < -1e-9 {
            return Err(LedgerError::Negative {
                flow: at as u32,
                amount,
            });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chart::{Account, Until};

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
        }
    }

    fn post(books: &mut Books, amount: &[f64]) -> Result<Vec<i128>, LedgerError> {
        let mut postings = vec![0; 4];
        books
            .post(
                &chart(),
                &Amounts {
                    amount,
                    price: &[1.0; 4],
                    target: &[0.0; 4],
                },
                &mut postings,
            )
            .map(|()| postings)
    }

    #[test]
    fn the_till_closes_at_zero_to_the_last_kopek() {
        let mut books = Books::open(&chart(), &[(0, 10.0)]).unwrap();
        assert_eq!(books.positions, [1000, 0, -1000]);
        let postings = post(&mut books, &[20.003, 3.331, 23.334, 1.0]).unwrap();
        assert_eq!(postings[2], postings[0] + postings[1]);
        assert_eq!(books.positions[1], 0);
        assert_eq!(books.positions.iter().sum::<i128>(), 0);
    }

    #[test]
    fn what_cannot_be_booked_leaves_the_books_as_they_were() {
        let mut books = Books::open(&chart(), &[(0, 10.0)]).unwrap();
        let before = books.positions.clone();
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
            Err(LedgerError::Range { .. })
        ));
        assert_eq!(books.positions, before);
    }
}
