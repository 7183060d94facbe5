//! Where everything is kept: rows with versions, the journal that is evidence of them, jobs, messages, files, backups.
//! Main types: [`Store`], an open database; [`Work`], the one transaction through which everything is written;
//! [`Scope`], without which nothing about people is read or written. The only crate that knows SQL.
//! Must never know: HTTP, YAML, what a record means (it sees bytes), or a clock: every moment is passed in.
//! Start with `store.rs`, then `write.rs` and `read.rs`, then `journal.rs`; `table.rs` lists what there is.

mod access;
pub mod backup;
mod data_keys;
mod db;
mod error;
pub mod fault;
mod files;
mod id;
mod jobs;
pub mod journal;
mod keys;
mod migrate;
mod outbox;
mod read;
mod record;
mod rows;
mod scope;
mod sealed;
mod store;
pub mod table;
#[cfg(test)]
mod tests;
mod write;

pub use access::AccessRow;
pub use db::Dialect;
pub use error::{Error, Fault, Refusal, Result, Rule};
pub use files::{MOST_BYTES, Stored};
pub use id::{Id, Moment};
pub use jobs::{ATTEMPTS, Job, JobState, Lease, NewJob};
pub use keys::{Blind, Keys};
pub use outbox::{FileSink, Message, Messenger, NewMessage, Outcome, Posted};
pub use read::Find;
pub use record::{Record, Secret, Value};
pub use scope::Scope;
pub use store::{Deployment, DeploymentKind, Settings, Store};
pub use write::{Begun, Command, Stream, Work};
