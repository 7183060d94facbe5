//! Identifiers, days and moments that rights hang on.
//!
//! Identifiers are opaque: 128 bits, so that a UUID fits. Knowing one gives no right.

use anmin_base::date::Date;

macro_rules! identifiers {
    ($($(#[$doc:meta])+ $name:ident;)+) => {$(
        $(#[$doc])+
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub u128);
    )+};
}

identifiers! {
    /// A natural person, or the registered identity of a partner's machine. Duties are counted by person.
    PersonId;
    /// What a person signs in with. Kept for the record; no right and no duty hangs on it.
    LoginId;
    /// An area of the tree.
    AreaId;
    /// A unit.
    UnitId;
    /// A post.
    PostId;
    /// A case, a batch, a proposed post: whatever several people each do a part of.
    MatterId;
    /// An agreement on exchange with another department.
    ContractId;
    /// A ticket or a signed authorisation.
    PaperId;
}

/// A moment, in seconds since 1970-01-01T00:00:00Z. Passed in by the edge.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Moment(pub i64);

impl Moment {
    /// Whether `earlier` lies at most so many minutes before this moment, and not after it.
    pub fn is_within_minutes_of(self, earlier: Moment, minutes: u16) -> bool {
        match self.0.checked_sub(earlier.0) {
            Some(seconds) => (0..=i64::from(minutes) * 60).contains(&seconds),
            None => false,
        }
    }
}

/// Days from the first to the last, both included; without a last one, for good.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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
    fn minutes_are_counted_from_the_earlier_moment() {
        let start = Moment(1_000);
        for (at, within) in [(999, false), (1_000, true), (1_300, true), (1_301, false), (i64::MIN, false)] {
            assert_eq!(Moment(at).is_within_minutes_of(start, 5), within, "{at}");
        }
        assert!(!Moment(i64::MAX).is_within_minutes_of(Moment(i64::MIN), 5));
    }
}
