//! Which course a case follows: the one thing told of a case without a scope, so that it can be worked out which scope
//! to ask for. It says nothing about anybody, and only a caller that then loads the case within a scope may act on it.

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
}
