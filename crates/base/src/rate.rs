//! Exact rates ("35%", "0.35", "1/3") and exact rounding of quotients.

mod parse;
mod rounding;

pub use parse::RateError;
pub use rounding::{Rounding, divide};

use std::cmp::Ordering;
use std::fmt;

/// A rational number in lowest terms, as rates and shares are written in the law.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Exact {
    numerator: i64,
    denominator: i64,
}

impl Exact {
    /// 0.
    pub const ZERO: Exact = Exact::whole(0);
    /// 1, or 100%.
    pub const ONE: Exact = Exact::whole(1);

    /// A whole number.
    pub const fn whole(number: i64) -> Self {
        Exact { numerator: number, denominator: 1 }
    }

    /// The quotient in lowest terms; refused if the denominator is zero or a term too large.
    pub fn new(numerator: i64, denominator: i64) -> Result<Self, RateError> {
        Exact::reduce(numerator.into(), denominator.into())
    }

    fn reduce(numerator: i128, denominator: i128) -> Result<Self, RateError> {
        if denominator == 0 {
            return Err(RateError::ZeroDenominator);
        }
        let divisor = greatest_common_divisor(numerator.unsigned_abs(), denominator.unsigned_abs());
        let divisor = i128::try_from(divisor).map_err(|_| RateError::TooLarge)?;
        let sign = denominator.signum();
        let term = |number: i128| i64::try_from(number / divisor * sign);
        match (term(numerator), term(denominator)) {
            (Ok(numerator), Ok(denominator)) => Ok(Exact { numerator, denominator }),
            _ => Err(RateError::TooLarge),
        }
    }

    /// The numerator, with the sign.
    pub const fn numerator(self) -> i64 {
        self.numerator
    }

    /// The denominator, above zero.
    pub const fn denominator(self) -> i64 {
        self.denominator
    }

    /// The value times this rate, rounded once, unless it overflows.
    pub fn apply(self, value: i64, rounding: Rounding) -> Option<i64> {
        let product = i128::from(value) * i128::from(self.numerator);
        i64::try_from(divide(product, self.denominator.into(), rounding)).ok()
    }
}

fn greatest_common_divisor(mut a: u128, mut b: u128) -> u128 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

impl Ord for Exact {
    fn cmp(&self, other: &Self) -> Ordering {
        let left = i128::from(self.numerator) * i128::from(other.denominator);
        let right = i128::from(other.numerator) * i128::from(self.denominator);
        left.cmp(&right)
    }
}

impl PartialOrd for Exact {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// `7/20`, or `2` for a whole number; the parser reads it back.
impl fmt::Display for Exact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.denominator {
            1 => write!(f, "{}", self.numerator),
            denominator => write!(f, "{}/{denominator}", self.numerator),
        }
    }
}

impl fmt::Debug for Exact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn exact(text: &str) -> Exact {
        text.parse().unwrap()
    }

    #[test]
    fn is_reduced_with_the_sign_above() {
        let reduced = Exact::new(6, -4).unwrap();
        assert_eq!((reduced.numerator(), reduced.denominator()), (-3, 2));
        assert_eq!(Exact::new(0, -7), Ok(Exact::ZERO));
        assert_eq!(Exact::new(i64::MIN, i64::MIN), Ok(Exact::ONE));
        assert_eq!(Exact::new(1, 0), Err(RateError::ZeroDenominator));
        assert_eq!(Exact::new(1, i64::MIN), Err(RateError::TooLarge));
        assert_eq!(Exact::new(i64::MIN, -1), Err(RateError::TooLarge));
    }

    #[test]
    fn is_ordered_by_value() {
        assert!(exact("1/3") > exact("33%") && exact("1/3") < exact("0.34"));
        assert!(exact("-50%") < Exact::ZERO && Exact::ONE == exact("100%"));
    }

    #[test]
    fn applies_with_one_rounding() {
        assert_eq!(exact("1/3").apply(100, Rounding::HalfUp), Some(33));
        assert_eq!(exact("2/3").apply(100, Rounding::HalfUp), Some(67));
        assert_eq!(exact("2").apply(i64::MAX, Rounding::Floor), None);
        assert_eq!(exact("1/2").apply(i64::MAX, Rounding::Ceil), Some(i64::MAX / 2 + 1));
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(numerator in any::<i64>(), denominator in 1i64..) {
            let rate = Exact::new(numerator, denominator).unwrap();
            prop_assert_eq!(rate.to_string().parse(), Ok(rate));
        }

        #[test]
        fn keeps_the_value_and_shares_no_factor(numerator in any::<i64>(), denominator in 1i64..) {
            let rate = Exact::new(numerator, denominator).unwrap();
            prop_assert_eq!(
                i128::from(rate.numerator()) * i128::from(denominator),
                i128::from(numerator) * i128::from(rate.denominator())
            );
            let shared = greatest_common_divisor(
                rate.numerator().unsigned_abs().into(),
                rate.denominator().unsigned_abs().into(),
            );
            prop_assert_eq!(shared, 1);
        }
    }
}
