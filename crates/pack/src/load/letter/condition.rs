//! `when:` of a letter: from the tree of an expression to a condition over letter fields.
use super::Scope;
use crate::finding::Finding;
use crate::letter::field::{FIELDS, FieldRule, Kind};
use crate::letter::{Condition, Field};
use crate::load::Build;
use crate::yaml::Node;
use anmin_rules::model::Place;
use anmin_rules::syntax::{BinaryOp, Expr, ExprKind};

/// Where a condition stands: its node, for the places of its parts, and what it may name.
#[derive(Clone, Copy)]
struct At<'n> {
    node: &'n Node,
    scope: Scope,
}

impl At<'_> {
    fn place(self, expr: &Expr) -> Place {
        self.node.place_in_text(expr.span.start)
    }
}

impl Build {
    pub(super) fn letter_condition(&mut self, node: &Node, scope: Scope) -> Option<Condition> {
        let source = self.source(node)?;
        self.condition(&source.expr, At { node, scope })
    }

    fn condition(&mut self, expr: &Expr, at: At<'_>) -> Option<Condition> {
        match &expr.kind {
            ExprKind::Binary(op @ (BinaryOp::And | BinaryOp::Or), a, b) => {
                let (a, b) = (self.condition(a, at), self.condition(b, at));
                let (a, b) = (Box::new(a?), Box::new(b?));
                Some(if *op == BinaryOp::And { Condition::Both(a, b) } else { Condition::Either(a, b) })
            }
            ExprKind::Not(a) => Some(Condition::Not(Box::new(self.condition(a, at)?))),
            ExprKind::Call(name, arguments) if name == "given" && arguments.len() == 1 => {
                Some(Condition::Given(self.condition_field(&arguments[0], at)?))
            }
            ExprKind::Binary(BinaryOp::Equal, a, b) => self.is_one_of(a, std::slice::from_ref(b), at),
            ExprKind::Binary(BinaryOp::NotEqual, a, b) => {
                Some(Condition::Not(Box::new(self.is_one_of(a, std::slice::from_ref(b), at)?)))
            }
            ExprKind::OneOf(a, names) => self.is_one_of(a, names, at),
            ExprKind::Name(_) | ExprKind::Field { .. } => {
                let field = self.condition_field(expr, at)?;
                if field.rule().kind == Kind::Flag {
                    return Some(Condition::Holds(field));
                }
                let (path, (zh, en)) = (field.path(), field.rule().kind.words());
                self.error(
                    at.place(expr),
                    format!("{path} 是{zh}，本身不是条件：写 given({path})，选项写 {path} == 名称"),
                    format!(
                        "{path} is {en} and no condition: write given({path}), or of a choice {path} == name"
                    ),
                );
                None
            }
            _ => {
                self.error(
                    at.place(expr),
                    "文书的条件只有 given(字段)、字段 == 名称、!=、in [名称, 名称]，用 !、&&、|| 连接",
                    "a letter's condition is given(field), field == name, != or in [name, name], joined by !, && and ||",
                );
                None
            }
        }
    }

    /// A field of choices, compared with names of its choices.
    fn is_one_of(&mut self, a: &Expr, names: &[Expr], at: At<'_>) -> Option<Condition> {
        let field = self.condition_field(a, at)?;
        let Kind::Choice(choices) = field.rule().kind else {
            let with: Vec<&str> = choice_fields().collect();
            let (path, list) = (field.path(), with.join(", "));
            self.error(
                at.place(a),
                format!("{path} 没有选项可比；有选项的是 {list}"),
                format!("{path} has no choices to compare with; these have: {list}"),
            );
            return None;
        };
        let known: Vec<&str> = choices.iter().map(|choice| choice.name).collect();
        let mut found = vec![];
        for name in names {
            let choice = match &name.kind {
                ExprKind::Name(text) => choices.iter().find(|choice| choice.name == text),
                _ => None,
            };
            let Some(choice) = choice else {
                let text = match &name.kind {
                    ExprKind::Name(text) => text.clone(),
                    ExprKind::Field { binding, field } => format!("{binding}.{field}"),
                    _ => "?".to_owned(),
                };
                let what = ("选项", "choice");
                self.findings.push(Finding::unknown(at.place(name), what, &text, &known));
                return None;
            };
            found.push(choice.name);
        }
        Some(Condition::Is(field, found))
    }

    fn condition_field(&mut self, expr: &Expr, at: At<'_>) -> Option<Field> {
        let path = match &expr.kind {
            ExprKind::Name(name) => name.clone(),
            ExprKind::Field { binding, field } => format!("{binding}.{field}"),
            _ => {
                self.error(at.place(expr), "此处应为文书字段", "a letter field stands here");
                return None;
            }
        };
        let place = at.place(expr);
        let Some(field) = Field::named(&path) else {
            let known: Vec<&str> = FIELDS.iter().map(|rule: &FieldRule| rule.path).collect();
            self.findings.push(Finding::unknown(place, ("文书字段", "letter field"), &path, &known));
            return None;
        };
        self.fit_for_its_audience(field, place, at.scope);
        Some(field)
    }
}

fn choice_fields() -> impl Iterator<Item = &'static str> {
    FIELDS.iter().filter(|rule| matches!(rule.kind, Kind::Choice(_))).map(|rule| rule.path)
}
