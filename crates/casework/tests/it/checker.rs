//! What the checker says of a spoiled workflow.
use crate::course::{definition, switch};
use anmin_casework::check::check;
use anmin_casework::kinds::{ActKind, Outcome};
use anmin_casework::workflow::{Definition, Step};

/// Spoils the sound workflow and compares the findings, each by how it begins.
#[track_caller]
fn finds(spoil: impl Fn(&mut Definition), expected: &[&str]) {
    let mut definition = definition();
    spoil(&mut definition);
    let found: Vec<String> = check(&definition).into_iter().map(|f| format!("{:?} {}", f.at, f.en)).collect();
    let same =
        found.len() == expected.len() && expected.iter().all(|e| found.iter().any(|f| f.starts_with(e)));
    assert!(same, "found:\n{}\nexpected:\n{}", found.join("\n"), expected.join("\n"));
}

fn step<'d>(definition: &'d mut Definition, name: &str) -> &'d mut Step {
    definition.all.steps.iter_mut().find(|s| s.named.name == name).expect("the step")
}

fn remove(definition: &mut Definition, act: ActKind) {
    definition.all.steps.retain(|s| s.act != act);
}

#[test]
fn the_sound_one_is_sound() {
    finds(|_| {}, &[]);
}

#[test]
fn names_are_declared() {
    finds(
        |d| {
            step(d, "accept").by = vec!["clrk".into()];
            step(d, "accept").to = Some("nowhere".into());
            step(d, "begin").guards = vec![("rich".into(), true)];
            step(d, "visit").evidence = vec!["form".into()];
            step(d, "propose").after = vec!["explain".into()];
            step(d, "dead").by.clear();
            step(d, "settle").must = vec![Outcome::Stop];
            d.all.clocks[0].starts = vec!["acept".into()];
            d.all.clocks[1].stops.clear();
            d.all.clocks[1].suspensions[0].law.clear();
        },
        &[
            "Step(\"accept\") by clrk is not declared",
            "Step(\"accept\") state nowhere is not declared",
            "Step(\"begin\") verdict rich is not declared",
            "Step(\"visit\") evidence form is not declared",
            "Step(\"propose\") after explain is not declared",
            "Step(\"dead\") nobody may take it",
            "Step(\"settle\") must names an outcome",
            "Clock(\"total\") starts acept is not declared",
            "Clock(\"review\") the clock has no stops",
            "Clock(\"review\") emergency cites no article",
        ],
    );
}

#[test]
fn every_state_is_reached_and_left() {
    finds(
        |d| {
            step(d, "begin").to = None;
            step(d, "answer").to = None;
        },
        &[
            "State(\"under_review\") no step leads to this state",
            "State(\"change_proposed\") no step leads to this state",
            "State(\"changing\") no step leads to this state",
            "State(\"objected\") no last state can be reached from here",
        ],
    );
}

#[test]
fn no_combination_of_switches_is_a_dead_end() {
    finds(
        |d| {
            d.switches.push(switch("who", ["county", "town"]));
            step(d, "take_down").when = vec![("who".into(), vec!["county".into()])];
            step(d, "propose_no").from = vec!["investigating".into()];
            step(d, "withdraw").from = vec!["received".into()];
        },
        &[
            "State(\"posted\") no last state can be reached from here (who=town)",
            "State(\"proposed\") no last state can be reached from here (who=town)",
            "State(\"objected\") no last state can be reached from here (who=town)",
            "Step(\"post\") no take_down step waits",
        ],
    );
    finds(
        |d| step(d, "take_down").when = vec![("who".into(), vec!["county".into()])],
        &["Step(\"take_down\") when who is not declared"],
    );
}

#[test]
fn law_level_steps_cannot_be_left_out() {
    for (act, expected) in [
        (ActKind::Hear, vec!["Step(\"worse\") nobody is heard before reduce"; 1]),
        (ActKind::Object, vec!["State(\"objected\")", "Step(\"post\") nobody can object"]),
        (ActKind::Explain, vec!["Step(\"ask\") the workflow has no step with act: explain"]),
    ] {
        let mut definition = definition();
        remove(&mut definition, act);
        let stops = |c: &mut anmin_casework::workflow::ClockRule| c.stops.retain(|s| s != "explain");
        definition.all.clocks.iter_mut().for_each(stops);
        let found: Vec<String> = check(&definition).iter().map(|f| format!("{:?} {}", f.at, f.en)).collect();
        for wanted in expected {
            assert!(found.iter().any(|f| f.starts_with(wanted)), "{act:?}: {found:#?}");
        }
    }
    finds(
        |d| d.all.remedies.clear(),
        &[
            "Step(\"decline\") the workflow names no remedies",
            "Step(\"confirm\") the workflow names no remedies",
            "Step(\"refuse\") the workflow names no remedies",
            "Step(\"better\") the workflow names no remedies",
            "Step(\"worse\") the workflow names no remedies",
        ],
    );
    finds(
        |d| step(d, "effect").outcomes.retain(|(o, _)| *o != Outcome::Recover),
        &["Step(\"worse\") after recover there is no take_effect step"],
    );
    finds(
        |d| step(d, "decline").outcomes = vec![(Outcome::Refuse, vec![])],
        &["Step(\"accept\") received can be accepted but not declined", "Step(\"decline\") who visits"],
    );
    finds(
        |d| step(d, "supplement").from = vec!["investigating".into()],
        &["Step(\"supplement\") what is missing is asked for before acceptance only"],
    );
    finds(|d| step(d, "take_down").after.clear(), &["Step(\"post\") no take_down step waits"]);
    finds(
        |d| step(d, "opine").by = vec!["field".into()],
        &[
            "Step(\"confirm\") who visits",
            "Step(\"refuse\") who visits",
            "Step(\"better\") who visits",
            "Step(\"worse\") who visits",
        ],
    );
    finds(|d| step(d, "confirm").effects.clear(), &["Step(\"confirm\") the effect grant is missing"]);
    finds(|d| d.all.reopens.retain(|(o, _)| *o != Outcome::Stop), &["Step(\"worse\") reopens does not say"]);
    finds(
        |d| step(d, "dead").named.name = "hand_over".into(),
        &["Step(\"hand_over\") hand_over is a command every case has"],
    );
}
