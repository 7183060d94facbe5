//! What values must not say together: identity numbers against birth dates and sex, one head, nobody twice, nobody
//! born after the decision.
use super::naming::Naming;
use super::{Agrees, FROM_RESIDENT_ID, FactSheet, Household, Origin};
use crate::finding::Finding;
use anmin_base::date::Date;
use anmin_base::resident_id::{ResidentId, Sex};
use anmin_rules::model::{EnumValue, Fact, FactId, Place, Type};
use std::collections::HashMap;

/// Fills from identity numbers what is not given, and reports contradictions.
pub(super) fn check(
    sheet: &FactSheet<'_>,
    on: Date,
    naming: &Naming<'_>,
    household: &mut Household,
    findings: &mut Vec<Finding>,
) {
    let facts = &sheet.schema.facts;
    let mut numbers: HashMap<ResidentId, Place> = HashMap::new();
    for (at, (fact, meta)) in facts.iter().zip(sheet.facts).enumerate() {
        let id = FactId(at);
        if fact.ty == Type::ResidentId {
            for element in 0..household.columns[at].known.len() {
                let Some(number) = household.text(id, element).and_then(|t| t.parse().ok()) else {
                    continue;
                };
                let place = household.origin(id, element).map_or(Place::default(), |o| o.place);
                match numbers.get(&number) {
                    Some(first) => findings.push(twice(place, naming.one(*first))),
                    None => drop(numbers.insert(number, place)),
                }
                let mut person = Person { sheet, on, naming, household, findings, element, place };
                person.agrees(&number, meta.agrees.unwrap_or_default());
            }
        }
        for value in &meta.at_most_one {
            at_most_one((sheet, naming), household, id, value, findings);
        }
    }
    born_by(sheet, on, household, findings);
}

fn twice(place: Place, (first_zh, first_en): (String, String)) -> Finding {
    Finding::error(
        place,
        format!("这个居民身份号码与{first_zh}的相同，同一个人只能写一次"),
        format!("this identity number is also {first_en}; a person is given once"),
    )
}

/// One identity number and whom it belongs to.
struct Person<'p, 's> {
    sheet: &'p FactSheet<'s>,
    on: Date,
    naming: &'p Naming<'p>,
    household: &'p mut Household,
    findings: &'p mut Vec<Finding>,
    element: usize,
    /// Where the number stands.
    place: Place,
}

impl Person<'_, '_> {
    fn agrees(&mut self, number: &ResidentId, agrees: Agrees) {
        let birth = number.birth();
        if birth > self.on {
            self.findings.push(Finding::error(
                self.place,
                format!("居民身份号码中的出生日期 {birth} 晚于决定日期 {}", self.on),
                format!(
                    "the birth date {birth} in the identity number is after the decision date {}",
                    self.on
                ),
            ));
        } else if let Some(fact) = agrees.birth_date {
            self.birth(fact, birth);
        }
        if let Some(fact) = agrees.sex {
            self.sex(fact, number.sex());
        }
    }

    fn birth(&mut self, fact: FactId, birth: Date) {
        let stored = i64::from(birth.days());
        let Some(given) = self.household.value(fact, self.element) else {
            let (low, high) = self.sheet.schema.facts[fact.0].range;
            if (low..=high).contains(&stored) {
                self.fill(fact, stored);
            } else {
                self.findings.push(Finding::error(
                    self.place,
                    format!("居民身份号码中的出生日期 {birth} 超出允许的范围"),
                    format!("the birth date {birth} in the identity number is out of range"),
                ));
            }
            return;
        };
        if given != stored {
            let given = i32::try_from(given).map_or(Date::MIN, Date::from_days);
            let (given, birth) = (given.to_string(), birth.to_string());
            self.contradicts(fact, ("出生日期", "birth date"), (&given, &given), (&birth, &birth));
        }
    }

