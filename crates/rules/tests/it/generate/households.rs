//! Random households: first a whole truth, then what of it nobody has answered.
use super::Generated;
use super::numbers::within;
use crate::random::Dice;
use crate::reference::calendar::{civil, days, month_length};
use crate::reference::evaluation::{Element, Evaluation};
use crate::reference::household::{Answers, Household};
use crate::reference::value::Missing;
use anmin_rules::model::{CollectionId, FactId, Ruleset, Type};

/// A household with an answer to everything that applies.
pub fn whole(generated: &Generated, dice: &mut Dice) -> Household {
    let rules = &generated.rules;
    let list = |id: usize, dice: &mut Dice| {
        let collection = &rules.schema.collections[id];
        let (min, max) = (i64::from(collection.min), i64::from(collection.max));
        Some(vec![nothing(rules); within(dice, (min, max)) as usize])
    };
    let mut household = Household {
        root: nothing(rules),
        collections: (0..rules.schema.collections.len()).map(|id| list(id, dice)).collect(),
    };
    fill(generated, &mut household, dice, |_| true);
    household
}

/// Gives values to the unknown facts that are wanted and do apply. Facts come after those that their `applies` reads.
pub fn fill(
    generated: &Generated,
    household: &mut Household,
    dice: &mut Dice,
    wanted: impl Fn(Missing) -> bool,
) {
    let rules = &generated.rules;
    for (id, fact) in rules.schema.facts.iter().enumerate() {
        if matches!(fact.ty, Type::Text | Type::ResidentId) {
            continue;
        }
        for element in elements_of(household, fact.of) {
            let missing = Missing::Fact(FactId(id), element.and_then(|e| e.index));
            if answers(household, element)[id].is_some() || !wanted(missing) {
                continue;
            }
            let nothing_known = Evaluation::of_nothing_known(rules, generated.on);
            let applies = Evaluation::new(&nothing_known, household).applies(FactId(id), element);
            if applies.is_none_or(|when| !when.is_false()) {
                let value = any_answer(generated, dice, id);
                answers(household, element)[id] = Some(value);
            }
        }
    }
}

/// Whether no fact is given that does not apply; such a household is refused before it is evaluated.
pub fn is_consistent(generated: &Generated, household: &Household) -> bool {
    let nothing_known = Evaluation::of_nothing_known(&generated.rules, generated.on);
    let evaluation = Evaluation::new(&nothing_known, household);
    generated.rules.schema.facts.iter().enumerate().all(|(id, fact)| {
        elements_of(household, fact.of).into_iter().all(|element| {
            let given = match element {
                None => household.root[id],
                Some(e) => list(household, e)[e.index.expect("an element")][id],
            };
            let applies = evaluation.applies(FactId(id), element);
            given.is_none() || applies.is_none_or(|when| !when.is_false())
        })
    })
}

/// The household with each answer, and each list, forgotten `percent` times of a hundred.
pub fn forget(household: &Household, dice: &mut Dice, percent: usize) -> Household {
    let mut less = household.clone();
    let mut some = |answers: &mut Answers| {
        for answer in answers.iter_mut() {
            if dice.percent(percent) {
                *answer = None;
            }
        }
    };
    some(&mut less.root);
    less.collections.iter_mut().flatten().flatten().for_each(&mut some);
    for list in &mut less.collections {
        if dice.percent(percent) {
            *list = None;
        }
    }
    less
}

/// A list of any size, of whose elements nothing is known.
pub fn any_list(rules: &Ruleset, id: CollectionId, dice: &mut Dice) -> Vec<Answers> {
    let collection = &rules.schema.collections[id.0];
    let size = within(dice, (i64::from(collection.min), i64::from(collection.max)));
    vec![nothing(rules); size as usize]
}

fn nothing(rules: &Ruleset) -> Answers {
    vec![None; rules.schema.facts.len()]
}

fn any_answer(generated: &Generated, dice: &mut Dice, fact: usize) -> i64 {
    let rules = &generated.rules;
    let fact = &rules.schema.facts[fact];
    match fact.ty {
        Type::Date if dice.percent(50) => {
            let day = telling_day(i64::from(generated.on.days()), dice);
            day.clamp(fact.range.0, fact.range.1)
        }
        Type::Enum(id) => dice.pick(&rules.schema.enums[id.0].values).code,
        _ => within(dice, fact.range),
    }
}

/// A day on which ages and months turn: beside the decision's day of some year and month, or at the end of a February.
fn telling_day(on: i64, dice: &mut Dice) -> i64 {
    let today = civil(on);
    let year = today.year - dice.between(0, 40);
    let month = if dice.percent(50) { today.month } else { dice.between(1, 12) };
    match dice.below(4) {
        0 => days(year - year % 4, 2, 29),
        1 => days(year, month, month_length(year, month)),
        _ => days(year, month, today.day.min(month_length(year, month))) + dice.between(-1, 1),
    }
}

/// The root, or every element of a list that is given.
pub fn elements_of(household: &Household, of: Option<CollectionId>) -> Vec<Option<Element>> {
    let Some(collection) = of else { return vec![None] };
    let size = household.collections[collection.0].as_ref().map_or(0, Vec::len);
    (0..size).map(|i| Some(Element { collection, index: Some(i) })).collect()
}

fn list(household: &Household, element: Element) -> &Vec<Answers> {
    household.collections[element.collection.0].as_ref().expect("a given list")
}

fn answers(household: &mut Household, element: Option<Element>) -> &mut Answers {
    match element {
        None => &mut household.root,
        Some(e) => {
            let list = household.collections[e.collection.0].as_mut().expect("a given list");
            &mut list[e.index.expect("an element")]
        }
    }
}
