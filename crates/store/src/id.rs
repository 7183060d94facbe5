//! Identifiers and moments. An identifier is opaque: knowing one gives no right.

use anmin_base::date::Date;
use std::fmt;

/// 128 bits that name a record; written as 32 hexadecimal digits. Ordered by the moment they were made, so that
/// neighbours in time are neighbours in an index; the rest is random.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Id(pub u128);

impl Id {
    /// A new identifier: 48 bits of the moment, 80 random ones.
    pub fn at(moment: Moment) -> Id {
        let mut bytes: [u8; 16] = random();
        bytes[..6].copy_from_slice(&moment.0.to_be_bytes()[2..]);
        Id(u128::from_be_bytes(bytes))
    }

    /// The identifier these 32 lower-case digits name.
    pub fn parse(text: &str) -> Option<Id> {
        let digits = |c: char| c.is_ascii_digit() || ('a'..='f').contains(&c);
        if text.len() != 32 || !text.chars().all(digits) {
            return None;
        }
        u128::from_str_radix(text, 16).ok().map(Id)
    }

    /// The moment in it.
    pub fn moment(self) -> Moment {
        Moment(i64::try_from(self.0 >> 80).expect("48 bits"))
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", self.0)
    }
}

impl fmt::Debug for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Milliseconds since 1970-01-01T00:00:00Z. Passed in by the edge: the store has no clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Moment(pub i64);

impl Moment {
    /// So many milliseconds later.
    pub const fn plus(self, milliseconds: i64) -> Moment {
        Moment(self.0.saturating_add(milliseconds))
    }

    /// The year in China, by which data keys change.
    pub fn year(self) -> i64 {
        i64::from(self.day().year())
    }

    /// The day in China.
    pub fn day(self) -> Date {
        let days = self.0.saturating_add(8 * 3_600_000).div_euclid(86_400_000);
        Date::from_days(i32::try_from(days).unwrap_or(i32::MAX / 2))
    }
}

/// Random bytes from the operating system. There is nothing sensible to do without them.
pub(crate) fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).expect("the operating system gives random bytes");
    bytes
}

/// Lower-case hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        text.push(char::from(DIGITS[usize::from(byte >> 4)]));
        text.push(char::from(DIGITS[usize::from(byte & 15)]));
    }
    text
}

/// The bytes these lower-case hexadecimal digits write. Upper case is refused: one value has one text.
pub(crate) fn unhex<const N: usize>(text: &str) -> Option<[u8; N]> {
    let digits = text.as_bytes();
    if digits.len() != N * 2 {
        return None;
    }
    let mut bytes = [0; N];
    for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
        let digit = |at: usize| match pair[at] {
            digit @ b'0'..=b'9' => Some(digit - b'0'),
            digit @ b'a'..=b'f' => Some(digit - b'a' + 10),
            _ => None,
        };
        *byte = digit(0)? * 16 + digit(1)?;
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_identifier_is_read_back_and_keeps_its_moment() {
        let moment = Moment(1_788_220_800_123);
        let id = Id::at(moment);
        assert_eq!(Id::parse(&id.to_string()), Some(id));
        assert_eq!(id.moment(), moment);
        assert_ne!(Id::at(moment), id);
        for bad in ["", "1", "G0000000000000000000000000000000", "+0000000000000000000000000000000"] {
            assert_eq!(Id::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_year_begins_in_china() {
        assert_eq!(Moment(1_798_732_799_999).year(), 2026);
        assert_eq!(Moment(1_798_732_800_000).year(), 2027);
    }

    #[test]
    fn hexadecimal_digits_are_read_back() {
        assert_eq!(unhex(&hex(&[0, 9, 10, 255])), Some([0, 9, 10, 255]));
        assert_eq!(unhex::<2>("00g0"), None);
        assert_eq!(unhex::<2>("00A0"), None);
        assert_eq!(unhex::<2>("000"), None);
    }
}
