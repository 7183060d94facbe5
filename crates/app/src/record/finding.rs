//! A finding as it is printed: file, line, column, and what to do.
use anmin_pack::finding::{Files, Finding, Severity};
use anmin_rules::finding::Finding as RuleFinding;
use schemars::JsonSchema;
use serde::Serialize;
use std::fmt;

/// How grave a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum SeverityV1 {
    /// Refused.
    Error,
    /// Used, but somebody should look.
    Warning,
}

/// Something wrong, with its place.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct FindingV1 {
    /// The file, as it was named or relative to the root of packs and regions.
    pub file: String,
    /// Line, from 1; 0 where there is none.
    pub line: u32,
    /// Column in characters, from 1; 0 where there is none.
    pub column: u32,
    /// How grave.
    pub severity: SeverityV1,
    /// What is wrong and what to do, in Chinese.
    pub zh: String,
    /// The same in English.
    pub en: String,
}

impl FindingV1 {
    /// From a pack's or household file's finding.
    pub fn of_pack(files: &Files, f: &Finding) -> Self {
        FindingV1 {
            file: files.path(f.place.file).to_string_lossy().into_owned(),
            line: f.place.line,
            column: f.place.column,
            severity: match f.severity {
                Severity::Error => SeverityV1::Error,
                Severity::Warning => SeverityV1::Warning,
            },
            zh: f.zh.clone(),
            en: f.en.clone(),
        }
    }

    /// From the engine's finding: the column moves to the part of the expression meant.
    pub fn of_rules(files: &Files, f: &RuleFinding) -> Self {
        FindingV1 {
            file: files.path(f.place.file).to_string_lossy().into_owned(),
            line: f.place.line,
            column: f.place.column + f.span.map_or(0, |s| s.start),
            severity: SeverityV1::Error,
            zh: f.zh.clone(),
            en: f.en.clone(),
        }
    }

    /// An error about a whole file or request.
    pub fn general(file: impl Into<String>, zh: impl Into<String>, en: impl Into<String>) -> Self {
        FindingV1 {
            file: file.into(),
            line: 0,
            column: 0,
            severity: SeverityV1::Error,
            zh: zh.into(),
            en: en.into(),
        }
    }

    /// `file:line:column`, or as much of it as there is.
    pub fn place(&self) -> String {
        match (self.file.is_empty(), self.line) {
            (true, _) => String::new(),
            (false, 0) => self.file.clone(),
            (false, _) => format!("{}:{}:{}", self.file, self.line, self.column),
        }
    }
}

impl fmt::Display for FindingV1 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place(), self.en)
    }
}
