//! A case as people and programs read it.
use crate::walks::{Walked, walked};
use anmin_app::record::case_view::{CaseViewV1, case_view};
use anmin_base::calendar::WorkCalendar;
use anmin_base::date::Date;
use anmin_casework::case::Case;
use anmin_casework::event::Event;
use std::path::Path;

const WALK: &str = "a reduction: heard on just that, decided, told, delivered, and only then in effect";

fn view(walk: &Walked, on: Date) -> CaseViewV1 {
    case_view(&walk.case, &walk.workflow, on, WorkCalendar::builtin())
}

/// Shown on the walk's last day. When packs or the form change it on purpose, run with ANMIN_WRITE_GOLDEN=1 and
/// read the difference.
#[test]
fn the_view_of_a_walked_case_is_as_it_was() {
    let walk = named(WALK);
    let shown = serde_json::to_string_pretty(&view(walk, walk.last)).expect("JSON") + "\n";
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/golden/case-view-1.json");
    if std::env::var_os("ANMIN_WRITE_GOLDEN").is_some() {
        std::fs::write(&path, &shown).expect("written");
    }
    let golden = std::fs::read_to_string(&path).expect("the golden file is there");
    let line = golden.lines().zip(shown.lines()).position(|(a, b)| a != b);
    assert_eq!(golden, shown, "first difference in line {:?}", line.map(|l| l + 1));
}

fn named(name: &str) -> &'static Walked {
    walked().iter().find(|w| w.name == name).expect("the walk is there")
}

/// The walk as it was after its first `count` commands that were done.
fn after(walk: &Walked, steps: usize) -> Walked {
    let begins = |(n, event): (usize, &Event)| matches!(event, Event::Stepped(_)).then_some(n);
    let ends: Vec<usize> = walk.events.iter().enumerate().filter_map(begins).collect();
    let events = walk.events[..ends.get(steps).copied().unwrap_or(walk.events.len())].to_vec();
    let case = Case::replay(&events).expect("it begins with its opening");
    let last = case.latest;
    Walked { name: walk.name.clone(), workflow: walk.workflow.clone(), events, case, done: vec![], last }
}

#[test]
fn a_decision_that_waits_says_what_it_lacks() {
    let walk = named(WALK);
    let missing = |steps: usize| {
        let walk = after(walk, steps);
        let decision = view(&walk, walk.last).decisions.remove(0);
        assert_eq!(decision.waits, decision.effect.is_none());
        decision.missing.into_iter().map(|part| part.name).collect::<Vec<_>>()
    };
    // Carried over, begun, visited, proposed, heard, decided; told; delivered; in effect.
    for (steps, lacks) in [(6, vec!["notice"]), (7, vec!["notice"]), (8, vec![]), (9, vec![])] {
        assert_eq!(missing(steps), lacks, "after {steps} steps");
    }
}

#[test]
fn what_can_be_done_next_are_the_steps_of_the_state_with_what_they_wait_for() {
    for walk in walked() {
        for steps in 1..=walk.case.taken.len() {
            let walk = after(walk, steps);
            let shown = view(&walk, walk.last);
            let names: Vec<&str> = shown.next.iter().map(|s| s.step.name.as_str()).collect();
            let steps: Vec<&str> =
                walk.workflow.steps_from(&walk.case.state).map(|s| s.named.name.as_str()).collect();
            assert_eq!(names, steps, "{}", walk.name);
            for wait in shown.next.iter().flat_map(|s| &s.waits_for) {
                let clock = walk.case.clock(&wait.clock.name).expect("a clock that was started");
                assert!(clock.stopped.is_none() && walk.last <= clock.deadline.date, "{}", walk.name);
            }
        }
    }
}

#[test]
fn a_step_before_its_time_names_the_period_it_waits_for() {
    let all = walked();
    let waits = |walk: &Walked, on: Date| -> usize {
        view(walk, on).next.iter().map(|step| step.waits_for.len()).sum()
    };
    let posted =
        |walk: &&Walked| walk.case.postings.iter().any(|p| p.down.is_none()) && waits(walk, walk.last) > 0;
    let at_posting = all.iter().flat_map(|w| (1..=w.case.taken.len()).map(|n| after(w, n)));
    let walk = at_posting.collect::<Vec<_>>();
    let walk = walk.iter().find(posted).expect("a case that is posted");
    let clock = walk.case.clocks.iter().filter(|c| c.runs()).map(|c| c.deadline.date).max();
    let past = clock.expect("a clock runs").add_days(1);
    assert_eq!(waits(walk, past), 0, "after every last day nothing waits");
}

#[test]
fn clocks_show_days_left_and_turn_with_the_day() {
    let walk = after(named(WALK), 1);
    let clock = |on: Date| view(&walk, on).clocks.remove(0);
    let table = [
        (Date::ymd(2026, 3, 2), 184, "green"),
        (Date::ymd(2026, 8, 28), 5, "red"),
        (Date::ymd(2026, 9, 2), 0, "red"),
        (Date::ymd(2026, 9, 3), -1, "overdue"),
    ];
    for (on, left, mark) in table {
        let shown = clock(on);
        assert_eq!((shown.left, shown.mark.name.as_str()), (Some(left), mark), "{on}");
    }
    assert!(!clock(Date::ymd(2026, 9, 2)).may_suspend.is_empty());
    assert!(clock(Date::ymd(2026, 9, 3)).may_suspend.is_empty(), "too late");
}

#[test]
fn the_gap_before_acceptance_is_shown_only_where_something_was_to_be_accepted() {
    for walk in walked() {
        let gap = view(walk, walk.last).acceptance_gap_days;
        let carried = walk.case.taken.first().is_some_and(|t| t.step == "carry_over");
        match walk.case.accepted {
            Some(day) => assert_eq!(gap, Some(day.days_since(walk.case.opened)), "{}", walk.name),
            None => assert!(!carried || gap.is_none(), "{}", walk.name),
        }
    }
}

#[test]
fn everything_shown_has_words_in_both_languages() {
    fn look(value: &serde_json::Value, at: &str) {
        match value {
            serde_json::Value::Object(fields) => {
                if let (Some(name), Some(label)) = (fields.get("name"), fields.get("label")) {
                    let (zh, en) = (label["zh"].as_str().unwrap_or(""), label["en"].as_str().unwrap_or(""));
                    assert!(!zh.is_empty() && !en.is_empty(), "{at}: {name} has no label");
                    assert!(zh != name.as_str().unwrap_or(""), "{at}: {name} has no label of its own");
                }
                fields.iter().for_each(|(name, value)| look(value, &format!("{at}.{name}")));
            }
            serde_json::Value::Array(entries) => entries.iter().for_each(|entry| look(entry, at)),
            _ => {}
        }
    }
    for walk in walked() {
        look(&serde_json::to_value(view(walk, walk.last)).expect("JSON"), &walk.name);
    }
}
