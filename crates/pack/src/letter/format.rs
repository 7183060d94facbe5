//! The closed list of formats, and writing a value in one.
use super::field::Kind;
use super::value::Value;
use anmin_base::document::Lang;
use anmin_casework::workflow::Unit;

/// How a placeholder writes its value: `{deadline|date}`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// `2026年9月1日`, `1 September 2026`.
    Date,
    /// `2026年9月`, `September 2026`.
    Month,
    /// `1,234.56元`, `1,234.56 yuan`.
    Money,
    /// Capital numerals, `壹仟贰佰叁拾肆元伍角陆分`: in Chinese only.
    MoneyWords,
    /// `12,345`.
    Number,
    /// `35%`.
    Percent,
    /// `60日`, `60 days`.
    Period,
    /// `甲、乙、丙`; `a, b and c`.
    List,
}

impl Format {
    /// All, with their names in letters.
    pub const ALL: [(&'static str, Format); 8] = [
        ("date", Format::Date),
        ("month", Format::Month),
        ("money", Format::Money),
        ("money_words", Format::MoneyWords),
        ("number", Format::Number),
        ("percent", Format::Percent),
        ("period", Format::Period),
        ("list", Format::List),
    ];

    /// Its name in letters.
    pub fn name(self) -> &'static str {
        Format::ALL.iter().find(|(_, format)| *format == self).map_or("", |(name, _)| name)
    }

    /// The formats of a type, the usual one first; text and choices have none. None: the type cannot stand in a text.
    pub fn of(kind: Kind) -> Option<&'static [Format]> {
        Some(match kind {
            Kind::Text | Kind::Choice(_) => &[],
            Kind::Date => &[Format::Date, Format::Month],
            Kind::Money => &[Format::Money, Format::MoneyWords],
            Kind::Count => &[Format::Number],
            Kind::Rate => &[Format::Percent],
            Kind::Period => &[Format::Period],
            Kind::Texts(_) => &[Format::List],
            Kind::Flag | Kind::Rows(..) => return None,
        })
    }
}

/// A value of a type in words; none where the type cannot stand in a text, or the value is not of it.
pub(super) fn write(value: &Value, kind: Kind, format: Option<Format>, lang: Lang) -> Option<String> {
    Some(match (value, kind) {
        (Value::Text(words), _) => words.of(lang).to_owned(),
        (Value::Date(date), _) => match format {
            Some(Format::Month) => lang.month(*date),
            _ => lang.date(*date),
        },
        (Value::Money(money), _) => match format {
            Some(Format::MoneyWords) => money.uppercase(),
            _ => lang.money(*money),
        },
        (Value::Count(count), _) => lang.number(*count),
        (Value::Rate(share), _) => lang.percent(*share),
        (Value::Period(unit, length), _) => period(*unit, *length, lang),
        (Value::Choice(name), Kind::Choice(choices)) => {
            let choice = choices.iter().find(|choice| choice.name == *name)?;
            lang.of(choice.zh, choice.en).to_owned()
        }
        (Value::Texts(items), _) => {
            let items: Vec<&str> = items.iter().map(|words| words.of(lang)).collect();
            lang.list(&items)
        }
        (Value::Flag(_) | Value::Choice(_) | Value::Rows(_), _) => return None,
    })
}

fn period(unit: Unit, length: u32, lang: Lang) -> String {
    let number = lang.number(length.into());
    let (zh, en) = match unit {
        Unit::Working => ("个工作日", "working day"),
        Unit::Calendar => ("日", "day"),
        Unit::Months => ("个月", "month"),
    };
    let s = if length == 1 { "" } else { "s" };
    lang.of(format!("{number}{zh}"), format!("{number} {en}{s}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use anmin_base::date::Date;
    use anmin_base::money::Money;

    #[test]
    fn each_type_is_written_in_its_formats() {
        let day = Value::Date(Date::ymd(2026, 9, 1));
        let money = Value::Money(Money::from_fen(123_456));
        let texts = Value::Texts(vec!["甲".into(), "乙".into(), "丙".into()]);
        for (value, kind, format, zh, en) in [
            (&day, Kind::Date, None, "2026年9月1日", "1 September 2026"),
            (&day, Kind::Date, Some(Format::Month), "2026年9月", "September 2026"),
            (&money, Kind::Money, Some(Format::Money), "1,234.56元", "1,234.56 yuan"),
            (
                &money,
                Kind::Money,
                Some(Format::MoneyWords),
                "壹仟贰佰叁拾肆元伍角陆分",
                "壹仟贰佰叁拾肆元伍角陆分",
            ),
            (&Value::Count(1200), Kind::Count, None, "1,200", "1,200"),
            (&Value::Period(Unit::Calendar, 60), Kind::Period, None, "60日", "60 days"),
            (&Value::Period(Unit::Months, 1), Kind::Period, None, "1个月", "1 month"),
            (&Value::Period(Unit::Working, 5), Kind::Period, None, "5个工作日", "5 working days"),
            (&texts, Kind::Texts("paper"), Some(Format::List), "甲、乙、丙", "甲, 乙 and 丙"),
        ] {
            assert_eq!(write(value, kind, format, Lang::Zh).as_deref(), Some(zh));
            assert_eq!(write(value, kind, format, Lang::En).as_deref(), Some(en));
        }
        assert_eq!(write(&Value::Flag(true), Kind::Flag, None, Lang::Zh), None);
    }
}
