//! The jobs as administrators of systems see them: how many stand how, what is under way and how far, what failed. They see
//! no case: a key that names one stays out.

use super::failed::{FailedJobV1, JOB_RUN, named};
use super::{CLEARING, CLOCKS, DRAFTS, JOURNAL_CHECK, JOURNAL_SEALING, KIN_REVIEW, POST_EXPIRY};
use crate::error::Result;
use crate::office::{Office, Order};
use crate::record::TextV1;
use crate::staff::internal;
use anmin_store::{Job, JobState};
use schemars::JsonSchema;
use serde::Serialize;

/// A job that has not failed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct JobV1 {
    /// The job.
    pub id: String,
    /// Its kind.
    pub kind: String,
    /// What it is called.
    pub name: TextV1,
    /// Which one, where that is a day or a month; what names a case or a person stays out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub of: Option<String>,
    /// Not before: milliseconds from 1970 on.
    pub run_at: i64,
    /// How often it was tried.
    pub attempts: i64,
    /// How far it is.
    pub done: i64,
    /// Of how much, if that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total: Option<i64>,
    /// Why it failed last, where it is tried again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}

/// All jobs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct JobsV1 {
    /// How many wait.
    pub waiting_count: i64,
    /// How many are under way.
    pub running_count: i64,
    /// How many were done.
    pub done_count: i64,
    /// How many failed.
    pub failed_count: i64,
    /// Under way.
    pub running: Vec<JobV1>,
    /// Waiting, the next first, up to a hundred.
    pub waiting: Vec<JobV1>,
    /// Failed, up to a hundred.
    pub failed: Vec<FailedJobV1>,
    /// Done last, the latest first.
    pub done: Vec<JobV1>,
}

/// How many of those that are done are shown.
const DONE: u32 = 20;

impl Office {
    /// The jobs.
    ///
    /// # Errors
    /// Not permitted; or a fault.
    pub async fn jobs(&self, order: &Order<'_>) -> Result<JobsV1> {
        self.permit(order, JOB_RUN, &internal())?;
        let store = &self.inner.store;
        let counts = store.job_counts().await?;
        let count = |state: JobState| counts.iter().find(|(s, _)| *s == state).map_or(0, |(_, n)| *n);
        let lines = |jobs: Vec<Job>| jobs.into_iter().map(line).collect::<Vec<JobV1>>();
        Ok(JobsV1 {
            waiting_count: count(JobState::Waiting),
            running_count: count(JobState::Running),
            done_count: count(JobState::Done),
            failed_count: count(JobState::Failed),
            running: lines(store.jobs(JobState::Running).await?),
            waiting: lines(store.jobs(JobState::Waiting).await?),
            failed: self.failed_jobs(order).await?,
            done: lines(store.jobs_done(DONE).await?),
        })
    }
}

fn line(job: Job) -> JobV1 {
    let dated = [CLOCKS, POST_EXPIRY, JOURNAL_SEALING, CLEARING, DRAFTS, KIN_REVIEW];
    let of = dated.contains(&job.kind.as_str()).then(|| job.key.clone());
    JobV1 {
        id: job.id.to_string(),
        name: named(&job.kind),
        of,
        run_at: job.run_at.0,
        attempts: job.attempts,
        done: job.done,
        total: job.total,
        error: if job.kind == JOURNAL_CHECK { None } else { job.error },
        kind: job.kind,
    }
}
