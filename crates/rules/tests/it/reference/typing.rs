//! The kind of an expression, told from its form alone: what a choice or an empty list gives does not always show it.
use super::evaluation::{Element, Evaluation, Scope};
use super::kind::Kind;
use anmin_rules::model::{CollectionId, Per};
use anmin_rules::syntax::{BinaryOp, Expr, ExprKind, FoldExpr, FoldKind};

impl Evaluation<'_> {
    /// The kind of an expression; `expected` is that of a bare enum value or option.
    pub(super) fn kind_of(&self, e: &Expr, scope: Scope<'_>, expected: Option<Kind>) -> Kind {
        let of = |e: &Expr| self.kind_of(e, scope, expected);
        match &e.kind {
            ExprKind::Int(0) => Kind::Zero,
            ExprKind::Int(_) => Kind::Count,
            ExprKind::Bool(_) | ExprKind::Not(_) | ExprKind::OneOf(..) => Kind::Bool,
            ExprKind::Name(name) => self.kind_called(name, None).or(expected).expect("a known name"),
            ExprKind::Field { field, .. } => {
                let collection = scope.element.map(|(_, element)| element.collection);
                self.kind_called(field, collection).expect("a fact or variable")
            }
            ExprKind::Negate(a) => of(a),
            ExprKind::Binary(BinaryOp::Add | BinaryOp::Subtract, a, b) => of(a).same(of(b)),
            ExprKind::Binary(BinaryOp::Multiply, a, b) => of(a).times(of(b)),
            ExprKind::Binary(BinaryOp::Divide, a, b) => of(a).over(of(b)),
            ExprKind::Binary(..) => Kind::Bool,
            ExprKind::Choose(_, a, b) => of(a).same(of(b)),
            ExprKind::Call(name, arguments) => match name.as_str() {
                "age" | "age_by_month" => Kind::Age,
                "full_months" | "calendar_months" => Kind::Months,
                "yearly" => Kind::Money(Per::Year),
                "monthly" => Kind::Money(Per::Month),
                "max" | "min" => arguments.iter().map(of).reduce(Kind::same).expect("arguments"),
                _ => of(&arguments[0]),
            },
            ExprKind::Fold(fold) => self.kind_of_fold(fold, scope),
        }
    }

    pub(super) fn kind_of_fold(&self, fold: &FoldExpr, scope: Scope<'_>) -> Kind {
        match fold.how {
            FoldKind::Size | FoldKind::Count => Kind::Count,
            FoldKind::Exists | FoldKind::All => Kind::Bool,
            FoldKind::Sum | FoldKind::Max | FoldKind::Min => {
                let body = fold.body.as_ref().expect("a value");
                let element = Element { collection: self.collection(fold), index: None };
                let inside = Scope { element: Some((&body.binding, element)) };
                let over_nothing = fold.over_nothing.iter();
                over_nothing
                    .map(|e| self.kind_of(e, scope, None))
                    .fold(self.kind_of(&body.body, inside, None), Kind::same)
            }
        }
    }

    pub(super) fn collection(&self, fold: &FoldExpr) -> CollectionId {
        let collections = &self.rules.schema.collections;
        let found = collections.iter().position(|c| c.name == fold.collection);
        CollectionId(found.unwrap_or_else(|| panic!("no {}", fold.collection)))
    }

    fn kind_called(&self, name: &str, of: Option<CollectionId>) -> Option<Kind> {
        let facts = self.rules.schema.facts.iter().map(|f| (f.of, &f.name, f.ty));
        let variables = self.rules.variables.iter().map(|v| (v.of, &v.name, v.ty));
        let parameters = self.rules.parameters.iter().map(|p| (None, &p.name, p.ty));
        let typed = facts.chain(variables).chain(parameters);
        if let Some((.., ty)) = typed.into_iter().find(|(o, n, _)| *o == of && *n == name) {
            return Some(Kind::of(ty));
        }
        let switch = self.rules.switches.iter().position(|s| s.name == name);
        switch.map(Kind::Switch).or((name == "on").then_some(Kind::Date))
    }
}
