//! Posts: proposed by one security administrator and approved by another, for a year at most; ended early by one alone,
//! since to take a right away waits for nobody. Whoever's posts change is signed out.

use super::{DoneV1, day_of, fine, id_of, internal, same_version, text_of};
use crate::case::json;
use crate::error::{Error, Kind, Refusal, Result, stale};
use crate::office::{Office, Order, Rights, date};
use crate::record::FieldError;
use anmin_authz::authority::{Authority, RoleId};
use anmin_authz::id::{AreaId, Days, MatterId, PersonId, PostId, UnitId};
use anmin_authz::post::{Post, PostFlaw, Terms};
use anmin_authz::resource::{Cycle, ResourceFacts, Taken};
use anmin_authz::sensitivity::Sensitivity;
use anmin_base::date::Date;
use anmin_store::{Begun, Find, Id, Record, Stream, Work, table};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

const PROPOSE: &str = "post_propose";
const APPROVE: &str = "post_approve";
/// The reach rows of posts are written under: see [`Office::desk`].
const ROWS: &str = "login_manage";

/// What a post is.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PostTermsV1 {
    /// The unit.
    #[schemars(regex(pattern = "^[0-9a-f]{32}$"))]
    pub unit: String,
    /// The role, by the table of authority.
    pub role: String,
    /// The area it is for, with all below; within the unit's.
    #[schemars(regex(pattern = "^[0-9a-f]{32}$"))]
    pub area: String,
    /// Its lines of work, by the table of authority.
    #[serde(default)]
    pub subjects: Vec<String>,
    /// The first day.
    #[schemars(extend("format" = "date"))]
    pub from: String,
    /// The last day, within a year.
    #[schemars(extend("format" = "date"))]
    pub to: String,
}

/// A post for somebody.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPostV1 {
    /// Who is to hold it.
    #[schemars(regex(pattern = "^[0-9a-f]{32}$"))]
    pub person: String,
    /// What it is.
    pub terms: PostTermsV1,
}

/// A post that goes on after its last day.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RenewPostV1 {
    /// The post.
    #[schemars(regex(pattern = "^[0-9a-f]{32}$"))]
    pub post: String,
    /// The new last day, within a year of the day after the old one.
    #[schemars(extend("format" = "date"))]
    pub to: String,
}

/// A proposal that is refused, or taken back by who made it.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RefusePostV1 {
    /// The post.
    #[schemars(regex(pattern = "^[0-9a-f]{32}$"))]
    pub post: String,
    /// Its version.
    pub version: i64,
    /// Why.
    pub reason: String,
}

/// A post that ends early.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EndPostV1 {
    /// The post.
    #[schemars(regex(pattern = "^[0-9a-f]{32}$"))]
    pub post: String,
    /// Its version.
    pub version: i64,
    /// Its last day; yesterday, if it is to give nothing from now on.
    #[schemars(extend("format" = "date"))]
    pub last: String,
    /// Why.
    pub reason: String,
}

/// The terms of a post, read.
pub(crate) struct Read {
    pub unit: UnitId,
    pub role: RoleId,
    pub terms: Terms,
}

impl PostTermsV1 {
    fn read(&self, wrong: &mut Vec<FieldError>, id: Id, person: Id, authority: &Authority) -> Option<Read> {
        let unit = UnitId(id_of(wrong, "terms.unit", &self.unit).0);
        let area = AreaId(id_of(wrong, "terms.area", &self.area).0);
        let from = day_of(wrong, "terms.from", &self.from);
        let to = day_of(wrong, "terms.to", &self.to);
        let subjects = subjects_of(wrong, "terms.subjects", &self.subjects, authority);
        let role = authority.role(&self.role);
        if role.is_none() {
            let (zh, en) = (PostFlaw::NoSuchRole.zh(authority), PostFlaw::NoSuchRole.en(authority));
            wrong.push(FieldError { at: "terms.role".into(), zh, en });
        }
        let terms = Terms { id: PostId(id.0), person: PersonId(person.0), area, subjects, from, to };
        Some(Read { unit, role: role?, terms })
    }
}

/// Lines of work by their names.
pub(crate) fn subjects_of(
    wrong: &mut Vec<FieldError>,
    at: &str,
    names: &[String],
    authority: &Authority,
) -> Vec<anmin_authz::authority::SubjectId> {
    let known = |(n, name): (usize, &String)| {
        let found = authority.subject(name);
        if found.is_none() {
            let all: Vec<&str> = authority.parts().subjects.iter().map(|s| s.name.as_str()).collect();
            wrong.push(FieldError {
                at: format!("{at}[{n}]"),
                zh: format!("没有这项业务；可选：{}。", all.join("、")),
                en: format!("There is no such line of work. Allowed: {}.", all.join(", ")),
            });
        }
        found
    };
    names.iter().enumerate().filter_map(known).collect()
}

