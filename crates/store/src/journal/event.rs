//! Events: who did what when, which rows it changed, and what came before in the same stream.

use crate::data_keys::EVENT_PAYLOAD;
use crate::db::{Bind, Tx, one, run};
use crate::error::{Fault, Result};
use crate::id::{Id, Moment, hex};
use crate::keys::Key;
use crate::store::Inner;
use crate::write::Stream;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use sqlx::Row;

/// A row a command has changed: its version and keyed hash afterwards.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Changed {
    pub table: &'static str,
    pub id: Id,
    pub version: i64,
    pub hash: String,
    /// Whether it is a whole set of rows: `id` is the set's, the hash the root over it.
    pub set: bool,
}

pub(crate) struct NewEvent<'a> {
    pub stream: Stream<'a>,
    pub at: Moment,
    pub actor: &'a str,
    pub command: &'a str,
    pub payload: &'a [u8],
    pub changed: &'a [Changed],
}

/// An event as it is stored and exported. It holds no personal data: its payload is a keyed hash.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// The kind of its stream.
    pub kind: String,
    /// Its stream.
    pub stream: String,
    /// Its number in the stream, from 1.
    pub n: i64,
    /// When, in milliseconds since 1970.
    pub at: i64,
    /// A person's identifier, or `job:` and its name.
    pub actor: String,
    /// The name of the command.
    pub command: String,
    /// The keyed hash of its payload.
    pub payload_hash: String,
    /// A line a changed row: table, identifier, version, keyed hash. Of a set of rows: table and `*`, the set's
    /// identifier, how many rows, the root over their keyed hashes in the order of their identifiers.
    pub changed: String,
    /// The hash of the event before it in the stream; empty for the first.
    pub prev: String,
    /// The seal of the store that wrote it.
    pub mac: String,
}

impl Event {
    fn parts<'a>(&'a self, n: &'a [u8; 8], at: &'a [u8; 8]) -> Vec<&'a [u8]> {
        let texts = [
            &self.kind,
            &self.stream,
            &self.actor,
            &self.command,
            &self.payload_hash,
            &self.changed,
            &self.prev,
        ];
        let mut parts: Vec<&[u8]> = vec![b"event", n, at];
        parts.extend(texts.map(|text| text.as_bytes()));
        parts
    }

    pub(crate) fn mac(&self, key: &Key) -> String {
        hex(&key.mac(&self.parts(&self.n.to_be_bytes(), &self.at.to_be_bytes())))
    }

    /// Its leaf in the tree of checkpoints, and what the next event of the stream points to.
    pub fn hash(&self) -> String {
        let (n, at) = (self.n.to_be_bytes(), self.at.to_be_bytes());
        let mut parts = self.parts(&n, &at);
        parts.push(self.mac.as_bytes());
        hex(&leaf_hash(&parts))
    }
}

/// A leaf as in RFC 6962: a zero byte goes first, so that no leaf is taken for a node. Each part is preceded by its
/// length.
pub(crate) fn leaf_hash(parts: &[&[u8]]) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update([0]);
    for part in parts {
        hash.update(u64::try_from(part.len()).expect("a length").to_be_bytes());
        hash.update(part);
    }
    hash.finalize().into()
}

pub(crate) fn payload_hash(key: &Key, payload: &[u8]) -> String {
    hex(&key.mac(&[b"payload", payload]))
}

/// Adds an event to its stream, in the transaction of its command. Two commands on one stream take turns here.
pub(crate) async fn append(tx: &mut Tx, store: &Inner, new: NewEvent<'_>) -> Result<i64> {
    let Stream { kind, id } = new.stream;
    let sql =
        "INSERT INTO stream (kind, id, n, hash) VALUES ($1, $2, 0, '') ON CONFLICT (kind, id) DO NOTHING";
    run(tx, sql, vec![Bind::text(kind), Bind::text(id)]).await?;
    let sql =
        format!("SELECT n, hash FROM stream WHERE kind = $1 AND id = $2{}", store.db.dialect.lock_row());
    let row = one(tx, &sql, vec![Bind::text(kind), Bind::text(id)]).await?;
    let row = row.ok_or_else(|| Fault::Corrupt(format!("stream {kind} {id}")))?;
    let (before, prev): (i64, String) = (row.try_get(0)?, row.try_get(1)?);
    let line = |c: &Changed| {
        let set = if c.set { "*" } else { "" };
        format!("{}{set} {} {} {}\n", c.table, c.id, c.version, c.hash)
    };
    let mut event = Event {
        kind: kind.into(),
        stream: id.into(),
        n: before + 1,
        at: new.at.0,
        actor: new.actor.into(),
        command: new.command.into(),
        payload_hash: payload_hash(&store.keys.journal, new.payload),
        changed: new.changed.iter().map(line).collect(),
        prev,
        mac: String::new(),
    };
    event.mac = event.mac(&store.keys.journal);
    write(tx, store, &event, new.payload).await?;
    Ok(event.n)
}

async fn write(tx: &mut Tx, store: &Inner, event: &Event, payload: &[u8]) -> Result<()> {
    let hash = event.hash();
    let sql = "INSERT INTO event (kind, stream, n, at, actor, command, payload_hash, changed, prev, mac) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    let key = || vec![Bind::text(event.kind.as_str()), Bind::text(event.stream.as_str()), Bind::int(event.n)];
    let mut binds = key();
    binds.push(Bind::int(event.at));
    for text in [&event.actor, &event.command, &event.payload_hash, &event.changed, &event.prev, &event.mac] {
        binds.push(Bind::text(text.as_str()));
    }
    run(tx, sql, binds).await?;
    if !payload.is_empty() {
        let place = payload_place(store, event);
        let sealed = store.data_keys.seal(EVENT_PAYLOAD, Moment(event.at).year(), &place, payload);
        let mut binds = key();
        binds.push(Bind::bytes(sealed));
        run(tx, "INSERT INTO event_payload (kind, stream, n, payload) VALUES ($1, $2, $3, $4)", binds)
            .await?;
    }
    let mut binds = key();
    binds.push(Bind::text(hash.as_str()));
    let sql = "UPDATE stream SET n = $3, hash = $4 WHERE kind = $1 AND id = $2";
    run(tx, sql, binds).await?;
    let sql = "INSERT INTO pending (source, kind, stream, n, hash, at) VALUES ('event', $1, $2, $3, $4, $5)";
    let mut binds = key();
    binds.push(Bind::text(hash));
    binds.push(Bind::int(event.at));
    run(tx, sql, binds).await?;
    Ok(())
}

pub(crate) fn payload_place(store: &Inner, event: &Event) -> String {
    let row = format!("{}/{}/{}", event.kind, event.stream, event.n);
    store.data_keys.place(EVENT_PAYLOAD, "payload", &row)
}
