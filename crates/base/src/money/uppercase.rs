//! Amounts in capital numerals (人民币大写), by the rules for filling in vouchers
//! (正确填写票据和结算凭证的基本规定).
//!
//! Where those rules leave a choice: 整 is written after 角 too, since it keeps a 分 from being
//! added later; 零 is written only where it must be, so 107,000.53 is 壹拾万柒仟元伍角叁分.

const DIGITS: [&str; 10] = ["零", "壹", "贰", "叁", "肆", "伍", "陆", "柒", "捌", "玖"];
const WAN: u64 = 10_000;
const YI: u64 = 100_000_000;

pub(super) fn write(fen: i64) -> String {
    let mut text = String::new();
    if fen < 0 {
        text.push('负');
    }
    let fen = fen.unsigned_abs();
    let (yuan, jiao, fen) = (fen / 100, fen / 10 % 10, fen % 10);
    if yuan > 0 || (jiao == 0 && fen == 0) {
        write_whole(&mut text, yuan);
        text.push('元');
    }
    if jiao > 0 {
        text.push_str(DIGITS[jiao as usize]);
        text.push('角');
    } else if yuan > 0 && fen > 0 {
        text.push('零');
    }
    if fen > 0 {
        text.push_str(DIGITS[fen as usize]);
        text.push('分');
    } else {
        text.push('整');
    }
    text
}

/// Whole numbers are read in fours, with 万 after the second and 亿 after the third four; what
/// stands before 亿 is read the same way again.
fn write_whole(text: &mut String, number: u64) {
    if number == 0 {
        text.push_str(DIGITS[0]);
    } else if number >= YI {
        write_whole(text, number / YI);
        text.push('亿');
        write_rest(text, number % YI, YI / 10);
    } else if number >= WAN {
        write_four(text, number / WAN);
        text.push('万');
        write_rest(text, number % WAN, WAN / 10);
    } else {
        write_four(text, number);
    }
}

/// What follows 亿 or 万: with 零 before it where its highest place is empty.
fn write_rest(text: &mut String, rest: u64, highest_place: u64) {
    if rest == 0 {
        return;
    }
    if rest < highest_place {
        text.push_str(DIGITS[0]);
    }
    write_whole(text, rest);
}

fn write_four(text: &mut String, number: u64) {
    let mut gap = false;
    let mut started = false;
    for (place, unit) in [(1000, "仟"), (100, "佰"), (10, "拾"), (1, "")] {
        let digit = (number / place % 10) as usize;
        if digit == 0 {
            gap = started;
            continue;
        }
        if gap {
            text.push_str(DIGITS[0]);
        }
        text.push_str(DIGITS[digit]);
        text.push_str(unit);
        gap = false;
        started = true;
    }
}

#[cfg(test)]
mod tests {
    use crate::money::Money;
    use proptest::prelude::*;

    #[test]
    fn follows_the_rules_for_vouchers() {
        for (yuan, capital) in [
            ("0", "零元整"),
            ("0.01", "壹分"),
            ("0.10", "壹角整"),
            ("0.55", "伍角伍分"),
            ("1", "壹元整"),
            ("10", "壹拾元整"),
            ("11", "壹拾壹元整"),
            ("100", "壹佰元整"),
            ("101", "壹佰零壹元整"),
            ("110", "壹佰壹拾元整"),
            ("1001", "壹仟零壹元整"),
            ("1010", "壹仟零壹拾元整"),
            ("1100", "壹仟壹佰元整"),
            ("1450", "壹仟肆佰伍拾元整"),
            ("1450.5", "壹仟肆佰伍拾元伍角整"),
            ("1409.50", "壹仟肆佰零玖元伍角整"),
            ("6007.14", "陆仟零柒元壹角肆分"),
            ("1680.32", "壹仟陆佰捌拾元叁角贰分"),
            ("16409.02", "壹万陆仟肆佰零玖元零贰分"),
            ("325.04", "叁佰贰拾伍元零肆分"),
            ("107000.53", "壹拾万柒仟元伍角叁分"),
            ("10000", "壹万元整"),
            ("10001", "壹万零壹元整"),
            ("10010.01", "壹万零壹拾元零壹分"),
            ("100000", "壹拾万元整"),
            ("100100", "壹拾万零壹佰元整"),
            ("101000", "壹拾万壹仟元整"),
            ("1000000", "壹佰万元整"),
            ("10000000", "壹仟万元整"),
            ("20030405.06", "贰仟零叁万零肆佰零伍元零陆分"),
            ("100000000", "壹亿元整"),
            ("100000001", "壹亿零壹元整"),
            ("100010000", "壹亿零壹万元整"),
            ("110000000", "壹亿壹仟万元整"),
            ("101000000", "壹亿零壹佰万元整"),
            ("123456789.12", "壹亿贰仟叁佰肆拾伍万陆仟柒佰捌拾玖元壹角贰分"),
            ("1000000000000", "壹万亿元整"),
            ("1000100000000", "壹万零壹亿元整"),
            ("-300", "负叁佰元整"),
            ("-0.05", "负伍分"),
            (
                "-92233720368547758.08",
                "负玖亿贰仟贰佰叁拾叁万柒仟贰佰零叁亿陆仟捌佰伍拾肆万柒仟柒佰伍拾捌元零捌分",
            ),
        ] {
            let money: Money = yuan.parse().unwrap();
            assert_eq!(money.uppercase(), capital, "{yuan}");
        }
    }

    /// Reads capital numerals back, so that the writer is checked against a second reading.
    fn read(text: &str) -> i64 {
        let negative = text.starts_with('负');
        let (mut fen, mut whole, mut wan, mut four, mut digit) = (0i64, 0i64, 0i64, 0i64, 0i64);
        for character in text.trim_start_matches('负').chars() {
            if let Some(found) = super::DIGITS.iter().position(|d| d.starts_with(character)) {
                digit = found as i64;
                continue;
            }
            match character {
                '仟' => four += digit * 1000,
                '佰' => four += digit * 100,
                '拾' => four += digit * 10,
                '万' => {
                    wan += (four + digit) * 10_000;
                    four = 0;
                }
                '亿' => {
                    whole = (whole + wan + four + digit) * 100_000_000;
                    (wan, four) = (0, 0);
                }
                '元' => fen += (whole + wan + four + digit) * 100,
                '角' => fen += digit * 10,
                '分' => fen += digit,
                _ => assert_eq!(character, '整'),
            }
            digit = 0;
        }
        if negative { -fen } else { fen }
    }

    /// A hundred million million yuan.
    const LARGE: i64 = 10_000_000_000_000_000;

    proptest! {
        #[test]
        fn reads_back_to_the_same_amount(fen in -LARGE..LARGE) {
            prop_assert_eq!(read(&Money::from_fen(fen).uppercase()), fen);
        }

        #[test]
        fn never_doubles_or_leads_with_a_zero(fen in 1..LARGE) {
            let text = Money::from_fen(fen).uppercase();
            prop_assert!(!text.contains("零零") && !text.starts_with('零'), "{}", text);
            prop_assert!(!text.contains("零万") && !text.contains("零元"), "{}", text);
        }
    }
}
