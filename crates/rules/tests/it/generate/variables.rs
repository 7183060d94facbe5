//! Random variables: values, cases, tables, and their versions.
use super::axes::{Axis, as_condition};
use super::figures::first_day;
use super::node::Node;
use super::numbers::fineness;
use super::schema::word;
use super::tree::{binary, law, outcome, source};
use super::{Composer, Leaf, Scope, forms};
use crate::reference::interval::Interval;
use crate::reference::kind::{Kind, natural, unit};
use crate::reference::layers;
use crate::reference::ratio::ZERO;
use anmin_base::date::Date;
use anmin_rules::model::{
    Body, Case, Cases, Cell, CellTest, CollectionId, Hit, Label, LayerId, Outcome, Per, Place, Table, Type,
    Variable, Version,
};
use anmin_rules::syntax::{BinaryOp, Expr};
use std::collections::BTreeSet;

/// A body and the bounds of what it gives.
struct Made {
    body: Body,
    now: Interval,
    wide: Interval,
}

impl Composer {
    pub(super) fn add_variables(&mut self) {
        for i in 0..3 + self.dice.below(6) {
            let collections = self.rules.schema.collections.len();
            let of = self.dice.percent(45).then(|| CollectionId(self.dice.below(collections)));
            let ty = self.any_type();
            self.add_variable(format!("v{i}_{}", word(ty)), of, ty);
        }
        self.add_variable("eligible".to_owned(), None, Type::Bool);
        self.add_variable("amount".to_owned(), None, Type::Money(Per::Month));
    }

    fn add_variable(&mut self, name: String, of: Option<CollectionId>, ty: Type) {
        let each = |id: CollectionId| (id, self.rules.schema.collections[id.0].each.clone());
        let element = of.map(each);
        let folds = element.is_none() || forms::FOLDS_IN_ELEMENT_VARIABLES;
        let scope = Scope { element, folds, only_facts: false };
        let open = self.dice.percent(20);
        let mut versions: Vec<Version> = Vec::new();
        let mut bounds: Vec<(Interval, Interval)> = Vec::new();
        let mut dates = vec![(0, first_day())];
        for _ in 0..*self.dice.pick(&[0, 0, 0, 1, 2]) {
            let layers = if open { self.rules.layers.len() } else { 1 };
            let begun = (self.dice.below(layers) as LayerId, self.any_day(true));
            if !dates.contains(&begun) {
                dates.push(begun);
            }
        }
        for (layer, from) in dates {
            // A type of which there is nothing to read here has no variable.
            let Some(made) = self.body(ty, &scope) else { return };
            bounds.push((made.now, made.wide));
            versions.push(version(layer, from, made.body));
        }
        let mut variable = Variable {
            of,
            name,
            ty,
            range: None,
            label: Label::default(),
            open,
            versions,
            place: Place::default(),
        };
        let holds = layers::version(&variable, self.on);
        let at = variable.versions.iter().position(|v| std::ptr::eq(v, holds)).expect("one of them");
        let wide = bounds.iter().map(|(_, wide)| *wide).reduce(Interval::hull).expect("a version");
        variable.range = self.claim(ty, wide);
        // What reads the variable may be proved by the claim instead of what was proved of it.
        let claimed = variable.range.map(|(lo, hi)| Interval::new(natural(ty, lo), natural(ty, hi)));
        let wide = claimed.unwrap_or(wide);
        self.leaves.push(Leaf {
            of,
            name: variable.name.clone(),
            kind: Kind::of(ty),
            denominator: fineness(ty),
            now: bounds[at].0,
            wide,
            is_fact: false,
        });
        self.rules.variables.push(variable);
    }

    /// A claimed range that is true, sometimes exactly.
    fn claim(&mut self, ty: Type, wide: Interval) -> Option<(i64, i64)> {
        let numeric = Kind::of(ty).is_numeric();
        if !forms::RANGE_CLAIMS || !numeric || !self.dice.percent(20) {
            return None;
        }
        let slack = *self.dice.pick(&[0, 0, 1, 1000]);
        let small = |n: i128| i64::try_from(n).expect("a stored value");
        let low = small((wide.lo / unit(ty)).floor()) - slack;
        Some((low, small((wide.hi / unit(ty)).ceil()) + slack))
    }

    fn body(&mut self, ty: Type, scope: &Scope) -> Option<Made> {
        for _ in 0..6 {
            let made = match self.dice.below(10) {
                0..=4 => self.value_body(ty, scope),
                5 => self.free_cases(ty, scope),
                6 | 7 => self.partition_cases(ty, scope),
                _ => self.table(ty, scope),
            };
            if made.is_some() {
                return made;
            }
        }
        self.value_body(ty, scope)
    }

    /// A whole value of the type.
    fn result(&mut self, ty: Type, depth: u32, scope: &Scope) -> Option<Node> {
        for _ in 0..4 {
            let kind = Kind::of(ty);
            let node = match kind {
                Kind::Enum(id) => self.enumeration(id, depth.min(2), scope, true),
                _ if kind.is_numeric() && self.dice.percent(6) => Some(Node::int(0)),
                _ => self.value(kind, depth, scope),
            };
            if let Some(whole) = node.and_then(|node| self.whole(node, ty)) {
                return Some(whole);
            }
        }
        None
    }

