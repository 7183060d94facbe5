//! Days from the first to the last, both included, and sets of days: what posts, memberships and facts hold for.
//!
//! A last day that is not known is written as none: for good, until somebody says otherwise.

mod set;

pub use set::DaySet;

use crate::date::Date;
use std::fmt;

/// Days from the first to the last, both included; without a last one, for good.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Days {
    /// The first day.
    pub from: Date,
    /// The last day.
    pub to: Option<Date>,
}

impl Days {
    /// From a day on.
    pub const fn since(from: Date) -> Self {
        Days { from, to: None }
    }

    /// From a day to another, both included.
    pub const fn between(from: Date, to: Date) -> Self {
        Days { from, to: Some(to) }
    }

    /// The last day, or the last that can be written.
    pub fn last(self) -> Date {
        self.to.unwrap_or(Date::MAX)
    }

    /// Whether the day is one of them.
    pub fn hold(self, on: Date) -> bool {
        self.from <= on && on <= self.last()
    }

    /// Whether all of `other` lies within.
    pub fn cover(self, other: Days) -> bool {
        self.from <= other.from && other.last() <= self.last()
    }

    /// The days in both, if any.
    pub fn common(self, other: Days) -> Option<Days> {
        let from = self.from.max(other.from);
        let to = match (self.to, other.to) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        };
        (from <= to.unwrap_or(Date::MAX)).then_some(Days { from, to })
    }

    /// Whether the last day comes before the first, so that there is none.
    pub fn is_empty(self) -> bool {
        self.last() < self.from
    }

    /// These days up to and including `last`, if any are left.
    pub fn until(self, last: Date) -> Option<Days> {
        self.common(Days::between(Date::MIN, last))
    }

    /// These days from `first` on, if any are left.
    pub fn starting(self, first: Date) -> Option<Days> {
        self.common(Days::since(first))
    }
}

/// `2026-03-01..2026-03-31`, open at the end for good.
impl fmt::Debug for Days {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.to {
            Some(to) => write!(f, "{}..{to}", self.from),
            None => write!(f, "{}..", self.from),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_include_both_ends() {
        let (first, last) = (Date::ymd(2026, 3, 1), Date::ymd(2026, 3, 31));
        let march = Days::between(first, last);
        for (on, holds) in
            [(first.add_days(-1), false), (first, true), (last, true), (last.add_days(1), false)]
        {
            assert_eq!(march.hold(on), holds, "{on:?}");
        }
        assert!(Days::since(first).hold(Date::MAX) && !Days::since(first).hold(first.add_days(-1)));
        assert!(Days::since(first).cover(march) && !march.cover(Days::since(first)));
        assert!(march.cover(march) && !march.cover(Days::between(first.add_days(-1), last)));
        assert!(!march.cover(Days::between(first, last.add_days(1))));
        assert_eq!(Days::since(last).common(march), Some(Days::between(last, last)));
        assert_eq!(Days::since(last).common(Days::since(first)), Some(Days::since(last)));
        assert_eq!(march.common(Days::since(last.add_days(1))), None);
        assert_eq!(march.common(Days::between(Date::MIN, first)), Some(Days::between(first, first)));
    }

    #[test]
    fn days_are_cut_at_a_day() {
        let (first, last) = (Date::ymd(2026, 3, 1), Date::ymd(2026, 3, 31));
        let march = Days::between(first, last);
        assert_eq!(march.until(first), Some(Days::between(first, first)));
        assert_eq!(march.until(first.add_days(-1)), None);
        assert_eq!(march.starting(last), Some(Days::between(last, last)));
        assert_eq!(march.starting(last.add_days(1)), None);
        assert_eq!(Days::since(first).until(last), Some(march));
        assert!(Days::between(last, first).is_empty() && !march.is_empty() && !Days::since(last).is_empty());
    }
}
