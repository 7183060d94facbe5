//! Where some cases are to end up: so that every state of the course has somebody in it, however small the county.

use crate::synth::lead::Lead;
use crate::synth::plan::{MONTHS, Plan};
use crate::synth::random::Random;
use anmin_base::date::Date;

/// Every state, with the days it takes to come there.
const STATES: [(&str, i32); 20] = [
    ("received", 1),
    ("granted", 110),
    ("supplementing", 4),
    ("posted", 45),
    ("under_review", 380),
    ("investigating", 10),
    ("refused", 100),
    ("concluded", 22),
    ("objected", 50),
    ("reviewing", 62),
    ("ended", 450),
    ("declined", 24),
    ("proposed", 32),
    ("changing", 420),
    ("deciding", 70),
    ("refusing", 76),
    ("submitting", 58),
    ("withdrawn", 30),
    ("declining", 8),
    ("change_proposed", 400),
];

/// Where a case is to end up; none: wherever its course leads. The first forty cases are led, and one in twenty-five.
pub(crate) fn of(plan: &Plan, case: u32) -> Option<&'static str> {
    let led = case < 40 || case % 25 == 7;
    let turn = if case < 40 { case } else { case / 25 };
    let state = STATES[usize::try_from(turn).unwrap_or(0) % STATES.len()].0;
    (led && case < plan.cases).then_some(state)
}

/// Whether the home is to be one the rules refuse.
pub(crate) fn asks_for_refusal(target: &str) -> bool {
    matches!(target, "refused" | "refusing")
}

/// The day a case begins: early enough to come where it is to be, else any of the last months, the later the greater its
/// number: cases are made in about the order of their days, and what is worked out for a day serves many.
pub(super) fn opened_on(plan: &Plan, case: u32, random: &mut Random) -> Date {
    let target = of(plan, case);
    let days = STATES.iter().find(|(state, _)| Some(*state) == target).map(|(_, days)| *days);
    // Who is to be told of a check goes further than their state says.
    let further = Lead::of_case(plan, case).is_some_and(|lead| lead.differs);
    let days = days.map(|days| if further { days + 40 } else { days });
    let span = MONTHS * 30;
    let gone = u64::from(case) * u64::from(span.unsigned_abs()) / u64::from(plan.cases.max(1));
    let before = match days {
        Some(days) => days + random.between(0, 12),
        None => (span - i32::try_from(gone).unwrap_or(span) + random.between(-5, 5)).clamp(0, span),
    };
    plan.today.add_days(-before)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_state_is_somebodys() {
        let plan = Plan { households: 100, cases: 40, ..Plan::example() };
        let states: BTreeSet<&str> = (0..40).filter_map(|case| of(&plan, case)).collect();
        assert_eq!(states.len(), STATES.len());
        assert_eq!(of(&Plan { cases: 5, ..plan }, 9), None);
    }
}
