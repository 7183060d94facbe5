//! The production evaluator against the reference, on generated rulesets and households.
//!
//! `ANMIN_SEED` varies the run (any whole number; without it always the same), `ANMIN_RULESETS` its length. What fails
//! is printed with its seed: `ANMIN_SEED=<seed> ANMIN_RULESETS=1` shows it again.
use crate::cases::{TestCase, base_seed, case, completions, rulesets, settle};
use crate::generate::Columns;
use crate::generate::households::elements_of;
use crate::print;
use crate::production;
use crate::random::Dice;
use crate::reference::evaluation::{Evaluation, stored_bounds};
use crate::reference::household::Household;
use crate::reference::value::Missing;
use anmin_rules::model::VariableId;
use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// A failed case, with what is needed to understand it.
struct Failure {
    seed: u64,
    what: String,
    text: String,
}

impl Failure {
    fn new(case: &TestCase, variable: Option<VariableId>, household: Option<usize>, what: &str) -> Self {
        let rules = &case.generated.rules;
        let needed = variable.map(|v| print::needed_by(rules, v.0));
        let mut text = format!("seed {}, on {}\n", case.seed, print::date(case.generated.on));
        text += &print::ruleset(rules, needed.as_ref());
        if let Some(h) = household {
            text += &print::household(rules, &case.households[h]);
        }
        Failure { seed: case.seed, what: what.to_owned(), text: text + what }
    }
}

/// Panics with the smallest failure, if there is one. `ANMIN_ALL=1` prints how each of them ends.
fn report(failures: Vec<Failure>, of: usize) {
    if std::env::var_os("ANMIN_ALL").is_some() {
        failures.iter().for_each(|f| println!("{}: {}", f.seed, f.what));
    }
    let how_many = failures.len();
    if let Some(smallest) = failures.into_iter().min_by_key(|f| f.text.len()) {
        panic!("{how_many} of {of} rulesets failed; the smallest:\n\n{}\n", smallest.text);
    }
}

/// Runs `test` on every seed's case and its program, and returns how many pairs of ruleset and household that were. A
/// panic is a failure, too. A refusal to load is one of `production_loads_every_generated_ruleset` alone.
fn on_every_case(rulesets: u64, test: impl Fn(&TestCase, &production::Program) -> Option<Failure>) -> usize {
    let mut failures = Vec::new();
    let mut pairs = 0;
    for seed in (0..rulesets).map(|i| base_seed().wrapping_add(i)) {
        let case = case(seed);
        let run = || production::program(&case.generated).ok().map(|program| test(&case, &program));
        match catch_unwind(AssertUnwindSafe(run)) {
            Ok(None) => {}
            Ok(Some(failure)) => {
                pairs += case.households.len();
                failures.extend(failure);
            }
            Err(_) => failures.push(Failure::new(&case, None, None, "panicked, see above")),
        }
    }
    report(failures, rulesets as usize);
    pairs
}

fn refusal(case: &TestCase) -> Option<Failure> {
    let findings = production::program(&case.generated).err()?;
    // A finding begins with the variable it is about, mostly.
    let named = |v: &VariableId| {
        let name = &case.generated.rules.variables[v.0].name;
        findings.starts_with(&format!("check: \"{name}\""))
    };
    let about = case.generated.order.iter().copied().find(named);
    Some(Failure::new(case, about, None, &format!("refused:\n{findings}")))
}

#[test]
fn production_loads_every_generated_ruleset() {
    let cases = (0..rulesets()).map(|i| case(base_seed().wrapping_add(i)));
    report(cases.filter_map(|case| refusal(&case)).collect(), rulesets() as usize);
}

/// The reference's bounds of a variable, household after household.
fn reference_bounds(case: &TestCase, variable: VariableId) -> Vec<(usize, (i64, i64))> {
    let rules = &case.generated.rules;
    let nothing_known = Evaluation::of_nothing_known(rules, case.generated.on);
    let declared = &rules.variables[variable.0];
    let mut all = Vec::new();
    for (h, household) in case.households.iter().enumerate() {
        let evaluation = Evaluation::new(&nothing_known, household);
        for element in elements_of(household, declared.of) {
            let value = evaluation.variable(variable, element);
            all.push((h, stored_bounds(declared.ty, &value)));
        }
    }
    all
}

/// The first variable, in the order they were made, of which the evaluators differ: those it uses are right.
fn difference(case: &TestCase, program: &production::Program) -> Option<Failure> {
    let columns = columns(case, &case.households);
    let order = &case.generated.order;
    let bounds = match production::evaluate(program, &columns, order) {
        Ok(bounds) => bounds,
        Err(refusal) => return Some(Failure::new(case, None, None, &refusal)),
    };
    for (variable, bounds) in order.iter().zip(&bounds) {
        let reference = reference_bounds(case, *variable);
        let name = &case.generated.rules.variables[variable.0].name;
        if (bounds.lo.len(), bounds.hi.len()) != (reference.len(), reference.len()) {
            let what = format!("{name} has {} bounds for {}", bounds.lo.len(), reference.len());
            return Some(Failure::new(case, Some(*variable), None, &what));
        }
        let found = bounds.lo.iter().copied().zip(bounds.hi.iter().copied());
        for ((household, expected), found) in reference.into_iter().zip(found) {
            if expected != found {
                let what =
                    format!("{name} of household {household}: production {found:?}, reference {expected:?}");
                return Some(Failure::new(case, Some(*variable), Some(household), &what));
            }
        }
    }
    None
}

