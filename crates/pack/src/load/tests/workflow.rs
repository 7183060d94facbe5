//! Workflows: what loads, and what is said of what does not.
use super::*;

pub(super) const SHARED: &str = "packs/shared/workflow.yaml";
pub(super) const OWN: &str = "packs/example/workflow.yaml";
const REGION: &str = "regions/999000/example/workflow.yaml";
pub(super) const ANSWER: &str = "packs/shared/letters/answer.yaml";
pub(super) const NOTE: &str = "packs/example/letters/note.yaml";
const WALK: &str = "packs/example/tests/walks/first.yaml";

/// A course of two steps, extended by a service, set by a region, and walked.
pub(super) fn course() -> Packs {
    sound()
        .and(
            SHARED,
            "\
workflow: small
zh: 小流程
en: Small
switches:
  asks: {options: {no: {zh: 否, en: No}, yes: {zh: 是, en: Yes}}, default: no, zh: 询问, en: Asks, law: law-1 第一条}
figures:
  seats: {value: 3, zh: 席位, en: Seats, law: law-1 第一条}
duties:
  desk: {zh: 窗口, en: Desk}
evidence:
  slip: {zh: 单据, en: Slip}
letters:
  answer: {zh: 答复, en: Answer}
states:
  open: {zh: 办理中, en: Open}
  done: {last: true, zh: 办结, en: Done}
steps:
  take: {act: receive, by: [desk], to: open, evidence: [slip], zh: 收, en: Take, law: law-1 第一条}
  ask: {when: {asks: yes}, by: [desk], from: [open], zh: 问, en: Ask, law: law-1 第一条}
  finish: {by: [desk], from: [open], to: done, needs: [ask], effects: [letter answer], zh: 办结, en: Finish, law: law-1 第一条}
clocks:
  whole: {working: none, starts: [take], stops: [finish], zh: 全程, en: Whole}
",
        )
        .and(
            OWN,
            "\
extends: small
set:
  clocks:
    whole: {limit: 5, law: law-1 第二条}
letters:
  note: {zh: 通知, en: Note}
steps:
  tell: {by: [desk], from: [open], effects: [letter note], zh: 告知, en: Tell, law: law-1 第一条}
",
        )
        .and(ANSWER, "to: person\ntitle: {zh: 答复, en: Answer}\nblocks:\n- para: {zh: 办好了, en: It is done}\n")
        .and(NOTE, "to: person\ntitle: {zh: 通知, en: Note}\nblocks:\n- para: {zh: 请来, en: Please come}\n")
        .and(
            REGION,
            "\
set:
  switches: {asks: {value: yes, from: 2026-01-01, law: b-1 一}}
  clocks: {whole: [{limit: 4, law: b-1 一}, {limit: 3, from: 2027-01-01, law: b-1 二}]}
",
        )
        .and(
            WALK,
            "\
- name: taken and finished
  law: law-1 第一条
  days:
    - {on: 2026-09-01, do: take, by: a/desk, evidence: [slip], expect: {state: open, deadlines: {whole: 2026-09-08}}}
    - {on: 2026-09-02, do: finish, by: a/desk, expect: {state: done, letters: [answer]}}
- name: asked first where the place asks
  law: law-1 第一条
  region: 999000
  days:
    - {on: 2026-09-01, do: take, by: a/desk, evidence: [slip], expect: {deadlines: {whole: 2026-09-07}}}
    - {on: 2026-09-02, do: finish, by: a/desk, expect: {refusal: steps_missing}}
    - {on: 2026-09-02, do: ask, by: a/desk}
    - {on: 2026-09-02, do: finish, by: a/desk, expect: {state: done}}
",
        )
}

fn load(packs: &Packs, region: Option<&str>) -> Loaded {
    packs.load(region).unwrap_or_else(|f| panic!("{:#?}", in_english(&f.files, &f.findings)))
}

#[test]
fn a_course_is_shared_extended_set_and_walked() {
    let calendar = anmin_base::calendar::WorkCalendar::builtin();
    let (alone, placed) = (load(&course(), None), load(&course(), Some("999000")));
    let limit = |loaded: &Loaded, day| {
        let workflow = loaded.workflow.as_ref().expect("a course").definition.on(day);
        (
            workflow.clock("whole").and_then(|c| c.limit),
            workflow.step("ask").is_some(),
            workflow.figure("seats"),
        )
    };
    let day = |year| Date::ymd(year, 6, 1);
    assert_eq!(limit(&alone, day(2026)), (Some(5), false, 3));
    assert_eq!(limit(&placed, day(2025)), (Some(4), false, 3));
    assert_eq!(limit(&placed, day(2026)), (Some(4), true, 3));
    assert_eq!(limit(&placed, day(2027)), (Some(3), true, 3));
    for (loaded, region) in [(&alone, None), (&placed, Some("999000"))] {
        let course = loaded.workflow.as_ref().expect("a course");
        assert_eq!(course.definition.all.named.name, "small");
        assert_eq!(course.walked(region, calendar), []);
    }
    // The decision hash does not know the course; the course has its own.
    assert_eq!(load(&sound(), None).hash, alone.hash);
    let (own, there) = (alone.workflow.expect("a course").hash, placed.workflow.expect("a course").hash);
    assert_ne!(own, there);
    assert_eq!(load(&sound(), None).workflow.map(|c| c.hash), None);
}

