//! Changing a case: one command, one transaction, one event. Whoever was second is told what has changed; whoever sends
//! the same request again gets the first answer.

use super::file::{CaseFile, person_id};
use super::may::Way;
use super::rows::{Rows, json};
use super::weigh::Weighed;
use crate::error::{Error, Fault, Kind, Refusal, Result, stale};
use crate::office::{Now, Office, Order};
use crate::record::FieldError;
use crate::record::act::{ActV1, CommandV1, EvidenceV1, TakeV1};
use crate::record::case_view::NamedV1;
use anmin_authz::authority::Capacity;
use anmin_authz::decide::{Allowed, Obligation};
use anmin_authz::id::PersonId;
use anmin_authz::scope::Scope as AuthzScope;
use anmin_casework::apply::{self, Circumstances};
use anmin_casework::case::Case;
use anmin_casework::command::{Act, Command, Take};
use anmin_casework::event::Event;
use anmin_casework::record::Actor;
use anmin_casework::workflow::{Step, Workflow};
use anmin_store::{Begun, Id, Scope, Stream, Work, table};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// A step to take.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StepV1 {
    /// The version of the case the form was made from.
    pub version: i64,
    /// The duty class it is taken in; may be left out where only one fits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub duty: Option<String>,
    /// What the step needs to know.
    #[serde(default = "plain")]
    pub with: ActV1,
    /// Evidence handed in with it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<EvidenceV1>,
    /// Why, where the step itself does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 500))]
    pub why: Option<String>,
}

fn plain() -> ActV1 {
    ActV1::Plain {}
}

/// A command that every case has.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct InstructionV1 {
    /// The version of the case the form was made from.
    pub version: i64,
    /// The duty class it is given in; may be left out where only one fits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub duty: Option<String>,
    /// What is to be done.
    pub command: CommandV1,
    /// Why, where the command itself does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 500))]
    pub why: Option<String>,
}

/// What became of a command on a case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ChangedV1 {
    /// The case.
    pub case: String,
    /// Its number for people.
    pub number: String,
    /// The version a next form has to name.
    pub version: i64,
    /// Its state now.
    pub state: String,
    /// What happened, by the names of events.
    pub events: Vec<String>,
    /// The letters that were written, by number.
    pub letters: Vec<u32>,
}

/// What a command asks of the engine, once the case is on the table.
type Ask<'a> = dyn Fn(&CaseFile, &Allowed, &Way) -> Result<Command> + Send + Sync + 'a;

/// A command about to be tried on a case.
struct Attempt<'a> {
    order: &'a Order<'a>,
    name: &'a str,
    case: Id,
    version: i64,
    /// Who gets something by it: an assignment is about them.
    about: Option<PersonId>,
    why: Option<String>,
    ways: Vec<Way>,
    /// Only to see whether it would be done.
    rehearse: bool,
}

impl Office {
    /// Takes a step of a case's workflow. The result is a [`ChangedV1`], the same bytes for the same request.
    ///
    /// # Errors
    /// Not permitted, not as things are, somebody else was first, or a fault. Nothing is changed then.
    pub async fn take_step(&self, order: &Order<'_>, case: Id, step: &str, input: StepV1) -> Result<Vec<u8>> {
        self.take_or_try(order, case, step, input, false).await
    }

    /// The same; to try it, nothing is kept of it.
    pub(crate) async fn take_or_try(
        &self,
        order: &Order<'_>,
        case: Id,
        step: &str,
        input: StepV1,
        rehearse: bool,
    ) -> Result<Vec<u8>> {
        let workflow = self.course_of(case).await?;
        let Some(found) = workflow.step(step) else {
            return Err(self.unknown_step(order, case, &workflow, step).await);
        };
        let StepV1 { version, duty, with, evidence, why } = input;
        let why = reason(why)?;
        // Read once before anything is opened, so that a mistake in the form is told first.
        let take = TakeV1 { step: step.to_owned(), with, evidence }.into_take(nobody())?;
        let ways = self.ways(order, &workflow, &found.by, found.act.name(), duty.as_deref());
        let ways = match ways {
            Ok(ways) => ways,
            Err(error) => return Err(self.unless_unseen(order, case, error).await),
        };
        let about = match (&take.act, order.caller.capacity) {
            // A signature is about whose means it opens, whoever applied.
            (Act::Authorise { subject, .. } | Act::Revoke { subject }, Capacity::Resident) => {
                person_id(subject)
            }
            _ => None,
        };
        let attempt = Attempt { order, name: step, case, version, about, why, ways, rehearse };
        let person = order.caller.person;
        self.attempt(&attempt, &|_, allowed, way| {
            let by = self.case_actor(person, allowed, &way.duty);
            Ok(Command::Take(Take { by, ..take.clone() }))
        })
        .await
    }

