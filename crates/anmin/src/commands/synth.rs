//! `anmin synth`: a demonstration with a county in it that is nowhere.
use super::home::At;
use crate::edge::{self, End, Stopped, doing, json, moment, print};
use crate::tell::{Language, complain};
use anmin_app::deployment::{DeploymentKind, Home, Trouble};
use anmin_app::error::Error;
use anmin_app::office::Office;
use anmin_app::synth::{Divisions, MadeV1, Plan, Progress, Way, What};
use anmin_base::date::Date;
use clap::Args;
use std::path::Path;
use std::time::{Duration, Instant};

const MORE: &str = "\
Examples:
  anmin synth --data demo
  anmin synth --data demo --seed 1 --towns 8 --households 5000 --cases 2000 --today 2026-09-01
  anmin synth --data miyun --division 110118
  anmin synth --data big --towns 100 --households 110000 --cases 100000
  anmin serve --demo --data demo      then sign in as one of those that were printed

Areas, units, residents, staff and cases, all made up: codes, identity numbers and telephone numbers that are nobody's. The same arguments
give the same county, name for name, and the same checksum. Cases are decided by the rules and the engine; up to 2,000 of them step by step, each
step a command of the person who takes it. A run that broke off is gone on with by the same arguments. Only in a demonstration; where
there is nothing yet, one is made.
全部为虚构；参数相同则结果相同。中断后用同样的参数再次运行即可继续。只能写入演示系统。";

/// Make up a county, for a demonstration or a measurement
///
/// 生成一个虚构的县：区划、单位、居民、工作人员和各种状态的案件。
#[derive(Debug, Args)]
#[command(after_help = MORE)]
pub struct Synth {
    #[command(flatten)]
    at: At,
    /// Another seed, another county (种子)
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Towns (乡镇数)
    #[arg(long, default_value_t = 4)]
    towns: u32,
    /// Households (户数)
    #[arg(long, default_value_t = 1000)]
    households: u32,
    /// Cases, at most one a household (案件数)
    #[arg(long, default_value_t = 300)]
    cases: u32,
    /// The day the county has come to (日期)
    #[arg(long, value_name = "DATE", default_value = "2026-09-01", value_parser = super::date)]
    today: Date,
    /// The service of the cases; the first that has cases when left out (业务)
    #[arg(long, value_name = "NAME")]
    service: Option<String>,
    /// The province whose rules hold; that of the division, else 110000 (地区代码)
    #[arg(long, value_name = "CODE")]
    region: Option<String>,
    /// Stand on the divisions of a real county, of which data/divisions/ has the villages; without, on made-up ones (县级区划代码)
    #[arg(long, value_name = "CODE")]
    division: Option<String>,
    /// Write every case step by step, however many there are (逐步办理)
    #[arg(long, conflicts_with = "at_once")]
    through_commands: bool,
    /// Write many cases at once, however few there are (成批写入)
    #[arg(long)]
    at_once: bool,
    /// Print JSON (输出 JSON)
    #[arg(long)]
    json: bool,
}

impl Synth {
    /// Runs the command.
    pub fn run(&self, root: Option<&Path>) -> Result<End, Stopped> {
        let lang = self.at.lang;
        let root = edge::find_root(root, lang)?;
        let home = self.at.home()?;
        let mut shown = Shown::new(lang);
        let made = doing(self.make(&home, &root, &mut shown), lang)?;
        print(&if self.json { json(&made) } else { told(&made, lang) });
        Ok(End::Done)
    }

    async fn make(&self, home: &Home, root: &Path, shown: &mut Shown) -> Result<MadeV1, Trouble> {
        // A place without keys is a place with nothing in it.
        if !home.keys.exists() {
            home.init(DeploymentKind::Demo, moment()).await?;
        }
        let office = home.office(root, moment()).await?;
        let divisions = self.division.as_deref().map(|code| Divisions::read(root, code)).transpose();
        let divisions = divisions.map_err(trouble)?;
        let region = match (&self.region, &divisions) {
            (Some(region), _) => region.clone(),
            (None, Some(divisions)) => office.province_over(divisions).map_err(trouble)?,
            (None, None) => "110000".to_owned(),
        };
        let plan = Plan {
            seed: self.seed,
            towns: self.towns,
            households: self.households,
            cases: self.cases,
            today: self.today,
            service: match &self.service {
                Some(service) => service.clone(),
                None => first_service(&office)?,
            },
            region,
            divisions,
            way: match (self.through_commands, self.at_once) {
                (true, _) => Way::Commands,
                (_, true) => Way::AtOnce,
                _ => Way::BySize,
            },
        };
        let made = office.synthesise(&plan, &mut |progress| shown.tell(progress)).await;
        office.store().close().await;
        made.map_err(trouble)
    }
}

