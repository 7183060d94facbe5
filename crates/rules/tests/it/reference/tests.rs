//! The reference against tables worked out by hand, so that it can be trusted with the rest.
#![cfg(test)]
use super::calendar::days;
use super::evaluation::{Element, Evaluation, Scope};
use super::household::{Answers, Household};
use super::kind::Kind;
use super::layers;
use super::value::{Missing, Value};
use crate::generate::schema::{blank_collection, blank_fact};
use crate::generate::tree::{binary, call, choose, expr, field, int, law, name, outcome, source};
use anmin_base::date::Date;
use anmin_rules::model::{
    Applies, Body, Case, Cases, CollectionId, EnumId, EnumType, EnumValue, Fact, FactId, Figure, Hit, Label,
    Parameter, ParameterValue, Per, Place, Ruleset, Type, Variable, VariableId, Version,
};
use anmin_rules::syntax::{BinaryOp, Expr, ExprKind, FoldExpr, FoldKind, Lambda};
use std::collections::BTreeSet;

const FLAG: usize = 0;
const COUNT: usize = 1;
const CHOICE: usize = 2;
const FEE: usize = 3;
const WAGE: usize = 4;
const CHILD: usize = 5;

fn today() -> Date {
    Date::from_days(i32::try_from(days(2026, 3, 1)).expect("a day"))
}

/// A flag, a count, a choice of a=1, b=2, c=5, a fee that applies if the flag is set; members with a wage of 500 to
/// 1000 fen and whether they are children. One to four members.
fn rules() -> Ruleset {
    let mut rules = Ruleset::default();
    let value =
        |(name, code): (&str, i64)| EnumValue { name: name.to_owned(), code, label: Label::default() };
    let values = [("a", 1), ("b", 2), ("c", 5)].into_iter().map(value).collect();
    rules.schema.enums = vec![EnumType { name: "choice".to_owned(), values }];
    rules.schema.collections = vec![blank_collection("members", "member", 1, 4)];
    let fact = |name: &str, ty, range| Fact { name: name.to_owned(), ty, range, ..blank_fact() };
    let of_member = |fact| Fact { of: Some(CollectionId(0)), ..fact };
    let applies = Applies { when: source(name("flag")), when_not: Some(0) };
    let mut fee = fact("fee", Type::Money(Per::Month), (100, 300));
    fee.applies = Some(applies);
    rules.schema.facts = vec![
        fact("flag", Type::Bool, (0, 1)),
        fact("count", Type::Count, (0, 10)),
        fact("pick", Type::Enum(EnumId(0)), (1, 5)),
        fee,
        of_member(fact("wage", Type::Money(Per::Month), (500, 1000))),
        of_member(fact("child", Type::Bool, (0, 1))),
    ];
    rules
}

/// A household: the root's answers in the order of the facts, and members as (wage, child).
fn household(root: [Option<i64>; 4], members: Option<&[(Option<i64>, Option<i64>)]>) -> Household {
    let blank = || -> Answers { vec![None; 6] };
    let mut all = blank();
    all[..4].copy_from_slice(&root);
    let member = |(wage, child): &(Option<i64>, Option<i64>)| {
        let mut answers = blank();
        (answers[WAGE], answers[CHILD]) = (*wage, *child);
        answers
    };
    let list = members.map(|list| list.iter().map(member).collect());
    Household { root: all, collections: vec![list] }
}

fn value_in(rules: &Ruleset, household: &Household, e: &Expr) -> Value {
    let nothing_known = Evaluation::of_nothing_known(rules, today());
    let expected = Some(Kind::Enum(EnumId(0)));
    Evaluation::new(&nothing_known, household).eval(e, Scope { element: None }, expected)
}

/// Bounds as whole numbers, and what is missing.
fn eval(household: &Household, e: &Expr) -> (i128, i128, BTreeSet<Missing>) {
    let value = value_in(&rules(), household, e);
    let whole = |r: super::ratio::Ratio| r.as_whole().expect("whole");
    (whole(value.bounds.lo), whole(value.bounds.hi), value.missing)
}

fn root(fact: usize) -> Missing {
    Missing::Fact(FactId(fact), None)
}

fn of(fact: usize, element: usize) -> Missing {
    Missing::Fact(FactId(fact), Some(element))
}

const MEMBERS: Missing = Missing::Collection(CollectionId(0));

fn fold(filter: Option<Expr>, how: FoldKind, body: Option<Expr>, over_nothing: Option<Expr>) -> Expr {
    let lambda = |body| Lambda { binding: "m".to_owned(), body };
    expr(ExprKind::Fold(Box::new(FoldExpr {
        collection: "members".to_owned(),
        filters: filter.into_iter().map(lambda).collect(),
        how,
        body: body.map(lambda),
        over_nothing,
    })))
}

