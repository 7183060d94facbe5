//! Civil dates by counting, and the four functions of ages and months. Deliberately without `anmin_base`'s arithmetic.

/// A day of the calendar: year, month from 1, day from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Civil {
    pub year: i64,
    pub month: i64,
    pub day: i64,
}

fn is_leap(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

/// Days in a month.
pub fn month_length(year: i64, month: i64) -> i64 {
    match month {
        2 if is_leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

fn year_length(year: i64) -> i64 {
    if is_leap(year) { 366 } else { 365 }
}

/// The calendar day that is `days` days after 1970-01-01.
pub fn civil(days: i64) -> Civil {
    let (mut year, mut left) = (1970, days);
    while left < 0 {
        year -= 1;
        left += year_length(year);
    }
    while left >= year_length(year) {
        left -= year_length(year);
        year += 1;
    }
    let mut month = 1;
    while left >= month_length(year, month) {
        left -= month_length(year, month);
        month += 1;
    }
    Civil { year, month, day: left + 1 }
}

/// Days from 1970-01-01 to the day.
pub fn days(year: i64, month: i64, day: i64) -> i64 {
    let years: i64 = (1970..year).map(year_length).sum::<i64>() - (year..1970).map(year_length).sum::<i64>();
    years + (1..month).map(|m| month_length(year, m)).sum::<i64>() + day - 1
}

/// Months between the calendar months of two days; negative where the second is earlier.
fn month_steps(from: Civil, to: Civil) -> i64 {
    (to.year - from.year) * 12 + to.month - from.month
}

/// Completed months, not yet held at 0: the last one is complete on the day of the same number, or on the month's
/// last day where the month is too short for it.
fn completed(from: Civil, to: Civil) -> i64 {
    let due = from.day.min(month_length(to.year, to.month));
    month_steps(from, to) - i64::from(to.day < due)
}

/// `age(d)` on `on`.
pub fn age(born: i64, on: i64) -> i64 {
    completed(civil(born), civil(on)).div_euclid(12).max(0)
}

/// `age_by_month(d)` on `on`.
pub fn age_by_month(born: i64, on: i64) -> i64 {
    month_steps(civil(born), civil(on)).div_euclid(12).max(0)
}

/// `full_months(a, b)`.
pub fn full_months(from: i64, to: i64) -> i64 {
    completed(civil(from), civil(to)).max(0)
}

/// `calendar_months(a, b)`.
pub fn calendar_months(from: i64, to: i64) -> i64 {
    month_steps(civil(from), civil(to)).max(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> i64 {
        let part: Vec<i64> = text.split('-').map(|p| p.parse().expect("a date")).collect();
        days(part[0], part[1], part[2])
    }

    #[test]
    fn counts_days_both_ways() {
        let table = [("1970-01-01", 0), ("1969-12-31", -1), ("2000-02-29", 11016), ("2000-03-01", 11017)];
        for (text, number) in table {
            assert_eq!(day(text), number, "{text}");
        }
        assert_eq!(day("1900-01-01"), -25567);
        assert_eq!(day("2100-12-31"), 47846);
        for number in -30000..50000 {
            let c = civil(number);
            assert_eq!(days(c.year, c.month, c.day), number);
        }
    }

    #[test]
    fn completes_years_and_months_on_the_last_day_that_stands_in() {
        // from, to, age, age_by_month, full_months, calendar_months
        let table = [
            ("2004-02-29", "2022-02-27", 17, 18, 215, 216),
            ("2004-02-29", "2022-02-28", 18, 18, 216, 216),
            ("2004-02-29", "2024-02-28", 19, 20, 239, 240),
            ("2004-02-29", "2024-02-29", 20, 20, 240, 240),
            ("2004-02-29", "2022-03-01", 18, 18, 216, 217),
            ("2004-02-28", "2024-02-28", 20, 20, 240, 240),
            ("2010-06-15", "2026-06-14", 15, 16, 191, 192),
            ("2010-06-15", "2026-06-15", 16, 16, 192, 192),
            ("2010-06-15", "2026-05-31", 15, 15, 191, 191),
            ("2026-01-31", "2026-02-27", 0, 0, 0, 1),
            ("2026-01-31", "2026-02-28", 0, 0, 1, 1),
            ("2026-01-31", "2026-03-01", 0, 0, 1, 2),
            ("2026-01-31", "2026-03-30", 0, 0, 1, 2),
            ("2026-01-31", "2026-03-31", 0, 0, 2, 2),
            ("2026-03-31", "2026-04-30", 0, 0, 1, 1),
            ("2026-04-30", "2026-05-29", 0, 0, 0, 1),
            ("2026-04-30", "2026-04-30", 0, 0, 0, 0),
            ("2026-05-01", "2026-04-30", 0, 0, 0, 0),
            ("2030-01-01", "2026-04-30", 0, 0, 0, 0),
            ("1999-12-31", "2000-01-01", 0, 0, 0, 1),
        ];
        for (from, to, years, by_month, full, calendar) in table {
            let (a, b) = (day(from), day(to));
            assert_eq!(age(a, b), years, "age {from} {to}");
            assert_eq!(age_by_month(a, b), by_month, "age_by_month {from} {to}");
            assert_eq!(full_months(a, b), full, "full_months {from} {to}");
            assert_eq!(calendar_months(a, b), calendar, "calendar_months {from} {to}");
        }
    }

    #[test]
    fn ages_and_months_never_turn_back() {
        let (from, to) = (day("2019-01-25"), day("2024-03-05"));
        let on = day("2024-02-29");
        for d in from..to {
            assert!(age(d, on) >= age(d + 1, on));
            assert!(age(from, d) <= age(from, d + 1));
            assert!(full_months(d, on) >= full_months(d + 1, on));
            assert!(full_months(from, d) <= full_months(from, d + 1));
        }
    }
}
