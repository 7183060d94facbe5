//! Names in packs: how they are formed, who has taken which, and what no pack may ask about a person.
use crate::finding::{Files, Finding, excerpt};
use anmin_rules::model::{CollectionId, Place};
use std::collections::BTreeMap;

/// A thing that has a name: Chinese and English, for sentences.
pub(crate) type Kind = (&'static str, &'static str);

/// Words an expression already knows, and those CEL keeps for itself.
const RESERVED: [&str; 27] = [
    "on",
    "true",
    "false",
    "null",
    "in",
    "unknown",
    "fen",
    "jiao",
    "yuan",
    "one",
    "as",
    "break",
    "const",
    "continue",
    "else",
    "for",
    "function",
    "if",
    "import",
    "let",
    "loop",
    "namespace",
    "package",
    "return",
    "var",
    "void",
    "while",
];

/// Whether a name is a lower-case English identifier that expressions can hold; reports it if not.
pub(crate) fn well_formed(name: &str, place: Place, out: &mut Vec<Finding>) -> bool {
    let shown = excerpt(name);
    let letters = name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
    if !letters {
        out.push(Finding::error(
            place,
            format!("名称 {shown} 不合规：只用小写英文字母、数字和下划线，以字母开头"),
            format!(
                "the name {shown} is malformed: lower-case letters, digits and _, beginning with a letter"
            ),
        ));
    } else if RESERVED.contains(&name) {
        out.push(Finding::error(
            place,
            format!("{shown} 是规则语言的保留字，请换一个名称"),
            format!("{shown} is a word of the rule language; choose another name"),
        ));
        return false;
    }
    letters
}

/// The name spaces: one for the root and one for each collection.
#[derive(Debug, Default)]
pub(crate) struct Names {
    taken: BTreeMap<(Option<CollectionId>, String), (Kind, Place)>,
}

impl Names {
    /// Takes a name for a thing; reports a malformed name and a collision. True when it is now this
    /// thing's.
    pub(crate) fn take(
        &mut self,
        (of, name): (Option<CollectionId>, &str),
        kind: Kind,
        place: Place,
        files: &Files,
        out: &mut Vec<Finding>,
    ) -> bool {
        if !well_formed(name, place, out) {
            return false;
        }
        match self.taken.get(&(of, name.to_owned())) {
            None => {
                self.taken.insert((of, name.to_owned()), (kind, place));
                true
            }
            Some((other, first)) => {
                let at = files.show(*first);
                out.push(Finding::error(
                    place,
                    format!("名称 {name} 已用于{}（{at}）；事实、变量、参数、开关和实体不得重名", other.0),
                    format!(
                        "the name {name} is already taken ({} at {at}); facts, variables, parameters, \
                    switches and entities share one name space",
                        other.1
                    ),
                ));
                false
            }
        }
    }

    /// What a name was taken for.
    pub(crate) fn kind(&self, of: Option<CollectionId>, name: &str) -> Option<Kind> {
        self.taken.get(&(of, name.to_owned())).map(|(kind, _)| *kind)
    }
}

/// Words that make a name or label one of ethnicity or religion, once [`LAWFUL`] phrases are taken out of
/// it.
const REFUSED_ZH: [&str; 18] = [
    "民族",
    "族别",
    "族裔",
    "种族",
    "宗教",
    "信教",
    "信仰",
    "教派",
    "汉族",
    "满族",
    "回族",
    "藏族",
    "壮族",
    "佛教",
    "道教",
    "伊斯兰教",
    "天主教",
    "基督教",
];
const REFUSED_EN: [&str; 14] = [
    "ethnic",
    "ethnicity",
    "race",
    "racial",
    "minzu",
    "religion",
    "religions",
    "religious",
    "faith",
    "belief",
    "beliefs",
    "creed",
    "zongjiao",
    "xinyang",
];
/// Phrases the law itself uses for something else: clergy who live in a place of worship are no members of
/// the household; good faith is no creed.
const LAWFUL: [&str; 12] = [
    "宗教教职人员",
    "宗教活动场所",
    "民族乡",
    "民族自治",
    "religious clergy",
    "religious personnel",
    "religious professional",
    "religious professionals",
    "religious venue",
    "religious site",
    "good faith",
    "bad faith",
];

/// Whether a name or label speaks of a person's ethnicity or religion.
pub(crate) fn speaks_of_creed(text: &str) -> bool {
    let mut text = text.to_lowercase().replace(['_', '.'], " ");
    for phrase in LAWFUL {
        text = text.replace(phrase, " ");
    }
    REFUSED_ZH.iter().any(|word| text.contains(word))
        || text.split(|c: char| !c.is_ascii_alphabetic()).any(|word| REFUSED_EN.contains(&word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refuses_ethnicity_and_religion_but_not_clergy_as_the_law_names_them() {
        for text in [
            "民族",
            "少数民族",
            "宗教信仰",
            "是否信教",
            "Ethnicity",
            "ethnic_group",
            "Religious belief",
            "members.religion",
            "Faith",
            "回族",
            "members.minzu",
        ] {
            assert!(speaks_of_creed(text), "{text}");
        }
        for text in [
            "宗教教职人员",
            "在宗教活动场所居住的宗教教职人员",
            "Religious clergy",
            "clergy",
            "Bad faith",
            "embrace",
            "民族乡",
            "Trace",
            "工资",
        ] {
            assert!(!speaks_of_creed(text), "{text}");
        }
    }

    #[test]
    fn names_are_identifiers_and_not_words_of_the_language() {
        let mut out = vec![];
        for name in ["wage", "net_income_2", "eligible"] {
            assert!(well_formed(name, Place::default(), &mut out), "{name}");
        }
        assert!(out.is_empty());
        for name in ["Wage", "工资", "2x", "a-b", "", "on", "yuan", "while"] {
            assert!(!well_formed(name, Place::default(), &mut out), "{name}");
        }
        assert_eq!(out.len(), 8);
    }
}
