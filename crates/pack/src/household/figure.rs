//! One value as written by a person: read exactly, or refused with what to write instead.
use crate::finding::{Finding, did_you_mean, excerpt};
use crate::value;
use crate::yaml::{Node, keyboard};
use anmin_base::date::Date;
use anmin_base::half_width::half_width;
use anmin_base::money::Money;
use anmin_base::resident_id::ResidentId;
use anmin_rules::model::{EnumType, Fact, Schema, Type};

/// A sentence in Chinese and in English.
type Sentence = (String, String);

/// Why a value was not read.
enum Wrong {
    /// A number beyond every range; below all of them if negative.
    Beyond { negative: bool },
    /// What the sentence says.
    Said(Sentence),
}

impl From<Sentence> for Wrong {
    fn from(sentence: Sentence) -> Self {
        Wrong::Said(sentence)
    }
}

pub(super) fn is_text(ty: Type) -> bool {
    matches!(ty, Type::Text | Type::ResidentId)
}

pub(super) fn is_resident_id(ty: Type) -> bool {
    ty == Type::ResidentId
}

/// The stored form of a value of a fact that is no text, within its range.
pub(super) fn read(schema: &Schema, fact: &Fact, node: &Node) -> Result<i64, Finding> {
    let text = node.as_text()?;
    let name = (&fact.label.zh, &fact.label.en, &fact.name);
    let refuse = |(zh, en): Sentence| {
        let (label_zh, label_en, name) = name;
        Finding::error(
            node.place,
            format!("“{label_zh}”（{name}）{zh}"),
            format!("\"{label_en}\" ({name}) {en}"),
        )
    };
    let (low, high) = fact.range;
    let shown = excerpt(text);
    let (zh, en) = match stored(schema, fact.ty, text) {
        Err(Wrong::Said(sentence)) => {
            // `{relation: head，wage：1}`: a full-width comma does not end the value.
            let slip = keyboard::in_line(text).filter(|_| fact.ty != Type::Date);
            return Err(refuse(sentence).and(slip));
        }
        Err(Wrong::Beyond { negative: false }) => {
            (format!("“{shown}”太大"), format!("\"{shown}\" is too large"))
        }
        Ok(stored) if matches!(fact.ty, Type::Bool | Type::Enum(_)) || (low..=high).contains(&stored) => {
            return Ok(stored);
        }
        Err(Wrong::Beyond { negative: true }) | Ok(..0) if low == 0 && fact.ty != Type::Date => {
            ("不能为负".to_owned(), "cannot be negative".to_owned())
        }
        _ => ("超出范围".to_owned(), "is out of range".to_owned()),
    };
    let (low_zh, low_en) = in_words(fact.ty, low, false);
    let (high_zh, high_en) = in_words(fact.ty, high, true);
    Err(refuse((
        format!("{zh}，允许 {low_zh} 到 {high_zh}"),
        format!("{en}; {low_en} to {high_en} is allowed"),
    )))
}

fn stored(schema: &Schema, ty: Type, text: &str) -> Result<i64, Wrong> {
    match ty {
        Type::Bool => Ok(boolean(text)?),
        Type::Date => Ok(date(text).map(|d| i64::from(d.days()))?),
        Type::Enum(id) => Ok(named(&schema.enums[id.0], text)?),
        Type::Money(_) | Type::Rate(_) | Type::Count | Type::Age | Type::Months => number(ty, text),
        Type::Text | Type::ResidentId => unreachable!("texts are read apart"),
    }
}

/// `true` or `false`, and nothing that could be meant by either.
fn boolean(text: &str) -> Result<i64, Sentence> {
    let shown = excerpt(text);
    let narrow = keyboard::narrow(text);
    let instead = match narrow.as_deref().unwrap_or(text) {
        "true" if narrow.is_none() => return Ok(1),
        "false" if narrow.is_none() => return Ok(0),
        "true" | "false" => narrow.as_deref().unwrap_or_default(),
        "是" | "有" | "对" | "真" | "yes" | "Yes" | "YES" | "y" | "on" | "1" | "True" | "TRUE" => "true",
        "否" | "无" | "没有" | "不是" | "假" | "no" | "No" | "NO" | "n" | "off" | "0" | "False" | "FALSE" => {
            "false"
        }
        _ => {
            return Err((
                format!("不能是“{shown}”，请写 true（是）或 false（否）"),
                format!("cannot be \"{shown}\"; write true or false"),
            ));
        }
    };
    Err((format!("“{shown}”请写成 {instead}"), format!("write {instead} instead of \"{shown}\"")))
}

