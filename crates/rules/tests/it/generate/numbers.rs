//! Random numeric and date expressions.
use super::node::{Node, ROUNDINGS, Unit};
use super::tree::{binary, call, int, name};
use super::{AMOUNTS, Composer, Leaf, Scope, forms};
use crate::random::Dice;
use crate::reference::calendar;
use crate::reference::interval::Interval;
use crate::reference::kind::Kind;
use crate::reference::ratio::{Ratio, Rounding, ZERO};
use anmin_rules::model::{Per, Type};
use anmin_rules::syntax::BinaryOp;

/// Denominators of rates.
pub const DENOMINATORS: [i64; 6] = [10000, 100, 1000, 3, 7, 12];

impl Composer {
    /// A number of a kind; if a form cannot be made or would grow too large, something smaller.
    pub(super) fn number(&mut self, kind: Kind, depth: u32, scope: &Scope) -> Option<Node> {
        if depth > 0 && self.dice.percent(85) {
            for _ in 0..3 {
                if let Some(node) = self.composed(kind, depth - 1, scope) {
                    assert_eq!(node.kind, kind, "made {:?}", node.expr);
                    return Some(node);
                }
            }
        }
        self.simple_number(kind, scope)
    }

    fn simple_number(&mut self, kind: Kind, scope: &Scope) -> Option<Node> {
        if kind == Kind::Count && self.dice.percent(25) {
            return Some(Node::int(self.dice.between(1, 30)));
        }
        if let Some(leaf) = self.leaf(kind, scope) {
            return Some(leaf);
        }
        match kind {
            Kind::Count => Some(Node::int(self.dice.between(1, 30))),
            Kind::Age | Kind::Months => self.span(kind, 0, scope),
            _ => None,
        }
    }

    fn composed(&mut self, kind: Kind, depth: u32, scope: &Scope) -> Option<Node> {
        match self.dice.below(12) {
            0 | 1 => self.sum(kind, depth, scope),
            2 => Some(self.number(kind, depth, scope)?.negate()),
            3 => self.branch(kind, depth, scope),
            4 | 5 => self.extreme(kind, depth, scope),
            6 => self.rounded(kind, depth, scope),
            7 => self.product(kind, depth, scope),
            8 => self.quotient(kind, depth, scope),
            _ if scope.folds && self.dice.percent(60) => self.numeric_fold(kind, scope),
            _ => self.own_form(kind, depth, scope),
        }
    }

    /// The literal `0` beside another operand, now and then.
    fn or_zero(&mut self, node: Node) -> Node {
        if self.dice.percent(8) { Node::int(0) } else { node }
    }

    fn sum(&mut self, kind: Kind, depth: u32, scope: &Scope) -> Option<Node> {
        let a = self.number(kind, depth, scope)?;
        let b = self.number(kind, depth, scope)?;
        let b = self.or_zero(b);
        if self.dice.percent(50) {
            return a.beside(b, |a, b| binary(BinaryOp::Add, a, b), Interval::add);
        }
        a.beside(b, |a, b| binary(BinaryOp::Subtract, a, b), Interval::subtract)
    }

    fn branch(&mut self, kind: Kind, depth: u32, scope: &Scope) -> Option<Node> {
        if !scope.only_facts && self.dice.percent(20) {
            let a = self.number(kind, depth, scope)?;
            return self.by_switch(a, scope);
        }
        let condition = self.condition(depth, scope)?;
        let a = self.number(kind, depth, scope)?;
        let b = self.number(kind, depth, scope)?;
        let b = self.or_zero(b);
        if self.dice.percent(50) { condition.choose(a, b) } else { condition.choose(b, a) }
    }

    fn extreme(&mut self, kind: Kind, depth: u32, scope: &Scope) -> Option<Node> {
        let how_many = 2 + self.dice.below(2);
        let greatest = self.dice.percent(50);
        let first = self.number(kind, depth, scope)?;
        let mut arguments = vec![first.expr.clone()];
        let mut node = first;
        for _ in 1..how_many {
            let next = self.number(kind, depth, scope)?;
            let next = self.or_zero(next);
            arguments.push(next.expr.clone());
            let op = if greatest { Interval::max } else { Interval::min };
            node = node.beside(next, |a, _| a, op)?;
        }
        self.dice.shuffle(&mut arguments);
        let function = if greatest { "max" } else { "min" };
        Some(Node { expr: call(function, arguments), ..node })
    }

