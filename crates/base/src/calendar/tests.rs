use super::*;
use proptest::prelude::*;

fn date(text: &str) -> Date {
    text.parse().unwrap()
}

fn settled(text: &str) -> Deadline {
    Deadline { date: date(text), provisional: false }
}

fn provisional(text: &str) -> Deadline {
    Deadline { date: date(text), provisional: true }
}

fn row(text: &str, kind: DayKind) -> CalendarRow {
    let (holiday, holiday_en) = ("元旦".into(), "New Year's Day".into());
    CalendarRow { date: date(text), kind, holiday, holiday_en }
}

#[test]
fn knows_working_days() {
    let calendar = WorkCalendar::builtin();
    for (day, worked) in [
        ("2026-09-30", true),
        ("2026-10-01", false),
        ("2026-10-07", false),
        ("2026-10-08", true),
        ("2026-10-10", true),
        ("2026-10-11", false),
        ("2005-12-31", true),
        ("2020-01-31", false),
        // Without a notice: weekends and statutory holidays.
        ("2027-01-01", false),
        ("2027-02-05", false),
        ("2027-02-09", true),
        ("2027-02-13", false),
    ] {
        assert_eq!(calendar.is_working_day(date(day)), worked, "{day}");
    }
    assert_eq!(calendar.announced(date("2026-10-10")).unwrap().holiday, "国庆节");
    assert_eq!(calendar.announced(date("2026-10-12")), None);
}

#[test]
fn counts_working_days_without_the_day_of_the_event() {
    let calendar = WorkCalendar::builtin();
    for (from, count, deadline) in [
        ("2026-11-23", 0, settled("2026-11-23")),
        ("2026-11-22", 0, settled("2026-11-22")),
        ("2026-11-23", 3, settled("2026-11-26")),
        ("2026-11-20", 1, settled("2026-11-23")),
        ("2026-11-21", 1, settled("2026-11-23")),
        // Over National Day, with the make-up Saturday.
        ("2026-09-30", 1, settled("2026-10-08")),
        ("2026-09-30", 3, settled("2026-10-10")),
        ("2026-09-30", 4, settled("2026-10-12")),
        // Over a Spring Festival with make-up days on both sides.
        ("2025-01-24", 2, settled("2025-01-27")),
        ("2025-01-27", 4, settled("2025-02-08")),
        // The last week of December waits for the next notice, and so does all that follows.
        ("2026-12-23", 1, settled("2026-12-24")),
        ("2026-12-23", 2, provisional("2026-12-25")),
        ("2026-11-23", 30, provisional("2027-01-05")),
        ("2027-02-04", 1, provisional("2027-02-09")),
        // Before the first notice as well.
        ("2003-06-02", 1, provisional("2003-06-03")),
    ] {
        assert_eq!(calendar.add_working_days(date(from), count), deadline, "{from} + {count}");
    }
}

#[test]
fn counts_calendar_days_and_moves_the_end_only_where_asked() {
    let calendar = WorkCalendar::builtin();
    assert_eq!(calendar.add_calendar_days(date("2026-09-25"), 7), settled("2026-10-02"));
    assert_eq!(calendar.add_calendar_days(date("2026-12-25"), 30), settled("2027-01-24"));
    assert_eq!(calendar.add_calendar_days(Date::MAX, u32::MAX).date, Date::MAX);
    for (end, moved) in [
        ("2026-10-02", settled("2026-10-08")),
        ("2026-10-10", settled("2026-10-10")),
        ("2026-10-11", settled("2026-10-12")),
        ("2026-11-23", settled("2026-11-23")),
        ("2026-12-27", provisional("2026-12-28")),
        ("2027-01-01", provisional("2027-01-04")),
    ] {
        assert_eq!(calendar.end_on_working_day(date(end)), moved, "{end}");
    }
}

#[test]
fn a_new_notice_settles_what_was_provisional() {
    // Made-up rows: the notice for 2027 is not known here.
    let builtin = WorkCalendar::builtin();
    let added = [
        row("2026-12-27", DayKind::Work),
        row("2026-12-31", DayKind::Off),
        row("2027-01-01", DayKind::Off),
        row("2027-10-01", DayKind::Off),
    ];
    let rows = builtin.rows().iter().cloned().chain(added);
    let calendar = WorkCalendar::new(rows).unwrap();
    assert_eq!(calendar.years().last(), Some(2027));
    assert_eq!(calendar.add_working_days(date("2026-12-25"), 1), settled("2026-12-27"));
    assert_eq!(builtin.add_working_days(date("2026-12-25"), 1), provisional("2026-12-28"));
}

#[test]
fn a_december_row_does_not_load_its_year() {
    let calendar = WorkCalendar::new([row("2030-12-31", DayKind::Off)]).unwrap();
    assert_eq!(calendar.years().count(), 0);
    assert!(!calendar.is_working_day(date("2030-12-31")));
    assert!(!calendar.is_settled(date("2030-12-31")));
}

#[test]
fn refuses_rows_that_contradict_each_other_or_the_week() {
    let errors = WorkCalendar::new([
        row("2026-10-08", DayKind::Work),
        row("2026-10-10", DayKind::Work),
        row("2026-10-10", DayKind::Off),
    ]);
    assert_eq!(
        errors.unwrap_err(),
        [
            CalendarError::Duplicate { date: date("2026-10-10") },
            CalendarError::WorkOnWeekday { date: date("2026-10-08") },
        ]
    );
}

#[test]
fn counts_the_working_days_between() {
    let calendar = WorkCalendar::builtin();
    let between = |after, until| calendar.working_days_between(date(after), date(until));
    assert_eq!(between("2026-09-30", "2026-10-10"), 3);
    assert_eq!(between("2026-09-30", "2026-09-30"), 0);
    assert_eq!(between("2026-10-10", "2026-09-30"), 0);
    assert_eq!(between("2025-12-31", "2026-12-31"), 248);
}

fn days() -> impl Strategy<Value = Date> {
    (Date::ymd(2003, 1, 1).days()..Date::ymd(2030, 1, 1).days()).prop_map(Date::from_days)
}

proptest! {
    #[test]
    fn a_deadline_is_a_working_day_and_counts_back(from in days(), count in 1u32..90) {
        let calendar = WorkCalendar::builtin();
        let deadline = calendar.add_working_days(from, count);
        prop_assert!(calendar.is_working_day(deadline.date));
        prop_assert_eq!(calendar.working_days_between(from, deadline.date), count);
        let settled = (from.days() + 1..=deadline.date.days())
            .all(|day| calendar.is_settled(Date::from_days(day)));
        prop_assert_eq!(deadline.provisional, !settled);
    }

    #[test]
    fn counting_in_two_steps_is_the_same(from in days(), first in 0u32..40, second in 0u32..40) {
        let calendar = WorkCalendar::builtin();
        let half = calendar.add_working_days(from, first).date;
        prop_assert_eq!(
            calendar.add_working_days(half, second).date,
            calendar.add_working_days(from, first + second).date
        );
    }

    #[test]
    fn a_later_start_never_ends_earlier(from in days(), later in 0i32..30, count in 0u32..60) {
        let calendar = WorkCalendar::builtin();
        let end = calendar.add_working_days(from, count).date;
        prop_assert!(end <= calendar.add_working_days(from.add_days(later), count).date);
    }
}
