//! What is there once a day, and the day itself in a demonstration.

use super::{CLOCKS, DAILY, JobsDone, KIN_REVIEW};
use crate::error::{Fault, Result};
use crate::office::{Now, Office};
use anmin_authz::scope::SystemJob;
use anmin_store::{DeploymentKind, Find, Messenger, NewJob, Record, Stream, table};
use std::collections::BTreeSet;

/// How long after its end a post is looked for: a program that stood still for a week-end finds it on Monday. A session is
/// over by itself long before.
const LOOK_BACK: i64 = 3;
/// Jobs done in one step of a demonstration's day.
const OF_A_DAY: u32 = 1_000;

impl Office {
    /// Sees to it that the day's and the month's jobs are there. To be called as often as one likes. How many are new.
    ///
    /// # Errors
    /// A fault.
    pub async fn schedule(&self, now: Now) -> Result<u32> {
        let scope = self.job_scope(SystemJob::Clocks, now.on);
        let command = anmin_store::Command {
            scope: &scope,
            name: "schedule",
            purpose: CLOCKS,
            at: now.at,
            request: None,
        };
        let key = now.on.to_string();
        let mut work = self.inner.store.begin_job(command).await?;
        let month = format!("{:04}-{:02}", now.on.year(), now.on.month());
        let daily = DAILY.into_iter().map(|kind| (kind, &key));
        let mut new = 0;
        for (kind, key) in daily.chain([(KIN_REVIEW, &month)]) {
            let job = NewJob { kind, key, payload: b"", run_at: now.at };
            new += u32::from(work.enqueue(&job).await?);
        }
        if new > 0 {
            work.commit(Stream { kind: "day", id: &key }, b"", b"").await?;
        }
        Ok(new)
    }

    /// In a demonstration: the next day comes, with all its jobs.
    ///
    /// # Errors
    /// This is no demonstration; or a fault.
    pub async fn next_day<M: Messenger>(&self, now: Now, messenger: &M) -> Result<(Now, JobsDone)> {
        if self.inner.store.deployment().kind != DeploymentKind::Demo {
            return Err(Fault::Broken("only a demonstration has a day of its own".into()).into());
        }
        let now = Now { on: now.on.add_days(1), ..now };
        self.inner.store.set_demo_day(now.on).await?;
        self.read_rights(now.at).await?;
        self.schedule(now).await?;
        let done = self.run_due_jobs(now, messenger, OF_A_DAY).await?;
        Ok((now, done))
    }

    /// Signs out whose post ended yesterday or a few days before. Delegations end with the post they were cut from.
    pub(crate) async fn end_sessions(&self, now: Now) -> Result<()> {
        self.read_rights(now.at).await?;
        let scope = self.job_scope(SystemJob::PostExpiry, now.on);
        let today = i64::from(now.on.days());
        let ended = Find::all(&table::POST)
            .equal("state", "approved")
            .at_least("valid_to", today - LOOK_BACK)
            .at_most("valid_to", today - 1);
        let store = &self.inner.store;
        let mut people = BTreeSet::new();
        let mut after: Option<Record> = None;
        loop {
            let find = match &after {
                Some(last) => ended.clone().after(last),
                None => ended.clone(),
            };
            let page = store.read_personal(&scope, SystemJob::PostExpiry.name(), now.at, &find).await?;
            people.extend(page.iter().filter_map(|row| row.link("person")));
            if page.len() < 100 {
                break;
            }
            after = page.into_iter().next_back();
        }
        let rights = self.rights();
        let cut = rights.posts.values().flatten();
        let cut = cut.filter(|p| p.delegated_by().is_some_and(|by| people.contains(&anmin_store::Id(by.0))));
        let cut: Vec<_> = cut.map(|post| anmin_store::Id(post.person().0)).collect();
        people.extend(cut);
        for person in people {
            store.sessions().end_all(person, now.at).await?;
        }
        Ok(())
    }

    /// Removes what nobody needs: objects without a row, sessions and failures long past.
    pub(crate) async fn clear(&self, now: Now) -> Result<()> {
        let store = &self.inner.store;
        store.remove_orphans(now.at).await?;
        store.sessions().forget(now.at).await?;
        store.attempts().forget(now.at).await?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_daily_has_a_name() {
        for kind in DAILY {
            assert!(super::super::KINDS.iter().any(|(known, ..)| *known == kind), "{kind}");
        }
        assert!(DAILY.contains(&super::super::CLEARING));
    }
}
