//! `anmin journal`: the proof that nobody has touched the database.
use super::home::At;
use crate::edge::{End, Stopped, doing, json, print};
use crate::tell::Language;
use anmin_app::deployment::{ReportV1, Trouble, verify_offline};
use clap::Args;
use std::fs::File;
use std::io::{BufReader, BufWriter};
use std::path::PathBuf;

const VERIFY: &str = "\
Examples:
  anmin journal verify --data /srv/anmin            each entry, chain and signature, with the witness
  anmin journal verify --data /srv/anmin --state    also each row, seal and payload; needs the keys
  anmin journal verify --export journal.ndjson --public-key HEX --witness witness.jsonl    offline, for an auditor

Exit codes: 0 sound, 1 something was found, 2 it could not be checked.
结果为 0 表示完好，1 表示发现问题，2 表示无法校验。";

/// Check the journal
///
/// 校验日志；发现的问题会指出在哪两个检查点之间。
#[derive(Debug, Args)]
#[command(after_help = VERIFY)]
pub struct Verify {
    #[command(flatten)]
    at: At,
    /// Also compare every row with the last event that speaks of it (逐行核对)
    #[arg(long, conflicts_with = "export")]
    state: bool,
    /// Check an export instead, without database and keys (校验导出的日志文件)
    #[arg(long, value_name = "FILE", requires = "public_key")]
    export: Option<PathBuf>,
    /// The key that checks the signatures, 64 hexadecimal digits, from the operator and not from the export (公钥)
    #[arg(long, value_name = "HEX")]
    public_key: Option<String>,
    /// Print JSON (输出 JSON)
    #[arg(long)]
    json: bool,
}

impl Verify {
    /// Runs the command.
    pub fn run(&self) -> Result<End, Stopped> {
        let lang = self.at.lang;
        let report = match (&self.export, &self.public_key) {
            (Some(file), Some(key)) => {
                let told = |t: Trouble| Stopped::because(lang, &file.display().to_string(), t.zh, t.en);
                let opened = File::open(file).map_err(|e| told(unreadable(&e)))?;
                let witness = self.at.witness();
                verify_offline(&mut BufReader::new(opened), key, witness).map_err(told)?
            }
            _ => doing(self.at.home()?.verify(self.state), lang)?,
        };
        print(&if self.json { json(&report) } else { told(&report, lang) });
        Ok(if report.sound { End::Done } else { End::Failed })
    }
}

fn unreadable(error: &std::io::Error) -> Trouble {
    Trouble::new(format!("无法读取：{error}"), format!("cannot be read: {error}"))
}

fn told(report: &ReportV1, lang: Language) -> String {
    let ReportV1 { entries, checkpoints, waiting, .. } = report;
    let mut text = lang
        .pick(
            &format!("条目 {entries}，检查点 {checkpoints}，待封存 {waiting}。\n"),
            &format!("{entries} entries, {checkpoints} checkpoints, {waiting} waiting.\n"),
        )
        .to_owned();
    if !report.with_witness {
        text.push_str(lang.pick(
            "没有见证文件：末尾被截去、换成旧副本，都看不出来。\n",
            "There is no witness: a cut end or an older copy cannot be seen.\n",
        ));
    }
    for finding in &report.findings {
        let place = match finding.checkpoint {
            Some(n) => lang.pick(&format!("检查点 {n} 之前"), &format!("up to checkpoint {n}")).to_owned(),
            None => lang.pick("最后一个检查点之后", "after the last checkpoint").to_owned(),
        };
        let about = finding.about.as_deref().map_or(String::new(), |about| lang.bracketed(about));
        text.push_str(&format!("{place}{}{}{about}\n", lang.pick("：", ": "), lang.of(&finding.text)));
    }
    text.push_str(match report.sound {
        true => lang.pick("完好。\n", "Sound.\n"),
        false => lang.pick(
            "发现问题：请保留现场，通知审计和上级单位。\n",
            "Not sound: leave all as it is, and tell audit and the supervising unit.\n",
        ),
    });
    text
}

/// Write the journal out, for an auditor
///
/// 导出日志（每行一个 JSON），供审计离线校验；不含密钥和个人信息内容。
#[derive(Debug, Args)]
pub struct Export {
    #[command(flatten)]
    at: At,
    /// The file to write; one that is there is not overwritten (导出到的文件)
    #[arg(value_name = "FILE")]
    to: PathBuf,
}

impl Export {
    /// Runs the command.
    pub fn run(&self) -> Result<End, Stopped> {
        let lang = self.at.lang;
        let home = self.at.home()?;
        let file = File::create_new(&self.to).map_err(|e| {
            let place = self.to.display().to_string();
            Stopped::because(lang, &place, format!("不能新建：{e}"), format!("cannot be made: {e}"))
        })?;
        let mut out = BufWriter::new(file);
        let lines = doing(home.export(&mut out), lang)?;
        let to = self.to.display();
        let (zh, en) = (format!("已导出 {lines} 行到 {to}\n"), format!("{lines} lines written to {to}\n"));
        print(lang.pick(&zh, &en));
        Ok(End::Done)
    }
}
