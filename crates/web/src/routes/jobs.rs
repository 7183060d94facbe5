//! Jobs that failed and wait for somebody.

use crate::answer::{Json, Kept};
use crate::asked::Asked;
use crate::form::{Form, NoQuery, Nothing};
use crate::problem::Problem;
use crate::route::{Key, Route};
use anmin_app::jobs::{FailedJobV1, JobsV1, RetryJobV1};
use anmin_app::staff::DoneV1;
use axum::http::Method;
use schemars::JsonSchema;
use serde::Serialize;

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::new(Method::GET, "/jobs", jobs)
            .named("list_jobs", "后台任务", "The jobs: waiting, under way, failed, done last")
            .part("jobs")
            .may(&["job_run"], &[]),
        Route::new(Method::GET, "/jobs/failed", failed)
            .named("list_failed_jobs", "失败的任务", "The jobs that failed")
            .part("jobs")
            .may(&["job_run"], &[]),
        Route::new(Method::POST, "/jobs/{job}/retry", retry)
            .named("retry_job", "重试任务", "Let a failed job be tried again")
            .part("jobs")
            .may(&["job_run"], &[])
            .key(Key::Of("retry_job")),
    ]
}

/// Jobs that failed.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct FailedJobsV1 {
    /// The entries.
    jobs: Vec<FailedJobV1>,
}

async fn failed(asked: Asked, _: NoQuery, _: Nothing) -> Result<Json<FailedJobsV1>, Problem> {
    Ok(Json(FailedJobsV1 { jobs: asked.office().failed_jobs(&asked.order()?).await? }))
}

async fn jobs(asked: Asked, _: NoQuery, _: Nothing) -> Result<Json<JobsV1>, Problem> {
    Ok(Json(asked.office().jobs(&asked.order()?).await?))
}

async fn retry(asked: Asked, _: NoQuery, Form(input): Form<RetryJobV1>) -> Result<Kept<DoneV1>, Problem> {
    Ok(asked.office().retry_job(&asked.order()?, asked.id("job")?, &input).await?.into())
}
