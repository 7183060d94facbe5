//! Correcting a person's entry. What is absent from the form stays as it is, so that a number that shows masked need not
//! be typed again.

use super::enter::{outside, taken};
use super::entry::{DocumentKindV1, NameV1, PlaceV1, RegistrationV1, ResidencePermitV1, SexV1};
use super::start::{Start, is_resident, same_version, unmet};
use super::{EnteredV1, EntryV1, PersonRecord};
use crate::case::json;
use crate::error::{Refusal, Result};
use crate::office::{Office, Order};
use anmin_authz::id::AreaId;
use anmin_store::{Find, Id, Refusal as StoreRefusal, Rule, Stream, table};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A correction: what is given takes the place of what was, as a whole.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct CorrectPersonV1 {
    /// The version the form was made from.
    pub version: i64,
    /// The area whose bureau keeps the entry.
    #[schemars(regex(pattern = "^[0-9a-f]{32}$"))]
    pub area: Option<String>,
    /// All names.
    pub names: Option<Vec<NameV1>>,
    /// Which document.
    pub document: Option<DocumentKindV1>,
    /// Its number; empty: none.
    pub number: Option<String>,
    /// Date of birth.
    pub birth: Option<String>,
    /// Sex.
    pub sex: Option<SexV1>,
    /// All telephone numbers.
    pub phones: Option<Vec<String>>,
    /// Where letters go; empty: not known.
    pub address: Option<String>,
    /// All registrations.
    pub registrations: Option<Vec<RegistrationV1>>,
    /// All residences.
    pub residences: Option<Vec<PlaceV1>>,
    /// All residence permits.
    pub permits: Option<Vec<ResidencePermitV1>>,
    /// Known to have died, or wrongly so.
    pub dead: Option<bool>,
    /// When; empty: not known.
    pub died_on: Option<String>,
}

impl CorrectPersonV1 {
    /// The entry with what is given in it.
    fn over(&self, before: &EntryV1) -> EntryV1 {
        fn or<T: Clone>(given: &Option<T>, before: &T) -> T {
            given.as_ref().unwrap_or(before).clone()
        }
        let other_number = self.number.as_ref().is_some_and(|number| *number != before.number);
        // What was read from the old number is read from the new one, unless somebody says otherwise.
        let birth = if other_number { String::new() } else { before.birth.clone() };
        let sex = if other_number { None } else { before.sex };
        EntryV1 {
            names: or(&self.names, &before.names),
            document: self.document.unwrap_or(before.document),
            number: or(&self.number, &before.number),
            birth: or(&self.birth, &birth),
            sex: self.sex.or(sex),
            phones: or(&self.phones, &before.phones),
            address: or(&self.address, &before.address),
            registrations: or(&self.registrations, &before.registrations),
            residences: or(&self.residences, &before.residences),
            permits: or(&self.permits, &before.permits),
            dead: self.dead.unwrap_or(before.dead),
            died_on: or(&self.died_on, &before.died_on),
        }
    }

    /// Whether it is only about how the person is reached.
    fn is_of_contact(&self) -> bool {
        let CorrectPersonV1 { version: _, phones: _, address: _, .. } = self;
        let rest = CorrectPersonV1 { version: 0, phones: None, address: None, ..self.clone() };
        serde_json::to_value(&rest).ok() == serde_json::to_value(CorrectPersonV1::default()).ok()
    }
}

impl Office {
    /// Corrects a person's entry. The result is an [`EnteredV1`].
    ///
    /// # Errors
    /// Everything wrong in the entry as it would be; somebody else was first; not permitted; or a fault.
    pub async fn correct_person(
        &self,
        order: &Order<'_>,
        person: Id,
        input: CorrectPersonV1,
    ) -> Result<Vec<u8>> {
        if is_resident(order) && !input.is_of_contact() {
            return Err(unmet(
                "not_by_oneself",
                "本人可以改电话和通讯地址；姓名、证件和户籍的更正请带证件到窗口办理。",
                "You can change your telephone and address; to correct a name, a document or a registration bring your papers to the counter.",
            ));
        }
        let area = input.area.as_deref().map(|area| self.area("area", area, order)).transpose()?;
        let actions: &[&str] = if is_resident(order) { &["correct"] } else { &["person_enter"] };
        let mut work = match self.start(order, actions, "correct_person").await? {
            Start::Before(bytes) => return Ok(bytes),
            Start::New(work) => work,
        };
        let before = work.find(&Find::one(&table::PERSON, person)).await?.pop();
        let before = PersonRecord::read(before.ok_or_else(Refusal::not_found)?)?;
        same_version(before.record.version(), input.version)?;
        let after = input.over(before.entry()).person("", order.now.on)?;
        let area = area.or_else(|| before.record.link("area").map(|area| AreaId(area.0)));
        let row = self.fill_person(before.record.clone(), &after, area.unwrap_or(AreaId(0)))?;
        if let Some(index) =
            row.text("id_index").filter(|index| before.record.text("id_index") != Some(*index))
        {
            let there = work.find(&Find::all(&table::PERSON).equal("id_index", index).plain()).await?;
            if let Some(there) = there.first() {
                return Err(taken(Some(there.id())));
            }
        }
        let row = work.update_if(row).await.map_err(|error| match error {
            anmin_store::Error::Refusal(StoreRefusal::Rule { kind: Rule::Unique, .. }) => taken(None),
            anmin_store::Error::Refusal(StoreRefusal::NotFound { .. }) => outside(),
            other => other.into(),
        })?;
        let result = json(&EnteredV1 { person: person.to_string(), version: row.version() })?;
        work.commit(Stream { kind: "person", id: &person.to_string() }, b"{}", &result).await?;
        Ok(result)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_given_stays() {
        let before = EntryV1 { number: "1".into(), birth: "1946-09-15".into(), ..EntryV1::default() };
        let phones = CorrectPersonV1 { phones: Some(vec!["1".into()]), ..CorrectPersonV1::default() };
        let after = phones.over(&before);
        assert_eq!((after.number.as_str(), after.birth.as_str(), after.phones.len()), ("1", "1946-09-15", 1));
        let number = CorrectPersonV1 { number: Some("2".into()), ..CorrectPersonV1::default() };
        assert_eq!(number.over(&before).birth, "", "the birth comes from the new number");
        assert!(phones.is_of_contact() && !number.is_of_contact());
    }
}
