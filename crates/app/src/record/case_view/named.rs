//! Names with their labels, days, and who did something.
use crate::record::TextV1;
use crate::record::words::{Coded, command_label, evidence_label, text};
use anmin_base::calendar::Deadline;
use anmin_base::date::Date;
use anmin_casework::record::{Actor, Person};
use anmin_casework::workflow::{Citation, Label, Named, Workflow};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Serialize, Serializer};
use std::borrow::Cow;
use std::ops::Not;

/// A name as the program knows it, and what people read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct NamedV1 {
    /// The name.
    pub name: String,
    /// What people read; the name itself where nobody has given a label.
    pub label: TextV1,
}

impl NamedV1 {
    pub(super) fn of<T: Coded>(value: T) -> NamedV1 {
        NamedV1 { name: value.code().to_owned(), label: value.label() }
    }

    fn found<'w>(name: &str, mut among: impl Iterator<Item = &'w Named>) -> NamedV1 {
        match among.find(|n| n.name == name) {
            Some(named) => NamedV1::from(named),
            None => NamedV1 { name: name.to_owned(), label: text(name, name) },
        }
    }
}

impl From<&Named> for NamedV1 {
    fn from(named: &Named) -> Self {
        let Label { zh, en } = &named.label;
        NamedV1 { name: named.name.clone(), label: text(zh, en) }
    }
}

/// A date, written `2026-09-01`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct DayV1(pub Date);

impl Serialize for DayV1 {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(&self.0)
    }
}

impl JsonSchema for DayV1 {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "DayV1".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": "string", "format": "date"})
    }
}

/// The last day of a period.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct LastDayV1 {
    /// The day; what is done on it is in time.
    pub date: DayV1,
    /// The year's holidays are not announced yet: the day may still move.
    pub provisional: bool,
}

impl From<Deadline> for LastDayV1 {
    fn from(d: Deadline) -> Self {
        LastDayV1 { date: DayV1(d.date), provisional: d.provisional }
    }
}

/// An article of a document, by the document's key in the packs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ArticleV1 {
    /// The document's key.
    pub document: String,
    /// The article, as the document counts.
    pub article: String,
}

impl From<&Citation> for ArticleV1 {
    fn from(c: &Citation) -> Self {
        ArticleV1 { document: c.document.clone(), article: c.article.clone() }
    }
}

/// Who did something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ActorViewV1 {
    /// The person; of a job, its name.
    pub person: String,
    /// The duty.
    pub duty: NamedV1,
    /// Who delegated it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delegated_by: Option<String>,
    /// A job acted, not a person.
    #[serde(skip_serializing_if = "Not::not")]
    pub job: bool,
}

pub(super) fn id(person: &Person) -> String {
    person.0.clone()
}

pub(super) fn ids(persons: &[Person]) -> Vec<String> {
    persons.iter().map(id).collect()
}

/// The labels of a workflow.
pub(super) struct Labels<'w> {
    pub(super) workflow: &'w Workflow,
}

impl Labels<'_> {
    pub(super) fn state(&self, name: &str) -> NamedV1 {
        NamedV1::found(name, self.workflow.states.iter().map(|s| &s.named))
    }

    /// A step, or a command every case has.
    pub(super) fn step(&self, name: &str) -> NamedV1 {
        match command_label(name) {
            Some(label) => NamedV1 { name: name.to_owned(), label },
            None => {
                let steps = self.workflow.steps.iter().map(|s| &s.named);
                NamedV1::found(name, steps.chain(&self.workflow.off))
            }
        }
    }

    pub(super) fn clock(&self, name: &str) -> NamedV1 {
        NamedV1::found(name, self.workflow.clocks.iter().map(|c| &c.named))
    }

    pub(super) fn duty(&self, name: &str) -> NamedV1 {
        NamedV1::found(name, self.workflow.duties.iter().map(|d| &d.named))
    }

    pub(super) fn duties(&self, names: &[String]) -> Vec<NamedV1> {
        names.iter().map(|name| self.duty(name)).collect()
    }

    pub(super) fn evidence(&self, name: &str) -> NamedV1 {
        match evidence_label(name) {
            Some(label) => NamedV1 { name: name.to_owned(), label },
            None => NamedV1::found(name, self.workflow.evidence.iter().map(|e| &e.named)),
        }
    }

    pub(super) fn letter(&self, name: &str) -> NamedV1 {
        NamedV1::found(name, self.workflow.letters.iter())
    }

    pub(super) fn verdict(&self, name: &str) -> NamedV1 {
        NamedV1::found(name, self.workflow.verdicts.iter())
    }

    pub(super) fn remedy(&self, name: &str) -> NamedV1 {
        NamedV1::found(name, self.workflow.remedies.iter().map(|r| &r.named))
    }

    pub(super) fn actor(&self, actor: &Actor) -> ActorViewV1 {
        ActorViewV1 {
            person: id(&actor.person),
            duty: self.duty(&actor.duty),
            delegated_by: actor.delegated_by.as_ref().map(id),
            job: !actor.human,
        }
    }
}