/// What is wrong with a post, in plain words.
pub(crate) fn flawed(flaws: &[PostFlaw], authority: &Authority) -> Error {
    let told =
        |flaw: &PostFlaw| FieldError { at: "terms".into(), zh: flaw.zh(authority), en: flaw.en(authority) };
    flaws.iter().map(told).collect::<Vec<_>>().into()
}

/// The words of lines of work, as the row has them.
pub(crate) fn words(subjects: &[anmin_authz::authority::SubjectId], authority: &Authority) -> String {
    let names = subjects.iter().filter_map(|id| authority.parts().subjects.get(id.0));
    names.map(|named| named.name.as_str()).collect::<Vec<_>>().join(" ")
}

/// A row of a post that is new.
pub(crate) fn row(read: &Read, authority: &Authority) -> Record {
    let terms = &read.terms;
    Record::new(&table::POST, Id(terms.id.0))
        .with("person", Id(terms.person.0))
        .with("unit", Id(read.unit.0))
        .with("role", authority.parts().roles[read.role.0].named.name.as_str())
        .with("area", Id(terms.area.0))
        .with("subjects", words(&terms.subjects, authority))
        .with("valid_from", i64::from(terms.from.days()))
        .with("valid_to", i64::from(terms.to.days()))
}

/// The facts of a post: who it is for, and who proposed it.
fn facts(holder: PersonId, post: PostId, taken: &[Taken]) -> ResourceFacts<'_> {
    let matter = Cycle { matter: MatterId(post.0), number: 1 };
    ResourceFacts { about: Some(holder), matter: Some(matter), taken: Some(taken), ..internal() }
}

impl Office {
    /// Proposes a post. The result is a [`DoneV1`].
    ///
    /// # Errors
    /// What is wrong in the form or with the post; for oneself; not permitted; or a fault.
    pub async fn propose_post(&self, order: &Order<'_>, input: &NewPostV1) -> Result<Vec<u8>> {
        let mut wrong = Vec::new();
        let (id, person) = (Id::at(order.now.at), id_of(&mut wrong, "person", &input.person));
        let read = input.terms.read(&mut wrong, id, person, self.authority());
        fine(wrong)?;
        let Some(read) = read else { return Err(super::nothing()) };
        self.propose(order, "propose_post", read).await
    }

    /// Proposes that a post goes on, on the same terms, from the day after its last. Approved like any other.
    ///
    /// # Errors
    /// As [`Office::propose_post`].
    pub async fn renew_post(&self, order: &Order<'_>, input: &RenewPostV1) -> Result<Vec<u8>> {
        let mut wrong = Vec::new();
        let post = PostId(id_of(&mut wrong, "post", &input.post).0);
        let to = day_of(&mut wrong, "to", &input.to);
        fine(wrong)?;
        let rights = self.rights();
        let known = rights.posts.values().flatten().find(|p| p.id() == post && p.delegated_by().is_none());
        let Some(known) = known else { return Err(super::nothing()) };
        let terms = Terms {
            id: PostId(Id::at(order.now.at).0),
            person: known.person(),
            area: known.area(),
            subjects: known.subjects().to_vec(),
            from: known.days().last().add_days(1).max(order.now.on),
            to,
        };
        self.propose(order, "renew_post", Read { unit: known.unit(), role: known.role(), terms }).await
    }

    async fn propose(&self, order: &Order<'_>, name: &str, read: Read) -> Result<Vec<u8>> {
        let terms = &read.terms;
        self.permit(order, PROPOSE, &facts(terms.person, terms.id, &[]))?;
        self.post_of(&self.rights(), &read)?;
        let mut work = match self.desk(order, name, ROWS).await? {
            Begun::Before(result) => return Ok(result),
            Begun::New(work) => work,
        };
        self.not_at_odds(&mut work, &read).await?;
        let row = row(&read, self.authority())
            .with("origin", "proposed")
            .with("state", "proposed")
            .with("proposed_by", Id(order.caller.person.0));
        let row = work.insert(row).await?;
        posted(work, &row, "").await
    }

    /// The post as authority has it, or what is wrong with it.
    fn post_of(&self, rights: &Rights, read: &Read) -> Result<Post> {
        let authority = self.authority();
        let Some(entry) = rights.unit_entry(read.unit) else { return Err(super::nothing()) };
        let post = Post::new(authority, &rights.areas, &entry.unit, read.role, read.terms.clone());
        post.map_err(|flaws| flawed(&flaws, authority))
    }

