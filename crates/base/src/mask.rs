//! Masking of personal values for partial views: enough to recognise what one already knows, not
//! enough to learn it. Who gets which view is decided elsewhere.
//!
//! The forms: 张*, 欧阳**; 138****1234; the last four of an account; the first and last four of a
//! document; an address down to the village. Whatever has not the expected form is hidden whole.
//! Resident identity numbers mask themselves ([`crate::resident_id::ResidentId::masked`]).

mod address;

pub use address::address;

const HIDDEN: &str = "****";

// Surnames of two characters still in use. Left out are those whose first character is a common
// surname and whose second a usual given name, where the mask would show part of the given name.
const TWO_CHARACTER_SURNAMES: [&str; 20] = [
    "欧阳", "上官", "司马", "诸葛", "皇甫", "尉迟", "公孙", "慕容", "令狐", "司徒", "夏侯", "宇文", "长孙",
    "端木", "轩辕", "闻人", "澹台", "赫连", "淳于", "呼延",
];

/// The surname, and a star for every other character: 张*, 张**, 欧阳**.
///
/// A two-character surname is kept whole only before a given name. Of names that are not Han
/// (买买提·吐尔逊, John Smith) the first character is kept, and dots, hyphens and spaces stay.
pub fn name(name: &str) -> String {
    let name = name.trim();
    let long = name.chars().count() > 2;
    let kept = if long && TWO_CHARACTER_SURNAMES.iter().any(|s| name.starts_with(s)) { 2 } else { 1 };
    if name.chars().count() == 1 {
        return "*".into();
    }
    let star = |(at, character): (usize, char)| match character {
        '·' | '•' | '-' | ' ' => character,
        _ if at < kept => character,
        _ => '*',
    };
    name.chars().enumerate().map(star).collect()
}

/// `138****1234` for a mobile number of 11 digits; of other numbers only the last four digits,
/// and none of those with fewer than seven.
pub fn phone(phone: &str) -> String {
    let digits = phone.chars().filter(char::is_ascii_digit).count();
    let mobile = digits == 11 && phone.len() == 11 && phone.starts_with('1');
    let (first, last) = match digits {
        _ if mobile => (3, 4),
        0..7 => (0, 0),
        _ => (0, 4),
    };
    keep_digits(phone, first, digits - last)
}

/// Stars for the digits from `first` up to `last`; everything that is neither digit nor one of the
/// usual separators is starred too.
fn keep_digits(text: &str, first: usize, last: usize) -> String {
    let mut seen = 0;
    let star = |character: char| {
        let digit = character.is_ascii_digit();
        let hidden = digit && (first..last).contains(&seen);
        seen += usize::from(digit);
        match character {
            '-' | ' ' | '+' | '(' | ')' => character,
            _ if digit && !hidden => character,
            _ => '*',
        }
    };
    text.chars().map(star).collect()
}

/// `****1234`: the last four of a bank account, without saying how long it is. Nothing of an
/// account with fewer than ten characters, where four would be too much.
pub fn bank_account(account: &str) -> String {
    let digits: Vec<char> = account.chars().filter(char::is_ascii_alphanumeric).collect();
    match digits.len() {
        0..10 => HIDDEN.into(),
        length => digits[length - 4..].iter().fold(HIDDEN.to_string(), |mut masked, digit| {
            masked.push(*digit);
            masked
        }),
    }
}

/// The number of any document that is not a valid resident identity number (passport, permit, a
/// mistyped number): the first and last four of 15 and more, the last two of 8 and more.
pub fn document(number: &str) -> String {
    let characters: Vec<char> = number.trim().chars().collect();
    let (first, last) = match characters.len() {
        15.. => (4, 4),
        8.. => (0, 2),
        _ => return HIDDEN.into(),
    };
    let hidden = first..characters.len() - last;
    let star = |(at, character): (usize, &char)| match hidden.contains(&at) {
        true => '*',
        false => *character,
    };
    characters.iter().enumerate().map(star).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn names_keep_the_surname() {
        for (full, masked) in [
            ("张三", "张*"),
            ("张小明", "张**"),
            ("欧阳小明", "欧阳**"),
            ("欧阳明", "欧阳*"),
            ("欧阳", "欧*"),
            ("张王小明", "张***"),
            ("张", "*"),
            ("", ""),
            (" 张三 ", "张*"),
            ("买买提·吐尔逊", "买**·***"),
            ("John Smith", "J*** *****"),
            ("𠮷田", "𠮷*"),
        ] {
            assert_eq!(name(full), masked, "{full}");
        }
    }

    #[test]
    fn phones() {
        for (full, masked) in [
            ("13800001234", "138****1234"),
            ("0571-00001234", "****-****1234"),
            ("00001234", "****1234"),
            ("+8613800001234", "+*********1234"),
            ("138 0000 1234", "*** **** 1234"),
            ("23800001234", "*******1234"),
            ("12345", "*****"),
            ("110", "***"),
            ("", ""),
            ("转 8001 张三", "* **** **"),
        ] {
            assert_eq!(phone(full), masked, "{full}");
        }
    }

    #[test]
    fn bank_accounts_keep_the_last_four() {
        for (full, masked) in [
            ("6200000000000001234", "****1234"),
            ("6200 0000 0000 1234", "****1234"),
            ("0000001234", "****1234"),
            ("000001234", "****"),
            ("", "****"),
        ] {
            assert_eq!(bank_account(full), masked, "{full}");
        }
    }

    #[test]
    fn documents() {
        for (full, masked) in [
            ("999999194609150015", "9999**********0015"),
            ("999999460915001", "9999*******5001"),
            ("E00001234", "*******34"),
            ("E000123", "****"),
            ("", "****"),
        ] {
            assert_eq!(document(full), masked, "{full}");
        }
    }

    proptest! {
        #[test]
        fn at_most_the_promised_digits_are_left(text in "\\PC{0,30}|[0-9]{0,30}") {
            let left = |masked: String| masked.chars().filter(char::is_ascii_digit).count();
            prop_assert!(left(phone(&text)) <= 7);
            prop_assert!(left(bank_account(&text)) <= 4);
            prop_assert!(left(document(&text)) <= 8);
            prop_assert!(left(address(&text)) == 0);
        }

        #[test]
        fn a_given_name_never_shows(surname in "[一-龥]", given in "[一-龥]{1,3}") {
            prop_assume!(!TWO_CHARACTER_SURNAMES.iter().any(|s| s.starts_with(&surname)));
            let masked = name(&format!("{surname}{given}"));
            let stars = "*".repeat(given.chars().count());
            prop_assert_eq!(masked, format!("{surname}{stars}"));
        }
    }
}
