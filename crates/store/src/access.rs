//! The access log: one row for each record about people that was read. Rows of readers that come at the same time are
//! committed together, and each reader waits for the commit before it hands anything out.

use crate::db::{Db, Tx, insert_many};
use crate::error::{Error, Fault, Result};
use crate::id::{Id, Moment, hex};
use crate::journal::event::leaf_hash;
use crate::keys::Key;
use crate::table::ACCESS;
use crate::table::Kind::{Int, Text};
use serde::{Deserialize, Serialize};
use tokio::sync::{mpsc, oneshot};

/// Who read which record, when, and why. The purpose is what the caller said; `post` is empty for residents and jobs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Access {
    pub id: Id,
    pub at: Moment,
    pub actor: String,
    pub post: String,
    pub subject: String,
    pub table: String,
    pub record: Id,
    pub purpose: String,
}

/// A row of the access log as it is stored and exported.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccessRow {
    /// Its name.
    pub id: String,
    /// When.
    pub at: i64,
    /// Who.
    pub actor: String,
    /// In which post.
    pub post: String,
    /// About whom.
    pub subject: String,
    /// What kind of record.
    pub of_table: String,
    /// Which.
    pub record: String,
    /// Why.
    pub purpose: String,
    /// The seal of the store that wrote it.
    pub mac: String,
}

impl AccessRow {
    fn parts(&self) -> [&[u8]; 8] {
        [
            self.id.as_bytes(),
            self.actor.as_bytes(),
            self.post.as_bytes(),
            self.subject.as_bytes(),
            self.of_table.as_bytes(),
            self.record.as_bytes(),
            self.purpose.as_bytes(),
            b"access",
        ]
    }

    pub(crate) fn mac(&self, key: &Key) -> String {
        let at = self.at.to_be_bytes();
        let mut parts: Vec<&[u8]> = self.parts().to_vec();
        parts.push(&at);
        hex(&key.mac(&parts))
    }

    /// Its leaf in the tree of checkpoints.
    pub fn hash(&self) -> String {
        let at = self.at.to_be_bytes();
        let mut parts: Vec<&[u8]> = self.parts().to_vec();
        parts.push(&at);
        parts.push(self.mac.as_bytes());
        hex(&leaf_hash(&parts))
    }
}

impl Access {
    fn row(&self, key: &Key) -> AccessRow {
        let mut row = AccessRow {
            id: self.id.to_string(),
            at: self.at.0,
            actor: self.actor.clone(),
            post: self.post.clone(),
            subject: self.subject.clone(),
            of_table: self.table.clone(),
            record: self.record.to_string(),
            purpose: self.purpose.clone(),
            mac: String::new(),
        };
        row.mac = row.mac(key);
        row
    }
}

/// Writes rows and what waits for the next checkpoint, in a transaction of the caller.
pub(crate) async fn write(tx: &mut Tx, key: &Key, traces: &[Access]) -> Result<()> {
    if traces.is_empty() {
        return Ok(());
    }
    let pending =
        [("source", Text), ("kind", Text), ("stream", Text), ("n", Int), ("hash", Text), ("at", Int)];
    let mut rows = Vec::new();
    let mut waiting = Vec::new();
    for row in traces.iter().map(|trace| trace.row(key)) {
        let hash = row.hash();
        waiting.push(vec![
            "access".into(),
            "access".into(),
            row.id.as_str().into(),
            1.into(),
            hash.into(),
            row.at.into(),
        ]);
        rows.push(vec![
            row.id.into(),
            row.at.into(),
            row.actor.into(),
            row.post.into(),
            row.subject.into(),
            row.of_table.into(),
            row.record.into(),
            row.purpose.into(),
            row.mac.into(),
        ]);
    }
    insert_many(tx, "access", ACCESS, rows).await?;
    insert_many(tx, "pending", &pending, waiting).await?;
    crate::fault!("access.written");
    Ok(())
}

struct Waiting {
    traces: Vec<Access>,
    done: oneshot::Sender<Result<()>>,
}

/// Gathers what readers leave behind. Its task ends when the last handle is dropped.
#[derive(Clone, Debug)]
pub(crate) struct AccessLog {
    queue: mpsc::Sender<Waiting>,
}

/// How many readers are committed together at most.
const GROUP: usize = 256;

impl AccessLog {
    pub fn start(db: Db, key: Key) -> AccessLog {
        let (queue, mut readers) = mpsc::channel::<Waiting>(GROUP);
        tokio::spawn(async move {
            let mut group = Vec::new();
            while readers.recv_many(&mut group, GROUP).await > 0 {
                commit(&db, &key, std::mem::take(&mut group)).await;
            }
        });
        AccessLog { queue }
    }

    /// Returns when the traces are on the disk.
    pub async fn write(&self, traces: Vec<Access>) -> Result<()> {
        if traces.is_empty() {
            return Ok(());
        }
        let (done, answer) = oneshot::channel();
        let gone = |_| Error::from(Fault::Unreachable("the access log has stopped".into()));
        self.queue.send(Waiting { traces, done }).await.map_err(|_| gone(()))?;
        answer.await.map_err(|_| gone(()))?
    }
}

/// One transaction for the group. When it fails, each reader is tried alone, so that each gets its own error.
async fn commit(db: &Db, key: &Key, group: Vec<Waiting>) {
    let all: Vec<Access> = group.iter().flat_map(|waiting| waiting.traces.clone()).collect();
    let together = write_once(db, key, &all).await;
    let alone = group.len() == 1;
    match together {
        Ok(()) => group.into_iter().for_each(|waiting| drop(waiting.done.send(Ok(())))),
        Err(error) if alone => {
            group.into_iter().take(1).for_each(|waiting| drop(waiting.done.send(Err(clone(&error)))));
        }
        Err(_) => {
            for waiting in group {
                let result = write_once(db, key, &waiting.traces).await;
                drop(waiting.done.send(result));
            }
        }
    }
}

/// An error that cannot be copied, said again for the one who waits.
fn clone(error: &Error) -> Error {
    match error {
        Error::Fault(Fault::Full) => Fault::Full.into(),
        Error::Fault(Fault::Busy) => Fault::Busy.into(),
        Error::Fault(Fault::Injected(point)) => Fault::Injected(point).into(),
        other => Fault::Unreachable(other.to_string()).into(),
    }
}

async fn write_once(db: &Db, key: &Key, traces: &[Access]) -> Result<()> {
    db.write_log(async || {
        let mut tx = db.write_anyway().await?;
        write(&mut tx, key, traces).await?;
        Ok(tx.commit().await?)
    })
    .await?;
    crate::fault!("access.committed");
    Ok(())
}
