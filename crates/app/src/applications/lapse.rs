//! Applications nobody goes on with: whoever began one is told a week before it lapses, and when it does, nothing of it is kept.

use super::WARNED;
use super::draft::Draft;
use crate::error::Result;
use crate::office::{Now, Office};
use anmin_authz::scope::SystemJob;
use anmin_store::{Find, Id, Moment, NewNote, Record, Stream, table};

/// The daily job.
pub(crate) const DRAFTS: &str = "drafts";
/// Of one round.
const PAGE: u32 = 100;
const DAY: i64 = 86_400_000;

impl Office {
    /// Tells of applications that are about to lapse, lets those lapse whose day has come, and empties short messages whose
    /// time is over. As often as one likes.
    pub(crate) async fn lapse_drafts(&self, now: Now) -> Result<()> {
        let soon = i64::from(now.on.add_days(WARNED).days());
        let find = Find::all(&table::APPLICATION)
            .equal("state", "open")
            .at_most("lapses_on", soon)
            .order("lapses_on")
            .limit(PAGE);
        let mut after: Option<Record> = None;
        loop {
            let find = match &after {
                Some(last) => find.clone().after(last),
                None => find.clone(),
            };
            let job = SystemJob::Drafts;
            let rows = self.job_scope(job, now.on);
            let page = self.inner.store.read_personal(&rows, job.name(), now.at, &find).await?;
            let whole = page.len() == PAGE as usize;
            after = page.last().cloned();
            for row in page {
                self.lapse_one(Draft::read(row)?, now).await?;
            }
            if !whole {
                break;
            }
        }
        self.empty_notes(now).await
    }

    async fn lapse_one(&self, mut draft: Draft, now: Now) -> Result<()> {
        let job = SystemJob::Drafts;
        let rows = self.job_scope(job, now.on);
        let command = anmin_store::Command {
            scope: &rows,
            name: "lapse_application",
            purpose: job.name(),
            at: now.at,
            request: None,
        };
        let over = draft.record.int("lapses_on").unwrap_or(i64::MAX) < i64::from(now.on.days());
        if !over && draft.sealed.warned {
            return Ok(());
        }
        let mut work = self.inner.store.begin_job(command).await?;
        let id = draft.id().to_string();
        let recipient = draft.record.link("person").filter(|_| !draft.is_of_counter());
        match over {
            true => {
                Office::drop_papers(&mut work, &draft).await?;
                draft.empty("lapsed");
            }
            false => {
                draft.sealed.warned = true;
                if let Some(recipient) = recipient {
                    let body = self.about_to_lapse(&draft)?;
                    let until = Moment(now.at.0 + i64::from(WARNED) * DAY);
                    let note =
                        NewNote { recipient, kind: "application_lapses", body: &body, expires_at: until };
                    work.note_to(&note).await?;
                }
            }
        }
        match work.update_if(draft.row()?).await {
            Ok(_) => drop(work.commit(Stream { kind: "application", id: &id }, b"{}", b"").await?),
            // Somebody has gone on with it meanwhile.
            Err(anmin_store::Error::Refusal(_)) => {}
            Err(error) => return Err(error.into()),
        }
        Ok(())
    }

    fn about_to_lapse(&self, draft: &Draft) -> Result<Vec<u8>> {
        let opened = self.opened(draft.pack(), None)?;
        let name = &opened.loaded.service.name;
        let on = crate::office::date(&draft.record, "lapses_on").map(|on| on.to_string()).unwrap_or_default();
        crate::case::json(&serde_json::json!({
            "zh": format!("您的“{}”申请还没有填完，{on}以后会删除。想继续的，请在此之前接着填，也可以打电话请工作人员帮忙。", name.zh),
            "en": format!("Your application for {} is not finished and will be deleted after {on}. Go on with it before, or call us for help.", name.en),
        }))
    }

    /// What a short message said is nobody's business when its time is over.
    async fn empty_notes(&self, now: Now) -> Result<()> {
        let job = SystemJob::Drafts;
        let rows = self.job_scope(job, now.on);
        let find = Find::all(&table::NOTE)
            .at_most("expires_at", now.at.0 - DAY)
            .at_least("expires_at", 1)
            .limit(1000);
        for row in self.inner.store.read_personal(&rows, job.name(), now.at, &find).await? {
            let command = anmin_store::Command {
                scope: &rows,
                name: "empty_note",
                purpose: job.name(),
                at: now.at,
                request: None,
            };
            let state = if row.text("state") == Some("waiting") { "failed" } else { "sent" };
            let id: Id = row.id();
            let mut work = self.inner.store.begin_job(command).await?;
            let emptied = row.with("body", b"{}".to_vec()).with("expires_at", 0).with("state", state);
            if work.update_if(emptied).await.is_ok() {
                work.commit(Stream { kind: "note", id: &id.to_string() }, b"", b"").await?;
            }
        }
        Ok(())
    }
}
