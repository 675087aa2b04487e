//! When an event is in force, to the day: what `ramp` and `coverage` read, and where a moved
//! event ends.
//!
//! Periods are equal (a year is twelve months exactly); inside one, time is counted in its days.

use crate::calendar::{Calendar, civil, days, days_in_month};
use saldo_syntax::ast::{Date, DatePart, DateRange};

/// A day that no calendar reaches.
const FAR: i64 = 1 << 50;

/// The days an event or a date lasts, as day numbers; the last is `None` where it has no end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InForce {
    pub first: i64,
    pub last: Option<i64>,
}

impl InForce {
    /// Beyond all time: a cancelled event.
    pub const NEVER: InForce = InForce {
        first: FAR,
        last: Some(FAR),
    };

    pub fn of(when: DateRange) -> InForce {
        let last = match when.to {
            Some(to) => Some(last_day(to)),
            None if when.open => None,
            None => Some(last_day(when.from)),
        };
        InForce {
            first: first_day(when.from),
            last,
        }
    }

    /// The share of it that has elapsed when a period begins; one without an end never elapses.
    pub fn elapsed(self, calendar: &Calendar, period: i64) -> f64 {
        let Some(last) = self.last else { return 0.0 };
        let begin = calendar.time_of(self.first);
        let end = calendar.time_of(last + 1);
        ((period as f64 - begin) / (end - begin)).clamp(0.0, 1.0)
    }

    /// The share of a period's days on which it is in force.
    pub fn coverage(self, calendar: &Calendar, period: i64) -> f64 {
        let (first, last) = calendar.days_of(period);
        let until = self.last.map_or(last, |end| end.min(last));
        let common = until - self.first.max(first) + 1;
        common.max(0) as f64 / (last - first + 1) as f64
    }
}

/// A moved event of which only the beginning is given keeps its length: its end moves by as many
/// months where the day of the month stays the same, else by as many days.
pub fn moved_to(old: DateRange, new: DateRange) -> DateRange {
    let Some(end) = old.to.filter(|_| new.to.is_none()) else {
        let open = old.open && new.to.is_none();
        return DateRange { open, ..new };
    };
    let (before, now) = (civil(first_day(old.from)), civil(first_day(new.from)));
    let to = match before.2 == now.2 {
        true => months_later(end, 12 * (now.0 - before.0) + now.1 - before.1),
        false => days_later(end, first_day(new.from) - first_day(old.from)),
    };
    DateRange {
        to: Some(to),
        ..new
    }
}

/// A date some months later, no finer than it was; the last day of a month stays a last day.
fn months_later(date: Date, months: i64) -> Date {
    let (year, month, day) = civil(last_day(date));
    let at = 12 * year + month - 1 + months;
    let (to_year, to_month) = (at.div_euclid(12), at.rem_euclid(12) + 1);
    let part = match date.part {
        DatePart::Year if months % 12 == 0 => DatePart::Year,
        DatePart::Quarter(_) if months % 3 == 0 => DatePart::Quarter((to_month as u8).div_ceil(3)),
        DatePart::Day(..) => {
            let longest = days_in_month(to_year, to_month);
            let is_last = day == days_in_month(year, month);
            let day = if is_last { longest } else { day.min(longest) };
            DatePart::Day(to_month as u8, day as u8)
        }
        _ => DatePart::Month(to_month as u8),
    };
    let year = to_year as i32;
    Date { year, part, ..date }
}

fn days_later(date: Date, days: i64) -> Date {
    let (year, month, day) = civil(last_day(date) + days);
    let part = DatePart::Day(month as u8, day as u8);
    let year = year as i32;
    Date { year, part, ..date }
}

fn first_day(date: Date) -> i64 {
    let year = i64::from(date.year);
    match date.part {
        DatePart::Year => days(year, 1, 1),
        DatePart::Quarter(q) => days(year, i64::from(q) * 3 - 2, 1),
        DatePart::Month(m) => days(year, i64::from(m), 1),
        DatePart::Day(m, d) => days(year, i64::from(m), i64::from(d)),
    }
}

fn last_day(date: Date) -> i64 {
    let year = i64::from(date.year);
    let month = match date.part {
        DatePart::Year => 12,
        DatePart::Quarter(q) => i64::from(q) * 3,
        DatePart::Month(m) => i64::from(m),
        DatePart::Day(m, d) => return days(year, i64::from(m), i64::from(d)),
    };
    days(year, month, days_in_month(year, month))
}
