//! Ages and months between two dates.
//!
//! A month or a year is completed on the same day of the month, or on the month's last day where
//! it has no such day (Civil Code art. 202). So a person born on 29 February completes a year on
//! 28 February of a common year.

use super::{Date, days_in_month};

/// Completed years of life on a day; 0 before the birth.
#[inline]
pub const fn age_on(birth: Date, on: Date) -> i32 {
    full_months(birth, on) / 12
}

/// Years by calendar month: the whole month of the birthday counts as if the birthday had been
/// reached, as rules do that pay "from the month of the 80th birthday". 0 before the birth.
#[inline]
pub const fn age_by_month(birth: Date, on: Date) -> i32 {
    calendar_months(birth, on) / 12
}

/// Completed months from the first date to the second; 0 if the second comes first.
#[inline]
pub const fn full_months(from: Date, to: Date) -> i32 {
    let (from_year, from_month, from_day) = from.to_ymd();
    let (to_year, to_month, to_day) = to.to_ymd();
    let last = days_in_month(to_year, to_month);
    let completed_on = if from_day < last { from_day } else { last };
    let months =
        month_index(to_year, to_month) - month_index(from_year, from_month) - (to_day < completed_on) as i32;
    if months > 0 { months } else { 0 }
}

/// Calendar months from the first date's month to the second's, whatever the days; 0 if the
/// second comes first.
#[inline]
pub const fn calendar_months(from: Date, to: Date) -> i32 {
    let (from_year, from_month, _) = from.to_ymd();
    let (to_year, to_month, _) = to.to_ymd();
    let months = month_index(to_year, to_month) - month_index(from_year, from_month);
    if months > 0 { months } else { 0 }
}

#[inline]
const fn month_index(year: i32, month: u8) -> i32 {
    year * 12 + month as i32
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn ages() {
        for (birth, on, age, by_month) in [
            // Ordinary birthdays.
            ("1946-09-15", "2026-09-14", 79, 80),
            ("1946-09-15", "2026-09-15", 80, 80),
            ("1946-09-15", "2026-08-31", 79, 79),
            ("1926-12-31", "2026-12-30", 99, 100),
            ("1926-12-31", "2026-12-31", 100, 100),
            ("1926-01-01", "2025-12-31", 99, 99),
            ("1926-01-01", "2026-01-01", 100, 100),
            // Born on the leap day.
            ("1944-02-29", "2024-02-28", 79, 80),
            ("1944-02-29", "2024-02-29", 80, 80),
            ("2008-02-29", "2026-02-27", 17, 18),
            ("2008-02-29", "2026-02-28", 18, 18),
            ("2008-02-29", "2026-03-01", 18, 18),
            ("2000-02-29", "2100-02-28", 100, 100),
            // Born on 28 February: a leap year changes nothing.
            ("2007-02-28", "2024-02-28", 17, 17),
            // The last day of a month.
            ("2010-08-31", "2026-08-30", 15, 16),
            ("2010-08-31", "2026-08-31", 16, 16),
            // The day of birth, and before it.
            ("2026-05-05", "2026-05-05", 0, 0),
            ("2026-05-05", "2020-01-01", 0, 0),
            ("2026-05-05", "2026-05-04", 0, 0),
        ] {
            let (birth, on) = (birth.parse().unwrap(), on.parse().unwrap());
            assert_eq!(age_on(birth, on), age, "born {birth:?}, on {on:?}");
            assert_eq!(age_by_month(birth, on), by_month, "by month: born {birth:?}, on {on:?}");
        }
    }

    #[test]
    fn months() {
        for (from, to, full, calendar) in [
            ("2026-01-31", "2026-02-27", 0, 1),
            ("2026-01-31", "2026-02-28", 1, 1),
            ("2024-01-31", "2024-02-28", 0, 1),
            ("2024-01-31", "2024-02-29", 1, 1),
            ("2026-01-31", "2026-03-30", 1, 2),
            ("2026-01-31", "2026-03-31", 2, 2),
            ("2026-02-28", "2026-03-28", 1, 1),
            ("2025-12-31", "2026-01-01", 0, 1),
            ("2026-01-01", "2026-01-31", 0, 0),
            ("2026-01-01", "2027-01-01", 12, 12),
            ("2026-03-01", "2026-02-28", 0, 0),
            ("2026-03-31", "2025-01-01", 0, 0),
        ] {
            let (from, to) = (from.parse().unwrap(), to.parse().unwrap());
            assert_eq!(full_months(from, to), full, "{from:?} to {to:?}");
            assert_eq!(calendar_months(from, to), calendar, "calendar: {from:?} to {to:?}");
        }
    }

    fn dates() -> impl Strategy<Value = Date> {
        (Date::ymd(1880, 1, 1).days()..Date::ymd(2120, 1, 1).days()).prop_map(Date::from_days)
    }

    proptest! {
        #[test]
        fn age_never_decreases(birth in dates(), on in dates(), later in 0i32..800) {
            prop_assert!(age_on(birth, on) <= age_on(birth, on.add_days(later)));
            prop_assert!(age_by_month(birth, on) <= age_by_month(birth, on.add_days(later)));
            prop_assert!(full_months(birth, on) <= full_months(birth, on.add_days(later)));
        }

        #[test]
        fn age_changes_exactly_on_birthdays(birth in dates(), years in 1i32..121) {
            let birthday = birth.add_years(years);
            prop_assert_eq!(age_on(birth, birthday), years);
            prop_assert_eq!(age_on(birth, birthday.add_days(-1)), years - 1);
        }

        #[test]
        fn a_month_is_completed_where_adding_it_ends(from in dates(), months in 1i32..1500) {
            let end = from.add_months(months);
            prop_assert_eq!(full_months(from, end), months);
            prop_assert_eq!(full_months(from, end.add_days(-1)), months - 1);
            prop_assert_eq!(calendar_months(from, end), months);
        }

        #[test]
        fn by_month_is_the_age_or_one_more(birth in dates(), on in dates()) {
            let ahead = age_by_month(birth, on) - age_on(birth, on);
            prop_assert!(ahead == 0 || ahead == 1);
        }
    }
}
