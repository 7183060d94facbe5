//! What is known, put together as a pack's rules take it. Nobody is asked twice: what the register says of a person (the
//! identity number, and by it birth and sex) is a fact of every service that asks for it.

use super::Known;
use crate::decide::{Prepared, Refused};
use crate::error::Result;
use crate::people::PersonRecord;
use crate::record::FindingV1;
use anmin_base::date::Date;
use anmin_pack::finding::Files;
use anmin_pack::household::{self, FactSheet, Household, Part, Stated};
use anmin_registry::fact::{self, Fact, Source, Subject};
use anmin_registry::id::{CaseId, HouseholdId, PersonId};
use anmin_rules::model::{CollectionId, FactId, Type};
use anmin_store::Id;

/// Said of a collection by the household: there is nobody in it.
pub(super) const NONE: &str = "none";

impl Known {
    /// The household as a pack's rules take it.
    pub fn household(&self, prepared: &Prepared) -> Result<Household> {
        let sheet = prepared.opened.sheet();
        let parts = self.parts(&sheet);
        let assembled = household::assemble(&sheet, 0, &parts, self.on);
        assembled.map_err(|findings| {
            let mut files = Files::default();
            files.add("facts");
            Refused { findings: findings.iter().map(|found| FindingV1::of_pack(&files, found)).collect() }
                .into()
        })
    }

    /// What the root of the household is.
    pub(super) fn root(&self) -> Subject {
        let (kind, id) = self.subjects.root;
        if kind == "household" { Subject::Household(HouseholdId(id.0)) } else { Subject::Case(CaseId(id.0)) }
    }

    fn parts(&self, sheet: &FactSheet<'_>) -> Vec<Part> {
        let known = fact::as_of(&self.facts, self.on, self.known_at);
        let declared = |of: Option<CollectionId>, name: &str| {
            sheet.schema.facts.iter().any(|fact| fact.of == of && fact.name == name)
        };
        let mut parts = Vec::new();
        for ((subject, name), fact) in &known {
            if *subject != self.root() {
                continue;
            }
            if declared(None, name) {
                parts.push(part("", "", fact));
            } else if sheet.schema.collections.iter().any(|c| c.name == *name)
                && fact.value.as_deref() == Some(NONE)
            {
                parts.push(Part::List { collection: (*name).to_owned() });
            }
        }
        for (collection, person) in &self.subjects.members {
            let Some(of) = sheet.schema.collections.iter().position(|c| c.name == *collection) else {
                continue;
            };
            let (of, key) = (CollectionId(of), person.to_string());
            parts.push(Part::One { collection: collection.clone(), key: key.clone() });
            let mut given = Vec::new();
            for ((subject, name), fact) in &known {
                if *subject == Subject::Person(PersonId(person.0)) && declared(Some(of), name) {
                    given.push((*name).to_owned());
                    parts.push(part(collection, &key, fact));
                }
            }
            let said = self.register_says(sheet, of, *person);
            let new = said.into_iter().filter(|(name, _)| !given.contains(name));
            parts.extend(new.map(|(name, value)| Part::plain(collection, &key, &name, &value)));
        }
        parts
    }

    /// What the register says of a person and a collection asks: the name, the number, and where there is none the birth
    /// and sex it would have said.
    pub(super) fn register_says(
        &self,
        sheet: &FactSheet<'_>,
        of: CollectionId,
        person: Id,
    ) -> Vec<(String, String)> {
        let Some(person) = self.people.get(&person) else { return Vec::new() };
        let facts = || sheet.schema.facts.iter().enumerate().filter(move |(_, fact)| fact.of == Some(of));
        let name = |id: FactId| sheet.schema.facts[id.0].name.clone();
        let mut said = Vec::new();
        if facts().any(|(_, fact)| fact.name == "name" && fact.ty == Type::Text) {
            said.push(("name".to_owned(), person.name().to_owned()));
        }
        for (id, fact) in facts().filter(|(_, fact)| fact.ty == Type::ResidentId) {
            let Some(agrees) = sheet.facts[id].agrees else { continue };
            if let Some(number) = own_number(person) {
                said.push((fact.name.clone(), number.to_owned()));
                continue;
            }
            let born = person.born().map(|born: Date| born.to_string());
            said.extend(agrees.birth_date.zip(born).map(|(id, born)| (name(id), born)));
            let sex = person.sex().map(str::to_owned);
            said.extend(agrees.sex.zip(sex).map(|(id, sex)| (name(id), sex)));
        }
        said
    }

    /// Whether somebody of the household lives elsewhere than they are registered; none where it is not known.
    pub fn lives_elsewhere(&self) -> Option<bool> {
        let apart: Vec<Option<bool>> = self.people.values().map(|p| p.lives_elsewhere(self.on)).collect();
        match apart.contains(&Some(true)) {
            true => Some(true),
            false => apart.iter().copied().collect::<Option<Vec<bool>>>().map(|_| false),
        }
    }
}

/// A number of 18 characters: the only one a fact takes.
fn own_number(person: &PersonRecord) -> Option<&str> {
    person.resident_id().filter(|number| number.len() == 18)
}

fn part(collection: &str, key: &str, fact: &Fact) -> Part {
    Part::Fact {
        entity: collection.to_owned(),
        key: key.to_owned(),
        fact: fact.name.clone(),
        value: fact.value.clone(),
        stated: stated(fact),
    }
}

/// What a recording says of its origin, as a household file does. A visit or a document confirms what was declared.
pub(super) fn stated(fact: &Fact) -> Stated {
    let origin = &fact.origin;
    let kept =
        || matches!(fact.source, Source::Document | Source::Visit).then(|| fact.source.name().to_owned());
    Stated {
        source: origin.named.clone(),
        as_of: origin.as_of,
        evidence: origin.shown_by.clone().or_else(kept),
        by: origin.by.clone(),
        why: origin.why.clone(),
    }
}
