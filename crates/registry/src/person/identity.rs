//! What a person shows to say who they are: a card, the household register, a permit, or nothing.
//!
//! Only form and arithmetic are checked. A valid number proves nothing about who holds it.

use crate::flaw::{Sentence, said};
use anmin_base::date::Date;
use anmin_base::half_width::half_width;
use anmin_base::mask;
use anmin_base::resident_id::{ResidentId, Sex};
use std::fmt;

/// The kinds of identity, as a form offers them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum IdentityKind {
    /// 居民身份证.
    Card,
    /// 户口簿, for somebody without a card.
    Register,
    /// 港澳台居民居住证.
    CompatriotPermit,
    /// 外国人永久居留身份证.
    ForeignPermanent,
    /// No document yet: a newborn.
    Newborn,
    /// No document: never registered (无户口).
    Unregistered,
    /// No document: found on the street, who it is may not be known (流散).
    Wandering,
}

impl IdentityKind {
    /// All, in the order of a form.
    pub const ALL: [IdentityKind; 7] = [
        IdentityKind::Card,
        IdentityKind::Register,
        IdentityKind::CompatriotPermit,
        IdentityKind::ForeignPermanent,
        IdentityKind::Newborn,
        IdentityKind::Unregistered,
        IdentityKind::Wandering,
    ];

    /// As stored.
    pub const fn name(self) -> &'static str {
        match self {
            IdentityKind::Card => "card",
            IdentityKind::Register => "register",
            IdentityKind::CompatriotPermit => "compatriot_permit",
            IdentityKind::ForeignPermanent => "foreign_permanent",
            IdentityKind::Newborn => "newborn",
            IdentityKind::Unregistered => "unregistered",
            IdentityKind::Wandering => "wandering",
        }
    }

    /// In Chinese.
    pub const fn zh(self) -> &'static str {
        match self {
            IdentityKind::Card => "居民身份证",
            IdentityKind::Register => "户口簿（无身份证）",
            IdentityKind::CompatriotPermit => "港澳台居民居住证",
            IdentityKind::ForeignPermanent => "外国人永久居留身份证",
            IdentityKind::Newborn => "新生儿，尚无证件",
            IdentityKind::Unregistered => "无户口",
            IdentityKind::Wandering => "流散人员，身份待查",
        }
    }

    /// In English.
    pub const fn en(self) -> &'static str {
        match self {
            IdentityKind::Card => "Resident identity card",
            IdentityKind::Register => "Household register, no card",
            IdentityKind::CompatriotPermit => "Residence permit for Hong Kong, Macao and Taiwan residents",
            IdentityKind::ForeignPermanent => "Foreign permanent resident identity card",
            IdentityKind::Newborn => "Newborn, no document yet",
            IdentityKind::Unregistered => "Not registered anywhere",
            IdentityKind::Wandering => "Found without a home, identity to be established",
        }
    }

    /// Whether it comes with a number.
    pub const fn has_number(self) -> bool {
        !matches!(self, IdentityKind::Newborn | IdentityKind::Unregistered | IdentityKind::Wandering)
    }
}

/// A number of one of the kinds.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Number {
    /// 18 characters, which say birth and sex.
    Eighteen(ResidentId),
    /// The 15 characters of a foreigner's card issued before 2023: three letters, twelve digits.
    ForeignFifteen([u8; 15]),
}

/// Who somebody says they are. Made by [`Identity::read`] only.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Identity {
    kind: IdentityKind,
    number: Option<Number>,
}

