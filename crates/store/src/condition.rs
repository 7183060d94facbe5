//! The condition of a deployment, for those who keep it running: which database, how large, which steps of the schema; the
//! state of the key files, never what is in them; how far the journal is sealed; how many jobs stand how. Nothing personal.

use crate::db::{Bind, Dialect};
use crate::error::Result;
use crate::id::{Moment, hex};
use crate::jobs::{Job, JobState};
use crate::journal::sealer::{COLUMNS, Checkpoint, read_witness};
use crate::keys::FILES;
use crate::store::Store;
use sqlx::Row;
use std::os::unix::fs::MetadataExt;

/// The database a deployment is on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    /// Which kind.
    pub dialect: Dialect,
    /// Its version, as it says it.
    pub version: String,
    /// Its size in bytes.
    pub bytes: i64,
    /// The steps of the schema that have been taken, each with its name.
    pub steps: Vec<(i64, String)>,
    /// The last step this program knows.
    pub newest: i64,
}

/// A key file, without what is in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyState {
    /// The name of the file.
    pub name: &'static str,
    /// When it was written last; none: it is not there.
    pub made_at: Option<Moment>,
    /// Whether its owner alone may read it, and nobody write it.
    pub is_closed: bool,
}

/// How far the journal is sealed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct JournalState {
    /// The last checkpoint: its number, how many entries it covers, its root, and when.
    pub last: Option<(i64, i64, String, Moment)>,
    /// How many entries wait for the next.
    pub waiting: i64,
    /// Since when the oldest of them waits.
    pub oldest: Option<Moment>,
    /// The last checkpoint that the witness has seen; none where there is no witness, or it has seen none.
    pub witnessed: Option<i64>,
    /// Whether there is a witness at all.
    pub has_witness: bool,
    /// The public key that checks the signatures, in hexadecimal digits.
    pub public_key: String,
}

impl Store {
    /// The database this is on.
    ///
    /// # Errors
    /// A fault.
    pub async fn condition(&self) -> Result<Condition> {
        let db = &self.inner.db;
        let (version, bytes) = match db.dialect {
            Dialect::Sqlite => (
                "SELECT sqlite_version()",
                "SELECT (SELECT page_count FROM pragma_page_count()) * (SELECT page_size FROM pragma_page_size())",
            ),
            Dialect::Postgres => {
                ("SELECT current_setting('server_version')", "SELECT pg_database_size(current_database())")
            }
        };
        let version: String = db.rows(version.into(), Vec::new()).await?[0].try_get(0)?;
        let bytes: i64 = db.rows(bytes.into(), Vec::new()).await?[0].try_get(0)?;
        let rows = db.rows("SELECT n, name FROM schema_migration ORDER BY n".into(), Vec::new()).await?;
        let mut steps = Vec::new();
        for row in &rows {
            steps.push((row.try_get(0)?, row.try_get(1)?));
        }
        let newest = crate::migrate::STEPS.last().map_or(0, |(n, ..)| *n);
        Ok(Condition { dialect: db.dialect, version, bytes, steps, newest })
    }

    /// The key files as they lie on the disk. What is in them is not read.
    pub fn key_states(&self) -> Vec<KeyState> {
        let state = |name: &'static str| {
            let facts = std::fs::metadata(self.inner.keys_folder.join(name)).ok();
            KeyState {
                name,
                made_at: facts.as_ref().map(|facts| Moment(facts.mtime() * 1000)),
                is_closed: facts.is_some_and(|facts| facts.mode() & 0o377 == 0),
            }
        };
        FILES.iter().copied().map(state).collect()
    }

    /// How far the journal is sealed, and what the witness has seen of it.
    ///
    /// # Errors
    /// A fault; the witness cannot be read.
    pub async fn journal_state(&self) -> Result<JournalState> {
        let db = &self.inner.db;
        let sql = format!("SELECT {COLUMNS} FROM checkpoint ORDER BY n DESC LIMIT 1");
        let rows = db.rows(sql, Vec::new()).await?;
        let last = rows.first().map(Checkpoint::of).transpose()?;
        let rows = db.rows("SELECT COUNT(*), MIN(at) FROM pending".into(), Vec::new()).await?;
        let oldest: Option<i64> = rows[0].try_get(1)?;
        let witness = &self.inner.witness;
        let seen = witness.as_deref().map(read_witness).transpose()?;
        Ok(JournalState {
            last: last.map(|last| (last.n, last.size, last.root, Moment(last.at))),
            waiting: rows[0].try_get(0)?,
            oldest: oldest.map(Moment),
            witnessed: seen.and_then(|seen| seen.last().map(|last| last.n)),
            has_witness: witness.is_some(),
            public_key: hex(&self.inner.keys.public()),
        })
    }

    /// How many jobs stand how.
    ///
    /// # Errors
    /// A fault.
    pub async fn job_counts(&self) -> Result<Vec<(JobState, i64)>> {
        let rows =
            self.inner.db.rows("SELECT state, COUNT(*) FROM job GROUP BY state".into(), Vec::new()).await?;
        let mut counts = Vec::new();
        for row in &rows {
            let state: String = row.try_get(0)?;
            counts
                .extend(JobState::named(&state).map(|state| row.try_get(1).map(|n| (state, n))).transpose()?);
        }
        Ok(counts)
    }

    /// The job of a kind that was asked for last.
    ///
    /// # Errors
    /// A fault.
    pub async fn last_job(&self, kind: &str) -> Result<Option<Job>> {
        let sql =
            format!("SELECT {} FROM job WHERE kind = $1 ORDER BY id DESC LIMIT 1", crate::jobs::COLUMNS);
        let rows = self.inner.db.rows(sql, vec![Bind::text(kind)]).await?;
        rows.first().map(crate::jobs::job).transpose()
    }

    /// The jobs that were done last, the latest first.
    ///
    /// # Errors
    /// A fault.
    pub async fn jobs_done(&self, most: u32) -> Result<Vec<Job>> {
        let sql = format!(
            "SELECT {} FROM job WHERE state = $1 ORDER BY run_at DESC, id DESC LIMIT {most}",
            crate::jobs::COLUMNS
        );
        let rows = self.inner.db.rows(sql, vec![Bind::text("done")]).await?;
        rows.iter().map(crate::jobs::job).collect()
    }
}
