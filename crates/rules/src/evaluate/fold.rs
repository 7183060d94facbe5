//! From elements to households and back: sums, any, all, extremes, and root values at each element.
use super::unknown::row_bounds;
use super::{Buffer, Evaluator, In, Lane, settled};
use crate::batch::Batch;
use crate::interval::{self, Interval};
use crate::model::CollectionId;
use crate::program::{Arg, Extreme, Op};
use std::ops::Range;

impl Evaluator<'_> {
    pub(super) fn fold(&self, batch: &Batch<'_>, op: &Op, reg: usize, out: &mut Buffer) -> Lane {
        out.lo.clear();
        out.hi.clear();
        let households = self.rows[0].clone();
        let arg = |a: &Arg| self.operand(batch, *a);
        let lane = match op {
            Op::Broadcast(c, a) => return self.broadcast(batch, *c, arg(a), out),
            Op::Size(c) => {
                let offsets = batch.collections[c.0].offsets;
                out.lo.extend(households.clone().map(|h| i64::from(offsets[h + 1] - offsets[h])));
                Lane::Exact
            }
            Op::Sum(c, a) => match arg(a) {
                In::Rows(values, None) => self.exact(batch, *c, values, out, |v| v.iter().sum()),
                a => self.bounds(batch, *c, out, |rows| {
                    rows.map(|r| row_bounds(a, r)).fold(Interval::known(0), interval::add)
                }),
            },
            Op::Any(c, a) => match arg(a) {
                In::Rows(values, None) => self.exact(batch, *c, values, out, |v| i64::from(v.contains(&1))),
                a => self.bounds(batch, *c, out, |rows| {
                    rows.map(|r| row_bounds(a, r)).fold(Interval::known(0), interval::greater)
                }),
            },
            Op::All(c, a) => match arg(a) {
                In::Rows(values, None) => self.exact(batch, *c, values, out, |v| i64::from(!v.contains(&0))),
                a => self.bounds(batch, *c, out, |rows| {
                    rows.map(|r| row_bounds(a, r)).fold(Interval::known(1), interval::lesser)
                }),
            },
            Op::Extreme(c, e) => {
                let (value, filter, nothing) = (arg(&e.value), arg(&e.filter), arg(&e.over_nothing));
                let mut household = 0;
                self.bounds(batch, *c, out, |rows| {
                    let over_nothing = row_bounds(nothing, household);
                    household += 1;
                    extreme(e, rows.map(|r| (row_bounds(value, r), row_bounds(filter, r))), over_nothing)
                })
            }
            _ => unreachable!("not a fold"),
        };
        self.not_given(batch, op, reg, lane, out)
    }

    fn elements(&self, batch: &Batch<'_>, c: CollectionId) -> impl Iterator<Item = Range<usize>> {
        let offsets = batch.collections[c.0].offsets;
        let start = self.rows[c.0 + 1].start;
        self.rows[0].clone().map(move |h| offsets[h] as usize - start..offsets[h + 1] as usize - start)
    }

    fn exact(
        &self,
        batch: &Batch<'_>,
        c: CollectionId,
        values: &[i64],
        out: &mut Buffer,
        f: impl Fn(&[i64]) -> i64,
    ) -> Lane {
        out.lo.extend(self.elements(batch, c).map(|rows| f(&values[rows])));
        Lane::Exact
    }

    fn bounds(
        &self,
        batch: &Batch<'_>,
        c: CollectionId,
        out: &mut Buffer,
        mut f: impl FnMut(Range<usize>) -> Interval,
    ) -> Lane {
        for rows in self.elements(batch, c) {
            let b = f(rows);
            out.lo.push(b.lo as i64);
            out.hi.push(b.hi as i64);
        }
        settled(out)
    }

    /// Where a household's list was not given, the bounds are those proved for every list there could be.
    fn not_given(&self, batch: &Batch<'_>, op: &Op, reg: usize, lane: Lane, out: &mut Buffer) -> Lane {
        let c = match op {
            Op::Size(c) | Op::Sum(c, _) | Op::Any(c, _) | Op::All(c, _) | Op::Extreme(c, _) => *c,
            _ => return lane,
        };
        let Some(given) = batch.collections[c.0].given else { return lane };
        let given = &given[self.rows[0].clone()];
        if given.iter().all(|g| *g) {
            return lane;
        }
        if lane == Lane::Exact {
            out.hi.clear();
            out.hi.extend_from_slice(&out.lo);
        }
        let (lo, hi) = self.program.bounds[reg];
        for (row, given) in given.iter().enumerate() {
            if !given {
                out.lo[row] = lo;
                out.hi[row] = hi;
            }
        }
        settled(out)
    }

    fn broadcast(&self, batch: &Batch<'_>, c: CollectionId, a: In<'_>, out: &mut Buffer) -> Lane {
        let In::Rows(lo, hi) = a else {
            unreachable!("fixed values are not broadcast");
        };
        for (i, rows) in self.elements(batch, c).enumerate() {
            out.lo.resize(rows.end, lo[i]);
            if let Some(hi) = hi {
                out.hi.resize(rows.end, hi[i]);
            }
        }
        if hi.is_some() { settled(out) } else { Lane::Exact }
    }
}

/// The extreme over elements that surely or possibly take part.
///
/// With one that surely does: no less than its value, no more than any that may. With none sure: as over nothing, or any that may.
fn extreme(e: &Extreme, elements: impl Iterator<Item = (Interval, Interval)>, nothing: Interval) -> Interval {
    // `min` is `max` with every sign turned.
    let turn = |i: Interval| if e.greatest { i } else { interval::negate(i) };
    let (mut sure, mut possible): (Option<i128>, Option<Interval>) = (None, None);
    for (value, filter) in elements {
        let value = turn(value);
        if filter.hi == 0 {
            continue;
        }
        possible = Some(possible.map_or(value, |p| p.hull(value)));
        if filter.lo == 1 {
            sure = Some(sure.map_or(value.lo, |s| s.max(value.lo)));
        }
    }
    match (sure, possible) {
        (Some(lo), Some(p)) => turn(Interval::new(lo, p.hi)),
        (None, Some(p)) => turn(p.hull(turn(nothing))),
        _ => nothing,
    }
}
