//! The sealer: takes what waits, in the order it came, as leaves of the tree, signs the new root and copies the
//! checkpoint to the witness. It runs as a job; two at once cannot both succeed.

use crate::db::{Bind, Db, Tx, all, insert_many, one, run};
use crate::error::{Error, Fault, Refusal, Result, Rule};
use crate::id::{Moment, hex, unhex};
use crate::journal::merkle::Tree;
use crate::keys::Keys;
use crate::store::{Inner, Store};
use crate::table::Kind::{Int, Text};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use sqlx::Row;
use sqlx::any::AnyRow;
use std::io::Write;
use std::path::Path;

/// A checkpoint covers at most so many leaves.
pub const LEAVES: i64 = 1_000;
/// Whatever waits is sealed after so long, in milliseconds.
pub const PATIENCE: i64 = 5 * 60 * 1_000;

/// A signed statement about the whole tree up to a size.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checkpoint {
    /// Its number, from 1.
    pub n: i64,
    /// How many leaves the tree had.
    pub size: i64,
    /// Its root.
    pub root: String,
    /// Its peaks, from which the root is folded.
    pub peaks: String,
    /// When.
    pub at: i64,
    /// The hash of the checkpoint before it; empty for the first.
    pub prev: String,
    /// The signature over all of that and the deployment.
    pub signature: String,
}

impl Checkpoint {
    fn text(&self, deployment: &str) -> String {
        let Checkpoint { n, size, root, peaks, at, prev, .. } = self;
        format!("anmin checkpoint 1\n{deployment}\n{n}\n{size}\n{root}\n{peaks}\n{at}\n{prev}\n")
    }

    /// What the next checkpoint points to.
    pub fn hash(&self, deployment: &str) -> String {
        hex(&Sha256::digest(self.text(deployment) + &self.signature))
    }

    /// Whether it was signed with the key that belongs to this public one, and its peaks fold to its root.
    pub fn is_true(&self, deployment: &str, public: &[u8; 32]) -> bool {
        let signed = unhex::<64>(&self.signature).is_some_and(|signature| {
            crate::keys::signed(public, self.text(deployment).as_bytes(), &signature)
        });
        signed && self.tree().is_some_and(|tree| hex(&tree.root()) == self.root)
    }

    pub(crate) fn tree(&self) -> Option<Tree> {
        Tree::from_peaks(u64::try_from(self.size).ok()?, &self.peaks)
    }

    fn sign(mut self, deployment: &str, keys: &Keys) -> Checkpoint {
        self.signature = hex(&keys.sign(self.text(deployment).as_bytes()));
        self
    }

    pub(crate) fn of(row: &AnyRow) -> Result<Checkpoint> {
        Ok(Checkpoint {
            n: row.try_get(0)?,
            size: row.try_get(1)?,
            root: row.try_get(2)?,
            peaks: row.try_get(3)?,
            at: row.try_get(4)?,
            prev: row.try_get(5)?,
            signature: row.try_get(6)?,
        })
    }
}

pub(crate) const COLUMNS: &str = "n, size, root, peaks, at, prev, signature";

impl Store {
    /// Seals what waits, if a thousand entries wait or the oldest has waited for five minutes, or all of it when
    /// `now_all`. The checkpoints made.
    ///
    /// # Errors
    /// The witness has seen what this database has not: it was rolled back or replaced. Or a fault.
    pub async fn seal(&self, at: Moment, now_all: bool) -> Result<Vec<Checkpoint>> {
        let inner = &self.inner;
        copy_to_witness(inner).await?;
        let mut made = Vec::new();
        while let Some(checkpoint) = seal_some(inner, at, now_all).await? {
            made.push(checkpoint);
            copy_to_witness(inner).await?;
        }
        Ok(made)
    }
}

async fn seal_some(inner: &Inner, at: Moment, now_all: bool) -> Result<Option<Checkpoint>> {
    let sql = "SELECT COUNT(*), COALESCE(MIN(at), 0) FROM pending";
    let row = inner.db.rows(sql.into(), Vec::new()).await?;
    let (waiting, oldest): (i64, i64) = (row[0].try_get(0)?, row[0].try_get(1)?);
    let due = waiting >= LEAVES || oldest <= at.0.saturating_sub(PATIENCE) || now_all;
    if waiting == 0 || !due {
        return Ok(None);
    }
    let mut tx = inner.db.write().await?;
    let deployment = inner.deployment.id.to_string();
    let last = last(&mut tx).await?;
    let mut tree = match &last {
        None => Tree::default(),
        Some(last) => last.tree().ok_or_else(|| Fault::Corrupt(format!("checkpoint {}", last.n)))?,
    };
    take(&mut tx, &mut tree).await?;
    crate::fault!("seal.leaves");
    let checkpoint = Checkpoint {
        n: last.as_ref().map_or(1, |last| last.n + 1),
        size: i64::try_from(tree.size()).expect("a journal of a human number of entries"),
        root: hex(&tree.root()),
        peaks: tree.peaks(),
        at: at.0,
        prev: last.map_or_else(String::new, |last| last.hash(&deployment)),
        signature: String::new(),
    };
    let checkpoint = checkpoint.sign(&deployment, &inner.keys);
    crate::fault!("seal.signed");
    insert(&mut tx, &checkpoint).await?;
    tx.commit().await?;
    crate::fault!("seal.committed");
    Ok(Some(checkpoint))
}

