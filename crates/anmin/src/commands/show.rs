//! `anmin pack show`: a whole pack in words.
use super::arguments::{Packs, Place};
use crate::edge::{End, Stopped, json, print, today};
use crate::tell;
use anmin_app::packs::show;
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
    #[command(flatten)]
    packs: Packs,
    #[command(flatten)]
    place: Place,
    /// The day whose figures are shown; today when left out (日期)
    #[arg(long, value_name = "DATE", value_parser = super::date)]
    on: Option<Date>,
}

impl Show {
    /// Runs the command.
    pub fn run(&self, root: Option<&Path>) -> Result<End, Stopped> {
        let (region, answer) = (self.place.region.as_deref(), self.packs.answer);
        let library = self.packs.library(root, region)?;
        let on = self.on.unwrap_or_else(today);
        for (n, name) in self.packs.of(&library).iter().enumerate() {
            let view = show(&library, name, region, on).map_err(Stopped::refused(answer.lang))?;
            if answer.json {
                print(&json(&view));
            } else {
                print(&format!("{}{}", if n == 0 { "" } else { "\n\n" }, tell::pack(&view, answer.lang)));
            }
        }
        Ok(End::Done)
    }
}
