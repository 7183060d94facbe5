//! A leaver's cases: all that one person holds goes to another, case by case, each by the ordinary command and in the
//! name of whoever ordered it. Where their duties would clash, the case stays, and is listed with the reason.

use super::{DoneV1, fine, id_of, text_of};
use crate::case::{CaseFile, InstructionV1, case_person, json};
use crate::error::{Error, Fault, Result};
use crate::jobs::Pace;
use crate::office::{Caller, Now, Office, Order};
use crate::record::TextV1;
use crate::record::act::CommandV1;
use anmin_authz::authority::Capacity;
use anmin_authz::id::{LoginId, PersonId};
use anmin_casework::command::Command;
use anmin_store::{Begun, Find, Id, NewJob, Record, Scope, Stream, Value, table};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// The kind of the job.
pub(crate) const HAND_OVER: &str = "hand_over";
const ASSIGN: &str = "case_assign";

/// All of one person's cases for another.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct HandOverAllV1 {
    /// The leaver.
    #[schemars(regex(pattern = "^[0-9a-f]{32}$"))]
    pub from: String,
    /// Who takes over.
    #[schemars(regex(pattern = "^[0-9a-f]{32}$"))]
    pub to: String,
    /// Why: it stands in the journal of every case.
    pub reason: String,
}

/// How a hand-over stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct HandOverStateV1 {
    /// Cases that the leaver still holds, each with the reason if it is known.
    pub left: Vec<LeftV1>,
    /// Whether the job is still to be done or under way.
    pub under_way: bool,
}

/// A case that stays with the leaver.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct LeftV1 {
    /// The case.
    pub case: String,
    /// Its number for people.
    pub number: String,
    /// Why it cannot go to that person; none, if it can and has not yet.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<TextV1>,
    /// What to do about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<TextV1>,
}

/// What the job needs to know: who ordered it, from whom, to whom.
#[derive(Serialize, Deserialize)]
struct OrderedV1 {
    by: String,
    login: String,
    from: String,
    to: String,
    reason: String,
}

impl Office {
    /// Orders that everything a leaver holds, as far as the caller's own reach goes, is handed over. It is done by a
    /// job, case by case; a break in the middle harms nothing. The result is a [`DoneV1`] of the leaver.
    ///
    /// # Errors
    /// What is wrong in the form; to oneself; nobody with a post; not permitted; or a fault.
    pub async fn hand_over_all(&self, order: &Order<'_>, input: &HandOverAllV1) -> Result<Vec<u8>> {
        let (from, to) = both(&input.from, &input.to)?;
        let mut wrong = Vec::new();
        let reason = text_of(&mut wrong, "reason", &input.reason, 500);
        fine(wrong)?;
        if to == order.caller.person {
            return Err(Error::denied(&anmin_authz::reason::Reason::OnOneself, self.authority()));
        }
        self.fit_for(to, None, order.now)?;
        let mut work = match self.desk(order, "hand_over_all", ASSIGN).await? {
            Begun::Before(result) => return Ok(result),
            Begun::New(work) => work,
        };
        let ordered = OrderedV1 {
            by: Id(order.caller.person.0).to_string(),
            login: Id(order.caller.login.0).to_string(),
            from: input.from.clone(),
            to: input.to.clone(),
            reason,
        };
        let payload = json(&ordered)?;
        let key = key(from, to, order.now);
        work.enqueue(&NewJob { kind: HAND_OVER, key: &key, payload: &payload, run_at: order.now.at }).await?;
        let result = json(&DoneV1 { id: input.from.clone(), version: 1, state: Some("ordered".into()) })?;
        work.commit(Stream { kind: HAND_OVER, id: &input.from }, &payload, &result).await?;
        Ok(result)
    }

    /// How far a hand-over is: what the leaver still holds, and why it cannot go to that person.
    ///
    /// # Errors
    /// Not permitted; or a fault.
    pub async fn hand_over_state(&self, order: &Order<'_>, from: &str, to: &str) -> Result<HandOverStateV1> {
        let (from, to) = both(from, to)?;
        let (scope, purpose) = self.assigning(order)?;
        let mut left = Vec::new();
        for row in self.held(&scope, &purpose, from, order.now).await? {
            let file = CaseFile::read(self, row)?;
            let refusal = match self.cannot_go(&file, from, to, order.now) {
                Some(Error::Refusal(refusal)) => Some(refusal),
                Some(fault) => return Err(fault),
                None => None,
            };
            left.push(LeftV1 {
                case: file.id().to_string(),
                number: file.record.text("number").unwrap_or_default().to_owned(),
                why: refusal.as_ref().map(|refusal| refusal.text.clone()),
                next: refusal.map(|refusal| refusal.next),
            });
        }
        let key = key(from, to, order.now);
        let mut under_way = false;
        for state in [anmin_store::JobState::Waiting, anmin_store::JobState::Running] {
            let jobs = self.inner.store.jobs(state).await?;
            under_way |= jobs.iter().any(|job| job.kind == HAND_OVER && job.key == key);
        }
        Ok(HandOverStateV1 { left, under_way })
    }

