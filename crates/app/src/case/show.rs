//! Looking at cases: one whole, or a list of those that wait. Whoever looks leaves a trace before anything is shown, and
//! sees what the terms of the permit let them see.

use super::file::{CaseFile, person_id};
use super::stages::{StageV1, stages};
use crate::error::{Error, Refusal, Result};
use crate::mask::Veil;
use crate::office::{Office, Order, date};
use crate::people::{PersonRecord, PersonV1};
use crate::record::TextV1;
use crate::record::case_view::{CaseViewV1, case_view};
use anmin_authz::authority::Capacity;
use anmin_authz::decide::Decision;
use anmin_authz::id::AreaId;
use anmin_authz::resource::ResourceFacts;
use anmin_authz::scope::Scope as AuthzScope;
use anmin_casework::kinds::Mark;
use anmin_store::{Find, Id, Record, Scope, table};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A case, as somebody sees it.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct SeenCaseV1 {
    /// Its identifier.
    pub id: String,
    /// Its number for people.
    pub number: String,
    /// The version a form has to name.
    pub version: i64,
    /// The service.
    pub service: String,
    /// Its name.
    pub service_name: TextV1,
    /// The area answerable for it.
    pub area: AreaV1,
    /// The unit that accepts it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// Everybody in it, as far as they may be seen.
    pub people: Vec<PartySeenV1>,
    /// Its course.
    pub course: CaseViewV1,
    /// Where it stands on its usual course.
    pub stages: Vec<StageV1>,
    /// The names of those who work on it, by person.
    pub staff: BTreeMap<String, String>,
    /// Why commands were given that do not say so themselves, by the version each made; for staff.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub reasons: BTreeMap<usize, String>,
    /// The same by the place of the step in `course.taken`, from 0.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub step_reasons: BTreeMap<usize, String>,
    /// The mask under which it is shown.
    pub mask: String,
}

/// An area.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct AreaV1 {
    /// Its identifier.
    pub id: String,
    /// Its name.
    pub name: String,
}

/// Somebody in a case.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct PartySeenV1 {
    /// As what: the applicant, or collections of the service's facts.
    pub roles: Vec<String>,
    /// Who.
    pub person: PersonV1,
}

/// What a list of cases is asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ListV1 {
    /// Only of this service.
    pub service: Option<String>,
    /// Only in this state.
    pub state: Option<String>,
    /// Only under this area, itself included.
    #[schemars(regex(pattern = "^[0-9a-f]{32}$"))]
    pub area: Option<String>,
    /// One of the tabs of the list of work, whose filter holds besides: [`Office::queues`].
    pub queue: Option<String>,
    /// Only what is mine to take on.
    #[serde(default)]
    pub mine: bool,
    /// Only what nobody has to take on.
    #[serde(default)]
    pub unassigned: bool,
    /// Only with this mark at least: `amber`, `red`, `overdue`.
    #[schemars(extend("enum" = ["green", "amber", "red", "overdue", null]))]
    pub mark: Option<String>,
    /// Only what is due by this day.
    #[schemars(extend("format" = "date"))]
    pub due_by: Option<String>,
    /// Only the case of this number.
    pub number: Option<String>,
    /// Only applicants whose name begins so.
    pub name: Option<String>,
    /// Only with somebody whom this means: how a name begins or sounds (`zs`, `zhangs`), an identity number or its last six
    /// characters, a telephone number; or the case of this number.
    pub who: Option<String>,
    /// In which order: `due`, what is due first, which is meant where neither it nor the queue says; `received`, what was handed in first;
    /// `latest`, what was handed in last.
    #[schemars(extend("enum" = ["due", "received", "latest", null]))]
    pub order: Option<String>,
    /// What came after this: the `next` of the page before, in the same order.
    pub after: Option<String>,
    /// How many, 1 to 100; 25 where it is not said.
    #[schemars(range(min = 1, max = 100))]
    pub limit: Option<u32>,
}

/// One page of a list.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct PageV1 {
    /// The cases, in the order that was asked for.
    pub cases: Vec<LineV1>,
    /// Where the next page begins; none at the end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// One case in a list.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct LineV1 {
    /// Its identifier.
    pub id: String,
    /// Its number for people.
    pub number: String,
    /// The applicant, as far as they may be seen.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The service.
    pub service: String,
    /// Its state, by name.
    pub state: String,
    /// Its state.
    pub state_name: TextV1,
    /// The name of the area.
    pub area: String,
    /// The unit that accepts it: where one asks about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// The day the papers were handed in.
    pub received_on: String,
    /// The first day something is due.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due_on: Option<String>,
    /// The clock that is due then.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due_clock: Option<String>,
    /// `green`, `amber`, `red` or `overdue`.
    pub mark: String,
    /// Whether it is mine to take on.
    pub mine: bool,
    /// Who has it to take on; for staff.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub holder: Option<String>,
    /// The area above its own.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub township: String,
    /// The version a command has to name.
    pub version: i64,
}

