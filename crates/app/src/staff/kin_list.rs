//! Who has declared their relatives and who has not, for who manages logins. How many and since when: never whose relatives, nor
//! how they are related, since administrators see nobody's data.

use super::ADMINISTRATION;
use crate::error::Result;
use crate::office::{Office, Order};
use anmin_authz::authority::Authority;
use anmin_authz::id::PersonId;
use anmin_authz::post::Post;
use anmin_store::{Find, Id, Record, table};
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::BTreeMap;

/// What somebody has declared.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct DeclaredV1 {
    /// The person.
    pub person: String,
    /// Their name.
    pub name: String,
    /// The units of their posts in force.
    pub units: Vec<String>,
    /// How many relatives they have declared, themself not counted.
    pub relatives: u32,
    /// Whether their own number is known, so that they are kept from their own case.
    pub themself: bool,
    /// When they declared last: milliseconds from 1970 on; none: never.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last: Option<i64>,
}

impl Office {
    /// What those have declared whose posts ask for it: who has declared nothing first.
    ///
    /// # Errors
    /// Not permitted; or a fault.
    pub async fn declarations(&self, order: &Order<'_>) -> Result<Vec<DeclaredV1>> {
        let scope = self.staff_scope(order, "login_manage")?;
        let mut declared: BTreeMap<Id, (u32, bool, i64)> = BTreeMap::new();
        let mut after: Option<Record> = None;
        loop {
            let find = Find::all(&table::KIN_DECLARATION).plain().limit(1000);
            let find = match &after {
                Some(last) => find.after(last),
                None => find,
            };
            let page = self.inner.store.read_personal(&scope, ADMINISTRATION, order.now.at, &find).await?;
            for row in &page {
                let Some(staff) = row.link("staff") else { continue };
                let entry = declared.entry(staff).or_default();
                match row.text("relation") {
                    Some(super::SELF) => entry.1 = true,
                    _ => entry.0 += 1,
                }
                entry.2 = entry.2.max(row.int("declared_at").unwrap_or(0));
            }
            if page.len() < 1000 {
                break;
            }
            after = page.into_iter().next_back();
        }
        let (rights, on) = (self.rights(), order.now.on);
        let mut lines = Vec::new();
        for (person, posts) in &rights.posts {
            let in_force: Vec<&Post> =
                posts.iter().filter(|post| post.is_in_force(&rights.areas, on)).collect();
            if !in_force.iter().any(|post| declares(self.authority(), post)) {
                continue;
            }
            lines.push(self.declared(*person, &in_force, declared.get(&Id(person.0))));
        }
        lines.sort_by(|a, b| (a.relatives > 0, &a.units, &a.name).cmp(&(b.relatives > 0, &b.units, &b.name)));
        Ok(lines)
    }

    fn declared(&self, person: PersonId, posts: &[&Post], found: Option<&(u32, bool, i64)>) -> DeclaredV1 {
        let rights = self.rights();
        let mut units: Vec<String> =
            posts.iter().map(|post| rights.unit_name(post.unit()).to_owned()).collect();
        units.dedup();
        let (relatives, themself, last) = found.copied().unwrap_or_default();
        DeclaredV1 {
            person: Id(person.0).to_string(),
            name: rights.name_of(person).unwrap_or_default().to_owned(),
            units,
            relatives,
            themself,
            last: found.map(|_| last),
        }
    }
}

fn declares(authority: &Authority, post: &Post) -> bool {
    let action = authority.action("kin_declare");
    action.is_some_and(|action| authority.permits(post.role(), action).next().is_some())
}
