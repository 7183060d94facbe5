//! Article by article: which rules rest on it, and which tests exercise it.
use crate::library::Loaded;
use anmin_rules::model::{Body, Citation, Outcome, Place, Version};

/// One article.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CiteRow {
    /// The document's key.
    pub document: String,
    /// The article as written.
    pub article: String,
    /// What rests on it, in the order of the files.
    pub rules: Vec<Cited>,
    /// The tests that cite it, or a part of it, or the whole it is a part of.
    pub tests: Vec<Cited>,
}

impl CiteRow {
    /// Whether rules rest on the article and no test exercises it.
    pub fn untested(&self) -> bool {
        self.tests.is_empty()
            && self.rules.iter().any(|r| r.kind != CitedKind::Untranslated && r.kind != CitedKind::Basis)
    }
}

/// Something that cites an article.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cited {
    /// What it is.
    pub kind: CitedKind,
    /// Its name or path; of a test its name, of an untranslated entry its Chinese label, of the legal basis
    /// the pack's name.
    pub name: String,
    /// Where it stands.
    pub place: Place,
}

/// Kinds of things that cite.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum CitedKind {
    /// `legal_basis` of the service.
    Basis,
    /// A dated figure.
    Parameter,
    /// A switch or a setting of it.
    Switch,
    /// A variable's body.
    Variable,
    /// A case or row.
    Case,
    /// What the pack does not do.
    Untranslated,
    /// A test.
    Test,
}

/// The articles a pack cites, by document and in the order in which they first appear in it.
pub fn cite(loaded: &Loaded) -> Vec<CiteRow> {
    let mut rows = Rows { rows: vec![] };
    for citation in &loaded.service.legal_basis {
        rows.add(citation, CitedKind::Basis, &loaded.name, loaded.service.place);
    }
    for parameter in &loaded.ruleset.parameters {
        for value in &parameter.values {
            rows.add_all(&value.law, CitedKind::Parameter, &parameter.name, value.place);
        }
    }
    for switch in &loaded.ruleset.switches {
        for setting in &switch.settings {
            rows.add_all(&setting.law, CitedKind::Switch, &switch.name, setting.place);
        }
    }
    for variable in &loaded.ruleset.variables {
        let name = match variable.of {
            Some(id) => format!("{}.{}", loaded.ruleset.schema.collections[id.0].name, variable.name),
            None => variable.name.clone(),
        };
        for version in &variable.versions {
            rows.add_all(&version.law, CitedKind::Variable, &name, version.place);
            for outcome in outcomes(version) {
                rows.add_all(&outcome.law, CitedKind::Case, &name, outcome.place);
            }
        }
    }
    for entry in &loaded.untranslated {
        rows.add_all(&entry.law, CitedKind::Untranslated, &entry.label.zh, entry.place);
    }
    let mut rows = rows.rows;
    for test in &loaded.tests {
        for citation in &test.law {
            let cited = Cited { kind: CitedKind::Test, name: test.name.clone(), place: test.place };
            let mut found = false;
            for row in rows.iter_mut().filter(|row| covers(row, citation)) {
                found = true;
                if !row.tests.contains(&cited) {
                    row.tests.push(cited.clone());
                }
            }
            if !found {
                let Citation { document, article } = citation.clone();
                rows.push(CiteRow { document, article, rules: vec![], tests: vec![cited] });
            }
        }
    }
    rows.sort_by(|a, b| a.document.cmp(&b.document));
    rows
}

struct Rows {
    rows: Vec<CiteRow>,
}

impl Rows {
    fn add_all(&mut self, law: &[Citation], kind: CitedKind, name: &str, place: Place) {
        for citation in law {
            self.add(citation, kind, name, place);
        }
    }

    fn add(&mut self, citation: &Citation, kind: CitedKind, name: &str, place: Place) {
        let cited = Cited { kind, name: name.to_owned(), place };
        let same = |r: &&mut CiteRow| r.document == citation.document && r.article == citation.article;
        match self.rows.iter_mut().find(same) {
            Some(row) => row.rules.push(cited),
            None => {
                let Citation { document, article } = citation.clone();
                self.rows.push(CiteRow { document, article, rules: vec![cited], tests: vec![] });
            }
        }
    }
}

fn outcomes(version: &Version) -> Vec<&Outcome> {
    match &version.body {
        Body::Value(_) => vec![],
        Body::Cases(cases) => cases.cases.iter().map(|c| &c.outcome).chain(&cases.otherwise).collect(),
        Body::Table(table) => table.rows.iter().map(|r| &r.outcome).chain(&table.otherwise).collect(),
    }
}

/// Whether a test's citation exercises the row's article: the same, a paragraph of it, or the article of
/// its paragraph.
fn covers(row: &CiteRow, test: &Citation) -> bool {
    row.document == test.document
        && (is_within(&row.article, &test.article) || is_within(&test.article, &row.article))
}

/// Whether `part` is `whole` or begins with it at the end of a word: 第十三条第二款 is within 第十三条,
/// 13.2 within 13, 13 not within 1.
fn is_within(part: &str, whole: &str) -> bool {
    part.strip_prefix(whole)
        .is_some_and(|rest| rest.chars().next().is_none_or(|c| c == '第' || !c.is_alphanumeric()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_paragraph_is_within_its_article_and_no_other() {
        assert!(is_within("第十三条第二款", "第十三条"));
        assert!(is_within("第十三条", "第十三条"));
        assert!(is_within("13 (2)", "13"));
        assert!(!is_within("13", "1"));
        assert!(!is_within("第十三条之一", "第十三条"));
        assert!(!is_within("第十条", "第十三条"));
    }
}