impl Office {
    /// The ways in which the caller may look at cases, their own affairs or their post's.
    pub(super) fn looks(&self, order: &Order<'_>, staff: &str) -> Result<AuthzScope> {
        let action = match order.caller.capacity {
            Capacity::Resident => "progress_read",
            _ => staff,
        };
        Ok(self.scope(order.caller, self.action(action)?, order.purpose, order.now)?.0)
    }

    /// What the caller may look at, and the purpose it is for.
    pub(crate) fn looking(&self, order: &Order<'_>) -> Result<(AuthzScope, String)> {
        let scope = self.looks(order, "case_read")?;
        let purpose = purpose(self, &scope);
        Ok((scope, purpose))
    }

    /// A case the caller can see; none where they cannot.
    pub(crate) async fn seen(&self, order: &Order<'_>, case: Id) -> Result<Option<CaseFile>> {
        let scope = match self.looks(order, "case_read") {
            Ok(scope) => scope,
            Err(Error::Refusal(_)) => return Ok(None),
            Err(fault) => return Err(fault),
        };
        let purpose = purpose(self, &scope);
        let (scope, at) = (Scope::from_authz(&scope, self.authority()), order.now.at);
        match self.inner.store.read_one(&scope, &purpose, at, &table::CASE_FILE, case).await {
            Ok(record) => Ok(Some(CaseFile::read(self, record)?)),
            Err(anmin_store::Error::Refusal(_)) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// A case as the caller may see it.
    ///
    /// # Errors
    /// Not there or not for them; or a fault.
    pub async fn show_case(&self, order: &Order<'_>, case: Id) -> Result<SeenCaseV1> {
        let scope = self.looks(order, "case_read")?;
        let purpose = purpose(self, &scope);
        let (rows, at) = (Scope::from_authz(&scope, self.authority()), order.now.at);
        let mut look = self.inner.store.look(&rows, &purpose, at);
        let record = look.one(&table::CASE_FILE, case).await?.ok_or_else(Refusal::not_found)?;
        let file = CaseFile::read(self, record)?;
        let allowed = self.judged(order, &file, &scope, None).await?;
        let veil = Veil { authority: self.authority(), allowed: &allowed };
        let persons = look.find(&Find::all(&table::PERSON).ids(&file.people()).limit(100)).await?;
        let mut people = Vec::new();
        for record in persons {
            let id = record.id();
            let person = PersonRecord::read(record)?.seen(&veil);
            people.push(PartySeenV1 { roles: roles(&file, id), person });
        }
        people.sort_by_key(|party| !party.roles.iter().any(|role| role == "applicant"));
        let rights = self.rights();
        let area = AreaId(file.record.link("area").map_or(0, |id| id.0));
        let unit = file.record.link("unit").map(|id| anmin_authz::id::UnitId(id.0));
        let mut course = case_view(&file.case, &file.workflow, order.now.on, self.calendar());
        veil.course(&mut course);
        let seen = SeenCaseV1 {
            id: file.id().to_string(),
            number: file.record.text("number").unwrap_or_default().to_owned(),
            version: file.version(),
            service: file.opened.loaded.name.clone(),
            service_name: TextV1::from(&file.opened.loaded.service.name),
            area: AreaV1 { id: Id(area.0).to_string(), name: rights.area_name(area).to_owned() },
            unit: unit.map(|unit| rights.unit_name(unit).to_owned()),
            people,
            stages: stages(&file.workflow, &file.case.state),
            staff: self.staff_in(&file),
            course,
            reasons: if allowed.post.is_some() { file.reasons.clone() } else { BTreeMap::new() },
            step_reasons: if allowed.post.is_some() { file.step_reasons() } else { BTreeMap::new() },
            mask: self.authority().parts().masks[allowed.mask.0].named.name.clone(),
        };
        Ok(look.release(seen).await?)
    }

    /// The names of staff who have or had a hand in a case.
    fn staff_in(&self, file: &CaseFile) -> BTreeMap<String, String> {
        let case = &file.case;
        let holders = case.holders.iter().map(|(_, person)| person);
        let took = case.taken.iter().map(|taken| &taken.by.person);
        let visited = case.visits.iter().flat_map(|visit| &visit.visitors);
        let others = case.bars.iter().map(|bar| &bar.person).chain(case.kin.iter().map(|kin| &kin.staff));
        let rights = self.rights();
        let all = holders.chain(took).chain(visited).chain(others);
        all.filter_map(|person| {
            let name = rights.name_of(person_id(person)?)?;
            Some((person.0.clone(), name.to_owned()))
        })
        .collect()
    }

    pub(crate) fn line(&self, order: &Order<'_>, scope: &AuthzScope, record: &Record) -> LineV1 {
        let text = |column: &str| record.text(column).unwrap_or_default().to_owned();
        let rights = self.rights();
        let area = AreaId(record.link("area").map_or(0, |id| id.0));
        let day = |column: &str| date(record, column).map(|day| day.to_string());
        let (service, state) = (text("pack"), text("state"));
        let received = date(record, "received_on").unwrap_or(order.now.on);
        let region = self.region_of(area, received);
        let workflow =
            self.opened(&service, region.as_deref()).and_then(|opened| self.workflow(&opened, received));
        let label = workflow.ok().and_then(|workflow| workflow.state(&state).map(|s| s.named.label.clone()));
        let mark = usize::try_from(record.int("mark").unwrap_or(0)).unwrap_or(0);
        let caller = Id(order.caller.person.0);
        let holder = record.link("assignee").filter(|_| !order.caller.is_resident());
        let holder = holder.and_then(|id| rights.name_of(anmin_authz::id::PersonId(id.0)));
        let township = rights.areas.line(area, order.now.on).nth(1);
        LineV1 {
            id: record.id().to_string(),
            number: text("number"),
            name: self.name(order, scope, record),
            state_name: label.map_or(TextV1::default(), |label| TextV1 { zh: label.zh, en: label.en }),
            service,
            state,
            area: rights.area_name(area).to_owned(),
            unit: record
                .link("unit")
                .map(|unit| rights.unit_name(anmin_authz::id::UnitId(unit.0)).to_owned()),
            received_on: received.to_string(),
            due_on: day("due_on"),
            due_clock: record.text("due_clock").map(str::to_owned),
            mark: Mark::ALL.get(mark).map_or("overdue", |(name, _)| name).to_owned(),
            mine: record.link("assignee") == Some(caller),
            holder: holder.map(str::to_owned),
            township: township.map(|area| rights.area_name(area).to_owned()).unwrap_or_default(),
            version: record.version(),
        }
    }

    /// The applicant's name as the terms for this one row show it. The database has already answered for what the row
    /// does not carry: relatives, duties done, who is kept apart.
    fn name(&self, order: &Order<'_>, scope: &AuthzScope, record: &Record) -> Option<String> {
        let authority = self.authority();
        let assigned = [anmin_authz::resource::Assignment {
            person: order.caller.person,
            days: anmin_authz::id::Days::since(order.now.on),
        }];
        let applicant = record.link("applicant").map(|id| anmin_authz::id::PersonId(id.0));
        let facts = ResourceFacts {
            area: record.link("area").map(|id| AreaId(id.0)),
            subject: record.text("subject").and_then(|name| authority.subject(name)),
            service: authority.service(record.text("pack").unwrap_or_default()),
            sensitivity: super::file::sensitivity(record.int("sensitivity").unwrap_or(4)),
            about: applicant,
            applicant,
            parties: Some(&[]),
            kin: Some(&[]),
            kept_apart: Some(&[]),
            taken: Some(&[]),
            assigned: if record.link("assignee") == Some(Id(order.caller.person.0)) {
                &assigned
            } else {
                &[]
            },
            ..ResourceFacts::default()
        };
        let rights = self.rights();
        let Decision::Allow(allowed) = scope.judge(&facts, &self.ctx(&rights, order.now)) else {
            // Assigned in another duty than the one at work: the name stays masked.
            return record.text("name").map(anmin_base::mask::name);
        };
        let veil = Veil { authority, allowed: &allowed };
        record.text("name").and_then(|name| veil.text("name", name))
    }
}

pub(super) fn purpose(office: &Office, scope: &AuthzScope) -> String {
    match scope.holder() {
        anmin_authz::scope::Holder::Person { purpose, .. } => {
            office.authority().parts().purposes[purpose.0].named.name.clone()
        }
        anmin_authz::scope::Holder::Job(job) => job.name().into(),
    }
}

fn roles(file: &CaseFile, person: Id) -> Vec<String> {
    let text = person.to_string();
    let applicant = (file.record.link("applicant") == Some(person)).then(|| "applicant".to_owned());
    let parties = file.parties.iter().filter(|party| party.person == text).map(|party| party.role.clone());
    applicant.into_iter().chain(parties).collect()
}
