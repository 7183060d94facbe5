//! Gives every node of an expression its type, or says what does not fit.
use super::names::{Named, Names};
use crate::finding::Finding;
use crate::model::{CollectionId, Label, Per, Ruleset, Source};
use crate::syntax::{BinaryOp, Expr, ExprKind, Span};
use crate::typed::{Dimension, Form, Kind, Typed};

/// Types expressions; findings gather here.
pub struct Typing<'r> {
    /// The rules the names come from.
    pub rules: &'r Ruleset,
    /// Their names.
    pub names: &'r Names,
    /// What was wrong so far.
    pub findings: Vec<Finding>,
    next_id: u32,
}

/// What the names inside an expression may be.
#[derive(Clone, Copy)]
pub(super) struct Scope<'a> {
    /// The element in sight and the name it is called by.
    pub element: Option<(CollectionId, &'a str)>,
    /// Inside a lambda no further lambda may stand.
    pub in_lambda: bool,
}

/// The largest denominator a value may have inside an expression.
pub(super) const FINEST: i64 = 1_000_000_000_000;

impl<'r> Typing<'r> {
    /// For the expressions of one variable's version: node numbers begin at 0.
    pub fn new(rules: &'r Ruleset, names: &'r Names) -> Self {
        Typing { rules, names, findings: Vec::new(), next_id: 0 }
    }

    /// Types a whole expression computed for `of`, and fits it to `want`.
    pub fn source(&mut self, source: &Source, of: Option<CollectionId>, want: Option<Kind>) -> Option<Typed> {
        let each = of.map(|c| (c, self.rules.schema.collections[c.0].each.as_str()));
        let scope = Scope { element: each, in_lambda: false };
        let before = self.findings.len();
        let typed = self.expr(&source.expr, scope, want);
        let typed = typed.and_then(|t| match want {
            Some(want) => self.fit(t, want),
            None => Some(t),
        });
        for finding in &mut self.findings[before..] {
            finding.place = source.place;
        }
        typed
    }

    pub(super) fn refuse(&mut self, span: Span, zh: String, en: String) -> Option<Typed> {
        self.findings.push(Finding { place: Default::default(), span: Some(span), zh, en });
        None
    }

    pub(super) fn node(
        &mut self,
        form: Form,
        kind: Kind,
        level: Option<CollectionId>,
        span: Span,
    ) -> Option<Typed> {
        let id = self.next_id;
        self.next_id += 1;
        Some(Typed { id, form, kind, level, span })
    }

    /// Makes `t` a value of `want` exactly, or says why it is none.
    pub(super) fn fit(&mut self, t: Typed, want: Kind) -> Option<Typed> {
        let span = t.span;
        match (t.kind, want) {
            (a, b) if a == b => Some(t),
            (Kind::Zero, Kind::Number(..)) => Some(Typed { kind: want, ..t }),
            (Kind::Number(Dimension::Rate, d), Kind::Number(Dimension::Rate, w)) if w % d == 0 => Some(t),
            (Kind::Number(a, d), Kind::Number(b, w)) if a == b && d != w => {
                let (zh, en) = if a == Dimension::Rate {
                    (
                        format!(
                            "比例精确到 1/{d}，而这里只保留 1/{w}：请用 floor、ceil、half_up 或 half_even 写明取整方式，或改 den"
                        ),
                        format!(
                            "a rate in 1/{d} where 1/{w} is kept: say how with floor, ceil, half_up or half_even, or change den"
                        ),
                    )
                } else {
                    (
                        "计算结果比最小单位更细：请用 floor、ceil、half_up 或 half_even 写明取整方式和单位，例如 half_up(x, fen)".to_owned(),
                        "finer than its unit: say how to round and to what, for example half_up(x, fen)".to_owned(),
                    )
                };
                self.refuse(span, zh, en)
            }
            (found, want) => {
                let (f, w) = (self.name_kind(found), self.name_kind(want));
                self.refuse(
                    span,
                    format!("这里应为{}，实为{}", w.zh, f.zh),
                    format!("{} is wanted here, {} found", w.en, f.en),
                )
            }
        }
    }

