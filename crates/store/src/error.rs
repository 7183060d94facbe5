//! What can go wrong: refusals the user can act on, and faults that are ours to mend.

use crate::id::Id;
use crate::record::Record;
use std::fmt;
use std::path::PathBuf;

/// The outcome of a call to the store.
pub type Result<T> = std::result::Result<T, Error>;

/// A refusal or a fault.
#[derive(Debug)]
pub enum Error {
    /// The user can act on it.
    Refusal(Refusal),
    /// We must.
    Fault(Fault),
}

/// What was refused, with what is needed to say what to do next.
#[derive(Debug)]
pub enum Refusal {
    /// Somebody else was first. The row as it is now.
    Conflict(Box<Record>),
    /// There is no such record, or it is outside the scope: the two are not told apart.
    NotFound {
        /// The table that was asked.
        table: &'static str,
        /// What was asked for.
        id: Id,
    },
    /// The key of a request was used before, for another command or with another body.
    OtherRequest,
    /// The same request is being carried out at this moment, or an earlier run of it broke off.
    RequestOpen,
    /// The key of a request was not made by this server for this command.
    UnknownRequestKey,
    /// A rule of the database stands against it.
    Rule {
        /// Which kind of rule.
        kind: Rule,
        /// The constraint or the columns, as the database names them.
        name: String,
    },
    /// A file has more than 10 MB, or nothing at all.
    FileSize {
        /// The size in bytes.
        size: usize,
    },
}

/// The kinds of rules a database keeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    /// There is one already.
    Unique,
    /// What it refers to is not there, or not of the kind it must be.
    Reference,
    /// A condition on the row.
    Check,
    /// Something is missing.
    NotNull,
}