/// Turns what waits into leaves.
async fn take(tx: &mut Tx, tree: &mut Tree) -> Result<()> {
    let sql = "SELECT source, kind, stream, n, hash, seq FROM pending ORDER BY seq LIMIT $1";
    let rows = all(tx, sql, vec![Bind::int(LEAVES)]).await?;
    let mut leaves = Vec::new();
    let mut taken = Vec::new();
    for row in rows {
        let position = i64::try_from(tree.size()).expect("a journal of a human number of entries");
        let hash: String = row.try_get(4)?;
        tree.push(unhex(&hash).ok_or_else(|| Fault::Corrupt("a hash that waits".into()))?);
        let (source, kind, stream): (String, String, String) =
            (row.try_get(0)?, row.try_get(1)?, row.try_get(2)?);
        let n: i64 = row.try_get(3)?;
        leaves.push(vec![position.into(), source.into(), kind.into(), stream.into(), n.into(), hash.into()]);
        taken.push(row.try_get::<i64, _>(5)?);
    }
    let columns =
        [("position", Int), ("source", Text), ("kind", Text), ("stream", Text), ("n", Int), ("hash", Text)];
    match insert_many(tx, "leaf", &columns, leaves).await {
        // Another sealer was first.
        Err(Error::Refusal(Refusal::Rule { kind: Rule::Unique, .. })) => return Err(Fault::Busy.into()),
        done => done?,
    }
    // One by one: a number below the last may belong to a command that has not committed yet.
    for chunk in taken.chunks(500) {
        let marks: Vec<String> = (1..=chunk.len()).map(|n| format!("${n}")).collect();
        let sql = format!("DELETE FROM pending WHERE seq IN ({})", marks.join(", "));
        run(tx, &sql, chunk.iter().map(|seq| Bind::int(*seq)).collect()).await?;
    }
    Ok(())
}

async fn last(tx: &mut Tx) -> Result<Option<Checkpoint>> {
    let sql = format!("SELECT {COLUMNS} FROM checkpoint ORDER BY n DESC LIMIT 1");
    one(tx, &sql, Vec::new()).await?.map(|row| Checkpoint::of(&row)).transpose()
}

async fn insert(tx: &mut Tx, checkpoint: &Checkpoint) -> Result<()> {
    let Checkpoint { n, size, root, peaks, at, prev, signature } = checkpoint;
    let mut binds = vec![Bind::int(*n), Bind::int(*size)];
    binds.extend([root, peaks].map(|text| Bind::text(text.as_str())));
    binds.push(Bind::int(*at));
    binds.extend([prev, signature].map(|text| Bind::text(text.as_str())));
    let sql = format!("INSERT INTO checkpoint ({COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7)");
    match run(tx, &sql, binds).await {
        Err(Error::Refusal(Refusal::Rule { kind: Rule::Unique, .. })) => Err(Fault::Busy.into()),
        done => done.map(drop),
    }
}

/// What a witness has seen, a checkpoint a line. A last line that broke off in the middle is no statement.
pub fn read_witness(path: &Path) -> Result<Vec<Checkpoint>> {
    let text = match std::fs::read_to_string(path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        text => text?,
    };
    let whole = text.rfind('\n').map_or("", |end| &text[..=end]);
    let read = |(at, line): (usize, &str)| {
        let bad = |_| Fault::Backup(format!("line {} of the witness", at + 1)).into();
        serde_json::from_str(line).map_err(bad)
    };
    whole.lines().enumerate().filter(|(_, line)| !line.is_empty()).map(read).collect()
}

/// Writes to the witness what it has not seen. Refuses when it has seen what this database has not.
async fn copy_to_witness(inner: &Inner) -> Result<()> {
    let Some(path) = &inner.witness else { return Ok(()) };
    let seen = read_witness(path)?;
    let after = seen.last().map_or(0, |last| last.n);
    if let Some(last) = seen.last() {
        let ours = checkpoints(&inner.db, last.n - 1).await?;
        if ours.first() != Some(last) {
            let what = format!(
                "the witness has seen checkpoint {}, this database has another or none: \
                 it was rolled back or replaced",
                last.n
            );
            return Err(Fault::Corrupt(what).into());
        }
    }
    let new = checkpoints(&inner.db, after).await?;
    if new.is_empty() {
        return Ok(());
    }
    let mut file = std::fs::OpenOptions::new().create(true).append(true).open(path)?;
    let mut lines = String::new();
    if std::fs::read(path)?.last().is_some_and(|byte| *byte != b'\n') {
        // A line that broke off is ended, so that it stands alone; it is empty of meaning, so it is taken out.
        let text = std::fs::read_to_string(path)?;
        let whole = text.rfind('\n').map_or(0, |end| end + 1);
        file.set_len(u64::try_from(whole).expect("a length"))?;
    }
    for checkpoint in new {
        lines.push_str(&serde_json::to_string(&checkpoint).expect("numbers and texts are JSON"));
        lines.push('\n');
    }
    file.write_all(lines.as_bytes())?;
    file.sync_all()?;
    crate::fault!("witness.written");
    Ok(())
}

pub(crate) async fn checkpoints(db: &Db, after: i64) -> Result<Vec<Checkpoint>> {
    let sql = format!("SELECT {COLUMNS} FROM checkpoint WHERE n > $1 ORDER BY n");
    let rows = db.rows(sql, vec![Bind::int(after)]).await?;
    rows.iter().map(Checkpoint::of).collect()
}
