//! `anmin pack check`: what is wrong in the packs.
use super::arguments::{Packs, Place};
use crate::edge::{End, Stopped, json, print, today};
use crate::tell::{self, Language};
use anmin_app::packs::{CheckReport, check};
use anmin_base::date::Date;
use clap::Args;
use std::path::Path;

const MORE: &str = "\
Examples:
  anmin pack check
  anmin pack check NAME --region 110000
  anmin pack check --lang en --on 2026-09-01

Every pack is read alone and in every region that says something about it, or in that of --region only: names, types and units, cases that leave a gap or overlap,
rules without an article, articles without a test, and that nothing can overflow or divide by zero. Then it is fixed for every date on
which a figure, option or rule begins or ends, so that a hole between two figures is found with its date. What stands in packs/ or
regions/ and is neither a pack nor a region is an error too, unless packs or a region are named.

Findings go to standard error as file:line:column: sentence. Exit code 2 if any is an error; warnings alone are 0.
检查服务包：每个发现都写明文件、行、列和改法。";

/// Say what is wrong in packs and regions, with file and line
#[derive(Debug, Args)]
#[command(after_help = MORE)]
pub struct Check {
    #[command(flatten)]
    packs: Packs,
    #[command(flatten)]
    place: Place,
    /// Today, for telling old figures and history from holes; by the clock when left out (今天的日期)
    #[arg(long, value_name = "DATE", value_parser = super::date)]
    on: Option<Date>,
}

impl Check {
    /// Runs the command.
    pub fn run(&self, root: Option<&Path>) -> Result<End, Stopped> {
        let (region, answer) = (self.place.region.as_deref(), self.packs.answer);
        let library = self.packs.library(root, region)?;
        let report = check(&library, &self.packs.names, region, self.on.unwrap_or_else(today));
        if answer.json {
            print(&json(&report));
        } else {
            tell::findings(&report.findings, answer.lang);
            print(&summary(&report, answer.lang));
        }
        Ok(if report.failed() { End::Wrong } else { End::Done })
    }
}

/// One line a pack, and one indented line a region. Without times, so that two runs can be compared.
fn summary(report: &CheckReport, language: Language) -> String {
    let mut out = String::new();
    for pack in &report.packs {
        let (facts, variables, figures, tests) = (pack.facts, pack.variables, pack.parameters, pack.tests);
        let counts = match language {
            Language::Zh => format!("{facts} 项事实，{variables} 个变量，{figures} 个参数，{tests} 个测试"),
            Language::En => {
                format!("{facts} facts, {variables} variables, {figures} parameters, {tests} tests")
            }
        };
        let title = language.of(&pack.title);
        out.push_str(&format!(
            "{} {} {title}{}{counts}\n",
            pack.decision_hash,
            pack.name,
            language.pick("：", ": ")
        ));
        for region in &pack.regions {
            let label = language.of(&region.label);
            let dates = match language {
                Language::Zh => format!("{} 个变更日期", region.dates),
                Language::En => format!("{} dates of change", region.dates),
            };
            out.push_str(&format!(
                "{}   {} {label}{}{dates}\n",
                region.decision_hash,
                region.code,
                language.pick("：", ": ")
            ));
        }
    }
    out
}
