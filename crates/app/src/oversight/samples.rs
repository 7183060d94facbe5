//! The share of cases that the deciding unit visits itself: which of those that wait for its decision are drawn, and which of
//! these visits are owed. The draw is the one the decision will be held to; nobody can foresee it or draw again.

use crate::case::{CaseFile, LineV1};
use crate::error::Result;
use crate::office::{Office, Order};
use anmin_authz::id::AreaId;
use anmin_base::date::Date;
use anmin_casework::kinds::{ActKind, known};
use anmin_store::{Find, Id, Record, table};
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::BTreeMap;

/// The sample of the cases that wait for a decision.
#[derive(Clone, Debug, Default, Serialize, JsonSchema)]
pub struct SampleV1 {
    /// How many wait for a decision where a share is to be visited.
    pub waiting: u32,
    /// How many of them are drawn.
    pub drawn: u32,
    /// How many of those were visited.
    pub visited: u32,
    /// The shares in force, in percent: one for each region and service that has one.
    pub shares: Vec<u32>,
    /// The visits that are owed, what is due first first, up to a hundred.
    pub owed: Vec<SampledV1>,
    /// Whether there are more than could be looked at.
    pub more: bool,
}

/// A visit that is owed.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct SampledV1 {
    /// The case.
    pub case: LineV1,
}

/// Cases looked at in one go: far more than wait for a decision in one county.
const MOST: usize = 2_000;
/// Visits listed.
const LISTED: usize = 100;

impl Office {
    /// The visits of the sample that are owed in the caller's area.
    ///
    /// # Errors
    /// Not their duty; or a fault.
    pub async fn samples(&self, order: &Order<'_>) -> Result<SampleV1> {
        let (scope, rows, purpose) = self.watching(order)?;
        let (on, at) = (order.now.on, order.now.at);
        let mut sample = SampleV1::default();
        let mut drawn: Vec<Record> = Vec::new();
        let mut rates = BTreeMap::new();
        let states = self.decided_from(on);
        let find = Find::all(&table::CASE_FILE).plain().order("due_on").any_of("state", &states);
        let find = find.equal("cycle", 1).limit(500);
        let mut after: Option<Record> = None;
        let mut seen = 0;
        while seen < MOST {
            let page = match &after {
                Some(last) => find.clone().after(last),
                None => find.clone(),
            };
            let page = self.inner.store.read_personal(&rows, &purpose, at, &page).await?;
            let full = page.len() == 500;
            seen += page.len();
            after = page.last().cloned();
            for row in page {
                let area = AreaId(row.link("area").map_or(0, |id| id.0));
                let received = crate::office::date(&row, "received_on").unwrap_or(on);
                let pack = row.text("pack").unwrap_or_default().to_owned();
                let rate = *rates
                    .entry((area, pack.clone(), received))
                    .or_insert_with(|| self.spot_rate(&pack, area, received));
                if rate == 0 {
                    continue;
                }
                sample.waiting += 1;
                if !sample.shares.contains(&rate) {
                    sample.shares.push(rate);
                }
                if self.is_drawn(row.id(), 1, rate) {
                    drawn.push(row);
                }
            }
            if !full {
                break;
            }
            sample.more = seen >= MOST;
        }
        sample.drawn = u32::try_from(drawn.len()).unwrap_or(u32::MAX);
        sample.shares.sort_unstable();
        for some in drawn.chunks(100) {
            let ids: Vec<Id> = some.iter().map(Record::id).collect();
            let whole = Find::all(&table::CASE_FILE).ids(&ids).limit(100);
            let files = self.inner.store.read_personal(&rows, &purpose, at, &whole).await?;
            let mut visited = Vec::new();
            for file in files {
                let file = CaseFile::read(self, file)?;
                if file.case.visits.iter().any(|visit| visit.cycle == 1 && visit.spot) {
                    visited.push(file.id());
                }
            }
            sample.visited += u32::try_from(visited.len()).unwrap_or(u32::MAX);
            let owed = some.iter().filter(|row| !visited.contains(&row.id()));
            let lines = owed.map(|row| SampledV1 { case: self.line(order, &scope, row) });
            sample.owed.extend(lines);
        }
        sample.owed.truncate(LISTED);
        Ok(sample)
    }

    /// The states from which a decision is made and its unit may still visit.
    fn decided_from(&self, on: Date) -> Vec<String> {
        let mut states: Vec<String> = Vec::new();
        for pack in self.packs() {
            let Ok(opened) = self.opened(pack, None) else { continue };
            let Ok(workflow) = self.workflow(&opened, on) else { continue };
            let visits = workflow.steps.iter().filter(|step| step.act == ActKind::SpotVisit);
            states.extend(visits.flat_map(|step| step.from.iter().cloned()));
        }
        states.sort_unstable();
        states.dedup();
        states
    }

    fn spot_rate(&self, pack: &str, area: AreaId, received: Date) -> u32 {
        let region = self.region_of(area, received);
        let workflow =
            self.opened(pack, region.as_deref()).and_then(|opened| self.workflow(&opened, received));
        workflow.map_or(0, |workflow| workflow.figure(known::SPOT_RATE))
    }
}
