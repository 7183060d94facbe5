//! Values and formulas as people read them: labels in place of names, numbers in their units.
use crate::interval::Rounding;
use crate::model::{Label, Per, Ruleset, Type};
use crate::syntax::{BinaryOp, FoldKind};
use crate::typed::{Dimension, Form, Kind, Typed};
use anmin_base::date::Date;

/// A language of labels and sentences.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// Chinese.
    Zh,
    /// English.
    En,
}

impl Language {
    /// The label in this language.
    pub fn of(self, label: &Label) -> &str {
        match self {
            Language::Zh => &label.zh,
            Language::En => &label.en,
        }
    }
    fn pick<'a>(self, zh: &'a str, en: &'a str) -> &'a str {
        match self {
            Language::Zh => zh,
            Language::En => en,
        }
    }
}

/// A value of a declared type, from its stored form.
pub fn value(rules: &Ruleset, ty: Type, stored: i64, language: Language) -> String {
    match Kind::of(ty) {
        Some(kind) => kind_value(rules, kind, stored, language),
        None => String::new(),
    }
}

/// A value or, if it is unknown, its bounds.
pub fn bounds(rules: &Ruleset, ty: Type, (lo, hi): (i64, i64), language: Language) -> String {
    Kind::of(ty).map_or_else(String::new, |k| kind_bounds(rules, k, (lo, hi), language))
}

fn kind_bounds(rules: &Ruleset, kind: Kind, (lo, hi): (i64, i64), language: Language) -> String {
    if lo == hi {
        return kind_value(rules, kind, lo, language);
    }
    match kind {
        Kind::Bool | Kind::Enum(_) | Kind::Switch(_) => language.pick("未知", "unknown").to_owned(),
        _ => {
            let (lo, hi) = (kind_value(rules, kind, lo, language), kind_value(rules, kind, hi, language));
            match language {
                Language::Zh => format!("未知（{lo} 至 {hi}）"),
                Language::En => format!("unknown ({lo} to {hi})"),
            }
        }
    }
}

/// A value of a kind inside an expression.
pub fn kind_value(rules: &Ruleset, kind: Kind, stored: i64, language: Language) -> String {
    match kind {
        Kind::Bool => language
            .pick(["否", "是"][usize::from(stored != 0)], ["no", "yes"][usize::from(stored != 0)])
            .to_owned(),
        Kind::Zero => stored.to_string(),
        Kind::Date => Date::from_days(stored as i32).to_string(),
        Kind::Enum(e) => rules.schema.enums[e.0]
            .values
            .iter()
            .find(|v| v.code == stored)
            .map_or_else(|| stored.to_string(), |v| language.of(&v.label).to_owned()),
        Kind::Switch(s) => rules.switches[s]
            .options
            .get(stored as usize)
            .map_or_else(String::new, |(_, l)| language.of(l).to_owned()),
        Kind::Number(dimension, den) => number(dimension, den, stored, language),
    }
}

fn number(dimension: Dimension, den: i64, stored: i64, language: Language) -> String {
    match dimension {
        Dimension::Money(_) => {
            format!("{} {}", decimal(stored, den.saturating_mul(100), 2, true), language.pick("元", "yuan"))
        }
        Dimension::Rate => match percent(stored, den) {
            Some(p) => p,
            None => format!("{stored}/{den}"),
        },
        Dimension::Age => format!("{} {}", decimal(stored, den, 0, false), language.pick("岁", "years")),
        Dimension::Months => {
            format!("{} {}", decimal(stored, den, 0, false), language.pick("个月", "months"))
        }
        Dimension::Count => decimal(stored, den, 0, false),
    }
}

/// A rate as a percentage, if it is one with at most four places.
fn percent(stored: i64, den: i64) -> Option<String> {
    let scaled = i128::from(stored) * 1_000_000;
    if scaled % i128::from(den) != 0 {
        return None;
    }
    Some(format!("{}%", decimal((scaled / i128::from(den)) as i64, 10_000, 0, false)))
}