#[test]
fn a_walk_that_comes_out_otherwise_is_told_with_its_line() {
    let spoiled = course()
        .with(
            WALK,
            "{state: open, deadlines: {whole: 2026-09-08}}",
            "{state: done, deadlines: {whole: 2026-09-09}}",
        )
        .with(WALK, "{state: done, letters: [answer]}", "{refusal: too_early}");
    let loaded = load(&spoiled, None);
    let missed = loaded
        .workflow
        .as_ref()
        .expect("a course")
        .walked(None, anmin_base::calendar::WorkCalendar::builtin());
    assert_eq!(
        in_english(&loaded.files, &missed),
        [
            "packs/example/tests/walks/first.yaml:4:7: the walk 'taken and finished': state: expected done, found open",
            "packs/example/tests/walks/first.yaml:4:7: the walk 'taken and finished': deadline whole: expected \
            2026-09-09, found 2026-09-08",
            "packs/example/tests/walks/first.yaml:5:7: the walk 'taken and finished': expected the refusal too_early, \
            it passed",
        ]
    );
}

#[test]
fn what_is_misspelt_is_named_with_its_place() {
    course()
        .with(SHARED, "act: receive", "act: recieve")
        .with(SHARED, "from: [open], to: done", "form: [open], to: done")
        .with(SHARED, "effects: [letter answer]", "effects: [leter answer]")
        .with(SHARED, "en: Take, law: law-1 第一条", "en: Take")
        .check(
            None,
            &[
                "packs/shared/workflow.yaml:18:9: this step cites no law",
                "packs/shared/workflow.yaml:18:15: there is no act named recieve; did you mean receive",
                "packs/shared/workflow.yaml:20:24: there is no key form",
                "packs/shared/workflow.yaml:20:72: there is no effect leter answer",
            ],
        );
    course().with(OWN, "extends: small", "extends: smal").check(
        None,
        &["packs/example/workflow.yaml:1:10: there is no workflow in an imported shared pack named smal; did you mean small"],
    );
    course()
        .with(OWN, "    whole:", "    hole:")
        .check(None, &["packs/example/workflow.yaml:4:5: there is no clock hole; did you mean whole"]);
}

#[test]
fn a_dead_end_is_told_where_it_is_written() {
    course().with(SHARED, "from: [open], to: done, needs", "from: [open], needs").check(
        None,
        &[
            "packs/shared/workflow.yaml:15:3: no last state can be reached from here (asks=no)",
            "packs/shared/workflow.yaml:15:3: no last state can be reached from here (asks=yes)",
            "packs/shared/workflow.yaml:16:3: no step leads to this state",
        ],
    );
}

#[test]
fn services_add_and_regions_set_and_neither_changes_what_is_declared() {
    course().with(OWN, "  note: {", "  answer: {zh: 又, en: Again}\n  note: {").check(
        None,
        &["packs/example/workflow.yaml:6:3: answer is already declared at packs/shared/workflow.yaml:13:3"],
    );
    course().with(REGION, "set:", "steps: {}\nset:").with(REGION, "value: yes", "value: maybe").check(
        Some("999000"),
        &[
            "regions/999000/example/workflow.yaml:1:1: a region cannot write steps",
            "regions/999000/example/workflow.yaml:3:28: there is no option maybe",
        ],
    );
    course()
        .with(REGION, ", law: b-1 一}}", "}}")
        .check(Some("999000"), &["regions/999000/example/workflow.yaml:2:20: this setting cites no law"]);
    course().without(OWN).without(NOTE).check(
        Some("999000"),
        &[
            "packs/example/tests/walks/first.yaml:1:1: example has no workflow.yaml",
            "regions/999000/example/workflow.yaml:1:1: example has no workflow.yaml",
        ],
    );
}

#[test]
fn walks_name_only_what_there_is() {
    course()
        .with(
            WALK,
            "on: 2026-09-01, do: take, by: a/desk, evidence: [slip], expect: {state: open,",
            "on: 2026-09-01, do: tak, by: a/desk, evidence: [slip], expect: {state: opn,",
        )
        .with(WALK, "do: ask, by: a/desk", "do: ask, by: a")
        .check(
            None,
            &[
                "packs/example/tests/walks/first.yaml:4:28: there is no step or command tak",
                "packs/example/tests/walks/first.yaml:4:79: there is no state opn; did you mean open",
                "packs/example/tests/walks/first.yaml:12:37: expected person/duty",
            ],
        );
}