    /// What to call a kind in a sentence.
    pub fn name_kind(&self, kind: Kind) -> Label {
        let label = |zh: &str, en: &str| Label { zh: zh.to_owned(), en: en.to_owned() };
        match kind {
            Kind::Bool => label("是非值", "a bool"),
            Kind::Zero => label("数", "a number"),
            Kind::Date => label("日期", "a date"),
            Kind::Enum(e) => {
                let name = &self.rules.schema.enums[e.0].name;
                label(&format!("枚举 {name}"), &format!("a value of enum {name}"))
            }
            Kind::Switch(s) => {
                let name = &self.rules.switches[s].name;
                label(&format!("开关 {name} 的选项"), &format!("an option of switch {name}"))
            }
            Kind::Number(d, _) => match d {
                Dimension::Count => label("个数", "a count"),
                Dimension::Age => label("年龄", "an age"),
                Dimension::Months => label("月数", "a number of months"),
                Dimension::Rate => label("比例", "a rate"),
                Dimension::Money(Per::Month) => label("每月金额", "money per month"),
                Dimension::Money(Per::Year) => label("每年金额", "money per year"),
                Dimension::Money(Per::Once) => label("一次性金额", "money once"),
            },
        }
    }

    pub(super) fn expr(&mut self, e: &Expr, scope: Scope<'_>, want: Option<Kind>) -> Option<Typed> {
        let span = e.span;
        match &e.kind {
            ExprKind::Int(0) => self.node(Form::Literal(0), Kind::Zero, None, span),
            ExprKind::Int(n) => self.node(Form::Literal(*n), Kind::Number(Dimension::Count, 1), None, span),
            ExprKind::Bool(b) => self.node(Form::Literal(i64::from(*b)), Kind::Bool, None, span),
            ExprKind::Name(name) => self.name(name, span, scope, want),
            ExprKind::Field { binding, field } => self.field(binding, field, span, scope),
            ExprKind::Not(a) => {
                let a = self.bool(a, scope)?;
                let level = a.level;
                self.node(Form::Not(Box::new(a)), Kind::Bool, level, span)
            }
            ExprKind::Negate(a) if matches!(a.kind, ExprKind::Int(n) if n > 0) => {
                let ExprKind::Int(n) = a.kind else { unreachable!("matched above") };
                self.node(Form::Literal(-n), Kind::Number(Dimension::Count, 1), None, span)
            }
            ExprKind::Negate(a) => {
                let a = self.expr(a, scope, want)?;
                let (kind, level) = (a.kind, a.level);
                match kind {
                    Kind::Number(..) | Kind::Zero => self.node(Form::Negate(Box::new(a)), kind, level, span),
                    other => self.not_a_number(other, span),
                }
            }
            ExprKind::Binary(op, a, b) => self.binary(*op, a, b, span, scope),
            ExprKind::Choose(c, a, b) => {
                let c = self.bool(c, scope);
                let (a, b) = self.pair(a, b, scope, want)?;
                let (a, b, kind) = self.align(a, b, span)?;
                let c = c?;
                let level = self.level(span, &[&c, &a, &b])?;
                self.node(Form::Choose(Box::new(c), Box::new(a), Box::new(b)), kind, level, span)
            }
            ExprKind::OneOf(x, list) => self.one_of(x, list, span, scope),
            ExprKind::Call(name, args) => self.call(name, args, span, scope, want),
            ExprKind::Fold(f) => self.fold(f, span, scope, want),
        }
    }

    fn one_of(&mut self, x: &Expr, list: &[Expr], span: Span, scope: Scope<'_>) -> Option<Typed> {
        let x = self.expr(x, scope, None)?;
        let kind = x.kind;
        if !matches!(kind, Kind::Enum(_) | Kind::Switch(_) | Kind::Number(Dimension::Count, 1)) {
            let k = self.name_kind(kind);
            return self.refuse(
                span,
                format!("in 只能用于枚举或个数，实为{}", k.zh),
                format!("`in` takes an enum value or a count, {} found", k.en),
            );
        }
        let items: Vec<Option<Typed>> = list
            .iter()
            .map(|i| {
                let t = self.expr(i, scope, Some(kind))?;
                self.fit(t, kind)
            })
            .collect();
        let items: Vec<Typed> = items.into_iter().collect::<Option<_>>()?;
        let mut all: Vec<&Typed> = vec![&x];
        all.extend(items.iter());
        let level = self.level(span, &all)?;
        self.node(Form::OneOf(Box::new(x), items), Kind::Bool, level, span)
    }

