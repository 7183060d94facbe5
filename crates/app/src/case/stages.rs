//! The course of a case on one line: the stages its workflow names, and where it is. The same for staff and for residents.

use crate::record::TextV1;
use anmin_casework::workflow::{Named, Workflow};
use schemars::JsonSchema;
use serde::Serialize;

/// A stage of the whole course.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct StageV1 {
    /// Its name.
    pub label: TextV1,
    /// -1 over, 0 now, 1 to come.
    pub place: i8,
}

/// The stages with the one a state belongs to. What has ended goes no further: nothing is shown ahead of it.
pub(super) fn stages(workflow: &Workflow, state: &str) -> Vec<StageV1> {
    let Some(here) = workflow.state(state) else { return Vec::new() };
    let place = |name: &String| workflow.stages.iter().position(|stage| stage.name == *name);
    let Some(at) = here.stage.as_ref().and_then(place) else { return Vec::new() };
    let shown = if here.last { at + 1 } else { workflow.stages.len() };
    let stage = |(n, stage): (usize, &Named)| StageV1 {
        label: TextV1 { zh: stage.label.zh.clone(), en: stage.label.en.clone() },
        place: match n.cmp(&at) {
            std::cmp::Ordering::Less => -1,
            std::cmp::Ordering::Equal => 0,
            std::cmp::Ordering::Greater => 1,
        },
    };
    workflow.stages.iter().enumerate().take(shown).map(stage).collect()
}
