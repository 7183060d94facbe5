//! The working-day calendar: weekends, the days off and the make-up working days that the State
//! Council announces for each year, and deadlines counted in them.
//!
//! The day on which something happens is not counted (Civil Code art. 201). A period in calendar
//! days may end on a rest day; moving its end (art. 203) is a separate step, taken where the law
//! says so. Months are counted with [`Date::add_months`] (art. 202).
//!
//! Years without a notice are computed from weekends and the statutory holidays, and everything
//! that rests on them is marked provisional (暂定): see `statutory.rs`.

mod builtin;
mod error;
mod rows;
mod statutory;

pub use error::CalendarError;
pub use rows::{CalendarRow, DayKind};

use crate::date::Date;
use std::collections::BTreeSet;
use std::sync::LazyLock;

/// Which days are worked.
#[derive(Clone, Debug)]
pub struct WorkCalendar {
    /// The announced days, by date.
    rows: Vec<CalendarRow>,
    years: BTreeSet<i32>,
}

/// The last day of a period.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Deadline {
    /// The last day; what is done on it is in time.
    pub date: Date,
    /// Counted through days for which no notice has been announced: the date may still move, and
    /// nothing adverse may rest on it.
    pub provisional: bool,
}

impl WorkCalendar {
    /// The calendar that ships with Anmin, 2004 to 2026.
    pub fn builtin() -> &'static WorkCalendar {
        static BUILTIN: LazyLock<WorkCalendar> =
            LazyLock::new(|| WorkCalendar::parse(builtin::WORKING_DAYS).expect("tested with this crate"));
        &BUILTIN
    }

    /// The calendar of a text in the form of `data/calendar/working-days.csv`; all that is wrong
    /// is reported.
    pub fn parse(text: &str) -> Result<Self, Vec<CalendarError>> {
        WorkCalendar::new(rows::parse(text)?)
    }

    /// The calendar of these announced days, in any order. A year counts as loaded when its
    /// 1 October is off: every notice names that day, while a row in late December may belong to
    /// the next year's notice.
    pub fn new(rows: impl IntoIterator<Item = CalendarRow>) -> Result<Self, Vec<CalendarError>> {
        let mut rows: Vec<CalendarRow> = rows.into_iter().collect();
        rows.sort_by_key(|row| row.date);
        let mut errors: Vec<CalendarError> = rows
            .windows(2)
            .filter(|pair| pair[0].date == pair[1].date)
            .map(|pair| CalendarError::Duplicate { date: pair[0].date })
            .collect();
        errors.extend(
            rows.iter()
                .filter(|row| row.kind == DayKind::Work && !row.date.weekday().is_weekend())
                .map(|row| CalendarError::WorkOnWeekday { date: row.date }),
        );
        if !errors.is_empty() {
            return Err(errors);
        }
        let names_the_year = |row: &&CalendarRow| {
            let (_, month, day) = row.date.to_ymd();
            row.kind == DayKind::Off && (month, day) == (10, 1)
        };
        let years = rows.iter().filter(names_the_year).map(|row| row.date.year()).collect();
        Ok(WorkCalendar { rows, years })
    }

    /// The announced days, in order: to add a year, take these and the new rows together.
    pub fn rows(&self) -> &[CalendarRow] {
        &self.rows
    }

    /// The years whose notice is loaded.
    pub fn years(&self) -> impl Iterator<Item = i32> {
        self.years.iter().copied()
    }

    /// What was announced for this day, if anything.
    pub fn announced(&self, date: Date) -> Option<&CalendarRow> {
        let at = self.rows.binary_search_by_key(&date, |row| row.date).ok()?;
        Some(&self.rows[at])
    }

    /// Whether this day is worked, by the notice or, without one, by the statutory holidays.
    pub fn is_working_day(&self, date: Date) -> bool {
        match self.announced(date) {
            Some(row) => row.kind == DayKind::Work,
            None if date.weekday().is_weekend() => false,
            None => self.years.contains(&date.year()) || !statutory::is_holiday(date),
        }
    }

    /// Whether no later notice can change this day. The last week of December waits for the next
    /// year's notice, which arranges New Year's Day and may reach back (it did for 2008 and 2019).
    pub fn is_settled(&self, date: Date) -> bool {
        let (year, month, day) = date.to_ymd();
        let reached_by_next = month == 12 && day >= 25;
        self.years.contains(&year) && (!reached_by_next || self.years.contains(&(year + 1)))
    }

    /// The `count`-th working day after `from`; `from` itself for 0.
    pub fn add_working_days(&self, from: Date, count: u32) -> Deadline {
        let mut deadline = Deadline { date: from, provisional: false };
        let mut left = count;
        while left > 0 && deadline.date < Date::MAX {
            deadline.date = deadline.date.add_days(1);
            deadline.provisional |= !self.is_settled(deadline.date);
            left -= u32::from(self.is_working_day(deadline.date));
        }
        deadline
    }

    /// The `count`-th calendar day after `from`, rest days included. Never provisional: no notice
    /// touches it.
    pub fn add_calendar_days(&self, from: Date, count: u32) -> Deadline {
        let count = i32::try_from(count).unwrap_or(i32::MAX);
        Deadline { date: from.add_days(count), provisional: false }
    }

    /// The end of a period moved off a rest day: the day itself if it is worked, otherwise the next
    /// working day.
    pub fn end_on_working_day(&self, end: Date) -> Deadline {
        let mut deadline = Deadline { date: end, provisional: !self.is_settled(end) };
        while !self.is_working_day(deadline.date) && deadline.date < Date::MAX {
            deadline.date = deadline.date.add_days(1);
            deadline.provisional |= !self.is_settled(deadline.date);
        }
        deadline
    }

    /// The working days after `after`, up to and with `until`; 0 if `until` comes first.
    pub fn working_days_between(&self, after: Date, until: Date) -> u32 {
        let days = (after.days()..until.days()).map(|day| Date::from_days(day + 1));
        days.filter(|day| self.is_working_day(*day)).count() as u32
    }
}

#[cfg(test)]
mod tests;
