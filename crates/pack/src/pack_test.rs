//! A pack's own tests: a household, a date, what the rules must answer. Read here, run by whoever has the
//! evaluator.
use crate::yaml::Node;
use anmin_base::date::Date;
use anmin_rules::model::{Citation, Place, VariableId};

/// One test.
#[derive(Clone, Debug)]
pub struct PackTest {
    /// Its name: the rule it shows, in words.
    pub name: String,
    /// Where it stands.
    pub place: Place,
    /// The date whose rules hold.
    pub on: Date,
    /// The region under whose chain it runs; none for the pack alone.
    pub region: Option<String>,
    /// The articles it exercises.
    pub law: Vec<Citation>,
    /// The household, in the form of a household file.
    pub household: Node,
    /// What must come out.
    pub expect: Vec<Expectation>,
}

/// One thing a test expects.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expectation {
    /// As written: `eligible`, `amount`, a variable's path, `missing` or `reason`.
    pub path: String,
    /// Where its value stands.
    pub place: Place,
    /// What it must be.
    pub value: Expected,
}

/// What a result must be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expected {
    /// A root variable's value in stored form; none: unknown.
    Value(VariableId, Option<i64>),
    /// A member variable's value for each element, in the household's order.
    Each(VariableId, Vec<Option<i64>>),
    /// The facts that could settle the answer, exactly these, in any order.
    Missing(Vec<String>),
    /// The reason: the enum value, or the `because` in either language, of the decision's reason.
    Reason(String),
}
