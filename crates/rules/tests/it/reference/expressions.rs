//! Expressions: names, operators, rounding and the functions of ages and months.
use super::calendar;
use super::evaluation::{Evaluation, Scope};
use super::interval::{FALSE, Interval, TRUE};
use super::kind::Kind;
use super::layers;
use super::ratio::{Ratio, Rounding};
use super::value::Value;
use anmin_rules::model::{CollectionId, FactId, ParameterId, Per, VariableId};
use anmin_rules::syntax::{BinaryOp, Expr, ExprKind};

impl Evaluation<'_> {
    /// The value of an expression; `expected` gives a bare enum value or option its meaning.
    pub fn eval(&self, e: &Expr, scope: Scope<'_>, expected: Option<Kind>) -> Value {
        match &e.kind {
            ExprKind::Int(0) => Value::known(Kind::Zero, Interval::whole(0)),
            ExprKind::Int(n) => Value::known(Kind::Count, Interval::whole(*n)),
            ExprKind::Bool(b) => Value::known(Kind::Bool, if *b { TRUE } else { FALSE }),
            ExprKind::Name(name) => self.name(name).unwrap_or_else(|| {
                let kind = expected.unwrap_or_else(|| panic!("nothing is called {name} here"));
                self.symbol(name, kind)
            }),
            ExprKind::Field { binding, field } => self.field(binding, field, scope),
            ExprKind::Not(a) => self.eval(a, scope, None).map(Kind::Bool, Interval::not),
            ExprKind::Negate(a) => {
                let a = self.eval(a, scope, expected);
                let kind = a.kind;
                a.map(kind, Interval::negate)
            }
            ExprKind::Binary(op, a, b) => self.binary(*op, a, b, scope),
            ExprKind::Choose(c, a, b) => {
                let chosen = self
                    .eval(c, scope, Some(Kind::Bool))
                    .choose(|| self.eval(a, scope, expected), || self.eval(b, scope, expected));
                Value { kind: self.kind_of(e, scope, expected), ..chosen }
            }
            ExprKind::OneOf(x, list) => {
                let x = self.eval(x, scope, None);
                let equal = |item: &Expr| self.equal(x.clone(), self.eval(item, scope, Some(x.kind)));
                let or = |a: Value, b: Value| a.with(b, Kind::Bool, Interval::or);
                list.iter().map(equal).reduce(or).expect("a list of at least one")
            }
            ExprKind::Call(name, arguments) => self.call(name, arguments, scope),
            ExprKind::Fold(fold) => self.fold(fold, scope),
        }
    }

    /// What a bare name means wherever it stands; an enum value or an option has a meaning only where one is expected.
    fn name(&self, name: &str) -> Option<Value> {
        if name == "on" {
            let on = Interval::whole(i64::from(self.on.days()));
            return Some(Value::known(Kind::Date, on));
        }
        if let Some(fact) = self.fact_called(name, None) {
            return Some(self.fact(fact, None));
        }
        if let Some(variable) = self.variable_called(name, None) {
            return Some(self.variable(variable, None));
        }
        if let Some(i) = self.rules.parameters.iter().position(|p| p.name == name) {
            return Some(self.parameter(ParameterId(i)));
        }
        let i = self.rules.switches.iter().position(|s| s.name == name)?;
        let option = layers::option(&self.rules.switches[i], self.on);
        Some(Value::known(Kind::Switch(i), index(option)))
    }

    fn fact_called(&self, name: &str, of: Option<CollectionId>) -> Option<FactId> {
        let facts = &self.rules.schema.facts;
        facts.iter().position(|f| f.of == of && f.name == name).map(FactId)
    }

    fn variable_called(&self, name: &str, of: Option<CollectionId>) -> Option<VariableId> {
        let variables = &self.rules.variables;
        variables.iter().position(|v| v.of == of && v.name == name).map(VariableId)
    }

    /// An enum value or an option of a switch.
    pub(super) fn symbol(&self, name: &str, kind: Kind) -> Value {
        let code = match kind {
            Kind::Enum(id) => {
                let values = &self.rules.schema.enums[id.0].values;
                values.iter().find(|v| v.name == name).map(|v| Interval::whole(v.code))
            }
            Kind::Switch(i) => {
                let options = &self.rules.switches[i].options;
                options.iter().position(|(option, _)| option == name).map(index)
            }
            _ => None,
        };
        Value::known(kind, code.unwrap_or_else(|| panic!("{name} is no value of {kind:?}")))
    }

    fn field(&self, binding: &str, field: &str, scope: Scope<'_>) -> Value {
        let (bound, element) = scope.element.unwrap_or_else(|| panic!("no {binding} here"));
        assert_eq!(bound, binding, "{binding}.{field} out of its lambda");
        let of = Some(element.collection);
        if let Some(fact) = self.fact_called(field, of) {
            return self.fact(fact, Some(element));
        }
        let variable = self.variable_called(field, of);
        self.variable(variable.unwrap_or_else(|| panic!("no {binding}.{field}")), Some(element))
    }

    fn binary(&self, op: BinaryOp, a: &Expr, b: &Expr, scope: Scope<'_>) -> Value {
        use BinaryOp::{
            Add, And, Divide, Equal, Greater, GreaterEqual, Less, LessEqual, Multiply, NotEqual, Or, Subtract,
        };
        let a = self.eval(a, scope, None);
        let b = self.eval(b, scope, Some(a.kind));
        match op {
            Multiply => {
                let kind = a.kind.times(b.kind);
                return a.with(b, kind, Interval::multiply);
            }
            Divide => {
                let kind = a.kind.over(b.kind);
                return a.with(b, kind, Interval::divide);
            }
            _ => {}
        }
        let kind = a.kind.same(b.kind);
        match op {
            Add => a.with(b, kind, Interval::add),
            Subtract => a.with(b, kind, Interval::subtract),
            And => a.with(b, Kind::Bool, Interval::and),
            Or => a.with(b, Kind::Bool, Interval::or),
            Equal => self.equal(a, b),
            NotEqual => self.equal(a, b).map(Kind::Bool, Interval::not),
            Less => a.with(b, Kind::Bool, Interval::less),
            LessEqual => a.with(b, Kind::Bool, Interval::less_equal),
            Greater => b.with(a, Kind::Bool, Interval::less),
            GreaterEqual => b.with(a, Kind::Bool, Interval::less_equal),
            Multiply | Divide => unreachable!("done above"),
        }
    }

    fn equal(&self, a: Value, b: Value) -> Value {
        let _ = a.kind.same(b.kind);
        a.with(b, Kind::Bool, Interval::equal)
    }

    fn call(&self, name: &str, arguments: &[Expr], scope: Scope<'_>) -> Value {
        let rounding = match name {
            "floor" => Some(Rounding::Floor),
            "ceil" => Some(Rounding::Ceil),
            "half_up" => Some(Rounding::HalfUp),
            "half_even" => Some(Rounding::HalfEven),
            _ => None,
        };
        if let Some(how) = rounding {
            let [x, unit] = arguments else { panic!("{name} takes a value and a unit") };
            let x = self.eval(x, scope, None);
            let (kind, step) = (x.kind, step(unit, x.kind));
            return x.map(kind, |x| x.round(how, step));
        }
        let values: Vec<Value> = arguments.iter().map(|argument| self.eval(argument, scope, None)).collect();
        match (name, values.as_slice()) {
            ("max", _) => extreme(values, Interval::max),
            ("min", _) => extreme(values, Interval::min),
            ("yearly", [x]) => turned(x, Per::Month, Per::Year, Ratio::whole(12)),
            ("monthly", [x]) => turned(x, Per::Year, Per::Month, Ratio::new(1, 12)),
            ("age", [d]) => self.years(d, calendar::age),
            ("age_by_month", [d]) => self.years(d, calendar::age_by_month),
            ("full_months", [a, b]) => months(a, b, calendar::full_months),
            ("calendar_months", [a, b]) => months(a, b, calendar::calendar_months),
            _ => panic!("no function {name} of {} arguments", values.len()),
        }
    }

    /// A span up to the decision date: longest from the earliest day.
    fn years(&self, born: &Value, span: impl Fn(i64, i64) -> i64) -> Value {
        assert_eq!(born.kind, Kind::Date);
        let on = i64::from(self.on.days());
        born.clone().map(Kind::Age, |d| {
            let years = |d| Ratio::whole(span(day(d), on));
            Interval::new(years(d.hi), years(d.lo))
        })
    }
}

