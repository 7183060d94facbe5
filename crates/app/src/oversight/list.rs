//! The cases behind a figure, each with who has it.

use super::Course;
use crate::case::{LineV1, page_of};
use crate::error::Result;
use crate::office::{Office, Order};
use crate::staff::{fine, id_of};
use anmin_authz::id::PersonId;
use anmin_casework::kinds::Mark;
use anmin_store::{Find, Id, Record, Value, table};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Which cases.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct HeldListV1 {
    /// Only under this area, itself included.
    #[schemars(regex(pattern = "^[0-9a-f]{32}$"))]
    pub area: Option<String>,
    /// Only those this person has.
    #[schemars(regex(pattern = "^[0-9a-f]{32}$"))]
    pub person: Option<String>,
    /// Only with this mark at least.
    #[schemars(extend("enum" = ["amber", "red", "overdue", null]))]
    pub mark: Option<String>,
    /// Only what is going and nobody has.
    #[serde(default)]
    pub nobody: bool,
    /// Only what is going and has no clock that runs.
    #[serde(default)]
    pub paused: bool,
    /// What came after this: the `next` of the page before.
    pub after: Option<String>,
    /// How many, 1 to 100; 25 where it is not said.
    #[schemars(range(min = 1, max = 100))]
    pub limit: Option<u32>,
}

/// Who has a case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct HolderV1 {
    /// The person.
    pub person: String,
    /// Their name.
    pub name: String,
    /// Whether they hold a post today.
    pub present: bool,
}

/// A case, with who has it.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct HeldLineV1 {
    /// The case.
    #[serde(flatten)]
    pub case: LineV1,
    /// Who has it; none: nobody.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub holder: Option<HolderV1>,
}

/// One page of such a list.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct HeldPageV1 {
    /// The cases, what is due first first.
    pub cases: Vec<HeldLineV1>,
    /// Where the next page begins; none at the end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

impl Office {
    /// The cases behind a figure of [`Office::clocks`].
    ///
    /// # Errors
    /// A filter that cannot be read; not their duty; or a fault.
    pub async fn held_cases(&self, order: &Order<'_>, ask: &HeldListV1) -> Result<HeldPageV1> {
        let (scope, rows, purpose) = self.watching(order)?;
        let limit = page_of(ask.limit)?;
        let find = self.held_find(order, ask)?.limit(limit + 1);
        let at = order.now.at;
        let mut records = self.inner.store.read_personal(&rows, &purpose, at, &find).await?;
        let more = records.len() > limit as usize;
        records.truncate(limit as usize);
        let next = records.last().filter(|_| more).map(|record| {
            let day = record.int("due_on").map_or(String::new(), |day| day.to_string());
            format!("{day}.{}", record.id())
        });
        let rights = self.rights();
        let line = |record: &Record| HeldLineV1 {
            case: self.line(order, &scope, record),
            holder: record.link("assignee").map(|person| HolderV1 {
                person: person.to_string(),
                name: rights.name_of(PersonId(person.0)).unwrap_or_default().to_owned(),
                present: self.is_present(PersonId(person.0), order.now.on),
            }),
        };
        Ok(HeldPageV1 { cases: records.iter().map(line).collect(), next })
    }

    fn held_find(&self, order: &Order<'_>, ask: &HeldListV1) -> Result<Find> {
        let mut wrong = Vec::new();
        let area = ask.area.as_deref().map(|area| id_of(&mut wrong, "area", area));
        let person = ask.person.as_deref().map(|person| id_of(&mut wrong, "person", person));
        let mark = ask.mark.as_deref().map(|mark| {
            Mark::ALL.iter().position(|(name, _)| *name == mark).unwrap_or_else(|| {
                wrong.push(crate::record::FieldError {
                    at: "mark".into(),
                    zh: "可选：amber、red、overdue。".into(),
                    en: "One of amber, red, overdue is wanted.".into(),
                });
                0
            })
        });
        let after = ask.after.as_deref().map(|after| {
            let read = after.split_once('.').and_then(|(day, id)| {
                let day = if day.is_empty() { None } else { Some(day.parse::<i64>().ok()?) };
                Some((day, Id::parse(id)?))
            });
            read.unwrap_or_else(|| {
                wrong.push(crate::record::FieldError {
                    at: "after".into(),
                    zh: "翻页标记不正确，请从第一页重新查询。".into(),
                    en: "The mark of the next page is not one of ours; begin again with the first page."
                        .into(),
                });
                (None, Id(0))
            })
        });
        fine(wrong)?;
        let courses = self.courses(order.now.on);
        let mut find = Find::all(&table::CASE_FILE).plain().order("due_on");
        if let Some(area) = area {
            find = find.within("area", area, order.now.on);
        }
        if let Some(person) = person {
            find = find.equal("assignee", person);
        }
        if let Some(mark) = mark {
            find = find.at_least("mark", i64::try_from(mark).unwrap_or(0));
        }
        if ask.nobody {
            // Those whose holder has left are listed with the leaver.
            find = find.equal("assignee", Value::Null);
        }
        if ask.paused {
            find = find.equal("due_on", Value::Null);
        }
        if ask.nobody || ask.paused {
            find = find.any_of("state", &courses.states(Course::Going));
        } else if mark.is_none() {
            let mut states = courses.states(Course::Going);
            states.extend(courses.states(Course::InForce));
            find = find.any_of("state", &states);
        }
        if let Some((day, id)) = after {
            find = find.after_key(day, id);
        }
        Ok(find)
    }
}
