//! The calendar of a month: when the township closes, when the county, and when people are paid.

use anmin_base::calendar::WorkCalendar;
use anmin_base::date::{Date, Month};

/// The closings and the pay day of a programme.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CycleRule {
    /// 乡镇截止: after it, what a township changes counts for the next month.
    pub township: DayRule,
    /// 县级截止: after it, everything does.
    pub county: DayRule,
    /// 发放日: the last day on which the money is to be there.
    pub pay: DayRule,
}

/// A day of the month that is paid for, or of one near it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DayRule {
    /// The day of the month; its last where it has fewer.
    pub day: u8,
    /// How many months before (-1) or after the month paid for.
    pub months: i8,
    /// Where it goes when nobody works that day.
    pub shift: Shift,
}

/// Where a day goes when nobody works on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shift {
    /// To the working day before: money is there in time.
    Before,
    /// To the working day after.
    After,
    /// Nowhere.
    Stays,
}

impl Shift {
    /// All, with their names in packs.
    pub const ALL: [(&'static str, Shift); 3] =
        [("before", Shift::Before), ("after", Shift::After), ("stays", Shift::Stays)];
}

/// The days of one month's cycle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CycleDays {
    /// The month paid for.
    pub period: Month,
    /// The township's closing.
    pub township: Date,
    /// The county's.
    pub county: Date,
    /// The pay day.
    pub pay: Date,
    /// Some of them may still move: the year's holidays are not announced.
    pub provisional: bool,
}

impl DayRule {
    /// The day for a month, and whether it may still move.
    pub fn on(self, period: Month, calendar: &WorkCalendar) -> (Date, bool) {
        let mut day = period.add(i32::from(self.months)).day(self.day);
        let step = match self.shift {
            Shift::Before => -1,
            Shift::After => 1,
            Shift::Stays => return (day, false),
        };
        let mut provisional = !calendar.is_settled(day);
        while !calendar.is_working_day(day) && day > Date::MIN && day < Date::MAX {
            day = day.add_days(step);
            provisional |= !calendar.is_settled(day);
        }
        (day, provisional)
    }
}

impl CycleRule {
    /// The days for a month.
    pub fn on(&self, period: Month, calendar: &WorkCalendar) -> CycleDays {
        let (township, first) = self.township.on(period, calendar);
        let (county, second) = self.county.on(period, calendar);
        let (pay, third) = self.pay.on(period, calendar);
        CycleDays { period, township, county, pay, provisional: first || second || third }
    }

    /// Whether the township closes first and people are paid last, in every month.
    pub fn is_in_order(&self) -> bool {
        let rank = |rule: DayRule| (rule.months, rule.day);
        rank(self.township) <= rank(self.county) && rank(self.county) < rank(self.pay)
    }

    /// The month whose county closing is the first that has not passed on a day.
    pub fn open_on(&self, day: Date, calendar: &WorkCalendar) -> Month {
        let mut period = Month::of(day).add(-i32::from(self.county.months).max(0) - 1);
        while self.on(period, calendar).county < day {
            period = period.next();
        }
        period
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULE: CycleRule = CycleRule {
        township: DayRule { day: 25, months: -1, shift: Shift::Before },
        county: DayRule { day: 1, months: 0, shift: Shift::Before },
        pay: DayRule { day: 10, months: 0, shift: Shift::Before },
    };

    #[test]
    fn a_day_nobody_works_moves() {
        let calendar = WorkCalendar::builtin();
        // 2026-10-10 is a Saturday that is worked; the first week is the National Day holiday.
        for (period, pay) in [
            (Month::ym(2026, 1), Date::ymd(2026, 1, 9)),
            (Month::ym(2026, 5), Date::ymd(2026, 5, 9)),
            (Month::ym(2026, 9), Date::ymd(2026, 9, 10)),
            (Month::ym(2026, 10), Date::ymd(2026, 10, 10)),
        ] {
            let days = RULE.on(period, calendar);
            assert_eq!(days.pay, pay, "{period}");
            assert!(days.township <= days.county && days.county <= days.pay && !days.provisional);
        }
        let after = DayRule { shift: Shift::After, ..RULE.county };
        assert_eq!(after.on(Month::ym(2026, 10), calendar).0, Date::ymd(2026, 10, 8));
        let stays = DayRule { shift: Shift::Stays, ..RULE.county };
        assert_eq!(stays.on(Month::ym(2026, 10), calendar).0, Date::ymd(2026, 10, 1));
    }

    #[test]
    fn a_year_without_its_notice_is_provisional_and_blocks_nothing() {
        let days = RULE.on(Month::ym(2027, 10), WorkCalendar::builtin());
        assert!(days.provisional);
        assert_eq!(days.period, Month::ym(2027, 10));
    }

    #[test]
    fn after_the_closing_the_next_month_is_open() {
        let calendar = WorkCalendar::builtin();
        let county = RULE.on(Month::ym(2026, 9), calendar).county;
        assert_eq!(RULE.open_on(county, calendar), Month::ym(2026, 9));
        assert_eq!(RULE.open_on(county.add_days(1), calendar), Month::ym(2026, 10));
    }

    #[test]
    fn who_pays_before_closing_is_out_of_order() {
        assert!(RULE.is_in_order());
        assert!(!CycleRule { pay: RULE.township, ..RULE }.is_in_order());
        assert!(!CycleRule { township: RULE.pay, ..RULE }.is_in_order());
    }
}
