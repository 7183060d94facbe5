//! Opening a case: papers are handed in (收件), or a benefit granted before is carried over.

use super::file::{CaseFile, PartyV1, workflow_hash};
use super::may::case_person;
use super::weigh::Weighed;
use crate::error::{Error, Kind, Refusal, Result};
use crate::office::{Now, Office, Order};
use crate::people::{PersonRecord, is_resident, wrong};
use crate::record::FieldError;
use crate::record::act::{ActV1, EvidenceV1, TakeV1};
use anmin_authz::id::AreaId;
use anmin_authz::scope::SystemJob;
use anmin_base::date::Date;
use anmin_casework::apply::{self, Begin, Circumstances, Verdicts};
use anmin_casework::record::Person;
use anmin_store::{
    Begun, Find, Id, NewJob, Record, Refusal as StoreRefusal, Rule, Scope, Stream, Value, Work, table,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A case to open.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewCaseV1 {
    /// The service.
    pub service: String,
    /// What is applied for; none given: the service itself.
    #[serde(default)]
    pub programmes: Vec<String>,
    /// The step that opens it; `receive` where it is not said.
    #[serde(default = "receive")]
    pub step: String,
    /// The area answerable for it.
    #[schemars(regex(pattern = "^[0-9a-f]{32}$"))]
    pub area: String,
    /// Who applies.
    #[schemars(regex(pattern = "^[0-9a-f]{32}$"))]
    pub applicant: String,
    /// The household living together, if the service is about one.
    #[serde(default)]
    #[schemars(regex(pattern = "^[0-9a-f]{32}$"))]
    pub household: Option<String>,
    /// Everybody in it, with the collection of facts they belong to.
    pub parties: Vec<PartyV1>,
    /// Papers handed in.
    #[serde(default)]
    pub evidence: Vec<EvidenceV1>,
    /// The duty class it is taken in; may be left out.
    #[serde(default)]
    pub duty: Option<String>,
}

fn receive() -> String {
    "receive".into()
}

/// The age from which somebody signs for themself (Civil Code, articles 17 and 18).
const ADULT: i32 = 18;
/// More people in one case than any household has.
const MOST_PARTIES: usize = 60;

impl Office {
    /// Opens a case. The result is a [`super::ChangedV1`].
    ///
    /// # Errors
    /// What is wrong in the form, not permitted, not as things are, or a fault.
    pub async fn open_case(&self, order: &Order<'_>, input: NewCaseV1) -> Result<Vec<u8>> {
        let drawn = Id::at(order.now.at);
        let number = case_number(order.now.on, Id::at(order.now.at).0);
        self.open_case_named(order, input, drawn, number).await
    }

    /// Opens a case under this name and number.
    ///
    /// # Errors
    /// As [`Office::open_case`].
    pub(crate) async fn open_case_named(
        &self,
        order: &Order<'_>,
        input: NewCaseV1,
        id: Id,
        number: String,
    ) -> Result<Vec<u8>> {
        let ids = Ids::read(&input)?;
        let now = order.now;
        let region = self.region_of(ids.area, now.on);
        let opened = self.opened(&input.service, region.as_deref())?;
        let workflow = self.workflow(&opened, now.on)?;
        let Some(step) = workflow.step(&input.step).filter(|step| step.from.is_empty()) else {
            let refusal = anmin_casework::refusal::Refusal::UnknownStep { step: input.step.clone() };
            return Err(Error::of_case(&refusal, &workflow));
        };
        for programme in &input.programmes {
            self.opened(programme, region.as_deref())?;
        }
        let ways = self.ways(order, &workflow, &step.by, step.act.name(), input.duty.as_deref())?;
        let people = self.people(order, &ids).await?;
        let form =
            TakeV1 { step: input.step.clone(), with: opening(step.act), evidence: input.evidence.clone() };
        let mut denied: Error = Refusal::not_found().into();
        for way in &ways {
            let scope = Scope::from_authz(&way.scope, self.authority());
            let purpose = &self.authority().parts().purposes[way.purpose.0].named.name;
            let command = anmin_store::Command {
                scope: &scope,
                name: &input.step,
                purpose,
                at: now.at,
                request: order.request,
            };
            let mut work = match self.inner.store.begin(command).await? {
                Begun::Before(bytes) => return Ok(bytes),
                Begun::New(work) => work,
            };
            let row = NewRow {
                id,
                number: &number,
                area: ids.area,
                applicant: (ids.applicant, &people.name),
                household: ids.household,
                service: &input.service,
            };
            let record = self.case_row(&row, &opened, now)?;
            let by = anmin_casework::record::Actor {
                person: case_person(order.caller.person),
                duty: way.duty.clone(),
                delegated_by: None,
                human: true,
            };
            let take = form.clone().into_take(by)?;
            let programmes = match input.programmes.is_empty() {
                true => vec![input.service.clone()],
                false => input.programmes.clone(),
            };
            let unit = input.household.clone().unwrap_or_else(|| input.applicant.clone());
            let begin = Begin { unit, adults: people.adults.clone(), programmes, take };
            let none = Verdicts::new();
            let circumstances = Circumstances { today: now.on, calendar: self.calendar(), verdicts: &none };
            let opened_case = apply::open(&workflow, &begin, &circumstances);
            let (case, events) = opened_case.map_err(|refusal| Error::of_case(&refusal, &workflow))?;
            let mut file = CaseFile::begun(
                record,
                opened.clone(),
                workflow.clone(),
                case.clone(),
                input.parties.clone(),
            );
            // Before anybody holds it: whoever opens it must be allowed to for other reasons.
            file.case.holders.clear();
            file.case.done.clear();
            let may = match is_resident(order) {
                // There is no case yet to ask about: how they stand to the applicant decides.
                true => self.terms(order, &way.scope, ids.applicant).await.map(|_| ()),
                false => self.judge(&file, &way.scope, now).map(|_| ()),
            };
            if let Err(error) = may {
                denied = error;
                continue;
            }
            let weighed = Weighed::default();
            let kept = self.keep(&mut work, &mut file, case, &events, &weighed, now, None).await?;
            self.parties(&mut work, &file).await?;
            let id = file.id().to_string();
            let job = NewJob { kind: super::KIN_MATCHING, key: &id, payload: id.as_bytes(), run_at: now.at };
            work.enqueue(&job).await?;
            work.commit(Stream { kind: "case", id: &id }, &kept.events, &kept.result).await?;
            return Ok(kept.result);
        }
        Err(denied)
    }

    /// The people in it, as the register has them, and who of them is an adult. Whoever opens a case reaches people it
    /// is not about yet only as who looks people up does.
    async fn people(&self, order: &Order<'_>, ids: &Ids) -> Result<People> {
        let now = order.now;
        let everybody = ids.everybody();
        let find = Find::all(&table::PERSON).ids(&everybody).limit(1000);
        let found = match is_resident(order) {
            true => self.family(order, ids, &find).await?,
            false => {
                let (scope, purpose) = self.first_scope(order, &["person_find"])?;
                let rows = Scope::from_authz(&scope, self.authority());
                self.inner.store.read_personal(&rows, &purpose, now.at, &find).await?
            }
        };
        let mut adults = Vec::new();
        let mut name = String::new();
        for id in everybody {
            let Some(record) = found.iter().find(|record| record.id() == id) else {
                return Err(unknown_person(ids, id));
            };
            let person = PersonRecord::read(record.clone())?;
            let born = person.born();
            // Whose age nobody knows signs for themself.
            let adult = born.is_none_or(|born| now.on >= born.add_years(ADULT));
            let of_household = id == ids.applicant || ids.roles_sign(id);
            if adult && of_household {
                adults.push(Person(id.to_string()));
            }
            if id == ids.applicant {
                name = person.name().to_owned();
            }
        }
        Ok(People { adults, name })
    }

    /// The people a resident applies for: of the household the applicant belongs to today. A job reads them, since the
    /// applicant does not see the others.
    async fn family(&self, order: &Order<'_>, ids: &Ids, find: &Find) -> Result<Vec<Record>> {
        let (now, job) = (order.now, SystemJob::Application);
        let rows = self.job_scope(job, now.on);
        let store = &self.inner.store;
        let mut family = vec![ids.applicant];
        if let Some(household) = ids.household {
            let members = Find::all(&table::MEMBERSHIP)
                .equal("household", household)
                .equal("taken_back_at", Value::Null)
                .limit(1000);
            let members = store.read_personal(&rows, job.name(), now.at, &members).await?;
            let today = members.iter().filter(|row| crate::office::days(row).hold(now.on));
            let members: Vec<Id> = today.filter_map(|row| row.link("person")).collect();
            if !members.contains(&ids.applicant) {
                return Err(Refusal::not_found().into());
            }
            family.extend(members);
        }
        let found = store.read_personal(&rows, job.name(), now.at, find).await?;
        Ok(found.into_iter().filter(|record| family.contains(&record.id())).collect())
    }

    /// The row of a new case, without what is sealed.
    ///
    /// # Errors
    /// The service names no line of work.
    pub(crate) fn case_row(
        &self,
        new: &NewRow<'_>,
        opened: &crate::decide::Opened,
        now: Now,
    ) -> Result<Record> {
        let service = &opened.loaded.service;
        let Some(subject) = &service.subject else {
            return Err(Refusal::new(
                Kind::Invalid,
                "no_subject",
                format!("“{}”没有写明业务领域，不能立案。", service.name.zh),
                format!("{} names no line of work and has no cases.", service.name.en),
            )
            .into());
        };
        let unit = self.rights().accepting_unit(new.area, now.on);
        Ok(Record::new(&table::CASE_FILE, new.id)
            .with("area", Id(new.area.0))
            .with("unit", unit.map(|unit| Id(unit.0)))
            .with("applicant", new.applicant.0)
            .with("name", new.applicant.1)
            .with("number", new.number)
            .with("household", new.household)
            .with("subject", subject.as_str())
            .with("pack", new.service)
            .with("workflow_hash", workflow_hash(opened)?)
            .with("sensitivity", i64::from(service.sensitivity))
            .with("received_on", i64::from(now.on.days())))
    }

    /// The rows of everybody in a new case.
    pub(crate) async fn parties(&self, work: &mut Work, file: &CaseFile) -> Result<()> {
        for party in &file.parties {
            let key = format!("{}:{}", party.person, party.role);
            let row = Record::new(&table::CASE_PERSON, super::rows::row_id(file.id(), "party", &key))
                .with("case_id", file.id())
                .with("person", party.person.as_str())
                .with("role", party.role.as_str());
            work.insert(row).await.map_err(|error| twice(error, "parties"))?;
        }
        Ok(())
    }
}

/// A case about to get its row.
pub(crate) struct NewRow<'a> {
    pub id: Id,
    /// Its number for people.
    pub number: &'a str,
    pub area: AreaId,
    /// Who applies, and their name.
    pub applicant: (Id, &'a str),
    pub household: Option<Id>,
    pub service: &'a str,
}

/// What a step that opens a case needs to know.
pub(crate) fn opening(kind: anmin_casework::kinds::ActKind) -> ActV1 {
    use anmin_casework::kinds::ActKind;
    match kind {
        ActKind::Receive => ActV1::Receive {},
        ActKind::CarryOver => ActV1::CarryOver {},
        _ => ActV1::Plain {},
    }
}

/// A party named twice is a mistake in the form, not a fault.
fn twice(error: anmin_store::Error, at: &str) -> Error {
    match error {
        anmin_store::Error::Refusal(StoreRefusal::Rule { kind: Rule::Unique, .. }) => vec![FieldError {
            at: at.into(),
            zh: "同一人以同一身份写了两次；请删去一处。".into(),
            en: "The same person stands here twice in the same role: take one away.".into(),
        }]
        .into(),
        other => other.into(),
    }
}

/// Somebody is not entered, or not for this caller.
fn unknown_person(ids: &Ids, person: Id) -> Error {
    let at = match ids.parties.iter().position(|(id, _)| *id == person) {
        Some(n) => format!("parties[{n}].person"),
        None => "applicant".to_owned(),
    };
    wrong(
        &at,
        "此人没有登记，或不在您的办理范围内；请先登记，或请县级民政部门接转。",
        "That person is not entered, or outside what you handle: enter them first, or ask the county.",
    )
}

struct People {
    adults: Vec<Person>,
    name: String,
}

/// The identifiers of a form, read.
struct Ids {
    area: AreaId,
    applicant: Id,
    household: Option<Id>,
    parties: Vec<(Id, String)>,
}

impl Ids {
    fn read(input: &NewCaseV1) -> Result<Ids> {
        let mut wrong = Vec::new();
        let mut id = |at: &str, text: &str| {
            let found = Id::parse(text);
            if found.is_none() {
                wrong.push(FieldError {
                    at: at.into(),
                    zh: "应为 32 位小写十六进制编号。".into(),
                    en: "An identifier of 32 lower-case hexadecimal digits is wanted.".into(),
                });
            }
            found.unwrap_or(Id(0))
        };
        let area = AreaId(id("area", &input.area).0);
        let applicant = id("applicant", &input.applicant);
        let household = input.household.as_deref().map(|text| id("household", text));
        let parties: Vec<(Id, String)> = input
            .parties
            .iter()
            .enumerate()
            .map(|(n, party)| (id(&format!("parties[{n}].person"), &party.person), party.role.clone()))
            .collect();
        if parties.len() > MOST_PARTIES {
            wrong.push(FieldError {
                at: "parties".into(),
                zh: format!("最多 {MOST_PARTIES} 人。"),
                en: format!("At most {MOST_PARTIES} people."),
            });
        }
        if wrong.is_empty() { Ok(Ids { area, applicant, household, parties }) } else { Err(wrong.into()) }
    }

    fn everybody(&self) -> Vec<Id> {
        let mut all = vec![self.applicant];
        for (person, _) in &self.parties {
            if !all.contains(person) {
                all.push(*person);
            }
        }
        all
    }

    /// Whether the person is one of the unit itself: the first collection named is the household's own.
    fn roles_sign(&self, person: Id) -> bool {
        let own = self.parties.iter().find(|(id, _)| *id == self.applicant).map(|(_, role)| role);
        self.parties.iter().any(|(id, role)| *id == person && Some(role) == own)
    }
}

/// A case number for people: the year, ten digits drawn, and a check digit that finds a mistyped or swapped digit.
pub(crate) fn case_number(on: Date, drawn: u128) -> String {
    let digits = format!("{:04}{:010}", on.year(), drawn % 10_000_000_000);
    let check = luhn(&digits);
    format!("{}-{}-{}-{}{check}", &digits[..4], &digits[4..8], &digits[8..12], &digits[12..])
}

fn luhn(digits: &str) -> u32 {
    let doubled = digits.bytes().rev().enumerate().map(|(n, digit)| {
        let digit = u32::from(digit - b'0') * if n % 2 == 0 { 2 } else { 1 };
        digit / 10 + digit % 10
    });
    (10 - doubled.sum::<u32>() % 10) % 10
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_case_number_shows_a_digit_mistyped() {
        let number = case_number(Date::ymd(2026, 9, 1), 98_765_432_109_876);
        let digits: String = number.chars().filter(char::is_ascii_digit).collect();
        assert!(number.starts_with("2026-") && digits.len() == 15, "{number}");
        let (body, check) = digits.split_at(14);
        assert_eq!(check, luhn(body).to_string());
        for at in 0..14 {
            let mut other = body.as_bytes().to_vec();
            other[at] = b'0' + (other[at] - b'0' + 1) % 10;
            assert_ne!(luhn(std::str::from_utf8(&other).unwrap()), luhn(body), "{at}");
        }
    }
}
