//! The facts of a case's home as the office keeps them: what `means.rs` says, and an answer to whatever else the service
//! asks, read from its declarations, so that a service added tomorrow has cases too.

use super::means::{Facts, Values};
use super::people::{Home, Member};
use crate::decide::Prepared;
use crate::error::{Fault, Result};
use anmin_base::money::Money;
use anmin_pack::household::{FactSheet, Part, assemble};
use anmin_rules::batch::Batch;
use anmin_rules::evaluate::Evaluator;
use anmin_rules::model::{CollectionId, Fact, FactId, Schema, Type};

/// The collection of a household's own members, and of those elsewhere who owe it support.
const MEMBERS: &str = "members";
const OBLIGORS: &str = "obligors";

/// The collection somebody stands in.
pub(crate) fn collection(member: Member) -> &'static str {
    match member {
        Member::Obligor => OBLIGORS,
        _ => MEMBERS,
    }
}

/// As often as a fact may hang on a fact that hangs on another.
const ROUNDS: usize = 4;

/// Gives an answer to every question of the service that has none and is not kept open on purpose, the quietest there
/// is: no, nothing, the first of a list. What nobody asks in this home is taken away.
pub(crate) fn answer(prepared: &Prepared, home: &Home, facts: &mut Facts) -> Result<()> {
    let sheet = prepared.opened.sheet();
    for _ in 0..ROUNDS {
        let wrong = |found: &[anmin_pack::finding::Finding]| {
            let first = found.first().map(|f| f.en.clone()).unwrap_or_default();
            Fault::Broken(format!("home {}: {first}", home.number))
        };
        let parts = parts(&sheet, home, facts);
        let household = assemble(&sheet, 0, &parts, prepared.program.on).map_err(|found| wrong(&found))?;
        let batch = household.batch();
        let mut evaluator = Evaluator::keeping_all(&prepared.program);
        let ran = evaluator.run(&batch, 0..1);
        ran.map_err(|_| Fault::Broken(format!("home {}: a fact is out of range", home.number)))?;
        let mut asking = Asking { schema: sheet.schema, home, facts, evaluator: &evaluator, batch: &batch };
        if !asking.go_through() {
            return Ok(());
        }
    }
    Ok(())
}

/// What the rules say of a home, out of its facts alone.
#[cfg(test)]
pub(crate) fn decide(prepared: &Prepared, home: &Home, facts: &Facts) -> Result<crate::record::DecisionV1> {
    let sheet = prepared.opened.sheet();
    let parts = parts(&sheet, home, facts);
    let household = assemble(&sheet, 0, &parts, prepared.program.on);
    let household = household.map_err(|found| Fault::Broken(format!("{found:?}")))?;
    Ok(prepared.decide_household(&household, &anmin_pack::finding::Files::default())?)
}

struct Asking<'a> {
    schema: &'a Schema,
    home: &'a Home,
    facts: &'a mut Facts,
    evaluator: &'a Evaluator<'a>,
    batch: &'a Batch<'a>,
}

impl Asking<'_> {
    /// Whether anything was changed.
    fn go_through(&mut self) -> bool {
        let mut changed = false;
        for (id, fact) in self.schema.facts.iter().enumerate() {
            if matches!(fact.ty, Type::Text | Type::ResidentId) || fact.judgement {
                continue;
            }
            match fact.of {
                None => changed |= self.ask(FactId(id), fact, 0, None),
                Some(of) => {
                    for (row, person) in self.elements(of).into_iter().enumerate() {
                        changed |= self.ask(FactId(id), fact, row, Some(person));
                    }
                }
            }
        }
        changed
    }

    fn elements(&self, of: CollectionId) -> Vec<usize> {
        let name = &self.schema.collections[of.0].name;
        let people = self.home.people.iter().enumerate();
        people.filter(|(_, person)| collection(person.member) == name).map(|(at, _)| at).collect()
    }

    fn ask(&mut self, id: FactId, fact: &Fact, row: usize, person: Option<usize>) -> bool {
        let open = person.is_some_and(|at| self.facts.left_out.contains(&(at, fact.name.clone())));
        // The register says birth and sex, and it agrees with the number.
        let said = person.is_some() && ["birth_date", "sex"].contains(&fact.name.as_str());
        let bounds = self.evaluator.applies(self.batch, id, row);
        let values: &mut Values = match person {
            None => &mut self.facts.home,
            Some(at) => &mut self.facts.people[at],
        };
        let given = values.contains_key(&fact.name);
        match bounds {
            Some((0, 0)) if given => values.remove(&fact.name).is_some(),
            None | Some((1, 1)) if !given && !open && !said => {
                values.insert(fact.name.clone(), quietest(self.schema, fact)).is_none()
            }
            _ => false,
        }
    }
}

/// The answer that says least.
fn quietest(schema: &Schema, fact: &Fact) -> String {
    let (least, most) = fact.range;
    let number = 0.clamp(least, most);
    match fact.ty {
        Type::Bool => "false".into(),
        Type::Enum(id) => {
            let first = schema.enums[id.0].values.iter().min_by_key(|value| value.code);
            first.map(|value| value.name.clone()).unwrap_or_default()
        }
        Type::Money(_) => Money::from_fen(number).to_string(),
        Type::Rate(den) => format!("{number}/{den}"),
        Type::Date => "2020-01-01".into(),
        Type::Count | Type::Age | Type::Months | Type::Text | Type::ResidentId => number.to_string(),
    }
}

/// The home as a household of a pack.
fn parts(sheet: &FactSheet<'_>, home: &Home, facts: &Facts) -> Vec<Part> {
    let schema = sheet.schema;
    let declared =
        |of: Option<CollectionId>, name: &str| schema.facts.iter().any(|f| f.of == of && f.name == name);
    let mut parts = Vec::new();
    for (name, value) in facts.home.iter().filter(|(name, _)| declared(None, name)) {
        parts.push(Part::plain("", "", name, value));
    }
    for (at, of) in schema.collections.iter().enumerate() {
        let id = CollectionId(at);
        parts.push(Part::List { collection: of.name.clone() });
        let people = home.people.iter().zip(&facts.people).enumerate();
        for (n, (person, values)) in people.filter(|(_, (person, _))| collection(person.member) == of.name) {
            let key = n.to_string();
            parts.push(Part::One { collection: of.name.clone(), key: key.clone() });
            for (name, value) in values.iter().filter(|(name, _)| declared(Some(id), name)) {
                parts.push(Part::plain(&of.name, &key, name, value));
            }
            let number = schema.facts.iter().enumerate().find(|(f, fact)| {
                fact.of == Some(id) && fact.ty == Type::ResidentId && sheet.facts[*f].agrees.is_some()
            });
            if let Some((_, number)) = number {
                parts.push(Part::plain(&of.name, &key, &number.name, person.card.reveal()));
            }
        }
    }
    parts
}
