//! Looking people up: by number, by the last six digits and the name, by telephone, by name or how it sounds. Always
//! within the caller's area, never everybody at once, and each one found leaves a trace.

use super::start::{id_of, wrong};
use super::{PersonRecord, PersonV1};
use crate::case::page_of;
use crate::error::{Error, Result};
use crate::office::{Office, Order};
use anmin_authz::decide::Decision;
use anmin_authz::id::{AreaId, PersonId};
use anmin_authz::resource::ResourceFacts;
use anmin_authz::scope::Scope as AuthzScope;
use anmin_registry::person::{Key, KeyKind};
use anmin_store::{Find, Id, Record, Scope, table};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Whom somebody looks for. All that is given must fit; something must be.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct SearchV1 {
    /// The whole number of a document.
    pub number: Option<String>,
    /// Its last six characters, with a name.
    pub last_six: Option<String>,
    /// A telephone number.
    pub phone: Option<String>,
    /// How the name begins.
    pub name: Option<String>,
    /// The first letters of how it sounds: `zs`.
    pub initials: Option<String>,
    /// How it sounds, or begins to: `zhangs`.
    pub pinyin: Option<String>,
    /// Only under this area, itself included.
    #[schemars(regex(pattern = "^[0-9a-f]{32}$"))]
    pub area: Option<String>,
    /// What came after this: the `next` of the page before.
    pub after: Option<String>,
    /// How many, 1 to 100; 25 where it is not said.
    #[schemars(range(min = 1, max = 100))]
    pub limit: Option<u32>,
}

/// Whom was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct FoundV1 {
    /// The people, as far as the caller may see them.
    pub people: Vec<PersonV1>,
    /// Where the next page begins; none at the end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// The least sensitive that is looked for: people who are served, not those who only work here.
const SERVED: i64 = 2;
/// Fewest letters of a sound: one letter would list half the county.
const LEAST_LETTERS: usize = 2;

impl Office {
    /// Looks people up.
    ///
    /// # Errors
    /// Nothing to look for, or something that cannot be read; not permitted; or a fault.
    pub async fn find_persons(&self, order: &Order<'_>, ask: &SearchV1) -> Result<FoundV1> {
        let limit = page_of(ask.limit)?;
        let find = self.search(order, ask, limit + 1)?;
        let (scope, purpose) = self.first_scope(order, &["person_find"])?;
        let rows = Scope::from_authz(&scope, self.authority());
        let mut look = self.inner.store.look(&rows, &purpose, order.now.at);
        let mut records = look.find(&find).await?;
        let more = records.len() > limit as usize;
        records.truncate(limit as usize);
        let next = records.last().filter(|_| more).map(|record| record.id().to_string());
        let mut people = Vec::new();
        for record in records {
            people.extend(self.found(order, &scope, record)?);
        }
        Ok(look.release(FoundV1 { people, next }).await?)
    }

    fn search(&self, order: &Order<'_>, ask: &SearchV1, limit: u32) -> Result<Find> {
        let mut find = Find::all(&table::PERSON).equal("nature", "human").at_least("sensitivity", SERVED);
        let mut asked = false;
        let text = |given: &Option<String>| {
            given.as_deref().map(str::trim).filter(|t| !t.is_empty()).map(str::to_owned)
        };
        let keys = [
            ("number", text(&ask.number), KeyKind::Number, "id_index"),
            ("last_six", text(&ask.last_six), KeyKind::LastSix, "last_six_index"),
            ("phone", text(&ask.phone), KeyKind::Phone, "phone_index"),
        ];
        for (at, given, kind, column) in keys {
            let Some(given) = given else { continue };
            let key = Key::meant(&given).filter(|key| key.kind() == kind).ok_or_else(|| unreadable(at))?;
            find = find.equal(column, self.index(&key));
            asked = true;
        }
        let name = text(&ask.name);
        if ask.last_six.is_some() && name.is_none() {
            return Err(wrong(
                "name",
                "按后六位查找时，请同时填写姓名。",
                "With the last six characters give the name too.",
            ));
        }
        if let Some(name) = name {
            find = find.prefix("name", &name);
            asked = true;
        }
        for (column, given) in [("initials", text(&ask.initials)), ("pinyin", text(&ask.pinyin))] {
            let Some(given) = given else { continue };
            let letters: String = given.chars().filter(|c| !c.is_whitespace()).collect();
            let letters = letters.to_ascii_lowercase();
            if letters.len() < LEAST_LETTERS || !letters.bytes().all(|b| b.is_ascii_lowercase()) {
                return Err(wrong(
                    column,
                    "请填写至少两个拼音字母，不带声调。",
                    "Give at least two letters, without tones.",
                ));
            }
            find = find.prefix(column, &letters);
            asked = true;
        }
        if !asked {
            return Err(wrong(
                "",
                "请填写证件号码、姓名、电话或拼音首字母中的一项。",
                "Give a number, a name, a telephone number or the first letters of how the name sounds.",
            ));
        }
        if let Some(area) = &ask.area {
            find = find.within("area", id_of("area", area)?, order.now.on);
        }
        if let Some(after) = &ask.after {
            find = find.after_key(None, id_of("after", after)?);
        }
        Ok(find.limit(limit))
    }

    /// A person as found; none where the terms are not theirs after all.
    fn found(&self, order: &Order<'_>, scope: &AuthzScope, record: Record) -> Result<Option<PersonV1>> {
        let about = PersonId(record.id().0);
        let parties = [about];
        let facts = ResourceFacts {
            area: record.link("area").map(|Id(area)| AreaId(area)),
            sensitivity: crate::case::sensitivity(record.int("sensitivity").unwrap_or(4)),
            about: Some(about),
            parties: Some(&parties),
            ..ResourceFacts::default()
        };
        let rights = self.rights();
        match scope.judge(&facts, &self.ctx(&rights, order.now)) {
            Decision::Allow(allowed) => Ok(Some(PersonRecord::read(record)?.seen(&self.veil(&allowed)))),
            Decision::Deny(_) => Ok(None),
        }
    }
}

fn unreadable(at: &str) -> Error {
    let (zh, en) = match at {
        "number" => ("请填写完整的证件号码。", "Give the whole number of the document."),
        "last_six" => ("请填写证件号码的后六位。", "Give the last six characters of the number."),
        _ => (
            "请填写完整的电话号码，座机加区号。",
            "Give the whole telephone number, a landline with its area code.",
        ),
    };
    wrong(at, zh, en)
}
