//! Reading a rate as written in a rule: a percentage, a decimal, a fraction or a whole number.

use super::Exact;
use crate::spoken::{no_digit, spoken_error};
use std::str::FromStr;

/// Why a text is not a rate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RateError {
    /// Nothing there.
    Empty,
    /// A character that can not stand there.
    Character {
        /// Counted in characters from 1.
        position: usize,
        /// The character there.
        found: char,
    },
    /// Digits are missing before or after a point, a stroke or a sign.
    Incomplete,
    /// A fraction over zero.
    ZeroDenominator,
    /// A term does not fit into 64 bits, even in lowest terms.
    TooLarge,
}

impl FromStr for Exact {
    type Err = RateError;

    fn from_str(text: &str) -> Result<Self, RateError> {
        if text.is_empty() {
            return Err(RateError::Empty);
        }
        let unsigned = text.strip_prefix('-').unwrap_or(text);
        let before = text.len() - unsigned.len();
        let (numerator, denominator) = read_unsigned(unsigned, before)?;
        let sign = if before > 0 { -1 } else { 1 };
        Exact::reduce(sign * numerator, denominator)
    }
}

fn read_unsigned(text: &str, before: usize) -> Result<(i128, i128), RateError> {
    if let Some((upper, lower)) = text.split_once('/') {
        let upper_value = digits(upper, before, 0)?;
        let lower_value = digits(lower, before + upper.len() + 1, 0)?;
        if upper.is_empty() || lower.is_empty() {
            return Err(RateError::Incomplete);
        }
        return Ok((upper_value, lower_value));
    }
    let (number, mut denominator) = match text.strip_suffix('%') {
        Some(number) => (number, 100),
        None => (text, 1),
    };
    let (whole, decimals) = match number.split_once('.') {
        Some((whole, decimals)) => (whole, Some(decimals)),
        None => (number, None),
    };
    let mut numerator = digits(whole, before, 0)?;
    if let Some(decimals) = decimals {
        // Zeros at the end add nothing; dropping them keeps long but simple rates in range.
        let kept = decimals.trim_end_matches('0');
        numerator = digits(kept, before + whole.len() + 1, numerator)?;
        for _ in 0..kept.len() {
            denominator = i128::checked_mul(denominator, 10).ok_or(RateError::TooLarge)?;
        }
    }
    if whole.is_empty() || decimals.is_some_and(str::is_empty) {
        return Err(RateError::Incomplete);
    }
    Ok((numerator, denominator))
}

/// Appends the digits of `text` to the number `start`.
fn digits(text: &str, before: usize, start: i128) -> Result<i128, RateError> {
    // The characters first, so that a long wrong text is not called too large.
    if let Some((position, found)) = no_digit(text, before) {
        return Err(RateError::Character { position, found });
    }
    text.bytes().try_fold(start, |number, digit| {
        number
            .checked_mul(10)
            .and_then(|number| number.checked_add(i128::from(digit - b'0')))
            .ok_or(RateError::TooLarge)
    })
}

impl RateError {
    /// What is wrong and what is allowed, in Chinese.
    pub fn zh(&self) -> String {
        let allowed = "可以写成 35%、0.35、1/3 或 2";
        match self {
            RateError::Empty => format!("没有填写比例，{allowed}。"),
            RateError::Character { position, found } => {
                format!("第 {position} 个字符“{found}”不能用在这里，比例{allowed}。")
            }
            RateError::Incomplete => format!("比例不完整，{allowed}。"),
            RateError::ZeroDenominator => "分母不能为 0。".into(),
            RateError::TooLarge => "比例的位数太多，超出可以精确计算的范围。".into(),
        }
    }

    /// What is wrong and what is allowed, in English.
    pub fn en(&self) -> String {
        let allowed = "write it as 35%, 0.35, 1/3 or 2";
        match self {
            RateError::Empty => format!("No rate was given; {allowed}."),
            RateError::Character { position, found } => {
                format!("Character {position} (“{found}”) can not stand in a rate; {allowed}.")
            }
            RateError::Incomplete => format!("The rate is incomplete; {allowed}."),
            RateError::ZeroDenominator => "The denominator can not be 0.".into(),
            RateError::TooLarge => "The rate has more digits than can be held exactly.".into(),
        }
    }
}

spoken_error!(RateError);

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn reads_the_four_forms() {
        for (text, numerator, denominator) in [
            ("35%", 7, 20),
            ("0.35", 7, 20),
            ("12.5%", 1, 8),
            ("150%", 3, 2),
            ("1/3", 1, 3),
            ("6/4", 3, 2),
            ("2", 2, 1),
            ("0", 0, 1),
            ("-0", 0, 1),
            ("-5%", -1, 20),
            ("-1/3", -1, 3),
            ("0.35000000000000000000000000000000000000000000", 7, 20),
            ("9223372036854775807", i64::MAX, 1),
            ("1/9223372036854775807", 1, i64::MAX),
            ("-9223372036854775808", i64::MIN, 1),
        ] {
            assert_eq!(text.parse(), Exact::new(numerator, denominator), "{text}");
        }
    }

    #[test]
    fn refuses_and_says_why() {
        let character = |position, found| RateError::Character { position, found };
        for (text, error) in [
            ("", RateError::Empty),
            ("%", RateError::Incomplete),
            ("-", RateError::Incomplete),
            (".5", RateError::Incomplete),
            ("5.", RateError::Incomplete),
            ("5.%", RateError::Incomplete),
            ("1/", RateError::Incomplete),
            ("/3", RateError::Incomplete),
            ("1/0", RateError::ZeroDenominator),
            ("1/-3", character(3, '-')),
            ("1.5/2", character(2, '.')),
            ("1/3%", character(4, '%')),
            ("35 %", character(3, ' ')),
            ("35％", character(3, '％')),
            ("+2", character(1, '+')),
            ("1e3", character(2, 'e')),
            ("1,000", character(2, ',')),
            ("0.0x", character(4, 'x')),
            ("9223372036854775808", RateError::TooLarge),
            ("0.00000000000000000001", RateError::TooLarge),
            ("99999999999999999999999999999999999999999999", RateError::TooLarge),
        ] {
            assert_eq!(text.parse::<Exact>(), Err(error), "{text}");
        }
    }

    proptest! {
        #[test]
        fn percent_and_decimal_agree(hundredths in 0i64..100_000) {
            let percent: Exact = format!("{hundredths}%").parse().unwrap();
            let decimal = format!("{}.{:02}", hundredths / 100, hundredths % 100);
            prop_assert_eq!(decimal.parse(), Ok(percent));
            prop_assert_eq!(Exact::new(hundredths, 100), Ok(percent));
        }

        #[test]
        fn never_panics(text in "[-0-9./% x]{0,50}") {
            let _ = text.parse::<Exact>();
        }
    }
}
