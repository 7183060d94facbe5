//! An application as it is kept: one row, and sealed in it everything that was answered.

use super::filling_in;
use crate::asking::{AnswersV1, Asking};
use crate::case::json;
use crate::error::{Fault, Kind, Refusal, Result, stale};
use crate::office::{Office, Order};
use crate::people::{Start, same_version};
use anmin_authz::id::AreaId;
use anmin_store::{Id, Record, Stream, Work, table};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The sealed part of an application's row.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct DraftSealedV1 {
    pub schema: String,
    /// The answers.
    #[serde(default)]
    pub answers: AnswersV1,
    /// The key of the one who applies, in the list of the household.
    #[serde(default)]
    pub applicant: String,
    /// The household the register has them in, for this service.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub household: Option<String>,
    /// Who came to the counter in the applicant's place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proxy: Option<super::ProxyV1>,
    /// What our own registers knew, by `key/name`, so that it is marked where it was not changed.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub filled: BTreeMap<String, String>,
    /// Papers that were photographed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub papers: Vec<PaperKeptV1>,
    /// Who has signed what.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub signed: Vec<SignedV1>,
    /// A code that was sent to somebody who is to sign.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub codes: Vec<CodeSentV1>,
    /// Whoever began it was told that it is about to lapse.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub warned: bool,
    /// What became of it, for whoever hands it in a second time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub submitted: Option<super::SubmittedV1>,
}

/// A paper.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PaperKeptV1 {
    pub file: String,
    /// Which paper of the form.
    pub paper: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub element: Option<String>,
    pub kind: String,
    pub size: i64,
}

/// A signature.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SignedV1 {
    pub declaration: String,
    pub element: String,
    /// `own`, `code` or `paper`.
    pub how: String,
    pub on: String,
    /// Who it is, as whoever had the session or the telephone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<String>,
    /// The signed paper.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub paper: Option<String>,
}

/// A code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CodeSentV1 {
    pub element: String,
    /// A keyed hash.
    pub hash: String,
    pub until: i64,
    /// To whom it went; none: there was nobody to send it to, which is told to nobody.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<String>,
}

const SCHEMA: &str = "anmin.application/1";
/// More than any household has to say.
const MOST: usize = 240 * 1024;

impl DraftSealedV1 {
    pub fn new() -> DraftSealedV1 {
        DraftSealedV1 { schema: SCHEMA.into(), ..DraftSealedV1::default() }
    }
}

/// An application, opened.
pub(crate) struct Draft {
    pub record: Record,
    pub sealed: DraftSealedV1,
}

/// What became of a change to an application.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DraftDoneV1 {
    /// The application.
    pub application: String,
    /// The version a next form has to name.
    pub version: i64,
    /// `open`, `submitted`, `discarded` or `lapsed`.
    pub state: String,
}

impl Draft {
    pub fn read(record: Record) -> Result<Draft> {
        let corrupt = |what: String| Fault::Broken(format!("application {}: {what}", record.id()));
        let payload = record.secret("payload").ok_or_else(|| corrupt("no payload".into()))?;
        let sealed: DraftSealedV1 =
            serde_json::from_slice(payload.reveal()).map_err(|e| corrupt(e.to_string()))?;
        if sealed.schema != SCHEMA {
            return Err(corrupt(format!("schema {}", sealed.schema)).into());
        }
        Ok(Draft { record, sealed })
    }

    pub fn id(&self) -> Id {
        self.record.id()
    }

    pub fn area(&self) -> AreaId {
        AreaId(self.record.link("area").map_or(0, |id| id.0))
    }

    pub fn pack(&self) -> &str {
        self.record.text("pack").unwrap_or_default()
    }

    pub fn state(&self) -> &str {
        self.record.text("state").unwrap_or_default()
    }

    pub fn is_of_counter(&self) -> bool {
        self.record.int("counter") == Some(1)
    }

