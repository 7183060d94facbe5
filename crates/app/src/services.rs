//! The services there are, and the course of their cases: for pages and programs that offer what can be done.

use crate::decide::Opened;
use crate::error::{Refusal, Result};
use crate::office::{Office, course};
use crate::record::{FieldError, TextV1};
use anmin_authz::authority::Standing;
use anmin_authz::id::{AreaId, UnitId};
use anmin_base::date::Date;
use anmin_casework::workflow::{Named, Workflow};
use anmin_pack::library::ServiceKind;
use anmin_store::Id;
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::BTreeSet;

/// A service.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct ServiceV1 {
    /// Its name for programs: the folder of its pack.
    pub name: String,
    /// Its name.
    pub title: TextV1,
    /// What it is about.
    pub about: TextV1,
    /// `grant`, `registration`, `care`, `follow_up` or `matter`.
    pub kind: String,
    /// Who may apply, where that is said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub who_may_apply: Option<TextV1>,
    /// The days the law gives, where it gives any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub statutory_days: Option<u32>,
    /// Whether cases of it can be opened.
    pub has_cases: bool,
    /// Whether it can be applied for on these pages.
    pub has_form: bool,
    /// Whether there is a check before one applies.
    pub has_check: bool,
}

/// A service with the course of its cases on one day.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct ServiceCourseV1 {
    /// The service.
    pub service: ServiceV1,
    /// The day.
    pub on: String,
    /// The region whose rules hold; none: no region has any of its own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    /// The states a case may be in, in the order in which it usually goes.
    pub states: Vec<StateV1>,
    /// What can be done.
    pub steps: Vec<StepOfferedV1>,
    /// The duties.
    pub duties: Vec<NamedV1>,
    /// The kinds of evidence.
    pub evidence: Vec<NamedV1>,
    /// The letters.
    pub letters: Vec<NamedV1>,
}

/// A name with what people read.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct NamedV1 {
    /// The name for programs.
    pub name: String,
    /// What people read.
    pub label: TextV1,
}

/// A state.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct StateV1 {
    /// The name for programs.
    pub name: String,
    /// What people read.
    pub label: TextV1,
    /// The case is at its end there.
    pub last: bool,
}

/// A step of the course.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct StepOfferedV1 {
    /// The name for programs.
    pub name: String,
    /// What people read.
    pub label: TextV1,
    /// What kind of step it is: the `act` that goes with it.
    pub act: String,
    /// The duties that may take it.
    pub by: Vec<String>,
    /// The states it may be taken in; none: it opens a case.
    pub from: Vec<String>,
    /// The state it leads to; absent: the case stays where it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
    /// The kinds of evidence that must be handed in with it.
    pub evidence: Vec<String>,
    /// What a proposal or ruling in it may be.
    pub outcomes: Vec<String>,
}

/// Where one can apply.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct CounterV1 {
    /// The area it takes applications of.
    pub area: String,
    /// The area's name.
    pub area_name: String,
    /// The unit.
    pub name: String,
    /// Its telephone.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub phone: String,
    /// Where it is.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub address: String,
}

impl Office {
    /// The units where one can apply on a day, by their areas' codes. No secret of anybody's.
    pub fn counters(&self, on: Date) -> Vec<CounterV1> {
        let rights = self.rights();
        // Units that accept and have somebody who takes papers in: not every home or station has a counter.
        let takes = |post: &&anmin_authz::post::Post| {
            let action = self.action("receive");
            let permitted = action.is_ok_and(|a| self.authority().permits(post.role(), a).next().is_some());
            permitted && post.days().hold(on)
        };
        let staffed: BTreeSet<UnitId> =
            rights.posts.values().flatten().filter(takes).map(|post| post.unit()).collect();
        let accepts = |entry: &&crate::office::UnitEntry| {
            let unit = &entry.unit;
            unit.stands.contains(&Standing::Accepting) && unit.days.hold(on) && staffed.contains(&unit.id)
        };
        let mut found: Vec<&crate::office::UnitEntry> = rights.units.values().filter(accepts).collect();
        found.sort_by_key(|entry| {
            rights.areas.area(entry.unit.area).and_then(|area| area.code).map(|c| c.to_string())
        });
        let told = |entry: &crate::office::UnitEntry| CounterV1 {
            area: Id(entry.unit.area.0).to_string(),
            area_name: rights.area_name(entry.unit.area).to_owned(),
            name: entry.name.clone(),
            phone: entry.phone.clone(),
            address: entry.address.clone(),
        };
        found.into_iter().map(told).collect()
    }

