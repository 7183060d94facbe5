//! `anmin bench`: how fast the evaluator is, and that its sums are right.
use crate::bench::{Settings, api, decide, money, packs, rules};
use crate::edge::{End, Stopped, find_root, library, print};
use crate::tell::Language;
use anmin_base::date::Date;
use clap::{Args, ValueEnum};
use std::path::{Path, PathBuf};

const MORE: &str = "\
Examples:
  anmin bench
  anmin bench rules --size 1m --runs 9
  anmin bench money --pack NAME --payments 100000
  anmin bench decide --pack NAME --region 110000 --on 2026-09-01 household.yaml

rules: the rules of the benchmark pack over 100k, 1m and 5m made-up persons, against sums four other engines agree on.
decide: one household with its explanation, median of many.  packs: the check of all packs.
money: a month through every hand, on a database of its own.
api: a server that runs already; the token is that of somebody who lists cases and takes complaints.
Run it from a release build: ./x bench. Only the evaluation is timed, not the making of the columns.
Exit code 1 if a sum is wrong.  只计运算时间；合计数不对时退出码为 1。";

/// Measure the evaluator
///
/// 测量规则运算的速度，并核对合计数。
#[derive(Debug, Args)]
#[command(after_help = MORE)]
pub struct Bench {
    /// What to measure; everything when left out (测什么)
    #[arg(value_enum)]
    what: Option<What>,
    /// Persons, for rules; may be given several times (人数)
    #[arg(long, value_enum)]
    size: Vec<rules::Size>,
    /// How often each measurement of rules is made (次数)
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..))]
    runs: u32,
    /// Threads, for rules (线程数)
    #[arg(long, default_value_t = 2, value_parser = clap::value_parser!(u32).range(1..))]
    threads: u32,
    /// How often one household is decided (一户的次数)
    #[arg(long, default_value_t = 100_000, value_parser = clap::value_parser!(u32).range(1..))]
    times: u32,
    /// A pack, in place of the benchmark's own or of all (服务包)
    #[arg(long, value_name = "NAME")]
    pack: Option<String>,
    /// The region of --pack (地区代码)
    #[arg(long, value_name = "CODE")]
    region: Option<String>,
    /// The date of --pack (日期)
    #[arg(long, value_name = "DATE", value_parser = super::date)]
    on: Option<Date>,
    /// The address of a running server, for api (服务地址)
    #[arg(long, value_name = "HOST:PORT")]
    at: Option<String>,
    /// The token of a session on it, for api (会话令牌)
    #[arg(long, value_name = "TOKEN")]
    token: Option<String>,
    /// How many clients at once, for api (并发数)
    #[arg(long, default_value_t = 8, value_parser = clap::value_parser!(u32).range(1..))]
    clients: u32,
    /// How many requests of each kind, for api (请求数)
    #[arg(long, default_value_t = 4_000, value_parser = clap::value_parser!(u32).range(1..))]
    requests: u32,
    /// How many payments, for money (发放笔数)
    #[arg(long, default_value_t = 100_000, value_parser = clap::value_parser!(u32).range(1..=500_000))]
    payments: u32,
    /// An empty database, for money; a file of its own when left out (空数据库)
    #[arg(long, value_name = "URL")]
    database: Option<String>,
    /// Household files for decide; a test of each pack when left out (家庭情况文件)
    #[arg(value_name = "FILE")]
    files: Vec<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum What {
    Rules,
    Decide,
    Packs,
    Api,
    Money,
}

impl Bench {
    /// Runs the command.
    pub fn run(&self, root: Option<&Path>) -> Result<End, Stopped> {
        if self.what == Some(What::Api) {
            return self.api();
        }
        if self.what == Some(What::Money) {
            return self.money(root);
        }
        let library = library(root, Language::En)?;
        let settings = Settings {
            library: &library,
            runs: self.runs,
            threads: self.threads as usize,
            times: self.times,
            pack: self.pack.as_deref(),
            region: self.region.as_deref(),
            on: self.on,
        };
        if cfg!(debug_assertions) {
            print("This is a debug build: the times mean nothing. ./x bench makes a release build.\n\n");
        }
        let wanted = |what| self.what.is_none_or(|w| w == what);
        let mut end = End::Done;
        if wanted(What::Rules) && !rules::run(&settings, &self.size)? {
            end = End::Failed;
        }
        if wanted(What::Decide) {
            decide::run(&settings, &self.files)?;
        }
        if wanted(What::Packs) {
            packs::run(&settings);
        }
        Ok(end)
    }

    fn money(&self, root: Option<&Path>) -> Result<End, Stopped> {
        let Some(programme) = &self.pack else {
            let (zh, en) = ("测量发放须用 --pack 写明服务", "money is of a service: name it with --pack");
            return Err(Stopped::because(Language::En, "", zh, en));
        };
        let root = find_root(root, Language::En)?;
        let url = self.database.as_deref();
        money::run(&money::Asked { root: &root, programme, payments: self.payments, url })
    }

    fn api(&self) -> Result<End, Stopped> {
        let (Some(at), Some(token)) = (&self.at, &self.token) else {
            let (zh, en) = (
                "测量接口须给出 --at 和 --token",
                "api is measured on a running server: give --at and --token",
            );
            return Err(Stopped::because(Language::En, "", zh, en));
        };
        let (clients, requests) = (self.clients as usize, self.requests as usize);
        api::run(&api::Asked { at, token, clients, requests })?;
        Ok(End::Done)
    }
}
