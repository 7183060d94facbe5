//! The stored form of a case's events: nothing is lost, nothing unknown is read, and version 1 is read for ever.
use crate::samples::{KINDS, kind, once, values};
use crate::walks::walked;
use anmin_app::record::case_event::{CaseEventsV1, EventV1};
use anmin_casework::case::Case;
use anmin_casework::event::Event;

/// Written when version 1 was made and never since.
const GOLDEN: &str = include_str!("golden/case-events-1.json");

fn back(events: &[Event]) -> Vec<Event> {
    let bytes = CaseEventsV1::to_bytes(events);
    CaseEventsV1::from_bytes(&bytes).unwrap_or_else(|e| panic!("{e:?}"))
}

#[test]
fn every_event_with_every_value_comes_back_as_it_was() {
    let kinds: Vec<usize> = once().iter().map(kind).collect();
    assert_eq!(kinds, (0..KINDS).collect::<Vec<_>>(), "one sample of each kind");
    let all: Vec<Event> = once().into_iter().chain(values()).collect();
    for event in &all {
        let form = EventV1::from(event);
        assert_eq!(Event::try_from(form), Ok(event.clone()));
    }
    assert_eq!(back(&all), all);
}

#[test]
fn an_event_is_called_as_casework_calls_it() {
    for event in once().iter().chain(&values()) {
        let form = serde_json::to_value(EventV1::from(event)).expect("JSON");
        assert_eq!(form["event"], event.name());
    }
}

#[test]
fn version_1_is_still_read() {
    assert_eq!(CaseEventsV1::from_bytes(GOLDEN.as_bytes()), Ok(once()));
}

#[test]
fn cases_of_all_walks_come_back_and_replay_to_the_same_case() {
    let all = walked();
    assert!(all.len() > 10, "{} walks", all.len());
    for walk in all {
        let events = back(&walk.events);
        assert_eq!(events, walk.events, "{}", walk.name);
        assert_eq!(Case::replay(&events).as_ref(), Some(&walk.case), "{}", walk.name);
    }
}

#[test]
fn what_is_empty_absent_or_false_is_not_written() {
    let written = |event: &Event| serde_json::to_string(&EventV1::from(event)).expect("JSON");
    let bare = |name: &str| values().iter().rev().find(|e| e.name() == name).map(written).unwrap_or_default();
    for (name, text) in [
        ("visited", r#"{"event":"visited","cycle":1,"on":"2026-09-01"}"#),
        ("posted", r#"{"event":"posted","opinion":1,"up":"2026-09-01"}"#),
        ("letter_due", r#"{"event":"letter_due","letter":"notice"}"#),
        ("appealed", r#"{"event":"appealed","decision":1,"remedy":"court","on":"2026-09-01"}"#),
    ] {
        assert_eq!(bare(name), text);
    }
    let walks = walked();
    let events: usize = walks.iter().map(|w| w.events.len()).sum();
    let bytes: usize = walks.iter().map(|w| CaseEventsV1::to_bytes(&w.events).len()).sum();
    assert!(bytes / events < 130, "{bytes} bytes for {events} events");
}

fn wrong(text: &str) -> Vec<(String, String)> {
    let errors = CaseEventsV1::from_bytes(text.as_bytes()).expect_err("not to be read");
    errors.into_iter().map(|e| (e.at, e.en)).collect()
}

#[test]
fn what_is_wrong_is_said_with_its_place() {
    let events = |inner: &str| format!(r#"{{"schema":"anmin.case-events/1","events":[{inner}]}}"#);
    let table: &[(&str, &str, &str)] = &[
        (r#"{"event":"accepted","on":"2026-02-30"}"#, "events[0].on", "no day 30"),
        (
            r#"{"event":"withdrawn"},{"event":"clock_marked","clock":"c","mark":"blue"}"#,
            "events[1].mark",
            "Allowed: green, amber",
        ),
        (
            r#"{"event":"clock_moved","clock":"c","deadline":{"date":"soon"}}"#,
            "events[0].deadline.date",
            "2026-09-01",
        ),
        (
            r#"{"event":"opened","workflow":"w","unit":"u","programmes":[{"programme":"x","standing":"granted"}],"on":"2026-09-01"}"#,
            "events[0].programmes[0].decision",
            "number of their decision",
        ),
        (r#"{"event":"withdrawn","why":"x"}"#, "events[0]", "unknown field `why`"),
        (r#"{"event":"withdrawn"},{"event":"vanished"}"#, "events[1]", "unknown variant `vanished`"),
        (r#"{"event":"accepted"}"#, "events[0]", "missing field `on`"),
    ];
    for (inner, at, part) in table {
        let found = wrong(&events(inner));
        assert_eq!(found.len(), 1, "{inner}: {found:?}");
        assert_eq!(found[0].0, *at, "{inner}");
        assert!(found[0].1.contains(part), "{inner}: {}", found[0].1);
    }
    let two = wrong(&events(
        r#"{"event":"delivered","decision":1,"delivery":{"manner":"pigeon","reference":"r","on":"x","served":"2026-09-01"}}"#,
    ));
    assert_eq!(
        two.iter().map(|e| e.0.as_str()).collect::<Vec<_>>(),
        ["events[0].delivery.on", "events[0].delivery.manner"]
    );
}

#[test]
fn another_version_is_named_and_not_guessed_at() {
    for text in [
        r#"{"schema":"anmin.case-events/2","events":[]}"#,
        r#"{"schema":"anmin.case-events/2","events":[{"event":"new"}],"more":1}"#,
    ] {
        let found = wrong(text);
        assert_eq!(found[0].0, "schema");
        assert!(found[0].1.contains("anmin.case-events/2"), "{}", found[0].1);
    }
    assert!(wrong("no JSON")[0].1.contains("cannot be read"));
}
