//! Civil dates: a day in the calendar of China, without time of day or zone.
//!
//! The conversions between day numbers and year, month, day run in the inner loops of the rules,
//! so they are branch-poor integer arithmetic (after C. Neri and L. Schneider, "Euclidean affine
//! functions", 2022), checked against `jiff` in the tests.

mod month;
mod parse;
mod span;

pub use month::{Month, NoMonth};
pub use parse::DateError;
pub use span::{age_by_month, age_on, calendar_months, full_months};

use std::fmt;

/// A civil date. Ordered, copyable, stored as days since 1970-01-01.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(i32);

/// A day of the week, Monday first as in China.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Weekday {
    Monday,
    Tuesday,
    Wednesday,
    Thursday,
    Friday,
    Saturday,
    Sunday,
}

impl Weekday {
    /// Saturday or Sunday.
    pub const fn is_weekend(self) -> bool {
        matches!(self, Weekday::Saturday | Weekday::Sunday)
    }

    /// 1 for Monday to 7 for Sunday, as in ISO 8601.
    pub const fn number(self) -> u8 {
        self as u8 + 1
    }
}

// Day numbers are shifted by whole 400-year cycles so that all arithmetic is unsigned, for every
// `i32` and not only for the years people write.
const CYCLES: i64 = 14_700;
const DAYS_BEFORE_EPOCH: i64 = 719_468 + 146_097 * CYCLES;
const YEARS_SHIFTED: i64 = 400 * CYCLES;

impl Date {
    /// 0001-01-01, the earliest date that can be written.
    pub const MIN: Date = Date(-719_162);
    /// 9999-12-31, the latest date that can be written.
    pub const MAX: Date = Date(2_932_896);

    /// The date `days` days after 1970-01-01. Unchecked: beyond `MIN..=MAX` the arithmetic still
    /// holds, but the date can not be written in the ISO form and read back.
    #[inline]
    pub const fn from_days(days: i32) -> Self {
        Date(days)
    }

    /// Days since 1970-01-01.
    #[inline]
    pub const fn days(self) -> i32 {
        self.0
    }

    /// The date with this year (1 to 9999), month and day, if there is such a day.
    pub const fn from_ymd(year: i32, month: u8, day: u8) -> Result<Self, DateError> {
        if year < 1 || year > 9999 {
            return Err(DateError::Year { year });
        }
        if month < 1 || month > 12 {
            return Err(DateError::Month { month });
        }
        if day < 1 || day > days_in_month(year, month) {
            return Err(DateError::Day { year, month, day });
        }
        Ok(Date(days_from_ymd(year, month, day)))
    }

    /// A date written in source code or a test; panics if there is no such day.
    pub const fn ymd(year: i32, month: u8, day: u8) -> Self {
        match Date::from_ymd(year, month, day) {
            Ok(date) => date,
            Err(_) => panic!("no such day"),
        }
    }

    /// Year, month (1 to 12) and day (1 to 31) at once; the fast way when more than one is needed.
    #[inline]
    pub const fn to_ymd(self) -> (i32, u8, u8) {
        ymd_from_days(self.0)
    }

    /// The year.
    #[inline]
    pub const fn year(self) -> i32 {
        self.to_ymd().0
    }

    /// The month, 1 to 12.
    #[inline]
    pub const fn month(self) -> u8 {
        self.to_ymd().1
    }

    /// The day of the month, 1 to 31.
    #[inline]
    pub const fn day(self) -> u8 {
        self.to_ymd().2
    }

    /// The day of the week.
    #[inline]
    pub const fn weekday(self) -> Weekday {
        // 1970-01-01 was a Thursday.
        match (self.0 as i64 + 3).rem_euclid(7) {
            0 => Weekday::Monday,
            1 => Weekday::Tuesday,
            2 => Weekday::Wednesday,
            3 => Weekday::Thursday,
            4 => Weekday::Friday,
            5 => Weekday::Saturday,
            _ => Weekday::Sunday,
        }
    }

