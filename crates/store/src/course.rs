//! What is told of a case without a scope. Which course it follows, so that it can be worked out which scope to ask for:
//! that says nothing about anybody, and only a caller that then loads the case within a scope may act on it. And what
//! somebody has themself done to it, which they were told when they did it.

use crate::db::Bind;
use crate::error::{Fault, Result};
use crate::id::Id;
use crate::store::Store;
use anmin_base::date::Date;
use sqlx::Row;

/// The course of a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Course {
    /// The service pack.
    pub pack: String,
    /// The area answerable for it.
    pub area: Id,
    /// The day papers were handed in, whose workflow it keeps.
    pub received_on: Date,
}

/// A command somebody gave on a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnDoing {
    /// The command.
    pub command: String,
    /// The version of the case it made.
    pub version: i64,
}

impl Store {
    /// The course of a case, whoever asks; none where there is no such case.
    ///
    /// # Errors
    /// A fault.
    pub async fn course_of(&self, case: Id) -> Result<Option<Course>> {
        let sql = "SELECT pack, area, received_on FROM case_file WHERE id = $1".to_owned();
        let rows = self.inner.db.rows(sql, vec![Bind::text(case)]).await?;
        let Some(row) = rows.first() else { return Ok(None) };
        let (pack, area, received): (String, String, i64) =
            (row.try_get(0)?, row.try_get(1)?, row.try_get(2)?);
        let corrupt = || Fault::Corrupt(format!("case {case}"));
        let area = Id::parse(&area).ok_or_else(corrupt)?;
        let received_on = Date::from_days(i32::try_from(received).map_err(|_| corrupt())?);
        Ok(Some(Course { pack, area, received_on }))
    }

    /// What this person has themself done to a case, in order, whether or not they may still see it. What others have
    /// done is not even read.
    ///
    /// # Errors
    /// A fault.
    pub async fn own_doings(&self, case: Id, person: Id) -> Result<Vec<OwnDoing>> {
        let sql = "SELECT command, changed FROM event WHERE kind = 'case' AND stream = $1 AND actor = $2 ORDER BY n";
        let rows = self.inner.db.rows(sql.into(), vec![Bind::text(case), Bind::text(person)]).await?;
        let mut doings = Vec::new();
        for row in rows {
            let (command, changed): (String, String) = (row.try_get(0)?, row.try_get(1)?);
            // A line a changed row: table, identifier, version, hash.
            let version = changed.lines().find_map(|line| {
                let mut words = line.split(' ');
                let of_case =
                    words.next() == Some("case_file") && words.next() == Some(case.to_string().as_str());
                words.next().filter(|_| of_case)?.parse().ok()
            });
            doings.extend(version.map(|version| OwnDoing { command, version }));
        }
        Ok(doings)
    }
}
