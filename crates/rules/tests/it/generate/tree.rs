//! Building syntax trees by hand.
use crate::print;
use anmin_rules::model::{Citation, Outcome, Place, Source};
use anmin_rules::syntax::{BinaryOp, Expr, ExprKind, Span};

pub fn expr(kind: ExprKind) -> Expr {
    Expr { span: Span::default(), kind }
}

pub fn name(name: &str) -> Expr {
    expr(ExprKind::Name(name.to_owned()))
}

/// `binding.field`.
pub fn field(binding: &str, field: &str) -> Expr {
    expr(ExprKind::Field { binding: binding.to_owned(), field: field.to_owned() })
}

/// A whole number; a negative one as it is parsed, as the negation of a literal.
pub fn int(n: i64) -> Expr {
    match n {
        0.. => expr(ExprKind::Int(n)),
        _ => expr(ExprKind::Negate(Box::new(int(-n)))),
    }
}

pub fn binary(op: BinaryOp, a: Expr, b: Expr) -> Expr {
    expr(ExprKind::Binary(op, Box::new(a), Box::new(b)))
}

pub fn not(a: Expr) -> Expr {
    expr(ExprKind::Not(Box::new(a)))
}

pub fn choose(c: Expr, a: Expr, b: Expr) -> Expr {
    expr(ExprKind::Choose(Box::new(c), Box::new(a), Box::new(b)))
}

pub fn one_of(x: Expr, list: Vec<Expr>) -> Expr {
    expr(ExprKind::OneOf(Box::new(x), list))
}

pub fn call(function: &str, arguments: Vec<Expr>) -> Expr {
    expr(ExprKind::Call(function.to_owned(), arguments))
}

/// The expression with its text.
pub fn source(expr: Expr) -> Source {
    let text = print::expression(&expr);
    Source { expr, text, place: Place::default() }
}

/// A citation: every rule needs one.
pub fn law() -> Vec<Citation> {
    vec![Citation { document: "law".to_owned(), article: "第一条".to_owned() }]
}

pub fn outcome(then: Expr) -> Outcome {
    Outcome { then: source(then), law: law(), because: None, place: Place::default() }
}
