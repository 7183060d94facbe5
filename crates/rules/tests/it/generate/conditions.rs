//! Random conditions.
use super::node::Node;
use super::tree::{binary, name, one_of};
use super::{AMOUNTS, Composer, Leaf, Scope, forms};
use crate::reference::interval::{EITHER, Interval};
use crate::reference::kind::Kind;
use crate::reference::layers;
use anmin_rules::model::EnumId;
use anmin_rules::syntax::BinaryOp;
use std::collections::BTreeSet;

/// Every kind that is compared by size.
const ORDERED: [Kind; 8] =
    [Kind::Count, Kind::Age, Kind::Months, Kind::Rate, Kind::Date, AMOUNTS[0], AMOUNTS[1], AMOUNTS[2]];

impl Composer {
    /// A condition.
    pub(super) fn condition(&mut self, depth: u32, scope: &Scope) -> Option<Node> {
        if depth > 0 {
            for _ in 0..3 {
                if let Some(node) = self.composed_condition(depth - 1, scope) {
                    return Some(node);
                }
            }
        }
        match self.dice.below(20) {
            0 => Some(Node::bool(self.dice.percent(50))),
            1..=9 => self.leaf(Kind::Bool, scope).or_else(|| self.comparison(0, scope)),
            _ => self.comparison(0, scope).or_else(|| self.leaf(Kind::Bool, scope)),
        }
    }

    fn composed_condition(&mut self, depth: u32, scope: &Scope) -> Option<Node> {
        match self.dice.below(10) {
            0..=2 => {
                let (a, b) = (self.condition(depth, scope)?, self.condition(depth, scope)?);
                Some(if self.dice.percent(50) { and(a, b) } else { or(a, b) })
            }
            3 => Some(self.condition(depth, scope)?.not()),
            4 if !scope.only_facts && self.dice.percent(40) => {
                let a = self.condition(depth, scope)?;
                self.by_switch(a, scope)
            }
            4 => {
                let condition = self.condition(depth, scope)?;
                let (a, b) = (self.condition(depth, scope)?, self.condition(depth, scope)?);
                condition.choose(a, b)
            }
            5 => self.among(scope),
            6 if scope.folds => self.truth_fold(scope),
            7 if !scope.only_facts && self.dice.percent(20) => Some(self.switch_test().0),
            _ => self.comparison(depth, scope),
        }
    }

    /// A comparison of any kind.
    pub(super) fn comparison(&mut self, depth: u32, scope: &Scope) -> Option<Node> {
        if self.dice.percent(15) {
            let id = EnumId(self.dice.below(self.rules.schema.enums.len()));
            let a = self.enumeration(id, depth.min(1), scope, false)?;
            let b = self.enumeration(id, depth.min(1), scope, true)?;
            return self.equality(a, b);
        }
        if self.dice.percent(8) {
            let (a, b) = (self.condition(depth, scope)?, self.condition(depth, scope)?);
            return self.equality(a, b);
        }
        let kind = *self.dice.pick(&ORDERED);
        let a = self.value(kind, depth, scope)?;
        let b = match kind {
            Kind::Count if self.dice.percent(40) => self.near(&a),
            _ if kind != Kind::Date && self.dice.percent(12) => Node::int(0),
            _ => self.other_value(&a, depth, scope)?,
        };
        let (a, b) = if self.dice.percent(15) { (b, a) } else { (a, b) };
        self.ordered(a, b)
    }

    /// Another value of the same kind; where there is little to read, one that is composed.
    fn other_value(&mut self, than: &Node, depth: u32, scope: &Scope) -> Option<Node> {
        let mut other = self.value(than.kind, depth, scope)?;
        for more in 1..3 {
            if other.expr == than.expr {
                other = self.value(than.kind, depth + more, scope)?;
            }
        }
        Some(other)
    }

    /// A whole number that a count may be less or more than.
    fn near(&mut self, count: &Node) -> Node {
        let bound = |r: i128| i64::try_from(r.clamp(-1000, 1000)).expect("a small number");
        let (low, high) = (bound(count.now.lo.floor()), bound(count.now.hi.ceil()));
        Node::int(self.dice.between(low, high))
    }

    fn equality(&mut self, a: Node, b: Node) -> Option<Node> {
        if self.dice.percent(50) {
            return a.compare(BinaryOp::Equal, b, Interval::equal);
        }
        a.compare(BinaryOp::NotEqual, b, |a, b| a.equal(b).not())
    }

    fn ordered(&mut self, a: Node, b: Node) -> Option<Node> {
        match self.dice.below(9) {
            0 | 1 => a.compare(BinaryOp::Less, b, Interval::less),
            2 | 3 => a.compare(BinaryOp::LessEqual, b, Interval::less_equal),
            4 | 5 => a.compare(BinaryOp::Greater, b, |a, b| b.less(a)),
            6 | 7 => a.compare(BinaryOp::GreaterEqual, b, |a, b| b.less_equal(a)),
            _ => self.equality(a, b),
        }
    }