    /// Gives a command that every case has.
    ///
    /// # Errors
    /// As [`Office::take_step`].
    pub async fn instruct(&self, order: &Order<'_>, case: Id, input: InstructionV1) -> Result<Vec<u8>> {
        self.instruct_or_try(order, case, input, false).await
    }

    /// The same; to try it, nothing is kept of it.
    pub(crate) async fn instruct_or_try(
        &self,
        order: &Order<'_>,
        case: Id,
        input: InstructionV1,
        rehearse: bool,
    ) -> Result<Vec<u8>> {
        let workflow = self.course_of(case).await?;
        let InstructionV1 { version, duty, command, why } = input;
        let why = reason(why)?;
        let name = command.name();
        let ways = match self.command_ways(order, &workflow, name, duty.as_deref()) {
            Ok(ways) => ways,
            Err(error) => return Err(self.unless_unseen(order, case, error).await),
        };
        let about = match command.clone().into_command(nobody())? {
            Command::Assign { person, duty, .. } => Some((person_id(&person), Some(duty))),
            Command::HandOver { to, .. } => Some((person_id(&to), None)),
            _ => None,
        };
        let about = match about {
            None => None,
            Some((person, duty)) => {
                let person = person.ok_or_else(Refusal::not_found)?;
                self.fit_for(person, duty.as_deref(), order.now)?;
                Some(person)
            }
        };
        let attempt = Attempt { order, name, case, version, about, why, ways, rehearse };
        let person = order.caller.person;
        self.attempt(&attempt, &|_, allowed, way| {
            let by = self.case_actor(person, allowed, &way.duty);
            Ok(command.clone().into_command(by)?)
        })
        .await
    }

    /// The workflow a case follows, whoever asks: nothing about anybody.
    pub(crate) async fn course_of(&self, case: Id) -> Result<Arc<Workflow>> {
        let Some(course) = self.inner.store.course_of(case).await? else {
            return Err(Refusal::not_found().into());
        };
        let opened_on = course.received_on;
        let region = self.region_of(anmin_authz::id::AreaId(course.area.0), opened_on);
        let opened = self.opened(&course.pack, region.as_deref())?;
        self.workflow(&opened, opened_on)
    }

    /// Somebody to whom a duty is given must hold a post that has it.
    pub(crate) fn fit_for(&self, person: PersonId, duty: Option<&str>, now: Now) -> Result<()> {
        let posts = self.rights().posts_of(person);
        let authority = self.authority();
        let has = |duty: &str| {
            let Some(duty) = authority.duty(duty) else { return false };
            let mut roles = posts.iter().filter(|post| post.days().hold(now.on)).map(|post| post.role());
            let actions: Vec<_> = authority.actions_taking(duty).collect();
            roles.any(|role| actions.iter().any(|action| authority.permits(role, *action).next().is_some()))
        };
        let fits = match duty {
            Some(duty) => has(duty),
            None => posts.iter().any(|post| post.days().hold(now.on)),
        };
        if fits {
            return Ok(());
        }
        Err(Refusal::new(
            Kind::Unmet,
            "no_such_post",
            "被指定的人没有相应的在任岗位。",
            "Who is named holds no post in force with that duty.",
        )
        .next(
            "请另选一人，或请安全管理员先办理任命。",
            "Choose somebody else, or have the post approved first.",
        )
        .into())
    }

    async fn unknown_step(&self, order: &Order<'_>, case: Id, workflow: &Workflow, step: &str) -> Error {
        let refusal = match workflow.off.iter().any(|off| off.name == step) {
            true => anmin_casework::refusal::Refusal::SwitchedOff { step: step.to_owned() },
            false => anmin_casework::refusal::Refusal::UnknownStep { step: step.to_owned() },
        };
        self.unless_unseen(order, case, Error::of_case(&refusal, workflow)).await
    }

