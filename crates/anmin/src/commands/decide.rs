//! `anmin decide`: what a household is due, and why.
use super::arguments::{Answer, Place};
use crate::edge::{self, End, Stopped, json, library, print, read};
use crate::tell;
use anmin_app::decide::{Prepared, Refused};
use anmin_app::packs::known;
use anmin_app::record::FindingV1;
use anmin_base::date::Date;
use clap::Args;
use std::path::{Path, PathBuf};

const MORE: &str = "\
Examples:
  anmin decide --pack NAME --region 110000 --on 2026-09-01 household.yaml
  anmin decide --pack NAME --region 110000 --on 2026-09-01 --lang en --full household.yaml
  cat household.yaml | anmin decide --pack NAME --on 2026-09-01 --json -

A household file says what is known, by the names in the pack's facts.yaml; what it leaves out is unknown, never zero or no. The answer
says what is still to ask, and only what could change it.

--json prints one document a line, one line a file, in the order of the files: fields eligible (true, false or \"unknown\"), amount_fen,
amount_range_fen, missing, outputs, explanation, flips, untranslated, receipt. For a file that is wrong its line has `findings` instead.

Exit codes: 0 every file has its decision, 2 something is wrong in a file, a pack or the arguments, 3 a fault of the program.
家庭情况文件只写知道的事实；没写的就是未知，不会当作零或否。";

/// Decide what a household is due, and say why
///
/// 认定一个家庭应得的待遇，并逐步说明理由、条文和数值来源。
#[derive(Debug, Args)]
#[command(after_help = MORE)]
pub struct Decide {
    /// The service, a folder of packs/ (服务包)
    #[arg(long, value_name = "NAME")]
    pack: String,
    #[command(flatten)]
    place: Place,
    /// The day whose rules hold, as 2026-09-01; never guessed (按哪一天的规则)
    #[arg(long, value_name = "DATE", value_parser = super::date)]
    on: Option<Date>,
    /// Only use figures published by this day: as it was known then (按当时已公布的数值)
    #[arg(long, value_name = "DATE", value_parser = super::date)]
    known_on: Option<Date>,
    #[command(flatten)]
    answer: Answer,
    /// Print every step, also those that made no difference (逐步列出全部，包括没有影响的)
    #[arg(long)]
    full: bool,
    /// Household files; `-` is standard input (家庭情况文件)
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
}

impl Decide {
    /// Runs the command.
    pub fn run(&self, root: Option<&Path>) -> Result<End, Stopped> {
        let prepared = match self.prepare(root) {
            Ok(prepared) => prepared,
            Err(stopped) => {
                if self.answer.json {
                    print(&findings_json(None, &stopped.findings));
                }
                return Err(stopped);
            }
        };
        let mut end = End::Done;
        for (n, file) in self.files.iter().enumerate() {
            if let Err(refused) = self.one(&prepared, file, n) {
                end = End::Wrong;
                if self.answer.json {
                    print(&findings_json(Some(&file.to_string_lossy()), &refused.findings));
                } else {
                    tell::findings(&refused.findings, self.answer.lang);
                }
            }
        }
        Ok(end)
    }

    fn prepare(&self, root: Option<&Path>) -> Result<Prepared, Stopped> {
        let Some(on) = self.on else {
            return Err(Stopped::because(
                self.answer.lang,
                "",
                "请用 --on 写明按哪一天的规则认定，例如 --on 2026-09-01；程序不替人猜日期",
                "say with --on which day's rules hold, as in --on 2026-09-01; the date is never guessed",
            ));
        };
        let library = library(root, self.answer.lang)?;
        let refused = Stopped::refused(self.answer.lang);
        known(&library, std::slice::from_ref(&self.pack), self.place.region.as_deref()).map_err(&refused)?;
        let region = self.place.region.as_deref();
        Prepared::known_by(&library, &self.pack, region, on, self.known_on).map_err(&refused)
    }

    fn one(&self, prepared: &Prepared, file: &Path, n: usize) -> Result<(), Refused> {
        let bytes = read(file).map_err(|e| Refused {
            findings: vec![FindingV1::general(
                file.to_string_lossy(),
                format!("无法读取文件：{e}"),
                format!("the file cannot be read: {e}"),
            )],
        })?;
        let name = edge::name(file);
        let decision = prepared.decide(&name, &bytes)?;
        if self.answer.json {
            print(&json(&decision));
            return Ok(());
        }
        if self.files.len() > 1 {
            let gap = if n == 0 { "" } else { "\n" };
            print(&format!("{gap}======== {name} ========\n"));
        }
        print(&tell::decision(&decision, self.full, self.answer.lang));
        Ok(())
    }
}

/// Findings as a line of JSON.
fn findings_json(file: Option<&str>, findings: &[FindingV1]) -> String {
    #[derive(serde::Serialize)]
    struct Findings<'a> {
        schema: &'static str,
        file: Option<&'a str>,
        findings: &'a [FindingV1],
    }
    edge::json(&Findings { schema: "anmin.findings/1", file, findings })
}
