//! Recording facts in a case: what a form, a visit, a document or a register says. Nothing recorded is ever changed; a
//! later recording takes its place for the days it is about, and says which days that opens again.

use super::household::NONE;
use super::{NAME, OriginV1, RecordingV1, SCHEMA, opened};
use crate::case::{CaseFile, json, row_id};
use crate::error::{Error, Fault, Result};
use crate::office::{Office, Order};
use crate::people::{day_of, id_of, is_resident, wrong};
use crate::record::FieldError;
use anmin_authz::decide::Allowed;
use anmin_base::date::Date;
use anmin_pack::household::{self, FactSheet, Part, Stated};
use anmin_registry::fact::{self, Source, Subject};
use anmin_registry::id::{Days, Moment};
use anmin_rules::model::CollectionId;
use anmin_store::{Begun, Id, Record, Refusal as StoreRefusal, Rule, Scope, Stream, Work, table};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

/// Facts to record in a case, all or none.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RecordFactsV1 {
    /// The service whose facts they are; that of the case where it is not said.
    #[serde(default)]
    pub service: Option<String>,
    /// What was said, seen or found.
    pub recordings: Vec<RecordingInputV1>,
}

/// Facts about one person or the household, of one source and for the same days.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RecordingInputV1 {
    /// The person; none: the household or whatever the case is about.
    #[serde(default)]
    #[schemars(regex(pattern = "^[0-9a-f]{32}$"))]
    pub person: Option<String>,
    /// As which of a collection's elements, where they stand in more than one.
    #[serde(default)]
    pub collection: Option<String>,
    /// Each fact by its name without the collection. Amounts as text in yuan (`"1450.50"`), dates as `2026-09-01`, words of
    /// a list by name, `true` and `false`, whole numbers; `null`: not known any longer. Of the household, a collection's
    /// name with `"none"` says that nobody is in it.
    pub values: BTreeMap<String, Value>,
    /// The first day it is true; the day it is recorded where it is not said.
    #[serde(default)]
    #[schemars(extend("format" = "date"))]
    pub valid_from: Option<String>,
    /// The last day, if it is known.
    #[serde(default)]
    #[schemars(extend("format" = "date"))]
    pub valid_to: Option<String>,
    /// What it rests on: `declared`, `document`, `register`, `visit`, `assessed`, `lookup`, `derived`.
    pub source: String,
    /// What is said of where it comes from.
    #[serde(default)]
    pub origin: OriginV1,
    /// The reference of the evidence in this case; wanted for a document or a visit.
    #[serde(default)]
    pub evidence: Option<String>,
}

/// What became of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RecordedV1 {
    /// The case.
    pub case: String,
    /// The recordings, in the order given.
    pub recordings: Vec<String>,
    /// The days about which something else was known before: what was decided on them is to be worked out again.
    pub reopened: Vec<ReopenedV1>,
}

/// Days about which something else was known before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ReopenedV1 {
    /// The person; none: the household.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub person: Option<String>,
    /// The fact.
    pub fact: String,
    /// The first day.
    pub from: String,
    /// The last day; none while it lasts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
}

/// More facts at once than any page asks.
const MOST_VALUES: usize = 500;

