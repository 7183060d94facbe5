//! The facts of a case side by side: what was declared, what registers and documents say, what was seen on a visit; and a
//! trial: what the rules would say if one fact were otherwise. Nothing is stored by looking.

use super::show::{Sight, word_of};
use super::{Known, Moment};
use crate::error::{Error, Refusal, Result};
use crate::mask::Veil;
use crate::office::{Office, Order};
use crate::people::{is_resident, wrong};
use crate::record::{DecisionV1, TextV1};
use anmin_pack::household::FactSheet;
use anmin_registry::fact::{Fact, Origin, Source, Subject};
use anmin_registry::id::{Days, FactId};
use anmin_rules::model::{CollectionId, Per, Type};
use anmin_store::Id;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The facts of a case, side by side.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct ComparedV1 {
    /// In the order the service declares them: the household's, then each person's.
    pub rows: Vec<ComparedRowV1>,
    /// Facts of which nothing is recorded.
    pub unknown: Vec<ComparedRowV1>,
}

/// One fact of one person or the household.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ComparedRowV1 {
    /// The person; none: the household.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub person: Option<String>,
    /// The collection they stand in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub collection: Option<String>,
    /// Its name.
    pub fact: String,
    /// In words.
    pub label: TextV1,
    /// `money`, `choice`, `flag`, `count`, `date`, `text`, `rate`.
    pub kind: &'static str,
    /// Of a list: what it can be.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub words: Vec<(String, TextV1)>,
    /// As declared.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub declared: Option<CellV1>,
    /// As registers, documents and sources say.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub checked: Option<CellV1>,
    /// As seen on a visit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub visited: Option<CellV1>,
    /// They do not say the same.
    pub differs: bool,
}

/// What one of them says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct CellV1 {
    /// The value, as it was recorded; absent where it is hidden.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// The word of a list.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub word: Option<TextV1>,
    /// What it rests on.
    pub source: String,
    /// The source as the service names it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub named: Option<String>,
    /// The day for which it was given, or else recorded.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub as_of: Option<String>,
}

/// A fact to try otherwise.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TrialV1 {
    /// The person; none: the household.
    #[serde(default)]
    #[schemars(regex(pattern = "^[0-9a-f]{32}$"))]
    pub person: Option<String>,
    /// The fact.
    #[schemars(length(max = 64))]
    pub fact: String,
    /// The value to try, written as facts are recorded.
    #[schemars(length(max = 64))]
    pub value: String,
}

/// What the rules would say.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct TriedV1 {
    /// What was tried, in words.
    pub label: TextV1,
    /// The value.
    pub value: String,
    /// Each programme as it is and as it would be.
    pub programmes: Vec<TriedProgrammeV1>,
}

/// A programme as it is and as it would be.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct TriedProgrammeV1 {
    /// The programme.
    pub programme: String,
    /// As it is.
    pub now: DecisionV1,
    /// As it would be.
    pub then: DecisionV1,
}

impl Office {
    /// The facts of a case side by side.
    ///
    /// # Errors
    /// Not there or not for the caller; or a fault.
    pub async fn compared(&self, order: &Order<'_>, case: Id) -> Result<ComparedV1> {
        let (file, known, scope) = self.known_of(order, case, order.now.on, Moment::LAST).await?;
        let allowed = self.judged(order, &file, &scope, None).await?;
        let veil = Veil { authority: self.authority(), allowed: &allowed };
        let open = self.open_to(order, &scope, &file).await?;
        let sight = Sight { veil: &veil, own: order, open };
        let sheet = file.opened.sheet();
        let all = known.compared(&sheet, &sight);
        let recorded =
            |row: &ComparedRowV1| row.declared.is_some() || row.checked.is_some() || row.visited.is_some();
        let (rows, unknown) = all.into_iter().partition(recorded);
        Ok(ComparedV1 { rows, unknown })
    }

