//! Identifiers and moments. An identifier is opaque: 128 bits, made elsewhere; knowing one gives no right.

use anmin_base::date::Date;
pub use anmin_base::days::Days;
use std::fmt;

macro_rules! identifiers {
    ($($(#[$doc:meta])+ $name:ident;)+) => {$(
        $(#[$doc])+
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub u128);
    )+};
}

identifiers! {
    /// A natural person.
    PersonId;
    /// A household of any of the three kinds.
    HouseholdId;
    /// A case.
    CaseId;
    /// An area of the tree that jurisdiction refers to.
    AreaId;
    /// One recording of a fact. Made in the order of recording, so that it settles which of two came last.
    FactId;
    /// A signed authorisation of checks.
    AuthorisationId;
    /// What shows that something is so, as it is filed in a case.
    EvidenceId;
}

/// Milliseconds since 1970-01-01T00:00:00Z, as the store keeps them. Passed in by the edge.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Moment(pub i64);

impl Moment {
    /// After every other: what is known by now, whatever has been recorded.
    pub const LAST: Moment = Moment(i64::MAX);

    /// The day in China.
    pub fn day(self) -> Date {
        let days = self.0.saturating_add(8 * 3_600_000).div_euclid(86_400_000);
        let (first, last) = (i64::from(Date::MIN.days()), i64::from(Date::MAX.days()));
        Date::from_days(days.clamp(first, last) as i32)
    }
}

impl fmt::Debug for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}@{}", self.day(), self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_begins_at_midnight_in_china() {
        let midnight = Moment((20_000 * 24 - 8) * 3_600_000);
        assert_eq!(midnight.day(), Date::from_days(20_000));
        assert_eq!(Moment(midnight.0 - 1).day(), Date::from_days(19_999));
        assert_eq!((Moment::LAST.day(), Moment(i64::MIN).day()), (Date::MAX, Date::MIN));
    }
}
