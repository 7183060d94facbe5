//! Turns typed expressions into operations. One lowering serves the proof (figures and other variables are bounds) and the
//! program (figures are those in force).
use super::op::{Arg, Extreme, Op, Reg};
use crate::finding::Finding;
use crate::interval::Interval;
use crate::model::{CollectionId, FactId, ParameterId, Place, Ruleset, VariableId};
use crate::syntax::{BinaryOp, FoldKind, Span};
use crate::typed::{Fold, Form, Kind, Round, Typed};
use anmin_base::date::Date;
use std::collections::HashMap;

/// Where figures, switches and other variables come from.
pub trait Figures {
    /// A parameter: fixed, or a table over the fact it varies by, or an abstract operation.
    fn parameter(&mut self, p: ParameterId, at: Place, span: Span) -> Option<Figure>;
    /// A switch's option.
    fn switch(&mut self, s: usize) -> Result<i64, Op>;
    /// A variable's value.
    fn variable(&mut self, v: VariableId) -> Option<VariableValue>;
    /// The `applies` condition of a fact, typed.
    fn applies(&self, f: FactId) -> Option<(&Typed, i64)>;
}

/// A parameter for the lowering.
pub enum Figure {
    /// One value.
    Fixed(i64),
    /// By the code of a root fact.
    By(FactId, Box<[(i64, i64)]>),
    /// Bounds only.
    Abstract(Op),
}

/// A variable for the lowering.
pub enum VariableValue {
    /// Already computed.
    At(Arg),
    /// Bounds only.
    Abstract(Op),
}

/// The operations so far.
pub struct Lowering<'r> {
    /// The rules.
    pub rules: &'r Ruleset,
    /// The decision date; in a proof the last one there can be.
    pub on: Date,
    /// A proof: holds for every decision date up to `on`.
    pub proof: bool,
    /// Operations.
    pub ops: Vec<Op>,
    /// Their levels.
    pub levels: Vec<Option<CollectionId>>,
    /// Their bounds.
    pub bounds: Vec<Interval>,
    /// What was wrong.
    pub findings: Vec<Finding>,
    seen: HashMap<(Op, Option<CollectionId>), Reg>,
}

/// Lowers the nodes of one variable's version.
pub struct Expression<'l, 'r, F> {
    /// The operations.
    pub to: &'l mut Lowering<'r>,
    /// Figures.
    pub figures: &'l mut F,
    /// Where the current expression's text begins.
    pub place: Place,
    /// Where each node's value is.
    pub nodes: Vec<Option<Arg>>,
}

impl<'r> Lowering<'r> {
    /// Nothing yet.
    pub fn new(rules: &'r Ruleset, on: Date, proof: bool) -> Self {
        Lowering {
            rules,
            on,
            proof,
            ops: vec![],
            levels: vec![],
            bounds: vec![],
            findings: vec![],
            seen: HashMap::new(),
        }
    }

    /// The bounds of an operand.
    pub fn bounds_of(&self, a: Arg) -> Interval {
        match a {
            Arg::Fixed(v) => Interval::known(v),
            Arg::Reg(r) => self.bounds[r as usize],
        }
    }

    /// The level of an operand.
    pub fn level_of(&self, a: Arg) -> Option<CollectionId> {
        match a {
            Arg::Fixed(_) => None,
            Arg::Reg(r) => self.levels[r as usize],
        }
    }

