//! Who is signed in. The cookie holds 256 random bits; only their hash is kept, so that a copy of the database signs
//! nobody in. Sessions are in no journal of their own: whoever signs somebody in says so by a command.

use crate::db::{Bind, one, run};
use crate::error::{Error, Fault, Result};
use crate::id::{Id, Moment, hex, random};
use crate::store::{Inner, Store};
use anmin_authz::authority::Capacity;
use sha2::{Digest, Sha256};
use sqlx::Row;
use sqlx::any::AnyRow;

/// That somebody is there is written down at most so often, in milliseconds.
const SEEN: i64 = 60_000;
/// How long a session that has ended is kept, in milliseconds.
const KEPT: i64 = 30 * 86_400_000;

const COLUMNS: &str = "id, person, account, capacity, created_at, seen_at, stepped_up, idle_until, ends_at";

/// What a session is opened with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NewSession {
    /// Who.
    pub person: Id,
    /// With which account.
    pub account: Id,
    /// As what.
    pub capacity: Capacity,
    /// It ends after so many milliseconds in which nobody was there.
    pub idle: i64,
    /// It ends after so many milliseconds whatever happens.
    pub lasts: i64,
    /// Whether a second factor was shown at once.
    pub stepped_up: bool,
}

/// A session that has not ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// Its name, which gives no right; for pages and the journal.
    pub id: Id,
    /// Who.
    pub person: Id,
    /// With which account.
    pub account: Id,
    /// As what.
    pub capacity: Capacity,
    /// Since when.
    pub created_at: Moment,
    /// When they were last there, to the minute.
    pub seen_at: Moment,
    /// When the second factor was last shown.
    pub stepped_up: Option<Moment>,
    /// When it ends if nobody comes.
    pub idle_until: Moment,
    /// When it ends.
    pub ends_at: Moment,
}

/// The sessions of a store.
#[derive(Clone, Copy, Debug)]
pub struct Sessions<'a>(&'a Inner);

impl Store {
    /// Who is signed in.
    pub fn sessions(&self) -> Sessions<'_> {
        Sessions(&self.inner)
    }
}

