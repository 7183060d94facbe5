use super::*;
use crate::people::{household_of, membership_of};
use crate::record::EligibleV1;
use crate::synth::walk::target_of;
use anmin_registry::household::Book;
use anmin_store::{DeploymentKind, Scratch};
use std::collections::BTreeMap;
use std::path::Path;

/// A county in memory, of a demonstration with nothing in it.
fn with_world(plan: Plan, test: impl FnOnce(&World)) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let at = plan.beginning();
        let scratch = Scratch::new(&std::env::temp_dir(), None, at).await.unwrap();
        let store = scratch.create(DeploymentKind::Demo, at).await.unwrap();
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let office = Office::open(store, &root, at).await.unwrap();
        let service = office.services().unwrap().into_iter().find(|s| s.has_cases).unwrap().name;
        test(&World::lay_out(&office, &Plan { service, ..plan }).unwrap());
        office.store().close().await;
        scratch.remove().await.unwrap();
    });
}

#[test]
fn households_of_all_kinds_are_in_order_by_the_registrys_own_checks() {
    with_world(Plan { households: 400, cases: 120, ..Plan::example() }, |world| {
        let mut book = Book::default();
        for number in 0..world.plan.households {
            for row in world.household(number).unwrap().others {
                match row.table().name {
                    "household" => book.households.push(household_of(&row).unwrap()),
                    _ => book.rows.push(membership_of(&row).unwrap()),
                }
            }
        }
        let wrong = book.check(anmin_registry::id::Moment::LAST);
        assert!(wrong.is_empty(), "{wrong:?}");
        let mut kinds: BTreeMap<&str, u32> = BTreeMap::new();
        book.households.iter().for_each(|h| *kinds.entry(h.kind().name()).or_default() += 1);
        assert_eq!((kinds["address"], kinds["living"]), (400, 120));
        assert!((370..400).contains(&kinds["registered"]), "some are registered elsewhere: {kinds:?}");
    });
}

#[test]
fn the_rules_find_some_eligible_some_not_and_of_some_too_little_is_known() {
    with_world(Plan { households: 700, cases: 240, ..Plan::example() }, |world| {
        let mut answers: BTreeMap<&str, u32> = BTreeMap::new();
        let mut amounts = Vec::new();
        for case in (0..world.plan.cases).filter(|case| target_of(&world.plan, *case).is_none()) {
            let home = world.household(world.plan.household_of(case)).unwrap();
            let decision = known::decide(&world.prepared, &home.home, &home.facts).unwrap();
            let answer = match decision.eligible {
                Some(EligibleV1::Yes) => "yes",
                Some(EligibleV1::No) => "no",
                _ => "unknown",
            };
            *answers.entry(answer).or_default() += 1;
            amounts.extend(decision.amount_fen.filter(|amount| *amount > 0));
        }
        let all: u32 = answers.values().sum();
        let share = |answer: &str| answers.get(answer).copied().unwrap_or(0) * 100 / all;
        assert!((45..=80).contains(&share("yes")), "{answers:?}");
        assert!((15..=45).contains(&share("no")), "{answers:?}");
        assert!((1..=15).contains(&share("unknown")), "{answers:?}");
        amounts.sort_unstable();
        let median = amounts[amounts.len() / 2];
        assert!((50_000..400_000).contains(&median), "a median of {median} fen");
    });
}

#[test]
fn no_two_cases_have_the_same_number() {
    with_world(Plan { households: 5000, cases: 5000, ..Plan::example() }, |world| {
        let now = world.morning();
        let numbers: std::collections::BTreeSet<String> =
            (0..5000).map(|case| world.case_name(case, now).1).collect();
        assert_eq!(numbers.len(), 5000);
    });
}
