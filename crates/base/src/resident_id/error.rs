//! Why a text is not an identity number. The data are those of the fault, never the number.

use crate::spoken::{check_character_en, check_character_zh, spoken_error};

/// Why a text is not an identity number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ResidentIdError {
    /// Neither 18 nor 15 characters.
    Length {
        /// The characters given.
        found: usize,
    },
    /// Not a digit, or an X elsewhere than at the end of 18.
    Character {
        /// Counted from 1.
        position: usize,
        /// The character there.
        found: char,
    },
    /// No such day, or one before 1800.
    BirthDate {
        /// The year in the number.
        year: i32,
        /// The month in the number.
        month: u8,
        /// The day in the number.
        day: u8,
    },
    /// The last character does not fit the other 17; one of them is probably mistyped.
    CheckCharacter {
        /// What it would have to be if the other 17 are right.
        expected: char,
        /// What it is.
        found: char,
    },
}

impl ResidentIdError {
    /// What is wrong and what is allowed, in Chinese.
    pub fn zh(&self) -> String {
        match self {
            ResidentIdError::Length { found } => {
                format!("身份证号码应为 18 位（旧证 15 位），现在是 {found} 位。")
            }
            ResidentIdError::Character { position, found } => {
                format!("身份证号码第 {position} 位“{found}”不对，只能是数字，18 位号码的末位也可以是 X。")
            }
            ResidentIdError::BirthDate { year, month, day } => {
                format!("身份证号码中的出生日期 {year:04}-{month:02}-{day:02} 不对，请核对。")
            }
            ResidentIdError::CheckCharacter { expected, found } => {
                check_character_zh("身份证号码", *expected, *found)
            }
        }
    }

    /// What is wrong and what is allowed, in English.
    pub fn en(&self) -> String {
        match self {
            ResidentIdError::Length { found } => {
                format!("An identity number has 18 characters (15 on old cards), but {found} were given.")
            }
            ResidentIdError::Character { position, found } => format!(
                "Character {position} (“{found}”) is not allowed: only digits, or an X at the end \
                 of 18."
            ),
            ResidentIdError::BirthDate { year, month, day } => {
                format!("The birth date {year:04}-{month:02}-{day:02} in the number is not possible.")
            }
            ResidentIdError::CheckCharacter { expected, found } => {
                check_character_en("digit", *expected, *found)
            }
        }
    }
}

spoken_error!(ResidentIdError);
