//! A deployment as whoever operates it handles it: made, opened, copied, put back, and proved untouched.

mod condition;
mod report;
mod trouble;

pub use anmin_store::{DeploymentKind, FileSink, Id, Moment, Store};
pub use condition::{ConditionV1, KeyFileV1, KeysV1};
pub use report::{FindingOfJournalV1, ReportV1};
pub use trouble::Trouble;

use crate::error;
use crate::office::{Office, Order};
use crate::record::TextV1;
use anmin_base::date::Date;
use anmin_store::journal::sealer::read_witness;
use anmin_store::journal::verify::verify_export;
use anmin_store::{Keys, Settings, Stream};
use std::io::{BufRead, Write};
use std::path::{Path, PathBuf};

/// What an operator is told instead.
pub type Result<T> = std::result::Result<T, Trouble>;

/// Where a deployment lives: four places, best on more than one disk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Home {
    /// The database: `sqlite:` and a path, or `postgres://`.
    pub url: String,
    /// The folder of key files.
    pub keys: PathBuf,
    /// The folder of encrypted objects.
    pub objects: PathBuf,
    /// The file every checkpoint is copied to.
    pub witness: PathBuf,
}

/// The day a demonstration begins.
const DEMO_BEGINS: (i32, u8, u8) = (2026, 9, 1);

/// A deployment that was just made.
#[derive(Clone, Debug)]
pub struct Made {
    /// Its name.
    pub id: Id,
    /// The token with which the first administrators enrol; none in a demonstration. It is shown once.
    pub enrolment: Option<String>,
    /// Whether it was made now; else it was there, and only the token is new.
    pub anew: bool,
}

impl Home {
    /// Everything in one folder.
    pub fn in_folder(folder: &Path) -> Home {
        Home {
            url: format!("sqlite:{}", folder.join("anmin.db").display()),
            keys: folder.join("keys"),
            objects: folder.join("objects"),
            witness: folder.join("witness.jsonl"),
        }
    }

    fn settings(&self) -> Settings {
        Settings {
            url: self.url.clone(),
            keys: self.keys.clone(),
            objects: self.objects.clone(),
            witness: Some(self.witness.clone()),
        }
    }

    /// Makes the keys, the database and the folder of objects. Can be repeated after a break; where it was done, only the
    /// token for the first administrators is made anew.
    ///
    /// # Errors
    /// There is a demonstration or a deployment of another kind here, a place cannot be written, or the database is not one we can use.
    pub async fn init(&self, kind: DeploymentKind, at: Moment) -> Result<Made> {
        if let Some(folder) = self.url.strip_prefix("sqlite:").and_then(|path| Path::new(path).parent()) {
            std::fs::create_dir_all(folder).map_err(anmin_store::Error::from)?;
        }
        match Keys::create(&self.keys) {
            // Of an init that broke off: a database with other keys refuses them.
            Ok(_) | Err(anmin_store::Error::Fault(anmin_store::Fault::KeyExists(_))) => {}
            Err(error) => return Err(error.into()),
        }
        let (store, anew) = match Store::create(&self.settings(), kind, at).await {
            Ok(store) => (store, true),
            Err(anmin_store::Error::Fault(fault @ anmin_store::Fault::Deployment(_))) => {
                let there = self.open().await?;
                // Of an init that broke off before its day was set.
                let unfinished = kind == DeploymentKind::Demo && there.demo_day().await?.is_none();
                if there.deployment().kind != kind || (kind == DeploymentKind::Demo && !unfinished) {
                    return Err(anmin_store::Error::from(fault).into());
                }
                (there, unfinished)
            }
            Err(error) => return Err(error.into()),
        };
        anmin_store::fault!("init.created");
        let enrolment = match kind {
            DeploymentKind::Record => Some(store.enrolment_token(at).await?),
            DeploymentKind::Demo => {
                let (year, month, day) = DEMO_BEGINS;
                store.set_demo_day(Date::ymd(year, month, day)).await?;
                None
            }
        };
        let made = Made { id: store.deployment().id, enrolment, anew };
        store.close().await;
        Ok(made)
    }

