//! Telephone numbers and addresses, as given and in the form that is compared.

use crate::flaw::{Sentence, said};
use anmin_base::half_width::half_width;
use anmin_base::mask;
use std::fmt;

/// A telephone number.
#[derive(Clone, PartialEq, Eq)]
pub struct Phone {
    /// As it was given, with an extension if there is one.
    pub given: String,
    /// Digits only, for calling and comparing: `13800001234`, `01000001234`, `+85200001234`.
    pub number: String,
}

/// An address in words. Which division it lies in is said apart.
#[derive(Clone, PartialEq, Eq)]
pub struct Address {
    /// As it was given.
    pub given: String,
    /// In half-width form without spaces, for comparing.
    pub text: String,
}

impl fmt::Debug for Phone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&mask::phone(&self.number))
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&mask::address(&self.text))
    }
}

impl Phone {
    /// Reads a number as people write it: `138 0000 1234`, `（0571）0000-1234 转 8001`, `+86 138...`.
    ///
    /// # Errors
    /// Why it is none, in Chinese and English.
    pub fn read(given: &str) -> Result<Phone, (String, String)> {
        let given = given.trim();
        let half: String = given.chars().map(half_width).collect();
        let main = half.split(['转', '#']).next().unwrap_or_default();
        let mut digits = String::new();
        for c in main.chars() {
            match c {
                '0'..='9' => digits.push(c),
                '+' if digits.is_empty() => digits.push(c),
                '-' | '(' | ')' | '—' | '–' | '/' => {}
                c if c.is_whitespace() => {}
                c => return Err(strange(c)),
            }
        }
        let number = national(&digits).ok_or_else(|| wrong_length(&digits))?;
        Ok(Phone { given: given.to_owned(), number })
    }
}

fn strange(found: char) -> Sentence {
    let found = found.escape_debug();
    said(
        format!("电话号码里不能有“{found}”，请只填一个号码；分机写在“转”后面。"),
        format!("A telephone number has no \"{found}\"; give one number, with an extension after #."),
    )
}

/// The number within the country, or with `+` and the code of another; none if it is no number.
fn national(digits: &str) -> Option<String> {
    let abroad = digits.strip_prefix('+').or_else(|| digits.strip_prefix("00"));
    if let Some(rest) = abroad {
        return match rest.strip_prefix("86") {
            Some(home) if is_mobile(home) || is_service(home) => Some(home.to_owned()),
            Some(home) if is_landline(&format!("0{home}")) => Some(format!("0{home}")),
            Some(home) if is_landline(home) => Some(home.to_owned()),
            Some(_) => None,
            None => (7..=15).contains(&rest.len()).then(|| format!("+{rest}")),
        };
    }
    let home = digits.strip_prefix("86").filter(|rest| is_mobile(rest)).unwrap_or(digits);
    (is_mobile(home) || is_landline(home) || is_service(home)).then(|| home.to_owned())
}

fn is_mobile(digits: &str) -> bool {
    digits.len() == 11 && digits.starts_with('1') && !digits[1..].starts_with(['0', '1', '2'])
}

/// With its area code: a 0 and two or three digits, then seven or eight.
fn is_landline(digits: &str) -> bool {
    (10..=12).contains(&digits.len()) && digits.starts_with('0') && !digits.starts_with("00")
}

fn is_service(digits: &str) -> bool {
    digits.len() == 10 && (digits.starts_with("400") || digits.starts_with("800"))
}

fn wrong_length(digits: &str) -> Sentence {
    let count = digits.chars().filter(char::is_ascii_digit).count();
    match count {
        0 => said(
            "请填写电话号码；没有电话可以不填。",
            "Write the telephone number; leave it empty if there is none.",
        ),
        7 | 8 => said(
            "固定电话请加区号，例如 010-00001234。",
            "Write a landline with its area code, as in 010-00001234.",
        ),
        _ => said(
            format!(
                "电话号码有 {count} 位，不对：手机 11 位，以 1 开头；固定电话加区号 10 至 12 位。请核对。"
            ),
            format!(
                "The number has {count} digits: a mobile has 11 and begins with 1, a landline has 10 to 12 with its area code. Check it."
            ),
        ),
    }
}

const MOST: usize = 120;

impl Address {
    /// Reads an address.
    ///
    /// # Errors
    /// Why it is none, in Chinese and English.
    pub fn read(given: &str) -> Result<Address, (String, String)> {
        let given = given.trim();
        if let Some(found) = given.chars().find(|c| c.is_control()) {
            let found = found.escape_debug();
            return Err(said(
                format!("地址里有看不见的字符 {found}，请删去。"),
                format!("The address holds an invisible character {found}; remove it."),
            ));
        }
        let text: String = given.chars().filter(|c| !c.is_whitespace()).map(half_width).collect();
        let length = text.chars().count();
        match length {
            0 => Err(said("请填写地址。", "Write the address.")),
            1..=MOST => Ok(Address { given: given.to_owned(), text }),
            _ => Err(said(
                format!("地址有 {length} 个字，最多 {MOST} 个，请写到门牌号为止。"),
                format!("The address has {length} characters, at most {MOST}; end it with the house number."),
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phones_are_brought_to_one_form() {
        for (given, number) in [
            ("13800001234", "13800001234"),
            ("138 0000 1234", "13800001234"),
            ("１３８－００００－１２３４", "13800001234"),
            ("+86 138-0000-1234", "13800001234"),
            ("008613800001234", "13800001234"),
            ("8613800001234", "13800001234"),
            ("0571-00001234", "057100001234"),
            ("（010）0000 1234 转 8001", "01000001234"),
            ("+86 10 0000 1234", "01000001234"),
            ("400-000-1234", "4000001234"),
            ("+852 0000 1234", "+85200001234"),
            ("0085200001234", "+85200001234"),
        ] {
            let phone = Phone::read(given).unwrap();
            assert_eq!((phone.number.as_str(), phone.given.as_str()), (number, given));
            let again = Phone::read(&phone.number).unwrap();
            assert_eq!(again.number, number, "{given}");
        }
    }

    #[test]
    fn refuses_what_is_no_phone() {
        for (given, says) in [
            ("", "没有电话可以不填"),
            ("12800001234", "手机 11 位"),
            ("00001234", "请加区号"),
            ("1380000123", "10 位"),
            ("13800001234、13900001234", "不能有“、”"),
            ("张三 13800001234", "不能有“张”"),
            ("+86 1234", "手机 11 位"),
            ("+1", "1 位"),
        ] {
            let (zh, _) = Phone::read(given).unwrap_err();
            assert!(zh.contains(says), "{given}: {zh}");
        }
    }

    #[test]
    fn addresses_compare_without_spaces_and_width() {
        let address = Address::read(" 甲省乙市 丙县丁镇戊村３组１２号　").unwrap();
        assert_eq!(address.text, "甲省乙市丙县丁镇戊村3组12号");
        assert_eq!(address.given, "甲省乙市 丙县丁镇戊村３组１２号");
        assert_eq!(format!("{address:?}"), "甲省乙市丙县丁镇戊村****");
        for (given, says) in [("　", "请填写地址"), ("甲\u{7}", "看不见"), (&"甲".repeat(121), "最多 120")]
        {
            assert!(Address::read(given).unwrap_err().0.contains(says), "{given}");
        }
    }
}
