//! How far a job is. Whoever looks sees it move, and the lease is renewed as it goes.

use super::LEASE;
use crate::error::Result;
use crate::office::{Now, Office};
use anmin_store::Lease;

/// After so many steps it is written down how far the job is.
const NOTED: i64 = 20;

/// The pace of a job under way.
pub(crate) struct Pace<'a> {
    lease: &'a Lease,
    now: Now,
    done: i64,
    total: Option<i64>,
}

impl<'a> Pace<'a> {
    pub fn new(lease: &'a Lease, now: Now) -> Pace<'a> {
        Pace { lease, now, done: 0, total: None }
    }

    /// What the job needs to know.
    pub fn payload(&self) -> &[u8] {
        &self.lease.job.payload
    }

    /// Of how much, if that is known.
    pub fn of(&mut self, total: usize) {
        self.total = i64::try_from(total).ok();
    }

    /// One more is done. The moment is that of the whole run, so that a lease is measured from there: a worker that is
    /// slower than its lease may be overtaken, and every step can be repeated.
    pub async fn step(&mut self, office: &Office) -> Result<()> {
        self.done += 1;
        if self.done % NOTED == 0 || Some(self.done) == self.total {
            let until = self.now.at.plus(LEASE);
            office.inner.store.renew_job(self.lease, until, self.done, self.total).await?;
        }
        Ok(())
    }

    /// Writes down at once how far it is.
    pub async fn note(&mut self, office: &Office, done: i64, total: Option<i64>) -> Result<()> {
        (self.done, self.total) = (done, total);
        let until = self.now.at.plus(LEASE);
        Ok(office.inner.store.renew_job(self.lease, until, done, total).await?)
    }

    /// Keeps with the job what it found.
    pub async fn keep(&self, office: &Office, found: &[u8]) -> Result<()> {
        Ok(office.inner.store.keep_with_job(self.lease, found).await?)
    }
}
