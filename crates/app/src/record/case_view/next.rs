//! What can be done from a state, whoever asks. Who may, and whether it is refused, is said when it is tried.
use super::named::{ArticleV1, Labels, LastDayV1, NamedV1};
use anmin_base::date::Date;
use anmin_casework::case::Case;
use anmin_casework::workflow::{Effect, Step};
use schemars::JsonSchema;
use serde::Serialize;
use std::ops::Not;

/// A step that belongs to the state.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct NextStepV1 {
    /// Which.
    pub step: NamedV1,
    /// What it is to the engine, and so what has to be sent with it: the `act` of an act.
    pub act: &'static str,
    /// The duties that may take it.
    pub by: Vec<NamedV1>,
    /// The state it leads to; none: the case stays where it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<NamedV1>,
    /// Where it leads when nothing is applied for or received any more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ends: Option<NamedV1>,
    /// Kinds of evidence that must be handed in with it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<NamedV1>,
    /// What may be said of a programme.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub outcomes: Vec<NamedV1>,
    /// One of these must be among them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub must: Vec<NamedV1>,
    /// The letters that follow from it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub letters: Vec<NamedV1>,
    /// Verdicts of the rules that must be known and so.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub guards: Vec<VerdictV1>,
    /// Steps that must be taken before it in this cycle and have not been.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub steps_missing: Vec<NamedV1>,
    /// Periods that must have run out before it and have not.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub waits_for: Vec<WaitV1>,
    /// A new cycle begins with it.
    #[serde(skip_serializing_if = "Not::not")]
    pub new_cycle: bool,
    /// The articles.
    pub law: Vec<ArticleV1>,
}

/// A verdict and what it must be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct VerdictV1 {
    /// Which.
    pub verdict: NamedV1,
    /// What it must be.
    pub wanted: bool,
}

/// A period that still runs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct WaitV1 {
    /// The clock.
    pub clock: NamedV1,
    /// Its last day: the step can be taken on the day after it. Of a suspended clock, as far as is known.
    pub last: LastDayV1,
}

pub(super) fn steps(case: &Case, labels: &Labels<'_>, today: Date) -> Vec<NextStepV1> {
    labels.workflow.steps_from(&case.state).map(|step| view(step, case, labels, today)).collect()
}

fn view(step: &Step, case: &Case, labels: &Labels<'_>, today: Date) -> NextStepV1 {
    let letters = step.effects.iter().filter_map(|effect| match effect {
        Effect::Letter(name) => Some(labels.letter(name)),
        _ => None,
    });
    let guards = step.guards.iter();
    let guards = guards.map(|(name, wanted)| VerdictV1 { verdict: labels.verdict(name), wanted: *wanted });
    let missing =
        step.needs.iter().filter(|name| labels.workflow.step(name).is_some() && !case.has_taken(name));
    NextStepV1 {
        step: NamedV1::from(&step.named),
        act: step.act.name(),
        by: labels.duties(&step.by),
        to: step.to.as_ref().map(|state| labels.state(state)),
        ends: step.ends.as_ref().map(|state| labels.state(state)),
        evidence: step.evidence.iter().map(|kind| labels.evidence(kind)).collect(),
        outcomes: step.outcomes.iter().map(|(outcome, _)| NamedV1::of(*outcome)).collect(),
        must: step.must.iter().map(|outcome| NamedV1::of(*outcome)).collect(),
        letters: letters.collect(),
        guards: guards.collect(),
        steps_missing: missing.map(|name| labels.step(name)).collect(),
        waits_for: step.after.iter().filter_map(|name| wait(name, case, labels, today)).collect(),
        new_cycle: step.cycle,
        law: step.law.iter().map(ArticleV1::from).collect(),
    }
}

/// As casework refuses it: the clock runs or stands still, and its last day is not past.
fn wait(name: &str, case: &Case, labels: &Labels<'_>, today: Date) -> Option<WaitV1> {
    let clock = case.clock(name).filter(|c| c.stopped.is_none())?;
    let open = clock.suspended.is_some() || today <= clock.deadline.date;
    open.then(|| WaitV1 { clock: labels.clock(name), last: clock.deadline.into() })
}
