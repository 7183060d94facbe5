//! Resident identity numbers (GB 11643-1999): 18 characters, the last one a check character.
//!
//! The parser checks form and arithmetic only; whether the person exists is not its business, nor
//! whether the birth lies in the future, since it has no clock. The number is personal: there is
//! no `Display`, `Debug` is masked, and [`ResidentId::reveal`] is the one way to the digits.
//!
//! Read as well, and brought to one form: a lower-case x, full-width digits, and the 15-digit
//! numbers of old cards (century 19). Spaces are refused; trimming is for the edge.

mod error;

pub use error::ResidentIdError;

use crate::date::Date;
use crate::half_width::half_width;
use std::fmt;
use std::str::FromStr;

/// A well-formed identity number, always in the 18-character form.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ResidentId {
    characters: [u8; 18],
}

/// The sex recorded in an identity number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Sex {
    Female,
    Male,
}

const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const CHECK_CHARACTERS: &[u8; 11] = b"10X98765432";

// Nobody who was born earlier has an identity number.
const EARLIEST_BIRTH_YEAR: i32 = 1800;

impl ResidentId {
    /// The number of a division, birth date and sequence, with its check character. For made-up
    /// persons in demonstrations and tests; refused if a part has too many digits.
    pub fn from_parts(division: u32, birth: Date, sequence: u16) -> Option<Self> {
        let (year, month, day) = birth.to_ymd();
        let text = format!("{division:06}{year:04}{month:02}{day:02}{sequence:03}");
        let first: [u8; 17] = text.into_bytes().try_into().ok()?;
        (year >= EARLIEST_BIRTH_YEAR).then(|| ResidentId::with_check(first))
    }

    fn with_check(first: [u8; 17]) -> Self {
        let mut characters = [0; 18];
        characters[..17].copy_from_slice(&first);
        characters[17] = check_character(&first);
        ResidentId { characters }
    }

    /// The whole number. Reading it is an act that the caller has to justify and log.
    pub fn reveal(&self) -> &str {
        str::from_utf8(&self.characters).expect("only ASCII is stored")
    }

    /// `4601**********123X`: the birth date and half of the division are hidden.
    pub fn masked(&self) -> String {
        let number = self.reveal();
        format!("{}**********{}", &number[..4], &number[14..])
    }

    /// The date of birth.
    pub fn birth(&self) -> Date {
        birth_date(&self.characters).expect("checked when parsed")
    }

    /// The sex.
    pub fn sex(&self) -> Sex {
        match self.characters[16] % 2 {
            0 => Sex::Female,
            _ => Sex::Male,
        }
    }

    /// The six digits of the county-level division that issued the number first. It says nothing
    /// of where the person lives now, and the code may have been abolished since.
    pub fn division_prefix(&self) -> &str {
        &self.reveal()[..6]
    }
}

impl FromStr for ResidentId {
    type Err = ResidentIdError;

    fn from_str(text: &str) -> Result<Self, ResidentIdError> {
        let length = text.chars().count();
        if length != 15 && length != 18 {
            return Err(ResidentIdError::Length { found: length });
        }
        let mut read = [0; 18];
        for (at, found) in text.chars().enumerate() {
            read[at] = match half_width(found) {
                digit @ '0'..='9' => digit as u8,
                'x' | 'X' if at == 17 => b'X',
                _ => {
                    return Err(ResidentIdError::Character { position: at + 1, found });
                }
            };
        }
        if length == 15 {
            let mut first = [0; 17];
            first[..6].copy_from_slice(&read[..6]);
            first[6..8].copy_from_slice(b"19");
            first[8..].copy_from_slice(&read[6..15]);
            birth_date(&first)?;
            return Ok(ResidentId::with_check(first));
        }
        birth_date(&read)?;
        let (expected, found) = (check_character(&read), read[17]);
        if expected != found {
            let (expected, found) = (char::from(expected), char::from(found));
            return Err(ResidentIdError::CheckCharacter { expected, found });
        }
        Ok(ResidentId { characters: read })
    }
}

/// MOD 11-2 over the first 17 digits.
fn check_character(characters: &[u8]) -> u8 {
    let sum: u32 = characters.iter().zip(WEIGHTS).map(|(c, w)| u32::from(c - b'0') * w).sum();
    CHECK_CHARACTERS[(sum % 11) as usize]
}

fn birth_date(characters: &[u8]) -> Result<Date, ResidentIdError> {
    let number = |from: usize, to: usize| {
        characters[from..to].iter().fold(0, |number, digit| number * 10 + i32::from(digit - b'0'))
    };
    let (year, month, day) = (number(6, 10), number(10, 12) as u8, number(12, 14) as u8);
    match Date::from_ymd(year, month, day) {
        Ok(date) if year >= EARLIEST_BIRTH_YEAR => Ok(date),
        _ => Err(ResidentIdError::BirthDate { year, month, day }),
    }
}

impl fmt::Debug for ResidentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ResidentId({})", self.masked())
    }
}

#[cfg(test)]
mod tests;