/// A value of an enum, by its name or, where no name fits, by its whole Chinese label.
fn named(of: &EnumType, text: &str) -> Result<i64, Sentence> {
    let by_name = |name: &str| of.values.iter().find(|v| v.name == name);
    if let Some(value) = by_name(text).or_else(|| of.values.iter().find(|v| v.label.zh == text)) {
        return Ok(value.code);
    }
    if let Some(value) = keyboard::narrow(text).and_then(|narrow| by_name(&narrow)) {
        let (shown, name) = (excerpt(text), &value.name);
        return Err((
            format!("不能是“{shown}”：请用半角字母，写成 {name}"),
            format!("cannot be \"{shown}\": use half-width letters: {name}"),
        ));
    }
    let shown = excerpt(text);
    let list_zh: Vec<_> = of.values.iter().map(|v| format!("{}（{}）", v.name, v.label.zh)).collect();
    let list_en: Vec<_> = of.values.iter().map(|v| v.name.as_str()).collect();
    let by_code = of.values.iter().find(|v| v.code.to_string() == text);
    let (near_zh, near_en) = match by_code {
        Some(value) => (
            format!("，请写名称 {}，不写代码", value.name),
            format!("; write the name {}, not the code", value.name),
        ),
        None => did_you_mean(text, of.values.iter().flat_map(|v| [v.name.as_str(), v.label.zh.as_str()])),
    };
    Err((
        format!("不能是“{shown}”{near_zh}。可用：{}", list_zh.join("、")),
        format!("cannot be \"{shown}\"{near_en}. Allowed: {}", list_en.join(", ")),
    ))
}

/// An exact number in the units of its type.
fn number(ty: Type, text: &str) -> Result<i64, Wrong> {
    let shown = excerpt(text);
    let (scale, form) = match ty {
        Type::Rate(den) => (den, ("比率写作 35%、0.35 或 1/3", "a rate is written 35%, 0.35 or 1/3")),
        Type::Money(_) => {
            (100, ("金额以元书写，如 1450 或 1450.50", "money is written in yuan, such as 1450 or 1450.50"))
        }
        _ => (1, ("应写整数", "is a whole number")),
    };
    let plain = !matches!(ty, Type::Rate(_));
    let beyond = || Wrong::Beyond { negative: text.starts_with('-') };
    if value::is_huge(text) {
        return Err(beyond());
    }
    let Some(exact) = value::exact(text).filter(|_| !plain || !text.contains(['/', '%'])) else {
        let (zh, en) = slip(text).unwrap_or_else(|| (form.0.to_owned(), form.1.to_owned()));
        return Err(Wrong::Said((format!("不能是“{shown}”：{zh}"), format!("cannot be \"{shown}\": {en}"))));
    };
    if let Some(short) = value::without_leading_zeros(text).filter(|_| plain) {
        return Err(Wrong::Said((
            format!("“{shown}”不要以 0 开头，写 {short}"),
            format!("\"{shown}\" begins with a needless 0; write {short}"),
        )));
    }
    let scaled = exact.numerator().checked_mul(scale).ok_or_else(beyond)?;
    if scaled % exact.denominator() == 0 {
        return Ok(scaled / exact.denominator());
    }
    Err(Wrong::Said(match ty {
        Type::Rate(den) => (format!("“{shown}”细于 1/{den}"), format!("\"{shown}\" is finer than 1/{den}")),
        Type::Money(_) => (
            format!("“{shown}”细于一分，最多两位小数"),
            format!("\"{shown}\" is finer than a fen; at most two decimals"),
        ),
        _ => (format!("“{shown}”不是整数"), format!("\"{shown}\" is not a whole number")),
    }))
}

