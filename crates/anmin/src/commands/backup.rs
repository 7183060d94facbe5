//! `anmin backup` and `anmin restore`: a whole copy, and its way back.
use super::home::At;
use crate::edge::{End, Stopped, doing, moment, print};
use clap::Args;
use std::path::PathBuf;

const BACKUP: &str = "\
Examples:
  anmin backup --data /srv/anmin /mnt/backup/2026-09-01

Copies rows and objects into an empty folder while work goes on, and signs the copy. The keys are not in it: they are copied once, by hand,
to a safe. 密钥不在备份里，须另行抄存。";

/// Copy everything but the keys into an empty folder
///
/// 备份：数据库各表和加密文件，不含密钥。
#[derive(Debug, Args)]
#[command(after_help = BACKUP)]
pub struct Backup {
    #[command(flatten)]
    at: At,
    /// An empty folder, or one to be made (备份到的空目录)
    #[arg(value_name = "DIR")]
    to: PathBuf,
}

impl Backup {
    /// Runs the command.
    pub fn run(&self) -> Result<End, Stopped> {
        let (rows, objects) = doing(self.at.home()?.backup(&self.to, moment()), self.at.lang)?;
        let to = self.to.display();
        let (zh, en) = (
            format!("已备份到 {to}：{rows} 行，{objects} 个文件。\n"),
            format!("Copied to {to}: {rows} rows, {objects} objects.\n"),
        );
        print(self.at.lang.pick(&zh, &en));
        Ok(End::Done)
    }
}

const RESTORE: &str = "\
Examples:
  anmin restore --data /srv/new --keys /mnt/keys /mnt/backup/2026-09-01

Wants an empty database, an empty folder of objects, and the keys of that deployment. Checks the signature and every part before it writes a row.
恢复后请运行 anmin journal verify --state，并与见证文件核对。";

/// Put a backup into an empty place
///
/// 恢复：把备份放回空的数据库和目录。
#[derive(Debug, Args)]
#[command(after_help = RESTORE)]
pub struct Restore {
    #[command(flatten)]
    at: At,
    /// The backup (备份所在目录)
    #[arg(value_name = "DIR")]
    from: PathBuf,
}

impl Restore {
    /// Runs the command.
    pub fn run(&self) -> Result<End, Stopped> {
        let id = doing(self.at.home()?.restore(&self.from), self.at.lang)?;
        let (zh, en) = (
            format!("已恢复：{id}。下一步：anmin journal verify --state\n"),
            format!("Restored: {id}. Next: anmin journal verify --state\n"),
        );
        print(self.at.lang.pick(&zh, &en));
        Ok(End::Done)
    }
}
