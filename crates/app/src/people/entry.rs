//! A person's entry as it is handed in and kept: the same fields, since what a form sends is what a form shows again.

use crate::record::FieldError;
use anmin_base::date::Date;
use anmin_base::resident_id::Sex;
use anmin_base::sensitivity::Sensitivity;
use anmin_registry::flaw::Flaw;
use anmin_registry::person::{
    Category, Draft, IdentityKind, NameKind, PermitDraft, Person, PlaceDraft, RegistrationDraft,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Most of each kind in one entry.
const MOST: usize = 30;
/// Most characters of any one text, before it is read as what it is.
const MOST_CHARACTERS: usize = 400;

/// A person's entry. What is empty or absent is not known.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EntryV1 {
    /// Names; one is official, except of somebody found who cannot say it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub names: Vec<NameV1>,
    /// Which document; a resident identity card where it is not said.
    #[serde(default)]
    pub document: DocumentKindV1,
    /// Its number, in any common form.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub number: String,
    /// Date of birth; may be left out where the number says it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub birth: String,
    /// Sex; may be left out where the number says it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sex: Option<SexV1>,
    /// Telephone numbers, the preferred one first. None is needed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub phones: Vec<String>,
    /// Where letters go.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub address: String,
    /// 户籍地, dated.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub registrations: Vec<RegistrationV1>,
    /// 经常居住地, dated.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub residences: Vec<PlaceV1>,
    /// 居住证, dated.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub permits: Vec<ResidencePermitV1>,
    /// Known to have died.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub dead: bool,
    /// When, if known.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub died_on: String,
}

/// A name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NameV1 {
    /// Which; official where it is not said.
    #[serde(default)]
    pub kind: NameKindV1,
    /// The name.
    pub text: String,
}

/// A place, dated.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PlaceV1 {
    /// A division code of 6, 9 or 12 digits.
    pub division: String,
    /// Street and house.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub address: String,
    /// The first day; empty if it began before anybody here knew.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub from: String,
    /// The last day; empty while it lasts.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub to: String,
}

/// A registration.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RegistrationV1 {
    /// Where and when.
    pub place: PlaceV1,
    /// Urban or rural, where known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<CategoryV1>,
}

/// A residence permit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ResidencePermitV1 {
    /// Where and when it holds.
    pub place: PlaceV1,
    /// Its number.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub number: String,
}

