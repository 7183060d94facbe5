//! What waits for those who have no list of cases: checks that are asked for and not answered, households up for appraisal.
//! They see whom it is about and what to do, and no page of the case.

use super::file::CaseFile;
use crate::error::{Error, Result};
use crate::office::{Office, Order, course};
use crate::record::TextV1;
use crate::record::case_view::{DayV1, NamedV1};
use anmin_store::{Find, Scope, table};
use schemars::JsonSchema;
use serde::Serialize;

/// A case that waits for somebody.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct WaitingV1 {
    /// The case.
    pub case: String,
    /// Its number for people.
    pub number: String,
    /// The applicant, as far as they may be seen.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The service.
    pub service_name: TextV1,
    /// The name of the area.
    pub area: String,
    /// What can be done.
    pub steps: Vec<NamedV1>,
    /// The sources that have not answered, where it is a check.
    pub sources: Vec<TextV1>,
    /// Since when it waits.
    pub since: DayV1,
    /// The last day of the clock that is due first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due_on: Option<DayV1>,
    /// How near that is: `green`, `amber`, `red`, `overdue`.
    pub mark: &'static str,
}

/// Work that is done without a list of cases: the actions, and whether it is a check.
const WORK: [(&str, bool); 2] = [("check_report_issue", true), ("appraisal_record", false)];
/// As many are listed.
const MOST: u32 = 100;

impl Office {
    /// What waits for the caller: checks to run, appraisals to hold; those due first come first.
    ///
    /// # Errors
    /// A fault.
    pub async fn waiting(&self, order: &Order<'_>) -> Result<Vec<WaitingV1>> {
        let mut all = Vec::new();
        for (action, check) in WORK {
            let Ok((scope, purpose)) = self.first_scope(order, &[action]) else { continue };
            let duty = self.authority().parts().actions[self.action(action)?.0].duty;
            let Some(duty) = duty.map(|duty| self.authority().parts().duties[duty.0].name.clone()) else {
                continue;
            };
            let states = self.states_of(&duty)?;
            let states: Vec<&str> = states.iter().map(String::as_str).collect();
            let rows = Scope::from_authz(&scope, self.authority());
            let mut look = self.inner.store.look(&rows, &purpose, order.now.at);
            let find = Find::all(&table::CASE_FILE).any_of("state", &states).order("due_on").limit(MOST);
            let mut found = Vec::new();
            for record in look.find(&find).await? {
                let file = CaseFile::read(self, record)?;
                let allowed = match self.judged(order, &file, &scope, None).await {
                    Ok(allowed) => allowed,
                    Err(Error::Refusal(_)) => continue,
                    Err(fault) => return Err(fault),
                };
                let name = file.record.text("name").and_then(|name| self.veil(&allowed).text("name", name));
                found.extend(self.one_waiting(&file, &duty, check, name));
            }
            all.extend(look.release(found).await?);
        }
        Ok(all)
    }

    /// The states of all services in which a duty has a step.
    fn states_of(&self, duty: &str) -> Result<Vec<String>> {
        let mut states: Vec<String> = Vec::new();
        for pack in self.packs() {
            let opened = self.opened(pack, None)?;
            let Ok(course) = course(&opened) else { continue };
            let steps = course.definition.all.steps.iter().filter(|step| step.by.iter().any(|by| by == duty));
            states.extend(steps.flat_map(|step| step.from.iter().cloned()));
        }
        states.sort_unstable();
        states.dedup();
        Ok(states)
    }

    fn one_waiting(
        &self,
        file: &CaseFile,
        duty: &str,
        check: bool,
        name: Option<String>,
    ) -> Option<WaitingV1> {
        let case = &file.case;
        let silent = case.silent_sources();
        if check && silent.is_empty() {
            return None;
        }
        let open = file.workflow.steps_from(&case.state);
        let mine = open.filter(|step| step.by.iter().any(|by| by == duty));
        // What was done in this cycle waits no longer; a check waits until its sources have answered.
        let steps: Vec<NamedV1> = mine
            .filter(|step| (check && !step.evidence.is_empty()) || !case.has_taken(&step.named.name))
            .map(|step| NamedV1::from(&step.named))
            .collect();
        if steps.is_empty() {
            return None;
        }
        let sources = &self.authority().parts().sources;
        let label = |name: &String| {
            let known = sources.iter().find(|source| source.name == *name);
            known.map_or_else(
                || TextV1 { zh: name.clone(), en: name.clone() },
                |s| TextV1 { zh: s.zh.clone(), en: s.en.clone() },
            )
        };
        let asked = case.taken.last().map_or(case.opened, |taken| taken.on);
        let due = case.clocks.iter().filter(|clock| clock.runs()).min_by_key(|clock| clock.deadline.date);
        let marks = anmin_casework::kinds::Mark::ALL;
        let area = file.record.link("area").map(|id| anmin_authz::id::AreaId(id.0));
        Some(WaitingV1 {
            case: file.id().to_string(),
            number: file.record.text("number").unwrap_or_default().to_owned(),
            name,
            service_name: TextV1::from(&file.opened.loaded.service.name),
            area: area.map(|area| self.rights().area_name(area).to_owned()).unwrap_or_default(),
            steps,
            sources: if check { silent.iter().map(label).collect() } else { Vec::new() },
            since: DayV1(asked),
            due_on: due.map(|clock| DayV1(clock.deadline.date)),
            mark: due
                .and_then(|c| marks.iter().find(|(_, mark)| *mark == c.mark))
                .map_or("green", |(name, _)| name),
        })
    }
}
