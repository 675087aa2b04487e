//! Periods and dates. A year is four quarters is twelve months, exactly.

use saldo_syntax::ast::{Date, DatePart, Frequency};

/// The model's periods, numbered 1..=len; 0 is the opening state.
#[derive(Clone, Debug)]
pub struct Calendar {
    pub frequency: Frequency,
    /// Index of period 1 on the endless line of periods of this frequency
    /// (years, quarters or months since year 0, days since 1970-01-01).
    pub first: i64,
    pub len: usize,
}

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

impl Calendar {
    /// The period that contains the first day of `date` (1 = first; may be outside 1..=len).
    pub fn period_of(&self, date: Date) -> i64 {
        ordinal(self.frequency, date) - self.first + 1
    }

    /// The last period that `date` touches: for `1995` in a monthly model, December.
    pub fn last_period_of(&self, date: Date) -> i64 {
        ordinal_last(self.frequency, date) - self.first + 1
    }

    /// The first and last day of a period, as day numbers.
    pub fn days_of(&self, period: i64) -> (i64, i64) {
        let first = |period: i64| {
            let at = self.first + period - 1;
            match self.frequency {
                Frequency::Yearly => days(at, 1, 1),
                Frequency::Quarterly => days(at.div_euclid(4), at.rem_euclid(4) * 3 + 1, 1),
                Frequency::Monthly => days(at.div_euclid(12), at.rem_euclid(12) + 1, 1),
                Frequency::Daily => at,
            }
        };
        (first(period), first(period + 1) - 1)
    }

    /// When a day begins, in periods: the number of its period, and the share of it that is over.
    pub fn time_of(&self, day: i64) -> f64 {
        let (year, month, of_month) = civil(day);
        let period = at(self.frequency, year, month, of_month) - self.first + 1;
        let (first, last) = self.days_of(period);
        period as f64 + (day - first) as f64 / (last - first + 1) as f64
    }

    /// `1`, `1990`, `1990Q1`, `1990-01`, `1990-01-02`.
    pub fn label(&self, period: i64) -> String {
        let at = self.first + period - 1;
        match self.frequency {
            Frequency::Yearly => at.to_string(),
            Frequency::Quarterly => format!("{}Q{}", at.div_euclid(4), at.rem_euclid(4) + 1),
            Frequency::Monthly => format!("{}-{:02}", at.div_euclid(12), at.rem_euclid(12) + 1),
            Frequency::Daily => {
                let (y, m, d) = civil(at);
                format!("{y}-{m:02}-{d:02}")
            }
        }
    }

    /// `September 1996`, `quarter 3 of 1996`, `2 September 1996`, `1996`.
    pub fn words(&self, period: i64) -> String {
        let at = self.first + period - 1;
        let month = |month: i64| MONTHS[(month - 1).rem_euclid(12) as usize];
        match self.frequency {
            Frequency::Yearly => at.to_string(),
            Frequency::Quarterly => {
                format!("quarter {} of {}", at.rem_euclid(4) + 1, at.div_euclid(4))
            }
            Frequency::Monthly => format!("{} {}", month(at + 1), at.div_euclid(12)),
            Frequency::Daily => {
                let (y, m, d) = civil(at);
                format!("{d} {} {y}", month(m))
            }
        }
    }

    /// What the periods are, in the plural.
    pub fn period_word(&self) -> &'static str {
        match self.frequency {
            Frequency::Yearly => "years",
            Frequency::Quarterly => "quarters",
            Frequency::Monthly => "months",
            Frequency::Daily => "days",
        }
    }

    /// How many of the model's periods a year has; `None` for days, which convert by calendar only.
    pub fn periods_per_year(&self) -> Option<u32> {
        match self.frequency {
            Frequency::Yearly => Some(1),
            Frequency::Quarterly => Some(4),
            Frequency::Monthly => Some(12),
            Frequency::Daily => None,
        }
    }
}