    /// Opens it.
    ///
    /// # Errors
    /// There is none here, the keys are missing or others, or the database cannot be used.
    pub async fn open(&self) -> Result<Store> {
        Ok(Store::open(&self.settings()).await?)
    }

    /// Whether anything was made here.
    pub fn is_there(&self) -> bool {
        self.keys.exists() || self.file().is_some_and(Path::exists)
    }

    /// The file of the database, where it is one.
    fn file(&self) -> Option<&Path> {
        self.url.strip_prefix("sqlite:").map(Path::new)
    }

    /// Takes a demonstration away, with its keys and everything that lies in its places. Where there is nothing, nothing is done.
    ///
    /// # Errors
    /// What is here is no demonstration, or not in a file; it cannot be opened, or not be removed.
    pub async fn remove_demonstration(&self) -> Result<()> {
        if !self.is_there() {
            return Ok(());
        }
        let Some(file) = self.file().filter(|file| file.exists()) else {
            return Err(Trouble::new(
                "这里没有可以删除的演示系统：没有数据库文件。请另选一个目录，或自行清空它",
                "there is no demonstration's file here to be removed: choose another folder, or empty this one yourself",
            ));
        };
        let store = self.open().await?;
        let kind = store.deployment().kind;
        store.close().await;
        if kind != DeploymentKind::Demo {
            return Err(Trouble::new(
                "这是正式系统的数据库，不会删除；请另选一个目录",
                "this is a database of record and is not removed: choose another folder",
            ));
        }
        let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        // The database last: what is left of a removal that broke off can be removed again.
        for folder in [&self.objects, &self.keys] {
            gone(std::fs::remove_dir_all(folder))?;
        }
        gone(std::fs::remove_file(&self.witness))?;
        for beside in ["-wal", "-shm", ""] {
            gone(std::fs::remove_file(file.with_file_name(format!("{name}{beside}"))))?;
        }
        Ok(())
    }

    /// Opens an office on it, with the packs and regions under a folder.
    ///
    /// # Errors
    /// As [`Home::open`]; or the packs cannot be read.
    pub async fn office(&self, root: &Path, at: Moment) -> Result<Office> {
        Ok(Office::open(self.open().await?, root, at).await?)
    }

    /// Copies everything but the keys into an empty folder. How many rows and objects.
    ///
    /// # Errors
    /// The folder is not empty, the disk is full, or another fault.
    pub async fn backup(&self, to: &Path, at: Moment) -> Result<(u64, usize)> {
        let store = self.open().await?;
        let manifest = store.backup(to, at).await;
        store.close().await;
        let manifest = manifest?;
        Ok((manifest.tables.values().map(|(rows, _)| rows).sum(), manifest.objects.len()))
    }

    /// Puts a backup into an empty database and an empty folder of objects.
    ///
    /// # Errors
    /// The copy is damaged or of another deployment, there is something here already, or another fault.
    pub async fn restore(&self, from: &Path) -> Result<Id> {
        if let Some(folder) = self.url.strip_prefix("sqlite:").and_then(|path| Path::new(path).parent()) {
            std::fs::create_dir_all(folder).map_err(anmin_store::Error::from)?;
        }
        let store = Store::restore(from, &self.settings()).await?;
        let id = store.deployment().id;
        store.close().await;
        Ok(id)
    }

    /// Checks the journal with the witness; with `state`, also every row, seal and payload.
    ///
    /// # Errors
    /// A fault; what is wrong with the journal is in the report.
    pub async fn verify(&self, state: bool) -> Result<ReportV1> {
        let store = self.open().await?;
        let report = if state { store.verify_state().await } else { store.verify_journal().await };
        store.close().await;
        Ok(ReportV1::from(&report?))
    }

