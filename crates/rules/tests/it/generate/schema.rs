//! Random entities, enumerations and facts.
use super::numbers::{DENOMINATORS, fineness, range, within};
use super::tree::source;
use super::{Composer, Leaf, Scope, forms};
use crate::reference::interval::Interval;
use crate::reference::kind::{Kind, natural};
use anmin_rules::model::{
    Applies, Collection, CollectionId, EnumId, EnumType, EnumValue, Fact, Label, Layer, Per, Place, Type,
};

impl Composer {
    pub(super) fn add_layers(&mut self) {
        let layers = 1 + self.dice.below(3);
        let layer = |i: usize| Layer { code: format!("layer{i}"), label: Label::default() };
        self.rules.layers = (0..layers).map(layer).collect();
    }

    pub(super) fn add_schema(&mut self) {
        self.rules.schema.root_name = "household".to_owned();
        for i in 0..2 {
            let of_enum = self.enum_type(i);
            self.rules.schema.enums.push(of_enum);
        }
        let collections = 1 + self.dice.below(2);
        for (name, each) in [("members", "member"), ("assets", "asset")].iter().take(collections) {
            let min = *self.dice.pick(&[0, 0, 1, 1, 2]);
            let max = min + 1 + self.dice.below(6) as u32;
            self.rules.schema.collections.push(blank_collection(name, each, min, max));
        }
        for of in [None, Some(CollectionId(0)), Some(CollectionId(1))] {
            if of.is_none_or(|id| id.0 < collections) {
                self.add_facts(of);
            }
        }
    }

    fn enum_type(&mut self, i: usize) -> EnumType {
        let mut codes: Vec<i64> = (0..=12).collect();
        codes.push(100);
        self.dice.shuffle(&mut codes);
        let values = 2 + self.dice.below(3);
        // Both enums have a value called `none`: what it means is told by where it stands.
        let name = |v: usize| if v == 0 { "none".to_owned() } else { format!("e{i}_v{v}") };
        let value = |v: usize| EnumValue { name: name(v), code: codes[v], label: Label::default() };
        EnumType { name: format!("enum{i}"), values: (0..values).map(value).collect() }
    }

    /// Any type that rules can read.
    pub(super) fn any_type(&mut self) -> Type {
        match self.dice.below(11) {
            0 => Type::Bool,
            1 => Type::Count,
            2 => Type::Age,
            3 => Type::Months,
            4 => Type::Rate(*self.dice.pick(&DENOMINATORS)),
            5 => Type::Date,
            6 | 7 => Type::Money(Per::Month),
            8 => Type::Money(*self.dice.pick(&[Per::Year, Per::Once])),
            _ => Type::Enum(EnumId(self.dice.below(2))),
        }
    }

    /// Bounds for a fact or a figure.
    pub(super) fn any_range(&mut self, ty: Type) -> (i64, i64) {
        match ty {
            Type::Bool => (0, 1),
            Type::Enum(id) => {
                let codes = || self.rules.schema.enums[id.0].values.iter().map(|v| v.code);
                (codes().min().expect("a value"), codes().max().expect("a value"))
            }
            _ => range(&mut self.dice, ty, i64::from(self.on.days())),
        }
    }

    /// A stored value that a type has.
    pub(super) fn any_value(&mut self, ty: Type, range: (i64, i64)) -> i64 {
        match ty {
            Type::Enum(id) => self.dice.pick(&self.rules.schema.enums[id.0].values).code,
            _ => within(&mut self.dice, range),
        }
    }

    fn add_facts(&mut self, of: Option<CollectionId>) {
        let facts = 3 + self.dice.below(6);
        for i in 0..facts {
            let ty = self.any_type();
            let range = self.any_range(ty);
            // The same name may stand for another fact of another entity.
            let entity = match of {
                None => "r",
                Some(_) if self.dice.percent(10) => "r",
                Some(CollectionId(0)) => "m",
                Some(_) => "a",
            };
            let name = format!("{entity}{i}_{}", word(ty));
            let applies = if self.dice.percent(25) { self.applies(of, ty, range) } else { None };
            self.add_fact(Fact { of, name, ty, range, ..blank_fact() }, applies);
        }
        if self.dice.percent(20) {
            let ty = if self.dice.percent(50) { Type::Text } else { Type::ResidentId };
            let fact = Fact { of, name: "remark".to_owned(), ty, range: (0, 0), ..blank_fact() };
            self.rules.schema.facts.push(fact);
        }
    }

    /// A condition made of the facts there are so far, and what is read when it does not hold.
    fn applies(&mut self, of: Option<CollectionId>, ty: Type, range: (i64, i64)) -> Option<Applies> {
        let each = |id: CollectionId| (id, self.rules.schema.collections[id.0].each.clone());
        let scope = Scope { element: of.map(each), folds: false, only_facts: true };
        let depth = self.dice.below(3) as u32;
        let when = self.undecided(depth, &scope)?;
        let free = !matches!(ty, Type::Bool | Type::Enum(_));
        let when_not = match self.dice.below(10) {
            0 => None,
            1..=3 if free && forms::WHEN_NOT_OUTSIDE_RANGE => Some(range.0.min(0)),
            4 if free && forms::WHEN_NOT_OUTSIDE_RANGE => Some(range.1 + 7),
            _ => Some(self.any_value(ty, range)),
        };
        Some(Applies { when: source(when.expr), when_not })
    }

    fn add_fact(&mut self, fact: Fact, applies: Option<Applies>) {
        let bounds = |lo, hi| Interval::new(natural(fact.ty, lo), natural(fact.ty, hi));
        let mut all = bounds(fact.range.0, fact.range.1);
        let when_not = applies.as_ref().map(|a| a.when_not);
        if let Some(Some(when_not)) = when_not {
            all = all.hull(bounds(when_not, when_not));
        }
        // Without a `when_not` it is there to be given, and no rule reads it.
        if when_not != Some(None) {
            self.leaves.push(Leaf {
                of: fact.of,
                name: fact.name.clone(),
                kind: Kind::of(fact.ty),
                denominator: fineness(fact.ty),
                now: all,
                wide: all,
                is_fact: true,
            });
        }
        self.rules.schema.facts.push(Fact { applies, ..fact });
    }
}

/// A collection without a label.
pub fn blank_collection(name: &str, each: &str, min: u32, max: u32) -> Collection {
    Collection { name: name.to_owned(), each: each.to_owned(), min, max, label: Label::default() }
}

/// A fact without anything special.
pub fn blank_fact() -> Fact {
    Fact {
        of: None,
        name: String::new(),
        ty: Type::Bool,
        range: (0, 1),
        label: Label::default(),
        applies: None,
        judgement: false,
        place: Place::default(),
    }
}

/// A type in a name.
pub fn word(ty: Type) -> &'static str {
    match ty {
        Type::Bool => "flag",
        Type::Count => "count",
        Type::Age => "age",
        Type::Months => "months",
        Type::Rate(_) => "rate",
        Type::Date => "date",
        Type::Money(Per::Month) => "monthly",
        Type::Money(Per::Year) => "yearly",
        Type::Money(Per::Once) => "once",
        Type::Enum(_) => "choice",
        Type::Text | Type::ResidentId => "text",
    }
}