/// Under which actions facts are recorded, the most usual first.
fn recording(order: &Order<'_>) -> &'static [&'static str] {
    match is_resident(order) {
        true => &["apply", "supplement_answer"],
        false => &["receive", "accept", "visit_record", "opine", "review", "confirm", "confirm_delegated"],
    }
}

impl Office {
    /// Records facts in a case. The result is a [`RecordedV1`], the same bytes for the same request.
    ///
    /// # Errors
    /// Everything wrong in the form; not permitted; or a fault.
    pub async fn record_facts(&self, order: &Order<'_>, case: Id, input: RecordFactsV1) -> Result<Vec<u8>> {
        let values: usize = input.recordings.iter().map(|recording| recording.values.len()).sum();
        if values == 0 || values > MOST_VALUES {
            let zh = format!("一次应记录 1 至 {MOST_VALUES} 项，现为 {values} 项。");
            return Err(wrong(
                "recordings",
                &zh,
                &format!("1 to {MOST_VALUES} facts at once, not {values}."),
            ));
        }
        let mut denied = None;
        for action in recording(order) {
            let scope = match self.scope(order.caller, self.action(action)?, order.purpose, order.now) {
                Ok((scope, purpose)) => {
                    (scope, self.authority().parts().purposes[purpose.0].named.name.clone())
                }
                Err(error) => {
                    denied = denied.or(Some(error));
                    continue;
                }
            };
            let rows = Scope::from_authz(&scope.0, self.authority());
            let command = anmin_store::Command {
                scope: &rows,
                name: "record_facts",
                purpose: &scope.1,
                at: order.now.at,
                request: order.request,
            };
            let mut work = match self.inner.store.begin(command).await? {
                Begun::Before(bytes) => return Ok(bytes),
                Begun::New(work) => work,
            };
            let Some(record) = work.find(&anmin_store::Find::one(&table::CASE_FILE, case)).await?.pop()
            else {
                denied = denied.or_else(|| Some(crate::error::Refusal::not_found().into()));
                continue;
            };
            let file = CaseFile::read(self, record)?;
            match self.judged(order, &file, &scope.0, None).await {
                Ok(allowed) => return self.record(order, work, &file, &allowed, &input).await,
                Err(error) => denied = Some(error),
            }
        }
        Err(denied.unwrap_or_else(|| crate::error::Refusal::not_found().into()))
    }

    async fn record(
        &self,
        order: &Order<'_>,
        mut work: Box<Work>,
        file: &CaseFile,
        allowed: &Allowed,
        input: &RecordFactsV1,
    ) -> Result<Vec<u8>> {
        let service = input.service.as_deref().unwrap_or(&file.opened.loaded.name);
        let of_case =
            service == file.opened.loaded.name || file.case.programmes.iter().any(|(p, _)| p == service);
        if !of_case {
            return Err(wrong("service", "本案没有办理这项业务。", "The case is not about that service."));
        }
        let pack = self.opened(service, file.opened.region.as_deref())?;
        let reading = Form { office: self, order, file, allowed, sheet: pack.sheet() };
        let (mut wrong, mut rows) = (Vec::new(), Vec::new());
        for (n, recording) in input.recordings.iter().enumerate() {
            match reading.read(recording) {
                Ok(row) => rows.push(row),
                Err(found) => wrong.extend(
                    found
                        .into_iter()
                        .map(|error| FieldError { at: format!("recordings[{n}].{}", error.at), ..error }),
                ),
            }
        }
        if !wrong.is_empty() {
            return Err(wrong.into());
        }
        // What others have declared does not come to the applicant, not even which days it was about.
        let before = match is_resident(order) {
            true => Vec::new(),
            false => work.find(&file.subjects().facts()).await?,
        };
        let mut facts = Vec::new();
        for record in &before {
            facts.extend(opened(record)?);
        }
        let (mut recorded, mut events) = (Vec::new(), Vec::new());
        for row in rows {
            let row = work.insert(row).await.map_err(no_evidence)?;
            facts.extend(opened(&row)?);
            recorded.push(row.id().to_string());
            events
                .push(serde_json::json!({ "recording": row.id().to_string(), "source": row.text("source") }));
        }
        let known = if is_resident(order) { Vec::new() } else { facts };
        let reopened = fact::changes(&known, Moment(order.now.at.0 - 1), Moment(order.now.at.0));
        let result = RecordedV1 {
            case: file.id().to_string(),
            recordings: recorded,
            reopened: reopened.iter().map(told).collect(),
        };
        let result = json(&result)?;
        let payload = json(&serde_json::json!({ "schema": "anmin.recorded/1", "recordings": events }))?;
        work.commit(Stream { kind: "case", id: &file.id().to_string() }, &payload, &result).await?;
        Ok(result)
    }
}

fn told(reopened: &fact::Reopened) -> ReopenedV1 {
    ReopenedV1 {
        person: match reopened.subject {
            Subject::Person(person) => Some(Id(person.0).to_string()),
            _ => None,
        },
        fact: reopened.name.clone(),
        from: reopened.days.from.to_string(),
        to: reopened.days.to.map(|to| to.to_string()),
    }
}

fn no_evidence(error: anmin_store::Error) -> Error {
    match error {
        anmin_store::Error::Refusal(StoreRefusal::Rule { kind: Rule::Reference | Rule::Check, .. }) => wrong(
            "evidence",
            "来源是材料或入户调查的，请附上本案中的材料。",
            "What a document or a visit shows needs that evidence in this case: attach it.",
        ),
        other => other.into(),
    }
}

/// A form being read.
struct Form<'a> {
    office: &'a Office,
    order: &'a Order<'a>,
    file: &'a CaseFile,
    allowed: &'a Allowed,
    sheet: FactSheet<'a>,
}

/// What is wrong in one recording.
type Wrong = Vec<FieldError>;

fn field(at: &str, zh: impl Into<String>, en: impl Into<String>) -> Wrong {
    vec![FieldError { at: at.into(), zh: zh.into(), en: en.into() }]
}

