//! Documents of the law and citations of them.
use super::Build;
use crate::finding::{Finding, excerpt};
use crate::library::Document;
use crate::yaml::Fields;
use anmin_rules::model::{Citation, Place};

impl Build {
    /// `documents:` of a parameters file or a region.
    pub(super) fn documents(&mut self, fields: &Fields<'_>) {
        let entries = fields.names("documents", &mut self.findings);
        for (key, node) in entries {
            let fields = Fields::of(
                node,
                &["zh", "en", "number", "published", "in_force", "until", "url"],
                &mut self.findings,
            );
            let title = fields.label(&mut self.findings);
            let number = fields.text("number", &mut self.findings).map(str::to_owned);
            let url = fields.text("url", &mut self.findings).map(str::to_owned);
            let document = Document {
                title,
                number,
                published: self.date(&fields, "published"),
                from: self.date(&fields, "in_force"),
                until: self.date(&fields, "until"),
                url,
                place: key.place,
            };
            let shown = excerpt(&key.text);
            let fits = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
            if !key.text.bytes().all(fits) {
                self.error(
                    key.place,
                    format!("文件代号 {shown} 只能用小写英文字母、数字和连字符"),
                    format!("the document key {shown} may hold lower-case letters, digits and hyphens only"),
                );
            }
            if let Some(first) = self.documents.get(&key.text) {
                let at = self.files.show(first.place);
                self.error(
                    key.place,
                    format!("文件 {shown} 已在 {at} 声明"),
                    format!("the document {shown} is already declared at {at}"),
                );
            } else {
                self.documents.insert(key.text.clone(), document);
            }
        }
    }

    /// The citations under `law`, one or a list; empty when it is absent.
    pub(super) fn law(&mut self, fields: &Fields<'_>) -> Vec<Citation> {
        self.citations(fields, "law")
    }

    /// The citations under `law`, of which there must be one.
    pub(super) fn required_law(&mut self, fields: &Fields<'_>, what: (&str, &str)) -> Vec<Citation> {
        if !fields.has("law") {
            self.uncited(fields.place(), what);
        }
        self.law(fields)
    }

    /// Reports something that cites no law.
    pub(super) fn uncited(&mut self, place: Place, what: (&str, &str)) {
        self.error(
            place,
            format!("{}没有写明依据：请加 law: <文件代号> <条款>", what.0),
            format!("{} cites no law: add law: <document> <article>", what.1),
        );
    }

    pub(super) fn citations(&mut self, fields: &Fields<'_>, key: &str) -> Vec<Citation> {
        let texts = fields.texts(key, &mut self.findings);
        texts.into_iter().filter_map(|(text, place)| self.citation(text, place)).collect()
    }

    /// `<document> <article>`. The document must be declared by this layer or one before it.
    fn citation(&mut self, text: &str, place: Place) -> Option<Citation> {
        let citation = split(text);
        if !self.documents.contains_key(&citation.document) {
            let known: Vec<&str> = self.documents.keys().map(String::as_str).collect();
            let finding = Finding::unknown(place, ("文件", "document"), &citation.document, &known);
            self.findings.push(finding);
            return None;
        }
        if citation.article.is_empty() {
            let document = &citation.document;
            self.error(
                place,
                format!("{document} 之后缺少条款，如“{document} 第一条”；整份文件写“全文”"),
                format!(
                    "the article is missing after {document}, as in '{document} 第一条'; write 全文 \
                for the whole document"
                ),
            );
            return None;
        }
        Some(citation)
    }
}

/// A citation's document and article, neither looked up.
pub(super) fn split(text: &str) -> Citation {
    let (document, article) = text.trim().split_once(char::is_whitespace).unwrap_or((text.trim(), ""));
    Citation { document: document.to_owned(), article: article.trim().to_owned() }
}
