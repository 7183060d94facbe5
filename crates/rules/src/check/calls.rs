//! Typing of calls: rounding, extremes, ages, and folds over collections.
use super::typing::{FINEST, Scope, Typing};
use crate::interval::Rounding;
use crate::model::{CollectionId, Per};
use crate::syntax::{BinaryOp, Expr, ExprKind, FoldExpr, FoldKind, Lambda, Span};
use crate::typed::{Dimension, Fold, Form, Kind, Round, Typed};

/// The functions there are, for the message about one there is not.
const FUNCTIONS: &[&str] = &[
    "floor",
    "ceil",
    "half_up",
    "half_even",
    "max",
    "min",
    "monthly",
    "yearly",
    "age",
    "age_by_month",
    "full_months",
    "calendar_months",
];

impl Typing<'_> {
    pub(super) fn call(
        &mut self,
        name: &str,
        args: &[Expr],
        span: Span,
        scope: Scope<'_>,
        want: Option<Kind>,
    ) -> Option<Typed> {
        let rounding = match name {
            "floor" => Some(Rounding::Floor),
            "ceil" => Some(Rounding::Ceil),
            "half_up" => Some(Rounding::HalfUp),
            "half_even" => Some(Rounding::HalfEven),
            _ => None,
        };
        match (name, rounding) {
            (_, Some(rounding)) => self.round(rounding, name, args, span, scope),
            ("max" | "min", _) => self.extreme(name, args, span, scope, want),
            ("monthly" | "yearly", _) => self.period(name, args, span, scope),
            ("age" | "age_by_month", _) => {
                let [date] = self.dates(name, args, span, scope)?;
                let level = date.level;
                let date = Box::new(date);
                let form = if name == "age" { Form::Age(date) } else { Form::AgeByMonth(date) };
                self.node(form, Kind::Number(Dimension::Age, 1), level, span)
            }
            ("full_months" | "calendar_months", _) => {
                let [a, b] = self.dates(name, args, span, scope)?;
                let level = self.level(span, &[&a, &b])?;
                let (a, b) = (Box::new(a), Box::new(b));
                let form =
                    if name == "full_months" { Form::FullMonths(a, b) } else { Form::CalendarMonths(a, b) };
                self.node(form, Kind::Number(Dimension::Months, 1), level, span)
            }
            _ => {
                let near = crate::finding::nearest(name, FUNCTIONS.iter().copied());
                let all = FUNCTIONS.join(", ");
                let (mut zh, mut en) = (
                    format!("没有函数“{name}”；可用：{all}"),
                    format!("there is no function \"{name}\"; allowed: {all}"),
                );
                if let Some(near) = near {
                    zh.push_str(&format!("；是否想写 {near}？"));
                    en.push_str(&format!("; did you mean {near}?"));
                }
                self.refuse(span, zh, en)
            }
        }
    }

    fn arguments(&mut self, name: &str, found: usize, wanted: usize, span: Span) -> Option<()> {
        if found == wanted {
            return Some(());
        }
        self.refuse(
            span,
            format!("{name} 需要 {wanted} 个参数，这里有 {found} 个"),
            format!("{name} takes {wanted} arguments, {found} given"),
        );
        None
    }

    fn dates<const N: usize>(
        &mut self,
        name: &str,
        args: &[Expr],
        span: Span,
        scope: Scope<'_>,
    ) -> Option<[Typed; N]> {
        self.arguments(name, args.len(), N, span)?;
        let typed: Option<Vec<Typed>> = args
            .iter()
            .map(|a| {
                let t = self.expr(a, scope, Some(Kind::Date))?;
                self.fit(t, Kind::Date)
            })
            .collect();
        typed?.try_into().ok()
    }

    fn period(&mut self, name: &str, args: &[Expr], span: Span, scope: Scope<'_>) -> Option<Typed> {
        self.arguments(name, args.len(), 1, span)?;
        let a = self.expr(&args[0], scope, None)?;
        let level = a.level;
        let kind = match (name, a.kind) {
            ("monthly", Kind::Number(Dimension::Money(Per::Year), d)) if d <= FINEST / 12 => {
                Kind::Number(Dimension::Money(Per::Month), d * 12)
            }
            ("yearly", Kind::Number(Dimension::Money(Per::Month), d)) => {
                Kind::Number(Dimension::Money(Per::Year), d)
            }
            (_, found) => {
                let k = self.name_kind(found);
                return self.refuse(
                    span,
                    format!(
                        "{name} 用于{}，实为{}",
                        if name == "monthly" { "每年金额" } else { "每月金额" },
                        k.zh
                    ),
                    format!(
                        "{name} takes money per {}, {} found",
                        if name == "monthly" { "year" } else { "month" },
                        k.en
                    ),
                );
            }
        };
        let a = Box::new(a);
        let form = if name == "monthly" { Form::Monthly(a) } else { Form::Yearly(a) };
        self.node(form, kind, level, span)
    }

    fn extreme(
        &mut self,
        name: &str,
        args: &[Expr],
        span: Span,
        scope: Scope<'_>,
        want: Option<Kind>,
    ) -> Option<Typed> {
        if args.len() < 2 {
            self.arguments(name, args.len(), 2, span)?;
        }
        let typed: Vec<Option<Typed>> = args.iter().map(|a| self.expr(a, scope, want)).collect();
        let mut typed: Vec<Typed> = typed.into_iter().collect::<Option<_>>()?;
        // Each pair is aligned with the first, so that in the end all have one kind.
        let mut kind = typed[0].kind;
        for _ in 0..2 {
            for item in &mut typed {
                let probe = Typed { kind, ..item.clone() };
                let (_, fitted, common) = self.align(probe, item.clone(), span)?;
                *item = fitted;
                kind = common;
            }
        }
        if !matches!(kind, Kind::Number(..) | Kind::Zero | Kind::Date) {
            return self.not_a_number(kind, span);
        }
        let level = self.level(span, &typed.iter().collect::<Vec<_>>())?;
        let form = if name == "max" { Form::Greatest(typed) } else { Form::Least(typed) };
        self.node(form, kind, level, span)
    }

    fn round(
        &mut self,
        rounding: Rounding,
        name: &str,
        args: &[Expr],
        span: Span,
        scope: Scope<'_>,
    ) -> Option<Typed> {
        self.arguments(name, args.len(), 2, span)?;
        let (value, divisor) = match &args[0].kind {
            ExprKind::Binary(BinaryOp::Divide, a, b) => {
                let a = self.expr(a, scope, None);
                let b = self.expr(b, scope, None);
                (a?, Some(b?))
            }
            _ => (self.expr(&args[0], scope, None)?, None),
        };
        let dimension = self.quotient(&value, divisor.as_ref(), &args[1], span)?;
        let (unit, den) = self.unit(dimension, &args[1])?;
        let mut parts = vec![&value];
        parts.extend(divisor.as_ref());
        let level = self.level(span, &parts)?;
        let round = Round { rounding, unit, value: Box::new(value), divisor: divisor.map(Box::new) };
        self.node(Form::Round(round), Kind::Number(dimension, den), level, span)
    }

    /// What a value, divided or not, measures.
    fn quotient(
        &mut self,
        value: &Typed,
        divisor: Option<&Typed>,
        unit: &Expr,
        span: Span,
    ) -> Option<Dimension> {
        use Dimension::{Count, Money, Months, Rate};
        let dimension = match value.kind {
            Kind::Number(d, _) => d,
            Kind::Zero => Count,
            other => {
                self.not_a_number(other, span);
                return None;
            }
        };
        let Some(divisor) = divisor else { return Some(dimension) };
        let to_rate = matches!(unit.kind, ExprKind::Int(_));
        match (dimension, divisor.kind) {
            (Money(a), Kind::Number(Money(b), _)) if a == b && to_rate => Some(Rate),
            (Count, Kind::Number(Count, _)) if to_rate => Some(Rate),
            (d, Kind::Number(Count | Months | Rate, _)) => Some(d),
            (_, other) => {
                let (x, y) = (self.name_kind(value.kind), self.name_kind(other));
                self.refuse(
                    span,
                    format!("{}不能除以{}：除数须为个数、月数或比例；同期金额相除得比例，写作 half_up(a / b, 10000)", x.zh, y.zh),
                    format!("{} cannot be divided by {}: divide by a count, months or a rate; money by money of the same period gives a rate, written half_up(a / b, 10000)", x.en, y.en),
                );
                None
            }
        }
    }

    /// The unit of a rounding call: how many stored units, and the denominator of the result.
    fn unit(&mut self, dimension: Dimension, unit: &Expr) -> Option<(i64, i64)> {
        match (dimension, &unit.kind) {
            (Dimension::Rate, ExprKind::Int(n)) if *n >= 1 && *n <= FINEST => Some((1, *n)),
            (Dimension::Money(_), ExprKind::Name(u)) if u == "fen" => Some((1, 1)),
            (Dimension::Money(_), ExprKind::Name(u)) if u == "jiao" => Some((10, 1)),
            (Dimension::Money(_), ExprKind::Name(u)) if u == "yuan" => Some((100, 1)),
            (Dimension::Count | Dimension::Age | Dimension::Months, ExprKind::Name(u)) if u == "one" => {
                Some((1, 1))
            }
            _ => {
                let (zh, en) = match dimension {
                    Dimension::Money(_) => ("fen、jiao 或 yuan", "fen, jiao or yuan"),
                    Dimension::Rate => ("份数，如 10000", "a number of parts such as 10000"),
                    _ => ("one", "one"),
                };
                self.refuse(
                    unit.span,
                    format!("取整单位应为 {zh}"),
                    format!("the unit to round to must be {en}"),
                );
                None
            }
        }
    }

    pub(super) fn fold(
        &mut self,
        f: &FoldExpr,
        span: Span,
        scope: Scope<'_>,
        want: Option<Kind>,
    ) -> Option<Typed> {
        let Some(collection) = self.names.collection(&f.collection) else {
            return self.unknown_collection(&f.collection, span);
        };
        if scope.in_lambda {
            return self.refuse(
                span,
                "一个集合式里不能再套集合式：请先写成变量".to_owned(),
                "no lambda inside a lambda: make the inner one a variable".to_owned(),
            );
        }
        let bool_body = matches!(f.how, FoldKind::Count | FoldKind::Exists | FoldKind::All);
        let filters: Vec<Option<Typed>> =
            f.filters.iter().map(|l| self.lambda(l, collection, Some(Kind::Bool))).collect();
        let body_kind = if bool_body { Some(Kind::Bool) } else { None };
        let body = match &f.body {
            Some(l) => Some(self.lambda(l, collection, body_kind.or(want))?),
            None => None,
        };
        let filters: Vec<Typed> = filters.into_iter().collect::<Option<_>>()?;
        let mut over_nothing = None;
        let kind = match f.how {
            FoldKind::Size | FoldKind::Count => Kind::Number(Dimension::Count, 1),
            FoldKind::Exists | FoldKind::All => Kind::Bool,
            FoldKind::Sum | FoldKind::Max | FoldKind::Min => {
                let kind = body.as_ref().map_or(Kind::Zero, |b| b.kind);
                let dates = f.how != FoldKind::Sum && kind == Kind::Date;
                if !matches!(kind, Kind::Number(..) | Kind::Zero) && !dates {
                    return self.not_a_number(kind, span);
                }
                if f.how != FoldKind::Sum {
                    over_nothing = self.over_nothing(f, collection, scope, span)?;
                }
                kind
            }
        };
        let (body, over_nothing, kind) = match (body, over_nothing) {
            (Some(b), Some(o)) => {
                let (b, o, common) = self.align(b, o, span)?;
                (Some(b), Some(o), common)
            }
            (b, o) => (b, o, kind),
        };
        let fold = Fold {
            collection,
            filters,
            how: f.how,
            body: body.map(Box::new),
            over_nothing: over_nothing.map(Box::new),
        };
        self.node(Form::Fold(fold), kind, None, span)
    }

    fn unknown_collection(&mut self, name: &str, span: Span) -> Option<Typed> {
        let near = self.names.nearest_collection(name);
        let tail = near.map(|n| (format!("；是否想写 {n}？"), format!("; did you mean {n}?")));
        let (zh, en) = tail.unwrap_or_default();
        self.refuse(
            span,
            format!("没有名为“{name}”的集合{zh}"),
            format!("no collection is called \"{name}\"{en}"),
        )
    }

    fn lambda(&mut self, l: &Lambda, collection: CollectionId, want: Option<Kind>) -> Option<Typed> {
        let scope = Scope { element: Some((collection, &l.binding)), in_lambda: true };
        let t = self.expr(&l.body, scope, want)?;
        if want == Some(Kind::Bool) { self.fit(t, Kind::Bool) } else { Some(t) }
    }

    /// The value of `max` or `min` over nothing: needed unless there is always an element.
    fn over_nothing(
        &mut self,
        f: &FoldExpr,
        collection: CollectionId,
        scope: Scope<'_>,
        span: Span,
    ) -> Option<Option<Typed>> {
        let never_empty = self.rules.schema.collections[collection.0].min >= 1 && f.filters.is_empty();
        match &f.over_nothing {
            Some(e) => {
                let t = self.expr(e, scope, None)?;
                if t.level.is_some() {
                    self.refuse(
                        e.span,
                        "空集合时的取值不能用到元素".to_owned(),
                        "the value over nothing cannot use an element".to_owned(),
                    );
                    return None;
                }
                Some(Some(t))
            }
            None if never_empty => Some(None),
            None => {
                self.refuse(
                    span,
                    "集合可能为空：请在第三个参数写明空集合时的取值，如 members.max(m, x, 0)".to_owned(),
                    "there may be no element: give the value over nothing as third argument, as in members.max(m, x, 0)".to_owned(),
                );
                None
            }
        }
    }
}