    /// `days` days later (earlier if negative), stopping at `MIN` and `MAX`.
    #[inline]
    pub const fn add_days(self, days: i32) -> Self {
        match self.checked_add_days(days) {
            Some(date) => date,
            None if days < 0 => Date::MIN,
            None => Date::MAX,
        }
    }

    /// `days` days later (earlier if negative), if that lies within `MIN..=MAX`.
    #[inline]
    pub const fn checked_add_days(self, days: i32) -> Option<Self> {
        match self.0.checked_add(days) {
            Some(sum) if sum >= Date::MIN.0 && sum <= Date::MAX.0 => Some(Date(sum)),
            _ => None,
        }
    }

    /// The same day of the month `months` months later (earlier if negative); the last day of that
    /// month where it has no such day (Civil Code art. 202). Stops at `MIN` and `MAX`.
    pub const fn add_months(self, months: i32) -> Self {
        let (year, month, day) = self.to_ymd();
        let index = year as i64 * 12 + (month as i64 - 1) + months as i64;
        let year = index.div_euclid(12);
        if year < 1 {
            return Date::MIN;
        }
        if year > 9999 {
            return Date::MAX;
        }
        let (year, month) = (year as i32, index.rem_euclid(12) as u8 + 1);
        let last = days_in_month(year, month);
        Date(days_from_ymd(year, month, if day < last { day } else { last }))
    }

    /// The same day `years` years later, with the rule of [`Date::add_months`].
    pub const fn add_years(self, years: i32) -> Self {
        self.add_months(years.saturating_mul(12))
    }

    /// The first day of this date's month.
    pub const fn first_of_month(self) -> Self {
        Date(self.0 - (self.day() as i32 - 1))
    }

    /// The last day of this date's month.
    pub const fn last_of_month(self) -> Self {
        let (year, month, day) = self.to_ymd();
        Date(self.0 + (days_in_month(year, month) - day) as i32)
    }

    /// Days from `earlier` to this date; negative if this date comes first.
    #[inline]
    pub const fn days_since(self, earlier: Date) -> i64 {
        self.0 as i64 - earlier.0 as i64
    }
}

/// Whether the year has a 29 February.
#[inline]
pub const fn is_leap_year(year: i32) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

/// The number of days of a month (1 to 12).
#[inline]
pub const fn days_in_month(year: i32, month: u8) -> u8 {
    match month {
        2 if is_leap_year(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

#[inline]
const fn days_from_ymd(year: i32, month: u8, day: u8) -> i32 {
    // The year is counted from March, so that the leap day is its last.
    let early = month <= 2;
    let year = year as i64 + YEARS_SHIFTED - early as i64;
    let month = if early { month as i64 + 12 } else { month as i64 };
    let century = year / 100;
    let days_before_year = 1461 * year / 4 - century + century / 4;
    let days_before_month = (979 * month - 2919) / 32;
    (days_before_year + days_before_month + day as i64 - 1 - DAYS_BEFORE_EPOCH) as i32
}

#[inline]
const fn ymd_from_days(days: i32) -> (i32, u8, u8) {
    let shifted = (days as i64 + DAYS_BEFORE_EPOCH) as u64;
    let quarters = 4 * shifted + 3;
    let century = quarters / 146_097;
    let day_of_century = (quarters % 146_097) as u32 / 4;

    let product = 2_939_745 * (4 * day_of_century as u64 + 3);
    let year_of_century = product >> 32;
    let day_of_year = (product as u32) / 2_939_745 / 4;

    let scaled = 2141 * day_of_year + 197_913;
    let month = (scaled >> 16) as u8;
    let day = ((scaled & 0xffff) / 2141) as u8 + 1;

    // Day 306 counted from March is 1 January.
    let after_december = day_of_year >= 306;
    let year = 100 * century + year_of_century + after_december as u64;
    let month = if after_december { month - 12 } else { month };
    ((year as i64 - YEARS_SHIFTED) as i32, month, day)
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.to_ymd();
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}

impl fmt::Debug for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests;