    /// How a value of a kind can be rounded.
    pub(super) fn unit(&mut self, kind: Kind) -> Unit {
        let named = |unit: &str, coarsest| Unit { expr: name(unit), parts: 1, coarsest };
        match kind {
            Kind::Rate => {
                let parts = *self.dice.pick(&[1, 2, 4, 6, 100, 1000, 10000]);
                Unit { expr: int(parts), parts: i128::from(parts), coarsest: 1 }
            }
            Kind::Money(_) => {
                let (unit, fen) = *self.dice.pick(&[("fen", 1), ("jiao", 10), ("yuan", 100)]);
                named(unit, fen)
            }
            _ => named("one", 1),
        }
    }

    fn rounding(&mut self) -> (&'static str, Rounding) {
        *self.dice.pick(&ROUNDINGS)
    }

    fn rounded(&mut self, kind: Kind, depth: u32, scope: &Scope) -> Option<Node> {
        let x = self.number(kind, depth, scope)?;
        if x.denominator == 1 && !forms::ROUNDING_OF_WHOLES {
            return None;
        }
        let unit = self.unit(kind);
        x.round(self.rounding(), &unit)
    }

    fn product(&mut self, kind: Kind, depth: u32, scope: &Scope) -> Option<Node> {
        let by_rate = matches!(kind, Kind::Money(_) | Kind::Count);
        let (one, other) = match kind {
            Kind::Rate => (Kind::Rate, Kind::Rate),
            Kind::Money(Per::Once) if self.dice.percent(30) => (Kind::Months, Kind::Money(Per::Month)),
            _ if by_rate && self.dice.percent(60) => (Kind::Rate, kind),
            _ => (Kind::Count, kind),
        };
        let (a, b) = (self.number(one, depth, scope)?, self.number(other, depth, scope)?);
        if self.dice.percent(50) { a.times(b) } else { b.times(a) }
    }

    fn quotient(&mut self, kind: Kind, depth: u32, scope: &Scope) -> Option<Node> {
        let unit = self.unit(kind);
        let rounding = self.rounding();
        if kind == Kind::Rate && self.dice.percent(60) {
            let amount = *self.dice.pick(&AMOUNTS);
            let (a, b) = (self.number(amount, depth, scope)?, self.positive(amount, depth, scope)?);
            return a.over(b, rounding, &unit);
        }
        let by = *self.dice.pick(&[Kind::Count, Kind::Months, Kind::Rate]);
        let (a, b) = (self.number(kind, depth, scope)?, self.positive(by, depth, scope)?);
        a.over(b, rounding, &unit)
    }

    /// A number proved to be above zero.
    fn positive(&mut self, kind: Kind, depth: u32, scope: &Scope) -> Option<Node> {
        let node = self.number(kind, depth, scope)?;
        if node.wide.lo > ZERO && node.now.lo > ZERO {
            return Some(node);
        }
        let floor = match kind {
            Kind::Count => Node::int(self.dice.between(1, 4)),
            _ => {
                let leaves = self
                    .readable(scope, |leaf| leaf.kind == kind && leaf.wide.lo > ZERO && leaf.now.lo > ZERO);
                if leaves.is_empty() {
                    return None;
                }
                Node::read(self.dice.pick(&leaves), scope)
            }
        };
        node.beside(floor, |a, b| call("max", vec![a, b]), Interval::max)
    }

    /// Forms that only this kind has.
    fn own_form(&mut self, kind: Kind, depth: u32, scope: &Scope) -> Option<Node> {
        match kind {
            Kind::Money(Per::Month) => self.turned("monthly", Kind::Money(Per::Year), kind, depth, scope),
            Kind::Money(Per::Year) => self.turned("yearly", Kind::Money(Per::Month), kind, depth, scope),
            Kind::Age | Kind::Months => self.span(kind, depth, scope),
            Kind::Rate => self.quotient(kind, depth, scope),
            _ => None,
        }
    }

    fn turned(&mut self, function: &str, from: Kind, to: Kind, depth: u32, scope: &Scope) -> Option<Node> {
        let x = self.number(from, depth, scope)?;
        let (times, finer) =
            if function == "yearly" { (Ratio::whole(12), 1) } else { (Ratio::new(1, 12), 12) };
        let by = |x: Interval| x.multiply(Interval::known(times));
        let denominator = x.denominator * finer;
        let call = call(function, vec![x.expr.clone()]);
        Node { denominator, ..x.map(to, call, by) }.fit()
    }

