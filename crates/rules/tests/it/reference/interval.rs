//! Bounds, and what each operation does to them: section 5 of the specification, one function a line of it.
use super::ratio::{ONE, Ratio, Rounding, ZERO};

/// The least and the greatest a value can be; equal when it is known. Bools are 0 and 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Interval {
    pub lo: Ratio,
    pub hi: Ratio,
}

pub const FALSE: Interval = Interval { lo: ZERO, hi: ZERO };
pub const TRUE: Interval = Interval { lo: ONE, hi: ONE };
pub const EITHER: Interval = Interval { lo: ZERO, hi: ONE };

impl Interval {
    pub fn new(lo: Ratio, hi: Ratio) -> Self {
        assert!(lo <= hi, "bounds the wrong way round: {lo:?} {hi:?}");
        Interval { lo, hi }
    }

    pub fn known(value: Ratio) -> Self {
        Interval { lo: value, hi: value }
    }

    pub fn whole(value: i64) -> Self {
        Interval::known(Ratio::whole(value))
    }

    pub fn is_known(self) -> bool {
        self.lo == self.hi
    }

    pub fn contains(self, other: Interval) -> bool {
        self.lo <= other.lo && other.hi <= self.hi
    }

    pub fn hull(self, other: Interval) -> Self {
        Interval::new(self.lo.min(other.lo), self.hi.max(other.hi))
    }

    pub fn add(self, other: Interval) -> Self {
        Interval::new(self.lo + other.lo, self.hi + other.hi)
    }

    pub fn negate(self) -> Self {
        Interval::new(-self.hi, -self.lo)
    }

    pub fn subtract(self, other: Interval) -> Self {
        self.add(other.negate())
    }

    fn corners(self, other: Interval, op: impl Fn(Ratio, Ratio) -> Ratio) -> Self {
        let results =
            [op(self.lo, other.lo), op(self.lo, other.hi), op(self.hi, other.lo), op(self.hi, other.hi)];
        let least = results.into_iter().min().expect("four corners");
        let greatest = results.into_iter().max().expect("four corners");
        Interval::new(least, greatest)
    }

    pub fn multiply(self, other: Interval) -> Self {
        self.corners(other, |a, b| a * b)
    }

    /// The divisor must be positive throughout.
    pub fn divide(self, other: Interval) -> Self {
        assert!(other.lo > ZERO, "a divisor that may be zero or less: {other:?}");
        self.corners(other, |a, b| a / b)
    }

    pub fn round(self, how: Rounding, step: Ratio) -> Self {
        Interval::new(self.lo.round(how, step), self.hi.round(how, step))
    }

    pub fn max(self, other: Interval) -> Self {
        Interval::new(self.lo.max(other.lo), self.hi.max(other.hi))
    }

    pub fn min(self, other: Interval) -> Self {
        Interval::new(self.lo.min(other.lo), self.hi.min(other.hi))
    }

    fn truth(surely: bool, surely_not: bool) -> Self {
        match (surely, surely_not) {
            (true, _) => TRUE,
            (_, true) => FALSE,
            _ => EITHER,
        }
    }

    pub fn less(self, other: Interval) -> Self {
        Interval::truth(self.hi < other.lo, self.lo >= other.hi)
    }

    pub fn less_equal(self, other: Interval) -> Self {
        Interval::truth(self.hi <= other.lo, self.lo > other.hi)
    }

    pub fn equal(self, other: Interval) -> Self {
        let same = self.is_known() && other.is_known() && self.lo == other.lo;
        let disjoint = self.hi < other.lo || other.hi < self.lo;
        Interval::truth(same, disjoint)
    }

    pub fn not(self) -> Self {
        Interval::new(ONE - self.hi, ONE - self.lo)
    }

    pub fn and(self, other: Interval) -> Self {
        Interval::truth(self == TRUE && other == TRUE, self == FALSE || other == FALSE)
    }

    pub fn or(self, other: Interval) -> Self {
        Interval::truth(self == TRUE || other == TRUE, self == FALSE && other == FALSE)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(lo: i64, hi: i64) -> Interval {
        Interval::new(Ratio::whole(lo), Ratio::whole(hi))
    }

    #[test]
    fn logic_is_kleenes() {
        // a, b, a && b, a || b
        let table = [
            (TRUE, TRUE, TRUE, TRUE),
            (TRUE, FALSE, FALSE, TRUE),
            (TRUE, EITHER, EITHER, TRUE),
            (FALSE, FALSE, FALSE, FALSE),
            (FALSE, EITHER, FALSE, EITHER),
            (EITHER, EITHER, EITHER, EITHER),
        ];
        for (a, b, and, or) in table {
            assert_eq!((a.and(b), b.and(a)), (and, and), "{a:?} && {b:?}");
            assert_eq!((a.or(b), b.or(a)), (or, or), "{a:?} || {b:?}");
        }
        assert_eq!((TRUE.not(), FALSE.not(), EITHER.not()), (FALSE, TRUE, EITHER));
    }

    #[test]
    fn comparisons_know_only_what_the_bounds_say() {
        // a, b, a < b, a <= b, a == b
        let table = [
            (span(1, 2), span(3, 4), TRUE, TRUE, FALSE),
            (span(1, 3), span(3, 4), EITHER, TRUE, EITHER),
            (span(3, 4), span(1, 3), FALSE, EITHER, EITHER),
            (span(4, 5), span(1, 3), FALSE, FALSE, FALSE),
            (span(3, 3), span(3, 3), FALSE, TRUE, TRUE),
            (span(1, 5), span(2, 3), EITHER, EITHER, EITHER),
            (span(1, 2), span(1, 2), EITHER, EITHER, EITHER),
        ];
        for (a, b, less, less_equal, equal) in table {
            assert_eq!(a.less(b), less, "{a:?} < {b:?}");
            assert_eq!(a.less_equal(b), less_equal, "{a:?} <= {b:?}");
            assert_eq!((a.equal(b), b.equal(a)), (equal, equal), "{a:?} == {b:?}");
        }
    }

    #[test]
    fn arithmetic_takes_the_corners() {
        assert_eq!(span(-2, 3).multiply(span(-5, 4)), span(-15, 12));
        assert_eq!(span(-2, 3).subtract(span(-5, 4)), span(-6, 8));
        assert_eq!(span(1, 4).subtract(span(1, 4)), span(-3, 3));
        assert_eq!(span(-12, 6).divide(span(2, 3)), span(-6, 3));
        assert_eq!(span(1, 5).max(span(3, 4)), span(3, 5));
        assert_eq!(span(1, 5).min(span(3, 4)), span(1, 4));
    }
}
