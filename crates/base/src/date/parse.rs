//! Reading a date strictly as `YYYY-MM-DD`, and the reasons for refusing one.

use super::{Date, days_in_month};
use crate::spoken::spoken_error;
use std::str::FromStr;

/// Why a text or a year, month and day is not a date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DateError {
    /// Not of the form `2026-09-01`.
    Form,
    /// The year is not within 1 to 9999.
    Year {
        /// The year given.
        year: i32,
    },
    /// The month is not within 1 to 12.
    Month {
        /// The month given.
        month: u8,
    },
    /// The month has no such day.
    Day {
        /// The year given.
        year: i32,
        /// The month given.
        month: u8,
        /// The day given.
        day: u8,
    },
}

impl FromStr for Date {
    type Err = DateError;

    fn from_str(text: &str) -> Result<Self, DateError> {
        let &[y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = text.as_bytes() else {
            return Err(DateError::Form);
        };
        let year = number(&[y1, y2, y3, y4])?;
        let month = number(&[m1, m2])?;
        let day = number(&[d1, d2])?;
        // Two digits fit in a byte.
        Date::from_ymd(year, month as u8, day as u8)
    }
}

fn number(digits: &[u8]) -> Result<i32, DateError> {
    digits.iter().try_fold(0, |number, digit| match digit {
        b'0'..=b'9' => Ok(number * 10 + i32::from(digit - b'0')),
        _ => Err(DateError::Form),
    })
}

impl DateError {
    /// What is wrong and what is allowed, in Chinese.
    pub fn zh(&self) -> String {
        match *self {
            DateError::Form => "日期应写成“年-月-日”，例如 2026-09-01。".into(),
            DateError::Year { year } => format!("年份 {year} 不对，应在 0001 至 9999 之间。"),
            DateError::Month { month } => format!("月份 {month} 不对，应为 01 至 12。"),
            DateError::Day { year, month, day } => {
                let last = days_in_month(year, month);
                format!("{year}年{month}月没有{day}日，日应为 01 至 {last}。")
            }
        }
    }

    /// What is wrong and what is allowed, in English.
    pub fn en(&self) -> String {
        match *self {
            DateError::Form => "Write the date as year-month-day, for example 2026-09-01.".into(),
            DateError::Year { year } => format!("Year {year} is not within 0001 to 9999."),
            DateError::Month { month } => format!("Month {month} is not within 01 to 12."),
            DateError::Day { year, month, day } => {
                let last = days_in_month(year, month);
                format!("{year:04}-{month:02} has no day {day}; its days are 01 to {last}.")
            }
        }
    }
}

spoken_error!(DateError);

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn reads_only_the_iso_form() {
        assert_eq!("2026-09-01".parse(), Ok(Date::ymd(2026, 9, 1)));
        for text in [
            "",
            "2026-9-1",
            "2026/09/01",
            "20260901",
            " 2026-09-01",
            "2026-09-01 ",
            "2026-09-01T00:00",
            "+026-09-01",
            "２026-09-01",
            "2026-0x-01",
            "12026-09-01",
            "2026年9月1日",
        ] {
            assert_eq!(text.parse::<Date>(), Err(DateError::Form), "{text:?}");
        }
    }

    #[test]
    fn says_which_part_is_wrong() {
        let error = |text: &str| text.parse::<Date>().unwrap_err();
        assert_eq!(error("0000-01-01"), DateError::Year { year: 0 });
        assert_eq!(error("2026-13-01"), DateError::Month { month: 13 });
        assert_eq!(error("2026-02-29"), DateError::Day { year: 2026, month: 2, day: 29 });
        assert_eq!(error("2026-02-29").zh(), "2026年2月没有29日，日应为 01 至 28。");
        assert_eq!(error("2026-02-29").en(), "2026-02 has no day 29; its days are 01 to 28.");
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(days in Date::MIN.days()..=Date::MAX.days()) {
            let date = Date::from_days(days);
            prop_assert_eq!(date.to_string().parse(), Ok(date));
        }

        #[test]
        fn never_panics(text in "\\PC{0,12}") {
            let _ = text.parse::<Date>();
        }
    }
}
