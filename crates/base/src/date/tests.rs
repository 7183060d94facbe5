use super::*;
use proptest::prelude::*;

fn date(text: &str) -> Date {
    text.parse().unwrap()
}

#[test]
fn anchors() {
    assert_eq!(Date::from_days(0).to_string(), "1970-01-01");
    assert_eq!(Date::ymd(2026, 9, 1).days(), 20_697);
    assert_eq!(Date::MIN.to_string(), "0001-01-01");
    assert_eq!(Date::MAX.to_string(), "9999-12-31");
    assert_eq!(date("2026-11-23").weekday(), Weekday::Monday);
    assert_eq!(Date::from_days(0).weekday(), Weekday::Thursday);
    assert_eq!(Weekday::Sunday.number(), 7);
}

#[test]
fn day_numbers_are_safe_over_the_whole_integer_range() {
    for days in [i32::MIN, i32::MIN + 1, -1, 0, i32::MAX - 1, i32::MAX] {
        let (year, month, day) = Date::from_days(days).to_ymd();
        assert_eq!(days_from_ymd(year, month, day), days);
    }
}

#[test]
fn adds_months_with_end_of_month_clamp() {
    for (from, months, to) in [
        ("2026-01-31", 1, "2026-02-28"),
        ("2024-01-31", 1, "2024-02-29"),
        ("2026-03-31", -1, "2026-02-28"),
        ("2024-02-29", 12, "2025-02-28"),
        ("2024-02-29", 48, "2028-02-29"),
        ("2026-12-15", 1, "2027-01-15"),
        ("2026-01-15", -1, "2025-12-15"),
        ("2026-05-31", 0, "2026-05-31"),
        ("9999-12-01", 1, "9999-12-31"),
        ("0001-01-31", -1, "0001-01-01"),
    ] {
        assert_eq!(date(from).add_months(months), date(to), "{from} + {months}");
    }
    assert_eq!(date("2024-02-29").add_years(1), date("2025-02-28"));
    assert_eq!(date("2026-01-01").add_years(i32::MAX), Date::MAX);
}

#[test]
fn adds_days_and_stops_at_the_ends() {
    assert_eq!(date("2026-02-28").add_days(1), date("2026-03-01"));
    assert_eq!(date("2026-03-01").add_days(-1), date("2026-02-28"));
    assert_eq!(Date::MAX.add_days(1), Date::MAX);
    assert_eq!(Date::MIN.add_days(i32::MIN), Date::MIN);
    assert_eq!(Date::MAX.checked_add_days(1), None);
    assert_eq!(date("2026-03-01").days_since(date("2026-02-27")), 2);
}

#[test]
fn ends_of_a_month() {
    assert_eq!(date("2024-02-11").first_of_month(), date("2024-02-01"));
    assert_eq!(date("2024-02-11").last_of_month(), date("2024-02-29"));
    assert_eq!(date("2026-12-31").last_of_month(), date("2026-12-31"));
}

#[test]
fn refuses_days_that_do_not_exist() {
    assert_eq!(Date::from_ymd(2026, 13, 1), Err(DateError::Month { month: 13 }));
    assert_eq!(Date::from_ymd(2026, 0, 1), Err(DateError::Month { month: 0 }));
    let day = |year, month, day| Err(DateError::Day { year, month, day });
    assert_eq!(Date::from_ymd(2026, 2, 29), day(2026, 2, 29));
    assert_eq!(Date::from_ymd(1900, 2, 29), day(1900, 2, 29));
    assert_eq!(Date::from_ymd(2026, 4, 31), day(2026, 4, 31));
    assert_eq!(Date::from_ymd(2026, 4, 0), day(2026, 4, 0));
    assert_eq!(Date::from_ymd(0, 1, 1), Err(DateError::Year { year: 0 }));
    assert!(Date::from_ymd(2000, 2, 29).is_ok());
}

#[test]
fn agrees_with_jiff_on_every_day_from_1800_to_2200() {
    let mut expected = jiff::civil::date(1800, 1, 1);
    let mut ours = Date::ymd(1800, 1, 1);
    while expected.year() <= 2200 {
        let parts = (i32::from(expected.year()), expected.month() as u8, expected.day() as u8);
        assert_eq!(ours.to_ymd(), parts);
        assert_eq!(Date::from_ymd(parts.0, parts.1, parts.2), Ok(ours));
        let weekday = expected.weekday().to_monday_one_offset() as u8;
        assert_eq!(ours.weekday().number(), weekday);
        expected = expected.tomorrow().unwrap();
        ours = ours.add_days(1);
    }
}

proptest! {
    #[test]
    fn agrees_with_jiff_anywhere(days in Date::MIN.days()..=Date::MAX.days()) {
        let ours = Date::from_days(days);
        let (year, month, day) = ours.to_ymd();
        let theirs = jiff::civil::date(year as i16, month as i8, day as i8);
        let since = theirs.since(jiff::civil::date(1970, 1, 1)).unwrap().get_days();
        prop_assert_eq!(since, days);
        prop_assert_eq!(ours.to_string(), theirs.to_string());
    }

    #[test]
    fn adding_months_agrees_with_jiff(days in -60_000i32..90_000, months in -1200i32..1200) {
        let ours = Date::from_days(days);
        let (year, month, day) = ours.to_ymd();
        let theirs = jiff::civil::date(year as i16, month as i8, day as i8);
        let sum = theirs.checked_add(jiff::Span::new().months(months)).unwrap();
        prop_assert_eq!(ours.add_months(months).to_string(), sum.to_string());
    }

    #[test]
    fn every_day_number_round_trips(days in any::<i32>()) {
        let (year, month, day) = Date::from_days(days).to_ymd();
        prop_assert_eq!(days_from_ymd(year, month, day), days);
    }
}