fn wage() -> Expr {
    field("m", "wage")
}

fn child() -> Expr {
    field("m", "child")
}

/// What a fold gives: how it is written, the members, its bounds, and what is missing.
type FoldRow<'a> = (Expr, Option<&'a [(Option<i64>, Option<i64>)]>, (i128, i128), &'a [Missing]);

fn check_folds(table: &[FoldRow<'_>]) {
    for (e, members, bounds, missing) in table {
        let household = household([Some(0), None, None, None], *members);
        let (lo, hi, found) = eval(&household, e);
        let text = crate::print::expression(e);
        assert_eq!((lo, hi), *bounds, "{text} of {members:?}");
        assert_eq!(found, missing.iter().copied().collect(), "{text} of {members:?}");
    }
}

const KNOWN: &[(Option<i64>, Option<i64>)] = &[(Some(600), Some(1)), (Some(900), Some(0))];
/// The second's wage and whether the first is a child are unknown.
const PARTLY: &[(Option<i64>, Option<i64>)] = &[(Some(600), None), (None, Some(0))];
/// Whether either is a child is unknown.
const UNSURE: &[(Option<i64>, Option<i64>)] = &[(Some(600), None), (Some(900), None)];
const EMPTY: &[(Option<i64>, Option<i64>)] = &[];

#[test]
fn sums_and_counts_of_elements_that_may_be_out() {
    use FoldKind::{Count, Size, Sum};
    let not_child = || Some(expr(ExprKind::Not(Box::new(child()))));
    check_folds(&[
        (fold(None, Sum, Some(wage()), None), Some(KNOWN), (1500, 1500), &[]),
        (fold(None, Sum, Some(wage()), None), Some(PARTLY), (1100, 1600), &[of(WAGE, 1)]),
        (fold(None, Sum, Some(wage()), None), Some(EMPTY), (0, 0), &[]),
        // The second is no child for sure: its wage does not matter.
        (fold(Some(child()), Sum, Some(wage()), None), Some(PARTLY), (0, 600), &[of(CHILD, 0)]),
        (fold(not_child(), Sum, Some(wage()), None), Some(PARTLY), (500, 1600), &[of(CHILD, 0), of(WAGE, 1)]),
        (fold(None, Count, Some(child()), None), Some(PARTLY), (0, 1), &[of(CHILD, 0)]),
        (fold(None, Size, None, None), Some(PARTLY), (2, 2), &[]),
        (fold(not_child(), Size, None, None), Some(PARTLY), (1, 2), &[of(CHILD, 0)]),
    ]);
}

#[test]
fn extremes_of_elements_that_may_be_out() {
    use FoldKind::{Max, Min};
    let filtered = |how, over: Expr| fold(Some(child()), how, Some(wage()), Some(over));
    let zero = || int(0);
    let both = &[of(CHILD, 0), of(CHILD, 1)];
    check_folds(&[
        (fold(None, Max, Some(wage()), None), Some(KNOWN), (900, 900), &[]),
        (fold(None, Max, Some(wage()), None), Some(PARTLY), (600, 1000), &[of(WAGE, 1)]),
        (fold(None, Min, Some(wage()), None), Some(PARTLY), (500, 600), &[of(WAGE, 1)]),
        (filtered(Max, zero()), Some(KNOWN), (600, 600), &[]),
        (filtered(Max, zero()), Some(EMPTY), (0, 0), &[]),
        // Both, either or neither is left.
        (filtered(Max, zero()), Some(UNSURE), (0, 900), both),
        (filtered(Min, zero()), Some(UNSURE), (0, 900), both),
        // The first is left for sure: the value over nothing plays no part.
        (
            filtered(Max, zero()),
            Some(&[(Some(600), Some(1)), (Some(900), None)]),
            (600, 900),
            &[of(CHILD, 1)],
        ),
        (filtered(Min, zero()), Some(&[(Some(600), Some(1)), (Some(900), None)]), (600, 600), &[]),
    ]);
}

#[test]
fn quantifiers_are_settled_by_one_element() {
    use FoldKind::{All, Exists};
    let rich = || binary(BinaryOp::Greater, wage(), call("max", vec![wage(), int(0)]));
    check_folds(&[
        (fold(None, Exists, Some(child()), None), Some(KNOWN), (1, 1), &[]),
        (fold(None, Exists, Some(child()), None), Some(EMPTY), (0, 0), &[]),
        (fold(None, All, Some(child()), None), Some(EMPTY), (1, 1), &[]),
        (fold(None, All, Some(child()), None), Some(PARTLY), (0, 0), &[]),
        (fold(None, Exists, Some(child()), None), Some(PARTLY), (0, 1), &[of(CHILD, 0)]),
        (fold(Some(child()), All, Some(rich()), None), Some(KNOWN), (0, 0), &[]),
        (fold(Some(child()), All, Some(child()), None), Some(PARTLY), (0, 1), &[of(CHILD, 0)]),
    ]);
}

#[test]
fn lists_not_given_have_the_bounds_of_every_size() {
    use FoldKind::{All, Count, Exists, Max, Min, Size, Sum};
    let negative = expr(ExprKind::Negate(Box::new(wage())));
    let all = &[MEMBERS];
    check_folds(&[
        (fold(None, Sum, Some(wage()), None), None, (500, 4000), all),
        (fold(Some(child()), Sum, Some(wage()), None), None, (0, 4000), all),
        (fold(None, Sum, Some(negative), None), None, (-4000, -500), all),
        (fold(None, Size, None, None), None, (1, 4), all),
        (fold(Some(child()), Size, None, None), None, (0, 4), all),
        (fold(None, Count, Some(child()), None), None, (0, 4), all),
        (fold(None, Exists, Some(child()), None), None, (0, 1), all),
        (fold(None, All, Some(child()), None), None, (0, 1), all),
        (fold(None, Max, Some(wage()), None), None, (500, 1000), all),
        (fold(Some(child()), Min, Some(wage()), Some(int(0))), None, (0, 1000), all),
        // The flag is known to be false and the fee 0; the bounds of a list that is not given do not use it.
        (fold(None, Max, Some(name("fee")), None), None, (0, 300), all),
    ]);
}

#[test]
fn what_does_not_apply_is_read_as_when_not() {
    // flag, fee, bounds, missing
    type Row<'a> = (Option<i64>, Option<i64>, (i128, i128), &'a [Missing]);
    let table: [Row<'_>; 5] = [
        (Some(0), None, (0, 0), &[]),
        (Some(1), Some(250), (250, 250), &[]),
        (Some(1), None, (100, 300), &[root(FEE)]),
        (None, Some(250), (0, 250), &[root(FLAG)]),
        (None, None, (0, 300), &[root(FLAG), root(FEE)]),
    ];
    for (flag, fee, bounds, missing) in table {
        let household = household([flag, None, None, fee], Some(KNOWN));
        let (lo, hi, found) = eval(&household, &name("fee"));
        assert_eq!(((lo, hi), found), (bounds, missing.iter().copied().collect()));
    }
}