    /// Writes the journal out, for an auditor. How many lines.
    ///
    /// # Errors
    /// A fault, or the writer's.
    pub async fn export(&self, out: &mut (dyn Write + Send)) -> Result<u64> {
        let store = self.open().await?;
        let lines = store.export_journal(out).await;
        store.close().await;
        Ok(lines?)
    }
}

/// What is not there need not be removed.
fn gone(removed: std::io::Result<()>) -> Result<()> {
    match removed {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(anmin_store::Error::from(error).into())
        }
        _ => Ok(()),
    }
}

/// Checks an export offline, with the public key alone and, if there is one, a witness.
///
/// # Errors
/// The key is none; the export cannot be read, is none or broke off.
pub fn verify_offline(export: &mut dyn BufRead, public: &str, witness: Option<&Path>) -> Result<ReportV1> {
    let digit = |at: usize| public.get(at..at + 2).and_then(|pair| u8::from_str_radix(pair, 16).ok());
    let bytes: Option<Vec<u8>> = (0..32).map(|n| digit(n * 2)).collect();
    let key: Option<[u8; 32]> = bytes.filter(|_| public.len() == 64).and_then(|bytes| bytes.try_into().ok());
    let key = key.ok_or_else(|| {
        Trouble::new("公钥应为 64 位十六进制数字", "a public key has 64 hexadecimal digits")
    })?;
    let witness = witness.map(read_witness).transpose()?;
    Ok(ReportV1::from(&verify_export(export, key, witness)?))
}

impl Office {
    /// Writes the journal out on somebody's request, and says in it that they had it.
    ///
    /// # Errors
    /// Not permitted; a fault, or the writer's.
    pub async fn export_journal(
        &self,
        order: &Order<'_>,
        out: &mut (dyn Write + Send),
    ) -> error::Result<u64> {
        self.noted(order, "audit_export").await?;
        Ok(self.store().export_journal(out).await?)
    }

    /// Checks the journal on somebody's request, and says in it that they did; with `state`, also every row.
    ///
    /// # Errors
    /// Not permitted; or a fault. What is wrong with the journal is in the report.
    pub async fn verify_journal(&self, order: &Order<'_>, state: bool) -> error::Result<ReportV1> {
        self.noted(order, "journal_verify").await?;
        let store = self.store();
        let report = if state { store.verify_state().await } else { store.verify_journal().await };
        Ok(ReportV1::from(&report?))
    }

    /// An event that says that somebody did this to the whole journal.
    async fn noted(&self, order: &Order<'_>, action: &str) -> error::Result<()> {
        let (scope, purpose) = self.scope(order.caller, self.action(action)?, order.purpose, order.now)?;
        let scope = anmin_store::Scope::from_authz(&scope, self.authority());
        let purpose = &self.authority().parts().purposes[purpose.0].named.name;
        let command =
            anmin_store::Command { scope: &scope, name: action, purpose, at: order.now.at, request: None };
        let work = self.store().begin_job(command).await?;
        let id = self.store().deployment().id.to_string();
        work.commit(Stream { kind: "journal", id: &id }, b"", b"").await?;
        Ok(())
    }
}

/// What to do after an init, in both languages.
pub fn after_init(home: &Home) -> TextV1 {
    let (keys, witness) = (home.keys.display(), home.witness.display());
    TextV1 {
        zh: format!(
            "请立即：一、两人各将密钥目录 {keys} 抄到两份介质，分存两处保险柜；丢失密钥，数据无法恢复。\n\
             二、将见证文件 {witness} 移到数据库操作人不能单独改写的磁盘，并用 --witness 指定。\n\
             三、运行 anmin serve，三名管理员在半小时内凭上面的登记令牌各登记一次（POST /api/v1/enrolment）。"
        ),
        en: format!(
            "Now: 1. Two people copy the key folder {keys} to two media in two safes; whoever loses the keys has lost the data.\n\
             2. Move the witness {witness} to a disk that the operator of the database cannot write alone, and name it by --witness.\n\
             3. Run anmin serve; within half an hour three administrators enrol, each once, with the token above \
             (POST /api/v1/enrolment)."
        ),
    }
}
