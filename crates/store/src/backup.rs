//! Backup and restore. One form for both databases: a file of rows for each table, the objects as they are, and a
//! signed manifest with the hash of every part. What is sealed stays sealed; the keys are not in it.
//!
//! The database goes first, from one state, while work goes on; then the objects it names. An object is on the disk
//! before its row, so none can be missing.

pub mod rows;

use crate::db::{Bind, Db, Dialect, all, insert_many, run};
use crate::error::{Fault, Result};
use crate::files::Objects;
use crate::id::{Moment, hex, unhex};
use crate::keys::{Keys, signed};
use crate::migrate::{self, STEPS};
use crate::store::{Settings, Store};
use crate::table::{self, Kind};
use rows::{Reader, encode};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use sqlx::Row;
use std::collections::BTreeMap;
use std::io::{BufWriter, Write};
use std::path::Path;

const MANIFEST: &str = "manifest.json";
const SIGNATURE: &str = "manifest.signature";
const PAGE: usize = 1_000;

/// What a backup holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// The form of the copy.
    pub format: u32,
    /// The number of the last migration.
    pub schema: i64,
    /// The deployment.
    pub deployment: String,
    /// `record` or `demo`.
    pub kind: String,
    /// When.
    pub at: i64,
    /// The number of the last checkpoint in it, for comparison with the witness.
    pub checkpoint: i64,
    /// The key that checks the signature.
    pub public_key: String,
    /// How many rows of each table, and the hash of its file.
    pub tables: BTreeMap<String, (u64, String)>,
    /// The hash of each object, as it is encrypted.
    pub objects: BTreeMap<String, String>,
}

/// A table to copy: name, columns, order.
type Copied = (&'static str, Vec<(&'static str, Kind)>, &'static str);

fn tables() -> Vec<Copied> {
    let inner = |table: &table::Inner| (table.name, table.columns.to_vec(), table.order);
    let mut all: Vec<Copied> = table::INNER_FIRST.iter().map(inner).collect();
    for table in table::ALL {
        let mut columns = vec![("id", Kind::Text), ("version", Kind::Int)];
        columns.extend(table.columns);
        all.push((table.name, columns, "id"));
    }
    all.extend(table::INNER_LAST.iter().map(inner));
    all
}

impl Store {
    /// Copies everything into an empty folder, while work goes on.
    ///
    /// # Errors
    /// The folder is not empty; the disk is full; or another fault. What was begun is no backup: it has no manifest.
    pub async fn backup(&self, folder: &Path, at: Moment) -> Result<Manifest> {
        empty(folder)?;
        let inner = &self.inner;
        let mut manifest = Manifest {
            format: 1,
            schema: STEPS.last().map_or(0, |(n, ..)| *n),
            deployment: inner.deployment.id.to_string(),
            kind: format!("{:?}", inner.deployment.kind).to_lowercase(),
            at: at.0,
            checkpoint: 0,
            public_key: hex(&inner.keys.public()),
            tables: BTreeMap::new(),
            objects: BTreeMap::new(),
        };
        std::fs::create_dir_all(folder.join("rows"))?;
        std::fs::create_dir_all(folder.join("objects"))?;
        let mut names = Vec::new();
        let mut tx = inner.db.snapshot().await?;
        for (table, columns, order) in tables() {
            let path = folder.join("rows").join(table);
            let copied = copy_table(&mut tx, table, &columns, order, &path).await?;
            manifest.tables.insert(table.into(), copied);
        }
        let sql = "SELECT COALESCE(MAX(n), 0) FROM checkpoint";
        manifest.checkpoint = all(&mut tx, sql, Vec::new()).await?[0].try_get(0)?;
        for row in all(&mut tx, "SELECT name FROM file ORDER BY name", Vec::new()).await? {
            names.push(row.try_get::<String, _>(0)?);
        }
        drop(tx);
        crate::fault!("backup.rows");
        for name in names {
            let bytes = inner.objects.get(&name).await?;
            manifest.objects.insert(name.clone(), hex(&Sha256::digest(&bytes)));
            write_synced(&folder.join("objects").join(&name), &bytes)?;
        }
        crate::fault!("backup.objects");
        let text = serde_json::to_vec_pretty(&manifest).expect("numbers and texts are JSON");
        let signature = hex(&inner.keys.sign(&to_sign(&text)));
        write_synced(&folder.join(SIGNATURE), signature.as_bytes())?;
        crate::fault!("backup.manifest");
        // Last: a folder with a manifest is a whole backup.
        write_synced(&folder.join(MANIFEST), &text)?;
        for folder in [folder.join("rows"), folder.join("objects"), folder.to_path_buf()] {
            std::fs::File::open(folder)?.sync_all()?;
        }
        Ok(manifest)
    }

