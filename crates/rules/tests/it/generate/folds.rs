//! Random folds.
use super::node::Node;
use super::tree::expr;
use super::{Composer, Scope, forms};
use crate::reference::folds::over_every_size;
use crate::reference::interval::{Interval, TRUE};
use crate::reference::kind::Kind;
use anmin_rules::model::CollectionId;
use anmin_rules::syntax::{ExprKind, FoldExpr, FoldKind, Lambda};

impl Composer {
    /// `sum`, `max` and `min` of a number, `size` and `count`.
    pub(super) fn numeric_fold(&mut self, kind: Kind, scope: &Scope) -> Option<Node> {
        let how = match kind {
            Kind::Count => *self.dice.pick(&[
                FoldKind::Size,
                FoldKind::Size,
                FoldKind::Count,
                FoldKind::Sum,
                FoldKind::Max,
                FoldKind::Min,
            ]),
            _ => *self.dice.pick(&[FoldKind::Sum, FoldKind::Sum, FoldKind::Max, FoldKind::Min]),
        };
        self.fold(how, kind, scope)
    }

    /// `exists` and `all`.
    pub(super) fn truth_fold(&mut self, scope: &Scope) -> Option<Node> {
        let how = *self.dice.pick(&[FoldKind::Exists, FoldKind::All]);
        self.fold(how, Kind::Bool, scope)
    }

    fn binding(&mut self, collection: CollectionId) -> String {
        let each = self.rules.schema.collections[collection.0].each.as_str();
        (*self.dice.pick(&["m", "x", "one", each])).to_owned()
    }

    fn inside(&mut self, collection: CollectionId) -> (String, Scope) {
        let binding = self.binding(collection);
        let element = Some((collection, binding.clone()));
        (binding, Scope { element, folds: false, only_facts: false })
    }

    fn fold(&mut self, how: FoldKind, kind: Kind, scope: &Scope) -> Option<Node> {
        let id = CollectionId(self.dice.below(self.rules.schema.collections.len()));
        let mut filters = Vec::new();
        for _ in 0..*self.dice.pick(&[0, 0, 1, 1, 2]) {
            let (binding, inside) = self.inside(id);
            let filter = self.undecided(2, &inside)?;
            filters.push(Lambda { binding, body: filter.expr });
        }
        let (binding, inside) = self.inside(id);
        let x = match how {
            FoldKind::Size => None,
            FoldKind::Count | FoldKind::Exists | FoldKind::All => Some(self.undecided(2, &inside)?),
            FoldKind::Sum | FoldKind::Max | FoldKind::Min => Some(self.number(kind, 2, &inside)?),
        };
        let min = self.rules.schema.collections[id.0].min;
        let extreme = matches!(how, FoldKind::Max | FoldKind::Min);
        let needed = min == 0 || !filters.is_empty();
        let over_nothing = if extreme && (needed || self.dice.percent(15)) {
            let element = scope.element.clone().filter(|_| forms::OVER_NOTHING_OF_THE_ELEMENT);
            let outside = Scope { element, folds: false, only_facts: false };
            let node = self.number(kind, 1, &outside)?;
            Some(if self.dice.percent(40) { Node::int(0) } else { node })
        } else {
            None
        };
        self.folded(how, kind, id, Parts { filters, binding, x, over_nothing })
    }

    fn folded(&mut self, how: FoldKind, kind: Kind, id: CollectionId, parts: Parts) -> Option<Node> {
        let collection = &self.rules.schema.collections[id.0];
        let sizes = (i64::from(collection.min), i64::from(collection.max));
        let filtered = !parts.filters.is_empty();
        let Parts { filters, binding, x, over_nothing } = parts;
        let every = |of: fn(&Node) -> Interval| {
            let x = x.as_ref().map_or(TRUE, of);
            over_every_size(how, sizes, filtered, x, over_nothing.as_ref().map(of))
        };
        let (now, wide) = (every(|n| n.now), every(|n| n.wide));
        let aligned = match (&x, &over_nothing) {
            (Some(x), Some(o)) => x.clone().beside(o.clone(), |x, _| x, Interval::hull)?.denominator,
            (Some(x), None) => x.denominator,
            _ => 1,
        };
        let fold = FoldExpr {
            collection: collection.name.clone(),
            filters,
            how,
            body: x.map(|x| Lambda { binding, body: x.expr }),
            over_nothing: over_nothing.map(|o| o.expr),
        };
        let expr = expr(ExprKind::Fold(Box::new(fold)));
        Node { expr, kind, denominator: aligned, now, wide }.fit()
    }
}

struct Parts {
    filters: Vec<Lambda>,
    binding: String,
    x: Option<Node>,
    over_nothing: Option<Node>,
}
