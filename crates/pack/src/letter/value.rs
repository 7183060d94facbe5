//! The values a letter is filled with: a map that holds of each field only what its type allows.
use super::field::{Field, Kind};
use anmin_base::date::Date;
use anmin_base::document::Lang;
use anmin_base::money::Money;
use anmin_base::rate::Exact;
use anmin_casework::kinds::{Exception, Outcome};
use anmin_casework::workflow::Unit;
use std::collections::BTreeMap;
use std::fmt;

/// A value of a letter field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// Words.
    Text(Words),
    /// Yes or no.
    Flag(bool),
    /// A civil date.
    Date(Date),
    /// Whole fen.
    Money(Money),
    /// How many.
    Count(u64),
    /// An exact share.
    Rate(Exact),
    /// So many days, working days or months.
    Period(Unit, u32),
    /// The name of one of the field's choices.
    Choice(&'static str),
    /// A list of words.
    Texts(Vec<Words>),
    /// A list of rows.
    Rows(Vec<Row>),
}

/// An element of a list: values by the names of its columns.
pub type Row = Vec<(&'static str, Value)>;

/// Words that are the same in both languages, as a name is, or said in each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Words {
    /// A name, a number, or what somebody wrote.
    Same(String),
    /// A label of the pack.
    Both {
        /// Chinese.
        zh: String,
        /// English.
        en: String,
    },
}

impl Words {
    /// In a language.
    pub fn of(&self, lang: Lang) -> &str {
        match self {
            Words::Same(text) => text,
            Words::Both { zh, en } => lang.of(zh, en),
        }
    }
    /// In one of the languages nothing would be written.
    fn is_blank(&self) -> bool {
        Lang::ALL.iter().any(|lang| self.of(*lang).trim().is_empty())
    }
}

impl From<&str> for Words {
    fn from(text: &str) -> Self {
        Words::Same(text.to_owned())
    }
}

impl From<(&str, &str)> for Words {
    fn from((zh, en): (&str, &str)) -> Self {
        Words::Both { zh: zh.to_owned(), en: en.to_owned() }
    }
}

macro_rules! value_from {
    ($($from:ty => $value:expr),+ $(,)?) => { $(
        impl From<$from> for Value {
            fn from(from: $from) -> Self {
                let make: fn($from) -> Value = $value;
                make(from)
            }
        }
    )+ };
}

value_from! {
    &str => |v| Value::Text(v.into()),
    (&str, &str) => |v| Value::Text(v.into()),
    Words => Value::Text,
    bool => Value::Flag,
    Date => Value::Date,
    Money => Value::Money,
    Exact => Value::Rate,
    Outcome => |v| Value::Choice(v.name()),
    Exception => |v| Value::Choice(Exception::ALL.iter().find(|(_, e)| *e == v).map_or("", |(name, _)| name)),
    Vec<Words> => Value::Texts,
    Vec<Row> => Value::Rows,
}

impl Value {
    /// Nothing would be written: blank words, an empty list, or a list with a blank in it. As good as absent.
    fn is_blank(&self) -> bool {
        match self {
            Value::Text(words) => words.is_blank(),
            Value::Texts(items) => items.is_empty() || items.iter().any(Words::is_blank),
            Value::Rows(rows) => rows.is_empty(),
            _ => false,
        }
    }

    /// Whether it is of a type; rows may leave columns out, and have no other.
    fn is(&self, kind: Kind) -> bool {
        match (self, kind) {
            (Value::Text(_), Kind::Text)
            | (Value::Flag(_), Kind::Flag)
            | (Value::Date(_), Kind::Date)
            | (Value::Money(_), Kind::Money)
            | (Value::Count(_), Kind::Count)
            | (Value::Rate(_), Kind::Rate)
            | (Value::Period(..), Kind::Period)
            | (Value::Texts(_), Kind::Texts(_)) => true,
            (Value::Choice(name), Kind::Choice(choices)) => choices.iter().any(|c| c.name == *name),
            (Value::Rows(rows), Kind::Rows(_, columns)) => rows.iter().flatten().all(|(name, value)| {
                columns.iter().any(|column| column.name == *name && value.is(column.kind))
            }),
            _ => false,
        }
    }