    /// Adds an operation at a level, or finds the same one, or folds it away if it is fixed.
    pub fn push(&mut self, op: Op, level: Option<CollectionId>, place: Place, span: Span) -> Arg {
        let key = (op, level);
        if let Some(r) = self.seen.get(&key) {
            return Arg::Reg(*r);
        }
        let (op, _) = key.clone();
        let args: Vec<Interval> = op.args().iter().map(|a| self.bounds_of(*a)).collect();
        let schema = &self.rules.schema;
        let mut bounds = op.bounds(
            &args,
            self.on,
            |f| schema.facts[f.0].range,
            |c| (schema.collections[c.0].min, schema.collections[c.0].max),
        );
        if self.proof && matches!(op, Op::Age(_) | Op::AgeByMonth(_)) {
            bounds.lo = 0; // on an earlier date everybody is younger
        }
        let all_fixed = op.args().iter().all(|a| matches!(a, Arg::Fixed(_)));
        let foldable = !matches!(
            op,
            Op::Fact(_)
                | Op::Abstract(..)
                | Op::Size(_)
                | Op::Sum(..)
                | Op::Any(..)
                | Op::All(..)
                | Op::Extreme(..)
        );
        if !bounds.fits() {
            self.findings.push(Finding {
                place,
                span: Some(span),
                zh: format!(
                    "这里的值可能达到 {} 至 {}，超出 64 位：请缩小事实或参数的 range，或分步取整",
                    bounds.lo, bounds.hi
                ),
                en: format!(
                    "the value here may reach {} to {}, beyond 64 bits: narrow the ranges of the facts or parameters, or round in steps",
                    bounds.lo, bounds.hi
                ),
            });
            let limit = 1i128 << 40;
            bounds = Interval::new(bounds.lo.max(-limit), bounds.hi.min(limit).max(-limit));
        } else if all_fixed && foldable && bounds.lo == bounds.hi {
            return Arg::Fixed(bounds.lo as i64);
        }
        let reg = self.ops.len() as Reg;
        self.ops.push(op);
        self.levels.push(level);
        self.bounds.push(bounds);
        self.seen.insert(key, reg);
        Arg::Reg(reg)
    }
}

impl<F: Figures> Expression<'_, '_, F> {
    fn push(&mut self, op: Op, level: Option<CollectionId>, span: Span) -> Arg {
        self.to.push(op, level, self.place, span)
    }

    /// Brings a root operand to each element of a collection.
    fn at(&mut self, a: Arg, level: Option<CollectionId>, span: Span) -> Arg {
        match (level, a) {
            (Some(c), Arg::Reg(_)) if self.to.level_of(a).is_none() => {
                self.push(Op::Broadcast(c, a), level, span)
            }
            _ => a,
        }
    }

    /// Lowers a node and multiplies it up to a denominator.
    fn scaled(&mut self, t: &Typed, den: i64) -> Option<Arg> {
        let a = self.node(t)?;
        let by = den / t.kind.denominator();
        if by == 1 {
            return Some(a);
        }
        let level = self.to.level_of(a);
        Some(self.push(Op::Multiply(a, Arg::Fixed(by)), level, t.span))
    }

    /// Lowers a node to the denominator of a wanted kind.
    pub fn as_kind(&mut self, t: &Typed, want: Kind) -> Option<Arg> {
        self.scaled(t, want.denominator())
    }

    /// Lowers a node; every node's value is remembered.
    pub fn node(&mut self, t: &Typed) -> Option<Arg> {
        if let Some(Some(known)) = self.nodes.get(t.id as usize) {
            return Some(*known);
        }
        let value = self.form(t)?;
        let id = t.id as usize;
        if self.nodes.len() <= id {
            self.nodes.resize(id + 1, None);
        }
        self.nodes[id] = Some(value);
        Some(value)
    }

    fn two(&mut self, a: Arg, b: Arg, span: Span, op: impl Fn(Arg, Arg) -> Op) -> Arg {
        let level = self.to.level_of(a).or(self.to.level_of(b));
        let (a, b) = (self.at(a, level, span), self.at(b, level, span));
        self.push(op(a, b), level, span)
    }

    fn one(&mut self, a: Arg, span: Span, op: impl Fn(Arg) -> Op) -> Arg {
        let level = self.to.level_of(a);
        self.push(op(a), level, span)
    }

