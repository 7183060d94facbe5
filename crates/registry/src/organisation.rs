//! Organisations: associations, institutions, providers of care, committees; each by its credit code where it has one.

use crate::flaw::{Flaw, Flaws, Sentence, said};
use crate::id::AreaId;
use anmin_base::credit_code::{Category, CreditCode};
use anmin_base::half_width::half_width;

/// What kind of body.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum OrganisationKind {
    /// 社会团体.
    Association,
    /// 社会服务机构（民办非企业单位）.
    ServiceInstitution,
    /// 基金会.
    Foundation,
    /// 社区社会组织: only filed with the township, without a code of its own.
    CommunityGroup,
    /// 村民委员会、居民委员会.
    Committee,
    /// 事业单位.
    PublicInstitution,
    /// 机关.
    Authority,
    /// 企业.
    Enterprise,
    /// Another, such as a religious place or a collective.
    Other,
}

impl OrganisationKind {
    /// All, in the order of a form.
    pub const ALL: [OrganisationKind; 9] = [
        OrganisationKind::Association,
        OrganisationKind::ServiceInstitution,
        OrganisationKind::Foundation,
        OrganisationKind::CommunityGroup,
        OrganisationKind::Committee,
        OrganisationKind::PublicInstitution,
        OrganisationKind::Authority,
        OrganisationKind::Enterprise,
        OrganisationKind::Other,
    ];

    /// In Chinese.
    pub const fn zh(self) -> &'static str {
        match self {
            OrganisationKind::Association => "社会团体",
            OrganisationKind::ServiceInstitution => "社会服务机构",
            OrganisationKind::Foundation => "基金会",
            OrganisationKind::CommunityGroup => "社区社会组织（备案）",
            OrganisationKind::Committee => "村（居）民委员会",
            OrganisationKind::PublicInstitution => "事业单位",
            OrganisationKind::Authority => "机关",
            OrganisationKind::Enterprise => "企业",
            OrganisationKind::Other => "其他",
        }
    }

    /// In English.
    pub const fn en(self) -> &'static str {
        match self {
            OrganisationKind::Association => "Social association",
            OrganisationKind::ServiceInstitution => "Social service institution",
            OrganisationKind::Foundation => "Foundation",
            OrganisationKind::CommunityGroup => "Community group on file",
            OrganisationKind::Committee => "Villagers' or residents' committee",
            OrganisationKind::PublicInstitution => "Public institution",
            OrganisationKind::Authority => "Authority",
            OrganisationKind::Enterprise => "Enterprise",
            OrganisationKind::Other => "Other",
        }
    }

    /// What the first two characters of its code say, where that is fixed.
    fn category(self) -> Option<Category> {
        match self {
            OrganisationKind::Association => Some(Category::SocialAssociation),
            OrganisationKind::ServiceInstitution => Some(Category::SocialServiceInstitution),
            OrganisationKind::Foundation => Some(Category::Foundation),
            OrganisationKind::Committee => Some(Category::OtherCivilAffairs),
            OrganisationKind::Enterprise => Some(Category::Elsewhere { authority: '9' }),
            _ => None,
        }
    }
}

/// An organisation as handed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// Its name.
    pub name: String,
    /// Its credit code; empty for a group that is only on file.
    pub credit_code: String,
    /// The area it belongs to.
    pub area: Option<AreaId>,
    /// What kind.
    pub kind: OrganisationKind,
}

/// An organisation without flaws. Made by [`Draft::check`] only.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Organisation {
    /// Its name, in one form.
    pub name: String,
    /// Its code, where it has one.
    pub credit_code: Option<CreditCode>,
    /// The area it belongs to.
    pub area: AreaId,
    /// What kind.
    pub kind: OrganisationKind,
}

impl Draft {
    /// The organisation.
    ///
    /// # Errors
    /// Everything that is wrong, in the order of the fields.
    pub fn check(&self) -> Result<Organisation, Vec<Flaw>> {
        let mut flaws = Flaws::default();
        let name = flaws.keep("name", name(&self.name));
        let code = flaws.keep("credit_code", self.code());
        let area = self.area.ok_or_else(|| said("请选择所属区域。", "Choose the area it belongs to."));
        let area = flaws.keep("area", area);
        match (name, code, area) {
            (Some(name), Some(credit_code), Some(area)) => {
                Ok(Organisation { name, credit_code, area, kind: self.kind })
            }
            _ => Err(flaws.0),
        }
    }