    fn assigning(&self, order: &Order<'_>) -> Result<(Scope, String)> {
        let (scope, purpose) = self.scope(order.caller, self.action(ASSIGN)?, order.purpose, order.now)?;
        let purpose = self.authority().parts().purposes[purpose.0].named.name.clone();
        Ok((Scope::from_authz(&scope, self.authority()), purpose))
    }

    /// The cases in which somebody holds a duty now, within a scope.
    async fn held(&self, scope: &Scope, purpose: &str, from: PersonId, now: Now) -> Result<Vec<Record>> {
        let mut cases: BTreeSet<Id> = BTreeSet::new();
        let mut after: Option<Record> = None;
        let store = &self.inner.store;
        loop {
            let find =
                Find::all(&table::ASSIGNMENT).equal("person", Id(from.0)).equal("valid_to", Value::Null);
            let find = match &after {
                Some(last) => find.after(last),
                None => find,
            };
            let page = store.read_personal(scope, purpose, now.at, &find).await?;
            let full = page.len() == 100;
            cases.extend(page.iter().filter_map(|row| row.link("case_id")));
            after = page.into_iter().next_back();
            if !full {
                break;
            }
        }
        let cases: Vec<Id> = cases.into_iter().collect();
        let mut files = Vec::new();
        for some in cases.chunks(100) {
            let find = Find::all(&table::CASE_FILE).ids(some);
            files.extend(store.read_personal(scope, purpose, now.at, &find).await?);
        }
        Ok(files)
    }

    /// Why a case cannot go: who takes over holds no post with a duty that is held in it, or their duties would clash.
    fn cannot_go(&self, file: &CaseFile, from: PersonId, to: PersonId, now: Now) -> Option<Error> {
        let mut held = file.case.held_by(&case_person(from)).into_iter();
        let unfit = held.find_map(|duty| self.fit_for(to, Some(duty), now).err());
        unfit.or_else(|| self.would_refuse(file, &hand_over(file, from, to), now))
    }

    /// The job: one case after another. A case that cannot go is left; what has gone is not looked at again.
    pub(crate) async fn hand_over(&self, pace: &mut Pace<'_>, payload: &[u8], now: Now) -> Result<()> {
        let broken = |what: String| Error::from(Fault::Broken(format!("hand-over: {what}")));
        let ordered: OrderedV1 = serde_json::from_slice(payload).map_err(|e| broken(e.to_string()))?;
        let id = |text: &str| Id::parse(text).map(|id| id.0).ok_or_else(|| broken(format!("id {text}")));
        let (from, to) = (PersonId(id(&ordered.from)?), PersonId(id(&ordered.to)?));
        let caller = Caller {
            person: PersonId(id(&ordered.by)?),
            login: LoginId(id(&ordered.login)?),
            capacity: Capacity::Staff,
            stepped_up: None,
            rationed_today: 0,
        };
        let order = Order { caller: &caller, now, purpose: None, request: None };
        let (scope, purpose) = self.assigning(&order)?;
        let held = self.held(&scope, &purpose, from, now).await?;
        pace.of(held.len());
        for row in held {
            let (case, version) = (row.id(), row.version());
            let file = CaseFile::read(self, row)?;
            if self.cannot_go(&file, from, to, now).is_none() {
                let command = CommandV1::HandOver { from: ordered.from.clone(), to: ordered.to.clone() };
                let why = Some(ordered.reason.clone());
                match self.instruct(&order, case, InstructionV1 { version, duty: None, command, why }).await {
                    // Whoever was at work on it at this moment comes first; the list shows it as left.
                    Ok(_) | Err(Error::Refusal(_)) => {}
                    Err(fault) => return Err(fault),
                }
            }
            pace.step(self).await?;
        }
        Ok(())
    }
}

fn both(from: &str, to: &str) -> Result<(PersonId, PersonId)> {
    let mut wrong = Vec::new();
    let from = PersonId(id_of(&mut wrong, "from", from).0);
    let to = PersonId(id_of(&mut wrong, "to", to).0);
    if from == to && wrong.is_empty() {
        wrong.push(crate::record::FieldError {
            at: "to".into(),
            zh: "接手的人须是另一人。".into(),
            en: "Who takes over must be another person.".into(),
        });
    }
    fine(wrong)?;
    Ok((from, to))
}

/// Once a day between the same two: what is left on another day is ordered anew.
fn key(from: PersonId, to: PersonId, now: Now) -> String {
    format!("{}:{}:{}", Id(from.0), Id(to.0), now.on)
}

/// The command, as it would be given: by whom does not matter to whether the duties clash.
fn hand_over(file: &CaseFile, from: PersonId, to: PersonId) -> Command {
    let by = super::kin::job_actor(anmin_authz::scope::SystemJob::PostExpiry, &file.workflow);
    let nobody = || anmin_casework::record::Actor {
        person: "".into(),
        duty: String::new(),
        delegated_by: None,
        human: false,
    };
    Command::HandOver { from: case_person(from), to: case_person(to), by: by.unwrap_or_else(nobody) }
}
