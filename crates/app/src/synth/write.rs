//! Writing a county down: places and staff, then homes, then cases, so many in one transaction and one event. What is
//! there already is not written again, so that a run that broke off can be repeated.

use super::digest::Digest;
use super::lead::{self, Lead};
use super::people::Member;
use super::persona::applicant_login;
use super::place::SINCE;
use super::staff::Colleague;
use super::walk::{Deed, Story, WHY};
use super::world::{Household, World};
use crate::case::{CaseFile, Rows, json};
use crate::error::Result;
use crate::office::STANDINGS;
use crate::people::{PersonSealedV1, SCHEMA};
use crate::staff::AccountSealedV1;
use anmin_authz::scope::SystemJob;
use anmin_casework::case::Case;
use anmin_store::{Blind, Command, Find, Id, Record, Stream, Work, table};

/// Applicants who can be signed in as: those of the first cases.
const APPLICANTS: u32 = 40;
/// Homes in one transaction.
pub(crate) const HOMES: u32 = 200;
/// Cases in one transaction.
pub(crate) const CASES: u32 = 50;

/// The stream of the journal that tells of a county being made.
const STREAM: &str = "synth";
const PURPOSE: &str = "administration";

impl World {
    async fn begin(&self, name: &str) -> Result<Box<Work>> {
        let now = self.morning();
        let scope = self.office.job_scope(SystemJob::Synthesis, now.on);
        let command = Command { scope: &scope, name, purpose: PURPOSE, at: now.at, request: None };
        Ok(self.office.store().begin_job(command).await?)
    }

    /// Begins to write a batch; none if its first row is there already.
    async fn batch(&self, name: &str, first: Option<&Record>) -> Result<Option<Box<Work>>> {
        let mut work = self.begin(name).await?;
        let Some(first) = first else { return Ok(None) };
        let there = Find::one(first.table(), first.id()).plain();
        Ok(if work.find(&there).await?.is_empty() { Some(work) } else { None })
    }

    /// Writes rows, in their order. Whether they were new.
    pub async fn rows(&self, stream: &str, rows: Vec<Record>) -> Result<bool> {
        let Some(mut work) = self.batch(stream, rows.first()).await? else { return Ok(false) };
        let count = rows.len();
        for row in rows {
            work.insert(row).await?;
        }
        let payload = json(&serde_json::json!({ "schema": "anmin.synth/1", "rows": count }))?;
        work.commit(Stream { kind: STREAM, id: stream }, &payload, b"").await?;
        Ok(true)
    }

    /// Areas, which lies in which, and units.
    pub fn place_rows(&self) -> Vec<Record> {
        let authority = self.office.authority();
        let since = i64::from(SINCE.days());
        let mut rows = Vec::new();
        for area in &self.county.areas {
            rows.push(
                Record::new(&table::AREA, area.id)
                    .with("code", area.code.to_string())
                    .with("name", area.name.as_str())
                    .with("roles", "")
                    .with("valid_from", since),
            );
        }
        for (n, area) in self.county.areas.iter().enumerate() {
            for (depth, above) in std::iter::once(n).chain(area.above.iter().copied()).enumerate() {
                let number = area.code.number() * 8 + depth as u64;
                rows.push(
                    Record::new(&table::AREA_ANC, self.seed.id("above", number, self.plan.beginning()))
                        .with("area", area.id)
                        .with("ancestor", self.county.areas[above].id)
                        .with("depth", depth as i64)
                        .with("valid_from", since),
                );
            }
        }
        for unit in &self.county.units {
            let kind = authority.unit_kind(unit.kind).map(|kind| &authority.parts().unit_kinds[kind.0]);
            // A bureau above the county decides no case, and a township none the county has not delegated.
            let stands = |word: &str| match unit.kind {
                "civil_affairs" if unit.area == self.county.city => word == "supervising",
                "township_office" => word == "accepting",
                _ => true,
            };
            let words = STANDINGS.iter().filter(|(word, standing)| {
                kind.is_some_and(|kind| kind.stands.contains(standing)) && stands(word)
            });
            let words: Vec<&str> = words.map(|(word, _)| *word).collect();
            rows.push(
                Record::new(&table::UNIT, unit.id)
                    .with("area", self.county.areas[unit.area].id)
                    .with("kind", unit.kind)
                    .with("name", unit.name.as_str())
                    .with("phone", unit.phone.as_str())
                    .with("address", unit.address.as_str())
                    .with("stands", words.join(" "))
                    .with("valid_from", since),
            );
        }
        rows
    }

