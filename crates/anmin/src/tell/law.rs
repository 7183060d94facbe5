//! Citations in a long page: every document gets a short sign once, and then only its sign and the article are said.
use super::Language;
use anmin_app::record::LawV1;

/// The documents of a page, in the order in which they are first cited; each by a citation of it.
#[derive(Clone, Debug, Default)]
pub struct Documents {
    all: Vec<LawV1>,
}

const ZH_SIGNS: [char; 20] = [
    '甲', '乙', '丙', '丁', '戊', '己', '庚', '辛', '壬', '癸', '子', '丑', '寅', '卯', '辰', '巳', '午',
    '未', '申', '酉',
];

impl Documents {
    /// Citations by sign and article, in brackets; nothing where there are none.
    pub fn cite(&mut self, law: &[LawV1], language: Language) -> String {
        let told: Vec<String> = law.iter().map(|l| self.one(l, language)).collect();
        if told.is_empty() {
            String::new()
        } else {
            language.bracketed(&told.join(language.pick("、", "; ")))
        }
    }

    fn one(&mut self, law: &LawV1, language: Language) -> String {
        let at = self.all.iter().position(|d| d.document == law.document).unwrap_or_else(|| {
            self.all.push(law.clone());
            self.all.len() - 1
        });
        match sign(at, language) {
            Some(sign) => format!("{sign}{}{}", language.pick("", " "), law.article),
            None => language.cited(law),
        }
    }

    /// The documents with their signs.
    pub fn legend(&self, language: Language) -> Vec<String> {
        let signed = self.all.iter().enumerate().filter_map(|(at, d)| Some((sign(at, language)?, d)));
        signed.map(|(sign, d)| format!("{sign} {}", language.of(&d.named()))).collect()
    }
}

fn sign(at: usize, language: Language) -> Option<char> {
    match language {
        Language::Zh => ZH_SIGNS.get(at).copied(),
        Language::En => (at < ZH_SIGNS.len()).then(|| (b'A' + at as u8) as char),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use anmin_app::record::TextV1;

    #[test]
    fn a_document_is_named_once_and_then_by_its_sign() {
        let law = |document: &str, (zh, en): (&str, &str), number: Option<&str>, article: &str| LawV1 {
            document: document.into(),
            title: TextV1 { zh: zh.into(), en: en.into() },
            number: number.map(str::to_owned),
            article: article.into(),
        };
        let act = law("act", ("救助法", "Assistance Act"), None, "第十八条");
        let notice = law("notice", ("通知", "Notice"), Some("京〔2024〕8号"), "第一条");
        let mut documents = Documents::default();
        assert_eq!(documents.cite(&[act.clone(), notice], Language::Zh), "（甲第十八条、乙第一条）");
        assert_eq!(documents.cite(&[act], Language::En), " (A 第十八条)");
        assert_eq!(documents.legend(Language::Zh), ["甲 《救助法》", "乙 《通知》 京〔2024〕8号"]);
    }
}
