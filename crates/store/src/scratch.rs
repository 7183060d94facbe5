//! A database for a test or a trial: empty, with keys of its own, in a place nobody else uses. On PostgreSQL the place is a
//! schema of the database given.

use crate::db::{Db, run};
use crate::error::Result;
use crate::id::{Id, Moment};
use crate::keys::Keys;
use crate::store::{DeploymentKind, Settings, Store};
use std::path::{Path, PathBuf};

/// Where a database for a test or a trial is. Removed by [`Scratch::remove`], kept for whoever looks if that is not called.
#[derive(Debug)]
pub struct Scratch {
    /// How it is opened.
    pub settings: Settings,
    folder: PathBuf,
    server: Option<String>,
}

impl Scratch {
    /// Makes a place with keys under a folder: on the PostgreSQL given, or in a file.
    ///
    /// # Errors
    /// The folder cannot be written; the server cannot be reached.
    pub async fn new(under: &Path, server: Option<&str>, at: Moment) -> Result<Scratch> {
        let name = format!("anmin_{}", Id::at(at));
        let folder = under.join(&name);
        std::fs::create_dir_all(&folder)?;
        let url = match server {
            None => format!("sqlite:{}", folder.join("main.sqlite").display()),
            Some(server) => {
                statement(server, &format!("CREATE SCHEMA {name}")).await?;
                let joint = if server.contains('?') { '&' } else { '?' };
                format!("{server}{joint}options[search_path]={name}")
            }
        };
        let settings = Settings {
            url,
            keys: folder.join("keys"),
            objects: folder.join("objects"),
            witness: Some(folder.join("witness")),
        };
        Keys::create(&settings.keys)?;
        Ok(Scratch { settings, folder, server: server.map(str::to_owned) })
    }

    /// Makes the database.
    ///
    /// # Errors
    /// As [`Store::create`].
    pub async fn create(&self, kind: DeploymentKind, at: Moment) -> Result<Store> {
        Store::create(&self.settings, kind, at).await
    }

    /// Removes everything.
    ///
    /// # Errors
    /// The server cannot be reached, or the folder not be removed.
    pub async fn remove(self) -> Result<()> {
        if let (Some(server), Some((_, name))) = (&self.server, self.settings.url.rsplit_once('=')) {
            statement(server, &format!("DROP SCHEMA {name} CASCADE")).await?;
        }
        std::fs::remove_dir_all(&self.folder)?;
        Ok(())
    }
}

async fn statement(server: &str, sql: &str) -> Result<()> {
    let db = Db::connect(server, false).await?;
    let mut tx = db.write().await?;
    run(&mut tx, sql, Vec::new()).await?;
    tx.commit().await?;
    db.close().await;
    Ok(())
}
