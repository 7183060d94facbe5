//! Objects: encrypted, under a name that says nothing, on the disk before the row that names them. An object whose row
//! never came is removed after a day. A folder first; the same interface reaches an object store of a city.

use crate::data_keys::OBJECT;
use crate::db::Bind;
use crate::error::{Error, Fault, Refusal, Result};
use crate::id::{Id, Moment, hex};
use crate::read::Find;
use crate::record::{Record, Secret};
use crate::scope::Scope;
use crate::store::Store;
use crate::table::{APPLICATION_FILE, FILE, Table};
use object_store::local::LocalFileSystem;
use object_store::path::Path as ObjectPath;
use object_store::{ObjectStore, ObjectStoreExt};
use std::path::Path;

/// The most bytes a file may have.
pub const MOST_BYTES: usize = 10 * 1024 * 1024;
/// How long an object may be without its row, in milliseconds.
const ORPHAN: i64 = 24 * 3_600 * 1_000;

/// The folder.
#[derive(Debug)]
pub(crate) struct Objects(LocalFileSystem);

impl Objects {
    pub fn open(folder: &Path) -> Result<Objects> {
        std::fs::create_dir_all(folder)?;
        // The file and its folder are synced before a write is acknowledged.
        Ok(Objects(LocalFileSystem::new_with_prefix(folder)?.with_fsync(true)))
    }

    pub async fn put(&self, name: &str, bytes: Vec<u8>) -> Result<()> {
        self.0.put(&ObjectPath::from(name), bytes.into()).await?;
        Ok(())
    }

    pub async fn get(&self, name: &str) -> Result<Vec<u8>> {
        Ok(self.0.get(&ObjectPath::from(name)).await?.bytes().await?.into())
    }

    pub async fn names(&self) -> Result<Vec<String>> {
        let found = self.0.list_with_delimiter(None).await?;
        Ok(found.objects.into_iter().map(|object| object.location.to_string()).collect())
    }

    async fn remove(&self, name: &str) -> Result<()> {
        match self.0.delete(&ObjectPath::from(name)).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }
}

/// An object that is on the disk and waits for its row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    name: Id,
    hash: String,
    size: usize,
}

impl Stored {
    /// The row that names the object: to be inserted in the command that takes the file.
    pub fn record(&self, id: Id, case: Id, kind: &str, at: Moment) -> Record {
        let size = i64::try_from(self.size).expect("at most 10 MB");
        Record::new(&FILE, id)
            .with("case_id", case)
            .with("name", self.name)
            .with("hash", self.hash.as_str())
            .with("size", size)
            .with("type", kind)
            .with("created_at", at)
    }
}

impl Stored {
    /// The row that names the object as a paper of an application.
    pub fn paper(&self, id: Id, application: Id, kind: &str, at: Moment) -> Record {
        let size = i64::try_from(self.size).expect("at most 10 MB");
        Record::new(&APPLICATION_FILE, id)
            .with("application", application)
            .with("name", self.name)
            .with("hash", self.hash.as_str())
            .with("size", size)
            .with("type", kind)
            .with("created_at", at)
            .with("state", "kept")
    }

    /// The row by which a paper of an application becomes a file of a case: the same object, under the same name.
    pub fn handed_in(paper: &Record, case: Id) -> Record {
        let text = |column: &str| paper.text(column).unwrap_or_default().to_owned();
        Record::new(&FILE, paper.id())
            .with("case_id", case)
            .with("name", text("name"))
            .with("hash", text("hash"))
            .with("size", paper.int("size").unwrap_or_default())
            .with("type", text("type"))
            .with("created_at", paper.int("created_at").unwrap_or_default())
    }
}

impl Store {
    /// Encrypts a file and puts it on the disk. Images are re-encoded before, by whoever knows images.
    ///
    /// # Errors
    /// It is empty or larger than 10 MB; the disk is full; or another fault.
    pub async fn store_file(&self, bytes: &[u8], at: Moment) -> Result<Stored> {
        if bytes.is_empty() || bytes.len() > MOST_BYTES {
            return Err(Refusal::FileSize { size: bytes.len() }.into());
        }
        let inner = &self.inner;
        inner.db.ready().await?;
        inner.data_keys.prepare(&inner.db, at.year()).await?;
        let name = Id::at(at);
        let place = inner.data_keys.place(OBJECT, "bytes", &name.to_string());
        let sealed = inner.data_keys.seal(OBJECT, at.year(), &place, bytes);
        inner.objects.put(&name.to_string(), sealed).await?;
        crate::fault!("object.written");
        let hash = hex(&inner.keys.files.mac(&[b"file", bytes]));
        Ok(Stored { name, hash, size: bytes.len() })
    }

    /// The bytes of a file whose row lies within the scope; the access log says so.
    ///
    /// # Errors
    /// It is not there or outside the scope; it was changed; or another fault.
    pub async fn read_file(&self, scope: &Scope, purpose: &str, at: Moment, id: Id) -> Result<Secret> {
        self.read_object(scope, purpose, at, &FILE, id).await
    }

    /// The bytes of a paper of an application whose row lies within the scope; the access log says so.
    ///
    /// # Errors
    /// It is not there or outside the scope; it was changed; or another fault.
    pub async fn read_paper(&self, scope: &Scope, purpose: &str, at: Moment, id: Id) -> Result<Secret> {
        self.read_object(scope, purpose, at, &APPLICATION_FILE, id).await
    }

    async fn read_object(
        &self,
        scope: &Scope,
        purpose: &str,
        at: Moment,
        table: &'static Table,
        id: Id,
    ) -> Result<Secret> {
        let row = self.read_personal(scope, purpose, at, &Find::one(table, id)).await?.pop();
        let row = row.ok_or(Error::Refusal(Refusal::NotFound { table: table.name, id }))?;
        let name = row.text("name").unwrap_or_default();
        let bytes = self.opened_object(name).await?;
        let hash = hex(&self.inner.keys.files.mac(&[b"file", bytes.reveal()]));
        match row.text("hash") == Some(hash.as_str()) {
            true => Ok(bytes),
            false => Err(Fault::Sealed { place: format!("object {name}") }.into()),
        }
    }

    async fn opened_object(&self, name: &str) -> Result<Secret> {
        let keys = &self.inner.data_keys;
        let bytes = self.inner.objects.get(name).await?;
        if !keys.knows(&bytes) {
            keys.load(&self.inner.db).await?;
        }
        keys.open(&keys.place(OBJECT, "bytes", name), &bytes)
    }

    /// Removes objects that are older than a day and that no row names. How many.
    ///
    /// # Errors
    /// A fault.
    pub async fn remove_orphans(&self, at: Moment) -> Result<u32> {
        let mut removed = 0;
        for name in self.inner.objects.names().await? {
            // The moment is in the name; what is named otherwise was not put there by us.
            let old = Id::parse(&name).is_some_and(|id| id.moment().plus(ORPHAN) < at);
            if !old {
                continue;
            }
            let sql = "SELECT (SELECT COUNT(*) FROM file WHERE name = $1) \
                       + (SELECT COUNT(*) FROM application_file WHERE name = $1 AND state = 'kept')";
            let row = self.inner.db.rows(sql.into(), vec![Bind::text(name.as_str())]).await?;
            if sqlx::Row::try_get::<i64, _>(&row[0], 0)? == 0 {
                self.inner.objects.remove(&name).await?;
                crate::fault!("object.removed");
                removed += 1;
            }
        }
        Ok(removed)
    }
}
