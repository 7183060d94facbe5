//! Reading money from decimal yuan text, exactly and strictly.
//!
//! Thousands separators, currency signs and exponents are refused rather than guessed at: in a
//! file of payments, "1,450" may be one column or two.

use super::Money;
use crate::spoken::{no_digit, spoken_error};
use std::str::FromStr;

/// Why a text is not an amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MoneyError {
    /// Nothing there.
    Empty,
    /// A character that is not a half-width digit, or a sign or point out of place.
    Character {
        /// Counted in characters from 1.
        position: usize,
        /// The character there.
        found: char,
    },
    /// No digit before or after the point, or only a sign.
    Incomplete,
    /// More than two places after the point.
    TooManyDecimals {
        /// The places given.
        digits: usize,
    },
    /// More than can be held (about 9.2 × 10^16 yuan).
    TooLarge,
}

impl FromStr for Money {
    type Err = MoneyError;

    fn from_str(text: &str) -> Result<Self, MoneyError> {
        if text.is_empty() {
            return Err(MoneyError::Empty);
        }
        let unsigned = text.strip_prefix('-').unwrap_or(text);
        let negative = unsigned.len() < text.len();
        let (yuan, decimals) = match unsigned.split_once('.') {
            Some((yuan, decimals)) => (yuan, Some(decimals)),
            None => (unsigned, None),
        };
        let before = usize::from(negative);
        check_digits(yuan, before)?;
        let decimals = match decimals {
            Some(decimals) => {
                check_digits(decimals, before + yuan.len() + 1)?;
                if decimals.is_empty() {
                    return Err(MoneyError::Incomplete);
                }
                decimals
            }
            None => "",
        };
        if yuan.is_empty() {
            return Err(MoneyError::Incomplete);
        }
        let fen_padding = match decimals.len() {
            0 => "00",
            1 => "0",
            2 => "",
            digits => return Err(MoneyError::TooManyDecimals { digits }),
        };
        // Summed towards the sign, since i64 reaches one further down than up.
        let mut fen: i64 = 0;
        for digit in yuan.bytes().chain(decimals.bytes()).chain(fen_padding.bytes()) {
            let digit = i64::from(digit - b'0');
            let digit = if negative { -digit } else { digit };
            fen = fen.checked_mul(10).and_then(|fen| fen.checked_add(digit)).ok_or(MoneyError::TooLarge)?;
        }
        Ok(Money::from_fen(fen))
    }
}

fn check_digits(text: &str, before: usize) -> Result<(), MoneyError> {
    match no_digit(text, before) {
        Some((position, found)) => Err(MoneyError::Character { position, found }),
        None => Ok(()),
    }
}

impl MoneyError {
    /// What is wrong and what is allowed, in Chinese.
    pub fn zh(&self) -> String {
        let allowed = "金额以元为单位，最多两位小数，例如 1450.50";
        match self {
            MoneyError::Empty => format!("没有填写金额。{allowed}。"),
            MoneyError::Character { position, found } => {
                format!("第 {position} 个字符“{found}”不能用在这里。{allowed}，不写逗号、货币符号和单位。")
            }
            MoneyError::Incomplete => format!("金额不完整。{allowed}，小数点前后都要有数字。"),
            MoneyError::TooManyDecimals { digits } => {
                format!("小数有 {digits} 位，金额只能精确到分。{allowed}。")
            }
            MoneyError::TooLarge => "金额过大，超出可以记录的范围。".into(),
        }
    }

    /// What is wrong and what is allowed, in English.
    pub fn en(&self) -> String {
        let allowed = "Write yuan with at most two decimals, for example 1450.50";
        match self {
            MoneyError::Empty => format!("No amount was given. {allowed}."),
            MoneyError::Character { position, found } => format!(
                "Character {position} (“{found}”) can not stand there. {allowed}, without commas, \
                 currency sign or unit."
            ),
            MoneyError::Incomplete => {
                format!("The amount is incomplete. {allowed}, with digits on both sides of a point.")
            }
            MoneyError::TooManyDecimals { digits } => {
                format!("There are {digits} decimals, but money is exact to the fen. {allowed}.")
            }
            MoneyError::TooLarge => "The amount is larger than can be recorded.".into(),
        }
    }
}

spoken_error!(MoneyError);

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn reads_decimal_yuan_exactly() {
        for (text, fen) in [
            ("19.99", 1999),
            ("-3", -300),
            ("1450.5", 145_050),
            ("0", 0),
            ("-0", 0),
            ("0.01", 1),
            ("-0.01", -1),
            ("007", 700),
            ("92233720368547758.07", i64::MAX),
            ("-92233720368547758.08", i64::MIN),
        ] {
            assert_eq!(text.parse(), Ok(Money::from_fen(fen)), "{text}");
        }
    }

    #[test]
    fn refuses_and_says_why() {
        let character = |position, found| MoneyError::Character { position, found };
        for (text, error) in [
            ("", MoneyError::Empty),
            ("19.999", MoneyError::TooManyDecimals { digits: 3 }),
            ("1.000", MoneyError::TooManyDecimals { digits: 3 }),
            ("1,450", character(2, ',')),
            ("1，450", character(2, '，')),
            ("1e3", character(2, 'e')),
            ("￥3", character(1, '￥')),
            ("¥3", character(1, '¥')),
            ("3元", character(2, '元')),
            ("１", character(1, '１')),
            ("+3", character(1, '+')),
            ("--3", character(2, '-')),
            ("3-", character(2, '-')),
            (" 3", character(1, ' ')),
            ("3 ", character(2, ' ')),
            ("1.2.3", character(4, '.')),
            ("-1.2x", character(5, 'x')),
            ("-", MoneyError::Incomplete),
            (".", MoneyError::Incomplete),
            (".5", MoneyError::Incomplete),
            ("5.", MoneyError::Incomplete),
            ("92233720368547758.08", MoneyError::TooLarge),
            ("-92233720368547758.09", MoneyError::TooLarge),
            ("99999999999999999999999999", MoneyError::TooLarge),
        ] {
            assert_eq!(text.parse::<Money>(), Err(error), "{text}");
        }
    }

    #[test]
    fn the_sentences_name_the_character_and_the_form() {
        let error = "1,450".parse::<Money>().unwrap_err();
        assert!(error.zh().contains("第 2 个字符“,”") && error.zh().contains("1450.50"));
        assert!(error.en().contains("Character 2 (“,”)") && error.en().contains("1450.50"));
    }

    proptest! {
        #[test]
        fn never_panics(text in "\\PC{0,24}") {
            let _ = text.parse::<Money>();
        }
    }
}
