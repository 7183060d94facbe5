//! Where a deployment lives, as arguments.
use crate::edge::Stopped;
use crate::tell::Language;
use anmin_app::deployment::Home;
use clap::Args;
use std::path::PathBuf;

/// Where a deployment lives, and how a command about it speaks.
#[derive(Debug, Args)]
pub struct At {
    /// Everything in one folder: database (SQLite), keys, objects, witness (数据目录)
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// The database instead: postgres://… or sqlite:FILE (数据库地址)
    #[arg(long, value_name = "URL")]
    database: Option<String>,
    /// The folder of key files instead; best on another disk (密钥目录)
    #[arg(long, value_name = "DIR")]
    keys: Option<PathBuf>,
    /// The folder of encrypted objects instead (加密文件目录)
    #[arg(long, value_name = "DIR")]
    objects: Option<PathBuf>,
    /// The witness file instead; best on a disk the database's operator cannot write alone (见证文件)
    #[arg(long, value_name = "FILE")]
    witness: Option<PathBuf>,
    /// The language of what is said (语言)
    #[arg(long, value_enum, default_value_t)]
    pub lang: Language,
}

impl At {
    /// The places named.
    pub fn home(&self) -> Result<Home, Stopped> {
        let whole = self.data.as_deref().map(Home::in_folder);
        let missing = |argument: &str| {
            Stopped::because(
                self.lang,
                "",
                format!("请用 --data 指定数据目录，或用 --{argument} 单独指定"),
                format!("name the folder with --data, or this place with --{argument}"),
            )
        };
        let pick = |given: &Option<PathBuf>, argument: &str, of: fn(&Home) -> &PathBuf| {
            given.clone().or_else(|| whole.as_ref().map(of).cloned()).ok_or_else(|| missing(argument))
        };
        let url = self.database.clone().or_else(|| whole.as_ref().map(|home| home.url.clone()));
        Ok(Home {
            url: url.ok_or_else(|| missing("database"))?,
            keys: pick(&self.keys, "keys", |home| &home.keys)?,
            objects: pick(&self.objects, "objects", |home| &home.objects)?,
            witness: pick(&self.witness, "witness", |home| &home.witness)?,
        })
    }

    /// The witness, where one is named for itself.
    pub fn witness(&self) -> Option<&std::path::Path> {
        self.witness.as_deref()
    }

    /// The folder messages to people are put into.
    pub fn messages(&self, home: &Home) -> PathBuf {
        match &self.data {
            Some(data) => data.join("messages"),
            None => home.objects.with_file_name("messages"),
        }
    }
}