    fn choose(&mut self, c: Arg, a: Arg, b: Arg, span: Span) -> Arg {
        let level = self.to.level_of(c).or(self.to.level_of(a)).or(self.to.level_of(b));
        let (c, a, b) = (self.at(c, level, span), self.at(a, level, span), self.at(b, level, span));
        self.push(Op::Choose(c, a, b), level, span)
    }

    /// `c ? a : b` where only the branch taken exists if `c` is fixed.
    pub fn branch(
        &mut self,
        c: Arg,
        span: Span,
        a: impl FnOnce(&mut Self) -> Option<Arg>,
        b: impl FnOnce(&mut Self) -> Option<Arg>,
    ) -> Option<Arg> {
        match c {
            Arg::Fixed(0) => b(self),
            Arg::Fixed(_) => a(self),
            Arg::Reg(_) => {
                let a = a(self);
                let b = b(self);
                Some(self.choose(c, a?, b?, span))
            }
        }
    }

    /// What is read and not computed.
    fn leaf(&mut self, t: &Typed) -> Option<Arg> {
        let span = t.span;
        Some(match &t.form {
            Form::Literal(v) => Arg::Fixed(*v),
            Form::On if self.to.proof => {
                let last = self.to.on.days().into();
                self.push(Op::Abstract(super::FIRST_DAY.days().into(), last, u32::MAX), None, span)
            }
            Form::On => Arg::Fixed(self.to.on.days().into()),
            Form::Fact(f) => self.fact(*f, span)?,
            Form::Parameter(p) => match self.figures.parameter(*p, self.place, span)? {
                Figure::Fixed(v) => Arg::Fixed(v),
                Figure::Abstract(op) => self.push(op, None, span),
                Figure::By(fact, table) => {
                    let key = self.fact(fact, span)?;
                    self.one(key, span, |k| Op::Lookup(k, table.clone()))
                }
            },
            Form::Switch(s) => match self.figures.switch(*s) {
                Ok(option) => Arg::Fixed(option),
                Err(op) => self.push(op, None, span),
            },
            Form::Variable(v) => match self.figures.variable(*v)? {
                VariableValue::At(a) => a,
                VariableValue::Abstract(op) => self.push(op, t.level, span),
            },
            _ => unreachable!("not a leaf"),
        })
    }

    fn form(&mut self, t: &Typed) -> Option<Arg> {
        let span = t.span;
        let den = t.kind.denominator();
        Some(match &t.form {
            Form::Literal(_)
            | Form::On
            | Form::Fact(_)
            | Form::Parameter(_)
            | Form::Switch(_)
            | Form::Variable(_) => self.leaf(t)?,
            Form::Not(a) => {
                let a = self.node(a)?;
                self.one(a, span, Op::Not)
            }
            Form::Negate(a) => {
                let a = self.scaled(a, den)?;
                self.one(a, span, Op::Negate)
            }
            Form::Binary(op, a, b) => self.binary(*op, a, b, den, span)?,
            Form::Choose(c, a, b) => {
                let c = self.node(c)?;
                self.branch(c, span, |s| s.scaled(a, den), |s| s.scaled(b, den))?
            }
            Form::OneOf(x, list) => {
                let x = self.node(x)?;
                let mut any = Arg::Fixed(0);
                for item in list {
                    let item = self.node(item)?;
                    let same = self.two(x, item, span, Op::Equal);
                    any = self.either(any, same, span);
                }
                any
            }
            Form::Round(r) => self.round(r, den, span)?,
            Form::Greatest(list) | Form::Least(list) => {
                let greatest = matches!(t.form, Form::Greatest(_));
                let mut result = self.scaled(&list[0], den)?;
                for item in &list[1..] {
                    let item = self.scaled(item, den)?;
                    result = self.two(result, item, span, if greatest { Op::Greater } else { Op::Lesser });
                }
                result
            }
            // Money per year in 1/d fen is money per month in 1/(12 d) fen: the same number.
            Form::Monthly(a) => self.node(a)?,
            Form::Yearly(a) => {
                let a = self.scaled(a, den)?;
                self.two(a, Arg::Fixed(12), span, Op::Multiply)
            }
            Form::Age(d) => {
                let d = self.node(d)?;
                self.one(d, span, Op::Age)
            }
            Form::AgeByMonth(d) => {
                let d = self.node(d)?;
                self.one(d, span, Op::AgeByMonth)
            }
            Form::FullMonths(a, b) => {
                let (a, b) = (self.node(a)?, self.node(b)?);
                self.two(a, b, span, Op::FullMonths)
            }
            Form::CalendarMonths(a, b) => {
                let (a, b) = (self.node(a)?, self.node(b)?);
                self.two(a, b, span, Op::CalendarMonths)
            }
            Form::Fold(f) => self.fold(f, den, span)?,
        })
    }

