//! From the CEL tree to the engine's.
mod fold;

use super::scan::{Kind, Token};
use super::{MAX_DEPTH, Parsed, Problem};
use anmin_rules::syntax::{BinaryOp, Expr, ExprKind, Span};
use cel::IdedExpr;
use cel::common::ast::{CallExpr, Expr as Cel, LiteralValue, SourceInfo, operators};

/// The engine's tree of a CEL tree; recurses, so call it where the stack is large.
pub(super) fn convert(cel: &IdedExpr, source: &SourceInfo, tokens: &[Token], text: &str) -> Parsed {
    let mut converter = Converter { source, tokens, text, problems: vec![], in_lambda: false };
    match converter.expr(cel) {
        Some(expr) if converter.problems.is_empty() => {
            let depth = depth(&expr);
            if depth <= MAX_DEPTH {
                return Ok(expr);
            }
            Err(vec![Problem::new(
                expr.span,
                format!("式子有 {depth} 步连在一起，最多 {MAX_DEPTH}。请分成几个变量"),
                format!(
                    "{depth} operations follow one another, at most {MAX_DEPTH}; split it into variables"
                ),
            )])
        }
        _ => Err(converter.problems),
    }
}

const BINARY: [(&str, BinaryOp); 12] = [
    (operators::ADD, BinaryOp::Add),
    (operators::SUBSTRACT, BinaryOp::Subtract),
    (operators::MULTIPLY, BinaryOp::Multiply),
    (operators::DIVIDE, BinaryOp::Divide),
    (operators::LOGICAL_AND, BinaryOp::And),
    (operators::LOGICAL_OR, BinaryOp::Or),
    (operators::EQUALS, BinaryOp::Equal),
    (operators::NOT_EQUALS, BinaryOp::NotEqual),
    (operators::LESS, BinaryOp::Less),
    (operators::LESS_EQUALS, BinaryOp::LessEqual),
    (operators::GREATER, BinaryOp::Greater),
    (operators::GREATER_EQUALS, BinaryOp::GreaterEqual),
];

struct Converter<'a> {
    source: &'a SourceInfo,
    tokens: &'a [Token],
    text: &'a str,
    problems: Vec<Problem>,
    in_lambda: bool,
}