/// The first service that has cases.
pub(super) fn first_service(office: &Office) -> Result<String, Trouble> {
    let found = office.services().map_err(trouble)?.into_iter().find(|service| service.has_cases);
    found
        .map(|service| service.name)
        .ok_or_else(|| Trouble::new("服务包中没有可以立案的业务", "no service of the packs has cases"))
}

/// A refusal with all that is wrong and what to do.
pub(super) fn trouble(error: Error) -> Trouble {
    let Error::Refusal(refusal) = error else { return error.into() };
    let list = |of: fn(&anmin_app::record::FieldError) -> &str| {
        let lines = refusal.fields.iter().map(|field| format!("\n  --{} {}", field.at, of(field)));
        lines.collect::<String>()
    };
    let (zh, en) = (list(|field| &field.zh), list(|field| &field.en));
    Trouble::new(
        format!("{}{zh}\n{}", refusal.text.zh, refusal.next.zh),
        format!("{}{en}\n{}", refusal.text.en, refusal.next.en),
    )
}

/// How far it is, every few seconds.
pub(super) struct Shown {
    lang: Language,
    what: Option<What>,
    began: Instant,
    last: Instant,
}

/// How often something is said.
const OFTEN: Duration = Duration::from_secs(5);

impl Shown {
    pub fn new(lang: Language) -> Shown {
        let now = Instant::now();
        Shown { lang, what: None, began: now, last: now }
    }

    pub fn tell(&mut self, progress: Progress) {
        let now = Instant::now();
        if self.what != Some(progress.what) {
            (self.what, self.began) = (Some(progress.what), self.last);
        }
        let Progress { what, done, total } = progress;
        if now.duration_since(self.last) < OFTEN && done < total {
            return;
        }
        self.last = now;
        let (zh, en) = match what {
            What::Homes => ("户", "homes"),
            What::Cases => ("件案件", "cases"),
            What::Steps => ("步", "steps"),
        };
        let millis = u64::try_from(now.duration_since(self.began).as_millis()).unwrap_or(u64::MAX).max(1);
        let rate = done.saturating_mul(1000) / millis;
        complain(self.lang.pick(
            &format!("{done}/{total} {zh}，每秒 {rate}"),
            &format!("{done}/{total} {en}, {rate} a second"),
        ));
    }
}

fn told(made: &MadeV1, lang: Language) -> String {
    let MadeV1 { today, areas, units, staff, people, homes, cases, .. } = made;
    let mut text = lang
        .pick(
            &format!(
                "示例县已建立，日期 {today}：区划 {areas} 个，单位 {units} 个，工作人员 {staff} 人，\
                 {homes} 户 {people} 人，案件 {cases} 件。\n\n案件状态：\n"
            ),
            &format!(
                "The county is there, on {today}: {areas} areas, {units} units, {staff} who work there, {homes} homes with \
                 {people} people, {cases} cases.\n\nStates of cases:\n"
            ),
        )
        .to_owned();
    for state in &made.states {
        text.push_str(&format!("  {:>7}  {}\n", state.cases, lang.of(&state.title)));
    }
    text.push_str(lang.pick(
        "\n可以登录的人（anmin serve --demo 后按人员编号登录）：\n",
        "\nSome to sign in as (anmin serve --demo, by the person's identifier):\n",
    ));
    for persona in &made.personas {
        let role = lang.of(&persona.role_name);
        let tries = lang.of(&persona.tries);
        text.push_str(&format!(
            "  {}  {}  {role}  {}  {}\n      {tries}\n",
            persona.person, persona.name, persona.area, persona.login
        ));
    }
    text.push_str(lang.pick(
        "\n区划（前为标记词，真实区划没有）：\n",
        "\nPlaces, first the word that stands in everything of one that is made up:\n",
    ));
    for place in &made.places {
        text.push_str(&format!("  {}  {}  {}\n", place.canary, place.code, place.name));
    }
    text.push_str(&format!("\n{}{}\n", lang.pick("校验和：", "Checksum: "), made.checksum));
    text
}
