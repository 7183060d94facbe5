//! Who has looked at what is known about somebody: the access log, read for that person. Reading it is logged as well.

use crate::access::{Access, AccessRow};
use crate::db::Bind;
use crate::error::Result;
use crate::id::{Id, Moment};
use crate::scope::Scope;
use crate::store::Store;
use sqlx::Row;

/// Which part of the access log.
#[derive(Clone, Debug)]
pub struct Looked<'a> {
    /// About these: a person, and the households and cases they are in.
    pub subjects: &'a [Id],
    /// Before this moment and row: the next page.
    pub before: Option<(Moment, Id)>,
    /// Up to so many.
    pub limit: u32,
}

impl Store {
    /// The rows of the access log about somebody, the latest first. The caller sees to it that the subjects are theirs;
    /// the log says that they looked.
    ///
    /// # Errors
    /// A fault; then nothing is handed out.
    pub async fn looked(
        &self,
        scope: &Scope,
        purpose: &str,
        at: Moment,
        ask: &Looked<'_>,
    ) -> Result<Vec<AccessRow>> {
        let mut binds: Vec<Bind> = Vec::new();
        let mark = |id: &Id| {
            binds.push(Bind::text(*id));
            format!("${}", binds.len())
        };
        let subjects: Vec<String> = ask.subjects.iter().map(mark).collect();
        if subjects.is_empty() {
            return Ok(Vec::new());
        }
        let mut conditions = format!("subject IN ({})", subjects.join(", "));
        if let Some((moment, id)) = ask.before {
            binds.push(Bind::int(moment));
            binds.push(Bind::text(id));
            let (at, id) = (binds.len() - 1, binds.len());
            conditions.push_str(&format!(" AND (at < ${at} OR (at = ${at} AND id < ${id}))"));
        }
        let sql = format!(
            "SELECT id, at, actor, post, subject, of_table, record, purpose, mac FROM access WHERE {conditions} \
             ORDER BY at DESC, id DESC LIMIT {}",
            ask.limit
        );
        let rows = self.inner.db.rows(sql, binds).await?;
        let mut found = Vec::with_capacity(rows.len());
        for row in &rows {
            found.push(AccessRow {
                id: row.try_get(0)?,
                at: row.try_get(1)?,
                actor: row.try_get(2)?,
                post: row.try_get(3)?,
                subject: row.try_get(4)?,
                of_table: row.try_get(5)?,
                record: row.try_get(6)?,
                purpose: row.try_get(7)?,
                mac: row.try_get(8)?,
            });
        }
        let trace = |subject: &Id| Access {
            id: Id::at(at),
            at,
            actor: scope.actor(),
            post: scope.post(),
            subject: subject.to_string(),
            table: "access".into(),
            record: *subject,
            purpose: purpose.into(),
        };
        self.inner.access.write(ask.subjects.iter().take(1).map(trace).collect()).await?;
        Ok(found)
    }
}