    fn fact(&mut self, f: FactId, span: Span) -> Option<Arg> {
        let of = self.to.rules.schema.facts[f.0].of;
        let stored = self.push(Op::Fact(f), of, span);
        let Some((applies, when_not)) = self.figures.applies(f) else { return Some(stored) };
        let applies = applies.clone();
        // The condition's nodes are numbered apart from those of the expression around it.
        let nodes = std::mem::take(&mut self.nodes);
        let condition = self.node(&applies);
        self.nodes = nodes;
        Some(self.choose(condition?, stored, Arg::Fixed(when_not), span))
    }

    fn either(&mut self, a: Arg, b: Arg, span: Span) -> Arg {
        match (a, b) {
            (Arg::Fixed(0), x) | (x, Arg::Fixed(0)) => x,
            (Arg::Fixed(1), _) | (_, Arg::Fixed(1)) => Arg::Fixed(1),
            _ => self.two(a, b, span, Op::Or),
        }
    }

    fn both(&mut self, a: Arg, b: Arg, span: Span) -> Arg {
        match (a, b) {
            (Arg::Fixed(1), x) | (x, Arg::Fixed(1)) => x,
            (Arg::Fixed(0), _) | (_, Arg::Fixed(0)) => Arg::Fixed(0),
            _ => self.two(a, b, span, Op::And),
        }
    }

    fn binary(&mut self, op: BinaryOp, a: &Typed, b: &Typed, den: i64, span: Span) -> Option<Arg> {
        use BinaryOp::*;
        match op {
            And | Or => {
                let first = self.node(a)?;
                // A branch that cannot matter is not part of the program.
                match (op, first) {
                    (And, Arg::Fixed(0)) => return Some(Arg::Fixed(0)),
                    (Or, Arg::Fixed(1)) => return Some(Arg::Fixed(1)),
                    _ => {}
                }
                let second = self.node(b)?;
                Some(if op == And {
                    self.both(first, second, span)
                } else {
                    self.either(first, second, span)
                })
            }
            Multiply => {
                let (a, b) = (self.node(a)?, self.node(b)?);
                Some(self.two(a, b, span, Op::Multiply))
            }
            Add | Subtract => {
                let (a, b) = (self.scaled(a, den)?, self.scaled(b, den)?);
                Some(self.two(a, b, span, if op == Add { Op::Add } else { Op::Subtract }))
            }
            Divide => unreachable!("the check lets divisions stand in rounding calls only"),
            _ => {
                let common = lcm(a.kind.denominator(), b.kind.denominator());
                let (a, b) = (self.scaled(a, common)?, self.scaled(b, common)?);
                Some(match op {
                    Equal => self.two(a, b, span, Op::Equal),
                    NotEqual => {
                        let same = self.two(a, b, span, Op::Equal);
                        self.one(same, span, Op::Not)
                    }
                    Less => self.two(a, b, span, Op::Less),
                    LessEqual => self.two(a, b, span, Op::LessEqual),
                    Greater => self.two(b, a, span, Op::Less),
                    _ => self.two(b, a, span, Op::LessEqual),
                })
            }
        }
    }

