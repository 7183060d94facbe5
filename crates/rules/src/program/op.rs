//! The operations of a program, and the bounds of what each can give.
use crate::interval::{self as iv, Interval, Rounding};
use crate::model::{CollectionId, FactId};
use anmin_base::date::{Date, age_by_month, age_on, calendar_months, full_months};

/// A register: the result of the operation of the same number.
pub type Reg = u32;

/// Where an operand comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Arg {
    /// A fixed value, the same for everybody.
    Fixed(i64),
    /// The result of an earlier operation.
    Reg(Reg),
}

/// The operands of an operation: at most three, kept in place since every run asks for them.
#[derive(Clone, Copy, Debug)]
pub struct Args {
    list: [Arg; 3],
    len: usize,
}

impl Args {
    fn of<const N: usize>(args: [Arg; N]) -> Self {
        let mut list = [Arg::Fixed(0); 3];
        list[..N].copy_from_slice(&args);
        Args { list, len: N }
    }
}

impl std::ops::Deref for Args {
    type Target = [Arg];
    fn deref(&self) -> &[Arg] {
        &self.list[..self.len]
    }
}

/// One operation. Element by element over households, or over the elements of one collection.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Op {
    /// A fact's column.
    Fact(FactId),
    /// Something of which only the bounds are known; in proofs only.
    Abstract(i64, i64, u32),
    /// `a + b`
    Add(Arg, Arg),
    /// `a - b`
    Subtract(Arg, Arg),
    /// `a * b`
    Multiply(Arg, Arg),
    /// `-a`
    Negate(Arg),
    /// `round(a / (b * unit)) * unit`
    Divide {
        /// Numerator.
        numerator: Arg,
        /// Denominator, positive.
        denominator: Arg,
        /// How to make the quotient whole.
        rounding: Rounding,
    },
    /// The greater.
    Greater(Arg, Arg),
    /// The lesser.
    Lesser(Arg, Arg),
    /// `a < b`
    Less(Arg, Arg),
    /// `a <= b`
    LessEqual(Arg, Arg),
    /// `a == b`
    Equal(Arg, Arg),
    /// `a && b`
    And(Arg, Arg),
    /// `a || b`
    Or(Arg, Arg),
    /// `!a`
    Not(Arg),
    /// `c ? a : b`
    Choose(Arg, Arg, Arg),
    /// The figure for a key, in pairs sorted by key.
    Lookup(Arg, Box<[(i64, i64)]>),
    /// Completed years on the decision date.
    Age(Arg),
    /// Years by calendar month on the decision date.
    AgeByMonth(Arg),
    /// Completed months.
    FullMonths(Arg, Arg),
    /// Calendar months.
    CalendarMonths(Arg, Arg),
    /// A root value at each element of a collection.
    Broadcast(CollectionId, Arg),
    /// Number of elements.
    Size(CollectionId),
    /// Sum over a household's elements.
    Sum(CollectionId, Arg),
    /// Whether true for any element.
    Any(CollectionId, Arg),
    /// Whether true for all elements.
    All(CollectionId, Arg),
    /// The greatest (or least) value of the elements that pass.
    Extreme(CollectionId, Extreme),
}

/// `max` or `min` over a collection.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Extreme {
    /// `max` rather than `min`.
    pub greatest: bool,
    /// The value of each element.
    pub value: Arg,
    /// Whether an element takes part.
    pub filter: Arg,
    /// The value over nothing, a root value; any number where there is always an element.
    pub over_nothing: Arg,
}

impl Op {
    /// The operands.
    pub fn args(&self) -> Args {
        match self {
            Op::Fact(_) | Op::Abstract(..) | Op::Size(_) => Args::of([]),
            Op::Negate(a)
            | Op::Not(a)
            | Op::Lookup(a, _)
            | Op::Age(a)
            | Op::AgeByMonth(a)
            | Op::Broadcast(_, a)
            | Op::Sum(_, a)
            | Op::Any(_, a)
            | Op::All(_, a) => Args::of([*a]),
            Op::Add(a, b)
            | Op::Subtract(a, b)
            | Op::Multiply(a, b)
            | Op::Greater(a, b)
            | Op::Lesser(a, b)
            | Op::Less(a, b)
            | Op::LessEqual(a, b)
            | Op::Equal(a, b)
            | Op::And(a, b)
            | Op::Or(a, b)
            | Op::FullMonths(a, b)
            | Op::CalendarMonths(a, b) => Args::of([*a, *b]),
            Op::Divide { numerator, denominator, .. } => Args::of([*numerator, *denominator]),
            Op::Choose(c, a, b) => Args::of([*c, *a, *b]),
            Op::Extreme(_, e) => Args::of([e.value, e.filter, e.over_nothing]),
        }
    }

