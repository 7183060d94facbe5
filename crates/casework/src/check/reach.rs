//! Every state is reached, and left unless it is the last; clocks that start can stop.

use super::{At, Findings};
use crate::kinds::MARKS;
use crate::workflow::{Name, Workflow};
use std::collections::BTreeSet;

/// The states a case can come to from some.
pub(super) fn reachable<'w>(
    workflow: &'w Workflow,
    from: impl IntoIterator<Item = &'w Name>,
) -> BTreeSet<&'w Name> {
    let mut found: BTreeSet<&Name> = BTreeSet::new();
    let mut open: Vec<&Name> = from.into_iter().collect();
    while let Some(state) = open.pop() {
        if found.insert(state) {
            open.extend(workflow.steps_from(state).flat_map(|s| s.to.iter().chain(&s.ends)));
        }
    }
    found
}

/// Where cases begin.
pub(super) fn beginnings(workflow: &Workflow) -> impl Iterator<Item = &Name> {
    workflow.steps.iter().filter(|s| s.from.is_empty()).filter_map(|s| s.to.as_ref())
}

/// States no combination of switches leads to.
pub(super) fn never_reached(all: &Workflow, workflows: &[Workflow], out: &mut Findings) {
    let reached: BTreeSet<&Name> = workflows.iter().flat_map(|w| reachable(w, beginnings(w))).collect();
    if reached.is_empty() {
        out.add(At::Workflow, "没有开案步骤（act: receive）", "no step opens a case (act: receive)");
        return;
    }
    for state in all.states.iter().filter(|s| !reached.contains(&s.named.name)) {
        out.add(At::State(state.named.name.clone()), "没有步骤能到达这个状态", "no step leads to this state");
    }
}

pub(super) fn check(workflow: &Workflow, out: &mut Findings) {
    let last = |name: &Name| workflow.state(name).is_some_and(|s| s.last);
    for state in reachable(workflow, beginnings(workflow)) {
        let leaves = workflow.steps_from(state).any(|s| s.to.iter().chain(&s.ends).any(|to| to != state));
        let at = At::State(state.clone());
        if last(state) {
            if leaves {
                out.add(at, "终结状态不应再有转出的步骤", "a last state has no step that leaves it");
            }
            continue;
        }
        if !reachable(workflow, [state]).into_iter().any(last) {
            let chosen = chosen(workflow);
            out.add(
                at,
                format!("从这个状态到不了终结状态{}", chosen.0),
                format!("no last state can be reached from here{}", chosen.1),
            );
        }
    }
    for clock in &workflow.clocks {
        let there = |name: &&Name| workflow.step(name).is_some() || MARKS.contains(&name.as_str());
        if clock.starts.iter().any(|n| there(&n)) && !clock.stops.iter().any(|n| there(&n)) {
            let chosen = chosen(workflow);
            out.add(
                At::Clock(clock.named.name.clone()),
                format!("期限能开始而不能结束{}", chosen.0),
                format!("the clock can start but not stop{}", chosen.1),
            );
        }
    }
}

/// The combination of switches a finding was found under.
fn chosen(workflow: &Workflow) -> (String, String) {
    if workflow.chosen.is_empty() {
        return (String::new(), String::new());
    }
    let pairs: Vec<String> =
        workflow.chosen.iter().map(|(switch, option)| format!("{switch}={option}")).collect();
    let pairs = pairs.join(", ");
    (format!("（{pairs}）"), format!(" ({pairs})"))
}
