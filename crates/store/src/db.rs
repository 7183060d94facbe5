//! Connections. SQLite has one writer, which begins IMMEDIATE, and readers that cannot write; PostgreSQL has one pool
//! for both. Statements are written once: both take `$1`, and what differs is a method of [`Dialect`].

use crate::error::{Error, Fault, Result};
use crate::record::Value;
use crate::reserve::Reserve;
use crate::table::Kind;
use sqlx::any::{AnyArguments, AnyPoolOptions, AnyRow};
use sqlx::{Any, AnyPool, AssertSqlSafe, Connection, Executor, Row, Transaction};
use std::sync::Arc;
use std::time::Duration;

/// Which database speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// Embedded, for one county.
    Sqlite,
    /// A server.
    Postgres,
}

/// The oldest SQLite that cannot corrupt its log when one connection resets it while another writes.
const SQLITE: (&str, [u32; 3]) = ("SQLite 3.51.3", [3, 51, 3]);
const POSTGRES: (&str, u32) = ("PostgreSQL 14", 14);
/// How many connections read, and on PostgreSQL also write.
const CONNECTIONS: u32 = 8;
const PATIENCE: Duration = Duration::from_secs(8);
/// The most values one statement carries; both databases take more.
const MOST_BINDS: usize = 8_000;

#[derive(Clone, Debug)]
pub(crate) struct Db {
    pub dialect: Dialect,
    writer: AnyPool,
    reader: AnyPool,
    /// SQLite only: the disk of a server is not ours.
    reserve: Option<Arc<Reserve>>,
}

pub(crate) type Tx = Transaction<'static, Any>;

impl Dialect {
    fn of(url: &str) -> Result<Dialect> {
        match url.split_once(':') {
            Some(("sqlite", _)) => Ok(Dialect::Sqlite),
            Some(("postgres" | "postgresql", _)) => Ok(Dialect::Postgres),
            _ => Err(Fault::Address("it begins with sqlite: or postgres:".into()).into()),
        }
    }

    /// What keeps a row that was read from being changed until the end. SQLite has one writer anyway.
    pub fn lock_row(self) -> &'static str {
        match self {
            Dialect::Sqlite => "",
            Dialect::Postgres => " FOR UPDATE",
        }
    }
}

impl Db {
    /// Connects. `create` makes the file of an SQLite database that is not there.
    pub async fn connect(url: &str, create: bool) -> Result<Db> {
        // Once for the program; doing it again is harmless.
        sqlx::any::install_default_drivers();
        let dialect = Dialect::of(url)?;
        let db = match dialect {
            Dialect::Sqlite => sqlite(url, create).await?,
            Dialect::Postgres => postgres(url).await?,
        };
        db.refuse_old().await?;
        Ok(db)
    }

    async fn refuse_old(&self) -> Result<()> {
        let sql = match self.dialect {
            Dialect::Sqlite => "SELECT sqlite_version()",
            Dialect::Postgres => "SELECT current_setting('server_version')",
        };
        let found: String = sqlx::query(sql).fetch_one(&self.reader).await?.try_get(0)?;
        refuse_old(self.dialect, &found)
    }

    /// Begins a transaction that writes.
    ///
    /// # Errors
    /// The disk is full, also while what is left of it is for the access log; or another fault.
    pub async fn write(&self) -> Result<Tx> {
        self.ready().await?;
        self.write_anyway().await
    }

    /// Whether there is room for more than the access log.
    pub async fn ready(&self) -> Result<()> {
        match &self.reserve {
            Some(reserve) => reserve.ready().await,
            None => Ok(()),
        }
    }

    /// Writes to the access log: on a full disk with what is held in reserve for it.
    pub async fn write_log<T, F: Future<Output = Result<T>>>(&self, write: impl Fn() -> F) -> Result<T> {
        match (write().await, &self.reserve) {
            (Err(Error::Fault(Fault::Full)), Some(reserve)) => reserve.give_up(write()).await,
            (done, _) => done,
        }
    }

    /// Begins a transaction that writes even what the reserve is for, or what must be looked at before there is one.
    pub async fn write_anyway(&self) -> Result<Tx> {
        Ok(match self.dialect {
            Dialect::Sqlite => self.writer.begin_with("BEGIN IMMEDIATE").await?,
            Dialect::Postgres => self.writer.begin().await?,
        })
    }

    /// Begins a transaction that sees one state of the database from its first statement on.
    pub async fn snapshot(&self) -> Result<Tx> {
        Ok(match self.dialect {
            Dialect::Sqlite => self.reader.begin().await?,
            Dialect::Postgres => {
                self.reader.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await?
            }
        })
    }

    /// One statement with a scope's condition that only reads.
    pub async fn scoped_rows(&self, sql: String, binds: Vec<Bind>) -> Result<Vec<AnyRow>> {
        Ok(scoped(sql, binds).fetch_all(&self.reader).await?)
    }

    /// One statement that only reads.
    pub async fn rows(&self, sql: String, binds: Vec<Bind>) -> Result<Vec<AnyRow>> {
        Ok(statement(sql, binds).fetch_all(&self.reader).await?)
    }