/// Months between two days: longest from the earliest first to the latest second.
fn months(a: &Value, b: &Value, span: impl Fn(i64, i64) -> i64) -> Value {
    assert_eq!((a.kind, b.kind), (Kind::Date, Kind::Date));
    a.clone().with(b.clone(), Kind::Months, |a, b| {
        let months = |a, b| Ratio::whole(span(day(a), day(b)));
        Interval::new(months(a.hi, b.lo), months(a.lo, b.hi))
    })
}

fn day(date: Ratio) -> i64 {
    i64::try_from(date.as_whole().expect("a date is whole")).expect("a date is small")
}

fn extreme(values: Vec<Value>, op: impl Fn(Interval, Interval) -> Interval) -> Value {
    let two = |a: Value, b: Value| {
        let kind = a.kind.same(b.kind);
        a.with(b, kind, &op)
    };
    values.into_iter().reduce(two).expect("at least one argument")
}

fn turned(x: &Value, from: Per, to: Per, times: Ratio) -> Value {
    assert_eq!(x.kind, Kind::Money(from));
    x.clone().map(Kind::Money(to), |x| x.multiply(Interval::known(times)))
}

/// What a rounding call's unit is worth.
fn step(unit: &Expr, kind: Kind) -> Ratio {
    match (&unit.kind, kind) {
        (ExprKind::Int(parts), Kind::Rate) => Ratio::new(1, i128::from(*parts)),
        (ExprKind::Name(unit), kind) => match (unit.as_str(), kind) {
            ("fen", Kind::Money(_)) | ("one", Kind::Count | Kind::Age | Kind::Months) => Ratio::whole(1),
            ("jiao", Kind::Money(_)) => Ratio::whole(10),
            ("yuan", Kind::Money(_)) => Ratio::whole(100),
            (unit, kind) => panic!("{kind:?} is not rounded to {unit}"),
        },
        (unit, kind) => panic!("{kind:?} is not rounded to {unit:?}"),
    }
}

fn index(i: usize) -> Interval {
    Interval::whole(i64::try_from(i).expect("few"))
}
