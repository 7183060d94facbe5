//! Administrative divisions: their codes (GB/T 2260 and the 12-digit statistical code) and the
//! tree they stand in.
//!
//! A code names a unit; it does not say who is above it. Towns report to cities without counties,
//! counties to provinces without cities, and development zones borrow codes. So the tree takes
//! parents as given, and nothing here compares prefixes.

mod tree;

pub use tree::{DivisionTree, TreeError};

use crate::spoken::spoken_error;
use std::fmt;
use std::str::FromStr;

/// The code of a division, written with 2, 4, 6, 9 or 12 digits. Writings of one unit are equal:
/// `11`, `110000` and `110000000000`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DivisionCode(u64);

/// The block of a code that names its unit. It is a matter of form: an area may have no unit at
/// some level.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// All zeros, written for the whole country.
    Nation,
    /// The first two digits: 省、自治区、直辖市.
    Province,
    /// Digits 3 and 4: 地级市、自治州、盟.
    City,
    /// Digits 5 and 6: 县、区、县级市、旗.
    County,
    /// Digits 7 to 9: 乡、镇、街道.
    Township,
    /// Digits 10 to 12: 村、社区.
    Village,
}

/// Why a text is not a division code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DivisionCodeError {
    /// Not 2, 4, 6, 9 or 12 characters.
    Length {
        /// The characters given.
        found: usize,
    },
    /// Not a half-width digit.
    Character {
        /// Counted from 1.
        position: usize,
        /// The character there.
        found: char,
    },
}

impl DivisionCode {
    /// The 12 digits as a number, for columns and keys.
    pub const fn number(self) -> u64 {
        self.0
    }

    /// The block that names the unit: the last one that is not zero.
    pub const fn level(self) -> Level {
        match self.0 {
            0 => Level::Nation,
            code if !code.is_multiple_of(1_000) => Level::Village,
            code if !code.is_multiple_of(1_000_000) => Level::Township,
            code if !code.is_multiple_of(100_000_000) => Level::County,
            code if !code.is_multiple_of(10_000_000_000) => Level::City,
            _ => Level::Province,
        }
    }
}

impl FromStr for DivisionCode {
    type Err = DivisionCodeError;

    fn from_str(text: &str) -> Result<Self, DivisionCodeError> {
        let length = text.chars().count();
        if !matches!(length, 2 | 4 | 6 | 9 | 12) {
            return Err(DivisionCodeError::Length { found: length });
        }
        let mut number = 0;
        for (at, found) in text.chars().enumerate() {
            let digit = found.to_digit(10).ok_or(DivisionCodeError::Character { position: at + 1, found })?;
            number = number * 10 + u64::from(digit);
        }
        Ok(DivisionCode(number * 10u64.pow(12 - length as u32)))
    }
}

/// The usual writing: 6 digits down to the county, 9 for a township, 12 for a village.
impl fmt::Display for DivisionCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.level() {
            Level::Village => write!(f, "{:012}", self.0),
            Level::Township => write!(f, "{:09}", self.0 / 1_000),
            _ => write!(f, "{:06}", self.0 / 1_000_000),
        }
    }
}

impl fmt::Debug for DivisionCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DivisionCode({self})")
    }
}

impl DivisionCodeError {
    /// What is wrong and what is allowed, in Chinese.
    pub fn zh(&self) -> String {
        match self {
            DivisionCodeError::Length { found } => {
                format!("区划代码应为 2、4、6、9 或 12 位数字，现在是 {found} 位。")
            }
            DivisionCodeError::Character { position, found } => {
                format!("区划代码第 {position} 位“{found}”不对，只能是半角数字。")
            }
        }
    }

    /// What is wrong and what is allowed, in English.
    pub fn en(&self) -> String {
        match self {
            DivisionCodeError::Length { found } => {
                format!("A division code has 2, 4, 6, 9 or 12 digits, but {found} were given.")
            }
            DivisionCodeError::Character { position, found } => {
                format!("Character {position} (“{found}”) is not allowed: only half-width digits.")
            }
        }
    }
}

spoken_error!(DivisionCodeError);

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn code(text: &str) -> DivisionCode {
        text.parse().unwrap()
    }

    #[test]
    fn writings_of_one_unit_are_equal() {
        for (writings, shown, level) in [
            (["11", "110000", "110000000000"], "110000", Level::Province),
            (["4419", "441900", "441900000000"], "441900", Level::City),
            (["429004", "429004000", "429004000000"], "429004", Level::County),
            (["441900003", "441900003", "441900003000"], "441900003", Level::Township),
            (["110101001001"; 3], "110101001001", Level::Village),
            (["00", "0000", "000000"], "000000", Level::Nation),
        ] {
            for writing in writings {
                assert_eq!(code(writing).to_string(), shown, "{writing}");
                assert_eq!(code(writing).level(), level, "{writing}");
            }
        }
    }

    #[test]
    fn refuses_and_says_why() {
        let length = |found| Err(DivisionCodeError::Length { found });
        let character = |position, found| Err(DivisionCodeError::Character { position, found });
        for (text, error) in [
            ("", length(0)),
            ("1", length(1)),
            ("110", length(3)),
            ("1101011", length(7)),
            ("1101010010010", length(13)),
            ("11 ", length(3)),
            ("1101O1", character(5, 'O')),
            ("１１０１０１", character(1, '１')),
            ("-1", character(1, '-')),
        ] {
            assert_eq!(text.parse::<DivisionCode>(), error, "{text}");
        }
    }

    proptest! {
        #[test]
        fn what_is_shown_is_read_back(number in 0..=999_999_999_999u64) {
            let code: DivisionCode = format!("{number:012}").parse().unwrap();
            prop_assert_eq!(code.number(), number);
            prop_assert_eq!(code.to_string().parse(), Ok(code));
        }
    }
}
