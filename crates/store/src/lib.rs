//! Where everything is kept: rows with versions, the journal that is evidence of them, jobs, messages, files, backups.
//! Main types: [`Store`], an open database; [`Work`], the one transaction through which everything is written;
//! [`Scope`], without which nothing about people is read or written. The only crate that knows SQL.
//! Must never know: HTTP, YAML, what a record means (it sees bytes), or a clock: every moment is passed in.
//! Start with `store.rs`, then `write.rs` and `read.rs`, then `journal.rs`; `table.rs` lists what there is.

mod access;
mod attempts;
pub mod backup;
mod condition;
mod counts;
mod course;
mod data_keys;
mod db;
mod enrolment;
mod error;
mod facts;
pub mod fault;
mod files;
mod id;
mod jobs;
pub mod journal;
mod keys;
mod look;
mod looked;
mod migrate;
mod money;
mod notes;
mod outbox;
mod oversight;
mod read;
mod record;
mod reserve;
mod rights;
mod rows;
mod scope;
mod scratch;
mod sealed;
mod sessions;
mod store;
pub mod table;
#[cfg(test)]
mod tests;
mod whole;
mod write;

pub use access::AccessRow;
pub use attempts::Attempts;
pub use condition::{Condition, JournalState, KeyState};
pub use counts::{AreaMoney, CaseCount, Force, RefusalCount};
pub use course::{Course, OwnDoing};
pub use db::Dialect;
pub use enrolment::ENROLMENTS;
pub use error::{Error, Fault, Refusal, Result, Rule};
pub use facts::Facts;
pub use files::{MOST_BYTES, Stored};
pub use id::{Id, Moment};
pub use jobs::{ATTEMPTS, Job, JobState, Lease, NewJob};
pub use keys::{Blind, Keys};
pub use look::Look;
pub use looked::Looked;
pub use money::{BankLine, BatchSum, CameBack, DueAccount, DueAsk, DueGrant, GrantSum, PartSum};
pub use notes::NewNote;
pub use outbox::{FileSink, Message, Messenger, NewMessage, Outcome, Posted};
pub use oversight::{Load, REVEAL};
pub use read::{EXPORTED, Find, Party};
pub use record::{Record, Secret, Value};
pub use rights::Rights;
pub use scope::Scope;
pub use scratch::Scratch;
pub use sessions::{NewSession, Session, Sessions};
pub use store::{Deployment, DeploymentKind, Settings, Store};
pub use write::{Begun, Command, Stream, Work};
