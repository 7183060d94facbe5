//! Intervals of whole numbers, and what each operation does to them.
//!
//! The one set of transfer functions of the language: the overflow proof runs them over declared ranges in 128 bits, and the
//! evaluator runs the same functions over unknown facts. Each returns the smallest interval that holds every result for
//! independent choices within the operands (`docs/rules-language.md`, section 5).
use anmin_base::date::Date;
pub use anmin_base::rate::{Rounding, divide};

/// A closed interval; known values have equal ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Interval {
    /// Least value.
    pub lo: i128,
    /// Greatest value.
    pub hi: i128,
}

impl Interval {
    /// From least to greatest.
    pub const fn new(lo: i128, hi: i128) -> Self {
        Interval { lo, hi }
    }
    /// A known value.
    pub const fn known(value: i64) -> Self {
        Interval { lo: value as i128, hi: value as i128 }
    }
    /// Everything a flag can be.
    pub const FLAG: Interval = Interval { lo: 0, hi: 1 };

    /// The smallest interval that holds both.
    pub fn hull(self, other: Self) -> Self {
        Interval::new(self.lo.min(other.lo), self.hi.max(other.hi))
    }
    /// Whether both ends fit 64 bits.
    pub fn fits(self) -> bool {
        self.lo >= i128::from(i64::MIN) && self.hi <= i128::from(i64::MAX)
    }
}

/// [`divide`] in 64 bits, for the kernels; the proof has shown that the operands and results fit.
#[inline]
pub fn divide_small(numerator: i64, denominator: i64, rounding: Rounding) -> i64 {
    let down = numerator.div_euclid(denominator);
    let rest = numerator.rem_euclid(denominator);
    let up = match rounding {
        Rounding::Floor => false,
        Rounding::Ceil => rest > 0,
        // rest >= denominator - rest, so that doubling cannot overflow
        Rounding::HalfUp if numerator < 0 => rest > denominator - rest,
        Rounding::HalfUp => rest >= denominator - rest,
        Rounding::HalfEven => rest > denominator - rest || (rest == denominator - rest && down & 1 == 1),
    };
    down + i64::from(up)
}

/// The corners of a two-sided operation that is monotone in each argument.
fn corners(a: Interval, b: Interval, f: impl Fn(i128, i128) -> i128) -> Interval {
    let all = [f(a.lo, b.lo), f(a.lo, b.hi), f(a.hi, b.lo), f(a.hi, b.hi)];
    let lo = all.iter().copied().fold(i128::MAX, i128::min);
    let hi = all.iter().copied().fold(i128::MIN, i128::max);
    Interval::new(lo, hi)
}

/// `a + b`
pub fn add(a: Interval, b: Interval) -> Interval {
    Interval::new(a.lo + b.lo, a.hi + b.hi)
}
/// `a - b`
pub fn subtract(a: Interval, b: Interval) -> Interval {
    Interval::new(a.lo - b.hi, a.hi - b.lo)
}
/// `-a`
pub fn negate(a: Interval) -> Interval {
    Interval::new(-a.hi, -a.lo)
}
/// `a * b`; the operands fit 64 bits.
pub fn multiply(a: Interval, b: Interval) -> Interval {
    corners(a, b, |x, y| x * y)
}
/// `a / b` made whole; every `b` is positive.
pub fn quotient(a: Interval, b: Interval, rounding: Rounding) -> Interval {
    corners(a, b, |x, y| divide(x, y, rounding))
}
/// The greater.
pub fn greater(a: Interval, b: Interval) -> Interval {
    Interval::new(a.lo.max(b.lo), a.hi.max(b.hi))
}
/// The lesser.
pub fn lesser(a: Interval, b: Interval) -> Interval {
    Interval::new(a.lo.min(b.lo), a.hi.min(b.hi))
}

fn flag(lo: bool, hi: bool) -> Interval {
    Interval::new(i128::from(lo), i128::from(hi))
}
/// `a < b`
pub fn less(a: Interval, b: Interval) -> Interval {
    flag(a.hi < b.lo, a.lo < b.hi)
}
/// `a <= b`
pub fn less_equal(a: Interval, b: Interval) -> Interval {
    flag(a.hi <= b.lo, a.lo <= b.hi)
}
/// `a == b`
pub fn equal(a: Interval, b: Interval) -> Interval {
    flag(a.lo == a.hi && b.lo == b.hi && a.lo == b.lo, a.lo <= b.hi && b.lo <= a.hi)
}
/// `!a`
pub fn not(a: Interval) -> Interval {
    Interval::new(1 - a.hi, 1 - a.lo)
}
/// `c ? a : b`
pub fn choose(c: Interval, a: Interval, b: Interval) -> Interval {
    if c.lo == 1 {
        a
    } else if c.hi == 0 {
        b
    } else {
        a.hull(b)
    }
}

/// The sum over `n` elements, `n` anywhere from `min` to `max`.
pub fn sum_over(each: Interval, min: u32, max: u32) -> Interval {
    let (min, max) = (i128::from(min), i128::from(max));
    Interval::new((each.lo * min).min(each.lo * max), (each.hi * min).max(each.hi * max))
}

/// A function of a date that never rises with it, such as an age.
pub fn falling(d: Interval, f: impl Fn(Date) -> i64) -> Interval {
    Interval::new(i128::from(f(day(d.hi))), i128::from(f(day(d.lo))))
}
/// A span from `a` to `b`: falls with `a`, rises with `b`.
pub fn span(a: Interval, b: Interval, f: impl Fn(Date, Date) -> i64) -> Interval {
    Interval::new(i128::from(f(day(a.hi), day(b.lo))), i128::from(f(day(a.lo), day(b.hi))))
}

/// The date of a stored value; declared ranges keep it within 32 bits.
fn day(days: i128) -> Date {
    Date::from_days(days.clamp(i128::from(i32::MIN / 2), i128::from(i32::MAX / 2)) as i32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounds_as_named() {
        // numerator, denominator, floor, ceil, half up, half even
        let table = [
            (7, 2, 3, 4, 4, 4),
            (5, 2, 2, 3, 3, 2),
            (-5, 2, -3, -2, -3, -2),
            (-7, 2, -4, -3, -4, -4),
            (-1, 3, -1, 0, 0, 0),
            (6, 3, 2, 2, 2, 2),
            (1, 3, 0, 1, 0, 0),
            (2, 3, 0, 1, 1, 1),
        ];
        for (n, d, floor, ceil, up, even) in table {
            let each = [Rounding::Floor, Rounding::Ceil, Rounding::HalfUp, Rounding::HalfEven];
            for (rounding, want) in each.into_iter().zip([floor, ceil, up, even]) {
                assert_eq!(divide(n, d, rounding), want, "{n}/{d} {rounding:?}");
                assert_eq!(i128::from(divide_small(n as i64, d as i64, rounding)), want);
            }
        }
    }

    #[test]
    fn unknown_comparison_is_unknown_only_where_it_matters() {
        let income = Interval::new(0, 100);
        assert_eq!(less(income, Interval::known(101)), Interval::known(1));
        assert_eq!(less(income, Interval::known(100)), Interval::FLAG);
        assert_eq!(less(Interval::new(100, 200), Interval::known(100)), Interval::known(0));
        assert_eq!(equal(Interval::new(1, 3), Interval::known(4)), Interval::known(0));
    }
}
