//! Article by article: the rules that rest on it and the tests that cite it.
use crate::decide::Refused;
use crate::record::TextV1;
use anmin_pack::cite::{self, Cited, CitedKind};
use anmin_pack::library::{Library, Loaded};
use serde::Serialize;

/// One article.
#[derive(Clone, Debug, Serialize)]
pub struct CiteRowV1 {
    /// The document's key.
    pub document: String,
    /// Its title and number.
    pub title: TextV1,
    /// The article.
    pub article: String,
    /// What rests on it.
    pub rules: Vec<CitedV1>,
    /// The tests that cite it.
    pub tests: Vec<CitedV1>,
    /// Rules rest on it and no test cites it.
    pub untested: bool,
}

/// Something that cites an article.
#[derive(Clone, Debug, Serialize)]
pub struct CitedV1 {
    /// `basis`, `parameter`, `switch`, `variable`, `case`, `untranslated` or `test`.
    pub kind: &'static str,
    /// Its name.
    pub name: String,
    /// `file:line`.
    pub place: String,
}

/// The articles a pack cites, in a region.
///
/// # Errors
/// The pack cannot be read.
pub fn cite(library: &Library, pack: &str, region: Option<&str>) -> Result<Vec<CiteRowV1>, Refused> {
    let loaded = library.load(pack, region)?;
    let row = |row: cite::CiteRow| {
        let document = loaded.documents.get(&row.document);
        let title = document.map(|d| {
            let number = d.number.as_deref().map(|n| format!(" {n}")).unwrap_or_default();
            TextV1 { zh: format!("《{}》{number}", d.title.zh), en: format!("{}{number}", d.title.en) }
        });
        CiteRowV1 {
            untested: row.untested(),
            title: title.unwrap_or_else(|| TextV1 { zh: row.document.clone(), en: row.document.clone() }),
            document: row.document,
            article: row.article,
            rules: row.rules.iter().map(|c| cited(&loaded, c)).collect(),
            tests: row.tests.iter().map(|c| cited(&loaded, c)).collect(),
        }
    };
    Ok(cite::cite(&loaded).into_iter().map(row).collect())
}

fn cited(loaded: &Loaded, cited: &Cited) -> CitedV1 {
    CitedV1 {
        kind: match cited.kind {
            CitedKind::Basis => "basis",
            CitedKind::Parameter => "parameter",
            CitedKind::Switch => "switch",
            CitedKind::Variable => "variable",
            CitedKind::Case => "case",
            CitedKind::Untranslated => "untranslated",
            CitedKind::Test => "test",
        },
        name: cited.name.clone(),
        place: format!("{}:{}", loaded.files.path(cited.place.file).display(), cited.place.line),
    }
}