    /// The unit that accepts cases of an area.
    pub fn counter_of(&self, area: Id, on: Date) -> Option<CounterV1> {
        let rights = self.rights();
        let unit = rights.accepting_unit(AreaId(area.0), on)?;
        let entry = rights.unit_entry(unit)?;
        Some(CounterV1 {
            area: area.to_string(),
            area_name: rights.area_name(AreaId(area.0)).to_owned(),
            name: entry.name.clone(),
            phone: entry.phone.clone(),
            address: entry.address.clone(),
        })
    }

    /// All services, as they are without any region's rules.
    ///
    /// # Errors
    /// A pack cannot be read.
    pub fn services(&self) -> Result<Vec<ServiceV1>> {
        self.packs().iter().map(|name| Ok(told(&*self.opened(name, None)?))).collect()
    }

    /// A service with the course of its cases in an area on a day.
    ///
    /// # Errors
    /// There is no such service or area, or it has no cases.
    pub fn service(&self, name: &str, area: Option<&str>, on: Date) -> Result<ServiceCourseV1> {
        if !self.packs().iter().any(|known| known == name) {
            return Err(Refusal::not_found().into());
        }
        let area = area.map(|area| self.area_of(area)).transpose()?;
        let region = area.and_then(|area| self.region_of(area, on));
        let opened = self.opened(name, region.as_deref())?;
        course(&opened)?;
        let workflow = self.workflow(&opened, on)?;
        Ok(ServiceCourseV1 {
            service: told(&opened),
            on: on.to_string(),
            region,
            states: workflow.states.iter().map(|state| state_of(&state.named, state.last)).collect(),
            steps: steps(&workflow),
            duties: workflow.duties.iter().map(|duty| named(&duty.named)).collect(),
            evidence: workflow.evidence.iter().map(|kind| named(&kind.named)).collect(),
            letters: workflow.letters.iter().map(named).collect(),
        })
    }

    /// The area of that name, whether it is there today or not.
    pub(crate) fn area_of(&self, text: &str) -> Result<AreaId> {
        let found = Id::parse(text).map(|id| AreaId(id.0));
        found.filter(|area| self.rights().areas.area(*area).is_some()).ok_or_else(|| {
            vec![FieldError {
                at: "area".into(),
                zh: "没有这个区域；应为 32 位小写十六进制编号。".into(),
                en: "There is no such area; an identifier of 32 lower-case hexadecimal digits is wanted."
                    .into(),
            }]
            .into()
        })
    }
}

fn text(label: &anmin_rules::model::Label) -> TextV1 {
    TextV1 { zh: label.zh.clone(), en: label.en.clone() }
}

fn told(opened: &Opened) -> ServiceV1 {
    let service = &opened.loaded.service;
    let kind = match service.kind {
        ServiceKind::Grant => "grant",
        ServiceKind::Registration => "registration",
        ServiceKind::Care => "care",
        ServiceKind::FollowUp => "follow_up",
        ServiceKind::Matter => "matter",
    };
    ServiceV1 {
        name: opened.loaded.name.clone(),
        title: text(&service.name),
        about: text(&service.about),
        kind: kind.into(),
        who_may_apply: service.who_may_apply.as_ref().map(text),
        statutory_days: service.statutory_days,
        has_cases: opened.loaded.workflow.is_some() && service.subject.is_some(),
        has_form: opened.loaded.form.is_some(),
        has_check: opened.loaded.form.as_ref().is_some_and(|form| form.check.is_some()),
    }
}

fn label(named: &Named) -> TextV1 {
    TextV1 { zh: named.label.zh.clone(), en: named.label.en.clone() }
}

fn named(named: &Named) -> NamedV1 {
    NamedV1 { name: named.name.clone(), label: label(named) }
}

fn state_of(named: &Named, last: bool) -> StateV1 {
    StateV1 { name: named.name.clone(), label: label(named), last }
}

fn steps(workflow: &Workflow) -> Vec<StepOfferedV1> {
    let told = |step: &anmin_casework::workflow::Step| StepOfferedV1 {
        name: step.named.name.clone(),
        label: label(&step.named),
        act: step.act.name().into(),
        by: step.by.clone(),
        from: step.from.clone(),
        to: step.to.clone(),
        evidence: step.evidence.clone(),
        outcomes: step.outcomes.iter().map(|(outcome, _)| outcome.name().into()).collect(),
    };
    workflow.steps.iter().map(told).collect()
}