    /// Everybody who works here, with an account that has no password and the posts they have held.
    ///
    /// # Errors
    /// None but a fault of ours.
    pub fn staff_rows(&self) -> Result<Vec<Record>> {
        let mut rows = Vec::new();
        for (n, colleague) in self.staff.people.iter().enumerate() {
            rows.extend(self.colleague_rows(colleague, n as u64)?);
        }
        for (n, colleague) in self.staff.people.iter().enumerate() {
            rows.extend(self.posts(colleague, n));
        }
        Ok(rows)
    }

    fn colleague_rows(&self, colleague: &Colleague, n: u64) -> Result<[Record; 3]> {
        let at = self.plan.beginning();
        let sealed = PersonSealedV1 { schema: SCHEMA.into(), ..PersonSealedV1::default() };
        let person = Record::new(&table::PERSON, colleague.id)
            .with("nature", "human")
            .with("sensitivity", 1)
            .with("name", colleague.called.name.as_str())
            .with("pinyin", "")
            .with("initials", "")
            .with("payload", json(&sealed)?);
        let account = self.account_row(colleague.id, &colleague.login, ("account", n))?;
        // Whoever handles cases is kept from their own.
        let number = colleague.card.reveal();
        let own = serde_json::json!({ "name": colleague.called.name, "resident_id": number });
        let kin = self.office.store().keys().blind(Blind::Kin, "id18", number);
        let declared = Record::new(&table::KIN_DECLARATION, self.seed.id("kin", n, at))
            .with("staff", colleague.id)
            .with("relation", crate::staff::SELF)
            .with("kin_index", kin)
            .with("declared_at", at)
            .with("payload", json(&own)?);
        Ok([person, account, declared])
    }

    /// An account without a password: in a demonstration one signs in as anybody.
    pub fn account_row(&self, person: Id, login: &str, (what, n): (&str, u64)) -> Result<Record> {
        let at = self.plan.beginning();
        Ok(Record::new(&table::ACCOUNT, self.seed.id(what, n, at))
            .with("person", person)
            .with("login", login)
            .with("state", "open")
            .with("payload", json(&AccountSealedV1::new(at))?))
    }

    /// Accounts of applicants and of those to be told of, and who of them acts for whom.
    ///
    /// # Errors
    /// None but a fault of ours.
    pub fn resident_rows(&self) -> Result<Vec<Record>> {
        let plan = &self.plan;
        let mut rows = Vec::new();
        for case in (0..APPLICANTS.min(plan.cases)).filter(|case| Lead::of_case(plan, *case).is_none()) {
            let person = self.person_id(plan.household_of(case), 0);
            rows.push(self.account_row(
                person,
                &applicant_login(case),
                ("resident-account", u64::from(case)),
            )?);
        }
        for (n, lead) in lead::all(plan).enumerate() {
            let Some(home) = lead.home(plan) else { continue };
            for (place, (member, ..)) in lead.people.iter().enumerate() {
                let number = (n * 8 + place) as u64;
                let person = self.person_id(home, u32::try_from(place).unwrap_or(0));
                if let Some(login) = lead.login(place) {
                    rows.push(self.account_row(person, &login, ("lead-account", number))?);
                }
                let head = self.person_id(home, 0);
                let (by, of, kind) = match member {
                    Member::Obligor => (person, head, "helper"),
                    Member::Child | Member::DisabledChild => (head, person, "guardian"),
                    _ => continue,
                };
                let at = plan.beginning();
                rows.push(
                    Record::new(&table::REPRESENTATION, self.seed.id("acts-for", number, at))
                        .with("by_person", by)
                        .with("of_person", of)
                        .with("kind", kind)
                        .with("valid_from", i64::from(at.day().days())),
                );
            }
        }
        Ok(rows)
    }

