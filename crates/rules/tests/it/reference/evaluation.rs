//! Facts, parameters and variables of one household.
use super::household::Household;
use super::interval::{Interval, TRUE};
use super::kind::{Kind, natural};
use super::layers;
use super::value::{Missing, Value};
use anmin_base::date::Date;
use anmin_rules::model::{
    Body, Case, CellTest, CollectionId, Exact, FactId, Figure, Outcome, ParameterId, Per, Ruleset, Table,
    Type, VariableId,
};
use std::cell::RefCell;
use std::collections::HashMap;

/// An element of a collection; without an index, one of which nothing is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Element {
    pub collection: CollectionId,
    pub index: Option<usize>,
}

/// What an expression can see beside the root: one element, by one name.
#[derive(Clone, Copy, Debug)]
pub struct Scope<'a> {
    pub element: Option<(&'a str, Element)>,
}

/// A ruleset on a day for one household, or for one of which nothing is known.
pub struct Evaluation<'a> {
    pub(super) rules: &'a Ruleset,
    pub(super) on: Date,
    pub(super) household: Option<&'a Household>,
    nothing_known: Option<&'a Evaluation<'a>>,
    computed: RefCell<HashMap<(VariableId, Option<Element>), Value>>,
}

impl<'a> Evaluation<'a> {
    /// For a household of which nothing is known and no list is given: the bounds that hold for every household.
    pub fn of_nothing_known(rules: &'a Ruleset, on: Date) -> Self {
        let computed = RefCell::default();
        Evaluation { rules, on, household: None, nothing_known: None, computed }
    }

    /// For a household, by the law and the day of the one of which nothing is known.
    pub fn new(nothing_known: &'a Evaluation<'a>, household: &'a Household) -> Self {
        Evaluation {
            rules: nothing_known.rules,
            on: nothing_known.on,
            household: Some(household),
            nothing_known: Some(nothing_known),
            computed: RefCell::default(),
        }
    }

