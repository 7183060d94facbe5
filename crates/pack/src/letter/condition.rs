//! When a block is there: a condition over letter fields.
//!
//! Written in the notation of rules, with `given(x)` for "there is something to write". It compares names and asks
//! for presence and nothing else, so it is no second meaning of the rule language: there is no arithmetic, no order
//! and no unknown in it. A field that is compared and absent is missing, never "other than that".
use super::field::Field;
use super::value::{Fields, Value};

/// A condition, checked: its fields are of the types it asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Condition {
    /// There is something to write.
    Given(Field),
    /// The flag is set.
    Holds(Field),
    /// The choice is one of these.
    Is(Field, Vec<&'static str>),
    /// It does not hold.
    Not(Box<Condition>),
    /// Both hold; the second is not looked at where the first does not.
    Both(Box<Condition>, Box<Condition>),
    /// One holds; the second is not looked at where the first does.
    Either(Box<Condition>, Box<Condition>),
}

impl Condition {
    /// Whether it holds.
    ///
    /// # Errors
    /// The field that would have to be known.
    pub(super) fn holds(&self, fields: &Fields) -> Result<bool, Field> {
        Ok(match self {
            Condition::Given(field) => fields.given(*field),
            Condition::Holds(field) => fields.get(*field).ok_or(*field)? == &Value::Flag(true),
            Condition::Is(field, names) => match fields.get(*field).ok_or(*field)? {
                Value::Choice(name) => names.contains(name),
                _ => false,
            },
            Condition::Not(a) => !a.holds(fields)?,
            Condition::Both(a, b) => a.holds(fields)? && b.holds(fields)?,
            Condition::Either(a, b) => a.holds(fields)? || b.holds(fields)?,
        })
    }

    /// The fields it asks about.
    pub fn fields(&self) -> Vec<Field> {
        match self {
            Condition::Given(field) | Condition::Holds(field) | Condition::Is(field, _) => vec![*field],
            Condition::Not(a) => a.fields(),
            Condition::Both(a, b) | Condition::Either(a, b) => [a.fields(), b.fields()].concat(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use anmin_casework::kinds::Outcome;

    #[test]
    fn what_is_compared_must_be_known_unless_it_does_not_matter() {
        let is = |names: &[&'static str]| Condition::Is(Field::DecisionOutcome, names.to_vec());
        let given = Condition::Given(Field::DecisionOutcome);
        let guarded = Condition::Both(Box::new(given.clone()), Box::new(is(&["refuse"])));
        let either =
            Condition::Either(Box::new(Condition::Not(Box::new(given.clone()))), Box::new(is(&["grant"])));
        let mut fields = Fields::new();
        assert_eq!(is(&["refuse"]).holds(&fields), Err(Field::DecisionOutcome));
        assert_eq!(Condition::Holds(Field::ObjectionUpheld).holds(&fields), Err(Field::ObjectionUpheld));
        assert_eq!((given.holds(&fields), guarded.holds(&fields)), (Ok(false), Ok(false)));
        assert_eq!(either.holds(&fields), Ok(true));
        fields.set(Field::DecisionOutcome, Outcome::Refuse).expect("an outcome");
        assert_eq!((guarded.holds(&fields), either.holds(&fields)), (Ok(true), Ok(false)));
        assert_eq!(is(&["stop", "refuse"]).holds(&fields), Ok(true));
    }
}
