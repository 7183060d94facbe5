//! Commands that jobs give to a case: the same pipeline, under the reach of an enumerated job and in its name.

use super::file::CaseFile;
use super::take::CarriedOut;
use super::weigh::Weighed;
use crate::error::{Error, Result};
use crate::office::{Now, Office};
use anmin_authz::scope::SystemJob;
use anmin_casework::apply::{self, Circumstances, Verdicts};
use anmin_casework::command::Command;
use anmin_store::{Id, Stream, table};

/// What a job asks of a case once it is on the table; nothing, if there is nothing to do.
pub(crate) type JobAsk<'a> = dyn Fn(&CaseFile) -> Option<Command> + Send + Sync + 'a;

impl Office {
    /// Gives a command to a case in the name of a job. What changes nothing writes nothing: none.
    pub(crate) async fn command_as_job(
        &self,
        case: Id,
        job: SystemJob,
        name: &str,
        ask: &JobAsk<'_>,
        now: Now,
    ) -> Result<Option<Vec<u8>>> {
        let scope = self.job_scope(job, now.on);
        let command =
            anmin_store::Command { scope: &scope, name, purpose: job.name(), at: now.at, request: None };
        let mut work = self.inner.store.begin_job(command).await?;
        let mut file = CaseFile::read(self, work.load(&table::CASE_FILE, case).await?)?;
        let Some(command) = ask(&file) else { return Ok(None) };
        let verdicts = Verdicts::new();
        let circumstances = Circumstances { today: now.on, calendar: self.calendar(), verdicts: &verdicts };
        let applied = apply::apply(&file.workflow, &file.case, &command, &circumstances);
        let (after, events) = applied.map_err(|refusal| Error::of_case(&refusal, &file.workflow))?;
        if events.is_empty() {
            return Ok(None);
        }
        let version = file.version();
        let weighed = Weighed::default();
        let kept = self.keep(&mut work, &mut file, after, &events, &weighed, now, Some(version)).await?;
        let CarriedOut { events, result } = kept;
        let id = case.to_string();
        work.commit(Stream { kind: "case", id: &id }, &events, &result).await?;
        Ok(Some(result))
    }

    /// Whether a command would change anything.
    pub(crate) fn would_change(&self, file: &CaseFile, command: &Command, now: Now) -> bool {
        let verdicts = Verdicts::new();
        let circumstances = Circumstances { today: now.on, calendar: self.calendar(), verdicts: &verdicts };
        // A refusal is told when the command is given.
        apply::apply(&file.workflow, &file.case, command, &circumstances).map_or(true, |(_, e)| !e.is_empty())
    }

    /// Why a command would be refused, without giving it.
    pub(crate) fn would_refuse(&self, file: &CaseFile, command: &Command, now: Now) -> Option<Error> {
        let verdicts = Verdicts::new();
        let circumstances = Circumstances { today: now.on, calendar: self.calendar(), verdicts: &verdicts };
        let refused = apply::apply(&file.workflow, &file.case, command, &circumstances).err();
        refused.map(|refusal| Error::of_case(&refusal, &file.workflow))
    }
}
