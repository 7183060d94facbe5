//! What administrators and colleagues see of accounts, posts and places. Nobody served is in any of it.

use super::{ADMINISTRATION, internal};
use crate::error::Result;
use crate::office::{Now, Office, Order, Rights, date, days};
use crate::record::TextV1;
use crate::staff::places::PLACES;
use anmin_authz::authority::Named;
use anmin_authz::id::{AreaId, PersonId, UnitId};
use anmin_authz::post::Post;
use anmin_store::{Find, Id, Record, Scope, table};
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::BTreeMap;

/// A post as lists show it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct PostLineV1 {
    /// The post.
    pub post: String,
    /// The version a form has to name; none where it is not to be changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<i64>,
    /// Who holds it.
    pub person: String,
    /// Their name, where the list is of several people.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The unit.
    pub unit: String,
    /// Its name.
    pub unit_name: String,
    /// The role.
    pub role: String,
    /// What it is called.
    pub role_name: TextV1,
    /// The area.
    pub area: String,
    /// Its name.
    pub area_name: String,
    /// The lines of work.
    pub subjects: Vec<String>,
    /// The first day.
    pub from: String,
    /// The last day.
    pub to: String,
    /// `proposed`, `approved`, `refused`.
    pub state: String,
    /// Who delegated it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delegated_by: Option<String>,
    /// Who proposed it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub proposed_by: Option<String>,
    /// Why it does not count although it is approved: its unit has ended, its area has moved.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub flawed: Option<String>,
}

/// A login as lists show it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct LoginLineV1 {
    /// The account.
    pub account: String,
    /// The version a form has to name.
    pub version: i64,
    /// Whose.
    pub person: String,
    /// Their name.
    pub name: String,
    /// The login.
    pub login: String,
    /// `open`, `closed`.
    pub state: String,
}

/// Somebody who works here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ColleagueV1 {
    /// The person.
    pub person: String,
    /// Their name.
    pub name: String,
    /// The units of their posts in force.
    pub units: Vec<String>,
}

/// An area as lists show it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct AreaLineV1 {
    /// The area.
    pub area: String,
    /// The version a form has to name.
    pub version: i64,
    /// Its name.
    pub name: String,
    /// Its code.
    pub code: String,
    /// What it lies directly below today.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub above: Option<String>,
    /// The first day.
    pub from: String,
    /// The last day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
}

/// A unit as lists show it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct UnitLineV1 {
    /// The unit.
    pub unit: String,
    /// The version a form has to name.
    pub version: i64,
    /// Its name.
    pub name: String,
    /// Its kind.
    pub kind: String,
    /// Its telephone, as letters give it.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub phone: String,
    /// Its address, as letters give it.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub address: String,
    /// Its area.
    pub area: String,
    /// What it is on the tree.
    pub stands: Vec<String>,
    /// The first day.
    pub from: String,
    /// The last day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
}

/// Areas and units.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct PlacesV1 {
    /// The areas.
    pub areas: Vec<AreaLineV1>,
    /// The units.
    pub units: Vec<UnitLineV1>,
}

impl Office {
    /// The posts of a person that count today.
    pub fn posts_in_force(&self, person: PersonId, now: Now) -> Vec<PostLineV1> {
        let rights = self.rights();
        let posts = rights.posts_of(person);
        let in_force = posts.iter().filter(|post| post.is_in_force(&rights.areas, now.on));
        in_force.map(|post| self.post_line(post, &rights)).collect()
    }

    fn post_line(&self, post: &Post, rights: &Rights) -> PostLineV1 {
        let parts = self.authority().parts();
        let role = &parts.roles[post.role().0].named;
        PostLineV1 {
            post: Id(post.id().0).to_string(),
            version: None,
            person: Id(post.person().0).to_string(),
            name: None,
            unit: Id(post.unit().0).to_string(),
            unit_name: rights.unit_name(post.unit()).to_owned(),
            role: role.name.clone(),
            role_name: text(role),
            area: Id(post.area().0).to_string(),
            area_name: rights.area_name(post.area()).to_owned(),
            subjects: post.subjects().iter().map(|id| parts.subjects[id.0].name.clone()).collect(),
            from: post.days().from.to_string(),
            to: post.days().last().to_string(),
            state: "approved".into(),
            delegated_by: post.delegated_by().map(|person| Id(person.0).to_string()),
            proposed_by: None,
            flawed: None,
        }
    }

