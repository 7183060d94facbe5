//! A database with its keys, its folder of objects and its witness.

use crate::access::AccessLog;
use crate::data_keys::DataKeys;
use crate::db::{Bind, Db, Dialect, one, run};
use crate::error::{Fault, Result};
use crate::files::Objects;
use crate::id::{Id, Moment, hex};
use crate::keys::Keys;
use crate::migrate;
use sqlx::Row;
use std::path::PathBuf;
use std::sync::Arc;

/// Where a deployment lives.
#[derive(Clone, Debug)]
pub struct Settings {
    /// `sqlite:` and a path, or `postgres://`.
    pub url: String,
    /// The folder of key files: not beside the database, not in its backup.
    pub keys: PathBuf,
    /// The folder of encrypted objects.
    pub objects: PathBuf,
    /// A file that every checkpoint is copied to, best on another machine's disk. Without one, a deleted tail and a
    /// database rolled back cannot be told from a true one.
    pub witness: Option<PathBuf>,
}

/// What a database is for. Written once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeploymentKind {
    /// Real people.
    Record,
    /// A demonstration.
    Demo,
}

/// The one row that says what this database is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deployment {
    /// Its name; bound into every sealed value.
    pub id: Id,
    /// What it is for.
    pub kind: DeploymentKind,
    /// When it was made.
    pub created_at: Moment,
}

/// An open database. Cloning it is cheap and opens nothing.
#[derive(Clone, Debug)]
pub struct Store {
    pub(crate) inner: Arc<Inner>,
}

#[derive(Debug)]
pub(crate) struct Inner {
    pub db: Db,
    pub keys: Keys,
    pub data_keys: DataKeys,
    pub deployment: Deployment,
    pub objects: Objects,
    pub witness: Option<PathBuf>,
    /// Where the key files lie: looked at for their state, and never read again.
    pub keys_folder: PathBuf,
    pub access: AccessLog,
}

impl DeploymentKind {
    fn name(self) -> &'static str {
        match self {
            DeploymentKind::Record => "record",
            DeploymentKind::Demo => "demo",
        }
    }
}

impl Store {
    /// Makes a new database. The key files must be there ([`Keys::create`]). Can be repeated after a break.
    ///
    /// # Errors
    /// There is a deployment already; the keys are missing or too open; the database is too old or newer than we are.
    pub async fn create(settings: &Settings, kind: DeploymentKind, at: Moment) -> Result<Store> {
        let keys = Keys::open(&settings.keys)?;
        let db = Db::connect(&settings.url, true).await?;
        migrate::migrate(&db).await?;
        let mut tx = db.write().await?;
        if deployment(&mut tx).await?.is_some() {
            return Err(Fault::Deployment("there is a database here already").into());
        }
        let id = Id::at(at);
        let sql = "INSERT INTO deployment (one, id, kind, created_at, key_check, public_key) \
                   VALUES (1, $1, $2, $3, $4, $5)";
        let check = keys.check(&id.to_string());
        let binds = vec![
            Bind::text(id),
            Bind::text(kind.name()),
            Bind::int(at),
            Bind::text(check),
            Bind::text(hex(&keys.public())),
        ];
        run(&mut tx, sql, binds).await?;
        tx.commit().await?;
        Store::assemble(settings, keys, db).await
    }

    /// Opens a database and brings its schema up to date. Must be called inside a tokio runtime.
    ///
    /// # Errors
    /// There is none; the keys are missing, too open or others; the database is too old or newer than we are.
    pub async fn open(settings: &Settings) -> Result<Store> {
        let keys = Keys::open(&settings.keys)?;
        let db = Db::connect(&settings.url, false).await?;
        migrate::migrate(&db).await?;
        Store::assemble(settings, keys, db).await
    }

    async fn assemble(settings: &Settings, keys: Keys, db: Db) -> Result<Store> {
        let mut tx = db.snapshot().await?;
        let Some((deployment, check, public)) = deployment(&mut tx).await? else {
            return Err(Fault::Deployment("there is no database here yet; run anmin init").into());
        };
        drop(tx);
        let id = deployment.id.to_string();
        if keys.check(&id) != check || hex(&keys.public()) != public {
            return Err(Fault::KeyWrong(settings.keys.clone()).into());
        }
        let data_keys = DataKeys::new(keys.envelope.clone(), &id);
        let objects = Objects::open(&settings.objects)?;
        let access = AccessLog::start(db.clone(), keys.journal.clone());
        let witness = settings.witness.clone();
        let keys_folder = settings.keys.clone();
        let inner = Inner { db, keys, data_keys, deployment, objects, witness, keys_folder, access };
        let store = Store { inner: Arc::new(inner) };
        store.inner.data_keys.load(&store.inner.db).await?;
        Ok(store)
    }

    /// What this database is.
    pub fn deployment(&self) -> &Deployment {
        &self.inner.deployment
    }

    /// The keys, for blind indexes.
    pub fn keys(&self) -> &Keys {
        &self.inner.keys
    }

    /// Which database it is on.
    pub fn dialect(&self) -> Dialect {
        self.inner.db.dialect
    }

    /// Waits for what is under way and closes all connections.
    pub async fn close(&self) {
        self.inner.db.close().await;
    }
}

/// The row of the deployment, with what it remembers of its keys.
pub(crate) async fn deployment(tx: &mut crate::db::Tx) -> Result<Option<(Deployment, String, String)>> {
    let sql = "SELECT id, kind, created_at, key_check, public_key FROM deployment";
    let Some(row) = one(tx, sql, Vec::new()).await? else { return Ok(None) };
    let (id, kind): (String, String) = (row.try_get(0)?, row.try_get(1)?);
    let kind = match kind.as_str() {
        "record" => DeploymentKind::Record,
        "demo" => DeploymentKind::Demo,
        other => return Err(Fault::Corrupt(format!("deployment kind {other}")).into()),
    };
    let id = Id::parse(&id).ok_or_else(|| Fault::Corrupt("deployment id".into()))?;
    let deployment = Deployment { id, kind, created_at: Moment(row.try_get(2)?) };
    Ok(Some((deployment, row.try_get(3)?, row.try_get(4)?)))
}