impl Form<'_> {
    /// The row of one recording.
    fn read(&self, input: &RecordingInputV1) -> std::result::Result<Record, Wrong> {
        let (kind, subject, entity) = self.subject(input)?;
        let days = self.days(input)?;
        let source = self.source(input)?;
        let origin = self.origin(input, source)?;
        let values = self.values(&entity, input, &origin)?;
        let sealed = RecordingV1 { schema: SCHEMA.into(), values, origin };
        let sealed = serde_json::to_vec(&sealed).map_err(|e| field("values", "不能保存。", e.to_string()))?;
        let evidence =
            input.evidence.as_deref().map(|reference| row_id(self.file.id(), "evidence", reference));
        let row = Record::new(&table::FACT, Id::at(self.order.now.at))
            .with("subject_kind", kind)
            .with("subject", subject)
            .with("name", NAME)
            .with("value", sealed)
            .with("valid_from", i64::from(days.from.days()))
            .with("valid_to", days.to.map(|to| i64::from(to.days())))
            .with("recorded_at", self.order.now.at)
            .with("source", source.name())
            .with("evidence", evidence);
        Ok(row)
    }

    /// Whom it is about, and as what.
    fn subject(&self, input: &RecordingInputV1) -> std::result::Result<(&'static str, Id, String), Wrong> {
        let Some(person) = &input.person else {
            let (kind, id) = self.file.subjects().root;
            return Ok((kind, id, String::new()));
        };
        let id = id_of("person", person).map_err(fields)?;
        let roles: Vec<&str> = self
            .file
            .parties
            .iter()
            .filter(|party| party.person == *person)
            .map(|p| p.role.as_str())
            .collect();
        if roles.is_empty() {
            return Err(field("person", "此人不在本案中。", "That person is not in the case."));
        }
        if let Some(asked) = &input.collection {
            return match roles.contains(&asked.as_str()) {
                true => Ok(("person", id, asked.clone())),
                false => Err(field(
                    "collection",
                    "此人在本案中不是这一身份。",
                    "The person is not that in the case.",
                )),
            };
        }
        let names = || input.values.keys();
        let knows = |role: &&&str| names().all(|name| self.declared(role, name));
        let role = roles.iter().find(knows).or(roles.first()).expect("not empty");
        Ok(("person", id, (*role).to_owned()))
    }

    fn collection(&self, name: &str) -> Option<CollectionId> {
        self.sheet.schema.collections.iter().position(|c| c.name == name).map(CollectionId)
    }

    fn declared(&self, entity: &str, name: &str) -> bool {
        let of = self.collection(entity);
        self.sheet.schema.facts.iter().any(|fact| fact.of == of && fact.name == name)
    }

    fn days(&self, input: &RecordingInputV1) -> std::result::Result<Days, Wrong> {
        let day = |at: &str, text: &Option<String>| {
            text.as_deref().map(|text| day_of(at, text).map_err(fields)).transpose()
        };
        let from = day("valid_from", &input.valid_from)?.unwrap_or(self.order.now.on);
        let days = Days { from, to: day("valid_to", &input.valid_to)? };
        match days.is_empty() {
            true => Err(field(
                "valid_to",
                "结束日期早于开始日期，请核对。",
                "The last day comes before the first.",
            )),
            false => Ok(days),
        }
    }

    fn source(&self, input: &RecordingInputV1) -> std::result::Result<Source, Wrong> {
        let known = Source::ALL.iter().map(|source| source.name());
        let found = Source::ALL.into_iter().find(|source| source.name() == input.source);
        let source = found.ok_or_else(|| {
            let known = known.collect::<Vec<_>>().join(", ");
            field("source", format!("来源可选：{known}。"), format!("One of these is wanted: {known}."))
        })?;
        if is_resident(self.order) && source != Source::Declared {
            return Err(field("source", "本人填报的来源是 declared。", "What a resident says is declared."));
        }
        let shown =
            self.file.case.evidence.iter().any(|e| Some(&e.exhibit.reference) == input.evidence.as_ref());
        if input.evidence.is_some() && !shown {
            return Err(field("evidence", "本案没有这份材料。", "The case has no such evidence."));
        }
        if matches!(source, Source::Document | Source::Visit) && input.evidence.is_none() {
            return Err(field(
                "evidence",
                "来源是材料或入户调查的，请附上本案中的材料。",
                "What a document or a visit shows needs that evidence in this case: attach it.",
            ));
        }
        Ok(source)
    }

    fn origin(&self, input: &RecordingInputV1, source: Source) -> std::result::Result<OriginV1, Wrong> {
        let mut origin = input.origin.clone();
        let as_of =
            origin.as_of.as_deref().map(|day| day_of("origin.as_of", day).map_err(fields)).transpose()?;
        if as_of.is_some_and(|day: Date| day > self.order.now.on) {
            return Err(field("origin.as_of", "日期晚于今天。", "The day is after today."));
        }
        if is_resident(self.order) {
            // A resident declares; whoever judges is staff.
            origin = OriginV1 { named: None, by: None, why: None, ..origin };
        } else if origin.why.is_some() {
            origin.by = Some(self.desk());
        } else if source == Source::Declared {
            origin.by = None;
        }
        Ok(origin)
    }

    /// Who judges: the unit and role, not the name.
    fn desk(&self) -> String {
        let rights = self.office.rights();
        let posts = rights.posts_of(self.order.caller.person);
        let post = posts.iter().find(|post| Some(post.id()) == self.allowed.post);
        post.map_or_else(String::new, |post| {
            let role = &self.office.authority().parts().roles[post.role().0].named.zh;
            format!("{} {role}", rights.unit_name(post.unit()))
        })
    }

    /// The values as a file would have them, each fit for its fact.
    fn values(
        &self,
        entity: &str,
        input: &RecordingInputV1,
        origin: &OriginV1,
    ) -> std::result::Result<BTreeMap<String, Option<String>>, Wrong> {
        let (mut wrong, mut read) = (Vec::new(), BTreeMap::new());
        for (name, value) in &input.values {
            match plain(value) {
                Ok(text) => drop(read.insert(name.clone(), text)),
                Err((zh, en)) => wrong.extend(field(&format!("values.{name}"), zh, en)),
            }
        }
        let mut parts = Vec::new();
        if !entity.is_empty() {
            parts.push(Part::One { collection: entity.to_owned(), key: "1".into() });
        }
        for (name, value) in &read {
            if entity.is_empty() && self.collection(name).is_some() {
                if !matches!(value.as_deref(), None | Some(NONE)) {
                    let (zh, en) = ("只能填 none（没有）。", "Only \"none\" can be said of it.");
                    wrong.extend(field(&format!("values.{name}"), zh, en));
                }
                continue;
            }
            let key = if entity.is_empty() { "" } else { "1" };
            let stated = Stated {
                source: origin.named.clone(),
                as_of: origin.as_of.as_deref().and_then(|day| day.parse().ok()),
                evidence: origin.shown_by.clone(),
                by: origin.by.clone(),
                why: origin.why.clone(),
            };
            let (entity, key) = (entity.to_owned(), key.to_owned());
            parts.push(Part::Fact { entity, key, fact: name.clone(), value: value.clone(), stated });
        }
        if let Err(found) = household::assemble(&self.sheet, 0, &parts, self.order.now.on) {
            wrong.extend(found.into_iter().map(|finding| {
                let at = (finding.place.line as usize).checked_sub(1).and_then(|at| parts.get(at));
                let at = match at {
                    Some(Part::Fact { fact, .. }) => format!("values.{fact}"),
                    _ => "values".to_owned(),
                };
                FieldError { at, zh: finding.zh, en: finding.en }
            }));
        }
        if wrong.is_empty() { Ok(read) } else { Err(wrong) }
    }
}