impl Sessions<'_> {
    /// Signs somebody in. The token, 64 hexadecimal digits, for the cookie; it is nowhere else.
    ///
    /// # Errors
    /// There is no such person or account; or a fault.
    pub async fn open(&self, new: NewSession, at: Moment) -> Result<String> {
        let token = hex(&random::<32>());
        let sql = "INSERT INTO session (hash, id, person, account, capacity, created_at, seen_at, stepped_up, \
                   idle_until, ends_at) VALUES ($1, $2, $3, $4, $5, $6, $6, $7, $8, $9)";
        let binds = vec![
            Bind::text(hash(&token)),
            Bind::text(Id::at(at)),
            Bind::text(new.person),
            Bind::text(new.account),
            Bind::text(capacity_name(new.capacity)),
            Bind::int(at),
            Bind::int(new.stepped_up.then_some(at)),
            Bind::int(at.plus(new.idle)),
            Bind::int(at.plus(new.lasts)),
        ];
        self.write(sql, binds).await?;
        Ok(token)
    }

    /// The session of a token; none if it has ended, was idle too long, or never was.
    ///
    /// # Errors
    /// A fault.
    pub async fn find(&self, token: &str, at: Moment) -> Result<Option<Session>> {
        let sql = format!("SELECT {COLUMNS} FROM session WHERE {LIVE}");
        let rows = self.0.db.rows(sql, vec![Bind::text(hash(token)), Bind::int(at)]).await?;
        rows.first().map(session).transpose()
    }

    /// Notes that somebody is there, so that the session is not idle. Writes at most once a minute. On a full disk it
    /// writes nothing and is no error: reading goes on.
    ///
    /// # Errors
    /// A fault.
    pub async fn touch(&self, token: &str, at: Moment) -> Result<()> {
        match self.find(token, at).await? {
            Some(session) if session.seen_at.plus(SEEN) <= at => {}
            _ => return Ok(()),
        }
        let sql = format!(
            "UPDATE session SET idle_until = $2 + (idle_until - seen_at), seen_at = $2 \
             WHERE {LIVE} AND seen_at <= $3"
        );
        let binds = vec![Bind::text(hash(token)), Bind::int(at), Bind::int(at.plus(-SEEN))];
        match self.write(&sql, binds).await {
            Ok(_) | Err(Error::Fault(Fault::Full)) => Ok(()),
            Err(other) => Err(other),
        }
    }

    /// Notes that the second factor was shown, and gives the session another token: the old one is worth nothing from
    /// then on. None if the session has ended.
    ///
    /// # Errors
    /// A fault.
    pub async fn step_up(&self, token: &str, at: Moment) -> Result<Option<String>> {
        let new = hex(&random::<32>());
        let sql = format!("UPDATE session SET hash = $3, stepped_up = $2 WHERE {LIVE}");
        let binds = vec![Bind::text(hash(token)), Bind::int(at), Bind::text(hash(&new))];
        Ok((self.write(&sql, binds).await? > 0).then_some(new))
    }

    /// Signs out. Whether there was anything to end.
    ///
    /// # Errors
    /// A fault.
    pub async fn end(&self, token: &str, at: Moment) -> Result<bool> {
        let sql = format!("UPDATE session SET ended_at = $2 WHERE {LIVE}");
        Ok(self.write(&sql, vec![Bind::text(hash(token)), Bind::int(at)]).await? > 0)
    }

    /// Ends all sessions of a person: a password, a role or a post was changed. How many there were.
    ///
    /// # Errors
    /// A fault.
    pub async fn end_all(&self, person: Id, at: Moment) -> Result<u64> {
        let sql = "UPDATE session SET ended_at = $2 WHERE person = $1 AND ended_at IS NULL AND ends_at > $2 \
                   AND idle_until > $2";
        self.write(sql, vec![Bind::text(person), Bind::int(at)]).await
    }

    /// Removes sessions that ended a month ago. How many.
    ///
    /// # Errors
    /// A fault.
    pub async fn forget(&self, at: Moment) -> Result<u64> {
        let sql = "DELETE FROM session WHERE ends_at < $1 OR ended_at < $1 OR idle_until < $1";
        self.write(sql, vec![Bind::int(at.plus(-KEPT))]).await
    }

    async fn write(&self, sql: &str, binds: Vec<Bind>) -> Result<u64> {
        let mut tx = self.0.db.write().await?;
        let touched = run(&mut tx, sql, binds).await?;
        crate::fault!("session.written");
        tx.commit().await?;
        Ok(touched)
    }
}

/// The session of hash `$1` is live at `$2`.
const LIVE: &str = "hash = $1 AND ended_at IS NULL AND ends_at > $2 AND idle_until > $2";

/// What is kept of a token.
pub(crate) fn hash(token: &str) -> String {
    hex(&Sha256::digest(token.as_bytes()))
}

fn capacity_name(capacity: Capacity) -> &'static str {
    match capacity {
        Capacity::Resident => "resident",
        Capacity::Staff => "staff",
        Capacity::Interface => "interface",
    }
}

fn session(row: &AnyRow) -> Result<Session> {
    let id = |at: usize| -> Result<Id> {
        let text: String = row.try_get(at)?;
        Id::parse(&text).ok_or_else(|| Fault::Corrupt(format!("session {text}")).into())
    };
    let moment = |at: usize| -> Result<Moment> { Ok(Moment(row.try_get(at)?)) };
    let capacity = match row.try_get::<String, _>(3)?.as_str() {
        "resident" => Capacity::Resident,
        "staff" => Capacity::Staff,
        "interface" => Capacity::Interface,
        other => return Err(Fault::Corrupt(format!("session of a {other}")).into()),
    };
    Ok(Session {
        id: id(0)?,
        person: id(1)?,
        account: id(2)?,
        capacity,
        created_at: moment(4)?,
        seen_at: moment(5)?,
        stepped_up: row.try_get::<Option<i64>, _>(6)?.map(Moment),
        idle_until: moment(7)?,
        ends_at: moment(8)?,
    })
}

/// The first column of the first row, a number.
pub(crate) async fn number(tx: &mut crate::db::Tx, sql: &str, binds: Vec<Bind>) -> Result<Option<i64>> {
    Ok(one(tx, sql, binds).await?.map(|row| row.try_get(0)).transpose()?)
}
