//! Jobs that failed five times: shown to administrators of systems, with what to do. They see no case.

use super::KINDS;
use crate::error::Result;
use crate::office::{Office, Order};
use crate::record::TextV1;
use crate::staff::{DoneV1, fine, internal, text_of};
use anmin_store::{Begun, Id, JobState, Stream};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub(super) const JOB_RUN: &str = "job_run";

/// A job that failed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct FailedJobV1 {
    /// The job.
    pub id: String,
    /// Its kind.
    pub kind: String,
    /// What it is called.
    pub name: TextV1,
    /// Which one: a day, a case's identifier.
    pub key: String,
    /// How far it came.
    pub done: i64,
    /// Of how much, if that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total: Option<i64>,
    /// Why it failed last, as the program says it.
    pub error: String,
    /// What to do.
    pub next: TextV1,
}

/// Why a failed job is to be tried again.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RetryJobV1 {
    /// What was done about the cause; kept in the journal.
    #[schemars(length(min = 1, max = 200))]
    pub why: String,
}

/// What a kind of job is called.
pub(super) fn named(kind: &str) -> TextV1 {
    let known = KINDS.iter().find(|(known, ..)| *known == kind);
    let (zh, en) = known.map_or((kind, kind), |(_, zh, en)| (*zh, *en));
    TextV1 { zh: zh.into(), en: en.into() }
}

impl Office {
    /// The jobs that failed and wait for somebody.
    ///
    /// # Errors
    /// Not permitted; or a fault.
    pub async fn failed_jobs(&self, order: &Order<'_>) -> Result<Vec<FailedJobV1>> {
        self.permit(order, JOB_RUN, &internal())?;
        let jobs = self.inner.store.jobs(JobState::Failed).await?;
        let line = |job: anmin_store::Job| {
            FailedJobV1 {
                id: job.id.to_string(),
                name: named(&job.kind),
                key: job.key,
                done: job.done,
                total: job.total,
                error: job.error.unwrap_or_default(),
                next: TextV1 {
                    zh: "请先排除原因（磁盘、网络、密钥，或联系开发人员），再点“重试”；重试不会重复办理。".into(),
                    en: "Remove the cause (disk, network, keys, or ask the developers), then try again: nothing is \
                         done twice."
                        .into(),
                },
                kind: job.kind,
            }
        };
        Ok(jobs.into_iter().map(line).collect())
    }

    /// Lets a failed job be tried again; why stands in the journal. The result is a [`DoneV1`].
    ///
    /// # Errors
    /// No reason; there is no such failed job; not permitted; or a fault.
    pub async fn retry_job(&self, order: &Order<'_>, job: Id, input: &RetryJobV1) -> Result<Vec<u8>> {
        self.permit(order, JOB_RUN, &internal())?;
        let mut wrong = Vec::new();
        let why = text_of(&mut wrong, "why", &input.why, 200);
        fine(wrong)?;
        let work = match self.desk(order, "retry_job", JOB_RUN).await? {
            Begun::Before(result) => return Ok(result),
            Begun::New(work) => work,
        };
        let id = job.to_string();
        let result =
            crate::case::json(&DoneV1 { id: id.clone(), version: 1, state: Some("waiting".into()) })?;
        // Who let it be tried comes first; that it is tried once more does no harm if the other is lost.
        let payload = crate::case::json(&serde_json::json!({ "why": why }))?;
        work.commit(Stream { kind: "job", id: &id }, &payload, &result).await?;
        self.inner.store.retry_job(job, order.now.at).await?;
        Ok(result)
    }
}
