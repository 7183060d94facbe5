//! Values as written, read exactly: money in yuan, rates as `35%`, `0.35` or `1/3`, dates, names of enums.
//!
//! One reader for ranges, figures of the law, table cells and household files. No float anywhere.
use crate::finding::{Finding, excerpt};
use crate::yaml::{Node, Value};
use anmin_base::date::Date;
use anmin_base::money::Money;
use anmin_base::rate::RateError;
use anmin_rules::model::{EnumType, Exact, Type};

/// Reads `12`, `-3.50`, `35%` or `1/3` exactly, in lowest terms; none when it is no such number or too long
/// for 64 bits.
pub fn exact(text: &str) -> Option<Exact> {
    text.parse().ok()
}

/// Whether a text is a number of more digits before its point than 64 bits hold.
pub(crate) fn is_huge(text: &str) -> bool {
    let whole =
        text.trim_start_matches(['-', '0']).trim_end_matches('%').split('.').next().unwrap_or_default();
    let long = whole.len() > 15 && !whole.contains('/');
    long && text.parse::<Exact>() == Err(RateError::TooLarge)
}

/// A number without the zeros it begins with, if it begins with needless ones: `010` may be meant for eight or ten.
pub(crate) fn without_leading_zeros(text: &str) -> Option<String> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let sign = &text[..text.len() - digits.len()];
    let (zero, rest) = digits.split_at_checked(1)?;
    if zero != "0" || !rest.starts_with(|c: char| c.is_ascii_digit()) || exact(text).is_none() {
        return None;
    }
    let kept = rest.trim_start_matches('0');
    let zero = if kept.starts_with(|c: char| c.is_ascii_digit()) { "" } else { "0" };
    Some(format!("{sign}{zero}{kept}"))
}

/// The stored form of one value of a type (specification, section 2): fen, 1/den, days, codes.
///
/// # Errors
/// A finding at the node that says how such a value is written.
pub fn stored(ty: Type, enums: &[EnumType], node: &Node) -> Result<i64, Finding> {
    let wrong = |zh: String, en: String| Err(Finding::error(node.place, zh, en));
    let not_a_value = || {
        let (zh, en) = form(ty, enums);
        node.expected(&zh, &en)
    };
    let Value::Scalar { text, .. } = &node.value else {
        return Err(not_a_value());
    };
    let shown = excerpt(text);
    let scale = match ty {
        Type::Bool => {
            return match text.as_str() {
                "true" => Ok(1),
                "false" => Ok(0),
                _ => Err(not_a_value()),
            };
        }
        Type::Date => {
            return text.parse().map(|d: Date| i64::from(d.days())).map_err(|_| not_a_value());
        }
        Type::Enum(id) => {
            let values = &enums[id.0].values;
            return values.iter().find(|v| v.name == *text).map(|v| v.code).ok_or_else(|| {
                let known: Vec<&str> = values.iter().map(|v| v.name.as_str()).collect();
                let (zh, en) =
                    (format!("{} 的值", enums[id.0].name), format!("value of {}", enums[id.0].name));
                Finding::unknown(node.place, (&zh, &en), text, &known)
            });
        }
        Type::Text | Type::ResidentId => return Err(not_a_value()),
        Type::Count | Type::Age | Type::Months => 1,
        Type::Money(_) => 100,
        Type::Rate(denominator) => denominator,
    };
    let too_large = || {
        let [low, high] = [i64::MIN, i64::MAX].map(|bound| self::shown(ty, enums, bound));
        wrong(
            format!("{shown} 太大，只能是 {low} 到 {high}"),
            format!("{shown} is too large; {low} to {high} can be held"),
        )
    };
    if is_huge(text) {
        return too_large();
    }
    let exact = exact(text).ok_or_else(not_a_value)?;
    if !matches!(ty, Type::Rate(_)) {
        if text.contains(['/', '%']) {
            return Err(not_a_value());
        }
        if let Some(short) = without_leading_zeros(text) {
            return wrong(
                format!("{shown} 不要以 0 开头，写 {short}"),
                format!("{shown} begins with a needless 0; write {short}"),
            );
        }
    }
    match in_units(exact, scale) {
        Some(value) => Ok(value),
        None if exact.numerator().checked_mul(scale).is_none() => too_large(),
        None => match ty {
            Type::Money(_) => wrong(
                format!("{shown} 细于一分；金额以元书写，至多两位小数"),
                format!("{shown} is finer than a fen; money is written in yuan with at most two decimals"),
            ),
            Type::Rate(den) => wrong(
                format!(
                    "{shown} 细于 1/{den}；请声明合适的 den（例如 {}）",
                    fitting(den, exact.denominator())
                ),
                format!(
                    "{shown} is finer than 1/{den}; declare a den that fits (such as {})",
                    fitting(den, exact.denominator())
                ),
            ),
            _ => wrong(format!("{shown} 不是整数"), format!("{shown} is not a whole number")),
        },
    }
}

/// A stored value as it would be written in a file, for messages.
pub fn shown(ty: Type, enums: &[EnumType], value: i64) -> String {
    match ty {
        Type::Bool => (value != 0).to_string(),
        Type::Money(_) => Money::from_fen(value).to_string(),
        Type::Rate(den) => format!("{value}/{den}"),
        Type::Date => {
            i32::try_from(value).map_or_else(|_| value.to_string(), |d| Date::from_days(d).to_string())
        }
        Type::Enum(id) => enums[id.0]
            .values
            .iter()
            .find(|v| v.code == value)
            .map_or_else(|| value.to_string(), |v| v.name.clone()),
        Type::Count | Type::Age | Type::Months | Type::Text | Type::ResidentId => value.to_string(),
    }
}

