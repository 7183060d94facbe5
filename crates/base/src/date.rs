//! Civil dates: a day in the calendar of China, without time of day or zone.

/// A civil date. Ordered, copyable, stored as days since 1970-01-01.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(i32);

impl Date {
    /// The date `days` days after 1970-01-01.
    pub const fn from_days(days: i32) -> Self {
        Date(days)
    }
    /// Days since 1970-01-01.
    pub const fn days(self) -> i32 {
        self.0
    }
}
