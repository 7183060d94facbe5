//! A case as it is kept: one row, in it sealed the parties and all events. The events are the case; the columns of the
//! row are what lists need of it.

use crate::decide::Opened;
use crate::error::{Error, Fault, Result};
use crate::office::{Office, course};
use crate::record::case_event::EventV1;
use anmin_authz::authority::DutyId;
use anmin_authz::id::{AreaId, Days, MatterId, PersonId};
use anmin_authz::resource::{Assignment, Authorisation, Cycle, ResourceFacts, Taken};
use anmin_authz::sensitivity::Sensitivity;
use anmin_base::date::Date;
use anmin_casework::case::Case;
use anmin_casework::event::Event;
use anmin_casework::kinds::Mark;
use anmin_casework::record::Person;
use anmin_casework::workflow::Workflow;
use anmin_store::{Id, Record};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Somebody in a case: the applicant, and each member of a collection the service asks about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PartyV1 {
    /// The person, 32 hexadecimal digits.
    #[schemars(regex(pattern = "^[0-9a-f]{32}$"))]
    pub person: String,
    /// As what: a collection of the service's facts (`members`, `obligors`).
    pub role: String,
}

/// The sealed part of a case's row.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SealedV1 {
    schema: String,
    /// The region whose rules hold; none outside all regions.
    region: Option<String>,
    parties: Vec<PartyV1>,
    /// How many events there were at each version of the row: what a stale form is told of the difference.
    lengths: Vec<u32>,
    /// Why a command was given, by the version it made, where it does not say so itself.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    why: BTreeMap<usize, String>,
    events: Vec<EventV1>,
}

const SCHEMA: &str = "anmin.case-file/1";

/// A case, open on the table.
#[derive(Debug)]
pub(crate) struct CaseFile {
    pub record: Record,
    pub opened: Arc<Opened>,
    pub workflow: Arc<Workflow>,
    pub case: Case,
    pub parties: Vec<PartyV1>,
    events: Vec<EventV1>,
    lengths: Vec<u32>,
    /// Reasons by version.
    pub reasons: BTreeMap<usize, String>,
    /// Files that come with a new case: their rows follow its own, before its evidence names them.
    pub handed: Vec<Record>,
}

/// What [`ResourceFacts`] borrow.
#[derive(Debug, Default)]
pub(crate) struct Ground {
    area: Option<AreaId>,
    applicant: Option<PersonId>,
    parties: Vec<PersonId>,
    kin: Vec<PersonId>,
    taken: Vec<Taken>,
    assigned: Vec<Assignment>,
    papers: Vec<(PersonId, PersonId, Days, Option<Date>)>,
    cycle: Option<Cycle>,
}

pub(crate) fn person_id(person: &Person) -> Option<PersonId> {
    Id::parse(&person.0).map(|id| PersonId(id.0))
}

impl CaseFile {
    /// A new case, before its row is in the database.
    pub fn begun(
        record: Record,
        opened: Arc<Opened>,
        workflow: Arc<Workflow>,
        case: Case,
        parties: Vec<PartyV1>,
    ) -> CaseFile {
        let (events, lengths, reasons) = (Vec::new(), Vec::new(), BTreeMap::new());
        let handed = Vec::new();
        CaseFile { record, opened, workflow, case, parties, events, lengths, reasons, handed }
    }

    /// Opens a row.
    pub fn read(office: &Office, record: Record) -> Result<CaseFile> {
        let corrupt = |what: String| Error::Fault(Fault::Broken(format!("case {}: {what}", record.id())));
        let sealed = record.secret("payload").ok_or_else(|| corrupt("no payload".into()))?;
        let sealed: SealedV1 = serde_json::from_slice(sealed.reveal()).map_err(|e| corrupt(e.to_string()))?;
        if sealed.schema != SCHEMA {
            return Err(corrupt(format!("schema {}", sealed.schema)));
        }
        let events: std::result::Result<Vec<Event>, _> =
            sealed.events.iter().cloned().map(Event::try_from).collect();
        let events = events.map_err(|e| corrupt(format!("{e:?}")))?;
        let case = Case::replay(&events).ok_or_else(|| corrupt("does not begin with its opening".into()))?;
        let pack = record.text("pack").unwrap_or_default().to_owned();
        let opened = office.opened(&pack, sealed.region.as_deref())?;
        let workflow = office.workflow(&opened, case.opened)?;
        let SealedV1 { parties, lengths, why: reasons, events, .. } = sealed;
        let handed = Vec::new();
        Ok(CaseFile { record, opened, workflow, case, parties, events, lengths, reasons, handed })
    }