    /// All posts that are proposed, or approved and not past; for security administrators.
    ///
    /// # Errors
    /// Not permitted; or a fault.
    pub async fn posts(&self, order: &Order<'_>) -> Result<Vec<PostLineV1>> {
        let scope = self.staff_scope(order, "login_manage")?;
        let names = self.names(&scope, order).await?;
        let today = i64::from(order.now.on.days());
        let find =
            Find::all(&table::POST).any_of("state", &["proposed", "approved"]).at_least("valid_to", today);
        let rights = self.rights();
        let flawed: BTreeMap<u128, &String> = rights.flawed.iter().map(|(post, why)| (post.0, why)).collect();
        let rows = self.every(&scope, order, find).await?;
        let line = |row: &Record| PostLineV1 {
            name: row.link("person").and_then(|id| names.get(&id)).cloned(),
            flawed: flawed.get(&row.id().0).map(|why| (*why).clone()),
            ..self.post_row(row, &rights)
        };
        Ok(rows.iter().map(line).collect())
    }

    /// A row of a post, as lists show it.
    pub(crate) fn post_row(&self, row: &Record, rights: &Rights) -> PostLineV1 {
        let text = |column: &str| row.text(column).unwrap_or_default().to_owned();
        let role = self.authority().role(&text("role"));
        let named = role.map(|id| &self.authority().parts().roles[id.0].named);
        let link = |column: &str| row.link(column).map_or(0, |id| id.0);
        PostLineV1 {
            post: row.id().to_string(),
            version: Some(row.version()),
            name: None,
            person: text("person"),
            unit: text("unit"),
            unit_name: rights.unit_name(UnitId(link("unit"))).to_owned(),
            role_name: named.map_or(TextV1 { zh: text("role"), en: text("role") }, self::text),
            role: text("role"),
            area: text("area"),
            area_name: rights.area_name(AreaId(link("area"))).to_owned(),
            subjects: words(row, "subjects"),
            from: day(row, "valid_from").unwrap_or_default(),
            to: day(row, "valid_to").unwrap_or_default(),
            state: text("state"),
            delegated_by: row.text("delegated_by").map(str::to_owned),
            proposed_by: row.text("proposed_by").map(str::to_owned),
            flawed: None,
        }
    }

    /// All logins; for security administrators.
    ///
    /// # Errors
    /// Not permitted; or a fault.
    pub async fn logins(&self, order: &Order<'_>) -> Result<Vec<LoginLineV1>> {
        let scope = self.staff_scope(order, "login_manage")?;
        let names = self.names(&scope, order).await?;
        let rows = self.every(&scope, order, Find::all(&table::ACCOUNT).plain()).await?;
        let line = |row: &Record| {
            let text = |column: &str| row.text(column).unwrap_or_default().to_owned();
            LoginLineV1 {
                account: row.id().to_string(),
                version: row.version(),
                name: row.link("person").and_then(|id| names.get(&id)).cloned().unwrap_or_default(),
                person: text("person"),
                login: text("login"),
                state: text("state"),
            }
        };
        Ok(rows.iter().map(line).collect())
    }

    /// Who works here and holds a post today: to delegate to, to assign to.
    ///
    /// # Errors
    /// The caller delegates nothing and manages nobody; or a fault.
    pub async fn colleagues(&self, order: &Order<'_>) -> Result<Vec<ColleagueV1>> {
        let managed = self.staff_scope(order, "login_manage");
        let scope = managed.or_else(|_| self.staff_scope(order, "post_delegate"))?;
        let names = self.names(&scope, order).await?;
        let rights = self.rights();
        let line = |(person, name): (Id, String)| {
            let posts = rights.posts_of(PersonId(person.0));
            let in_force = posts.iter().filter(|post| post.is_in_force(&rights.areas, order.now.on));
            let mut units: Vec<String> = in_force.map(|p| rights.unit_name(p.unit()).to_owned()).collect();
            units.dedup();
            (!units.is_empty()).then(|| ColleagueV1 { person: person.to_string(), name, units })
        };
        Ok(names.into_iter().filter_map(line).collect())
    }

