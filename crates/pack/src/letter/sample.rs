//! Made-up values for every field: to look at a letter while it is written, and to try letters in tests.
use super::field::{Column, FIELDS, Field, Kind};
use super::value::{Fields, Row, Value, Words};
use anmin_base::date::Date;
use anmin_base::money::Money;
use anmin_base::rate::Exact;
use anmin_casework::kinds::{Exception, Outcome};
use anmin_casework::workflow::Unit;

/// Every field given, for a decision of this outcome. Words are the field's own label. The exception, and who died,
/// are given only where there is one.
pub fn fields(outcome: Outcome, exception: Option<Exception>) -> Fields {
    let mut fields = Fields::new();
    for rule in FIELDS {
        // Of its type by construction; a test keeps it so.
        let _ = fields.set(rule.field, value(rule.kind, rule.zh, rule.en));
    }
    let _ = fields.set(Field::DecisionOutcome, outcome);
    fields.clear(Field::DecisionException);
    if let Some(exception) = exception {
        let _ = fields.set(Field::DecisionException, exception);
    }
    if exception != Some(Exception::Death) {
        fields.clear(Field::DeceasedName).clear(Field::DeceasedOn);
    }
    fields
}

fn value(kind: Kind, zh: &'static str, en: &'static str) -> Value {
    let words = || Words::from((zh, en));
    match kind {
        Kind::Text => Value::Text(words()),
        Kind::Flag => Value::Flag(true),
        Kind::Date => Value::Date(Date::ymd(2026, 9, 1)),
        Kind::Money => Value::Money(Money::from_fen(123_456)),
        Kind::Count => Value::Count(3),
        Kind::Rate => Value::Rate(Exact::new(1, 2).unwrap_or(Exact::ONE)),
        Kind::Period => Value::Period(Unit::Calendar, 30),
        Kind::Choice(choices) => Value::Choice(choices.first().map_or("", |choice| choice.name)),
        Kind::Texts(_) => Value::Texts(vec![words(), words()]),
        Kind::Rows(_, columns) => Value::Rows(vec![row(columns), row(columns)]),
    }
}

fn row(columns: &'static [Column]) -> Row {
    columns.iter().map(|column| (column.name, value(column.kind, column.zh, column.en))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_is_given_unless_there_is_no_such_thing() {
        let all = fields(Outcome::Stop, Some(Exception::Death));
        assert!(FIELDS.iter().all(|rule| all.given(rule.field)));
        let plain = fields(Outcome::Refuse, None);
        let absent: Vec<_> = FIELDS.iter().filter(|r| !plain.given(r.field)).map(|r| r.path).collect();
        assert_eq!(absent, ["decision.exception", "deceased.name", "deceased.on"]);
        assert_eq!(plain.get(Field::DecisionOutcome), Some(&Value::Choice("refuse")));
    }
}
