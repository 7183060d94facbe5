//! Columns cut into parts, for tables and for cases that compare with fixed values.
use super::Composer;
use super::grid::{Row, Width, rows};
use super::node::Node;
use super::tree::{binary, expr, int, not, one_of};
use crate::reference::interval::{EITHER, Interval};
use crate::reference::kind::Kind;
use crate::reference::ratio::Ratio;
use anmin_rules::model::{CellTest, EnumId, Exact, Hit, Type};
use anmin_rules::syntax::{BinaryOp, Expr, ExprKind};
use std::collections::BTreeSet;

/// A column of a table, cut into parts.
pub struct Axis {
    pub column: Node,
    cuts: Cuts,
}

enum Cuts {
    Bool,
    Enum(EnumId),
    /// Part i ends with the i-th of these, the last has no end. Values are multiples of `step`, if there is one.
    Number {
        ends: Vec<Ratio>,
        step: Option<Ratio>,
    },
}

impl Composer {
    pub(super) fn rows(&mut self, axes: &[Axis]) -> Option<(Vec<Row>, Hit, bool)> {
        let widths: Vec<Width> = axes.iter().map(|axis| self.width(axis)).collect();
        let size: usize = widths.iter().map(|w| w.parts).product();
        if axes.is_empty() || size > 40 {
            return None;
        }
        let hit = if self.dice.percent(40) { Hit::Unique } else { Hit::First };
        let (rows, complete) = rows(&mut self.dice, &widths, hit);
        Some((rows, hit, complete))
    }

    fn width(&self, axis: &Axis) -> Width {
        let (parts, contiguous) = match &axis.cuts {
            Cuts::Bool => (2, false),
            Cuts::Enum(id) => (self.rules.schema.enums[id.0].values.len(), false),
            Cuts::Number { ends, .. } => (ends.len() + 1, true),
        };
        Width { parts, contiguous }
    }

    /// Cuts a column into parts that are all possible; not, where the bounds leave only one.
    pub(super) fn axis(&mut self, column: Node) -> Option<Axis> {
        let cuts = match column.kind {
            Kind::Bool if column.now == EITHER && column.wide == EITHER => Cuts::Bool,
            Kind::Enum(id) => {
                let (low, high) = self.any_range(Type::Enum(id));
                let every = Interval::new(Ratio::whole(low), Ratio::whole(high));
                if column.now != every {
                    return None;
                }
                Cuts::Enum(id)
            }
            kind if kind.is_numeric() => {
                let step = match kind {
                    Kind::Rate => Ratio::new(1, column.denominator),
                    _ => Ratio::whole(1),
                };
                let whole = kind == Kind::Rate || column.denominator == 1;
                let first = (column.now.lo / step).ceil();
                let last = (column.now.hi / step).ceil() - 1;
                if first > last {
                    return None;
                }
                let most = if whole { 3 } else { 1 };
                let small = |n| i64::try_from(n).expect("a small number");
                let ends: BTreeSet<i64> = (0..1 + self.dice.below(most))
                    .map(|_| self.dice.between(small(first), small(last)))
                    .collect();
                let ends = ends.into_iter().map(|n| Ratio::whole(n) * step).collect();
                Cuts::Number { ends, step: whole.then_some(step) }
            }
            _ => return None,
        };
        Some(Axis { column, cuts })
    }

    /// The cell that takes these parts; `None` is any.
    pub(super) fn cell(&mut self, axis: &Axis, parts: &[usize]) -> Option<CellTest> {
        if parts.len() == self.width(axis).parts {
            return None;
        }
        Some(match &axis.cuts {
            Cuts::Bool => CellTest::Bool(parts[0] == 0),
            Cuts::Enum(id) => {
                let values = &self.rules.schema.enums[id.0].values;
                CellTest::OneOf(parts.iter().map(|p| values[*p].name.clone()).collect())
            }
            Cuts::Number { ends, step } => {
                let above = parts[0].checked_sub(1).map(|before| ends[before]);
                let up_to = ends.get(parts[parts.len() - 1]).copied();
                let exact = |r: Ratio| written(r, axis.column.kind);
                let (low, high) = match (above, up_to, step) {
                    // Written with both ends, as `18..59` is.
                    (Some(low), Some(high), Some(step)) => (Some((low + *step, true)), Some((high, true))),
                    (Some(low), None, Some(step)) if self.dice.percent(50) => {
                        (Some((low + *step, true)), None)
                    }
                    (None, Some(high), Some(step)) if self.dice.percent(50) => {
                        (None, Some((high + *step, false)))
                    }
                    (low, high, _) => (low.map(|low| (low, false)), high.map(|high| (high, true))),
                };
                let exact = |end: Option<(Ratio, bool)>| end.map(|(r, i)| (exact(r), i));
                CellTest::Between { low: exact(low), high: exact(high) }
            }
        })
    }
}

/// A figure as a cell has it: in yuan for money.
fn written(value: Ratio, kind: Kind) -> Exact {
    let of_a_yuan = if matches!(kind, Kind::Money(_)) { 100 } else { 1 };
    let (numerator, denominator) = (value / Ratio::whole(of_a_yuan)).parts();
    let small = |n: i128| i64::try_from(n).expect("a small number");
    Exact::new(small(numerator), small(denominator)).expect("small terms")
}

/// The condition that a cell is for a count, an enum or a bool that is a bare name.
pub fn as_condition(column: &Expr, cell: &CellTest) -> Expr {
    let compared = |op, n: &Exact| binary(op, column.clone(), int(n.numerator()));
    match cell {
        CellTest::Any => expr(ExprKind::Bool(true)),
        CellTest::Bool(true) => column.clone(),
        CellTest::Bool(false) => not(column.clone()),
        CellTest::OneOf(names) => {
            let value = |name: &String| expr(ExprKind::Name(name.clone()));
            match names.as_slice() {
                [one] => binary(BinaryOp::Equal, column.clone(), value(one)),
                several => one_of(column.clone(), several.iter().map(value).collect()),
            }
        }
        CellTest::Between { low, high } => {
            let low = low.as_ref().map(|(n, included)| {
                compared(if *included { BinaryOp::GreaterEqual } else { BinaryOp::Greater }, n)
            });
            let high = high.as_ref().map(|(n, included)| {
                compared(if *included { BinaryOp::LessEqual } else { BinaryOp::Less }, n)
            });
            let ends = low.into_iter().chain(high);
            ends.reduce(|a, b| binary(BinaryOp::And, a, b)).expect("an end")
        }
    }
}
