//! What residents see of their own: their cases, and who looked at what is known about them. Sealed cases are not among
//! them, and neither is who looked at those.

use super::start::wrong;
use crate::case::{LineV1, ListV1};
use crate::error::Result;
use crate::office::{Office, Order};
use crate::record::TextV1;
use anmin_authz::id::{PersonId, PostId};
use anmin_store::{AccessRow, Blind, Find, Id, Looked, Moment, Scope, table};
use schemars::JsonSchema;
use serde::Serialize;

/// A resident's cases.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct OwnCasesV1 {
    /// Those they applied in.
    pub cases: Vec<LineV1>,
    /// Those of others in which they are named, by identifier: what is asked of them there is in their messages.
    pub named_in: Vec<String>,
}

/// Who looked at what is known about somebody, the latest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct LooksV1 {
    /// The looks; reads that belong together are one.
    pub looks: Vec<LookedV1>,
    /// Where the next page begins; none at the end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// One look.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct LookedV1 {
    /// The day.
    pub on: String,
    /// `self`, `resident` (a guardian or helper), `staff` or `system`.
    pub by: &'static str,
    /// The number of who it was, to name in a question; never the name. None of oneself and of the system.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// Their unit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// As what.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<TextV1>,
    /// What for.
    pub purpose: TextV1,
    /// What kinds of records.
    pub what: Vec<TextV1>,
    /// How many records.
    pub records: u32,
}

/// How many rows of the log make a page, before they are put together.
const PAGE: u32 = 200;

impl Office {
    /// The caller's own cases.
    ///
    /// # Errors
    /// Not permitted; or a fault.
    pub async fn own_cases(&self, order: &Order<'_>) -> Result<OwnCasesV1> {
        let ask = ListV1 { limit: Some(100), ..ListV1::default() };
        let cases = self.list_cases(order, &ask).await?.cases;
        let (scope, purpose) = self.first_scope(order, &["progress_read"])?;
        let rows = Scope::from_authz(&scope, self.authority());
        let me = Id(order.caller.person.0);
        let find = Find::all(&table::CASE_PERSON).equal("person", me).limit(1000);
        let named = self.inner.store.read_personal(&rows, &purpose, order.now.at, &find).await?;
        let mut named: Vec<String> =
            named.iter().filter_map(|row| row.link("case_id")).map(|id| id.to_string()).collect();
        named.retain(|id| cases.iter().all(|case| case.id != *id));
        named.dedup();
        Ok(OwnCasesV1 { cases, named_in: named })
    }

    /// Who looked at what is known about the caller. Their own looks are in it, this one from the next time on.
    ///
    /// # Errors
    /// A mark of a page that is not ours; not permitted; or a fault.
    pub async fn own_access_log(&self, order: &Order<'_>, after: Option<&str>) -> Result<LooksV1> {
        let before = after.map(cursor).transpose()?;
        let (scope, purpose) = self.first_scope(order, &["own_log_read"])?;
        let rows = Scope::from_authz(&scope, self.authority());
        let (me, at) = (Id(order.caller.person.0), order.now.at);
        let mut look = self.inner.store.look(&rows, &purpose, at);
        let mut subjects = vec![me];
        for find in [
            Find::all(&table::CASE_FILE).equal("applicant", me).plain().limit(1000),
            Find::all(&table::HOUSEHOLD).plain().limit(100),
        ] {
            subjects.extend(look.find(&find).await?.iter().map(|row| row.id()));
        }
        look.release(()).await?;
        let ask = Looked { subjects: &subjects, before, limit: PAGE + 1 };
        let mut found = self.inner.store.looked(&rows, &purpose, at, &ask).await?;
        let more = found.len() > PAGE as usize;
        found.truncate(PAGE as usize);
        let next = found.last().filter(|_| more).map(|row| format!("{}.{}", row.at, row.id));
        Ok(LooksV1 { looks: self.together(me, &found), next })
    }