    /// Some roles are never one person's at the same time: what one is for is forbidden to holders of the other. Both
    /// posts would be worth nothing, so they are not made.
    async fn not_at_odds(&self, work: &mut Work, read: &Read) -> Result<()> {
        let authority = self.authority();
        let days = Days::between(read.terms.from, read.terms.to);
        let find = Find::all(&table::POST).equal("person", Id(read.terms.person.0)).limit(1000);
        for held in work.find(&find).await? {
            let other = held.text("role").and_then(|role| authority.role(role));
            let held_days =
                Days { from: date(&held, "valid_from").unwrap_or(Date::MIN), to: date(&held, "valid_to") };
            let counts = held.text("state") != Some("refused") && held_days.common(days).is_some();
            let Some(other) = other.filter(|other| *other != read.role && counts) else { continue };
            if at_odds(authority, read.role, other) || at_odds(authority, other, read.role) {
                let named = |id: RoleId| &authority.parts().roles[id.0].named;
                return Err(vec![FieldError {
                    at: "terms.role".into(),
                    zh: format!("此人已任或拟任“{}”，与“{}”不能兼任。", named(other).zh, named(read.role).zh),
                    en: format!(
                        "This person holds or is to hold \"{}\", which nobody holds together with \"{}\".",
                        named(other).en,
                        named(read.role).en
                    ),
                }]
                .into());
            }
        }
        Ok(())
    }

    /// Approves a post that somebody else has proposed. From its first day on it counts.
    ///
    /// # Errors
    /// One's own proposal or one's own post; the second factor is wanted; it is no longer in order; somebody else was
    /// first; not permitted; or a fault.
    pub async fn approve_post(&self, order: &Order<'_>, post: Id, version: i64) -> Result<Vec<u8>> {
        // Before anything is opened: who may approve at all, and has shown the second factor.
        self.scope(order.caller, self.action(APPROVE)?, order.purpose, order.now)?;
        let mut work = match self.desk(order, "approve_post", ROWS).await? {
            Begun::Before(result) => return Ok(result),
            Begun::New(work) => work,
        };
        let row = work.load(&table::POST, post).await?;
        let holder = self.judge_proposal(order, &row)?;
        same_version(&row, version)?;
        let rights = self.rights();
        let read = self.read_row(&row)?;
        self.post_of(&rights, &read)?;
        if read.terms.to < order.now.on {
            return Err(Refusal::new(
                Kind::Unmet,
                "post_past",
                "任期已经过去，不能再批准。",
                "Its days are over; it cannot be approved any more.",
            )
            .next("请退回提名，按新的日期重新提名。", "Refuse it, and have it proposed with other days.")
            .into());
        }
        let row = row.with("state", "approved").with("approved_by", Id(order.caller.person.0));
        let row = work.update_if(row).await?;
        let result = posted(work, &row, "").await?;
        self.rights_changed(&[Id(holder.0)], order.now).await?;
        Ok(result)
    }

    /// Refuses a proposed post; who proposed it takes it back.
    ///
    /// # Errors
    /// As [`Office::approve_post`].
    pub async fn refuse_post(&self, order: &Order<'_>, input: &RefusePostV1) -> Result<Vec<u8>> {
        let mut wrong = Vec::new();
        let post = id_of(&mut wrong, "post", &input.post);
        let reason = text_of(&mut wrong, "reason", &input.reason, 500);
        fine(wrong)?;
        let mut work = match self.desk(order, "refuse_post", ROWS).await? {
            Begun::Before(result) => return Ok(result),
            Begun::New(work) => work,
        };
        let row = work.load(&table::POST, post).await?;
        let own = row.link("proposed_by") == Some(Id(order.caller.person.0));
        if own {
            let holder = PersonId(row.link("person").map_or(0, |id| id.0));
            self.permit(order, PROPOSE, &facts(holder, PostId(post.0), &[]))?;
            still_proposed(&row)?;
        } else {
            self.judge_proposal(order, &row)?;
        }
        same_version(&row, input.version)?;
        let row = work.update_if(row.with("state", "refused")).await?;
        posted(work, &row, &reason).await
    }

    /// Whether the caller may judge this proposal: another than who made it and than whose post it is.
    fn judge_proposal(&self, order: &Order<'_>, row: &Record) -> Result<PersonId> {
        still_proposed(row)?;
        let holder = PersonId(row.link("person").map_or(0, |id| id.0));
        let post = PostId(row.id().0);
        let duty = self.authority().duty("propose_post");
        let by = row.link("proposed_by").map(|id| PersonId(id.0));
        let taken: Vec<Taken> = duty
            .zip(by)
            .map(|(duty, person)| Taken {
                cycle: Cycle { matter: MatterId(post.0), number: 1 },
                person,
                duty,
            })
            .into_iter()
            .collect();
        self.permit(order, APPROVE, &facts(holder, post, &taken))?;
        Ok(holder)
    }