    pub(super) fn not_a_number(&mut self, found: Kind, span: Span) -> Option<Typed> {
        let k = self.name_kind(found);
        self.refuse(
            span,
            format!("这里应为数，实为{}", k.zh),
            format!("a number is wanted here, {} found", k.en),
        )
    }

    pub(super) fn bool(&mut self, e: &Expr, scope: Scope<'_>) -> Option<Typed> {
        let t = self.expr(e, scope, Some(Kind::Bool))?;
        self.fit(t, Kind::Bool)
    }

    fn name(&mut self, name: &str, span: Span, scope: Scope<'_>, want: Option<Kind>) -> Option<Typed> {
        let option = match want {
            Some(Kind::Enum(e)) => self.rules.schema.enums[e.0]
                .values
                .iter()
                .find(|v| v.name == name)
                .map(|v| (v.code, Kind::Enum(e))),
            Some(Kind::Switch(s)) => self.rules.switches[s]
                .options
                .iter()
                .position(|(o, _)| o == name)
                .map(|i| (i as i64, Kind::Switch(s))),
            _ => None,
        };
        match (self.names.root(name), option) {
            (Some(_), Some(_)) => self.refuse(
                span,
                format!("“{name}”既是变量名又是枚举值，请改名以免误读"),
                format!("\"{name}\" is both a name and a value of the enum: rename one"),
            ),
            (None, Some((code, kind))) => self.node(Form::Literal(code), kind, None, span),
            (Some(named), None) => self.named(named, name, span),
            (None, None) => self.unknown_name(name, span, scope, want),
        }
    }

    fn unknown_name(
        &mut self,
        name: &str,
        span: Span,
        scope: Scope<'_>,
        want: Option<Kind>,
    ) -> Option<Typed> {
        if let Some((c, each)) = scope.element
            && self.names.element(c, name).is_some()
        {
            return self.refuse(
                span,
                format!(
                    "“{name}”属于每个{}：请写 {each}.{name}",
                    self.rules.schema.collections[c.0].label.zh
                ),
                format!("\"{name}\" belongs to each element: write {each}.{name}"),
            );
        }
        let mut near = self.names.nearest_root(name).map(str::to_owned);
        let mut allowed = String::new();
        if let Some(Kind::Enum(e)) = want {
            let values: Vec<&str> =
                self.rules.schema.enums[e.0].values.iter().map(|v| v.name.as_str()).collect();
            near = crate::finding::nearest(name, values.iter().copied()).map(str::to_owned).or(near);
            allowed = values.join(", ");
        }
        let mut zh = format!("没有名为“{name}”的事实、变量、参数或开关");
        let mut en = format!("no fact, variable, parameter or switch is called \"{name}\"");
        if !allowed.is_empty() {
            zh.push_str(&format!("；可用的取值：{allowed}"));
            en.push_str(&format!("; allowed values: {allowed}"));
        }
        if let Some(near) = near {
            zh.push_str(&format!("；是否想写 {near}？"));
            en.push_str(&format!("; did you mean {near}?"));
        }
        self.refuse(span, zh, en)
    }

    fn named(&mut self, named: Named, name: &str, span: Span) -> Option<Typed> {
        let (form, ty, level) = match named {
            Named::On => return self.node(Form::On, Kind::Date, None, span),
            Named::Switch(s) => return self.node(Form::Switch(s), Kind::Switch(s), None, span),
            Named::Parameter(p) => (Form::Parameter(p), self.rules.parameters[p.0].ty, None),
            Named::Variable(v) => {
                let variable = &self.rules.variables[v.0];
                (Form::Variable(v), variable.ty, variable.of)
            }
            Named::Fact(f) => {
                let fact = &self.rules.schema.facts[f.0];
                if fact.applies.as_ref().is_some_and(|a| a.when_not.is_none()) {
                    return self.refuse(
                        span,
                        format!("“{name}”有 applies 条件而没有 when_not：规则不能读取，请在 facts.yaml 写明不适用时的取值"),
                        format!("\"{name}\" has `applies` and no `when_not`: rules cannot read it until facts.yaml says what it counts as when it does not apply"),
                    );
                }
                (Form::Fact(f), fact.ty, fact.of)
            }
        };
        match Kind::of(ty) {
            Some(kind) => self.node(form, kind, level, span),
            None => self.refuse(
                span,
                format!("“{name}”是文字或证件号码，规则不能读取"),
                format!("\"{name}\" is text or an identity number: rules cannot read it"),
            ),
        }
    }

