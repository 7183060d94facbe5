//! Jobs: what is under way and how far, what waits, what failed and is to be tried again, what was done last.

use super::{Sections, below, moment};
use crate::asked::Asked;
use crate::form::NoQuery;
use crate::page::{Html, Turn, form, page};
use crate::pages::form::Form;
use crate::pages::layout::Shell;
use crate::pages::parts::Crumbs;
use crate::posted::Posted;
use crate::problem::Problem;
use crate::route::{Key, Route};
use crate::words::Words;
use anmin_app::jobs::{FailedJobV1, JobV1, RetryJobV1};
use anmin_app::staff::DoneV1;
use askama::Template;
use std::sync::Arc;

const RUN: &[&str] = &["job_run"];

pub(super) fn routes() -> Vec<Route> {
    let mut all = vec![page("/admin/jobs", show).called("page_jobs").may(RUN, &[])];
    all.extend(
        form("/admin/jobs/{job}", show_one, retry)
            .called("page_job", "do_retry_job")
            .may(RUN, &[])
            .key(Key::Of("retry_job")),
    );
    all
}

/// A job in a list.
#[derive(Clone, Debug)]
struct Line {
    name: String,
    of: String,
    at: String,
    attempts: i64,
    done: i64,
    total: Option<i64>,
    error: String,
}

/// A job that failed.
#[derive(Clone, Debug)]
struct Failed {
    id: String,
    name: String,
    progress: String,
    error: String,
    next: String,
}

#[derive(Debug, Template)]
#[template(path = "admin/jobs.html")]
struct JobsPage {
    t: Words,
    shell: Shell,
    sections: Sections,
    running: Vec<Line>,
    waiting: Vec<Line>,
    waiting_count: i64,
    failed: Vec<Failed>,
    failed_count: i64,
    done: Vec<Line>,
    done_count: i64,
    busy: bool,
}

fn line(t: Words, job: &JobV1) -> Line {
    Line {
        name: t.of(&job.name).to_owned(),
        of: job.of.clone().unwrap_or_default(),
        at: moment(t, job.run_at),
        attempts: job.attempts,
        done: job.done,
        total: job.total,
        error: job.error.clone().unwrap_or_default(),
    }
}

fn failed(t: Words, job: &FailedJobV1) -> Failed {
    Failed {
        id: job.id.clone(),
        name: t.of(&job.name).to_owned(),
        progress: match job.total {
            Some(total) => t.text("admin-job-progress").arg("done", job.done).arg("total", total).to_string(),
            None => String::new(),
        },
        error: job.error.clone(),
        next: t.of(&job.next).to_owned(),
    }
}

async fn show(asked: Asked, _: NoQuery) -> Result<Html, Problem> {
    let t = asked.words();
    let found = asked.office().jobs(&asked.order()?).await?;
    let lines = |jobs: &[JobV1]| jobs.iter().map(|job| line(t, job)).collect::<Vec<Line>>();
    let shell = asked.shell("admin-jobs").await?;
    let now = asked.at().0;
    Html::of(&JobsPage {
        t,
        sections: Sections::of(&asked, "/admin/jobs"),
        running: lines(&found.running),
        waiting: lines(&found.waiting),
        waiting_count: found.waiting_count,
        failed: found.failed.iter().map(|job| failed(t, job)).collect(),
        failed_count: found.failed_count,
        done: lines(&found.done),
        done_count: found.done_count,
        busy: !found.running.is_empty() || found.waiting.iter().any(|job| job.run_at <= now),
        shell,
    })
}

#[derive(Debug, Template)]
#[template(path = "admin/job.html")]
struct JobPage {
    t: Words,
    shell: Shell,
    crumbs: Crumbs,
    form: Form,
    job: Failed,
}

async fn show_one(asked: Asked, _: NoQuery, form: Form) -> Result<Html, Problem> {
    let t = asked.words();
    let found = asked.office().failed_jobs(&asked.order()?).await?;
    let job = found.iter().find(|job| job.id == asked.text("job")).ok_or_else(Problem::not_found)?;
    let shell = asked.shell("admin-job-retry").await?.wrong(form.is_wrong());
    Html::of(&JobPage { t, shell, crumbs: below(t, "/admin/jobs", "admin-jobs"), form, job: failed(t, job) })
}

async fn retry(asked: Asked, _: NoQuery, posted: Arc<Posted>) -> Result<Turn, Problem> {
    let mut read = posted.read();
    let why = read.text("why");
    read.done()?;
    let input = RetryJobV1 { why };
    let _: DoneV1 = asked.once(asked.office().retry_job(&asked.order()?, asked.id("job")?, &input)).await?;
    Ok(Turn::to("/admin/jobs").saying("done-job-retry"))
}