    /// The error, or "not found" where the caller cannot see the case at all.
    pub(crate) async fn unless_unseen(&self, order: &Order<'_>, case: Id, error: Error) -> Error {
        match self.seen(order, case).await {
            Ok(Some(_)) => error,
            Ok(None) => Refusal::not_found().into(),
            Err(fault) => fault,
        }
    }

    async fn attempt(&self, attempt: &Attempt<'_>, ask: &Ask<'_>) -> Result<Vec<u8>> {
        match self.try_ways(attempt, ask).await {
            Err(Error::Refusal(refusal)) if refusal.kind == Kind::NotFound => {
                Err(self.own_doing(attempt).await?.unwrap_or(Error::Refusal(refusal)))
            }
            done => done,
        }
    }

    async fn try_ways(&self, attempt: &Attempt<'_>, ask: &Ask<'_>) -> Result<Vec<u8>> {
        let mut denied = None;
        for way in &attempt.ways {
            match self.try_way(attempt, way, ask).await? {
                Tried::Done(bytes) => return Ok(bytes),
                Tried::NotThisWay(error) => denied = error.or(denied),
            }
        }
        if let Some(error) = denied {
            return Err(error);
        }
        let scopes = attempt.ways.iter().map(|way| &way.scope);
        Err(self.why_not(attempt.order, attempt.case, scopes).await)
    }

    /// Somebody whose own command took the case out of their sight and who gives it once more, as from a second window,
    /// is told what they themself have done since the version they name, and nothing of anybody else's doing, not even
    /// whether there was any. To all others the case is not there.
    async fn own_doing(&self, attempt: &Attempt<'_>) -> Result<Option<Error>> {
        let person = attempt.order.caller.person;
        let mut now = attempt.version;
        let mut steps = Vec::new();
        let workflow = self.course_of(attempt.case).await?;
        for own in self.inner.store.own_doings(attempt.case, Id(person.0)).await? {
            if own.version != now + 1 {
                continue;
            }
            now = own.version;
            steps.extend(workflow.step(&own.command).map(|step| {
                let label = &step.named.label;
                let by = Id(person.0).to_string();
                serde_json::json!({ "step": own.command, "zh": label.zh, "en": label.en, "by": by })
            }));
        }
        if now == attempt.version {
            return Ok(None);
        }
        let mut refusal = stale();
        refusal.difference =
            Some(serde_json::json!({ "yours": attempt.version, "now": now, "steps": steps }));
        Ok(Some(refusal.into()))
    }

