//! A value: its kind, its bounds, and the facts that could settle it.
use super::interval::{FALSE, Interval, TRUE};
use super::kind::Kind;
use anmin_rules::model::{CollectionId, FactId};
use std::collections::BTreeSet;

/// Something nobody has answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Missing {
    /// A fact; of the element with this index, for a collection's fact.
    Fact(FactId, Option<usize>),
    /// A list that was not given.
    Collection(CollectionId),
}

/// What an expression has for one household.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Value {
    pub kind: Kind,
    pub bounds: Interval,
    /// What is unknown in it; empty exactly when the bounds are equal.
    pub missing: BTreeSet<Missing>,
}

impl Value {
    /// A value computed from parts: what they miss matters only if the whole is unknown.
    pub fn new(kind: Kind, bounds: Interval, parts: impl IntoIterator<Item = Missing>) -> Self {
        let missing = match bounds.is_known() {
            true => BTreeSet::new(),
            false => parts.into_iter().collect(),
        };
        Value { kind, bounds, missing }
    }

    /// A value without unknown parts.
    pub fn known(kind: Kind, bounds: Interval) -> Self {
        assert!(bounds.is_known(), "{bounds:?} is not known");
        Value::new(kind, bounds, [])
    }

    /// The result of an operation with one operand.
    pub fn map(self, kind: Kind, op: impl Fn(Interval) -> Interval) -> Self {
        Value::new(kind, op(self.bounds), self.missing)
    }

    /// The result of an operation with two operands.
    pub fn with(self, other: Value, kind: Kind, op: impl Fn(Interval, Interval) -> Interval) -> Self {
        let bounds = op(self.bounds, other.bounds);
        Value::new(kind, bounds, self.missing.into_iter().chain(other.missing))
    }

    pub fn is_true(&self) -> bool {
        assert_eq!(self.kind, Kind::Bool);
        self.bounds == TRUE
    }

    pub fn is_false(&self) -> bool {
        assert_eq!(self.kind, Kind::Bool);
        self.bounds == FALSE
    }

    /// `c ? a : b`: the branch taken if the condition is known, otherwise the hull of both. The branch not taken is
    /// not even looked at.
    pub fn choose(self, a: impl FnOnce() -> Value, b: impl FnOnce() -> Value) -> Value {
        if self.is_true() {
            return a();
        }
        if self.is_false() {
            return b();
        }
        let (a, b) = (a(), b());
        let kind = a.kind.same(b.kind);
        let parts = self.missing.into_iter().chain(a.missing).chain(b.missing);
        Value::new(kind, a.bounds.hull(b.bounds), parts)
    }
}
