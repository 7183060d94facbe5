//! Several reads for one answer, with one commit of what they leave in the access log. Records read in a [`Look`] are for
//! working out the answer; the answer leaves by [`Look::release`], which waits until every trace is on the disk.

use crate::access::Access;
use crate::error::Result;
use crate::id::{Id, Moment};
use crate::read::{Find, traces};
use crate::record::Record;
use crate::scope::{Scope, Use};
use crate::store::Store;
use crate::table::Table;

/// Reads under way for one answer.
#[must_use = "what was read has left no trace yet: release the answer"]
pub struct Look<'a> {
    store: &'a Store,
    scope: &'a Scope,
    purpose: &'a str,
    at: Moment,
    traces: Vec<Access>,
}

impl Store {
    /// Begins to read for one answer.
    pub fn look<'a>(&'a self, scope: &'a Scope, purpose: &'a str, at: Moment) -> Look<'a> {
        Look { store: self, scope, purpose, at, traces: Vec::new() }
    }
}

impl Look<'_> {
    /// The records that are found within the scope.
    ///
    /// # Errors
    /// A fault.
    pub async fn find(&mut self, find: &Find) -> Result<Vec<Record>> {
        let records = self.store.found(self.scope, find, Use::Read).await?;
        self.traces.extend(traces(self.scope, self.purpose, self.at, &records));
        Ok(records)
    }

    /// The one record of that name, if it is there and within the scope.
    ///
    /// # Errors
    /// A fault.
    pub async fn one(&mut self, table: &'static Table, id: Id) -> Result<Option<Record>> {
        Ok(self.find(&Find::one(table, id)).await?.pop())
    }

    /// Commits the traces and hands the answer out.
    ///
    /// # Errors
    /// A fault; then nothing is handed out.
    pub async fn release<T>(self, answer: T) -> Result<T> {
        crate::fault!("look.released");
        self.store.inner.access.write(self.traces).await?;
        Ok(answer)
    }
}
