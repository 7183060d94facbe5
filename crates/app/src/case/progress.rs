//! How a case stands, for the one it is about: in plain words, since when, who has it and how to reach them, the days that
//! run, and what the one who asks can do now.

use super::file::{CaseFile, person_id};
use super::stages::{StageV1, stages};
use crate::error::{Error, Refusal, Result};
use crate::office::{Now, Office, Order};
use crate::people::is_resident;
use crate::record::TextV1;
use crate::record::words::text;
use anmin_authz::id::{AreaId, UnitId};
use anmin_base::date::Date;
use anmin_casework::kinds::ActKind;
use anmin_casework::record::Clock;
use anmin_casework::workflow::{Label, Step};
use anmin_store::Id;
use schemars::JsonSchema;
use serde::Serialize;

/// How a case stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ProgressV1 {
    /// The case.
    pub case: String,
    /// Its number for people.
    pub number: String,
    /// The version a form has to name.
    pub version: i64,
    /// The service.
    pub service: String,
    /// Its name.
    pub service_name: TextV1,
    /// Its state, by name.
    pub state: String,
    /// Its state, as the office calls it.
    pub state_name: TextV1,
    /// Where it stands and what comes next, in plain words.
    pub told: TextV1,
    /// Since when it has been in this state.
    pub since: String,
    /// It is at its end.
    pub ended: bool,
    /// The day the papers were handed in.
    pub received_on: String,
    /// The day it was accepted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub accepted_on: Option<String>,
    /// The stages of the whole.
    pub stages: Vec<StageV1>,
    /// Who has it now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub with: Option<DeskV1>,
    /// The days that run, the nearest first.
    pub days: Vec<RunningV1>,
    /// What the one written notice said was missing, while it is.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub missing: Vec<String>,
    /// The sources that said something else than was declared, where that was told and no opinion has been given on it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub differs: Vec<SourceNamedV1>,
    /// What the one who asks can do now.
    pub can: Vec<CanV1>,
    /// What was done, the latest last.
    pub history: Vec<DoneV1>,
}

/// An office, and how to reach it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct DeskV1 {
    /// Its name.
    pub name: String,
    /// Its telephone.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub phone: String,
    /// Where it is.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub address: String,
}

/// A period that runs or stands still.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct RunningV1 {
    /// What for.
    pub label: TextV1,
    /// The last day.
    pub until: String,
    /// The year's holidays are not announced yet: the day may still move.
    pub provisional: bool,
    /// It is the one who applied who has to do something by then.
    pub yours: bool,
    /// It stands still on a ground of the law.
    pub suspended: bool,
    /// It was made longer.
    pub extended: bool,
}

/// A source that is asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct SourceNamedV1 {
    /// Its name for programs.
    pub source: String,
    /// What people read.
    pub label: TextV1,
}

/// Something that can be done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct CanV1 {
    /// The step.
    pub step: String,
    /// What people read.
    pub label: TextV1,
    /// What kind of step it is: the `act` that goes with it.
    pub act: &'static str,
    /// The kinds of evidence that go with it.
    pub evidence: Vec<String>,
}

/// Something that was done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct DoneV1 {
    /// When.
    pub on: String,
    /// What.
    pub label: TextV1,
    /// As what: never a name.
    pub by: TextV1,
}

impl Office {
    /// How a case stands, for the one it is about or who helps them.
    ///
    /// # Errors
    /// Not there or not for the caller; or a fault.
    pub async fn progress(&self, order: &Order<'_>, case: Id) -> Result<ProgressV1> {
        let file = self.seen(order, case).await?.ok_or_else(Refusal::not_found)?;
        let (scope, _) = self.looking(order)?;
        let allowed = self.judged(order, &file, &scope, None).await?;
        let veil = self.veil(&allowed);
        let state = file.workflow.state(&file.case.state);
        let named = |label: &Label| TextV1 { zh: label.zh.clone(), en: label.en.clone() };
        let state_name = state.map(|state| named(&state.named.label)).unwrap_or_default();
        let supplementing = file.workflow.steps_from(&file.case.state).any(|step| is_supply(&file, step));
        let missing = file.case.supplement.clone().filter(|_| supplementing && veil.whole("papers"));
        Ok(ProgressV1 {
            case: file.id().to_string(),
            number: file.record.text("number").unwrap_or_default().to_owned(),
            version: file.version(),
            service: file.opened.loaded.name.clone(),
            service_name: TextV1::from(&file.opened.loaded.service.name),
            state: file.case.state.clone(),
            told: state.and_then(|s| s.told.as_ref()).map_or_else(|| state_name.clone(), named),
            state_name,
            since: since(&file).to_string(),
            ended: state.is_some_and(|state| state.last),
            received_on: file.case.opened.to_string(),
            accepted_on: file.case.accepted.map(|day| day.to_string()),
            stages: stages(&file.workflow, &file.case.state),
            with: self.desk_of(&file, order.now),
            days: running(&file),
            missing: missing.unwrap_or_default(),
            differs: if veil.whole("check_result") { self.differs(&file) } else { Vec::new() },
            can: self.can(order, &file).await?,
            history: history(&file),
        })
    }

