//! What is done without anybody asking: clocks are looked at each day, relatives matched, messages handed on, the journal
//! sealed, sessions ended when posts end. A job is there once for its kind and key, is tried five times, and then shows
//! as failed until somebody has looked. Every job acts under an enumerated reach, in its own name.

mod clocks;
mod daily;
mod desk;
mod failed;
mod journal_check;
mod pace;

pub use desk::{JobV1, JobsV1};
pub use failed::{FailedJobV1, RetryJobV1};
pub use journal_check::{JournalCheckV1, JournalV1, LastCheckV1};
pub(crate) use pace::Pace;

use crate::applications::DRAFTS;
use crate::case::KIN_MATCHING;
use crate::error::{Error, Fault, Result};
use crate::office::{Now, Office};
use crate::residents::SIGN_IN_CODE;
use crate::staff::{HAND_OVER, KIN_DECLARED};
use anmin_authz::scope::SystemJob;
use anmin_store::{Id, Lease, Messenger};

/// The clocks of all cases on a day.
const CLOCKS: &str = "clocks";
/// Sessions of people whose posts have ended.
const POST_EXPIRY: &str = "post_expiry";
/// The journal of a day under a signed checkpoint, however few events there were.
const JOURNAL_SEALING: &str = "journal_sealing";
/// Objects no row names, sessions and failures long past.
const CLEARING: &str = "clearing";

/// The people of every open case and what staff have declared, compared anew each month: people join households.
const KIN_REVIEW: &str = "kin_review";

/// The journal checked, because an administrator of the audit asked for it.
const JOURNAL_CHECK: &str = "journal_check";

/// Every kind of job, with what it is called.
pub(crate) const KINDS: [(&str, &str, &str); 11] = [
    (CLOCKS, "期限检查", "Clocks of cases"),
    (POST_EXPIRY, "岗位到期", "Posts that have ended"),
    (JOURNAL_SEALING, "日志封存", "Sealing of the journal"),
    (CLEARING, "清理", "Clearing up"),
    (KIN_MATCHING, "近亲属比对（新案件）", "Relatives in a new case"),
    (KIN_DECLARED, "近亲属比对（新申报）", "Cases of a declared relative"),
    (KIN_REVIEW, "近亲属比对（每月）", "Relatives, each month"),
    (HAND_OVER, "案件移交", "Hand-over of cases"),
    (SIGN_IN_CODE, "登录验证码", "Codes to sign in with"),
    (DRAFTS, "未提交的申请", "Applications not handed in"),
    (JOURNAL_CHECK, "日志校验", "Check of the journal"),
];

/// Those that are there once a day.
const DAILY: [&str; 5] = [CLOCKS, POST_EXPIRY, JOURNAL_SEALING, CLEARING, DRAFTS];

/// How long a worker may be silent, in milliseconds.
pub(crate) const LEASE: i64 = 5 * 60_000;

/// What was done.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct JobsDone {
    /// Jobs done, each with its kind and key.
    pub done: Vec<(String, String)>,
    /// Jobs that failed this time, each with its kind, key and why, for the log.
    pub failed: Vec<(String, String, String)>,
    /// Messages delivered.
    pub delivered: u32,
    /// Messages that could not be: somebody must find another way.
    pub undelivered: u32,
    /// Checkpoints signed.
    pub checkpoints: usize,
}

impl Office {
    /// Does the jobs whose time has come, up to so many; hands on as many messages; seals the journal where it is due.
    /// To be called again and again, by one program or by several.
    ///
    /// # Errors
    /// A fault of the database. A job that fails is no error: it is in the report, and tried again later.
    pub async fn run_due_jobs<M: Messenger>(&self, now: Now, messenger: &M, most: u32) -> Result<JobsDone> {
        let mut report = JobsDone::default();
        let kinds = KINDS.map(|(kind, ..)| kind);
        for _ in 0..most {
            let Some(lease) = self.inner.store.claim_job(&kinds, now.at, LEASE).await? else { break };
            self.run_job(&lease, now, &mut report).await?;
        }
        let scope = self.job_scope(SystemJob::MessageDelivery, now.on);
        let posted = self.inner.store.post_messages(&scope, messenger, now.at, most).await?;
        let notes = self.inner.store.post_notes(&scope, messenger, now.at, most).await?;
        (report.delivered, report.undelivered) = (posted.delivered + notes, posted.failed);
        report.checkpoints = self.inner.store.seal(now.at, false).await?.len();
        Ok(report)
    }

    async fn run_job(&self, lease: &Lease, now: Now, report: &mut JobsDone) -> Result<()> {
        let job = &lease.job;
        let (kind, key) = (job.kind.clone(), job.key.clone());
        let mut pace = Pace::new(lease, now);
        match self.work_on(&mut pace, &kind, &key, now).await {
            Ok(()) => {
                self.inner.store.finish_job(lease).await?;
                report.done.push((kind, key));
            }
            Err(error @ Error::Fault(Fault::Full | Fault::Unreachable(_))) => return Err(error),
            Err(error) => {
                let why = error.to_string();
                match self.inner.store.fail_job(lease, now.at, &why).await {
                    // Another worker has it: ours was too slow, and what it says now does not matter.
                    Ok(()) | Err(anmin_store::Error::Refusal(_)) => {}
                    Err(fault) => return Err(fault.into()),
                }
                report.failed.push((kind, key, why));
            }
        }
        Ok(())
    }

    async fn work_on(&self, pace: &mut Pace<'_>, kind: &str, key: &str, now: Now) -> Result<()> {
        let id = || Id::parse(key).ok_or_else(|| Fault::Broken(format!("{kind} of {key}")));
        match kind {
            CLOCKS => self.tick_all(pace, now).await,
            POST_EXPIRY => self.end_sessions(now).await,
            JOURNAL_SEALING => Ok(self.inner.store.seal(now.at, true).await.map(drop)?),
            CLEARING => self.clear(now).await,
            SIGN_IN_CODE => {
                let payload = pace.payload().to_vec();
                self.sign_in_code(&payload, now).await
            }
            DRAFTS => self.lapse_drafts(now).await,
            KIN_MATCHING => self.match_kin(id()?, now).await.map(drop),
            KIN_REVIEW => self.match_all_kin(pace, now).await,
            KIN_DECLARED => self.match_declared(id()?, now).await.map(drop),
            HAND_OVER => {
                let payload = pace.payload().to_vec();
                self.hand_over(pace, &payload, now).await
            }
            JOURNAL_CHECK => {
                let payload = pace.payload().to_vec();
                self.journal_check(pace, &payload, now).await
            }
            _ => Err(Fault::Broken(format!("there is no job {kind}")).into()),
        }
    }
}