/// What a number written as people write it should look like.
fn slip(text: &str) -> Option<Sentence> {
    let narrow: String = text.chars().map(half_width).collect();
    if narrow != text && value::exact(&narrow).is_some() {
        return Some((format!("请用半角数字，写成 {narrow}"), format!("use half-width digits: {narrow}")));
    }
    let ungrouped: String = narrow.chars().filter(|c| !matches!(c, ',' | ' ' | '_')).collect();
    if ungrouped != narrow && value::exact(&ungrouped).is_some() {
        return Some((
            format!("不要写千位分隔符，写成 {ungrouped}"),
            format!("leave out the separators: {ungrouped}"),
        ));
    }
    let bare = ungrouped.trim_start_matches(['¥', '￥']).trim_end_matches("元");
    if bare != ungrouped && value::exact(bare).is_some() {
        return Some((format!("只写数字，写成 {bare}"), format!("write the number alone: {bare}")));
    }
    if let Some(ten_thousands) = bare.strip_suffix('万').and_then(value::exact)
        && let Some(yuan) = ten_thousands.numerator().checked_mul(10_000)
        && yuan % ten_thousands.denominator() == 0
    {
        let yuan = yuan / ten_thousands.denominator();
        return Some((format!("不要用“万”，写成 {yuan}"), format!("write it in full: {yuan}")));
    }
    None
}

/// A civil date.
pub(super) fn date(text: &str) -> Result<Date, Sentence> {
    let error = match text.parse::<Date>() {
        Ok(date) => return Ok(date),
        Err(error) => error,
    };
    let narrow: String = text.chars().map(half_width).collect();
    let digits: Vec<&str> = narrow.split(|c: char| !c.is_ascii_digit()).filter(|p| !p.is_empty()).collect();
    let parts = match digits.as_slice() {
        [all] if all.len() == 8 => vec![&all[..4], &all[4..6], &all[6..]],
        parts => parts.to_vec(),
    };
    if let [year, month, day] = parts.as_slice()
        && let Ok(meant) = format!("{year}-{month:0>2}-{day:0>2}").parse::<Date>()
    {
        return Err((format!("日期请写成 {meant}"), format!("write the date as {meant}")));
    }
    let plain = |sentence: String| sentence.trim_end_matches(['。', '.']).to_owned();
    Err((plain(error.zh()), plain(error.en())))
}

/// An identity number in its 18-character form. The sentences do not repeat it.
pub(super) fn resident_id(text: &str) -> Result<String, Sentence> {
    match text.parse::<ResidentId>() {
        Ok(number) => Ok(number.reveal().to_owned()),
        Err(error) => Err((error.zh(), error.en())),
    }
}

/// A bound as people say it; the unit stands after the upper one.
fn in_words(ty: Type, stored: i64, with_unit: bool) -> Sentence {
    let (text, unit_zh, unit_en) = match ty {
        Type::Money(_) => {
            let grouped = Money::from_fen(stored).grouped();
            (grouped.strip_suffix(".00").unwrap_or(&grouped).to_owned(), " 元", " yuan")
        }
        Type::Age => (stored.to_string(), " 岁", " years"),
        Type::Months => (stored.to_string(), " 个月", " months"),
        Type::Rate(den) => (rate_in_words(stored, den), "", ""),
        Type::Date => (
            i32::try_from(stored).map_or_else(|_| stored.to_string(), |d| Date::from_days(d).to_string()),
            "",
            "",
        ),
        _ => (stored.to_string(), "", ""),
    };
    match with_unit {
        true => (format!("{text}{unit_zh}"), format!("{text}{unit_en}")),
        false => (text.clone(), text),
    }
}

fn rate_in_words(stored: i64, den: i64) -> String {
    match stored.checked_mul(100) {
        Some(percent) if percent % den == 0 => format!("{}%", percent / den),
        _ => format!("{stored}/{den}"),
    }
}
