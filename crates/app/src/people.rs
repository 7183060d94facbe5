//! People and households as they are kept: what lists need in columns, everything else sealed in one piece; and the
//! commands that enter and correct them. A person is entered once, whatever they apply for.

mod consents;
mod correct;
mod enter;
mod entry;
mod find;
mod households;
mod own;
mod sound;
mod start;

pub(crate) use start::{Start, day_of, id_of, is_resident, same_version, unmet, wrong};

pub use consents::{ConsentV1, EndPaperV1, GivenV1, MissingSignatureV1, PaperV1, RepresentationV1};
pub use correct::CorrectPersonV1;
pub use enter::{EnteredV1, NewPersonV1};
pub use entry::{
    CategoryV1, DocumentKindV1, EntryV1, NameKindV1, NameV1, PlaceV1, RegistrationV1, ResidencePermitV1,
    SexV1,
};
pub use find::{FoundV1, SearchV1};
pub use households::{
    ChangeHouseholdV1, ChangeV1, ChangedHouseholdV1, GroundV1, HouseholdKindV1, HouseholdV1, JoiningV1,
    MemberV1, NewHouseholdV1, grounds,
};
pub(crate) use households::{HouseholdSealedV1, SCHEMA as HOUSEHOLD_SCHEMA, record as membership_row};
pub(crate) use households::{household as household_of, membership as membership_of};
pub use own::{LookedV1, LooksV1, OwnCasesV1};

use crate::error::{Fault, Result};
use crate::mask::Veil;
use anmin_base::date::Date;
use anmin_registry::person::Person;
use anmin_store::Record;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The sealed part of a person's row.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PersonSealedV1 {
    /// Always [`SCHEMA`].
    pub schema: String,
    /// The entry; of staff, whom nobody serves, it is empty.
    #[serde(default)]
    pub entry: EntryV1,
}

/// The schema of the sealed part.
pub(crate) const SCHEMA: &str = "anmin.person/1";

/// Digits of a division code down to the township.
const TOWNSHIP: usize = 9;

/// A person's row, opened.
#[derive(Clone, Debug)]
pub(crate) struct PersonRecord {
    pub record: Record,
    sealed: PersonSealedV1,
    person: Option<Person>,
}

/// A person as somebody sees them: what is hidden is absent, what is masked is masked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct PersonV1 {
    /// The identifier.
    pub id: String,
    /// The version a form has to name.
    pub version: i64,
    /// The name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The identity number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resident_id: Option<String>,
    /// The day of birth.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub birth_date: Option<String>,
    /// The telephone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// The address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// The area whose bureau has the entry.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub area: Option<String>,
    /// The whole entry, for who may see all that is in it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub entry: Option<EntryV1>,
    /// Known to have died.
    pub dead: bool,
}

impl PersonV1 {
    /// Somebody of whom nothing may be seen but that they are there.
    pub(crate) fn nobody(id: anmin_store::Id) -> PersonV1 {
        PersonV1 {
            id: id.to_string(),
            version: 0,
            name: None,
            resident_id: None,
            birth_date: None,
            phone: None,
            address: None,
            area: None,
            entry: None,
            dead: false,
        }
    }
}

impl PersonRecord {
    pub fn read(record: Record) -> Result<PersonRecord> {
        let corrupt = |what: String| Fault::Broken(format!("person {}: {what}", record.id()));
        let sealed = record.secret("payload").ok_or_else(|| corrupt("read without its payload".into()))?;
        let sealed: PersonSealedV1 =
            serde_json::from_slice(sealed.reveal()).map_err(|e| corrupt(e.to_string()))?;
        if sealed.schema != SCHEMA {
            return Err(corrupt(format!("schema {}", sealed.schema)).into());
        }
        let person = sealed.entry.kept();
        Ok(PersonRecord { record, sealed, person })
    }

    pub fn name(&self) -> &str {
        self.record.text("name").unwrap_or_default()
    }

    /// The entry, as it was handed in last.
    pub fn entry(&self) -> &EntryV1 {
        &self.sealed.entry
    }

    /// The day of birth, from the identity number where there is one.
    pub fn born(&self) -> Option<Date> {
        self.person.as_ref()?.birth
    }

    /// The number of the identity document.
    pub fn resident_id(&self) -> Option<&str> {
        self.person.as_ref()?.identity.reveal()
    }

