//! What the errors of this crate's parsers have in common: they are shown in English, they name the first character
//! that is no digit, and they say what a check character would have to be.

/// Makes an enum with `en()` a [`std::error::Error`] that shows as its English sentence.
macro_rules! spoken_error {
    ($error:ty) => {
        impl std::fmt::Display for $error {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.en())
            }
        }

        impl std::error::Error for $error {}
    };
}

pub(crate) use spoken_error;

/// The first character that is no half-width digit, and its position from 1 when `before` characters stand before the text.
pub(crate) fn no_digit(text: &str, before: usize) -> Option<(usize, char)> {
    let (at, found) = text.chars().enumerate().find(|(_, c)| !c.is_ascii_digit())?;
    Some((before + at + 1, found))
}

/// Of a number whose last character does not fit the other 17, in Chinese.
pub(crate) fn check_character_zh(number: &str, expected: char, found: char) -> String {
    format!("{number}末位是 {found}，按前 17 位计算应为 {expected}，请逐位核对。")
}

/// The same in English.
pub(crate) fn check_character_en(each: &str, expected: char, found: char) -> String {
    format!("The last character is {found}, but by the first 17 it would be {expected}; check each {each}.")
}

#[cfg(test)]
mod tests {
    use super::no_digit;

    #[test]
    fn positions_count_characters_from_one() {
        assert_eq!(no_digit("1234", 3), None);
        assert_eq!(no_digit("12，4", 1), Some((4, '，')));
    }
}
