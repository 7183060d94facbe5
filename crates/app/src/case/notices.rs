//! Proposed approvals that are posted where somebody lives, with as much as stands on a board and the name half hidden; and
//! objecting to one. Whoever objects sees nothing else of the case, and who they are is for few. Refusals are never posted.

use super::file::CaseFile;
use super::may::case_person;
use super::rows::json;
use crate::error::{Refusal, Result};
use crate::files::{StatementV1, statement};
use crate::office::{Office, Order};
use crate::record::TextV1;
use anmin_authz::scope::SystemJob;
use anmin_casework::command::{Act, Command, Take};
use anmin_casework::kinds::ActKind;
use anmin_casework::record::{Actor, Exhibit};
use anmin_casework::workflow::Step;
use anmin_store::{Begun, Find, Id, Stream, table};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// A notice that is posted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct NoticeV1 {
    /// What it is known by.
    pub notice: String,
    /// The programme.
    pub service_name: TextV1,
    /// The applicant's name, half hidden.
    pub name: String,
    /// The village or community.
    pub area: String,
    /// How many persons it is for.
    pub persons: usize,
    /// The first day.
    pub from: String,
    /// The last day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<String>,
}

/// That an objection has come in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ObjectedV1 {
    /// The notice.
    pub notice: String,
    /// The day.
    pub on: String,
}

/// Most notices of one village that are read at once.
const MOST: u32 = 200;

impl Office {
    /// The notices posted in the village or community where the caller lives.
    ///
    /// # Errors
    /// Not permitted; or a fault.
    pub async fn notices(&self, order: &Order<'_>) -> Result<Vec<NoticeV1>> {
        self.first_scope(order, &["notice_object"])?;
        let me = self.show_person(order, order.caller.person_id()).await?;
        let Some(area) = me.area.as_deref().and_then(Id::parse) else { return Ok(Vec::new()) };
        let (job, on) = (SystemJob::PublicPages, order.now.on);
        let rows = self.job_scope(job, on);
        let mut notices = Vec::new();
        for state in self.posted_states(order)? {
            let find = Find::all(&table::CASE_FILE).equal("state", state.as_str()).within("area", area, on);
            let found =
                self.inner.store.read_personal(&rows, job.name(), order.now.at, &find.limit(MOST)).await?;
            for record in found {
                let file = CaseFile::read(self, record)?;
                notices.extend(self.notice(&file));
            }
        }
        notices.sort_by(|a, b| (&b.from, &a.notice).cmp(&(&a.from, &b.notice)));
        Ok(notices)
    }

    /// The states in which somebody may object, of all services.
    fn posted_states(&self, order: &Order<'_>) -> Result<BTreeSet<String>> {
        let mut states = BTreeSet::new();
        for service in self.packs() {
            let opened = self.opened(service, None)?;
            if opened.loaded.workflow.is_none() {
                continue;
            }
            let workflow = self.workflow(&opened, order.now.on)?;
            let objects = workflow.steps.iter().filter(|step| step.act == ActKind::Object);
            states.extend(objects.flat_map(|step| step.from.clone()));
        }
        Ok(states)
    }

    /// What stands on the board, if it is posted now.
    fn notice(&self, file: &CaseFile) -> Option<NoticeV1> {
        let posting = file.case.postings.last().filter(|posting| posting.down.is_none())?;
        if file.case.protected.is_some() {
            return None;
        }
        let starts = |step: &str| file.workflow.step(step).is_some_and(|step| step.act == ActKind::Post);
        let rule = file.workflow.clocks.iter().find(|rule| rule.starts.iter().any(|step| starts(step)));
        let clock = rule.and_then(|rule| file.case.clock(&rule.named.name));
        let area = file.record.link("area").map(|id| anmin_authz::id::AreaId(id.0));
        Some(NoticeV1 {
            notice: file.id().to_string(),
            service_name: TextV1::from(&file.opened.loaded.service.name),
            name: anmin_base::mask::name(file.record.text("name").unwrap_or_default()),
            area: area.map(|area| self.rights().area_name(area).to_owned()).unwrap_or_default(),
            persons: persons(file),
            from: posting.up.to_string(),
            until: clock.map(|clock| clock.deadline.date.to_string()),
        })
    }

    /// Puts an objection against a posted notice into its case. The result is an [`ObjectedV1`], and nothing of the case.
    ///
    /// # Errors
    /// Nothing is posted there any more; nothing was written; not permitted; or a fault.
    pub async fn object_to_notice(
        &self,
        order: &Order<'_>,
        notice: Id,
        input: StatementV1,
    ) -> Result<Vec<u8>> {
        self.first_scope(order, &["notice_object"])?;
        let text = statement(&input)?;
        let (now, job) = (order.now, SystemJob::Objections);
        let rows = self.job_scope(job, now.on);
        let command = anmin_store::Command {
            scope: &rows,
            name: "object_to_notice",
            purpose: job.name(),
            at: now.at,
            request: order.request,
        };
        let mut work = match self.inner.store.begin(command).await? {
            Begun::Before(bytes) => return Ok(bytes),
            Begun::New(work) => work,
        };
        let record =
            work.find(&Find::one(&table::CASE_FILE, notice)).await?.pop().ok_or_else(Refusal::not_found)?;
        let mut file = CaseFile::read(self, record)?;
        self.notice(&file).ok_or_else(Refusal::not_found)?;
        let open: Vec<Step> = file.workflow.steps_from(&file.case.state).cloned().collect();
        let step =
            open.into_iter().find(|step| step.act == ActKind::Object).ok_or_else(Refusal::not_found)?;
        let mut duties =
            step.by.iter().filter(|duty| file.workflow.duty(duty).is_some_and(|duty| !duty.staff));
        let duty = duties.next().cloned().ok_or_else(Refusal::not_found)?;
        let stored = self.inner.store.store_file(text.as_bytes(), now.at).await?;
        let paper = work.insert(stored.record(Id::at(now.at), notice, crate::files::TEXT, now.at)).await?;
        let exhibit = |kind: &String| Exhibit {
            kind: kind.clone(),
            reference: paper.id().to_string(),
            source: String::new(),
            derived: false,
            valid_until: None,
        };
        let person = case_person(order.caller.person);
        let by = Actor { person: person.clone(), duty, delegated_by: None, human: true };
        let evidence = step.evidence.iter().take(1).map(exhibit).collect();
        let take =
            Take { step: step.named.name.clone(), by, evidence, act: Act::Object { objector: person } };
        let version = file.version();
        let done = self.carry_out(&mut work, &mut file, Command::Take(take), now, version).await?;
        let result = json(&ObjectedV1 { notice: notice.to_string(), on: now.on.to_string() })?;
        work.commit(Stream { kind: "case", id: &notice.to_string() }, &done.events, &result).await?;
        Ok(result)
    }
}

/// The persons of the applicant's own collection.
fn persons(file: &CaseFile) -> usize {
    let applicant = file.record.link("applicant").map(|id| id.to_string()).unwrap_or_default();
    let own = file.parties.iter().find(|party| party.person == applicant).map(|party| &party.role);
    file.parties.iter().filter(|party| Some(&party.role) == own).count().max(1)
}