    /// The words for what it is.
    fn words(&self) -> (&'static str, &'static str) {
        match self {
            Value::Text(_) => Kind::Text.words(),
            Value::Flag(_) => Kind::Flag.words(),
            Value::Date(_) => Kind::Date.words(),
            Value::Money(_) => Kind::Money.words(),
            Value::Count(_) => Kind::Count.words(),
            Value::Rate(_) => Kind::Rate.words(),
            Value::Period(..) => Kind::Period.words(),
            Value::Choice(_) => Kind::Choice(&[]).words(),
            Value::Texts(_) => Kind::Texts("").words(),
            Value::Rows(_) => Kind::Rows("", &[]).words(),
        }
    }
}

/// What is known of the case a letter is about. A field that is not set is absent; there are no defaults.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fields {
    values: BTreeMap<Field, Value>,
}

/// A value that is not of its field's type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unfit {
    /// The field.
    pub field: Field,
    /// What was given for it.
    pub value: Value,
}

impl Unfit {
    /// What is wrong, in Chinese.
    pub fn zh(&self) -> String {
        let (wanted, found) = (self.field.rule().kind.words().0, self.value.words().0);
        format!("{} 应为{wanted}，给的是不合适的{found}", self.field.path())
    }
    /// In English.
    pub fn en(&self) -> String {
        let (wanted, found) = (self.field.rule().kind.words().1, self.value.words().1);
        format!("{} is {wanted}; what was given is {found} that does not fit", self.field.path())
    }
}

impl fmt::Display for Unfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.en())
    }
}

impl std::error::Error for Unfit {}

impl Fields {
    /// Nothing known yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets a field, in place of what it held.
    ///
    /// # Errors
    /// The value is of another type, a choice the field does not have, or has a column the list does not have.
    pub fn set(&mut self, field: Field, value: impl Into<Value>) -> Result<&mut Self, Unfit> {
        let value = value.into();
        if !value.is(field.rule().kind) {
            return Err(Unfit { field, value });
        }
        self.values.insert(field, value);
        Ok(self)
    }

    /// Takes a field away.
    pub fn clear(&mut self, field: Field) -> &mut Self {
        self.values.remove(&field);
        self
    }

    /// The value of a field, unless it is absent or blank.
    pub fn get(&self, field: Field) -> Option<&Value> {
        self.values.get(&field).filter(|value| !value.is_blank())
    }

    /// Whether a field has something to write.
    pub fn given(&self, field: Field) -> bool {
        self.get(field).is_some()
    }
}

/// The value in a column of a row, unless it is absent or blank.
pub(super) fn cell<'r>(row: &'r Row, column: &str) -> Option<&'r Value> {
    row.iter().find(|(name, _)| *name == column).map(|(_, value)| value).filter(|value| !value.is_blank())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_takes_only_its_type() {
        let mut fields = Fields::new();
        fields.set(Field::Deadline, Date::ymd(2026, 9, 1)).expect("a date");
        let wrong = fields.set(Field::Deadline, "明天").expect_err("no date");
        assert_eq!(wrong.en(), "deadline is a date; what was given is text that does not fit");
        assert_eq!(wrong.zh(), "deadline 应为日期，给的是不合适的文字");
        assert_eq!(fields.get(Field::Deadline), Some(&Value::Date(Date::ymd(2026, 9, 1))));
        assert!(fields.set(Field::DecisionOutcome, Exception::Death).is_err());
        fields.set(Field::DecisionOutcome, Outcome::Refuse).expect("an outcome");
        let row = |name, value: &str| vec![vec![(name, Value::from(value))]];
        assert!(fields.set(Field::DecisionReasons, row("text", "收入超过标准")).is_ok());
        assert!(fields.set(Field::DecisionReasons, row("words", "收入超过标准")).is_err());
    }

    #[test]
    fn what_is_blank_is_not_given() {
        let mut fields = Fields::new();
        for (field, value) in [
            (Field::RecipientName, Value::from("  ")),
            (Field::Programme, Value::from(("低保", ""))),
            (Field::Missing, Value::Texts(vec![])),
            (Field::Missing, Value::Texts(vec!["户口簿".into(), "".into()])),
            (Field::DecisionReasons, Value::Rows(vec![])),
        ] {
            fields.set(field, value).expect("of the type");
            assert!(!fields.given(field), "{}", field.path());
        }
        assert!(fields.set(Field::Persons, Value::Count(0)).expect("a count").given(Field::Persons));
    }
}
