//! Who there is to sign in as in a demonstration: everybody with an account, by what they do. And how far those who walk
//! through it have come.

use crate::case::CaseFile;
use crate::error::{Error, Kind, Refusal, Result};
use crate::office::{Now, Office};
use crate::record::TextV1;
use anmin_authz::id::PersonId;
use anmin_authz::scope::SystemJob;
use anmin_casework::record::Standing;
use anmin_store::{Command, DeploymentKind, Find, Id, Record, Work, table};
use std::collections::BTreeMap;

/// Somebody to sign in as.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DemoPerson {
    /// The person, 32 hexadecimal digits.
    pub person: String,
    /// Their name.
    pub name: String,
    /// What they do, by the table of authority; none: a resident.
    pub role: Option<String>,
    /// What that is called.
    pub role_name: TextV1,
    /// Where.
    pub place: String,
}

/// How far a case has come that was opened since the demonstration was made: the latest of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DemoWalk {
    /// The case; none: nobody has applied yet.
    pub case: Option<String>,
    /// Its number for people.
    pub number: String,
    /// It was accepted.
    pub accepted: bool,
    /// Somebody was there to look.
    pub visited: bool,
    /// An outcome was proposed.
    pub proposed: bool,
    /// It was posted for all to read.
    pub posted: bool,
    /// It was decided.
    pub decided: bool,
    /// Something is granted.
    pub granted: bool,
    /// Where the money goes is entered and confirmed.
    pub account: bool,
    /// A month of it is in a batch.
    pub prepared: bool,
    /// The batch is with the bank.
    pub sent: bool,
    /// The money has arrived.
    pub paid: bool,
    /// The latest batch it is in.
    pub batch: Option<String>,
}

/// How far the money of somebody has come.
async fn demo_money(work: &mut Work, person: Id) -> Result<DemoWalk> {
    let find = Find::all(&table::PAYEE_ACCOUNT).equal("person", person).equal("state", "confirmed").plain();
    let account = !work.find(&find).await?.is_empty();
    let find = Find::all(&table::PAYMENT).equal("payee", person).equal("live", 1).plain();
    let payments = work.find(&find.limit(LATEST)).await?;
    let ids: Vec<Id> = payments.iter().map(Record::id).collect();
    if ids.is_empty() {
        return Ok(DemoWalk { account, ..DemoWalk::default() });
    }
    let find = Find::all(&table::PAY_ATTEMPT).any_of("payment", &ids).order("n").plain();
    let attempts = work.find(&find.limit(LATEST)).await?;
    let batch = attempts.last().and_then(|attempt| attempt.link("batch"));
    let state = match batch {
        Some(batch) => work.load(&table::BATCH, batch).await?.text("state").unwrap_or_default().to_owned(),
        None => String::new(),
    };
    Ok(DemoWalk {
        account,
        prepared: true,
        sent: matches!(state.as_str(), "paid" | "returned" | "settled"),
        paid: attempts.iter().any(|attempt| attempt.text("outcome") == Some("paid")),
        batch: batch.map(|batch| batch.to_string()),
        ..DemoWalk::default()
    })
}

/// The most who are told of: a list to choose from, not a register.
const MOST: u32 = 1000;
/// Cases among which the latest is looked for.
const LATEST: u32 = 50;
/// Rows of one read.
const PAGE: usize = 100;

impl Office {
    /// How far those who walk through the demonstration have come. Read in a command that is never carried out.
    ///
    /// # Errors
    /// This is no demonstration; or a fault.
    pub async fn demo_walk(&self, now: Now) -> Result<DemoWalk> {
        let mut work = self.demo_work(now).await?;
        let latest = Find::all(&table::CASE_FILE).order("received_on").descending().limit(LATEST);
        let made = self.inner.store.deployment().created_at;
        // Cases of the made-up county have moments of their own, long before.
        let found = work.find(&latest).await?.into_iter().find(|row| row.id().moment() >= made);
        let Some(row) = found else { return Ok(DemoWalk::default()) };
        let applicant = row.link("applicant").unwrap_or(Id(0));
        let money = demo_money(&mut work, applicant).await?;
        let file = CaseFile::read(self, row)?;
        let case = &file.case;
        let granted = |standing: &Standing| matches!(standing, Standing::Granted(_));
        Ok(DemoWalk {
            case: Some(file.id().to_string()),
            number: file.record.text("number").unwrap_or_default().to_owned(),
            accepted: case.accepted.is_some(),
            visited: !case.visits.is_empty(),
            proposed: !case.opinions.is_empty(),
            posted: !case.postings.is_empty(),
            decided: !case.decisions.is_empty(),
            granted: case.programmes.iter().any(|(_, standing)| granted(standing)),
            ..money
        })
    }

    async fn demo_work(&self, now: Now) -> Result<Box<Work>> {
        if self.inner.store.deployment().kind != DeploymentKind::Demo {
            let (zh, en) = ("这不是演示系统。", "This is no demonstration.");
            return Err(Error::from(Refusal::new(Kind::Forbidden, "no_demo", zh, en)));
        }
        let scope = self.job_scope(SystemJob::Synthesis, now.on);
        let command = Command {
            scope: &scope,
            name: "demo",
            purpose: SystemJob::Synthesis.name(),
            at: now.at,
            request: None,
        };
        Ok(self.inner.store.begin_job(command).await?)
    }

    /// Everybody in a demonstration who can be signed in as, residents first, then staff by role; a person with two roles
    /// stands there twice. Nothing is handed out of a command that is never carried out, so the access log says nothing.
    ///
    /// # Errors
    /// This is no demonstration; or a fault.
    pub async fn demo_people(&self, now: Now) -> Result<Vec<DemoPerson>> {
        let mut work = self.demo_work(now).await?;
        let accounts =
            work.find(&Find::all(&table::ACCOUNT).equal("state", "open").plain().limit(MOST)).await?;
        let persons: Vec<Id> = accounts.iter().filter_map(|account| account.link("person")).collect();
        let mut names: BTreeMap<Id, (String, Option<Id>)> = BTreeMap::new();
        for some in persons.chunks(PAGE) {
            let find = Find::all(&table::PERSON).ids(some).plain().limit(u32::try_from(PAGE).unwrap_or(1));
            for row in work.find(&find).await? {
                let name = row.text("name").unwrap_or_default().to_owned();
                names.insert(row.id(), (name, row.link("area")));
            }
        }
        drop(work);
        let mut people = Vec::new();
        for person in persons {
            let Some((name, area)) = names.get(&person) else { continue };
            people.extend(self.demo_person(person, name, *area, now));
        }
        // Residents first, then in the order of the table of authority, which is about that of a case.
        let place = |one: &DemoPerson| {
            let role = one.role.as_deref().and_then(|role| self.authority().role(role));
            (role.map(|role| role.0), one.person.clone())
        };
        people.sort_by_cached_key(place);
        Ok(people)
    }

    fn demo_person(&self, person: Id, name: &str, area: Option<Id>, now: Now) -> Vec<DemoPerson> {
        let posts = self.posts_in_force(PersonId(person.0), now);
        let one = |role, role_name, place| DemoPerson {
            person: person.to_string(),
            name: name.to_owned(),
            role,
            role_name,
            place,
        };
        if posts.is_empty() {
            let rights = self.rights();
            let place = area.map_or("", |area| rights.area_name(anmin_authz::id::AreaId(area.0))).to_owned();
            let resident = TextV1 { zh: "居民".into(), en: "Residents".into() };
            return vec![one(None, resident, place)];
        }
        posts.into_iter().map(|post| one(Some(post.role), post.role_name, post.area_name)).collect()
    }
}