    /// The office that has a case now: of whoever holds the next duty, else the nearest that has it.
    pub(crate) fn desk_of(&self, file: &CaseFile, now: Now) -> Option<DeskV1> {
        let rights = self.rights();
        let accepting = || file.record.link("unit").map(|id| UnitId(id.0));
        let unit = self.next_unit(file, now).or_else(accepting)?;
        let entry = rights.unit_entry(unit)?;
        Some(DeskV1 { name: entry.name.clone(), phone: entry.phone.clone(), address: entry.address.clone() })
    }

    fn next_unit(&self, file: &CaseFile, now: Now) -> Option<UnitId> {
        let staff = |duty: &String| file.workflow.duty(duty).is_some_and(|duty| duty.staff);
        let moves = |step: &&Step| step.to.is_some() || step.ends.is_some();
        let duty = {
            let steps = file.workflow.steps_from(&file.case.state);
            steps.filter(moves).flat_map(|step| &step.by).find(|duty| staff(duty))?
        };
        let rights = self.rights();
        let held =
            file.case.holders.iter().find(|(held, _)| held == duty).and_then(|(_, who)| person_id(who));
        let of_holder = held.and_then(|who| {
            let posts = rights.posts_of(who);
            posts.iter().find(|post| post.days().hold(now.on)).map(|post| post.unit())
        });
        if of_holder.is_some() {
            return of_holder;
        }
        let authority = self.authority();
        let duty = authority.duty(duty)?;
        let actions: Vec<_> = authority.actions_taking(duty).collect();
        let area = file.record.link("area").map(|id| AreaId(id.0))?;
        rights.areas.line(area, now.on).find_map(|area| {
            let posts = rights.posts.values().flatten();
            let mut here = posts.filter(|post| post.area() == area && post.days().hold(now.on));
            let has = |post: &&anmin_authz::post::Post| {
                actions.iter().any(|action| authority.permits(post.role(), *action).next().is_some())
            };
            here.find(has).map(|post| post.unit())
        })
    }

    /// The sources that differ, from the day that is told until an opinion rests on it.
    fn differs(&self, file: &CaseFile) -> Vec<SourceNamedV1> {
        let case = &file.case;
        let open = file.workflow.steps_from(&case.state).any(|step| step.act == ActKind::Explain);
        let told = case.checks.iter().filter(|check| open && check.told && check.cycle == case.cycle);
        let differ = |(source, answer): &(String, Option<_>)| {
            (*answer == Some(anmin_casework::record::Answer::Differs)).then(|| source.clone())
        };
        let mut names: Vec<String> = told.flat_map(|check| check.sources.iter().filter_map(differ)).collect();
        names.sort_unstable();
        names.dedup();
        let known = &self.authority().parts().sources;
        let named = |source: String| {
            let label = known.iter().find(|known| known.name == source);
            let label = label.map_or_else(|| text(&source, &source), |l| text(&l.zh, &l.en));
            SourceNamedV1 { source, label }
        };
        names.into_iter().map(named).collect()
    }