/// How a value of a type is written, in Chinese and English.
pub fn form(ty: Type, enums: &[EnumType]) -> (String, String) {
    let (zh, en) = match ty {
        Type::Bool => ("true 或 false", "true or false"),
        Type::Count => ("整数", "a whole number"),
        Type::Age => ("整岁数", "a whole number of years"),
        Type::Months => ("整月数", "a whole number of months"),
        Type::Rate(_) => ("比率（如 35%、0.35 或 1/3）", "a rate (such as 35%, 0.35 or 1/3)"),
        Type::Date => ("日期（如 2026-11-23）", "a date (such as 2026-11-23)"),
        Type::Money(_) => ("以元书写的金额（如 1450 或 1450.50）", "money in yuan (such as 1450 or 1450.50)"),
        Type::Text => ("文字", "text"),
        Type::ResidentId => ("居民身份号码", "a resident identity number"),
        Type::Enum(id) => {
            let names: Vec<&str> = enums[id.0].values.iter().map(|v| v.name.as_str()).collect();
            return (format!("下列之一：{}", names.join("、")), format!("one of: {}", names.join(", ")));
        }
    };
    (zh.into(), en.into())
}

fn in_units(exact: Exact, scale: i64) -> Option<i64> {
    let scaled = exact.numerator().checked_mul(scale)?;
    (scaled % exact.denominator() == 0).then(|| scaled / exact.denominator())
}

/// The least multiple of `den` by which a fraction of `denominator` can be stored.
fn fitting(den: i64, denominator: i64) -> i64 {
    let divisor = greatest_common_divisor(den, denominator);
    (den / divisor).saturating_mul(denominator)
}

fn greatest_common_divisor(a: i64, b: i64) -> i64 {
    if b == 0 { a.max(1) } else { greatest_common_divisor(b, a % b) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use anmin_rules::model::Per;

    fn read(ty: Type, text: &str) -> Result<i64, String> {
        let file = format!("- '{text}'");
        let list = crate::yaml::read(0, file.as_bytes()).unwrap();
        stored(ty, &[], &list.as_list().unwrap()[0]).map_err(|f| f.en)
    }

    #[test]
    fn money_is_read_to_the_fen() {
        let money = Type::Money(Per::Month);
        for (text, fen) in
            [("1450", 145_000), ("0.05", 5), ("-0.5", -50), ("1450.50", 145_050), ("1.000", 100)]
        {
            assert_eq!(read(money, text), Ok(fen), "{text}");
        }
        assert!(read(money, "1.005").unwrap_err().contains("finer than a fen"));
        assert!(read(money, "99999999999999999.99").is_err());
        let huge = read(money, "999999999999999999999").unwrap_err();
        assert!(huge.contains("is too large; -92233720368547758.08 to 92233720368547758.07"), "{huge}");
        for (text, short) in [("010", "10"), ("-007.5", "-7.5"), ("00", "0"), ("00.5", "0.5")] {
            assert!(read(money, text).unwrap_err().ends_with(&format!("write {short}")), "{text}");
        }
        assert_eq!((read(money, "0.50"), read(money, "0")), (Ok(50), Ok(0)));
        for text in ["", "-", "1,450", "1e3", "+1", ".5", "5.", "35%", "1/3", "１", "0x10", "- 1"] {
            assert!(read(money, text).is_err(), "{text}");
        }
    }

    #[test]
    fn rates_are_exact_or_refused() {
        assert_eq!(read(Type::Rate(10_000), "35%"), Ok(3500));
        assert_eq!(read(Type::Rate(10_000), "0.35"), Ok(3500));
        assert_eq!(read(Type::Rate(3), "1/3"), Ok(1));
        assert_eq!(read(Type::Rate(10_000), "2/8"), Ok(2500));
        let finer = read(Type::Rate(10_000), "1/3").unwrap_err();
        assert_eq!(finer, "1/3 is finer than 1/10000; declare a den that fits (such as 30000)");
        assert!(read(Type::Rate(10_000), "1/0").is_err());
        assert!(read(Type::Rate(10_000), "1/3%").is_err());
    }

    #[test]
    fn dates_are_real_days() {
        for (text, days) in
            [("1970-01-01", 0), ("2000-02-29", 11_016), ("1900-01-01", -25_567), ("2100-12-31", 47_846)]
        {
            assert_eq!(read(Type::Date, text), Ok(days), "{text}");
        }
        for text in ["2001-02-29", "2026-13-01", "2026-1-1", "2026/01/01", "1900-02-29", "2026-00-10"] {
            assert!(read(Type::Date, text).is_err(), "{text}");
        }
    }

    #[test]
    fn counts_are_whole() {
        assert_eq!(read(Type::Count, "3"), Ok(3));
        assert_eq!(read(Type::Count, "3.0"), Ok(3));
        assert_eq!(read(Type::Count, "3.5").unwrap_err(), "3.5 is not a whole number");
        assert!(read(Type::Count, "010").unwrap_err().ends_with("write 10"));
        assert_eq!(read(Type::Bool, "true"), Ok(1));
        assert!(read(Type::Bool, "yes").is_err());
    }
}
