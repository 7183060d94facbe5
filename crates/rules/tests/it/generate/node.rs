//! An expression being made, with what is known of it beforehand: its kind, how fine it can be, and its bounds.
use super::tree::{binary, call, choose, expr, field, int, name, not};
use super::{Leaf, Scope};
use crate::reference::interval::Interval;
use crate::reference::kind::Kind;
use crate::reference::ratio::{Ratio, Rounding, ZERO};
use anmin_rules::syntax::{BinaryOp, Expr, ExprKind};

/// Nothing made here exceeds this many of its finest units, in any household, on any day; 64 bits are far away.
const LARGEST: i128 = 1 << 44;
/// Nor is it finer than this.
const FINEST: i128 = 1_000_000_000;

#[derive(Clone, Debug)]
pub struct Node {
    pub expr: Expr,
    pub kind: Kind,
    pub denominator: i128,
    pub now: Interval,
    pub wide: Interval,
}

/// The functions that round, by name.
pub const ROUNDINGS: [(&str, Rounding); 4] = [
    ("floor", Rounding::Floor),
    ("ceil", Rounding::Ceil),
    ("half_up", Rounding::HalfUp),
    ("half_even", Rounding::HalfEven),
];

fn common(a: i128, b: i128) -> i128 {
    let mut of = (a, b);
    while of.1 != 0 {
        of = (of.1, of.0 % of.1);
    }
    a / of.0 * b
}

impl Node {
    pub fn read(leaf: &Leaf, scope: &Scope) -> Node {
        let expr = match (&leaf.of, &scope.element) {
            (None, _) => name(&leaf.name),
            (Some(_), Some((_, binding))) => field(binding, &leaf.name),
            (Some(_), None) => panic!("{} read at the root", leaf.name),
        };
        let Leaf { kind, denominator, now, wide, .. } = *leaf;
        Node { expr, kind, denominator, now, wide }
    }

    /// A literal or another form whose value is fixed.
    pub fn fixed(expr: Expr, kind: Kind, value: Interval) -> Node {
        Node { expr, kind, denominator: 1, now: value, wide: value }
    }

    pub fn int(n: i64) -> Node {
        let kind = if n == 0 { Kind::Zero } else { Kind::Count };
        Node::fixed(int(n), kind, Interval::whole(n))
    }

    pub fn bool(b: bool) -> Node {
        Node::fixed(expr(ExprKind::Bool(b)), Kind::Bool, Interval::whole(i64::from(b)))
    }

    /// How many of its finest units it can be, either way.
    pub fn largest(&self) -> i128 {
        let farthest = self.wide.lo.abs().max(self.wide.hi.abs());
        (farthest * Ratio::new(self.denominator, 1)).ceil()
    }

    /// Only what stays far from 64 bits is used.
    pub fn fit(self) -> Option<Node> {
        (self.denominator <= FINEST && self.largest() <= LARGEST).then_some(self)
    }

    /// Sums, extremes and branches: two of one kind, brought to a common denominator.
    pub fn beside(
        self,
        other: Node,
        expr: impl FnOnce(Expr, Expr) -> Expr,
        op: impl Fn(Interval, Interval) -> Interval,
    ) -> Option<Node> {
        let kind = self.kind.same(other.kind);
        Node {
            kind,
            denominator: common(self.denominator, other.denominator),
            now: op(self.now, other.now),
            wide: op(self.wide, other.wide),
            expr: expr(self.expr, other.expr),
        }
        .fit()
    }

    /// A comparison, whose sides are brought to a common denominator.
    pub fn compare(
        self,
        op: BinaryOp,
        other: Node,
        truth: impl Fn(Interval, Interval) -> Interval,
    ) -> Option<Node> {
        let aligned = self.clone().beside(
            other.clone(),
            |a, b| binary(op, a, b),
            // Only to see that both fit.
            Interval::hull,
        )?;
        Some(Node {
            expr: aligned.expr,
            kind: Kind::Bool,
            denominator: 1,
            now: truth(self.now, other.now),
            wide: truth(self.wide, other.wide),
        })
    }

    pub fn times(self, other: Node) -> Option<Node> {
        Node {
            kind: self.kind.times(other.kind),
            denominator: self.denominator * other.denominator,
            now: self.now.multiply(other.now),
            wide: self.wide.multiply(other.wide),
            expr: binary(BinaryOp::Multiply, self.expr, other.expr),
        }
        .fit()
    }

    /// `how(a / b, unit)`.
    pub fn over(self, other: Node, rounding: (&str, Rounding), unit: &Unit) -> Option<Node> {
        if other.wide.lo <= ZERO || other.now.lo <= ZERO {
            return None;
        }
        // However the quotient is computed, no side of it may come near 64 bits.
        let dividend = self.largest().checked_mul(other.denominator)?;
        let divisor = other.largest().checked_mul(self.denominator)?;
        if dividend * unit.parts > LARGEST || divisor * unit.coarsest > LARGEST {
            return None;
        }
        let quotient = Node {
            kind: self.kind.over(other.kind),
            denominator: 1,
            now: self.now.divide(other.now),
            wide: self.wide.divide(other.wide),
            expr: binary(BinaryOp::Divide, self.expr, other.expr),
        };
        quotient.round(rounding, unit)
    }

    pub fn round(self, (function, how): (&str, Rounding), unit: &Unit) -> Option<Node> {
        Node {
            expr: call(function, vec![self.expr, unit.expr.clone()]),
            denominator: unit.parts,
            now: self.now.round(how, unit.step()),
            wide: self.wide.round(how, unit.step()),
            kind: self.kind,
        }
        .fit()
    }

    pub fn negate(self) -> Node {
        Node {
            expr: expr(ExprKind::Negate(Box::new(self.expr))),
            now: self.now.negate(),
            wide: self.wide.negate(),
            ..self
        }
    }

    /// `self ? a : b`, whose condition is no switch.
    pub fn choose(self, a: Node, b: Node) -> Option<Node> {
        use crate::reference::interval::{FALSE, TRUE};
        let (condition, now) = (self.expr, self.now);
        let kept = match now {
            TRUE => a.now,
            FALSE => b.now,
            _ => a.now.hull(b.now),
        };
        let hull = a.beside(b, |a, b| choose(condition, a, b), Interval::hull)?;
        Some(Node { now: kept, ..hull })
    }

    pub fn not(self) -> Node {
        Node { expr: not(self.expr), now: self.now.not(), wide: self.wide.not(), ..self }
    }

    /// The same bounds, by a function of monotone bounds.
    pub fn map(self, kind: Kind, expr: Expr, op: impl Fn(Interval) -> Interval) -> Node {
        Node { expr, kind, denominator: 1, now: op(self.now), wide: op(self.wide) }
    }
}

/// A unit that a rounding call names.
pub struct Unit {
    pub expr: Expr,
    /// Parts of a whole that the result is in.
    pub parts: i128,
    /// Wholes that the result is in multiples of.
    pub coarsest: i128,
}

impl Unit {
    fn step(&self) -> Ratio {
        Ratio::new(self.coarsest, self.parts)
    }
}
