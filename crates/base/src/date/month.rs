//! Months: what benefits are paid for.

use super::{Date, days_in_month};
use std::fmt;
use std::str::FromStr;

/// A month of a year. Ordered, copyable, stored as months since year 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month(i32);

impl Month {
    /// 9999-12, the latest month that can be written.
    pub const LAST: Month = Month::ym(9999, 12);

    /// The month of this year (1 to 9999) and number (1 to 12), if there is one.
    pub const fn new(year: i32, month: u8) -> Option<Month> {
        if year < 1 || year > 9999 || month < 1 || month > 12 {
            return None;
        }
        Some(Month(year * 12 + month as i32 - 1))
    }

    /// A month written in source code or a test; panics if there is none.
    pub const fn ym(year: i32, month: u8) -> Month {
        match Month::new(year, month) {
            Some(month) => month,
            None => panic!("no such month"),
        }
    }

    /// The month a day lies in.
    pub const fn of(day: Date) -> Month {
        let (year, month, _) = day.to_ymd();
        Month(year * 12 + month as i32 - 1)
    }

    /// Months since year 0: how it is stored.
    pub const fn number(self) -> i32 {
        self.0
    }

    /// The month of that number, if it lies in the years 1 to 9999.
    pub const fn from_number(number: i32) -> Option<Month> {
        if number < 12 || number >= 120_000 { None } else { Some(Month(number)) }
    }

    /// The year.
    pub const fn year(self) -> i32 {
        self.0.div_euclid(12)
    }

    /// 1 to 12.
    pub const fn month(self) -> u8 {
        self.0.rem_euclid(12) as u8 + 1
    }

    /// So many months later, earlier if negative; stops at the ends of the calendar.
    pub const fn add(self, months: i32) -> Month {
        let sum = self.0.saturating_add(months);
        Month(if sum < 12 {
            12
        } else if sum > 119_999 {
            119_999
        } else {
            sum
        })
    }

    /// The month after.
    pub const fn next(self) -> Month {
        self.add(1)
    }

    /// The month before.
    pub const fn before(self) -> Month {
        self.add(-1)
    }

    /// Its days.
    pub const fn days(self) -> u8 {
        days_in_month(self.year(), self.month())
    }

    /// The day of this number in it; its last where it has fewer.
    pub const fn day(self, day: u8) -> Date {
        let last = self.days();
        let day = if day > last { last } else { day };
        Date::ymd(self.year(), self.month(), if day < 1 { 1 } else { day })
    }

    /// Its first day.
    pub const fn first(self) -> Date {
        self.day(1)
    }

    /// Its last day.
    pub const fn last(self) -> Date {
        self.day(31)
    }

    /// As people write it: `2026年9月`.
    pub fn zh(self) -> String {
        format!("{}年{}月", self.year(), self.month())
    }
}

/// `2026-09`.
impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.year(), self.month())
    }
}

/// What is no month.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoMonth;

/// Reads `2026-09`, and nothing else.
impl FromStr for Month {
    type Err = NoMonth;

    fn from_str(text: &str) -> Result<Month, NoMonth> {
        let (year, month) = text.split_once('-').ok_or(NoMonth)?;
        let digits =
            |text: &str, length: usize| text.len() == length && text.bytes().all(|b| b.is_ascii_digit());
        if !digits(year, 4) || !digits(month, 2) {
            return Err(NoMonth);
        }
        let year = year.parse().map_err(|_| NoMonth)?;
        Month::new(year, month.parse().map_err(|_| NoMonth)?).ok_or(NoMonth)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn months_follow_each_other_over_the_year() {
        let december = Month::ym(2026, 12);
        assert_eq!(december.next(), Month::ym(2027, 1));
        assert_eq!(Month::ym(2027, 1).before(), december);
        assert_eq!(Month::of(Date::ymd(2026, 12, 31)), december);
        assert_eq!((december.to_string(), december.zh()), ("2026-12".into(), "2026年12月".into()));
        assert_eq!(Month::ym(2028, 2).last(), Date::ymd(2028, 2, 29));
        assert_eq!(Month::ym(2027, 2).day(30), Date::ymd(2027, 2, 28));
    }

    #[test]
    fn refuses_what_is_no_month() {
        for text in
            ["", "2026", "2026-9", "2026-13", "2026-00", "0000-01", "2026-09-01", "２０２６-09", "+026-09"]
        {
            assert_eq!(text.parse::<Month>(), Err(NoMonth), "{text}");
        }
        assert_eq!(Month::from_number(11), None);
        assert_eq!(Month::from_number(120_000), None);
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(number in 12..120_000) {
            let month = Month::from_number(number).unwrap();
            prop_assert_eq!(month.to_string().parse(), Ok(month));
            prop_assert_eq!(Month::of(month.first()), month);
            prop_assert_eq!(Month::of(month.last()), month);
            prop_assert_eq!(month.last().add_days(1) > month.last(), number < 119_999);
        }
    }
}