    /// Areas and units, ended ones too.
    ///
    /// # Errors
    /// Not permitted; or a fault.
    pub async fn places(&self, order: &Order<'_>) -> Result<PlacesV1> {
        let scope = match self.staff_scope(order, PLACES) {
            Ok(scope) => scope,
            Err(_) => self.staff_scope(order, "login_manage")?,
        };
        let rights = self.rights();
        let area = |row: &Record| {
            let above = rights.areas.parent(AreaId(row.id().0), order.now.on);
            let days = days(row);
            AreaLineV1 {
                area: row.id().to_string(),
                version: row.version(),
                name: row.text("name").unwrap_or_default().to_owned(),
                code: row.text("code").unwrap_or_default().to_owned(),
                above: above.map(|area| Id(area.0).to_string()),
                from: days.from.to_string(),
                to: days.to.map(|day| day.to_string()),
            }
        };
        let unit = |row: &Record| {
            let days = days(row);
            UnitLineV1 {
                unit: row.id().to_string(),
                version: row.version(),
                name: row.text("name").unwrap_or_default().to_owned(),
                kind: row.text("kind").unwrap_or_default().to_owned(),
                phone: row.text("phone").unwrap_or_default().to_owned(),
                address: row.text("address").unwrap_or_default().to_owned(),
                area: row.text("area").unwrap_or_default().to_owned(),
                stands: words(row, "stands"),
                from: days.from.to_string(),
                to: days.to.map(|day| day.to_string()),
            }
        };
        let areas = self.every(&scope, order, Find::all(&table::AREA)).await?;
        let units = self.every(&scope, order, Find::all(&table::UNIT)).await?;
        Ok(PlacesV1 { areas: areas.iter().map(area).collect(), units: units.iter().map(unit).collect() })
    }

    pub(crate) fn staff_scope(&self, order: &Order<'_>, action: &str) -> Result<Scope> {
        let (_, scope) = self.permit(order, action, &internal())?;
        Ok(Scope::from_authz(&scope, self.authority()))
    }

    /// The names of everybody who works here, the caller left out where the scope bars oneself.
    async fn names(&self, scope: &Scope, order: &Order<'_>) -> Result<BTreeMap<Id, String>> {
        let find = Find::all(&table::PERSON).at_most("sensitivity", 1).plain();
        let rows = self.every(scope, order, find).await?;
        let mut names: BTreeMap<Id, String> =
            rows.iter().map(|row| (row.id(), row.text("name").unwrap_or_default().to_owned())).collect();
        let own = self.own_name(order.caller.person, order.now).await?;
        names.entry(Id(order.caller.person.0)).or_insert(own);
        Ok(names)
    }

    async fn every(&self, scope: &Scope, order: &Order<'_>, find: Find) -> Result<Vec<Record>> {
        let mut rows: Vec<Record> = Vec::new();
        loop {
            let mut page = find.clone().limit(1000);
            if let Some(last) = rows.last() {
                page = page.after(last);
            }
            let found = self.inner.store.read_personal(scope, ADMINISTRATION, order.now.at, &page).await?;
            let full = found.len() == 1000;
            rows.extend(found);
            if !full {
                return Ok(rows);
            }
        }
    }
}

fn text(named: &Named) -> TextV1 {
    TextV1 { zh: named.zh.clone(), en: named.en.clone() }
}

fn words(row: &Record, column: &str) -> Vec<String> {
    let words = row.text(column).unwrap_or_default().split(' ').filter(|word| !word.is_empty());
    words.map(str::to_owned).collect()
}

fn day(row: &Record, column: &str) -> Option<String> {
    date(row, column).map(|day| day.to_string())
}