/// Declares a closed list of words and how each stands to the registry's.
macro_rules! words {
    ($($(#[$doc:meta])+ $name:ident of $of:ident { $($(#[$word_doc:meta])+ $word:ident),+ $(,)? })+) => {$(
        $(#[$doc])+
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
        #[serde(rename_all = "snake_case")]
        pub enum $name { $($(#[$word_doc])+ $word),+ }

        impl From<$name> for $of {
            fn from(word: $name) -> $of {
                match word { $($name::$word => $of::$word),+ }
            }
        }

        impl From<$of> for $name {
            fn from(value: $of) -> $name {
                match value { $($of::$word => $name::$word),+ }
            }
        }
    )+};
}

words! {
    /// Which name.
    NameKindV1 of NameKind {
        /// 姓名.
        Official,
        /// 曾用名.
        Former,
        /// 别名、小名.
        Called,
        /// 外文名.
        Foreign,
    }
    /// Which document.
    DocumentKindV1 of IdentityKind {
        /// 居民身份证.
        Card,
        /// 户口簿, no card.
        Register,
        /// 港澳台居民居住证.
        CompatriotPermit,
        /// 外国人永久居留身份证.
        ForeignPermanent,
        /// None: a newborn.
        Newborn,
        /// None: not registered anywhere.
        Unregistered,
        /// None: found without a home.
        Wandering,
    }
    /// Sex.
    SexV1 of Sex {
        /// 男.
        Male,
        /// 女.
        Female,
    }
    /// 户别.
    CategoryV1 of Category {
        /// 城镇.
        Urban,
        /// 农村.
        Rural,
        /// 居民户口.
        Unified,
    }
}

#[expect(clippy::derivable_impls, reason = "the list is declared by a macro")]
impl Default for NameKindV1 {
    fn default() -> Self {
        NameKindV1::Official
    }
}

#[expect(clippy::derivable_impls, reason = "the list is declared by a macro")]
impl Default for DocumentKindV1 {
    fn default() -> Self {
        DocumentKindV1::Card
    }
}

impl EntryV1 {
    /// The person, with how the name sounds.
    ///
    /// # Errors
    /// Everything that is wrong, each field's place after `at`.
    pub(crate) fn person(&self, at: &str, on: Date) -> Result<Person, Vec<FieldError>> {
        self.short(at)?;
        self.draft().check(on).map_err(|flaws| flaws.into_iter().map(|flaw| told(at, flaw)).collect())
    }

    /// As it was kept: what was fine then is not judged anew. None of somebody of whom nothing is kept, such as staff; the
    /// name stands in the row, so that its absence here is no matter.
    pub(crate) fn kept(&self) -> Option<Person> {
        let mut draft = self.draft();
        if draft.names.is_empty() {
            draft.names.push((NameKind::Official, "无".into()));
        }
        draft.check(Date::MAX).ok()
    }

    fn short(&self, at: &str) -> Result<(), Vec<FieldError>> {
        let lists = [
            ("names", self.names.len()),
            ("phones", self.phones.len()),
            ("registrations", self.registrations.len()),
            ("residences", self.residences.len()),
            ("permits", self.permits.len()),
        ];
        let long = lists.iter().filter(|(_, length)| *length > MOST).map(|(name, _)| FieldError {
            at: format!("{at}{name}"),
            zh: format!("最多 {MOST} 项。"),
            en: format!("At most {MOST} entries."),
        });
        let mut wrong: Vec<FieldError> = long.collect();
        let texts = [("number", &self.number), ("birth", &self.birth), ("address", &self.address)];
        let names = self.names.iter().map(|name| ("names", &name.text));
        for (name, text) in texts.into_iter().chain(names) {
            if text.chars().count() > MOST_CHARACTERS {
                wrong.push(FieldError {
                    at: format!("{at}{name}"),
                    zh: "文字太长，请只填这一项的内容。".into(),
                    en: "The text is too long: write what this field asks and no more.".into(),
                });
            }
        }
        if wrong.is_empty() { Ok(()) } else { Err(wrong) }
    }

    fn draft(&self) -> Draft {
        let official = self.names.iter().find(|name| name.kind == NameKindV1::Official);
        let sound = super::sound::of(official.map_or("", |name| name.text.as_str()));
        let place = |place: &PlaceV1| PlaceDraft {
            division: place.division.clone(),
            address: place.address.clone(),
            from: place.from.clone(),
            to: place.to.clone(),
        };
        Draft {
            names: self.names.iter().map(|name| (name.kind.into(), name.text.clone())).collect(),
            pinyin: sound.whole,
            initials: sound.initials,
            kind: self.document.into(),
            number: self.number.clone(),
            birth: self.birth.clone(),
            sex: self.sex.map(Into::into),
            phones: self.phones.clone(),
            address: self.address.clone(),
            registrations: (self.registrations.iter())
                .map(|r| RegistrationDraft { place: place(&r.place), category: r.category.map(Into::into) })
                .collect(),
            residences: self.residences.iter().map(place).collect(),
            permits: (self.permits.iter())
                .map(|p| PermitDraft { place: place(&p.place), number: p.number.clone() })
                .collect(),
            sensitivity: Sensitivity::P3,
            dead: self.dead,
            died_on: self.died_on.clone(),
        }
    }
}

impl From<&Person> for EntryV1 {
    fn from(person: &Person) -> EntryV1 {
        let draft = person.draft();
        let place = |place: PlaceDraft| PlaceV1 {
            division: place.division,
            address: place.address,
            from: place.from,
            to: place.to,
        };
        EntryV1 {
            names: draft.names.into_iter().map(|(kind, text)| NameV1 { kind: kind.into(), text }).collect(),
            document: draft.kind.into(),
            number: draft.number,
            birth: draft.birth,
            sex: draft.sex.map(Into::into),
            phones: draft.phones,
            address: draft.address,
            registrations: (draft.registrations.into_iter())
                .map(|r| RegistrationV1 { place: place(r.place), category: r.category.map(Into::into) })
                .collect(),
            residences: draft.residences.into_iter().map(place).collect(),
            permits: (draft.permits.into_iter())
                .map(|p| ResidencePermitV1 { place: place(p.place), number: p.number })
                .collect(),
            dead: draft.dead,
            died_on: draft.died_on,
        }
    }
}

fn told(at: &str, flaw: Flaw) -> FieldError {
    FieldError { at: format!("{at}{}", flaw.field), zh: flaw.zh, en: flaw.en }
}

#[cfg(test)]
mod tests {
    use super::*;
    use anmin_base::resident_id::ResidentId;

    #[test]
    fn an_entry_comes_back_as_it_was_kept() {
        let id = ResidentId::from_parts(999_999, Date::ymd(1946, 9, 15), 2).unwrap();
        let text = format!(
            r#"{{"names":[{{"text":"张三"}},{{"kind":"former","text":"张小三"}}],"number":"{}","phones":["138 0000 1234"],
                "residences":[{{"division":"999999001","from":"2020-01-01"}}]}}"#,
            id.reveal()
        );
        let form: EntryV1 = serde_json::from_str(&text).unwrap();
        let person = form.person("", Date::ymd(2026, 9, 1)).unwrap();
        assert_eq!((person.pinyin.as_str(), person.initials.as_str()), ("zhangsan", "zs"));
        assert_eq!((person.name(), person.birth), (Some("张三"), Some(Date::ymd(1946, 9, 15))));
        let kept = EntryV1::from(&person);
        assert_eq!(kept.kept().unwrap(), person);
    }

    #[test]
    fn every_flaw_has_its_place() {
        let form: EntryV1 = serde_json::from_str(r#"{"names":[{"text":"张3"}],"number":"12345"}"#).unwrap();
        let found = form.person("entry.", Date::ymd(2026, 9, 1)).unwrap_err();
        let places: Vec<&str> = found.iter().map(|error| error.at.as_str()).collect();
        assert_eq!(places, ["entry.names[0]", "entry.number"]);
        let long =
            EntryV1 { phones: vec![String::new(); 31], address: "甲".repeat(401), ..EntryV1::default() };
        assert_eq!(long.person("", Date::ymd(2026, 9, 1)).unwrap_err().len(), 2);
        assert!(serde_json::from_str::<EntryV1>(r#"{"nmae":"x"}"#).is_err());
    }
}