    /// `x in [a, b]`.
    fn among(&mut self, scope: &Scope) -> Option<Node> {
        let (x, list) = if self.dice.percent(50) {
            let x = self.number(Kind::Count, 1, scope)?;
            if x.denominator > 1 && !forms::FINER_IN {
                return None;
            }
            let list: Vec<Node> = (0..1 + self.dice.below(4)).map(|_| self.near(&x)).collect();
            (x, list)
        } else {
            let id = EnumId(self.dice.below(self.rules.schema.enums.len()));
            let x = self.enumeration(id, 1, scope, false)?;
            let list = self.some_values(id).iter().map(|n| self.literal(id, n)).collect();
            (x, list)
        };
        let equal = |x: Interval, of: fn(&Node) -> Interval| {
            list.iter().map(|item| x.equal(of(item))).reduce(Interval::or).expect("an item")
        };
        let (now, wide) = (equal(x.now, |n| n.now), equal(x.wide, |n| n.wide));
        let fits =
            list.iter().try_fold(x.clone(), |x, item| x.beside(item.clone(), |x, _| x, Interval::hull));
        fits?;
        let expr = one_of(x.expr, list.into_iter().map(|item| item.expr).collect());
        Some(Node { expr, kind: Kind::Bool, denominator: 1, now, wide })
    }

    /// A condition that the bounds alone do not decide, so that no law is dead for it.
    pub(super) fn undecided(&mut self, depth: u32, scope: &Scope) -> Option<Node> {
        let open = |node: &Node| node.now == EITHER && node.wide == EITHER;
        let tried = (0..8).find_map(|_| self.condition(depth, scope).filter(open));
        tried.or_else(|| self.undecided_atom(scope, &mut BTreeSet::new()))
    }

    /// A condition in which every name stands once and every comparison is undecided: it can be true and false, and so
    /// can its like made of other names, whatever this one is.
    pub(super) fn read_once(&mut self, scope: &Scope, used: &mut BTreeSet<(bool, String)>) -> Option<Node> {
        let mut node = self.undecided_atom(scope, used)?;
        for _ in 0..self.dice.below(3) {
            let Some(next) = self.undecided_atom(scope, used) else { break };
            node = if self.dice.percent(50) { and(node, next) } else { or(node, next) };
        }
        Some(if self.dice.percent(20) { node.not() } else { node })
    }

    fn undecided_atom(&mut self, scope: &Scope, used: &mut BTreeSet<(bool, String)>) -> Option<Node> {
        let key = |leaf: &Leaf| (leaf.of.is_some(), leaf.name.clone());
        for _ in 0..12 {
            let mut free = self.readable(scope, |leaf| leaf.is_open() && !used.contains(&key(leaf)));
            if free.is_empty() {
                return None;
            }
            self.dice.shuffle(&mut free);
            let leaf = free[0].clone();
            let others = free[1..].iter().filter(|other| other.kind == leaf.kind);
            let mut taken = vec![key(&leaf)];
            taken.extend(others.take(2).map(key));
            let like = |composer: &Self, at: usize| {
                let found = composer.readable(scope, |l| key(l) == taken[at]);
                Node::read(&found[0], scope)
            };
            let (atom, names) = match (leaf.kind, taken.len()) {
                (Kind::Bool, _) => (Some(Node::read(&leaf, scope)), 1),
                (Kind::Enum(id), _) => {
                    let values = self.some_values(id);
                    let value = self.literal(id, &values[0]);
                    (self.equality(Node::read(&leaf, scope), value), 1)
                }
                (Kind::Count, 1) => {
                    let a = Node::read(&leaf, scope);
                    let b = self.near(&a);
                    (self.ordered(a, b), 1)
                }
                (_, 1) => (None, 1),
                (Kind::Date, _) | (_, 2) => (self.ordered(like(self, 0), like(self, 1)), 2),
                _ => {
                    let sum = like(self, 0).beside(
                        like(self, 1),
                        |a, b| binary(BinaryOp::Add, a, b),
                        Interval::add,
                    );
                    (sum.and_then(|sum| self.ordered(sum, like(self, 2))), 3)
                }
            };
            let Some(atom) = atom.filter(|a| a.now == EITHER && a.wide == EITHER) else { continue };
            used.extend(taken.into_iter().take(names));
            return Some(atom);
        }
        None
    }

    /// A test of a switch, and whether it holds on the day.
    fn switch_test(&mut self) -> (Node, bool) {
        let i = self.dice.below(self.rules.switches.len());
        let switch = &self.rules.switches[i];
        let set = layers::option(switch, self.on);
        let asked = self.dice.below(switch.options.len());
        let (equal, op) = match self.dice.percent(70) {
            true => (true, BinaryOp::Equal),
            false => (false, BinaryOp::NotEqual),
        };
        let holds = (set == asked) == equal;
        let test = binary(op, name(&switch.name), name(&switch.options[asked].0));
        let now = Interval::whole(i64::from(holds));
        let node = Node { expr: test, kind: Kind::Bool, denominator: 1, now, wide: EITHER };
        (node, holds)
    }

    /// `switch == option ? a : b`, with `a` in the branch taken; the other may read what is not in force.
    pub(super) fn by_switch(&mut self, a: Node, scope: &Scope) -> Option<Node> {
        let (test, holds) = self.switch_test();
        let gaps: Vec<Leaf> = self.gaps.iter().filter(|gap| gap.kind == a.kind).cloned().collect();
        let other = match gaps.is_empty() || self.dice.percent(40) {
            true => self.value(a.kind, 0, scope)?,
            false => Node::read(self.dice.pick(&gaps), scope),
        };
        if holds { test.choose(a, other) } else { test.choose(other, a) }
    }
}

pub(super) fn and(a: Node, b: Node) -> Node {
    a.beside(b, |a, b| binary(BinaryOp::And, a, b), Interval::and).expect("a bool fits")
}

pub(super) fn or(a: Node, b: Node) -> Node {
    a.beside(b, |a, b| binary(BinaryOp::Or, a, b), Interval::or).expect("a bool fits")
}
