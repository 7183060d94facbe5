//! What a seed stands for: a ruleset, whole households for it, and what of them is known; and filling in the rest.
use crate::generate::households::{any_list, fill, forget, is_consistent, whole};
use crate::generate::{Generated, generate};
use crate::random::Dice;
use crate::reference::household::Household;
use crate::reference::value::Missing;
use anmin_rules::model::CollectionId;
use std::collections::BTreeSet;

/// A ruleset, whole households, and what is known of each.
pub struct TestCase {
    pub generated: Generated,
    pub truths: Vec<Household>,
    pub households: Vec<Household>,
    pub seed: u64,
}

fn from_environment(name: &str, otherwise: u64) -> u64 {
    let given = std::env::var(name).ok();
    given.map_or(otherwise, |text| text.parse().unwrap_or_else(|_| panic!("{name}={text}")))
}

/// The first seed of a run.
pub fn base_seed() -> u64 {
    from_environment("ANMIN_SEED", 20_261_123)
}

/// How many seeds a run takes.
pub fn rulesets() -> u64 {
    from_environment("ANMIN_RULESETS", 2000)
}

/// A seed's ruleset and a batch of households for it.
pub fn case(seed: u64) -> TestCase {
    let generated = generate(seed);
    let mut dice = Dice::new(seed ^ 0x5eed);
    let how_many = match dice.below(6) {
        0 => 1,
        1 => 2 + dice.below(6),
        2 => 40,
        _ => 5 + dice.below(30),
    };
    let truths: Vec<Household> = (0..how_many).map(|_| whole(&generated, &mut dice)).collect();
    let part = |truth| {
        let percent = *dice.pick(&[0, 10, 50]);
        forget(truth, &mut dice, percent)
    };
    let households = truths.iter().map(part).collect();
    TestCase { generated, truths, households, seed }
}

/// The case's households with any answers where there were none.
pub fn completions(case: &TestCase) -> Vec<Household> {
    let mut dice = Dice::new(case.seed ^ 0xf111);
    let complete = |(part, truth): (&Household, &Household)| {
        let mut household = part.clone();
        for id in 0..household.collections.len() {
            let list = || any_list(&case.generated.rules, CollectionId(id), &mut dice);
            household.collections[id].get_or_insert_with(list);
        }
        fill(&case.generated, &mut household, &mut dice, |_| true);
        // An answer may make one that was given inapplicable; what the answers were taken from does not.
        if is_consistent(&case.generated, &household) { household } else { truth.clone() }
    };
    case.households.iter().zip(&case.truths).map(complete).collect()
}

/// Gives what is said to be missing, with any values, until nothing is.
pub fn settle(
    generated: &Generated,
    mut household: Household,
    dice: &mut Dice,
    missing: impl Fn(&Household) -> Vec<Missing>,
) -> Result<Household, String> {
    // One round for what is unknown now, one for the elements of the lists given in the first.
    for _ in 0..3 {
        let listed: BTreeSet<Missing> = missing(&household).into_iter().collect();
        if listed.is_empty() {
            return Ok(household);
        }
        let answered = |m: &&Missing| !is_unknown(generated, &household, **m);
        if let Some(answered) = listed.iter().find(answered) {
            return Err(format!("{answered:?} is listed and known"));
        }
        let before = household.clone();
        // A value that makes another given one inapplicable is no answer; try others.
        for _ in 0..20 {
            household = before.clone();
            for one in &listed {
                if let Missing::Collection(id) = one {
                    let list = any_list(&generated.rules, *id, dice);
                    household.collections[id.0] = Some(list);
                }
            }
            let of_before = |m| is_unknown(generated, &before, m) && listed.contains(&m);
            fill(generated, &mut household, dice, of_before);
            if is_consistent(generated, &household) {
                break;
            }
        }
    }
    match missing(&household) {
        none if none.is_empty() => Ok(household),
        left => Err(format!("still missing: {left:?}")),
    }
}

fn is_unknown(generated: &Generated, household: &Household, missing: Missing) -> bool {
    match missing {
        Missing::Collection(id) => household.collections[id.0].is_none(),
        Missing::Fact(id, element) => match (generated.rules.schema.facts[id.0].of, element) {
            (None, None) => household.root[id.0].is_none(),
            (Some(of), Some(e)) => household.collections[of.0]
                .as_ref()
                .is_some_and(|list| list.get(e).is_some_and(|answers| answers[id.0].is_none())),
            _ => false,
        },
    }
}