    pub async fn close(&self) {
        self.reader.close().await;
        self.writer.close().await;
    }
}

async fn sqlite(url: &str, create: bool) -> Result<Db> {
    if url.contains('?') || url.contains(":memory:") {
        return Err(Fault::Address("an SQLite address is sqlite: and a path, nothing else".into()).into());
    }
    let path = url.trim_start_matches("sqlite://").trim_start_matches("sqlite:");
    if !create && !std::path::Path::new(path).exists() {
        return Err(Fault::Deployment("there is no database here yet; run anmin init").into());
    }
    let pool = |most: u32, setup: &'static str| {
        let options = AnyPoolOptions::new().max_connections(most).acquire_timeout(PATIENCE);
        // When the disk is full SQLite ends the transaction by itself; the driver goes on believing in it, so that
        // connection is replaced.
        let options = options.before_acquire(|connection, _| {
            let usable = !connection.is_in_transaction();
            Box::pin(async move { Ok(usable) })
        });
        options.after_connect(move |connection, _| {
            Box::pin(async move {
                connection.execute(setup).await?;
                Ok(())
            })
        })
    };
    // FULL: every commit is on the disk before it is acknowledged. Rows lie all over large indexes: with the small cache
    // and log SQLite begins with, most of the writing would be of the same pages again and again.
    let writer = pool(
        1,
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; \
         PRAGMA busy_timeout = 5000; PRAGMA trusted_schema = OFF; \
         PRAGMA cache_size = -49152; PRAGMA wal_autocheckpoint = 4000;",
    );
    let reader = pool(
        CONNECTIONS,
        "PRAGMA query_only = ON; PRAGMA foreign_keys = ON; PRAGMA busy_timeout = 5000; \
         PRAGMA trusted_schema = OFF; PRAGMA cache_size = -6144;",
    );
    let writer = writer.connect(&format!("sqlite:{path}?mode={}", if create { "rwc" } else { "rw" })).await?;
    let reader = reader.connect(&format!("sqlite:{path}?mode=rw")).await?;
    let reserve = Some(Arc::new(Reserve::beside(path)));
    Ok(Db { dialect: Dialect::Sqlite, writer, reader, reserve })
}

async fn postgres(url: &str) -> Result<Db> {
    if !is_near(url) && !["require", "verify-ca", "verify-full"].iter().any(|mode| url.contains(mode)) {
        let why = "a PostgreSQL on another machine needs sslmode=verify-full (or verify-ca, require)";
        return Err(Fault::Address(why.into()).into());
    }
    let options = AnyPoolOptions::new().max_connections(CONNECTIONS).acquire_timeout(PATIENCE);
    // A scope's condition is long and its rows are few: compiling it costs more than running it.
    let options = options.after_connect(|connection, _| {
        Box::pin(async move {
            connection.execute("SET jit = off").await?;
            Ok(())
        })
    });
    let pool = options.connect(url).await?;
    Ok(Db { dialect: Dialect::Postgres, writer: pool.clone(), reader: pool, reserve: None })
}

/// Whether the address is a socket or this machine itself.
fn is_near(url: &str) -> bool {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let (place, query) = rest.split_once('?').unwrap_or((rest, ""));
    let host = query.split('&').find_map(|part| part.strip_prefix("host="));
    let place = place.split_once('/').map_or(place, |(place, _)| place);
    let place = place.rsplit_once('@').map_or(place, |(_, place)| place);
    let named = host.unwrap_or(place);
    let bare = match named.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or_default(),
        None => named.split(':').next().unwrap_or_default(),
    };
    named.starts_with('/') || named.starts_with("%2F") || ["localhost", "127.0.0.1", "::1"].contains(&bare)
}

fn refuse_old(dialect: Dialect, found: &str) -> Result<()> {
    let part = |text: &str| {
        let digits: String = text.chars().take_while(char::is_ascii_digit).collect();
        digits.parse().unwrap_or(0)
    };
    let numbers: Vec<u32> = found.split('.').map(part).collect();
    let (fine, needed) = match dialect {
        Dialect::Sqlite => (numbers.as_slice() >= SQLITE.1.as_slice(), SQLITE.0),
        Dialect::Postgres => (numbers.first().is_some_and(|major| *major >= POSTGRES.1), POSTGRES.0),
    };
    let old = || Error::from(Fault::TooOld { found: format!("{dialect:?} {found}"), needed });
    fine.then_some(()).ok_or_else(old)
}

/// A value on its way into a statement; the kind types a missing one.
pub(crate) struct Bind(pub Kind, pub Value);

impl Bind {
    pub fn int(value: impl Into<Value>) -> Bind {
        Bind(Kind::Int, value.into())
    }

    pub fn text(value: impl Into<Value>) -> Bind {
        Bind(Kind::Text, value.into())
    }

    pub fn bytes(value: impl Into<Value>) -> Bind {
        Bind(Kind::Bytes, value.into())
    }
}