    /// Reads of one day, by one person in one post and for one purpose, as one look.
    fn together(&self, me: Id, rows: &[AccessRow]) -> Vec<LookedV1> {
        type Key<'a> = (String, &'a str, &'a str, &'a str);
        let mut looks: Vec<(Key<'_>, LookedV1)> = Vec::new();
        for row in rows {
            let on = crate::office::day_in_china(Moment(row.at)).to_string();
            let key: Key<'_> = (on.clone(), &row.actor, &row.post, &row.purpose);
            let what = kind(&row.of_table);
            match looks.iter_mut().find(|(known, _)| *known == key) {
                Some((_, look)) => {
                    look.records += 1;
                    if !look.what.contains(&what) {
                        look.what.push(what);
                    }
                }
                None => looks.push((key, self.look(me, row, on, what))),
            }
        }
        looks.into_iter().map(|(_, look)| look).collect()
    }

    fn look(&self, me: Id, row: &AccessRow, on: String, what: TextV1) -> LookedV1 {
        let rights = self.rights();
        let actor = Id::parse(&row.actor);
        let posts = actor.map(|actor| rights.posts_of(PersonId(actor.0))).unwrap_or_default();
        let of_row = Id::parse(&row.post).and_then(|id| posts.iter().find(|post| post.id() == PostId(id.0)));
        // Where it could have been in more than one post, the unit is said if it is the same in all.
        let post = of_row.or_else(|| {
            let first = posts.first()?;
            posts.iter().all(|post| post.unit() == first.unit()).then_some(first)
        });
        let by = match actor {
            None => "system",
            Some(actor) if actor == me => "self",
            Some(_) if posts.is_empty() => "resident",
            Some(_) => "staff",
        };
        let number = actor.filter(|actor| *actor != me).map(|actor| {
            let number = self.inner.store.keys().blind(Blind::Partner, "staff-number", &actor.to_string());
            number.get(..8).unwrap_or_default().to_uppercase()
        });
        let parts = self.authority().parts();
        let text =
            |named: &anmin_authz::authority::Named| TextV1 { zh: named.zh.clone(), en: named.en.clone() };
        let purpose = self.authority().purpose(&row.purpose);
        let purpose = purpose.map(|id| text(&parts.purposes[id.0].named));
        LookedV1 {
            on,
            by,
            number,
            unit: post.filter(|_| by == "staff").map(|post| rights.unit_name(post.unit()).to_owned()),
            role: of_row.filter(|_| by == "staff").map(|post| text(&parts.roles[post.role().0].named)),
            purpose: purpose
                .unwrap_or_else(|| TextV1 { zh: "系统任务".into(), en: "A task of the system".into() }),
            what: vec![what],
            records: 1,
        }
    }
}

/// What kind of record it was, in words.
fn kind(table: &str) -> TextV1 {
    let (zh, en) = match table {
        "person" => ("登记信息", "Your entry"),
        "household" | "membership" => ("家庭", "Your household"),
        "fact" => ("申报和核实的情况", "What was declared and found"),
        "case_file" | "case_person" | "assignment" | "duty" | "duty_set" | "kin_bar" => ("案件", "Your case"),
        "letter" | "outbox" | "delivery" => ("文书和送达", "Letters and deliveries"),
        "file" | "evidence" => ("材料", "Papers"),
        "authorisation" | "authorisation_cover" | "consent" | "representation" => {
            ("同意和授权", "Consents and authorisations")
        }
        "check_request" => ("核对", "Checks"),
        "decision" | "effect" | "hearing" | "visit" => ("办理记录", "Decisions, hearings and visits"),
        "exported" => ("案件（导出为表格）", "Your case, as a line of a spreadsheet"),
        "work_view" => ("本人的清单设置", "Your own settings of a list"),
        "access" => ("访问记录", "This log"),
        _ => ("其他记录", "Other records"),
    };
    TextV1 { zh: zh.into(), en: en.into() }
}

fn cursor(text: &str) -> Result<(Moment, Id)> {
    let read = text.split_once('.').and_then(|(at, id)| Some((Moment(at.parse().ok()?), Id::parse(id)?)));
    read.ok_or_else(|| {
        wrong(
            "after",
            "翻页标记不正确，请从第一页重新查询。",
            "The mark of the page is not one of ours: begin again.",
        )
    })
}
