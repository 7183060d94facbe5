//! Folds: over the elements of a given list, and over a list that was not given.
use super::evaluation::{Element, Evaluation, Scope};
use super::interval::{EITHER, FALSE, Interval, TRUE};
use super::kind::Kind;
use super::ratio::ZERO;
use super::value::{Missing, Value};
use anmin_rules::model::CollectionId;
use anmin_rules::syntax::{FoldExpr, FoldKind, Lambda};

const NOTHING: Interval = Interval { lo: ZERO, hi: ZERO };

impl Evaluation<'_> {
    /// A fold; its kind is told by its form, so the parts below leave it open.
    pub(super) fn fold(&self, fold: &FoldExpr, scope: Scope<'_>) -> Value {
        let id = self.collection(fold);
        let value = match self.household.map(|h| &h.collections[id.0]) {
            Some(Some(list)) => self.over_list(fold, id, list.len(), scope),
            // The bounds that hold for every household: whatever else this household has answered plays no part.
            Some(None) => {
                let value = self.of_every_household().over_unknown_list(fold, id, scope);
                Value::new(value.kind, value.bounds, [Missing::Collection(id)])
            }
            None => self.over_unknown_list(fold, id, scope),
        };
        Value { kind: self.kind_of_fold(fold, scope), ..value }
    }

    fn lambda(&self, lambda: &Lambda, element: Element) -> Value {
        self.eval(&lambda.body, Scope { element: Some((&lambda.binding, element)) }, None)
    }

    /// Whether the element is left by every filter.
    fn is_left(&self, fold: &FoldExpr, element: Element) -> Value {
        fold.filters.iter().fold(Value::known(Kind::Bool, TRUE), |left, filter| {
            left.with(self.lambda(filter, element), Kind::Bool, Interval::and)
        })
    }

    /// The element's value; for `size`, that it is there.
    fn element(&self, fold: &FoldExpr, element: Element) -> Value {
        match &fold.body {
            Some(body) => self.lambda(body, element),
            None => Value::known(Kind::Bool, TRUE),
        }
    }

    fn over_list(&self, fold: &FoldExpr, id: CollectionId, len: usize, scope: Scope<'_>) -> Value {
        // An element surely out is not looked at any further: nothing missing in it matters.
        let left: Vec<(Value, Value)> = (0..len)
            .map(|i| Element { collection: id, index: Some(i) })
            .map(|e| (self.is_left(fold, e), e))
            .filter(|(left, _)| !left.is_false())
            .map(|(left, e)| (left, self.element(fold, e)))
            .collect();
        match fold.how {
            FoldKind::Max | FoldKind::Min => self.extreme_of(fold, left, scope),
            FoldKind::Exists => left
                .into_iter()
                .map(|(left, c)| left.with(c, Kind::Bool, Interval::and))
                .fold(Value::known(Kind::Bool, FALSE), |a, b| a.with(b, Kind::Bool, Interval::or)),
            FoldKind::All => left
                .into_iter()
                .map(|(left, c)| left.with(c, Kind::Bool, |left, c| left.not().or(c)))
                .fold(Value::known(Kind::Bool, TRUE), |a, b| a.with(b, Kind::Bool, Interval::and)),
            FoldKind::Sum | FoldKind::Size | FoldKind::Count => left
                .into_iter()
                .map(|(left, x)| left.with(x, Kind::Zero, contribution))
                .fold(Value::known(Kind::Zero, NOTHING), |a, b| a.with(b, Kind::Zero, Interval::add)),
        }
    }

    /// `max` and `min`. An element that may be out takes part in the extreme or leaves it as it is; if all may be out,
    /// the value over nothing is possible, too.
    fn extreme_of(&self, fold: &FoldExpr, left: Vec<(Value, Value)>, scope: Scope<'_>) -> Value {
        let mirrored = |x: Interval| if fold.how == FoldKind::Min { x.negate() } else { x };
        let sure = |(left, _): &&(Value, Value)| left.is_true();
        let surely: Vec<Interval> = left.iter().filter(sure).map(|(_, x)| mirrored(x.bounds)).collect();
        let perhaps: Vec<Interval> = left.iter().map(|(_, x)| mirrored(x.bounds)).collect();

        let over_nothing = match surely.is_empty() {
            true => fold.over_nothing.as_ref().map(|e| self.eval(e, scope, None)),
            false => None,
        };
        let least = match surely.is_empty() {
            // None but the smallest may be left.
            true => perhaps.iter().map(|x| x.lo).min(),
            false => surely.iter().map(|x| x.lo).max(),
        };
        let greatest = perhaps.iter().map(|x| x.hi).max();
        let of_elements = least.zip(greatest).map(|(lo, hi)| mirrored(Interval::new(lo, hi)));
        let of_nothing = over_nothing.as_ref().map(|v| v.bounds);
        let bounds = of_elements.into_iter().chain(of_nothing).reduce(Interval::hull);

        let parts = left.iter().flat_map(|(left, x)| left.missing.iter().chain(&x.missing));
        let parts = parts.chain(over_nothing.iter().flat_map(|v| &v.missing)).copied();
        Value::new(Kind::Zero, bounds.expect("an element or a value over nothing"), parts)
    }

    /// The bounds of a list that was not given, whose elements are any.
    fn over_unknown_list(&self, fold: &FoldExpr, id: CollectionId, scope: Scope<'_>) -> Value {
        let collection = &self.rules.schema.collections[id.0];
        let x = self.element(fold, Element { collection: id, index: None });
        let over_nothing = fold.over_nothing.as_ref().map(|e| self.eval(e, scope, None));
        let bounds = over_every_size(
            fold.how,
            (i64::from(collection.min), i64::from(collection.max)),
            !fold.filters.is_empty(),
            x.bounds,
            over_nothing.as_ref().map(|v| v.bounds),
        );
        Value::new(Kind::Zero, bounds, [])
    }
}

/// What an element adds to a sum: its value, nothing, or either.
fn contribution(left: Interval, x: Interval) -> Interval {
    if left == TRUE { x } else { x.hull(NOTHING) }
}

/// The bounds over every size from `min` to `max`, of elements that are each somewhere in `x`. A filter may leave any
/// number of them, none included.
pub fn over_every_size(
    how: FoldKind,
    (min, max): (i64, i64),
    filtered: bool,
    x: Interval,
    over_nothing: Option<Interval>,
) -> Interval {
    match how {
        FoldKind::Exists | FoldKind::All => EITHER,
        FoldKind::Size | FoldKind::Count | FoldKind::Sum => {
            let each = if filtered { x.hull(NOTHING) } else { x };
            each.multiply(Interval::whole(min)).hull(each.multiply(Interval::whole(max)))
        }
        FoldKind::Max | FoldKind::Min if min == 0 || filtered => {
            x.hull(over_nothing.expect("a value over nothing"))
        }
        FoldKind::Max | FoldKind::Min => x,
    }
}
