//! What is wrong in a pack or a household file: file, line, column, a sentence in both languages.
use anmin_rules::model::Place;
use std::path::{Path, PathBuf};

/// How grave a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The pack or file is refused.
    Error,
    /// It is used, but somebody should look.
    Warning,
}

/// Something wrong at a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Where.
    pub place: Place,
    /// How grave.
    pub severity: Severity,
    /// What is wrong, what is allowed, the nearest name; in Chinese.
    pub zh: String,
    /// The same in English.
    pub en: String,
}

impl Finding {
    /// An error.
    pub fn error(place: Place, zh: impl Into<String>, en: impl Into<String>) -> Self {
        Finding { place, severity: Severity::Error, zh: zh.into(), en: en.into() }
    }
    /// A warning.
    pub fn warning(place: Place, zh: impl Into<String>, en: impl Into<String>) -> Self {
        Finding { place, severity: Severity::Warning, zh: zh.into(), en: en.into() }
    }
}

/// The files that have been read; a [`Place`]'s `file` is an index here.
#[derive(Clone, Debug, Default)]
pub struct Files {
    paths: Vec<PathBuf>,
}

impl Files {
    /// Adds a file and gives its number. Paths are kept relative to the library's root, so that messages and hashes are the same on every machine.
    pub fn add(&mut self, path: impl Into<PathBuf>) -> u32 {
        self.paths.push(path.into());
        (self.paths.len() - 1) as u32
    }
    /// The path of a file.
    pub fn path(&self, file: u32) -> &Path {
        self.paths.get(file as usize).map_or(Path::new("?"), PathBuf::as_path)
    }
}