    /// What the rules would say of a case if one fact were otherwise. For staff who see the figures.
    ///
    /// # Errors
    /// Not there or not for the caller; a fact there is not, or a value it cannot have; or a fault.
    pub async fn trial(&self, order: &Order<'_>, case: Id, ask: &TrialV1) -> Result<TriedV1> {
        let (file, known, scope) = self.known_of(order, case, order.now.on, Moment::LAST).await?;
        let allowed = self.judged(order, &file, &scope, None).await?;
        let veil = Veil { authority: self.authority(), allowed: &allowed };
        let figures = ["income", "property", "debt", "health"].iter().all(|field| veil.whole(field));
        if is_resident(order) || !figures {
            return Err(Refusal::not_found().into());
        }
        let sheet = file.opened.sheet();
        let person = ask.person.as_deref().map(|text| crate::people::id_of("person", text)).transpose()?;
        let of = person.and_then(|id| known.subjects.members.iter().find(|(_, member)| *member == id));
        let of = of.and_then(|(name, _)| sheet.schema.collections.iter().position(|c| c.name == *name));
        let found = sheet.schema.facts.iter().find(|f| f.name == ask.fact && f.of == of.map(CollectionId));
        let Some(fact) = found.filter(|_| person.is_none() || of.is_some()) else {
            return Err(wrong(
                "fact",
                "没有这一项事实，请重新选择。",
                "There is no such fact; choose another.",
            ));
        };
        let label = TextV1 { zh: fact.label.zh.clone(), en: fact.label.en.clone() };
        let judged = sheet.schema.facts.iter().position(|known| std::ptr::eq(known, fact));
        let judged = judged.is_some_and(|at| sheet.schema.facts[at].judgement);
        let then = known.with(person, &ask.fact, ask.value.trim(), judged);
        let mut programmes = Vec::new();
        for (programme, _) in &file.case.programmes {
            let prepared = self.programme(&file, programme, order.now.on)?;
            let now = known.decide_plainly(&prepared)?;
            let then = then.decide_plainly(&prepared).map_err(as_value)?;
            programmes.push(TriedProgrammeV1 { programme: programme.clone(), now, then });
        }
        Ok(TriedV1 { label, value: ask.value.trim().to_owned(), programmes })
    }
}

/// What is wrong with the facts as tried is wrong with the value.
fn as_value(error: Error) -> Error {
    match error {
        Error::Refusal(mut refusal) => {
            for field in &mut refusal.fields {
                field.at = "value".into();
            }
            refusal.kind = crate::error::Kind::Invalid;
            Error::Refusal(refusal)
        }
        fault => fault,
    }
}

/// What stands for who judged, and why, in a trial.
const TRIED: &str = "试算";

/// The column a source belongs to.
fn column(source: Source) -> usize {
    match source {
        Source::Declared => 0,
        Source::Visit => 2,
        _ => 1,
    }
}

fn kind(ty: Type) -> &'static str {
    match ty {
        Type::Money(Per::Month | Per::Year | Per::Once) => "money",
        Type::Enum(_) => "choice",
        Type::Bool => "flag",
        Type::Count => "count",
        Type::Date => "date",
        Type::Rate(_) => "rate",
        _ => "text",
    }
}

impl Known {
    /// The same with one fact as tried.
    fn with(&self, person: Option<Id>, name: &str, value: &str, judged: bool) -> Known {
        let subject = match person {
            Some(id) => Subject::Person(anmin_registry::id::PersonId(id.0)),
            None => self.root(),
        };
        let mut facts: Vec<Fact> = self
            .facts
            .iter()
            .filter(|fact| !(fact.subject == subject && fact.name == name))
            .cloned()
            .collect();
        facts.push(Fact {
            id: FactId(0),
            subject,
            name: name.to_owned(),
            value: Some(value.to_owned()),
            valid: Days { from: self.on, to: None },
            recorded_at: Moment(0),
            source: Source::Declared,
            evidence: None,
            origin: Origin {
                named: None,
                as_of: None,
                shown_by: None,
                by: judged.then(|| TRIED.into()),
                why: judged.then(|| TRIED.into()),
            },
        });
        Known {
            subjects: self.subjects.clone(),
            facts,
            people: self.people.clone(),
            on: self.on,
            known_at: self.known_at,
        }
    }

