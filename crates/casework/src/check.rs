//! Checks a workflow before any case runs under it: names, reachability, clocks, and the law level.
//!
//! [`check`] looks at the workflow under every combination of its switches, so that no region can switch a
//! case into a corner. All findings, never only the first.

mod law;
mod names;
mod reach;

use crate::workflow::{Definition, Name, Workflow};
use anmin_base::date::Date;
use std::collections::BTreeMap;

/// The part of the workflow a finding is about; who read the file knows its line.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum At {
    /// The whole.
    Workflow,
    /// A state.
    State(Name),
    /// A step.
    Step(Name),
    /// A clock.
    Clock(Name),
    /// A task.
    Task(Name),
}

/// Something wrong.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    /// Where.
    pub at: At,
    /// What is wrong and what would be right, in Chinese.
    pub zh: String,
    /// The same in English.
    pub en: String,
}

/// Most combinations of switches that are tried.
const MOST: usize = 4096;

/// Everything that is wrong with a workflow.
pub fn check(definition: &Definition) -> Vec<Finding> {
    let mut findings = Findings::default();
    names::check(&definition.all, &mut findings);
    names::switches(definition, &mut findings);
    if !findings.list.is_empty() {
        // A name that means nothing would be reported again as a dead end.
        return findings.done();
    }
    let combinations = combinations(definition);
    if combinations.len() == MOST {
        findings.add(
            At::Workflow,
            format!("开关组合超过 {MOST} 种，请减少影响步骤的开关"),
            format!("more than {MOST} combinations of switches; let fewer of them decide about steps"),
        );
        return findings.done();
    }
    let workflows: Vec<Workflow> =
        combinations.into_iter().map(|chosen| definition.resolved(Date::MAX, chosen)).collect();
    reach::never_reached(&definition.all, &workflows, &mut findings);
    for workflow in &workflows {
        reach::check(workflow, &mut findings);
        law::check(workflow, &mut findings);
    }
    findings.done()
}

/// Every combination of the switches that decide about a step or clock.
fn combinations(definition: &Definition) -> Vec<BTreeMap<Name, Name>> {
    let all = &definition.all;
    let asked = all.steps.iter().flat_map(|s| &s.when).chain(all.clocks.iter().flat_map(|c| &c.when));
    let asked: Vec<&Name> = asked.map(|(switch, _)| switch).collect();
    let mut found = vec![BTreeMap::new()];
    for switch in definition.switches.iter().filter(|s| asked.contains(&&s.named.name)) {
        let with = |chosen: &BTreeMap<Name, Name>, option: &Name| {
            let mut chosen = chosen.clone();
            chosen.insert(switch.named.name.clone(), option.clone());
            chosen
        };
        let options: Vec<&Name> = switch.options.iter().map(|o| &o.name).collect();
        found = found.iter().flat_map(|c| options.iter().map(|o| with(c, o)).collect::<Vec<_>>()).collect();
        found.truncate(MOST);
    }
    found
}

/// Findings without repetition: many are found under many combinations.
#[derive(Default)]
struct Findings {
    list: Vec<Finding>,
}

impl Findings {
    fn add(&mut self, at: At, zh: impl Into<String>, en: impl Into<String>) {
        let finding = Finding { at, zh: zh.into(), en: en.into() };
        if !self.list.contains(&finding) {
            self.list.push(finding);
        }
    }

    fn done(self) -> Vec<Finding> {
        self.list
    }
}