    fn sex(&mut self, fact: FactId, sex: Sex) {
        let Type::Enum(of) = self.sheet.schema.facts[fact.0].ty else { return };
        let values = &self.sheet.schema.enums[of.0].values;
        let meant = match sex {
            Sex::Male => "male",
            Sex::Female => "female",
        };
        let Some(meant) = values.iter().find(|v| v.name == meant) else { return };
        match self.household.value(fact, self.element) {
            None => self.fill(fact, meant.code),
            Some(given) if given != meant.code => {
                let label = |value: &EnumValue| (value.label.zh.clone(), value.label.en.clone());
                let (given_zh, given_en) =
                    values.iter().find(|v| v.code == given).map(label).unwrap_or_default();
                let number = (meant.label.zh.as_str(), meant.label.en.as_str());
                self.contradicts(fact, ("性别", "sex"), (&given_zh, &given_en), number);
            }
            Some(_) => {}
        }
    }

    fn fill(&mut self, fact: FactId, stored: i64) {
        let answers = &mut self.household.columns[fact.0];
        answers.values[self.element] = stored;
        answers.known[self.element] = true;
        answers.origins[self.element] = Some(Origin::plain(self.place, FROM_RESIDENT_ID));
    }

    /// Reports that a value is one thing and the identity number says another, each in Chinese and English.
    fn contradicts(&mut self, fact: FactId, what: (&str, &str), given: (&str, &str), number: (&str, &str)) {
        let at = self.household.origin(fact, self.element).map_or(self.place, |o| o.place);
        let (number_zh, number_en) = self.naming.one(self.place);
        self.findings.push(Finding::error(
            at,
            format!(
                "{}是 {}，但{number_zh}的居民身份号码表明是 {}。请核对其中一个",
                what.0, given.0, number.0
            ),
            format!(
                "the {} is {}, but the identity number {number_en} says {}; check which is right",
                what.1, given.1, number.1
            ),
        ));
    }
}

fn at_most_one(
    (sheet, naming): (&FactSheet<'_>, &Naming<'_>),
    household: &Household,
    id: FactId,
    name: &str,
    findings: &mut Vec<Finding>,
) {
    let fact = &sheet.schema.facts[id.0];
    let Type::Enum(of) = fact.ty else { return };
    let Some(value) = sheet.schema.enums[of.0].values.iter().find(|v| v.name == name) else {
        return;
    };
    let places: Vec<Place> = (0..household.columns[id.0].known.len())
        .filter(|element| household.value(id, *element) == Some(value.code))
        .filter_map(|element| household.origin(id, element).map(|o| o.place))
        .collect();
    let Some((first, others)) = places.split_first() else { return };
    for place in others {
        let (zh, en) = (&value.label.zh, &value.label.en);
        let (both_zh, both_en) = naming.both(*first, *place);
        findings.push(Finding::error(
            *place,
            format!("“{}”为“{zh}”的最多一项，{both_zh}都是", fact.label.zh),
            format!("at most one may have \"{}\" \"{en}\"; {both_en} both do", fact.label.en),
        ));
    }
}

/// Whether a fact is somebody's date of birth: an identity number agrees with it, or it is called so.
fn is_birth_date(sheet: &FactSheet<'_>, id: FactId, fact: &Fact) -> bool {
    let named = sheet.facts.iter().any(|m| m.agrees.is_some_and(|a| a.birth_date == Some(id)));
    fact.ty == Type::Date && (named || fact.name == "birth_date")
}

fn born_by(sheet: &FactSheet<'_>, on: Date, household: &Household, findings: &mut Vec<Finding>) {
    for (at, fact) in sheet.schema.facts.iter().enumerate() {
        let id = FactId(at);
        if !is_birth_date(sheet, id, fact) {
            continue;
        }
        for element in 0..household.columns[at].known.len() {
            let (Some(born), Some(origin)) = (household.value(id, element), household.origin(id, element))
            else {
                continue;
            };
            if born > i64::from(on.days()) && origin.source != FROM_RESIDENT_ID {
                findings.push(Finding::error(
                    origin.place,
                    format!("“{}”晚于决定日期 {on}", fact.label.zh),
                    format!("\"{}\" is after the decision date {on}", fact.label.en),
                ));
            }
        }
    }
}
