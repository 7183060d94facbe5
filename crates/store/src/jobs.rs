//! Jobs: asked for inside a command, at most one of a kind and key, taken by one worker at a time for a while, tried
//! five times, and then a failure that somebody sees. Times are passed in; a worker renews its lease as it goes.

use crate::db::{Bind, run, statement};
use crate::error::{Error, Fault, Refusal, Result};
use crate::id::{Id, Moment, hex, random};
use crate::store::Store;
use crate::write::Work;
use sqlx::Row;
use sqlx::any::AnyRow;

/// How often a job is tried.
pub const ATTEMPTS: i64 = 5;
/// The wait before the second attempt, in milliseconds; it doubles with each.
const FIRST_WAIT: i64 = 10_000;

/// A job to be done. For monthly work the key is the month, so that it is there once.
#[derive(Clone, Debug)]
pub struct NewJob<'a> {
    /// What is to be done.
    pub kind: &'a str,
    /// Which one.
    pub key: &'a str,
    /// Not before.
    pub run_at: Moment,
    /// What the worker needs to know.
    pub payload: &'a [u8],
}

/// The state of a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JobState {
    /// Its time has not come, or nobody has taken it.
    Waiting,
    /// Somebody has taken it.
    Running,
    /// It is done.
    Done,
    /// It failed five times; somebody must look.
    Failed,
}

/// A job as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Job {
    /// Its name.
    pub id: Id,
    /// What is to be done.
    pub kind: String,
    /// Which one.
    pub key: String,
    /// What the worker needs to know.
    pub payload: Vec<u8>,
    /// Not before.
    pub run_at: Moment,
    /// How often it was taken.
    pub attempts: i64,
    /// How it stands.
    pub state: JobState,
    /// How far it is.
    pub done: i64,
    /// Of how much, if that is known.
    pub total: Option<i64>,
    /// Why it failed last.
    pub error: Option<String>,
}

/// The right to work on a job until the lease runs out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lease {
    /// The job.
    pub job: Job,
    holder: String,
}

pub(crate) const COLUMNS: &str = "id, kind, key, payload, run_at, attempts, state, done, total, error";

impl Work {
    /// Asks for a job. If there is one of that kind and key already, nothing happens. Whether it is new.
    ///
    /// # Errors
    /// A fault.
    pub async fn enqueue(&mut self, job: &NewJob<'_>) -> Result<bool> {
        let sql = "INSERT INTO job (id, kind, key, payload, run_at, state) \
                   VALUES ($1, $2, $3, $4, $5, 'waiting') ON CONFLICT (kind, key) DO NOTHING";
        let binds = vec![
            Bind::text(Id::at(self.at())),
            Bind::text(job.kind),
            Bind::text(job.key),
            Bind::bytes(job.payload.to_vec()),
            Bind::int(job.run_at),
        ];
        Ok(self.run(sql, binds).await? == 1)
    }

    /// Ends a job in the transaction of the command that did its work: both are so, or neither. If the lease has run
    /// out and another has taken the job, the command is refused.
    ///
    /// # Errors
    /// The lease is lost; or a fault.
    pub async fn finish_job(&mut self, lease: &Lease) -> Result<()> {
        let touched = self.run(FINISH, lease.binds()).await?;
        lease.held(touched)
    }
}

const FINISH: &str = "UPDATE job SET state = 'done', lease_until = NULL, holder = NULL, error = NULL \
                      WHERE id = $1 AND holder = $2 AND state = 'running'";

impl Lease {
    fn binds(&self) -> Vec<Bind> {
        vec![Bind::text(self.job.id), Bind::text(self.holder.as_str())]
    }

    fn held(&self, touched: u64) -> Result<()> {
        let lost = Error::Refusal(Refusal::NotFound { table: "job", id: self.job.id });
        if touched == 1 { Ok(()) } else { Err(lost) }
    }
}

impl Store {
    /// Takes the next job of these kinds whose time has come, or whose worker has let its lease run out.
    ///
    /// # Errors
    /// A fault.
    pub async fn claim_job(&self, kinds: &[&str], now: Moment, lease: i64) -> Result<Option<Lease>> {
        if kinds.is_empty() {
            return Ok(None);
        }
        let holder = hex(&random::<16>());
        let mut binds = vec![
            Bind::int(now),
            Bind::int(now.plus(lease)),
            Bind::text(holder.as_str()),
            Bind::int(ATTEMPTS),
        ];
        let mut marks = Vec::new();
        for kind in kinds {
            binds.push(Bind::text(*kind));
            marks.push(format!("${}", binds.len()));
        }
        let free = format!(
            "kind IN ({}) AND attempts < $4 AND ((state = 'waiting' AND run_at <= $1) \
             OR (state = 'running' AND lease_until < $1))",
            marks.join(", ")
        );
        // One conditional update: on PostgreSQL the condition is judged again after waiting for another worker.
        let sql = format!(
            "UPDATE job SET state = 'running', lease_until = $2, holder = $3, attempts = attempts + 1 \
             WHERE id = (SELECT id FROM job WHERE {free} ORDER BY run_at, id LIMIT 1) AND {free} \
             RETURNING {COLUMNS}"
        );
        let mut tx = self.inner.db.write().await?;
        let lapsed = "UPDATE job SET state = 'failed', lease_until = NULL, holder = NULL, \
                      error = COALESCE(error, 'the worker stopped without a word') \
                      WHERE state = 'running' AND lease_until < $1 AND attempts >= $2";
        run(&mut tx, lapsed, vec![Bind::int(now), Bind::int(ATTEMPTS)]).await?;
        let row = statement(sql, binds).fetch_optional(&mut *tx).await?;
        tx.commit().await?;
        crate::fault!("job.claimed");
        row.map(|row| Ok(Lease { job: job(&row)?, holder })).transpose()
    }

