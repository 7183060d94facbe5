//! How the clocks of cases stand: by town, by place, and by who has them.

use super::{Course, MOVE};
use crate::error::Result;
use crate::office::{Office, Order};
use anmin_authz::id::{AreaId, PersonId};
use anmin_store::{Id, Load};
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::BTreeMap;

/// Cases by how their clocks stand. A case counts once, by the worst of its clocks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct LoadV1 {
    /// Past their last day.
    pub overdue: i64,
    /// Due in a few days.
    pub red: i64,
    /// Due soon.
    pub amber: i64,
    /// Going, with time left.
    pub green: i64,
    /// Going, and no clock runs: suspended as an article allows.
    pub paused: i64,
    /// In force, and nothing is due.
    pub in_force: i64,
    /// Going, and nobody has them: to be named, or taken on.
    pub nobody: i64,
}

impl LoadV1 {
    fn add(&mut self, load: &Load, course: Course, held: bool) {
        let cases = load.cases;
        match (load.mark, course) {
            (_, Course::Ended) => return,
            (3.., _) => self.overdue += cases,
            (2, _) => self.red += cases,
            (1, _) => self.amber += cases,
            (_, Course::InForce) => self.in_force += cases,
            (_, Course::Going) if load.runs => self.green += cases,
            (_, Course::Going) => self.paused += cases,
        }
        if !held && course == Course::Going {
            self.nobody += cases;
        }
    }

    /// All that somebody has to do something about, now or soon.
    pub fn going(&self) -> i64 {
        self.overdue + self.red + self.amber + self.green + self.paused
    }
}

/// The cases of a place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct PlaceLoadV1 {
    /// The area.
    pub area: String,
    /// Its name.
    pub name: String,
    /// Its cases.
    pub cases: LoadV1,
}

/// The cases somebody has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct PersonLoadV1 {
    /// The person.
    pub person: String,
    /// Their name.
    pub name: String,
    /// The units of their posts.
    pub units: Vec<String>,
    /// The last day of the last of their posts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<String>,
    /// Whether they hold a post today.
    pub present: bool,
    /// Their cases.
    pub cases: LoadV1,
}

/// How the clocks of cases stand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ClocksV1 {
    /// The day.
    pub on: String,
    /// All together.
    pub total: LoadV1,
    /// By the area of the unit that accepts them.
    pub towns: Vec<PlaceLoadV1>,
    /// By the area itself: villages. Only where there is one town, so that the list stays short.
    pub places: Vec<PlaceLoadV1>,
    /// By who has them, in the order of units and names; for those who may move cases from one to another.
    pub people: Vec<PersonLoadV1>,
}

impl Office {
    /// How the clocks of the cases in the caller's area stand. Marks are those the morning's job recorded.
    ///
    /// # Errors
    /// Not their duty; or a fault.
    pub async fn clocks(&self, order: &Order<'_>) -> Result<ClocksV1> {
        let (_, rows, _) = self.watching(order)?;
        let loads = self.inner.store.loads(&rows).await?;
        let (rights, courses, on) = (self.rights(), self.courses(order.now.on), order.now.on);
        let mut total = LoadV1::default();
        let mut places: BTreeMap<Id, LoadV1> = BTreeMap::new();
        let mut people: BTreeMap<Id, LoadV1> = BTreeMap::new();
        for load in &loads {
            let course = courses.of(&load.pack, &load.state);
            let held = load.assignee.is_some();
            total.add(load, course, held);
            places.entry(load.area).or_default().add(load, course, held);
            if let Some(person) = load.assignee {
                people.entry(person).or_default().add(load, course, true);
            }
        }
        let mut towns: BTreeMap<Id, LoadV1> = BTreeMap::new();
        for (area, load) in &places {
            let unit = rights.accepting_unit(AreaId(area.0), on).and_then(|unit| rights.unit_entry(unit));
            let town = unit.map_or(*area, |entry| Id(entry.unit.area.0));
            towns.entry(town).or_default().join(load);
        }
        let named = |(area, cases): (Id, LoadV1)| PlaceLoadV1 {
            area: area.to_string(),
            name: rights.area_name(AreaId(area.0)).to_owned(),
            cases,
        };
        let code = |place: &PlaceLoadV1| {
            let area = Id::parse(&place.area).and_then(|id| rights.areas.area(AreaId(id.0)));
            area.and_then(|area| area.code).map(|code| code.to_string())
        };
        let mut towns: Vec<PlaceLoadV1> = towns.into_iter().map(named).collect();
        towns.sort_by_key(code);
        let mut places: Vec<PlaceLoadV1> =
            if towns.len() == 1 { places.into_iter().map(named).collect() } else { Vec::new() };
        places.sort_by_key(code);
        let moves = self.may_any(order.caller, MOVE, order.purpose, order.now).is_ok();
        let people = if moves { self.holders(people, order) } else { Vec::new() };
        Ok(ClocksV1 { on: on.to_string(), total, towns, places, people })
    }

    fn holders(&self, people: BTreeMap<Id, LoadV1>, order: &Order<'_>) -> Vec<PersonLoadV1> {
        let (rights, on) = (self.rights(), order.now.on);
        let line = |(person, cases): (Id, LoadV1)| {
            let id = PersonId(person.0);
            let posts = rights.posts_of(id);
            let in_force: Vec<_> = posts.iter().filter(|post| post.is_in_force(&rights.areas, on)).collect();
            let last = posts.iter().map(|post| post.days().last()).max();
            let shown = if in_force.is_empty() { posts.iter().collect() } else { in_force.clone() };
            let mut units: Vec<String> =
                shown.iter().map(|p| rights.unit_name(p.unit()).to_owned()).collect();
            units.dedup();
            PersonLoadV1 {
                person: person.to_string(),
                name: rights.name_of(id).unwrap_or_default().to_owned(),
                units,
                until: last.map(|day| day.to_string()),
                present: !in_force.is_empty(),
                cases,
            }
        };
        let some = |(_, cases): &(Id, LoadV1)| cases.going() > 0;
        let mut lines: Vec<PersonLoadV1> = people.into_iter().filter(some).map(line).collect();
        lines.sort_by(|a, b| (&a.units, &a.name, &a.person).cmp(&(&b.units, &b.name, &b.person)));
        lines
    }
}

impl LoadV1 {
    fn join(&mut self, other: &LoadV1) {
        self.overdue += other.overdue;
        self.red += other.red;
        self.amber += other.amber;
        self.green += other.green;
        self.paused += other.paused;
        self.in_force += other.in_force;
        self.nobody += other.nobody;
    }
}