impl Converter<'_> {
    /// None when a problem has been reported.
    fn expr(&mut self, node: &IdedExpr) -> Option<Expr> {
        let at = self.span(node);
        match &node.expr {
            Cel::Literal(literal) => self.literal(literal, at),
            Cel::Ident(name) => {
                let name = self.plain_name(name, at)?;
                Some(Expr { span: at, kind: ExprKind::Name(name) })
            }
            Cel::Select(select) => match &select.operand.expr {
                Cel::Ident(binding) => {
                    let span = join(self.span(&select.operand), self.after(at));
                    let binding = self.plain_name(binding, span)?;
                    Some(Expr { span, kind: ExprKind::Field { binding, field: select.field.clone() } })
                }
                _ => self.refuse(
                    self.after(at),
                    "点号只能用在成员上，且只有一层，如 m.wage",
                    "a dot follows only the name of an element, once, as in m.wage",
                ),
            },
            Cel::Call(call) => match &call.target {
                Some(_) => self.fold(node, call),
                None => self.call(call, at),
            },
            Cel::List(_) => self.refuse(
                at,
                "列表只能写在 in 之后：x in [a, b]",
                "a list may stand only after in: x in [a, b]",
            ),
            Cel::Map(_) | Cel::Struct(_) | Cel::Comprehension(_) | Cel::Unspecified => {
                self.refuse(at, "规则语言没有这种写法", "the rule language has no such form")
            }
        }
    }

    fn literal(&mut self, literal: &LiteralValue, at: Span) -> Option<Expr> {
        let kind = match literal {
            LiteralValue::Boolean(b) => ExprKind::Bool(*b.inner()),
            LiteralValue::Int(i) => ExprKind::Int(*i.inner()),
            _ => {
                return self.refuse(
                    at,
                    "式子里只能写整数、true 和 false",
                    "only whole numbers, true and false are written in expressions",
                );
            }
        };
        let minus = self.index(at).and_then(|i| self.tokens.get(i.checked_sub(1)?));
        let span = match (&kind, minus) {
            (ExprKind::Int(..0), Some(minus)) => join(minus.span, at),
            _ => at,
        };
        Some(Expr { span, kind })
    }

    fn call(&mut self, call: &CallExpr, at: Span) -> Option<Expr> {
        let name = call.func_name.as_str();
        if let Some((_, op)) = BINARY.iter().find(|(n, _)| *n == name) {
            return self.binary(*op, call);
        }
        match (name, call.args.as_slice()) {
            (operators::LOGICAL_NOT, [a]) => self.unary(at, a, ExprKind::Not),
            (operators::NEGATE, [a]) => self.unary(at, a, ExprKind::Negate),
            (operators::CONDITIONAL, [c, a, b]) => {
                let (c, a, b) = (self.expr(c), self.expr(a), self.expr(b));
                let (c, a, b) = (c?, a?, b?);
                let span = join(self.widened(c.span), self.widened(b.span));
                Some(Expr { span, kind: ExprKind::Choose(Box::new(c), Box::new(a), Box::new(b)) })
            }
            (operators::IN, [x, list]) => self.one_of(x, list),
            (operators::INDEX | operators::OPT_INDEX, _) => {
                self.refuse(at, "没有下标 x[...]", "there is no index x[...]")
            }
            (operators::MODULO, _) => self.refuse(at, "没有取余 %", "there is no remainder %"),
            (operators::HAS, _) => self.refuse(
                self.call_span(at),
                "没有 has()；未知的值由引擎处理",
                "there is no has(); the engine deals with what is unknown",
            ),
            _ => {
                let span = self.call_span(at);
                let args: Vec<_> = call.args.iter().map(|a| self.expr(a)).collect();
                let name = self.plain_name(name, span)?;
                let args = args.into_iter().collect::<Option<_>>()?;
                Some(Expr { span, kind: ExprKind::Call(name, args) })
            }
        }
    }

    fn unary(&mut self, at: Span, a: &IdedExpr, kind: fn(Box<Expr>) -> ExprKind) -> Option<Expr> {
        let a = self.expr(a)?;
        let span = join(at, self.widened(a.span));
        Some(Expr { span, kind: kind(Box::new(a)) })
    }

    /// The CEL parser balances chains of `&&` and `||`; here they run from left to right, as every other chain.
    fn binary(&mut self, op: BinaryOp, call: &CallExpr) -> Option<Expr> {
        let mut terms = vec![];
        match op {
            BinaryOp::And | BinaryOp::Or => chain(call, &mut terms),
            _ => terms.extend(&call.args),
        }
        let terms: Vec<_> = terms.into_iter().map(|t| self.expr(t)).collect();
        let mut terms = terms.into_iter().collect::<Option<Vec<_>>>()?.into_iter();
        let first = terms.next()?;
        Some(terms.fold(first, |a, b| {
            let span = join(self.widened(a.span), self.widened(b.span));
            Expr { span, kind: ExprKind::Binary(op, Box::new(a), Box::new(b)) }
        }))
    }

    fn one_of(&mut self, x: &IdedExpr, list: &IdedExpr) -> Option<Expr> {
        let at = self.span(list);
        let x = self.expr(x);
        let Cel::List(list) = &list.expr else {
            return self.refuse(at, "in 之后须是列表：x in [a, b]", "a list must follow in: x in [a, b]");
        };
        if list.elements.is_empty() {
            return self.refuse(at, "in 之后的列表是空的", "the list after in is empty");
        }
        let values: Vec<_> = list.elements.iter().map(|e| self.expr(e)).collect();
        let values = values.into_iter().collect::<Option<Vec<_>>>()?;
        let x = x?;
        let end = self.close_of(at).unwrap_or(at);
        let span = join(self.widened(x.span), end);
        Some(Expr { span, kind: ExprKind::OneOf(Box::new(x), values) })
    }

    fn plain_name(&mut self, name: &str, at: Span) -> Option<String> {
        if name.starts_with('.') {
            return self.refuse(at, "名称前不能有点号", "a name cannot begin with a dot");
        }
        Some(name.to_owned())
    }

    fn wrong_count<T>(&mut self, at: Span, name: &str, zh: &str, en: &str) -> Option<T> {
        self.refuse(at, format!("{name} 需要{zh}"), format!("{name} takes {en}"))
    }

    fn refuse<T>(&mut self, at: Span, zh: impl Into<String>, en: impl Into<String>) -> Option<T> {
        self.problems.push(Problem::new(at, zh, en));
        None
    }

    /// The token the CEL parser names for a node: the operator, the name, the opening bracket of a call.
    fn span(&self, node: &IdedExpr) -> Span {
        let start = self.source.offset_for(node.id).map_or(0, |(start, _)| start);
        let token = self.tokens.iter().find(|t| t.span.start == start);
        token.map_or(Span { start, end: start }, |t| t.span)
    }

    fn index(&self, span: Span) -> Option<usize> {
        self.tokens.binary_search_by_key(&span.start, |t| t.span.start).ok()
    }

    /// The token after the one at `at`.
    fn after(&self, at: Span) -> Span {
        self.index(at).and_then(|i| self.tokens.get(i + 1)).map_or(at, |t| t.span)
    }

    /// The name before a call's opening bracket.
    fn name_before(&self, at: Span) -> Span {
        self.index(at).and_then(|i| self.tokens.get(i.checked_sub(1)?)).map_or(at, |t| t.span)
    }

    /// The bracket that closes the one at `at`.
    fn close_of(&self, at: Span) -> Option<Span> {
        match self.tokens.get(self.index(at)?)?.kind {
            Kind::Open(close) => Some(self.tokens.get(close)?.span),
            _ => None,
        }
    }

    /// From a call's name to its closing bracket.
    fn call_span(&self, at: Span) -> Span {
        join(self.name_before(at), self.close_of(at).unwrap_or(at))
    }

    /// With the brackets directly around it that are not a call's.
    fn widened(&self, mut span: Span) -> Span {
        loop {
            let Some(before) = self.index(span).and_then(|i| i.checked_sub(1)) else { return span };
            let Kind::Open(close) = self.tokens[before].kind else { return span };
            let is_call = before
                .checked_sub(1)
                .is_some_and(|i| self.tokens[i].kind == Kind::Name && self.tokens[i].text(self.text) != "in");
            let ends = close.checked_sub(1).is_some_and(|i| self.tokens[i].span.end == span.end);
            if is_call || !ends {
                return span;
            }
            span = join(self.tokens[before].span, self.tokens[close].span);
        }
    }
}

