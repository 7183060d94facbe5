//! Entering a person. One identity number is entered once; who already has it is told only to who reaches them.

use super::start::{Start, is_resident};
use super::{EntryV1, PersonRecord, PersonSealedV1, PersonV1, SCHEMA};
use crate::case::json;
use crate::error::{Error, Kind, Refusal, Result};
use crate::office::{Office, Order};
use anmin_authz::id::AreaId;
use anmin_registry::person::{Key, KeyKind, Person};
use anmin_store::{Blind, Find, Id, Record, Refusal as StoreRefusal, Rule, Scope, Stream, table};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A person to enter.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPersonV1 {
    /// The area whose bureau keeps the entry: where the person lives.
    #[schemars(regex(pattern = "^[0-9a-f]{32}$"))]
    pub area: String,
    /// Who.
    pub entry: EntryV1,
}

/// What became of entering or correcting a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct EnteredV1 {
    /// The person.
    pub person: String,
    /// The version a next form has to name.
    pub version: i64,
}

/// That somebody is known here is personal; how much of what is in the entry shows, its fields say one by one.
const SENSITIVITY: i64 = 2;

/// The actions under which people are entered.
pub(super) fn entering(order: &Order<'_>) -> &'static [&'static str] {
    if is_resident(order) { &["apply"] } else { &["person_enter"] }
}

impl Office {
    /// Enters a person. The result is an [`EnteredV1`], the same bytes for the same request.
    ///
    /// # Errors
    /// Everything wrong in the entry; the number is entered already; not permitted; or a fault.
    pub async fn enter_person(&self, order: &Order<'_>, input: NewPersonV1) -> Result<Vec<u8>> {
        let area = self.area("area", &input.area, order)?;
        let person = input.entry.person("entry.", order.now.on)?;
        let mut work = match self.start(order, entering(order), "enter_person").await? {
            Start::Before(bytes) => return Ok(bytes),
            Start::New(work) => work,
        };
        let row = self.person_row(&person, area, Id::at(order.now.at))?;
        let id = row.id();
        // Whoever reaches the one who has this number is told who it is.
        if let Some(index) = row.text("id_index") {
            let there = work.find(&Find::all(&table::PERSON).equal("id_index", index).plain()).await?;
            if let Some(there) = there.first() {
                return Err(taken(Some(there.id())));
            }
        }
        let row = work.insert(row).await.map_err(|error| match error {
            anmin_store::Error::Refusal(StoreRefusal::Rule { kind: Rule::Unique, .. }) => taken(None),
            anmin_store::Error::Refusal(StoreRefusal::NotFound { .. }) => outside(),
            other => other.into(),
        })?;
        let entered = EnteredV1 { person: id.to_string(), version: row.version() };
        let result = json(&entered)?;
        // What was entered is in the row; the event only says that it was.
        work.commit(Stream { kind: "person", id: &entered.person }, b"{}", &result).await?;
        Ok(result)
    }

    /// The row of a person as it is kept.
    pub(crate) fn person_row(&self, person: &Person, area: AreaId, id: Id) -> Result<Record> {
        let row = Record::new(&table::PERSON, id).with("nature", "human").with("sensitivity", SENSITIVITY);
        self.fill_person(row, person, area)
    }

    /// A row with what is kept of a person in it.
    pub(crate) fn fill_person(&self, row: Record, person: &Person, area: AreaId) -> Result<Record> {
        let sealed = PersonSealedV1 { schema: SCHEMA.into(), entry: EntryV1::from(person) };
        let keys = person.keys();
        let index = |kind: KeyKind| keys.iter().find(|key| key.kind() == kind).map(|key| self.index(key));
        Ok(row
            .with("area", Id(area.0))
            .with("name", person.name().unwrap_or("（姓名不详）"))
            .with("pinyin", person.pinyin.as_str())
            .with("initials", person.initials.as_str())
            .with("id_index", index(KeyKind::Number))
            .with("last_six_index", index(KeyKind::LastSix))
            .with("phone_index", index(KeyKind::Phone))
            .with("payload", json(&sealed)?))
    }

    /// The blind index of a key.
    pub(crate) fn index(&self, key: &Key) -> String {
        let (what, text) = key.reveal().split_once(':').unwrap_or(("", key.reveal()));
        self.inner.store.keys().blind(Blind::Person, what, text)
    }

    /// A person as the register has them, as far as the caller may see it.
    ///
    /// # Errors
    /// Not there or not for them; or a fault.
    pub async fn show_person(&self, order: &Order<'_>, person: Id) -> Result<PersonV1> {
        let actions: &[&str] = if is_resident(order) { &["own_read"] } else { &["person_find"] };
        let (scope, purpose) = self.first_scope(order, actions)?;
        let rows = Scope::from_authz(&scope, self.authority());
        let mut look = self.inner.store.look(&rows, &purpose, order.now.at);
        let record = look.one(&table::PERSON, person).await?.ok_or_else(Refusal::not_found)?;
        // Of the others in their household an applicant sees what they let them see.
        let mine = Find::all(&table::CASE_FILE).equal("applicant", Id(order.caller.person.0)).plain();
        let mine = if is_resident(order) { look.find(&mine).await? } else { Vec::new() };
        let mine: Vec<Id> = mine.iter().map(Record::id).collect();
        let allowed = self.terms_in(order, &scope, person, &mine).await?;
        let seen = PersonRecord::read(record)?.seen(&self.veil(&allowed));
        Ok(look.release(seen).await?)
    }
}

/// The number is entered already. Who has it is said where the caller reaches them.
pub(super) fn taken(who: Option<Id>) -> Error {
    let refusal = Refusal::new(
        Kind::Conflict,
        "already_registered",
        "这个证件号码已经登记过。",
        "This number is entered already.",
    );
    let mut refusal = match who {
        Some(_) => refusal.next(
            "请直接使用已有的登记，需要时予以更正。",
            "Use the entry there is, and correct it where it is wrong.",
        ),
        None => refusal.next(
            "请核对号码；号码无误的，请联系县级民政部门查找、接转。",
            "Check the number; if it is right, ask the county to find the entry and hand it over.",
        ),
    };
    refusal.difference = who.map(|who| serde_json::json!({ "person": who.to_string() }));
    refusal.into()
}

/// The area is not one the caller enters people in.
pub(super) fn outside() -> Error {
    super::start::wrong(
        "area",
        "这个区域不在您的办理范围内，请重新选择，或请当地登记。",
        "You do not enter people of this area; choose another, or leave it to the unit there.",
    )
}