fn columns(case: &TestCase, households: &[Household]) -> Columns {
    Columns::new(&case.generated.rules, households, &mut Dice::new(case.seed))
}

#[test]
fn production_gives_the_bounds_of_the_reference() {
    let pairs = on_every_case(rulesets(), difference);
    assert!(pairs >= 10_000 || rulesets() < 2000, "only {pairs} pairs");
}

#[test]
fn results_of_completed_households_lie_within_the_bounds_before() {
    on_every_case(rulesets() / 4, |case, program| {
        let completed = completions(case);
        let (before, after) = (columns(case, &case.households), columns(case, &completed));
        let roots: Vec<VariableId> = case
            .generated
            .order
            .iter()
            .copied()
            .filter(|v| case.generated.rules.variables[v.0].of.is_none())
            .collect();
        let before = production::evaluate(program, &before, &roots).expect("in range");
        let after = production::evaluate(program, &after, &roots).expect("in range");
        for ((variable, before), after) in roots.iter().zip(before).zip(after) {
            for (h, household) in completed.iter().enumerate() {
                let exact = after.lo[h] == after.hi[h];
                let within = before.lo[h] <= after.lo[h] && after.hi[h] <= before.hi[h];
                if !exact || !within {
                    let what = format!(
                        "household {h}: {}..={} before, {}..={} when completed as\n{}",
                        before.lo[h],
                        before.hi[h],
                        after.lo[h],
                        after.hi[h],
                        print::household(&case.generated.rules, household)
                    );
                    return Some(Failure::new(case, Some(*variable), Some(h), &what));
                }
            }
        }
        None
    });
}

#[test]
fn the_order_and_number_of_households_in_a_batch_do_not_matter() {
    on_every_case(rulesets() / 8, |case, program| {
        let order = &case.generated.order;
        let together = columns(case, &case.households);
        let together = production::evaluate(program, &together, order).expect("in range");
        let alone = |households: &[Household]| {
            production::evaluate(program, &columns(case, households), order).expect("in range")
        };
        for (v, variable) in order.iter().enumerate() {
            let of = case.generated.rules.variables[variable.0].of;
            let mut at = 0;
            for (h, household) in case.households.iter().enumerate() {
                let of_one = &alone(std::slice::from_ref(household))[v];
                let len = elements_of(household, of).len();
                let same =
                    together[v].lo[at..at + len] == of_one.lo && together[v].hi[at..at + len] == of_one.hi;
                if !same {
                    let what = format!("household {h} alone: {of_one:?}");
                    return Some(Failure::new(case, Some(*variable), Some(h), &what));
                }
                at += len;
            }
        }
        None
    });
}

#[test]
fn a_long_batch_is_the_short_one_over_and_over() {
    on_every_case(rulesets() / 80, |case, program| {
        let order = &case.generated.order;
        let times = 6000 / case.households.len();
        let long: Vec<Household> = (0..times).flat_map(|_| case.households.iter().cloned()).collect();
        let short = columns(case, &case.households);
        let short = production::evaluate(program, &short, order).expect("in range");
        let long = production::evaluate(program, &columns(case, &long), order).expect("in range");
        for ((variable, short), long) in order.iter().zip(short).zip(long) {
            if long.lo != short.lo.repeat(times) || long.hi != short.hi.repeat(times) {
                return Some(Failure::new(case, Some(*variable), None, "differs in a long batch"));
            }
        }
        None
    });
}

#[test]
fn missing_facts_are_those_of_the_reference_and_settle_the_result() {
    on_every_case(rulesets() / 8, |case, program| {
        let rules = &case.generated.rules;
        let nothing_known = Evaluation::of_nothing_known(rules, case.generated.on);
        let mut dice = Dice::new(case.seed);
        for variable in &case.generated.order {
            if rules.variables[variable.0].of.is_some() {
                continue;
            }
            for (h, household) in case.households.iter().enumerate().take(8) {
                let missing = |household: &Household| {
                    let one = columns(case, std::slice::from_ref(household));
                    production::missing(program, &one, 0, *variable)
                };
                let fail = |what: &str| Some(Failure::new(case, Some(*variable), Some(h), what));
                let together = columns(case, &case.households);
                let listed = production::missing(program, &together, h, *variable);
                if listed != missing(household) {
                    return fail("other facts are missing in the batch than alone");
                }
                let value = Evaluation::new(&nothing_known, household).variable(*variable, None);
                let listed: BTreeSet<Missing> = listed.into_iter().collect();
                if listed != value.missing {
                    return fail(&format!("missing: production {listed:?}, reference {:?}", value.missing));
                }
                if let Err(e) = settle(&case.generated, household.clone(), &mut dice, missing) {
                    return fail(&e);
                }
            }
        }
        None
    });
}