    fn compared(&self, sheet: &FactSheet<'_>, sight: &Sight<'_>) -> Vec<ComparedRowV1> {
        let of_root = (String::new(), None, self.root());
        let members = self.subjects.members.iter().map(|(collection, person)| {
            (collection.clone(), Some(*person), Subject::Person(anmin_registry::id::PersonId(person.0)))
        });
        let mut rows = Vec::new();
        for (collection, person, subject) in std::iter::once(of_root).chain(members) {
            let of = sheet.schema.collections.iter().position(|c| c.name == collection).map(CollectionId);
            if of.is_none() && !collection.is_empty() {
                continue;
            }
            for (id, declared) in sheet.schema.facts.iter().enumerate().filter(|(_, fact)| fact.of == of) {
                let mut latest: [Option<&Fact>; 3] = [None; 3];
                let of_it = |fact: &&Fact| fact.subject == subject && fact.name == declared.name;
                let holds =
                    |fact: &&Fact| fact.valid.from <= self.on && fact.valid.to.is_none_or(|to| self.on <= to);
                for fact in self.facts.iter().filter(of_it).filter(holds) {
                    let cell = &mut latest[column(fact.source)];
                    if cell.is_none_or(|known| known.recorded_at <= fact.recorded_at) {
                        *cell = Some(fact);
                    }
                }
                let cell = |fact: Option<&Fact>| {
                    let fact = fact?;
                    let value = fact.value.as_deref()?;
                    let shown = sight.value(declared.ty, sheet.facts[id].sensitivity, person, value);
                    Some(CellV1 {
                        word: shown.as_deref().and_then(|word| word_of(sheet, declared.ty, word)),
                        value: shown,
                        source: fact.source.name().to_owned(),
                        named: fact.origin.named.clone(),
                        as_of: fact
                            .origin
                            .as_of
                            .map(|day| day.to_string())
                            .or_else(|| Some(fact.recorded_at.day().to_string())),
                    })
                };
                let values: Vec<&str> =
                    latest.iter().flatten().filter_map(|fact| fact.value.as_deref()).collect();
                let words = match declared.ty {
                    Type::Enum(of) => sheet.schema.enums[of.0]
                        .values
                        .iter()
                        .map(|v| (v.name.clone(), TextV1 { zh: v.label.zh.clone(), en: v.label.en.clone() }))
                        .collect(),
                    _ => Vec::new(),
                };
                rows.push(ComparedRowV1 {
                    person: person.map(|person| person.to_string()),
                    collection: (!collection.is_empty()).then(|| collection.clone()),
                    fact: declared.name.clone(),
                    label: TextV1 { zh: declared.label.zh.clone(), en: declared.label.en.clone() },
                    kind: kind(declared.ty),
                    words,
                    differs: values.windows(2).any(|two| !same(two[0], two[1])),
                    declared: cell(latest[0]),
                    checked: cell(latest[1]),
                    visited: cell(latest[2]),
                });
            }
        }
        rows
    }
}

/// Whether two values say the same, however an amount is written: 800 and 800.00.
fn same(one: &str, other: &str) -> bool {
    let money = |text: &str| text.parse::<anmin_base::money::Money>().ok();
    one == other || money(one).is_some_and(|amount| Some(amount) == money(other))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_amount_written_otherwise_is_no_difference() {
        for (one, other, alike) in
            [("800", "800.00", true), ("800", "801", false), ("none", "none", true), ("none", "limb", false)]
        {
            assert_eq!(same(one, other), alike, "{one} {other}");
        }
    }
}
