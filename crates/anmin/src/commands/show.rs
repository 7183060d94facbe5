//! `anmin pack show`: a whole pack in words.
use crate::edge::{End, Stopped, json, library, print, today};
use crate::tell::{self, Language};
use anmin_app::packs::{known, show};
use anmin_base::date::Date;
use clap::Args;
use std::path::Path;

const MORE: &str = "\
Examples:
  anmin pack show NAME
  anmin pack show NAME --region 110000 --on 2026-09-01 --lang en

What is asked, the figures and options in force with document, article and the layer that sets them, every variable with its formula or
its cases, and what the law says and the pack does not do.
供熟悉法规的人逐条核对：数值、选项、公式、情形，以及没有计算的条文。";

/// Put a whole pack into words, for those who know the law
#[derive(Debug, Args)]
#[command(after_help = MORE)]
pub struct Show {
    /// Packs; all when none is named (服务包)
    #[arg(value_name = "NAME")]
    names: Vec<String>,
    /// With what this region sets (地区代码)
    #[arg(long, value_name = "CODE")]
    region: Option<String>,
    /// The day whose figures are shown; today when left out (日期)
    #[arg(long, value_name = "DATE", value_parser = super::date)]
    on: Option<Date>,
    /// The language (语言)
    #[arg(long, value_enum, default_value_t)]
    lang: Language,
    /// Print one JSON document a pack (输出 JSON)
    #[arg(long)]
    json: bool,
}

impl Show {
    /// Runs the command.
    pub fn run(&self, root: Option<&Path>) -> Result<End, Stopped> {
        let library = library(root, self.lang)?;
        let refused = Stopped::refused(self.lang);
        known(&library, &self.names, self.region.as_deref()).map_err(&refused)?;
        let names = if self.names.is_empty() { library.packs() } else { &self.names };
        let on = self.on.unwrap_or_else(today);
        for (n, name) in names.iter().enumerate() {
            let view = show(&library, name, self.region.as_deref(), on).map_err(&refused)?;
            if self.json {
                print(&json(&view));
            } else {
                print(&format!("{}{}", if n == 0 { "" } else { "\n\n" }, tell::pack(&view, self.lang)));
            }
        }
        Ok(End::Done)
    }
}
