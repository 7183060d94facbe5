//! `anmin demo`: a county to walk through, made where there is none, and served on this machine.
use super::serve::{listen, log, unready, until_stopped};
use super::synth::{Shown, first_service, trouble};
use crate::edge::{self, End, Stopped, doing, moment, print};
use crate::tell::{Language, complain};
use anmin_app::deployment::{DeploymentKind, FileSink, Home, Trouble};
use anmin_app::error::Error;
use anmin_app::office::Office;
use anmin_app::synth::{Divisions, Plan, StoryV1, Way};
use anmin_base::date::Date;
use anmin_web::{Settings, Site};
use clap::{Args, Subcommand};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;
use tracing_subscriber::filter::LevelFilter;

const MORE: &str = "\
Examples:
  anmin demo                          make it in data/demo, or go on with it; then open the address that is printed
  anmin demo --fresh                  from the first day again
  anmin demo --fresh --division 110119
  anmin demo advance --days 7         seven days on, with each day's jobs

Real divisions, made-up people: names, identity numbers and telephone numbers are nobody's. It begins on 2026-09-01; its day goes on by
the button on the page or by `advance`. Only on this machine. Ctrl-C stops it; what was done stays.
区划为真实名称，人员全部虚构。从 2026-09-01 开始，日期由页面按钮或 advance 推进；只能在本机使用。Ctrl-C 停止，内容保留。";

/// Where a demonstration is, unless it is said.
const FOLDER: &str = "data/demo";
/// The county, unless it is said: one with streets and villages, near enough to a capital for every kind of home.
const DIVISION: &str = "110118";
/// How much of a county: what a walk can take in, made within half a minute.
const TOWNS: u32 = 4;
const CASES: u32 = 250;
/// Households for each five cases.
const HOUSEHOLDS: u32 = 12;
/// The day it begins with.
const BEGINS: Date = Date::ymd(2026, 9, 1);

/// Walk through a county: real places, made-up people
///
/// 演示系统：首次运行时自动生成，之后直接启动。
#[derive(Debug, Args)]
#[command(after_help = MORE, args_conflicts_with_subcommands = true)]
pub struct Demo {
    #[command(subcommand)]
    then: Option<Then>,
    #[command(flatten)]
    at: Where,
    /// The address to listen at, of this machine only (监听地址)
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// Take away what is there and begin anew (重新生成)
    #[arg(long)]
    fresh: bool,
    /// The county it stands on, one of data/divisions/villages/ (县级区划代码)
    #[arg(long, value_name = "CODE")]
    division: Option<String>,
    /// How many cases it begins with; with fewer than 40 not every state has one (案件数)
    #[arg(long, default_value_t = CASES, value_parser = clap::value_parser!(u32).range(10..=2000))]
    cases: u32,
}

#[derive(Debug, Subcommand)]
enum Then {
    Advance(Advance),
}

/// Go on some days, with each day's jobs
///
/// 推进若干天，逐日完成当天的作业。
#[derive(Debug, Args)]
struct Advance {
    #[command(flatten)]
    at: Where,
    /// How many days (天数)
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=366))]
    days: u32,
}

/// Where a demonstration is, and how the command speaks.
#[derive(Debug, Args)]
struct Where {
    /// The folder of the demonstration (数据目录)
    #[arg(long, value_name = "DIR", default_value = FOLDER)]
    data: PathBuf,
    /// The language of what is said (语言)
    #[arg(long, value_enum, default_value_t)]
    lang: Language,
}

impl Where {
    fn messages(&self) -> PathBuf {
        self.data.join("messages")
    }
}

impl Demo {
    /// Runs the command.
    pub fn run(&self, root: Option<&Path>) -> Result<End, Stopped> {
        if let Some(Then::Advance(advance)) = &self.then {
            return advance.run(root);
        }
        let lang = self.at.lang;
        if !self.listen.ip().is_loopback() {
            return Err(Stopped::because(
                lang,
                "--listen",
                "演示系统只能在本机使用，请监听 127.0.0.1",
                "a demonstration is for this machine only: listen at 127.0.0.1",
            ));
        }
        let root = edge::find_root(root, lang)?;
        log(LevelFilter::WARN);
        doing(self.serve(&root), lang)?;
        Ok(End::Done)
    }

    async fn serve(&self, root: &Path) -> Result<(), Trouble> {
        // First of all: who finds the port taken has not waited for anything.
        let listener = listen(self.listen).await?;
        let home = Home::in_folder(&self.at.data);
        if self.fresh {
            home.remove_demonstration().await?;
            let _ = std::fs::remove_dir_all(self.at.messages());
        }
        let (office, story) = self.ready(&home, root).await?;
        let today = office.now(moment()).await.map_err(trouble)?.on;
        let store = office.store().clone();
        let settings = Settings {
            clock: Arc::new(moment),
            secure: false,
            forwarded: false,
            demo: true,
            messages: self.at.messages(),
        };
        let site = Site::new(office, settings).map_err(unready)?;
        let lang = self.at.lang;
        until_stopped(site, store, listener, |at| print(&told(&story, today, at, lang))).await
    }

