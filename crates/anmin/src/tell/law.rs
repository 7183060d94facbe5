//! Citations in a long page: every document gets a short sign once, and then only its sign and the article are said.
use super::Language;
use anmin_app::record::TextV1;

/// The documents of a page, in the order in which they are first cited.
#[derive(Clone, Debug, Default)]
pub struct Documents {
    all: Vec<TextV1>,
}

const ZH_SIGNS: [char; 20] = [
    '甲', '乙', '丙', '丁', '戊', '己', '庚', '辛', '壬', '癸', '子', '丑', '寅', '卯', '辰', '巳', '午',
    '未', '申', '酉',
];

impl Documents {
    /// Citations by sign and article, in brackets; nothing where there are none.
    pub fn cite(&mut self, law: &[TextV1], language: Language) -> String {
        let told: Vec<String> = law.iter().map(|l| self.one(l, language)).collect();
        if told.is_empty() {
            String::new()
        } else {
            language.bracketed(&told.join(language.pick("、", "; ")))
        }
    }

    fn one(&mut self, law: &TextV1, language: Language) -> String {
        let Some((document, article)) = split(law) else { return language.of(law).to_owned() };
        let at = self.all.iter().position(|d| *d == document).unwrap_or_else(|| {
            self.all.push(document);
            self.all.len() - 1
        });
        match sign(at, language) {
            Some(sign) => format!("{sign}{}{}", language.pick("", " "), language.of(&article)),
            None => language.of(law).to_owned(),
        }
    }

    /// The documents with their signs.
    pub fn legend(&self, language: Language) -> Vec<String> {
        let signed = self.all.iter().enumerate().filter_map(|(at, d)| Some((sign(at, language)?, d)));
        signed.map(|(sign, d)| format!("{sign} {}", language.of(d))).collect()
    }
}

fn sign(at: usize, language: Language) -> Option<char> {
    match language {
        Language::Zh => ZH_SIGNS.get(at).copied(),
        Language::En => (at < ZH_SIGNS.len()).then(|| (b'A' + at as u8) as char),
    }
}

/// A citation as document and article: `《title》 number` and `article`, `title number` and `article`. None if it is
/// not of that form; then it is said in full.
fn split(law: &TextV1) -> Option<(TextV1, TextV1)> {
    let title = law.zh.find('》')? + '》'.len_utf8();
    let number = match law.zh[title..].strip_prefix(' ') {
        Some(rest) => 1 + rest.find('号')? + '号'.len_utf8(),
        None => 0,
    };
    let (document, article) = law.zh.split_at(title + number);
    let (title_en, article_en) = law.en.rsplit_once(", ")?;
    let text = |zh: &str, en: &str| TextV1 { zh: zh.to_owned(), en: en.to_owned() };
    Some((text(document, title_en), text(article, article_en)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_is_named_once_and_then_by_its_sign() {
        let law = |zh: &str, en: &str| TextV1 { zh: zh.into(), en: en.into() };
        let act = law("《救助法》第十八条", "Assistance Act, 第十八条");
        let notice = law("《通知》 京〔2024〕8号第一条", "Notice 京〔2024〕8号, 第一条");
        let odd = law("习惯", "custom");
        let mut documents = Documents::default();
        assert_eq!(documents.cite(&[act.clone(), notice], Language::Zh), "（甲第十八条、乙第一条）");
        assert_eq!(documents.cite(&[odd], Language::Zh), "（习惯）");
        assert_eq!(documents.cite(&[act], Language::En), " (A 第十八条)");
        assert_eq!(documents.legend(Language::Zh), ["甲 《救助法》", "乙 《通知》 京〔2024〕8号"]);
    }
}
