//! `anmin init`: a new deployment.
use super::home::At;
use crate::edge::{End, Stopped, doing, moment, print};
use anmin_app::deployment::{DeploymentKind, after_init};
use clap::Args;

const MORE: &str = "\
Examples:
  anmin init --data /srv/anmin
  anmin init --database postgres://anmin@localhost/anmin --keys /mnt/keys --objects /srv/anmin/objects --witness /mnt/witness/anmin.jsonl
  anmin init --demo --data demo

Prints a token with which three different people enrol within half an hour as the administrators of systems, of security and of audit. Run
it again on the same place for a new token. Nothing that is there is overwritten.
登记令牌只显示一次；过期后在原处再次运行即得新令牌，原有内容不变。";

/// Make a new database, with its keys
///
/// 新建系统：密钥、数据库，以及首批管理员的登记令牌。
#[derive(Debug, Args)]
#[command(after_help = MORE)]
pub struct Init {
    /// A demonstration: invented people, a day of its own, loopback only (演示系统)
    #[arg(long)]
    demo: bool,
    #[command(flatten)]
    at: At,
}

impl Init {
    /// Runs the command.
    pub fn run(&self) -> Result<End, Stopped> {
        let home = self.at.home()?;
        let kind = if self.demo { DeploymentKind::Demo } else { DeploymentKind::Record };
        let made = doing(home.init(kind, moment()), self.at.lang)?;
        let id = made.id;
        let Some(token) = made.enrolment else {
            print(&format!(
                "演示系统已建立：{id}\n下一步：anmin serve --demo，加上同样的位置参数。\n\n\
                 The demonstration is there: {id}\nNext: anmin serve --demo with the same places.\n"
            ));
            return Ok(End::Done);
        };
        let next = after_init(&home);
        let (new_zh, new_en) = match made.anew {
            true => ("系统已建立", "The database is there"),
            false => ("系统早已建立，这是新的登记令牌", "The database was there; this is a new token"),
        };
        print(&format!(
            "{new_zh}：{id}\n登记令牌（半小时内有效，只显示这一次）：{token}\n{}\n\n\
             {new_en}: {id}\nEnrolment token (good for half an hour, shown this once): {token}\n{}\n",
            next.zh, next.en
        ));
        Ok(End::Done)
    }
}
