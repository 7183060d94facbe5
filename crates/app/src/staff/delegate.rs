//! Delegation: somebody hands their own post, or a part of it, to a colleague for some days. It counts while both posts
//! do, never more than the first, and both persons count where duties exclude each other.

use super::posts::{Read, flawed, posted, row, subjects_of};
use super::{day_of, fine, id_of, internal};
use crate::error::Result;
use crate::office::{Office, Order};
use anmin_authz::id::{AreaId, PersonId, PostId};
use anmin_authz::post::Terms;
use anmin_authz::resource::ResourceFacts;
use anmin_store::{Begun, Id};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

const DELEGATE: &str = "post_delegate";

/// One's post, for somebody else, for some days.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DelegateV1 {
    /// One's own post.
    #[schemars(regex(pattern = "^[0-9a-f]{32}$"))]
    pub post: String,
    /// Who gets it.
    #[schemars(regex(pattern = "^[0-9a-f]{32}$"))]
    pub person: String,
    /// A part of its area; none given: all of it.
    #[serde(default)]
    #[schemars(regex(pattern = "^[0-9a-f]{32}$"))]
    pub area: Option<String>,
    /// Some of its lines of work; none given: all.
    #[serde(default)]
    pub subjects: Option<Vec<String>>,
    /// The first day.
    #[schemars(extend("format" = "date"))]
    pub from: String,
    /// The last day, within the post's own.
    #[schemars(extend("format" = "date"))]
    pub to: String,
}

impl Office {
    /// Delegates a post of the caller's. The result is a [`super::DoneV1`]. It is ended early like any post, or by
    /// whoever delegated it: [`Office::take_back`].
    ///
    /// # Errors
    /// Not one's own post; what is wrong with the terms; not permitted; or a fault.
    pub async fn delegate_post(&self, order: &Order<'_>, input: &DelegateV1) -> Result<Vec<u8>> {
        let mut wrong = Vec::new();
        let source = PostId(id_of(&mut wrong, "post", &input.post).0);
        let person = PersonId(id_of(&mut wrong, "person", &input.person).0);
        let area = input.area.as_deref().map(|area| AreaId(id_of(&mut wrong, "area", area).0));
        let from = day_of(&mut wrong, "from", &input.from);
        let to = day_of(&mut wrong, "to", &input.to);
        let authority = self.authority();
        let subjects =
            input.subjects.as_ref().map(|names| subjects_of(&mut wrong, "subjects", names, authority));
        if wrong.is_empty() && from < order.now.on {
            wrong.push(super::places::not_past("from"));
        }
        fine(wrong)?;
        self.permit(order, DELEGATE, &ResourceFacts { about: Some(person), ..internal() })?;
        let rights = self.rights();
        let own = rights.posts_of(order.caller.person).into_iter().find(|post| post.id() == source);
        let Some(own) = own else { return Err(super::nothing()) };
        let terms = Terms {
            id: PostId(Id::at(order.now.at).0),
            person,
            area: area.unwrap_or(own.area()),
            subjects: subjects.unwrap_or_else(|| own.subjects().to_vec()),
            from,
            to,
        };
        own.delegate(authority, &rights.areas, terms.clone()).map_err(|flaws| flawed(&flaws, authority))?;
        let mut work = match self.desk(order, "delegate_post", DELEGATE).await? {
            Begun::Before(result) => return Ok(result),
            Begun::New(work) => work,
        };
        let row = row(&Read { unit: own.unit(), role: own.role(), terms }, authority)
            .with("origin", "delegation")
            .with("state", "approved")
            .with("source", Id(source.0))
            .with("delegated_by", Id(order.caller.person.0))
            .with("proposed_by", Id(order.caller.person.0));
        let row = work.insert(row).await?;
        let result = posted(work, &row, "").await?;
        self.rights_changed(&[Id(person.0)], order.now).await?;
        Ok(result)
    }

    /// Takes a delegation back: it gives nothing from now on. The result is a [`super::DoneV1`].
    ///
    /// # Errors
    /// Not delegated by the caller; somebody else was first; not permitted; or a fault.
    pub async fn take_back(&self, order: &Order<'_>, post: Id, version: i64) -> Result<Vec<u8>> {
        let mut work = match self.desk(order, "take_back", DELEGATE).await? {
            Begun::Before(result) => return Ok(result),
            Begun::New(work) => work,
        };
        let row = work.load(&anmin_store::table::POST, post).await?;
        if row.link("delegated_by") != Some(Id(order.caller.person.0))
            || row.text("state") != Some("approved")
        {
            return Err(super::nothing());
        }
        super::same_version(&row, version)?;
        let person = row.link("person").unwrap_or(Id(0));
        let yesterday = i64::from(order.now.on.add_days(-1).days());
        let begun = row.int("valid_from").is_some_and(|from| from <= yesterday);
        let row = match begun {
            true => row.with("valid_to", yesterday),
            false => row.with("state", "refused"),
        };
        let row = work.update_if(row).await?;
        let result = posted(work, &row, "").await?;
        self.rights_changed(&[person], order.now).await?;
        Ok(result)
    }
}
