//! Facts as they are kept, and as they are known on a day: one sealed row for each recording about somebody, in it every
//! fact by name. What was recorded is never changed; a later recording takes its place for the days it is about.

mod compare;
mod household;
mod record;
mod show;

pub use compare::{CellV1, ComparedRowV1, ComparedV1, TrialV1, TriedProgrammeV1, TriedV1};
pub use record::{RecordFactsV1, RecordedV1, RecordingInputV1, ReopenedV1};
pub use show::{FactSeenV1, FactsV1, NowV1};

use crate::case::{CaseFile, Subjects};
use crate::error::{Fault, Result};
use crate::office::{Now, Office};
use crate::people::PersonRecord;
use anmin_base::date::Date;
use anmin_registry::fact::{Fact, Origin, Source, Subject};
use anmin_registry::id::{CaseId, Days, EvidenceId, FactId, HouseholdId, Moment, PersonId};
use anmin_store::{Find, Id, Record, Work, table};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The sealed part of a recording.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RecordingV1 {
    pub schema: String,
    /// Each fact by its name without the collection, as a person would write it; `null`: not known any longer.
    pub values: BTreeMap<String, Option<String>>,
    /// What is said of where it comes from.
    #[serde(default, skip_serializing_if = "OriginV1::is_plain")]
    pub origin: OriginV1,
}

/// Where a recording comes from, beyond its source.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OriginV1 {
    /// The source as the fact's declaration names it (`tax`, `police`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub named: Option<String>,
    /// The day for which the source gave it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub as_of: Option<String>,
    /// What shows it, in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shown_by: Option<String>,
    /// Who judged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
}

impl OriginV1 {
    fn is_plain(&self) -> bool {
        *self == OriginV1::default()
    }
}

pub(crate) const SCHEMA: &str = "anmin.facts/1";
/// The name of a row of facts: one row holds them all.
pub(crate) const NAME: &str = "facts";

/// The facts of a case as known on a day.
#[derive(Debug)]
pub(crate) struct Known {
    subjects: Subjects,
    facts: Vec<Fact>,
    people: BTreeMap<Id, PersonRecord>,
    on: Date,
    known_at: Moment,
}

impl Office {
    /// The facts of a case, read within a command.
    pub(crate) async fn known_facts(&self, work: &mut Work, file: &CaseFile, now: Now) -> Result<Known> {
        let subjects = file.subjects();
        let facts = work.find(&subjects.facts()).await?;
        let people = work.find(&subjects.persons()).await?;
        Known::new(subjects, facts, people, now.on, Moment(now.at.0))
    }
}

impl Subjects {
    /// Every recording about them.
    pub(crate) fn facts(&self) -> Find {
        let ids: Vec<Id> = std::iter::once(self.root.1).chain(self.people()).collect();
        Find::all(&table::FACT).any_of("subject", &ids).limit(10_000)
    }

    /// The people among them, as the register has them.
    pub(crate) fn persons(&self) -> Find {
        Find::all(&table::PERSON).ids(&self.people()).limit(1000)
    }
}

impl Known {
    /// What rows say.
    pub(crate) fn new(
        subjects: Subjects,
        recordings: Vec<Record>,
        persons: Vec<Record>,
        on: Date,
        known_at: Moment,
    ) -> Result<Known> {
        let mut facts = Vec::new();
        for record in &recordings {
            facts.extend(opened(record)?);
        }
        let mut people = BTreeMap::new();
        for record in persons {
            people.insert(record.id(), PersonRecord::read(record)?);
        }
        Ok(Known { subjects, facts, people, on, known_at })
    }
}

/// The facts of a row.
pub(crate) fn opened(record: &Record) -> Result<Vec<Fact>> {
    let corrupt = |what: &str| Fault::Broken(format!("facts {}: {what}", record.id()));
    let sealed = record.secret("value").ok_or_else(|| corrupt("no value"))?;
    let read: RecordingV1 = serde_json::from_slice(sealed.reveal()).map_err(|e| corrupt(&e.to_string()))?;
    if read.schema != SCHEMA {
        return Err(corrupt(&read.schema).into());
    }
    let id = record.link("subject").ok_or_else(|| corrupt("about nobody"))?.0;
    let subject = match record.text("subject_kind") {
        Some("person") => Subject::Person(PersonId(id)),
        Some("household") => Subject::Household(HouseholdId(id)),
        _ => Subject::Case(CaseId(id)),
    };
    let source = record.text("source").unwrap_or_default();
    let source = Source::ALL.into_iter().find(|s| s.name() == source).ok_or_else(|| corrupt(source))?;
    let day = |text: &Option<String>| text.as_deref().and_then(|text| text.parse().ok());
    let origin = Origin {
        named: read.origin.named.clone(),
        as_of: day(&read.origin.as_of),
        shown_by: read.origin.shown_by.clone(),
        by: read.origin.by.clone(),
        why: read.origin.why.clone(),
    };
    let valid = Days {
        from: crate::office::date(record, "valid_from").unwrap_or(Date::MIN),
        to: crate::office::date(record, "valid_to"),
    };
    let of = |(name, value): (String, Option<String>)| Fact {
        id: FactId(record.id().0),
        subject,
        name,
        value,
        valid,
        recorded_at: Moment(record.int("recorded_at").unwrap_or(i64::MAX)),
        source,
        evidence: record.link("evidence").map(|id| EvidenceId(id.0)),
        origin: origin.clone(),
    };
    Ok(read.values.into_iter().map(of).collect())
}
