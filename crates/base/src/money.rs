//! Money in whole fen. There is no float and no fraction of a fen anywhere.

mod parse;
mod uppercase;

pub use parse::MoneyError;

use crate::rate::{Exact, Rounding};
use std::fmt;

/// An amount in fen, negative for what is owed back. Sums are checked: no silent overflow.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Money(i64);

impl Money {
    /// No money.
    pub const ZERO: Money = Money(0);

    /// An amount of whole fen.
    pub const fn from_fen(fen: i64) -> Self {
        Money(fen)
    }

    /// The amount in fen.
    pub const fn fen(self) -> i64 {
        self.0
    }

    /// Below zero.
    pub const fn is_negative(self) -> bool {
        self.0 < 0
    }

    /// The sum, unless it overflows.
    pub const fn checked_add(self, other: Money) -> Option<Money> {
        match self.0.checked_add(other.0) {
            Some(fen) => Some(Money(fen)),
            None => None,
        }
    }

    /// The difference, unless it overflows.
    pub const fn checked_sub(self, other: Money) -> Option<Money> {
        match self.0.checked_sub(other.0) {
            Some(fen) => Some(Money(fen)),
            None => None,
        }
    }

    /// A whole multiple, unless it overflows.
    pub const fn checked_mul(self, times: i64) -> Option<Money> {
        match self.0.checked_mul(times) {
            Some(fen) => Some(Money(fen)),
            None => None,
        }
    }

    /// The amount times a rate, rounded once to a whole fen, unless it overflows.
    pub fn times(self, rate: Exact, rounding: Rounding) -> Option<Money> {
        rate.apply(self.0, rounding).map(Money)
    }

    /// Yuan with two places and commas every three digits, for people: `1,450.00`.
    pub fn grouped(self) -> String {
        let plain = self.to_string();
        let point = plain.len() - 3;
        let first_digit = usize::from(self.is_negative());
        let mut grouped = String::with_capacity(plain.len() + plain.len() / 3);
        for (at, character) in plain.char_indices() {
            if at > first_digit && at < point && (point - at).is_multiple_of(3) {
                grouped.push(',');
            }
            grouped.push(character);
        }
        grouped
    }

    /// The amount in capital numerals as written on vouchers: `壹仟肆佰伍拾元整`. Without the word
    /// 人民币, which the form prints.
    pub fn uppercase(self) -> String {
        uppercase::write(self.0)
    }
}

/// Plain decimal yuan with two places, as files carry it: `-1450.00`.
impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.is_negative() { "-" } else { "" };
        let fen = self.0.unsigned_abs();
        write!(f, "{sign}{}.{:02}", fen / 100, fen % 100)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn is_written_plain_and_grouped() {
        for (fen, plain, grouped) in [
            (0, "0.00", "0.00"),
            (5, "0.05", "0.05"),
            (-5, "-0.05", "-0.05"),
            (99_999, "999.99", "999.99"),
            (-99_999, "-999.99", "-999.99"),
            (145_000, "1450.00", "1,450.00"),
            (-145_000, "-1450.00", "-1,450.00"),
            (12_345_678_900, "123456789.00", "123,456,789.00"),
            (i64::MAX, "92233720368547758.07", "92,233,720,368,547,758.07"),
            (i64::MIN, "-92233720368547758.08", "-92,233,720,368,547,758.08"),
        ] {
            let money = Money::from_fen(fen);
            assert_eq!(money.to_string(), plain);
            assert_eq!(money.grouped(), grouped);
        }
    }

    #[test]
    fn refuses_to_overflow() {
        let most = Money::from_fen(i64::MAX);
        let least = Money::from_fen(i64::MIN);
        let one = Money::from_fen(1);
        assert_eq!(most.checked_add(one), None);
        assert_eq!(least.checked_sub(one), None);
        assert_eq!(most.checked_mul(2), None);
        assert_eq!(least.checked_mul(-1), None);
        assert_eq!(one.checked_add(one), Some(Money::from_fen(2)));
        assert_eq!(one.checked_sub(most), Some(Money::from_fen(1 - i64::MAX)));
        assert_eq!(one.checked_mul(-7), Some(Money::from_fen(-7)));
    }

    #[test]
    fn a_rate_is_rounded_once() {
        let money = Money::from_fen(1001);
        let half: Exact = "50%".parse().unwrap();
        assert_eq!(money.times(half, Rounding::Floor), Some(Money::from_fen(500)));
        assert_eq!(money.times(half, Rounding::Ceil), Some(Money::from_fen(501)));
        assert_eq!(Money::from_fen(i64::MAX).times(Exact::whole(2), Rounding::Floor), None);
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(fen in any::<i64>()) {
            let money = Money::from_fen(fen);
            prop_assert_eq!(money.to_string().parse(), Ok(money));
        }

        #[test]
        fn grouping_only_adds_commas(fen in any::<i64>()) {
            let money = Money::from_fen(fen);
            prop_assert_eq!(money.grouped().replace(',', ""), money.to_string());
            let whole = money.grouped();
            let whole = whole.trim_start_matches('-').split('.').next().unwrap();
            let (first, rest) = whole.split_once(',').unwrap_or((whole, "000"));
            prop_assert!((1..=3).contains(&first.len()));
            prop_assert!(rest.split(',').all(|group| group.len() == 3));
        }
    }
}