impl Identity {
    /// Reads a number of a kind; an empty one for the kinds without.
    ///
    /// # Errors
    /// Why it is none of this kind, in Chinese and English. The sentences do not repeat the number.
    pub fn read(kind: IdentityKind, given: &str) -> Result<Identity, (String, String)> {
        let given: String = given.chars().filter(|c| !c.is_whitespace()).collect();
        if !kind.has_number() {
            return match given.is_empty() {
                true => Ok(Identity { kind, number: None }),
                false => Err(said(
                    format!("已选“{}”，不填号码；有号码的，请改选证件种类。", kind.zh()),
                    format!("\"{}\" has no number: remove it, or choose the document it is of.", kind.en()),
                )),
            };
        }
        if given.is_empty() {
            return Err(said(
                "请填写证件号码；没有证件的，请改选“新生儿”“无户口”或“流散人员”。",
                "Write the number; without a document choose newborn, not registered or found without a home.",
            ));
        }
        let fifteen = || (kind == IdentityKind::ForeignPermanent).then(|| foreign_fifteen(&given)).flatten();
        let number = match fifteen() {
            Some(number) => Number::ForeignFifteen(number),
            None => Number::Eighteen(eighteen(kind, &given)?),
        };
        Ok(Identity { kind, number: Some(number) })
    }

    /// The kind.
    pub fn kind(&self) -> IdentityKind {
        self.kind
    }

    /// The number as printed. Reading it is an act that the caller has to justify and log.
    pub fn reveal(&self) -> Option<&str> {
        match self.number.as_ref()? {
            Number::Eighteen(id) => Some(id.reveal()),
            Number::ForeignFifteen(number) => str::from_utf8(number).ok(),
        }
    }

    /// The number with its middle hidden.
    pub fn masked(&self) -> Option<String> {
        match self.number.as_ref()? {
            Number::Eighteen(id) => Some(id.masked()),
            Number::ForeignFifteen(_) => self.reveal().map(mask::document),
        }
    }

    /// The date of birth, if the number says it whole.
    pub fn birth(&self) -> Option<Date> {
        match self.number.as_ref()? {
            Number::Eighteen(id) => Some(id.birth()),
            Number::ForeignFifteen(_) => None,
        }
    }

    /// The sex, if the number says it.
    pub fn sex(&self) -> Option<Sex> {
        match self.number.as_ref()? {
            Number::Eighteen(id) => Some(id.sex()),
            Number::ForeignFifteen(_) => None,
        }
    }

    /// Whether a date of birth can be this number's.
    pub(super) fn allows_birth(&self, birth: Date) -> bool {
        match self.number.as_ref() {
            Some(Number::Eighteen(id)) => id.birth() == birth,
            Some(Number::ForeignFifteen(number)) => {
                let (year, month, day) = birth.to_ymd();
                number[7..13] == *format!("{:02}{month:02}{day:02}", year % 100).as_bytes()
            }
            None => true,
        }
    }
}

/// Which letters begin the numbers of Hong Kong, Macao and Taiwan residents.
const COMPATRIOT: [&str; 3] = ["810000", "820000", "830000"];

fn eighteen(kind: IdentityKind, given: &str) -> Result<ResidentId, Sentence> {
    let id: ResidentId =
        given.parse().map_err(|error: anmin_base::resident_id::ResidentIdError| match kind {
            IdentityKind::ForeignPermanent => said(
                format!("新式证件号码 18 位，旧式为 3 个字母加 12 位数字。{}", error.zh()),
                format!("New cards have 18 digits, old ones three letters and 12 digits. {}", error.en()),
            ),
            _ => said(error.zh(), error.en()),
        })?;
    let compatriot = COMPATRIOT.contains(&id.division_prefix());
    match kind {
        IdentityKind::CompatriotPermit if !compatriot => Err(said(
            "港澳台居民居住证号码以 810000、820000 或 830000 开头，请核对号码或证件种类。",
            "The number of this permit begins with 810000, 820000 or 830000; check the number or the kind of document.",
        )),
        IdentityKind::Card | IdentityKind::Register if compatriot => Err(said(
            "这是港澳台居民居住证的号码，请改选证件种类。",
            "This is the number of a Hong Kong, Macao or Taiwan resident's permit; choose that kind of document.",
        )),
        IdentityKind::ForeignPermanent if !id.reveal().starts_with('9') => Err(said(
            "外国人永久居留身份证的 18 位号码以 9 开头，请核对号码或证件种类。",
            "The 18 digits of this card begin with 9; check the number or the kind of document.",
        )),
        _ => Ok(id),
    }
}