fn join(a: Span, b: Span) -> Span {
    Span { start: a.start.min(b.start), end: a.end.max(b.end) }
}

/// The terms of `a && b && c` in the order written.
fn chain<'c>(call: &'c CallExpr, terms: &mut Vec<&'c IdedExpr>) {
    for arg in &call.args {
        match &arg.expr {
            Cel::Call(inner) if inner.func_name == call.func_name => chain(inner, terms),
            _ => terms.push(arg),
        }
    }
}

fn depth(expr: &Expr) -> usize {
    let below = match &expr.kind {
        ExprKind::Int(_) | ExprKind::Bool(_) | ExprKind::Name(_) | ExprKind::Field { .. } => 0,
        ExprKind::Not(a) | ExprKind::Negate(a) => depth(a),
        ExprKind::Binary(_, a, b) => depth(a).max(depth(b)),
        ExprKind::Choose(c, a, b) => depth(c).max(depth(a)).max(depth(b)),
        ExprKind::OneOf(x, list) => list.iter().map(depth).fold(depth(x), usize::max),
        ExprKind::Call(_, args) => args.iter().map(depth).fold(0, usize::max),
        ExprKind::Fold(fold) => {
            let lambdas = fold.filters.iter().chain(&fold.body).map(|l| depth(&l.body));
            lambdas.chain(fold.over_nothing.as_ref().map(depth)).fold(0, usize::max)
        }
    };
    below + 1
}