    fn value_body(&mut self, ty: Type, scope: &Scope) -> Option<Made> {
        let depth = *self.dice.pick(&[1, 2, 3, 3, 4]);
        let node = self.result(ty, depth, scope)?;
        Some(Made { now: node.now, wide: node.wide, body: Body::Value(source(node.expr)) })
    }

    /// An outcome, whose bounds widen those of the whole.
    fn outcome(&mut self, ty: Type, scope: &Scope, all: &mut Vec<Node>) -> Option<Outcome> {
        let depth = self.dice.below(3) as u32;
        let node = self.result(ty, depth, scope)?;
        all.push(node.clone());
        Some(outcome(node.expr))
    }

    /// Cases whose conditions have nothing in common, so that each may hold and none is dead.
    fn free_cases(&mut self, ty: Type, scope: &Scope) -> Option<Made> {
        let mut used = BTreeSet::new();
        let (mut cases, mut all) = (Vec::new(), Vec::new());
        for _ in 0..1 + self.dice.below(4) {
            let Some(when) = self.read_once(scope, &mut used) else { break };
            let outcome = self.outcome(ty, scope, &mut all)?;
            cases.push(Case { when: source(when.expr), outcome });
        }
        if cases.is_empty() {
            return None;
        }
        let otherwise = Some(self.outcome(ty, scope, &mut all)?);
        Some(made(Body::Cases(Cases { hit: Hit::First, cases, otherwise }), &all))
    }

    /// Cases that compare the same few names with fixed values.
    fn partition_cases(&mut self, ty: Type, scope: &Scope) -> Option<Made> {
        let fits = |leaf: &Leaf| {
            let positive = forms::NEGATIVE_FIXED_VALUES || leaf.now.lo >= ZERO;
            leaf.is_open() && positive && matches!(leaf.kind, Kind::Bool | Kind::Count | Kind::Enum(_))
        };
        let mut names = self.readable(scope, fits);
        self.dice.shuffle(&mut names);
        names.truncate(1 + self.dice.below(2));
        let columns: Vec<Node> = names.iter().map(|leaf| Node::read(leaf, scope)).collect();
        let axes: Vec<Axis> = columns.into_iter().map(|column| self.axis(column)).collect::<Option<_>>()?;
        let (rows, hit, complete) = self.rows(&axes)?;
        let mut all = Vec::new();
        let mut cases = Vec::new();
        for row in &rows {
            let tests = axes.iter().zip(row).filter_map(|(axis, parts)| {
                self.cell(axis, parts).map(|cell| as_condition(&axis.column.expr, &cell))
            });
            let tests: Vec<Expr> = tests.collect();
            let when = tests.into_iter().reduce(|a, b| binary(BinaryOp::And, a, b))?;
            let outcome = self.outcome(ty, scope, &mut all)?;
            cases.push(Case { when: source(when), outcome });
        }
        let otherwise = if complete { None } else { Some(self.outcome(ty, scope, &mut all)?) };
        Some(made(Body::Cases(Cases { hit, cases, otherwise }), &all))
    }

    fn table(&mut self, ty: Type, scope: &Scope) -> Option<Made> {
        let mut axes = Vec::new();
        for _ in 0..1 + self.dice.below(3) {
            let kind = Kind::of(self.any_type());
            let column = match kind {
                Kind::Date => continue,
                Kind::Bool if forms::COMPUTED_BOOL_COLUMNS => self.undecided(2, scope),
                Kind::Bool => self.leaf(kind, scope),
                _ => self.value(kind, 2, scope),
            };
            let column = column.filter(|c| c.denominator == 1 || forms::FINER_COLUMNS);
            // A column that stands twice makes rows dead that contradict themselves.
            let column = column.filter(|c| axes.iter().all(|a: &Axis| a.column.expr != c.expr));
            axes.extend(column.and_then(|column| self.axis(column)));
        }
        let (rows, hit, complete) = self.rows(&axes)?;
        let mut all = Vec::new();
        let mut table = Table { hit, on: Vec::new(), rows: Vec::new(), otherwise: None };
        for row in &rows {
            let cell = |(axis, parts): (&Axis, &Vec<usize>)| {
                let test = self.cell(axis, parts).unwrap_or(CellTest::Any);
                Cell { test, place: Place::default() }
            };
            let cells = axes.iter().zip(row).map(cell).collect();
            let outcome = self.outcome(ty, scope, &mut all)?;
            table.rows.push(anmin_rules::model::Row { cells, outcome });
        }
        if !complete {
            table.otherwise = Some(self.outcome(ty, scope, &mut all)?);
        }
        table.on = axes.into_iter().map(|axis| source(axis.column.expr)).collect();
        Some(made(Body::Table(table), &all))
    }
}

fn version(layer: LayerId, from: Date, body: Body) -> Version {
    Version { layer, from, law: law(), body, place: Place::default() }
}

fn made(body: Body, all: &[Node]) -> Made {
    let hull = |of: fn(&Node) -> Interval| all.iter().map(of).reduce(Interval::hull);
    let (now, wide) = (hull(|n| n.now), hull(|n| n.wide));
    Made { body, now: now.expect("an outcome"), wide: wide.expect("an outcome") }
}