/// Number of the period of `frequency` that contains the first day of `date`.
pub fn ordinal(frequency: Frequency, date: Date) -> i64 {
    let year = i64::from(date.year);
    let (month, day) = match date.part {
        DatePart::Year => (1, 1),
        DatePart::Quarter(q) => (i64::from(q) * 3 - 2, 1),
        DatePart::Month(m) => (i64::from(m), 1),
        DatePart::Day(m, d) => (i64::from(m), i64::from(d)),
    };
    at(frequency, year, month, day)
}

/// Number of the period of `frequency` that contains the last day of `date`.
pub fn ordinal_last(frequency: Frequency, date: Date) -> i64 {
    let year = i64::from(date.year);
    let month = match date.part {
        DatePart::Year => 12,
        DatePart::Quarter(q) => i64::from(q) * 3,
        DatePart::Month(m) => i64::from(m),
        DatePart::Day(m, d) => return at(frequency, year, i64::from(m), i64::from(d)),
    };
    at(frequency, year, month, days_in_month(year, month))
}

fn at(frequency: Frequency, year: i64, month: i64, day: i64) -> i64 {
    match frequency {
        Frequency::Yearly => year,
        Frequency::Quarterly => year * 4 + (month - 1) / 3,
        Frequency::Monthly => year * 12 + month - 1,
        Frequency::Daily => days(year, month, day),
    }
}

/// Days in a month of the Gregorian calendar.
pub fn days_in_month(year: i64, month: i64) -> i64 {
    let (next_year, next) = if month == 12 {
        (year + 1, 1)
    } else {
        (year, month + 1)
    };
    days(next_year, next, 1) - days(year, month, 1)
}

/// Days since 1970-01-01 (proleptic Gregorian; shifts the year to begin in March).
pub fn days(year: i64, month: i64, day: i64) -> i64 {
    let y = if month <= 2 { year - 1 } else { year };
    let era = y.div_euclid(400);
    let of_era = y.rem_euclid(400);
    let of_year = (153 * (month + if month > 2 { -3 } else { 9 }) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

/// Year, month and day of a day number.
pub fn civil(days: i64) -> (i64, i64, i64) {
    let z = days + 719_468;
    let era = z.div_euclid(146_097);
    let doe = z.rem_euclid(146_097);
    let yoe = (doe - doe / 1_460 + doe / 36_524 - doe / 146_096) / 365;
    let doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    let mp = (5 * doy + 2) / 153;
    let month = if mp < 10 { mp + 3 } else { mp - 9 };
    (
        yoe + era * 400 + i64::from(month <= 2),
        month,
        doy - (153 * mp + 2) / 5 + 1,
    )
}

/// Reads `1990`, `1990Q1`, `1990-01` or `1990-01-02`.
pub fn parse_period(text: &str) -> Option<Date> {
    let text = text.trim();
    let date = |year: &str, part| {
        Some(Date {
            span: Default::default(),
            year: year.parse().ok()?,
            part,
        })
    };
    if let Some((year, quarter)) = text.split_once('Q') {
        let quarter: u8 = quarter.parse().ok().filter(|q| (1..=4).contains(q))?;
        return date(year, DatePart::Quarter(quarter));
    }
    let parts: Vec<&str> = text.split('-').collect();
    let month = |text: &str| text.parse::<u8>().ok().filter(|m| (1..=12).contains(m));
    match parts.as_slice() {
        [year] => date(year, DatePart::Year),
        [year, m] => date(year, DatePart::Month(month(m)?)),
        [year, m, d] => {
            let (y, m): (i64, u8) = (year.parse().ok()?, month(m)?);
            let day: u8 = d
                .parse()
                .ok()
                .filter(|d| *d >= 1 && i64::from(*d) <= days_in_month(y, m.into()))?;
            date(year, DatePart::Day(m, day))
        }
        _ => None,
    }
}
