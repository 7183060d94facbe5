//! What whoever operates a deployment is told when something cannot be done: what is wrong and what to do, in both
//! languages. Paths may stand in it; nothing personal does.

use anmin_store::{Error, Fault};
use std::fmt;

/// Why something could not be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trouble {
    /// In Chinese.
    pub zh: String,
    /// In English.
    pub en: String,
}

impl Trouble {
    /// Trouble in these words.
    pub fn new(zh: impl Into<String>, en: impl Into<String>) -> Trouble {
        Trouble { zh: zh.into(), en: en.into() }
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} / {}", self.zh, self.en)
    }
}

impl std::error::Error for Trouble {}

impl From<Error> for Trouble {
    fn from(error: Error) -> Trouble {
        let en = error.to_string();
        let zh = match &error {
            Error::Refusal(_) => format!("数据库不允许：{en}"),
            Error::Fault(fault) => chinese(fault, &en),
        };
        Trouble { zh, en }
    }
}

impl From<crate::error::Error> for Trouble {
    fn from(error: crate::error::Error) -> Trouble {
        let en = error.to_string();
        let zh = match &error {
            crate::error::Error::Refusal(refusal) => refusal.text.zh.clone(),
            crate::error::Error::Fault(fault) => format!("{}（{en}）", fault.text().zh),
        };
        Trouble { zh, en }
    }
}

fn chinese(fault: &Fault, en: &str) -> String {
    match fault {
        Fault::Full => "磁盘已满；请清理空间，无须重启".into(),
        Fault::Busy => "数据库繁忙，没有写入；请稍后重试".into(),
        Fault::Unreachable(said) => format!("数据库无法连接：{said}；请检查地址、网络和数据库服务"),
        Fault::Address(why) => format!("不能打开这个数据库地址：{why}"),
        Fault::TooOld { found, needed } => format!("数据库版本为 {found}，需要 {needed}"),
        Fault::NewerSchema { found, known } => {
            format!("更新版本的 Anmin 已写过此处（结构 {found}，本程序只到 {known}）；请更新程序")
        }
        Fault::OtherMigration(n) => format!("数据库中的第 {n} 步迁移与本程序不同；请用原来的程序"),
        Fault::Deployment(_) => {
            if en.contains("already") {
                "这里已经有一个系统；请换一个空的位置".into()
            } else if en.contains("init") {
                "这里还没有系统；请先运行 anmin init".into()
            } else {
                "只有演示系统才有自己的日期".into()
            }
        }
        Fault::KeyMissing(path) => format!("缺少密钥文件 {}；请从保险柜中的副本放回", path.display()),
        Fault::KeyOpen { path, mode } => {
            format!("密钥文件 {} 的权限为 {mode:04o}，他人可读；请执行 chmod 0400", path.display())
        }
        Fault::KeyExists(path) => format!("密钥文件 {} 已存在，不会覆盖", path.display()),
        Fault::KeyWrong(path) => format!("{} 不是此数据库的密钥", path.display()),
        Fault::Sealed { place } => format!("{place} 无法打开：内容被改动，或密钥不对"),
        Fault::Corrupt(what) => {
            format!("数据库内容有误：{what}；请运行 anmin journal verify --state 并保留现场")
        }
        Fault::Backup(what) => format!("副本损坏或不完整：{what}"),
        Fault::Io(error) => format!("读写出错：{error}"),
        Fault::Objects(error) => format!("文件存储出错：{error}"),
        Fault::Injected(point) => format!("故障点 {point} 被触发"),
        Fault::Database(error) => format!("数据库出错：{error}"),
    }
}
