//! Collections: `members.filter(m, c).sum(m, x)`.
use super::{Converter, join};
use crate::finding::{did_you_mean, excerpt};
use anmin_rules::syntax::{Expr, ExprKind, FoldExpr, FoldKind, Lambda, Span};
use cel::IdedExpr;
use cel::common::ast::{CallExpr, Expr as Cel};

const FOLDS: [(&str, FoldKind); 7] = [
    ("size", FoldKind::Size),
    ("count", FoldKind::Count),
    ("exists", FoldKind::Exists),
    ("all", FoldKind::All),
    ("sum", FoldKind::Sum),
    ("max", FoldKind::Max),
    ("min", FoldKind::Min),
];

impl Converter<'_> {
    /// `members.filter(m, c).sum(m, x)`: the calls from the last to the first, then the collection.
    pub(super) fn fold(&mut self, node: &IdedExpr, call: &CallExpr) -> Option<Expr> {
        let mut calls = vec![(self.span(node), call)];
        let mut target = call.target.as_deref()?;
        while let Cel::Call(inner) = &target.expr
            && let Some(next) = inner.target.as_deref()
        {
            calls.push((self.span(target), inner));
            target = next;
        }
        calls.reverse();
        let start = self.span(target);
        let Cel::Ident(collection) = &target.expr else {
            let name = excerpt(&calls[0].1.func_name);
            return self.refuse(
                self.name_before(calls[0].0),
                format!(".{name}(...) 只能用在集合上，如 members.{name}(...)"),
                format!(".{name}(...) follows only the name of a collection, as in members.{name}(...)"),
            );
        };
        let collection = self.plain_name(collection, start);
        let (last, filters) = calls.split_last()?;
        let filters: Vec<_> = filters.iter().map(|(at, f)| self.filter(*at, f)).collect();
        let how = self.fold_kind(last.0, last.1)?;
        let (body, over_nothing) = self.fold_arguments(last.0, last.1, how)?;
        let filters = filters.into_iter().collect::<Option<_>>()?;
        let fold = FoldExpr { collection: collection?, filters, how, body, over_nothing };
        let span = join(start, self.close_of(last.0).unwrap_or(last.0));
        Some(Expr { span, kind: ExprKind::Fold(Box::new(fold)) })
    }

    fn filter(&mut self, at: Span, call: &CallExpr) -> Option<Lambda> {
        let name = self.name_before(at);
        if call.func_name != "filter" {
            let found = excerpt(&call.func_name);
            return self.refuse(
                name,
                format!(".{found}(...) 得到的已不是集合，后面不能再接 .（只有 filter 可以）"),
                format!(".{found}(...) no longer gives a collection; only filter may be followed by a dot"),
            );
        }
        let [binding, condition] = call.args.as_slice() else {
            return self.wrong_count(
                name,
                "filter",
                "两个参数，如 filter(m, m.wage > 0)",
                "two arguments, as in filter(m, m.wage > 0)",
            );
        };
        self.lambda(name, binding, condition)
    }

    fn fold_kind(&mut self, at: Span, call: &CallExpr) -> Option<FoldKind> {
        let name = call.func_name.as_str();
        let found = FOLDS.iter().find(|(n, _)| *n == name).map(|(_, kind)| *kind);
        if found.is_some() {
            return found;
        }
        let at = self.name_before(at);
        if name == "filter" {
            return self.refuse(
                at,
                "filter 之后须有 .size()、.sum(...) 等，说明要从中得到什么",
                "filter must be followed by .size(), .sum(...) and so on, which say what is wanted of it",
            );
        }
        let names = FOLDS.iter().map(|(n, _)| *n).chain(["filter"]);
        let (near_zh, near_en) = did_you_mean(name, names);
        let shown = excerpt(name);
        self.refuse(
            at,
            format!("集合没有 .{shown}(...){near_zh}。可用：filter、size、count、exists、all、sum、max、min"),
            format!("a collection has no .{shown}(...){near_en}. Allowed: filter, size, count, exists, all, sum, max, min"),
        )
    }

    fn fold_arguments(
        &mut self,
        at: Span,
        call: &CallExpr,
        how: FoldKind,
    ) -> Option<(Option<Lambda>, Option<Expr>)> {
        let (name, word) = (self.name_before(at), call.func_name.as_str());
        match (how, call.args.as_slice()) {
            (FoldKind::Size, []) => Some((None, None)),
            (FoldKind::Size, _) => self.wrong_count(
                name,
                word,
                "没有参数；要数其中一部分用 count(m, ...)",
                "no arguments; to count some of them use count(m, ...)",
            ),
            (_, [binding, body]) => Some((Some(self.lambda(name, binding, body)?), None)),
            (FoldKind::Max | FoldKind::Min, [binding, body, nothing]) => {
                let (lambda, nothing) = (self.lambda(name, binding, body), self.expr(nothing));
                Some((Some(lambda?), Some(nothing?)))
            }
            (FoldKind::Max | FoldKind::Min, _) => self.wrong_count(
                name,
                word,
                "两个或三个参数：名称、式子、集合为空时的值",
                "two or three arguments: a name, an expression, the value over nothing",
            ),
            _ => self.wrong_count(
                name,
                word,
                "两个参数：名称和式子，如 (m, m.wage)",
                "two arguments: a name and an expression, as in (m, m.wage)",
            ),
        }
    }

    fn lambda(&mut self, at: Span, binding: &IdedExpr, body: &IdedExpr) -> Option<Lambda> {
        let binding_at = self.span(binding);
        if self.in_lambda {
            return self.refuse(
                at,
                "逐个成员计算的式子里不能再逐个计算。请把里面的写成成员的变量",
                "an expression computed for each element cannot hold another; make the inner one a variable of the element",
            );
        }
        let name = match &binding.expr {
            Cel::Ident(name) => self.plain_name(name, binding_at),
            _ => self.refuse(
                binding_at,
                "第一个参数须是名称，如 m",
                "the first argument must be a name, such as m",
            ),
        };
        self.in_lambda = true;
        let body = self.expr(body);
        self.in_lambda = false;
        Some(Lambda { binding: name?, body: body? })
    }
}
