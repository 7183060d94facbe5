//! Messages: a row in the transaction of the command that sends them, taken by a worker, given to a [`Messenger`], and
//! followed by a delivery that says who, when, how and on what evidence. Effects wait for deliveries.
//!
//! A message can be given to the messenger twice, if the program dies between sending and noting; it carries its
//! identifier, so that the messenger can tell.

use crate::db::{Bind, run, statement};
use crate::error::{Error, Fault, Result};
use crate::id::{Id, Moment};
use crate::jobs::ATTEMPTS;
use crate::read::Find;
use crate::record::{Record, Secret};
use crate::scope::Scope;
use crate::store::Store;
use crate::table::{DELIVERY, OUTBOX};
use crate::write::{Command, Stream, Work};
use sqlx::Row;
use std::fmt;
use std::io::Write;
use std::path::PathBuf;

/// How long a message may be on its way to the messenger, in milliseconds.
const LEASE: i64 = 60_000;
/// The wait before the second attempt; it doubles with each.
const FIRST_WAIT: i64 = 30_000;

/// A message to one person about one case.
#[derive(Clone, Debug)]
pub struct NewMessage<'a> {
    /// About which case.
    pub case: Id,
    /// To whom.
    pub recipient: Id,
    /// `message`, `letter`, `visit`, `phone` or `announcement`.
    pub channel: &'a str,
    /// Which letter of the pack.
    pub letter: &'a str,
    /// Its values.
    pub body: &'a [u8],
}

/// A message on its way, opened for the messenger.
#[derive(Debug)]
pub struct Message {
    /// Its name: the same when it is sent again.
    pub id: Id,
    /// To whom.
    pub recipient: Id,
    /// By which way.
    pub channel: String,
    /// Which letter of the pack.
    pub letter: String,
    /// Its values.
    pub body: Secret,
}

/// What became of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It arrived, or is held to have arrived: who delivered it, and the evidence.
    Delivered {
        /// Who delivered it.
        by: String,
        /// What shows it.
        evidence: Vec<u8>,
    },
    /// It cannot arrive this way; it is not tried again.
    Impossible {
        /// Why.
        why: String,
    },
    /// Try again later.
    Later {
        /// Why.
        why: String,
    },
}

/// Carries messages. A file sink first; paper, text messages and visits later.
pub trait Messenger: Sync {
    /// Sends a message, or finds that it has been sent before.
    fn send(&self, message: &Message) -> impl Future<Output = Outcome> + Send;
}

/// Puts each message into a file of its own in a folder, for demonstrations and tests. One message is one file, however
/// often it is sent.
#[derive(Clone, Debug)]
pub struct FileSink {
    /// The folder.
    pub folder: PathBuf,
}

impl Messenger for FileSink {
    async fn send(&self, message: &Message) -> Outcome {
        let path = self.folder.join(format!("{}.{}", message.id, message.channel));
        let written = (|| {
            std::fs::create_dir_all(&self.folder)?;
            let mut file = std::fs::File::create(&path)?;
            file.write_all(message.body.reveal())?;
            file.sync_all()
        })();
        match written {
            Ok(()) => {
                Outcome::Delivered { by: "file".into(), evidence: path.to_string_lossy().as_bytes().to_vec() }
            }
            Err(error) => Outcome::Later { why: error.kind().to_string() },
        }
    }
}

impl Work {
    /// Puts a message into the outbox. It goes out if the command is carried out, and only then.
    ///
    /// # Errors
    /// There is no such case or person; or a fault.
    pub async fn send(&mut self, message: &NewMessage<'_>) -> Result<Record> {
        let at = self.at();
        let record = Record::new(&OUTBOX, Id::at(at))
            .with("case_id", message.case)
            .with("recipient", message.recipient)
            .with("channel", message.channel)
            .with("letter", message.letter)
            .with("body", message.body.to_vec())
            .with("created_at", at);
        let record = self.insert(record).await?;
        let sql = "INSERT INTO dispatch (outbox, state, due_at, attempts) VALUES ($1, 'waiting', $2, 0)";
        self.run(sql, vec![Bind::text(record.id()), Bind::int(at)]).await?;
        Ok(record)
    }
}

/// How many messages went how.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Posted {
    /// Delivered.
    pub delivered: u32,
    /// Not possible, or five times in vain: somebody must find another way.
    pub failed: u32,
    /// To be tried again.
    pub later: u32,
}

impl Store {
    /// Sends what is due, up to `most` messages. The scope is that of the job that does it.
    ///
    /// # Errors
    /// A fault; what was sent and noted stays so.
    pub async fn post_messages(
        &self,
        scope: &Scope,
        messenger: &impl Messenger,
        at: Moment,
        most: u32,
    ) -> Result<Posted> {
        let mut posted = Posted::default();
        for _ in 0..most {
            let Some(id) = self.claim_message(at).await? else { break };
            let row = self.read_one(scope, "message", at, &OUTBOX, id).await?;
            let message = message(&row)?;
            let outcome = messenger.send(&message).await;
            crate::fault!("outbox.sent");
            match self.note(scope, &row, outcome, at).await? {
                "delivered" => posted.delivered += 1,
                "failed" => posted.failed += 1,
                _ => posted.later += 1,
            }
        }
        Ok(posted)
    }

