//! People whose posts have ended, or end soon, and who still have cases; and who could take them over.

use super::{Course, MOVE};
use crate::error::Result;
use crate::office::{Office, Order};
use crate::record::TextV1;
use crate::staff::id_of;
use anmin_authz::id::PersonId;
use anmin_authz::post::Post;
use anmin_base::date::Date;
use anmin_store::Id;
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::BTreeMap;

/// How many days before the last of somebody's posts ends they are listed.
const AHEAD: i32 = 30;

/// Somebody who has left, or leaves soon, and has cases.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct LeaverV1 {
    /// The person.
    pub person: String,
    /// Their name.
    pub name: String,
    /// What they were, and where.
    pub posts: Vec<TextV1>,
    /// The last day of the last of their posts.
    pub until: String,
    /// Whether that day is past.
    pub gone: bool,
    /// How many cases they still have a duty in.
    pub cases: i64,
}

/// Somebody who could take over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct SuccessorV1 {
    /// The person.
    pub person: String,
    /// Their name.
    pub name: String,
    /// What they are, and where.
    pub post: TextV1,
}

impl Office {
    /// People whose posts have ended or end within a month, and who have cases in the caller's area: those who have left
    /// first.
    ///
    /// # Errors
    /// Not their duty; or a fault.
    pub async fn leavers(&self, order: &Order<'_>) -> Result<Vec<LeaverV1>> {
        let (_, rows, _) = self.watching(order)?;
        let (rights, on) = (self.rights(), order.now.on);
        let mut leaving: BTreeMap<Id, (Date, Vec<&Post>)> = BTreeMap::new();
        for (person, posts) in &rights.posts {
            let begun = || posts.iter().filter(|post| post.days().from <= on);
            let Some(last) = begun().map(|post| post.days().last()).max() else { continue };
            // Whoever goes on in another post within the month has not left.
            let after = last.max(on);
            let goes_on = posts.iter().any(|p| p.days().from > on && p.days().from <= after.add_days(AHEAD));
            if last < on.add_days(AHEAD) && !goes_on {
                let shown = begun().filter(|post| post.days().last() == last).collect();
                leaving.insert(Id(person.0), (last, shown));
            }
        }
        let people: Vec<Id> = leaving.keys().copied().collect();
        let ended = self.courses(on).states(Course::Ended);
        let held = self.inner.store.held_by(&rows, &people, &ended).await?;
        let line = |(person, cases): (Id, i64)| {
            let (until, posts) = &leaving[&person];
            LeaverV1 {
                person: person.to_string(),
                name: rights.name_of(PersonId(person.0)).unwrap_or_default().to_owned(),
                posts: posts.iter().map(|post| self.post_name(post)).collect(),
                until: until.to_string(),
                gone: !self.is_present(PersonId(person.0), on),
                cases,
            }
        };
        let mut lines: Vec<LeaverV1> = held.into_iter().map(line).collect();
        lines.sort_by(|a, b| (!a.gone, &a.until, &a.name).cmp(&(!b.gone, &b.until, &b.name)));
        Ok(lines)
    }

    /// Who could take over from somebody: holders of the same roles in the same areas, but for the caller.
    ///
    /// # Errors
    /// No such person; not permitted; or a fault.
    pub fn successors(&self, order: &Order<'_>, from: &str) -> Result<Vec<SuccessorV1>> {
        self.may_any(order.caller, MOVE, order.purpose, order.now)?;
        let mut wrong = Vec::new();
        let from = PersonId(id_of(&mut wrong, "from", from).0);
        crate::staff::fine(wrong)?;
        let (rights, on) = (self.rights(), order.now.on);
        let had = rights.posts_of(from);
        let alike = |post: &Post| {
            had.iter().any(|old| {
                old.role() == post.role() && rights.areas.line(old.area(), on).any(|area| area == post.area())
            })
        };
        let mut found = Vec::new();
        for (person, posts) in &rights.posts {
            if *person == from || *person == order.caller.person {
                continue;
            }
            let fits = posts.iter().find(|post| post.is_in_force(&rights.areas, on) && alike(post));
            found.extend(fits.map(|post| SuccessorV1 {
                person: Id(person.0).to_string(),
                name: rights.name_of(*person).unwrap_or_default().to_owned(),
                post: self.post_name(post),
            }));
        }
        found.sort_by(|a, b| (&a.post.zh, &a.name).cmp(&(&b.post.zh, &b.name)));
        Ok(found)
    }

    /// A post in words: the unit and the role.
    pub(crate) fn post_name(&self, post: &Post) -> TextV1 {
        let rights = self.rights();
        let role = &self.authority().parts().roles[post.role().0].named;
        let unit = rights.unit_name(post.unit());
        TextV1 { zh: format!("{unit} {}", role.zh), en: format!("{}, {unit}", role.en) }
    }
}
