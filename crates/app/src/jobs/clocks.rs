//! The clocks of all cases, each day: a mark that comes is recorded with whom it is told, so that none passes in silence.

use super::Pace;
use crate::case::CaseFile;
use crate::error::Result;
use crate::office::{Now, Office};
use anmin_authz::scope::SystemJob;
use anmin_casework::command::Command;
use anmin_store::{Find, Record, Scope, table};

/// Cases looked at together.
const BATCH: u32 = 100;

/// Cases, page by page.
struct Pages {
    job: SystemJob,
    scope: Scope,
    /// None after the last.
    find: Option<Find>,
}

impl Office {
    /// Looks at every case with a clock that runs. What has not changed is not written.
    pub(crate) async fn tick_all(&self, pace: &mut Pace<'_>, now: Now) -> Result<()> {
        let mut pages = self.running(SystemJob::Clocks, pace, now).await?;
        while let Some(page) = self.next_page(&mut pages, now).await? {
            for row in page {
                let file = CaseFile::read(self, row)?;
                if self.would_change(&file, &Command::Tick, now) {
                    let tick = |_: &CaseFile| Some(Command::Tick);
                    self.command_as_job(file.id(), SystemJob::Clocks, "tick", &tick, now).await?;
                }
                pace.step(self).await?;
            }
        }
        Ok(())
    }

    /// Looks for relatives in every case with a clock that runs; in what is granted, that is the one of its review.
    pub(crate) async fn match_all_kin(&self, pace: &mut Pace<'_>, now: Now) -> Result<()> {
        let mut pages = self.running(SystemJob::KinMatching, pace, now).await?;
        while let Some(page) = self.next_page(&mut pages, now).await? {
            for row in page {
                self.match_kin(row.id(), now).await?;
                pace.step(self).await?;
            }
        }
        Ok(())
    }

    async fn running(&self, job: SystemJob, pace: &mut Pace<'_>, now: Now) -> Result<Pages> {
        let scope = self.job_scope(job, now.on);
        let find = Find::all(&table::CASE_FILE).at_least("due_on", i64::MIN);
        let total = self.inner.store.count(&scope, &find).await?;
        pace.of(usize::try_from(total).unwrap_or_default());
        Ok(Pages { job, scope, find: Some(find.limit(BATCH)) })
    }

    async fn next_page(&self, pages: &mut Pages, now: Now) -> Result<Option<Vec<Record>>> {
        let Some(find) = pages.find.take() else { return Ok(None) };
        let purpose = pages.job.name();
        let page = self.inner.store.read_personal(&pages.scope, purpose, now.at, &find).await?;
        if page.len() == BATCH as usize {
            pages.find = page.last().map(|last| find.after(last));
        }
        Ok(Some(page))
    }
}