/// A value as text. A number with a fraction has been through a float by the time it is here, so amounts are text.
fn plain(value: &Value) -> std::result::Result<Option<String>, (&'static str, &'static str)> {
    match value {
        Value::Null => Ok(None),
        Value::Bool(flag) => Ok(Some(flag.to_string())),
        Value::String(text) if text.trim().is_empty() => Ok(None),
        Value::String(text) => Ok(Some(text.trim().to_owned())),
        Value::Number(number) if number.is_i64() => Ok(Some(number.to_string())),
        Value::Number(_) => Err((
            "带小数的金额请写成文字，例如 \"1450.50\"。",
            "Write an amount with a fraction as text: \"1450.50\".",
        )),
        Value::Array(_) | Value::Object(_) => Err((
            "应是一个值：文字、整数、true、false 或 null。",
            "One value is wanted: text, a whole number, true, false or null.",
        )),
    }
}

fn fields(error: Error) -> Wrong {
    match error {
        Error::Refusal(refusal) => refusal.fields,
        Error::Fault(Fault::Broken(said) | Fault::Unreachable(said)) => field("", said.clone(), said),
        Error::Fault(fault) => field("", fault.text().zh, fault.text().en),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn no_amount_passes_through_a_float() {
        assert_eq!(plain(&json!("1450.50")), Ok(Some("1450.50".into())));
        assert_eq!(plain(&json!(1450)), Ok(Some("1450".into())));
        assert_eq!(plain(&json!(null)), Ok(None));
        assert_eq!(plain(&json!("  ")), Ok(None), "an empty field is no answer");
        assert_eq!(plain(&json!(true)), Ok(Some("true".into())));
        for refused in [json!(0.1), json!([1]), json!({"a": 1}), json!(1e30)] {
            assert!(plain(&refused).is_err(), "{refused}");
        }
    }
}
