//! What has been answered so far, as it is sent and kept.

use super::Asking;
use crate::people::{DocumentKindV1, EntryV1, NameKindV1, NameV1, SexV1};
use anmin_base::date::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// Answers to a form. Each fact's value is text as a person would write it: `1450.50`, `true`, `2026-09-01`, the name of a
/// word of a list.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct AnswersV1 {
    /// Of the whole, by the names of facts.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub root: BTreeMap<String, String>,
    /// Of each list, by its name. A list that is not there has not been asked for; an empty one says that nobody is in it.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub lists: BTreeMap<String, Vec<ElementV1>>,
    /// The pages that were sent, so that what may be left out counts as left out: `page` or `page/key`.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub sent: BTreeSet<String>,
}

/// Somebody in a list.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ElementV1 {
    /// Which of the list: any short text that no other has.
    #[schemars(length(max = 16))]
    pub key: String,
    /// Who, where the register has them already.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub person: Option<String>,
    /// Who, as it was written.
    pub who: PersonEnteredV1,
    /// The values, by the names of facts without the list's.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub values: BTreeMap<String, String>,
}

/// Who somebody is, as a form asks it.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct PersonEnteredV1 {
    /// The official name.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// Which document.
    pub document: DocumentKindV1,
    /// Its number.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub number: String,
    /// The day of birth; the number says it where there is one.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub birth: String,
    /// The sex; the number says it where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sex: Option<SexV1>,
    /// A telephone number; none is needed.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub phone: String,
    /// Where letters go.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub address: String,
}

/// What one page brings.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct PageAnswerV1 {
    /// The version of the application the page was made from.
    pub version: i64,
    /// The key of the element the page is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub element: Option<String>,
    /// Of a page of questions: each fact by its name without the list's; empty or absent: not answered.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub values: BTreeMap<String, String>,
    /// Of a page that asks who somebody is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub who: Option<PersonEnteredV1>,
    /// Of a page that asks who is in a list: everybody, those there were by their keys, new ones with an empty key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub list: Option<Vec<ListedV1>>,
}

/// Somebody named in a list.
#[derive(Clone, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ListedV1 {
    /// The key; empty for somebody new.
    #[schemars(length(max = 16))]
    pub key: String,
    /// The name.
    pub name: String,
}

/// Answers are personal and do not show.
macro_rules! hidden {
    ($($name:ident),+) => {$(
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), " ***"))
            }
        }
    )+};
}
hidden!(AnswersV1, ElementV1, PersonEnteredV1, ListedV1);

impl AnswersV1 {
    /// The elements of a list, where it was asked for.
    pub fn list(&self, name: &str) -> Option<&[ElementV1]> {
        self.lists.get(name).map(Vec::as_slice)
    }

    /// The element of that key.
    pub fn element(&self, list: &str, key: &str) -> Option<usize> {
        self.list(list)?.iter().position(|element| element.key == key)
    }

    /// What `sent` holds for a page.
    pub(crate) fn mark(page: &str, key: Option<&str>) -> String {
        match key {
            Some(key) => format!("{page}/{key}"),
            None => page.to_owned(),
        }
    }
}

impl PersonEnteredV1 {
    /// As the register enters people. Where somebody lives is said by who puts the application together.
    pub(crate) fn entry(&self) -> EntryV1 {
        let phone = self.phone.trim();
        EntryV1 {
            names: vec![NameV1 { kind: NameKindV1::Official, text: self.name.clone() }],
            document: self.document,
            number: self.number.clone(),
            birth: self.birth.clone(),
            sex: self.sex,
            phones: if phone.is_empty() { Vec::new() } else { vec![phone.to_owned()] },
            address: self.address.clone(),
            ..EntryV1::default()
        }
    }

    /// Whether the register would take it.
    pub(crate) fn is_whole(&self, on: Date) -> bool {
        self.entry().person("", on).is_ok()
    }
}

impl Asking {
    /// What to call an element: the name, or its place.
    pub(crate) fn name_of(&self, answers: &AnswersV1, list: &str, at: usize) -> (String, String) {
        let element = answers.list(list).and_then(|list| list.get(at));
        let name = element.map(|element| element.who.name.trim()).filter(|name| !name.is_empty());
        match name {
            Some(name) => (name.to_owned(), name.to_owned()),
            None => (format!("第 {} 位", at + 1), format!("Person {}", at + 1)),
        }
    }
}
