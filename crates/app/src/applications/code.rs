//! A code for somebody in the list who is to sign: to the telephone the register has of them, never to one that was typed
//! into the form. Whether there was anybody to send it to is told to nobody.

use super::draft::{CodeSentV1, Opening};
use crate::asking::ElementV1;
use crate::error::{Error, Kind, Refusal, Result};
use crate::office::{Now, Office, Order};
use crate::people::{PersonRecord, wrong};
use anmin_authz::scope::SystemJob;
use anmin_store::{Blind, Find, Id, Moment, NewNote, Stream, table};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Who is to be sent a code.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AskCodeV1 {
    /// The version the form was made from.
    pub version: i64,
    /// The key of the element.
    #[schemars(length(max = 16))]
    pub element: String,
}

/// How long a code holds, in milliseconds.
pub(crate) const HOLDS: i64 = 10 * 60_000;

/// Six digits.
pub(crate) fn six_digits() -> Result<String> {
    let drawn: [u8; 8] = crate::staff::random()?;
    Ok(format!("{:06}", u64::from_be_bytes(drawn) % 1_000_000))
}

impl Office {
    /// Sends a code to an adult in the list, so that they sign by telling it. The result is a [`super::DraftDoneV1`],
    /// whether there was a telephone to send it to or not.
    ///
    /// # Errors
    /// Too often; nobody has this key; closed; not there; or a fault.
    pub async fn ask_code(&self, order: &Order<'_>, application: Id, input: AskCodeV1) -> Result<Vec<u8>> {
        let opening = self.open_draft(order, application, input.version, "ask_code").await?;
        let (work, mut draft) = match opening {
            Opening::Before(bytes) => return Ok(bytes),
            Opening::Open(work, draft) => (work, draft),
        };
        let elements = draft.sealed.answers.lists.values().flatten();
        let element = elements.into_iter().find(|element| element.key == input.element).cloned();
        let Some(element) = element else {
            return Err(wrong("element", "名单里没有这个人。", "Nobody in the list has this key."));
        };
        // Nothing is held while others are read and counted.
        drop(work);
        let counted = format!("code:{application}:{}", input.element);
        self.paced(&counted, order.now).await?;
        let person = self.telephoned(&element, order.now).await?;
        let code = six_digits()?;
        if let Some(person) = person {
            let applicant = draft.record.text("name").unwrap_or_default().to_owned();
            self.send_code(person, &code, Some(&applicant), order.now).await?;
        }
        let opening = self.open_draft(order, application, input.version, "ask_code").await?;
        let (work, again) = match opening {
            Opening::Before(bytes) => return Ok(bytes),
            Opening::Open(work, draft) => (work, draft),
        };
        draft = again;
        draft.sealed.codes.retain(|sent| sent.element != input.element);
        draft.sealed.codes.push(CodeSentV1 {
            hash: self.code_hash(&application.to_string(), &code),
            element: input.element,
            until: order.now.at.0 + HOLDS,
            person: person.map(|person| person.to_string()),
        });
        self.keep_draft(order, work, draft).await
    }

    /// A try that waits twice as long after each: with words for somebody who has no account.
    pub(crate) async fn paced(&self, key: &str, now: Now) -> Result<()> {
        self.inner.gate.count(&self.inner.store, key, now.at).await.map_err(|error| match error {
            Error::Refusal(refusal) => refusal
                .next(
                    "请稍等再试；等不及的，请到窗口或村（居）委会办理。",
                    "Wait a little and try again, or go to the counter or the village committee.",
                )
                .into(),
            fault => fault,
        })
    }

    /// What is kept of a code.
    pub(crate) fn code_hash(&self, of: &str, code: &str) -> String {
        let code: String = code.chars().map(anmin_base::half_width::half_width).collect();
        let code: String = code.chars().filter(char::is_ascii_digit).collect();
        self.inner.store.keys().blind(Blind::Person, "one-time-code", &format!("{of} {code}"))
    }

    /// Who is meant, if the register has them under that name and number, with a telephone.
    async fn telephoned(&self, element: &ElementV1, now: Now) -> Result<Option<Id>> {
        let find = match element.person.as_deref().and_then(Id::parse) {
            Some(person) => Find::one(&table::PERSON, person),
            None => match self.by_number(&element.who, now) {
                Some(find) => find,
                None => return Ok(None),
            },
        };
        let job = SystemJob::Codes;
        let rows = self.job_scope(job, now.on);
        let found = self.inner.store.read_personal(&rows, job.name(), now.at, &find).await?.pop();
        let Some(person) = found.map(PersonRecord::read).transpose()? else { return Ok(None) };
        let same = element.person.is_some() || person.name() == element.who.name.trim();
        let reached = same && !person.entry().phones.is_empty() && !person.entry().dead;
        Ok(reached.then(|| person.record.id()))
    }

    /// Finds whoever the register has under the number of an entry.
    pub(crate) fn by_number(&self, who: &crate::asking::PersonEnteredV1, now: Now) -> Option<Find> {
        let person = who.entry().person("", now.on).ok()?;
        let keys = person.keys();
        let key = keys.iter().find(|key| key.kind() == anmin_registry::person::KeyKind::Number)?;
        Some(Find::all(&table::PERSON).equal("id_index", self.index(key)))
    }

    /// Puts a code on its way to a person. `applicant` is for whom it is asked; none: to sign in.
    pub(crate) async fn send_code(
        &self,
        person: Id,
        code: &str,
        applicant: Option<&str>,
        now: Now,
    ) -> Result<()> {
        let job = SystemJob::Codes;
        let rows = self.job_scope(job, now.on);
        let command = anmin_store::Command {
            scope: &rows,
            name: "send_code",
            purpose: job.name(),
            at: now.at,
            request: None,
        };
        let minutes = HOLDS / 60_000;
        let (kind, zh, en) = match applicant {
            Some(name) => (
                "application_code",
                format!(
                    "{name}正在为家里申请救助，需要您同意核对收入和财产。同意的，把验证码 {code} 告诉{name}或自己填写，{minutes}分钟内有效。不同意就不用理会。"
                ),
                format!(
                    "{name} is applying for your household and needs your consent to a check of income and property. If you agree, tell or enter the code {code} within {minutes} minutes; if not, do nothing."
                ),
            ),
            None => (
                "sign_in_code",
                format!("登录验证码 {code}，{minutes}分钟内有效。工作人员不会向您要验证码。"),
                format!(
                    "Your code to sign in is {code}, for {minutes} minutes. No member of staff asks for it."
                ),
            ),
        };
        let body = crate::case::json(&serde_json::json!({ "zh": zh, "en": en }))?;
        let mut work = self.inner.store.begin_job(command).await?;
        let note = NewNote { recipient: person, kind, body: &body, expires_at: Moment(now.at.0 + HOLDS) };
        work.note_to(&note).await?;
        work.commit(Stream { kind: "person", id: &person.to_string() }, b"{}", b"").await?;
        Ok(())
    }
}

/// A code is not right, or not any more.
pub(crate) fn code_wrong(at: &str) -> crate::error::Error {
    let mut refusal = Refusal::new(
        Kind::Invalid,
        "code_wrong",
        "验证码不对，或已经过期。",
        "The code is not right, or not valid any more.",
    )
    .next("请核对后重填，或重新获取验证码。", "Check it, or ask for another.");
    refusal.fields = vec![crate::record::FieldError {
        at: at.into(),
        zh: refusal.text.zh.clone(),
        en: refusal.text.en.clone(),
    }];
    refusal.into()
}