    fn posts(&self, colleague: &Colleague, n: usize) -> Vec<Record> {
        let authority = self.office.authority();
        let parts = authority.parts();
        let role = authority.role(colleague.role).map(|role| &parts.roles[role.0]);
        let subjects = role.map(|role| role.subjects.as_slice()).unwrap_or_default();
        let subjects: Vec<&str> = subjects.iter().map(|s| parts.subjects[s.0].name.as_str()).collect();
        let administrators = &self.staff.administrators;
        let enrolled = colleague.role.ends_with("_admin");
        let by = |at: usize| self.staff.people[administrators[at]].id;
        let terms = self.staff.terms(n, &self.plan, &self.seed);
        let row = |term: super::staff::Term| {
            let row = Record::new(&table::POST, term.id)
                .with("person", colleague.id)
                .with("unit", self.county.units[colleague.unit].id)
                .with("role", colleague.role)
                .with("area", self.county.areas[colleague.area].id)
                .with("subjects", subjects.join(" "))
                .with("valid_from", i64::from(term.from.days()))
                .with("valid_to", i64::from(term.to.days()))
                .with("state", "approved");
            match enrolled {
                true => row.with("origin", "enrolment"),
                false => row.with("origin", "proposed").with("proposed_by", by(0)).with("approved_by", by(1)),
            }
        };
        terms.into_iter().map(row).collect()
    }

    /// Writes homes. Whether they were new.
    pub async fn homes(&self, number: u32, homes: Vec<Household>) -> Result<bool> {
        let mut rows = Vec::new();
        for home in homes {
            rows.extend(home.persons);
            rows.extend(home.others);
            rows.extend(home.recordings);
        }
        self.rows(&format!("homes-{number}"), rows).await
    }

    /// Writes cases as they stand at the end, with every row they left on the way. Whether they were new.
    pub async fn cases(&self, number: u32, stories: Vec<Story>) -> Result<bool> {
        let name = format!("cases-{number}");
        let first = stories.first().map(|story| &story.file.record);
        let Some(mut work) = self.batch(&name, first).await? else { return Ok(false) };
        let ids: Vec<String> = stories.iter().map(|story| story.file.id().to_string()).collect();
        for story in stories {
            self.case(&mut work, story).await?;
        }
        let payload = json(&serde_json::json!({ "schema": "anmin.synth/1", "cases": ids }))?;
        work.commit(Stream { kind: STREAM, id: &name }, &payload, b"").await?;
        Ok(true)
    }

    async fn case(&self, work: &mut Work, story: Story) -> Result<()> {
        let Story { mut file, moves, recorded, .. } = story;
        for row in recorded {
            work.insert(row).await?;
        }
        let all: Vec<_> = moves.iter().flat_map(|m| m.events.iter().cloned()).collect();
        let end = file.case.clone();
        let given = moves.iter().any(|step| matches!(step.deed, Deed::Instruct { .. }));
        file.why(given.then(|| WHY.to_owned()));
        file.put(end, &all)?;
        file.record = work.insert(file.record.clone()).await?;
        self.office.parties(work, &file).await?;
        let mut case: Option<Case> = None;
        for step in &moves {
            let before = case.as_ref().map(|case| case.done.clone()).unwrap_or_default();
            let after = match case.take() {
                None => Case::replay(&step.events),
                Some(mut case) => {
                    step.events.iter().for_each(|event| case.with(event));
                    Some(case)
                }
            };
            case = after;
            let Some(after) = &case else { continue };
            file.case = after.clone();
            self.row(work, &file, &before, step).await?;
        }
        Ok(())
    }

    async fn row(
        &self,
        work: &mut Work,
        file: &CaseFile,
        before: &[anmin_casework::record::Done],
        step: &super::walk::Move,
    ) -> Result<()> {
        let rows = Rows { office: &self.office, file, before, basis: &step.weighed.basis, now: step.now };
        rows.write(work, &step.events).await?;
        for letter in &step.letters {
            self.office.put_letter(work, file, letter, step.now).await?;
        }
        Ok(())
    }
}

/// What stands in rows, for the sum over everything.
pub(crate) fn sum_rows<'a>(digest: &mut Digest, rows: impl Iterator<Item = &'a Record>) {
    rows.for_each(|row| digest.row(row));
}