    /// The evaluation of which nothing is known.
    pub(super) fn of_every_household(&self) -> &Evaluation<'a> {
        self.nothing_known.unwrap_or(self)
    }

    /// A variable of the root, or of an element.
    pub fn variable(&self, id: VariableId, element: Option<Element>) -> Value {
        if let Some(value) = self.computed.borrow().get(&(id, element)) {
            return value.clone();
        }
        let variable = &self.rules.variables[id.0];
        assert_eq!(variable.of, element.map(|e| e.collection), "{}", variable.name);
        let scope = self.own_scope(element);
        let kind = Kind::of(variable.ty);
        let mut value = match layers::body(variable, self.on) {
            Body::Value(source) => self.eval(&source.expr, scope, Some(kind)),
            Body::Cases(cases) => {
                let otherwise = cases.otherwise.as_ref();
                self.first_case(&cases.cases, otherwise, scope, kind).expect("a case for all")
            }
            Body::Table(table) => self.first_row(table, 0, scope, kind).expect("a row for all"),
        };
        value.kind = kind.same(value.kind);
        self.computed.borrow_mut().insert((id, element), value.clone());
        value
    }

    /// The element under its collection's own name for one.
    fn own_scope(&self, element: Option<Element>) -> Scope<'a> {
        let named = |e: Element| (self.rules.schema.collections[e.collection.0].each.as_str(), e);
        Scope { element: element.map(named) }
    }

    /// Cases are nested choices: the first's outcome if it holds, else what the rest gives. `None` is a gap, which
    /// the load has proved away: what reaches it cannot happen.
    fn first_case(
        &self,
        cases: &[Case],
        otherwise: Option<&Outcome>,
        scope: Scope<'_>,
        kind: Kind,
    ) -> Option<Value> {
        let outcome = |o: &Outcome| self.eval(&o.then.expr, scope, Some(kind));
        let Some((case, rest)) = cases.split_first() else {
            return otherwise.map(outcome);
        };
        let when = self.eval(&case.when.expr, scope, Some(Kind::Bool));
        let rest = || self.first_case(rest, otherwise, scope, kind);
        choose_or_gap(when, || outcome(&case.outcome), rest)
    }

    /// The same of a table's rows from `row` on.
    fn first_row(&self, table: &Table, row: usize, scope: Scope<'_>, kind: Kind) -> Option<Value> {
        let outcome = |o: &Outcome| self.eval(&o.then.expr, scope, Some(kind));
        let Some(this) = table.rows.get(row) else {
            return table.otherwise.as_ref().map(outcome);
        };
        let mut when = Value::known(Kind::Bool, TRUE);
        for (cell, on) in this.cells.iter().zip(&table.on) {
            let column = self.eval(&on.expr, scope, None);
            when = when.with(self.cell(&cell.test, column), Kind::Bool, Interval::and);
        }
        let rest = || self.first_row(table, row + 1, scope, kind);
        choose_or_gap(when, || outcome(&this.outcome), rest)
    }

    /// Whether a column's value passes a cell.
    fn cell(&self, test: &CellTest, column: Value) -> Value {
        let kind = column.kind;
        match test {
            CellTest::Any => Value::known(Kind::Bool, TRUE),
            CellTest::Bool(wanted) => {
                column.map(Kind::Bool, |c| c.equal(Interval::whole(i64::from(*wanted))))
            }
            CellTest::OneOf(names) => {
                let codes: Vec<Interval> = names.iter().map(|n| self.symbol(n, kind).bounds).collect();
                column.map(Kind::Bool, |c| {
                    codes.iter().map(|code| c.equal(*code)).reduce(Interval::or).expect("a value")
                })
            }
            CellTest::Between { low, high } => column.map(Kind::Bool, |c| {
                let above = low.map_or(TRUE, |(low, included)| match (figure(low, kind), included) {
                    (low, true) => low.less_equal(c),
                    (low, false) => low.less(c),
                });
                let below = high.map_or(TRUE, |(high, included)| match (figure(high, kind), included) {
                    (high, true) => c.less_equal(high),
                    (high, false) => c.less(high),
                });
                above.and(below)
            }),
        }
    }

    /// A fact: the answer if there is one, its declared range if not, and `when_not` where it does not apply.
    pub fn fact(&self, id: FactId, element: Option<Element>) -> Value {
        let fact = &self.rules.schema.facts[id.0];
        assert_eq!(fact.of, element.map(|e| e.collection), "{}", fact.name);
        let kind = Kind::of(fact.ty);
        let bounds = |lo, hi| Interval::new(natural(fact.ty, lo), natural(fact.ty, hi));
        let own = || match self.answer(id, element) {
            Some(answer) => Value::known(kind, bounds(answer, answer)),
            None => {
                let missing = Missing::Fact(id, element.and_then(|e| e.index));
                Value::new(kind, bounds(fact.range.0, fact.range.1), [missing])
            }
        };
        let Some(applies) = &fact.applies else {
            return own();
        };
        let when_not = applies.when_not.expect("rules read only facts with a when_not");
        self.applies(id, element)
            .expect("has a condition")
            .choose(own, || Value::known(kind, bounds(when_not, when_not)))
    }

    /// The fact's `applies`, if it has one.
    pub fn applies(&self, id: FactId, element: Option<Element>) -> Option<Value> {
        let applies = self.rules.schema.facts[id.0].applies.as_ref()?;
        Some(self.eval(&applies.when.expr, self.own_scope(element), Some(Kind::Bool)))
    }

    fn answer(&self, id: FactId, element: Option<Element>) -> Option<i64> {
        let household = self.household?;
        match element {
            None => household.root[id.0],
            Some(e) => {
                let list = household.collections[e.collection.0].as_ref().expect("a given list");
                list[e.index.expect("an element of a household")][id.0]
            }
        }
    }

    /// A parameter on the day. One that varies by an enum fact is, for an unknown fact, the hull of its figures for
    /// the codes the fact can have.
    pub(super) fn parameter(&self, id: ParameterId) -> Value {
        let parameter = &self.rules.parameters[id.0];
        let kind = Kind::of(parameter.ty);
        let known = |stored| Interval::known(natural(parameter.ty, stored));
        let figure = layers::figure(parameter, self.on)
            .unwrap_or_else(|| panic!("{} has no figure on {:?}", parameter.name, self.on));
        match figure {
            Figure::Ended => unreachable!("an ended figure is not in force"),
            Figure::Same(stored) => Value::known(kind, known(*stored)),
            Figure::By(figures) => {
                let by = self.fact(parameter.by.expect("figures by a fact"), None);
                let possible = figures
                    .iter()
                    .filter(|(code, _)| by.bounds.contains(Interval::whole(*code)))
                    .map(|(_, stored)| known(*stored))
                    .reduce(Interval::hull)
                    .expect("a figure for every code");
                Value::new(kind, possible, by.missing)
            }
        }
    }
}

/// `when ? then : rest`, where the rest may be what cannot happen.
fn choose_or_gap(
    when: Value,
    then: impl FnOnce() -> Value,
    rest: impl FnOnce() -> Option<Value>,
) -> Option<Value> {
    if when.is_true() {
        return Some(then());
    }
    // The last case holds where the others do not: its own condition is not asked.
    let Some(rest) = rest() else { return Some(then()) };
    Some(if when.is_false() { rest } else { when.choose(then, || rest) })
}

/// A cell's figure, written in the column's own unit.
fn figure(exact: Exact, kind: Kind) -> Interval {
    use super::ratio::Ratio;
    let written = Ratio::new(i128::from(exact.numerator()), i128::from(exact.denominator()));
    let fen_in_yuan = match kind {
        Kind::Money(Per::Month | Per::Year | Per::Once) => Ratio::whole(100),
        _ => Ratio::whole(1),
    };
    Interval::known(written * fen_in_yuan)
}

/// The stored bounds of a variable's value.
pub fn stored_bounds(ty: Type, value: &Value) -> (i64, i64) {
    use super::kind::stored;
    (stored(ty, value.bounds.lo), stored(ty, value.bounds.hi))
}
