//! What must hold of the reference and the generators themselves, without the production evaluator.
use crate::cases::{base_seed, case, settle};
use crate::generate::households::{elements_of, is_consistent};
use crate::generate::{Generated, generate};
use crate::print;
use crate::random::Dice;
use crate::reference::evaluation::{Element, Evaluation, stored_bounds};
use crate::reference::household::Household;
use crate::reference::layers;
use anmin_rules::model::{Body, VariableId};
use anmin_rules::syntax::{Expr, ExprKind};
use std::collections::BTreeMap;

/// Every variable's bounds for every element, by the reference.
fn all_bounds(generated: &Generated, household: &Household) -> Vec<Vec<(i64, i64)>> {
    let nothing_known = Evaluation::of_nothing_known(&generated.rules, generated.on);
    let evaluation = Evaluation::new(&nothing_known, household);
    let variables = generated.rules.variables.iter().enumerate();
    variables
        .map(|(i, variable)| {
            let elements = elements_of(household, variable.of).into_iter();
            let one = |e| stored_bounds(variable.ty, &evaluation.variable(VariableId(i), e));
            elements.map(one).collect()
        })
        .collect()
}

#[test]
fn whole_households_have_known_results_within_the_bounds_of_any_part_of_them() {
    for seed in 0..150 {
        let case = case(base_seed() + seed);
        for (truth, part) in case.truths.iter().zip(&case.households) {
            assert!(is_consistent(&case.generated, truth));
            let exact = all_bounds(&case.generated, truth);
            let loose = all_bounds(&case.generated, part);
            for (exact, loose) in exact.iter().zip(&loose) {
                assert!(exact.iter().all(|(lo, hi)| lo == hi), "unknown in a whole household");
                for ((lo, hi), (exact, _)) in loose.iter().zip(exact) {
                    assert!(lo <= exact && exact <= hi, "{exact} outside {lo}..={hi}");
                }
            }
        }
    }
}

#[test]
fn bounds_of_nothing_known_hold_for_every_household() {
    for seed in 0..150 {
        let case = case(base_seed() + seed);
        let rules = &case.generated.rules;
        let nothing_known = Evaluation::of_nothing_known(rules, case.generated.on);
        for household in &case.households {
            let bounds = all_bounds(&case.generated, household);
            for (i, variable) in rules.variables.iter().enumerate() {
                let any = variable.of.map(|collection| Element { collection, index: None });
                let widest = nothing_known.variable(VariableId(i), any);
                let (least, greatest) = stored_bounds(variable.ty, &widest);
                for (lo, hi) in &bounds[i] {
                    assert!(least <= *lo && *hi <= greatest, "{}", variable.name);
                }
                if let Some((low, high)) = variable.range {
                    assert!(low <= least && greatest <= high, "{} beyond its claim", variable.name);
                }
            }
        }
    }
}

#[test]
fn the_reference_says_what_is_missing_and_filling_it_settles_the_result() {
    for seed in 0..60 {
        let case = case(base_seed() + seed);
        let mut dice = Dice::new(seed);
        for household in case.households.iter().take(6) {
            for (i, variable) in case.generated.rules.variables.iter().enumerate() {
                if variable.of.is_some() {
                    continue;
                }
                let value = |h: &Household| {
                    let nothing_known =
                        Evaluation::of_nothing_known(&case.generated.rules, case.generated.on);
                    Evaluation::new(&nothing_known, h).variable(VariableId(i), None)
                };
                let missing = |h: &Household| value(h).missing.into_iter().collect();
                let settled = settle(&case.generated, household.clone(), &mut dice, missing);
                let settled = settled.unwrap_or_else(|e| panic!("{}: {e}", variable.name));
                assert!(value(&settled).bounds.is_known(), "{} stays unknown", variable.name);
            }
        }
    }
}

#[test]
fn every_construct_is_made_often() {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    for seed in 0..300 {
        let generated = generate(base_seed() + seed);
        for variable in &generated.rules.variables {
            match layers::body(variable, generated.on) {
                Body::Value(source) => count(&source.expr, &mut seen),
                Body::Cases(cases) => {
                    *seen.entry(format!("cases {:?}", cases.hit)).or_default() += 1;
                    for case in &cases.cases {
                        count(&case.when.expr, &mut seen);
                        count(&case.outcome.then.expr, &mut seen);
                    }
                }
                Body::Table(table) => {
                    *seen.entry(format!("table {:?}", table.hit)).or_default() += 1;
                    table.on.iter().for_each(|on| count(&on.expr, &mut seen));
                    table.rows.iter().for_each(|r| count(&r.outcome.then.expr, &mut seen));
                }
            }
        }
    }
    let wanted = "Add Subtract Multiply Divide And Or Equal NotEqual Less LessEqual Greater \
        GreaterEqual Negate Not Choose OneOf floor ceil half_up half_even max min yearly monthly \
        age age_by_month full_months calendar_months Size Count Exists All Sum Max Min \
        filter over_nothing";
    let rare: Vec<_> = wanted
        .split_whitespace()
        .chain(["cases First", "cases Unique", "table First", "table Unique"])
        .map(|form| (form, seen.get(form).copied().unwrap_or(0)))
        .filter(|(_, times)| *times < 10)
        .collect();
    assert!(rare.is_empty(), "made too seldom: {rare:?}\nall: {seen:?}");
}

fn count(e: &Expr, seen: &mut BTreeMap<String, usize>) {
    let mut add = |form: &str| *seen.entry(form.to_owned()).or_default() += 1;
    match &e.kind {
        ExprKind::Int(_) | ExprKind::Bool(_) | ExprKind::Name(_) | ExprKind::Field { .. } => {}
        ExprKind::Not(a) => {
            add("Not");
            count(a, seen);
        }
        ExprKind::Negate(a) => {
            add("Negate");
            count(a, seen);
        }
        ExprKind::Binary(op, a, b) => {
            add(&format!("{op:?}"));
            [a, b].into_iter().for_each(|x| count(x, seen));
        }
        ExprKind::Choose(c, a, b) => {
            add("Choose");
            [c, a, b].into_iter().for_each(|x| count(x, seen));
        }
        ExprKind::OneOf(x, list) => {
            add("OneOf");
            count(x, seen);
            list.iter().for_each(|x| count(x, seen));
        }
        ExprKind::Call(name, arguments) => {
            add(name);
            arguments.iter().for_each(|x| count(x, seen));
        }
        ExprKind::Fold(fold) => {
            add(&format!("{:?}", fold.how));
            fold.filters.iter().for_each(|_| add("filter"));
            fold.over_nothing.iter().for_each(|_| add("over_nothing"));
            fold.filters.iter().chain(&fold.body).for_each(|l| count(&l.body, seen));
            fold.over_nothing.iter().for_each(|x| count(x, seen));
        }
    }
}

#[test]
fn a_seed_gives_the_same_ruleset_again() {
    let text = |seed| print::ruleset(&generate(seed).rules, None);
    assert_eq!(text(7), text(7));
    assert_ne!(text(7), text(8));
}
