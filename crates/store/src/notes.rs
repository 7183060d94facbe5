//! Short messages about no case: a code to sign in with, or that an application is about to lapse. Like those of the outbox
//! they are rows in the transaction of the command that sends them, and a worker hands them to the [`Messenger`]; nothing
//! waits for their delivery, and what they say is emptied when their time is over.

use crate::error::Result;
use crate::id::{Id, Moment};
use crate::jobs::ATTEMPTS;
use crate::outbox::{Message, Messenger, Outcome};
use crate::read::Find;
use crate::record::Record;
use crate::scope::Scope;
use crate::store::Store;
use crate::table::NOTE;
use crate::write::{Command, Stream, Work};

/// A short message to one person.
#[derive(Clone, Copy, Debug)]
pub struct NewNote<'a> {
    /// To whom.
    pub recipient: Id,
    /// What kind it is.
    pub kind: &'a str,
    /// What it says.
    pub body: &'a [u8],
    /// When it is worth nothing any more.
    pub expires_at: Moment,
}

impl Work {
    /// Puts a short message into the way out. It goes if the command is carried out, and only then.
    ///
    /// # Errors
    /// There is no such person; or a fault.
    pub async fn note_to(&mut self, note: &NewNote<'_>) -> Result<Record> {
        let at = self.at();
        let record = Record::new(&NOTE, Id::at(at))
            .with("recipient", note.recipient)
            .with("channel", "message")
            .with("kind", note.kind)
            .with("state", "waiting")
            .with("attempts", 0)
            .with("created_at", at)
            .with("expires_at", note.expires_at)
            .with("body", note.body.to_vec());
        self.insert(record).await
    }
}

impl Store {
    /// Sends the short messages that wait, up to `most`. How many were sent.
    ///
    /// # Errors
    /// A fault; what was sent and noted stays so.
    pub async fn post_notes(
        &self,
        scope: &Scope,
        messenger: &impl Messenger,
        at: Moment,
        most: u32,
    ) -> Result<u32> {
        let mut sent = 0;
        let find = Find::all(&NOTE).equal("state", "waiting").order("created_at").limit(most);
        for row in self.read_personal(scope, "message", at, &find).await? {
            let Some(body) = row.secret("body") else { continue };
            let message = Message {
                id: row.id(),
                recipient: row.link("recipient").unwrap_or(row.id()),
                channel: row.text("channel").unwrap_or_default().into(),
                letter: row.text("kind").unwrap_or_default().into(),
                body: body.clone(),
            };
            let expired = row.int("expires_at").unwrap_or_default() <= at.0;
            let outcome = match expired {
                true => Outcome::Impossible { why: "too late".into() },
                false => messenger.send(&message).await,
            };
            let attempts = row.int("attempts").unwrap_or_default() + 1;
            let state = match outcome {
                Outcome::Delivered { .. } => "sent",
                Outcome::Impossible { .. } => "failed",
                Outcome::Later { .. } if attempts >= ATTEMPTS => "failed",
                Outcome::Later { .. } => "waiting",
            };
            let id = row.id().to_string();
            let command = Command { scope, name: "note_sent", purpose: "message", at, request: None };
            let mut work = self.begin_job(command).await?;
            match work.update_if(row.with("state", state).with("attempts", attempts)).await {
                Ok(_) => drop(work.commit(Stream { kind: "note", id: &id }, b"", b"").await?),
                // Another worker has sent it as well.
                Err(crate::Error::Refusal(_)) => continue,
                Err(fault) => return Err(fault),
            }
            sent += u32::from(state == "sent");
        }
        Ok(sent)
    }
}