#[test]
fn missing_are_only_parts_that_are_unknown_themselves() {
    let less = binary(BinaryOp::Less, name("count"), int(3));
    let and = |a, b| binary(BinaryOp::And, a, b);
    let chosen = choose(less.clone(), name("fee"), int(0));
    let is_a = binary(BinaryOp::Equal, name("pick"), name("a"));
    // flag, count, choice, expression, bounds, missing
    type Row<'a> = ([Option<i64>; 3], Expr, (i128, i128), &'a [Missing]);
    let table: [Row<'_>; 8] = [
        ([None, Some(5), None], and(name("flag"), less.clone()), (0, 0), &[]),
        ([None, None, None], and(name("flag"), less.clone()), (0, 1), &[root(FLAG), root(COUNT)]),
        ([None, Some(1), None], and(name("flag"), less), (0, 1), &[root(FLAG)]),
        ([None, Some(5), None], chosen.clone(), (0, 0), &[]),
        ([Some(1), None, None], chosen.clone(), (0, 300), &[root(COUNT), root(FEE)]),
        // The fee is 0 either way.
        ([Some(0), None, None], chosen, (0, 0), &[]),
        ([None, None, None], is_a.clone(), (0, 1), &[root(CHOICE)]),
        ([None, None, Some(2)], is_a, (0, 0), &[]),
    ];
    for ([flag, count, choice], e, bounds, missing) in table {
        let household = household([flag, count, choice, None], Some(KNOWN));
        let (lo, hi, found) = eval(&household, &e);
        let text = crate::print::expression(&e);
        assert_eq!(((lo, hi), found), (bounds, missing.iter().copied().collect()), "{text}");
    }
}

#[test]
fn equalities_in_a_list_are_joined_by_or() {
    let among = |list: &[&str]| {
        let list = list.iter().map(|n| name(n)).collect();
        expr(ExprKind::OneOf(Box::new(name("pick")), list))
    };
    let unknown = household([None; 4], Some(KNOWN));
    // All three values are listed, and yet no single equality is known.
    assert_eq!(eval(&unknown, &among(&["a", "b", "c"])).1, 1);
    assert_eq!(eval(&unknown, &among(&["a", "b", "c"])).0, 0);
    let known = household([None, None, Some(5), None], Some(KNOWN));
    assert_eq!(eval(&known, &among(&["a", "c"])).0, 1);
    assert_eq!(eval(&known, &among(&["a", "b"])).1, 0);
}