    async fn claim_message(&self, at: Moment) -> Result<Option<Id>> {
        let free = "attempts < $3 AND ((state = 'waiting' AND due_at <= $1) \
                    OR (state = 'sending' AND lease_until < $1))";
        let sql = format!(
            "UPDATE dispatch SET state = 'sending', lease_until = $2, attempts = attempts + 1 \
             WHERE outbox = (SELECT outbox FROM dispatch WHERE {free} ORDER BY due_at, outbox LIMIT 1) \
             AND {free} RETURNING outbox"
        );
        let mut tx = self.inner.db.write().await?;
        let lapsed = "UPDATE dispatch SET state = 'failed', lease_until = NULL, \
                      error = COALESCE(error, 'the worker stopped without a word') \
                      WHERE state = 'sending' AND lease_until < $1 AND attempts >= $2";
        run(&mut tx, lapsed, vec![Bind::int(at), Bind::int(ATTEMPTS)]).await?;
        let binds = vec![Bind::int(at), Bind::int(at.plus(LEASE)), Bind::int(ATTEMPTS)];
        let row = statement(sql, binds).fetch_optional(&mut *tx).await?;
        tx.commit().await?;
        crate::fault!("outbox.claimed");
        let Some(row) = row else { return Ok(None) };
        let id: String = row.try_get(0)?;
        Ok(Some(Id::parse(&id).ok_or_else(|| Fault::Corrupt(format!("outbox {id}")))?))
    }

    /// Notes what became of a message, with its event in the stream of the case.
    async fn note(&self, scope: &Scope, row: &Record, outcome: Outcome, at: Moment) -> Result<&'static str> {
        let (name, by, evidence, why) = match outcome {
            Outcome::Delivered { by, evidence } => ("delivered", by, evidence, None),
            Outcome::Impossible { why } => ("failed", String::new(), why.clone().into_bytes(), Some(why)),
            Outcome::Later { why } => return self.later(row.id(), at, &why).await,
        };
        let case = row.text("case_id").unwrap_or_default().to_string();
        let command = Command { scope, name: "note_delivery", purpose: "message", at, request: None };
        let mut work = self.begin_job(command).await?;
        let delivery = Record::new(&DELIVERY, Id::at(at))
            .with("outbox", row.id())
            .with("case_id", case.as_str())
            .with("outcome", name)
            .with("means", row.text("channel").unwrap_or_default())
            .with("delivered_at", at)
            .with("delivered_by", by)
            .with("payload", evidence);
        work.insert(delivery).await?;
        let state = if name == "delivered" { "done" } else { "failed" };
        let sql = "UPDATE dispatch SET state = $2, lease_until = NULL, error = $3 \
                   WHERE outbox = $1 AND state = 'sending'";
        let touched = work.run(sql, vec![Bind::text(row.id()), Bind::text(state), Bind::text(why)]).await?;
        if touched == 0 {
            // Another worker took it when our lease ran out, and has noted it.
            return Ok("later");
        }
        work.commit(Stream { kind: "case", id: &case }, b"", b"").await?;
        crate::fault!("outbox.noted");
        Ok(name)
    }

    async fn later(&self, id: Id, at: Moment, why: &str) -> Result<&'static str> {
        let sql = "UPDATE dispatch SET state = CASE WHEN attempts >= $4 THEN 'failed' ELSE 'waiting' END, \
                   lease_until = NULL, due_at = $2 + ($5 * attempts), error = $3 \
                   WHERE outbox = $1 AND state = 'sending'";
        let binds =
            vec![Bind::text(id), Bind::int(at), Bind::text(why), Bind::int(ATTEMPTS), Bind::int(FIRST_WAIT)];
        self.once(sql, binds).await?;
        let sql = "SELECT state FROM dispatch WHERE outbox = $1".to_string();
        let row = self.inner.db.rows(sql, vec![Bind::text(id)]).await?;
        let state: String = row[0].try_get(0)?;
        Ok(if state == "failed" { "failed" } else { "later" })
    }

    /// The messages that could not be delivered and wait for a person to find another way.
    ///
    /// # Errors
    /// A fault.
    pub async fn undelivered(&self, scope: &Scope, purpose: &str, at: Moment) -> Result<Vec<Record>> {
        let sql = "SELECT outbox FROM dispatch WHERE state = 'failed' ORDER BY due_at, outbox LIMIT 100";
        let mut found = Vec::new();
        for row in self.inner.db.rows(sql.into(), Vec::new()).await? {
            let id: String = row.try_get(0)?;
            let Some(id) = Id::parse(&id) else { continue };
            found.extend(self.read_personal(scope, purpose, at, &Find::one(&OUTBOX, id)).await?);
        }
        Ok(found)
    }
}

fn message(row: &Record) -> Result<Message> {
    let bad = || Error::Fault(Fault::Corrupt(format!("{row:?}")));
    Ok(Message {
        id: row.id(),
        recipient: row.link("recipient").ok_or_else(bad)?,
        channel: row.text("channel").ok_or_else(bad)?.into(),
        letter: row.text("letter").ok_or_else(bad)?.into(),
        body: row.secret("body").ok_or_else(bad)?.clone(),
    })
}

impl fmt::Display for Posted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} delivered, {} failed, {} later", self.delivered, self.failed, self.later)
    }
}