    fn field(&mut self, binding: &str, field: &str, span: Span, scope: Scope<'_>) -> Option<Typed> {
        let Some((collection, _)) = scope.element.filter(|(_, each)| *each == binding) else {
            let hint = match self.names.collection(binding) {
                Some(_) => (
                    format!("“{binding}”是集合：请用 {binding}.sum(m, m.{field})、.exists(m, ...) 等写法"),
                    format!(
                        "\"{binding}\" is a collection: use {binding}.sum(m, m.{field}), .exists(m, ...) and the like"
                    ),
                ),
                None => match scope.element {
                    Some((_, each)) => (
                        format!("这里没有“{binding}”；当前元素叫 {each}"),
                        format!("\"{binding}\" is nothing here; the element in sight is called {each}"),
                    ),
                    None => (format!("这里没有“{binding}”"), format!("\"{binding}\" is nothing here")),
                },
            };
            return self.refuse(span, hint.0, hint.1);
        };
        match self.names.element(collection, field) {
            Some(named) => self.named(named, field, span),
            None => {
                let entity = self.rules.schema.collections[collection.0].name.clone();
                let near = self.names.nearest_element(collection, field).map(str::to_owned);
                let (mut zh, mut en) = (
                    format!("{entity} 没有名为“{field}”的事实或变量"),
                    format!("{entity} have no fact or variable called \"{field}\""),
                );
                if self.names.root(field).is_some() {
                    zh.push_str(&format!("；{field} 属于整户，请去掉“{binding}.”"));
                    en.push_str(&format!("; {field} belongs to the root: leave out \"{binding}.\""));
                } else if let Some(near) = near {
                    zh.push_str(&format!("；是否想写 {binding}.{near}？"));
                    en.push_str(&format!("; did you mean {binding}.{near}?"));
                }
                self.refuse(span, zh, en)
            }
        }
    }

    /// Types two sides of which either may be a bare enum value.
    fn pair(&mut self, a: &Expr, b: &Expr, scope: Scope<'_>, want: Option<Kind>) -> Option<(Typed, Typed)> {
        let bare = |t: &Self, e: &Expr| matches!(&e.kind, ExprKind::Name(n) if t.names.root(n).is_none());
        if want.is_none() && bare(self, a) && !bare(self, b) {
            let b = self.expr(b, scope, None)?;
            let a = self.expr(a, scope, Some(b.kind))?;
            return Some((a, b));
        }
        let a = self.expr(a, scope, want);
        let hint = want.or(a.as_ref().map(|a| a.kind));
        let b = self.expr(b, scope, hint);
        Some((a?, b?))
    }

    /// Brings two values to one kind: zero takes the other's, denominators meet at their least common multiple.
    pub(super) fn align(&mut self, a: Typed, b: Typed, span: Span) -> Option<(Typed, Typed, Kind)> {
        match (a.kind, b.kind) {
            (x, y) if x == y => Some((a, b, x)),
            (Kind::Zero, Kind::Number(..)) => {
                let kind = b.kind;
                Some((Typed { kind, ..a }, b, kind))
            }
            (Kind::Number(..), Kind::Zero) => {
                let kind = a.kind;
                Some((a, Typed { kind, ..b }, kind))
            }
            (Kind::Number(d, x), Kind::Number(e, y)) if d == e => {
                let den = self.common(x, y, span)?;
                Some((a, b, Kind::Number(d, den)))
            }
            (x, y) => {
                let (x, y) = (self.name_kind(x), self.name_kind(y));
                self.refuse(
                    span,
                    format!("两边类型或单位不同：{}与{}", x.zh, y.zh),
                    format!("the two sides differ: {} and {}", x.en, y.en),
                );
                None
            }
        }
    }

    fn common(&mut self, x: i64, y: i64, span: Span) -> Option<i64> {
        let den = (x / gcd(x, y)).checked_mul(y).filter(|d| *d <= FINEST);
        if den.is_none() {
            self.too_fine(span);
        }
        den
    }

    pub(super) fn too_fine(&mut self, span: Span) {
        self.refuse(
            span,
            "这个式子里的小数位过细：请分成几个变量，中间写明取整".to_owned(),
            "this expression is too fine: split it into variables and round between them".to_owned(),
        );
    }

