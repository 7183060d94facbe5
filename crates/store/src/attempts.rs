//! Failures to sign in, and how long to wait after them: twice as long after each, up to a quarter of an hour. Nobody is
//! locked out for good, or anybody could lock out anybody.

use crate::db::{Bind, run};
use crate::error::Result;
use crate::id::Moment;
use crate::sessions::number;
use crate::store::{Inner, Store};
use sqlx::Row;

/// The longest wait, in milliseconds.
const LONGEST: i64 = 15 * 60_000;
/// Failures are forgotten when the wait has been over for so long, in milliseconds.
const FORGOTTEN: i64 = 86_400_000;

/// The failures of a store, counted by whatever the caller names: an account, an address, all.
#[derive(Clone, Copy, Debug)]
pub struct Attempts<'a>(&'a Inner);

impl Store {
    /// Failures to sign in.
    pub fn attempts(&self) -> Attempts<'_> {
        Attempts(&self.inner)
    }
}

/// After the n-th failure, 2^n seconds.
fn wait(failures: i64) -> i64 {
    let seconds = 1_i64.checked_shl(u32::try_from(failures).unwrap_or(63).min(20)).unwrap_or(LONGEST);
    (seconds * 1_000).min(LONGEST)
}

impl Attempts<'_> {
    /// Counts a failure. From when on the next try is looked at.
    ///
    /// # Errors
    /// A fault.
    pub async fn failed(&self, key: &str, at: Moment) -> Result<Moment> {
        let mut tx = self.0.db.write().await?;
        let sql = "INSERT INTO attempt (key, failures, until) VALUES ($1, 1, $2) ON CONFLICT (key) DO UPDATE SET \
                   failures = CASE WHEN attempt.until < $3 THEN 1 ELSE attempt.failures + 1 END \
                   RETURNING failures";
        let binds = vec![Bind::text(key), Bind::int(at), Bind::int(at.plus(-FORGOTTEN))];
        let failures = number(&mut tx, sql, binds).await?.unwrap_or(1);
        let until = at.plus(wait(failures));
        let sql = "UPDATE attempt SET until = $2 WHERE key = $1";
        run(&mut tx, sql, vec![Bind::text(key), Bind::int(until)]).await?;
        crate::fault!("attempt.written");
        tx.commit().await?;
        Ok(until)
    }

    /// Whether a try is looked at now. If not, say so whatever the password was.
    ///
    /// # Errors
    /// A fault.
    pub async fn may_try(&self, key: &str, at: Moment) -> Result<bool> {
        Ok(self.barred_until(key, at).await?.is_none())
    }

    /// Until when no try is looked at; none if one is now.
    ///
    /// # Errors
    /// A fault.
    pub async fn barred_until(&self, key: &str, at: Moment) -> Result<Option<Moment>> {
        let sql = "SELECT until FROM attempt WHERE key = $1 AND until > $2";
        let rows = self.0.db.rows(sql.into(), vec![Bind::text(key), Bind::int(at)]).await?;
        Ok(rows.first().map(|row| row.try_get(0)).transpose()?.map(Moment))
    }

    /// Forgets the failures.
    ///
    /// # Errors
    /// A fault.
    pub async fn succeeded(&self, key: &str) -> Result<()> {
        let known = "SELECT until FROM attempt WHERE key = $1";
        if self.0.db.rows(known.into(), vec![Bind::text(key)]).await?.is_empty() {
            return Ok(());
        }
        let mut tx = self.0.db.write().await?;
        run(&mut tx, "DELETE FROM attempt WHERE key = $1", vec![Bind::text(key)]).await?;
        Ok(tx.commit().await?)
    }

    /// Removes failures that are over. How many.
    ///
    /// # Errors
    /// A fault.
    pub async fn forget(&self, at: Moment) -> Result<u64> {
        let mut tx = self.0.db.write().await?;
        let binds = vec![Bind::int(at.plus(-FORGOTTEN))];
        let gone = run(&mut tx, "DELETE FROM attempt WHERE until < $1", binds).await?;
        tx.commit().await?;
        Ok(gone)
    }
}

#[cfg(test)]
mod tests {
    use super::wait;

    #[test]
    fn waits_twice_as_long_each_time_up_to_a_quarter_of_an_hour() {
        let seconds = [2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900];
        for (n, expected) in seconds.iter().enumerate() {
            assert_eq!(wait(i64::try_from(n).unwrap() + 1), expected * 1_000);
        }
        assert_eq!(wait(i64::MAX), 900_000);
    }
}
