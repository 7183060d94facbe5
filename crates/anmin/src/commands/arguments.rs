//! Arguments that several commands have, and what all of them do first.
use crate::edge::{self, Stopped};
use crate::tell::Language;
use anmin_app::packs::{Library, known};
use clap::Args;
use std::path::Path;

/// How a command answers.
#[derive(Clone, Copy, Debug, Args)]
pub struct Answer {
    /// The language of the answer (语言)
    #[arg(long, value_enum, default_value_t)]
    pub lang: Language,
    /// Print JSON, a document a line (输出 JSON)
    #[arg(long)]
    pub json: bool,
}

/// Which packs a command is about, and how it answers.
#[derive(Debug, Args)]
pub struct Packs {
    /// Packs; all when none is named (服务包)
    #[arg(value_name = "NAME")]
    pub names: Vec<String>,
    #[command(flatten)]
    pub answer: Answer,
}

/// The region a command is about.
#[derive(Debug, Args)]
pub struct Place {
    /// With what this region sets, a folder of regions/ (地区代码)
    #[arg(long, value_name = "CODE")]
    pub region: Option<String>,
}

impl Packs {
    /// Opens the library, in which every pack named and the region must be.
    pub fn library(&self, root: Option<&Path>, region: Option<&str>) -> Result<Library, Stopped> {
        let language = self.answer.lang;
        let library = edge::library(root, language)?;
        known(&library, &self.names, region).map_err(Stopped::refused(language))?;
        Ok(library)
    }

    /// The packs named, or all.
    pub fn of<'a>(&'a self, library: &'a Library) -> &'a [String] {
        if self.names.is_empty() { library.packs() } else { &self.names }
    }
}