    /// Why the next command is given.
    pub fn why(&mut self, why: Option<String>) {
        if let Some(why) = why {
            self.reasons.insert(self.lengths.len() + 1, why);
        }
    }

    /// Why steps were taken, by their place among those taken, from 0. Of several that were written at once, the reason is
    /// that of the commands which must give one.
    pub fn step_reasons(&self) -> BTreeMap<usize, String> {
        let steps = self.events.iter().enumerate().filter_map(|(at, event)| match event.clone().try_into() {
            Ok(Event::Stepped(taken)) => {
                let version =
                    self.lengths.iter().position(|length| at < *length as usize).map_or(0, |n| n + 1);
                Some((version, matches!(taken.step.as_str(), "assign" | "hand_over")))
            }
            _ => None,
        });
        let steps: Vec<(usize, bool)> = steps.collect();
        let alone = |version: usize| steps.iter().filter(|(other, _)| *other == version).count() == 1;
        let given = steps.iter().enumerate().filter(|(_, (version, must))| *must || alone(*version));
        given.filter_map(|(step, (version, _))| Some((step, self.reasons.get(version)?.clone()))).collect()
    }

    /// The case after a command. Its row is filled and not yet written.
    pub fn put(&mut self, case: Case, events: &[Event]) -> Result<()> {
        self.case = case;
        self.events.extend(events.iter().map(EventV1::from));
        self.lengths.push(u32::try_from(self.events.len()).unwrap_or(u32::MAX));
        let sealed = SealedV1 {
            schema: SCHEMA.into(),
            region: self.opened.region.clone(),
            parties: self.parties.clone(),
            lengths: self.lengths.clone(),
            why: self.reasons.clone(),
            events: std::mem::take(&mut self.events),
        };
        let bytes = serde_json::to_vec(&sealed).map_err(|e| Fault::Broken(e.to_string()))?;
        self.events = sealed.events;
        let due = self.due();
        let record = &mut self.record;
        record.set("payload", bytes);
        record.set("state", self.case.state.as_str());
        record.set("cycle", i64::from(self.case.cycle));
        record.set("mark", due.as_ref().map_or(0, |(_, _, mark)| mark_number(*mark)));
        record.set("due_on", due.as_ref().map(|(on, ..)| i64::from(on.days())));
        record.set("due_clock", due.map(|(_, clock, _)| clock));
        let worker = self.worker();
        self.record.set("assignee", worker);
        Ok(())
    }

    /// The clock that ends first of those that run, with the worst mark that was recorded.
    fn due(&self) -> Option<(Date, String, Mark)> {
        let running = self.case.clocks.iter().filter(|clock| clock.runs());
        let worst = running.clone().map(|clock| clock.mark).max()?;
        let first = running.min_by_key(|clock| clock.deadline.date)?;
        Some((first.deadline.date, first.name.clone(), worst))
    }

    /// Who has the case now: the holder of a duty that can take it on from its state, the latest given first.
    fn worker(&self) -> Option<String> {
        let steps: Vec<_> = self.workflow.steps_from(&self.case.state).collect();
        let wanted = |duty: &String| steps.iter().any(|step| step.to.is_some() && step.by.contains(duty));
        let holders = self.case.holders.iter().rev();
        holders.filter(|(duty, _)| wanted(duty)).map(|(_, person)| person.0.clone()).next()
    }

    /// The case's identifier.
    pub fn id(&self) -> Id {
        self.record.id()
    }

    /// The version a form has to name.
    pub fn version(&self) -> i64 {
        self.record.version()
    }

    /// The events since a version, for whoever was second.
    pub fn since(&self, version: i64) -> Vec<Event> {
        let at = usize::try_from(version).ok().and_then(|v| v.checked_sub(1));
        let from = at.and_then(|at| self.lengths.get(at)).map_or(0, |length| *length as usize);
        let events = self.events.iter().skip(from).cloned();
        events.filter_map(|event| Event::try_from(event).ok()).collect()
    }

