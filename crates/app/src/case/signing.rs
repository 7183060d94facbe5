//! What somebody is asked to sign in a case: the applicant, or another adult who is named in it and sees no more of it.

use super::file::CaseFile;
use crate::error::{Refusal, Result};
use crate::office::{Office, Order};
use crate::record::TextV1;
use anmin_store::{Id, Scope, table};
use schemars::JsonSchema;
use serde::Serialize;

/// What is to be signed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct SigningV1 {
    /// The case.
    pub case: String,
    /// Its number for people.
    pub number: String,
    /// The version a form has to name.
    pub version: i64,
    /// The service.
    pub service_name: TextV1,
    /// The heading.
    pub title: TextV1,
    /// What is signed, in paragraphs.
    pub text: Vec<TextV1>,
    /// The kind of evidence the signature is.
    pub evidence: Vec<String>,
    /// The caller has signed it, and that holds.
    pub signed: bool,
}

impl Office {
    /// What the caller would sign by a step of a case.
    ///
    /// # Errors
    /// There is no such case or step for them; or a fault.
    pub async fn signing(&self, order: &Order<'_>, case: Id, step: &str) -> Result<SigningV1> {
        let (scope, purpose) = self.first_scope(order, &["consent_give"])?;
        let rows = Scope::from_authz(&scope, self.authority());
        let mut look = self.inner.store.look(&rows, &purpose, order.now.at);
        let record = look.one(&table::CASE_FILE, case).await?.ok_or_else(Refusal::not_found)?;
        let file = CaseFile::read(self, record)?;
        self.judged(order, &file, &scope, Some(order.caller.person)).await?;
        let found = file.workflow.step(step).ok_or_else(Refusal::not_found)?;
        let form = file.opened.loaded.form.as_ref();
        let said =
            form.and_then(|form| form.declarations.iter().find(|said| said.step.as_deref() == Some(step)));
        let me = Id(order.caller.person.0).to_string();
        let label = TextV1 { zh: found.named.label.zh.clone(), en: found.named.label.en.clone() };
        let seen = SigningV1 {
            case: file.id().to_string(),
            number: file.record.text("number").unwrap_or_default().to_owned(),
            version: file.version(),
            service_name: TextV1::from(&file.opened.loaded.service.name),
            title: said.map_or(label, |said| TextV1::from(&said.title)),
            text: said.map(|said| said.text.iter().map(TextV1::from).collect()).unwrap_or_default(),
            evidence: found.evidence.clone(),
            signed: file.case.authorities.iter().any(|a| a.subject.0 == me && a.revoked.is_none()),
        };
        Ok(look.release(seen).await?)
    }
}
