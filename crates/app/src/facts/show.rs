//! The facts of a case as known, and what the rules say of them now. Nothing is stored by looking.

use super::Known;
use crate::case::CaseFile;
use crate::error::{Error, Refusal, Result};
use crate::mask::Veil;
use crate::office::{Office, Order};
use crate::people::is_resident;
use crate::record::{DecisionV1, TextV1};
use anmin_authz::scope::Scope as AuthzScope;
use anmin_base::date::Date;
use anmin_pack::household::{FactSheet, Sensitivity};
use anmin_registry::fact::{self, Fact, Subject};
use anmin_registry::id::Moment;
use anmin_rules::model::{CollectionId, Type};
use anmin_store::{Id, Scope, table};
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::BTreeSet;

/// The facts of a case on a day, as known at a moment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct FactsV1 {
    /// The case.
    pub case: String,
    /// The day.
    pub on: String,
    /// The facts, in the order the service declares them.
    pub facts: Vec<FactSeenV1>,
}

/// A fact as somebody sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct FactSeenV1 {
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
    /// The value, as it was recorded; of a list, its word. Absent where it is hidden or not known any longer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// The word of a list, in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value_name: Option<TextV1>,
    /// It is known and not shown to the caller.
    pub hidden: bool,
    /// What it rests on; `registry`: the person's own entry.
    pub source: String,
    /// The source as the service names it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub named: Option<String>,
    /// From when it is true.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub valid_from: Option<String>,
    /// Until when.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub valid_to: Option<String>,
    /// The day it was recorded.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recorded_on: Option<String>,
    /// What was recorded, for a page about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recording: Option<String>,
}

/// What the rules say now of one programme of a case.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct NowV1 {
    /// The programme.
    pub programme: String,
    /// The decision under the rules, with what is missing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decision: Option<DecisionV1>,
    /// Why the facts as they are recorded cannot be decided on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refused: Option<Vec<crate::record::FindingV1>>,
}

impl Office {
    /// The facts of a case on a day, as they were known at the end of another.
    ///
    /// # Errors
    /// Not there or not for the caller; or a fault.
    pub async fn facts_of(
        &self,
        order: &Order<'_>,
        case: Id,
        on: Date,
        known_on: Option<Date>,
    ) -> Result<FactsV1> {
        let known_at = known_on.map_or(Moment::LAST, end_of);
        let (file, known, scope) = self.known_of(order, case, on, known_at).await?;
        let allowed = self.judged(order, &file, &scope, None).await?;
        let veil = Veil { authority: self.authority(), allowed: &allowed };
        let mut seen = Vec::new();
        let sheet = file.opened.sheet();
        let open = self.open_to(order, &scope, &file).await?;
        known.seen(&sheet, &Sight { veil: &veil, own: order, open }, &mut seen);
        Ok(FactsV1 { case: case.to_string(), on: on.to_string(), facts: seen })
    }

    /// What the rules say now of each programme of a case: for the page of the case, showing what is missing.
    ///
    /// # Errors
    /// Not there or not for the caller; or a fault.
    pub async fn what_now(&self, order: &Order<'_>, case: Id) -> Result<Vec<NowV1>> {
        let now = order.now;
        let (file, known, scope) = self.known_of(order, case, now.on, Moment::LAST).await?;
        let allowed = self.judged(order, &file, &scope, None).await?;
        let veil = Veil { authority: self.authority(), allowed: &allowed };
        if !FIGURES.iter().all(|field| veil.whole(field)) {
            return Err(Refusal::not_found().into());
        }
        let mut all = Vec::new();
        for (programme, _) in &file.case.programmes {
            let prepared = self.programme(&file, programme, now.on)?;
            let (decision, refused) = match known.decide(&prepared) {
                Ok(decision) => (Some(if is_resident(order) { outline(decision) } else { decision }), None),
                Err(Error::Refusal(refusal)) => {
                    let told = refusal.fields.iter().map(|field| {
                        crate::record::FindingV1::general(&field.at, field.zh.clone(), field.en.clone())
                    });
                    (None, Some(told.collect()))
                }
                Err(fault) => return Err(fault),
            };
            all.push(NowV1 { programme: programme.clone(), decision, refused });
        }
        Ok(all)
    }

    /// Whose figures a resident sees: their own, a ward's, and those of an adult who lets them.
    pub(super) async fn open_to(
        &self,
        order: &Order<'_>,
        scope: &AuthzScope,
        file: &CaseFile,
    ) -> Result<BTreeSet<Id>> {
        let mut open = BTreeSet::new();
        if !is_resident(order) {
            return Ok(open);
        }
        for person in file.subjects().people() {
            match self.terms_in(order, scope, person, &[file.id()]).await {
                Ok(allowed) if FIGURES.iter().all(|field| self.veil(&allowed).whole(field)) => {
                    open.insert(person);
                }
                Ok(_) | Err(Error::Refusal(_)) => {}
                Err(fault) => return Err(fault),
            }
        }
        Ok(open)
    }