    /// The bounds of the result, from the bounds of the operands in the order of [`Op::args`].
    ///
    /// `fact` gives a fact's declared range, `size` a collection's least and greatest number of elements.
    pub fn bounds(
        &self,
        x: &[Interval],
        on: Date,
        fact: impl Fn(FactId) -> (i64, i64),
        size: impl Fn(CollectionId) -> (u32, u32),
    ) -> Interval {
        let pair = |(lo, hi): (i64, i64)| Interval::new(lo.into(), hi.into());
        match self {
            Op::Fact(f) => pair(fact(*f)),
            Op::Abstract(lo, hi, _) => pair((*lo, *hi)),
            Op::Add(..) => iv::add(x[0], x[1]),
            Op::Subtract(..) => iv::subtract(x[0], x[1]),
            Op::Multiply(..) => iv::multiply(x[0], x[1]),
            Op::Negate(_) => iv::negate(x[0]),
            Op::Divide { rounding, .. } => iv::quotient(x[0], x[1], *rounding),
            Op::Greater(..) => iv::greater(x[0], x[1]),
            Op::Lesser(..) => iv::lesser(x[0], x[1]),
            Op::Less(..) => iv::less(x[0], x[1]),
            Op::LessEqual(..) => iv::less_equal(x[0], x[1]),
            Op::Equal(..) => iv::equal(x[0], x[1]),
            Op::And(..) => iv::lesser(x[0], x[1]),
            Op::Or(..) => iv::greater(x[0], x[1]),
            Op::Not(_) => iv::not(x[0]),
            Op::Choose(..) => iv::choose(x[0], x[1], x[2]),
            Op::Lookup(_, table) => lookup_bounds(table, x[0]),
            Op::Age(_) => iv::falling(x[0], |d| age_on(d, on).into()),
            Op::AgeByMonth(_) => iv::falling(x[0], |d| age_by_month(d, on).into()),
            Op::FullMonths(..) => iv::span(x[0], x[1], |a, b| full_months(a, b).into()),
            Op::CalendarMonths(..) => iv::span(x[0], x[1], |a, b| calendar_months(a, b).into()),
            Op::Broadcast(..) => x[0],
            Op::Size(c) => {
                let (min, max) = size(*c);
                Interval::new(min.into(), max.into())
            }
            Op::Sum(c, _) => {
                let (min, max) = size(*c);
                iv::sum_over(x[0], min, max)
            }
            Op::Any(c, _) => over_some(x[0], Interval::known(0), size(*c), iv::greater),
            Op::All(c, _) => over_some(x[0], Interval::known(1), size(*c), iv::lesser),
            Op::Extreme(c, _) => extreme_bounds(x[0], x[1], x[2], size(*c)),
        }
    }
}

/// The hull of the figures whose keys are within bounds; of all, if none is (the key is then impossible).
pub fn lookup_bounds(table: &[(i64, i64)], key: Interval) -> Interval {
    let within = |k: i64| key.lo <= i128::from(k) && i128::from(k) <= key.hi;
    let hull = |all: bool| {
        table
            .iter()
            .filter(|(k, _)| all || within(*k))
            .map(|(_, v)| Interval::known(*v))
            .reduce(Interval::hull)
    };
    hull(false).or_else(|| hull(true)).unwrap_or(Interval::known(0))
}

fn over_some(
    each: Interval,
    over_nothing: Interval,
    (min, _): (u32, u32),
    f: impl Fn(Interval, Interval) -> Interval,
) -> Interval {
    let some = f(each, over_nothing);
    if min == 0 { some.hull(over_nothing) } else { some }
}

fn extreme_bounds(value: Interval, filter: Interval, nothing: Interval, (min, max): (u32, u32)) -> Interval {
    if filter.hi == 0 || max == 0 {
        nothing
    } else if filter.lo == 1 && min >= 1 {
        value
    } else {
        value.hull(nothing)
    }
}