/// What we must mend.
#[derive(Debug)]
pub enum Fault {
    /// The disk is full: reads go on, writes do not. On PostgreSQL reads about people stop as well: the log of them
    /// stands on the same disk, on which nothing is held in reserve.
    Full,
    /// Others held what was needed for too long, or the database ended one of two that waited for each other.
    /// Nothing was written; the same request can be sent again.
    Busy,
    /// The database cannot be reached. Nothing is known of a commit that was under way: send the same request again.
    Unreachable(String),
    /// The address is not one we can open.
    Address(String),
    /// The database is older than what is needed.
    TooOld {
        /// What it says it is.
        found: String,
        /// What is needed.
        needed: &'static str,
    },
    /// A newer version of Anmin has written here.
    NewerSchema {
        /// The number of its last migration.
        found: i64,
        /// Ours.
        known: i64,
    },
    /// A migration in the database is not the one of this program.
    OtherMigration(i64),
    /// There is no database here yet, or there is one already.
    Deployment(&'static str),
    /// A key file is not there.
    KeyMissing(PathBuf),
    /// A key file can be read by others.
    KeyOpen {
        /// Which.
        path: PathBuf,
        /// Its permissions.
        mode: u32,
    },
    /// A key file exists already; it is never overwritten.
    KeyExists(PathBuf),
    /// A key file does not hold 32 bytes, or these keys do not belong to this database.
    KeyWrong(PathBuf),
    /// Something sealed could not be opened: it was changed, moved or sealed with other keys.
    Sealed {
        /// Where it stands.
        place: String,
    },
    /// What the database holds cannot be understood.
    Corrupt(String),
    /// A backup or an export is not what its manifest says.
    Backup(String),
    /// Input or output outside the database.
    Io(std::io::Error),
    /// Objects.
    Objects(object_store::Error),
    /// A fault point was fired.
    Injected(&'static str),
    /// Anything else the database said.
    Database(sqlx::Error),
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Error {
        Error::Refusal(refusal)
    }
}

impl From<Fault> for Error {
    fn from(fault: Fault) -> Error {
        Error::Fault(fault)
    }
}

impl From<std::io::Error> for Error {
    fn from(error: std::io::Error) -> Error {
        match error.kind() {
            std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => Fault::Full.into(),
            _ => Fault::Io(error).into(),
        }
    }
}

impl From<object_store::Error> for Error {
    fn from(error: object_store::Error) -> Error {
        let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(&error);
        while let Some(inner) = cause {
            if let Some(io) = inner.downcast_ref::<std::io::Error>()
                && io.kind() == std::io::ErrorKind::StorageFull
            {
                return Fault::Full.into();
            }
            cause = inner.source();
        }
        Fault::Objects(error).into()
    }
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Error {
        use sqlx::error::ErrorKind;
        let Some(said) = error.as_database_error() else {
            return match error {
                sqlx::Error::Io(_) | sqlx::Error::PoolClosed | sqlx::Error::WorkerCrashed => {
                    Fault::Unreachable(error.to_string()).into()
                }
                sqlx::Error::PoolTimedOut => Fault::Busy.into(),
                other => Fault::Database(other).into(),
            };
        };
        let kind = match said.kind() {
            ErrorKind::UniqueViolation => Some(Rule::Unique),
            ErrorKind::ForeignKeyViolation => Some(Rule::Reference),
            ErrorKind::NotNullViolation => Some(Rule::NotNull),
            ErrorKind::CheckViolation => Some(Rule::Check),
            _ => None,
        };
        if let Some(kind) = kind {
            // SQLite names the constraint or the columns after a colon, and no row; PostgreSQL has a field for it.
            let name = said.constraint().map(String::from);
            let name =
                name.or_else(|| said.message().rsplit_once(": ").map(|(_, name)| name.trim().to_string()));
            return Refusal::Rule { kind, name: name.unwrap_or_default() }.into();
        }
        match said.code().as_deref() {
            // SQLITE_FULL, and the errors of writing, growing and mapping a file; disk_full of PostgreSQL.
            Some("13" | "778" | "4874" | "4618" | "53100") => Fault::Full.into(),
            // SQLITE_BUSY and its kinds; serialisation failure, deadlock, lock not available.
            Some("5" | "261" | "517" | "773" | "6" | "262" | "40001" | "40P01" | "55P03") => {
                Fault::Busy.into()
            }
            // Connection failures, too many connections, and a server that stops or starts.
            Some(code) if code.starts_with("08") || code.starts_with("57P") || code == "53300" => {
                Fault::Unreachable(said.message().into()).into()
            }
            _ => Fault::Database(error).into(),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Refusal(refusal) => refusal.fmt(f),
            Error::Fault(fault) => fault.fmt(f),
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Refusal::Conflict(row) => write!(f, "somebody else was first; now {row:?}"),
            Refusal::NotFound { table, id } => write!(f, "no {table} {id} here"),
            Refusal::OtherRequest => f.write_str("this request key was used for something else"),
            Refusal::RequestOpen => f.write_str("this request is being carried out"),
            Refusal::UnknownRequestKey => f.write_str("this request key was not made here"),
            Refusal::Rule { kind, name } => write!(f, "the database refuses it ({kind:?}: {name})"),
            Refusal::FileSize { size } => write!(f, "a file has 1 byte to 10 MB, not {size} bytes"),
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Fault::Full => f.write_str("the disk is full; free some space, no restart is needed"),
            Fault::Busy => {
                f.write_str("the database is busy; nothing was written, send the same request again")
            }
            Fault::Unreachable(said) => write!(f, "the database cannot be reached: {said}"),
            Fault::Address(why) => write!(f, "this database cannot be opened: {why}"),
            Fault::TooOld { found, needed } => write!(f, "the database is {found}, needed is {needed}"),
            Fault::NewerSchema { found, known } => {
                write!(
                    f,
                    "a newer Anmin has written here (schema {found}, this program knows {known}): update the program"
                )
            }
            Fault::OtherMigration(n) => {
                write!(f, "migration {n} in the database is not the one of this program")
            }
            Fault::Deployment(why) => f.write_str(why),
            Fault::KeyMissing(path) => {
                write!(f, "the key file {} is missing; put it back from its own safe copy", path.display())
            }
            Fault::KeyOpen { path, mode } => {
                write!(f, "the key file {} has mode {mode:04o}; run chmod 0400 on it", path.display())
            }
            Fault::KeyExists(path) => {
                write!(f, "the key file {} exists; keys are never overwritten", path.display())
            }
            Fault::KeyWrong(path) => {
                write!(f, "{} is not the key of this database, or not a key", path.display())
            }
            Fault::Sealed { place } => {
                write!(f, "{place} cannot be opened: it was changed, or the keys are others")
            }
            Fault::Corrupt(what) => write!(f, "the database holds what cannot be understood: {what}"),
            Fault::Backup(what) => write!(f, "this copy is damaged or incomplete: {what}"),
            Fault::Io(error) => write!(f, "input or output: {error}"),
            Fault::Objects(error) => write!(f, "objects: {error}"),
            Fault::Injected(point) => write!(f, "fault point {point} was fired"),
            Fault::Database(error) => write!(f, "database: {error}"),
        }
    }
}

impl std::error::Error for Error {}