/// The old form: country, four digits of the place, six of the birth, two more. Its check digit is not looked at.
fn foreign_fifteen(given: &str) -> Option<[u8; 15]> {
    let form: String = given.chars().map(half_width).collect::<String>().to_ascii_uppercase();
    let number: [u8; 15] = form.as_bytes().try_into().ok()?;
    let digits = number[3..].iter().all(u8::is_ascii_digit);
    if !digits || !number[..3].iter().all(u8::is_ascii_uppercase) {
        return None;
    }
    let two = |at: usize| (number[at] - b'0') * 10 + (number[at + 1] - b'0');
    let fits = |century: i32| Date::from_ymd(century + i32::from(two(7)), two(9), two(11)).is_ok();
    (fits(1900) || fits(2000)).then_some(number)
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} {}", self.kind, self.masked().unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use IdentityKind::*;

    /// On division codes that are assigned to no place, or to all of a territory.
    fn number(division: u32, sequence: u16) -> String {
        let id = ResidentId::from_parts(division, Date::ymd(1946, 9, 15), sequence).unwrap();
        id.reveal().to_owned()
    }

    #[test]
    fn numbers_of_each_kind() {
        let card = number(999_999, 2);
        let old = format!("{}{}", &card[..6], &card[8..17]);
        let wide: String = card.chars().map(|c| char::from_u32(c as u32 + 0xfee0).unwrap()).collect();
        for (kind, given, kept) in [
            (Card, card.as_str(), Some(card.as_str())),
            (Card, &old, Some(&card)),
            (Card, &wide, Some(&card)),
            (Card, &format!("{} {}", &card[..6], &card[6..]), Some(&card)),
            (Register, &card, Some(&card)),
            (CompatriotPermit, &number(810_000, 1), Some(&number(810_000, 1))),
            (ForeignPermanent, &number(911_124, 1), Some(&number(911_124, 1))),
            (ForeignPermanent, "can999946091500", None),
            (ForeignPermanent, "ｃａｎ999946091500", None),
            (Newborn, "", None),
            (Wandering, " ", None),
        ] {
            let identity = Identity::read(kind, given).unwrap();
            let wants = kept.or_else(|| (kind == ForeignPermanent).then_some("CAN999946091500"));
            assert_eq!((identity.kind(), identity.reveal()), (kind, wants), "{given}");
        }
        let identity = Identity::read(Card, &card).unwrap();
        assert_eq!(identity.birth(), Some(Date::ymd(1946, 9, 15)));
        assert_eq!(identity.sex(), Some(Sex::Female));
    }

    #[test]
    fn refuses_a_number_of_another_kind() {
        let card = number(999_999, 2);
        let mistyped = format!("{}{}", &card[..17], if card.ends_with('1') { '2' } else { '1' });
        for (kind, given, says) in [
            (Card, "", "请改选“新生儿”"),
            (Card, &mistyped, "请逐位核对"),
            (Card, &number(820_000, 1), "请改选证件种类"),
            (CompatriotPermit, &card, "810000"),
            (ForeignPermanent, &number(110_000, 1), "以 9 开头"),
            (ForeignPermanent, "CAN999946139900", "3 个字母"),
            (Unregistered, &card, "不填号码"),
        ] {
            let (zh, en) = Identity::read(kind, given).unwrap_err();
            assert!(zh.contains(says), "{zh}");
            assert!(given.is_empty() || !zh.contains(given) && !en.contains(given), "{zh} {en}");
        }
    }

    #[test]
    fn an_old_foreign_card_says_no_century() {
        let identity = Identity::read(ForeignPermanent, "CAN999946091500").unwrap();
        assert_eq!((identity.birth(), identity.sex()), (None, None));
        for (birth, fits) in [((1946, 9, 15), true), ((2046, 9, 15), true), ((1946, 9, 16), false)] {
            assert_eq!(identity.allows_birth(Date::ymd(birth.0, birth.1, birth.2)), fits);
        }
        assert_eq!(format!("{identity:?}"), "ForeignPermanent CAN9*******1500");
    }
}