    /// Keeps a job for longer and says how far it is.
    ///
    /// # Errors
    /// The lease is lost: stop. Or a fault.
    pub async fn renew_job(&self, lease: &Lease, until: Moment, done: i64, total: Option<i64>) -> Result<()> {
        let sql = "UPDATE job SET lease_until = $3, done = $4, total = $5 \
                   WHERE id = $1 AND holder = $2 AND state = 'running'";
        let mut binds = lease.binds();
        binds.extend([Bind::int(until), Bind::int(done), Bind::int(total)]);
        lease.held(self.once(sql, binds).await?)
    }

    /// Keeps with a job what it found, in the place of what it was to do.
    ///
    /// # Errors
    /// The lease is lost; or a fault.
    pub async fn keep_with_job(&self, lease: &Lease, found: &[u8]) -> Result<()> {
        let sql = "UPDATE job SET payload = $3 WHERE id = $1 AND holder = $2 AND state = 'running'";
        let mut binds = lease.binds();
        binds.push(Bind::bytes(found.to_vec()));
        lease.held(self.once(sql, binds).await?)
    }

    /// Ends a job whose work is in other transactions, each of which can be repeated.
    ///
    /// # Errors
    /// The lease is lost; or a fault.
    pub async fn finish_job(&self, lease: &Lease) -> Result<()> {
        let touched = self.once(FINISH, lease.binds()).await?;
        crate::fault!("job.ended");
        lease.held(touched)
    }

    /// Gives a job back with the reason. After the fifth attempt it has failed and stays so until somebody asks for it
    /// anew.
    ///
    /// # Errors
    /// The lease is lost; or a fault.
    pub async fn fail_job(&self, lease: &Lease, now: Moment, error: &str) -> Result<()> {
        let wait = FIRST_WAIT << lease.job.attempts.clamp(1, ATTEMPTS);
        let sql = "UPDATE job SET state = CASE WHEN attempts >= $3 THEN 'failed' ELSE 'waiting' END, \
                   run_at = $4, lease_until = NULL, holder = NULL, error = $5 \
                   WHERE id = $1 AND holder = $2 AND state = 'running'";
        let mut binds = lease.binds();
        binds.extend([Bind::int(ATTEMPTS), Bind::int(now.plus(wait / 2)), Bind::text(error)]);
        lease.held(self.once(sql, binds).await?)
    }

    /// Lets a failed job be tried again, by somebody who has looked.
    ///
    /// # Errors
    /// There is no failed job of that name; or a fault.
    pub async fn retry_job(&self, id: Id, now: Moment) -> Result<()> {
        let sql = "UPDATE job SET state = 'waiting', attempts = 0, run_at = $2 \
                   WHERE id = $1 AND state = 'failed'";
        let touched = self.once(sql, vec![Bind::text(id), Bind::int(now)]).await?;
        let none = Error::Refusal(Refusal::NotFound { table: "job", id });
        if touched == 1 { Ok(()) } else { Err(none) }
    }

    /// The jobs in a state, the next first, up to a hundred.
    ///
    /// # Errors
    /// A fault.
    pub async fn jobs(&self, state: JobState) -> Result<Vec<Job>> {
        let sql = format!("SELECT {COLUMNS} FROM job WHERE state = $1 ORDER BY run_at, id LIMIT 100");
        let rows = self.inner.db.rows(sql, vec![Bind::text(state.name())]).await?;
        rows.iter().map(job).collect()
    }

    /// One statement in a transaction of its own.
    pub(crate) async fn once(&self, sql: &str, binds: Vec<Bind>) -> Result<u64> {
        let mut tx = self.inner.db.write().await?;
        let touched = run(&mut tx, sql, binds).await?;
        tx.commit().await?;
        Ok(touched)
    }
}

impl JobState {
    fn name(self) -> &'static str {
        match self {
            JobState::Waiting => "waiting",
            JobState::Running => "running",
            JobState::Done => "done",
            JobState::Failed => "failed",
        }
    }

    /// The state of that name.
    pub(crate) fn named(name: &str) -> Option<JobState> {
        let all = [JobState::Waiting, JobState::Running, JobState::Done, JobState::Failed];
        all.into_iter().find(|known| known.name() == name)
    }
}

pub(crate) fn job(row: &AnyRow) -> Result<Job> {
    let (id, state): (String, String) = (row.try_get(0)?, row.try_get(6)?);
    let state = JobState::named(&state);
    let bad = || Fault::Corrupt(format!("job {id}"));
    Ok(Job {
        id: Id::parse(&id).ok_or_else(bad)?,
        kind: row.try_get(1)?,
        key: row.try_get(2)?,
        payload: row.try_get(3)?,
        run_at: Moment(row.try_get(4)?),
        attempts: row.try_get(5)?,
        state: state.ok_or_else(bad)?,
        done: row.try_get(7)?,
        total: row.try_get(8)?,
        error: row.try_get(9)?,
    })
}