    /// An age or a number of months.
    fn span(&mut self, kind: Kind, depth: u32, scope: &Scope) -> Option<Node> {
        let a = self.date(depth, scope)?;
        let years = kind == Kind::Age;
        let (function, span): (_, fn(i64, i64) -> i64) = match (years, self.dice.percent(50)) {
            (true, true) => ("age", calendar::age),
            (true, false) => ("age_by_month", calendar::age_by_month),
            (false, true) => ("full_months", calendar::full_months),
            (false, false) => ("calendar_months", calendar::calendar_months),
        };
        let day = |r: Ratio| i64::try_from(r.floor()).expect("a day");
        let between = |a: Interval, b: Interval| {
            let span = |a, b| Ratio::whole(span(day(a), day(b)));
            Interval::new(span(a.hi, b.lo), span(a.lo, b.hi))
        };
        let node = match years {
            true => a.beside(self.today(), |a, _| call(function, vec![a]), between)?,
            false => {
                let b = self.date(depth, scope)?;
                a.beside(b, |a, b| call(function, vec![a, b]), between)?
            }
        };
        Some(Node { kind, ..node })
    }

    /// The decision date, which is known on the day and may be any for a proof that holds on every day.
    fn today(&self) -> Node {
        let any =
            Interval::new(Ratio::whole(calendar::days(1800, 1, 1)), Ratio::whole(calendar::days(2300, 1, 1)));
        let on = Interval::whole(i64::from(self.on.days()));
        Node { wide: any, ..Node::fixed(name("on"), Kind::Date, on) }
    }

    /// A date.
    pub(super) fn date(&mut self, depth: u32, scope: &Scope) -> Option<Node> {
        let on = self.today();
        let leaf = match self.leaf(Kind::Date, scope) {
            Some(leaf) if self.dice.percent(80) => leaf,
            _ => on,
        };
        if depth == 0 || self.dice.percent(60) {
            return Some(leaf);
        }
        let other = self.date(depth - 1, scope)?;
        if forms::EXTREMES_OF_DATES && self.dice.percent(50) {
            return leaf.beside(other, |a, b| call("max", vec![a, b]), Interval::max);
        }
        self.condition(depth - 1, scope)?.choose(leaf, other)
    }

    /// The number as a whole one of a declared type, rounded where it may be finer.
    pub(super) fn whole(&mut self, node: Node, ty: Type) -> Option<Node> {
        match ty {
            _ if node.kind == Kind::Zero => Some(node),
            Type::Rate(denominator) => {
                let wanted = i128::from(denominator);
                let coarser = forms::COARSER_RATES && wanted % node.denominator == 0;
                if node.denominator == wanted || coarser && self.dice.percent(80) {
                    return Some(node);
                }
                let unit = Unit { expr: int(denominator), parts: wanted, coarsest: 1 };
                node.round(self.rounding(), &unit)
            }
            _ if node.denominator == 1 => Some(node),
            _ => {
                let unit = self.unit(node.kind);
                node.round(self.rounding(), &unit)
            }
        }
    }
}

/// A range for a numeric fact or figure, in stored form.
pub fn range(dice: &mut Dice, ty: Type, day: i64) -> (i64, i64) {
    match ty {
        Type::Count => *dice.pick(&[(0, 10), (1, 8), (0, 1), (2, 60), (0, 500)]),
        Type::Age => *dice.pick(&[(0, 120), (16, 70), (0, 17)]),
        Type::Months => *dice.pick(&[(0, 600), (1, 24), (0, 12), (1, 360)]),
        Type::Rate(d) => *dice.pick(&[(0, d), (1, d), (d / 2 + 1, 2 * d), (-d, d)]),
        Type::Date => *dice.pick(&[
            (calendar::days(1900, 1, 1), calendar::days(2100, 12, 31)),
            (day - 3000, day + 400),
            (day - 800, day - 1),
            (calendar::days(1950, 2, 28), calendar::days(2008, 2, 29)),
        ]),
        Type::Money(_) => *dice.pick(&[
            (0, 100_000),
            (1, 50_000),
            (0, 5_000_000),
            (-30_000, 90_000),
            (100, 100_000_000),
            (0, 1),
        ]),
        _ => panic!("{ty:?} has no free range"),
    }
}

/// A stored value in a range: its ends and zero more often than the rest.
pub fn within(dice: &mut Dice, (low, high): (i64, i64)) -> i64 {
    match dice.below(10) {
        0 => low,
        1 => high,
        2 => 0.clamp(low, high),
        3 => 1.clamp(low, high),
        _ => dice.between(low, high),
    }
}

/// How fine a leaf of a type is.
pub fn fineness(ty: Type) -> i128 {
    match ty {
        Type::Rate(denominator) => i128::from(denominator),
        _ => 1,
    }
}

impl Leaf {
    /// Whether the bounds say anything at all.
    pub(super) fn is_open(&self) -> bool {
        !self.now.is_known()
    }
}