    /// The steps of the state that the caller may take and that have a point now.
    async fn can(&self, order: &Order<'_>, file: &CaseFile) -> Result<Vec<CanV1>> {
        let mut can = Vec::new();
        if !is_resident(order) {
            return Ok(can);
        }
        for step in file.workflow.steps_from(&file.case.state) {
            if !has_a_point(file, step, order) {
                continue;
            }
            let about =
                matches!(step.act, ActKind::Authorise | ActKind::Revoke).then_some(order.caller.person);
            let Ok(ways) = self.ways(order, &file.workflow, &step.by, step.act.name(), None) else {
                continue;
            };
            let mut reached = false;
            for way in &ways {
                match self.judged(order, file, &way.scope, about).await {
                    Ok(_) => reached = true,
                    Err(Error::Refusal(_)) => {}
                    Err(fault) => return Err(fault),
                }
            }
            if reached {
                can.push(CanV1 {
                    step: step.named.name.clone(),
                    label: TextV1 { zh: step.named.label.zh.clone(), en: step.named.label.en.clone() },
                    act: step.act.name(),
                    evidence: step.evidence.clone(),
                });
            }
        }
        Ok(can)
    }
}

/// Handing in what is missing: a plain step of the person out of the state that waits for it.
fn is_supply(file: &CaseFile, step: &Step) -> bool {
    let asked = file.workflow.steps.iter().find(|step| step.act == ActKind::Supplement);
    let waits = asked.and_then(|step| step.to.as_ref());
    step.act == ActKind::Plain && waits.is_some_and(|state| *state == file.case.state) && step.to.is_some()
}

/// Signing what is signed already, or explaining what nobody asked, has no point; an objection is other people's.
fn has_a_point(file: &CaseFile, step: &Step, order: &Order<'_>) -> bool {
    let case = &file.case;
    let me = Id(order.caller.person.0).to_string();
    let signed = case.authorities.iter().any(|given| given.subject.0 == me && given.revoked.is_none());
    match step.act {
        ActKind::Authorise => !signed,
        ActKind::Revoke => signed,
        ActKind::Explain => case.checks.iter().any(|check| check.told && check.cycle == case.cycle),
        ActKind::Object => false,
        _ => true,
    }
}

/// The day of the last step that led here: steps that stay do not count.
fn since(file: &CaseFile) -> Date {
    let moved = file.case.taken.iter().rev().find(|taken| {
        let step = file.workflow.step(&taken.step);
        step.is_some_and(|step| step.to.as_ref().or(step.ends.as_ref()) == Some(&file.case.state))
    });
    moved.map_or(file.case.opened, |taken| taken.on)
}

fn running(file: &CaseFile) -> Vec<RunningV1> {
    let open = file.case.clocks.iter().filter(|clock| clock.stopped.is_none());
    let told = |clock: &Clock| {
        let rule = file.workflow.clock(&clock.name)?;
        let yours = rule.stops.iter().filter_map(|step| file.workflow.step(step)).any(|step| {
            let own = |duty: &String| file.workflow.duty(duty).is_some_and(|duty| !duty.staff);
            !matches!(step.act, ActKind::Withdraw) && step.by.iter().any(own)
        });
        Some(RunningV1 {
            label: TextV1 { zh: rule.named.label.zh.clone(), en: rule.named.label.en.clone() },
            until: clock.deadline.date.to_string(),
            provisional: clock.deadline.provisional,
            yours,
            suspended: clock.suspended.is_some(),
            extended: clock.extended.is_some(),
        })
    };
    let mut all: Vec<RunningV1> = open.filter_map(told).collect();
    all.sort_by(|a, b| (!a.yours, &a.until).cmp(&(!b.yours, &b.until)));
    all
}

fn history(file: &CaseFile) -> Vec<DoneV1> {
    let label = |name: &str| {
        let steps = file.workflow.steps.iter().map(|step| &step.named);
        let found = steps.chain(&file.workflow.off).find(|named| named.name == name);
        let label = found.map(|named| TextV1 { zh: named.label.zh.clone(), en: named.label.en.clone() });
        label.or_else(|| crate::record::words::command_label(name))
    };
    let done = file.case.taken.iter().filter_map(|taken| {
        let duty = file.workflow.duty(&taken.by.duty);
        let by = duty.map(|duty| TextV1 { zh: duty.named.label.zh.clone(), en: duty.named.label.en.clone() });
        Some(DoneV1 { on: taken.on.to_string(), label: label(&taken.step)?, by: by.unwrap_or_default() })
    });
    done.collect()
}
