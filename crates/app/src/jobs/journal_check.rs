//! The journal checked as a job: a long one takes minutes, and whoever asked for it looks again when they like. What was found
//! stays with the job; that somebody asked is in the journal itself.

use super::JOURNAL_CHECK;
use super::Pace;
use crate::case::json;
use crate::deployment::ReportV1;
use crate::error::{Error, Fault, Result};
use crate::office::{Now, Office, Order};
use crate::staff::{DoneV1, internal};
use anmin_store::{Begun, Id, JobState, NewJob, Stream};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

const VERIFY: &str = "journal_verify";
const EXPORT: &str = "audit_export";

/// How far a check goes.
#[derive(Clone, Copy, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct JournalCheckV1 {
    /// Also compare every row, seal and payload: takes long.
    #[serde(default)]
    pub state: bool,
}

/// A check as it was asked for, and what it found.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct CheckedV1 {
    state: bool,
    by: String,
    at: i64,
    #[serde(default)]
    report: Option<ReportV1>,
}

/// The last check.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct LastCheckV1 {
    /// Whether every row was compared.
    pub state: bool,
    /// When it was asked for: milliseconds from 1970 on.
    pub at: i64,
    /// Who asked.
    pub by: String,
    /// Whether it waits or is under way.
    pub under_way: bool,
    /// Why it broke off, if it did.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// What it found.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub report: Option<ReportV1>,
}

/// How the journal stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct JournalV1 {
    /// The number of the last checkpoint; none: there is none yet.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub checkpoint: Option<i64>,
    /// When it was signed: milliseconds from 1970 on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sealed_at: Option<i64>,
    /// How many entries it covers.
    pub entries: i64,
    /// Its root.
    pub root: String,
    /// How many entries wait for the next.
    pub waiting: i64,
    /// The last checkpoint that the witness has seen.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub witnessed: Option<i64>,
    /// Whether there is a witness.
    pub has_witness: bool,
    /// The key that checks the signatures, for an auditor: compared with the one they were given.
    pub public_key: String,
    /// The last check of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub check: Option<LastCheckV1>,
}

impl Office {
    /// How the journal stands, and what its last check found.
    ///
    /// # Errors
    /// Not permitted; or a fault.
    pub async fn journal(&self, order: &Order<'_>) -> Result<JournalV1> {
        self.may_any(order.caller, &[VERIFY, EXPORT], order.purpose, order.now)?;
        let state = self.inner.store.journal_state().await?;
        let check = self.inner.store.last_job(JOURNAL_CHECK).await?;
        let check = check.map(|job| -> Result<LastCheckV1> {
            let asked = read(&job.payload)?;
            let rights = self.rights();
            let by = Id::parse(&asked.by).map(|id| anmin_authz::id::PersonId(id.0));
            Ok(LastCheckV1 {
                state: asked.state,
                at: asked.at,
                by: by.and_then(|by| rights.name_of(by)).unwrap_or_default().to_owned(),
                under_way: matches!(job.state, JobState::Waiting | JobState::Running),
                error: job.error.filter(|_| job.state == JobState::Failed),
                report: asked.report,
            })
        });
        let (n, entries, root, at) = state
            .last
            .map_or((None, 0, String::new(), None), |(n, size, root, at)| (Some(n), size, root, Some(at.0)));
        Ok(JournalV1 {
            checkpoint: n,
            sealed_at: at,
            entries,
            root,
            waiting: state.waiting,
            witnessed: state.witnessed,
            has_witness: state.has_witness,
            public_key: state.public_key,
            check: check.transpose()?,
        })
    }

    /// Asks for a check of the journal. The result is a [`DoneV1`] of the deployment.
    ///
    /// # Errors
    /// Not permitted; or a fault.
    pub async fn check_journal(&self, order: &Order<'_>, input: &JournalCheckV1) -> Result<Vec<u8>> {
        self.permit(order, VERIFY, &internal())?;
        let mut work = match self.desk(order, "check_journal", VERIFY).await? {
            Begun::Before(result) => return Ok(result),
            Begun::New(work) => work,
        };
        let asked = CheckedV1 {
            state: input.state,
            by: Id(order.caller.person.0).to_string(),
            at: order.now.at.0,
            report: None,
        };
        let payload = json(&asked)?;
        let key = Id::at(order.now.at).to_string();
        work.enqueue(&NewJob { kind: JOURNAL_CHECK, key: &key, payload: &payload, run_at: order.now.at })
            .await?;
        let id = self.inner.store.deployment().id.to_string();
        let result = json(&DoneV1 { id: id.clone(), version: 1, state: Some("ordered".into()) })?;
        work.commit(Stream { kind: "journal", id: &id }, &payload, &result).await?;
        Ok(result)
    }

    /// The job.
    pub(crate) async fn journal_check(&self, pace: &mut Pace<'_>, payload: &[u8], _: Now) -> Result<()> {
        let mut asked = read(payload)?;
        let store = &self.inner.store;
        let state = store.journal_state().await?;
        let entries = state.last.map_or(0, |(_, size, ..)| size) + state.waiting;
        pace.note(self, 0, Some(entries)).await?;
        let report = if asked.state { store.verify_state().await } else { store.verify_journal().await }?;
        asked.report = Some(ReportV1::from(&report));
        pace.keep(self, &json(&asked)?).await
    }
}

fn read(payload: &[u8]) -> Result<CheckedV1> {
    serde_json::from_slice(payload)
        .map_err(|e| Error::from(Fault::Broken(format!("check of the journal: {e}"))))
}
