//! One answer as a person writes it: what is plainly meant is taken, anything else is told in plain words.

use super::Asking;
use crate::record::FieldError;
use anmin_base::half_width::half_width;
use anmin_base::money::Money;
use anmin_pack::household::{self, Part};
use anmin_rules::model::{FactId, Type};

/// Most characters of an answer in words.
const WORDS: usize = 100;

/// The value as a household file has it; none for an empty answer.
///
/// # Errors
/// What is wanted instead, at `at`.
pub(crate) fn plain(
    asking: &Asking,
    fact: FactId,
    given: &str,
    at: &str,
) -> Result<Option<String>, FieldError> {
    let ty = asking.schema().facts[fact.0].ty;
    // Nobody means more than this in one field, and sentences would repeat it.
    if given.len() > 4 * WORDS * 2 {
        return Err(wrong(asking, fact, at));
    }
    let trimmed = given.trim();
    if trimmed.is_empty() {
        return Ok(None);
    }
    let text = match ty {
        Type::Text => {
            let hides = |c: char| {
                c.is_control()
                    || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
            };
            if trimmed.chars().count() > WORDS || trimmed.chars().any(hides) {
                return Err(wrong(asking, fact, at));
            }
            return Ok(Some(trimmed.to_owned()));
        }
        Type::Money(_) | Type::Count | Type::Age | Type::Months | Type::Rate(_) => number(trimmed),
        Type::Bool => truth(trimmed),
        Type::Date => day(trimmed),
        Type::ResidentId | Type::Enum(_) => narrow(trimmed),
    };
    match fits(asking, fact, &text) {
        true => Ok(Some(text)),
        false => Err(wrong(asking, fact, at)),
    }
}

/// Whether a file with this value would be read.
fn fits(asking: &Asking, fact: FactId, text: &str) -> bool {
    let schema = asking.schema();
    let of = &schema.facts[fact.0];
    let (entity, key) = match of.of {
        Some(c) => (schema.collections[c.0].name.as_str(), "1"),
        None => ("", ""),
    };
    let mut parts = Vec::new();
    if !entity.is_empty() {
        parts.push(Part::One { collection: entity.to_owned(), key: key.into() });
    }
    parts.push(Part::plain(entity, key, &of.name, text));
    household::assemble(&asking.opened.sheet(), 0, &parts, asking.on()).is_ok()
}

fn narrow(text: &str) -> String {
    text.chars().map(half_width).filter(|c| !c.is_whitespace()).collect()
}

/// `１，４５０ 元` is 1450.
fn number(text: &str) -> String {
    let narrow: String =
        narrow(text).chars().filter(|c| !matches!(c, ',' | '，' | '￥' | '¥' | '$')).collect();
    let narrow = narrow.trim_end_matches('元').trim_end_matches("块钱").trim_end_matches('块');
    let plain = narrow.trim_end_matches(['人', '套', '辆', '台', '级', '岁']);
    let plain = plain.replace('。', ".");
    // Leading zeros are typed by habit and mean nothing.
    let (sign, digits) = plain.strip_prefix('-').map_or(("", plain.as_str()), |rest| ("-", rest));
    let digits = digits.trim_start_matches('0');
    let digits = if digits.is_empty() && plain.contains('0') {
        "0".to_owned()
    } else if digits.starts_with('.') {
        format!("0{digits}")
    } else {
        digits.to_owned()
    };
    format!("{sign}{digits}")
}

fn truth(text: &str) -> String {
    match narrow(text).to_ascii_lowercase().as_str() {
        "true" | "是" | "有" | "yes" | "y" | "对" => "true".into(),
        "false" | "否" | "没有" | "无" | "不是" | "no" | "n" => "false".into(),
        other => other.to_owned(),
    }
}

/// `1946年9月15日`, `1946.9.15`, `19460915` are 1946-09-15.
fn day(text: &str) -> String {
    let narrow = narrow(text);
    let parts: Vec<&str> =
        narrow.split(['年', '月', '日', '.', '/', '-']).filter(|part| !part.is_empty()).collect();
    let digits = |part: &&str| part.bytes().all(|b| b.is_ascii_digit());
    match parts[..] {
        [year, month, day] if parts.iter().all(digits) && year.len() == 4 => {
            format!("{year}-{month:0>2}-{day:0>2}")
        }
        [whole] if whole.len() == 8 && digits(&whole) => {
            format!("{}-{}-{}", &whole[..4], &whole[4..6], &whole[6..])
        }
        _ => narrow,
    }
}

/// What is wanted, in plain words.
fn wrong(asking: &Asking, fact: FactId, at: &str) -> FieldError {
    let of = &asking.schema().facts[fact.0];
    let (low, high) = of.range;
    let (zh, en) = match of.ty {
        Type::Bool | Type::Enum(_) => ("请选一项。".to_owned(), "Choose one of the answers.".to_owned()),
        Type::Money(_) => {
            let (low_zh, low_en) = match low {
                0 => ("没有填 0".to_owned(), "0 for none".to_owned()),
                _ => (format!("最少 {}", Money::from_fen(low)), format!("at least {}", Money::from_fen(low))),
            };
            let most = Money::from_fen(high);
            (
                format!("请填数字，例如 1450 或 1450.50；{low_zh}，最多 {most}。"),
                format!("Write a number such as 1450 or 1450.50; {low_en}, at most {most}."),
            )
        }
        Type::Count | Type::Age | Type::Months => {
            (format!("请填整数，{low} 到 {high}。"), format!("Write a whole number from {low} to {high}."))
        }
        Type::Date => {
            ("请填日期，例如 1946年9月15日。".to_owned(), "Write a day such as 1946-09-15.".to_owned())
        }
        Type::Text => (
            format!("请写得短一些，最多 {WORDS} 个字，不要用特殊符号。"),
            format!("Keep it short, at most {WORDS} characters and no special signs."),
        ),
        Type::ResidentId => (
            "请照身份证填 18 位号码，最后一位可能是 X。".to_owned(),
            "Write the 18 characters as on the card; the last may be X.".to_owned(),
        ),
        Type::Rate(_) => ("请填比例，例如 20%。".to_owned(), "Write a rate such as 20%.".to_owned()),
    };
    FieldError { at: at.to_owned(), zh, en }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_plainly_meant_is_taken() {
        for (text, read) in [
            ("１，４５０ 元", "1450"),
            ("1,450.50", "1450.50"),
            ("007", "7"),
            ("0", "0"),
            ("00", "0"),
            (".5", "0.5"),
            ("-200", "-200"),
            ("３人", "3"),
            ("￥80块", "80"),
        ] {
            assert_eq!(number(text), read, "{text}");
        }
        for (text, read) in [
            ("1946年9月15日", "1946-09-15"),
            ("1946.9.15", "1946-09-15"),
            ("１９４６０９１５", "1946-09-15"),
            ("1946/09/15", "1946-09-15"),
            ("九月", "九月"),
        ] {
            assert_eq!(day(text), read, "{text}");
        }
        assert_eq!(
            (truth(" 是 "), truth("没有"), truth("也许")),
            ("true".into(), "false".into(), "也许".into())
        );
    }
}