fn cases(when: Vec<(Expr, i64)>, otherwise: Option<i64>) -> Ruleset {
    let mut rules = rules();
    let case = |(when, then)| Case { when: source(when), outcome: outcome(int(then)) };
    let cases = Cases {
        hit: Hit::First,
        cases: when.into_iter().map(case).collect(),
        otherwise: otherwise.map(|then| outcome(int(then))),
    };
    let version = Version {
        layer: 0,
        from: Date::from_days(0),
        law: law(),
        body: Body::Cases(cases),
        place: Place::default(),
    };
    rules.variables.push(Variable {
        of: None,
        name: "result".to_owned(),
        ty: Type::Count,
        range: None,
        label: Label::default(),
        open: false,
        versions: vec![version],
        place: Place::default(),
    });
    rules
}

#[test]
fn cases_are_nested_choices() {
    let flag = || name("flag");
    let few = || binary(BinaryOp::Less, name("count"), int(3));
    let many = || binary(BinaryOp::GreaterEqual, name("count"), int(3));
    let a = || vec![(flag(), 7), (few(), 5)];
    type Row<'a> = (Ruleset, [Option<i64>; 2], (i128, i128), &'a [Missing]);
    let table: [Row<'_>; 7] = [
        (cases(a(), Some(9)), [Some(1), None], (7, 7), &[]),
        (cases(a(), Some(9)), [Some(0), None], (5, 9), &[root(COUNT)]),
        (cases(a(), Some(9)), [None, Some(1)], (5, 7), &[root(FLAG)]),
        (cases(a(), Some(9)), [None, None], (5, 9), &[root(FLAG), root(COUNT)]),
        // What follows the first case is 5 either way: the count cannot settle anything.
        (cases(a(), Some(5)), [None, None], (5, 7), &[root(FLAG)]),
        (cases(vec![(few(), 1), (many(), 2)], None), [None, None], (1, 2), &[root(COUNT)]),
        (cases(vec![(few(), 1), (many(), 2)], None), [None, Some(3)], (2, 2), &[]),
    ];
    for (rules, [flag, count], bounds, missing) in table {
        let household = household([flag, count, None, None], Some(KNOWN));
        let nothing_known = Evaluation::of_nothing_known(&rules, today());
        let value = Evaluation::new(&nothing_known, &household).variable(VariableId(0), None);
        let whole = |r: super::ratio::Ratio| r.as_whole().expect("whole");
        assert_eq!((whole(value.bounds.lo), whole(value.bounds.hi)), bounds);
        assert_eq!(value.missing, missing.iter().copied().collect());
    }
}

#[test]
fn figures_hold_by_layer_and_then_by_date() {
    let date = |year| Date::from_days(i32::try_from(days(year, 1, 1)).expect("a day"));
    let value = |layer, from, to: Option<i64>, value| ParameterValue {
        layer,
        from: date(from),
        to: to.map(date),
        value,
        law: law(),
        published: None,
        checked_on: None,
        unverified: false,
        place: Place::default(),
    };
    let parameter = Parameter {
        name: "standard".to_owned(),
        ty: Type::Count,
        range: (0, 100),
        by: None,
        label: Label::default(),
        values: vec![
            value(0, 2010, None, Figure::Same(10)),
            value(0, 2020, None, Figure::Same(20)),
            value(1, 2015, Some(2018), Figure::Same(15)),
            value(2, 2022, None, Figure::Same(22)),
            value(2, 2024, None, Figure::Ended),
            value(0, 2030, None, Figure::Ended),
        ],
        place: Place::default(),
    };
    let table = [
        (2009, None),
        (2010, Some(10)),
        (2015, Some(15)),
        (2018, Some(15)),
        (2019, Some(10)),
        (2020, Some(20)),
        (2023, Some(22)),
        (2024, Some(20)),
        (2031, None),
    ];
    for (year, expected) in table {
        let found = layers::figure(&parameter, date(year)).cloned();
        assert_eq!(found, expected.map(Figure::Same), "{year}");
    }
}

#[test]
fn an_element_sees_its_own_facts_and_the_roots() {
    let rules = rules();
    let household = household([Some(1), None, None, Some(200)], Some(KNOWN));
    let nothing_known = Evaluation::of_nothing_known(&rules, today());
    let evaluation = Evaluation::new(&nothing_known, &household);
    let element = Element { collection: CollectionId(0), index: Some(1) };
    let e = binary(BinaryOp::Add, field("member", "wage"), name("fee"));
    let value = evaluation.eval(&e, Scope { element: Some(("member", element)) }, None);
    assert_eq!(value.bounds.lo.as_whole(), Some(1100));
    assert_eq!(value.kind, Kind::Money(Per::Month));
}