    /// The office with everything in it: made now where there is nothing, gone on with where the making broke off.
    async fn ready(&self, home: &Home, root: &Path) -> Result<(Office, StoryV1), Trouble> {
        if !home.is_there() {
            home.init(DeploymentKind::Demo, moment()).await?;
        }
        let office = match home.office(root, moment()).await {
            // The keys alone are there: it broke off before there was a database.
            Err(_) if !self.at.data.join("anmin.db").exists() => {
                home.init(DeploymentKind::Demo, moment()).await?;
                home.office(root, moment()).await?
            }
            opened => opened?,
        };
        if office.store().deployment().kind != DeploymentKind::Demo {
            return Err(Trouble::new(
                "这是存放真实人员的正式系统，不能用来演示；请用 --data 另选一个目录",
                "this is a database of record, for real people: choose another folder with --data",
            ));
        }
        if let Some(story) = office.story().await.map_err(trouble)? {
            return match self.division.as_deref().filter(|code| **code != *story.division) {
                None => Ok((office, story)),
                Some(_) => Err(Trouble::new(
                    format!("这里已有{}的演示；要换一个县，请加 --fresh 重新生成", story.place),
                    format!("there is a demonstration of {} here: add --fresh to make another", story.place),
                )),
            };
        }
        self.make(&office, root).await?;
        let story = office.story().await.map_err(trouble)?;
        let story = story
            .ok_or_else(|| Trouble::new("生成没有完成，请重新运行", "it was not finished: run it again"))?;
        Ok((office, story))
    }

    async fn make(&self, office: &Office, root: &Path) -> Result<(), Trouble> {
        let lang = self.at.lang;
        let code = self.division.as_deref().unwrap_or(DIVISION);
        let divisions = Divisions::read(root, code).map_err(trouble)?;
        let county = divisions.county.name.clone();
        complain(lang.pick(
            &format!("首次运行：正在生成{county}的演示数据，约需半分钟……"),
            &format!("First run: making up {county}, about half a minute ..."),
        ));
        let plan = Plan {
            seed: 1,
            towns: TOWNS.min(u32::try_from(divisions.towns.len()).unwrap_or(TOWNS)),
            households: self.cases * HOUSEHOLDS / 5,
            cases: self.cases,
            today: BEGINS,
            service: first_service(office)?,
            region: office.province_over(&divisions).map_err(trouble)?,
            divisions: Some(divisions),
            way: Way::AtOnce,
        };
        let mut shown = Shown::new(lang);
        let made = office.synthesise(&plan, &mut |progress| shown.tell(progress)).await;
        match made {
            Ok(_) => Ok(()),
            // Of another that broke off, or made by hand.
            Err(Error::Refusal(refusal)) if refusal.code == "not_empty" => Err(Trouble::new(
                "这个目录里有另一个没有建完或自行建立的演示；请加 --fresh 重新生成，或换一个目录",
                "another demonstration was begun here, or made by hand: add --fresh to begin anew, or choose another folder",
            )),
            Err(error) => Err(trouble(error)),
        }
    }
}

impl Advance {
    fn run(&self, root: Option<&Path>) -> Result<End, Stopped> {
        let lang = self.at.lang;
        let root = edge::find_root(root, lang)?;
        let sound = doing(self.go_on(&root), lang)?;
        Ok(if sound { End::Done } else { End::Failed })
    }

    /// Whether every job was done.
    async fn go_on(&self, root: &Path) -> Result<bool, Trouble> {
        let home = Home::in_folder(&self.at.data);
        if !home.is_there() {
            return Err(Trouble::new(
                "这里还没有演示系统：请先运行 anmin demo",
                "there is no demonstration here: run anmin demo first",
            ));
        }
        let lang = self.at.lang;
        let office = home.office(root, moment()).await?;
        if office.store().deployment().kind != DeploymentKind::Demo {
            return Err(Trouble::new(
                "这是正式系统的数据库，日期不能推进",
                "this is a database of record: its days are those of the calendar",
            ));
        }
        let messenger = FileSink { folder: self.at.messages() };
        let mut sound = true;
        for _ in 0..self.days {
            let (now, began) = (office.now(moment()).await.map_err(trouble)?, Instant::now());
            let (now, done) = office.next_day(now, &messenger).await.map_err(trouble)?;
            let (jobs, messages, took) = (done.done.len(), done.delivered, began.elapsed().as_millis());
            print(lang.pick(
                &format!("{}：完成作业 {jobs} 项，送出消息 {messages} 条（{took} 毫秒）\n", now.on),
                &format!("{}: {jobs} jobs done, {messages} messages sent ({took} ms)\n", now.on),
            ));
            for (kind, key, why) in &done.failed {
                sound = false;
                complain(lang.pick(
                    &format!("作业 {kind} {key} 失败：{why}"),
                    &format!("job {kind} {key} failed: {why}"),
                ));
            }
        }
        office.store().close().await;
        Ok(sound)
    }
}

/// Where it is, and what to try first.
fn told(story: &StoryV1, today: Date, at: SocketAddr, lang: Language) -> String {
    let StoryV1 { place, cases, personas, .. } = story;
    let mut text = lang
        .pick(
            &format!(
                "安民演示已启动：http://{at}/\n\n{place}，{today}，开始时有案件 {cases} 件。区划为真实名称，人员全部虚构。\n\
                 可以先试（在页面上方选择身份，再按“下一天”）：\n"
            ),
            &format!(
                "The demonstration is at http://{at}/\n\n{place}, {today}; it began with {cases} cases. The places are real, the \
                 people made up.\nTry first (choose who you are at the top of the page, then go on a day):\n"
            ),
        )
        .to_owned();
    for persona in personas.iter().filter(|persona| persona.role == "resident") {
        text.push_str(&format!("  {}  {}\n", persona.name, lang.of(&persona.tries)));
    }
    let staff = personas.iter().filter(|persona| persona.role != "resident");
    let roles: Vec<String> =
        staff.map(|persona| format!("{} {}", lang.of(&persona.role_name), persona.name)).collect();
    text.push_str(lang.pick("工作人员：", "Staff: "));
    text.push_str(&roles.join(lang.pick("、", ", ")));
    text.push_str(lang.pick(
        "\n\n按 Ctrl-C 停止；再次运行会接着上次的日期。\n",
        "\n\nCtrl-C stops it; run it again and it goes on from there.\n",
    ));
    text
}
