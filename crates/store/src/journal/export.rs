//! The export of the journal: lines of JSON in the order of the tree, each leaf with its entry, each checkpoint after
//! its leaves, at the end what waits and what belongs to nothing. It needs no key and holds no personal data beyond
//! identifiers, so it can be handed to an auditor.

use crate::access::AccessRow;
use crate::db::{Bind, Tx, all};
use crate::error::{Fault, Result};
use crate::journal::event::Event;
use crate::journal::sealer::{COLUMNS, Checkpoint};
use crate::store::Store;
use serde::{Deserialize, Serialize};
use sqlx::Row;
use sqlx::any::AnyRow;
use std::io::Write;

/// One line of an export.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(clippy::large_enum_variant, reason = "nearly every line is the large one")]
pub enum Line {
    /// The first line.
    Head {
        /// The form of the lines after it.
        format: u32,
        /// The deployment.
        deployment: String,
        /// The key that checks checkpoints. An auditor compares it with the one they were given.
        public_key: String,
    },
    /// A leaf, in order.
    Leaf {
        /// Its position, from 0.
        position: i64,
        /// Its hash as the tree has it.
        hash: String,
        /// The stream, for when the entry is gone.
        kind: String,
        /// The stream, for when the entry is gone.
        stream: String,
        /// Its number in the stream.
        n: i64,
        /// The entry; none if it is gone.
        entry: Option<Entry>,
    },
    /// A checkpoint, after its leaves.
    Checkpoint(Checkpoint),
    /// An entry that waits for the next checkpoint.
    Waits {
        /// What waits with it.
        hash: String,
        /// The entry; none if it is gone.
        entry: Option<Entry>,
    },
    /// An entry that is in no checkpoint and waits for none.
    Loose(Entry),
    /// The last line.
    Foot {
        /// How many lines there were before it.
        lines: u64,
    },
}

/// What a leaf stands for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(clippy::large_enum_variant, reason = "nearly every entry is the large one")]
pub enum Entry {
    /// A command.
    Event(Event),
    /// A personal record was read.
    Access(AccessRow),
}

const EVENT: &str =
    "e.kind, e.stream, e.n, e.at, e.actor, e.command, e.payload_hash, e.changed, e.prev, e.mac";
const ACCESS: &str = "a.id, a.at, a.actor, a.post, a.subject, a.of_table, a.record, a.purpose, a.mac";
const PAGE: i64 = 2_000;

impl Store {
    /// Writes the export. The number of its lines.
    ///
    /// # Errors
    /// A fault, or the writer's.
    pub async fn export_journal(&self, out: &mut (dyn Write + Send)) -> Result<u64> {
        let mut lines = 0;
        self.journal_lines(&mut |line| {
            let text = serde_json::to_string(&line).expect("numbers and texts are JSON");
            out.write_all(text.as_bytes())?;
            out.write_all(b"\n")?;
            lines += 1;
            Ok(())
        })
        .await?;
        out.flush()?;
        Ok(lines)
    }

    /// Every line, one by one, of one state of the database.
    pub(crate) async fn journal_lines(
        &self,
        each: &mut (dyn FnMut(Line) -> Result<()> + Send),
    ) -> Result<()> {
        let mut count = 0;
        let mut counted = |line: Line| {
            count += 1;
            each(line)
        };
        let inner = &self.inner;
        let mut tx = inner.db.snapshot().await?;
        counted(Line::Head {
            format: 1,
            deployment: inner.deployment.id.to_string(),
            public_key: crate::id::hex(&inner.keys.public()),
        })?;
        sealed(&mut tx, &mut counted).await?;
        waiting(&mut tx, &mut counted).await?;
        loose(&mut tx, &mut counted).await?;
        each(Line::Foot { lines: count })
    }
}

type Each<'a> = &'a mut (dyn FnMut(Line) -> Result<()> + Send);