    /// A case with what is known of it; that it was read is in the access log when this returns.
    pub(super) async fn known_of(
        &self,
        order: &Order<'_>,
        case: Id,
        on: Date,
        known_at: Moment,
    ) -> Result<(CaseFile, Known, AuthzScope)> {
        // Of the others in their household residents are to know what is declared in total.
        let (scope, purpose) = match is_resident(order) {
            true => self.first_scope(order, &["own_read"])?,
            false => self.looking(order)?,
        };
        let rows = Scope::from_authz(&scope, self.authority());
        let mut look = self.inner.store.look(&rows, &purpose, order.now.at);
        let record = look.one(&table::CASE_FILE, case).await?.ok_or_else(Refusal::not_found)?;
        let file = CaseFile::read(self, record)?;
        let subjects = file.subjects();
        let facts = look.find(&subjects.facts()).await?;
        let people = look.find(&subjects.persons()).await?;
        let known = Known::new(subjects, facts, people, on, known_at)?;
        Ok(look.release((file, known, scope)).await?)
    }
}

/// What shows figures: income, property, debts, health, whole.
const FIGURES: [&str; 4] = ["income", "property", "debt", "health"];

/// For a resident: whether, how much, why and what is missing; not the figures of the others in the household.
fn outline(mut decision: DecisionV1) -> DecisionV1 {
    decision.explanation.roots.clear();
    decision.explanation.notes.clear();
    decision.outputs.clear();
    decision.flips.clear();
    decision
}

/// The last moment of a day in China.
fn end_of(day: Date) -> Moment {
    Moment((i64::from(day.days()) + 1) * 86_400_000 - 8 * 3_600_000 - 1)
}

/// Who looks, and what they see.
pub(super) struct Sight<'a> {
    pub veil: &'a Veil<'a>,
    pub own: &'a Order<'a>,
    /// Of residents: whose figures they see.
    pub open: BTreeSet<Id>,
}

impl Sight<'_> {
    /// Whether a fact so sensitive shows. A resident sees their own and the household's, and of others what is no figure.
    fn shows(&self, sensitivity: Sensitivity, subject: Option<Id>) -> bool {
        if is_resident(self.own) && subject.is_some_and(|person| !self.open.contains(&person)) {
            return sensitivity < Sensitivity::P3;
        }
        match sensitivity {
            Sensitivity::P0 | Sensitivity::P1 => true,
            Sensitivity::P2 => self.veil.whole("relation"),
            Sensitivity::P3 => FIGURES.iter().all(|field| self.veil.whole(field)),
            Sensitivity::P4 => false,
        }
    }

    /// The value as it shows; none where it is hidden.
    pub(super) fn value(
        &self,
        ty: Type,
        sensitivity: Sensitivity,
        subject: Option<Id>,
        value: &str,
    ) -> Option<String> {
        let open = subject.is_some_and(|person| self.open.contains(&person));
        match ty {
            Type::ResidentId if !open => self.veil.text("resident_id", value),
            _ => self.shows(sensitivity, subject).then(|| value.to_owned()),
        }
    }
}

impl Known {
    fn seen(&self, sheet: &FactSheet<'_>, sight: &Sight<'_>, seen: &mut Vec<FactSeenV1>) {
        let known = fact::as_of(&self.facts, self.on, self.known_at);
        let of_root = (String::new(), None, self.root());
        let members = self.subjects.members.iter().map(|(collection, person)| {
            (collection.clone(), Some(*person), Subject::Person(anmin_registry::id::PersonId(person.0)))
        });
        for (collection, person, subject) in std::iter::once(of_root).chain(members) {
            let of = sheet.schema.collections.iter().position(|c| c.name == collection).map(CollectionId);
            if of.is_none() && !collection.is_empty() {
                continue;
            }
            let said = match (of, person) {
                (Some(of), Some(person)) => self.register_says(sheet, of, person),
                _ => Vec::new(),
            };
            for (id, declared) in sheet.schema.facts.iter().enumerate().filter(|(_, fact)| fact.of == of) {
                let recorded = known.get(&(subject, declared.name.as_str()));
                let entry =
                    said.iter().find(|(name, _)| *name == declared.name).map(|(_, value)| value.as_str());
                let (value, recorded) = match recorded {
                    Some(fact) => (fact.value.as_deref(), Some(*fact)),
                    None if entry.is_some() => (entry, None),
                    None => continue,
                };
                let shown = value
                    .and_then(|value| sight.value(declared.ty, sheet.facts[id].sensitivity, person, value));
                let words = shown.as_deref().and_then(|word| word_of(sheet, declared.ty, word));
                seen.push(FactSeenV1 {
                    person: person.map(|person| person.to_string()),
                    collection: (!collection.is_empty()).then(|| collection.clone()),
                    fact: declared.name.clone(),
                    label: TextV1 { zh: declared.label.zh.clone(), en: declared.label.en.clone() },
                    hidden: value.is_some() && shown.is_none(),
                    value: shown,
                    value_name: words,
                    source: recorded.map_or("registry", |fact| fact.source.name()).to_owned(),
                    named: recorded.and_then(|fact| fact.origin.named.clone()),
                    valid_from: recorded.map(|fact| fact.valid.from.to_string()),
                    valid_to: recorded.and_then(|fact| fact.valid.to).map(|to| to.to_string()),
                    recorded_on: recorded.map(|fact: &Fact| fact.recorded_at.day().to_string()),
                    recording: recorded.map(|fact| Id(fact.id.0).to_string()),
                });
            }
        }
    }
}

pub(super) fn word_of(sheet: &FactSheet<'_>, ty: Type, word: &str) -> Option<TextV1> {
    let Type::Enum(id) = ty else { return None };
    let value = sheet.schema.enums[id.0].values.iter().find(|value| value.name == word)?;
    Some(TextV1 { zh: value.label.zh.clone(), en: value.label.en.clone() })
}