    fn code(&self) -> Result<Option<CreditCode>, Sentence> {
        let given: String = self.credit_code.chars().filter(|c| !c.is_whitespace()).collect();
        let on_file = self.kind == OrganisationKind::CommunityGroup;
        if given.is_empty() {
            return match on_file {
                true => Ok(None),
                false => Err(said(
                    "请填写统一社会信用代码；只备案、没有代码的，请选“社区社会组织（备案）”。",
                    "Write the credit code; of a group that is only on file and has none, choose \"Community group on file\".",
                )),
            };
        }
        let code: CreditCode = given
            .parse()
            .map_err(|error: anmin_base::credit_code::CreditCodeError| said(error.zh(), error.en()))?;
        let (kind_zh, kind_en) = (self.kind.zh(), self.kind.en());
        match self.kind.category() {
            Some(category) if category != code.category() => Err(said(
                format!("这个代码不是“{kind_zh}”的代码，请核对代码或种类。"),
                format!(
                    "This is not the code of a body of the kind \"{kind_en}\"; check the code or the kind."
                ),
            )),
            _ => Ok(Some(code)),
        }
    }
}

const MOST: usize = 100;

/// Half-width letters, digits and brackets, and no spaces between Han characters.
fn name(given: &str) -> Result<String, Sentence> {
    let half: String =
        given.trim().chars().map(|c| if c.is_whitespace() { ' ' } else { half_width(c) }).collect();
    let words: Vec<&str> = half.split(' ').filter(|word| !word.is_empty()).collect();
    let joined = words.join(if half.bytes().any(|b| b.is_ascii_alphabetic()) { " " } else { "" });
    let length = joined.chars().count();
    if let Some(found) = joined.chars().find(|c| c.is_control()) {
        let found = found.escape_debug();
        return Err(said(
            format!("名称里有看不见的字符 {found}，请删去。"),
            format!("The name holds an invisible character {found}; remove it."),
        ));
    }
    match length {
        0 => Err(said("请填写名称。", "Write the name.")),
        1 | 101.. => Err(said(
            format!("名称有 {length} 个字，应为 2 至 {MOST} 个，请按登记证书填写。"),
            format!(
                "The name has {length} characters, 2 to {MOST} are allowed; write it as on the certificate."
            ),
        )),
        _ => Ok(joined),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A code on a division code assigned to no place, with its check character found by trying.
    fn code(first: &str) -> String {
        let body = format!("{first}999999000000000");
        let fits = |c: &char| format!("{body}{c}").parse::<CreditCode>().is_ok();
        let check = "0123456789ABCDEFGHJKLMNPQRTUWXY".chars().find(fits).unwrap();
        format!("{body}{check}")
    }

    fn draft(kind: OrganisationKind, first: &str) -> Draft {
        let credit_code = if first.is_empty() { String::new() } else { code(first) };
        Draft { name: "甲区乙互助会".into(), credit_code, area: Some(AreaId(1)), kind }
    }

    #[test]
    fn the_code_fits_the_kind() {
        use OrganisationKind::*;
        for (kind, first, ok) in [
            (Association, "51", true),
            (Association, "52", false),
            (ServiceInstitution, "52", true),
            (Foundation, "53", true),
            (Foundation, "", false),
            (CommunityGroup, "", true),
            (Committee, "54", true),
            (Committee, "51", false),
            (Enterprise, "91", true),
            (Enterprise, "51", false),
            (PublicInstitution, "12", true),
            (Authority, "11", true),
            (Other, "71", true),
        ] {
            let checked = draft(kind, first).check();
            assert_eq!(checked.is_ok(), ok, "{kind:?} {first}: {checked:?}");
            if let Ok(organisation) = checked {
                assert_eq!(organisation.credit_code.is_none(), first.is_empty());
            }
        }
    }

    #[test]
    fn all_flaws_come_at_once() {
        let bad = Draft {
            name: "　".into(),
            credit_code: "51999999I000000000".into(),
            area: None,
            kind: OrganisationKind::Association,
        };
        let flaws = bad.check().unwrap_err();
        let fields: Vec<&str> = flaws.iter().map(|flaw| flaw.field.as_str()).collect();
        assert_eq!(fields, ["name", "credit_code", "area"]);
        assert!(flaws.iter().all(|flaw| flaw.zh.ends_with('。') && flaw.en.ends_with('.')));
    }

    #[test]
    fn names_are_brought_to_one_form() {
        for (given, kept) in [
            (" 甲区 乙互助会　", Some("甲区乙互助会")),
            ("甲区乙（丙）协会", Some("甲区乙(丙)协会")),
            ("Ａｂｃ  Aid", Some("Abc Aid")),
            ("甲", None),
            ("甲\u{7}乙", None),
            (&"甲".repeat(101), None),
        ] {
            assert_eq!(name(given).ok().as_deref(), kept, "{given}");
        }
    }
}
