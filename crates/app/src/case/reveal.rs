//! Showing one number whole: an act of its own, with its reason, noted in the journal of the case and in the access log of
//! whom it is about.

use super::file::CaseFile;
use super::json;
use crate::error::{Refusal, Result};
use crate::mask::Veil;
use crate::office::{Office, Order};
use crate::people::{PersonRecord, Start, wrong};
use anmin_store::{Id, REVEAL, Stream, table};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Which number is to be shown, and why.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RevealV1 {
    /// `resident_id` or `phone`.
    #[schemars(extend("enum" = ["resident_id", "phone"]))]
    pub field: String,
    /// Why; kept in the journal.
    #[schemars(length(min = 1, max = 200))]
    pub why: String,
}

/// What was noted. The number itself is in no record of it.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct RevealedV1 {
    /// The person.
    pub person: String,
    /// The field.
    pub field: String,
    /// It, whole; in the answer only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// Whether the same request was answered before: it was noted then.
    #[serde(skip)]
    pub earlier: bool,
}

/// The fields that are masked at work and may be shown whole.
const FIELDS: [&str; 2] = ["resident_id", "phone"];
/// Most characters of a reason.
const MOST_WHY: usize = 200;

impl Office {
    /// Shows one number of somebody in a case whole. The event is written first.
    ///
    /// # Errors
    /// Not there or not for the caller; no such field, or no reason; too often today; or a fault.
    pub async fn reveal(
        &self,
        order: &Order<'_>,
        case: Id,
        person: Id,
        input: &RevealV1,
    ) -> Result<RevealedV1> {
        if !FIELDS.contains(&input.field.as_str()) {
            return Err(wrong("field", "请选择要显示的项目。", "Choose what is to be shown."));
        }
        let why = input.why.trim();
        if why.is_empty() || why.chars().count() > MOST_WHY || why.chars().any(char::is_control) {
            return Err(wrong(
                "why",
                "请写明为什么需要完整号码（200 字以内）。",
                "Say why the whole number is needed, in at most 200 characters.",
            ));
        }
        let Start::New(mut work) = self.start(order, &["case_read_full"], REVEAL).await? else {
            let shown = self.shown(order, case, person, &input.field).await?;
            return Ok(RevealedV1 { earlier: true, ..shown });
        };
        // The same request sent again counts no second time; a new one is held against what was done today.
        let counted = self.rationed(order.caller, order.now).await?;
        let (scope, _) = self.first_scope(&Order { caller: &counted, ..*order }, &["case_read_full"])?;
        let file = CaseFile::read(self, work.load(&table::CASE_FILE, case).await?)?;
        let allowed = self.judged(order, &file, &scope, None).await?;
        if !file.people().contains(&person) {
            return Err(Refusal::not_found().into());
        }
        if !(Veil { authority: self.authority(), allowed: &allowed }).whole(&input.field) {
            return Err(Refusal::not_found().into());
        }
        let noted = RevealedV1 {
            person: person.to_string(),
            field: input.field.clone(),
            value: None,
            earlier: false,
        };
        let event = serde_json::json!({ "schema": "anmin.reveal/1", "person": noted.person, "field": noted.field, "why": why });
        work.commit(Stream { kind: "case", id: &case.to_string() }, &json(&event)?, &json(&noted)?).await?;
        self.shown(order, case, person, &input.field).await
    }

    /// The number, read under the same right: the access log has its trace before this returns.
    async fn shown(&self, order: &Order<'_>, case: Id, person: Id, field: &str) -> Result<RevealedV1> {
        let (scope, purpose) = self.first_scope(order, &["case_read_full"])?;
        let rows = anmin_store::Scope::from_authz(&scope, self.authority());
        let mut look = self.inner.store.look(&rows, &purpose, order.now.at);
        let record = look.one(&table::CASE_FILE, case).await?.ok_or_else(Refusal::not_found)?;
        let file = CaseFile::read(self, record)?;
        let allowed = self.judged(order, &file, &scope, None).await?;
        if !file.people().contains(&person) {
            return Err(Refusal::not_found().into());
        }
        let found = look.one(&table::PERSON, person).await?.ok_or_else(Refusal::not_found)?;
        let seen = PersonRecord::read(found)?.seen(&self.veil(&allowed));
        let value = match field {
            "phone" => seen.phone,
            _ => seen.resident_id,
        };
        let answer =
            RevealedV1 { person: person.to_string(), field: field.to_owned(), value, earlier: false };
        Ok(look.release(answer).await?)
    }
}