    /// Everybody in it: the applicant, the adults, the parties.
    pub fn people(&self) -> Vec<Id> {
        let mut people: Vec<Id> = self.record.link("applicant").into_iter().collect();
        let parties = self.parties.iter().filter_map(|party| Id::parse(&party.person));
        let adults = self.case.adults.iter().filter_map(|adult| Id::parse(&adult.0));
        for person in parties.chain(adults) {
            if !people.contains(&person) {
                people.push(person);
            }
        }
        people
    }

    /// What authority needs to know of it. The database has already kept apart who is to be kept apart.
    pub fn ground(&self, office: &Office) -> Ground {
        let authority = office.authority();
        let matter = MatterId(self.id().0);
        let taken = self.case.done.iter().filter_map(|done| {
            let duty: DutyId = authority.duty(&done.duty)?;
            let cycle = Cycle { matter, number: done.cycle };
            Some(Taken { cycle, person: person_id(&done.person)?, duty })
        });
        let assigned = self.case.holders.iter().filter_map(|(_, person)| person_id(person));
        let papers = self.case.authorities.iter().filter_map(|a| {
            let days = Days::between(a.on, a.on.add_years(1));
            Some((person_id(&a.signer)?, person_id(&a.subject)?, days, a.revoked))
        });
        Ground {
            area: self.record.link("area").map(|id| AreaId(id.0)),
            applicant: self.record.link("applicant").map(|id| PersonId(id.0)),
            parties: self.people().into_iter().map(|id| PersonId(id.0)).collect(),
            kin: self.case.bars.iter().filter_map(|bar| person_id(&bar.person)).collect(),
            taken: taken.collect(),
            assigned: assigned
                .map(|person| Assignment { person, days: Days::since(self.case.opened) })
                .collect(),
            papers: papers.collect(),
            cycle: Some(Cycle { matter, number: self.case.cycle }),
        }
    }

    /// How sensitive it is.
    pub fn sensitivity(&self) -> Sensitivity {
        sensitivity(self.record.int("sensitivity").unwrap_or(4))
    }
}

pub(crate) fn sensitivity(level: i64) -> Sensitivity {
    match level {
        0 => Sensitivity::P0,
        1 => Sensitivity::P1,
        2 => Sensitivity::P2,
        3 => Sensitivity::P3,
        _ => Sensitivity::P4,
    }
}

impl Ground {
    /// The papers as facts can borrow them: one for each authority given, for every source there is.
    pub fn authorisations<'a>(
        &'a self,
        sources: &'a [anmin_authz::authority::SourceId],
    ) -> Vec<Authorisation<'a>> {
        let of =
            |(signer, covers, days, revoked): &'a (PersonId, PersonId, Days, Option<Date>)| Authorisation {
                id: anmin_authz::id::PaperId(covers.0),
                signer: *signer,
                covers: std::slice::from_ref(covers),
                sources,
                days: *days,
                revoked: *revoked,
            };
        self.papers.iter().map(of).collect()
    }

    /// The facts of the whole case, about its applicant.
    pub fn facts<'a>(&'a self, file: &CaseFile, office: &Office) -> ResourceFacts<'a> {
        let service = &file.opened.loaded;
        let authority = office.authority();
        ResourceFacts {
            area: self.area,
            subject: service.service.subject.as_deref().and_then(|name| authority.subject(name)),
            service: authority.service(&service.name),
            sensitivity: file.sensitivity(),
            matter: self.cycle,
            about: self.applicant,
            applicant: self.applicant,
            parties: Some(&self.parties),
            kin: Some(&self.kin),
            kept_apart: Some(&[]),
            assigned: &self.assigned,
            taken: Some(&self.taken),
            ..ResourceFacts::default()
        }
    }

    /// The first person whose means may be checked: whom a check is about.
    pub fn checked(&self) -> Option<PersonId> {
        self.papers.first().map(|(_, covers, ..)| *covers)
    }
}

/// The course's hash, for the column of the row.
pub(crate) fn workflow_hash(opened: &Opened) -> Result<String> {
    Ok(course(opened)?.hash.clone())
}

/// Marks as lists order them: 0 green, 3 overdue.
pub(crate) fn mark_number(mark: Mark) -> i64 {
    Mark::ALL.iter().position(|(_, known)| *known == mark).map_or(0, |at| at as i64)
}
