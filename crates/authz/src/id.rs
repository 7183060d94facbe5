//! Identifiers, days and moments that rights hang on.
//!
//! Identifiers are opaque: 128 bits, so that a UUID fits. Knowing one gives no right.

pub use anmin_base::days::Days;

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn minutes_are_counted_from_the_earlier_moment() {
        let start = Moment(1_000);
        for (at, within) in [(999, false), (1_000, true), (1_300, true), (1_301, false), (i64::MIN, false)] {
            assert_eq!(Moment(at).is_within_minutes_of(start, 5), within, "{at}");
        }
        assert!(!Moment(i64::MAX).is_within_minutes_of(Moment(i64::MIN), 5));
    }
}