    /// The sex, in the word of the entry.
    pub fn sex(&self) -> Option<&'static str> {
        self.person.as_ref()?.sex.map(|sex| match sex {
            anmin_base::resident_id::Sex::Male => "male",
            anmin_base::resident_id::Sex::Female => "female",
        })
    }

    /// Whether they live elsewhere than they are registered on a day, as far as the township; none where it is not known.
    /// A place known more finely than the other is compared as far as both are.
    pub fn lives_elsewhere(&self, on: Date) -> Option<bool> {
        let person = self.person.as_ref()?;
        let town = |code: String| {
            let digits: String = code.chars().take(TOWNSHIP).collect();
            digits.trim_end_matches("000").to_owned()
        };
        let registered = town(person.registered(on)?.place.division.to_string());
        let lives = town(person.residence(on)?.division.to_string());
        Some(!(registered.starts_with(&lives) || lives.starts_with(&registered)))
    }

    /// The address, as given: where letters go, or where they live.
    pub fn address(&self) -> Option<&str> {
        let person = self.person.as_ref()?;
        let lives = || person.residences.last()?.address.as_ref();
        person.address.as_ref().or_else(lives).map(|address| address.given.as_str())
    }

    pub fn seen(&self, veil: &Veil<'_>) -> PersonV1 {
        let show = |field: &str, value: Option<&str>| value.and_then(|value| veil.text(field, value));
        let phone = self.person.as_ref().and_then(|person| person.phones.first());
        let whole = ["name", "resident_id", "document", "phone", "address", "birth_date"];
        let born = self.born().map(|born| born.to_string());
        PersonV1 {
            id: self.record.id().to_string(),
            version: self.record.version(),
            name: veil.text("name", self.name()),
            resident_id: show("resident_id", self.resident_id()),
            birth_date: show("birth_date", born.as_deref()),
            phone: show("phone", phone.map(|phone| phone.given.as_str())),
            address: show("address", self.address()),
            area: self.record.text("area").map(str::to_owned),
            entry: whole.iter().all(|field| veil.whole(field)).then(|| self.sealed.entry.clone()),
            dead: self.sealed.entry.dead,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use anmin_store::{Id, table};

    /// The first released form of a sealed entry: read for ever.
    const GOLDEN: &str = include_str!("people/person-v1.json");

    fn record(payload: &str) -> Record {
        Record::new(&table::PERSON, Id(7)).with("name", "张三").with("payload", payload.as_bytes().to_vec())
    }

    #[test]
    fn reads_the_first_released_form() {
        let person = PersonRecord::read(record(GOLDEN)).unwrap();
        assert_eq!(person.resident_id(), Some("999999194609150022"));
        assert_eq!(person.born(), Some(Date::ymd(1946, 9, 15)));
        assert_eq!(person.sex(), Some("female"));
        assert_eq!(person.address(), Some("甲省乙市丙县丁镇戊村3组12号"));
        let on = Date::ymd(2026, 9, 1);
        assert_eq!(person.lives_elsewhere(on), Some(true));
        assert_eq!(person.lives_elsewhere(Date::ymd(2019, 1, 1)), None, "where they lived then nobody knows");
        let again = serde_json::to_string(&person.sealed).unwrap();
        assert_eq!(PersonRecord::read(record(&again)).unwrap().sealed, person.sealed);
    }

    #[test]
    fn a_place_known_more_finely_is_no_other_place() {
        let with = |registered: &str, lives: &str| {
            let entry = EntryV1 {
                names: vec![NameV1 { kind: NameKindV1::Official, text: "张三".into() }],
                document: DocumentKindV1::Unregistered,
                registrations: vec![RegistrationV1 {
                    place: PlaceV1 { division: registered.into(), ..PlaceV1::default() },
                    category: None,
                }],
                residences: vec![PlaceV1 { division: lives.into(), ..PlaceV1::default() }],
                ..EntryV1::default()
            };
            let sealed = PersonSealedV1 { schema: SCHEMA.into(), entry };
            let read = PersonRecord::read(record(&serde_json::to_string(&sealed).unwrap())).unwrap();
            read.lives_elsewhere(Date::ymd(2026, 9, 1))
        };
        assert_eq!(with("999999", "999999001002"), Some(false));
        assert_eq!(with("999999001", "999999002"), Some(true));
        assert_eq!(with("999999001001", "999999001002"), Some(false), "another village of the same township");
    }

    #[test]
    fn who_is_served_by_nobody_has_a_name_and_no_entry() {
        let sealed = PersonSealedV1 { schema: SCHEMA.into(), ..PersonSealedV1::default() };
        let person = PersonRecord::read(record(&serde_json::to_string(&sealed).unwrap())).unwrap();
        assert_eq!((person.name(), person.born(), person.resident_id()), ("张三", None, None));
        assert!(PersonRecord::read(record(r#"{"schema":"anmin.person/2"}"#)).is_err());
    }
}
