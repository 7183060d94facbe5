//! The first people in a new database, and the days of a demonstration.
//!
//! There is no first password. A token is printed where the program runs; within half an hour each of the first
//! administrators uses it once.

use crate::db::{Bind, run};
use crate::error::{Fault, Result};
use crate::id::{Moment, hex, random};
use crate::sessions::{hash, number};
use crate::store::{DeploymentKind, Store};
use crate::write::Work;
use anmin_base::date::Date;
use sqlx::Row;

/// How many people one token lets in: the administrators of systems, of security and of audit.
pub const ENROLMENTS: i64 = 3;
const LASTS: i64 = 30 * 60_000;

/// The token of hash `$1` still lets somebody in at `$2`.
const OPEN: &str = "hash = $1 AND expires_at > $2 AND used < most";

impl Store {
    /// Makes a token for the first administrators and ends all earlier ones. It is shown once and kept as a hash.
    ///
    /// # Errors
    /// A fault.
    pub async fn enrolment_token(&self, at: Moment) -> Result<String> {
        let token = hex(&random::<32>());
        let mut tx = self.inner.db.write().await?;
        run(&mut tx, "DELETE FROM enrolment", Vec::new()).await?;
        let sql = "INSERT INTO enrolment (hash, expires_at, used, most) VALUES ($1, $2, 0, $3)";
        let binds = vec![Bind::text(hash(&token)), Bind::int(at.plus(LASTS)), Bind::int(ENROLMENTS)];
        run(&mut tx, sql, binds).await?;
        tx.commit().await?;
        Ok(token)
    }

    /// Whether a token still lets somebody in: for the page. Using it is [`Work::use_enrolment`].
    ///
    /// # Errors
    /// A fault.
    pub async fn may_enrol(&self, token: &str, at: Moment) -> Result<bool> {
        let sql = format!("SELECT used FROM enrolment WHERE {OPEN}");
        let rows = self.inner.db.rows(sql, vec![Bind::text(hash(token)), Bind::int(at)]).await?;
        Ok(!rows.is_empty())
    }

    /// The day a demonstration has come to; none before it was first set.
    ///
    /// # Errors
    /// A fault.
    pub async fn demo_day(&self) -> Result<Option<Date>> {
        let rows = self.inner.db.rows("SELECT day FROM demo_day".into(), Vec::new()).await?;
        let Some(row) = rows.first() else { return Ok(None) };
        let day = i32::try_from(row.try_get::<i64, _>(0)?);
        Ok(Some(Date::from_days(day.map_err(|_| Fault::Corrupt("the day of the demonstration".into()))?)))
    }

    /// Sets the day of a demonstration.
    ///
    /// # Errors
    /// This is no demonstration: real people have the days of the calendar. Or a fault.
    pub async fn set_demo_day(&self, day: Date) -> Result<()> {
        if self.inner.deployment.kind != DeploymentKind::Demo {
            return Err(Fault::Deployment("only a demonstration has a day of its own").into());
        }
        let mut tx = self.inner.db.write().await?;
        let sql = "INSERT INTO demo_day (one, day) VALUES (1, $1) ON CONFLICT (one) DO UPDATE SET day = $1";
        run(&mut tx, sql, vec![Bind::int(i64::from(day.days()))]).await?;
        Ok(tx.commit().await?)
    }

    /// What a demonstration was made of; none before all of it is there.
    ///
    /// # Errors
    /// A fault.
    pub async fn demo_story(&self) -> Result<Option<String>> {
        let rows = self.inner.db.rows("SELECT story FROM demo_story".into(), Vec::new()).await?;
        Ok(rows.first().map(|row| row.try_get::<String, _>(0)).transpose()?)
    }

    /// Writes down what a demonstration was made of. Nobody's data: it is not sealed.
    ///
    /// # Errors
    /// This is no demonstration; or a fault.
    pub async fn set_demo_story(&self, story: &str) -> Result<()> {
        if self.inner.deployment.kind != DeploymentKind::Demo {
            return Err(Fault::Deployment("only a demonstration is made of something").into());
        }
        let mut tx = self.inner.db.write().await?;
        let sql =
            "INSERT INTO demo_story (one, story) VALUES (1, $1) ON CONFLICT (one) DO UPDATE SET story = $1";
        run(&mut tx, sql, vec![Bind::text(story)]).await?;
        Ok(tx.commit().await?)
    }
}

impl Work {
    /// Uses a token of the enrolment, if it still lets somebody in: within the command that makes the account, so that
    /// one that fails costs nothing.
    ///
    /// # Errors
    /// A fault.
    pub async fn use_enrolment(&mut self, token: &str) -> Result<bool> {
        let sql = format!("UPDATE enrolment SET used = used + 1 WHERE {OPEN} RETURNING used");
        let binds = vec![Bind::text(hash(token)), Bind::int(self.at())];
        Ok(number(self.tx()?, &sql, binds).await?.is_some())
    }
}
