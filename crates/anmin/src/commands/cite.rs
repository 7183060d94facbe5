//! `anmin pack cite`: article, rules, tests.
use crate::edge::{End, Stopped, json, library, print};
use crate::tell::Language;
use anmin_app::packs::{CiteRowV1, CitedV1, cite, known};
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
    /// Packs; all when none is named (服务包)
    #[arg(value_name = "NAME")]
    names: Vec<String>,
    /// With what this region sets (地区代码)
    #[arg(long, value_name = "CODE")]
    region: Option<String>,
    /// The language of titles (语言)
    #[arg(long, value_enum, default_value_t)]
    lang: Language,
    /// Print one JSON document a pack (输出 JSON)
    #[arg(long)]
    json: bool,
}

impl Cite {
    /// Runs the command.
    pub fn run(&self, root: Option<&Path>) -> Result<End, Stopped> {
        let library = library(root, self.lang)?;
        let refused = Stopped::refused(self.lang);
        known(&library, &self.names, self.region.as_deref()).map_err(&refused)?;
        let names = if self.names.is_empty() { library.packs() } else { &self.names };
        for name in names {
            let rows = cite(&library, name, self.region.as_deref()).map_err(&refused)?;
            print(&if self.json { json(&rows) } else { self.page(name, &rows) });
        }
        Ok(End::Done)
    }

    fn page(&self, name: &str, rows: &[CiteRowV1]) -> String {
        let mut out = format!("======== {name} ========\n");
        let mut document = "";
        for row in rows {
            if row.document != document {
                document = &row.document;
                out.push_str(&format!("\n{}{}\n", self.lang.of(&row.title), self.lang.bracketed(document)));
            }
            let untested =
                if row.untested { self.lang.pick("  ← 没有测试", "  <- no test") } else { "" };
            out.push_str(&format!("  {}{untested}\n", row.article));
            for cited in row.rules.iter().chain(&row.tests) {
                out.push_str(&format!("    {} {}  {}\n", self.kind(cited), cited.name, cited.place));
            }
        }
        out
    }

    fn kind(&self, cited: &CitedV1) -> &'static str {
        let zh = match cited.kind {
            "basis" => "依据",
            "parameter" => "数值",
            "switch" => "选项",
            "variable" => "变量",
            "case" => "情形",
            "untranslated" => "未译",
            _ => "测试",
        };
        match self.lang {
            Language::Zh => zh,
            Language::En => cited.kind,
        }
    }
}