    /// Why none of the ways leads there: told only to who can see the case.
    pub(crate) async fn why_not<'s>(
        &self,
        order: &Order<'_>,
        case: Id,
        scopes: impl Iterator<Item = &'s AuthzScope> + Send,
    ) -> Error {
        let file = match self.seen(order, case).await {
            Ok(Some(file)) => file,
            Ok(None) => return Refusal::not_found().into(),
            Err(fault) => return fault,
        };
        for scope in scopes {
            if let Err(Error::Refusal(refusal)) = self.judge(&file, scope, order.now)
                && refusal.kind != Kind::NotFound
            {
                return Error::Refusal(refusal);
            }
        }
        Refusal::new(
            Kind::Forbidden,
            "not_assigned",
            "此案件不由您承办，您只能查看。",
            "You can see this case, but it is not yours to act on.",
        )
        .next(
            "请由承办人办理，或请审核人员将案件指定给您。",
            "Have it assigned to you, or leave it to who has it.",
        )
        .into()
    }

    async fn try_way(&self, attempt: &Attempt<'_>, way: &Way, ask: &Ask<'_>) -> Result<Tried> {
        let order = attempt.order;
        let scope = Scope::from_authz(&way.scope, self.authority());
        let purpose = &self.authority().parts().purposes[way.purpose.0].named.name;
        let command = anmin_store::Command {
            scope: &scope,
            name: attempt.name,
            purpose,
            at: order.now.at,
            request: order.request.filter(|_| !attempt.rehearse),
        };
        let mut work = match self.inner.store.begin(command).await? {
            Begun::Before(bytes) => return Ok(Tried::Done(bytes)),
            Begun::New(work) => work,
        };
        let record = match work.load(&table::CASE_FILE, attempt.case).await {
            Ok(record) => record,
            Err(anmin_store::Error::Refusal(anmin_store::Refusal::NotFound { .. })) => {
                return Ok(Tried::NotThisWay(None));
            }
            Err(error) => return Err(error.into()),
        };
        let mut file = CaseFile::read(self, record)?;
        let allowed = match self.judged(order, &file, &way.scope, attempt.about).await {
            Ok(allowed) => allowed,
            Err(error) => return Ok(Tried::NotThisWay(Some(error))),
        };
        if file.version() != attempt.version {
            return Err(self.conflict(&file, attempt.version));
        }
        let command = ask(&file, &allowed, way)?;
        heed(&allowed.obligations, &command, attempt.why.as_deref())?;
        file.why(attempt.why.clone());
        let bytes = self.carry_out(&mut work, &mut file, command, order.now, attempt.version).await?;
        if attempt.rehearse {
            // Dropped, and with it all that was written in it.
            return Ok(Tried::Done(bytes.result));
        }
        let (id, events) = (file.id().to_string(), bytes.events);
        work.commit(Stream { kind: "case", id: &id }, &events, &bytes.result).await?;
        Ok(Tried::Done(bytes.result))
    }

    /// What whoever was second is told: what happened since the version they had before them.
    fn conflict(&self, file: &CaseFile, version: i64) -> Error {
        let mut refusal = stale();
        let since = file.since(version);
        let steps: Vec<serde_json::Value> = since
            .iter()
            .filter_map(|event| match event {
                Event::Stepped(taken) => {
                    let step = file.workflow.step(&taken.step).map(|step| NamedV1::from(&step.named).label);
                    // A command that every case has is on no list of a workflow.
                    let label = step.or_else(|| crate::record::words::command_label(&taken.step));
                    let name = person_id(&taken.by.person);
                    let name = name.and_then(|person| self.rights().name_of(person).map(str::to_owned));
                    Some(serde_json::json!({
                        "step": taken.step,
                        "zh": label.as_ref().map(|l| l.zh.as_str()),
                        "en": label.as_ref().map(|l| l.en.as_str()),
                        "name": name,
                        "on": taken.on.to_string(),
                        "by": taken.by.person.0,
                        "duty": taken.by.duty,
                    }))
                }
                _ => None,
            })
            .collect();
        refusal.difference = Some(serde_json::json!({
            "yours": version,
            "now": file.version(),
            "state": file.case.state,
            "steps": steps,
        }));
        refusal.into()
    }

    /// Applies a command to a case within a transaction, and writes all that follows from it.
    pub(crate) async fn carry_out(
        &self,
        work: &mut Work,
        file: &mut CaseFile,
        mut command: Command,
        now: Now,
        version: i64,
    ) -> Result<CarriedOut> {
        let weighed = self.weigh(work, file, &command, now).await?;
        if let Command::Take(take) = &mut command {
            weighed.pin(&mut take.act);
        }
        let circumstances =
            Circumstances { today: now.on, calendar: self.calendar(), verdicts: &weighed.verdicts };
        let applied = apply::apply(&file.workflow, &file.case, &command, &circumstances);
        let (case, events) = applied.map_err(|refusal| Error::of_case(&refusal, &file.workflow))?;
        anmin_store::fault!("case.applied");
        self.keep(work, file, case, &events, &weighed, now, Some(version)).await
    }

    /// Writes a case after a command: its row, the files that come with it, the rows that follow, the letters.
    #[expect(clippy::too_many_arguments, reason = "each is a different thing, and all belong to one write")]
    pub(crate) async fn keep(
        &self,
        work: &mut Work,
        file: &mut CaseFile,
        case: Case,
        events: &[Event],
        weighed: &Weighed,
        now: Now,
        version: Option<i64>,
    ) -> Result<CarriedOut> {
        let before = file.case.done.clone();
        file.put(case, events)?;
        let written = match version {
            None => work.insert(file.record.clone()).await,
            Some(_) => work.update_if(file.record.clone()).await,
        };
        file.record = match written {
            Ok(record) => record,
            Err(anmin_store::Error::Refusal(anmin_store::Refusal::Conflict(current))) => {
                let current = CaseFile::read(self, *current)?;
                return Err(self.conflict(&current, version.unwrap_or_default()));
            }
            Err(error) => return Err(error.into()),
        };
        for row in std::mem::take(&mut file.handed) {
            work.insert(row).await?;
        }
        anmin_store::fault!("case.written");
        let before = if version.is_none() { &[][..] } else { &before };
        let rows = Rows { office: self, file, before, basis: &weighed.basis, now };
        rows.write(work, events).await?;
        anmin_store::fault!("case.rows");
        let letters = self.write_letters(work, file, events, weighed, now).await?;
        anmin_store::fault!("case.letters");
        let changed = ChangedV1 {
            case: file.id().to_string(),
            number: file.record.text("number").unwrap_or_default().to_owned(),
            version: file.version(),
            state: file.case.state.clone(),
            events: events.iter().map(|event| event.name().to_owned()).collect(),
            letters,
        };
        let payload = crate::record::case_event::CaseEventsV1::to_bytes(events);
        Ok(CarriedOut { events: payload, result: json(&changed)? })
    }
}