async fn sealed(tx: &mut Tx, each: Each<'_>) -> Result<()> {
    let sql = format!("SELECT {COLUMNS} FROM checkpoint ORDER BY n");
    let rows = all(tx, &sql, Vec::new()).await?;
    let checkpoints: Result<Vec<Checkpoint>> = rows.iter().map(Checkpoint::of).collect();
    let mut checkpoints = checkpoints?.into_iter().peekable();
    let mut from = i64::MIN;
    loop {
        let sql = format!(
            "SELECT l.position, l.hash, l.kind, l.stream, l.n, l.source, {EVENT}, {ACCESS} FROM leaf l \
             LEFT JOIN event e ON l.source = 'event' AND e.kind = l.kind AND e.stream = l.stream AND e.n = l.n \
             LEFT JOIN access a ON l.source = 'access' AND a.id = l.stream \
             WHERE l.position >= $1 ORDER BY l.position LIMIT $2"
        );
        let rows = all(tx, &sql, vec![Bind::int(from), Bind::int(PAGE)]).await?;
        let Some(last) = rows.last() else { break };
        from = last.try_get::<i64, _>(0)? + 1;
        for row in &rows {
            let position: i64 = row.try_get(0)?;
            while let Some(checkpoint) = checkpoints.next_if(|checkpoint| checkpoint.size <= position) {
                each(Line::Checkpoint(checkpoint))?;
            }
            each(Line::Leaf {
                position,
                hash: row.try_get(1)?,
                kind: row.try_get(2)?,
                stream: row.try_get(3)?,
                n: row.try_get(4)?,
                entry: entry(row, 5)?,
            })?;
        }
    }
    for checkpoint in checkpoints {
        each(Line::Checkpoint(checkpoint))?;
    }
    Ok(())
}

async fn waiting(tx: &mut Tx, each: Each<'_>) -> Result<()> {
    let sql = format!(
        "SELECT p.hash, p.source, {EVENT}, {ACCESS} FROM pending p \
         LEFT JOIN event e ON p.source = 'event' AND e.kind = p.kind AND e.stream = p.stream AND e.n = p.n \
         LEFT JOIN access a ON p.source = 'access' AND a.id = p.stream ORDER BY p.seq"
    );
    for row in all(tx, &sql, Vec::new()).await? {
        each(Line::Waits { hash: row.try_get(0)?, entry: entry(&row, 1)? })?;
    }
    Ok(())
}

async fn loose(tx: &mut Tx, each: Each<'_>) -> Result<()> {
    let without = |source: &str, kind: &str, stream: &str, n: &str| {
        let one = |table: &str| {
            format!(
                "NOT EXISTS (SELECT 1 FROM {table} x WHERE x.source = '{source}' AND x.kind = {kind} \
                 AND x.stream = {stream} AND x.n = {n})"
            )
        };
        format!("{} AND {}", one("leaf"), one("pending"))
    };
    let events = without("event", "e.kind", "e.stream", "e.n");
    let sql =
        format!("SELECT 'event', {EVENT} FROM event e WHERE {events} ORDER BY e.at, e.kind, e.stream, e.n");
    for row in all(tx, &sql, Vec::new()).await? {
        each(Line::Loose(Entry::Event(event(&row, 1)?)))?;
    }
    let accesses = without("access", "'access'", "a.id", "1");
    let sql = format!("SELECT 'access', {ACCESS} FROM access a WHERE {accesses} ORDER BY a.at, a.id");
    for row in all(tx, &sql, Vec::new()).await? {
        each(Line::Loose(Entry::Access(access(&row, 1)?)))?;
    }
    Ok(())
}

/// The entry whose source stands at this column, followed by the columns of an event and of an access row.
fn entry(row: &AnyRow, at: usize) -> Result<Option<Entry>> {
    let source: String = row.try_get(at)?;
    let there = |column: usize| row.try_get::<Option<String>, _>(column).map(|text| text.is_some());
    Ok(match source.as_str() {
        "event" if there(at + 1)? => Some(Entry::Event(event(row, at + 1)?)),
        "access" if there(at + 11)? => Some(Entry::Access(access(row, at + 11)?)),
        "event" | "access" => None,
        other => return Err(Fault::Corrupt(format!("a leaf of {other}")).into()),
    })
}

pub(crate) fn event(row: &AnyRow, at: usize) -> Result<Event> {
    Ok(Event {
        kind: row.try_get(at)?,
        stream: row.try_get(at + 1)?,
        n: row.try_get(at + 2)?,
        at: row.try_get(at + 3)?,
        actor: row.try_get(at + 4)?,
        command: row.try_get(at + 5)?,
        payload_hash: row.try_get(at + 6)?,
        changed: row.try_get(at + 7)?,
        prev: row.try_get(at + 8)?,
        mac: row.try_get(at + 9)?,
    })
}

pub(crate) fn access(row: &AnyRow, at: usize) -> Result<AccessRow> {
    Ok(AccessRow {
        id: row.try_get(at)?,
        at: row.try_get(at + 1)?,
        actor: row.try_get(at + 2)?,
        post: row.try_get(at + 3)?,
        subject: row.try_get(at + 4)?,
        of_table: row.try_get(at + 5)?,
        record: row.try_get(at + 6)?,
        purpose: row.try_get(at + 7)?,
        mac: row.try_get(at + 8)?,
    })
}
