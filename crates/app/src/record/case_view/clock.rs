//! Clocks as they stand on a day.
use super::named::{DayV1, Labels, LastDayV1, NamedV1};
use crate::record::words::text;
use anmin_casework::apply::{Circumstances, left, mark};
use anmin_casework::record::Clock;
use anmin_casework::workflow::{ClockRule, Ground};
use schemars::JsonSchema;
use serde::Serialize;

/// A clock.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ClockViewV1 {
    /// Which.
    pub clock: NamedV1,
    /// The day of the event that started it; not counted.
    pub started: DayV1,
    /// The period now: extended, or what is left after a suspension.
    pub limit: u32,
    /// What the period is counted in.
    pub unit: NamedV1,
    /// The last day.
    pub deadline: LastDayV1,
    /// Units left until the last day, negative when it is past (months are counted in days); none unless it runs.
    pub left: Option<i64>,
    /// How near the last day it is; of a stopped clock, how near it was.
    pub mark: NamedV1,
    /// Neither stopped nor suspended.
    pub runs: bool,
    /// The reason it was extended for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub extended: Option<NamedV1>,
    /// It stands still.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub suspended: Option<SuspensionV1>,
    /// When it stopped.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stopped: Option<DayV1>,
    /// The reasons for which it could be extended today.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub may_extend: Vec<NamedV1>,
    /// The grounds on which it could be suspended today.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub may_suspend: Vec<NamedV1>,
}

/// Since when a clock stands still, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct SuspensionV1 {
    /// Since.
    pub since: DayV1,
    /// The ground.
    pub ground: NamedV1,
}

pub(super) fn view(clock: &Clock, labels: &Labels<'_>, now: &Circumstances<'_>) -> ClockViewV1 {
    let rule = labels.workflow.clock(&clock.name);
    let in_time = clock.runs() && now.today <= clock.deadline.date;
    let open = rule.filter(|_| in_time);
    let extension = open.filter(|_| clock.extended.is_none()).and_then(|r| r.extension.as_ref());
    ClockViewV1 {
        clock: labels.clock(&clock.name),
        started: DayV1(clock.started),
        limit: clock.limit,
        unit: NamedV1::of(rule.map(|r| r.unit).unwrap_or_default()),
        deadline: clock.deadline.into(),
        left: rule.filter(|_| clock.runs()).map(|r| left(r, clock, now)),
        mark: NamedV1::of(rule.map_or(clock.mark, |r| mark(r, clock, now))),
        runs: clock.runs(),
        extended: clock.extended.as_ref().map(|reason| ground(rule, reason)),
        suspended: clock
            .suspended
            .as_ref()
            .map(|(since, reason)| SuspensionV1 { since: DayV1(*since), ground: ground(rule, reason) }),
        stopped: clock.stopped.map(DayV1),
        may_extend: extension.map(|e| all(&e.reasons)).unwrap_or_default(),
        may_suspend: open.map(|r| all(&r.suspensions)).unwrap_or_default(),
    }
}

fn all(grounds: &[Ground]) -> Vec<NamedV1> {
    grounds.iter().map(|g| NamedV1::from(&g.named)).collect()
}

/// A reason or ground of a clock.
fn ground(rule: Option<&ClockRule>, name: &str) -> NamedV1 {
    let reasons = rule.into_iter().flat_map(|r| {
        let extension = r.extension.iter().flat_map(|e| &e.reasons);
        extension.chain(&r.suspensions)
    });
    let mut named = reasons.map(|g| &g.named).filter(|n| n.name == name);
    match named.next() {
        Some(named) => NamedV1::from(named),
        None => NamedV1 { name: name.to_owned(), label: text(name, name) },
    }
}