    /// The level of a node above these: the root, or the one collection its parts belong to.
    pub(super) fn level(&mut self, span: Span, parts: &[&Typed]) -> Option<Option<CollectionId>> {
        let mut level = None;
        for part in parts {
            match (level, part.level) {
                (_, None) => {}
                (None, some) => level = some,
                (Some(x), Some(y)) if x == y => {}
                _ => {
                    self.refuse(
                        span,
                        "一个式子不能同时用到两个集合的元素".to_owned(),
                        "one expression cannot use elements of two collections".to_owned(),
                    );
                    return None;
                }
            }
        }
        Some(level)
    }

    fn binary(&mut self, op: BinaryOp, a: &Expr, b: &Expr, span: Span, scope: Scope<'_>) -> Option<Typed> {
        use BinaryOp::*;
        let (a, b) = match op {
            And | Or => {
                let a = self.bool(a, scope);
                let b = self.bool(b, scope);
                (a?, b?)
            }
            Divide => {
                return self.refuse(
                    span,
                    "除法只能写在取整函数里，并写明方式和单位，例如 half_up(a / b, fen)；能用乘法比较时请用乘法".to_owned(),
                    "a division stands only inside a rounding call that names direction and unit, for example half_up(a / b, fen); prefer comparing products".to_owned(),
                );
            }
            _ => self.pair(a, b, scope, None)?,
        };
        let level = self.level(span, &[&a, &b])?;
        let (a, b, kind) = match op {
            And | Or => (a, b, Kind::Bool),
            Multiply => {
                let kind = self.product(a.kind, b.kind, span)?;
                (a, b, kind)
            }
            Add | Subtract => {
                let (a, b, kind) = self.align(a, b, span)?;
                if !matches!(kind, Kind::Number(..) | Kind::Zero) {
                    return self.not_a_number(kind, span);
                }
                (a, b, kind)
            }
            Equal | NotEqual => {
                let (a, b, _) = self.align(a, b, span)?;
                (a, b, Kind::Bool)
            }
            Less | LessEqual | Greater | GreaterEqual => {
                let (a, b, kind) = self.align(a, b, span)?;
                if !matches!(kind, Kind::Number(..) | Kind::Zero | Kind::Date) {
                    let k = self.name_kind(kind);
                    return self.refuse(
                        span,
                        format!("{}没有大小之分，请用 ==、!= 或 in", k.zh),
                        format!("{} has no order: use ==, != or in", k.en),
                    );
                }
                (a, b, Kind::Bool)
            }
            Divide => unreachable!("refused above"),
        };
        self.node(Form::Binary(op, Box::new(a), Box::new(b)), kind, level, span)
    }

    fn product(&mut self, a: Kind, b: Kind, span: Span) -> Option<Kind> {
        use Dimension::{Count, Rate};
        let one = Kind::Number(Count, 1);
        let whole = |k| if k == Kind::Zero { one } else { k };
        let (Kind::Number(d, x), Kind::Number(e, y)) = (whole(a), whole(b)) else {
            let wrong = if matches!(whole(a), Kind::Number(..)) { b } else { a };
            self.not_a_number(wrong, span);
            return None;
        };
        let dimension = match (d, e) {
            (Count, Rate) | (Rate, Count) => Count,
            (Count, other) | (other, Count) => other,
            (Rate, other) | (other, Rate) => other,
            // So many months of a monthly amount are a sum of money.
            (Dimension::Months, Dimension::Money(Per::Month))
            | (Dimension::Money(Per::Month), Dimension::Months) => Dimension::Money(Per::Once),
            _ => {
                let (x, y) = (self.name_kind(a), self.name_kind(b));
                self.refuse(
                    span,
                    format!("{}不能与{}相乘：一边须为个数或比例", x.zh, y.zh),
                    format!("{} cannot be multiplied by {}: one side must be a count or a rate", x.en, y.en),
                );
                return None;
            }
        };
        match x.checked_mul(y).filter(|d| *d <= FINEST) {
            Some(den) => Some(Kind::Number(dimension, den)),
            None => {
                self.too_fine(span);
                None
            }
        }
    }
}

/// Greatest common divisor of two positive numbers.
fn gcd(a: i64, b: i64) -> i64 {
    if b == 0 { a } else { gcd(b, a % b) }
}