/// `stored / den` as a decimal with at least `least` places; more (up to six) only where they are not zero.
fn decimal(stored: i64, den: i64, least: usize, grouped: bool) -> String {
    let sign = if stored < 0 { "-" } else { "" };
    let size = i128::from(stored).unsigned_abs();
    let den = i128::from(den.max(1)).unsigned_abs();
    let whole = size / den;
    let mut rest = size % den;
    let mut places = String::new();
    while places.len() < least || (rest != 0 && places.len() < 6) {
        rest *= 10;
        places.push(char::from(b'0' + (rest / den) as u8));
        rest %= den;
    }
    let mut digits = whole.to_string();
    if grouped {
        let mut at = digits.len();
        while at > 3 {
            at -= 3;
            digits.insert(at, ',');
        }
    }
    let more = if rest != 0 { "…" } else { "" };
    if places.is_empty() { format!("{sign}{digits}{more}") } else { format!("{sign}{digits}.{places}{more}") }
}

/// What a node is worth here, if that is wanted and known: lower and upper bound.
pub type ValueAt<'a> = dyn Fn(&Typed) -> Option<(i64, i64)> + 'a;

/// A formula in words: every name by its label and, where `at` gives one, its value.
pub fn formula(rules: &Ruleset, t: &Typed, language: Language, at: &ValueAt<'_>) -> String {
    Formula { rules, language, at }.text(t, 0)
}

struct Formula<'a> {
    rules: &'a Ruleset,
    language: Language,
    at: &'a ValueAt<'a>,
}

