//! `anmin pack cite`: article, rules, tests.
use super::arguments::{Packs, Place};
use crate::edge::{End, Stopped, json, print};
use crate::tell::Language;
use anmin_app::packs::{CiteRowV1, CitedV1, cite};
use clap::Args;
use std::path::Path;

const MORE: &str = "\
Examples:
  anmin pack cite NAME
  anmin pack cite NAME --region 110000 --lang en

For each article: the figures, options, variables and cases that rest on it, and the tests that cite it, each with file:line.
逐条列出：哪些规则以它为依据，哪些测试引用它。";

/// List article by article what rests on it and which tests cite it
#[derive(Debug, Args)]
#[command(after_help = MORE)]
pub struct Cite {
    #[command(flatten)]
    packs: Packs,
    #[command(flatten)]
    place: Place,
}

impl Cite {
    /// Runs the command.
    pub fn run(&self, root: Option<&Path>) -> Result<End, Stopped> {
        let (region, answer) = (self.place.region.as_deref(), self.packs.answer);
        let library = self.packs.library(root, region)?;
        for name in self.packs.of(&library) {
            let rows = cite(&library, name, region).map_err(Stopped::refused(answer.lang))?;
            print(&if answer.json { json(&rows) } else { page(name, &rows, answer.lang) });
        }
        Ok(End::Done)
    }
}

fn page(name: &str, rows: &[CiteRowV1], language: Language) -> String {
    let mut out = format!("======== {name} ========\n");
    let mut document = "";
    for row in rows {
        if row.document != document {
            document = &row.document;
            out.push_str(&format!("\n{}{}\n", language.of(&row.title), language.bracketed(document)));
        }
        let untested = if row.untested { language.pick("  ← 没有测试", "  <- no test") } else { "" };
        out.push_str(&format!("  {}{untested}\n", row.article));
        for cited in row.rules.iter().chain(&row.tests) {
            out.push_str(&format!("    {} {}  {}\n", kind(cited, language), cited.name, cited.place));
        }
    }
    out
}

fn kind(cited: &CitedV1, language: Language) -> &'static str {
    let zh = match cited.kind {
        "basis" => "依据",
        "parameter" => "数值",
        "switch" => "选项",
        "variable" => "变量",
        "case" => "情形",
        "untranslated" => "未译",
        _ => "测试",
    };
    match language {
        Language::Zh => zh,
        Language::En => cited.kind,
    }
}
