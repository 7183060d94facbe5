//! Unified social credit codes of organisations (GB 32100-2015): registering authority, category,
//! division, the body's own nine characters, and a check character.
//!
//! Lower-case letters and full-width characters are read as capitals and half-width. The check of
//! the nine characters in the middle (GB 11714) is deliberately not made: codes issued before 2015
//! need not pass it.

use crate::half_width::half_width;
use crate::spoken::{check_character_en, check_character_zh, spoken_error};
use std::fmt;
use std::str::FromStr;

/// A well-formed credit code. Not personal, so it may be displayed.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CreditCode {
    characters: [u8; 18],
}

/// What the first two characters say, as far as civil affairs is concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Category {
    /// 51, 社会团体.
    SocialAssociation,
    /// 52, 民办非企业单位 (社会服务机构).
    SocialServiceInstitution,
    /// 53, 基金会.
    Foundation,
    /// Registered with civil affairs (5), but none of the three.
    OtherCivilAffairs,
    /// Registered with another authority, named by the first character.
    Elsewhere {
        /// For example `9` for market supervision, `1` for the establishment office.
        authority: char,
    },
}

/// Why a text is not a credit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CreditCodeError {
    /// Not 18 characters.
    Length {
        /// The characters given.
        found: usize,
    },
    /// Not in the alphabet: digits and capitals without I, O, S, V and Z.
    Character {
        /// Counted from 1.
        position: usize,
        /// The character there.
        found: char,
    },
    /// A letter among the six digits of the division, positions 3 to 8.
    Division {
        /// Counted from 1.
        position: usize,
        /// The character there.
        found: char,
    },
    /// The last character does not fit the other 17.
    CheckCharacter {
        /// What it would have to be if the other 17 are right.
        expected: char,
        /// What it is.
        found: char,
    },
}

const ALPHABET: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";

impl CreditCode {
    /// The 18 characters.
    pub fn as_str(&self) -> &str {
        str::from_utf8(&self.characters).expect("only ASCII is stored")
    }

    /// Which kind of body it is, by the authority that registered it.
    pub fn category(&self) -> Category {
        match (self.characters[0], self.characters[1]) {
            (b'5', b'1') => Category::SocialAssociation,
            (b'5', b'2') => Category::SocialServiceInstitution,
            (b'5', b'3') => Category::Foundation,
            (b'5', _) => Category::OtherCivilAffairs,
            (authority, _) => Category::Elsewhere { authority: authority.into() },
        }
    }

    /// The six digits of the division whose authority registered the body.
    pub fn division_prefix(&self) -> &str {
        &self.as_str()[2..8]
    }
}

impl FromStr for CreditCode {
    type Err = CreditCodeError;

    fn from_str(text: &str) -> Result<Self, CreditCodeError> {
        let length = text.chars().count();
        if length != 18 {
            return Err(CreditCodeError::Length { found: length });
        }
        let mut characters = [0; 18];
        for (at, found) in text.chars().enumerate() {
            let position = at + 1;
            let read = half_width(found).to_ascii_uppercase();
            if !read.is_ascii() || !ALPHABET.contains(&(read as u8)) {
                return Err(CreditCodeError::Character { position, found });
            }
            if (2..8).contains(&at) && !read.is_ascii_digit() {
                return Err(CreditCodeError::Division { position, found });
            }
            characters[at] = read as u8;
        }
        let (expected, found) = (check_character(&characters), characters[17]);
        if expected != found {
            let (expected, found) = (char::from(expected), char::from(found));
            return Err(CreditCodeError::CheckCharacter { expected, found });
        }
        Ok(CreditCode { characters })
    }
}

/// The weighted sum of the first 17 characters, with weights 3^i mod 31.
fn check_character(characters: &[u8; 18]) -> u8 {
    let mut sum = 0;
    let mut weight = 1;
    for character in &characters[..17] {
        let value = ALPHABET.iter().position(|c| c == character).expect("checked before");
        sum += value * weight;
        weight = weight * 3 % 31;
    }
    ALPHABET[(31 - sum % 31) % 31]
}

impl fmt::Display for CreditCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for CreditCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CreditCode({self})")
    }
}

impl CreditCodeError {
    /// What is wrong and what is allowed, in Chinese.
    pub fn zh(&self) -> String {
        match self {
            CreditCodeError::Length { found } => {
                format!("统一社会信用代码应为 18 位，现在是 {found} 位。")
            }
            CreditCodeError::Character { position, found } => format!(
                "统一社会信用代码第 {position} 位“{found}”不对，只能是数字和大写字母，不用 I、O、S、V、Z。"
            ),
            CreditCodeError::Division { position, found } => format!(
                "统一社会信用代码第 {position} 位“{found}”不对，第 3 至 8 位是行政区划代码，只能是数字。"
            ),
            CreditCodeError::CheckCharacter { expected, found } => {
                check_character_zh("统一社会信用代码", *expected, *found)
            }
        }
    }

    /// What is wrong and what is allowed, in English.
    pub fn en(&self) -> String {
        match self {
            CreditCodeError::Length { found } => {
                format!("A credit code has 18 characters, but {found} were given.")
            }
            CreditCodeError::Character { position, found } => format!(
                "Character {position} (“{found}”) is not allowed: only digits and capitals, \
                 without I, O, S, V and Z."
            ),
            CreditCodeError::Division { position, found } => format!(
                "Character {position} (“{found}”) is not allowed: characters 3 to 8 are the digits \
                 of a division code."
            ),
            CreditCodeError::CheckCharacter { expected, found } => {
                check_character_en("character", *expected, *found)
            }
        }
    }
}

spoken_error!(CreditCodeError);

#[cfg(test)]
mod tests;
