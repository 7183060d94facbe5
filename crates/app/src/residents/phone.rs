//! The telephone of somebody in a demonstration: the messages that would have gone there.

use crate::error::{Fault, Kind, Refusal, Result};
use crate::office::{Now, Office};
use crate::record::TextV1;
use anmin_authz::scope::SystemJob;
use anmin_store::{DeploymentKind, Find, Id, Moment, table};
use schemars::JsonSchema;
use serde::Serialize;

/// A message on the telephone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct PhoneMessageV1 {
    /// The day.
    pub on: String,
    /// The moment, in milliseconds, for the order.
    pub at: i64,
    /// What kind of message: `sign_in_code`, or the name of a letter.
    pub kind: String,
    /// What it says; of a letter that it is there.
    pub text: TextV1,
    /// The case, of a letter.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub case: Option<String>,
}

/// Of each kind.
const MOST: u32 = 50;

impl Office {
    /// The messages of somebody in a demonstration, the latest first.
    ///
    /// # Errors
    /// This is no demonstration; or a fault.
    pub async fn demo_phone(&self, person: Id, now: Now) -> Result<Vec<PhoneMessageV1>> {
        if self.inner.store.deployment().kind != DeploymentKind::Demo {
            return Err(Refusal::new(
                Kind::Forbidden,
                "no_demo",
                "这不是演示系统。",
                "This is no demonstration.",
            )
            .into());
        }
        let job = SystemJob::MessageDelivery;
        let rows = self.job_scope(job, now.on);
        let store = &self.inner.store;
        let latest = |table| Find::all(table).equal("recipient", person).order("created_at").descending();
        let notes = store.read_personal(&rows, job.name(), now.at, &latest(&table::NOTE).limit(MOST)).await?;
        let mut messages = Vec::new();
        for row in notes {
            let at = row.int("created_at").unwrap_or_default();
            let body = row.secret("body").map(|body| serde_json::from_slice(body.reveal()));
            let Some(Ok(text)) = body else { continue };
            let text: serde_json::Value = text;
            let word = |lang: &str| text[lang].as_str().unwrap_or_default().to_owned();
            messages.push(PhoneMessageV1 {
                on: crate::office::day_in_china(Moment(at)).to_string(),
                at,
                kind: row.text("kind").unwrap_or_default().to_owned(),
                text: TextV1 { zh: word("zh"), en: word("en") },
                case: None,
            });
        }
        let letters =
            store.read_personal(&rows, job.name(), now.at, &latest(&table::OUTBOX).limit(MOST)).await?;
        for row in letters {
            let at = row.int("created_at").unwrap_or_default();
            let case = row.link("case_id").ok_or_else(|| Fault::Broken("a message about nothing".into()))?;
            let kind = row.text("letter").unwrap_or_default().to_owned();
            let workflow = self.course_of(case).await?;
            let named = workflow.letters.iter().find(|letter| letter.name == kind);
            let (zh, en) = named.map_or((kind.clone(), kind.clone()), |named| {
                (named.label.zh.clone(), named.label.en.clone())
            });
            messages.push(PhoneMessageV1 {
                on: crate::office::day_in_china(Moment(at)).to_string(),
                at,
                text: TextV1 {
                    zh: format!("您有一份文书：{zh}。请登录查看，或到窗口领取。"),
                    en: format!(
                        "There is a letter for you: {en}. Sign in to read it, or fetch it at the counter."
                    ),
                },
                kind,
                case: Some(case.to_string()),
            });
        }
        messages.sort_by_key(|message| std::cmp::Reverse(message.at));
        Ok(messages)
    }
}