impl Formula<'_> {
    fn named(&self, label: &Label, t: &Typed) -> String {
        let name = self.language.of(label);
        match (self.at)(t) {
            Some(bounds) => self.with(name, t, bounds),
            None => name.to_owned(),
        }
    }

    /// A name and its value here: 家庭人数〔3〕.
    fn with(&self, name: &str, t: &Typed, bounds: (i64, i64)) -> String {
        let value = kind_bounds(self.rules, t.kind, bounds, self.language);
        match self.language {
            Language::Zh => format!("{name}〔{value}〕"),
            Language::En => format!("{name} [{value}]"),
        }
    }

    fn pick<'s>(&self, zh: &'s str, en: &'s str) -> &'s str {
        self.language.pick(zh, en)
    }

    /// The text of a node; in brackets if it binds less than its surroundings.
    fn text(&self, t: &Typed, outer: u8) -> String {
        let (text, binds) = self.bare(t);
        if binds < outer { format!("{}{text}{}", self.pick("（", "("), self.pick("）", ")")) } else { text }
    }

    fn bare(&self, t: &Typed) -> (String, u8) {
        let rules = self.rules;
        const ATOM: u8 = 9;
        match &t.form {
            Form::Literal(v) => (kind_value(rules, t.kind, *v, self.language), ATOM),
            Form::On => (self.pick("决定日", "decision date").to_owned(), ATOM),
            Form::Fact(f) => (self.named(&rules.schema.facts[f.0].label, t), ATOM),
            Form::Parameter(p) => (self.named(&rules.parameters[p.0].label, t), ATOM),
            Form::Switch(s) => (self.named(&rules.switches[*s].label, t), ATOM),
            Form::Variable(v) => (self.named(&rules.variables[v.0].label, t), ATOM),
            Form::Not(a) => (format!("{}{}", self.pick("并非", "not "), self.text(a, 8)), 7),
            Form::Negate(a) => (format!("−{}", self.text(a, 8)), 7),
            Form::Binary(op, a, b) => self.binary(*op, a, b),
            Form::Choose(c, a, b) => {
                if let Some(taken) = self.taken(c, a, b) {
                    return taken;
                }
                let (c, a, b) = (self.text(c, 1), self.text(a, 1), self.text(b, 1));
                (
                    match self.language {
                        Language::Zh => format!("如果{c}，为{a}，否则为{b}"),
                        Language::En => format!("if {c} then {a}, otherwise {b}"),
                    },
                    0,
                )
            }
            Form::OneOf(x, list) => {
                let items: Vec<String> = list.iter().map(|i| self.text(i, 1)).collect();
                let items = items.join(self.pick("、", ", "));
                (format!("{} {} {items}", self.text(x, 5), self.pick("属于", "is one of")), 4)
            }
            Form::Round(r) => {
                let mut inner = self.text(&r.value, 6);
                if let Some(d) = &r.divisor {
                    inner = format!("{inner} ÷ {}", self.text(d, 7));
                }
                (format!("{inner}{}", self.rounded(r.rounding, t.kind, r.unit)), 5)
            }
            Form::Greatest(list) => (self.list(("取最大", "the greatest of "), list), ATOM),
            Form::Least(list) => (self.list(("取最小", "the least of "), list), ATOM),
            Form::Monthly(a) => {
                (format!("{}{}", self.text(a, 8), self.pick("（折合每月）", " (a month)")), ATOM)
            }
            Form::Yearly(a) => {
                (format!("{}{}", self.text(a, 8), self.pick("（折合每年）", " (a year)")), ATOM)
            }
            Form::Age(d) | Form::AgeByMonth(d) => {
                let of = self.text(d, 0);
                let name = match self.language {
                    Language::Zh => format!("{of}起的周岁"),
                    Language::En => format!("age from {of}"),
                };
                ((self.at)(t).map_or(name.clone(), |b| self.with(&name, t, b)), ATOM)
            }
            Form::FullMonths(a, b) | Form::CalendarMonths(a, b) => (self.months(a, b), ATOM),
            Form::Fold(_) => (self.fold(t), ATOM),
        }
    }

    fn months(&self, a: &Typed, b: &Typed) -> String {
        let (a, b) = (self.text(a, 5), self.text(b, 5));
        match self.language {
            Language::Zh => format!("从{a}到{b}的月数"),
            Language::En => format!("months from {a} to {b}"),
        }
    }

    /// With values at hand, only the branch taken is told; a switch's choice not even with its condition.
    fn taken(&self, c: &Typed, a: &Typed, b: &Typed) -> Option<(String, u8)> {
        let (branch, other, held) = match (self.at)(c)? {
            (1, 1) => (a, b, true),
            (0, 0) => (b, a, false),
            _ => return None,
        };
        if (self.at)(other).is_none() {
            return Some(self.bare(branch));
        }
        let (text, c) = (self.text(branch, 1), self.text(c, 1));
        Some((
            match (self.language, held) {
                (Language::Zh, true) => format!("{text}（因为{c}）"),
                (Language::Zh, false) => format!("{text}（因为不符合：{c}）"),
                (Language::En, true) => format!("{text} (since {c})"),
                (Language::En, false) => format!("{text} (since this does not hold: {c})"),
            },
            0,
        ))
    }

    fn list(&self, head: (&str, &str), list: &[Typed]) -> String {
        let items: Vec<String> = list.iter().map(|i| self.text(i, 1)).collect();
        let open = self.pick("（", "(");
        let close = self.pick("）", ")");
        format!("{}{open}{}{close}", self.pick(head.0, head.1), items.join(self.pick("，", ", ")))
    }

    fn binary(&self, op: BinaryOp, a: &Typed, b: &Typed) -> (String, u8) {
        use BinaryOp::*;
        let (sign, binds, left, right) = match op {
            Or => (self.pick("，或者", " or "), 1, 1, 1),
            And => (self.pick("，并且", " and "), 2, 2, 2),
            Equal => (self.pick(" 为 ", " is "), 4, 5, 5),
            NotEqual => (self.pick(" 不为 ", " is not "), 4, 5, 5),
            Less => (" < ", 4, 5, 5),
            LessEqual => (" ≤ ", 4, 5, 5),
            Greater => (" > ", 4, 5, 5),
            GreaterEqual => (" ≥ ", 4, 5, 5),
            Add => (" + ", 5, 5, 5),
            Subtract => (" − ", 5, 5, 6),
            Multiply => (" × ", 6, 6, 6),
            Divide => (" ÷ ", 6, 6, 7),
        };
        (format!("{}{sign}{}", self.text(a, left), self.text(b, right)), binds)
    }

    fn rounded(&self, rounding: Rounding, kind: Kind, unit: i64) -> String {
        let to = match (kind, unit) {
            (Kind::Number(Dimension::Money(_), _), 1) => self.pick("分", "the fen"),
            (Kind::Number(Dimension::Money(_), _), 10) => self.pick("角", "the jiao"),
            (Kind::Number(Dimension::Money(_), _), _) => self.pick("元", "the yuan"),
            _ => self.pick("整数", "a whole number"),
        };
        let how = match rounding {
            Rounding::Floor => self.pick("舍去尾数到", "rounded down to "),
            Rounding::Ceil => self.pick("进位到", "rounded up to "),
            Rounding::HalfUp => self.pick("四舍五入到", "rounded to "),
            Rounding::HalfEven => self.pick("四舍六入五成双到", "rounded half-even to "),
        };
        match self.language {
            Language::Zh => format!("（{how}{to}）"),
            Language::En => format!(" ({how}{to})"),
        }
    }

    fn fold(&self, t: &Typed) -> String {
        let Form::Fold(f) = &t.form else { return String::new() };
        let collection = self.language.of(&self.rules.schema.collections[f.collection.0].label);
        // Inside a fold there is one value an element, so formulas there carry names only.
        let inner = Formula { rules: self.rules, language: self.language, at: &|_| None };
        let body = f.body.as_ref().map(|b| inner.text(b, 0)).unwrap_or_default();
        let only: Vec<String> = f.filters.iter().map(|c| inner.text(c, 2)).collect();
        let who = match (only.is_empty(), self.language) {
            (true, _) => collection.to_owned(),
            (false, Language::Zh) => format!("{collection}（{}）", only.join("，并且")),
            (false, Language::En) => format!("{collection} ({})", only.join(" and ")),
        };
        let text = match (f.how, self.language) {
            (FoldKind::Size, Language::Zh) => format!("{who}人数"),
            (FoldKind::Size, Language::En) => format!("number of {who}"),
            (FoldKind::Count, Language::Zh) => format!("{who}中“{body}”的个数"),
            (FoldKind::Count, Language::En) => format!("number of {who} with: {body}"),
            (FoldKind::Exists, Language::Zh) => format!("{who}中有“{body}”的"),
            (FoldKind::Exists, Language::En) => format!("any of {who} with: {body}"),
            (FoldKind::All, Language::Zh) => format!("{who}全都“{body}”"),
            (FoldKind::All, Language::En) => format!("all of {who} with: {body}"),
            (FoldKind::Sum, Language::Zh) => format!("{who}“{body}”合计"),
            (FoldKind::Sum, Language::En) => format!("sum over {who} of {body}"),
            (FoldKind::Max, Language::Zh) => format!("{who}“{body}”最大值"),
            (FoldKind::Max, Language::En) => format!("greatest over {who} of {body}"),
            (FoldKind::Min, Language::Zh) => format!("{who}“{body}”最小值"),
            (FoldKind::Min, Language::En) => format!("least over {who} of {body}"),
        };
        match (self.at)(t) {
            Some(b) => self.with(&text, t, b),
            None => text,
        }
    }
}

/// The unit a period adds to money, for headings.
pub fn per(per: Per, language: Language) -> &'static str {
    match (per, language) {
        (Per::Month, Language::Zh) => "每月",
        (Per::Month, Language::En) => "a month",
        (Per::Year, Language::Zh) => "每年",
        (Per::Year, Language::En) => "a year",
        (Per::Once, Language::Zh) => "一次性",
        (Per::Once, Language::En) => "once",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_as_people_write_them() {
        let money = |fen, den| number(Dimension::Money(Per::Month), den, fen, Language::Zh);
        assert_eq!(money(145_000, 1), "1,450.00 元");
        assert_eq!(money(-5, 1), "-0.05 元");
        assert_eq!(money(123_456_789, 1), "1,234,567.89 元");
        assert_eq!(money(1, 3), "0.003333… 元");
        assert_eq!(number(Dimension::Rate, 10_000, 3_500, Language::En), "35%");
        assert_eq!(number(Dimension::Rate, 3, 1, Language::En), "1/3");
        assert_eq!(number(Dimension::Rate, 10_000, 15_000, Language::En), "150%");
    }
}