/// A statement with a scope's condition in it. Its text differs from caller to caller, so that the server does not keep
/// it.
pub(crate) fn scoped(sql: String, binds: Vec<Bind>) -> sqlx::query::Query<'static, Any, AnyArguments> {
    statement(sql, binds).persistent(false)
}

/// A statement made from names in the catalogue and `$n`; values are always bound.
pub(crate) fn statement(sql: String, binds: Vec<Bind>) -> sqlx::query::Query<'static, Any, AnyArguments> {
    let mut query = sqlx::query(AssertSqlSafe(sql));
    for Bind(kind, value) in binds {
        query = match (value, kind) {
            (Value::Null, Kind::Int) => query.bind(None::<i64>),
            (Value::Null, Kind::Text) => query.bind(None::<String>),
            (Value::Null, Kind::Bytes | Kind::Sealed) => query.bind(None::<Vec<u8>>),
            (Value::Int(number), _) => query.bind(number),
            (Value::Text(text), _) => query.bind(text),
            (Value::Bytes(bytes), _) => query.bind(bytes),
            (Value::Secret(_), _) => unreachable!("a secret is sealed before it is bound"),
        };
    }
    query
}

/// Runs a statement; the number of rows it touched.
pub(crate) async fn run(tx: &mut Tx, sql: &str, binds: Vec<Bind>) -> Result<u64> {
    Ok(statement(sql.into(), binds).execute(&mut **tx).await?.rows_affected())
}

/// The rows of a statement.
pub(crate) async fn all(tx: &mut Tx, sql: &str, binds: Vec<Bind>) -> Result<Vec<AnyRow>> {
    Ok(statement(sql.into(), binds).fetch_all(&mut **tx).await?)
}

/// The first row of a statement.
pub(crate) async fn one(tx: &mut Tx, sql: &str, binds: Vec<Bind>) -> Result<Option<AnyRow>> {
    Ok(statement(sql.into(), binds).fetch_optional(&mut **tx).await?)
}

/// Inserts many rows with few statements.
pub(crate) async fn insert_many(
    tx: &mut Tx,
    table: &str,
    columns: &[(&str, Kind)],
    rows: Vec<Vec<Value>>,
) -> Result<()> {
    let names: Vec<&str> = columns.iter().map(|(name, _)| *name).collect();
    let mut rows = rows.into_iter().peekable();
    while rows.peek().is_some() {
        let mut sql = format!("INSERT INTO {table} ({}) VALUES ", names.join(", "));
        let mut binds = Vec::new();
        while binds.len() + columns.len() <= MOST_BINDS {
            let Some(row) = rows.next() else { break };
            sql.push_str(if binds.is_empty() { "(" } else { ", (" });
            for (at, (value, (_, kind))) in row.into_iter().zip(columns).enumerate() {
                binds.push(Bind(*kind, value));
                sql.push_str(if at == 0 { "$" } else { ", $" });
                sql.push_str(&binds.len().to_string());
            }
            sql.push(')');
        }
        run(tx, &sql, binds).await?;
    }
    Ok(())
}

/// The value of a column of a row, as the catalogue says; sealed ones as they are.
pub(crate) fn value(row: &AnyRow, at: usize, kind: Kind) -> Result<Value> {
    Ok(match kind {
        Kind::Int => row.try_get::<Option<i64>, _>(at)?.into(),
        Kind::Text => row.try_get::<Option<String>, _>(at)?.into(),
        Kind::Bytes | Kind::Sealed => row.try_get::<Option<Vec<u8>>, _>(at)?.into(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refuses_databases_that_are_too_old() {
        let table = [
            (Dialect::Sqlite, "3.51.3", true),
            (Dialect::Sqlite, "3.51.2", false),
            (Dialect::Sqlite, "3.52.0", true),
            (Dialect::Sqlite, "3.9.9", false),
            (Dialect::Sqlite, "4.0", true),
            (Dialect::Postgres, "14.0", true),
            (Dialect::Postgres, "13.99", false),
            (Dialect::Postgres, "15.18 (Debian 15.18-0+deb12u1)", true),
            (Dialect::Postgres, "19beta1", true),
        ];
        for (dialect, found, fine) in table {
            assert_eq!(refuse_old(dialect, found).is_ok(), fine, "{found}");
        }
    }

    #[test]
    fn knows_which_servers_are_on_this_machine() {
        let near = [
            "postgres://localhost/a",
            "postgres://u:p@127.0.0.1:5432/a",
            "postgres://u@[::1]:5432/a",
            "postgres://u@localhost/a?host=/run/postgresql",
            "postgres:///a?host=/run/postgresql",
        ];
        let far = [
            "postgres://db.example/a",
            "postgres://localhost@db.example/a",
            "postgres://u@localhost/a?host=10.0.0.1",
            "postgres://localhost.example/a",
            "postgres://u@db/localhost",
        ];
        assert!(near.iter().all(|url| is_near(url)));
        for url in far {
            assert!(!is_near(url), "{url}");
        }
    }
}