/// The longest reason, in characters.
const MOST_WHY: usize = 500;

fn reason(why: Option<String>) -> Result<Option<String>> {
    let why = why.map(|why| why.trim().to_owned()).filter(|why| !why.is_empty());
    if why.as_ref().is_some_and(|why| why.chars().count() > MOST_WHY || why.chars().any(char::is_control)) {
        return Err(vec![FieldError {
            at: "why".into(),
            zh: format!("最多 {MOST_WHY} 个字，写成一段。"),
            en: format!("At most {MOST_WHY} characters, in one paragraph."),
        }]
        .into());
    }
    Ok(why)
}

/// What a yes obliges to. Each is named here, so that a new one does not compile until somebody has thought of it.
pub(super) fn heed(obligations: &[Obligation], command: &Command, why: Option<&str>) -> Result<()> {
    for obligation in obligations {
        match obligation {
            // The store writes it before a record is handed out.
            Obligation::LogAccess => {}
            // The engine refuses fewer.
            Obligation::TwoVisitors => {}
            // By the signed paper that the opening step demands as evidence.
            Obligation::ResidentConfirms => {}
            // Counts are suppressed where they are shown.
            Obligation::SuppressCountsBelow(_) => {}
            Obligation::GiveReason => {
                let silent = matches!(command, Command::Assign { .. } | Command::HandOver { .. });
                if silent && why.is_none() {
                    return Err(vec![FieldError {
                        at: "why".into(),
                        zh: "请写明为什么这样指定。".into(),
                        en: "Say why it is given to this person.".into(),
                    }]
                    .into());
                }
            }
            // No command on a case is done through a broken glass yet: a session cannot break one.
            Obligation::NotifySupervisor
            | Obligation::NotifyResidentWithinHours(_)
            | Obligation::ReviewWithinWorkingDays(_) => {
                return Err(Fault::Broken("a broken glass reached a command".into()).into());
            }
        }
    }
    Ok(())
}

/// In whose place a form is read before it is known who sends it.
fn nobody() -> Actor {
    Actor { person: "".into(), duty: String::new(), delegated_by: None, human: true }
}

enum Tried {
    Done(Vec<u8>),
    /// The case is not reached this way, or not on these terms.
    NotThisWay(Option<Error>),
}

/// What a command leaves: the payload of its event, and the result for whoever asked.
pub(crate) struct CarriedOut {
    pub events: Vec<u8>,
    pub result: Vec<u8>,
}

/// Whether a step or command asks a verdict.
pub(crate) fn asks(step: &Step, verdict: &str) -> bool {
    let named = |guards: &[(String, bool)]| guards.iter().any(|(name, _)| name == verdict);
    named(&step.guards) || step.outcomes.iter().any(|(_, guards)| named(guards))
}

/// Whether an act signs rulings.
pub(crate) fn rules(act: &Act) -> bool {
    matches!(act, Act::Decide { .. } | Act::Opine { .. })
}
