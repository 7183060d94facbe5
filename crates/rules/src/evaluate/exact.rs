//! Kernels over known rows: plain loops the compiler can vectorise.
use super::{Buffer, Evaluator, In, Lane};
use crate::batch::Batch;
use crate::interval::divide_small;
use crate::program::{Arg, Op};
use anmin_base::date::{Date, age_by_month, age_on, calendar_months, full_months};

/// Ok if every value is within; otherwise the first row that is not.
pub(super) fn within(values: &[i64], lo: i64, hi: i64) -> Result<(), usize> {
    // Negative as soon as one value is outside: declared ranges are narrower than 63 bits.
    let signs = values.iter().fold(0i64, |acc, v| acc | v.wrapping_sub(lo) | hi.wrapping_sub(*v));
    if signs >= 0 {
        return Ok(());
    }
    Err(values.iter().position(|v| *v < lo || *v > hi).unwrap_or(0))
}

fn one(out: &mut Vec<i64>, a: In<'_>, n: usize, f: impl Fn(i64) -> i64) {
    out.clear();
    match a {
        In::Fixed(x) => out.resize(n, f(x)),
        In::Rows(x, _) => out.extend(x.iter().map(|x| f(*x))),
    }
}

fn two(out: &mut Vec<i64>, a: In<'_>, b: In<'_>, n: usize, f: impl Fn(i64, i64) -> i64) {
    out.clear();
    match (a, b) {
        (In::Fixed(x), In::Fixed(y)) => out.resize(n, f(x, y)),
        (In::Fixed(x), In::Rows(y, _)) => out.extend(y.iter().map(|y| f(x, *y))),
        (In::Rows(x, _), In::Fixed(y)) => out.extend(x.iter().map(|x| f(*x, y))),
        (In::Rows(x, _), In::Rows(y, _)) => out.extend(x.iter().zip(y).map(|(x, y)| f(*x, *y))),
    }
}

fn choose(out: &mut Vec<i64>, c: In<'_>, a: In<'_>, b: In<'_>, n: usize) {
    out.clear();
    let In::Rows(c, _) = c else {
        return two(out, c, a, n, |_, _| 0);
    };
    let pick = |c: &i64, a: i64, b: i64| if *c != 0 { a } else { b };
    match (a, b) {
        (In::Fixed(a), In::Fixed(b)) => out.extend(c.iter().map(|c| pick(c, a, b))),
        (In::Fixed(a), In::Rows(b, _)) => out.extend(c.iter().zip(b).map(|(c, b)| pick(c, a, *b))),
        (In::Rows(a, _), In::Fixed(b)) => out.extend(c.iter().zip(a).map(|(c, a)| pick(c, *a, b))),
        (In::Rows(a, _), In::Rows(b, _)) => {
            out.extend(c.iter().zip(a).zip(b).map(|((c, a), b)| pick(c, *a, *b)));
        }
    }
}

fn day(days: i64) -> Date {
    Date::from_days(days as i32)
}

impl Evaluator<'_> {
    /// Computes an operation other than a fact into `out`.
    pub(super) fn apply(&self, batch: &Batch<'_>, op: &Op, reg: usize, n: usize, out: &mut Buffer) -> Lane {
        let arg = |a: &Arg| self.operand(batch, *a);
        if matches!(
            op,
            Op::Size(_) | Op::Sum(..) | Op::Any(..) | Op::All(..) | Op::Extreme(..) | Op::Broadcast(..)
        ) {
            return self.fold(batch, op, reg, out);
        }
        if op.args().iter().any(|a| self.has_bounds(*a)) {
            return self.unknown(batch, op, n, out);
        }
        let lo = &mut out.lo;
        let on = self.program.on;
        match op {
            Op::Add(a, b) => two(lo, arg(a), arg(b), n, |x, y| x + y),
            Op::Subtract(a, b) => two(lo, arg(a), arg(b), n, |x, y| x - y),
            Op::Multiply(a, b) => two(lo, arg(a), arg(b), n, |x, y| x * y),
            Op::Negate(a) => one(lo, arg(a), n, |x| -x),
            Op::Divide { numerator, denominator, rounding } => {
                let rounding = *rounding;
                two(lo, arg(numerator), arg(denominator), n, |x, y| divide_small(x, y, rounding));
            }
            Op::Greater(a, b) => two(lo, arg(a), arg(b), n, i64::max),
            Op::Lesser(a, b) => two(lo, arg(a), arg(b), n, i64::min),
            Op::Less(a, b) => two(lo, arg(a), arg(b), n, |x, y| i64::from(x < y)),
            Op::LessEqual(a, b) => two(lo, arg(a), arg(b), n, |x, y| i64::from(x <= y)),
            Op::Equal(a, b) => two(lo, arg(a), arg(b), n, |x, y| i64::from(x == y)),
            Op::And(a, b) => two(lo, arg(a), arg(b), n, |x, y| x & y),
            Op::Or(a, b) => two(lo, arg(a), arg(b), n, |x, y| x | y),
            Op::Not(a) => one(lo, arg(a), n, |x| 1 - x),
            Op::Choose(c, a, b) => choose(lo, arg(c), arg(a), arg(b), n),
            Op::Lookup(key, table) => {
                one(lo, arg(key), n, |k| table.iter().find(|(code, _)| *code == k).map_or(0, |(_, v)| *v));
            }
            Op::Age(d) => one(lo, arg(d), n, |d| age_on(day(d), on).into()),
            Op::AgeByMonth(d) => one(lo, arg(d), n, |d| age_by_month(day(d), on).into()),
            Op::FullMonths(a, b) => two(lo, arg(a), arg(b), n, |a, b| full_months(day(a), day(b)).into()),
            Op::CalendarMonths(a, b) => {
                two(lo, arg(a), arg(b), n, |a, b| calendar_months(day(a), day(b)).into())
            }
            _ => unreachable!("facts, folds and broadcasts are computed elsewhere; proofs are not run"),
        }
        Lane::Exact
    }
}