    /// Puts a backup into an empty database and an empty folder of objects, and opens it. Every part is checked before
    /// the first row is written, and all rows come in one transaction.
    ///
    /// # Errors
    /// The copy is damaged, incomplete or of a newer version; the keys are not those of it; there is something already;
    /// or a fault. After a break in the middle, empty both and begin again.
    pub async fn restore(folder: &Path, settings: &Settings) -> Result<Store> {
        let keys = Keys::open(&settings.keys)?;
        let manifest = verify_backup(folder, &keys.public())?;
        empty(&settings.objects)?;
        let db = Db::connect(&settings.url, true).await?;
        migrate::migrate(&db).await?;
        let mut tx = db.write().await?;
        if crate::store::deployment(&mut tx).await?.is_some() {
            return Err(
                Fault::Deployment("there is a database here already; restore into an empty one").into()
            );
        }
        // A post may stand before the one it was delegated from.
        let defer = match db.dialect {
            Dialect::Sqlite => "PRAGMA defer_foreign_keys = ON",
            Dialect::Postgres => "SET CONSTRAINTS ALL DEFERRED",
        };
        run(&mut tx, defer, Vec::new()).await?;
        for (table, columns, _) in tables() {
            let mut reader = Reader::open(&folder.join("rows").join(table))?;
            loop {
                let rows = reader.page(columns.len(), PAGE)?;
                if rows.is_empty() {
                    break;
                }
                insert_many(&mut tx, table, &columns, rows).await?;
            }
        }
        if db.dialect == Dialect::Postgres {
            let sql = "SELECT setval(pg_get_serial_sequence('pending', 'seq'), \
                       (SELECT COALESCE(MAX(seq), 0) + 1 FROM pending))";
            run(&mut tx, sql, Vec::new()).await?;
        }
        crate::fault!("restore.rows");
        let objects = Objects::open(&settings.objects)?;
        for name in manifest.objects.keys() {
            objects.put(name, std::fs::read(folder.join("objects").join(name))?).await?;
        }
        crate::fault!("restore.objects");
        tx.commit().await?;
        db.close().await;
        Store::open(settings).await
    }
}

/// Checks a backup: the signature of its manifest, and the hash of every part.
///
/// # Errors
/// It is damaged, incomplete, of another key or of a newer version.
pub fn verify_backup(folder: &Path, public: &[u8; 32]) -> Result<Manifest> {
    let bad = |what: &str| Fault::Backup(what.into());
    let text = std::fs::read(folder.join(MANIFEST)).map_err(|_| bad("it has no manifest"))?;
    let signature = std::fs::read(folder.join(SIGNATURE)).map_err(|_| bad("its manifest is not signed"))?;
    let signature = std::str::from_utf8(&signature).ok().and_then(unhex::<64>);
    if !signature.is_some_and(|signature| signed(public, &to_sign(&text), &signature)) {
        return Err(bad("the signature of the manifest is not true, or is of another deployment").into());
    }
    let manifest: Manifest = serde_json::from_slice(&text).map_err(|_| bad("its manifest"))?;
    let known = STEPS.last().map_or(0, |(n, ..)| *n);
    if manifest.format != 1 || manifest.schema > known {
        return Err(Fault::NewerSchema { found: manifest.schema, known }.into());
    }
    for (table, (_, hash)) in &manifest.tables {
        check(&folder.join("rows").join(table), hash)?;
    }
    for (name, hash) in &manifest.objects {
        check(&folder.join("objects").join(name), hash)?;
    }
    if let Some((missing, ..)) = tables().iter().find(|(name, ..)| !manifest.tables.contains_key(*name)) {
        return Err(bad(&format!("table {missing} is not in it")).into());
    }
    Ok(manifest)
}

fn to_sign(manifest: &[u8]) -> Vec<u8> {
    [b"anmin backup 1\n", manifest].concat()
}

fn check(path: &Path, hash: &str) -> Result<()> {
    let mut digest = Sha256::new();
    let told = |what: &str| Fault::Backup(format!("{} {what}", path.display()));
    let mut file = std::fs::File::open(path).map_err(|_| told("is missing"))?;
    std::io::copy(&mut file, &mut Sink(&mut digest))?;
    if hex(&digest.finalize()) == hash { Ok(()) } else { Err(told("was changed").into()) }
}

struct Sink<'a>(&'a mut Sha256);

impl Write for Sink<'_> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

fn empty(folder: &Path) -> Result<()> {
    std::fs::create_dir_all(folder)?;
    match std::fs::read_dir(folder)?.next() {
        None => Ok(()),
        Some(_) => Err(Fault::Backup(format!("{} is not empty", folder.display())).into()),
    }
}

fn write_synced(path: &Path, bytes: &[u8]) -> Result<()> {
    let mut file = std::fs::File::create(path)?;
    file.write_all(bytes)?;
    Ok(file.sync_all()?)
}

/// Copies a table page by page. How many rows, and the hash of the file.
async fn copy_table(
    tx: &mut crate::db::Tx,
    table: &str,
    columns: &[(&str, Kind)],
    order: &str,
    path: &Path,
) -> Result<(u64, String)> {
    let names: Vec<&str> = columns.iter().map(|(name, _)| *name).collect();
    let keys: Vec<&str> = order.split(", ").collect();
    let places: Vec<usize> =
        keys.iter().map(|key| names.iter().position(|name| name == key).expect("a column")).collect();
    let mut file = BufWriter::new(std::fs::File::create(path)?);
    let mut digest = Sha256::new();
    let mut count = 0;
    let mut last: Option<Vec<Bind>> = None;
    loop {
        let after = match &last {
            None => String::new(),
            Some(_) => {
                let marks: Vec<String> = (1..=keys.len()).map(|n| format!("${n}")).collect();
                format!("WHERE ({order}) > ({}) ", marks.join(", "))
            }
        };
        let sql = format!("SELECT {} FROM {table} {after}ORDER BY {order} LIMIT {PAGE}", names.join(", "));
        let rows = all(tx, &sql, last.take().unwrap_or_default()).await?;
        for row in &rows {
            let values: Result<Vec<_>> =
                columns.iter().enumerate().map(|(at, (_, kind))| crate::db::value(row, at, *kind)).collect();
            let values = values?;
            let bytes = encode(&values);
            digest.update(&bytes);
            file.write_all(&bytes)?;
            count += 1;
            last = Some(places.iter().map(|at| Bind(columns[*at].1, values[*at].clone())).collect());
        }
        if rows.len() < PAGE {
            break;
        }
    }
    file.flush()?;
    file.get_ref().sync_all()?;
    Ok((count, hex(&digest.finalize())))
}