    fn read_row(&self, row: &Record) -> Result<Read> {
        let authority = self.authority();
        let link = |column: &str| row.link(column).map_or(0, |id| id.0);
        let Some(role) = row.text("role").and_then(|role| authority.role(role)) else {
            return Err(flawed(&[PostFlaw::NoSuchRole], authority));
        };
        let subjects = row.text("subjects").unwrap_or_default().split(' ').filter(|s| !s.is_empty());
        let terms = Terms {
            id: PostId(row.id().0),
            person: PersonId(link("person")),
            area: AreaId(link("area")),
            subjects: subjects.filter_map(|name| authority.subject(name)).collect(),
            from: date(row, "valid_from").unwrap_or(Date::MAX),
            to: date(row, "valid_to").unwrap_or(Date::MIN),
        };
        Ok(Read { unit: UnitId(link("unit")), role, terms })
    }

    /// Ends a post early. What was delegated from it ends with it.
    ///
    /// # Errors
    /// What is wrong in the form; one's own; somebody else was first; not permitted; or a fault.
    pub async fn end_post(&self, order: &Order<'_>, input: &EndPostV1) -> Result<Vec<u8>> {
        let mut wrong = Vec::new();
        let post = id_of(&mut wrong, "post", &input.post);
        let last = day_of(&mut wrong, "last", &input.last);
        let reason = text_of(&mut wrong, "reason", &input.reason, 500);
        if last < order.now.on.add_days(-1) {
            wrong.push(super::places::not_past("last"));
        }
        fine(wrong)?;
        let mut work = match self.desk(order, "end_post", ROWS).await? {
            Begun::Before(result) => return Ok(result),
            Begun::New(work) => work,
        };
        let row = work.load(&table::POST, post).await?;
        let holder = PersonId(row.link("person").map_or(0, |id| id.0));
        self.permit(order, PROPOSE, &facts(holder, PostId(post.0), &[]))?;
        same_version(&row, input.version)?;
        if row.text("state") != Some("approved") {
            return Err(stale().into());
        }
        let read = self.read_row(&row)?;
        let row = match last < read.terms.from {
            // It never begins. The database keeps who approved only of what is approved.
            true => row.with("state", "refused").with("approved_by", anmin_store::Value::Null),
            false => row.with("valid_to", i64::from(last.min(read.terms.to).days())),
        };
        let row = work.update_if(row).await?;
        let result = posted(work, &row, &reason).await?;
        let mut people = vec![Id(holder.0)];
        let rights = self.rights();
        let cut = rights.posts.values().flatten().filter(|p| p.delegated_by() == Some(holder));
        people.extend(cut.map(|p| Id(p.person().0)));
        self.rights_changed(&people, order.now).await?;
        Ok(result)
    }
}

/// Only what is proposed is judged.
fn still_proposed(row: &Record) -> Result<()> {
    if row.text("state") == Some("proposed") {
        return Ok(());
    }
    Err(Refusal::new(
        Kind::Conflict,
        "post_settled",
        "这一提名已经办结。",
        "This proposal has been settled already.",
    )
    .into())
}

/// Whether everything the first role is for is forbidden to holders of the second.
fn at_odds(authority: &Authority, role: RoleId, other: RoleId) -> bool {
    let parts = authority.parts();
    let barred = |action| {
        let rows = parts.forbids.iter();
        let mut rows = rows.filter(|row| row.from == Sensitivity::P0 && row.roles.contains(&other));
        rows.any(|row| row.actions.contains(&action))
    };
    let mut actions =
        parts.permits.iter().filter(|permit| permit.role == role).flat_map(|p| &p.actions).peekable();
    actions.peek().is_some() && actions.all(|action| barred(*action))
}

/// Ends a command on a post.
pub(crate) async fn posted(work: Box<Work>, row: &Record, reason: &str) -> Result<Vec<u8>> {
    let result = DoneV1::bytes(row, row.text("state"))?;
    let payload = json(&serde_json::json!({
        "person": row.text("person"),
        "unit": row.text("unit"),
        "role": row.text("role"),
        "area": row.text("area"),
        "subjects": row.text("subjects"),
        "from": date(row, "valid_from").map(|day| day.to_string()),
        "to": date(row, "valid_to").map(|day| day.to_string()),
        "state": row.text("state"),
        "reason": reason,
    }))?;
    let id = row.id().to_string();
    work.commit(Stream { kind: "post", id: &id }, &payload, &result).await?;
    Ok(result)
}