    /// `value / divisor` to a whole multiple of the unit, at denominator `den` (1, or the parts of a rate).
    fn round(&mut self, r: &Round, den: i64, span: Span) -> Option<Arg> {
        let mut numerator = self.node(&r.value)?;
        let mut up = den;
        let mut down = r.value.kind.denominator().checked_mul(r.unit)?;
        let mut divisor = Arg::Fixed(1);
        if let Some(d) = &r.divisor {
            divisor = self.node(d)?;
            if self.to.bounds_of(divisor).lo < 1 {
                self.to.findings.push(Finding {
                    place: self.place,
                    span: Some(d.span),
                    zh: "除数可能为零或负数：请用 max(x, 1) 之类保证它为正，或给事实写 range".to_owned(),
                    en: "the divisor may be zero or negative: make it positive, for example with max(x, 1), or give the fact a range".to_owned(),
                });
                return None;
            }
            up = up.checked_mul(d.kind.denominator())?;
        }
        // Cancel what numerator and denominator share, so that the proof is not refused for nothing.
        let g = gcd(up, down);
        up /= g;
        down /= g;
        if up != 1 {
            numerator = self.two(numerator, Arg::Fixed(up), span, Op::Multiply);
        }
        let denominator =
            if down == 1 { divisor } else { self.two(divisor, Arg::Fixed(down), span, Op::Multiply) };
        let rounding = r.rounding;
        let whole = if denominator == Arg::Fixed(1) {
            numerator
        } else {
            self.two(numerator, denominator, span, |numerator, denominator| Op::Divide {
                numerator,
                denominator,
                rounding,
            })
        };
        Some(if r.unit == 1 { whole } else { self.two(whole, Arg::Fixed(r.unit), span, Op::Multiply) })
    }

    fn fold(&mut self, f: &Fold, den: i64, span: Span) -> Option<Arg> {
        let level = Some(f.collection);
        let mut filter = Arg::Fixed(1);
        for condition in &f.filters {
            let condition = self.node(condition)?;
            filter = self.both(filter, condition, span);
        }
        let body = match &f.body {
            Some(b) => self.scaled(b, if matches!(b.kind, Kind::Bool) { 1 } else { den })?,
            None => Arg::Fixed(1),
        };
        let c = f.collection;
        let op = match f.how {
            FoldKind::Size | FoldKind::Count => match self.both(filter, body, span) {
                Arg::Fixed(1) => Op::Size(c),
                counted => Op::Sum(c, self.at(counted, level, span)),
            },
            FoldKind::Exists => {
                let each = self.both(filter, body, span);
                Op::Any(c, self.at(each, level, span))
            }
            FoldKind::All => {
                let passed = self.one(filter, span, Op::Not);
                let each = self.either(passed, body, span);
                Op::All(c, self.at(each, level, span))
            }
            FoldKind::Sum => {
                let each = self.branch(filter, span, |_| Some(body), |_| Some(Arg::Fixed(0)))?;
                Op::Sum(c, self.at(each, level, span))
            }
            FoldKind::Max | FoldKind::Min => {
                let over_nothing = match &f.over_nothing {
                    Some(o) => self.scaled(o, den)?,
                    None => Arg::Fixed(0),
                };
                Op::Extreme(
                    c,
                    Extreme {
                        greatest: f.how == FoldKind::Max,
                        value: self.at(body, level, span),
                        filter: self.at(filter, level, span),
                        over_nothing,
                    },
                )
            }
        };
        Some(self.push(op, None, span))
    }
}

fn gcd(a: i64, b: i64) -> i64 {
    if b == 0 { a.abs() } else { gcd(b, a % b) }
}

fn lcm(a: i64, b: i64) -> i64 {
    a / gcd(a, b) * b
}