    /// The row as it is to be written.
    pub fn row(&self) -> Result<Record> {
        let bytes = json(&self.sealed)?;
        if bytes.len() > MOST {
            return Err(Refusal::new(
                Kind::TooLarge,
                "application_too_large",
                "这份申请写的内容太多，放不下。",
                "There is more in this application than fits.",
            )
            .next("请写得简短一些；长的说明可以拍照上传。", "Keep it short; photograph what is long.")
            .into());
        }
        Ok(self.record.clone().with("payload", bytes))
    }

    /// Somebody has gone on with it today.
    pub fn touch(&mut self, order: &Order<'_>) {
        let on = order.now.on;
        self.record.set("changed_on", i64::from(on.days()));
        self.record.set("lapses_on", i64::from(on.add_days(super::LASTS).days()));
        self.sealed.warned = false;
        // Whoever was first in the list may have been renamed meanwhile.
        let names = self.sealed.answers.lists.values().flatten();
        let mut own = names.filter(|element| element.key == self.sealed.applicant);
        if let Some(element) = own.next().filter(|element| !element.who.name.trim().is_empty()) {
            self.record.set("name", element.who.name.trim());
        }
    }

    pub fn done(&self) -> DraftDoneV1 {
        DraftDoneV1 {
            application: self.id().to_string(),
            version: self.record.version(),
            state: self.state().to_owned(),
        }
    }
}

/// An application under a command.
pub(super) enum Opening {
    /// The same request was carried out before.
    Before(Vec<u8>),
    /// Open, and at the version the form was made from.
    Open(Box<Work>, Box<Draft>),
}

impl Office {
    /// The form an application follows.
    pub(super) fn asking_of(&self, draft: &Draft, order: &Order<'_>) -> Result<Arc<Asking>> {
        let region = self.region_of(draft.area(), order.now.on);
        self.asking(draft.pack(), region.as_deref(), order.now.on)
    }

    /// Begins a command on an application that is open.
    pub(super) async fn open_draft(
        &self,
        order: &Order<'_>,
        id: Id,
        version: i64,
        name: &str,
    ) -> Result<Opening> {
        let mut work = match self.start(order, filling_in(order), name).await? {
            Start::Before(bytes) => return Ok(Opening::Before(bytes)),
            Start::New(work) => work,
        };
        let draft = Draft::read(work.load(&table::APPLICATION, id).await?)?;
        is_open(&draft)?;
        same_version(draft.record.version(), version)?;
        Ok(Opening::Open(work, Box::new(draft)))
    }

    /// Writes an application and ends its command. The result is a [`DraftDoneV1`].
    pub(super) async fn keep_draft(
        &self,
        order: &Order<'_>,
        mut work: Box<Work>,
        mut draft: Box<Draft>,
    ) -> Result<Vec<u8>> {
        draft.touch(order);
        draft.record = match work.update_if(draft.row()?).await {
            Ok(record) => record,
            Err(anmin_store::Error::Refusal(anmin_store::Refusal::Conflict(_))) => return Err(stale().into()),
            Err(error) => return Err(error.into()),
        };
        let result = json(&draft.done())?;
        let id = draft.id().to_string();
        work.commit(Stream { kind: "application", id: &id }, b"{}", &result).await?;
        Ok(result)
    }
}

/// What was handed in, discarded or has lapsed is not changed any more.
pub(super) fn is_open(draft: &Draft) -> Result<()> {
    let (zh, en) = match draft.state() {
        "open" => return Ok(()),
        "submitted" => {
            ("这份申请已经提交，不能再改。", "This application was handed in and cannot be changed.")
        }
        "discarded" => ("这份申请已经删除。", "This application was discarded."),
        _ => (
            "这份申请太久没有填完，已经失效。",
            "Nobody went on with this application for so long that it has lapsed.",
        ),
    };
    let refusal = Refusal::new(Kind::Unmet, "application_closed", zh, en);
    let next = match draft.state() {
        "submitted" => {
            ("有变化的，请在“我的事项”里补充说明。", "What has changed can be added to your case.")
        }
        _ => ("请重新开始一份。", "Begin another."),
    };
    Err(refusal.next(next.0, next.1).into())
}
